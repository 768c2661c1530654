"""Charts on one page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial import System, chart, log, metric
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.values import Id, Join, Text, serialized


def harbour(**more: Any) -> System:
    return System("harbour", title="Ships that come and go", region="eastus2", **more)


def page(book: Resource) -> dict[str, Any]:
    """The page as a browser reads it, with `<type>` where the id of a resource will stand."""

    def filled(piece: Text) -> str:
        return f"<{piece.of.type}>" if isinstance(piece, Id) else str(piece)

    said = serialized(book.body["properties"]["serializedData"])
    assert isinstance(said, Join)
    read = json.loads("".join(filled(piece) for piece in said.pieces))
    assert isinstance(read, dict)
    return read


def items(system: System) -> list[dict[str, Any]]:
    [book] = graph(system.plan()).of("Microsoft.Insights/workbooks")
    [_, *rest] = page(book)["items"]
    return rest


def test_a_page_is_json_with_the_ids_of_resources_in_it() -> None:
    # Given a chart of one measure of two services
    system = harbour()
    web = system.service("web", "serve", port=8000, health="/health")
    api = system.service("api", "serve", port=8001, health="/health")
    system.dashboard(
        "health",
        title='The "harbour"',
        charts=[chart("Requests", metric(web, "requests"), metric(api, "requests"), kind="area")],
    )
    # Then it is one picture of one metric of two resources, and the page can be read
    [only] = items(system)
    assert only["content"]["title"] == "Requests"
    assert only["content"]["resourceIds"] == ["<Microsoft.App/containerApps>"] * 2
    [shown] = only["content"]["metrics"]
    assert shown["metric"] == "microsoft.app/containerapps-Basic-Requests"
    assert shown["aggregation"] == 1  # the total


def test_the_page_names_what_it_shows_so_that_it_is_made_after_it() -> None:
    system = harbour()
    web = system.service("web", "serve", port=8000, health="/health")
    system.dashboard("health", charts=[chart("Requests", metric(web, "requests"))])
    made = graph(system.plan())
    [book] = made.of("Microsoft.Insights/workbooks")
    [app] = made.of("Microsoft.App/containerApps")
    assert app.ref in book.needs


def test_measures_of_different_things_stand_side_by_side() -> None:
    system = harbour()
    ships = system.postgres("ships")
    web = system.service("web", "serve", port=8000, health="/health")
    system.dashboard("health", charts=[chart("Busy", metric(ships, "cpu"), metric(web, "cpu"))])
    assert [each["customWidth"] for each in items(system)] == ["50", "50"]


def test_two_measures_of_one_thing_share_a_picture() -> None:
    system = harbour()
    ships = system.postgres("ships")
    system.dashboard("health", charts=[chart("Ships", metric(ships, "cpu"), metric(ships, "storage used"))])
    [only] = items(system)
    assert len(only["content"]["metrics"]) == 2
    assert len(only["content"]["resourceIds"]) == 1


def test_a_picture_shows_no_measure_that_was_not_asked_for() -> None:
    # One picture of both would also show the processor of the second and the disk of the first.
    system = harbour()
    ships, crews = system.postgres("ships"), system.postgres("crews")
    system.dashboard("health", charts=[chart("Both", metric(ships, "cpu"), metric(crews, "storage used"))])
    shown = [[each["metric"] for each in item["content"]["metrics"]] for item in items(system)]
    assert [len(each) for each in shown] == [1, 1]


def test_a_question_to_the_logs_is_asked_as_it_was_written() -> None:
    system = harbour()
    question = (
        "AppEvents | where Name == 'ship \"Aurora\" lost' | summarize count() by bin(TimeGenerated, 1d)"
    )
    system.dashboard("health", charts=[chart("Lost", log(question), kind="bar")])
    [only] = items(system)
    assert only["content"]["query"] == question
    assert only["content"]["visualization"] == "barchart"
    assert only["content"]["crossComponentResources"] == ["<Microsoft.OperationalInsights/workspaces>"]


def test_each_region_has_its_page() -> None:
    system = harbour(also_in=["westeurope"])
    web = system.service("web", "serve", port=8000, health="/health")
    system.dashboard("health", charts=[chart("Requests", metric(web, "requests"))])
    made: Graph = graph(system.plan())
    books = made.of("Microsoft.Insights/workbooks")
    assert [each.location for each in books] == ["eastus2", "westeurope"]
    assert len({each.ref for each in books}) == 2


def test_a_chart_of_what_azure_does_not_measure_is_refused() -> None:
    system = harbour()
    ships = system.postgres("ships")
    system.dashboard("health", charts=[chart("Waiting", metric(ships, "waiting"))])
    with pytest.raises(Refused, match='"waiting" of ships'):
        graph(system.plan())
