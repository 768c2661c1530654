"""Whether a plan can carry a load: what stands in the way, part by part.

A process stands in the way when its most replicas have not the cores, or may not take the requests at once;
machines that several share, when all their processes together need more cores or memory than the most
machines have; a store, when it cannot grow to what is to be kept, or is allowed fewer request units than are
needed. What a query costs a database's cores, no figure says, so they are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from seatrial.azure.app_service_plans import SIZES
from seatrial.azure.graph import Graph
from seatrial.azure.pools import OWN
from seatrial.azure.postgres_sizes import LARGEST_GIB, storage_gib
from seatrial.bill.machine_sizes import machine
from seatrial.bill.questions.demand import Demand, demands
from seatrial.bill.range import NOTHING, Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage
from seatrial.bill.words import counted, in_unit
from seatrial.bill.work import windows
from seatrial.model import (
    AppServicePlan,
    Documents,
    Job,
    NodePool,
    Part,
    Postgres,
    Process,
    Requests,
    Sandbox,
    Schedule,
    Temporal,
)
from seatrial.model.value import Value

if TYPE_CHECKING:
    from seatrial.bill.bill import Bill

__all__ = ["FULL", "GROWS_BELOW_GIB", "Obstacle", "obstacles", "stopped"]

FULL = Decimal("0.95")
"""The share of its disk at which PostgreSQL takes no more writes.

Source: https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd
"""

GROWS_BELOW_GIB = 4095
"""Up to which a disk of PostgreSQL grows by itself: not over the border of 4,096 GiB.

