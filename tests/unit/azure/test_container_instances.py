from __future__ import annotations

from typing import Any

import pytest

from seatrial import System
from seatrial.azure import container_instances, identity, network
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Parameter

GROUPS = "Microsoft.ContainerInstance/containerGroups"
RECORDS = "Microsoft.Network/privateDnsZones/A"


def kiosk(region: str = "eastus2") -> System:
    return System("kiosk", region=region)


def service(system: System, name: str = "box", **wanted: Any) -> Any:
    given = {"port": 8000, "replicas": (1, 1), "host": "container instances", **wanted}
    return system.service(name, f"python -m kiosk.{name}", **given)


def properties(made: Graph, index: int = 0) -> Any:
    return made.of(GROUPS)[index].body["properties"]


def trouble(system: System) -> str:
    with pytest.raises(Refused) as refused:
        graph(system.plan())
    (only,) = refused.value.troubles
    return f"{only.part}: {only.what}"


def test_a_group_runs_inside_the_network_as_itself() -> None:
    system = kiosk()
    service(system, cpu=0.5, memory="1.5 GiB")

    made = graph(system.plan())

    at = Stamp(plan=made.plan, region="eastus2")
    group, who = properties(made), Id(of=identity.ref("box", at))
    assert group["subnetIds"] == [{"id": Id(of=network.subnet("instances", at))}]
    assert group["ipAddress"] == {"type": "Private", "ports": [{"port": 8000, "protocol": "TCP"}]}
    assert group["imageRegistryCredentials"][0]["identity"] == who
    assert made.of(GROUPS)[0].body["identity"]["userAssignedIdentities"] == {who: {}}
    (container,) = group["containers"]
    assert container["properties"]["resources"] == {"requests": {"cpu": 0.5, "memoryInGB": 1.5}}
    assert container["properties"]["livenessProbe"]["httpGet"]["path"] == "/health"
    assert "zones" not in made.of(GROUPS)[0].body


def test_replicas_are_groups_in_turn_over_the_zones_under_one_name() -> None:
    system = kiosk()
    service(system, replicas=(2, 2))

    made = graph(system.plan())

    at = Stamp(plan=made.plan, region="eastus2")
    assert [(each.ref.name, each.body["zones"]) for each in made.of(GROUPS)] == [
        ("box", ["1"]),
        ("box-2", ["2"]),
    ]
    (record,) = made.of(RECORDS)
    assert record.ref.parent is not None
    assert f"{record.ref.name}.{record.ref.parent.name}" == container_instances.host("box", at)
    assert record.body["properties"]["aRecords"] == [
        {"ipv4Address": Out(of=each.ref, path="properties.ipAddress.ip")} for each in made.of(GROUPS)
    ]


def test_a_region_without_zones_spreads_nothing() -> None:
    system = kiosk("westus")
    service(system, replicas=(2, 2))

    assert all("zones" not in each.body for each in graph(system.plan()).of(GROUPS))


def test_users_find_a_group_by_its_name() -> None:
    system = kiosk()
    box = service(system)
    system.service("web", "python -m kiosk.web", port=8001, uses=[box])

    (app,) = graph(system.plan()).of("Microsoft.App/containerApps")

    (container,) = app.body["properties"]["template"]["containers"]
    assert {"name": "BOX_URL", "value": "http://box.kiosk.internal:8000"} in container["env"]


def test_a_worker_answers_nobody() -> None:
    system = kiosk()
    system.worker("mail", "python -m kiosk.mail", host="container instances")

    made = graph(system.plan())

    assert "ipAddress" not in properties(made)
    assert made.of(RECORDS) == ()


def test_secrets_come_by_secure_parameters_that_are_those_of_the_vault() -> None:
    system = kiosk()
    key = system.secret("api-key")
    papers = system.postgres("papers", sign_in="password")
    service(system, uses=[key, papers])

    made = graph(system.plan())

    (container,) = properties(made)["containers"]
    said = {each["name"]: each for each in container["properties"]["environmentVariables"]}
    for name in ("API_KEY", "PGPASSWORD"):
        assert "value" not in said[name]
        asked = said[name]["secureValue"]
        assert isinstance(asked, Parameter)
        assert asked.secret
        kept = [each.body["properties"]["value"] for each in made.of("Microsoft.KeyVault/vaults/secrets")]
        assert asked in kept


def test_a_job_is_refused() -> None:
    system = kiosk()
    system.job("tidy", "python -m kiosk.tidy", host="container instances")

    assert trouble(system) == (
        "tidy: Container Instances starts a container as soon as it is deployed, and has no clock"
    )


def test_answering_the_world_is_refused() -> None:
    system = kiosk()
    service(system, public=True)

    assert trouble(system) == "box: Container Instances has no TLS, so it answers inside the network only"


def test_front_door_before_a_group_is_refused() -> None:
    system = kiosk()
    box = service(system)
    system.front_door("door", routes={"/*": box}, tier="premium")

    assert trouble(system) == "box: Front Door has no private way to Container Instances"


def test_more_than_a_group_may_have_is_refused() -> None:
    system = kiosk()
    service(system, cpu=40, memory="100 GiB")

    assert trouble(system) == (
        "box: 40 cores with 100 GiB are more than a group may have: 31 cores and 240 GiB"
    )


def test_a_group_has_no_right_in_the_vault_as_it_is_given_its_secrets_when_deployed() -> None:
    system = kiosk()
    key = system.secret("key")
    store = system.postgres("store", sign_in="password")
    service(system, uses=[key, store])

    made = graph(system.plan())

    held = {each.ref for each in made.of("Microsoft.KeyVault/vaults/secrets")}
    assert not [each for each in made.of("Microsoft.Authorization/roleAssignments") if each.scope in held]
