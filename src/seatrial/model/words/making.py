"""How every word makes its part."""

from __future__ import annotations

from typing import Any, TypeVar

from seatrial.model.drafts import Draft, read_part
from seatrial.model.mistakes import calling_place
from seatrial.model.parts import Part

__all__ = ["Making"]

P = TypeVar("P", bound=Part)


class Making:
    """Makes parts; what is wrong with one is kept beside it, and its maker goes on."""

    _system: str
    _drafts: list[Draft]

    def _make(self, kind: type[P], name: str, **fields: Any) -> P:
        draft = read_part(kind, self._system, name, fields, calling_place())
        self._drafts.append(draft)
        assert isinstance(draft.part, kind)
        return draft.part
