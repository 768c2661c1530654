"""What leaves Azure, and to whom it is charged."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill
from seatrial.bill.charges import Charge
from seatrial.bill.egress import of_cluster, of_process, outermost
from seatrial.bill.range import exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage
from seatrial.model import Service


def edges(*names: str, public: bool = False) -> System:
    """A service `api`, and before it the edges that are named."""
    system = System("coast", region="eastus2", also_in=["westeurope"])
    api = system.service("api", "serve", port=8000, health="/health", public=public)
    gateway = None
    if "apis" in names:
        gateway = system.api_management("apis", apis={"things": api}, publisher="Us")
    if "gateway" in names:
        system.application_gateway("gateway", routes={"/*": api})
    if "door" in names:
        system.front_door("door", routes={"/*": gateway or api})
    if "way" in names:
        system.traffic_manager("way", to=gateway or api, routing="performance", health="/health")
    return system


@pytest.mark.parametrize(
    ("before", "public", "name"),
    [
        ((), False, None),
        ((), True, "api"),
        (("way",), False, "api"),
        (("apis",), False, "apis"),
        (("apis", "way"), False, "apis"),
        (("gateway",), False, "gateway"),
        (("door",), True, "door"),
        (("apis", "door"), False, "door"),
        (("apis", "door", "way"), False, "door"),
    ],
)
def test_answers_leave_through_what_stands_outermost(
    before: tuple[str, ...], public: bool, name: str | None
) -> None:
    plan = edges(*before, public=public).plan()
    (api,) = plan.of(Service)

    found = outermost(api, plan)

    assert (found and found.name) == name


def leaving(system: System, resource: str, charges: Callable[..., Any] = of_process) -> dict[str, Charge]:
    """What is charged for traffic to the world, by the region of the resource, of all of one type."""
    plan = system.plan()
    made = graph(plan)
    reckoning = Reckoning(made, Usage(plan))
    return {each.region: charge for each in made.of(resource) for charge in charges(each, reckoning)}


def shop(host: str | None = None, also_in: tuple[str, ...] = (), public: bool = True) -> System:
    """A service that the world asks a million times for 500 KB: 500 GB."""
    system = System("shop", region="eastus2", also_in=list(also_in))
    where: dict[str, Any] = {} if host is None else {"host": host}
    if host == "aks":
        where = {"host": system.node_pool("pool", machine="Standard_D4s_v5", nodes=(1, 2))}
    if host == "app service":
        where = {"host": system.app_service_plan("machine", size="P1v3")}
    system.service("web", "serve", port=8000, health="/health", public=public, **where)
    system.usage(requests="1M/month", answer_size="500 KB")
    return system


@pytest.mark.parametrize(
    ("host", "resource", "charges"),
    [
        (None, "Microsoft.App/containerApps", of_process),
        ("app service", "Microsoft.Web/sites", of_process),
        ("aks", "Microsoft.ContainerService/managedClusters", of_cluster),
    ],
)
def test_a_public_service_sends_its_answers_out_itself(
    host: str | None, resource: str, charges: Callable[..., Any]
) -> None:
    out = leaving(shop(host), resource, charges)["eastus2"]

    assert out.quantity == exactly(500)
    assert out.part == "web"
    assert out.formula == "1,000,000 answers × 500 KB"
    assert not out.steady


def test_a_service_that_nobody_outside_asks_sends_nothing_out() -> None:
    assert leaving(shop(public=False), "Microsoft.App/containerApps") == {}


def test_regions_of_one_part_of_the_world_share_a_meter_and_its_free_share() -> None:
    out = leaving(shop(also_in=("westeurope", "southeastasia", "eastasia")), "Microsoft.App/containerApps")

    assert {region: charge.meter.region for region, charge in out.items()} == {
        "eastus2": "eastus2",
        "westeurope": "eastus2",
        "southeastasia": "southeastasia",
        "eastasia": "eastasia",
    }
    assert {charge.quantity.likely for charge in out.values()} == {Decimal(125)}


def test_the_first_hundred_gb_are_free_once(priced: Callable[[System], Bill]) -> None:
    system = edges("apis")
    system.usage(requests="1M/month", answer_size="500 KB")

    bill = priced(system)

    # 250 GB in each of two regions on one meter: 500 − 100 = 400 × 0.087 = 34.80
    out = [each.amount for each in bill.lines if each.what == "traffic out"]
    assert sum(out, exactly(0)) == exactly(Decimal("34.80"))
