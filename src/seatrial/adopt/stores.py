"""Services that run somebody's well-known program: each becomes the part that stands for it, or none."""

from __future__ import annotations

import re

from seatrial.adopt import sizes
from seatrial.adopt.common import OWN, limits_of, named, read_as_store
from seatrial.adopt.engines import bus, joined, temporal
from seatrial.adopt.section import Section, strings
from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Text

__all__ = ["stores"]

_EXTENSIONS = (
    ("pgvector", "vector"),
    ("timescale", "timescaledb"),
    ("postgis", "postgis"),
    ("vchord", "vector"),
    ("pgvecto-rs", "vector"),
    ("pgvectors", "vector"),
    ("vectorchord", "vector"),
)
"""By what stands in the image's name or tag, the extension that Azure has for it."""
_OLDEST, _NEWEST, _USUAL = 14, 18, 17
_CORES = (1, 2, 4, 8, 16, 32, 48, 64, 96)
"""Of machines with 4 GiB for each core; see `seatrial.azure.postgres_sizes`."""


def stores(stack: Stack) -> None:
    """Makes every part that is no process."""
    for container in stack.of("postgres"):
        stack.add(container, _postgres(container, stack))
    for container in stack.of("cache"):
        stack.add(container, _cache(container, stack))
    for container in stack.of("blobs", "documents", "queue"):
        _plain(container, stack)
    for container in stack.of("model"):
        _model(container, stack)
    for container in stack.of("bus"):
        bus(container, stack)
    for container in stack.of("temporal"):
        temporal(container, stack)
    for container in stack.of("temporal-ui"):
        joined(container, stack)
    for container in stack.of("aside"):
        aside(container, stack)


def _postgres(container: Container, stack: Stack) -> Made:
    made = named(container, stack, "postgres", 3, "database")
    section, notes = container.section, stack.notes
    image = section.take("image") or section.node
    tag = container.image.tag
    found = (
        re.search(r"pg(\d+)", tag) or re.match(r"(\d+)", tag) or re.search(r"pg(\d+)", container.image.name)
    )
    version = int(found[1]) if found else _USUAL
    made.args["version"] = min(_NEWEST, max(_OLDEST, version))
    if not found:
        made.guesses["version"] = "the image says none"
        notes.guessed(f"{container.path}.image", image, f"version={_USUAL}: the image names no version")
    elif version != made.args["version"]:
        made.guesses["version"] = f"{version} is not to be had"
        why = f"version={made.args['version']} for {version}: Azure has {_OLDEST} to {_NEWEST}"
        notes.changed(f"{container.path}.image", image, why, "try the system on that version")
    _sized(container, made, stack)
    made.args["storage"] = "32 GiB"
    made.guesses["storage"] = "a volume has no size"
    notes.guessed(container.path, section.node, 'storage="32 GiB": Compose says none', "say how much is kept")
    text = f"{container.image.name}:{tag}"
    if names := list(dict.fromkeys(name for word, name in _EXTENSIONS if word in text)):
        made.args["extensions"] = names
    if re.search(r"vchord|vectorchord|pgvecto-rs|pgvectors", text):
        why = "its vector extension is not Azure's: pgvector stands for it"
        notes.changed(f"{container.path}.image", image, why, "try the system with pgvector's indexes")
    _environment_of_postgres(container, made, stack)
    if command := section.take("command"):
        why = "server parameters are Azure's, or set on the server by hand"
        words = " ".join(strings(command))
        if words and words not in ("postgres",):
            notes.left(f"{container.path}.command", command, why)
    read_as_store(container, stack)
    return made


def _sized(container: Container, made: Made, stack: Stack) -> None:
    limits = limits_of(container.section)
    asked = sizes.cores(limits.text("cpus") or "") if limits else None
    room = sizes.size(limits.text("memory") or "") if limits else None
    if asked is None:
        made.args["cores"] = 2
        made.guesses["cores"] = "Compose sets no limit"
        stack.notes.guessed(
            container.path, container.section.node, "cores=2: Compose sets no limit", "say what it needs"
        )
        return
    usual = next((each for each in _CORES if each >= asked), _CORES[-1])
    made.args["cores"] = usual
    assert limits is not None
    if usual != asked:
        made.guesses["cores"] = f"the next machine above {asked:g}"
        why = f"cores={usual} for {asked:g}: machines of PostgreSQL have so many"
        stack.notes.changed(limits.at("cpus"), limits.node, why)
    if room is not None:
        _remembered(made, usual, room, limits, stack)


