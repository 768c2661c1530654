"""Whatever is killed comes back, or it is said why not."""

from __future__ import annotations

import os
import signal
import socket

import psutil
import pytest

pytestmark = pytest.mark.integration

SERVICE = 'api = it.service("api", "python app.py", port={port}, health="/health"{more})'


def service(port: int, more: str = "") -> str:
    return SERVICE.format(port=port, more=more)


def test_a_service_that_crashes_is_started_again_and_that_is_said(trial, free_port):
    trial.describe(service(free_port))
    trial.up()

    with pytest.raises(OSError, match=r"closed|reset"):
        trial.ask("api", "/die")

    trial.healthy_again("api")
    assert trial.ask("api", "/health") == "well"
    assert "api ended with exit code 3; starting it again in 0.25 s" in trial.told()


def test_a_service_that_is_killed_is_started_again_on_the_same_port(trial, free_port):
    trial.describe(service(free_port))
    trial.up()
    before = trial.part("api")

    os.kill(before["pid"], signal.SIGKILL)

    after = trial.healthy_again("api")
    assert after["port"] == before["port"]
    assert after["pid"] != before["pid"]
    assert "api was ended by SIGKILL" in trial.told()


def test_a_killed_supervisor_leaves_nothing_that_the_next_up_does_not_find(trial, free_port):
    trial.describe(
        'db = it.postgres("papers")',
        service(free_port, ", uses=[db]"),
        'it.worker("busy", "sleep 600")',
    )
    up = trial.up()
    stray = int(trial.ask("api", "/child"))
    before = {name: trial.part(name)["pid"] for name in ("papers", "api", "busy")}

    up.kill()
    up.wait()

    status = trial.run("status")
    assert status.returncode == 4
    assert "killed" in status.stdout
    assert all(str(pid) in status.stdout for pid in before.values())
    again = trial.detached()
    assert "ended" in again.stderr
    assert "that the last run, which was killed, had left" in again.stderr
    assert trial.part("api")["port"] == free_port
    for pid in (*before.values(), stray):
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_down_ends_what_a_killed_supervisor_left(trial, free_port):
    trial.describe('db = it.postgres("papers")', service(free_port, ", uses=[db]"))
    up = trial.up()
    up.kill()
    up.wait()

    down = trial.run("down")

    assert down.returncode == 0
    assert "that a killed run of tried had left" in down.stderr
    assert trial.left() == []


def test_a_service_that_cannot_start_shows_its_last_lines_and_ends_the_first_start(trial, free_port):
    broken = 'it.service("api", "python broken.py", port={}, health="/health")'
    trial.describe(broken.format(free_port), 'it.worker("busy", "sleep 600")')
    trial.write("broken.py", "print('line before the end')\nraise SystemExit('no such table')\n")

    up = trial.run("up")

    assert up.returncode == 1
    assert "api ended with exit code 1, 5 times in a row. Its log ends:" in up.stderr
    assert "    no such table\n" in up.stderr
    assert "hint: it must answer /health" in up.stderr
    assert trial.left() == []


def test_a_service_that_never_becomes_healthy_is_given_up_after_its_time(trial, free_port):
    trial.describe(
        f'it.service("api", "sleep 600", port={free_port}, health="/health", start_within="1 s")',
    )

    up = trial.run("up", "--detach")

    assert up.returncode == 1
    assert "api was not healthy within 1 s of its start" in up.stderr
    assert trial.left() == []


def test_a_part_that_fails_later_leaves_the_others_serving(trial, free_port):
    dies = "import os, time; [time.sleep(0.02) for _ in iter(lambda: os.path.exists('stop'), True)]; exit(9)"
    trial.describe(service(free_port), f'it.worker("weak", """python -c "{dies}" """)')
    up = trial.up()

    trial.write("stop", "")

    trial.until(lambda: trial.part("weak")["condition"] == "failed")
    assert "weak ended with exit code 9, 5 times in a row" in trial.told()
    assert trial.ask("api", "/health") == "well"
    assert up.poll() is None
    assert trial.run("status").returncode == 1


def test_what_a_crashed_service_left_goes_before_it_starts_again(trial, free_port):
    trial.describe(service(free_port))
    trial.write("app.py", (trial.folder / "app.py").read_text().replace(", start_new_session=True", ""))
    trial.up()
    child = int(trial.ask("api", "/child"))

    os.kill(trial.part("api")["pid"], signal.SIGKILL)

    trial.healthy_again("api")
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_a_closed_pipe_does_not_end_the_system(trial, free_port):
    trial.describe(service(free_port))
    reading_end, writing_end = os.pipe()
    up = trial.start("up", stdout=writing_end)
    os.close(writing_end)
    os.close(reading_end)
    trial.until(lambda: trial.state().get("up"))

    for word in range(3):
        trial.ask("api", f"/say/{word}")

    assert trial.ask("api", "/health") == "well"
    assert up.poll() is None


def test_the_port_of_a_stopped_system_is_free_at_once(trial, free_port):
    trial.describe(service(free_port))
    for _ in range(2):
        trial.detached()
        trial.ask("api", "/health")
        trial.run("down")
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", free_port)) != 0
    assert trial.part("api")["port"] == free_port


@pytest.mark.parametrize("moment", ["postgres", "migration"])
def test_ctrl_c_during_the_start_leaves_nothing(trial, free_port, moment):
    trial.describe(
        'db = it.postgres("papers", migrate="sleep 600")',
        service(free_port, ", uses=[db]"),
    )
    up = trial.start("up")
    seen = {
        "postgres": trial.home / "postgres",
        "migration": trial.home / "postgres" / "data" / "postmaster.pid",
    }
    trial.until(seen[moment].exists)

    up.send_signal(signal.SIGINT)

    assert up.wait(60) == 0
    assert trial.left() == []
