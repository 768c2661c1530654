"""The environment of a process: addresses become uses, secrets become parts, the rest stays settings.

No value of a secret is ever taken over, and neither is an address that has a password in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from seatrial.adopt import disk
from seatrial.adopt.addresses import Address, addresses
from seatrial.adopt.loading import as_mapping
from seatrial.adopt.secrecy import is_secret
from seatrial.adopt.section import leave_odd_keys
from seatrial.adopt.sketch import Made, Sketch, variable_of
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Node, Text
from seatrial.adopt.variables import dotenv
from seatrial.model import Place
from seatrial.model.names import RESERVED_VARIABLES, is_reserved_variable

__all__ = ["environment", "secret_of", "use", "use_in", "variables_of"]

_OF_STORES = ("HOST", "PORT", "NAME", "DATABASE", "DB", "USER", "USERNAME", "PASSWORD", "PASS", "PWD", "KEY")
_STORES = ("postgres", "cache", "queue", "documents", "blobs", "temporal")
_FOR_BROWSERS = r"(?i)(^|_)(CORS|ORIGINS?|ALLOWED|CALLBACK|REDIRECT|TRUSTED|PUBLIC|NEXT_PUBLIC|VITE)(_|$)"
_POSTGRES = re.compile(
    r"PG(HOST|PORT|USER|PASSWORD|DATABASE|SSLMODE)|POSTGRES_(HOST|PORT|USER|PASSWORD|DB|SERVER)"
)


def environment(container: Container, made: Made, stack: Stack) -> None:
    """Gives a process its uses, secrets and settings, and tells what became of each variable."""
    entries = dict(_entries(container, stack))
    found = {name: addresses(name, node.text, stack) for name, (_, node) in entries.items()}
    models = dict(_models(entries, found, stack))
    prefixes = _prefixes(entries, found, stack)
    for name, (path, node) in entries.items():
        if name in models:
            made.use(models[name])
        elif node.text.startswith("file://") and name in _folders(made):
            pass  # blobs, by the name and in the form that they have anyway
        elif found[name]:
            _addressed(name, path, node, found[name], made, stack)
        elif is_reserved_variable(name):
            if not (name == "PORT" and node.text == str(made.args.get("port"))):
                own = ", ".join(RESERVED_VARIABLES)
                why = f"{name} is set by whoever starts the process"
                stack.notes.left(path, node, why, f"call it otherwise; taken: {own}, SEATRIAL_…")
        elif _is_of_a_store(name, node, prefixes, made, container, stack):
            why = "it is about a store, which says all of it in its one address, without a password"
            stack.notes.left(path, node, why, "read the address of the store that the process uses")
        elif file := re.fullmatch(r"/run/secrets/([\w.-]+)", node.text):
            part = secret_of(file[1], node, stack)
            made.use(part)
            why = f"the secret {part.name} comes as the variable {part.variable}, not as a file"
            stack.notes.changed(path, node, why, f"read {part.variable}")
        else:
            _said(name, path, node, made, stack)
    _without_conflicts(container, made, entries, stack)


def _entries(container: Container, stack: Stack) -> Iterator[tuple[str, tuple[str, Text]]]:
    """By name, the path and the value; what stands in the file itself wins over `env_file`."""
    for path, node in container.section.items("env_file"):
        file = node.fields.get("path") if isinstance(node, Fields) else node
        text = disk.glance(Path(node.place.file).parent / file.text) if isinstance(file, Text) else None
        leave_odd_keys(stack.notes, path, node, "path", "required")
        if text is None or not isinstance(file, Text):
            why = "the file is not there: the variables it would give are not carried"
            stack.notes.left(path, node, why, "say its settings as env=, and its secrets as secret(…)")
            continue
        shown = disk.shown(Path(node.place.file).parent / file.text)
        for name, (value, line) in dotenv(text).items():
            yield name, (f"{path}:{name}", Text(place=Place(shown, line), text=value))
    section = container.section.section("environment")
    for name, node in section.pairs() if section else ():
        if isinstance(node, Text):
            yield name, (f"{container.path}.environment.{name}", node)
        else:
            stack.notes.left(
                f"{container.path}.environment.{name}", node, "a variable has one value", "write it as text"
            )


def use(made: Made, target: Made, stack: Stack) -> bool:
    """Whether one part may use the other, and does from now on."""
    return use_in(stack.sketch, made, target)


def use_in(sketch: Sketch, made: Made, target: Made) -> bool:
    """The same, in any sketch."""
    if target is made or sketch.reaches(target, made):
        return False
    if target in made.used:
        return True
    made.use(target)
    return True


def _folders(made: Made) -> set[str]:
    return {f"{each.variable}_URL" for each in made.used if each.word == "blobs"}


def variables_of(part: Made) -> tuple[str, ...]:
    """What the users of a part are given, as `seatrial.model.variables_of` says it."""
    if part.word == "secret":
        return (part.variable,)
    if part.word == "model_api":
        return (f"{part.variable}_URL", f"{part.variable}_MODEL", f"{part.variable}_KEY")
    return (f"{part.variable}_URL",)


def _addressed(name: str, path: str, node: Text, found: list[Address], made: Made, stack: Stack) -> None:
    """A variable that holds the address of another service."""
    for address in found:
        target = address.part
        if target is None or target.word in ("worker", "job", "schedule"):
            gone = address.container.gone or "it answers nobody"
            why = f"{address.container.name} has no address in the system: {gone}"
            stack.notes.left(path, node, why, "say the address of what stands in its place as env=")
        elif target is made:
            stack.notes.left(
                path, node, "its own address, which Azure gives it", "say the public one as env="
            )
        elif re.search(_FOR_BROWSERS, name):
            why = "an address that browsers know, not one that the process calls"
            stack.notes.left(path, node, why, "say the public one as env=, once it is known")
        elif not use(made, target, stack):
            why = f"{target.name} uses {made.name}: what is used must stand without its user"
            stack.notes.left(path, node, why, "say the address as env=")
        else:
            carried = variables_of(target)[0]
            same = name == carried and address.exact
            if not same:
                lost = f", without {address.lost}" if address.lost else ""
                why = f"{carried} carries the address of {target.name}{lost}"
                read = f"read {carried}" if name != carried else ""
                stack.notes.changed(path, node, why, read)


def _prefixes(
    entries: dict[str, tuple[str, Text]], found: dict[str, list[Address]], stack: Stack
) -> set[str]:
    """Beginnings of names that say something of a store: of `DB_HOST=db`, `DB_`."""
    prefixes = set()
    for name in entries:
        for address in found[name]:
            part = address.part
            if part is not None and part.word in _STORES:
                prefixes.add(name[: name.rfind("_") + 1])
    return prefixes - {""}


def _is_of_a_store(
    name: str, node: Text, prefixes: set[str], made: Made, container: Container, stack: Stack
) -> bool:
    start, _, last = name.rpartition("_")
    if f"{start}_" in prefixes and last in _OF_STORES:
        return True
    used = made.args.get("uses", [])
    if any(each.part in used or each.name in container.waits for each in stack.of("postgres")) and (
        _POSTGRES.fullmatch(name) or name.endswith("PGPASSWORD")
    ):
        return True
    if stack.of("bus") and name == "SERVICEBUS_CONNECTION_STRING":
        return True
    return any(_same(name, node, key, value) for key, value in _given_to_stores(stack))


def _given_to_stores(stack: Stack) -> Iterator[tuple[str, Text]]:
    for each in stack.of("postgres", "queue", "blobs", "documents"):
        given = each.section.see("environment")
        fields = as_mapping(given) if given is not None else None
        for key, value in fields.fields.items() if isinstance(fields, Fields) else ():
            if isinstance(value, Text):
                yield key, value


def _same(name: str, node: Text, key: str, value: Text) -> bool:
    """Whether a variable says what a store is told too: `${DB_PASSWORD}`, or the same user and password."""
    names = {ref.name for ref in value.refs}
    if name in names or names & {ref.name for ref in node.refs}:
        return True
    both = all(re.search(r"USER|PASS|KEY|SECRET", each) for each in (name, key))
    return both and bool(node.text) and node.text == value.text


def _said(name: str, path: str, node: Text, made: Made, stack: Stack) -> None:
    """A variable about nothing but the process itself."""
    how = {ref.how for ref in node.refs} | ({"unset"} if node.null else set())
    if is_secret(name, node.text) or stack.secrets.within(node.text) or "required" in how:
        part = secret_of(name, node, stack)
        optional = not node.text and how == {"default"}
        if optional and "needed" not in part.args and not part.remarks:
            part.args["needed"] = False
        made.use(part)
        if part.variable != name:
            why = f"{part.variable} carries it: names on Azure have no other letters"
            stack.notes.changed(path, node, why, f"read {part.variable}")
        elif node.text:
            why = f"the secret {part.name}, without the value that stands here"
            stack.notes.changed(path, node, why, "give the value to the vault, or to .env on a laptop")
        else:
            why = f"the secret {part.name}: whoever deploys is asked for its value"
            stack.notes.changed(path, node, why)
    elif how & {"unset"} and not node.text:
        stack.notes.left(
            path, node, "no value: neither the file nor a .env beside it says one", "say it as env="
        )
    elif not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        stack.notes.left(
            path, node, "no name of a variable: letters, digits, underscores", "call it otherwise"
        )
    else:
        made.args.setdefault("env", {})[name] = node.text
        if how:
            source = "the .env beside it" if "given" in how else "the default"
            names = ", ".join(sorted({ref.name for ref in node.refs}))
            stack.notes.changed(path, node, f"what {source} says of {names} is written into the system file")


def secret_of(name: str, node: Node, stack: Stack) -> Made:
    wanted = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    for part in stack.sketch.parts:
        if part.word == "secret" and part.name == wanted:
            return part
    made = Made(word="secret", name=stack.names.give(wanted, otherwise="secret"), place=node.place)
    stack.sketch.parts.append(made)
    return made


def _models(
    entries: dict[str, tuple[str, Text]], found: dict[str, list[Address]], stack: Stack
) -> Iterator[tuple[str, Made]]:
    """`X_URL`, `X_MODEL` and `X_KEY` together are a model behind the protocol of OpenAI."""
    for name, (_, node) in entries.items():
        start, _, last = name.rpartition("_")
        three = [f"{start}_{each}" for each in ("URL", "MODEL", "KEY")]
        if last != "MODEL" or not start or any(each not in entries or found[each] for each in three):
            continue
        wanted = start.lower().replace("_", "-")
        part = next((each for each in stack.sketch.parts if each.name == wanted), None)
        if part is None:
            part = Made(word="model_api", name=stack.names.give(wanted), place=node.place)
            part.args["model"] = node.text or "gpt-4o-mini"
            if not node.text:
                part.guesses["model"] = "the source names none"
                stack.notes.guessed(entries[name][0], node, 'model="gpt-4o-mini": the source names none')
            if any(ref.how == "default" for ref in entries[three[0]][1].refs):
                part.args["needed"] = False
            stack.sketch.parts.append(part)
        if part.word == "model_api" and variable_of(part.name) == start:
            yield from ((each, part) for each in three)


def _without_conflicts(
    container: Container, made: Made, entries: dict[str, tuple[str, Text]], stack: Stack
) -> None:
    """What a process sets itself gives way to what it is given of the parts that it uses."""
    owner: dict[str, Made] = {}
    for part in made.used:
        if part.word != "secret":
            owner |= dict.fromkeys(variables_of(part), part)
    for part in [each for each in made.args.get("uses", []) if each.word == "secret"]:
        if part.variable in owner:
            made.args["uses"].remove(part)
            _gives_way(part.variable, owner[part.variable], container, entries, stack)
    for name in list(made.args.get("env", {})):
        if name in owner:
            del made.args["env"][name]
            _gives_way(name, owner[name], container, entries, stack)


def _gives_way(
    name: str, to: Made, container: Container, entries: dict[str, tuple[str, Text]], stack: Stack
) -> None:
    path, node = entries.get(name, (f"{container.path}.environment", Text(place=to.place, text="")))
    why = f"{name} is what {to.name} gives to its users"
    stack.notes.left(path, node, why, "call the one that is meant here otherwise")
