"""Readers of single values: each takes what stands in a system file and gives a clean value, or raises Wrong.

A reader of many values raises an ExceptionGroup of Wrong, so that every one of them is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from operator import eq, is_
from types import MappingProxyType
from typing import Any, Protocol, Self, TypeVar, get_args

from seatrial.model.mistakes import Doubt, Wrong, did_you_mean, nearest, show
from seatrial.model.names import RESERVED_VARIABLES, is_reserved_variable
from seatrial.model.parts import Part
from seatrial.model.quantities import Duration
from seatrial.model.regions import REGIONS
from seatrial.model.scaling import Backlog, Cpu, Memory, QueueLength, Requests, ScaleRule

__all__ = [
    "Reader",
    "address",
    "command",
    "cron",
    "each",
    "environment",
    "extension",
    "flag",
    "folder",
    "one_of",
    "optional",
    "parts",
    "path",
    "port",
    "positive",
    "quantity",
    "region",
    "replicas",
    "rules",
    "text",
    "whole",
    "whole_days",
]

T = TypeVar("T")
Reader = Callable[[Any], T]


class Quantity(Protocol):
    @classmethod
    def parse(cls, text: str) -> Self: ...


Q = TypeVar("Q", bound=Quantity)


def quantity(kind: type[Q], example: str, *, least: str | None = None, most: str | None = None) -> Reader[Q]:
    """A quantity above nothing, from its text, within bounds that are quantities too."""

    @cache
    def bounds() -> tuple[Any, Any, Any]:
        """Read when first asked for: of all readers, a file needs few."""
        nothing = None if least is not None else kind.parse(re.sub(r"[0-9.,]+", "0", example))
        return least and kind.parse(least), most and kind.parse(most), nothing

    def read(value: Any) -> Q:
        if not isinstance(value, str | kind):
            raise Wrong("a quantity has a unit", f'write it as text: "{example}"')
        amount: Any = kind.parse(value) if isinstance(value, str) else value
        lowest, highest, nothing = bounds()
        if lowest is not None and amount < lowest:
            raise Wrong(f"less than {least}", f"write {least} or more")
        if highest is not None and amount > highest:
            raise Wrong(f"more than {most}", f"write {most} or less")
        if amount == nothing:
            raise Wrong("nothing at all", f'write more than 0, as "{example}"')
        return amount  # type: ignore[no-any-return]

    return read


def whole_days(value: Any) -> Duration:
    """Days without a rest: the clock of a blob's life cycle."""
    time = _some_days(value)
    if time.days != int(time.days):
        raise Wrong("not whole days", "Azure counts the life of a blob in whole days")
    return time


_some_days = quantity(Duration, "30 days")


