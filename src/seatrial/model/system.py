"""A system, and its variants, as a person writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from seatrial.model import readers
from seatrial.model.builder import Builder
from seatrial.model.drafts import Draft, change_part, find
from seatrial.model.expectations import read_acceptance, read_budget, read_target, read_usage, surplus_budgets
from seatrial.model.joining import joined, rebudget, retarget, subject
from seatrial.model.judging import judge
from seatrial.model.mistakes import (
    Call,
    Doubt,
    Mistake,
    Mistakes,
    NoSuchVariant,
    Place,
    Wrong,
    calling_place,
    did_you_mean,
    show,
)
from seatrial.model.names import LONGEST_SYSTEM, check_name
from seatrial.model.parts import (
    Alert,
    ApiManagement,
    ApplicationGateway,
    AppServicePlan,
    Blobs,
    Cache,
    Contact,
    Dashboard,
    Documents,
    FrontDoor,
    Job,
    Logs,
    ModelApi,
    Network,
    NodePool,
    Part,
    Postgres,
    Queue,
    Registry,
    Sandbox,
    Schedule,
    Secret,
    Service,
    Site,
    Temporal,
    TrafficManager,
    Worker,
)
from seatrial.model.plan import Plan
from seatrial.model.targets import Budget, Target
from seatrial.model.usage import Stated
from seatrial.model.value import Value

if TYPE_CHECKING:
    from seatrial.model import differences

__all__ = ["System", "Variant"]

P = TypeVar("P", bound=Part)


class _Change(Value):
    """One call of `change` or `without`."""

    handle: Part
    fields: dict[str, Any]
    call: Call


class System(Builder):
    """A system: its parts, its targets, what it may cost, and its variants."""

    def __init__(
        self,
        name: str,
        *,
        title: str | None = None,
        region: str = "eastus2",
        also_in: Sequence[str] = (),
    ) -> None:
        """Begins a system.

        Args:
            name: lower case letters, digits and hyphens, at most 16 characters.
            title: what it is, for people; left out, its name.
            region: of Azure, as `"eastus2"`.
            also_in: further regions, that have everything again.
        """
        super().__init__(name if isinstance(name, str) else "unnamed")
        call = calling_place()
        self._call = call
        self._title = name if title is None else title
        self._region = region
        self._also_in: Sequence[str] | None = also_in
        self._variants: list[Variant] = []
        self._judged: tuple[int, tuple[Mistake, ...]] | None = None
        self._own_mistakes = tuple(_heading("System", name, LONGEST_SYSTEM, title, region, also_in, call))

    @property
    def name(self) -> str:
        return self._system

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self._call.place

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants, as they were written."""
        return tuple(variant.name for variant in self._variants)

    def variant(
        self,
        name: str,
        title: str | None = None,
        *,
        region: str | None = None,
        also_in: Sequence[str] | None = None,
    ) -> Variant:
        """Another shape of the same system, written as its differences from this one.

        Args:
            name: as for a part; may start with a digit: `"10m"`.
            title: what it is, for people; left out, its name.
            region: left out, that of the system.
            also_in: further regions, that have everything again; left out, those of the system.
        """
        made = Variant(self, name, title, region, also_in, calling_place())
        self._variants.append(made)
        return made

    def plan(self, variant: str | None = None) -> Plan:
        """The system, or one of its variants, as a frozen value.

        Raises:
            Mistakes: anything in the whole file is wrong; all of it is named.
            NoSuchVariant: there is no variant of that name; those there are are named.
        """
        mistakes = self.mistakes()
        if mistakes:
            raise Mistakes(mistakes)
        if variant is None:
            return _plan(self, None)
        for each in self._variants:
            if each.name == variant:
                return _plan(self, each)
        known = did_you_mean(variant, self.variants) if self._variants else "it has none"
        raise NoSuchVariant(f'{self.name} has no variant "{variant}": {known}')

    def mistakes(self) -> tuple[Mistake, ...]:
        """Everything that is wrong, in the system and in each of its variants."""
        written = sum(builder._written() for builder in (self, *self._variants))
        if self._judged is None or self._judged[0] != written:
            self._judged = written, tuple(dict.fromkeys(self._all_mistakes()))
        return self._judged[1]

    def _all_mistakes(self) -> Iterator[Mistake]:
        yield from self._own_mistakes
        for draft in self._drafts:
            yield from draft.mistakes
        yield from judge(self._drafts)
        yield from _promises(self, self._drafts)
        first: dict[str, Variant] = {}
        for variant in self._variants:
            earlier = first.setdefault(variant.name, variant)
            if earlier is not variant and not variant._own_mistakes:
                taken = f"the name is taken by the variant on line {earlier._call.line}"
                what = f"variant({show(variant.name)}): {taken}"
                hint = "every variant has a name of its own"
                yield _mistake(variant._call, what, hint, "name")
            yield from variant._mistakes()


