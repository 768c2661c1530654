"""What a month may cost, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.values import Id, Parameter, Ref


def harbour() -> System:
    return System("harbour", title="Ships that come and go", region="eastus2")


def said(system: System) -> Any:
    [budget] = graph(system.plan()).of("Microsoft.Consumption/budgets")
    return budget.body["properties"]


def test_a_system_without_a_budget_has_none() -> None:
    assert not graph(harbour().plan()).of("Microsoft.Consumption/budgets")


def test_each_share_is_told_and_so_is_a_forecast_of_the_whole() -> None:
    system = harbour()
    crew = system.contact("crew")
    system.budget("$300/month", warn_at=[50, 90], tell=[crew])
    budget = said(system)
    assert (budget["amount"], budget["timeGrain"]) == (300, "Monthly")
    told = {(each["thresholdType"], each["threshold"]) for each in budget["notifications"].values()}
    assert told == {("Actual", 50), ("Actual", 90), ("Forecasted", 100)}
    group = {"contactGroups": [Id(of=Ref(type="Microsoft.Insights/actionGroups", name="crew"))]}
    assert all(each.items() >= group.items() for each in budget["notifications"].values())


def test_nobody_looks_at_the_clock() -> None:
    # A plan built twice is built alike, so the month in which the budget starts is the operator's to say.
    system = harbour()
    system.budget("$300/month")
    start = said(system)["timePeriod"]["startDate"]
    assert isinstance(start, Parameter)
    assert start.default is None


def test_who_names_nobody_is_asked_for_an_address() -> None:
    # An owner's role alone would not do: the budget wants an address or an action group.
    system = harbour()
    system.budget("$300/month")
    for each in said(system)["notifications"].values():
        [mail] = each["contactEmails"]
        assert isinstance(mail, Parameter)


def test_cents_are_left_to_the_bill() -> None:
    system = harbour()
    system.budget("$335.70/month")
    assert said(system)["amount"] == 335


def test_more_shares_than_azure_tells_are_refused() -> None:
    system = harbour()
    system.budget("$300/month", warn_at=[20, 40, 60, 80, 100])
    with pytest.raises(Refused, match="keep 4 of them"):
        graph(system.plan())
