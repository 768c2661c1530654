"""One Compose project out of its files: variables, `include`, `extends`, and files over files.

Sources: https://docs.docker.com/reference/compose-file/merge/,
https://docs.docker.com/reference/compose-file/include/ and
https://docs.docker.com/reference/compose-file/services/#extends
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from seatrial.adopt import disk
from seatrial.adopt.notes import Notes
from seatrial.adopt.tree import Fields, Items, Node, Text, unreadable
from seatrial.adopt.variables import dotenv, filled
from seatrial.model import Place

__all__ = ["MAPPINGS", "as_mapping", "merged", "project"]

_DEEPEST = 8
_REPLACED = frozenset({"command", "entrypoint", "test"})
MAPPINGS = frozenset(
    {"environment", "labels", "annotations", "args", "depends_on", "networks", "extra_hosts", "sysctls"}
)
"""May be written as a list too; merged as mappings."""
_BY_TARGET = frozenset({"volumes", "secrets", "configs", "devices"})


def project(files: Sequence[Path], notes: Notes) -> Fields:
    """The files of one project, the later ones over the earlier.

    Raises:
        Mistakes: a file cannot be read, or extends and includes lead nowhere or round in a circle.
    """
    known = dotenv(disk.glance(files[0].parent / ".env") or "")
    values = {name: value for name, (value, _) in known.items()}
    whole: Node | None = None
    for file in files:
        read = _loaded(file, values, notes, ())
        whole = read if whole is None else merged(whole, read)
    assert isinstance(whole, Fields)
    return whole


def _loaded(
    file: Path, values: Mapping[str, str], notes: Notes, above: tuple[Path, ...], asked: Node | None = None
) -> Fields:
    """A file with what it includes, its services with what they extend."""
    if file.resolve() in above or len(above) > _DEEPEST:
        place = (asked or Text(place=Place(disk.shown(file), 0), text="")).place
        unreadable(place, f"{disk.shown(file)} includes itself", "take one of the two includes out")
    tree = disk.mapping(file, asked.place if asked else None)
    whole = filled(tree, values)
    assert isinstance(whole, Fields)
    _extensions(whole, notes)
    fields = {key: node for key, node in whole.fields.items() if not key.startswith("x-")}
    services = fields.get("services")
    if isinstance(services, Fields):
        extended = {name: _extended(name, services, values, (), file.parent) for name in services.fields}
        fields["services"] = replace(services, fields=extended)
    result = replace(whole, fields={key: node for key, node in fields.items() if key != "include"})
    for path, at in _included(fields.get("include"), notes):
        inner = _loaded(file.parent / path, values, notes, (*above, file.resolve()), at)
        both = merged(inner, result)
        assert isinstance(both, Fields)
        result = both
    return result


def _included(node: Node | None, notes: Notes) -> Iterator[tuple[str, Node]]:
    for index, each in enumerate(node.items if isinstance(node, Items) else ()):
        paths = each
        if isinstance(each, Fields):
            for key, other in each.fields.items():
                if key != "path":
                    why = "a file that is included is read by the variables of the project"
                    notes.left(f"include[{index}].{key}", other, why, "name its files on the command line")
            paths = each.fields.get("path", each)
        for one in paths.items if isinstance(paths, Items) else (paths,):
            if not isinstance(one, Text) or not one.text:
                unreadable(one.place, "an include without a path", "write the path of a Compose file")
            elif "://" in one.text or one.text.startswith("git@"):
                why = "it is not on this machine, and nothing is fetched"
                notes.left(f"include[{index}]", one, why, "fetch it, and name the file")
            else:
                yield one.text, one


def _extended(
    name: str, services: Fields, values: Mapping[str, str], above: tuple[str, ...], folder: Path
) -> Node:
    """A service over the one that it extends."""
    own = services.fields[name]
    if not isinstance(own, Fields) or "extends" not in own.fields:
        return own
    wanted = own.fields["extends"]
    file, service = None, wanted
    if isinstance(wanted, Fields):
        file, service = wanted.fields.get("file"), wanted.fields.get("service", wanted)
    if not isinstance(service, Text):
        unreadable(wanted.place, "extends names no service", "write extends: with service: and its name")
    source: Node | None = services
    where = folder
    if isinstance(file, Text):
        where = (folder / file.text).parent
        source = filled(disk.mapping(folder / file.text, file.place), values)
        source = source.fields.get("services") if isinstance(source, Fields) else None
    key = f"{file.text if isinstance(file, Text) else ''}:{service.text}"
    if key in above or (source is services and service.text == name) or len(above) > _DEEPEST:
        unreadable(wanted.place, f"{name} extends itself", "take one of the extends out")
    if not isinstance(source, Fields) or service.text not in source.fields:
        known = ", ".join(source.fields) if isinstance(source, Fields) else "none"
        unreadable(service.place, f"extends {service.text}, which is no service", f"known: {known}")
    base = _extended(service.text, source, values, (*above, key), where)
    return merged(base, replace(own, fields={k: v for k, v in own.fields.items() if k != "extends"}))


def _extensions(whole: Fields, notes: Notes) -> None:
    """`x-…` at the top: told, unless it only holds what aliases repeat elsewhere."""
    elsewhere: set[int] = set()
    for key, node in whole.fields.items():
        if not key.startswith("x-"):
            elsewhere |= {id(each) for each in _all(node)}
    for key, node in whole.fields.items():
        if key.startswith("x-") and not any(id(each) in elsewhere for each in _all(node)):
            notes.left(key, node, "an extension: Compose itself passes it over, and so does a system")


def _all(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Fields(fields=fields):
            for each in fields.values():
                yield from _all(each)
        case Items(items=items):
            for each in items:
                yield from _all(each)
        case _:
            pass


# -- files over files -------------------------------------------------------------------------------------


def merged(base: Node, over: Node, key: str = "") -> Node:
    """What stands in `over` wins; mappings are merged, lists appended, but for what is one thing."""
    if over.tag == "!override" or key in _REPLACED:
        return replace(over, tag=None)
    if key in MAPPINGS:
        base, over = as_mapping(base), as_mapping(over)
    match base, over:
        case Fields(fields=below), Fields(fields=above):
            fields = dict(below)
            for name, node in above.items():
                if node.tag == "!reset":
                    fields.pop(name, None)
                elif name in fields:
                    fields[name] = merged(fields[name], node, name)
                else:
                    fields[name] = node
            return replace(over, fields=fields)
        case Items(items=below_), Items(items=above_):
            same = _target if key in _BY_TARGET else _plain
            taken = {same(each) for each in above_}
            return replace(over, items=(*(each for each in below_ if same(each) not in taken), *above_))
        case _:
            return over


def as_mapping(node: Node) -> Node:
    """A list of `NAME=value`, `name: value` or names as the mapping that it stands for."""
    if not isinstance(node, Items):
        return node
    fields: dict[str, Node] = {}
    for each in node.items:
        if not isinstance(each, Text):
            return node
        name, equals, value = each.text.partition("=")
        fields[name] = replace(each, text=value, null=not equals)
    return Fields(place=node.place, fields=fields)


def _plain(node: Node) -> object:
    return node.text if isinstance(node, Text) else id(node)


def _target(node: Node) -> object:
    if isinstance(node, Fields):
        for key in ("target", "source"):
            if isinstance(each := node.fields.get(key), Text):
                return each.text
        return id(node)
    if not isinstance(node, Text):
        return id(node)
    pieces = node.text.split(":")
    return pieces[1] if len(pieces) > 1 else pieces[0]
