"""The words for who looks at the others, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seatrial.model.parts import (
    Alert,
    Chart,
    ChartKind,
    Contact,
    Dashboard,
    Log,
    Measure,
    Metric,
    Part,
    Secret,
    Severity,
)
from seatrial.model.quantities import Duration, Size
from seatrial.model.words.making import Making

__all__ = ["WatchWords", "chart", "log", "metric"]


def metric(part: Part, measure: Measure) -> Metric:
    """A measure of a part: its `"cpu"`, `"replicas"`, `"storage free"`, `"response time"`, …"""
    return Metric(part=part, measure=measure)


def log(query: str) -> Log:
    """A question to the logs, in Kusto: `"AppTraces | where Message startswith 'run failed'"`."""
    return Log(query=query)


def chart(title: str, *of: Metric | Log, kind: ChartKind = "line") -> Chart:
    """One picture of a dashboard: of some metrics, or of one question to the logs."""
    what: Any = of[0] if len(of) == 1 and isinstance(of[0], Log) else of
    return Chart(title=title, of=what, kind=kind)


class WatchWords(Making):
    def contact(
        self,
        name: str,
        *,
        mail: Sequence[str] = (),
        slack: Secret | None = None,
        pagerduty: Secret | None = None,
    ) -> Contact:
        """People, and the ways to reach them.

        Args:
            mail: addresses; left out, the operator is asked for one.
            slack: the secret with the address of a webhook that writes to a channel.
            pagerduty: the secret with the address of PagerDuty's integration for Azure.
        """
        return self._make(Contact, name, mail=mail, slack=slack, pagerduty=pagerduty)

    def alert(
        self,
        name: str,
        when: Metric | Log,
        *,
        above: float | str | Size | Duration | None = None,
        below: float | str | Size | Duration | None = None,
        within: str | Duration = "5 min",
        severity: Severity = "medium",
        tell: Sequence[Contact] = (),
        title: str | None = None,
    ) -> Alert:
        """Somebody is told when something is not as it is to be.

        Args:
            when: `metric(papers, "cpu")`, or `log("…")`, which counts rows.
            above: the limit: percent (`80`), a count, `"5 s"` or `"10 GiB"`.
            below: the limit from the other side.
            within: the time over which it is measured.
            severity: `"critical"`, `"high"`, `"medium"` or `"low"`.
            tell: who is told.
            title: what it means, for people; left out, its name.
        """
        return self._make(
            Alert,
            name,
            when=when,
            above=above,
            below=below,
            within=within,
            severity=severity,
            tell=tell,
            title=str(name) or "unnamed" if title is None else title,
        )

    def dashboard(self, name: str, *, charts: Sequence[Chart], title: str | None = None) -> Dashboard:
        """Charts on one page: `charts=[chart("Database", metric(papers, "cpu"), metric(api, "cpu"))]`."""
        return self._make(
            Dashboard, name, charts=charts, title=str(name) or "unnamed" if title is None else title
        )
