"""How a graph is laid out on files: one sheet for each concern in each region. Every printer follows it.

What leads from a region to a later one, as one of two networks that are joined both ways, cannot stand on the
sheet of its region, for each of the two would wait for the other: it stands on a sheet between them all.

The name of a resource must be known before the deployment of its sheet begins. Where it is made of what
another resource says, the sheet of that one tells it, and this one is given it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property

from seatrial.azure.graph import MODULES, Graph, Module, Resource
from seatrial.azure.names import camel
from seatrial.azure.remembering import remembered
from seatrial.azure.stamp import ENVIRONMENT
from seatrial.azure.values import Expression, Id, Out, Parameter, Ref, Suffix, expressions
from seatrial.model import Plan
from seatrial.model.value import Value

__all__ = ["ABOUT", "STAGE", "Sheet", "Whole", "parameters", "sheets", "tags", "whole"]

STAGE = Parameter(
    name="stage",
    why="How far to go; ground leaves out what runs images, so that these can be built first",
    allowed=("ground", "all"),
    default="all",
)

LAST: tuple[Module, ...] = MODULES[MODULES.index("compute") :]
"""What the stage called ground leaves out."""

ABOUT: dict[Module, str] = {
    "network": "The network: subnets by tier, who may reach whom, the ways in and out, private names",
    "watch": "Where logs, metrics and traces go",
    "identity": "The identity of each process",
    "registry": "The registry of images",
    "vault": "The vault, and the secrets in it",
    "data": "What keeps data, and the private endpoints that lead to it",
    "access": "Rights: which identity may do what, with which resource",
    "compute": "What runs the processes, and the processes",
    "edge": "Where the world comes in",
    "alerts": "Who is told what: alerts, dashboards, budgets",
}
"""One sentence, without a full stop, for the head of each file."""


Whole = tuple[Ref, Ref | None]
"""What tells one resource from all others: those that say something of others may all have one name."""


def whole(resource: Resource) -> Whole:
    return resource.ref, resource.scope


def tags(plan: Plan) -> dict[str, str | Expression]:
    """The tags of everything that takes tags."""
    return {
        "system": plan.name,
        "variant": plan.variant or "base",
        "environment": ENVIRONMENT,
        "managed-by": "seatrial",
    }


class Lesson(Value):
    """What a sheet must be told by an earlier one before it begins."""

    out: Out
    name: str
    """The parameter by which it is given."""
    teacher: str
    """The sheet that tells it."""
    output: str
    """The output by which it is told."""


class Sheet(Value):
    """What stands in one file: the resources of one concern in one region."""

    name: str
    """`network`; where there are several regions, `network-eastus2` and `network-between`."""
    module: Module
    region: str
    """The first, when it stands between all."""
    resources: tuple[Resource, ...]
    after: tuple[str, ...]
    """The sheets that hold what these resources need."""
    lessons: tuple[Lesson, ...] = ()
    tells: Mapping[str, Out] = field(hash=False, default_factory=dict)
    """Its outputs, by name."""

    @property
    def staged(self) -> bool:
        """Whether the stage called ground leaves it out."""
        return self.module in LAST

    @cached_property
    def refs(self) -> frozenset[Ref]:
        return frozenset(resource.ref for resource in self.resources)

    @cached_property
    def symbols(self) -> Mapping[Whole, str]:
        """The name of each of its resources inside the file."""
        often = Counter(resource.symbol for resource in self.resources)
        return {
            whole(each): each.symbol if often[each.symbol] == 1 else camel(each.symbol, each.region)
            for each in self.resources
        }

    @cached_property
    def said(self) -> tuple[Expression, ...]:
        """Every expression on it, those in the names of what it refers to included."""
        return tuple(each for resource in self.resources for each in resource.said)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return _by_name(self.said)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The regions whose suffixes stand in names, those of resources on other sheets included."""
        found = {each.region for each in self.said if isinstance(each, Suffix)}
        return tuple(sorted(found, key=lambda region: (region != self.region, region)))

    @property
    def located(self) -> bool:
        """Whether anything on it stands in its region."""
        return any(resource.location == self.region for resource in self.resources)

    @property
    def tagged(self) -> bool:
        return any(resource.tagged for resource in self.resources)


