"""A system comes up in order of need, stays as it was, and goes down without a trace."""

from __future__ import annotations

import json
import signal
import socket
from urllib.error import HTTPError

import psutil
import pytest

pytestmark = pytest.mark.integration


def service(name: str, port: int, more: str = "") -> str:
    return f'{name} = it.service("{name}", "python app.py", port={port}, health="/health"{more})'


def test_up_ends_with_every_service_healthy_and_shows_the_addresses(trial, free_port):
    trial.describe(service("api", free_port), service("web", free_port + 1, ", uses=[api]"))

    trial.up()

    assert trial.ask("api", "/health") == "well"
    assert json.loads(trial.ask("web", "/env"))["API_URL"] == trial.part("api")["url"]
    trial.until(lambda: f"http://127.0.0.1:{trial.part('web')['port']}" in trial.told())


def test_a_service_starts_only_when_what_it_uses_is_healthy(trial, free_port):
    slow = "import time; time.sleep(1); exec(open('app.py').read())"
    trial.describe(
        f'slow = it.service("slow", """python -c "{slow}" """, port={free_port}, health="/health")',
        service("web", free_port + 1, ", uses=[slow]"),
    )

    trial.up()

    assert trial.part("slow")["since"] <= trial.part("web")["since"]
    created = {name: trial.part(name)["created"] for name in ("slow", "web")}
    assert created["web"] - created["slow"] > 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_nothing(trial, free_port, number):
    trial.describe(service("api", free_port), 'it.worker("busy", "sleep 600", uses=[api])')
    up = trial.up()
    port = trial.part("api")["port"]
    grandchild = int(trial.ask("api", "/child"))  # in a session of its own: no signal to a group reaches it

    up.send_signal(number)

    assert up.wait(30) == 0
    assert trial.left() == []
    assert not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE
    assert not (trial.home / "lock").exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    stopped = trial.told()
    assert "stopping" in stopped


def test_a_process_that_ignores_sigterm_is_killed(trial):
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"
    )
    trial.describe(f'it.worker("deaf", """python -c "{deaf}" """)')
    up = trial.up()
    trial.until(lambda: "deaf │ deaf" in trial.told())

    up.send_signal(signal.SIGINT)
    up.send_signal(signal.SIGTERM)  # the second one hurries

    assert up.wait(30) == 0
    assert trial.left() == []


def test_detach_returns_when_all_is_healthy_and_down_stops_it(trial, free_port):
    trial.describe(service("api", free_port))

    done = trial.detached()

    assert done.stdout.split() == ["api", trial.part("api")["url"]]
    assert trial.ask("api", "/health") == "well"
    assert trial.run("status").returncode == 0

    down = trial.run("down")
    assert (down.returncode, down.stderr) == (0, "tried has stopped\n")
    assert trial.left() == []
    assert trial.run("status").returncode == 4
    assert trial.run("down").stderr == "tried is not running\n"


def test_a_second_up_of_a_running_system_only_says_so(trial, free_port):
    trial.describe(service("api", free_port))
    trial.detached()
    pid = trial.state()["pid"]

    again = trial.run("up")

    assert again.returncode == 0
    assert "tried is up already" in again.stderr
    assert trial.part("api")["url"] in again.stdout
    assert trial.state()["pid"] == pid
    assert trial.run("up", "--port", "api=1").returncode == 5


def test_two_systems_run_side_by_side(new_trial, free_port):
    one, two = new_trial("one"), new_trial("two")
    for trial in (one, two):
        trial.describe(service("api", free_port))

    one.detached()
    moved = two.detached()

    assert one.ask("api", "/health") == two.ask("api", "/health") == "well"
    assert f"port {free_port} is taken by process {one.part('api')['pid']}" in moved.stderr
    two.run("down")
    assert one.ask("api", "/health") == "well"


def test_a_port_asked_for_and_taken_is_an_error_that_names_the_holder(trial, free_port):
    trial.describe(service("api", free_port + 1))
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", free_port))
        holder.listen()
        refused = trial.run("up", "--port", f"api={free_port}")

    assert refused.returncode == 3
    assert f"port {free_port} is taken by process" in refused.stderr
    assert "pytest" in refused.stderr
    assert trial.state() == {}


def test_a_port_asked_for_and_free_is_taken(trial, free_port):
    trial.describe(service("api", 65001))

    trial.detached("--port", f"api={free_port}")

    assert trial.part("api")["port"] == free_port


def test_a_job_that_runs_once_runs_once(trial):
    trial.describe('it.job("fill", "python -c \'print(1)\'", runs="once")')
    for _ in range(2):
        trial.detached()
        trial.until(lambda: trial.part("fill")["condition"] == "done")
        trial.run("down")

    lines = (trial.home / "logs" / "fill.log").read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["1"]


def test_a_job_at_the_start_holds_nobody_up(trial, free_port):
    trial.describe('it.job("long", "sleep 600", runs="every start")', service("api", free_port))

    trial.detached()

    assert trial.part("long")["condition"] == "working"


def test_a_site_is_served_with_its_fallback(trial, free_port):
    (trial.folder / "site").mkdir()
    trial.write("site/index.html", "<p>home</p>")
    trial.write("site/a.txt", "a")
    trial.describe(f'it.site("pages", directory="site", port={free_port}, fallback="index.html")')

    trial.detached()

    assert trial.ask("pages", "/a.txt") == "a"
    assert trial.ask("pages", "/some/view?x=1") == "<p>home</p>"
    outside = trial.folder / "site" / "outside"
    outside.symlink_to("/etc/passwd")
    with pytest.raises(HTTPError, match="404"):
        trial.ask("pages", "/outside")


def test_a_process_that_is_open_to_the_network_is_told_of_loudly(trial, free_port):
    trial.describe(service("api", free_port, ', env={"BIND": "0.0.0.0"}'))

    trial.up()

    trial.until(lambda: f"api listens on 0.0.0.0:{trial.part('api')['port']}" in trial.told())
