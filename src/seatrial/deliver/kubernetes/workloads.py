"""What runs: services and workers as deployments, jobs and schedules as jobs of a clock.

A job without a clock is one whose clock stands still: `kubectl create job --from=cronjob/NAME RUN` starts it.
So what a job runs can change with each release, which Kubernetes allows of no job that has been made.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from seatrial.azure import hosts
from seatrial.azure.stamp import Stamp
from seatrial.deliver.kubernetes import pods
from seatrial.deliver.kubernetes.ground import disruption_budget, document, secrets_of
from seatrial.deliver.kubernetes.scaling import scales
from seatrial.deliver.kubernetes.speech import Speech
from seatrial.model import Job, Process, Schedule, Service, Worker

__all__ = ["documents"]

NEVER = "0 0 31 2 *"
"""The 31st of February: a clock must have a time, although it stands still."""

GRACE_SECONDS = 60


def documents(part: Process, at: Stamp, speech: Speech) -> Iterator[dict[str, Any]]:
    match part:
        case Service() | Worker():
            yield _deployment(part, at, speech)
            if part.replicas[1] > 1:
                yield disruption_budget(part.name, at)
            if isinstance(part, Service):
                yield _service(part, at)
        case Job() | Schedule():
            yield _clock(part, at, speech)


def _deployment(part: Service | Worker, at: Stamp, speech: Speech) -> dict[str, Any]:
    """New before old for what answers; old before new for what takes work, and for machines that are dear."""
    surge = isinstance(part, Service) and not part.gpus
    return document(
        "apps/v1",
        "Deployment",
        part.name,
        at,
        spec={
            **({} if scales(part) else {"replicas": part.replicas[0]}),
            "revisionHistoryLimit": 3,
            "progressDeadlineSeconds": max(600, 2 * _patience(part)),
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": int(surge), "maxUnavailable": int(not surge)},
            },
            "selector": {"matchLabels": {"app.kubernetes.io/name": part.name}},
            "template": _pod(part, at, speech, terminationGracePeriodSeconds=GRACE_SECONDS),
        },
    )


def _pod(part: Process, at: Stamp, speech: Speech, **rest: Any) -> dict[str, Any]:
    return pods.template(
        part,
        [_container(part, at, speech)],
        secrets_of(part, at),
        at,
        volumes=[{"name": "tmp", "emptyDir": {}}],
        **rest,
    )


def _container(part: Process, at: Stamp, speech: Speech) -> dict[str, Any]:
    """Memory is kept for it and no more is given; cores are kept for it, and lent when nobody wants them."""
    gpus = {"nvidia.com/gpu": part.gpus} if part.gpus else {}
    return {
        "name": part.name,
        "image": f"{at.plan.name}/{part.name}",
        "env": pods.env(part, hosts.settings(part, at), speech),
        **(_answering(part) if isinstance(part, Service) else {}),
        "resources": {
            "requests": {"cpu": _cores(part.cpu), "memory": _memory(part.memory.gib), **gpus},
            "limits": {"memory": _memory(part.memory.gib), **gpus},
        },
        "securityContext": pods.locked(),
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 - of the container
    }


def _cores(cores: float) -> str:
    return f"{round(cores * 1000)}m"


def _memory(gib: float) -> str:
    return f"{round(gib * 1024)}Mi"


def _patience(part: Process) -> int:
    return ceil(part.start_within.seconds) if isinstance(part, Service) else 0


def _answering(part: Service) -> dict[str, Any]:
    """Started, ready, alive; and, when it is to go, a pause in which others learn of it."""
    asked = {"httpGet": {"path": part.health, "port": "http"}, "timeoutSeconds": 5}
    return {
        "ports": [{"name": "http", "containerPort": part.port}],
        "startupProbe": {**asked, "periodSeconds": 5, "failureThreshold": max(1, ceil(_patience(part) / 5))},
        "readinessProbe": {**asked, "periodSeconds": 5, "failureThreshold": 3},
        "livenessProbe": {**asked, "periodSeconds": 10, "failureThreshold": 3},
        "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
    }


def _service(part: Service, at: Stamp) -> dict[str, Any]:
    return document(
        "v1",
        "Service",
        part.name,
        at,
        spec={
            "type": "ClusterIP",
            "selector": {"app.kubernetes.io/name": part.name},
            "ports": [{"name": "http", "port": part.port, "targetPort": "http"}],
        },
    )


def _clock(part: Job | Schedule, at: Stamp, speech: Speech) -> dict[str, Any]:
    return document(
        "batch/v1",
        "CronJob",
        part.name,
        at,
        spec={
            "schedule": part.cron if isinstance(part, Schedule) else NEVER,
            "timeZone": "Etc/UTC",
            "suspend": isinstance(part, Job),
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 300,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "spec": {
                    "backoffLimit": part.retries,
                    "activeDeadlineSeconds": ceil(part.time_limit.seconds),
                    "template": _pod(part, at, speech, restartPolicy="Never"),
                }
            },
        },
    )
