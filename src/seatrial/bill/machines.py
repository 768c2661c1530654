"""The same load on virtual machines that are always on: what autoscaling and managed hosts save, or do not.

Every process gets machines of its own, enough for its peak with headroom, in every region, all month:

    cores at the peak = the larger of requests a second in working hours and the rate its targets promise,
                        × seconds of a core each, + the same of items × seconds each × its cores
    copies            = cores at the peak ÷ (its cores × 70 %), rounded up; two at least of what the world
                        reaches or of what is promised to be available
    machines          = copies ÷ the copies that fit on one by cores and memory; of copies that must be two,
                        on two machines at least
    amount            = machines × (730 h × price of the machine + its disk)

A promised rate of POST requests is promised of those, too, who receive from the queues that the service
sends to, and so on: they have nobody to help them at the peak. Of the sizes of the family the one that is
cheapest for the most likely peak is taken. Everything that is no compute stays as it is billed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, Line, by_months
from seatrial.bill.book import Book
from seatrial.bill.demand import demand
from seatrial.bill.errors import Missing, PricesMissing
from seatrial.bill.machine_sizes import Machine, machine
from seatrial.bill.meters import Meter, Price, Term
from seatrial.bill.range import Range, exactly, total
from seatrial.bill.rating import committed
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.scaling import MONTH
from seatrial.bill.traffic import entrances
from seatrial.bill.usage import HOURS, Usage
from seatrial.bill.words import counted, in_unit, money, spanned
from seatrial.bill.work import item_time, windows
from seatrial.model import (
    Availability,
    Job,
    Latency,
    NodePool,
    Plan,
    Process,
    Sandbox,
    Schedule,
    Service,
    Temporal,
    Worker,
)
from seatrial.model.value import Value

__all__ = ["FAMILY", "HEADROOM", "MachineLine", "OnMachines", "on_machines"]

FAMILY = ("Standard_D2s_v5", "Standard_D4s_v5", "Standard_D8s_v5")
HEADROOM = Decimal("0.7")
"""The share of its cores that a machine is planned to use at the peak: nothing adds more if it is short."""

DISK = "P4"
"""32 GiB of Premium SSD, the least that holds the 30 GiB of a Linux image.

