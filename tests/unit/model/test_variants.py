from __future__ import annotations

import inspect
from dataclasses import fields
from typing import get_overloads, get_type_hints

import pytest

from seatrial import Mistakes, System, available, backlog
from seatrial.model import Budget, Latency, Part, Recovery, Service, Variant, differences, recovery
from seatrial.model.drafts import word_of
from seatrial.model.fields import FIELDS


def _changes_of(kind: type[Part]) -> type:
    found: type = getattr(differences, f"{kind.__name__}Change")
    return found


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_a_variant_may_change_what_the_word_for_the_part_takes(kind: type[Part]) -> None:
    word = getattr(System, word_of(kind))
    takes = set(inspect.signature(word).parameters) - {"self", "name"}

    assert set(_changes_of(kind).__annotations__) | _inherited(kind) == takes
    assert set(FIELDS[kind]) == takes
    assert {field.name for field in fields(kind)} - {"name", "system", "place"} == takes


def _inherited(kind: type[Part]) -> set[str]:
    return set(get_type_hints(_changes_of(kind), vars(differences)))


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_a_change_has_the_types_of_the_word_for_the_part(kind: type[Part]) -> None:
    word = inspect.signature(getattr(System, word_of(kind)))
    hints = {
        name: annotation
        for each in reversed(_changes_of(kind).__mro__)
        for name, annotation in getattr(each, "__annotations__", {}).items()
    }
    for name, hint in hints.items():
        written = getattr(hint, "__forward_arg__", hint)
        expected = str(word.parameters[name].annotation)
        left_out = name in ("env", "title", "subnets")  # None only stands for a default that is another value
        assert written == (expected.removesuffix(" | None") if left_out else expected)


def test_every_kind_of_part_has_its_change() -> None:
    kinds = {
        str(inspect.signature(each).parameters["part"].annotation) for each in get_overloads(Variant.change)
    }
    assert kinds == {kind.__name__ for kind in FIELDS}


def test_a_variant_differs_in_what_it_says_and_in_nothing_else() -> None:
    ship = System("ship", title="A ship")
    papers = ship.postgres("papers", cores=4)
    api = ship.service("api", "serve", port=5001, uses=[papers])
    ship.worker("work", "work", uses=[papers], scale=[backlog(papers, "select 1")])
    ship.expects(api.get("/x"), p95="100 ms", at="20/s")
    ship.expects(recovery(papers, loses_at_most="1 h", back_within="4 h"))
    ship.budget("$300/month")
    big = ship.variant("10m", title="Ten million", region="westeurope")
    big.change(papers, cores=8, storage="1 TiB")
    extra = big.cache("memo")
    big.change(api, uses=[papers, extra], replicas=(2, 10))
    big.expects(api.get("/x"), p95="200 ms", at="40/s")
    big.budget("$800/month", records=10)

    base, plan = ship.plan(), ship.plan("10m")

    assert ship.variants == ("10m",)
    assert (plan.variant, plan.region, plan.title) == ("10m", "westeurope", "A ship: Ten million")
    assert [part.name for part in plan.parts] == ["papers", "api", "work", "memo"]
    # every reference leads to the changed part
    changed = plan.part("papers")
    service = plan.part("api")
    assert isinstance(service, Service)
    assert changed.cores == 8  # type: ignore[attr-defined]
    assert service.uses == (changed, plan.part("memo"))
    assert plan.part("work").scale[0].postgres == changed  # type: ignore[attr-defined]
    latency, back = plan.targets
    assert isinstance(latency, Latency)
    assert isinstance(back, Recovery)
    assert (str(latency.p95), latency.endpoint.service, back.part) == ("200 ms", service, changed)
    assert isinstance(plan.budget, Budget)
    assert str(plan.budget.limit) == "$800/month"
    # the base is as it was
    assert base.part("papers").cores == 4  # type: ignore[attr-defined]
    assert base.part("api").replicas == (1, 3)  # type: ignore[attr-defined]
    assert len(base.parts) == 3


def test_a_change_of_no_field_changes_nothing() -> None:
    ship = System("ship")
    parts = [ship.postgres("papers"), ship.blobs("files"), ship.site("web", directory="dist", port=8000)]
    same = ship.variant("same")
    for part in parts:
        same.change(part)  # type: ignore[call-overload]

    assert ship.plan("same").parts == ship.plan().parts