def whole(least: int, most: int | None = None, why: str | None = None) -> Reader[int]:
    span = f"{least} or more" if most is None else f"{least} to {most}"

    def read(value: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"\d+", value):
            raise Wrong("text, not a number", f"write it without quotes: {value}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong("not a whole number", f"write a whole number, {span}")
        if value < least or (most is not None and value > most):
            raise Wrong(f"not {span}", why or f"write a whole number, {span}")
        return value

    return read


def positive(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("not a number", "write a number without quotes: 0.5")
    if not 0 < value < float("inf"):
        raise Wrong("not above 0", "write a number of cores, as 0.5 or 2")
    return float(value)


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("neither True nor False", "write True or False")
    return value


def one_of(choices: Any) -> Reader[Any]:
    """One of the values of a Literal type or of a tuple."""
    known = choices if isinstance(choices, tuple) else get_args(choices)

    def read(value: Any) -> Any:
        if value not in known:
            hint = (
                did_you_mean(value, known)
                if isinstance(value, str) and isinstance(known[0], str)
                else f"known: {', '.join(show(each) for each in known)}"
            )
            raise Wrong("not one of the choices", hint)
        return value

    return read


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("not text", 'write it in quotes: "…"')
    if not value.strip():
        raise Wrong("empty", "write what it is, or leave the word out")
    return value


def region(value: Any) -> str:
    """The programmatic name of a region of Azure."""
    if isinstance(value, str) and value in REGIONS:
        return value
    written = str(value).casefold().replace(" ", "").replace("-", "")
    meant = written if written in REGIONS else nearest(written, sorted(REGIONS))
    programmatic = 'write its programmatic name, as "eastus2" or "westeurope"'
    raise Wrong("not a region of Azure", f'did you mean "{meant}"?' if meant else programmatic)


def optional(reader: Reader[T]) -> Reader[T | None]:
    return lambda value: None if value is None else reader(value)


def each(reader: Reader[T], same: Callable[[T, T], bool] = eq) -> Reader[tuple[T, ...]]:
    """A list of values, none of them twice."""

    def read(value: Any) -> tuple[T, ...]:
        if isinstance(value, str | Part) or not isinstance(value, list | tuple):
            raise Wrong("not a list", f"write it in brackets: [{show(value)}]")
        found: list[T] = []
        wrongs = []
        for index, item in enumerate(value):
            if isinstance(item, Doubt):
                continue
            try:
                clean = reader(item)
                if any(same(clean, other) for other in found):
                    raise Wrong("stands here twice", "name it once")
                found.append(clean)
            except Wrong as wrong:
                wrongs.append(wrong.within(show(item), index))
        if wrongs:
            raise ExceptionGroup("", wrongs)
        return tuple(found)

    return read


def extension(value: Any) -> str:
    """The name of a PostgreSQL extension; whether Azure has it is for those who know Azure."""
    name = text(value)
    if name.lower() == "pgvector":
        raise Wrong("the extension of pgvector has another name", 'write "vector"')
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name):
        raise Wrong("not the name of an extension", 'write it as in CREATE EXTENSION: "vector", "uuid-ossp"')
    return name


def part(value: Any) -> Part:
    if not isinstance(value, Part):
        if isinstance(value, str):
            raise Wrong("not a part", "name the variable that holds the part, without quotes")
        raise Wrong("not a part", "only what a method of the system gave back is a part")
    return value


parts = each(part, same=is_)


def port(value: Any) -> int:
    number = whole(1, 65535)(value)
    if number < 1024:
        raise Wrong("a privileged port: only root may open it", "choose one from 1024 to 65535, as 8000")
    return number


def address(value: Any) -> str:
    """A path on a service, with its query if it has one."""
    if isinstance(value, str) and re.match(r"[a-z+]+://", value):
        hint = "/" + value.split("://", 1)[1].partition("/")[2]
        raise Wrong("a full address, not a path", f'write the path alone: "{hint}"')
    line = text(value)
    if not line.startswith("/"):
        raise Wrong("a path starts with a slash", f'write "/{line}"')
    if re.search(r"\s", line):
        raise Wrong("a path has no spaces", f'write "{"+".join(line.split())}"')
    return line


def path(value: Any) -> str:
    """A path on a service, without query."""
    bare = re.split(r"[?#]", value)[0] if isinstance(value, str) and not value.startswith("?") else value
    if address(bare) != value:
        raise Wrong("a path without a query", f'write "{bare}"')
    return address(value)


def folder(value: Any) -> str:
    """A folder below that of the system file."""
    name = text(value)
    if name.startswith(("/", "~")) or ".." in re.split(r"[/\\]", name) or re.match(r"[A-Za-z]:", name):
        raise Wrong("not a folder below that of the system file", 'write it relative to the file: "web/dist"')
    return name


_QUOTED = r"""(?s)'[^']*'|"(?:\\.|[^"\\])*"|\\."""
_FOR_A_SHELL = r"\$[A-Za-z_{(][A-Za-z_]*|&&|\|\||[|;<>`]|(?<=\s)&(?=\s|$)"


def command(value: Any) -> str:
    """A command line that needs no shell."""
    import shlex

    line = text(value)
    try:
        words = shlex.split(line)
    except ValueError as exc:
        raise Wrong(str(exc).lower(), "close the quotation, or escape with a backslash") from None
    if found := re.search(_FOR_A_SHELL, re.sub(_QUOTED, "''", line)):
        hint = "put it into a script, or say sh -c '…'; quote what is meant as it stands"
        if found[0].startswith("$"):
            hint = 'its port is "{port}"; all else the process reads from its environment'
        raise Wrong(f'"{found[0]}" is for a shell, and none runs the command', hint)
    if re.match(r"[A-Za-z_]\w*=", words[0]):
        raise Wrong("a variable before the command is for a shell", "set it with env={…}")
    return line


_SENSITIVE_NAME = r"(?i)(^|_)(KEY|PASSWORD|PASSWD|TOKEN|SECRET|CREDENTIALS?)$"
_SENSITIVE_VALUE = r"://[^/@\s:]*:[^/@\s]+@"


def environment(value: Any) -> Mapping[str, str]:
    """Settings by their names, none of them a secret."""
    if not isinstance(value, Mapping):
        raise Wrong("not settings by their names", 'write env={"LOG_LEVEL": "info"}')
    wrongs = []
    for name, setting in value.items():
        try:
            if not isinstance(setting, Doubt):
                _setting(name, setting)
        except Wrong as wrong:
            wrongs.append(wrong.within("…" if _is_secret(name, setting) else show(setting), str(name)))
    if wrongs:
        raise ExceptionGroup("", wrongs)
    return MappingProxyType({name: each for name, each in value.items() if not isinstance(each, Doubt)})


def _setting(name: Any, value: Any) -> None:
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise Wrong("not the name of a variable", "letters, digits and underscores, as LOG_LEVEL")
    if is_reserved_variable(name):
        own = ", ".join((*RESERVED_VARIABLES, "SEATRIAL_…"))
        raise Wrong(f"{name} is set by whoever starts the process", f"choose another name; taken: {own}")
    if not isinstance(value, str):
        raise Wrong("a setting is text", f'write "{value}"')
    if _is_secret(name, value):
        raise Wrong(
            "a secret does not stand in a system file",
            f'make it a part, .secret("{name.lower().replace("_", "-")}"), and name that in uses',
        )


def _is_secret(name: Any, value: Any) -> bool:
    return bool(re.search(_SENSITIVE_NAME, str(name)) or re.search(_SENSITIVE_VALUE, str(value)))


def replicas(value: Any) -> tuple[int, int]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        same = f"({value}, {value})" if isinstance(value, int) else "(1, 3)"
        raise Wrong("not a pair of fewest and most", f"write {same}")
    fewest, most = (whole(0, 1000, "Container Apps runs 0 to 1000 replicas")(each) for each in value)
    if most == 0:
        raise Wrong("never any replica", "leave the part out with .without(…), or let most be 1 or more")
    if fewest > most:
        raise Wrong("fewest is more than most", f"write ({most}, {fewest})")
    return fewest, most


def rules(value: Any) -> tuple[ScaleRule, ...]:
    found = each(_rule)(value)
    for index, rule in enumerate(found):
        if isinstance(rule, Requests | Cpu | Memory) and any(
            type(rule) is type(other) for other in found[:index]
        ):
            raise Wrong("two rules of one kind", "keep one of them").within(show(rule), index)
    return found


def _rule(value: object) -> ScaleRule:
    if not isinstance(value, ScaleRule):
        known = "requests, cpu, memory, backlog, queue_length"
        raise Wrong("not a scale rule", f"write one of {known} with its number: cpu(70)")
    match value:
        case Requests(concurrent=number):
            _inside("concurrent", whole(1), number)
        case Cpu(percent=number) | Memory(percent=number):
            _inside("percent", whole(1, 100), number)
        case Backlog(sql=sql, per_replica=number):
            _inside("sql", _count, sql)
            _inside("per_replica", whole(1), number)
        case QueueLength(per_replica=number):
            _inside("per_replica", whole(1), number)
    return value


def _inside(field: str, reader: Reader[Any], value: Any) -> None:
    try:
        if not isinstance(value, Doubt):
            reader(value)
    except Wrong as wrong:
        raise wrong.within(show(value), field) from None


def _count(value: Any) -> str:
    sql = text(value)
    if not re.match(r"\s*(select|with)\b", sql, re.IGNORECASE):
        raise Wrong("not a query", 'write a select that counts: "select count(*) from …"')
    if ";" in sql.rstrip().removesuffix(";"):
        raise Wrong("more than one statement", "write one select that answers with one number")
    return sql


_CRON = 'minute, hour, day of month, month, day of week, in UTC: "0 */6 * * *" is every six hours'


def cron(value: Any) -> str:
    """Five fields, UTC."""
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    line = text(value)
    if len(line.split()) != 5:
        raise Wrong(f"{len(line.split())} fields, not 5", _CRON)
    try:
        next(CronSim(line, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as exc:
        raise Wrong(str(exc)[:1].lower() + str(exc)[1:], _CRON) from None
    except StopIteration:
        raise Wrong("a day that never comes", _CRON) from None
    return line