@remembered
def sheets(graph: Graph) -> tuple[Sheet, ...]:
    """All sheets, each after those it needs."""
    regions = graph.plan.regions
    between = _between(graph)
    grouped: dict[tuple[Module, str], list[Resource]] = {
        (module, place): [] for module in MODULES for place in (*regions, "between")
    }
    for each in graph.resources:
        grouped[each.module, "between" if each.ref in between else each.region].append(each)
    names = {key: key[0] if len(regions) == 1 else "-".join(key) for key, here in grouped.items() if here}
    home = {each.ref: names[key] for key in names for each in grouped[key]}
    laid = [
        Sheet(
            name=name,
            module=key[0],
            region=regions[0] if key[1] == "between" else key[1],
            resources=tuple(grouped[key]),
            after=tuple(_others(name, grouped[key], home, names.values())),
        )
        for key, name in names.items()
    ]
    return tuple(_taught(laid))


def parameters(graph: Graph) -> tuple[Parameter, ...]:
    """What an operator is asked: the environment and the stage first, then by name."""
    asked = [each for each in graph.parameters if each.name not in (ENVIRONMENT.name, STAGE.name)]
    return (ENVIRONMENT, STAGE, *asked)


def _taught(laid: Iterable[Sheet]) -> Iterator[Sheet]:
    """The sheets, with what they tell each other."""
    owner = {ref: sheet for sheet in laid for ref in sheet.refs}
    lessons = {
        sheet.name: tuple(_lesson(out, sheet, owner[out.of]) for out in _in_names(sheet)) for sheet in laid
    }
    everything = [lesson for learned in lessons.values() for lesson in learned]
    for sheet in laid:
        tells = {each.output: each.out for each in everything if each.teacher == sheet.name}
        yield replace(sheet, lessons=lessons[sheet.name], tells=tells)


def _lesson(out: Out, sheet: Sheet, teacher: Sheet) -> Lesson:
    output = camel(teacher.symbols[out.of, None], out.path.rpartition(".")[2])
    name = output if sheet.region == teacher.region else camel(output, teacher.region)
    return Lesson(out=out, name=name, teacher=teacher.name, output=output)


def _in_names(sheet: Sheet) -> tuple[Out, ...]:
    """What others say that stands in the names of a sheet's resources, and of those these refer to."""
    named = [each.of for each in sheet.said if isinstance(each, Id | Out)]
    found = expressions((tuple(sheet.refs), named))
    return tuple(dict.fromkeys(each for each in found if isinstance(each, Out)))


def _between(graph: Graph) -> frozenset[Ref]:
    """What needs something of its own module in a later region, and what of that module needs it."""
    order = {region: index for index, region in enumerate(graph.plan.regions)}
    found: set[Ref] = set()
    for resource in graph.resources if len(order) > 1 else ():
        for need in resource.needs:
            needed = graph.by_ref.get(need)
            if needed is None or needed.module != resource.module:
                continue
            if need in found or order[needed.region] > order[resource.region]:
                found.add(resource.ref)
    return frozenset(found)


def _others(
    name: str, here: Iterable[Resource], home: dict[Ref, str], ordered: Iterable[str]
) -> Iterator[str]:
    needed = {home[need] for resource in here for need in resource.needs if need in home}
    return (each for each in ordered if each in needed and each != name)


def _by_name(said: Iterable[Expression]) -> tuple[Parameter, ...]:
    found = {each.name: each for each in said if isinstance(each, Parameter)}
    return tuple(found[name] for name in sorted(found))
