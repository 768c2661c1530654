"""A Compose file becomes a system: stores first, then the code that uses them, then what the world sees.

Whatever no rule has read when all are done is told as left out: that is how nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from seatrial.adopt import disk, fronts
from seatrial.adopt.adopted import Adopted, Wishes, adopted
from seatrial.adopt.loading import project
from seatrial.adopt.notes import Notes
from seatrial.adopt.processes import processes
from seatrial.adopt.reasons import OF_SERVICES, OF_TOP
from seatrial.adopt.sketch import Sketch, system_name
from seatrial.adopt.stack import Stack, stack_of
from seatrial.adopt.stores import stores
from seatrial.adopt.tree import Fields, Items, Text
from seatrial.model import Place

__all__ = ["from_compose"]


def from_compose(files: Sequence[Path], wishes: Wishes) -> Adopted:
    """The system that Compose files describe, the later ones over the earlier.

    Raises:
        Mistakes: they cannot be read, or are no Compose files.
    """
    notes = Notes()
    whole = project(files, notes)
    name, called = _name(whole, files[0], wishes, notes)
    sketch = Sketch(name=name, title=wishes.title or called, region=wishes.region or "eastus2")
    sketch.region_is_guess = wishes.region is None
    stack = stack_of(whole, files[0].parent, sketch, notes)
    stores(stack)
    fronts.sites(stack, wishes.folder_of(name))
    processes(stack, wishes.profiles)
    fronts.lead(stack)
    _top(stack)
    for container in stack.containers.values():
        container.section.leave_the_rest(OF_SERVICES)
    stack.top.leave_the_rest(OF_TOP)
    return adopted(sketch, files, notes, wishes)


def _name(whole: Fields, file: Path, wishes: Wishes, notes: Notes) -> tuple[str, str]:
    """What Azure takes, and what people say."""
    said = whole.fields.get("name")
    wanted = wishes.name or (
        said.text if isinstance(said, Text) and said.text else file.resolve().parent.name
    )
    name = system_name(wanted)
    if said is not None and name != wanted:
        notes.changed("name", said, f'the system is called "{name}": Azure does not take "{wanted}"')
    elif wishes.name is None and (said is None or name != wanted):
        notes.guessed(
            "name",
            Place(disk.shown(file), 1),
            f'the system is called "{name}", after its folder',
            "say --name",
        )
    words = re.sub(r"[-_]+", " ", wanted).strip()
    return name, words[:1].upper() + words[1:] or name


def _top(stack: Stack) -> None:
    """What stands beside the services."""
    top, notes = stack.top, stack.notes
    for key in ("name", "version"):
        top.take(key)
    kept = {part.source for part in stack.sketch.parts if part.source}
    for each in stack.containers.values():
        kept |= _names_of_volumes(each.section.see("volumes"))  # told where they are mounted
    volumes = top.section("volumes")
    for name, node in volumes.pairs() if volumes else ():
        path = f"volumes.{name}"
        if name not in kept:
            notes.left(path, node, *OF_TOP["volumes"])
        elif isinstance(node, Fields) and node.fields:
            for key, value in node.fields.items():
                if key != "name":
                    why = "where data lies is Azure's choice; nothing that is in the volume is moved"
                    notes.left(f"{path}.{key}", value, why, "move the data by hand once the system stands")
    _secrets(stack)
    configs = top.section("configs")
    used = {name for each in stack.of("bus", "front") for name in _names(each.section.see("configs"))}
    for name, node in configs.pairs() if configs else ():
        if name not in used:
            notes.left(f"configs.{name}", node, *OF_TOP["configs"])
    networks = top.section("networks")
    for name, node in networks.pairs() if networks else ():
        if not (name == "default" and isinstance(node, Fields) and not node.fields):
            notes.left(f"networks.{name}", node, *OF_TOP["networks"])


def _secrets(stack: Stack) -> None:
    section = stack.top.section("secrets")
    parts = {part.name for part in stack.sketch.parts if part.word == "secret"}
    for name, node in section.pairs() if section else ():
        stores = [each for each in stack.of("postgres") if name in _names(each.section.see("secrets"))]
        if name.lower().replace("_", "-") in parts:
            continue  # told where it is used
        if stores:
            why = "no password: processes show the token of their identity"
            stack.notes.left(f"secrets.{name}", node, why)
        else:
            stack.notes.left(f"secrets.{name}", node, *OF_TOP["secrets"])


def _names(node: object) -> set[str]:
    found = set()
    for each in node.items if isinstance(node, Items) else ():
        source = each.fields.get("source") if isinstance(each, Fields) else each
        if isinstance(source, Text):
            found.add(source.text)
    return found


def _names_of_volumes(node: object) -> set[str]:
    return {name.partition(":")[0] for name in _names(node)}
