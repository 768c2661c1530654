"""The steps of a workflow, run as GitHub runs them, against an Azure that fits on a table."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.deliver import files
from seatrial.model import Plan, System

pytestmark = pytest.mark.integration

PASSWORD = "a-password-nobody-may-see"


def kiosk(on: str) -> Plan:
    system = System("kiosk", region="eastus2")
    papers = system.postgres("papers", sign_in="password", migrate="python -m kiosk.store migrate")
    if on == "aks":
        pool = system.node_pool("machines", machine="Standard_D4s_v5", nodes=(2, 4))
        system.worker("digger", "python -m kiosk.digger", host=pool)
        return system.plan()
    system.service(
        "web", "python -m kiosk.web", port=8000, health="/health", public=True, uses=[papers], host=on
    )
    system.job("fill", "python -m kiosk.fill", title="Fill it", runs="once", uses=[papers])
    return system.plan()


class Sea:
    """A repository with the system's sources, its delivery, and an Azure."""

    first: str
    second: str
    told = ""

    def __init__(self, folder: Path, on: str) -> None:
        self.folder = folder
        self.azure = folder / "azure.json"
        self.azure.write_text(
            json.dumps(
                {
                    **{"apps": {}, "sites": {}, "jobs": {}, "broken": {}, "on": on},
                    **{"calls": [], "images": [], "contexts": [], "deployments": [], "parameters": []},
                }
            )
        )
        for path, text in files(kiosk(on), folder).items():
            target = folder / "build/kiosk" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        for path in ("systems/kiosk/pyproject.toml", "locks/uv.txt", "locks/kiosk.txt", ".env"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(path)
        (folder / ".gitignore").write_text("/build/\n/bin/\n.env\nazure.json\n")
        self._bin()
        self.run("git init --quiet && git add . && git -c user.name=a -c user.email=a@b commit -qm one")

    def _bin(self) -> None:
        folder = self.folder / "bin"
        folder.mkdir()
        fake = Path(__file__).parent / "fake_az.py"
        for name, script in {
            "az": f'#!/bin/sh\nexec "{sys.executable}" -S -E "{fake}" "$@"\n',
            "curl": f'#!/bin/sh\necho "curl $*" >>"{self.folder}/asked"\n! [ -e "{self.folder}/deaf" ]\n',
        }.items():
            (folder / name).write_text(script)
            (folder / name).chmod(0o755 | stat.S_IXUSR)

    def run(self, command: str, **given: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "AZURE": str(self.azure),
            "PAUSE": "0",
            "WATCH": "0",
            **given,
        }
        return subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def back_to(self, state: str) -> Sea:
        self.azure.write_text(state)
        shutil.rmtree(self.folder / "build/kiosk/.release", ignore_errors=True)
        for name in ("asked", "deaf"):
            (self.folder / name).unlink(missing_ok=True)
        return self

    def deploy(self, tag: str, environment: str = "production") -> list[str]:
        """Runs a job of the workflow; the names of the steps that failed."""
        file = self.folder / "build/kiosk/.github/workflows/kiosk-deploy.yml"
        job = yaml.safe_load(file.read_text())["jobs"][environment]
        failed: list[str] = []
        self.told = ""
        for step in job["steps"]:
            if "run" not in step or bool(failed) != ("failure()" in step.get("if", "")):
                continue
            given = {name: PASSWORD if "secrets." in v else "said" for name, v in step.get("env", {}).items()}
            done = self.run(step["run"], IMAGE_TAG=tag, **given)
            self.told += done.stderr + done.stdout
            if done.returncode:
                failed.append(step["name"])
        return failed

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self.azure.read_text())
        return state

    def breaks(self, **broken: object) -> None:
        self.azure.write_text(json.dumps(self.state | {"broken": broken}))

    def calls(self, *about: str) -> list[str]:
        return [call for call in self.state["calls"] if any(each in call for each in about)]


@pytest.fixture(scope="module")
def shore(tmp_path_factory: pytest.TempPathFactory) -> Sea:
    return _begun(tmp_path_factory.mktemp("sea"), "container apps")


@pytest.fixture(scope="module")
def pier(tmp_path_factory: pytest.TempPathFactory) -> Sea:
    """The same on App Service."""
    return _begun(tmp_path_factory.mktemp("pier"), "app service")


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Sea:
    """A worker on a cluster."""
    return _begun(tmp_path_factory.mktemp("yard"), "aks")


def _begun(folder: Path, on: str) -> Sea:
    if not shutil.which("jq"):
        if os.environ.get("CI"):
            pytest.fail("jq is needed: every runner of GitHub has it")
        pytest.skip("jq is needed")
    sea = Sea(folder, on)
    sea.first = sea.azure.read_text()
    assert sea.deploy("one") == [], sea.told
    sea.second = sea.azure.read_text()
    return sea


