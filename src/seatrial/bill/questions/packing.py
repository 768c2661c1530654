"""How many machines of one size hold all copies of all processes: the largest first, where it first fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil

from seatrial.bill.machine_sizes import Machine
from seatrial.bill.questions.fleet import Need

__all__ = ["packed"]

SINGLY = 60
"""Copies of one process that are put one by one; of more, whole machines are filled before."""


class _Bin:
    def __init__(self, room: Machine) -> None:
        self.cores, self.gib = Decimal(room.cores), Decimal(room.gib)
        self.holds: set[str] = set()

    def takes(self, need: Need) -> bool:
        return need.cores <= self.cores and need.gib <= self.gib

    def take(self, need: Need) -> None:
        self.cores, self.gib = self.cores - need.cores, self.gib - need.gib
        self.holds.add(need.name)


def packed(needs: Sequence[tuple[Need, int]], room: Machine) -> int | None:
    """The machines that hold so many copies of each; None: a copy fits on none of them.

    What must be apart has its second copy on another machine than its first. Never more than each process
    would need on its own.
    """
    if not all(need.fitting(room) for need, _ in needs):
        return None
    whole, rest = 0, []
    for need, copies in needs:
        fitting = need.fitting(room)
        filled = max(0, copies - SINGLY) // fitting
        whole += filled
        rest += [need] * (copies - filled * fitting)
    rest.sort(key=lambda need: (-need.cores, -need.gib, need.name))
    return min(whole + len(_filled(rest, room)), sum(_alone(needs, room)))


def _filled(rest: Sequence[Need], room: Machine) -> list[_Bin]:
    bins: list[_Bin] = []
    for need in rest:
        on = [each for each in bins if need.name in each.holds]
        barred = on if need.apart and len(on) == 1 else []
        for each in bins:
            if each not in barred and each.takes(need):
                break
        else:
            each = _Bin(room)
            bins.append(each)
        each.take(need)
    return bins


def _alone(needs: Sequence[tuple[Need, int]], room: Machine) -> Iterator[int]:
    for need, copies in needs:
        yield max(ceil(copies / need.fitting(room)), 2 if need.apart and copies > 1 else 1)
