"""The words that make parts and promises, the same for a system and for a variant of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Unpack

from seatrial.model.acceptance import WantedAcceptance
from seatrial.model.drafts import Draft
from seatrial.model.expectations import Expectation, WantedBudget, WantedUsage
from seatrial.model.mistakes import calling_place
from seatrial.model.parts import Contact, Endpoint, Part
from seatrial.model.quantities import Duration, Money, Rate
from seatrial.model.targets import WantedAvailability, WantedRecovery, WantedUnitCost
from seatrial.model.usage import Expected
from seatrial.model.words.data import DataWords
from seatrial.model.words.edge import EdgeWords
from seatrial.model.words.ground import GroundWords
from seatrial.model.words.processes import ProcessWords
from seatrial.model.words.watch import WatchWords

__all__ = ["Builder"]


class Builder(DataWords, ProcessWords, EdgeWords, GroundWords, WatchWords):
    """Makes parts and promises; what is wrong with one is kept beside it, and its maker goes on."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._drafts: list[Draft] = []
        self._expectations: list[Expectation] = []
        self._budgets: list[WantedBudget] = []
        self._usages: list[WantedUsage] = []
        self._acceptances: list[WantedAcceptance] = []

    def _written(self) -> int:
        """How much is written so far. Lists of a builder only grow: the same number is the same file."""
        return sum(len(each) for each in vars(self).values() if isinstance(each, list))

    def __repr__(self) -> str:
        return f'{type(self).__name__}("{self._system}")'

    def expects(
        self,
        what: Endpoint | WantedRecovery | WantedAvailability | WantedUnitCost,
        *,
        p95: str | Duration | None = None,
        p99: str | Duration | None = None,
        at: str | Rate | None = None,
    ) -> None:
        """A promise that can be measured.

        Args:
            what: an address, `api.get("/path")`; or `recovery(…)`, `available("99.9 %")`, `unit_cost(…)`.
            p95: for an address: 95 of 100 answers are at least this fast, as `"100 ms"`.
            p99: the same for 99 of 100.
            at: for an address: the rate of requests at which that holds, as `"20/s"`.
        """
        self._expectations.append(Expectation(what=what, p95=p95, p99=p99, at=at, call=calling_place()))

    def budget(
        self,
        limit: str | Money,
        *,
        records: int | None = None,
        requests: str | Rate | None = None,
        warn_at: Sequence[int] = (50, 80, 100),
        tell: Sequence[Contact] = (),
    ) -> None:
        """What a month may cost, as `"$300/month"`, with so many records held and requests answered.

        Args:
            warn_at: the shares of it, in percent, at which somebody is told.
            tell: who is told; left out, the owners of the subscription.
        """
        self._budgets.append(
            WantedBudget(
                limit=limit,
                records=records,
                requests=requests,
                warn_at=warn_at,
                tell=tell,
                call=calling_place(),
            )
        )

    def usage(self, part: Part | None = None, /, **figures: Unpack[Expected]) -> None:
        """What is expected of a month: of the whole system, or of one part of it.

        `system.usage(record_size="4 KiB", busy="10 h")`, `system.usage(videos, stored=("1 TiB", "4 TiB"))`.
        A figure is one amount, a range of the least and the most, or the least, the most likely and the
        most. What is not said is assumed where it is needed, and shown as an assumption. How many records
        are held and requests are answered is said with the budget; here, where there is none.
        """
        given: dict[str, Any] = dict(figures)
        self._usages.append(WantedUsage(part=part, figures=given, call=calling_place()))

    def accepts(self, rule: str, *parts: Part, because: str, until: str | date | None = None) -> None:
        """What `seatrial check` finds by this rule is known here, and lived with.

        Args:
            rule: its name, as the check shows it: `"worker-nothing-wakes"`.
            parts: in which it is accepted; none: wherever it is found.
            because: the reason, for whoever reads the system file next.
            until: the last day on which that holds, as `"2027-01-31"`; left out, as long as it is found.
        """
        self._acceptances.append(
            WantedAcceptance(rule=rule, parts=parts, because=because, until=until, call=calling_place())
        )
