from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.deliver import files
from seatrial.deliver.steps import ACTIONS
from seatrial.model import Plan, System, requests

KINDS = ("deploy", "pull-request", "rollback")


def kiosk() -> Plan:
    system = System("kiosk", region="eastus2")
    papers = system.postgres("papers", sign_in="password", migrate="python -m kiosk.store migrate")
    web = system.service(
        "web",
        "python -m kiosk.web",
        port=8000,
        health="/health",
        public=True,
        scale=[requests(20)],
        uses=[papers],
    )
    system.worker("digger", "python -m kiosk.digger", uses=[papers])
    system.contact("team")
    system.expects(web.get("/search"), p95="150 ms", at="5/s")
    return system.plan()


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return files(kiosk(), tmp_path_factory.mktemp("repository"))


@pytest.fixture(params=KINDS)
def workflow(request: pytest.FixtureRequest, delivered: Mapping[str, str]) -> dict[str, Any]:
    return read(request.param, delivered)


def read(kind: str, delivered: Mapping[str, str]) -> dict[str, Any]:
    document = yaml.safe_load(delivered[f".github/workflows/kiosk-{kind}.yml"])
    assert isinstance(document, dict)
    return document


def steps(workflow: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def test_every_action_is_pinned_to_a_commit_and_says_which_release_it_is(
    delivered: Mapping[str, str],
) -> None:
    for kind in KINDS:
        for line in re.findall(r"uses: (.*)", delivered[f".github/workflows/kiosk-{kind}.yml"]):
            pinned = re.fullmatch(r"(\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line)
            assert pinned, line
            action, commit, release = pinned.groups()
            assert ACTIONS[action] == (commit, release)


def test_a_workflow_may_nothing_and_each_job_what_it_needs(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        signs_in = any("azure/login" in step.get("uses", "") for step in job["steps"])
        assert job["permissions"]["contents"] == "read"
        assert job["permissions"].get("id-token") == ("write" if signs_in else None)
        assert set(job["permissions"]) <= {"contents", "id-token", "security-events"}


def test_no_password_of_the_cloud_is_stored(workflow: dict[str, Any]) -> None:
    for step in steps(workflow):
        if "azure/login" in step.get("uses", ""):
            assert set(step["with"]) == {"client-id", "tenant-id", "subscription-id"}
            assert all(value.startswith("${{ vars.") for value in step["with"].values())


def test_nothing_from_outside_becomes_part_of_a_script(workflow: dict[str, Any]) -> None:
    assert not [step["name"] for step in steps(workflow) if "${{" in step.get("run", "")]


def test_every_job_ends_and_no_two_deployments_meet(workflow: dict[str, Any]) -> None:
    assert all(0 < job["timeout-minutes"] <= 150 for job in workflow["jobs"].values())
    assert workflow["concurrency"]["group"]


def test_a_deployment_waits_for_another_and_gives_way_to_who_wants_back(delivered: Mapping[str, str]) -> None:
    deploy, rollback = (read(kind, delivered)["concurrency"] for kind in ("deploy", "rollback"))

    assert deploy == {"group": "kiosk-deploy", "cancel-in-progress": False}
    assert rollback == {"group": "kiosk-deploy", "cancel-in-progress": True}


def test_production_comes_after_staging_and_that_after_tests_and_scan(delivered: Mapping[str, str]) -> None:
    jobs = read("deploy", delivered)["jobs"]

    assert {name: job.get("needs", []) for name, job in jobs.items()} == {
        "test": [],
        "scan": ["test"],
        "staging": ["scan"],
        "production": ["staging"],
    }
    assert [jobs[name]["environment"] for name in ("staging", "production")] == ["staging", "production"]


def test_production_is_led_to_the_new_release_in_steps_with_a_look_between(
    delivered: Mapping[str, str],
) -> None:
    job = read("deploy", delivered)["jobs"]["production"]
    calls = [step["run"].split(" production ")[1] for step in job["steps"] if "run" in step]

    assert calls == [
        *("ground", "images", "pin", "migrate", "all", "probe"),
        *("shift 10", "watch 5", "shift 50", "watch 5", "shift 100", "watch 10"),
        *("finish", "back"),
    ]


def test_the_way_back_is_gone_whenever_a_step_fails_after_it_was_known(delivered: Mapping[str, str]) -> None:
    for environment in ("staging", "production"):
        last = read("deploy", delivered)["jobs"][environment]["steps"][-1]

        assert last["run"].endswith(f"{environment} back")
        assert last["if"] == "${{ (failure() || cancelled()) && steps.pin.outcome == 'success' }}"


def test_an_operator_is_asked_by_variables_and_for_secrets_by_secrets(delivered: Mapping[str, str]) -> None:
    job = read("deploy", delivered)["jobs"]["production"]
    (ground,) = (step for step in job["steps"] if step.get("run", "").endswith("ground"))

    assert ground["env"]["PAPERS_PASSWORD"] == "${{ secrets.PAPERS_PASSWORD }}"
    assert ground["env"]["TEAM_MAIL"] == "${{ vars.TEAM_MAIL }}"


def test_a_fork_is_told_nothing_of_azure(delivered: Mapping[str, str]) -> None:
    what_if = read("pull-request", delivered)["jobs"]["what-if"]

    assert what_if["if"] == "${{ github.event.pull_request.head.repo.full_name == github.repository }}"
    assert what_if["environment"] == "what-if"


def test_a_workflow_that_is_not_the_one_that_is_built_stops_itself(delivered: Mapping[str, str]) -> None:
    runs = "\n".join(step.get("run", "") for step in read("deploy", delivered)["jobs"]["test"]["steps"])

    assert "seatrial build systems/kiosk --out build/kiosk" in runs
    assert "diff" in runs
    assert "exit 1" in runs


def test_what_is_promised_of_a_service_is_what_its_release_is_held_to(delivered: Mapping[str, str]) -> None:
    assert "'web webLive /health world 150'" in delivered["release/system.sh"]


def test_a_variant_has_workflows_and_a_place_of_its_own(tmp_path: Path) -> None:
    system = System("kiosk", region="eastus2")
    system.worker("digger", "python -m kiosk.digger")
    system.variant("large")

    made = files(system.plan("large"), tmp_path)

    text = made[".github/workflows/kiosk-large-deploy.yml"]
    assert "seatrial build systems/kiosk --variant large --out build/kiosk-large" in text
    assert "TITLE=kiosk-large" in made["release/system.sh"]


def test_what_is_written_is_the_same_every_time(delivered: Mapping[str, str], tmp_path: Path) -> None:
    assert dict(files(kiosk(), tmp_path)) == dict(delivered)


def test_every_generated_file_with_comments_says_on_line_one_where_it_comes_from(
    delivered: Mapping[str, str],
) -> None:
    for path, text in delivered.items():
        if not path.endswith(".json"):
            first = text.splitlines()[1 if text.startswith(("#!", "# yaml-language-server")) else 0]
            assert "enerated by `seatrial build`" in first, path
