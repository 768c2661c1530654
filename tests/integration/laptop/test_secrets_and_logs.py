"""What is shown, what is hidden, and where it is kept."""

from __future__ import annotations

import json
import os
import signal

import pytest

pytestmark = pytest.mark.integration

SECRET = "s3cret/value with spaces+and=signs"


@pytest.fixture
def tells_its_secret(trial, free_port):
    """A system whose service, and whose job, print the secret they are given."""
    trial.write(
        "app.py",
        "import os; print('the key is', os.environ['API_KEY'], flush=True)\n"
        + (trial.folder / "app.py").read_text(),
    )
    trial.describe(
        'key = it.secret("api-key")',
        'mail = it.secret("mail-key", needed=False)',
        f'it.service("api", "python app.py", port={free_port}, health="/health", uses=[key, mail])',
        'it.job("tell", "python -c \'import os; print(os.environ[\\"API_KEY\\"])\'", uses=[key])',
    )
    return trial


def test_a_missing_secret_is_refused_before_anything_starts(tells_its_secret):
    refused = tells_its_secret.run("up")

    assert refused.returncode == 3
    assert "api-key needs API_KEY, which is not set" in refused.stderr
    assert f"write a line API_KEY=… in {tells_its_secret.folder}/.env" in refused.stderr
    assert "MAIL_KEY" not in refused.stderr
    assert tells_its_secret.state() == {}


def test_a_secret_reaches_who_uses_it_and_no_output_log_or_state(tells_its_secret):
    trial = tells_its_secret
    trial.write(".env", f"API_KEY='{SECRET}'\nUNDECLARED=never passed on\n")

    trial.up()
    env = json.loads(trial.ask("api", "/env"))
    told = trial.run("run", "tell").stdout
    shown = trial.run("env", "api").stdout + trial.run("logs").stdout + trial.run("status", "--json").stdout

    assert env["API_KEY"] == SECRET
    assert "UNDECLARED" not in env
    assert "MAIL_KEY" not in env
    assert told == "•••\n"
    trial.until(lambda: "the key is •••" in trial.told())
    kept = "".join(path.read_text() for path in (*(trial.home / "logs").iterdir(), trial.home / "state.json"))
    assert SECRET not in trial.told() + told + shown + kept


def test_the_environment_goes_before_the_file(tells_its_secret):
    tells_its_secret.write(".env", "API_KEY=from-the-file\n")
    tells_its_secret.env["API_KEY"] = "from-the-environment"
    tells_its_secret.env["OTHER"] = "of the person who typed up"

    tells_its_secret.detached()

    env = json.loads(tells_its_secret.ask("api", "/env"))
    assert env["API_KEY"] == "from-the-environment"
    assert "OTHER" not in env


def test_logs_show_one_part_all_parts_and_what_comes(trial, free_port):
    trial.describe(
        f'it.service("api", "python app.py", port={free_port}, health="/health")',
        'it.worker("busy", "python -c \'import time; print(42); time.sleep(600)\'")',
    )
    trial.detached()
    trial.ask("api", "/say/first")
    trial.until(
        lambda: "first" in trial.run("logs", "api").stdout and "42" in trial.run("logs", "busy").stdout
    )

    every = trial.run("logs").stdout
    assert "api      │ first\n" in every
    assert "busy     │ 42\n" in every
    assert trial.run("logs", "nobody").returncode == 2

    following = trial.start("logs", "-f", "-n", "0", "api")
    heard = []
    for count in range(1000):  # whichever is said once it listens
        trial.ask("api", f"/say/line-{count}")
        heard = trial.told().splitlines()
        if heard:
            break
    assert heard[0].startswith("line-")
    trial.run("down")
    assert following.wait(30) == 0


def test_run_hands_on_words_exit_codes_and_ctrl_c(trial):
    trial.write(
        "job.py",
        "import sys, time\nprint(sys.argv[1:], flush=True)\n"
        "if sys.argv[1] == 'wait': time.sleep(600)\nsys.exit(7)",
    )
    trial.describe('it.job("job", "python job.py")')
    assert trial.run("run", "job").returncode == 4
    trial.detached()

    done = trial.run("run", "job", "--", "--deep", "x y")
    assert (done.returncode, done.stdout) == (7, "['--deep', 'x y']\n")

    # A file is named as the user sees it, wherever the job runs.
    trial.write("mine.json", "")
    done = trial.run("run", "job", "--", "mine.json", "no.json", "plain")
    assert done.stdout == f"['{trial.folder / 'mine.json'}', 'no.json', 'plain']\n"

    waiting = trial.start("run", "job", "wait")
    trial.until(lambda: "wait" in trial.told())
    waiting.send_signal(signal.SIGINT)
    assert waiting.wait(30) == 130 or waiting.returncode == 1
    assert trial.run("run", "nothing").returncode == 2


def test_what_the_laptop_lacks_is_refused_with_the_way_out(trial):
    trial.describe('it.queue("work")', 'it.cache("fast")')
    trial.env["PATH"] = os.path.dirname(os.path.realpath("/bin/sh"))  # noqa: PTH120

    refused = trial.run("up")

    assert refused.returncode == 3
    assert "work cannot run on a laptop\n  hint: a queue has no twin on a laptop yet" in refused.stderr
