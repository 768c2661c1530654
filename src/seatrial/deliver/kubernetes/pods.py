"""Pods: under which rules they run, on which machines, and what they are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from seatrial.azure import pools
from seatrial.azure.hosts import Setting
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.deliver.dockerfiles import USER
from seatrial.deliver.kubernetes.ground import labels, secrets_name
from seatrial.deliver.kubernetes.speech import Speech
from seatrial.model import NodePool, Process, Temporal

__all__ = ["env", "locked", "mounted", "template", "tolerations"]

_POOL = "kubernetes.azure.com/agentpool"

_SECRETS = "/mnt/secrets"


def template(
    part: Process | Temporal,
    containers: Sequence[Mapping[str, Any]],
    held: Mapping[str, Ref],
    at: Stamp,
    user: int = USER,
    volumes: Sequence[Mapping[str, Any]] = (),
    **rest: Any,
) -> dict[str, Any]:
    """A pod: nobody in particular, without a token of the cluster, spread over zones and machines.

    Args:
        held: the secrets that are mounted, which is what copies them into the cluster.
        rest: more fields of its specification.
    """
    pool = part.host if isinstance(part.host, NodePool) else pools.OWN
    mine = {"app.kubernetes.io/name": part.name}
    secrets = [{"name": "secrets", "csi": _csi(part)}] if held else []
    given = (*secrets, *volumes)
    return {
        "metadata": {"labels": {**labels(part.name, at), "azure.workload.identity/use": "true"}},
        "spec": {
            "serviceAccountName": part.name,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            **({"runtimeClassName": pools.KATA} if pool.isolated else {}),
            "nodeSelector": {_POOL: pools.pool_name(pool)},
            **({"tolerations": tolerations(pools.taints(pool))} if pools.taints(pool) else {}),
            "affinity": {
                "podAntiAffinity": {
                    "preferredDuringSchedulingIgnoredDuringExecution": [
                        {
                            "weight": 100,
                            "podAffinityTerm": {
                                "topologyKey": "kubernetes.io/hostname",
                                "labelSelector": {"matchLabels": mine},
                            },
                        }
                    ]
                }
            },
            "topologySpreadConstraints": [
                {
                    "maxSkew": 1,
                    "topologyKey": "topology.kubernetes.io/zone",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {"matchLabels": mine},
                }
            ],
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": user,
                "runAsGroup": user,
                "fsGroup": user,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            **rest,
            "containers": [mounted(each) if held else dict(each) for each in containers],
            **({"volumes": list(given)} if given else {}),
        },
    }


def mounted(container: Mapping[str, Any]) -> dict[str, Any]:
    mounts = [{"name": "secrets", "mountPath": _SECRETS, "readOnly": True}]
    return {**container, "volumeMounts": [*container.get("volumeMounts", ()), *mounts]}


def _csi(part: Process | Temporal) -> dict[str, Any]:
    return {
        "driver": "secrets-store.csi.k8s.io",
        "readOnly": True,
        "volumeAttributes": {"secretProviderClass": part.name},
    }


def tolerations(taints: Iterable[pools.Taint]) -> list[dict[str, str]]:
    """What lets a pod onto machines that take only those who bear it."""
    return [
        {"key": key, "operator": "Equal", "value": value, "effect": "NoSchedule"} for key, value in taints
    ]


def locked(user: int | None = None, writes: bool = False) -> dict[str, Any]:
    """What a container may not: become more than it is, or, unless it writes, change its own files."""
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": not writes,
        **({"runAsUser": user} if user else {}),
        "capabilities": {"drop": ["ALL"]},
    }


def env(part: Process | Temporal, settings: Sequence[Setting], speech: Speech) -> list[dict[str, Any]]:
    """The environment of a container."""
    return [
        {"name": each.name, "value": speech.text(each.value)}
        if each.secret is None
        else {
            "name": each.name,
            "valueFrom": {"secretKeyRef": {"name": secrets_name(part), "key": each.name}},
        }
        for each in settings
    ]
