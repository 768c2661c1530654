"""One page about what a system becomes on Azure, as a value: what a person asks before it is deployed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from seatrial.azure.graph import Graph, Resource
from seatrial.azure.kinds import kind_of
from seatrial.azure.reach import EntryPoint, Path, entry_points, paths
from seatrial.azure.sheets import parameters
from seatrial.azure.sizes import size_of
from seatrial.azure.values import Parameter, Ref, plain
from seatrial.model import (
    AppServicePlan,
    Availability,
    Blobs,
    Budget,
    Contact,
    Latency,
    NodePool,
    Part,
    Process,
    Recovery,
    Secret,
    Target,
    Temporal,
    UnitCost,
)
from seatrial.model.value import Value

__all__ = [
    "Becomes",
    "Bill",
    "Overview",
    "PartLine",
    "budget_in_words",
    "outermost",
    "overview",
    "target_in_words",
]


class Becomes(Value):
    """One thing on Azure, and its twins in other regions."""

    type: str
    what: str
    """The type in words."""
    name: str
    """In the first of its regions; `…` stands for what only the deployment knows."""
    size: str
    """In words; may be empty."""
    within: str | None
    """What it stands in, in words, where that belongs to nobody or to another part."""
    why: str
    regions: tuple[str, ...]


class PartLine(Value):
    """A part, or the ground, and what it becomes."""

    name: str | None
    """None: what no part asked for, because all stand on it."""
    kind: str | None
    """The word that makes such a part, with spaces: `model api`."""
    becomes: tuple[Becomes, ...]
    with_it: tuple[str, ...]
    """What comes with it, counted: `3 settings`."""
    note: str | None
    """What it becomes that is no resource of Azure."""


class Bill(Value):
    """All resources of one type, and whether they cost money."""

    type: str
    what: str
    count: int
    billed: bool
    why: str


class Overview(Value):
    """What a system becomes on Azure."""

    system: str
    title: str
    variant: str | None
    regions: tuple[str, ...]
    resources: int
    """How many, in all regions."""
    parts: tuple[PartLine, ...]
    """In the order of the system file; then the ground."""
    paths: tuple[Path, ...]
    entries: tuple[EntryPoint, ...]
    bills: tuple[Bill, ...]
    """What costs money first; then by how many there are."""
    targets: tuple[Target, ...]
    budget: Budget | None
    parameters: tuple[Parameter, ...]


def overview(graph: Graph) -> Overview:
    """The page about a plan that has become a graph."""
    plan = graph.plan
    return Overview(
        system=plan.name,
        title=plan.title,
        variant=plan.variant,
        regions=plan.regions,
        resources=len(graph.resources),
        parts=tuple(_parts(graph)),
        paths=paths(plan),
        entries=entry_points(plan),
        bills=tuple(_bills(graph)),
        targets=plan.targets,
        budget=plan.budget,
        parameters=parameters(graph),
    )


# -- the parts ------------------------------------------------------------------------------------------


def _parts(graph: Graph) -> Iterator[PartLine]:
    made: dict[str | None, list[Resource]] = {}
    known = {part.name for part in graph.plan.parts}
    for resource in graph.resources:
        made.setdefault(resource.part if resource.part in known else None, []).append(resource)
    for part in graph.plan.parts:
        yield _line(part.name, word_of_part(part), made.get(part.name, []), graph, note_of(part))
    yield _line(None, None, made.get(None, []), graph, None)


def _line(
    name: str | None, kind: str | None, made: list[Resource], graph: Graph, note: str | None
) -> PartLine:
    ranks = [kind_of(resource.type).rank for resource in made]
    shown = "main" if "main" in ranks else "piece"
    main = [each for each, rank in zip(made, ranks, strict=True) if rank == shown]
    rest = [each for each, rank in zip(made, ranks, strict=True) if rank == "piece" and rank != shown]
    return PartLine(
        name=name,
        kind=kind,
        becomes=tuple(_becomes(main, graph)),
        with_it=tuple(_counted(resource.type for resource in _once(rest))),
        note=note,
    )


def _becomes(resources: Iterable[Resource], graph: Graph) -> Iterator[Becomes]:
    """One for each resource and its twins in other regions."""
    twins: dict[tuple[str, ...], list[Resource]] = {}
    for resource in resources:
        twins.setdefault(_likeness(resource), []).append(resource)
    for first, *others in twins.values():
        yield Becomes(
            type=first.type,
            what=kind_of(first.type).words,
            name="/".join(plain(name, "…") for name in first.ref.names),
            size=size_of(first),
            within=_within(first, graph),
            why=first.why,
            regions=tuple(dict.fromkeys(each.region for each in (first, *others))),
        )


def _likeness(resource: Resource) -> tuple[str, ...]:
    """The same for a resource and for what it is in another region."""
    return (resource.type, resource.module, resource.symbol)


def _once(resources: Iterable[Resource]) -> Iterable[Resource]:
    """Each with its twins counted as one."""
    return {_likeness(resource): resource for resource in resources}.values()


def _within(resource: Resource, graph: Graph) -> str | None:
    root = outermost(resource.ref)
    holder = graph.by_ref.get(root)
    if holder is None or holder is resource or holder.part == resource.part:
        return None
    return kind_of(root.type).words


def outermost(ref: Ref) -> Ref:
    """The resource that holds all the others a name leads through."""
    while ref.parent is not None:
        ref = ref.parent
    return ref


def _counted(types: Iterable[str]) -> Iterator[str]:
    for type, number in Counter(types).items():
        yield kind_of(type).count(number)


def word_of_part(part: Part) -> str:
    """The word that makes such a part, with spaces: `model api`."""
    from seatrial.model.drafts import word_of

    return word_of(type(part)).replace("_", " ")


def note_of(part: Part) -> str | None:
    """What is not said by its resources; a process on Kubernetes has none, it is described by manifests."""
    if isinstance(part, Process | Temporal) and part.hosted_by == "aks":
        where = f"the machines {part.host.name}" if isinstance(part.host, NodePool) else "the cluster"
        gpus = f", {part.gpus} GPU" if isinstance(part, Process) and part.gpus else ""
        cores = "1 core" if part.cpu == 1 else f"{part.cpu:g} cores"
        return f"pods on {where}: {cores}, {part.memory}{gpus}{_replicas(part)}"
    if isinstance(part, Process | Temporal) and isinstance(part.host, AppServicePlan):
        return f"on the machines of {part.host.name}"
    if isinstance(part, Secret) and not part.needed:
        return "not deployed: the system works without it"
    if isinstance(part, Blobs):
        steps = (("cool", part.cool_after), ("archive", part.archive_after), ("deleted", part.delete_after))
        return ", ".join(f"{step} after {time}" for step, time in steps if time is not None) or None
    if isinstance(part, Contact) and not (part.mail or part.slack or part.pagerduty):
        return "the operator gives the address"
    return None


def _replicas(part: Process | Temporal) -> str:
    wanted = getattr(part, "replicas", 1)
    fewest, most = wanted if isinstance(wanted, tuple) else (wanted, wanted)
    return (
        f", {most} replicas" if fewest == most != 1 else f", {fewest} to {most} replicas" if most > 1 else ""
    )


# -- the rest -------------------------------------------------------------------------------------------


def _bills(graph: Graph) -> Iterator[Bill]:
    counts = Counter(resource.type for resource in graph.resources)
    bills = [
        Bill(type=type, what=kind.words, count=number, billed=kind.billed, why=kind.why)
        for type, number in counts.items()
        for kind in [kind_of(type)]
    ]
    return iter(sorted(bills, key=lambda bill: (not bill.billed, -bill.count, bill.what, bill.type)))


def target_in_words(target: Target) -> tuple[str, str]:
    """What a target is about, and what it promises."""
    match target:
        case Latency():
            times = (("p95", target.p95), ("p99", target.p99))
            promised = ", ".join(f"{name} {time}" for name, time in times if time is not None)
            about = f"{target.endpoint.service.name} {target.endpoint.method} {target.endpoint.path}"
            return about, f"{promised} at {target.at}"
        case Recovery():
            return target.part.name, f"loses at most {target.loses_at_most}, back within {target.back_within}"
        case Availability():
            about = "every public service" if target.of is None else target.of.name
            return about, f"answers {target.percent} of a month's requests"
        case UnitCost():
            number = "each of them" if target.per == 1 else f"{target.per:,} of them"
            return target.what, f"{number} at most {target.at_most}"


def budget_in_words(plan_budget: Budget) -> str:
    """What a month may cost, for how much, and who hears of it."""
    load = []
    if plan_budget.records is not None:
        load.append(f"{plan_budget.records:,} records")
    if plan_budget.requests is not None:
        load.append(f"{plan_budget.requests} requests")
    text = str(plan_budget.limit) + (f" for {' and '.join(load)}" if load else "")
    told = ", ".join(contact.name for contact in plan_budget.tell) or "the owners of the subscription"
    shares = ", ".join(map(str, sorted(plan_budget.warn_at)))
    return f"{text}; at {shares} % it tells {told}" if shares else text
