"""Who is told what."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args

import pytest

from seatrial import System, log, metric
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.readings import readings
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Parameter, Ref
from seatrial.model import Measure

PAGE = Path(__file__).resolve().parents[3] / "docs/azure.md"

GROUPS = "Microsoft.Insights/actionGroups"
ON_METRICS = "Microsoft.Insights/metricAlerts"
ON_LOGS = "Microsoft.Insights/scheduledQueryRules"
ON_ACTIVITY = "Microsoft.Insights/activityLogAlerts"


def harbour(**more: Any) -> System:
    return System("harbour", title="Ships that come and go", region="eastus2", **more)


def rule(made: Graph, kind: str, name: str) -> Resource:
    return next(each for each in made.of(kind) if each.ref.name == name)


def criterion(made: Graph, name: str) -> dict[str, Any]:
    [only] = rule(made, ON_METRICS, name).body["properties"]["criteria"]["allOf"]
    assert isinstance(only, dict)
    return only


def test_a_metric_alert_watches_the_resource_of_its_part() -> None:
    # Given a database and somebody who wants to know when it is busy
    system = harbour()
    ships = system.postgres("ships", cores=4)
    crew = system.contact("crew", mail=["crew@example.org"])
    system.alert("busy", metric(ships, "cpu"), above=80, within="15 min", severity="high", tell=[crew])
    made = graph(system.plan())
    # Then the rule looks at the server, in Azure's words, and tells the crew
    [server] = made.of("Microsoft.DBforPostgreSQL/flexibleServers")
    said = rule(made, ON_METRICS, "busy").body["properties"]
    assert said["scopes"] == [Id(of=server.ref)]
    assert said["severity"] == 1
    assert (said["windowSize"], said["evaluationFrequency"]) == ("PT15M", "PT1M")
    assert said["actions"] == [{"actionGroupId": Id(of=Ref(type=GROUPS, name="crew"))}]
    assert criterion(made, "busy") == {
        "name": "busy",
        "criterionType": "StaticThresholdCriterion",
        "metricNamespace": "Microsoft.DBforPostgreSQL/flexibleServers",
        "metricName": "cpu_percent",
        "timeAggregation": "Average",
        "operator": "GreaterThan",
        "threshold": 80,
        "dimensions": [],
    }


def test_units_are_turned_into_azures() -> None:
    system = harbour()
    ships = system.postgres("ships", cores=4)
    web = system.service("web", "serve", port=8000, health="/health")
    system.alert("slow", metric(web, "response time"), above="1.5 s")
    system.alert("full", metric(ships, "storage free"), below="10 GB")
    system.alert("crowded", metric(ships, "connections"), above=80)
    made = graph(system.plan())
    assert criterion(made, "slow")["threshold"] == 1500  # milliseconds
    assert criterion(made, "full")["threshold"] == 10_000_000_000  # bytes
    assert criterion(made, "full")["operator"] == "LessThan"
    # 4 cores have 16 GiB, which allow 1,718 connections; 80 % of them are 1,374
    assert criterion(made, "crowded")["threshold"] == 1374


def test_a_share_of_what_a_job_has_is_turned_into_what_it_uses() -> None:
    # Azure tells of a job how much it uses, and not what share of what it has.
    system = harbour()
    loading = system.job("loading", "load", cpu=2, memory="4 GiB")
    system.alert("busy", metric(loading, "cpu"), above=50)
    system.alert("full", metric(loading, "memory"), above=75)
    made = graph(system.plan())
    assert criterion(made, "busy")["threshold"] == 1_000_000_000  # one core, in billionths
    assert criterion(made, "full")["threshold"] == 3 * 2**30


def test_several_groups_of_containers_are_not_measured_as_one() -> None:
    system = harbour()
    web = system.service(
        "web", "serve", port=8000, health="/health", host="container instances", replicas=(2, 2)
    )
    system.alert("busy", metric(web, "cpu"), above=80)
    with pytest.raises(Refused, match='it has "requests", "errors", "response time"'):
        graph(system.plan())


def test_errors_are_requests_that_were_answered_with_5xx() -> None:
    system = harbour()
    web = system.service("web", "serve", port=8000, health="/health")
    system.alert("errors", metric(web, "errors"), above=10)
    said = criterion(graph(system.plan()), "errors")
    assert (said["metricName"], said["timeAggregation"]) == ("Requests", "Total")
    assert said["dimensions"] == [{"name": "statusCodeCategory", "operator": "Include", "values": ["5xx"]}]


def test_a_queue_is_watched_apart_from_the_others_in_its_namespace() -> None:
    system = harbour()
    first, second = system.queue("arrivals"), system.queue("departures")
    system.alert("first", metric(first, "dead letters"), above=0)
    system.alert("second", metric(second, "waiting"), above=100)
    made = graph(system.plan())
    [arrivals], [departures] = (
        criterion(made, "first")["dimensions"],
        criterion(made, "second")["dimensions"],
    )
    assert arrivals["name"] == departures["name"] == "EntityName"
    assert arrivals["values"] != departures["values"]


@pytest.mark.parametrize(
    ("within", "window", "step"),
    [
        ("1 min", "PT1M", "PT1M"),
        ("4 min", "PT5M", "PT1M"),
        ("20 min", "PT30M", "PT5M"),
        ("1 h", "PT1H", "PT15M"),
        ("2 h", "PT6H", "PT1H"),
        ("1 day", "P1D", "PT1H"),
    ],
)
def test_a_time_that_azure_does_not_know_becomes_the_next_longer(within: str, window: str, step: str) -> None:
    system = harbour()
    web = system.service("web", "serve", port=8000, health="/health")
    system.alert("busy", metric(web, "cpu"), above=80, within=within)
    said = rule(graph(system.plan()), ON_METRICS, "busy").body["properties"]
    assert (said["windowSize"], said["evaluationFrequency"]) == (window, step)


def test_a_metric_is_watched_over_a_day_at_most() -> None:
    system = harbour()
    web = system.service("web", "serve", port=8000, health="/health")
    system.alert("busy", metric(web, "cpu"), above=80, within="2 days")
    with pytest.raises(Refused, match="within=2 days: a metric can be watched over 1 day at most"):
        graph(system.plan())


def test_a_rule_tells_five_contacts_at_most() -> None:
    system = harbour()
    everybody = [system.contact(f"crew-{number}") for number in range(6)]
    web = system.service("web", "serve", port=8000, health="/health")
    system.alert("busy", metric(web, "cpu"), above=80, tell=everybody)
    with pytest.raises(Refused, match="tells 6 contacts"):
        graph(system.plan())


def test_a_question_to_the_logs_counts_rows() -> None:
    system = harbour()
    system.alert("lost", log("AppEvents | where Name == 'ship lost'"), above=3, within="1 h")
    made = graph(system.plan())
    said = rule(made, ON_LOGS, "lost").body["properties"]
    [workspace] = made.of("Microsoft.OperationalInsights/workspaces")
    assert said["scopes"] == [Id(of=workspace.ref)]
    assert (said["windowSize"], said["evaluationFrequency"]) == ("PT1H", "PT15M")
    [only] = said["criteria"]["allOf"]
    assert only["query"] == "AppEvents | where Name == 'ship lost'"
    assert (only["timeAggregation"], only["operator"], only["threshold"]) == ("Count", "GreaterThan", 3)


def test_an_operation_of_azure_is_watched_in_azures_own_log() -> None:
    # Given a question to a table that only the subscription has
    system = harbour()
    system.alert(
        "rights",
        log("AzureActivity | where OperationNameValue =~ 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE'"),
        above=0,
        severity="critical",
    )
    made = graph(system.plan())
    # Then it is a rule on the activity log of the resource group
    said = rule(made, ON_ACTIVITY, "rights").body["properties"]
    operation = {"field": "operationName", "equals": "Microsoft.authorization/roleassignments/write"}
    assert operation in said["condition"]["allOf"]
    assert not made.of(ON_LOGS)


def test_any_other_question_to_azures_own_log_is_refused_with_the_way_out() -> None:
    system = harbour()
    system.alert("changes", log("AzureActivity | summarize count() by Caller"), above=0)
    with pytest.raises(Refused, match="OperationNameValue =~"):
        graph(system.plan())


def test_who_gives_no_address_is_asked_for_one() -> None:
    system = harbour()
    system.contact("crew")
    [group] = graph(system.plan()).of(GROUPS)
    [mail] = group.body["properties"]["emailReceivers"]
    assert mail["emailAddress"] == Parameter(name="crewMail", why="Where crew gets mail about alerts")


def test_the_address_of_a_webhook_is_seen_by_nobody() -> None:
    system = harbour()
    pager = system.secret("pagerduty-webhook")
    system.contact("captain", pagerduty=pager)
    made = graph(system.plan())
    [group] = made.of(GROUPS)
    [webhook] = group.body["properties"]["webhookReceivers"]
    assert webhook["serviceUri"].secret
    # and it is the one that stands in the vault: the operator gives it once
    assert [each.name for each in made.parameters].count(webhook["serviceUri"].name) == 1
    assert webhook["useCommonAlertSchema"] is True
    assert group.body["properties"]["emailReceivers"] == []


def test_a_slack_channel_is_reached_by_mail_as_its_webhook_cannot_read_alerts() -> None:
    system = harbour()
    system.contact("deck", slack=system.secret("slack-webhook"))
    [group] = graph(system.plan()).of(GROUPS)
    assert group.body["properties"]["webhookReceivers"] == []
    assert [each["name"] for each in group.body["properties"]["emailReceivers"]] == ["slack"]


def test_the_first_contact_hears_of_azures_own_trouble_in_these_regions() -> None:
    system = harbour(also_in=["westeurope"])
    system.contact("crew")
    system.contact("owner")
    made = graph(system.plan())
    said = rule(made, ON_ACTIVITY, "azure-has-trouble").body["properties"]
    assert said["condition"]["allOf"][2]["containsAny"] == ["East US 2", "West Europe", "Global"]
    assert said["actions"]["actionGroups"] == [{"actionGroupId": Id(of=Ref(type=GROUPS, name="crew"))}]


def test_whoever_has_secrets_that_expire_is_reminded() -> None:
    system = harbour()
    system.contact("crew")
    key = system.secret("key", rotate_after="90 days")
    system.service("web", "serve", port=8000, health="/health", uses=[key])
    made = graph(system.plan())
    [only] = rule(made, ON_LOGS, "secrets-expire").body["properties"]["criteria"]["allOf"]
    assert "SecretNearExpiry" in only["query"]


def test_nobody_is_reminded_of_secrets_that_do_not_expire() -> None:
    system = harbour()
    system.contact("crew")
    system.secret("key")
    assert not graph(system.plan()).of(ON_LOGS)


def test_in_several_regions_each_has_its_rules_and_all_tell_the_same_people() -> None:
    system = harbour(also_in=["westeurope"])
    crew = system.contact("crew")
    web = system.service("web", "serve", port=8000, health="/health")
    ledger = system.documents("ledger", partition="/ship", throughput=4000)
    system.alert("busy", metric(web, "cpu"), above=80, tell=[crew])
    system.alert("throttled", metric(ledger, "throttled"), above=0, tell=[crew])
    made = graph(system.plan())
    names = [each.ref.name for each in made.of(ON_METRICS)]
    # Cosmos DB is one account for all regions, so one rule is enough for it.
    assert sorted(map(str, names)) == ["busy-eastus2", "busy-westeurope", "throttled"]
    assert len(made.of(GROUPS)) == 1


def test_a_measure_that_a_part_does_not_have_is_refused_with_those_it_has() -> None:
    system = harbour()
    ships = system.postgres("ships")
    system.alert("waiting", metric(ships, "waiting"), above=10)
    with pytest.raises(Refused) as refused:
        graph(system.plan())
    [trouble] = refused.value.troubles
    assert trouble.part == "waiting"
    assert '"waiting" of ships' in trouble.what
    assert '"cpu", "memory", "storage used", "storage free", "connections"' in trouble.hint


def test_a_process_among_others_on_a_machine_leads_to_the_machine() -> None:
    system = harbour()
    deck = system.app_service_plan("deck", size="P1v3")
    web = system.service("web", "serve", port=8000, health="/health", host=deck)
    system.alert("busy", metric(web, "cpu"), above=80)
    with pytest.raises(Refused, match=r'metric\(deck, "cpu"\)'):
        graph(system.plan())


Host = Literal["container apps", "container instances", "aks"]


@pytest.mark.parametrize("host", get_args(Host))
def test_requests_errors_and_response_times_of_a_service_are_measured_on_every_host(host: Host) -> None:
    system = harbour()
    system.service("web", "serve", port=8000, health="/health", host=host, replicas=(1, 1))
    plan = system.plan()
    there = readings(plan.part("web"), Stamp(plan=plan, region="eastus2"))
    assert {"requests", "errors", "response time"} <= set(there)


def test_on_a_cluster_a_service_is_measured_by_what_it_says_of_itself() -> None:
    system = harbour()
    machines = system.node_pool("machines", machine="Standard_D4s_v5", nodes=(1, 3))
    web = system.service("web", "serve", port=8000, health="/health", host=machines)
    system.alert("errors", metric(web, "errors"), above=5)
    system.alert("full", metric(machines, "memory"), above=90)
    made = graph(system.plan())
    said = criterion(made, "errors")
    assert said["metricNamespace"] == "Microsoft.Insights/components"
    assert said["dimensions"] == [{"name": "cloud/roleName", "operator": "Include", "values": ["web"]}]
    assert criterion(made, "full")["metricName"] == "node_memory_working_set_percentage"


def test_every_measure_is_known_of_some_part() -> None:
    # Given a system with one of each kind of part that is measured
    system = harbour()
    system.postgres("ships")
    system.queue("arrivals")
    system.service("web", "serve", port=8000, health="/health")
    plan = system.plan()
    at = Stamp(plan=plan, region="eastus2")
    known = {measure for part in plan.parts for measure in readings(part, at)}
    # Then no word of ours is without a meaning on Azure
    assert known == set(get_args(Measure))


@pytest.mark.parametrize("kind", ["postgres", "blobs", "queue", "cache", "documents", "app_service_plan"])
def test_the_page_names_exactly_the_measures_that_a_part_has(kind: str) -> None:
    # Given the line of the table that begins with this kind of part
    system = harbour()
    more: dict[str, dict[str, str]] = {"documents": {"partition": "/a"}, "app_service_plan": {"size": "P1v3"}}
    getattr(system, kind)("store", **more.get(kind, {}))
    plan = system.plan()
    alerts = PAGE.read_text().partition("## Alerts")[2]
    rows = [each.split("|") for each in alerts.splitlines() if each.startswith("| ")]
    [row] = [each for each in rows if f"`{kind}`" in each[1] and "`" in each[2] and ":" not in each[1]]
    told = set(re.findall(r"`([a-z ]+)`", row[2]))
    assert told == set(readings(plan.part("store"), Stamp(plan=plan, region="eastus2")))


def test_an_alert_without_a_title_says_what_it_measures() -> None:
    system = harbour()
    ships = system.postgres("ships")
    system.alert("busy", metric(ships, "cpu"), above=80)
    system.alert("full", metric(ships, "storage free"), below="10 GB", title="Nearly full")

    made = graph(system.plan())

    assert rule(made, ON_METRICS, "busy").why == "Cpu of ships above 80 %"
    assert rule(made, ON_METRICS, "full").why == "Nearly full"
