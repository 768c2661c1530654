"""What resources have to say goes to the logs."""

from __future__ import annotations

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.diagnostics import SAYS
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.values import Id
from seatrial.azure.versions import API_VERSIONS


@pytest.fixture(scope="module")
def made() -> Graph:
    system = System("harbour", title="Ships", region="eastus2", also_in=["westeurope"])
    ships = system.postgres("ships")
    photos = system.blobs("photos")
    system.service("web", "serve", port=8000, health="/health", uses=[ships, photos])
    return graph(system.plan())


def settings(made: Graph, kind: str) -> list[Resource]:
    found = made.of("Microsoft.Insights/diagnosticSettings")
    return [each for each in found if each.scope is not None and each.scope.type == kind]


def test_everything_that_has_something_to_say_says_it_once(made: Graph) -> None:
    said = [each.scope for each in made.of("Microsoft.Insights/diagnosticSettings")]
    assert len(said) == len(set(said))
    assert set(said) == {each.ref for each in made.resources if each.type in SAYS}


def test_what_a_region_says_goes_to_the_logs_of_that_region(made: Graph) -> None:
    workspaces = {
        each.region: Id(of=each.ref) for each in made.of("Microsoft.OperationalInsights/workspaces")
    }
    for each in made.of("Microsoft.Insights/diagnosticSettings"):
        assert each.scope is not None
        assert made.by_ref[each.scope].region == each.region
        assert each.body["properties"]["workspaceId"] == workspaces[each.region]


def test_a_database_sends_its_logs_and_its_metrics(made: Graph) -> None:
    for each in settings(made, "Microsoft.DBforPostgreSQL/flexibleServers"):
        assert each.body["properties"]["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]
        assert each.body["properties"]["metrics"] == [{"category": "AllMetrics", "enabled": True}]


def test_the_blobs_of_an_account_are_a_subject_of_their_own(made: Graph) -> None:
    # The account itself has metrics only; who read and wrote is known to its blob service.
    [account, _] = settings(made, "Microsoft.Storage/storageAccounts")
    [blobs, _] = settings(made, "Microsoft.Storage/storageAccounts/blobServices")
    assert account.body["properties"]["logs"] == []
    assert blobs.body["properties"]["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]


def test_documents_tell_who_read_what_without_a_row_for_each_request() -> None:
    system = System("harbour", title="Ships", region="eastus2")
    system.documents("logbook", partition="/ship")
    [account] = settings(graph(system.plan()), "Microsoft.DocumentDB/databaseAccounts")
    sent = {each["category"] for each in account.body["properties"]["logs"]}
    assert {"ControlPlaneRequests", "DataPlaneRequests5M"} <= sent
    assert not sent & {"DataPlaneRequests", "QueryRuntimeStatistics", "PartitionKeyRUConsumption"}
    # The five minutes summed up have a table of their own, and are lost without it
    assert account.body["properties"]["logAnalyticsDestinationType"] == "Dedicated"


def test_every_type_in_the_table_is_one_that_is_built() -> None:
    assert set(SAYS) <= set(API_VERSIONS)


@pytest.mark.parametrize("kind", ["Microsoft.Insights/components", "Microsoft.Network/natGateways"])
def test_what_cannot_be_sent_is_not_in_the_table(kind: str) -> None:
    assert kind in API_VERSIONS
    assert kind not in SAYS