class Variant(Builder):
    """Differences from a system. Parts are added by the same words."""

    def __init__(
        self,
        base: System,
        name: str,
        title: str | None,
        region: str | None,
        also_in: Sequence[str] | None,
        call: Call,
    ) -> None:
        super().__init__(base.name)
        self.name = name if isinstance(name, str) else "unnamed"
        self._own_mistakes = tuple(_heading("variant", name, 32, title, region, also_in, call))
        self._base = base
        self._title = name if title is None else title
        self._region = region
        self._also_in = also_in
        self._call = call
        self._changes: list[_Change] = []
        self._removals: list[_Change] = []

    @overload
    def change(self, part: Postgres, /, **fields: Unpack[differences.PostgresChange]) -> None: ...
    @overload
    def change(self, part: Blobs, /, **fields: Unpack[differences.BlobsChange]) -> None: ...
    @overload
    def change(self, part: Queue, /, **fields: Unpack[differences.QueueChange]) -> None: ...
    @overload
    def change(self, part: Cache, /, **fields: Unpack[differences.CacheChange]) -> None: ...
    @overload
    def change(self, part: Secret, /, **fields: Unpack[differences.SecretChange]) -> None: ...
    @overload
    def change(self, part: ModelApi, /, **fields: Unpack[differences.ModelApiChange]) -> None: ...
    @overload
    def change(self, part: Service, /, **fields: Unpack[differences.ServiceChange]) -> None: ...
    @overload
    def change(self, part: Worker, /, **fields: Unpack[differences.WorkerChange]) -> None: ...
    @overload
    def change(self, part: Job, /, **fields: Unpack[differences.JobChange]) -> None: ...
    @overload
    def change(self, part: Schedule, /, **fields: Unpack[differences.ScheduleChange]) -> None: ...
    @overload
    def change(self, part: Site, /, **fields: Unpack[differences.SiteChange]) -> None: ...
    @overload
    def change(self, part: Documents, /, **fields: Unpack[differences.DocumentsChange]) -> None: ...
    @overload
    def change(self, part: Sandbox, /, **fields: Unpack[differences.SandboxChange]) -> None: ...
    @overload
    def change(self, part: Temporal, /, **fields: Unpack[differences.TemporalChange]) -> None: ...
    @overload
    def change(self, part: AppServicePlan, /, **fields: Unpack[differences.AppServicePlanChange]) -> None: ...
    @overload
    def change(self, part: NodePool, /, **fields: Unpack[differences.NodePoolChange]) -> None: ...
    @overload
    def change(self, part: FrontDoor, /, **fields: Unpack[differences.FrontDoorChange]) -> None: ...
    @overload
    def change(
        self, part: ApplicationGateway, /, **fields: Unpack[differences.ApplicationGatewayChange]
    ) -> None: ...
    @overload
    def change(self, part: ApiManagement, /, **fields: Unpack[differences.ApiManagementChange]) -> None: ...
    @overload
    def change(self, part: TrafficManager, /, **fields: Unpack[differences.TrafficManagerChange]) -> None: ...
    @overload
    def change(self, part: Network, /, **fields: Unpack[differences.NetworkChange]) -> None: ...
    @overload
    def change(self, part: Registry, /, **fields: Unpack[differences.RegistryChange]) -> None: ...
    @overload
    def change(self, part: Logs, /, **fields: Unpack[differences.LogsChange]) -> None: ...
    @overload
    def change(self, part: Contact, /, **fields: Unpack[differences.ContactChange]) -> None: ...
    @overload
    def change(self, part: Alert, /, **fields: Unpack[differences.AlertChange]) -> None: ...
    @overload
    def change(self, part: Dashboard, /, **fields: Unpack[differences.DashboardChange]) -> None: ...
    def change(self, part: Part, /, **fields: Any) -> None:
        """The part with some fields written anew; the others stay as they are in the system."""
        self._changes.append(_Change(handle=part, fields=fields, call=calling_place()))

    def without(self, part: Part) -> None:
        """Leaves a part out, and the targets about it. What used it must be changed to use something else."""
        self._removals.append(_Change(handle=part, fields={}, call=calling_place()))

    def _drafts_now(self) -> tuple[list[Draft], list[Draft], list[Mistake]]:
        """All drafts of the variant, those it leaves out, and what is wrong with its differences."""
        drafts = list(self._base._drafts)
        mistakes: list[Mistake] = []
        before: dict[tuple[int, str], Call] = {}
        for change in self._changes:
            at = _position(drafts, change, "change", self, mistakes)
            if at is not None:
                for field, value in change.fields.items():
                    earlier = before.setdefault((id(change.handle), field), change.call)
                    if earlier is not change.call:
                        what = f"{field}={show(value)}: changed on line {earlier.line} already"
                        mistakes.append(_mistake(change.call, what, "keep one of the two", field))
                drafts[at] = change_part(drafts[at], change.fields, change.call)
                mistakes.extend(drafts[at].mistakes)
        removed = []
        for removal in self._removals:
            at = _position(drafts, removal, "without", self, mistakes)
            if at is not None:
                removed.append(drafts.pop(at))
        for draft in self._drafts:
            mistakes.extend(draft.mistakes)
        return drafts + self._drafts, removed, mistakes

    def _mistakes(self) -> Iterator[Mistake]:
        yield from self._own_mistakes
        drafts, removed, mistakes = self._drafts_now()
        yield from mistakes
        yield from judge(drafts, removed)
        yield from _promises(self, drafts)


