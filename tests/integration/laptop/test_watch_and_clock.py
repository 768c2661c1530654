"""Code that changes restarts what runs it; the clock starts what is due; a service that hangs is noticed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from seatrial.cli.system_file import read_system
from seatrial.laptop.launch import prepare
from seatrial.laptop.screen import Plain
from seatrial.laptop.state import Home
from seatrial.laptop.supervisor import Supervisor
from seatrial.laptop.units import Pace

pytestmark = pytest.mark.integration


def test_watch_restarts_the_process_whose_code_changes_and_no_other(trial, free_port):
    trial.write("other.py", (trial.folder / "app.py").read_text())
    trial.describe(
        f'it.service("api", "python app.py", port={free_port}, health="/health")',
        f'it.service("web", "python other.py", port={free_port + 1}, health="/health")',
    )
    trial.up("--watch")
    trial.until(lambda: "watching" in trial.told())
    web, text = trial.part("web")["pid"], (trial.folder / "app.py").read_text()

    trial.write("app.py", text.replace('"one"', '"two'))  # half typed: the old one goes on
    trial.until(lambda: "what runs goes on with the old code" in trial.told())
    assert trial.ask("api", "/version") == "one"
    trial.write("app.py", text.replace('"one"', '"two"'))

    trial.until(lambda: trial.part("api")["condition"] == "healthy" and trial.ask("api", "/version") == "two")
    assert "app.py changed; restarting api" in trial.told()
    assert trial.part("web")["pid"] == web


def supervisor_of(trial, **more) -> Supervisor:
    """The supervisor in this process, where its pace and its clock can be set."""
    file = trial.folder / "system.py"
    out, err = (trial.folder / "out").open("w"), (trial.folder / "err").open("w")
    plan = read_system(file).plan()
    launch = prepare(plan, file, Home(folder=trial.home), {}, environ={})
    return Supervisor(launch, Plain([part.name for part in plan.parts], out, err), **more)


async def run_until(supervisor: Supervisor, fact) -> None:
    running = asyncio.create_task(supervisor.run())
    try:
        async with asyncio.timeout(60):
            while not fact():
                assert not running.done()
                await asyncio.sleep(0.02)
    finally:
        supervisor.stop()
        await running


async def test_a_service_that_hangs_is_started_again(trial, free_port):
    trial.describe(f'it.service("api", "python app.py", port={free_port}, health="/health")')
    supervisor = supervisor_of(trial, pace=Pace(watch_every=0.1, answer_within=0.3, grace=1))
    asked = False

    def came_back() -> bool:
        nonlocal asked
        state = supervisor.board.state("api")
        if state.condition == "healthy" and not asked:
            asked = True
            trial.ask("api", "/hang")
        return asked and state.condition == "healthy" and state.restarts == 1

    await run_until(supervisor, came_back)

    assert "api stopped being healthy (no answer on /health within 0.3 s)" in trial.told()


async def test_a_schedule_runs_when_it_is_due_and_not_before(trial):
    trial.describe('it.schedule("tick", "python -c \'print(\\"ticked\\")\'", cron="0 6 * * *")')
    started = datetime.now(UTC)
    ahead = datetime(2026, 1, 1, 5, 59, 59, tzinfo=UTC) - started  # one second before it is due
    supervisor = supervisor_of(trial, clock=lambda: datetime.now(UTC) + ahead)

    await run_until(supervisor, lambda: "ticked" in trial.told())

    assert datetime.now(UTC) - started >= timedelta(seconds=0.9)
    lines = (trial.home / "logs" / "tick.log").read_text().splitlines()
    assert len(lines) == 1
