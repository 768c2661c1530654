"""Cost against load, and where another shape becomes the better one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.errors import NoLoad
from seatrial.bill.questions.curve import PRECISION, Crossing, Curve, Point, Track, crossings, curve
from seatrial.bill.questions.curve_svg import curve_svg
from seatrial.bill.questions.curve_text import curve_text
from seatrial.bill.range import Range, exactly
from seatrial.bill.usage import Usage, said
from seatrial.cli.system_file import read_system
from seatrial.model import FIGURES

SYSTEMS = Path(__file__).parents[4] / "systems"
BOOK = Book()

At = Callable[[Decimal], Point]


def straight(fixed: int, each: str, until: int | None = None) -> At:
    """A shape that costs so much at no load, so much more for each; and carries no more than some load."""

    def at(load: Decimal) -> Point:
        blocked = () if until is None or load <= until else ("too much",)
        return Point(load=load, total=exactly(fixed + load * Decimal(each)), in_the_way=blocked)

    return at


def spaced(*loads: int) -> list[Decimal]:
    return [Decimal(load) for load in loads]


# -- crossings ------------------------------------------------------------------------------------------


def test_another_shape_becomes_cheaper_where_their_costs_meet() -> None:
    # 100 + 0.01 x = 300 + 0.002 x at x = 200 ÷ 0.008 = 25,000
    shapes = {"small": straight(100, "0.01"), "large": straight(300, "0.002")}
    (found,) = crossings(shapes, spaced(1_000, 10_000, 100_000))
    assert (found.before, found.after, found.why) == ("small", "large", "cheaper")
    assert found.below <= 25_000 < found.load
    assert found.load - found.below <= Decimal(25_000) / PRECISION + 1
    assert found.in_words("records", "USD") == "from 25k records on large is cheaper: $350.00 against $350.02"


def test_a_shape_that_carries_no_more_gives_way_to_a_dearer_one() -> None:
    shapes = {"small": straight(100, "0", until=4_000), "large": straight(300, "0")}
    (found,) = crossings(shapes, spaced(1_000, 100_000))
    assert (found.below, found.load, found.why) == (4_000, 4_001, "carries")
    assert found.in_words("records", "USD") == (
        "from 4k records on small cannot carry the load: large costs $300.00 against $100.00"
    )


def test_where_the_last_shape_gives_way_there_is_none() -> None:
    (found,) = crossings({"small": straight(100, "0", until=4_000)}, spaced(1_000, 100_000))
    assert (found.before, found.after, found.costs[1]) == ("small", None, None)
    assert found.in_words("records", "USD") == "from 4k records on no shape carries the load"


def test_a_third_shape_between_two_loads_is_found_as_well() -> None:
    # 100 + x, 200 + 0.5 x, 400: the second from x = 200 on, the third from x = 400 on
    shapes = {"a": straight(100, "1"), "b": straight(200, "0.5"), "c": straight(400, "0")}
    found = list(crossings(shapes, spaced(10, 1_000)))
    assert [(each.before, each.after) for each in found] == [("a", "b"), ("b", "c")]
    assert [each.load for each in found] == [201, 401]


def test_of_equals_the_first_is_kept() -> None:
    assert not list(crossings({"a": straight(100, "1"), "b": straight(100, "1")}, spaced(1, 1_000)))


lines = st.tuples(st.integers(0, 1_000), st.integers(0, 1_000), st.none() | st.integers(1, 10**6))


@given(st.lists(lines, min_size=1, max_size=4))
def test_crossings_lead_from_the_first_choice_to_the_last(found: list[tuple[int, int, int | None]]) -> None:
    shapes = {str(i): straight(a, f"{b}E-4", until) for i, (a, b, until) in enumerate(found)}
    loads = spaced(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)

    def choice(load: Decimal) -> str | None:
        able = [name for name, at in shapes.items() if at(load).carried]
        return min(able, key=lambda name: shapes[name](load).total.likely, default=None)

    told = list(crossings(shapes, loads))
    steps = [choice(loads[0]), *(each.after for each in told)]
    assert [each.before for each in told] == steps[:-1]
    assert steps[-1] == choice(loads[-1])
    for each in told:
        assert choice(each.below) == each.before
        assert choice(each.load) == each.after
        assert each.load - each.below <= max(Decimal(1), each.below / PRECISION)


# -- curves of real systems -----------------------------------------------------------------------------


@cache
def doctrove(variant: str | None = None) -> Graph:
    return graph(read_system(SYSTEMS / "doctrove/system.py").plan(variant))


def test_each_point_is_the_bill_of_that_load() -> None:
    found = curve({"base": doctrove()}, BOOK, "requests", Decimal(500_000), Decimal(8_000_000), points=3)
    # 500k × 4 = 2M, × 4 = 8M; the plan states 2M
    assert found.loads == (500_000, 2_000_000, 8_000_000)
    for point, factor in zip(found.tracks[0].points, ("0.25", "1", "4"), strict=True):
        made = bill(doctrove(), BOOK, Usage(doctrove().plan, scale={"requests": Decimal(factor)}))
        assert point.total == made.total
    assert found.held == (("records", 1_000_000),)


def test_all_shapes_get_the_load_of_the_first() -> None:
    graphs = {"base": doctrove(), "10m": doctrove("10m")}
    found = curve(graphs, BOOK, "records", Decimal(1_000_000), Decimal(10_000_000), points=2)
    # 10m states ten million requests by itself, base two million: both get two; and ten times what base keeps
    # and takes in, where 10m by itself says nothing else than base
    assert found.held == (("requests", 2_000_000),)
    stated = said(doctrove().plan)
    asked = [
        replace(each, low=each.low * 10, likely=each.likely * 10, high=each.high * 10)
        for each in stated.values()
        if FIGURES[each.name].grows == "records"
    ]
    usage = Usage(doctrove("10m").plan, asked, {"requests": Decimal("0.2")})
    assert found.tracks[1].points[1].total == bill(doctrove("10m"), BOOK, usage).total
    assert [track.meant_for for track in found.tracks] == [1_000_000, 10_000_000]


def test_another_load_may_grow_along() -> None:
    least, most = Decimal(1_000_000), Decimal(4_000_000)
    found = curve({"base": doctrove()}, BOOK, "records", least, most, points=2, along=["requests"])
    # two requests for each record, as the plan has it
    assert (found.held, found.along) == ((), (("requests", 2),))
    scale = {"records": Decimal(4), "requests": Decimal(4)}
    assert (
        found.tracks[0].points[1].total == bill(doctrove(), BOOK, Usage(doctrove().plan, scale=scale)).total
    )


def test_loads_are_never_closer_than_one_thing() -> None:
    found = curve({"base": doctrove()}, BOOK, "records", Decimal(1), Decimal(8), points=100)
    assert found.loads == tuple(range(1, 9))


@pytest.mark.parametrize(("least", "most", "points"), [(0, 10, 5), (10, 10, 5), (10, 5, 5), (1, 10, 1)])
def test_loads_that_do_not_rise_are_refused(least: int, most: int, points: int) -> None:
    with pytest.raises(ValueError, match="no curve"):
        curve({"base": doctrove()}, BOOK, "records", Decimal(least), Decimal(most), points=points)


def test_a_system_that_states_no_load_has_no_curve() -> None:
    made = graph(System("shop").plan())
    with pytest.raises(NoLoad, match="shop does not say how many requests"):
        curve({"base": made}, BOOK, "requests", Decimal(1), Decimal(10))


# -- as text and as a picture ---------------------------------------------------------------------------


def drawn(*, until: int | None = None, spread: int = 0) -> Curve:
    """Two shapes at four loads; the second is the better one from 251 records on."""
    shapes = {"small": straight(100, "1", until), "large <2>": straight(300, "0.2")}
    loads = spaced(1, 10, 100, 1_000)

    def wide(point: Point) -> Point:
        amount = point.total.likely
        total = Range(amount - spread, amount, amount + 2 * spread)
        return Point(load=point.load, total=total, in_the_way=point.in_the_way)

    tracks = tuple(
        Track(
            name=name,
            title=f"The {name} one",
            points=tuple(wide(at(load)) for load in loads),
            meant_for=Decimal(50) if name == "small" else None,
        )
        for name, at in shapes.items()
    )
    return Curve(
        system="shop",
        figure="records",
        currency="USD",
        tracks=tracks,
        crossings=tuple(crossings(shapes, loads)),
        held=(("requests", Decimal(2_000_000)),),
        along=(),
    )


def test_the_text_shows_each_load_marks_the_better_shape_and_says_where_it_changes() -> None:
    text = curve_text(drawn())
    head, first, _, _, last, _, *told = text.splitlines()
    assert head.split() == ["small", "large", "<2>"]
    assert re.findall(r"\$[\d,.]+[*! ]?", first) == ["$101.00*", "$300.20"]
    assert re.findall(r"\$[\d,.]+[*! ]?", last) == ["$1,100.00 ", "$500.00*"]
    # a bar as long as the amount: 1,100 is the longest, 500 is 45 % of it
    small, large = re.findall("█+", last)
    assert abs(len(large) / len(small) - 500 / 1100) < 0.05
    assert told == [
        "from 251 records on large <2> is cheaper: $350.20 against $351.00",
        "the same at every load: 2M requests",
    ]


def test_the_text_says_what_a_shape_cannot_carry() -> None:
    text = curve_text(drawn(until=50))
    assert "$200.00!" in text
    assert "small does not carry 100 records: too much" in text


def test_of_one_shape_the_text_tells_the_range() -> None:
    both = drawn(spread=10)
    alone = Curve(
        system="shop",
        figure="records",
        currency="USD",
        tracks=both.tracks[:1],
        crossings=(),
        held=(),
        along=(),
    )
    assert "$101.00  $91.00 to $121.00" in curve_text(alone)


def test_a_long_curve_shows_some_loads_the_first_and_the_last_among_them() -> None:
    found = curve({"base": doctrove()}, BOOK, "records", Decimal(1_000), Decimal(1_000_000), points=40)
    rows = curve_text(found, rows=5).split("\n\n")[0].splitlines()
    assert len(rows) == 5
    assert rows[0].split()[0] == "1k"
    assert rows[-1].split()[0] == "1M"


SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_well_formed_and_tells_itself_to_who_does_not_see_it() -> None:
    picture = ElementTree.fromstring(curve_svg(drawn(spread=10)))
    assert picture.find(f"{SVG}title").text == "shop: what a month costs, by records"  # type: ignore[union-attr]
    about = picture.find(f"{SVG}desc").text or ""  # type: ignore[union-attr]
    assert "large <2> costs $300.20 a month at 1 records and $500.00 at 1k" in about
    assert "from 251 records on large <2> is cheaper" in about
    assert not list(picture.iter(f"{SVG}script"))


def test_a_shape_carries_until_the_last_load_before_the_first_that_it_cannot() -> None:
    small, large = drawn(until=50).tracks
    # loads 1, 10, 100, 1,000
    assert (small.carries_until, large.carries_until) == (10, 1_000)
    assert drawn(until=0).tracks[0].carries_until is None


def test_the_picture_has_a_line_a_band_and_a_name_for_each_shape_and_a_ring_for_each_crossing() -> None:
    picture = ElementTree.fromstring(curve_svg(drawn(spread=10)))
    kinds = [each.get("class") for each in picture.iter()]
    assert (kinds.count("line"), kinds.count("band"), kinds.count("ring")) == (2, 2, 1)
    names = [each.text for each in picture.iter(f"{SVG}text") if each.get("class") == "name"]
    assert sorted(filter(None, names)) == ["large <2>", "small"]


def test_money_begins_at_nothing_and_loads_stand_as_far_apart_as_they_multiply() -> None:
    picture = ElementTree.fromstring(curve_svg(drawn()))
    ticks = {each.text: each for each in picture.iter(f"{SVG}text") if each.get("class") == "tick"}
    assert "$0" in ticks
    places = [float(ticks[load].get("x") or 0) for load in ("1", "10", "100", "1k")]
    gaps = [b - a for a, b in pairwise(places)]
    assert max(gaps) - min(gaps) < 0.5


def test_a_line_is_broken_where_the_shape_cannot_carry_the_load() -> None:
    kinds = [each.get("class") for each in ElementTree.fromstring(curve_svg(drawn(until=50))).iter()]
    assert kinds.count("line broken") == 1


def test_the_picture_is_light_or_dark_as_its_reader_likes_it() -> None:
    assert "prefers-color-scheme: dark" in curve_svg(drawn())


def test_every_coordinate_stands_on_the_paper() -> None:
    text = curve_svg(drawn(until=50, spread=200))
    width, height = (int(each) for each in re.findall(r'viewBox="0 0 (\d+) (\d+)"', text)[0])
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", text):
        assert 0 <= float(x) <= width
        assert 0 <= float(y) <= height


def test_a_crossing_that_nobody_carried_before_says_so() -> None:
    found = Crossing(
        load=Decimal(10),
        below=Decimal(9),
        before=None,
        after="large",
        costs=(None, exactly(3)),
        why="carries",
    )
    assert found.in_words("records", "USD") == "from 10 records on large carries the load: $3.00"
