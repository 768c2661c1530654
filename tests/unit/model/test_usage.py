"""What a system says about a month."""

from __future__ import annotations

from decimal import Decimal
from typing import get_type_hints

import pytest

from seatrial import Mistakes, System, unit_cost
from seatrial.model import FIGURES, Stated, UnitCost
from seatrial.model.usage import Expected

KIB = 1024


def _said(plan_usage: tuple[Stated, ...]) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    return {each.key: (each.low, each.likely, each.high) for each in plan_usage}


def _told(system: System) -> str:
    with pytest.raises(Mistakes) as raised:
        system.plan()
    return raised.value.report()


def test_a_figure_is_one_amount_or_a_range_in_its_unit() -> None:
    shop = System("shop")
    papers = shop.blobs("papers")

    shop.usage(record_size="4 KiB", busy=("8 h", "12 h"), new_records=("1k/month", "2k/month", "9k/month"))
    shop.usage(papers, stored="1 GiB")

    assert _said(shop.plan().usage) == {
        "record_size": (4 * KIB, 4 * KIB, 4 * KIB),
        "busy": (8 * 3600, 10 * 3600, 12 * 3600),  # of two, the middle is most likely
        "new_records": (1000, 2000, 9000),
        "papers.stored": (2**30, 2**30, 2**30),
    }


def test_a_rate_counts_in_months_of_730_hours() -> None:
    shop = System("shop")

    shop.usage(requests="2/s")

    assert _said(shop.plan().usage)["requests"][1] == 2 * 730 * 3600


def test_a_variant_says_only_what_differs() -> None:
    shop = System("shop")
    papers = shop.blobs("papers")
    shop.usage(record_size="4 KiB")
    shop.usage(papers, stored="1 GiB")
    big = shop.variant("big")
    big.usage(record_size="8 KiB")
    none = shop.variant("none")
    none.without(papers)

    assert _said(shop.plan("big").usage)["record_size"][1] == 8 * KIB
    assert _said(shop.plan("big").usage)["papers.stored"][1] == 2**30
    assert "papers.stored" not in _said(shop.plan("none").usage)


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"record_size": "4"}, "no unit"),
        ({"record_size": 4}, "a quantity has a unit"),
        ({"recordsize": "4 KiB"}, 'did you mean "record_size"'),
        ({"stored": "1 GiB"}, "said of a part, not of the whole system"),
        ({"record_size": ("8 KiB", "4 KiB")}, "not in order"),
        ({"record_size": ("1 KiB",)}, "not a range"),
        ({"records": "many"}, "not a number"),
        ({}, "says nothing"),
    ],
)
def test_a_figure_that_cannot_be_read_is_told_with_the_way_out(figures: dict[str, object], told: str) -> None:
    shop = System("shop")

    shop.usage(**figures)  # type: ignore[arg-type]

    assert told in _told(shop)


def test_a_figure_of_another_kind_of_part_is_refused() -> None:
    shop = System("shop")
    cache = shop.cache("recent")

    shop.usage(cache, stored="1 GiB")

    assert "stored: not a figure of recent" in _told(shop)


def test_the_same_figure_is_said_once() -> None:
    shop = System("shop")

    shop.usage(record_size="4 KiB")
    shop.usage(record_size="5 KiB")

    assert "record_size: said on line" in _told(shop)


def test_the_load_of_a_budget_is_not_said_again() -> None:
    shop = System("shop")
    shop.budget("$10/month", records=1000)

    shop.usage(records=2000)

    assert "records: said with the budget already" in _told(shop)


def test_a_cost_per_unit_is_a_promise() -> None:
    shop = System("shop")
    api = shop.service("api", "serve", port=8000, health="/health")

    shop.expects(unit_cost("searches", "$0.30", per=1000))
    shop.expects(unit_cost("answers", "$0.10", of=api))

    searches, answers = shop.plan().targets
    assert isinstance(searches, UnitCost)
    assert (searches.what, searches.figure, searches.per, searches.at_most.amount) == (
        "searches",
        "requests",
        1000,
        Decimal("0.30"),
    )
    assert isinstance(answers, UnitCost)
    assert answers.of == api


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (unit_cost("searches", "$3/month"), "by the month"),
        (unit_cost("searches", "cheap"), "not an amount of US dollars"),
        (unit_cost("searches", "$1", figure="record_size"), "nothing that can be counted"),
        (unit_cost("searches", "$1", figure="request"), 'did you mean "requests"'),
        (unit_cost("searches", "$1", per=0), "1 or more"),
    ],
)
def test_a_cost_per_unit_that_cannot_be_counted_is_refused(wanted: object, told: str) -> None:
    shop = System("shop")

    shop.expects(wanted)  # type: ignore[arg-type]

    assert told in _told(shop)


def test_an_editor_knows_every_figure() -> None:
    assert set(get_type_hints(Expected)) == set(FIGURES)
