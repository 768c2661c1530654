from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from seatrial.azure.compile import graph
from seatrial.deliver import dockerfiles
from seatrial.deliver.layout import layout
from seatrial.model import Plan, System


def kiosk() -> Plan:
    system = System("kiosk", region="eastus2")
    papers = system.postgres("papers", migrate="python -m kiosk.store migrate")
    system.postgres("ledger", migrate="python -m kiosk.ledger migrate")
    models = system.blobs("models")
    system.service(
        "web",
        'python -m kiosk.web --port {port} --title "A kiosk"',
        port=8000,
        health="/health",
        start_within="90 s",
        uses=[papers, models],
    )
    system.worker("enrichment", "python -m kiosk.enrichment", uses=[papers])
    return system.plan()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in ("systems/kit/pyproject.toml", "systems/kiosk/web/package-lock.json", "locks/weights.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


def dockerfile(name: str, root: Path, plan: Plan | None = None) -> str:
    plan = plan or kiosk()
    return dockerfiles.files(plan, layout(plan, root))[f"docker/{name}.Dockerfile"]


def test_there_is_an_image_for_each_process_and_for_each_schema() -> None:
    assert [each.name for each in dockerfiles.images(kiosk())] == [
        *("papers-migrate", "ledger-migrate", "web", "enrichment"),
    ]


def test_every_image_of_the_system_that_azure_is_to_run_is_built() -> None:
    named = set(re.findall(r"/kiosk/([a-z-]+):", repr([each.body for each in graph(kiosk()).resources])))

    assert named == {each.name for each in dockerfiles.images(kiosk())}


def test_a_command_is_run_as_words_with_its_port_in_place(root: Path) -> None:
    command = re.search(r"^CMD (.*)$", dockerfile("web", root), re.MULTILINE)

    assert command
    assert json.loads(command[1]) == ["python", "-m", "kiosk.web", "--port", "8000", "--title", "A kiosk"]


def test_a_service_is_asked_at_its_own_port_and_path_and_given_its_time_to_start(root: Path) -> None:
    text = dockerfile("web", root)

    assert "EXPOSE 8000" in text
    assert "http://127.0.0.1:8000/health" in text
    assert "--start-period=90s" in text


def test_a_worker_listens_nowhere_and_is_asked_nothing(root: Path) -> None:
    text = dockerfile("enrichment", root)

    assert "HEALTHCHECK NONE" in text
    assert "EXPOSE" not in text
    assert "HOST=" not in text


@pytest.mark.parametrize("name", ["web", "enrichment", "ledger-migrate"])
def test_nothing_runs_as_root_and_no_base_is_whatever_is_the_latest(name: str, root: Path) -> None:
    text = dockerfile(name, root)
    last = text.split("AS runtime")[1]

    assert f"USER {dockerfiles.USER}:{dockerfiles.USER}" in last
    assert "latest" not in text
    for base in re.findall(r"^FROM (\S+)", text, re.MULTILINE):
        assert re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+-[a-z-]+(\$\{DIGEST\})?", base)


def test_the_stages_of_all_images_are_alike_so_that_they_are_built_once(root: Path) -> None:
    stages = {
        dockerfile(name, root).split("ARG DIGEST")[1].split("LABEL")[0] for name in ("web", "enrichment")
    }

    assert len(stages) == 1


def test_packages_come_from_the_lock_with_their_hashes(root: Path) -> None:
    text = dockerfile("web", root)

    assert "--require-hashes --requirement locks/uv.txt" in text
    assert text.count("constraint locks/kiosk.txt") == 2


def test_a_page_is_bundled_in_a_stage_of_its_own_where_there_is_one(root: Path, tmp_path: Path) -> None:
    assert f"FROM {dockerfiles.NODE} AS page" in dockerfile("web", root)

    (root / "systems/kiosk/web/package-lock.json").unlink()

    assert "node" not in dockerfile("web", root)


def test_a_static_site_is_no_part_of_an_image(root: Path) -> None:
    system = System("kiosk", region="eastus2")
    system.service("api", "python -m kiosk.api", port=8000, health="/health")
    system.site("page", directory="web", port=8001)

    assert "node" not in dockerfile("api", root, system.plan())


def test_folders_of_blobs_are_there_to_be_written_by_who_runs(root: Path) -> None:
    assert "install --directory --owner app --group app /data /data/models" in dockerfile("web", root)


def test_the_builder_sees_nothing_but_what_it_needs(root: Path) -> None:
    plan = kiosk()
    seen = dockerfiles.files(plan, layout(plan, root))["docker/web.Dockerfile.dockerignore"].splitlines()

    assert seen[1] == "*"
    assert {line for line in seen if line.startswith("!")} == {
        *("!locks/uv.txt", "!locks/kiosk.txt", "!systems/kit", "!systems/kiosk"),
    }
    assert "**/.env" in seen