@pytest.fixture
def calm(shore: Sea) -> Sea:
    """Nothing was ever deployed."""
    return shore.back_to(shore.first)


@pytest.fixture
def sea(shore: Sea) -> Sea:
    """The release `one` is deployed and serves."""
    return shore.back_to(shore.second)


def test_the_first_release_makes_everything_and_then_brings_the_schema_up_to_date(calm: Sea) -> None:
    assert calm.deploy("one") == [], calm.told

    state = calm.state
    assert state["images"] == ["kiosk/papers-migrate:one", "kiosk/web:one", "kiosk/fill:one"]
    assert [each["stage"] for each in state["parameters"]] == ["ground", "all"]
    assert state["jobs"]["papers-migrate"]["started"] == ["kioskregistry.azurecr.io/kiosk/papers-migrate:one"]
    assert state["apps"]["web"]["active"] == ["web--1"]


def test_the_next_release_is_led_to_in_steps_and_the_old_one_let_go(sea: Sea) -> None:
    assert sea.deploy("two") == [], sea.told

    web = sea.state["apps"]["web"]
    assert web["traffic"] == {"web--2": 100, "web--1": 0}
    assert web["active"] == ["web--2"]
    shares = [call.split("web--2=")[1].split()[0] for call in sea.calls("traffic set")]
    assert shares == ["10", "50", "100"]


def test_the_schema_is_brought_up_to_date_by_the_new_image_before_anything_uses_it(sea: Sea) -> None:
    sea.deploy("two")

    calls = sea.calls("job start --name papers-migrate", "kiosk-production-all")
    assert ["start" in call for call in calls[-2:]] == [True, False]
    assert sea.state["jobs"]["papers-migrate"]["started"][-1].endswith("kiosk/papers-migrate:two")


def test_a_release_that_is_not_healthy_gets_no_traffic_and_all_goes_back(sea: Sea) -> None:
    sea.breaks(health="Unhealthy")

    assert sea.deploy("two") == ["Ask the new release whether it is well"]

    state = sea.state
    assert "error: web--2 is not healthy" in sea.told
    assert state["apps"]["web"]["traffic"]["web--1"] == 100
    assert state["apps"]["web"]["active"] == ["web--1"]
    assert state["parameters"][-1]["imageTag"] == "one"
    assert state["parameters"][-1]["webLive"] == "web--1"


def test_a_release_that_answers_nobody_at_its_own_address_goes_back(sea: Sea) -> None:
    (sea.folder / "deaf").touch()

    assert sea.deploy("two") == ["Ask the new release whether it is well"]

    asked = (sea.folder / "asked").read_text()
    assert "https://web---next.sea.azurecontainerapps.io/health" in asked
    assert sea.state["apps"]["web"]["traffic"]["web--1"] == 100


@pytest.mark.parametrize("broken", [{"errors": 30}, {"took": 9000.0}], ids=["errors", "slow answers"])
def test_a_release_that_gets_worse_under_traffic_goes_back(sea: Sea, broken: dict[str, object]) -> None:
    sea.breaks(**broken)

    assert sea.deploy("two") == ["Watch errors and answers at 10 %"]

    assert sea.state["apps"]["web"]["traffic"]["web--1"] == 100
    assert "web--2" not in sea.state["apps"]["web"]["active"]


def test_a_few_errors_of_many_requests_are_let_pass(sea: Sea) -> None:
    sea.breaks(errors=9)

    assert sea.deploy("two") == []


def test_a_migration_that_fails_stops_the_release_before_anything_changes(sea: Sea) -> None:
    before = sea.state["apps"]
    sea.breaks(job="Failed")

    assert sea.deploy("two") == ["Bring the schemas up to date"]

    after = sea.state
    assert after["apps"]["web"]["revisions"] == before["web"]["revisions"]
    assert after["parameters"][-1]["stage"] == "ground"


def test_what_is_started_once_is_not_started_again(sea: Sea) -> None:
    sea.deploy("two")

    assert sea.state["jobs"]["fill"]["started"] == ["kioskregistry.azurecr.io/kiosk/fill:one"]


def test_no_secret_is_ever_a_word_of_a_command_nor_said_aloud(calm: Sea) -> None:
    calm.deploy("one")

    state = calm.state
    assert state["parameters"][-1]["papersPassword"] == PASSWORD
    assert not [call for call in state["calls"] if PASSWORD in call]
    assert PASSWORD not in calm.told


