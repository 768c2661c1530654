"""Which steps to take, against trying every set there is."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from seatrial.bill.savings.search import Option, best_sets, largest_set

OPTIONS = st.lists(
    st.builds(
        Option,
        saves=st.integers(1, 60),
        weight=st.integers(1, 8),
        excludes=st.frozensets(st.sampled_from("abc"), max_size=2),
    ),
    max_size=7,
)
OVERLAPS = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(0, 30),
    max_size=6,
)
Overlaps = dict[tuple[int, int], int]


def every_set(options: list[Option]) -> list[tuple[int, ...]]:
    sets = (chosen for size in range(len(options) + 1) for chosen in combinations(range(len(options)), size))
    return [
        chosen
        for chosen in sets
        if not any(options[one].excludes & options[other].excludes for one, other in combinations(chosen, 2))
    ]


def saved(options: list[Option], overlaps: Overlaps, chosen: tuple[int, ...]) -> int:
    lost = sum(overlaps.get(pair, 0) for pair in combinations(chosen, 2))
    return sum(options[index].saves for index in chosen) - lost


def rank(options: list[Option], overlaps: Overlaps, chosen: tuple[int, ...]) -> tuple[int, int, int]:
    weight = sum(options[index].weight for index in chosen)
    return weight, len(chosen), -saved(options, overlaps, chosen)


def test_the_least_weight_comes_first_then_the_fewest_then_the_most_saved() -> None:
    options = [
        Option(saves=50, weight=4),
        Option(saves=60, weight=3),
        Option(saves=30, weight=1),
        Option(saves=25, weight=2),
    ]
    # for 50: 60 at weight 3; 30 + 25 at weight 3 too, with two steps; then 50 at weight 4
    assert best_sets(options, 50)[:3] == [(1,), (2, 3), (0,)]


def test_of_steps_that_exclude_each_other_one_is_taken() -> None:
    one = frozenset({"papers.cores"})
    options = [
        Option(saves=50, weight=1, excludes=one),
        Option(saves=40, weight=1, excludes=one),
        Option(saves=35, weight=3),
    ]
    # 50 + 40 would be enough at weight 2, and cannot be
    assert best_sets(options, 80) == [(0, 2)]
    assert largest_set(options) == (0, 2)


def test_what_two_steps_save_less_together_is_taken_off() -> None:
    options = [Option(saves=50, weight=1), Option(saves=40, weight=1), Option(saves=30, weight=2)]
    # together the first two save 50 + 40 - 20 = 70 only
    assert best_sets(options, 75, {(0, 1): 20})[0] == (0, 2)


def test_nothing_needed_is_nothing_taken() -> None:
    assert best_sets([Option(saves=50, weight=1)], 0) == [()]
    assert best_sets([Option(saves=50, weight=1)], -10) == [()]


def test_what_cannot_be_reached_is_not_found() -> None:
    assert best_sets([Option(saves=50, weight=1), Option(saves=30, weight=1)], 81) == []


@given(OPTIONS, OVERLAPS, st.integers(1, 150))
def test_no_set_is_better_than_the_best_that_is_found(
    options: list[Option], overlaps: Overlaps, needed: int
) -> None:
    enough = [each for each in every_set(options) if saved(options, overlaps, each) >= needed]
    found = best_sets(options, needed, overlaps)
    ranks = [rank(options, overlaps, each) for each in found]
    assert ranks[:1] == sorted(rank(options, overlaps, each) for each in enough)[:1]


@given(OPTIONS, OVERLAPS, st.integers(1, 150))
def test_every_set_that_is_found_is_enough_and_can_be_made(
    options: list[Option], overlaps: Overlaps, needed: int
) -> None:
    possible = set(every_set(options))
    found = best_sets(options, needed, overlaps)
    assert found == sorted(found, key=lambda each: rank(options, overlaps, each))
    for each in found:
        assert each in possible
        assert saved(options, overlaps, each) >= needed


@given(OPTIONS, st.integers(1, 150), st.integers(1, 60), st.integers(1, 8))
def test_another_step_never_makes_the_best_worse(
    options: list[Option], needed: int, saves: int, weight: int
) -> None:
    before = best_sets(options, needed)
    more = [*options, Option(saves=saves, weight=weight)]
    after = best_sets(more, needed)
    if before:
        assert rank(more, {}, after[0]) <= rank(options, {}, before[0])


@given(OPTIONS, OVERLAPS)
def test_no_set_saves_more_than_the_largest(options: list[Option], overlaps: Overlaps) -> None:
    most = max(saved(options, overlaps, each) for each in every_set(options))
    assert saved(options, overlaps, largest_set(options, overlaps)) == most


def test_of_very_many_steps_that_meddle_with_each_other_some_are_found_at_once() -> None:
    options = [Option(saves=100 + index, weight=1) for index in range(40)]
    overlaps = {(index, index + 1): 150 for index in range(39)}
    chosen = largest_set(options, overlaps)
    # two neighbours save less together than one: every other one is taken
    assert len(chosen) == 20
    assert all(later - earlier > 1 for earlier, later in pairwise(chosen))
