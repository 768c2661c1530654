"""Whatever a system file passes, it gets a part back and the mistake is told: no word raises."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial import Mistakes, System, backlog, cpu, queue_length, recovery, requests
from seatrial.model import Doubt, Part, Plan, available
from seatrial.model.drafts import word_of
from seatrial.model.fields import FIELDS

_ship = System("other")
_papers = _ship.postgres("papers")
_api = _ship.service("api", "serve", port=5001)

plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.binary(max_size=4),
    st.sampled_from(
        ["2 GiB", "1 h", "20/s", "$5/month", "9 %", "/x", "vector", "a | b", "0 * * * *", "papers"]
    ),
    st.sampled_from([_papers, _api, _ship, Part, Doubt(), object(), cpu(70), requests(0), _api.get("x")]),
)
anything = st.one_of(
    plain,
    st.lists(plain, max_size=4),
    st.tuples(plain, plain),
    st.dictionaries(st.one_of(st.text(max_size=5), st.integers(), st.just("PORT")), plain, max_size=3),
    st.builds(backlog, plain, plain, plain),
    st.lists(st.one_of(st.builds(queue_length, plain, plain), st.builds(cpu, plain)), max_size=3),
)


def _judged(ship: System) -> None:
    mistakes = ship.mistakes()
    if mistakes:
        assert all(mistake.hint for mistake in mistakes), Mistakes(mistakes).report()
    else:
        assert isinstance(ship.plan(), Plan)


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_any_value_of_any_field_makes_a_part_and_perhaps_mistakes(
    kind: type[Part], data: st.DataObject
) -> None:
    ship = System("ship")
    word: Any = getattr(ship, word_of(kind))
    parameters = inspect.signature(word).parameters
    needed = [name for name, each in parameters.items() if each.default is each.empty]
    chosen = data.draw(st.lists(st.sampled_from(sorted(parameters)), unique=True)) + needed
    given_values = {name: data.draw(anything, label=name) for name in dict.fromkeys(chosen)}

    part = word(**given_values)
    assert isinstance(part, kind)
    variant: Any = ship.variant("v")
    variant.change(part, **data.draw(st.dictionaries(st.sampled_from([*parameters, "nonsense"]), anything)))
    user = ship.worker("user", "work", uses=[part])
    variant.without(data.draw(st.sampled_from([part, user, _papers, None, "x"])))
    _judged(ship)


@settings(max_examples=60, deadline=None)
@given(
    name=anything,
    title=anything,
    region=anything,
    what=anything,
    first=anything,
    second=anything,
    third=anything,
)
def test_any_value_of_a_target_or_budget_is_judged(
    name: Any, title: Any, region: Any, what: Any, first: Any, second: Any, third: Any
) -> None:
    ship = System(name, title=title, region=region)
    api = ship.service("api", "serve", port=5001)
    papers = ship.postgres("papers")
    for each in (what, api.get(what), recovery(what, loses_at_most=first, back_within=second)):
        ship.expects(each, p95=first, p99=second, at=third)
    ship.expects(recovery(papers, loses_at_most=first, back_within=second))
    ship.expects(available(first, of=what))
    ship.variant(what, first, region=second).budget(first, records=second, requests=third)
    ship.budget(first, records=second, requests=third)
    _judged(ship)
