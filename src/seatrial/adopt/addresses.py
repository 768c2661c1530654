"""Which other services a value names: `postgres://db:5432/app`, `db`, `host=db`, `a:9092,b:9092`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.model.value import Value

__all__ = ["Address", "addresses", "named"]

_URL = re.compile(r"([A-Za-z][\w+.-]*)://(?:([^/@\s]*)@)?([A-Za-z0-9_.-]+)(?::(\d+))?(/[^\s,;]*)?")
_PAIR = re.compile(r"(?<![\w./@:-])([A-Za-z0-9_.-]+):(\d{2,5})(?![\w.])")
_KEYWORD = re.compile(r"(?i)\b(?:host|server|endpoint)=(?:sb://|tcp:)?([A-Za-z0-9_.-]+)")
_SAYS_WHERE = frozenset(
    {"HOST", "HOSTNAME", "HOSTS", "SERVER", "SERVERS", "ADDR", "ADDRESS", "URL", "URI", "ENDPOINT", "SERVICE"}
    | {"BROKER", "BROKERS", "SEEDS", "NODES", "UPSTREAM", "BACKEND", "DSN", "ORIGIN", "PROXY"}
)
_ENDS = ("HOST", "URL", "URI", "ADDR", "ENDPOINT", "SERVER")
"""Of a variable whose whole value is the name of a service: `ROLE=worker` is none."""


class Address(Value):
    """A service that a value names."""

    container: Container
    part: Made | None
    exact: bool
    """Whether what a part gives to its users says just the same."""
    lost: str
    """What the address says and that of the part does not."""


def addresses(name: str, value: str, stack: Stack) -> list[Address]:
    """The services that the value of a variable names, each once."""
    found = list(_in_urls(value, stack))
    rest = _URL.sub(" ", value)
    for host in [*(each[1] for each in _PAIR.finditer(rest)), *(each[1] for each in _KEYWORD.finditer(rest))]:
        if (container := stack.called(host)) is not None and container.image.role != "bus":
            exact = container.image.role == "temporal" and value == f"{container.name}:7233"
            found.append(Address(container=container, part=container.part, exact=exact, lost=""))
    words = set(re.split(r"[^A-Z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).upper()))
    if not found and (words & _SAYS_WHERE or any(word.endswith(_ENDS) for word in words)):
        for host in re.split(r"[,;\s]+", value):
            if host and (container := stack.called(host)) is not None:
                found.append(Address(container=container, part=container.part, exact=False, lost=""))
    once: dict[tuple[int, int], Address] = {}
    for each in found:
        once.setdefault((id(each.container), id(each.part)), each)
    return list(once.values())


def named(words: list[str], stack: Stack) -> list[Container]:
    """The services that a command names by their addresses."""
    text = " ".join(words)
    hosts = [each[3] for each in _URL.finditer(text)] + [
        each[1] for each in _PAIR.finditer(_URL.sub(" ", text))
    ]
    found = [stack.called(host) for host in hosts]
    return list(dict.fromkeys(each for each in found if each is not None))


def _in_urls(value: str, stack: Stack) -> Iterator[Address]:
    for url in _URL.finditer(value):
        container = stack.called(url[3])
        if container is None:
            continue
        part = container.part
        path = (url[5] or "").rstrip("/")
        if container.image.role == "bus":
            part = next((each for each in container.parts if each.name == path.strip("/")), None)
            if part is None:
                continue  # the namespace, and none of its queues
        exact, lost = _compared(url, path, part, value)
        yield Address(container=container, part=part, exact=exact, lost=lost)


def _compared(url: re.Match[str], path: str, part: Made | None, value: str) -> tuple[bool, str]:
    """Whether the address is what `seatrial build` would write, and what it says more."""
    lost = []
    if ":" in (url[2] or ""):
        lost.append("user and password")
    if part is None or url[0] != value:
        return False, " and ".join(lost)
    database = part.name.replace("-", "_")
    usual = {
        "postgres": f"/{database}",
        "cache": "/0",
        "queue": f"/{part.name}",
        "documents": f"/{part.name}",
    }
    wanted = usual.get(part.word, "")
    other = path.partition("?")[0] not in ("", wanted)
    if other and part.word in ("postgres", "documents"):
        lost.append("the database's name")
    elif other and part.word == "cache":
        lost.append(f"the number {path.strip('/')} of a database: a cache has one")
    elif other:
        lost.append(f"the path {path}")
    elif "?" in path:
        lost.append("its options")
    return not lost, " and ".join(lost)