Source: https://learn.microsoft.com/azure/postgresql/scale/how-to-auto-grow-storage
"""

GIB = 2**30
PODS = 110
"""On a machine at most, as our node pools say."""


class Obstacle(Value):
    """Something that a load needs more of than there is."""

    part: str
    needs: Range
    has: Decimal
    sentence: str
    """With part and figures, without a full stop."""

    @property
    def sure(self) -> bool:
        """Whether even what is most likely needed is not there; else only the most that may be."""
        return self.needs.likely > self.has


def obstacles(graph: Graph, usage: Usage) -> tuple[Obstacle, ...]:
    """All that stands in the way of a load, or may; those that are sure first.

    Figures that the bill stands on are the same here when it was made with the same `usage` before.
    """
    reckoning = Reckoning(graph, usage)
    found = [*_processes(reckoning), *_stores(reckoning)]
    missing = (each for each in found if each.needs.high > each.has)
    return tuple(sorted(missing, key=lambda each: (not each.sure, each.part)))


def _processes(reckoning: Reckoning) -> Iterator[Obstacle]:
    shared: dict[AppServicePlan | NodePool, list[Demand]] = {}
    for demand in demands(reckoning):
        process = demand.process
        if isinstance(process.host, AppServicePlan):
            shared.setdefault(process.host, []).append(demand)
            continue
        if process.hosted_by == "aks":
            pool = process.host if isinstance(process.host, NodePool) else OWN
            shared.setdefault(pool, []).append(demand)
        yield from _replicas(demand)
    for machines, on_it in shared.items():
        if isinstance(machines, AppServicePlan):
            yield from _farm(machines, on_it)
        else:
            yield from _pool(machines, on_it, reckoning)


# -- replicas -------------------------------------------------------------------------------------------


def _replicas(demand: Demand) -> Iterator[Obstacle]:
    process = demand.process
    most = process.replicas[0 if process.hosted_by == "container instances" else 1]
    replicas = f"{most} replica" + ("" if most == 1 else "s")
    each = Decimal(str(process.cpu))
    by_items = demand.busy * each
    cores = demand.cores_of_requests + by_items
    yield Obstacle(
        part=process.name,
        needs=cores,
        has=most * each,
        sentence=f"{process.name}: {_of(cores)} cores are in use in working hours ({demand.formula}), "
        f"{replicas} of {counted(each)} {_have(most)} {counted(most * each)}",
    )
    rules = [rule.concurrent for rule in process.scale if isinstance(rule, Requests)]
    if rules:
        has = Decimal(most * min(rules))
        yield Obstacle(
            part=process.name,
            needs=demand.at_once,
            has=has,
            sentence=f"{process.name}: {_of(demand.at_once)} requests are under way at once, "
            f"{replicas} {'takes' if most == 1 else 'take'} {min(rules)} each",
        )


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _of(needs: Range) -> str:
    if needs.exact:
        return counted(needs.likely)
    return f"{counted(needs.likely)} ({counted(needs.low)} to {counted(needs.high)})"


# -- machines that several share ------------------------------------------------------------------------


def _farm(machines: AppServicePlan, on_it: list[Demand]) -> Iterator[Obstacle]:
    """Every machine of a plan of App Service runs all its apps."""
    size = SIZES.get(machines.size)
    if size is None:
        return
    number, (cores, gib) = machines.instances[1], size
    needed = total(demand.cores for demand in on_it)
    names = " and ".join(demand.process.name for demand in on_it)
    they = f"{number} × {machines.size} {_have(number)}"
    yield Obstacle(
        part=machines.name,
        needs=needed,
        has=Decimal(number * cores),
        sentence=f"{machines.name}: {_of(needed)} cores are in use by {names} in working hours, "
        f"{they} {number * cores}",
    )
    memory = exactly(sum((Decimal(demand.process.memory.bytes) for demand in on_it), Decimal(0)) / GIB)
    yield Obstacle(
        part=machines.name,
        needs=memory,
        has=Decimal(gib),
        sentence=f"{machines.name}: {_of(memory)} GiB are asked for by {names} on every machine, "
        f"a {machines.size} has {gib}",
    )


def _pool(machines: NodePool, on_it: list[Demand], reckoning: Reckoning) -> Iterator[Obstacle]:
    """Room for the replicas that are needed, the fewest at least, of all that runs on a pool."""
    size = machine(machines.machine)
    if size is None:
        return
    room, most = size.room(PODS), machines.nodes[1]
    cores, memory, gpus = NOTHING, NOTHING, NOTHING
    for demand in on_it:
        replicas = _needed(demand)
        cores = cores + replicas * Decimal(str(demand.process.cpu))
        memory = memory + replicas * (Decimal(demand.process.memory.bytes) / GIB)
        gpus = gpus + replicas * demand.process.gpus
    for other in _others_on(machines, reckoning):
        number = other.replicas if isinstance(other, Temporal) else 1
        cores = cores + Decimal(str(other.cpu)) * number
        memory = memory + Decimal(other.memory.bytes) / GIB * number
    they = f"{most} × {machines.machine} leave"
    asked = (("cores", cores), ("GiB", memory), ("GPUs", gpus))
    for (what, needs), each in zip(asked, room, strict=True):
        yield Obstacle(
            part=machines.name,
            needs=needs,
            has=each * most,
            sentence=f"{machines.name}: its pods ask for {_of(needs)} {what}, {they} {counted(each * most)}",
        )


def _needed(demand: Demand) -> Range:
    """Whole replicas, the fewest at least and the most at most: what is more stands in the way of itself."""
    fewest, most = demand.process.replicas
    cores = demand.cores / Decimal(str(demand.process.cpu))
    return cores.map(lambda number: number.to_integral_value("ROUND_CEILING")).at_least(fewest).at_most(most)


def _others_on(machines: NodePool, reckoning: Reckoning) -> Iterator[Process | Temporal]:
    """What runs there beside services and workers; of jobs, one run each."""
    for part in reckoning.plan.parts:
        if isinstance(part, Job | Schedule | Temporal) and (
            part.host == machines or (part.host == "aks" and machines is OWN)
        ):
            yield part


# -- stores ---------------------------------------------------------------------------------------------


def stopped(made: Bill, found: Iterable[Obstacle]) -> tuple[str, ...]:
    """Why the most likely load cannot be carried: what is surely in the way, and what else the bill knows."""
    sure = [each for each in found if each.sure]
    told = {each.part for each in sure}
    also = (each for each in made.warnings if each.stops and each.part not in told)
    return (*(each.sentence for each in sure), *(f"{each.part}: {each.sentence}" for each in also))


def _stores(reckoning: Reckoning) -> Iterator[Obstacle]:
    for sandbox in reckoning.plan.of(Sandbox):
        yield from _sessions(sandbox, reckoning)
    for store in reckoning.plan.of(Postgres):
        yield from _disk(store, reckoning)
    for database in reckoning.plan.of(Documents):
        yield from _request_units(database, reckoning)


def _disk(store: Postgres, reckoning: Reckoning) -> Iterator[Obstacle]:
    """A disk doubles by itself when it fills, but not over 4,095 GiB."""
    stored, disk = _known(reckoning, store, "stored"), storage_gib(store.storage)
    if stored is None or disk is None:
        return
    largest = GROWS_BELOW_GIB if disk <= GROWS_BELOW_GIB else LARGEST_GIB
    limit = largest * GIB * FULL
    yield Obstacle(
        part=store.name,
        needs=stored,
        has=limit,
        sentence=f"{store.name}: {in_unit(stored.likely, 'bytes')} are to be kept, its disk grows by itself "
        f"to {in_unit(Decimal(largest * GIB), 'bytes')} and takes no more writes when it is 95 % full",
    )


def _sessions(sandbox: Sandbox, reckoning: Reckoning) -> Iterator[Obstacle]:
    """At once = sessions × (time in use + time until it is taken for idle) ÷ seconds of the working hours."""
    sessions = _known(reckoning, sandbox, "sessions")
    used = _known(reckoning, sandbox, "session_time")
    if sessions is None or used is None:
        return
    held, window = used + Decimal(sandbox.idle.microseconds) / 1_000_000, windows(reckoning)
    a_month = sessions * held / len(reckoning.plan.regions)
    needs = Range(a_month.low / window.high, a_month.likely / window.likely, a_month.high / window.low)
    yield Obstacle(
        part=sandbox.name,
        needs=needs,
        has=Decimal(sandbox.most),
        sentence=f"{sandbox.name}: {_of(needs)} sessions are held at once in working hours, "
        f"{sandbox.most} may be",
    )


def _request_units(database: Documents, reckoning: Reckoning) -> Iterator[Obstacle]:
    figures = [_known(reckoning, database, name) for name in ("reads", "read_units", "writes", "write_units")]
    reads, read_units, writes, write_units = figures
    if database.throughput is None or reads is None or writes is None:
        return
    if read_units is None or write_units is None:
        return
    window = windows(reckoning)
    a_month = reads * read_units + writes * write_units
    needs = Range(a_month.low / window.high, a_month.likely / window.likely, a_month.high / window.low)
    yield Obstacle(
        part=database.name,
        needs=needs,
        has=Decimal(database.throughput),
        sentence=f"{database.name}: {_of(needs)} request units a second are needed in working hours, "
        f"{counted(Decimal(database.throughput))} are allowed",
    )


def _known(reckoning: Reckoning, part: Part, name: str) -> Range | None:
    """A figure that somebody has stated, or that the bill stands on."""
    return reckoning.usage.known(name, part)
