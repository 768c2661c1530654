"""What alerts, messages and tests from outside are charged for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System, log, metric
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.values import Ref
from seatrial.bill.alerts import log_rule, metric_rule, web_test
from seatrial.bill.bill import Bill, Line
from seatrial.bill.charges import Charge, Free
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage

Find = Callable[..., Line]


def tower(rules: int, also_in: tuple[str, ...] = ()) -> System:
    """A service and so many rules on it."""
    system = System("tower", region="eastus2", also_in=list(also_in))
    web = system.service("web", "serve", port=8000, health="/health")
    team = system.contact("team", mail=["one@example.org", "two@example.org"])
    for number in range(rules):
        system.alert(f"busy-{number}", metric(web, "cpu"), above=80 + number, tell=[team])
    system.usage(team, notices="2000/month")
    return system


def test_ten_series_are_free_and_each_further_one_is_paid(priced: Callable[[System], Bill]) -> None:
    amounts = [each.amount for each in priced(tower(12)).lines if each.what == "watched series"]

    assert amounts == [exactly(Decimal("0.00"))] * 10 + [exactly(Decimal("0.10"))] * 2


def test_the_free_series_are_free_once_however_many_regions(priced: Callable[[System], Bill]) -> None:
    bill = priced(tower(8, ("westeurope",)))

    # 8 rules in each of two regions are 16 series: 6 × 0.10
    assert sum((each.amount for each in bill.lines if each.what == "watched series"), exactly(0)) == exactly(
        Decimal("0.60")
    )


def test_mail_is_paid_beyond_a_thousand(priced: Callable[[System], Bill], line: Find) -> None:
    mails = line(priced(tower(1)), "mails")

    assert mails.formula == "2,000 messages × 2 receivers"
    assert mails.amount == exactly(Decimal("0.06"))  # 4,000 − 1,000 = 3,000 × 0.00002


def test_whoever_is_never_told_costs_nothing(priced: Callable[[System], Bill]) -> None:
    system = System("tower", region="eastus2")
    system.service("web", "serve", port=8000, health="/health")
    system.contact("nobody", mail=["nobody@example.org"])
    system.contact("first", mail=["first@example.org"])

    bill = priced(system)

    assert "no rule tells it anything" not in [each.why for each in bill.free if each.part == "nobody"]
    assert [each.why for each in bill.free if each.part == "first"] == ["no rule tells it anything"]


@pytest.mark.parametrize(
    ("within", "price", "formula"),
    [
        ("5 min", "1.50", "asks every 5 min"),
        ("1 h", "0.50", "asks every 15 min"),
        ("1 day", "0.50", "asks every 60 min, charged as every 15"),
    ],
)
def test_a_rule_on_the_logs_is_paid_by_how_often_it_asks(
    priced: Callable[[System], Bill], line: Find, within: str, price: str, formula: str
) -> None:
    system = System("tower", region="eastus2")
    system.service("web", "serve", port=8000, health="/health")
    team = system.contact("team", mail=["one@example.org"])
    system.alert("failures", log("AppExceptions"), above=0, within=within, tell=[team])

    rule = line(priced(system), "rule on the logs")

    assert rule.amount == exactly(Decimal(price))
    assert rule.formula == formula


# -- bodies that no part of ours makes yet --------------------------------------------------------------


def made(type: str, properties: Mapping[str, Any], **body: Any) -> tuple[Resource, Reckoning]:
    plan = System("tower", region="eastus2").plan()
    resource = Resource(
        ref=Ref(type=type, name="rule"),
        module="alerts",
        region="eastus2",
        symbol="rule",
        why="A rule",
        location="eastus2",
        body={**body, "properties": properties},
    )
    return resource, Reckoning(Graph(plan=plan, resources=(resource,)), Usage(plan))


def charged(found: Any) -> list[tuple[str, Range]]:
    return [(each.meter.name, each.quantity) for each in found if isinstance(each, Charge)]


def test_each_value_of_a_dimension_is_a_series_and_learnt_thresholds_are_paid_besides() -> None:
    codes = {"name": "StatusCode", "operator": "Include", "values": ["500", "503"]}
    hosts = {"name": "Host", "operator": "Include", "values": ["a", "b", "c"]}
    conditions = [
        {"criterionType": "StaticThresholdCriterion", "dimensions": [codes, hosts]},
        {"criterionType": "DynamicThresholdCriterion", "dimensions": [codes]},
    ]
    properties = {"scopes": ["one", "two"], "criteria": {"allOf": conditions}}

    found = charged(metric_rule(*made("Microsoft.Insights/metricAlerts", properties)))

    # two resources × (2 codes × 3 hosts + 2 codes) = 16 series, of which 2 × 2 are learnt
    assert found == [("Alerts Metric Monitored", exactly(16)), ("Alerts Dynamic Threshold", exactly(4))]


def test_a_rule_on_the_logs_that_tells_dimensions_apart_is_paid_by_each() -> None:
    dimension = {"name": "Host", "operator": "Include", "values": ["a", "b", "c"]}
    properties = {"evaluationFrequency": "PT10M", "criteria": {"allOf": [{"dimensions": [dimension]}]}}

    found = charged(log_rule(*made("Microsoft.Insights/scheduledQueryRules", properties)))

    assert found == [("Alerts Resource Monitored at 10 Minute Frequency", exactly(3))]


def test_a_test_from_outside_is_paid_by_the_execution() -> None:
    places = [{"Id": "one"}, {"Id": "two"}, {"Id": "three"}]
    properties = {"Kind": "standard", "Frequency": 300, "Locations": places}

    found = charged(web_test(*made("Microsoft.Insights/webtests", properties)))

    # 730 × 12 times an hour × 3 places
    assert found == [("Standard Web Test Execution", exactly(26_280))]


def test_a_classic_test_of_one_address_costs_nothing() -> None:
    (free,) = web_test(*made("Microsoft.Insights/webtests", {"Kind": "ping"}))

    assert isinstance(free, Free)