def _remembered(made: Made, cores: int, room: int, limits: Section, stack: Stack) -> None:
    """The memory of a machine that there is: with 2 GiB (two cores only), 4 or 8 for each core.

    Source: `seatrial.azure.postgres_sizes`.
    """
    kinds = {1: (2,), 2: (4, 8, 16)}.get(cores, (4 * cores, min(8 * cores, 672)))
    gib = next((each for each in kinds if each * 2**30 >= room), kinds[-1])
    usual = kinds[0] if cores == 1 else 4 * cores
    if gib != usual:
        made.args["memory"] = f"{gib} GiB"
    if gib * 2**30 != room and not (cores == 1 and room == 4 * 2**30):  # what Compose has for one core
        why = f"{gib} GiB: a machine of PostgreSQL with {cores} cores has that or none that is nearer"
        stack.notes.changed(limits.at("memory"), limits.node, why, "measure what it needs")


def _environment_of_postgres(container: Container, made: Made, stack: Stack) -> None:
    environment = container.section.section("environment")
    for name, node in environment.pairs() if environment else ():
        path = f"{container.path}.environment.{name}"
        value = node.text if isinstance(node, Text) else ""
        ours = made.name.replace("-", "_")
        if "PASSWORD" in name or "PASSWD" in name:
            why = "no password: processes show the token of their identity"
            stack.notes.left(path, node, why, 'write sign_in="password" for clients that know no other way')
        elif name in ("POSTGRES_DB", "POSTGRESQL_DATABASE"):
            if value != ours:
                why = f'the database is called "{ours}", as its part'
                stack.notes.changed(path, node, why, f"the code finds it in {made.variable}_URL")
        elif name in ("POSTGRES_USER", "POSTGRESQL_USERNAME"):
            if value != "seatrial":
                stack.notes.left(path, node, "each process signs in as itself")
        elif name == "PGDATA":
            stack.notes.left(path, node, "Azure keeps the data")
        else:
            stack.notes.left(path, node, *OWN)


def _cache(container: Container, stack: Stack) -> Made:
    made = named(container, stack, "cache")
    section = container.section
    section.take("image")
    words = " ".join(strings(section.take("command")))
    found = re.search(r"--maxmemory[ =](\d+\s*[kmg]?b?)", words, re.IGNORECASE)
    room = sizes.size(found[1]) if found else None
    largest = 960 * 2**30 * 4 // 5  # of the largest machine Azure keeps a fifth: `seatrial.azure.cache`
    if room is not None and room > largest:
        stack.notes.changed(container.path, section.node, "768 GiB: Azure has no larger cache")
    made.args["memory"] = "1 GiB" if not room else sizes.memory(min(room, largest))
    if room is None:
        made.guesses["memory"] = "the server is given no --maxmemory"
        stack.notes.guessed(
            container.path, section.node, 'memory="1 GiB": the server is given no --maxmemory'
        )
    made.args["highly_available"] = False
    limits = limits_of(section)
    if limits is not None:
        limits.all_read()  # what the container has beside its data
    command = section.see("command")
    rest = re.sub(
        r"--maxmemory[ =]\S+|--maxmemory-policy[ =]allkeys-lru|(redis|valkey|keydb)-server", "", words
    )
    rest = re.sub(r"--save\s+(?=--|$)|--save\s*''|--appendonly[ =]no", "", rest)
    if command is not None and rest.strip():
        why = "the cache is Azure's own: its options, its persistence and its password are not carried"
        stack.notes.left(f"{container.path}.command", command, why, "keep in a store what must not be lost")
    read_as_store(container, stack)
    return made


def _plain(container: Container, stack: Stack) -> None:
    word = container.image.role
    made = named(container, stack, word, 3 if word == "blobs" else 2, "storage")
    _differs(container, made, stack)
    read_as_store(container, stack)
    stack.add(container, made)


def _differs(container: Container, made: Made, stack: Stack) -> None:
    image = container.section.take("image") or container.section.node
    if container.image.why:
        made.remarks.append(f"Was {container.image.name}: {container.image.why}")
        stack.notes.left(f"{container.path}.image", image, container.image.why, container.image.hint)


def _model(container: Container, stack: Stack) -> None:
    made = named(container, stack, "model_api")
    made.args["model"] = "gpt-4o-mini"
    made.guesses["model"] = "models of Azure have other names"
    stack.notes.guessed(
        container.path, container.section.node, 'model="gpt-4o-mini": the source names none that Azure has'
    )
    _differs(container, made, stack)
    read_as_store(container, stack)
    stack.add(container, made)


def aside(container: Container, stack: Stack) -> None:
    ledger = any(each.image.role == "bus" for each in stack.waiters(container))
    container.gone = container.image.why
    container.section.all_read()
    if not ledger:  # else it is where the emulator keeps its books
        what = f"{container.image.name}: {container.image.why}"
        stack.notes.left(container.path, container.section.node, what, container.image.hint)