def test_an_image_is_built_from_what_is_committed_and_nothing_else(sea: Sea) -> None:
    names = {"/".join(Path(path).parts[3:]) for path in sea.state["contexts"][0]}
    assert names == {
        *("systems/kiosk/pyproject.toml", "locks/uv.txt", "locks/kiosk.txt"),
        *("papers-migrate.Dockerfile", "web.Dockerfile", "fill.Dockerfile"),
    }


def test_images_are_built_by_a_task_that_shows_an_identity_which_may_push_and_nothing_else(sea: Sea) -> None:
    pushes, gives = sea.state["rights"]

    assert pushes.startswith("acr task credential add")
    assert "--use-identity [system]" in pushes
    assert "--assignee-object-id builder" in gives
    assert "--role AcrPush --scope /registries/kioskregistry" in gives
    assert "push:" in sea.state["builder"]


def test_a_right_that_is_not_known_yet_is_waited_for(calm: Sea) -> None:
    assert calm.deploy("one") == [], calm.told

    assert "was not built; once more" in calm.told
    assert calm.state["refusals"] == 0


def test_by_hand_an_earlier_release_serves_again(sea: Sea) -> None:
    sea.deploy("two")

    done = sea.run(
        "bash build/kiosk/release/release.sh production revert one", IMAGE_TAG="two", PAPERS_PASSWORD=PASSWORD
    )

    assert done.returncode == 0, done.stderr
    assert sea.state["parameters"][-1] == {
        **{"environment": "production", "stage": "all", "imageTag": "one", "webLive": "web--1"},
        "papersPassword": PASSWORD,
    }
    assert sea.state["apps"]["web"]["traffic"]["web--1"] == 100
    assert sea.state["apps"]["web"]["active"] == ["web--1"]


@pytest.mark.parametrize("call", ["production", "production sail", "production shift"])
def test_a_step_that_is_not_said_well_is_refused(sea: Sea, call: str) -> None:
    done = sea.run(f"bash build/kiosk/release/release.sh {call}", IMAGE_TAG="one")

    assert done.returncode != 0
    assert done.stderr


def test_what_an_operator_has_not_said_is_named_before_azure_is_asked(calm: Sea) -> None:
    done = calm.run("bash build/kiosk/release/release.sh production ground", IMAGE_TAG="one")

    assert done.returncode != 0
    assert "PAPERS_PASSWORD is not said" in done.stderr
    assert calm.state["calls"] == []


# -- on App Service ----------------------------------------------------------------------------------------


def test_on_app_service_a_release_waits_in_the_slot_and_is_swapped_in(pier: Sea) -> None:
    pier.back_to(pier.second)

    assert pier.deploy("two") == [], pier.told

    assert pier.state["sites"]["kiosk-web-abc123"] == {"serves": "two", "waits": "one", "share": 0}
    assert pier.state["parameters"][-1]["webLive"] == "one"
    shares = [call.split("staging=")[1] for call in pier.calls("traffic-routing set")]
    assert shares == ["10", "50"]
    assert "https://kiosk-web-abc123-staging.azurewebsites.net/health" in (pier.folder / "asked").read_text()


def test_on_app_service_a_bad_release_leaves_the_slot_without_having_served_all(pier: Sea) -> None:
    pier.back_to(pier.second)
    pier.breaks(errors=30)

    assert pier.deploy("two") == ["Watch errors and answers at 10 %"]

    assert pier.state["sites"]["kiosk-web-abc123"] == {"serves": "one", "waits": "one", "share": 0}
    assert pier.calls("slot swap") == []


# -- on Kubernetes -----------------------------------------------------------------------------------------


def test_a_cluster_is_given_the_manifests_with_the_images_of_the_release(yard: Sea) -> None:
    yard.back_to(yard.second)

    assert yard.deploy("two") == [], yard.told

    manifests = yard.state["manifests"]
    images = yaml.safe_load(manifests["kustomization.yaml"])["images"]
    assert {each["name"]: f"{each['newName']}:{each['newTag']}" for each in images} == {
        f"kiosk/{name}": f"kioskregistry.azurecr.io/kiosk/{name}:two" for name in ("papers-migrate", "digger")
    }
    lines = [line for text in manifests.values() for line in text.splitlines() if line[:1] != "#"]
    assert not [line for line in lines if "${" in line]
    assert "rollout status" in yard.calls("aks command invoke")[-1]


def test_a_cluster_that_does_not_roll_out_gets_the_release_before(yard: Sea) -> None:
    yard.back_to(yard.second)
    yard.breaks(cluster=1)

    failed = yard.deploy("two")

    assert failed[0] == "Put the new release beside the old one, at 0 %"
    tags = {
        each["newTag"] for each in yaml.safe_load(yard.state["manifests"]["kustomization.yaml"])["images"]
    }
    assert tags == {"one"}
