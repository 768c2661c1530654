"""The parts that look at the others, and who is told."""

from __future__ import annotations

from typing import Literal

from seatrial.model.mistakes import Shown, show
from seatrial.model.parts.base import Part
from seatrial.model.parts.data import Secret
from seatrial.model.quantities import Duration
from seatrial.model.value import Value

__all__ = ["Alert", "Chart", "ChartKind", "Contact", "Dashboard", "Log", "Measure", "Metric", "Severity"]

Measure = Literal[
    "cpu",
    "memory",
    "replicas",
    "restarts",
    "requests",
    "errors",
    "response time",
    "connections",
    "storage used",
    "storage free",
    "waiting",
    "dead letters",
    "throttled",
    "traffic out",
]
"""What can be measured of a part: shares in percent (cpu, memory, connections, storage used); counts; the
response time in seconds; storage free and traffic out in bytes."""

Severity = Literal["critical", "high", "medium", "low"]

ChartKind = Literal["line", "area", "bar", "number"]


class Metric(Shown, Value):
    """A measure of one part, as Azure takes it by itself."""

    part: Part
    measure: Measure

    def shown(self) -> str:
        return f"metric({show(self.part)}, {show(self.measure)})"


class Log(Shown, Value):
    """A question to the logs, in Kusto; its answer is rows."""

    query: str

    def shown(self) -> str:
        return "log(…)"


class Contact(Part):
    """People, and the ways to reach them."""

    mail: tuple[str, ...]
    slack: Secret | None
    """The address of a webhook: whoever has it may write to the channel."""
    pagerduty: Secret | None
    """The address of PagerDuty's integration for Azure."""


class Alert(Part):
    """Somebody is told when something is not as it is to be."""

    title: str
    when: Metric | Log
    above: float | None
    """For a metric: more than so much, in its unit. For a log: more than so many rows."""
    below: float | None
    within: Duration
    """The time over which it is measured."""
    severity: Severity
    tell: tuple[Contact, ...]


class Chart(Value):
    """One picture of a dashboard."""

    title: str
    of: tuple[Metric, ...] | Log
    kind: ChartKind


class Dashboard(Part):
    """Charts on one page."""

    title: str
    charts: tuple[Chart, ...]
