"""What the graph itself refuses, and the order in which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from seatrial import System
from seatrial.azure import arm, parameters
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Resource, assembled
from seatrial.azure.values import Id, Parameter, Ref
from seatrial.model import Plan

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


@pytest.fixture
def plan() -> Plan:
    return System("ferry", title="Crossings", region="eastus2").plan()


def resource(kind: str, name: str, **more: Any) -> Resource:
    words = {
        "module": "data",
        "region": "eastus2",
        "symbol": name.lower().replace("-", ""),
        "why": "Is there",
    }
    return Resource(ref=Ref(type=kind, name=name), **(words | more))


def asking(*asked: Parameter) -> Iterator[Resource]:
    for index, each in enumerate(asked):
        yield resource(IDENTITY, f"one-{index}", symbol=f"one{index}", body={"properties": {"x": each}})


def test_names_that_differ_by_case_only_are_refused(plan: Plan) -> None:
    with pytest.raises(Refused, match=r"two resources of .* are called"):
        assembled(plan, [resource(IDENTITY, "desk"), resource(IDENTITY, "Desk", why="Is another")])


def test_a_name_that_azure_does_not_take_is_refused_with_the_way_out(plan: Plan) -> None:
    with pytest.raises(Refused, match="Azure takes 3 to 24") as refused:
        assembled(plan, [resource("Microsoft.Storage/storageAccounts", "a" * 25)])
    assert refused.value.troubles[0].hint


def test_the_same_resource_may_come_twice(plan: Plan) -> None:
    assert len(assembled(plan, [resource(IDENTITY, "desk"), resource(IDENTITY, "desk")]).resources) == 1


def test_resources_stand_after_what_they_need(plan: Plan) -> None:
    needed = resource(IDENTITY, "needed")
    needing = resource(IDENTITY, "needing", body={"properties": {"x": Id(of=needed.ref)}})
    assert assembled(plan, [needing, needed]).resources == (needed, needing)


def test_two_parts_that_ask_for_different_things_by_one_name_are_refused(plan: Plan) -> None:
    key, other = Parameter(name="key", why="A key"), Parameter(name="key", why="Another")
    assembled(plan, asking(key, key))
    with pytest.raises(Refused, match="ask for key"):
        assembled(plan, asking(key, other))


@pytest.mark.parametrize("name", ["environment", "location", "stage", "tags"])
def test_a_part_that_asks_for_what_every_deployment_asks_for_is_refused(name: str, plan: Plan) -> None:
    with pytest.raises(Refused, match=f"ask for {name}"):
        assembled(plan, asking(Parameter(name=name, why="Mine")))


def test_answers_that_differ_each_time_are_read_from_the_environment_and_no_secret_is_written(
    plan: Plan,
) -> None:
    asked = asking(
        Parameter(name="deskKey", why="A key", secret=True),
        Parameter(name="deskKeyExpires", why="When", kind="int"),
        Parameter(name="deskLive", why="Which", default=""),
    )
    becomes = assembled(plan, asked)
    staging = parameters.files(becomes)["parameters/staging.bicepparam"]
    assert "param environment = 'staging'\n" in staging
    assert "param deskKey = readEnvironmentVariable('DESK_KEY')\n" in staging
    assert "param deskKeyExpires = int(readEnvironmentVariable('DESK_KEY_EXPIRES'))\n" in staging
    assert "deskLive" not in staging
    assert set(arm.template(becomes)["parameters"]) >= {"deskKey", "deskKeyExpires", "deskLive"}
