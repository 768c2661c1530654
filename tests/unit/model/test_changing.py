from __future__ import annotations

import pytest

from seatrial import System, available, backlog, chart, metric, recovery, requests
from seatrial.model import NoSuchPart, Part, Plan, Postgres, Service, Size, references
from seatrial.model.changing import StillNamed, changed, mistakes_in, rebuilt, without
from seatrial.model.parts import Registry


def ship() -> System:
    ship = System("ship", title="A ship")
    papers = ship.postgres("papers", cores=4, standby="another zone")
    api = ship.service("api", "serve", port=5001, scale=[requests(50)], uses=[papers], public=True)
    ship.worker(
        "work",
        "work",
        replicas=(0, 2),
        uses=[papers],
        scale=[backlog(papers, "select count(*) from waiting")],
    )
    team = ship.contact("team")
    ship.alert("busy", metric(papers, "cpu"), above=80, tell=[team])
    ship.dashboard("health", charts=[chart("Database", metric(papers, "cpu"))])
    ship.expects(api.get("/search"), p95="100 ms", at="20/s")
    ship.expects(recovery(papers, loses_at_most="1 h", back_within="4 h"))
    ship.expects(available("99.9 %", of=api))
    ship.usage(papers, stored="20 GiB")
    ship.usage(api, request_time="50 ms")
    ship.budget("$300/month", tell=[team])
    return ship


def every_part_named(plan: Plan) -> list[Part]:
    inside = [named for part in plan.parts for _, named in references(part)]
    about = [named for target in plan.targets for _, named in references(target)]
    assert plan.budget is not None
    return [*inside, *about, *plan.budget.tell]


def test_a_changed_part_differs_in_what_was_said_and_in_nothing_else() -> None:
    plan = ship().plan()
    cheaper = changed(plan, "papers", standby="none")
    papers, before = cheaper.part("papers"), plan.part("papers")
    assert isinstance(papers, Postgres)
    assert papers.standby == "none"
    assert changed(cheaper, "papers", standby="another zone") == plan
    assert before.place == papers.place


def test_whoever_names_the_changed_part_names_it_as_it_now_is() -> None:
    cheaper = changed(ship().plan(), "papers", cores=2, storage=Size.parse("64 GiB"))
    by_name = {part.name: part for part in cheaper.parts}
    named = every_part_named(cheaper)
    # the service, the worker with its rule, the alert, the chart, and the recovery: five at least
    assert sum(each.name == "papers" for each in named) >= 5
    assert all(each is by_name[each.name] for each in named)


def test_a_change_is_what_a_variant_that_says_the_same_would_be() -> None:
    system = ship()
    base = system.plan()
    papers = next(draft.handle for draft in system._drafts if draft.part.name == "papers")
    assert isinstance(papers, Postgres)
    system.variant("small").change(papers, cores=2, standby="none")
    small = system.plan("small")
    same = changed(base, "papers", cores=2, standby="none")
    assert (same.parts, same.targets, same.budget) == (small.parts, small.targets, small.budget)


def test_the_plan_itself_stays_as_it_was() -> None:
    plan = ship().plan()
    changed(plan, "api", replicas=(0, 3))
    assert plan == ship().plan()


def test_a_part_that_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(NoSuchPart, match="paper"):
        changed(ship().plan(), "paper", cores=2)


def test_a_field_that_a_part_does_not_have_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="a postgres has no replica_count"):
        changed(ship().plan(), "papers", replica_count=2)
    with pytest.raises(TypeError, match="a postgres has no name"):
        changed(ship().plan(), "papers", name="other")


def test_what_others_name_cannot_be_left_out() -> None:
    with pytest.raises(StillNamed, match="papers cannot be left out: api names it"):
        without(ship().plan(), "papers")
    with pytest.raises(StillNamed, match="team cannot be left out: the budget names it"):
        without(ship().plan(), "busy", "team")


def test_targets_and_figures_about_what_is_left_out_go_with_it() -> None:
    rest = without(ship().plan(), "api")
    assert [part.name for part in rest.parts] == ["papers", "work", "team", "busy", "health"]
    # of three targets that about the address and that about the availability of the api are gone
    assert [type(target).__name__ for target in rest.targets] == ["Recovery"]
    assert [each.key for each in rest.usage] == ["papers.stored"]


def test_several_differences_are_made_at_once() -> None:
    plan = ship().plan()
    images = System("ship").registry("images", tier="basic")
    made = rebuilt(plan, {"papers": {"cores": 2}, "api": {"replicas": (0, 2)}}, ["health"], [images])
    api, papers = made.part("api"), made.part("papers")
    assert isinstance(api, Service)
    assert api.replicas == (0, 2)
    assert api.uses == (papers,)
    assert [part.name for part in made.parts] == ["papers", "api", "work", "team", "busy", "images"]
    assert isinstance(made.part("images"), Registry)


def test_a_plan_that_was_read_has_no_mistakes() -> None:
    assert mistakes_in(ship().plan()) == ()


def test_a_change_that_the_system_file_would_refuse_is_a_mistake() -> None:
    # the worker's only rule wakes it; a rule by processor alone cannot
    plan = ship().plan()
    asleep = changed(plan, "work", scale=(), replicas=(0, 2))
    (mistake,) = mistakes_in(asleep)
    assert "no rule can wake it" in mistake.what
    assert mistake.place == plan.part("work").place
