"""Our words for measures, in the metrics of Azure Monitor.

Source: https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index, the page of each type
(of 2026-07 where not said otherwise). Shares are in percent, response times in seconds, sizes in bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from seatrial.model import Measure
from seatrial.model.value import Value

__all__ = [
    "API_GATEWAY",
    "API_GATEWAY_V2",
    "APPLICATION_GATEWAY",
    "APP_SERVICE",
    "BLOBS",
    "CACHE",
    "CONTAINER_APP",
    "CONTAINER_INSTANCES",
    "DOCUMENTS",
    "FRONT_DOOR",
    "JOB",
    "MACHINES",
    "MODEL",
    "NAT",
    "NODES",
    "POSTGRES",
    "QUEUE",
    "SANDBOX",
    "SITE",
    "TELEMETRY",
    "TRAFFIC_MANAGER",
    "WORKER",
    "Aggregation",
    "Gauge",
    "Gauges",
]

Aggregation = Literal["Average", "Maximum", "Minimum", "Total", "Count"]


class Gauge(Value, kw_only=False):
    """A metric of one type of resource."""

    metric: str
    aggregation: Aggregation = "Average"
    category: str = ""
    """The heading under which Azure lists the metric; a part of its name in workbooks."""
    scale: float = 1
    """How many of Azure's units one of ours is: a second is 1,000 milliseconds."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Dimensions, each with the values that count."""
    grain: int = 1
    """The shortest time, in minutes, for which Azure has a value."""
    each: Literal["core", "memory byte", "connection", ""] = ""
    """What the scale is multiplied by: how many of these the part has."""


Gauges = Mapping[Measure, Gauge]

_MS = 1000
_5XX = (("statusCodeCategory", ("5xx",)),)

WORKER: Gauges = {
    "replicas": Gauge("Replicas", "Maximum", "Basic"),
    "restarts": Gauge("RestartCount", "Maximum", "Basic"),
    "cpu": Gauge("CpuPercentage", "Average", "Basic"),
    "memory": Gauge("MemoryPercentage", "Average", "Basic"),
    "traffic out": Gauge("TxBytes", "Total", "Basic"),
}
"""A container app that answers nobody. Shares of processor and memory are in preview. While two revisions
run, the one with more replicas counts; restarts are those since a replica began.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-app-containerapps-metrics"""

CONTAINER_APP: Gauges = {
    **WORKER,
    "requests": Gauge("Requests", "Total", "Basic"),
    "errors": Gauge("Requests", "Total", "Basic", where=_5XX),
    "response time": Gauge("ResponseTime", "Average", "Basic", _MS),
}

