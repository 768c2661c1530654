"""What is wrong with parts together.

Each judge gets the drafts of one system or variant and yields mistakes; it says nothing about fields that
are in doubt already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seatrial.model.drafts import Draft
from seatrial.model.judging.processes import processes
from seatrial.model.judging.surroundings import only_one, surroundings
from seatrial.model.judging.together import cycles, names, names_others, ports, twins
from seatrial.model.mistakes import Mistake
from seatrial.model.parts import Process

__all__ = ["judge"]


def judge(drafts: Sequence[Draft], removed: Sequence[Draft] = ()) -> Iterator[Mistake]:
    """Everything that is wrong between parts. `removed` are those that a variant leaves out."""
    yield from names(drafts)
    yield from ports(drafts)
    yield from cycles(drafts)
    yield from only_one(drafts)
    taken = twins(drafts)
    for draft in drafts:
        yield from names_others(draft, drafts, removed)
        if isinstance(draft.part, Process):
            yield from processes(draft, draft.part, drafts, taken)
        else:
            yield from surroundings(draft, drafts)
