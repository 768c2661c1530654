"""What a system is expected to do in a month: the figures from which its bill is reckoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypedDict

from seatrial.model.mistakes import Place, Wrong, did_you_mean
from seatrial.model.parts import (
    AppServicePlan,
    Blobs,
    Contact,
    Documents,
    FrontDoor,
    Job,
    Logs,
    ModelApi,
    Network,
    NodePool,
    Part,
    Postgres,
    Process,
    Queue,
    Registry,
    Sandbox,
    Schedule,
    Secret,
    Service,
    Site,
    Worker,
)
from seatrial.model.quantities import Duration, Percent, Rate, Size
from seatrial.model.value import Value

__all__ = ["FIGURES", "Amount", "Between", "Expected", "Figure", "Stated", "Unit", "figure_of", "read_amount"]

Unit = Literal["count", "bytes", "seconds", "a month", "share"]
"""What a figure counts in, once read: single things, bytes, seconds, times a month, a share from 0 to 1."""

Amount = str | int | float | Size | Duration | Rate | Percent
"""One figure as it is written: `"2M/month"`, `"4 KiB"`, `"80 ms"`, `"30 %"`, `1_000_000`."""


Between = tuple[Amount, Amount] | tuple[Amount, Amount, Amount]
"""The least and the most, or the least, the most likely and the most."""


class Figure(Value):
    """One thing that can be said about a month."""

    unit: Unit
    of: tuple[type[Part], ...]
    """The kinds of parts it is about; none: the whole system."""
    grows: Literal["records", "requests"] | None
    """What makes it grow: with ten times as many records, ten times as much is stored. None: nothing does."""
    meaning: str
    """In words, to be read after its name and amount."""


def _figure(
    unit: Unit, meaning: str, *of: type[Part], grows: Literal["records", "requests"] | None = None
) -> Figure:
    return Figure(unit=unit, of=of, grows=grows, meaning=meaning)


FIGURES: Mapping[str, Figure] = {
    # -- the whole system --------------------------------------------------------------------------------
    "records": _figure("count", "records are held", grows="records"),
    "new_records": _figure("a month", "records come in", grows="records"),
    "record_size": _figure("bytes", "is one record, as it is kept"),
    "busy": _figure("seconds", "of a day are working hours, in which the requests come"),
    "answer_size": _figure("bytes", "is one answer to the outside"),
    "log_size": _figure("bytes", "of logs and traces are written for one request or item of work"),
    "deployments": _figure("a month", "new versions are deployed"),
    # -- the whole system, and one part of it ------------------------------------------------------------
    "requests": _figure("a month", "requests are answered", Service, FrontDoor, grows="requests"),
    # -- what runs ---------------------------------------------------------------------------------------
    "request_time": _figure("seconds", "a request is under way", Service),
    "request_cpu": _figure("seconds", "of one core are used by a request", Service),
    "items": _figure("a month", "items are worked on", Worker, Service, grows="records"),
    "item_time": _figure("seconds", "is one item worked on", Worker, Service),
    "runs": _figure("a month", "runs are started", Job, Schedule),
    "run_time": _figure("seconds", "is one run", Job, Schedule),
    "sessions": _figure("a month", "sessions are opened", Sandbox, grows="requests"),
    "session_time": _figure("seconds", "is a session used, before it falls idle", Sandbox),
    "machines": _figure("count", "machines run on average", AppServicePlan, NodePool),
    # -- what is kept ------------------------------------------------------------------------------------
    "stored": _figure("bytes", "are kept", Postgres, Blobs, Documents, Site, grows="records"),
    "added": _figure("bytes", "are added in a month", Blobs, Postgres, grows="records"),
    "changed": _figure("share", "of what is kept is written anew on a day", Postgres),
    "reads": _figure("a month", "single reads are made", Blobs, Documents, grows="requests"),
    "writes": _figure("a month", "single writes are made", Blobs, Documents, grows="records"),
    "retrieved": _figure("bytes", "are read back from cooler tiers", Blobs, grows="records"),
    "read_units": _figure("count", "request units are used by one read", Documents),
    "write_units": _figure("count", "request units are used by one write", Documents),
    "messages": _figure("a month", "messages are sent", Queue, grows="records"),
    "operations": _figure("a month", "operations are made", Secret),
    "tokens": _figure("a month", "tokens are read by the model", ModelApi, grows="requests"),
    "tokens_out": _figure("a month", "tokens are written by the model", ModelApi, grows="requests"),
    "images": _figure("bytes", "of images are kept", Registry),
    # -- what passes -------------------------------------------------------------------------------------
    "through": _figure(
        "bytes",
        "pass in a month",
        *(Network, Postgres, Blobs, Documents, Queue, ModelApi, Process),
        grows="requests",
    ),
    "cached": _figure("share", "of the answers come from the cache at the edge", FrontDoor),
    "logs": _figure("bytes", "of logs are taken in in a month", Logs, grows="requests"),
    "connected": _figure("seconds", "in a month somebody is connected", Network),
    "notices": _figure("a month", "messages are sent by alerts", Contact),
}
"""By the name under which a system states it. What a system does not state is assumed by who needs it."""

_UNITS: Mapping[Unit, tuple[type[Any], str]] = {
    "bytes": (Size, "4 KiB"),
    "seconds": (Duration, "80 ms"),
    "a month": (Rate, "2M/month"),
    "share": (Percent, "30 %"),
}


class Expected(TypedDict, total=False):
    """The figures, for editors and type checkers."""

    records: Amount | Between
    new_records: Amount | Between
    record_size: Amount | Between
    busy: Amount | Between
    answer_size: Amount | Between
    log_size: Amount | Between
    deployments: Amount | Between
    requests: Amount | Between
    request_time: Amount | Between
    request_cpu: Amount | Between
    items: Amount | Between
    item_time: Amount | Between
    runs: Amount | Between
    run_time: Amount | Between
    sessions: Amount | Between
    session_time: Amount | Between
    machines: Amount | Between
    stored: Amount | Between
    added: Amount | Between
    changed: Amount | Between
    reads: Amount | Between
    writes: Amount | Between
    retrieved: Amount | Between
    read_units: Amount | Between
    write_units: Amount | Between
    messages: Amount | Between
    operations: Amount | Between
    tokens: Amount | Between
    tokens_out: Amount | Between
    images: Amount | Between
    through: Amount | Between
    cached: Amount | Between
    logs: Amount | Between
    connected: Amount | Between
    notices: Amount | Between


class Stated(Value):
    """One figure that a system, or whoever asks, has stated."""

    part: str | None
    """None: about the whole system."""
    name: str
    low: Decimal
    likely: Decimal
    high: Decimal
    place: Place | None = field(default=None, compare=False)
    """Where it stands; None: not in the system file."""

    @property
    def key(self) -> str:
        """As it is written on the command line: `requests`, `videos.stored`."""
        return self.name if self.part is None else f"{self.part}.{self.name}"


def figure_of(name: str, part: Part | None) -> Figure:
    """What can be said under this name about a part, or about the whole system. Raises Wrong."""
    figure = FIGURES.get(name)
    if figure is not None and _is_about(part, name, figure):
        return figure
    if figure is not None and part is None:
        kinds = " or ".join(kind.__name__.lower() for kind in figure.of)
        raise Wrong(f"{name}: said of a part, not of the whole system", f"name the {kinds} before it")
    about = tuple(each for each, figure in FIGURES.items() if _is_about(part, each, figure))
    known = did_you_mean(name, about) if about else "nothing can be said about this kind of part"
    raise Wrong(f"{name}: not a figure of {'a system' if part is None else part.name}", known)


def _is_about(part: Part | None, name: str, figure: Figure) -> bool:
    if part is None:
        return not figure.of or name == "requests"
    return isinstance(part, figure.of)


def read_amount(figure: Figure, value: Any) -> tuple[Decimal, Decimal, Decimal]:
    """At least, most likely, at most: of one amount, of `(least, most)`, or of all three. Raises Wrong."""
    if not isinstance(value, tuple | list):
        one = _single(figure, value)
        return one, one, one
    if len(value) not in (2, 3):
        raise Wrong("not a range", 'write ("1 KiB", "4 KiB") or ("1 KiB", "2 KiB", "4 KiB")')
    found = [_single(figure, each) for each in value]
    low, high = found[0], found[-1]
    likely = found[1] if len(found) == 3 else (low + high) / 2
    if not low <= likely <= high:
        raise Wrong("not in order", "the least first, the most last")
    return low, likely, high


def _single(figure: Figure, value: Any) -> Decimal:
    if figure.unit == "count":
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or value < 0:
            raise Wrong("not a number", "write a number without quotes: 1_000_000")
        return Decimal(str(value))
    kind, example = _UNITS[figure.unit]
    if not isinstance(value, str | kind):
        raise Wrong("a quantity has a unit", f'write it as text: "{example}"')
    amount: Any = kind.parse(value) if isinstance(value, str) else value
    match amount:
        case Size():
            return Decimal(amount.bytes)
        case Duration():
            return Decimal(amount.microseconds) / 1_000_000
        case Rate():
            return _decimal(amount.per_month)
        case _:
            return _decimal(amount.share)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
