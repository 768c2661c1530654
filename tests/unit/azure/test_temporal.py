from __future__ import annotations

from typing import Any

import pytest

from seatrial import System
from seatrial.azure import container_instances, postgres, temporal
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Parameter, plain
from seatrial.model import Plan, Temporal

APPS = "Microsoft.App/containerApps"


def kiosk(host: Any = "container apps", user: Any = None, **wanted: Any) -> System:
    """A system with an engine, and a worker that uses it."""
    system = System("kiosk", region="eastus2")
    history = system.postgres("history", sign_in=wanted.pop("sign_in", "password"))
    engine = system.temporal("engine", history=history, host=host, **wanted)
    system.worker("mail", "python -m kiosk.mail", uses=[engine], host=user or host)
    return system


def engine(plan: Plan) -> tuple[Temporal, Stamp]:
    (only,) = plan.of(Temporal)
    return only, Stamp(plan=plan, region="eastus2")


def app(made: Graph) -> Any:
    return next(each.body["properties"] for each in made.of(APPS) if each.ref.name == "engine")


def said(container: Any, key: str = "env") -> dict[str, Any]:
    return {each["name"]: each for each in container[key]}


def troubles(system: System) -> list[str]:
    with pytest.raises(Refused) as refused:
        graph(system.plan())
    return [f"{each.part}: {each.what}" for each in refused.value.troubles]


def test_the_schema_is_brought_up_to_date_before_the_server_starts() -> None:
    template = app(graph(kiosk().plan()))["template"]

    (before,) = template["initContainers"]
    assert before["name"] == "schema"
    assert "temporal-sql-tool update-schema" in before["command"][2]
    assert [each["name"] for each in template["containers"]] == ["server", "namespace", "ui"]


def test_the_server_signs_in_to_its_history_by_a_password_of_the_vault_over_tls() -> None:
    made = graph(kiosk().plan())
    part, at = engine(made.plan)

    properties = app(made)
    server = said(properties["template"]["containers"][0])
    assert server["POSTGRES_SEEDS"]["value"] == postgres.host(part.history, at)
    assert (server["DB"]["value"], server["SQL_TLS_ENABLED"]["value"]) == ("postgres12", "true")
    assert (server["DBNAME"]["value"], server["VISIBILITY_DBNAME"]["value"]) == (
        "history",
        "history_visibility",
    )
    assert server["POSTGRES_PWD"] == {"name": "POSTGRES_PWD", "secretRef": "postgres-pwd"}
    assert {each["name"] for each in properties["configuration"]["secrets"]} == {
        "postgres-pwd",
        "sql-password",
    }
    allowed = made.by_ref[postgres.ref(part.history, at).child("configurations", "azure.extensions")]
    assert allowed.body["properties"]["value"] == "btree_gin"


def test_in_container_apps_it_answers_by_tcp_inside_the_environment_only() -> None:
    made = graph(kiosk().plan())

    ingress = app(made)["configuration"]["ingress"]

    assert (ingress["transport"], ingress["exposedPort"], ingress["external"]) == ("tcp", 7233, False)
    assert [each["exposedPort"] for each in ingress["additionalPortMappings"]] == [8080]
    assert app(made)["template"]["scale"] == {"minReplicas": 1, "maxReplicas": 1}


@pytest.mark.parametrize(("cores", "size"), [(1, "2 GiB"), (2, "3 GiB"), (0.5, "3 GiB")])
def test_all_containers_together_are_a_size_that_container_apps_have(cores: float, size: str) -> None:
    template = app(graph(kiosk(cpu=cores, memory=size).plan()))["template"]

    sizes = [each["resources"] for each in template["containers"]]
    total = sum(each["cpu"] for each in sizes)
    assert sum(float(each["memory"].removesuffix("Gi")) for each in sizes) == 2 * total
    assert total % 0.25 == 0
    assert sizes[0]["cpu"] >= cores


def test_without_a_page_nothing_of_it_is_there() -> None:
    made = graph(kiosk(ui=False).plan())

    assert "additionalPortMappings" not in app(made)["configuration"]["ingress"]
    assert [each["name"] for each in app(made)["template"]["containers"]] == ["server", "namespace"]
    assert not any(image.startswith("temporalio/ui:") for image in temporal.images(made.plan))


def test_in_container_instances_one_group_has_it_all_and_a_secure_value_for_a_password() -> None:
    made = graph(kiosk("container instances").plan())

    at = Stamp(plan=made.plan, region="eastus2")
    group = made.by_ref[container_instances.group("engine", at)].body["properties"]
    assert [each["port"] for each in group["ipAddress"]["ports"]] == [7233, 8080]
    assert group["volumes"] == [{"name": "dynamic", "emptyDir": {}}]
    server = next(each["properties"] for each in group["containers"] if each["name"] == "server")
    password = said(server, "environmentVariables")["POSTGRES_PWD"]["secureValue"]
    assert isinstance(password, Parameter)
    assert password.secret
    assert not [
        each
        for each in made.of("Microsoft.Authorization/roleAssignments")
        if each.scope is not None and each.scope.name == "history-password"
    ]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("container apps", "engine:7233"),
        ("container instances", "engine.kiosk.internal:7233"),
        ("aks", "engine.kiosk.svc.cluster.local:7233"),
    ],
)
def test_users_are_given_host_and_port(host: str, expected: str) -> None:
    part, at = engine(kiosk(host).plan())

    assert temporal.variables(part, at) == {"ENGINE_URL": expected}


def test_images_are_pulled_from_the_systems_own_registry() -> None:
    made = graph(kiosk(version="1.29").plan())
    part, at = engine(made.plan)

    pulled = [plain(each.image, "*") for each in (temporal.first(part, at), *temporal.beside(part, at))]

    assert {f"*/{name}" for name in temporal.images(made.plan)} == set(pulled)
    assert "*/temporalio/server:1.29" in pulled


def test_it_may_read_the_password_of_its_history_and_nothing_else() -> None:
    made = graph(kiosk().plan())

    scopes = [
        str(each.scope.name)
        for each in made.of("Microsoft.Authorization/roleAssignments")
        if each.scope is not None
        and each.body["properties"]["principalId"].of.name == "engine-identity"
        and each.scope.type.startswith("Microsoft.KeyVault")
    ]
    assert scopes == ["history-password"]
    after = next(each for each in made.of(APPS) if each.ref.name == "engine").after
    assert {made.by_ref[ref].type for ref in after} == {"Microsoft.Authorization/roleAssignments"}


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (
            kiosk("app service", user="container apps"),
            "engine: App Service answers HTTP on its own ports only, and Temporal speaks gRPC on 7233",
        ),
        (
            kiosk(replicas=3),
            "engine: replicas of Temporal must reach each other, which those of container apps cannot",
        ),
        (
            kiosk("aks", user="container apps"),
            "engine: mail runs on container apps and does not find Temporal on aks",
        ),
    ],
    ids=["app service", "replicas", "elsewhere"],
)
def test_what_cannot_work_is_refused(system: System, expected: str) -> None:
    assert troubles(system) == [expected]
