"""From quantities to cents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from seatrial.bill.charges import Charge, Grant
from seatrial.bill.meters import Meter, Price, Term, Tier
from seatrial.bill.range import Range, exactly
from seatrial.bill.rating import Rating

METER = Meter(service="Bandwidth", product="Egress", name="Out", sku="Standard", region="eastus2")


def price(*tiers: tuple[str, str], each: str = "1", **terms: str) -> Price:
    return Price(
        meter=METER,
        unit="1 GB",
        each=Decimal(each),
        tiers=tuple(Tier(Decimal(above), Decimal(cost)) for above, cost in tiers),
        terms={_term(name): Decimal(cost) for name, cost in terms.items()},
        read_on=date(2026, 8, 14),
        source="a test",
        sure="high",
    )


def _term(name: str) -> Term:
    found: dict[str, Term] = {"spot": "spot", "sp_1y": "sp-1y", "ri_3y": "ri-3y"}
    return found[name]


def charge(quantity: Range | str, *, grant: Grant | None = None, **more: bool) -> Charge:
    amount = quantity if isinstance(quantity, Range) else exactly(Decimal(quantity))
    return Charge(what="out", meter=METER, quantity=amount, formula="a test", grant=grant, **more)


EGRESS = price(("0", "0"), ("100", "0.087"), ("10335", "0.083"))


def test_all_charges_of_a_meter_climb_its_tiers_together() -> None:
    rating = Rating()

    amounts = [rating.amount(charge("80"), EGRESS)[1] for _ in range(2)]

    # the first 80 GB are free, of the next 80 only 20: 60 × 0.087 = 5.22
    assert amounts == [exactly(Decimal("0.00")), exactly(Decimal("5.22"))]


def test_a_charge_that_stands_apart_climbs_by_itself() -> None:
    rating = Rating()

    amounts = [rating.amount(charge("150", apart=True), EGRESS)[1] for _ in range(2)]

    assert amounts == [exactly(Decimal("4.35"))] * 2  # 50 × 0.087


def test_a_grant_that_the_price_has_as_its_first_tier_is_not_given_twice() -> None:
    rating, grant = Rating(), Grant(name="GB", amount=Decimal(5), listed=True)
    listed = price(("0", "0"), ("5", "2"), ("105", "1"))

    first, second = (rating.amount(charge("65", grant=grant), listed) for _ in range(2))

    assert first[:2] == (exactly(60), exactly(Decimal("120.00")))  # 5 are free
    assert second[:2] == (exactly(65), exactly(Decimal("105.00")))  # 40 × 2, then 25 × 1
    assert [str(tier.above) for tier in first[2].tiers] == ["0", "100"]


def test_a_grant_is_taken_off_once_for_all_that_share_it() -> None:
    rating, grant = Rating(), Grant(name="seconds", amount=Decimal(100))

    paid = [rating.amount(charge("70", grant=grant), price(("0", "1")))[0] for _ in range(3)]

    assert paid == [exactly(0), exactly(40), exactly(70)]


def test_a_unit_of_many_things_is_paid_by_the_share() -> None:
    # 25,000 calls at 0.40 for 10,000: 2.5 × 0.40 = 1.00
    assert Rating().amount(charge("25000"), price(("0", "0.40"), each="10000"))[1] == exactly(Decimal("1.00"))


def test_a_commitment_is_for_what_is_steady_and_knows_it() -> None:
    known = price(("0", "1.00"), sp_1y="0.80")

    assert Rating("sp-1y").amount(charge("10", steady=True), known)[1] == exactly(Decimal("8.00"))
    assert Rating("sp-1y").amount(charge("10"), known)[1] == exactly(Decimal("10.00"))
    assert Rating("ri-3y").amount(charge("10", steady=True), known)[1] == exactly(Decimal("10.00"))


quantities = st.lists(st.decimals(min_value=0, max_value=30000, places=3), min_size=1, max_size=8)


@given(quantities)
def test_lines_add_up_to_what_the_meter_costs_in_all(found: list[Decimal]) -> None:
    rating = Rating()

    lines = [rating.amount(charge(exactly(each)), EGRESS)[1].likely for each in found]

    whole = Rating().amount(charge(exactly(sum(found, Decimal(0)))), EGRESS)[1].likely
    assert sum(lines) == whole


@given(st.tuples(*[st.decimals(min_value=0, max_value=30000, places=3)] * 6))
def test_a_range_stays_in_order_where_volume_makes_things_cheaper(six: tuple[Decimal, ...]) -> None:
    rating = Rating()
    low, likely, high = sorted(six[:3])

    rating.amount(charge(Range(low, likely, high)), price(("0", "1"), ("1000", "0.1")))
    low, likely, high = sorted(six[3:])
    amount = rating.amount(charge(Range(low, likely, high)), price(("0", "1"), ("1000", "0.1")))[1]

    assert amount.low <= amount.likely <= amount.high


def test_what_falls_with_the_load_is_at_its_most_when_all_else_is_at_its_least() -> None:
    rating = Rating()
    grant = Grant(name="seconds", amount=Decimal(100))
    busy = charge(Range(Decimal(20), Decimal(50), Decimal(90)), grant=grant)
    idle = charge(Range(Decimal(10), Decimal(50), Decimal(80)), grant=grant, falls=True)
    later = charge("30", grant=grant)

    found = [rating.amount(each, price(("0", "1")))[0] for each in (busy, idle, later)]

    # in all three months 100 are used by the first two: all that is free, so the third pays its 30
    assert found == [exactly(Decimal(0)), exactly(Decimal(0)), exactly(Decimal(30))]
