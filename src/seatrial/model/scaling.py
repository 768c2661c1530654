"""The rules by which the number of replicas follows the work.

Azure Container Apps takes the first rule that is met. Only `requests`, `backlog` and `queue_length` can wake
a process that has gone down to no replica: one that does not run uses no CPU to measure.
Source: https://learn.microsoft.com/en-us/azure/container-apps/scale-app
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatrial.model.mistakes import Shown, show
from seatrial.model.value import Value

if TYPE_CHECKING:
    from seatrial.model.parts import Postgres, Queue

__all__ = [
    "Backlog",
    "Cpu",
    "Memory",
    "QueueLength",
    "Requests",
    "ScaleRule",
    "backlog",
    "cpu",
    "memory",
    "queue_length",
    "requests",
]


class Requests(Shown, Value):
    """A replica more for every so many requests under way at once."""

    concurrent: int

    def shown(self) -> str:
        return f"requests({self.concurrent})"


class Cpu(Shown, Value):
    """Replicas so that each uses about this share of its cores."""

    percent: int

    def shown(self) -> str:
        return f"cpu({self.percent})"


class Memory(Shown, Value):
    """Replicas so that each uses about this share of its memory."""

    percent: int

    def shown(self) -> str:
        return f"memory({self.percent})"


class Backlog(Shown, Value):
    """A replica for every so many rows that wait in a database."""

    postgres: Postgres
    sql: str
    """One statement that answers with one number."""
    per_replica: int

    def shown(self) -> str:
        return f"backlog({show(self.postgres)}, …)"


class QueueLength(Shown, Value):
    """A replica for every so many messages that wait in a queue."""

    queue: Queue
    per_replica: int

    def shown(self) -> str:
        return f"queue_length({show(self.queue)})"


ScaleRule = Requests | Cpu | Memory | Backlog | QueueLength


def requests(concurrent: int) -> Requests:
    """A replica more for every `concurrent` requests under way at once. For services."""
    return Requests(concurrent=concurrent)


def cpu(percent: int) -> Cpu:
    """Replicas so that each uses about `percent` of its cores, 1 to 100. Cannot wake what is at none."""
    return Cpu(percent=percent)


def memory(percent: int) -> Memory:
    """Replicas so that each uses about `percent` of its memory, 1 to 100. Cannot wake what is at none."""
    return Memory(percent=percent)


def backlog(postgres: Postgres, sql: str, per_replica: int = 100) -> Backlog:
    """A replica for every `per_replica` that `sql` counts: one select that answers with one number."""
    return Backlog(postgres=postgres, sql=sql, per_replica=per_replica)


def queue_length(queue: Queue, per_replica: int = 10) -> QueueLength:
    """A replica for every `per_replica` messages that wait in the queue."""
    return QueueLength(queue=queue, per_replica=per_replica)
