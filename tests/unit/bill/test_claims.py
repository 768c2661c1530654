"""What the five plans say their systems cost: the files, the sums, and which row a line belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.azure.kinds import KINDS as TYPES
from seatrial.azure.kinds import kind_of
from seatrial.bill.book import Book
from seatrial.bill.claimed import BASE, KINDS, Amount, Claims, Selector, Stated, Table
from seatrial.bill.claims import read
from seatrial.bill.meters import Meter, Price, Term, Tier
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.resources import CHARGES
from seatrial.bill.usage import Usage
from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes, System

ROOT = Path(__file__).parents[3]
SYSTEMS = ("cultivate", "doctrove", "newswire", "papr", "qlp")
POSTGRES = "Microsoft.DBforPostgreSQL/flexibleServers"


@cache
def claims_of(system: str) -> Claims:
    file = ROOT / "systems" / system / "claims.toml"
    return read(file.read_text(encoding="utf-8"), str(file))


@cache
def system_of(name: str) -> System:
    return read_system(ROOT / "systems" / name / "system.py")


@cache
def graph_of(system: str, variant: str) -> Graph:
    return graph(system_of(system).plan(None if variant == BASE else variant))


def table_of(system: str, variant: str | None = None) -> Table:
    table = claims_of(system).table(variant)
    assert table is not None
    return table


def exactly(text: str) -> Amount:
    number = Decimal(text)
    return Amount(least=number, most=number, step=Decimal(1).scaleb(int(number.as_tuple().exponent)))


TABLES = [(system, table.variant) for system in SYSTEMS for table in claims_of(system).tables]


# -- the files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_variant_of_a_system_has_its_table(system: str) -> None:
    variants = [table.variant for table in claims_of(system).tables]

    assert variants == [BASE, *system_of(system).variants]
    assert all(table.total is not None for table in claims_of(system).tables)


@pytest.mark.parametrize(("system", "variant"), TABLES)
def test_every_selector_names_something_that_is_built(system: str, variant: str) -> None:
    # Given everything that the variant becomes
    built = graph_of(system, variant)
    parts = {part.name for part in built.plan.parts}
    for row in table_of(system, variant).lines:
        for each in row.lines:
            # Then its part is in the plan, its type is known, and the two are found together
            assert each.part is None or each.part in parts, f"{row.what}: {each}"
            assert each.type is None or each.type in TYPES, f"{row.what}: {each}"
            found = [it for it in built.resources if each.matches(it.part, it.type, each.what or "")]
            assert found, f"{row.what}: {each}"


@pytest.mark.parametrize(("system", "variant"), TABLES)
def test_whatever_is_billed_belongs_to_a_row_of_the_plan(system: str, variant: str) -> None:
    table = table_of(system, variant)
    billed = [each for each in graph_of(system, variant).resources if kind_of(each.type).billed]

    stray = [f"{each.part} {each.type}" for each in billed if not table.line_for(each.part, each.type, "")]

    assert billed
    assert not stray


@pytest.mark.parametrize(("system", "variant"), TABLES)
def test_every_line_of_the_bill_belongs_to_a_row_of_the_plan(system: str, variant: str) -> None:
    table = table_of(system, variant)

    stray = [each for each in charged(system, variant) if table.line_for(*each) is None]

    assert not stray


@pytest.mark.parametrize(("system", "variant"), TABLES)
def test_what_a_selector_says_is_paid_for_stands_on_the_bill(system: str, variant: str) -> None:
    # Given all that is charged for, or free for a reason
    lines = charged(system, variant)
    for row in table_of(system, variant).lines:
        for each in row.lines:
            if each.what is None or not _has_charges(each, system, variant):
                continue
            assert any(each.matches(*line) for line in lines), f"{row.what}: {each}"


def _has_charges(selector: Selector, system: str, variant: str) -> bool:
    """Whether all that it may mean is among the types whose charges are known."""
    meant = [
        each.type
        for each in graph_of(system, variant).resources
        if selector.part in (None, each.part) and selector.type in (None, each.type)
    ]
    return all(type in CHARGES for type in meant if kind_of(type).billed)


@cache
def charged(system: str, variant: str) -> tuple[tuple[str | None, str, str], ...]:
    """Part, type and what of all that is charged for or free, before prices are known."""
    built = graph_of(system, variant)
    reckoning = Reckoning(built, Usage(built.plan))
    return tuple(
        dict.fromkeys(
            (charge.part or resource.part, resource.type, charge.what)
            for resource in built.resources
            if resource.type in CHARGES
            for charge in CHARGES[resource.type](resource, reckoning)
        )
    )


@pytest.mark.parametrize("system", SYSTEMS)
def test_reasons_are_sentences(system: str) -> None:
    claims = claims_of(system)
    reasons = [row.why for table in claims.tables for row in table.lines]
    reasons += [claim.why for claim in claims.claims]

    for why in reasons:
        assert why.endswith("."), why
        assert why[0].isupper() or why[0] in "$0123456789", why


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_check_asks_for_a_meter_that_is_in_the_book(system: str) -> None:
    book = Book()
    for claim in claims_of(system).claims:
        for check in claim.checks:
            price = book.price(check.meter)
            assert price is not None, f"{check.meter}; near: {book.near(check.meter)}"
            assert check.worth(price) is not None, check.of


# -- sums -------------------------------------------------------------------------------------------------


def test_newswire_adds_up_to_the_dollar() -> None:
    table = table_of("newswire")

    # 75 + 135 + 26 + 35 + 35 + 18 + 0.15 + 2 + 9 = 335.15, told as 335 in the table and in the conclusion
    assert [each.written.words() for each in table.additions] == ["$335.15", "$335.15"]
    assert [each.stated.amount.words() for each in table.additions] == ["$335", "$335"]
    assert all(each.adds_up for each in table.additions)


def test_qlp_adds_up() -> None:
    # 95 + 85 + 20 + 10 + 3 + 15 + 10 + 35 + 15 = 288
    (whole,) = table_of("qlp").additions

    assert whole.written.least == whole.written.most == 288
    assert whole.adds_up


def test_every_block_of_doctrove_adds_up_at_a_million() -> None:
    # 146 + 23 + 7 = 176; 30 + 15 + 20 = 65; 5 + 10 = 15; 10 + 5 = 15; together 271
    sums = {each.stated.group: each.written.words() for each in table_of("doctrove").additions}

    assert sums == {
        "Database": "$176",
        "Container Apps": "$65",
        "Storage": "$15",
        "Monitoring and networking": "$15",
        None: "$271",
    }
    assert all(each.adds_up for each in table_of("doctrove").additions)


def test_doctrove_does_not_add_up_at_ten_million() -> None:
    database, whole = table_of("doctrove", "10m").additions

    # 292 + 230 = 522 is right; 522 + 165 = 687, with 15 of storage and 15 of monitoring 717, and not 702
    assert database.adds_up
    told = (whole.stated.amount.words(), whole.written.words(), whole.complete.words())
    assert told == ("$702", "$687", "$717")
    assert not whole.adds_up


def test_one_machine_of_papr_costs_more_than_either_of_its_totals() -> None:
    additions = table_of("papr").additions

    # Temporal's 40 is all that is written there; with the machine's 100 and the database's 30: 170
    assert [each.written.words() for each in additions] == ["$40", "$40"]
    assert [each.complete.words() for each in additions] == ["$170", "$170"]
    assert [each.stated.amount.words() for each in additions] == ["$50 to $100", "$90 to $140"]
    assert not any(each.adds_up for each in additions)


def test_two_machines_of_papr_do_not_fit_their_heading() -> None:
    # 100 + 200 + 40 = 340, with the database 370: within 310 to 370, not within 150 to 250, and not 310
    found = {each.stated.where: each.adds_up for each in table_of("papr", "split").additions}

    assert found == {
        "heading of the shape": False,
        "recommendation": False,
        "comparison of the shapes": True,
    }


def test_a_total_without_priced_rows_has_nothing_to_add() -> None:
    cluster = table_of("papr", "cluster")

    assert cluster.total is not None
    assert cluster.total.words() == "$500 or more"
    assert cluster.sum() is None
    assert cluster.additions == ()


def test_cultivates_two_targets_are_two_thousandfold_apart() -> None:
    total = table_of("cultivate").total
    prediction = next(each for each in claims_of("cultivate").claims if each.implies)

    # 100,000,000 predictions at $0.10 are $10,000,000; the other target is $5,000
    assert total is not None
    assert total.words() == "under $5,000"
    assert prediction.implied is not None
    assert prediction.implied.most == 10_000_000


def test_archive_costs_twice_what_newswire_says_and_a_hundredth_less_elsewhere() -> None:
    book = Book()
    archive = next(each for each in claims_of("newswire").claims if each.checks[0].times == 1000)

    # 1,000 GB at 0.002 in East US 2, 0.00099 in West US 2, and 0.004 with a copy in the paired region
    worth = [check.worth(_price(book, check.meter)) for check in archive.checks]

    assert worth == [Decimal("2"), Decimal("0.99"), Decimal("4")]
    assert [archive.holds(each) for each in worth if each is not None] == [False, True, False]


def test_a_year_of_commitment_saves_less_than_newswire_says() -> None:
    book = Book()
    reserved = claims_of("newswire").claims[0]

    # PostgreSQL 1 - 0.1424 / 0.178 = 20 %; Container Apps 1 - 0.0000204 / 0.000024 = 15 %; claimed: 30 to 40
    worth = [check.worth(_price(book, check.meter)) for check in reserved.checks]

    assert worth == [Decimal(20), Decimal(15)]
    assert not any(reserved.holds(each) for each in worth if each is not None)


def _price(book: Book, meter: Meter) -> Price:
    price = book.price(meter)
    assert price is not None, meter
    return price


# -- amounts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "found", "holds"),
    [
        ("335", "335.15", True),  # rounds to 335
        ("335", "335.50", False),  # rounds to 336
        ("0.15", "0.151", True),
        ("0.15", "0.16", False),
    ],
)
def test_an_amount_holds_what_rounds_to_its_last_digit(stated: str, found: str, holds: bool) -> None:
    assert exactly(stated).holds(exactly(found)) is holds


def test_an_open_end_holds_everything_beyond() -> None:
    most = Amount(least=None, most=Decimal(5000))
    least = Amount(least=Decimal(500), most=None)

    assert most.holds(exactly("4999"))
    assert not most.holds(exactly("5001"))
    assert not most.holds(least)
    assert least.holds(exactly("2000"))
    assert not least.holds(exactly("499"))
    assert (least + exactly("40")).words() == "$540 or more"


# -- which row a line of the bill belongs to --------------------------------------------------------------

SHOP = """
[[table]]
variant = "base"
title = "A shop"
[[table.total]]
where = "below"
claimed = "100"
[[table.line]]
what = "Database"
claimed = "80"
lines = ["goods"]
kind = "price"
why = "Because."
[[table.line]]
what = "Disk"
claimed_least = "10"
claimed_most = "30"
lines = ["goods:storage"]
kind = "size"
why = "Because."
[[table.line]]
what = "Endpoints"
lines = ["goods:Microsoft.Network/privateEndpoints", "Microsoft.Network/natGateways"]
kind = "missing"
why = "Because."
"""


@pytest.mark.parametrize(
    ("part", "type", "what", "row"),
    [
        ("goods", POSTGRES, "compute", "Database"),
        ("goods", POSTGRES, "Storage of the standby", "Disk"),
        ("goods", "Microsoft.Network/privateEndpoints", "endpoint", "Endpoints"),
        (None, "microsoft.network/NATGateways", "traffic", "Endpoints"),
        ("till", POSTGRES, "storage", None),
    ],
)
def test_a_line_of_the_bill_belongs_to_the_row_that_means_it_most_closely(
    part: str | None, type: str, what: str, row: str | None
) -> None:
    (table,) = read(SHOP).tables

    found = table.line_for(part, type, what)

    assert (found and found.what) == row
    assert found is None or found.covers(part, type, what)


def test_of_two_rows_that_mean_a_line_equally_the_first_has_it() -> None:
    text = SHOP.replace("goods:Microsoft.Network/privateEndpoints", "goods:backup")
    (table,) = read(text).tables

    # "backup storage" is both a backup and storage
    found = table.line_for("goods", POSTGRES, "backup storage")

    assert found is not None
    assert found.what == "Disk"


def test_a_star_means_every_line() -> None:
    (table,) = read(SHOP.replace('["goods"]', '["*"]')).tables
    found = table.line_for("till", "Microsoft.App/containerApps", "requests")

    assert table.lines[0].lines == (Selector(),)
    assert found is not None
    assert found.what == "Database"


def test_a_span_widens_the_sum() -> None:
    (table,) = read(SHOP).tables
    (addition,) = table.additions

    # 80 + 10 to 80 + 30, of which 100 is only a part
    assert addition.written.words() == "$90 to $110"
    assert addition.stated == Stated(where="below", amount=Amount(least=Decimal(100), most=Decimal(100)))
    assert not addition.adds_up


# -- checks -----------------------------------------------------------------------------------------------


def _made(tiers: tuple[Tier, ...], terms: Mapping[Term, Decimal]) -> Price:
    meter = Meter(service="Logs", product="Logs", name="Ingestion", sku="Logs", region="eastus2")
    return Price(
        meter=meter,
        unit="1 GB",
        each=Decimal(1),
        tiers=tiers,
        terms=terms,
        read_on=date(2026, 8, 14),
        source="here",
        sure="high",
    )


CLAIM = """
[[claim]]
what = "Saved"
claimed = "25"
unit = "per cent less"
kind = "price"
why = "Because."
[[claim.check]]
of = "logs"
service = "Logs"
product = "Logs"
name = "Ingestion"
sku = "Logs"
region = "eastus2"
"""


def test_a_commitment_is_held_against_the_first_price_that_is_paid() -> None:
    (claim,) = read(CLAIM + 'term = "sp-1y"\n').claims
    price = _made(
        (Tier(Decimal(0), Decimal(0)), Tier(Decimal(5), Decimal("2.76"))), {"sp-1y": Decimal("2.07")}
    )

    worth = claim.checks[0].worth(price)

    # 1 - 2.07 / 2.76 = 25 %
    assert worth == 25
    assert claim.holds(worth)


def test_a_price_without_that_commitment_says_nothing() -> None:
    (claim,) = read(CLAIM + 'term = "ri-3y"\n').claims

    assert claim.checks[0].worth(_made((Tier(Decimal(0), Decimal("2.76")),), {})) is None


def test_a_price_is_taken_so_many_times() -> None:
    (claim,) = read(CLAIM + 'times = "1000"\n').claims

    assert claim.checks[0].worth(_made((Tier(Decimal(0), Decimal("0.002")),), {})) == 2


# -- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "told", "hint"),
    [
        (
            'kind = "size"',
            'kind = "sise"',
            'table "A shop", line "Disk": there is no kind "sise"',
            'did you mean "size"?',
        ),
        (
            'claimed = "80"',
            'claimed = "eighty"',
            'table "A shop", line "Database": claimed is "eighty"',
            'claimed = "0.15"',
        ),
        ('claimed = "80"', "claimed = 80.0", "claimed is 80.0", "between quotes"),
        ('claimed = "80"', 'cost = "80"', "there is no key cost", "known: what, kind, why"),
        ('claimed = "80"', 'size = "2 vCPU"', 'it has no amount, and its kind is "price"', '"missing"'),
        (
            'claimed_least = "10"',
            'claimed_least = "40"',
            "claimed_least 40 is more than claimed_most 30",
            "swap",
        ),
        ('claimed_least = "10"', 'claimed = "10"', "claimed stands beside", "keep one"),
        ('lines = ["goods"]', 'lines = "goods"', 'lines is "goods"', 'lines = ["papers"]'),
        ('lines = ["goods"]', "", "lines is missing", "[] for none"),
        ('["goods"]', '["goods:Microsoft/x:a:b"]', "selects nothing", "part, a resource type"),
        ('["goods"]', '["goods:storage"]', 'lines says "goods:storage" twice', "keep one"),
        ('where = "below"', 'group = "Data"\nwhere = "below"', 'no line is of the group "Data"', "known:"),
        ('variant = "base"', "", "variant is missing", 'write variant = "…"'),
        ("[[table.total]]", "[[table.totals]]", "there is no key totals", 'did you mean "total"?'),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place_and_the_way_out(
    right: str, wrong: str, told: str, hint: str
) -> None:
    with pytest.raises(Mistakes) as raised:
        read(SHOP.replace(right, wrong, 1), "systems/shop/claims.toml")

    report = raised.value.report()
    assert report.startswith("systems/shop/claims.toml")
    assert told in report
    assert hint in report


def test_everything_wrong_is_told_at_once() -> None:
    text = SHOP.replace('"size"', '"sise"').replace('"80"', '"x"') + CLAIM.replace("unit", "units")

    with pytest.raises(Mistakes) as raised:
        read(text)

    # the kind, the amount, the unit that is missing, and the key that is not one
    assert len(raised.value.mistakes) == 4


def test_what_is_not_toml_is_told_with_its_line() -> None:
    with pytest.raises(Mistakes) as raised:
        read('[[table]]\nvariant = "base\n', "claims.toml")

    assert raised.value.mistakes[0].place.line == 2
    assert "is not TOML" in raised.value.report()


def test_two_tables_for_one_variant_are_refused() -> None:
    with pytest.raises(Mistakes, match='variant says "base" twice'):
        read(SHOP + SHOP.replace("A shop", "Another"))


def test_every_kind_of_difference_is_used_somewhere() -> None:
    used = {row.kind for name in SYSTEMS for table in claims_of(name).tables for row in table.lines}
    used |= {claim.kind for name in SYSTEMS for claim in claims_of(name).claims}

    assert used == set(KINDS)
