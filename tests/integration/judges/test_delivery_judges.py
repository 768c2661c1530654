"""What is delivered, before judges that others wrote: every system, every variant.

A judge that reads nothing, or cannot read what it is given, has not agreed: each is also shown something bad,
and something that is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml

from seatrial.cli.system_file import read_system
from seatrial.deliver import files

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
Done = subprocess.CompletedProcess[str]
Judge = Callable[..., Done]

PLANS = [
    (system.parent.name, variant)
    for system in sorted((ROOT / "systems").glob("*/system.py"))
    for variant in (None, *read_system(system).variants)
]


def title(plan: tuple[str, str | None]) -> str:
    return "-".join(each for each in plan if each)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of every plan, a folder each."""
    out = tmp_path_factory.mktemp("delivered")
    for name, variant in PLANS:
        system = read_system(ROOT / "systems" / name / "system.py")
        plan = system.plan(variant) if variant else system.plan()
        for path, text in files(plan, ROOT).items():
            target = out / title((name, variant)) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return out


def run(*words: str | Path) -> Done:
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "NO_COLOR": "1"}
    return subprocess.run(
        [str(each) for each in words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def hadolint(*read: Path) -> Done:
    return run(BIN / "hadolint", "--failure-threshold", "info", *read)


def compose(*read: Path) -> Done:
    return run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *read)


def workflow_schema(*read: Path) -> Done:
    return run(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *read)


def zizmor(*read: Path) -> Done:
    return run(BIN / "zizmor", "--offline", "--strict-collection", "--no-progress", *read)


def shellcheck(*read: Path) -> Done:
    return run(BIN / "shellcheck", "--severity", "style", *read)


def actionlint(*read: Path) -> Done:
    """Built from its sources, pinned by `go.sum`; it has ShellCheck read the scripts inside of workflows."""
    go = shutil.which("go")
    if go is None:
        if os.environ.get("CI"):
            pytest.fail("actionlint is built with Go, which every runner of GitHub has")
        pytest.skip("actionlint is built with Go")
    program = BIN.parent / "judges" / "actionlint"
    made = subprocess.run(
        [go, "build", "-mod=readonly", "-o", str(program), "github.com/rhysd/actionlint/cmd/actionlint"],
        cwd=ROOT / "tests/judges/actionlint",
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return run(program, "-no-color", "-oneline", "-shellcheck", BIN / "shellcheck", *read)


WORKFLOW = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
JUDGES: dict[str, tuple[Judge, str, str]] = {
    "hadolint": (hadolint, "docker/*.Dockerfile", "FROM python:latest\nRUN apt-get install curl\n"),
    "compose": (compose, "compose.yaml", "services:\n  a:\n    imag: b\n"),
    "workflow schema": (workflow_schema, ".github/workflows/*.yml", f"{WORKFLOW}    - runn: true\n"),
    "actionlint": (
        actionlint,
        ".github/workflows/*.yml",
        f"{WORKFLOW}    - run: echo ${{{{ github.nope }}}}\n",
    ),
    "zizmor": (zizmor, ".github/workflows/*.yml", f"{WORKFLOW}    - uses: actions/checkout@v4\n"),
    "shellcheck": (shellcheck, "**/*.sh", "#!/bin/bash\nrm -r $1\n"),
}
"""Who judges, what is read, and something that the judge must not agree to."""


@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_finds_nothing_in_what_is_delivered(name: str, delivered: Path) -> None:
    judge, pattern, _ = JUDGES[name]
    read = {plan: sorted((delivered / title(plan)).glob(pattern)) for plan in PLANS}
    assert all(read.values()), "there is something to read for every plan"

    alike = {file.read_bytes(): file for each in read.values() for file in each}
    done = judge(*alike.values())

    assert done.returncode == 0, (done.stdout + done.stderr).replace(str(delivered), "")


@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_finds_what_is_bad(name: str, tmp_path: Path) -> None:
    judge, pattern, bad = JUDGES[name]
    file = tmp_path / pattern.replace("**/", "").replace("*", "bad")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(bad)

    done = judge(file)

    assert done.returncode != 0, done.stdout
    assert file.name in done.stdout + done.stderr


@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_says_what_it_could_not_read(name: str, tmp_path: Path) -> None:
    judge, pattern, _ = JUDGES[name]
    missing = tmp_path / pattern.replace("**/", "").replace("*", "missing")
    missing.parent.mkdir(parents=True, exist_ok=True)

    assert judge(missing).returncode != 0


# -- azure.yaml ------------------------------------------------------------------------------------------

TEXT = {"type": "string", "minLength": 1}
DOCKER = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"path": TEXT, "context": TEXT, "remoteBuild": {"type": "boolean"}},
}
HOOK = {
    "type": "object",
    "additionalProperties": False,
    "required": ["run", "shell"],
    "properties": {"shell": {"enum": ["sh", "pwsh"]}, "run": TEXT},
}


def service(*wanted: str, **properties: object) -> dict[str, object]:
    common = {"project": TEXT, "resourceName": TEXT}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["host", *wanted],
        "properties": {**common, **properties},
    }


AZURE_YAML = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},
        "resourceGroup": {"type": "string", "minLength": 3, "maxLength": 64},
        "infra": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"provider": {"enum": ["bicep", "terraform"]}, "path": TEXT, "module": TEXT},
        },
        "hooks": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"preprovision": HOOK, "postprovision": HOOK},
        },
        "services": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "oneOf": [
                    service(
                        "project", host={"const": "containerapp"}, language={"const": "docker"}, docker=DOCKER
                    ),
                    service("project", host={"const": "staticwebapp"}, dist=TEXT),
                    service(host={"const": "aks"}, language={"const": "docker"}, k8s={"type": "object"}),
                ]
            },
        },
    },
}
"""What we use of azd's schema 1.0, and nothing beyond it: which host takes which properties.

Source: https://raw.githubusercontent.com/Azure/azure-dev/main/schemas/v1.0/azure.yaml.json
"""


@pytest.mark.parametrize("plan", PLANS, ids=title)
def test_the_project_of_azd_says_only_what_its_schema_knows(
    plan: tuple[str, str | None], delivered: Path
) -> None:
    folder = delivered / title(plan)
    document = yaml.safe_load((folder / "azure.yaml").read_text())

    jsonschema.validate(document, AZURE_YAML, cls=jsonschema.Draft201909Validator)

    for each in document.get("services", {}).values():
        if "docker" in each:
            assert (folder / "docker" / Path(each["docker"]["path"]).name).is_file()
        if "k8s" in each:
            assert (folder / each["k8s"]["deploymentPath"] / "kustomization.yaml").is_file()


def test_a_project_of_azd_with_a_host_that_takes_no_image_is_not_let_pass() -> None:
    document = {"name": "kiosk", "services": {"web": {"host": "appservice", "project": ".", "docker": {}}}}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, AZURE_YAML, cls=jsonschema.Draft201909Validator)
