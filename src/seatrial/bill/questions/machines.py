"""The same load on virtual machines that are always on: what autoscaling and managed hosts save, or do not.

    machines = copies ÷ the copies that fit on one by cores and memory; two at least of what must be apart
    amount   = machines × (730 h × price of the machine + its disk)

How many copies there are stands in `fleet`. Every process has machines of its own, in every region, of the
size of the family that is cheapest for the most likely peak. Beside that stands the least that machines can
cost, when all processes share them as tightly as they fit. Everything that is no compute stays as it is
billed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain

from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, Line, by_months
from seatrial.bill.book import Book
from seatrial.bill.errors import NoMachine, PricesMissing
from seatrial.bill.machine_sizes import Machine, machine
from seatrial.bill.questions.fleet import ENDING, Need, needs
from seatrial.bill.questions.machine_prices import MachineLine, Prices
from seatrial.bill.questions.packing import packed
from seatrial.bill.range import Range, total
from seatrial.bill.rating import Months
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage
from seatrial.bill.words import counted, money, spanned
from seatrial.model import Plan, Sandbox
from seatrial.model.value import Value

__all__ = ["FAMILY", "OnMachines", "below", "on_machines", "saved_share"]

FAMILY = ("Standard_D2s_v5", "Standard_D4s_v5", "Standard_D8s_v5")

GPU = "Standard_NC4as_T4_v3"
"""Of what needs a GPU and has no pool of its own."""

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

TOGETHER = "all that share machines"


class OnMachines(Value):
    """A bill, and the same load on virtual machines."""

    bill: Bill
    kept: tuple[Line, ...]
    """The lines of the bill that stay."""
    replaced: tuple[Line, ...]
    """The lines of the bill that machines take the place of."""
    machines: tuple[MachineLine, ...]
    """Each process on its own."""
    together: tuple[MachineLine, ...]
    """All that need no GPU sharing machines: the least that it can cost."""
    assumptions: tuple[str, ...]

    @cached_property
    def total(self) -> Range:
        """Of a month on machines."""
        return _range(self._with(self.machines))

    @cached_property
    def least(self) -> Range:
        """The same, where processes share machines."""
        return _range(self._with(self.together))

    @cached_property
    def saved(self) -> Range:
        """What the bill is below the total, month by month; negative, where machines are cheaper."""
        there, here = self._with(self.machines), by_months(self.bill.lines)
        return _range((there[0] - here[0], there[1] - here[1], there[2] - here[2]))

    @cached_property
    def share(self) -> Range:
        """The same as a share of what machines cost: `0.4` is 40 % below."""
        return saved_share(by_months(self.bill.lines), self._with(self.machines))

    @cached_property
    def share_at_least(self) -> Range:
        """The share that is saved against machines that processes share."""
        return saved_share(by_months(self.bill.lines), self._with(self.together))

    @cached_property
    def compute_share(self) -> Range:
        """The saved share of compute alone: the machines against the lines that they take the place of."""
        return saved_share(by_months(self.replaced), total(line.amount for line in self.machines).triple)

    def _with(self, machines: Iterable[MachineLine]) -> Months:
        more, kept = total(line.amount for line in machines), by_months(self.kept)
        return kept[0] + more.low, kept[1] + more.likely, kept[2] + more.high

    def sentences(self) -> tuple[str, ...]:
        """The totals and what lies between them, in words."""
        currency = self.bill.currency
        machines = "on virtual machines that are always on, each process on its own"
        return (
            f"as described: {spanned(self.bill.total, currency)} a month",
            f"{machines}: {spanned(self.total, currency)}",
            f"the bill is {below(self.share)}; {money(abs(self.saved.likely), currency)} a month "
            f"{'less' if self.saved.likely >= 0 else 'more'}",
            f"on machines that processes share as tightly as they fit: {spanned(self.least, currency)}; "
            f"the bill is {below(self.share_at_least)}",
        )


def saved_share(here: Months, there: Months) -> Range:
    """By how much less one costs than the other, as a share of the other, month by month."""
    return _range(
        (
            1 - here[0] / there[0] if there[0] else Decimal(0),
            1 - here[1] / there[1] if there[1] else Decimal(0),
            1 - here[2] / there[2] if there[2] else Decimal(0),
        )
    )


def below(share: Range) -> str:
    """`40.1 % below that (22.7 % to 51 %)`, `0.1 % above that (0.2 % above to 5.2 % below)`."""
    side = _side(share.likely)
    if share.exact:
        return f"{_percent(share.likely)} {side} that"
    ends = (
        sorted((share.low, share.high), key=abs)
        if _side(share.low) == _side(share.high)
        else share.triple[::2]
    )
    sides = ["" if _side(ends[0]) == _side(ends[1]) == side else f" {_side(each)}" for each in ends]
    between = f"{_percent(ends[0])}{sides[0]} to {_percent(ends[1])}{sides[1]}"
    return f"{_percent(share.likely)} {side} that ({between})"


def _side(share: Decimal) -> str:
    return "above" if share < 0 else "below"


def _percent(share: Decimal) -> str:
    return f"{counted((abs(share) * 100).quantize(Decimal('0.1')))} %"


def _range(months: Months) -> Range:
    return Range(min(months), months[1], max(months))


def on_machines(
    graph: Graph, book: Book, made: Bill, usage: Usage, *, family: Sequence[str] = FAMILY
) -> OnMachines:
    """What the same load costs on virtual machines, beside its bill.

    Args:
        made: the bill of the graph under this usage.
        usage: the one that the bill was made with; its figures are taken.
        family: the sizes to choose from; processes with GPUs keep the machine of their pool.

    Raises:
        PricesMissing: a machine or disk is not in the book; all are named.
        NoMachine: something is larger than every size of the family, or a size is not known.
    """
    wanted = tuple(needs(Reckoning(graph, usage)))
    prices = Prices(book, made.commitment)
    sizes = {name: _known(name) for name in family}
    own: list[MachineLine] = []
    shared: list[MachineLine] = []
    for region in graph.plan.regions:
        apart = [list(_apart(need, _sizes_of(need, sizes), region, prices)) for need in wanted]
        own += chain.from_iterable(apart)
        with_gpu = [line for need, lines in zip(wanted, apart, strict=True) if need.gpus for line in lines]
        without = [line for need, lines in zip(wanted, apart, strict=True) if not need.gpus for line in lines]
        together = list(_together([need for need in wanted if not need.gpus], sizes, region, prices))
        # machines of one size for all may cost more than each process on the size that suits it
        shared += with_gpu + min(together or without, without, key=_likely)
    if prices.missing:
        raise PricesMissing(tuple(prices.missing))
    return OnMachines(
        bill=made,
        kept=tuple(line for line in made.lines if not _is_compute(line)),
        replaced=tuple(line for line in made.lines if _is_compute(line)),
        machines=tuple(own),
        together=tuple(shared),
        assumptions=tuple(_assumptions(graph.plan, family, wanted)),
    )


def _likely(lines: Iterable[MachineLine]) -> Decimal:
    return total(line.amount for line in lines).likely


def _is_compute(line: Line) -> bool:
    return line.type in COMPUTE and line.price.meter.service != "Bandwidth"


def _assumptions(plan: Plan, family: Sequence[str], wanted: Sequence[Need]) -> Iterator[str]:
    yield f"machines of {', '.join(family)}, sized for the peak with 30 % to spare"
    yield "two machines at least for what the world reaches or what is promised to be available"
    yield "all run 730 h, whatever the hour: nothing scales; each has a disk of 32 GiB (P4)"
    yield "the load balancers before them, and the work of patching and watching them, are not counted"
    if any(need.name == ENDING for need in wanted):
        yield "jobs and schedules share one machine in each region, large enough for the largest of them"
    if plan.of(Sandbox):
        yield "sandboxes stay as they are billed"
    if any(need.gpus for need in wanted):
        yield "what needs a GPU keeps the machine of its pool, at its spot price where that is spot and known"
    yield "everything that is no compute stays as it is billed"


# -- machines and their prices --------------------------------------------------------------------------


def _known(name: str) -> Machine:
    size = machine(name)
    if size is None:
        raise NoMachine(f"{name}: it is not known how large these machines are")
    return size


def _sizes_of(need: Need, family: Mapping[str, Machine]) -> Mapping[str, Machine]:
    if not need.gpus:
        return family
    name = GPU if need.pool is None else need.pool.machine
    return {name: _known(name)}


def _apart(need: Need, sizes: Mapping[str, Machine], region: str, prices: Prices) -> Iterator[MachineLine]:
    """The machines of one process."""
    numbers = {name: number for name, room in sizes.items() if (number := need.machines(room)) is not None}
    if not numbers:
        raise NoMachine(
            f"{need.name}: {counted(need.cores)} cores with {counted(need.gib)} GiB fit on none of "
            f"{', '.join(sizes)}\nhint: name larger machines"
        )
    spot = need.pool is not None and need.pool.spot
    size, number = prices.cheapest(numbers, region, need.name, spot)
    copies = f"{counted(need.copies.likely)} {'copy' if need.copies.likely == 1 else 'copies'}"
    words = f"{need.why}: {copies}, {need.fitting(sizes[size])} on a machine"
    yield from prices.lines(need.name, size, number, region, words, spot)


def _together(
    wanted: Sequence[Need], sizes: Mapping[str, Machine], region: str, prices: Prices
) -> Iterator[MachineLine]:
    """The machines of all processes, on one size."""
    numbers = {}
    for name, room in sizes.items():
        three = [
            packed([(need, int(need.copies.triple[month])) for need in wanted], room) for month in range(3)
        ]
        if all(three) and not any(number is None for number in three):
            low, likely, high = (Decimal(number or 0) for number in three)
            numbers[name] = Range(min(low, likely), likely, max(likely, high))
    if numbers:
        size, number = prices.cheapest(numbers, region, TOGETHER, False)
        names = ", ".join(need.name for need in wanted)
        yield from prices.lines(TOGETHER, size, number, region, names, False)
