"""Which databases Container Apps must sign in to by password, to count the rows that wait there.

KEDA itself can sign in to PostgreSQL by identity, but Container Apps loses the whole rule when it names one.
So a database whose users sign in by identity, and on which a process on Container Apps scales, has one role
besides that signs in by password and can only count. The job that brings the schema up to date makes it.
Source: https://keda.sh/docs/2.18/scalers/postgresql and
https://github.com/microsoft/azure-container-apps/issues/1786 (open, 2026-07)
"""

from __future__ import annotations

from seatrial.azure.names import camel
from seatrial.azure.values import Parameter
from seatrial.model import Backlog, Plan, Postgres, Process, Service, Worker

__all__ = ["ROLE", "counters", "needs_role", "password_value", "secret_name"]

ROLE = "scaler"
"""The role, in the database, that counts."""


def counters(part: Postgres, plan: Plan) -> tuple[Process, ...]:
    """The processes on Container Apps that scale by rows of a database."""
    return tuple(
        each
        for each in plan.of(Process)
        if isinstance(each, Service | Worker)
        and each.hosted_by == "container apps"
        and any(isinstance(rule, Backlog) and rule.postgres == part for rule in each.scale)
    )


def needs_role(part: Postgres, plan: Plan) -> bool:
    """Whether there is such a role: its users sign in by identity, and its rows are counted."""
    return part.sign_in == "identity" and bool(counters(part, plan))


def secret_name(part: Postgres) -> str:
    """The secret of the vault that holds the role's password."""
    return f"{part.name}-{ROLE}-password"


def password_value(part: Postgres) -> Parameter:
    """What the operator chooses as that password."""
    return Parameter(
        name=camel(part.name, ROLE, "password"),
        why=f"The password of the role that only counts the rows waiting in {part.name}",
        secret=True,
    )
