"""Log Analytics and Application Insights."""

from __future__ import annotations

import math
from collections.abc import Iterator

from seatrial.azure import blobs, identity
from seatrial.azure.access import assign
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.model import Blobs, Duration, Logs, Postgres, Process

DAYS = 30
"""How long logs are kept when a system does not say: what the price of taking them in pays for nearly all of.
Source: https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs"""

EXPORTED = (
    "AppDependencies",
    "AppEvents",
    "AppExceptions",
    "AppMetrics",
    "AppRequests",
    "AppTraces",
    "ContainerAppConsoleLogs",
    "ContainerAppSystemLogs",
)
"""What is copied to the archive. An export that names a table which is not there is refused, so these are
the tables that a workspace has from its first day.
Source: https://learn.microsoft.com/azure/azure-monitor/logs/logs-data-export"""


def workspace(at: Stamp) -> Ref:
    """Where the logs of a region go."""
    return Ref(type="Microsoft.OperationalInsights/workspaces", name=at.name(f"{at.plan.name}-logs"))


def insights(at: Stamp) -> Ref:
    """Where traces and measures of the processes go."""
    return Ref(type="Microsoft.Insights/components", name=at.name(f"{at.plan.name}-insights"))


def resources(at: Stamp) -> Iterator[Resource]:
    """The workspace, the component on it, the right of each process to write to it, and the archive.

    Nobody writes with a key: local authentication is off, and a process signs in with its identity. Both stay
    reachable by their public names, since closing them takes a private link scope for the whole network.
    Source: https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication
    """
    asked = next(iter(at.plan.of(Logs)), None)
    part = asked.name if asked else None
    yield Resource(
        ref=workspace(at),
        module="watch",
        region=at.region,
        symbol="logs",
        why="Keeps what every resource and process has to say",
        part=part,
        location=at.region,
        body={
            "properties": {
                "sku": {"name": "PerGB2018"},
                "retentionInDays": _days(asked),
                "workspaceCapping": {"dailyQuotaGb": _gigabytes_a_day(asked)},
                "features": {
                    "disableLocalAuth": True,
                    "enableLogAccessUsingOnlyResourcePermissions": True,
                },
                "publicNetworkAccessForIngestion": "Enabled",
                "publicNetworkAccessForQuery": "Enabled",
            }
        },
    )
    yield Resource(
        ref=insights(at),
        module="watch",
        region=at.region,
        symbol="insights",
        why="Takes in traces, measures and exceptions of the processes",
        part=part,
        location=at.region,
        body={
            "kind": "web",
            "properties": {
                "Application_Type": "web",
                "WorkspaceResourceId": Id(of=workspace(at)),
                "IngestionMode": "LogAnalytics",
                "DisableLocalAuth": True,
                "publicNetworkAccessForIngestion": "Enabled",
                "publicNetworkAccessForQuery": "Enabled",
            },
        },
    )
    writes = [(process.name, process.name) for process in at.plan.of(Process)]
    writes += [(identity.migration(each), each.name) for each in at.plan.of(Postgres) if each.migrate]
    for who, of in writes:
        why = f"Lets {who} write its traces and measures"
        yield assign("Monitoring Metrics Publisher", insights(at), who, at, why, of)
    if asked and asked.archive:
        yield _archive(asked, asked.archive, at)


def _days(asked: Logs | None) -> int:
    keeps = asked.keeps if asked else Duration.parse(f"{DAYS} days")
    return math.ceil(keeps.days)


def _gigabytes_a_day(asked: Logs | None) -> int:
    """In units of 10⁹ bytes, rounded up; -1: no cap."""
    return math.ceil(asked.daily_cap.bytes / 10**9) if asked and asked.daily_cap else -1


def _archive(asked: Logs, archive: Blobs, at: Stamp) -> Resource:
    """Copies what arrives, from now on; the life cycle of the blobs says how long it stays."""
    return Resource(
        ref=workspace(at).child("dataExports", f"to-{archive.name}"),
        module="alerts",
        region=at.region,
        symbol=camel("logs", "to", archive.name),
        why="Copies logs to where they are kept longer",
        part=asked.name,
        tagged=False,
        body={
            "properties": {
                "destination": {"resourceId": Id(of=blobs.account(archive, at))},
                "tableNames": list(EXPORTED),
                "enable": True,
            }
        },
    )