Source: https://learn.microsoft.com/azure/virtual-machines/disks-types
"""

COMPUTE = frozenset(
    {
        "Microsoft.App/containerApps",
        "Microsoft.App/jobs",
        "Microsoft.App/managedEnvironments",
        "Microsoft.ContainerInstance/containerGroups",
        "Microsoft.ContainerService/managedClusters",
        "Microsoft.ContainerService/managedClusters/agentPools",
        "Microsoft.Web/serverfarms",
        "Microsoft.Web/sites",
    }
)
"""What machines take the place of; the traffic that leaves it is charged all the same."""


class MachineLine(Value):
    """The machines of one process in one region, or their disks."""

    process: str
    region: str
    what: str
    """`machines`, `disks`."""
    size: str
    """`Standard_D4s_v5`, `P4`."""
    number: Range
    price: Price
    """Of an hour, or of a disk and month; under the commitment of the bill, where there is such a price."""
    term: Term | None
    amount: Range
    """`number × 730 h × price`, of a disk `number × price`."""
    formula: str
    """How the most likely number came about."""


class OnMachines(Value):
    """A bill, and the same load on virtual machines."""

    bill: Bill
    kept: tuple[Line, ...]
    """The lines of the bill that stay."""
    replaced: tuple[Line, ...]
    """The lines of the bill that machines take the place of."""
    machines: tuple[MachineLine, ...]
    assumptions: tuple[str, ...]

    @cached_property
    def total(self) -> Range:
        """Of a month on machines."""
        return _range(self._on_machines)

    @cached_property
    def saved(self) -> Range:
        """What the bill is below that, month by month; negative, where machines are cheaper."""
        ours = by_months(self.bill.lines)
        return _range([theirs - our for theirs, our in zip(self._on_machines, ours, strict=True)])

    @cached_property
    def share(self) -> Range:
        """The same as a share of what machines cost: `0.4` is 40 % below."""
        ours = by_months(self.bill.lines)
        return _range(
            [
                1 - our / theirs if theirs else Decimal(0)
                for theirs, our in zip(self._on_machines, ours, strict=True)
            ]
        )

    @cached_property
    def compute_share(self) -> Range:
        """The saved share of compute alone: the machines against the lines that they take the place of."""
        ours, theirs = by_months(self.replaced), total(line.amount for line in self.machines).triple
        return _range(
            [1 - our / their if their else Decimal(0) for our, their in zip(ours, theirs, strict=True)]
        )

    @property
    def _on_machines(self) -> Sequence[Decimal]:
        machines = total(line.amount for line in self.machines).triple
        return [kept + more for kept, more in zip(by_months(self.kept), machines, strict=True)]

    def sentences(self) -> tuple[str, ...]:
        """Both totals and what lies between them, in words."""
        currency = self.bill.currency
        share = self.share
        per_cent = counted((abs(share.likely) * 100).quantize(Decimal("0.1")))
        side = "below" if share.likely >= 0 else "above"
        between = "" if share.exact else f" ({_percent(share.low)} to {_percent(share.high)} saved)"
        saved = money(abs(self.saved.likely), currency)
        return (
            f"as described: {spanned(self.bill.total, currency)} a month",
            f"on virtual machines that are always on: {spanned(self.total, currency)} a month",
            f"that is {saved}, {per_cent} % {side} virtual machines{between}",
        )


def _percent(share: Decimal) -> str:
    text = counted((abs(share) * 100).quantize(Decimal("0.1")))
    return f"{'−' if share < 0 else ''}{text} %"


def _range(three: Sequence[Decimal]) -> Range:
    return Range(min(three), three[1], max(three))


def on_machines(
    graph: Graph,
    book: Book,
    made: Bill,
    usage: Usage,
    *,
    family: Sequence[str] = FAMILY,
) -> OnMachines:
    """What the same load costs on virtual machines, beside its bill.

    Args:
        made: the bill of the graph under this usage.
        usage: the one that the bill was made with; its figures are taken.
        family: the sizes to choose from; processes with GPUs keep the machine of their pool.

    Raises:
        PricesMissing: a machine or disk is not in the book; all are named.
        ValueError: a size of the family is not known.
    """
    sizes = {name: machine(name) for name in family}
    unknown = [name for name, size in sizes.items() if size is None]
    if unknown:
        raise ValueError(f"{' and '.join(unknown)}: not known how large these machines are")
    fleet = _Fleet(graph.plan, book, made.commitment, {name: size for name, size in sizes.items() if size})
    reckoning = Reckoning(graph, usage)
    lines = [line for region in graph.plan.regions for line in fleet.lines(reckoning, region)]
    if fleet.missing:
        raise PricesMissing(tuple(dict.fromkeys(fleet.missing)))
    replaced = tuple(line for line in made.lines if _is_compute(line))
    return OnMachines(
        bill=made,
        kept=tuple(line for line in made.lines if not _is_compute(line)),
        replaced=replaced,
        machines=tuple(lines),
        assumptions=tuple(_assumptions(graph.plan, family)),
    )


def _is_compute(line: Line) -> bool:
    return line.type in COMPUTE and line.price.meter.service != "Bandwidth"


def _assumptions(plan: Plan, family: Sequence[str]) -> Iterator[str]:
    yield f"machines of {', '.join(family)}, each process on its own, sized for its peak with 30 % to spare"
    yield "two machines at least for what the world reaches or what is promised to be available"
    yield "all run 730 h, whatever the hour: nothing scales; each has a disk of 32 GiB (P4)"
    yield "the load balancers before them, and the work of patching and watching them, are not counted"
    if any(isinstance(part, Job | Schedule) for part in plan.parts):
        yield "jobs and schedules share one machine in each region, large enough for the largest of them"
    if plan.of(Sandbox):
        yield "sandboxes stay as they are billed"
    if any(process.gpus for process in plan.parts if isinstance(process, Process)):
        yield "what needs a GPU keeps the machine of its pool, and its spot price where that is spot"
    yield "everything that is no compute stays as it is billed"


class _Fleet:
    """Chooses machines and prices them."""

    def __init__(self, plan: Plan, book: Book, commitment: Term | None, sizes: dict[str, Machine]) -> None:
        self.missing: list[Missing] = []
        self._plan, self._book, self._commitment, self._sizes = plan, book, commitment, sizes
        self._two, self._items = _at_least_two(plan), _promised_items(plan)

    def lines(self, reckoning: Reckoning, region: str) -> Iterator[MachineLine]:
        for part in self._plan.parts:
            if isinstance(part, Service | Worker):
                yield from self._of_process(part, reckoning, region)
            elif isinstance(part, Temporal):
                number = exactly(part.replicas)
                yield from self._of(
                    part.name, _Need(part, number, False, f"{part.replicas} × the engine"), region, None
                )
        ending = [part for part in self._plan.parts if isinstance(part, Job | Schedule)]
        if ending:
            largest = max(ending, key=lambda part: (part.cpu, part.memory.bytes))
            need = _Need(largest, exactly(1), False, f"room for {largest.name}, the largest of {len(ending)}")
            yield from self._of("jobs and schedules", need, region, None)

    def _of_process(
        self, process: Service | Worker, reckoning: Reckoning, region: str
    ) -> Iterator[MachineLine]:
        found = demand(reckoning, process, _promised(self._plan, process))
        two = process.name in self._two
        cpu = Decimal(str(process.cpu))
        window = windows(reckoning)
        busy = Range(
            found.busy.low * MONTH / window.high,
            found.busy.likely * MONTH / window.likely,
            found.busy.high * MONTH / window.low,
        )
        words = found.formula
        if promised := self._items.get(process.name):
            each = item_time(reckoning, process)
            busy = busy.with_(each * promised / len(self._plan.regions), max)
            words = f"{counted(promised * 3600)} items an hour promised × {in_unit(each.likely, 'seconds')}"
        cores = found.cores_of_requests + busy * cpu
        fewest = max(process.replicas[0], 2 if two else 1)
        copies = (cores / (cpu * HEADROOM)).map(_up).at_least(fewest)
        need = _Need(process, copies, two, f"{counted(cores.likely)} cores at the peak, {words}")
        yield from self._of(process.name, need, region, process.host if process.gpus else None)

    def _of(self, name: str, need: _Need, region: str, pool: object) -> Iterator[MachineLine]:
        kept = pool if isinstance(pool, NodePool) else None
        sizes = self._sizes
        if need.gpus:
            size = kept.machine if kept is not None else "Standard_NC4as_T4_v3"
            known = machine(size)
            sizes = {size: known} if known is not None else {}
        spot = kept is not None and kept.spot
        choices = []
        for size, room in sizes.items():
            number = need.machines(room)
            if number is None:
                continue
            price = self._price(_vm(size, region), name)
            if price is not None:
                used, term = self._bought(price, spot)
                choices.append((number.likely * used.tiers[0].price, size, number, used, term, room))
        if not choices:
            return
        _, size, number, used, term, room = min(choices, key=lambda each: each[0])
        fitting = need.fitting(room)
        copies = f"{counted(need.copies.likely)} {'copy' if need.copies.likely == 1 else 'copies'}"
        words = f"{need.why}: {copies}, {fitting} on a machine"
        yield MachineLine(
            process=name,
            region=region,
            what="machines",
            size=size,
            number=number,
            price=used,
            term=term,
            amount=(number * used.tiers[0].price * HOURS).cents(),
            formula=f"{counted(number.likely)} × {HOURS} h ({words})",
        )
        disk = self._price(_disk(region), name)
        if disk is not None:
            yield MachineLine(
                process=name,
                region=region,
                what="disks",
                size=DISK,
                number=number,
                price=disk,
                term=None,
                amount=(number * disk.tiers[0].price).cents(),
                formula=f"{counted(number.likely)} × 32 GiB",
            )

    def _bought(self, price: Price, spot: bool) -> tuple[Price, Term | None]:
        term: Term | None = "spot" if spot else self._commitment
        if term is None or term not in price.terms:
            return price, None
        return committed(price, term), term

    def _price(self, meter: Meter, process: str) -> Price | None:
        price = self._book.price(meter)
        if price is None:
            named = f"a virtual machine for {process}"
            self.missing.append(Missing(meter=meter, resource=named, near=self._book.near(meter)))
        return price


class _Need:
    """Copies of something that runs, and what each has."""

    def __init__(self, of: Process | Temporal, copies: Range, apart: bool, why: str) -> None:
        self.cores, self.gib = Decimal(str(of.cpu)), Decimal(of.memory.bytes) / 2**30
        self.gpus = of.gpus if isinstance(of, Process) else 0
        self.copies, self.apart, self.why = copies, apart, why

    def fitting(self, room: Machine) -> int:
        """Copies on one machine."""
        by = [room.cores / self.cores, room.gib / self.gib]
        if self.gpus:
            by.append(Decimal(room.gpus) / self.gpus)
        return int(min(by).to_integral_value(ROUND_FLOOR))

    def machines(self, room: Machine) -> Range | None:
        """None: not even one fits."""
        fitting = self.fitting(room)
        if not fitting:
            return None
        return (self.copies / fitting).map(_up).at_least(2 if self.apart else 1)


def _up(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_CEILING)


def _promised(plan: Plan, process: Service | Worker) -> Decimal:
    """The most requests a second that a target promises to answer in time."""
    return max(
        (
            _a_second(target)
            for target in plan.targets
            if isinstance(target, Latency) and target.endpoint.service.name == process.name
        ),
        default=Decimal(0),
    )


def _promised_items(plan: Plan) -> dict[str, Decimal]:
    """Items a second, by process: of a rate of POST requests that is promised, through queues to the last."""
    rates: dict[str, Decimal] = {}
    processes = [part for part in plan.parts if isinstance(part, Process)]

    def follow(sender: Process, rate: Decimal, seen: frozenset[str]) -> None:
        sent = {queue.name for queue in sender.sends}
        for receiver in processes:
            if receiver.name not in seen and sent & {queue.name for queue in receiver.receives}:
                rates[receiver.name] = max(rate, rates.get(receiver.name, Decimal(0)))
                follow(receiver, rate, seen | {receiver.name})

    for target in plan.targets:
        if isinstance(target, Latency) and target.endpoint.method == "POST":
            service = target.endpoint.service
            follow(service, _a_second(target), frozenset({service.name}))
    return rates


def _a_second(target: Latency) -> Decimal:
    rate = target.at.per_second
    return Decimal(rate.numerator) / Decimal(rate.denominator)


def _at_least_two(plan: Plan) -> frozenset[str]:
    """What the world reaches, and what is promised to be available."""
    promised = [
        target.of.name
        for target in plan.targets
        if isinstance(target, Availability) and target.of is not None
    ]
    return frozenset({*entrances(plan), *promised})


def _vm(size: str, region: str) -> Meter:
    service = "Virtual Machines"
    return Meter(service=service, product=service, name="Linux", sku=size, region=region)


def _disk(region: str) -> Meter:
    product = "Premium SSD Managed Disks"
    return Meter(
        service="Storage", product=product, name=f"{DISK} LRS Disk", sku=f"{DISK} LRS", region=region
    )
