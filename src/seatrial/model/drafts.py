"""A part as it was written: the value, where each field was written, and what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from seatrial.model.fields import FIELDS, SHORTEST_NAMES
from seatrial.model.mistakes import Call, Doubt, Mistake, Wrong, did_you_mean, show
from seatrial.model.names import check_name
from seatrial.model.parts import Part
from seatrial.model.value import PLAIN, Value

__all__ = ["Draft", "change_part", "find", "in_doubt", "mistakes_of", "now", "read_part", "word_of"]

P = TypeVar("P", bound=Part)


class Draft(Value):
    """A part, with all that is needed to judge it."""

    handle: Part
    """The value that the system file holds; in a variant `part` may differ from it."""
    part: Part
    call: Call
    origins: Mapping[str, Call]
    """Where each field was last written."""
    doubts: frozenset[str]
    """Fields with a mistake of their own, of which nothing more is to be said; `name` may be one."""
    mistakes: tuple[Mistake, ...]

    def mistake(self, field: str, what: str, hint: str, *path: str | int) -> Mistake:
        """A mistake about one field."""
        call = self.origins.get(field, self.call)
        return Mistake(place=call.place, what=what, hint=hint, call=call, path=(field, *path))

    def sure(self, *names: str) -> bool:
        """Whether these fields are as they were meant."""
        return self.doubts.isdisjoint(names)


def word_of(kind: type[Part]) -> str:
    """The method that makes parts of this kind: `ModelApi` is made by `model_api`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def read_part(kind: type[Part], system: str, name: object, given: Mapping[str, Any], call: Call) -> Draft:
    """Reads what was written for one part."""
    values, doubts, mistakes = _read_fields(kind, given, call)
    misnamed = []
    try:
        if not isinstance(name, Doubt):
            check_name(name, shortest=SHORTEST_NAMES.get(kind, 2))
    except Wrong as wrong:
        what = f"{word_of(kind)}({show(name)}): {wrong.what}"
        misnamed = [Mistake(place=call.place, what=what, hint=wrong.hint, call=call, path=("name",))]
    if misnamed or isinstance(name, Doubt):
        doubts.add("name")
    part = kind(name=name if isinstance(name, str) else "unnamed", system=system, place=call.place, **values)
    return Draft(
        handle=part,
        part=part,
        call=call,
        origins=dict.fromkeys(given, call),
        doubts=frozenset(doubts),
        mistakes=(*misnamed, *mistakes),
    )


def change_part(draft: Draft, given: Mapping[str, Any], call: Call) -> Draft:
    """The same part with some fields written anew."""
    kind = type(draft.part)
    known = {name: value for name, value in given.items() if name in FIELDS[kind]}
    values, doubts, mistakes = _read_fields(kind, known, call)
    for name in given.keys() - known.keys():
        what = f"{name}={show(given[name])}: a {word_of(kind)} has no such field"
        if name in ("name", "port") and name not in FIELDS[kind]:
            hint = f"known: {', '.join(FIELDS[kind])}"
        else:
            hint = did_you_mean(name, FIELDS[kind])
        mistakes.append(Mistake(place=call.place, what=what, hint=hint, call=call, path=(name,)))
    return replace(
        draft,
        part=replace(draft.part, **values),
        origins={**draft.origins, **dict.fromkeys(known, call)},
        doubts=(draft.doubts - known.keys()) | doubts,
        mistakes=tuple(mistakes),
    )


def mistakes_of(field: str, value: object, error: ExceptionGroup[Wrong], call: Call) -> Iterator[Mistake]:
    """What a reader complained of, placed."""
    for wrong in error.exceptions:
        assert isinstance(wrong, Wrong)
        path = (field, *wrong.path)
        word = next(key for key in reversed(path) if isinstance(key, str))
        what = f"{word}={wrong.shown or show(value)}: {wrong.what}"
        yield Mistake(place=call.place, what=what, hint=wrong.hint, call=call, path=path)


def in_doubt(value: Any) -> bool:
    """Whether something that could not be read is in it."""
    if type(value) in PLAIN:
        return False
    if isinstance(value, Mapping):
        value = value.values()
    elif isinstance(value, Value) and not isinstance(value, Part):
        value = list(vars(value).values())
    elif not isinstance(value, list | tuple):
        return isinstance(value, Doubt)
    return any(in_doubt(each) for each in value)


def _read_fields(
    kind: type[Part], given: Mapping[str, Any], call: Call
) -> tuple[dict[str, Any], set[str], list[Mistake]]:
    values: dict[str, Any] = {}
    doubts: set[str] = set()
    mistakes: list[Mistake] = []
    for name, value in given.items():
        field = FIELDS[kind][name]
        values[name] = field.instead
        if in_doubt(value):
            doubts.add(name)
        if isinstance(value, Doubt):
            continue
        try:
            values[name] = field.read(value)
        except* Wrong as group:
            doubts.add(name)
            mistakes.extend(mistakes_of(name, value, group, call))
    return values, doubts, mistakes


def now(drafts: Iterable[Draft], handle: object, kind: type[P], *fields: str) -> P | None:
    """The part as it is in these drafts; None when it is not there, or one of the fields is in doubt."""
    draft = find(drafts, handle)
    sure = draft is not None and draft.sure(*fields)
    return draft.part if draft is not None and sure and isinstance(draft.part, kind) else None


def find(drafts: Iterable[Draft], handle: object) -> Draft | None:
    """The draft of the part that the system file holds as `handle`."""
    return next((draft for draft in drafts if draft.handle is handle), None)
