"""A system while it is being made out of something else: parts with their words, not yet a text."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from seatrial.model import Place
from seatrial.model.mistakes import Wrong
from seatrial.model.names import LONGEST_PART, LONGEST_SYSTEM, check_name, is_reserved_variable

__all__ = ["Made", "Names", "Rule", "Sketch", "python_name", "system_name", "variable_of"]

USES = ("uses", "reads", "sends", "receives")


@dataclass(frozen=True)
class Rule:
    """A rule of scaling: `requests(50)`."""

    name: str
    number: int


@dataclass(eq=False)
class Made:
    """One part. Its arguments are Python values, or other parts."""

    word: str
    """The method of a system that makes it: `postgres`."""
    name: str
    place: Place
    """Where the source describes it."""
    first: list[Any] = field(default_factory=list)
    """What stands after the name, without a word: the command."""
    args: dict[str, Any] = field(default_factory=dict)
    guesses: dict[str, str] = field(default_factory=dict)
    """By argument, why it is a guess."""
    remarks: list[str] = field(default_factory=list)
    """Comments above it."""
    source: str = ""
    """Of blobs, the volume or folder that they were."""
    receivers: tuple[str, ...] = ()
    """Of a topic, the processes that have a subscription."""

    @property
    def needs(self) -> list[Made]:
        """The parts that it names."""
        return [each for value in self.args.values() for each in _parts(value)]

    @property
    def used(self) -> list[Made]:
        """What its environment tells it of."""
        return [each for word in USES for each in self.args.get(word, ())]

    @property
    def variable(self) -> str:
        """The prefix of the variables that its users are given."""
        return variable_of(self.name)

    def use(self, other: Made, *, only_reads: bool = False) -> None:
        """It names the other, once; who writes and reads, uses. Of a topic, it receives or sends."""
        if other.receivers:
            word = "receives" if self.name in other.receivers else "sends"
            if other not in self.used:
                self.args.setdefault(word, []).append(other)
            return
        if only_reads and other in self.args.get("uses", ()):
            return
        if not only_reads and other in self.args.get("reads", ()):
            self.args["reads"].remove(other)
        used = self.args.setdefault("reads" if only_reads else "uses", [])
        if other not in used:
            used.append(other)


def _parts(value: Any) -> Iterable[Made]:
    if isinstance(value, Made):
        return [value]
    return [each for each in value if isinstance(each, Made)] if isinstance(value, list) else []


@dataclass
class Sketch:
    """A whole system."""

    name: str
    region: str
    title: str
    parts: list[Made] = field(default_factory=list)
    region_is_guess: bool = True

    def reaches(self, source: Made, target: Made) -> bool:
        """Whether `source` needs `target`, directly or through others."""
        seen: set[int] = set()
        waiting = [source]
        while waiting:
            part = waiting.pop()
            if part is target:
                return True
            if id(part) not in seen:
                seen.add(id(part))
                waiting.extend(part.needs)
        return False


class Names:
    """Gives every part a name that holds on Azure and is its own."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def give(self, wanted: str, *, shortest: int = 2, otherwise: str = "part") -> str:
        """The name itself where it holds; else the nearest that does."""
        longer = f"{wanted}-{otherwise}"
        name = (
            _holding(wanted, shortest, LONGEST_PART) or _holding(longer, shortest, LONGEST_PART) or otherwise
        )
        number = 2
        base = name
        while name in self.taken or is_reserved_variable(variable_of(name)):
            name = f"{base[: LONGEST_PART - 3].rstrip('-')}-{number}"
            number += 1
        self.taken.add(name)
        return name


def system_name(wanted: str) -> str:
    """The nearest name that a system may have."""
    return _holding(wanted, 2, LONGEST_SYSTEM) or "system"


def _holding(wanted: str, shortest: int, longest: int) -> str | None:
    hyphens = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", wanted) if not wanted.isupper() else wanted
    plain = re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "-", hyphens.lower()))
    name = plain[:longest].strip("-")
    if len(plain.strip("-")) > longest and plain[longest] != "-" and name.rfind("-") >= longest // 2:
        name = name[: name.rfind("-")]  # no half words
    try:
        return check_name(name, shortest=shortest, longest=longest)
    except Wrong:
        return None


def variable_of(name: str) -> str:
    return name.upper().replace("-", "_")


def python_name(name: str, taken: Iterable[str]) -> str:
    """The variable of a system file that holds a part."""
    plain = name.replace("-", "_")
    while keyword.iskeyword(plain) or plain in taken:
        plain += "_"
    return plain
