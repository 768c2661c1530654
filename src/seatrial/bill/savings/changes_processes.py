"""What could be cheaper about what runs, and the machines it runs on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from seatrial.azure.app_service_plans import SIZES
from seatrial.bill.savings.change import COMFORT, RESILIENCE, Change, Edit, edit, offered
from seatrial.bill.savings.promises import availability_above, to_prove_again, watching
from seatrial.model import (
    AppServicePlan,
    Backlog,
    NodePool,
    Part,
    Plan,
    Process,
    QueueLength,
    Requests,
    Sandbox,
    Service,
    Temporal,
    Worker,
)

__all__ = ["of_app_service_plan", "of_node_pool", "of_process", "of_sandbox", "of_temporal"]


def of_process(part: Process, plan: Plan) -> Iterator[Change]:
    """Fewer replicas where it runs by itself; on shared machines they cost nothing of their own."""
    if not isinstance(part, Service | Worker) or isinstance(part.host, Part):
        return
    fewest, most = part.replicas
    if fewest > 0 and part.hosted_by == "container apps" and _is_woken(part):
        # https://learn.microsoft.com/azure/container-apps/cold-start
        waits = (
            "The first request after a quiet time waits until a container has started"
            if isinstance(part, Service)
            else "The first work after a quiet time waits until a container has started"
        )
        yield offered(
            part,
            plan,
            what=f"No replica of {part.name} while there is nothing to do",
            gives_up=f"{waits}{watching(plan, part)}",
            weight=COMFORT,
            replicas=(0, most),
        )
    if fewest > 1:
        fixed = part.hosted_by == "container instances"
        yield offered(
            part,
            plan,
            what=f"One replica of {part.name}{'' if fixed else ' at least'}, instead of {fewest}",
            gives_up="When its container or its zone fails nothing answers until another has started"
            if isinstance(part, Service)
            else "When its container or its zone fails nothing is worked on until another has started",
            weight=RESILIENCE,
            replicas=(1, 1 if fixed else most),
        )


def _is_woken(part: Service | Worker) -> bool:
    """Whether something wakes it that sleeps; a service without rules is woken by requests."""
    waking = (Backlog, QueueLength, Requests) if isinstance(part, Service) else (Backlog, QueueLength)
    return any(isinstance(rule, waking) for rule in part.scale) or (
        isinstance(part, Service) and not part.scale
    )


def of_sandbox(part: Sandbox, plan: Plan) -> Iterator[Change]:
    """Source: https://learn.microsoft.com/azure/container-apps/session-pool"""
    for ready in dict.fromkeys((part.ready // 2, 0)):
        if ready < part.ready:
            waits = (
                "Every session waits"
                if ready == 0
                else f"Of more than {ready} sessions at once the rest wait"
            )
            yield offered(
                part,
                plan,
                what=f"{ready or 'No'} container{'' if ready == 1 else 's'} of {part.name} ready in advance",
                gives_up=f"{waits} until a container has started; now {part.ready} "
                f"{'is' if part.ready == 1 else 'are'} ready",
                weight=COMFORT,
                ready=ready,
            )


def of_temporal(part: Temporal, plan: Plan) -> Iterator[Change]:
    if part.replicas > 1 and not isinstance(part.host, Part):
        yield offered(
            part,
            plan,
            what=f"One replica of {part.name}, instead of {part.replicas}",
            gives_up="While it is started again no workflow goes on",
            weight=RESILIENCE,
            replicas=1,
        )


def of_app_service_plan(part: AppServicePlan, plan: Plan) -> Iterator[Change]:
    """A smaller size that still holds all that is on it, and fewer machines.

    Source: https://learn.microsoft.com/azure/reliability/reliability-app-service
    """
    here = [each for each in plan.of(Process) if isinstance(each.host, Part) and each.host.name == part.name]
    now = SIZES.get(part.size)
    needed = sum(each.memory.bytes for each in here) / 2**30
    for size, (cores, gib) in SIZES.items():
        if now is not None and cores <= now[0] and gib < now[1] and needed <= gib:
            cut = f"{cores} instead of {now[0]} cores and " if cores < now[0] else ""
            yield offered(
                part,
                plan,
                what=f"{size} machines for {part.name}, instead of {part.size}",
                gives_up=f"{cut}{gib} instead of {now[1]} GiB, of which {needed:g} are asked for"
                f"{_all_again(here, plan)}",
                weight=COMFORT,
                size=size,
            )
    fewest, most = part.instances
    if fewest > 1:
        fields: dict[str, Any] = {"instances": (1, most)}
        if part.zones:
            fields["zones"] = False
        yield offered(
            part,
            plan,
            what=f"One machine of {part.name}{' at least' if most > 1 else ''}, instead of {fewest}",
            gives_up="When it fails nothing on it answers until another has started",
            weight=RESILIENCE,
            **fields,
        )


def of_node_pool(part: NodePool, plan: Plan) -> Iterator[Change]:
    """Fewer machines that always stand, and machines that may be taken back.

    Sources: https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview and
    https://learn.microsoft.com/azure/aks/spot-node-pool
    """
    here = [
        each
        for each in plan.of(Process)
        if isinstance(each, Service | Worker)
        and isinstance(each.host, NodePool)
        and each.host.name == part.name
    ]
    fewest, most = part.nodes
    for count in dict.fromkeys((fewest // 2, 1, 0)):
        # the autoscaler of a cluster wakes no service by its requests
        woken = bool(here) and all(isinstance(each, Worker) and _is_woken(each) for each in here)
        if count >= fewest or (count == 0 and not woken):
            continue
        if count:
            what = f"{count} machine{'' if count == 1 else 's'} of {part.name} at least"
            waits = "What comes in a rush"
        else:
            what = f"No machine of {part.name} while there is nothing to do"
            waits = "The first work after a quiet time"
        yield Change(
            what=f"{what}, instead of {fewest}",
            gives_up=f"{waits} waits some minutes until a machine has started{_all_again(here, plan)}",
            weight=COMFORT,
            base=plan,
            edits=(edit(part, nodes=(count, most)), *_with_fewer(here, part, count)),
        )
    if not part.spot:
        breaks = availability_above(plan, part, Decimal(0))
        yield offered(
            part,
            plan,
            what=f"Spot machines in the pool {part.name}",
            gives_up="Azure takes them back with 30 s of notice whenever it needs them, has none at times, "
            "and promises no availability; what was under way is done again elsewhere",
            weight=RESILIENCE,
            breaks=breaks,
            spot=True,
        )


def _with_fewer(here: list[Service | Worker], pool: NodePool, count: int) -> Iterator[Edit]:
    """The processes that would keep more machines up than shall stand: all, or those that want their GPUs."""
    for each in here:
        fewest, most = each.replicas
        room = count * pool.gpus // each.gpus if each.gpus else fewest if count else 0
        if fewest > room:
            yield edit(each, replicas=(room, most))


def _all_again(here: list[Process] | list[Service | Worker], plan: Plan) -> str:
    return next((told for each in here if (told := to_prove_again(plan, each))), "")
