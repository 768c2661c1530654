"""Temporal, and the emulator of Service Bus: one service that is several parts, or a part with another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seatrial.adopt import disk, sizes
from seatrial.adopt.common import OWN, limits_of, named, read_as_store
from seatrial.adopt.section import Section
from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Items, Node, Text

__all__ = ["bus", "joined", "temporal"]


def temporal(container: Container, stack: Stack) -> None:
    made = named(container, stack, "temporal")
    section = container.section
    image = section.take("image") or section.node
    environment = section.section("environment")
    seeds = environment.text("POSTGRES_SEEDS") if environment else None
    history = stack.called(seeds) if seeds else None
    if history is None or history.part is None or history.part.word != "postgres":
        name = stack.names.give(f"{made.name}-history", shortest=3)
        store = Made(
            word="postgres", name=name, place=section.node.place, args={"cores": 2, "storage": "32 GiB"}
        )
        store.guesses = dict.fromkeys(("cores", "storage"), "a database for Temporal alone")
        stack.sketch.parts.append(store)
        why = f"{name}: Temporal keeps its runs in PostgreSQL, and the source names none for it"
        stack.notes.guessed(container.path, section.node, why)
    else:
        store = history.part
        stack.notes.changed(
            container.path, section.node, f"{store.name} signs in by password: Temporal knows no other way"
        )
    store.args["sign_in"] = "password"
    made.args["history"] = store
    if re.fullmatch(r"\d+\.\d+\.\d+", container.image.tag):
        made.args["version"] = container.image.tag
    else:
        why = "the version of Temporal: the image names none with all three numbers"
        stack.notes.guessed(f"{container.path}.image", image, why, "say version=")
    limits = limits_of(section)
    asked = sizes.cores(limits.text("cpus") or "") if limits else None
    room = sizes.size(limits.text("memory") or "") if limits else None
    made.args["cpu"], made.args["memory"] = asked or 1, sizes.memory(room or 2 * 2**30)
    made.args["ui"] = bool(stack.of("temporal-ui"))
    for name, node in environment.pairs() if environment else ():
        if name not in ("DB", "DB_PORT", "POSTGRES_SEEDS", "POSTGRES_USER", "POSTGRES_PWD"):
            stack.notes.left(f"{container.path}.environment.{name}", node, *OWN)
    read_as_store(container, stack)
    stack.add(container, made)


def joined(container: Container, stack: Stack) -> None:
    """Temporal's page stands beside its server."""
    if not stack.of("temporal"):
        container.gone = "its server is not in the project"
        stack.notes.left(container.path, container.section.node, container.gone)
    container.section.all_read()


def bus(container: Container, stack: Stack) -> None:
    """The emulator of Service Bus: its configuration names the queues and topics."""
    section = container.section
    section.take("image")
    text, node = _configuration(section, stack)
    for kind, each in _entities(text):
        name = str(each.get("Name", ""))
        made = Made(word="queue", name=stack.names.give(name), place=section.node.place)
        properties = each.get("Properties") or {}
        if kind == "Topics":
            made.args["topic"] = True
            known = [one for one in each.get("Subscriptions") or () if isinstance(one, dict)]
            made.receivers = tuple(str(one.get("Name")) for one in known)
            properties = known[0].get("Properties", properties) if known else properties
        lock = re.fullmatch(r"PT(\d+)S", str(properties.get("LockDuration", "")))
        if lock and lock[1] != "60":
            made.args["lock"] = f"{lock[1]} s"
        attempts = properties.get("MaxDeliveryCount")
        if isinstance(attempts, int) and attempts != 10:
            made.args["attempts"] = attempts
        stack.add(container, made)
    if not container.parts:
        stack.add(container, named(container, stack, "queue"))
        why = "one queue by the service's name: its configuration could not be read"
        stack.notes.guessed(container.path, node or section.node, why, "write a queue(…) for each")
    else:
        why = "how long messages are kept: the emulator keeps none longer than 1 h"
        stack.notes.guessed(container.path, section.node, why, "say keeps= where 14 days are not meant")
    read_as_store(container, stack)


def _configuration(section: Section, stack: Stack) -> tuple[str, Node | None]:
    configs = stack.top.see("configs")
    for _, each in section.items("configs"):
        source = each.fields.get("source") if isinstance(each, Fields) else each
        known = (
            configs.fields.get(source.text)
            if isinstance(configs, Fields) and isinstance(source, Text)
            else None
        )
        if isinstance(known, Fields):
            if isinstance(content := known.fields.get("content"), Text):
                return content.text, known
            if isinstance(file := known.fields.get("file"), Text):
                return disk.glance(Path(file.place.file).parent / file.text) or "", known
    volumes = section.see("volumes")
    for each in volumes.items if isinstance(volumes, Items) else ():
        if isinstance(each, Text) and (found := re.match(r"([^:]+\.json):", each.text)):
            return disk.glance(Path(each.place.file).parent / found[1]) or "", each
    return "", None


def _entities(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        found = json.loads(text)
        spaces = found["UserConfig"]["Namespaces"]
        for space in spaces:
            for kind in ("Queues", "Topics"):
                yield from ((kind, each) for each in space.get(kind) or () if isinstance(each, dict))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
