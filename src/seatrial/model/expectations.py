"""Targets and budgets as they were written, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from seatrial.model import readers
from seatrial.model.acceptance import Acceptance, WantedAcceptance, read_day, read_rule
from seatrial.model.drafts import Draft, find, in_doubt, mistakes_of, word_of
from seatrial.model.mistakes import Call, Doubt, Mistake, Wrong, show
from seatrial.model.parts import (
    ApiManagement,
    ApplicationGateway,
    Blobs,
    Contact,
    Documents,
    Endpoint,
    FrontDoor,
    Part,
    Postgres,
    Service,
    TrafficManager,
)
from seatrial.model.quantities import Duration, Money, Percent, Rate
from seatrial.model.readers import Reader, each, optional, quantity, whole
from seatrial.model.structures import of_kind
from seatrial.model.targets import (
    Availability,
    Budget,
    Latency,
    Recovery,
    Target,
    UnitCost,
    WantedAvailability,
    WantedRecovery,
    WantedUnitCost,
)
from seatrial.model.usage import Stated, figure_of, read_amount
from seatrial.model.value import Value

__all__ = [
    "Expectation",
    "WantedBudget",
    "WantedUsage",
    "read_acceptance",
    "read_budget",
    "read_target",
    "read_usage",
    "surplus_budgets",
]

_time = quantity(Duration, "100 ms")
_loss = quantity(Duration, "1 h", least="0 s")
_rate = quantity(Rate, "20/s")


class Expectation(Value):
    """One call of `expects`."""

    what: Any
    p95: Any
    p99: Any
    at: Any
    call: Call


class WantedBudget(Value):
    """One call of `budget`."""

    limit: Any
    records: Any
    requests: Any
    warn_at: Any
    tell: Any
    call: Call


class WantedUsage(Value):
    """One call of `usage`."""

    part: Any
    figures: dict[str, Any]
    call: Call


class _Reading:
    """Reads the values of one call, and keeps what was wrong."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.mistakes: list[Mistake] = []
        self.doubtful = False

    def value(self, reader: Reader[Any], value: Any, *path: str | int) -> Any:
        field = path[-1]
        assert isinstance(field, str)
        if in_doubt(value):
            self.doubtful = True
            return None
        try:
            return reader(value)
        except* Wrong as group:
            for mistake in mistakes_of(field, value, group, self.call):
                self.wrong(mistake.what, mistake.hint, *path)
        return None

    def wrong(self, what: str, hint: str, *path: str | int) -> None:
        self.mistakes.append(Mistake(place=self.call.place, what=what, hint=hint, call=self.call, path=path))

    def part(self, part: object, system: str, drafts: Sequence[Draft], *path: str | int) -> Part | None:
        """The part as it now is, or None when this system has none such."""
        if not isinstance(part, Part):
            self.wrong(f"{show(part)}: not a part", "name the variable that holds the part", *path)
            return None
        draft = find(drafts, part)
        if draft is not None:
            return draft.part
        if part.system != system:
            what = f'{part.name}: a part of the system "{part.system}"'
            self.wrong(what, "each system says what it promises in its own file", *path)
        else:
            self.wrong(f"{part.name}: not in this system", "the variant that adds it must expect it", *path)
        return None