def test_a_part_that_is_left_out_takes_the_targets_about_it_along() -> None:
    ship = System("ship")
    papers = ship.postgres("papers")
    api = ship.service("api", "serve", port=5001)
    ship.expects(api.get("/x"), p95="100 ms", at="20/s")
    ship.expects(recovery(papers, loses_at_most="1 h", back_within="4 h"))
    ship.variant("bare").without(papers)

    plan = ship.plan("bare")

    assert [part.name for part in plan.parts] == ["api"]
    assert [type(target) for target in plan.targets] == [Latency]


def test_a_part_that_others_use_cannot_just_be_left_out() -> None:
    ship = System("ship")
    papers = ship.postgres("papers")
    ship.service("api", "serve", port=5001, uses=[papers])
    ship.variant("bare").without(papers)

    with pytest.raises(Mistakes) as raised:
        ship.plan()

    assert "uses=papers: api uses it, and this variant leaves it out" in raised.value.report()
    assert ".change(api, uses=[…])" in raised.value.report()


def test_a_cycle_is_told_with_its_path() -> None:
    ship = System("ship")
    one = ship.service("one", "serve", port=5001)
    two = ship.service("two", "serve", port=5002, uses=[one])
    three = ship.service("three", "serve", port=5003, uses=[two])
    ring = ship.variant("ring")
    ring.change(one, uses=[three])

    with pytest.raises(Mistakes) as raised:
        ship.plan()

    assert len(raised.value.mistakes) == 1
    assert "a cycle of uses: one → three → two → one" in raised.value.report()


def test_a_cycle_by_way_of_a_gateway_is_told_where_it_was_closed() -> None:
    ship = System("ship")
    api = ship.service("api", "serve", port=5001)
    gateway = ship.api_management("gateway", apis={"x": api}, publisher="us")
    portal = ship.service("portal", "serve", port=5002, uses=[gateway])
    ring = ship.variant("ring")
    ring.change(gateway, apis={"x": portal})

    assert [mistake.what for mistake in ship.mistakes()] == ["a cycle of uses: gateway → portal → gateway"]
    assert ship.mistakes()[0].hint.startswith("take one of them out of apis")


def test_what_a_variant_changes_is_judged_where_it_is_named() -> None:
    ship = System("ship")
    runs = ship.postgres("runs", sign_in="password")
    ship.temporal("engine", history=runs)
    pool = ship.node_pool("pool", gpus=1)
    ship.worker("work", "work", gpus=1, host=pool)
    other = ship.variant("other")
    other.change(runs, sign_in="identity")
    other.change(pool, gpus=0)

    assert [mistake.what for mistake in ship.mistakes()] == [
        "history=runs: signs in by identity, which Temporal cannot",
        "gpus=1: a machine of pool has none",
    ]


def test_a_part_cannot_be_made_to_use_itself() -> None:
    ship = System("ship")
    one = ship.service("one", "serve", port=5001)
    ship.variant("loop").change(one, uses=[one])

    with pytest.raises(Mistakes) as raised:
        ship.plan()

    assert [mistake.what for mistake in raised.value.mistakes] == ["uses=one: itself"]


def test_a_mistake_of_the_base_is_not_told_again_for_its_variants() -> None:
    ship = System("ship")
    ship.service("one", "serve", port=5001)
    two = ship.service("two", "serve", port=5001, replicas=(0, 1))
    ship.variant("a").change(two, cpu=2)
    ship.variant("b").change(two, memory="4 GiB")

    assert [mistake.what for mistake in ship.mistakes()] == [
        "port=5001: taken by one on line " + str(_line(ship))
    ]


def _line(ship: System) -> int:
    return ship.place.line + 1


def test_a_variant_can_mend_nothing_but_its_own_lines_are_judged() -> None:
    ship = System("ship")
    work = ship.worker("work", "work")
    asleep = ship.variant("asleep")
    asleep.change(work, replicas=(0, 2))

    assert [mistake.what for mistake in ship.mistakes()] == [
        "replicas=(0, 2): at no replica, no rule can wake it"
    ]


def test_a_second_budget_is_one_too_many() -> None:
    ship = System("ship")
    ship.budget("$300/month")
    ship.budget("$400/month")
    ship.variant("other").budget("$500/month")

    assert [mistake.what.partition(";")[0] for mistake in ship.mistakes()] == [
        'budget("$400/month"): a second budget'
    ]


def test_availability_needs_something_that_can_be_reached() -> None:
    ship = System("ship")
    api = ship.service("api", "serve", port=5001)
    ship.expects(available("99.9 %", of=api))
    assert ship.mistakes() == ()

    ship.expects(available("99.9 %"))
    assert [mistake.what for mistake in ship.mistakes()] == ["expects(available(…)): no service is public"]

    ship.front_door("entrance", routes={"/*": api})
    assert ship.mistakes() == ()
