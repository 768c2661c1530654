"""What a month may cost: a budget that tells somebody, and stops nothing.

Source: https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from seatrial.azure import contacts
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Parameter, Ref
from seatrial.model import Contact

__all__ = ["resources"]

START = Parameter(
    name="budgetStart",
    why="The first day of the month from which costs count, as 2027-01-01; it stays as it was first given",
)

MAIL = Parameter(name="budgetMail", why="Who gets mail when a share of the budget is spent")

MOST = 5
"""Notifications of one budget.
Source: the description of `notifications` in the schema of Microsoft.Consumption/budgets, 2024-08-01"""


def resources(at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: more shares are to be told than a budget can have.
    """
    asked = at.plan.budget
    if asked is None:
        return
    if len(asked.warn_at) > MOST - 1:
        what = f"warn_at has {len(asked.warn_at)} shares; Azure takes {MOST}, one of them a forecast"
        raise Refused([Trouble.about(at.plan, None, what, f"keep {MOST - 1} of them")])
    told = _told(asked.tell)
    yield Resource(
        ref=Ref(type="Microsoft.Consumption/budgets", name=at.plan.name),
        module="alerts",
        region=at.region,
        symbol="budget",
        why=f"Tells when the system costs more than {asked.limit}",
        tagged=False,
        body={
            "properties": {
                "category": "Cost",
                "amount": math.floor(asked.limit.amount),
                "timeGrain": "Monthly",
                "timePeriod": {"startDate": START},
                "notifications": {
                    **{f"actual{share}": _notification(share, "Actual", told) for share in asked.warn_at},
                    "forecast100": _notification(100, "Forecasted", told),
                },
            }
        },
    )


def _notification(share: int, kind: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "enabled": True,
        "operator": "GreaterThanOrEqualTo",
        "threshold": share,
        "thresholdType": kind,
        **told,
    }


def _told(tell: Sequence[Contact]) -> dict[str, Any]:
    """Roles alone would not do: a budget wants an address or an action group."""
    if tell:
        return {"contactEmails": [], "contactGroups": [Id(of=contacts.ref(each)) for each in tell]}
    return {"contactEmails": [MAIL], "contactRoles": ["Owner"]}
