"""What could be changed about a plan to make its bill smaller, each with what it gives up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.bill.bill import Bill
from seatrial.bill.savings import (
    changes_data,
    changes_edge,
    changes_ground,
    changes_postgres,
    changes_processes,
)
from seatrial.bill.savings.change import Change
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    AppServicePlan,
    Blobs,
    Cache,
    Documents,
    FrontDoor,
    ModelApi,
    Network,
    NodePool,
    Part,
    Plan,
    Postgres,
    Sandbox,
    Service,
    Temporal,
    Worker,
)
from seatrial.model.changing import StillNamed, mistakes_in

__all__ = ["allowed", "is_sound", "possible"]

OF_PART: Mapping[type[Part], Callable[[Any, Plan], Iterator[Change]]] = {
    ApiManagement: changes_edge.of_api_management,
    AppServicePlan: changes_processes.of_app_service_plan,
    ApplicationGateway: changes_edge.of_application_gateway,
    Blobs: changes_data.of_blobs,
    Cache: changes_data.of_cache,
    Documents: changes_data.of_documents,
    FrontDoor: changes_edge.of_front_door,
    ModelApi: changes_data.of_model_api,
    Network: changes_ground.of_network,
    NodePool: changes_processes.of_node_pool,
    Sandbox: changes_processes.of_sandbox,
    Service: changes_processes.of_process,
    Temporal: changes_processes.of_temporal,
    Worker: changes_processes.of_process,
}
"""What is done once and ends, rules and pages cost next to nothing, so nothing is offered for them."""


def possible(plan: Plan, bill: Bill, regions: Collection[str] = ()) -> Iterator[Change]:
    """Every change that neither the system file nor Azure refuses, whether it saves or not.

    Each comes when its graph has just been made, which `seatrial.azure.compile.graph` then still knows.

    Args:
        bill: of the plan, without any commitment.
        regions: those that have prices.
    """
    yield from changes_ground.commitments(bill)
    for change in _thought_of(plan, bill, regions):
        if allowed(change):
            yield change


def _thought_of(plan: Plan, bill: Bill, regions: Collection[str]) -> Iterator[Change]:
    kept = {each.key: each.amount.likely for each in bill.assumptions}
    for part in plan.parts:
        offers = OF_PART.get(type(part))
        if isinstance(part, Postgres):
            yield from changes_postgres.of_postgres(part, plan, kept.get(f"{part.name}.stored"))
        elif offers is not None:
            yield from offers(part, plan)
    yield from changes_ground.of_registry(plan)
    yield from changes_ground.of_logs(plan, bill)
    yield from changes_ground.in_other_regions(plan, regions)


def allowed(change: Change) -> bool:
    """Whether the changed plan could be written, and deployed on Azure."""
    try:
        return is_sound(change.plan)
    except StillNamed:
        return False


def is_sound(plan: Plan) -> bool:
    """Whether neither the model nor Azure refuses a plan."""
    if mistakes_in(plan):
        return False
    try:
        graph(plan)
    except Refused:
        return False
    return True
