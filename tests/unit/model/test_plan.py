from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import System, backlog, cpu, requests
from seatrial.model import (
    Mistakes,
    NoSuchPart,
    NoSuchVariant,
    Plan,
    Postgres,
    Process,
    Rate,
    Service,
    Size,
    variables_of,
)


def _ship() -> System:
    ship = System("ship", title="A ship")
    papers = ship.postgres("papers", cores=4, storage="100 GiB", extensions=["vector"])
    files = ship.blobs("my-files", cool_after="30 days")
    model = ship.model_api("openai", model="small", needed=False)
    token = ship.secret("azure-token")
    api = ship.service(
        "api", "serve --port {port}", port=5001, scale=[requests(50), cpu(70)], uses=[papers, files]
    )
    ship.worker(
        "work",
        "work",
        replicas=(0, 3),
        scale=[backlog(papers, "select 1", 5)],
        uses=[papers, model, token, api],
    )
    ship.expects(api.get("/search?q=x"), p95="100 ms", at="20/s")
    ship.budget("$300/month", records=1_000, requests="2M/month")
    return ship


def test_a_plan_holds_clean_values() -> None:
    plan = _ship().plan()

    papers = plan.part("papers")
    assert isinstance(papers, Postgres)
    assert papers.storage == Size(100 * 2**30)
    assert papers.extensions == ("vector",)
    assert [part.name for part in plan.of(Process)] == ["api", "work"]
    assert plan.budget is not None
    assert plan.budget.requests == Rate.parse("2M/month")
    assert str(plan.targets[0].p95) == "100 ms"  # type: ignore[union-attr]


def test_a_plan_is_the_same_every_time_it_is_read() -> None:
    # The two are written by one function: even the places are equal
    assert _ship().plan() == _ship().plan()
    assert hash(_ship().plan()) == hash(_ship().plan())


def test_where_a_part_was_written_does_not_make_it_another_part() -> None:
    one, two = System("ship"), System("ship")
    assert one.cache("memo") == two.cache("memo")
    assert one.cache("other") != two.cache("another")


def test_nothing_in_a_plan_can_be_assigned() -> None:
    plan = _ship().plan()
    api = plan.part("api")
    with pytest.raises(dataclasses.FrozenInstanceError):
        api.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        api.env["X"] = "1"  # type: ignore[attr-defined]
    assert dataclasses.replace(api, name="other").name == "other"


def test_an_unknown_part_or_variant_is_told_with_the_known_ones() -> None:
    ship = _ship()
    with pytest.raises(NoSuchPart, match='ship has no part "paper": did you mean "papers"'):
        ship.plan().part("paper")
    with pytest.raises(NoSuchVariant, match='ship has no variant "big": it has none'):
        ship.plan("big")


def test_a_system_with_mistakes_has_no_plan() -> None:
    ship = System("ship")
    ship.cache("memo", memory="1 GBit")
    ship.cache("memo")
    with pytest.raises(Mistakes, match=r"(?s)unknown unit \"GBit\".*the name is taken"):
        ship.plan()


def test_using_a_part_gives_its_variables() -> None:
    plan = _ship().plan()
    assert {part.name: variables_of(part) for part in plan.parts} == {
        "papers": ("PAPERS_URL",),
        "my-files": ("MY_FILES_URL",),
        "openai": ("OPENAI_URL", "OPENAI_MODEL", "OPENAI_KEY"),
        "azure-token": ("AZURE_TOKEN",),
        "api": ("API_URL",),
        "work": (),
    }


@given(st.lists(st.sets(st.integers(min_value=0, max_value=30), max_size=6), max_size=30))
def test_what_is_used_comes_before_what_uses_it(wanted: list[set[int]]) -> None:
    # Given services that use any of the services before them
    ship = System("ship")
    made: list[Service] = []
    for number, uses in enumerate(wanted):
        made.append(
            ship.service(
                f"part{number}", "serve", port=5000 + number, uses=[made[i] for i in uses if i < number]
            )
        )
    plan = ship.plan()

    # When they are put in order, from the last written to the first
    turned = dataclasses.replace(plan, parts=plan.parts[::-1])
    order = [part.name for part in turned.in_order_of_need()]

    # Then all are there once, none before what it uses, and as written where need leaves it open
    assert sorted(order) == sorted(part.name for part in plan.parts)
    for part in plan.of(Service):
        assert all(order.index(used.name) < order.index(part.name) for used in part.uses)
    assert plan.in_order_of_need() == plan.parts


def test_the_words_are_imported_without_anything_heavy() -> None:
    code = "import sys; before = set(sys.modules); import seatrial; print(*(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    heavy = {
        "asyncio",
        "click",
        "cronsim",
        "datetime",
        "email",
        "http",
        "pathlib",
        "psycopg",
        "rich",
        "subprocess",
    }
    assert loaded & heavy == set()


def test_a_plan_needs_no_variant_to_have_a_name() -> None:
    plan = _ship().plan()
    assert isinstance(plan, Plan)
    assert (plan.name, plan.title, plan.region, plan.variant) == ("ship", "A ship", "eastus2", None)
