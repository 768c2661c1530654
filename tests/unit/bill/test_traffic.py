"""How many requests each service answers."""

from __future__ import annotations

from typing import Any

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.range import NOTHING, Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.usage import Usage


def shop() -> System:
    system = System("shop", region="eastus2")
    system.usage(requests="900/month")
    return system


def service(system: System, name: str, **wanted: Any) -> Any:
    return system.service(name, "serve", port=8000 + sum(name.encode()), health="/health", **wanted)


def answers(system: System) -> dict[str, Range]:
    plan = system.plan()
    reckoning = Reckoning(graph(plan), Usage(plan))
    from seatrial.model import Service

    return {each.name: answered(reckoning, each) for each in plan.of(Service)}


def test_a_service_alone_answers_all() -> None:
    system = shop()
    service(system, "web", public=True)

    assert answers(system) == {"web": exactly(900)}


def test_several_share_most_likely_and_each_may_answer_all() -> None:
    system = shop()
    for name in ("one", "two", "three"):
        service(system, name, public=True)

    assert set(answers(system).values()) == {Range(exactly(300).low, exactly(300).low, exactly(900).low)}


def test_those_of_which_it_is_said_leave_the_rest_to_the_others() -> None:
    system = shop()
    said = service(system, "said", public=True)
    service(system, "other", public=True)
    system.usage(said, requests="20/month")

    assert answers(system) == {"said": exactly(20), "other": exactly(900)}


def test_what_stands_behind_another_is_asked_once_for_each_request() -> None:
    system = shop()
    store = service(system, "store")
    service(system, "web", public=True, uses=[store])

    assert answers(system)["store"] == exactly(900)


def test_what_nobody_uses_answers_nothing() -> None:
    system = shop()
    service(system, "web", public=True)
    service(system, "loop")

    assert answers(system)["loop"] == NOTHING
