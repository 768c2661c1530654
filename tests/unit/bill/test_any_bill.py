"""What holds for any bill: of the ten plans of the five systems, in East US 2, under any month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.azure.kinds import KINDS
from seatrial.bill.asked import assumed
from seatrial.bill.bill import Bill, Pricing, by_months
from seatrial.bill.book import Book
from seatrial.bill.elsewhere import moved
from seatrial.bill.errors import PricesMissing
from seatrial.bill.meters import Meter, Price, Term
from seatrial.bill.pricelist.entries import Entry
from seatrial.bill.resources import CHARGES
from seatrial.bill.usage import GENERAL, Assumption, Usage
from seatrial.cli.system_file import read_system
from seatrial.model import Logs, Stated

SYSTEMS = Path(__file__).parents[3] / "systems"
NAMES = ("doctrove", "papr", "qlp", "newswire", "cultivate")
BOOK = Book()
CENT = Decimal("0.01")


@cache
def plans() -> Mapping[str, Graph]:
    """Each system and each of its variants, compiled once."""
    made = {}
    for name in NAMES:
        system = read_system(SYSTEMS / name / "system.py")
        for variant in (None, *system.variants):
            plan = moved(system.plan(variant), "eastus2")
            made[name if variant is None else f"{name} {variant}"] = graph(plan)
    return made


@cache
def pricing(name: str) -> Pricing:
    return Pricing(plans()[name], BOOK)


@cache
def usual(name: str) -> Bill:
    """Under what the plan says of a month, and what is assumed."""
    return pricing(name).bill()


def under(name: str, month: Mapping[str, Decimal]) -> Bill:
    """With some figures exactly so."""
    asked = [exact(key, amount) for key, amount in month.items()]
    return pricing(name).bill(Usage(plans()[name].plan, asked))


def exact(key: str, amount: Decimal) -> Stated:
    part, _, figure = key.rpartition(".")
    return Stated(part=part or None, name=figure, low=amount, likely=amount, high=amount)


PLANS = [
    *("doctrove", "doctrove 10m", "papr", "papr split", "papr cluster", "qlp", "qlp development"),
    *("newswire", "cultivate", "cultivate three-regions"),
]
every_plan = pytest.mark.parametrize("name", PLANS)
LOADS = (Decimal("0.05"), Decimal(1), Decimal(30))


def test_the_plans_are_those_of_the_systems() -> None:
    assert list(plans()) == PLANS


# -- lines and total ------------------------------------------------------------------------------------


@every_plan
@pytest.mark.parametrize("load", LOADS)
def test_the_lines_add_up_to_the_total(name: str, load: Decimal) -> None:
    usage = Usage(plans()[name].plan, scale={"records": load, "requests": load})
    made = pricing(name).bill(usage)

    assert made.total.likely == sum((line.amount.likely for line in made.lines), Decimal(0))
    # What falls with the load has its most in the month with the least to do
    least = sum((each.amount.high if each.falls else each.amount.low for each in made.lines), Decimal(0))
    most = sum((each.amount.low if each.falls else each.amount.high for each in made.lines), Decimal(0))
    assert by_months(made.lines) == (least, made.total.likely, most)
    assert made.total.triple == (
        min(least, made.total.likely, most),
        made.total.likely,
        max(least, made.total.likely, most),
    )
    assert sum((by_months(made.of_part(part))[1] for part in made.parts), Decimal(0)) == made.total.likely


@every_plan
@pytest.mark.parametrize("commitment", [None, "sp-1y", "ri-3y"])
def test_the_lines_of_a_meter_come_to_what_it_costs_in_all(name: str, commitment: Term | None) -> None:
    # Whatever lines share a meter, with its tiers: rounded once, and not once for each of them
    made = Pricing(plans()[name], BOOK, commitment).bill()
    paid: dict[tuple[Meter, Term | None], Decimal] = {}
    amounts: dict[tuple[Meter, Term | None], Decimal] = {}
    prices: dict[tuple[Meter, Term | None], Price] = {}
    for line in made.lines:
        key = line.price.meter, line.term
        paid[key] = paid.get(key, Decimal(0)) + line.paid.likely
        amounts[key] = amounts.get(key, Decimal(0)) + line.amount.likely
        prices[key] = line.price
    for key, price in prices.items():
        cost = price.cost(paid[key] / price.each)
        assert amounts[key] == cost.quantize(CENT, ROUND_HALF_UP), key


@every_plan
def test_to_say_what_is_assumed_changes_nothing(name: str) -> None:
    before = usual(name)
    said = [
        Stated(
            part=each.key.rpartition(".")[0] or None,
            name=each.key.rpartition(".")[2],
            low=each.amount.low,
            likely=each.amount.likely,
            high=each.amount.high,
        )
        for each in before.assumptions
    ]

    after = pricing(name).bill(Usage(plans()[name].plan, said))

    assert {each.why for each in after.assumptions} == {"asked for"}
    assert [(each.what, each.amount) for each in after.lines] == [
        (each.what, each.amount) for each in before.lines
    ]


AMOUNTS = {"count": "5", "bytes": "5 MiB", "seconds": "5 s", "a month": "5", "share": "5 %"}


@every_plan
def test_every_figure_is_asked_for_by_its_key(name: str) -> None:
    for each in usual(name).assumptions:
        asked = assumed(plans()[name].plan, f"{each.key}={AMOUNTS[each.figure.unit]}")
        now = {used.key: used for used in under(name, {asked.key: asked.likely}).assumptions}[each.key]
        assert (now.amount.likely, now.why) == (asked.likely, "asked for")


# -- more costs more ------------------------------------------------------------------------------------

EITHER_WAY = {
    "busy": "in longer working hours fewer replicas are at work, but for longer",
    "cached": "what is answered from the cache at the edge goes no further",
}
"""Figures of which more may cost less, and why."""


@st.composite
def figures(draw: st.DrawFn) -> tuple[str, Assumption]:
    """A plan, and one of the figures its bill rests on."""
    name = draw(st.sampled_from(PLANS))
    known = [each for each in usual(name).assumptions if named(each) not in EITHER_WAY]
    return name, draw(st.sampled_from(known))


def named(assumption: Assumption) -> str:
    return assumption.key.rpartition(".")[2]


hundredths = st.integers(1, 10_000).map(lambda number: Decimal(number) / 100)


@settings(max_examples=300, deadline=None)
@given(figures(), st.sampled_from(["low", "likely", "high"]), hundredths, hundredths)
def test_more_of_anything_never_costs_less(
    of: tuple[str, Assumption], end: str, one: Decimal, other: Decimal
) -> None:
    # Given a month in which all that is said or assumed of the whole system is at one of its ends
    name, figure = of
    bills = usual(name).assumptions
    month = {each.key: getattr(each.amount, end) for each in bills if each.stated or each.key in GENERAL}
    if named(figure) in ("added", "record_size"):
        # of larger blobs fewer are read back in the same bytes, so that nothing is read back here
        month |= {each.key: Decimal(0) for each in bills if named(each) == "retrieved"}
    # When there is more of one figure, and all else follows
    less, more = (month | {figure.key: amount_of(figure, times)} for times in sorted((one, other)))
    # Then it costs as much at least, or needs something that has no price here
    try:
        dear = compared(under(name, more))
    except PricesMissing:
        if figure.key == "net.connected":  # Bastion's traffic above 5 GB
            return
        raise
    assert compared(under(name, less)) <= dear + ROUNDED


ROUNDED = 3 * CENT
"""What moves from one meter to another that costs as much, is rounded in both."""


def amount_of(figure: Assumption, times: Decimal) -> Decimal:
    """So many times what it is most likely; of shares, which end at 1, so many of 100."""
    if figure.figure.unit == "share":
        return times / 100
    amount = (figure.amount.likely or Decimal(1_000)) * times
    return amount if figure.figure.unit in ("seconds", "count") else amount.to_integral_value()


def compared(made: Bill) -> Decimal:
    """All of a bill. Under a daily cap, logs of processes, which are kept for 90 days without charge, leave
    less room for others, which are kept for 31: what is kept may fall then."""
    capped = any(each.daily_cap for each in made.plan.of(Logs))
    kept = [line.amount.likely for line in made.lines if capped and line.what == "logs kept"]
    return made.total.likely - sum(kept, Decimal(0))


@every_plan
@pytest.mark.parametrize("amount", [Decimal(0), Decimal(10) ** 15])
def test_any_figure_may_be_nothing_or_enormous(name: str, amount: Decimal) -> None:
    for each in usual(name).assumptions:
        if each.key == "net.connected" and amount:
            continue  # Bastion's traffic above 5 GB has no price here
        most = Decimal(1) if each.figure.unit == "share" else amount
        assert under(name, {each.key: min(amount, most)}).total.low >= 0


@pytest.mark.parametrize("figure", sorted(EITHER_WAY))
def test_more_of_what_is_left_out_may_cost_less(figure: str) -> None:
    # So that nothing is left out in vain
    found = False
    for name in PLANS:
        for each in usual(name).assumptions:
            if named(each) == figure:
                few, many = (3_600, 86_400) if figure == "busy" else (0, 1)
                less, more = (under(name, {each.key: Decimal(amount)}).total.likely for amount in (few, many))
                found = found or more < less
    assert found


# -- tiers ----------------------------------------------------------------------------------------------


@cache
def tiered() -> tuple[Entry, ...]:
    """All that has several prices by volume, in every region."""
    return tuple(each for region in BOOK.regions for each in BOOK.entries(region) if len(each.tiers) > 1)


def test_no_price_jumps_at_the_border_of_a_tier() -> None:
    little = Decimal("0.001")
    for entry in tiered():
        price = BOOK.price(entry.meter)
        assert price is not None
        assert price.tiers[0].above == 0
        for before, after in pairwise(price.tiers):
            assert before.above < after.above, entry.meter
            below, at, beyond = (price.cost(after.above + step) for step in (-little, Decimal(0), little))
            assert at - below == little * before.price, entry.meter
            assert beyond - at == little * after.price, entry.meter


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(tiered()), st.decimals(0, 10**7, places=3), st.decimals(0, 1_000, places=3))
def test_a_step_costs_no_more_than_at_the_dearest_price(entry: Entry, units: Decimal, step: Decimal) -> None:
    price = BOOK.price(entry.meter)
    assert price is not None
    prices = [tier.price for tier in price.tiers]

    rise = price.cost(units + step) - price.cost(units)

    assert min(prices) * step <= rise <= max(prices) * step


@every_plan
def test_a_small_step_of_what_passes_is_a_small_step_of_the_bill(name: str) -> None:
    # Answers of one byte more: nothing but what is paid by the byte changes, whatever tier it is in
    size = next(each.amount.likely for each in usual(name).assumptions if each.key == "answer_size")
    for times in (1, 50, 3_000):
        one, two = (under(name, {"answer_size": size * times + byte}) for byte in (0, 1))
        gigabytes = next(each.amount.likely for each in one.assumptions if each.key == "requests") / 10**9
        # each byte of an answer passes some ten meters at most, none of which asks more than $0.2 a GB
        assert 0 <= two.total.likely - one.total.likely <= 10 * gigabytes * Decimal("0.2") + 5 * CENT


# -- what a line says -----------------------------------------------------------------------------------


@every_plan
def test_every_line_says_how_it_came_about(name: str) -> None:
    made = usual(name)
    for line in made.lines:
        assert line.what
        assert line.formula
        assert line.price.source
        assert line.price.read_on <= BOOK.made_on <= date.today()
        listed = BOOK.price(line.price.meter)
        assert listed is not None
        assert (line.price.read_on, line.price.source) == (listed.read_on, listed.source)
        if line.term is None:  # the first tier may be left out, where it is what is free in a subscription
            asked = {tier.price for tier in line.price.tiers}
            assert asked <= {tier.price for tier in listed.tiers}
            assert line.price.tiers[-1].price == listed.tiers[-1].price
        assert 0 <= line.paid.likely <= line.used.likely + Decimal("1e-12")  # of thirds, in 28 digits
    for free in made.free:
        assert free.what
        assert free.why.rstrip(".") == free.why != ""
        assert free.count > 0


@every_plan
def test_no_line_stands_there_twice(name: str) -> None:
    lines = usual(name).lines
    found = Counter(
        (line.region, line.resource, line.type, line.part, line.what, line.price.meter) for line in lines
    )
    # seconds of a process that always runs and seconds of those beyond it are two lines of one meter
    twice = {key for key, number in found.items() if number > 1}
    assert {key for key in twice if key[2] != "Microsoft.App/containerApps"} == set()
    formulas = Counter(
        (line.region, line.resource, line.type, line.part, line.what, line.formula) for line in lines
    )
    assert [key for key, number in formulas.items() if number > 1] == []


# -- every type -----------------------------------------------------------------------------------------

WEB_APPS = "Microsoft.Web/sites"
"""Free by itself, but what it answers leaves Azure from there."""


def test_every_type_that_is_billed_says_what_it_is_charged_for() -> None:
    billed = {type for type, kind in KINDS.items() if kind.billed}

    assert billed - set(CHARGES) == set()
    assert set(CHARGES) - billed == {WEB_APPS}


def test_every_type_that_is_free_says_why() -> None:
    assert [type for type, kind in KINDS.items() if not kind.billed and len(kind.why.split()) < 3] == []


PAID_WITH = {
    "paid with API Management": "Microsoft.ApiManagement/service",
    "paid with Front Door": "Microsoft.Cdn/profiles",
    "paid by the operation, with the vault": "Microsoft.KeyVault/vaults",
    "paid with the storage account": "Microsoft.Storage/storageAccounts",
    "paid with the cluster": "Microsoft.Cache/redisEnterprise",
    "paid with the server": "Microsoft.DBforPostgreSQL/flexibleServers",
    "paid with the gateway": "Microsoft.Network/applicationGateways",
    "paid with its zone": "Microsoft.Network/privateDnsZones",
    "paid with its profile": "Microsoft.Network/trafficManagerProfiles",
    "paid with its plan": "Microsoft.Web/serverfarms",
    "paid with Service Bus": "Microsoft.ServiceBus/namespaces",
    "paid with the site": "Microsoft.Web/staticSites",
    "paid with the logs it writes": "Microsoft.OperationalInsights/workspaces",
    "paid with the logs it brings": "Microsoft.OperationalInsights/workspaces",
    "its deployments are paid": "Microsoft.CognitiveServices/accounts/deployments",
    "its containers are paid": "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
    "comes with the container app": "Microsoft.App/containerApps",
    "free with one firewall": "Microsoft.Network/azureFirewalls",
}
"""What is paid with something else, by the words that say so."""


def test_what_is_paid_with_something_else_names_it() -> None:
    said = {kind.why for kind in KINDS.values() if not kind.billed and "paid" in kind.why}
    assert said - set(PAID_WITH) == set()
    assert {type for type in PAID_WITH.values() if not KINDS[type].billed} == set()


@every_plan
def test_nothing_is_paid_twice(name: str) -> None:
    made = usual(name)
    paid = {line.type for line in made.lines}
    # What is free has no line of its own
    assert {type for type in paid if not KINDS[type].billed} <= {WEB_APPS}
    assert {line.what for line in made.lines if line.type == WEB_APPS} <= {"traffic out"}
    # And what it is paid with is on the bill
    for line in made.free:
        if line.why in PAID_WITH and not KINDS[line.type].billed:
            assert PAID_WITH[line.why] in paid, line


@every_plan
def test_every_resource_is_on_the_bill(name: str) -> None:
    # With a line of its own, or among those of its type that cost nothing
    made = usual(name)
    paid = {(line.type, line.resource, line.region) for line in made.lines}
    free: Counter[str] = Counter()
    for line in made.free:
        free[line.type] += line.count
    silent = Counter(
        each.type for each in plans()[name].resources if (each.type, each.symbol, each.region) not in paid
    )
    assert {type: number for type, number in silent.items() if number > free[type]} == {}