def _heading(
    word: str, name: object, longest: int, title: object, region: object, also_in: object, call: Call
) -> Iterator[Mistake]:
    """What is wrong with the first line of a system or a variant."""

    try:
        digits = word == "variant" and isinstance(name, str) and name[:1].isdigit()
        if not isinstance(name, Doubt):
            shortest = 1 if word == "variant" else 2
            check_name(f"v{name}" if digits else name, shortest=shortest, longest=longest)
    except Wrong as wrong:
        yield _mistake(call, f"{word}({show(name)}): {wrong.what}", wrong.hint, "name")
    if title is not None and not isinstance(title, str | Doubt):
        yield _mistake(call, f"title={show(title)}: not text", 'write it in quotes: "…"', "title")
    if region is not None:
        yield from _region_mistake(region, call, "region")
    if also_in is None or isinstance(also_in, Doubt):
        return
    if isinstance(also_in, str) or not isinstance(also_in, list | tuple):
        what = f"also_in={show(also_in)}: not a list"
        yield _mistake(call, what, f"write it in brackets: [{show(also_in)}]", "also_in")
        return
    for index, other in enumerate(also_in):
        yield from _region_mistake(other, call, "also_in", index)
        if other == region or other in also_in[:index]:
            what = f"also_in={show(other)}: stands here twice"
            yield _mistake(call, what, "name each region once", "also_in", index)


def _region_mistake(region: object, call: Call, *path: str | int) -> Iterator[Mistake]:
    try:
        if not isinstance(region, Doubt):
            readers.region(region)
    except Wrong as wrong:
        yield _mistake(call, f"{path[0]}={show(region)}: {wrong.what}", wrong.hint, *path)


def _mistake(call: Call, what: str, hint: str, *path: str | int) -> Mistake:
    return Mistake(place=call.place, what=what, hint=hint, call=call, path=path)