JOB: Gauges = {
    "cpu": Gauge("UsageNanoCores", "Average", "Basic", 10**9 / 100, each="core"),
    "memory": Gauge("UsageBytes", "Average", "Basic", 1 / 100, each="memory byte"),
    "restarts": Gauge("RestartCount", "Maximum", "Basic"),
    "traffic out": Gauge("TxBytes", "Total", "Basic"),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-app-jobs-metrics"""

APP_SERVICE: Gauges = {
    "requests": Gauge("Requests", "Total"),
    "errors": Gauge("Http5xx", "Total"),
    "response time": Gauge("HttpResponseTime"),
    "traffic out": Gauge("BytesSent", "Total"),
}
"""Processor and memory are the machines': several processes may share them.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-web-sites-metrics"""

MACHINES: Gauges = {
    "cpu": Gauge("CpuPercentage"),
    "memory": Gauge("MemoryPercentage"),
    "traffic out": Gauge("BytesSent", "Total"),
    "waiting": Gauge("HttpQueueLength"),
}
"""Of App Service.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-web-serverfarms-metrics"""

CONTAINER_INSTANCES: Gauges = {
    "cpu": Gauge("CpuUsage", "Average", "", 1000 / 100, each="core"),
    "memory": Gauge("MemoryUsage", "Average", "", 1 / 100, each="memory byte"),
}
"""In thousandths of a core, and in bytes.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-containerinstance-containergroups-metrics"""

NODES: Gauges = {
    "cpu": Gauge("node_cpu_usage_percentage", "Average", "Nodes (PREVIEW)"),
    "memory": Gauge("node_memory_working_set_percentage", "Average", "Nodes (PREVIEW)"),
    "storage used": Gauge("node_disk_usage_percentage", "Maximum", "Nodes (PREVIEW)"),
}
"""Of a Kubernetes cluster.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-containerservice-managedclusters-metrics"""

TELEMETRY: Gauges = {
    "requests": Gauge("requests/count", "Count", "Server"),
    "errors": Gauge("requests/failed", "Count", "Failures"),
    "response time": Gauge("requests/duration", "Average", "Server", _MS),
}
"""What a service says of itself, where its host says nothing; it fails a request that it answers with 400 or
more.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-insights-components-metrics"""

POSTGRES: Gauges = {
    "cpu": Gauge("cpu_percent", "Average", "Saturation"),
    "memory": Gauge("memory_percent", "Average", "Saturation"),
    "storage used": Gauge("storage_percent", "Average", "Saturation"),
    "storage free": Gauge("storage_free", "Average", "Saturation"),
    "connections": Gauge("active_connections", "Average", "Traffic", 1 / 100, each="connection"),
    "traffic out": Gauge("network_bytes_egress", "Total", "Traffic"),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics"""

BLOBS: Gauges = {
    "requests": Gauge("Transactions", "Total", "Transaction"),
    "errors": Gauge(
        "Transactions",
        "Total",
        "Transaction",
        where=(("ResponseType", ("ServerOtherError", "ServerTimeoutError")),),
    ),
    "throttled": Gauge(
        "Transactions",
        "Total",
        "Transaction",
        where=(
            (
                "ResponseType",
                (
                    "ServerBusyError",
                    "ClientThrottlingError",
                    "ClientAccountRequestThrottlingError",
                    "ClientAccountBandwidthThrottlingError",
                ),
            ),
        ),
    ),
    "response time": Gauge("SuccessE2ELatency", "Average", "Transaction", _MS),
    "traffic out": Gauge("Egress", "Total", "Transaction"),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-storage-storageaccounts-metrics
and https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference for kinds of response."""

QUEUE: Gauges = {
    "waiting": Gauge("ActiveMessages"),
    "dead letters": Gauge("DeadletteredMessages", "Maximum"),
    "requests": Gauge("IncomingRequests", "Total"),
    "errors": Gauge("ServerErrors", "Total"),
    "throttled": Gauge("ThrottledRequests", "Total"),
    "traffic out": Gauge("OutgoingBytes", "Total"),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-servicebus-namespaces-metrics"""

CACHE: Gauges = {
    "cpu": Gauge("percentProcessorTime", "Maximum"),
    "memory": Gauge("usedmemorypercentage", "Maximum"),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-cache-redisenterprise-metrics"""

DOCUMENTS: Gauges = {
    "requests": Gauge("TotalRequests", "Count", "Requests"),
    "errors": Gauge("TotalRequests", "Count", "Requests", where=(("StatusCode", ("500", "503")),)),
    "throttled": Gauge("TotalRequests", "Count", "Requests", where=(("StatusCode", ("429",)),)),
    "response time": Gauge("ServerSideLatencyGateway", "Average", "Requests", _MS),
}
"""Clients in Python come by the gateway.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-documentdb-databaseaccounts-metrics"""

_CALLS = "Azure OpenAI - HTTP Requests"

MODEL: Gauges = {
    "requests": Gauge("AzureOpenAIRequests", "Total", _CALLS),
    "errors": Gauge("AzureOpenAIRequests", "Total", _CALLS, where=(("StatusCode", ("500", "503")),)),
    "throttled": Gauge("AzureOpenAIRequests", "Total", _CALLS, where=(("StatusCode", ("429",)),)),
    "response time": Gauge("AzureOpenAITimeToResponse", "Average", "Azure OpenAI - Latency", _MS),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-cognitiveservices-accounts-metrics"""

FRONT_DOOR: Gauges = {
    "requests": Gauge("RequestCount", "Total", "Traffic"),
    "errors": Gauge("RequestCount", "Total", "Traffic", where=(("HttpStatusGroup", ("5XX",)),)),
    "response time": Gauge("TotalLatency", "Average", "Latency", _MS),
    "traffic out": Gauge("ResponseSize", "Total", "Traffic"),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-cdn-profiles-metrics"""

APPLICATION_GATEWAY: Gauges = {
    "requests": Gauge("TotalRequests", "Total"),
    "errors": Gauge("FailedRequests", "Total"),
    "response time": Gauge("ApplicationGatewayTotalTime", "Average", "", _MS),
    "traffic out": Gauge("BytesSent", "Total"),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-applicationgateways-metrics"""

_GATEWAY = "Gateway Requests"

API_GATEWAY: Gauges = {
    "cpu": Gauge("Capacity", "Average", "Capacity"),
    "requests": Gauge("Requests", "Total", _GATEWAY),
    "errors": Gauge("Requests", "Total", _GATEWAY, where=(("GatewayResponseCodeCategory", ("5xx",)),)),
    "throttled": Gauge("Requests", "Total", _GATEWAY, where=(("GatewayResponseCode", ("429",)),)),
    "response time": Gauge("Duration", "Average", _GATEWAY, _MS),
}
"""Of API Management; its capacity is the busiest of processor, memory and queues.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-apimanagement-service-metrics"""

API_GATEWAY_V2: Gauges = {
    **API_GATEWAY,
    "cpu": Gauge("CpuPercent_Gateway", "Average", "Capacity"),
    "memory": Gauge("MemoryPercent_Gateway", "Average", "Capacity"),
}
"""Of its tiers called v2."""

NAT: Gauges = {
    "traffic out": Gauge("ByteCount", "Total", where=(("Direction", ("Out",)),)),
}
"""Of a NAT gateway.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-natgateways-metrics"""

SITE: Gauges = {
    "requests": Gauge("SiteHits", "Total", grain=5),
    "errors": Gauge("SiteErrors", "Total", grain=5),
    "traffic out": Gauge("BytesSent", "Total", grain=5),
}
"""Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-web-staticsites-metrics"""

SANDBOX: Gauges = {
    "replicas": Gauge("PoolExecutingPodCount", "Maximum", "Basic"),
}
"""Sessions that run.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-app-sessionpools-metrics"""

TRAFFIC_MANAGER: Gauges = {
    "requests": Gauge("QpsByEndpoint", "Total"),
}
"""Questions for an address.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-trafficmanagerprofiles-metrics"""
