"""How many connections a database server takes, and how many the processes of a plan may open to it.

    of a process   replicas at most × programs in each × connections of a program's pool
    of a run       one, of a job, a schedule, a change of the schema, and what counts waiting rows

Source of the limits: https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure import counting
from seatrial.azure.postgres_sizes import machine
from seatrial.azure.reach import users_of
from seatrial.model import (
    AppServicePlan,
    Job,
    Plan,
    Postgres,
    Process,
    Schedule,
    Service,
    Temporal,
    Worker,
)
from seatrial.model.value import Value

__all__ = ["KEPT_BACK", "Opened", "limit", "opened"]

KEPT_BACK = 15
"""Connections of each server that Azure keeps for its own copying and watching."""

POOL = 4
"""Connections of a pool that nobody has sized: as `seatrial_kit.database.pool` makes it. SQLAlchemy's has 15,
HikariCP's 10."""

TEMPORAL = 4 * (20 + 10)
"""Of a Temporal server whose four roles run in one program: each has a pool of 20 for runs and one of 10 for
what can be searched. Source: https://github.com/temporalio/temporal/blob/main/docker/config_template.yaml"""

_SMALL = {("Burstable", 1): 50}
_MOST = 5000


class Opened(Value):
    """The connections that one process may open at most."""

    name: str
    connections: int
    formula: str
    """`10 replicas × 4`."""
    twice: bool
    """Whether a release has the new replicas beside the old ones for a while."""


def limit(part: Postgres) -> int | None:
    """The connections that users of a server have; None: its machine is not known.

    Azure's default grows with the memory, some 107.4 for each GiB, to 5,000: 429 of 4 GiB, 859 of 8, 1,718 of
    16, 3,437 of 32; the smallest machine has 50.
    """
    size = machine(part)
    if size is None:
        return None
    whole = _SMALL.get((size.tier, size.cores), int(min(Decimal(_MOST), size.memory_gib * _OF_A_GIB)))
    return whole - KEPT_BACK


_OF_A_GIB = Decimal(3437) / 32


def opened(part: Postgres, plan: Plan) -> tuple[Opened, ...]:
    """What each of those that use a server may open to it, in each region; the most first."""
    found = [*_of_processes(part, plan), *_of_others(part, plan)]
    return tuple(sorted(found, key=lambda each: -each.connections))


def _of_processes(part: Postgres, plan: Plan) -> Iterator[Opened]:
    for process in users_of(part, plan):
        match process:
            case Service() | Worker():
                pool, programs = _pool(process), _programs(process)
                most = _most(process)
                replicas = f"{most} replica" + ("s" if most > 1 else "")
                inside = f" × {programs} programs" if programs > 1 else ""
                yield Opened(
                    name=process.name,
                    connections=most * programs * pool,
                    formula=f"{replicas}{inside} × {pool}",
                    twice=isinstance(process, Service),
                )
            case Job() | Schedule():
                yield Opened(name=process.name, connections=1, formula="1 run", twice=False)


def _of_others(part: Postgres, plan: Plan) -> Iterator[Opened]:
    for engine in plan.of(Temporal):
        if engine.history == part:
            roles = f"{engine.replicas} × 4 roles × (20 + 10)"
            yield Opened(name=engine.name, connections=engine.replicas * TEMPORAL, formula=roles, twice=False)
    if part.migrate:
        yield Opened(name=f"{part.name}-migrate", connections=1, formula="1 run", twice=False)
    if counters := counting.counters(part, plan):
        yield Opened(name="scale rules", connections=len(counters), formula="1 each", twice=False)


def _most(process: Service | Worker) -> int:
    if isinstance(process.host, AppServicePlan):
        return process.host.instances[1]
    return process.replicas[0 if process.hosted_by == "container instances" else 1]


_SIZES = re.compile(r"POOL.*(SIZE|MAX)|MAX.*(POOL|CONNECTIONS)")
_OF_OTHERS = re.compile(r"REDIS|CACHE|HTTP|THREAD|BUS|AMQP|WORKER")


def _pool(process: Process) -> int:
    """As a setting of the process says it: `POOL_SIZE`, `DB_POOL_MAX`, `DATABASE_MAX_CONNECTIONS`."""
    sizes = [
        int(value)
        for name, value in process.env.items()
        if value.isdigit() and _SIZES.search(name.upper()) and not _OF_OTHERS.search(name.upper())
    ]
    return max(sizes, default=POOL)


_SERVERS = re.compile(r"gunicorn|uvicorn|hypercorn|granian|fastapi")
_BESIDE = re.compile(r"(?:--workers[ =]|\s-w[ =]?)(\d+)")


def _programs(process: Process) -> int:
    """How many programs a command starts side by side: `uvicorn --workers 4`, `gunicorn -w 4`, or by the
    variable that both read, WEB_CONCURRENCY."""
    if not _SERVERS.search(process.command):
        return 1
    said = _BESIDE.search(process.command)
    number = said[1] if said else process.env.get("WEB_CONCURRENCY", "1")
    return max(1, int(number)) if number.isdigit() else 1