def _position(
    drafts: Sequence[Draft], change: _Change, word: str, variant: Variant, mistakes: list[Mistake]
) -> int | None:
    """Where in the drafts the part is that a variant wants to change or leave out."""
    if isinstance(change.handle, Doubt):
        return None
    draft = find(drafts, change.handle)
    if draft is not None:
        return next(index for index, each in enumerate(drafts) if each is draft)
    handle: object = change.handle
    shown = show(handle)
    if not isinstance(handle, Part):
        hint = "name the variable that holds the part, without quotes"
    elif handle.system != variant._system:
        hint = f'it belongs to the system "{handle.system}"'
    elif find(variant._drafts, handle) is not None:
        hint = "this variant adds the part: write the fields where it is made"
    elif find(variant._base._drafts, handle) is not None:
        hint = "this variant leaves it out already"
    else:
        hint = "it is added by another variant"
    what = f"{word}({shown}): {variant._system} has no such part here"
    mistakes.append(_mistake(change.call, what, hint, "part"))
    return None


def _promises(builder: Builder, drafts: Sequence[Draft]) -> Iterator[Mistake]:
    for wanted in builder._expectations:
        yield from read_target(wanted, builder._system, drafts)[1]
    for budget in builder._budgets:
        yield from read_budget(budget, builder._system, drafts)[1]
    yield from surplus_budgets(builder._budgets)
    for known in builder._acceptances:
        yield from read_acceptance(known, builder._system, drafts)[1]
    first: dict[str, Stated] = {}
    for wish in builder._usages:
        stated, mistakes = read_usage(wish, builder._system, drafts)
        yield from mistakes
        yield from _said_twice(builder, stated, first, wish.call)


def _said_twice(
    builder: Builder, stated: Sequence[Stated], first: dict[str, Stated], call: Call
) -> Iterator[Mistake]:
    for each in stated:
        earlier = first.setdefault(each.key, each)
        with_budget = any(getattr(budget, each.key, None) is not None for budget in builder._budgets)
        if earlier is not each and earlier.place is not None:
            yield _mistake(
                call, f"{each.key}: said on line {earlier.place.line} already", "keep one", each.name
            )
        elif with_budget and each.key in ("records", "requests"):
            yield _mistake(
                call, f"{each.key}: said with the budget already", "keep one of the two", each.name
            )


def _plan(system: System, variant: Variant | None) -> Plan:
    drafts = system._drafts if variant is None else variant._drafts_now()[0]
    parts = joined(draft.part for draft in drafts)
    builders: list[Builder] = [system] if variant is None else [system, variant]
    targets: dict[object, Target] = {}
    budget: Budget | None = None
    for builder in builders:
        for wanted in builder._expectations:
            target, _ = read_target(wanted, system.name, drafts)
            if target is not None:  # None: about a part that the variant leaves out
                target = retarget(target, parts)
                targets[subject(target)] = target
        for limit in builder._budgets:
            budget = rebudget(read_budget(limit, system.name, drafts)[0], parts)
    usage: dict[str, Stated] = {}
    for builder in builders:
        for wish in builder._usages:
            about = wish.part if isinstance(wish.part, Part) else None
            if about is None or about.name in parts:
                usage |= {each.key: each for each in read_usage(wish, system.name, drafts)[0]}
    accepted = [
        acceptance
        for builder in builders
        for known in builder._acceptances
        for acceptance in [read_acceptance(known, system.name, drafts)[0]]
        if acceptance is not None  # None: about a part that the variant leaves out
    ]
    written = [builder for builder in (variant, system) if builder is not None]
    region = next(each._region for each in written if each._region is not None)
    also_in = next(each._also_in for each in written if each._also_in is not None)
    return Plan(
        name=system.name,
        title=system._title if variant is None else f"{system._title}: {variant._title}",
        region=region,
        also_in=tuple(each for each in also_in if each != region),
        variant=None if variant is None else variant.name,
        parts=tuple(parts.values()),
        targets=tuple(targets.values()),
        budget=budget,
        usage=tuple(usage.values()),
        accepted=tuple(accepted),
        place=system._call.place,
    )
