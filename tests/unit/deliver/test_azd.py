from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from seatrial.deliver import files
from seatrial.model import Plan, System


def project(plan: Plan, root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    made = files(plan, root)
    return yaml.safe_load(made["azure.yaml"]), json.loads(made["infra/main.parameters.json"])["parameters"]


def kiosk() -> System:
    system = System("kiosk", region="eastus2")
    papers = system.postgres("papers", sign_in="password", migrate="python -m kiosk.store migrate")
    system.service("web", "python -m kiosk.web", port=8000, health="/health", public=True, uses=[papers])
    system.worker("digger", "python -m kiosk.digger", uses=[papers])
    system.job("fill", "python -m kiosk.fill", title="Fill it", uses=[papers])
    system.site("page", directory="page", port=8001)
    return system


def test_azd_takes_the_apps_by_the_names_of_their_resources(tmp_path: Path) -> None:
    document, _ = project(kiosk().plan(), tmp_path)

    services = document["services"]
    assert {name: each["host"] for name, each in services.items()} == {
        "web": "containerapp",
        "digger": "containerapp",
        "page": "staticwebapp",
    }
    assert services["web"]["resourceName"] == "web"
    assert services["web"]["docker"]["path"] == "build/kiosk/docker/web.Dockerfile"
    assert document["resourceGroup"] == "kiosk-${AZURE_ENV_NAME}"


def test_azd_deploys_the_same_template_after_the_images_are_there(tmp_path: Path) -> None:
    document, _ = project(kiosk().plan(), tmp_path)

    assert document["infra"] == {"provider": "bicep", "path": "infra", "module": "main"}
    hook = document["hooks"]["preprovision"]["run"]
    assert hook.index(" ground") < hook.index(" images")


def test_azd_is_asked_for_what_the_template_has_no_value_for(tmp_path: Path) -> None:
    _, parameters = project(kiosk().plan(), tmp_path)

    assert parameters["papersPassword"] == {"value": "${PAPERS_PASSWORD}"}
    assert parameters["environment"] == {"value": "${AZURE_ENV_NAME}"}
    assert parameters["imageTag"] == {"value": "${IMAGE_TAG}"}
    assert "webLive" not in parameters


def test_in_several_regions_azd_has_a_service_for_each(tmp_path: Path) -> None:
    system = System("kiosk", region="eastus2", also_in=["westeurope"])
    system.worker("digger", "python -m kiosk.digger")

    document, _ = project(system.plan(), tmp_path)

    assert list(document["services"]) == ["digger-eastus2", "digger-westeurope"]


def test_what_runs_on_a_cluster_is_one_service_with_its_manifests(tmp_path: Path) -> None:
    system = System("kiosk", region="eastus2")
    pool = system.node_pool("machines", machine="Standard_D4s_v5", nodes=(2, 4))
    system.worker("digger", "python -m kiosk.digger", host=pool)
    plan = system.plan()

    document, _ = project(plan, tmp_path)

    (service,) = document["services"].values()
    assert service["host"] == "aks"
    assert f"{service['k8s']['deploymentPath']}/kustomization.yaml" in files(plan, tmp_path)


def test_a_system_for_which_azd_has_no_host_is_a_project_without_services(tmp_path: Path) -> None:
    system = System("kiosk", region="eastus2")
    system.job("fill", "python -m kiosk.fill", title="Fill it")

    document, _ = project(system.plan(), tmp_path)

    assert "services" not in document