def read_target(
    wanted: Expectation, system: str, drafts: Sequence[Draft]
) -> tuple[Target | None, list[Mistake]]:
    """The target, or what is wrong with it; neither when it is about something in doubt."""
    reading = _Reading(wanted.call)
    place = wanted.call.place
    target: Target | None = None
    what = wanted.what
    if isinstance(what, Doubt) or in_doubt(what):
        reading.doubtful = True
    elif isinstance(what, Endpoint):
        target = _latency(wanted, what, system, drafts, reading)
    elif isinstance(what, WantedRecovery | WantedAvailability | WantedUnitCost):
        for field in ("p95", "p99", "at"):
            if getattr(wanted, field) is not None:
                shown = f"{field}={show(getattr(wanted, field))}"
                reading.wrong(f"{shown}: only an address has it", 'write expects(api.get("/path"), …)', field)
        if isinstance(what, WantedUnitCost):
            target = _unit_cost(wanted, what, system, drafts, reading)
        elif isinstance(what, WantedAvailability):
            percent = reading.value(quantity(Percent, "99.9 %"), what.percent, "what", "percent")
            of = None if what.of is None else reading.part(what.of, system, drafts, "what", "of")
            if of is not None and not isinstance(of, Service):
                hint = "name a service; what others need of a store is told by its recovery"
                reading.wrong(f"of={of.name}: a {word_of(type(of))} answers no requests", hint, "what", "of")
            if what.of is None and not any(map(_is_reached, drafts)):
                hint = "name one, available(…, of=api), or make one public=True"
                reading.wrong("expects(available(…)): no service is public", hint, "what")
            if not reading.mistakes and not reading.doubtful:
                assert of is None or isinstance(of, Service)
                target = Availability(percent=percent, of=of, place=place)
        else:
            part = reading.part(what.part, system, drafts, "what", "part")
            loses = reading.value(_loss, what.loses_at_most, "what", "loses_at_most")
            back = reading.value(_time, what.back_within, "what", "back_within")
            if part is not None and not isinstance(part, Postgres | Blobs | Documents):
                hint = "name a postgres, blobs or documents part: what keeps data"
                reading.wrong(
                    f"{part.name}: a {word_of(type(part))} keeps nothing to recover", hint, "what", "part"
                )
            if not reading.mistakes and not reading.doubtful:
                assert isinstance(part, Postgres | Blobs | Documents)
                target = Recovery(part=part, loses_at_most=loses, back_within=back, place=place)
    else:
        hint = 'write api.get("/path"), recovery(…), available("99.9 %") or unit_cost(…)'
        reading.wrong(f"expects({show(what)}): nothing that can be measured", hint, "what")
    return target, reading.mistakes


def _unit_cost(
    wanted: Expectation, what: WantedUnitCost, system: str, drafts: Sequence[Draft], reading: _Reading
) -> Target | None:
    called = reading.value(readers.text, what.what, "what", "what")
    per = reading.value(whole(1), what.per, "what", "per")
    at_most = reading.value(quantity(Money, "$0.10"), what.at_most, "what", "at_most")
    of = None if what.of is None else reading.part(what.of, system, drafts, "what", "of")
    if isinstance(at_most, Money) and at_most.per is not None:
        reading.wrong(f'at_most="{at_most}": by the {at_most.per}', 'write "$0.10"', "what", "at_most")
    if what.of is None or of is not None:
        try:
            counted = figure_of(what.figure, of)
            if counted.unit not in ("a month", "count"):
                raise Wrong(f"{what.figure}: nothing that can be counted", 'name "requests" or "items"')
        except Wrong as wrong:
            reading.wrong(wrong.what, wrong.hint, "what", "figure")
    if reading.mistakes or reading.doubtful or (what.of is not None and of is None):
        return None
    place = wanted.call.place
    return UnitCost(what=called, figure=what.figure, of=of, per=per, at_most=at_most, place=place)


def _is_reached(draft: Draft) -> bool:
    """Whether somebody outside reaches it, or something behind it; a part in doubt may be meant so."""
    if isinstance(draft.part, Service):
        return draft.part.public or not draft.sure("public")
    return isinstance(draft.part, FrontDoor | ApplicationGateway | ApiManagement | TrafficManager)


def _latency(
    wanted: Expectation, endpoint: Endpoint, system: str, drafts: Sequence[Draft], reading: _Reading
) -> Target | None:
    service = reading.part(endpoint.service, system, drafts, "what")
    address = reading.value(readers.address, endpoint.path, "what", "path")
    p95 = reading.value(optional(_time), wanted.p95, "p95")
    p99 = reading.value(optional(_time), wanted.p99, "p99")
    rate = reading.value(optional(_rate), wanted.at, "at")
    if wanted.p95 is None and wanted.p99 is None:
        reading.wrong(f"{endpoint.path}: no time in which it answers", 'add p95="100 ms"', "what")
    elif wanted.at is None:
        reading.wrong(f"{endpoint.path}: a time without a rate of requests", 'add at="20/s"', "what")
    if p95 is not None and p99 is not None and p99 < p95:
        reading.wrong(f'p99="{p99}": less than p95="{p95}"', "p99 is the slower of the two", "p99")
    if reading.mistakes or reading.doubtful or not isinstance(service, Service):
        return None
    now = Endpoint(service=service, method=endpoint.method, path=address)
    return Latency(endpoint=now, p95=p95, p99=p99, at=rate, place=wanted.call.place)


