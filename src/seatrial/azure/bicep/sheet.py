"""One module: its parameters, what it refers to on other sheets, and its resources."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure.bicep.speech import FUNCTIONS, ROLE_NAMES, STEP, Speech, quoted, suffix
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.names import camel
from seatrial.azure.sheets import ABOUT, Sheet, whole
from seatrial.azure.values import Guid, Id, Join, Out, Parameter, Ref, plain
from seatrial.azure.versions import API_VERSIONS

__all__ = ["WRITTEN", "module", "parameter", "symbol_of"]

WIDTH = 108
WRITTEN = "// Written by `seatrial build` from the system file: change that, and build again."


def parameter(asked: Parameter, *, passed: bool = False) -> str:
    """A parameter, as it is asked for at the top, or as it is passed on to a module."""
    lines = [f"@description({quoted(asked.why)})"]
    if asked.secret:
        lines.append("@secure()")
    if asked.allowed and not passed:
        lines += ["@allowed([", *(f"{STEP}{quoted(each)}" for each in asked.allowed), "])"]
    default = "" if passed or asked.default is None else f" = {Speech({}).say(asked.default)}"
    return "\n".join([*lines, f"param {asked.name} {asked.kind}{default}"])


def symbol_of(wanted: str, taken: set[str]) -> str:
    """A symbol that nothing else in the file has; from now on it is taken."""
    base = camel(wanted)
    symbol, more = base, 1
    while symbol in taken or symbol in FUNCTIONS:
        more += 1
        symbol = f"{base}{more}"
    taken.add(symbol)
    return symbol


def module(sheet: Sheet, graph: Graph, by_ref: Mapping[Ref, Sheet]) -> str:
    """The text of a module."""
    taken = {"location", "tags", *(each.name for each in sheet.parameters)}
    taken |= {"roles", *(lesson.name for lesson in sheet.lessons)}
    taken |= {suffix(region, sheet.region) for region in sheet.suffixes}
    own = {each: symbol_of(symbol, taken) for each, symbol in sheet.symbols.items()}
    symbols = {ref: symbol for (ref, _), symbol in own.items()}
    elsewhere = tuple(_elsewhere(sheet, graph))
    for ref in elsewhere:
        symbol = next(name for (each, _), name in by_ref[ref].symbols.items() if each == ref)
        symbols[ref] = symbol_of(symbol, taken)
    speech = Speech(symbols, sheet)
    paragraphs = [
        f"{WRITTEN}\n{_comment(ABOUT[sheet.module])}",
        *_asked(sheet),
        *_suffixes(sheet),
        *_roles(sheet),
        *(_existing(ref, graph, speech) for ref in elsewhere),
        *(_resource(each, own[whole(each)], sheet, speech) for each in sheet.resources),
        *(f"output {name} string = {speech.say(out)}" for name, out in sheet.tells.items()),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _elsewhere(sheet: Sheet, graph: Graph) -> Iterator[Ref]:
    """What the resources refer to on other sheets, parents first."""
    found: dict[Ref, None] = {}

    def note(ref: Ref) -> None:
        if ref in sheet.refs or ref in found:
            return
        if ref.parent is not None:
            note(ref.parent)
        resource = graph.by_ref.get(ref)
        if resource is not None and resource.scope is not None:
            note(resource.scope)
        found[ref] = None

    for resource in sheet.resources:
        for ref in _named(resource, sheet):
            note(ref)
    return iter(found)


def _named(resource: Resource, sheet: Sheet) -> Iterator[Ref]:
    """What a file must name for this resource: not those that only have to be there first."""
    given = {lesson.out for lesson in sheet.lessons}
    for each in resource.said:
        if isinstance(each, Id | Out) and each not in given:
            yield each.of
    yield from (ref for ref in (resource.ref.parent, resource.scope) if ref is not None)


def _asked(sheet: Sheet) -> Iterator[str]:
    if sheet.located:
        yield "@description('The region in which all this stands')\nparam location string"
    if sheet.tagged:
        yield "@description('The tags of all this')\nparam tags object"
    yield from (parameter(each, passed=True) for each in sheet.parameters)
    for lesson in sheet.lessons:
        path = lesson.out.path.rpartition(".")[2]
        yield f"@description('The {path} of {plain(lesson.out.of.name)}')\nparam {lesson.name} string"


def _suffixes(sheet: Sheet) -> Iterator[str]:
    if sheet.suffixes:
        lines = ["// Always the same here, and nowhere else: makes names unique in the world."]
        for region in sheet.suffixes:
            named = "location" if region == sheet.region and sheet.located else quoted(region)
            unique = f"uniqueString(subscription().id, resourceGroup().name, {named})"
            lines.append(f"var {suffix(region, sheet.region)} = substring({unique}, 0, 6)")
        yield "\n".join(lines)


def _roles(sheet: Sheet) -> Iterator[str]:
    pieces = (each for some in sheet.said if isinstance(some, Guid | Join) for each in some.pieces)
    said = {each.rpartition("/")[2] for each in pieces if isinstance(each, str)}
    if used := sorted((name, guid) for guid, name in ROLE_NAMES.items() if guid in said):
        lines = [f"  {name}: {quoted(guid)}" for name, guid in used]
        yield "\n".join(("// The ids of roles, the same everywhere.", "var roles = {", *lines, "}"))


def _existing(ref: Ref, graph: Graph, speech: Speech) -> str:
    resource = graph.by_ref.get(ref)
    lines = [f"resource {speech.symbols[ref]} '{ref.type}@{API_VERSIONS[ref.type]}' existing = {{"]
    lines += _whose(ref, resource.scope if resource else None, speech)
    return "\n".join([*lines, "}"])


def _resource(resource: Resource, symbol: str, sheet: Sheet, speech: Speech) -> str:
    lines = [_comment(resource.why), f"resource {symbol} '{resource.type}@{resource.api_version}' = {{"]
    lines += _whose(resource.ref, resource.scope, speech)
    if resource.location is not None:
        here = resource.location == sheet.region
        lines.append(f"  location: {'location' if here else quoted(resource.location)}")
    body: dict[str, Any] = dict(resource.body)
    own_tags = body.pop("tags", None)
    if resource.tagged:
        lines.append("  tags: " + (f"union(tags, {speech.say(own_tags, 1)})" if own_tags else "tags"))
    lines += [f"  {key}: {speech.say(each, 1)}" for key, each in body.items()]
    named = set(_named(resource, sheet))
    if awaited := [ref for ref in resource.after if ref in sheet.refs and ref not in named]:
        lines += ["  dependsOn: [", *(f"    {speech.symbols[ref]}" for ref in awaited), "  ]"]
    return "\n".join([*lines, "}"])


def _whose(ref: Ref, scope: Ref | None, speech: Speech) -> Iterator[str]:
    """The lines that say what it belongs to, and its name."""
    if ref.parent is not None:
        yield f"  parent: {speech.symbols[ref.parent]}"
    if scope is not None:
        yield f"  scope: {speech.symbols[scope]}"
    yield f"  name: {speech.say(ref.name)}"


def _comment(sentence: str) -> str:
    if len(sentence) < WIDTH - 4:
        return f"// {sentence}."
    return "\n".join(textwrap.wrap(f"{sentence}.", WIDTH, initial_indent="// ", subsequent_indent="// "))
