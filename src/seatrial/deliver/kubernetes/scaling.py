"""How many replicas: by cores and memory the cluster itself counts, by what waits in a store KEDA does.

Requests under way are counted by nobody here, unlike in Container Apps: a service that scales by them scales
by its cores. Only one of the two may count for a process, so KEDA also takes over cores and memory where it
must.

Source: https://keda.sh/docs/2.18/concepts/scaling-deployments/ and
https://learn.microsoft.com/azure/aks/keda-about
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import aks, identity, postgres, queue, secret
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Text
from seatrial.deliver.kubernetes.ground import document
from seatrial.deliver.kubernetes.speech import Speech
from seatrial.model import Backlog, Cpu, Memory, Process, Queue, QueueLength, Service, Worker

__all__ = ["documents", "scales"]

BY_CORES = 70
"""The share of its cores by which a service scales whose rules say nothing of cores or memory."""


def scales(part: Process) -> bool:
    """Whether the number of replicas follows the work."""
    return isinstance(part, Service | Worker) and part.replicas[0] < part.replicas[1]


def documents(part: Process, at: Stamp, speech: Speech) -> Iterator[dict[str, Any]]:
    if not isinstance(part, Service | Worker) or not scales(part):
        return
    if aks.rules_of_keda(part):
        yield from _keda(part, at, speech)
    else:
        yield _cluster(part, at)


def _shares(part: Service | Worker) -> dict[str, int]:
    """The strictest share of each: cores, memory."""
    cores = [rule.percent for rule in part.scale if isinstance(rule, Cpu)]
    memories = [rule.percent for rule in part.scale if isinstance(rule, Memory)]
    found = {"cpu": min(cores, default=0), "memory": min(memories, default=0)}
    return {name: share for name, share in found.items() if share}


def _cluster(part: Service | Worker, at: Stamp) -> dict[str, Any]:
    fewest, most = part.replicas
    return document(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        part.name,
        at,
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": part.name},
            "minReplicas": max(1, fewest),
            "maxReplicas": most,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": name,
                        "target": {"type": "Utilization", "averageUtilization": share},
                    },
                }
                for name, share in (_shares(part) or {"cpu": BY_CORES}).items()
            ],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
        },
    )


def _keda(part: Service | Worker, at: Stamp, speech: Speech) -> Iterator[dict[str, Any]]:
    fewest, most = part.replicas
    rules = aks.rules_of_keda(part)
    client = Out(of=identity.ref(part.name, at), path="properties.clientId")
    me = {"provider": "azure-workload", "identityId": speech.text(client)}
    if any(isinstance(rule, QueueLength) or rule.postgres.sign_in == "identity" for rule in rules):
        yield document(
            "keda.sh/v1alpha1",
            "TriggerAuthentication",
            f"{part.name}-itself",
            at,
            of=part.name,
            spec={"podIdentity": me},
        )
    if any(isinstance(rule, Backlog) and rule.postgres.sign_in == "password" for rule in rules):
        yield document(
            "keda.sh/v1alpha1",
            "TriggerAuthentication",
            f"{part.name}-password",
            at,
            of=part.name,
            spec={
                # out of the vault itself: the cluster's copy is gone when no replica runs
                "azureKeyVault": {
                    "vaultUri": speech.text(Out(of=secret.vault(at), path="properties.vaultUri")),
                    "podIdentity": me,
                    "secrets": [
                        {"parameter": "password", "name": str(secret.password(rule.postgres, at).name)}
                        for rule in rules
                        if isinstance(rule, Backlog) and rule.postgres.sign_in == "password"
                    ],
                }
            },
        )
    yield document(
        "keda.sh/v1alpha1",
        "ScaledObject",
        part.name,
        at,
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": part.name},
            "minReplicaCount": fewest,
            "maxReplicaCount": most,
            "pollingInterval": 30,
            "cooldownPeriod": 300,
            "triggers": [
                *(_trigger(rule, part, at, speech) for rule in rules),
                *(
                    {"type": name, "metricType": "Utilization", "metadata": {"value": str(share)}}
                    for name, share in _shares(part).items()
                ),
            ],
        },
    )


def _trigger(
    rule: Backlog | QueueLength, part: Service | Worker, at: Stamp, speech: Speech
) -> dict[str, Any]:
    """What KEDA counts.

    Source: https://keda.sh/docs/2.18/scalers/azure-service-bus and
    https://keda.sh/docs/2.18/scalers/postgresql
    """
    metadata: dict[str, Text]
    if isinstance(rule, QueueLength):
        kind, who = "azure-servicebus", "itself"
        metadata = {
            **_where(rule.queue, part, at),
            "namespace": queue.namespace(at).name,
            "messageCount": str(rule.per_replica),
        }
    else:
        by_password = rule.postgres.sign_in == "password"
        kind, who = "postgresql", "password" if by_password else "itself"
        mine = identity.ref(part.name, at).name
        metadata = {
            "host": postgres.host(rule.postgres, at),
            "port": "5432",
            "userName": postgres.LOGIN if by_password else mine,
            "dbName": postgres.database(rule.postgres),
            "sslmode": "require",
            "query": rule.sql,
            "targetQueryValue": str(rule.per_replica),
        }
    return {
        "type": kind,
        "metadata": {name: speech.text(each) for name, each in metadata.items()},
        "authenticationRef": {"name": f"{part.name}-{who}"},
    }


def _where(part: Queue, process: Service | Worker, at: Stamp) -> dict[str, Text]:
    if not part.topic:
        return {"queueName": part.name}
    return {"topicName": part.name, "subscriptionName": queue.subscription(part, process.name, at).name}
