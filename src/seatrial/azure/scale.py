"""The scale rules of Container Apps, as its KEDA reads them. All values are text.

Source: https://learn.microsoft.com/azure/container-apps/scale-app
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from seatrial.azure import counting, identity, postgres, queue, secret
from seatrial.azure.containers import secret_name
from seatrial.azure.graph import Resource
from seatrial.azure.hosts import Setting
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref, Text
from seatrial.model import Backlog, Cpu, Memory, Postgres, Queue, QueueLength, Requests, Service, Worker

__all__ = ["body", "passwords", "role_password", "role_resources"]

POLLING_SECONDS = 30
COOLDOWN_SECONDS = 300
"""How often queues and databases are asked, and how long the last replica stays when they are empty: Azure's
own defaults, said so that a change of theirs changes nothing here."""


def body(process: Service | Worker, at: Stamp) -> dict[str, Any]:
    """The scale of a process."""
    fewest, most = process.replicas
    rules = list(_rules(process, at))
    return {
        "minReplicas": fewest,
        "maxReplicas": most,
        **(_pace(rules) if rules else {}),
    }


def _pace(rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {"pollingInterval": POLLING_SECONDS, "cooldownPeriod": COOLDOWN_SECONDS, "rules": rules}


def passwords(process: Service | Worker, at: Stamp) -> tuple[Setting, ...]:
    """The secrets that the rules of a process need, and its container does not see."""
    counted = dict.fromkeys(rule.postgres for rule in process.scale if isinstance(rule, Backlog))
    return tuple(_password(part, at) for part in counted if counting.needs_role(part, at.plan))


def role_password(part: Postgres, at: Stamp) -> Ref:
    """The secret that holds the password of the role that counts."""
    return secret.vault(at).child("secrets", counting.secret_name(part))


def role_resources(part: Postgres, at: Stamp) -> Iterator[Resource]:
    """The password of the role that counts, and who reads it: those who count, and who makes the role."""
    if not counting.needs_role(part, at.plan):
        return
    held = role_password(part, at)
    yield Resource(
        ref=held,
        module="vault",
        region=at.region,
        symbol=camel(part.name, counting.ROLE, "secret"),
        why=f"Keeps the password of the role that counts the rows waiting in {part.name}",
        part=part.name,
        body={
            "properties": {
                "value": counting.password_value(part),
                "contentType": "text/plain",
                "attributes": {"enabled": True},
            }
        },
    )
    readers = [each.name for each in counting.counters(part, at.plan)]
    if part.migrate is not None:
        readers.append(identity.migration(part))
    for reader in readers:
        yield secret.read_right(held, reader, at, part.name)


def _rules(process: Service | Worker, at: Stamp) -> Iterator[dict[str, Any]]:
    often: Counter[str] = Counter()
    for rule in process.scale:
        name, said = _rule(rule, process, at)
        often[name] += 1
        yield {"name": name if often[name] == 1 else f"{name}-{often[name]}", **said}


def _rule(
    rule: Requests | Cpu | Memory | Backlog | QueueLength, process: Service | Worker, at: Stamp
) -> tuple[str, dict[str, Any]]:
    match rule:
        case Requests(concurrent=concurrent):
            return "requests", {"http": {"metadata": {"concurrentRequests": str(concurrent)}}}
        case Cpu(percent=percent):
            return "cpu", _custom("cpu", {"type": "Utilization", "value": str(percent)})
        case Memory(percent=percent):
            return "memory", _custom("memory", {"type": "Utilization", "value": str(percent)})
        case Backlog(postgres=part, sql=sql, per_replica=per_replica):
            return f"{part.name}-backlog", _backlog(part, sql, per_replica, at)
        case QueueLength(queue=part, per_replica=per_replica):
            return f"{part.name}-length", _waiting(part, process, per_replica, at)


def _waiting(part: Queue, process: Service | Worker, per_replica: int, at: Stamp) -> dict[str, Any]:
    """Messages that wait. Who may receive them may count them, and so asks as itself.

    Source: https://keda.sh/docs/2.18/scalers/azure-service-bus
    """
    where: dict[str, Text] = {"queueName": part.name}
    if part.topic:
        mine = queue.subscription(part, process.name, at)
        where = {"topicName": part.name, "subscriptionName": mine.name}
    metadata = {**where, "namespace": queue.namespace(at).name, "messageCount": str(per_replica)}
    return _custom("azure-servicebus", metadata, {"identity": Id(of=identity.ref(process.name, at))})


def _backlog(part: Postgres, sql: str, per_replica: int, at: Stamp) -> dict[str, Any]:
    """Rows that wait in a database; counted by a role of its own, or by that of all who have the password.

    Source: https://keda.sh/docs/2.18/scalers/postgresql
    """
    own = counting.needs_role(part, at.plan)
    metadata: dict[str, Text] = {
        "host": postgres.host(part, at),
        "port": "5432",
        "userName": counting.ROLE if own else postgres.LOGIN,
        "dbName": postgres.database(part),
        "sslmode": "require",
        "query": sql,
        "targetQueryValue": str(per_replica),
    }
    auth = [{"secretRef": secret_name(_password(part, at)), "triggerParameter": "password"}]
    return _custom("postgresql", metadata, {"auth": auth})


def _password(part: Postgres, at: Stamp) -> Setting:
    """That of the role that counts, or that by which the process itself signs in."""
    if counting.needs_role(part, at.plan):
        return Setting(name=counting.secret_name(part), secret=role_password(part, at))
    return Setting(name="PGPASSWORD", secret=secret.password(part, at))


def _custom(kind: str, metadata: dict[str, Any], more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"custom": {"type": kind, "metadata": metadata, **(more or {})}}
