"""Where logs go, for how long, and who may write to them."""

from __future__ import annotations

from seatrial import System
from seatrial.azure import logs
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.roles import ROLES
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id


def harbour() -> System:
    return System("harbour", title="Ships that come and go", region="eastus2")


def workspace(made: Graph) -> Resource:
    [found] = made.of("Microsoft.OperationalInsights/workspaces")
    return found


def test_a_system_that_says_nothing_keeps_logs_for_30_days_without_a_cap() -> None:
    said = workspace(graph(harbour().plan())).body["properties"]
    assert said["retentionInDays"] == 30
    assert said["workspaceCapping"] == {"dailyQuotaGb": -1}


def test_what_a_system_says_of_its_logs_is_done() -> None:
    system = harbour()
    system.logs("logs", keeps="90 days", daily_cap="2 GiB")
    said = workspace(graph(system.plan())).body["properties"]
    assert said["retentionInDays"] == 90
    # 2 GiB are 2.15 times 10⁹ bytes, the unit in which Azure takes logs in; a cap never is lower than asked
    assert said["workspaceCapping"] == {"dailyQuotaGb": 3}


def test_nobody_writes_with_a_key() -> None:
    made = graph(harbour().plan())
    [component] = made.of("Microsoft.Insights/components")
    assert workspace(made).body["properties"]["features"]["disableLocalAuth"] is True
    assert component.body["properties"]["DisableLocalAuth"] is True
    assert component.body["properties"]["WorkspaceResourceId"] == Id(of=workspace(made).ref)


def test_each_process_may_write_its_traces_and_nobody_else() -> None:
    system = harbour()
    system.service("web", "serve", port=8000, health="/health")
    system.worker("loader", "load")
    made = graph(system.plan())
    [component] = made.of("Microsoft.Insights/components")
    may = [
        each.part
        for each in made.of("Microsoft.Authorization/roleAssignments")
        if each.scope == component.ref
        and ROLES["Monitoring Metrics Publisher"] in str(each.body["properties"]["roleDefinitionId"])
    ]
    assert sorted(may, key=str) == ["loader", "web"]


def test_an_archive_gets_a_copy_of_the_logs() -> None:
    system = harbour()
    kept = system.blobs("kept", copies="regions", archive_after="90 days")
    system.logs("logs", archive=kept)
    made = graph(system.plan())
    [export] = made.of("Microsoft.OperationalInsights/workspaces/dataExports")
    [account] = made.of("Microsoft.Storage/storageAccounts")
    assert export.body["properties"]["destination"] == {"resourceId": Id(of=account.ref)}
    assert "AppTraces" in export.body["properties"]["tableNames"]


def test_each_region_has_logs_of_its_own() -> None:
    plan = System("harbour", title="Ships", region="eastus2", also_in=["westeurope"]).plan()
    names = [each.ref for each in graph(plan).of("Microsoft.OperationalInsights/workspaces")]
    assert names == [logs.workspace(Stamp(plan=plan, region=region)) for region in plan.regions]
    assert len(set(names)) == 2
