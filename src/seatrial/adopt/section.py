"""A mapping of the source that knows which of its keys were read: what was not, is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.adopt.loading import MAPPINGS, as_mapping
from seatrial.adopt.notes import Notes
from seatrial.adopt.reasons import UNKNOWN, Reason
from seatrial.adopt.tree import Fields, Items, Node, Text, unreadable

__all__ = ["Section", "leave_odd_keys", "strings"]


_USUAL = {
    "init": {"true"},
    "read_only": {"true"},
    "tmpfs": {"/tmp", "/var/run/postgresql", "/data"},  # noqa: S108 - inside a container
    "cap_drop": {"ALL"},
    "security_opt": {"no-new-privileges:true", "no-new-privileges"},
    "shm_size": {"256m"},
    "user": {"postgres", "valkey", "redis"},
    "restart": {"always", "unless-stopped"},
}


class Section:
    """Keys are read by `take` and its kind; `leave_the_rest` tells those that were not."""

    def __init__(self, node: Fields, path: str, notes: Notes) -> None:
        self.node = node
        self.path = path
        self.notes = notes
        self._taken: set[str] = set()
        self._below: dict[str, Section] = {}

    def __contains__(self, key: str) -> bool:
        return key in self.node.fields

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def see(self, key: str) -> Node | None:
        """A value that is not yet read by being looked at."""
        return self.node.fields.get(key)

    def take(self, key: str) -> Node | None:
        self._taken.add(key)
        return self.node.fields.get(key)

    def text(self, key: str) -> str | None:
        """A scalar; None: not there, or empty. Raises Mistakes when it is no scalar."""
        node = self.take(key)
        if node is not None and not isinstance(node, Text):
            unreadable(node.place, f"{self.at(key)}: no single value", "write one value after the colon")
        return node.text if node is not None and node.text else None

    def section(self, key: str) -> Section | None:
        """A mapping below, or a list that stands for one; what is not read of it is told with the rest."""
        if key in self._below:
            return self._below[key]
        node = self.take(key)
        if node is None or (isinstance(node, Text) and node.null):
            return None
        if key in MAPPINGS:
            node = as_mapping(node)
        if not isinstance(node, Fields):
            unreadable(node.place, f"{self.at(key)}: no mapping", "write one key: value on each line below")
        below = Section(node, self.at(key), self.notes)
        self._below[key] = below
        return below

    def items(self, key: str) -> Iterator[tuple[str, Node]]:
        """The items of a list, each with its path. A single value is a list of one."""
        node = self.take(key)
        if isinstance(node, Items):
            yield from ((f"{self.at(key)}[{index}]", each) for index, each in enumerate(node.items))
        elif node is not None and not (isinstance(node, Text) and node.null):
            yield self.at(key), node

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """Every key with its value; all are read."""
        self._taken |= set(self.node.fields)
        yield from self.node.fields.items()

    def all_read(self) -> None:
        self._taken |= set(self.node.fields)

    def take_usual(self) -> None:
        """Reads what says no more than what every container of `seatrial build` has."""
        for key, usual in _USUAL.items():
            if key in self and set(strings(self.see(key))) <= usual:
                self.take(key)

    def leave(self, key: str, reason: Reason) -> None:
        """Tell a key as left out, if it is there and was not read."""
        if key in self.node.fields and key not in self._taken:
            self._taken.add(key)
            self.notes.left(self.at(key), self.node.fields[key], *reason)

    def leave_the_rest(self, reasons: Mapping[str, Reason]) -> None:
        for below in self._below.values():
            below.leave_the_rest(reasons)
        for key in self.node.fields:
            if key.startswith("x-"):
                self.leave(key, ("an extension: Compose itself passes it over, and so does a system", ""))
            else:
                self.leave(key, reasons.get(key, UNKNOWN))


_OF_ITEMS: Mapping[str, Reason] = {
    "bind": ("how a folder is mounted; none is", ""),
    "volume": ("how a folder is mounted; none is", ""),
    "tmpfs": ("how a folder is mounted; none is", ""),
    "image": ("how a folder is mounted; none is", ""),
    "consistency": ("how a folder is mounted; none is", ""),
    "uid": ("a secret is a variable, which has no owner", ""),
    "gid": ("a secret is a variable, which has no owner", ""),
    "mode": ("it is about Docker on one machine", ""),
    "name": ("a port has no name of its own", ""),
    "app_protocol": ("services answer HTTP", ""),
    "format": ("lines of NAME=value are read", ""),
}


def leave_odd_keys(notes: Notes, path: str, node: Node, *known: str) -> None:
    """Tell what an item of a list says beside what is read of it."""
    for key, each in node.fields.items() if isinstance(node, Fields) else ():
        if key not in known:
            notes.left(f"{path}.{key}", each, *_OF_ITEMS.get(key, UNKNOWN))


def strings(node: Node | None) -> list[str]:
    """The scalars of a list, or a scalar as a list of one."""
    match node:
        case Items(items=items):
            return [each.text for each in items if isinstance(each, Text)]
        case Text(null=False, text=text):
            return [text]
        case _:
            return []
