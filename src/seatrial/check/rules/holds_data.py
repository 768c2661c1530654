"""Will it hold: stores, queues and their recovery."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.case import Case
from seatrial.check.rule import Found, rule
from seatrial.model import Postgres, Recovery


@rule(
    "no-standby-for-recovery",
    severity="error",
    family="holds",
    title="A server without a standby is promised back within minutes",
    why="A restore makes a new server and takes minutes to hours; a standby takes over within two minutes.",
    source="https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability",
    bad="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders")
shop.expects(recovery(orders, loses_at_most="1 min", back_within="10 min"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", cores=2, standby="another zone")
shop.expects(recovery(orders, loses_at_most="1 min", back_within="10 min"))
""",
)
def no_standby_for_recovery(case: Case) -> Iterator[Found]:
    """A restore is held to take an hour at least: the page says minutes to hours, by size and log."""
    for target in case.plan.targets:
        if not isinstance(target, Recovery) or not isinstance(target.part, Postgres):
            continue
        if target.part.standby == "none" and target.back_within.seconds < 3600:
            yield Found(
                part=target.part,
                what=f"promised back within {target.back_within}, and nothing stands by",
                fix='standby="another zone"',
            )
