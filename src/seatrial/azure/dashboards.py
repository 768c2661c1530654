"""Workbooks: charts on one page.

The page itself is JSON in a string, in which the ids of resources stand; so it is made of pieces of text and
expressions between them.
Source: https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-automate
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure import logs
from seatrial.azure.graph import Resource
from seatrial.azure.measures import Aggregation
from seatrial.azure.names import camel
from seatrial.azure.readings import Reading, reading
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Guid, Id, Json, Known, Ref
from seatrial.model import Chart, Dashboard, Log
from seatrial.model.parts import ChartKind

__all__ = ["resources"]

LOOKS_BACK_MS = 7 * 24 * 3600 * 1000
"""What a page shows when it is opened: a week."""

METRIC_CHARTS: Mapping[ChartKind, int] = {"bar": 1, "line": 2, "area": 3, "number": -1}
"""Kinds of charts of metrics; a number stands in a grid.
Source: the gallery of https://github.com/microsoft/Application-Insights-Workbooks"""

LOG_CHARTS: Mapping[ChartKind, str] = {
    "bar": "barchart",
    "line": "timechart",
    "area": "areachart",
    "number": "stat",
}

AGGREGATIONS: Mapping[Aggregation, int] = {"Total": 1, "Minimum": 2, "Maximum": 3, "Average": 4, "Count": 7}
"""As workbooks number them; the same source."""


def resources(part: Dashboard, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: a chart is of a measure that Azure does not have.
    """
    page = {
        "version": "Notebook/1.0",
        "items": [
            {"type": 1, "content": {"json": f"# {part.title}"}, "name": "title"},
            *(item for chart in part.charts for item in _items(chart, part, at)),
        ],
        "fallbackResourceIds": [Id(of=logs.workspace(at))],
        "$schema": (
            "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json"
        ),
    }
    yield Resource(
        ref=Ref(
            type="Microsoft.Insights/workbooks",
            name=Guid(
                pieces=(Known(what="subscription"), Known(what="resource group"), at.region, part.name)
            ),
        ),
        module="alerts",
        region=at.region,
        symbol=camel(part.name, "dashboard"),
        why=f"Shows {part.title} on one page",
        part=part.name,
        location=at.region,
        body={
            "kind": "shared",
            "properties": {
                "displayName": at.name(part.title),
                "category": "workbook",
                "sourceId": Id(of=logs.workspace(at)),
                "serializedData": Json(value=page),
            },
        },
    )


def _items(chart: Chart, part: Dashboard, at: Stamp) -> Iterator[dict[str, Any]]:
    """What a chart becomes: one item, or one for each type of resource, side by side."""
    if isinstance(chart.of, Log):
        yield _asked(chart, chart.of, at)
        return
    groups: dict[tuple[str, Any], list[Reading]] = {}
    for metric in chart.of:
        read = reading(metric, at, part.name)
        groups.setdefault((read.of.type, read.where), []).append(read)
    pictures = [picture for reads in groups.values() for picture in _pictures(reads)]
    for number, reads in enumerate(pictures, start=1):
        yield _measured(chart, reads, number, len(pictures))


def _pictures(reads: list[Reading]) -> Iterator[list[Reading]]:
    """A picture shows each of its metrics for each of its resources, so both must fit together."""
    pairs = {(read.of, read.gauge) for read in reads}
    of, gauges = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    if len(pairs) == len(of) * len(gauges):
        yield reads
    else:
        for one in dict.fromkeys(read.of for read in reads):
            yield [read for read in reads if read.of == one]


def _measured(chart: Chart, reads: list[Reading], number: int, of: int) -> dict[str, Any]:
    kind = reads[0].of.type.lower()
    return {
        "type": 10,
        "content": {
            "chartId": camel(chart.title, str(number)),
            "version": "MetricsItem/2.0",
            "size": 0,
            "chartType": METRIC_CHARTS[chart.kind],
            "title": chart.title,
            "resourceType": kind,
            "metricScope": 0,
            "resourceIds": [Id(of=each) for each in dict.fromkeys(read.of for read in reads)],
            "timeContext": {"durationMs": LOOKS_BACK_MS},
            "metrics": [
                {
                    "namespace": kind,
                    "metric": f"{kind}-{gauge.category}-{gauge.metric}",
                    "aggregation": AGGREGATIONS[gauge.aggregation],
                    "splitBy": None,
                }
                for gauge in dict.fromkeys(read.gauge for read in reads)
            ],
            "filters": [
                {"id": str(index), "key": key, "operator": 0, "values": list(values)}
                for index, (key, values) in enumerate(reads[0].where, start=1)
            ],
            "gridSettings": {"rowLimit": 10000},
        },
        "customWidth": str(100 // of),
        "name": camel(chart.title, str(number)),
    }


def _asked(chart: Chart, log: Log, at: Stamp) -> dict[str, Any]:
    return {
        "type": 3,
        "content": {
            "version": "KqlItem/1.0",
            "query": log.query,
            "size": 0,
            "title": chart.title,
            "timeContext": {"durationMs": LOOKS_BACK_MS},
            "queryType": 0,
            "resourceType": "microsoft.operationalinsights/workspaces",
            "crossComponentResources": [Id(of=logs.workspace(at))],
            "visualization": LOG_CHARTS[chart.kind],
        },
        "name": camel(chart.title),
    }
