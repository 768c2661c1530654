"""What environments of Container Apps are charged for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.range import Range, exactly
from seatrial.bill.usage import Usage

ENVIRONMENT = "Microsoft.App/managedEnvironments"
FEE = exactly(Decimal("73.00"))  # 730 h × 0.10


def kiosk(public: bool = True) -> tuple[System, Any]:
    system = System("kiosk", region="eastus2")
    return system, system.service("web", "serve", port=8000, health="/health", public=public)


def lines(bill: Bill) -> dict[str, list[Range]]:
    found: dict[str, list[Range]] = {}
    for line in bill.lines:
        if line.type == ENVIRONMENT:
            found.setdefault(line.what, []).append(line.amount)
    return found


def with_profiles(made: Graph, *profiles: Mapping[str, Any]) -> Graph:
    """The same, with other profiles in the environment."""

    def changed(body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**body, "properties": {**body["properties"], "workloadProfiles": list(profiles)}}

    resources = (
        replace(each, body=changed(each.body)) if each.type == ENVIRONMENT else each
        for each in made.resources
    )
    kept = (each for each in resources if each.type.startswith("Microsoft.App/"))
    return replace(made, resources=tuple(kept))


def test_an_environment_in_a_network_brings_addresses_and_a_load_balancer(
    priced: Callable[[System], Bill],
) -> None:
    system, _ = kiosk()

    found = lines(priced(system))

    # 2 × 730 × 0.005, or one address for both ways; 730 × 0.025, or nothing, as on one bill
    assert found == {
        "public addresses": [Range(Decimal("3.65"), Decimal("7.30"), Decimal("7.30"))],
        "load balancer": [Range(Decimal("0.00"), Decimal("18.25"), Decimal("18.25"))],
    }


def test_an_environment_that_answers_inside_only_has_no_address_to_come_in(
    priced: Callable[[System], Bill],
) -> None:
    system, _ = kiosk(public=False)

    (addresses,) = lines(priced(system))["public addresses"]

    assert addresses.likely == Decimal("3.65")  # 730 × 0.005


def test_a_private_link_of_front_door_brings_the_fee_once(priced: Callable[[System], Bill]) -> None:
    system, web = kiosk(public=False)
    system.front_door("door", tier="premium", routes={"/*": web})

    assert lines(priced(system))["management for private endpoints"] == [FEE]


def test_a_front_door_that_comes_by_the_world_brings_no_fee(priced: Callable[[System], Bill]) -> None:
    system, web = kiosk()
    system.front_door("door", tier="standard", routes={"/*": web})

    assert not any(what.startswith("management") for what in lines(priced(system)))


def test_machines_of_ones_own_are_paid_whatever_runs_on_them(book: Book) -> None:
    system, _ = kiosk()
    profile = {"name": "own", "workloadProfileType": "D4", "minimumCount": 1, "maximumCount": 3}
    made = with_profiles(graph(system.plan()), profile)

    found = lines(bill(made, book, Usage(made.plan)))

    # 4 vCPU × 730 h × 0.057077 and 16 GiB × 730 h × 0.004978, up to three times that
    assert found["machines own"] == [
        Range(Decimal("166.66"), Decimal("166.66"), Decimal("499.99")),
        Range(Decimal("58.14"), Decimal("58.14"), Decimal("174.43")),
    ]
    assert found["management for machines of its own"] == [FEE]


def test_apps_on_such_machines_cost_nothing_more(book: Book) -> None:
    system, _ = kiosk()
    profile = {"name": "Consumption", "workloadProfileType": "E4", "minimumCount": 1, "maximumCount": 1}
    made = with_profiles(graph(system.plan()), profile)

    found = bill(made, book, Usage(made.plan))

    whats = {line.what for line in found.lines if line.type == "Microsoft.App/containerApps"}
    assert whats <= {"traffic out", "requests"}
    assert "paid with the machines of the environment" in [free.why for free in found.free]


def test_an_environment_in_azures_own_network_costs_nothing(book: Book) -> None:
    system, _ = kiosk()
    made = graph(system.plan())

    def outside(body: Mapping[str, Any]) -> Mapping[str, Any]:
        kept = {key: value for key, value in body["properties"].items() if key != "vnetConfiguration"}
        return {**body, "properties": kept}

    environments = tuple(replace(each, body=outside(each.body)) for each in made.of(ENVIRONMENT))
    found = bill(replace(made, resources=environments), book, Usage(made.plan))

    assert not found.lines
    assert ("network", "Azure's own network costs nothing") in [(each.what, each.why) for each in found.free]