def read_budget(
    wanted: WantedBudget, system: str, drafts: Sequence[Draft]
) -> tuple[Budget | None, list[Mistake]]:
    """The budget, or what is wrong with it."""
    reading = _Reading(wanted.call)
    limit = reading.value(quantity(Money, "$300/month"), wanted.limit, "limit")
    records = reading.value(optional(whole(0)), wanted.records, "records")
    requests = reading.value(optional(_rate), wanted.requests, "requests")
    warn_at = reading.value(each(whole(1, 1000)), wanted.warn_at, "warn_at")
    tell = reading.value(each(of_kind(Contact, what="a contact")), wanted.tell, "tell")
    told = tuple(reading.part(each, system, drafts, "tell", index) for index, each in enumerate(tell or ()))
    if isinstance(limit, Money) and limit.per != "month":
        reading.wrong(f'limit="{limit}": not by the month', 'write "$300/month"', "limit")
    if reading.mistakes or reading.doubtful:
        return None, reading.mistakes
    budget = Budget(
        limit=limit,
        records=records,
        requests=requests,
        warn_at=warn_at,
        tell=tuple(contact for contact in told if isinstance(contact, Contact)),
        place=wanted.call.place,
    )
    return budget, []


def read_usage(
    wanted: WantedUsage, system: str, drafts: Sequence[Draft]
) -> tuple[tuple[Stated, ...], list[Mistake]]:
    """The figures of one call, and what is wrong with others of it."""
    reading = _Reading(wanted.call)
    found: list[Stated] = []
    part: Part | None = None
    if isinstance(wanted.part, Doubt):
        return (), []
    if wanted.part is not None:
        part = reading.part(wanted.part, system, drafts, "part")
        if part is None:
            return (), reading.mistakes
    if not wanted.figures:
        reading.wrong("usage(): says nothing", 'write usage(record_size="4 KiB")', "part")
    for name, value in wanted.figures.items():
        try:
            figure = figure_of(name, part)
        except Wrong as wrong:
            reading.wrong(wrong.what, wrong.hint, name)
            continue
        three = reading.value(partial(read_amount, figure), value, name)
        if three is not None:
            about = None if part is None else part.name
            low, likely, high = three
            place = wanted.call.place
            found.append(Stated(part=about, name=name, low=low, likely=likely, high=high, place=place))
    return tuple(found), reading.mistakes


def read_acceptance(
    wanted: WantedAcceptance, system: str, drafts: Sequence[Draft]
) -> tuple[Acceptance | None, list[Mistake]]:
    """What is accepted, or what is wrong with saying so."""
    reading = _Reading(wanted.call)
    rule = reading.value(read_rule, wanted.rule, "rule")
    because = reading.value(readers.text, wanted.because, "because")
    until = reading.value(optional(read_day), wanted.until, "until")
    parts = [
        reading.part(part, system, drafts, "parts", index)
        for index, part in enumerate(wanted.parts)
        if not isinstance(part, Doubt)
    ]
    if reading.mistakes or reading.doubtful or None in parts:
        return None, reading.mistakes
    names = tuple(part.name for part in parts if part is not None)
    place = wanted.call.place
    return Acceptance(rule=rule, parts=names, because=because, until=until, place=place), []


def surplus_budgets(budgets: Sequence[WantedBudget]) -> Iterator[Mistake]:
    """Every budget after the first of the same system or variant."""
    for wanted in budgets[1:]:
        what = f"budget({show(wanted.limit)}): a second budget; the first is on line {budgets[0].call.line}"
        hint = "keep one; what another size of the system may cost is said by its variant"
        yield Mistake(place=wanted.call.place, what=what, hint=hint, call=wanted.call)
