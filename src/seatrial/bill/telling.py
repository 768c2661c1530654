"""What is written to the logs: by processes, of each request and item; and by Azure's own resources.

A resource whose diagnostic setting sends its logs writes a row for each request that it answers. One that
sends its metrics writes a row for each of them and each minute, whether anything happens or not.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables-index, the tables named below
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill import blobs, documents
from seatrial.bill.api_management import calls
from seatrial.bill.model_api import asks as asks_of_model
from seatrial.bill.passing import told
from seatrial.bill.range import NOTHING, ONE, Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import GB, many, size
from seatrial.bill.usage import HOURS
from seatrial.bill.visits import asked
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    Blobs,
    Documents,
    FrontDoor,
    ModelApi,
    Service,
)
from seatrial.model.value import Value

__all__ = ["Telling", "telling"]

ROW = Range(Decimal(500), Decimal(1_000), Decimal(2_000))
"""The bytes of a row about one request, with its address, client, times and answer."""
ROWS_OF_COSMOS: Mapping[str, Range] = {
    "DataPlaneRequests": ONE,
    "PartitionKeyRUConsumption": Range(Decimal(0), Decimal("0.5"), Decimal(1)),
    "QueryRuntimeStatistics": Range(Decimal(0), Decimal("0.5"), Decimal(1)),
}
"""Rows about one request to Cosmos DB, by category: of each request; of each partition key in each second; of
each query. How often two requests share a second, and how many are queries, is assumed.
Source: https://learn.microsoft.com/azure/cosmos-db/monitor-resource-logs"""
SUMMED_UP = "DataPlaneRequests5M"
ROWS_SUMMED_UP = Range(Decimal(1), Decimal(20), Decimal(100)) * (HOURS * 12)
"""Of an account in a month, every five minutes: one for each caller, kind of operation and answer. How many
of them there are is assumed. Source: https://learn.microsoft.com/azure/cosmos-db/monitor-aggregated-logs"""
METRICS = Range(GB / 25, GB / 5, GB)
"""Of one resource in a month: 5, 20 or 60 metrics × 43,800 minutes × 200, 250 or 400 bytes, about."""

ALL_LOGS = "allLogs"
AKS = "/managedClusters"
CLUSTER = Range(2 * GB, 8 * GB, 30 * GB)
"""Of the control plane of a Kubernetes cluster in a month: every change that is asked of it, most of them
leases that its own parts renew every few seconds."""


class Telling(Value):
    """What all logs of a month are made of, in bytes."""

    processes: Range
    """Traces, measures and messages of processes: the tables of Application Insights."""
    requests: Range
    """Rows of Azure's own resources about requests."""
    metrics: Range
    clusters: Range
    why: str

    @property
    def all(self) -> Range:
        return self.processes + self.requests + self.metrics + self.clusters

    @property
    def shares_of_processes(self) -> tuple[Decimal, Decimal, Decimal]:
        """In the month with the least to tell, in the most likely one, and in that with the most."""
        pairs = zip(self.processes.triple, self.all.triple, strict=True)
        least, likely, most = (told / everything if everything else Decimal(0) for told, everything in pairs)
        return least, likely, most


def telling(reckoning: Reckoning) -> Telling:
    """What is written in a month, over all regions, unless somebody says how much."""
    settings = reckoning.graph.of("Microsoft.Insights/diagnosticSettings")
    metered = sum(1 for each in settings if Body(each.body).many("properties.metrics"))
    clusters = sum(1 for each in settings if each.scope is not None and each.scope.type.endswith(AKS))
    rows = total(_rows(reckoning))
    processes = told(reckoning) + _traces_of_calls(reckoning)
    why = (
        f"{size(processes)} by processes of requests and items, {many(rows)} rows of {size(ROW)} about "
        f"requests by what answers them or passes them on, {size(METRICS)} of metrics from each of {metered} "
        "resources"
    )
    if clusters:
        why += f", {size(CLUSTER * clusters)} by the control plane of Kubernetes"
    return Telling(
        processes=processes,
        requests=rows * ROW,
        metrics=METRICS * metered,
        clusters=CLUSTER * clusters,
        why=why,
    )


def _traces_of_calls(reckoning: Reckoning) -> Range:
    """What gateways of APIs tell Application Insights of some of their calls."""
    told_of = NOTHING
    for each in reckoning.graph.of("Microsoft.ApiManagement/service/diagnostics"):
        percent = Body(each.body).at("properties.sampling.percentage")
        part = reckoning.part_of(each, ApiManagement)
        traced = Decimal(1) if percent is None else Decimal(str(percent)) / 100
        told_of += calls(reckoning, part) * traced * reckoning.share(each)
    return told_of * reckoning.figure("log_size")


def _rows(reckoning: Reckoning) -> Iterator[Range]:
    """Requests to each that writes a row of every one, where its logs are sent."""
    plan = reckoning.plan
    sent = {
        each.scope.type: frozenset(_categories(each))
        for each in reckoning.graph.of("Microsoft.Insights/diagnosticSettings")
        if each.scope is not None and Body(each.body).many("properties.logs")
    }
    if "Microsoft.Cdn/profiles" in sent:  # AzureDiagnostics: FrontDoorAccessLog
        yield from (asked(door, reckoning) for door in plan.of(FrontDoor))
    if "Microsoft.Network/applicationGateways" in sent:  # AGWAccessLogs
        for gateway in plan.of(ApplicationGateway):
            yield total(answered(reckoning, each) for each in dict.fromkeys(gateway.routes.values()))
    if "Microsoft.ApiManagement/service" in sent:  # ApiManagementGatewayLogs
        yield from (calls(reckoning, apis) for apis in plan.of(ApiManagement))
    if "Microsoft.Web/sites" in sent:  # AppServiceHTTPLogs
        yield from (answered(reckoning, each) for each in plan.of(Service) if each.hosted_by == "app service")
    if "Microsoft.CognitiveServices/accounts" in sent:  # AzureDiagnostics: RequestResponse
        yield from (asks_of_model(model, reckoning) for model in plan.of(ModelApi))
    if categories := sent.get("Microsoft.DocumentDB/databaseAccounts"):  # CDBDataPlaneRequests and others
        of_one = total(
            rows for each, rows in ROWS_OF_COSMOS.items() if each in categories or ALL_LOGS in categories
        )
        for store in plan.of(Documents):
            requests = documents.reads(store, reckoning) + documents.writes(store, reckoning)
            yield requests * of_one
            if SUMMED_UP in categories or ALL_LOGS in categories:
                yield requests.with_(ROWS_SUMMED_UP, min)
    if "Microsoft.Storage/storageAccounts/blobServices" in sent:  # StorageBlobLogs
        for each in plan.of(Blobs):
            yield blobs.reads(each, reckoning) + blobs.writes(each, reckoning)


def _categories(setting: Resource) -> Iterator[str]:
    """What a setting sends, by category or by group of categories."""
    for each in Body(setting.body).at("properties.logs") or ():
        yield str(each.get("category") or each.get("categoryGroup"))
