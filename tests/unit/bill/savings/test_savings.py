"""The way under a budget that gives up least, at the prices that come with Seatrial."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial import System, available, requests
from seatrial.azure.compile import graph
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.errors import PricesMissing
from seatrial.bill.savings.change import PROMISE, applied
from seatrial.bill.savings.savings import Advice, Way, advice
from seatrial.bill.usage import Usage
from seatrial.model import Plan, Postgres, Stated

Advise = Callable[..., Advice]


def library(**said: Any) -> System:
    """Books in a server of four cores with a standby, and a registry of the premium tier."""
    system = System("library")
    fields = {"cores": 4, "storage": "128 GiB", "standby": "another zone", "backup_days": 7, **said}
    books = system.postgres("books", **fields)
    system.service(
        "web", "serve", port=5001, uses=[books], scale=[requests(50)], replicas=(1, 3), public=True
    )
    system.usage(books, stored="10 GiB", changed="1 %", added="1 GiB")
    system.usage(records=10_000, requests="100k/month", busy="10 h")
    return system


@pytest.fixture(scope="module")
def advise(book: Book) -> Advise:
    def made(system: System, limit: int | str, **said: Any) -> Advice:
        return advice(system.plan(), book, Decimal(limit), **said)

    return made


@cache
def _known(limit: int) -> Advice:
    return advice(library().plan(), Book(), Decimal(limit))


def saved_by(advised: Advice) -> dict[str, Decimal]:
    return {each.change.key: each.saved.likely for each in advised.savings}


def test_inside_the_budget_nothing_is_advised(advise: Advise) -> None:
    advised = advise(library(), 5_000)
    assert advised.verdict == "inside"
    assert advised.by == advised.bill.total.likely - 5_000
    assert (advised.savings, advised.way, advised.cheapest) == ((), None, None)
    assert advised.short_by is None


def test_how_sure_it_is_follows_from_the_range(advise: Advise) -> None:
    total = advise(library(), 5_000).bill.total
    assert total.low < total.likely < total.high
    between = (total.low + total.likely) / 2, (total.likely + total.high) / 2
    verdicts = [advise(library(), str(limit)).verdict for limit in (total.high, between[1], between[0])]
    assert verdicts == ["inside", "likely inside", "likely over"]
    assert advise(library(), str(total.low - 1)).verdict == "over"


def test_every_change_says_what_it_saves_by_itself(advise: Advise) -> None:
    saved = saved_by(advise(library(), 500))
    # a second server: 4 vCores × 730 h × 0.089 = 259.88, and 128 GiB × 0.115 = 14.72
    assert saved['books.standby="none"'] == Decimal("274.60")
    # two servers of two cores less: 2 × 2 vCores × 730 h × 0.089
    assert saved["books.cores=2"] == Decimal("259.88")
    assert list(saved.values()) == sorted(saved.values(), reverse=True)


def test_what_saves_nothing_is_not_told(advise: Advise) -> None:
    saved = saved_by(advise(library(), 500))
    assert 'books.standby="same zone"' not in saved  # it costs the same as one in another zone
    assert all(amount > 0 for amount in saved.values())


def test_the_way_gives_up_no_more_than_it_must(advise: Advise) -> None:
    over = advise(library(), 500)
    total = over.bill.total.likely
    # half the machine gives up speed only, and saves 259.88
    enough = advise(library(), str(total - 250))
    assert enough.way is not None
    assert [each.key for each in enough.way.changes] == ["books.cores=2"]
    # a savings plan for a year saves a fifth of 519.76 and gives up less than speed
    little = advise(library(), str(total - 100))
    assert little.way is not None
    assert [each.key for each in little.way.changes] == ["sp-1y"]
    assert little.way.code is None


def test_a_way_costs_what_its_plan_costs(book: Book, advise: Advise) -> None:
    system = library()
    advised = advise(system, advise(library(), 500).bill.total.likely - 520)
    assert advised.way is not None
    edits = [edit for change in advised.way.changes for edit in change.edits]
    terms = [change.commitment for change in advised.way.changes if change.commitment]
    plan = applied(system.plan(), edits)
    priced = bill(graph(plan), book, Usage(plan), terms[0] if terms else None)
    assert len(advised.way.changes) > 1
    assert priced.total == advised.way.total
    assert advised.way.saved.likely == advised.bill.total.likely - priced.total.likely


def test_changes_of_one_part_save_less_together_than_each_alone(advise: Advise) -> None:
    total = advise(library(), 500).bill.total.likely
    # 274.60 and 259.88 alone; the standby of half a machine is 129.94 + 14.72: together 404.54
    reachable = advise(library(), str(total - 404))
    assert reachable.way is not None
    assert reachable.way.total.likely <= total - 404
    both = {"books.cores=2", 'books.standby="none"'}
    farther = advise(library(), str(total - 450))
    assert farther.way is not None
    assert {each.key for each in farther.way.changes} != both


def test_the_code_of_a_way_makes_its_plan(book: Book, advise: Advise) -> None:
    system = library()
    parts = {draft.part.name: draft.handle for draft in system._drafts}
    advised = advise(system, advise(library(), 500).bill.total.likely - 520)
    assert advised.way is not None
    assert advised.way.code is not None
    exec(advised.way.code, {"library": system, **parts})
    cheaper = system.plan("cheaper")
    terms = [change.commitment for change in advised.way.changes if change.commitment]
    made = bill(graph(cheaper), book, Usage(cheaper), terms[0] if terms else None)
    assert made.total == advised.way.total


def test_a_variable_of_the_system_file_may_have_another_name(advise: Advise) -> None:
    advised = advise(library(), 300, called=lambda name: {"books": "shelf"}.get(name, name))
    assert advised.way is not None
    assert advised.way.code is not None
    assert "cheaper.change(shelf, " in advised.way.code


def test_a_commitment_in_a_way_is_for_what_is_left(advise: Advise) -> None:
    system = System("library")
    system.postgres("books", cores=4, storage="128 GiB", standby="another zone")
    advised = advise(system, 1)
    assert advised.cheapest is not None
    bought = next(each for each in advised.cheapest.changes if each.commitment == "sp-1y")
    alone = next(each.change for each in advised.savings if each.change.commitment == "sp-1y")
    # two servers of four cores: 8 vCores × 730 h × 0.089 less a fifth; one B2s: 730 h × 0.068 less a fifth
    assert alone.gives_up.startswith("$415.81 a month")
    assert bought.gives_up.startswith("$39.71 a month")


def test_a_limit_that_cannot_be_reached_is_said_to_be_so(advise: Advise) -> None:
    advised = advise(library(), 1)
    assert advised.way is None
    assert advised.cheapest is not None
    assert advised.short_by == advised.cheapest.total.likely - 1
    assert advised.cheapest.total.likely < min(each.total.likely for each in advised.savings)
    assert advised.verdict == "over"


def test_nothing_costs_less_than_the_cheapest(advise: Advise) -> None:
    cheapest = advise(library(), 1).cheapest
    assert cheapest is not None
    for limit in (200, 300, 500, 700):
        way = advise(library(), limit).way
        assert way is None or way.total.likely >= cheapest.total.likely


def test_a_promise_is_broken_only_when_nothing_else_helps(advise: Advise) -> None:
    def promising() -> System:
        system = library()
        web: Any = next(draft.part for draft in system._drafts if draft.part.name == "web")
        system.expects(available("99.95 %", of=web))
        return system

    total = advise(promising(), 500).bill.total.likely
    assert saved_by(advise(promising(), 500))['books.standby="none"'] == Decimal("274.60")
    kept = advise(promising(), str(total - 270)).way
    assert kept is not None
    assert kept.breaks == ()
    broken = advise(promising(), str(total - 480)).way
    assert broken is not None
    assert broken.breaks == ("99.95 % of requests to web answered",)
    assert broken.weight >= PROMISE


def test_what_azure_refuses_is_no_part_of_a_way(advise: Advise) -> None:
    # a burstable server has no standby, so no way has a standby on one
    for limit in (50, 100, 200, 300, 400):
        advised = advise(library(), limit)
        for way in (advised.way, advised.cheapest):
            if way is not None:
                (books,) = way.bill.plan.of(Postgres)
                burstable = books.memory is not None and books.memory.gib == 4
                assert not burstable or books.standby == "none"


def test_the_load_is_the_same_for_all(advise: Advise) -> None:
    plans: list[Plan] = []

    def busy(plan: Plan) -> Usage:
        plans.append(plan)
        many = Decimal(5_000_000)
        return Usage(plan, [Stated(part=None, name="requests", low=many, likely=many, high=many)])

    advised = advise(library(), 400, usage=busy)
    assert len(plans) > len(advised.savings)
    for way in (advised.way, advised.cheapest):
        assert way is not None
        said = {each.key: each.amount.likely for each in way.bill.assumptions}
        assert said["requests"] == 5_000_000


def test_what_is_bought_already_stays_bought_and_no_other_is_offered(book: Book) -> None:
    advised = advice(library().plan(), book, Decimal(400), commitment="sp-1y")
    assert advised.bill.commitment == "sp-1y"
    assert not [each for each in advised.savings if each.change.commitment]
    assert advised.way is not None
    assert advised.way.bill.commitment == "sp-1y"
    # under a plan, 8 vCores × 730 h × 0.0712 = 415.81 for both servers, and 207.90 for two half as large
    assert saved_by(advised)["books.cores=2"] == Decimal("207.91")


def test_regions_without_every_price_are_named_and_not_offered(advise: Advise) -> None:
    advised = advise(library(), 500)
    (note,) = advised.notes
    assert "westus3" in note  # of which the book has the machines only
    assert not [each for each in advised.savings if each.change.region == "westus3"]
    assert note.endswith("seatrial bill --refresh fetches what is missing")


def test_a_cheaper_region_is_offered(book: Book) -> None:
    system = System("library", region="brazilsouth")
    system.postgres("books", cores=4, storage="128 GiB")
    assert not [each for each in advice(system.plan(), book, Decimal(1)).savings if each.change.region]
    here = System("library", region="westeurope")
    here.postgres("books", cores=4, storage="128 GiB")
    advised = advice(here.plan(), book, Decimal(1))
    there = {each.change.region: each for each in advised.savings if each.change.region}
    assert list(there) == ["northeurope"]
    moved = System("library", region="northeurope")
    moved.postgres("books", cores=4, storage="128 GiB")
    plan = moved.plan()
    assert there["northeurope"].total == bill(graph(plan), book, Usage(plan)).total


def test_a_plan_that_cannot_be_priced_is_refused(advise: Advise) -> None:
    system = System("library", region="jioindiawest")
    system.postgres("books")
    with pytest.raises(PricesMissing):
        advise(system, 500)


def test_a_cheaper_variant_of_a_variant_says_so(book: Book) -> None:
    system = library()
    books: Any = next(draft.handle for draft in system._drafts if draft.part.name == "books")
    system.variant("large").change(books, cores=8)
    way = advice(system.plan("large"), book, Decimal(700)).way
    assert way is not None
    assert way.code is not None
    assert way.code.splitlines()[:2] == [
        'cheaper = library.variant("cheaper")',
        '# and all that the variant "large" says otherwise than this',
    ]


def test_progress_names_what_is_priced(advise: Advise) -> None:
    told: list[str] = []
    advised = advise(library(), 300, progress=told.append)
    assert "No standby for books" in told
    assert advised.way is not None
    assert " + ".join(each.what for each in advised.way.changes if not each.commitment) in " | ".join(told)
    together = [each for each in told if " + " in each]
    assert len(together) <= 20


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 900))
def test_a_way_is_never_above_the_limit(limit: int) -> None:
    advised = _known(limit)
    over = advised.bill.total.likely > limit
    if advised.way is not None:
        assert advised.way.total.likely <= limit
        assert over
    elif over:
        assert advised.short_by is not None
        assert advised.short_by > 0


@settings(max_examples=15, deadline=None)
@given(st.integers(20, 900), st.integers(20, 900))
def test_a_lower_limit_never_gives_up_less(one: int, other: int) -> None:
    lower, higher = sorted((one, other))

    def weight(way: Way | None, advised: Advice) -> float:
        inside = advised.bill.total.likely <= advised.limit
        return 0 if inside else float("inf") if way is None else way.weight

    low, high = _known(lower), _known(higher)
    assert weight(low.way, low) >= weight(high.way, high)
