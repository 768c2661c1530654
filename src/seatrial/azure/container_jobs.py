"""Jobs of Container Apps: started by hand, by the deployment, or by the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from seatrial.azure import access, containers, counting, hosts, identity, logs, registry, scale, secret
from seatrial.azure.container_environment import environment
from seatrial.azure.container_sizes import Room, room
from seatrial.azure.graph import Resource
from seatrial.azure.hosts import Setting
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.model import Job, Postgres, Runs, Schedule, Size

__all__ = ["job", "migrations", "resources"]

MIGRATION_SECONDS = 3600
MIGRATION_RETRIES = 1


def job(name: str, at: Stamp) -> Ref:
    return Ref(type="Microsoft.App/jobs", name=at.name(name))


def resources(process: Job | Schedule, at: Stamp) -> Iterator[Resource]:
    """A process that ends.

    One that runs at every start, or once, is started by whoever deploys: Azure itself knows no such moment.
    """
    size = room(at.plan, process.name, process.cpu, process.memory, process.gpus)
    if isinstance(process, Schedule):
        started = f"runs by the clock, {process.cron} UTC"
        trigger = {
            "triggerType": "Schedule",
            "scheduleTriggerConfig": {"cronExpression": process.cron, **_ALONE},
        }
    else:
        started = _STARTED[process.runs]
        trigger = _BY_HAND
    yield _job(
        process.name,
        at,
        part=process.name,
        why=f"{process.name} {started}: {size.why}" + _what(process),
        command=process.command,
        settings=hosts.settings(process, at),
        size=size,
        trigger=trigger,
        seconds=round(process.time_limit.seconds),
        retries=process.retries,
        after=[each.ref for each in hosts.rights(process, at)],
    )


def _what(process: Job | Schedule) -> str:
    """What a job does, when its author said so."""
    if isinstance(process, Job) and process.title != process.name:
        return f". {process.title}"
    return ""


def migrations(at: Stamp) -> Iterator[Resource]:
    """The jobs that bring schemas up to date; a deployment starts each before the processes change."""
    for part in at.plan.of(Postgres):
        if part.migrate is None:
            continue
        name = identity.migration(part)
        why = f"Lets {name} write its traces and measures"
        reports = access.assign("Monitoring Metrics Publisher", logs.insights(at), name, at, why, part.name)
        yield reports
        yield _job(
            name,
            at,
            part=part.name,
            why=f"Brings the schema of {part.name} up to date, before what uses it",
            command=part.migrate,
            settings=_migration_settings(part, at),
            size=room(at.plan, part.name, 0.5, Size.parse("1 GiB")),
            trigger=_BY_HAND,
            seconds=MIGRATION_SECONDS,
            retries=MIGRATION_RETRIES,
            after=[
                reports.ref,
                *(each.ref for each in secret.password_resources(part, at)),
                *(each.ref for each in scale.role_resources(part, at)),
            ],
        )


def _migration_settings(part: Postgres, at: Stamp) -> Iterator[Setting]:
    """With the password of the role that counts, which the job makes."""
    yield from hosts.migration_settings(part, at)
    if counting.needs_role(part, at.plan):
        name = counting.secret_name(part).upper().replace("-", "_")
        yield Setting(name=name, secret=scale.role_password(part, at))


_STARTED: Mapping[Runs, str] = {
    "by hand": "is started by hand",
    "once": "is started once, after the data was made",
    "every start": "is started by every deployment",
}

_ALONE = {"parallelism": 1, "replicaCompletionCount": 1}

_BY_HAND = {"triggerType": "Manual", "manualTriggerConfig": _ALONE}


def _job(
    name: str,
    at: Stamp,
    *,
    part: str,
    why: str,
    command: str,
    settings: Iterable[Setting],
    size: Room,
    trigger: Mapping[str, Any],
    seconds: int,
    retries: int,
    after: Iterable[Ref],
) -> Resource:
    given = tuple(settings)
    hidden = containers.secrets(name, given, at)
    return Resource(
        ref=job(name, at),
        module="compute",
        region=at.region,
        symbol=camel(name, "job"),
        why=why,
        part=part,
        location=at.region,
        after=(registry.pull(name, at, part).ref, *after),
        body={
            "identity": containers.who(name, at),
            "properties": {
                "environmentId": Id(of=environment(at)),
                "workloadProfileName": size.profile.name,
                "configuration": {
                    **trigger,
                    "replicaTimeout": seconds,
                    "replicaRetryLimit": retries,
                    "registries": containers.registries(name, at),
                    **({"secrets": hidden} if hidden else {}),
                },
                "template": {
                    "containers": [containers.container(name, command, given, size, at)],
                },
            },
        },
    )
