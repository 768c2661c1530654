"""What could be changed about a plan, and what that gives up."""

from __future__ import annotations

from typing import Any

from seatrial import System, available, backlog, cpu, metric, queue_length, recovery, requests
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.savings.change import (
    COMFORT,
    LONG_MONEY,
    MONEY,
    PROMISE,
    RESILIENCE,
    SECURITY,
    Change,
    applied,
    code,
)
from seatrial.bill.savings.changes import is_sound, possible
from seatrial.model import Plan, Postgres, Registry


def offered(system: System, book: Book, variant: str | None = None) -> dict[str, Change]:
    """Every change that is offered, by its key."""
    plan = system.plan(variant)
    made = bill(graph(plan), book)
    changes = list(possible(plan, made, _regions(book)))
    assert len({each.key for each in changes}) == len(changes)
    return {each.key: each for each in changes}


def _regions(book: Book) -> list[str]:
    return [each for each in book.regions if each.islower()]


def library(**said: Any) -> System:
    system = System("library")
    fields = {"cores": 4, "storage": "128 GiB", "standby": "another zone", **said}
    books = system.postgres("books", **fields)
    system.service(
        "web", "serve", port=5001, uses=[books], public=True, scale=[requests(50)], replicas=(1, 3)
    )
    return system


# -- databases ------------------------------------------------------------------------------------------


def test_a_standby_may_be_left_out_and_the_published_availability_falls(book: Book) -> None:
    change = offered(library(), book)['books.standby="none"']
    assert change.what == "No standby for books"
    assert "falls from 99.99 % to 99.9 %" in change.gives_up
    assert change.code == 'cheaper.change(books, standby="none")'
    assert (change.weight, change.breaks) == (RESILIENCE, ())
    assert change.plan.part("books").standby == "none"  # type: ignore[attr-defined]


def test_a_standby_that_a_promise_needs_says_so_and_weighs_most(book: Book) -> None:
    system = library()
    web = next(draft.part for draft in system._drafts if draft.part.name == "web")
    system.expects(available("99.95 %", of=web))  # type: ignore[arg-type]
    changes = offered(system, book)
    none, same = changes['books.standby="none"'], changes['books.standby="same zone"']
    assert none.weight == PROMISE
    assert none.breaks == ("99.95 % of requests to web answered",)
    assert none.gives_up.endswith("; a promise does not hold any more: 99.95 % of requests to web answered")
    assert same.breaks == ()  # 99.95 % is what a standby in the same zone is published with


def test_a_promise_of_the_whole_system_is_one_of_all_that_the_world_reaches(book: Book) -> None:
    system = System("library")
    books = system.postgres("books", cores=4, standby="another zone")
    notes = system.postgres("notes", cores=4, standby="another zone")
    web = system.service("web", "serve", port=5001, uses=[books])
    system.service("inner", "serve", port=5002, uses=[notes])
    system.front_door("entrance", routes={"/*": web})
    system.expects(available("99.99 %"))
    changes = offered(system, book)
    assert changes['books.standby="none"'].breaks == ("99.99 % of requests answered",)
    assert changes['books.standby="same zone"'].breaks == ("99.99 % of requests answered",)
    assert changes['notes.standby="none"'].breaks == ()


def test_backups_elsewhere_that_a_recovery_needs_weigh_most(book: Book) -> None:
    system = library(geo_backup=True, backup_days=35)
    books = next(draft.part for draft in system._drafts if draft.part.name == "books")
    assert isinstance(books, Postgres)
    before = offered(system, book)["books.geo_backup=False"]
    system.expects(recovery(books, loses_at_most="1 h", back_within="4 h"))
    after = offered(system, book)["books.geo_backup=False"]
    assert (before.weight, after.weight) == (RESILIENCE, PROMISE)
    assert "books back within 4 h, 1 h lost at most, when the region is lost" in after.gives_up
    assert offered(system, book)["books.backup_days=7"].gives_up.endswith("now 35 days")


def test_smaller_machines_are_those_that_there_are(book: Book) -> None:
    changes = offered(library(), book)
    assert changes["books.cores=2"].what == "Half the machine for books: 2 cores, 8 GiB"
    burstable = changes['books.cores=2, books.memory="4 GiB", books.standby="none"']
    assert "does not recommend such machines for production" in burstable.gives_up
    # a machine of 4 cores has no quarter of its own kind: there is none of one core
    assert "books.cores=1" not in changes


def test_what_a_smaller_machine_does_to_answer_times_is_said(book: Book) -> None:
    system = library()
    web: Any = next(draft.part for draft in system._drafts if draft.part.name == "web")
    system.expects(web.get("/search?q=tides"), p95="100 ms", at="20/s")
    change = offered(system, book)["books.cores=2"]
    assert change.gives_up.endswith(
        "whether GET /search still answers in 100 ms at 20/s is to be proved again"
    )
    assert change.weight == COMFORT


def test_data_that_do_not_fit_the_memory_of_a_smaller_machine_are_told(book: Book) -> None:
    system = library(storage="256 GiB")
    books: Any = next(draft.part for draft in system._drafts if draft.part.name == "books")
    system.usage(books, stored="100 GiB")
    told = "2 instead of 4 cores and 8 instead of 16 GiB of memory for 100 GiB of data"
    assert offered(system, book)["books.cores=2"].gives_up.startswith(told)


def test_a_machine_without_less_is_offered_none(book: Book) -> None:
    changes = offered(library(cores=1, memory="2 GiB", standby="none", backup_days=7), book)
    assert not [key for key in changes if key.startswith("books.")]


def test_copies_that_cannot_be_had_with_an_archive_are_not_offered(book: Book) -> None:
    system = System("library")
    pages = system.blobs("pages", copies="regions", archive_after="90 days")
    system.worker("copy", "copy", uses=[pages])
    keys = offered(system, book)
    assert 'pages.copies="one zone"' in keys
    assert 'pages.copies="zones"' not in keys  # Azure has no archive with copies in zones


# -- what runs ------------------------------------------------------------------------------------------


def test_what_something_wakes_may_sleep_and_what_nothing_wakes_may_not(book: Book) -> None:
    system = System("library")
    books = system.postgres("books")
    todo = system.queue("todo")
    system.service("web", "serve", port=5001, scale=[requests(50)], replicas=(1, 9), public=True)
    system.service("inner", "serve", port=5002, scale=[cpu(70)], replicas=(1, 9))
    system.worker("copy", "copy", uses=[todo], scale=[queue_length(todo)], replicas=(2, 5))
    system.worker("index", "index", uses=[books], scale=[backlog(books, "select 1")], replicas=(1, 3))
    system.worker("clock", "tick")
    keys = offered(system, book)
    asleep = {"web.replicas=(0, 9)", "copy.replicas=(0, 5)", "index.replicas=(0, 3)"}
    assert {key for key in keys if ".replicas=(0, " in key} == asleep


def test_an_alert_that_would_take_sleep_for_a_failure_is_named(book: Book) -> None:
    system = System("library")
    web = system.service("web", "serve", port=5001, scale=[requests(50)], replicas=(1, 3), public=True)
    team = system.contact("team")
    system.alert("web-down", metric(web, "replicas"), below=1, tell=[team])
    change = offered(system, book)["web.replicas=(0, 3)"]
    assert change.gives_up.endswith("; the alert web-down would take that for a failure")


def test_several_replicas_may_be_one(book: Book) -> None:
    system = System("library")
    system.service("web", "serve", port=5001, scale=[cpu(70)], replicas=(3, 9), public=True)
    change = offered(system, book)["web.replicas=(1, 9)"]
    assert (change.what, change.weight) == ("One replica of web at least, instead of 3", RESILIENCE)


def test_machines_of_a_pool_go_with_the_workers_that_hold_them(book: Book) -> None:
    system = System("library")
    todo = system.queue("todo")
    pool = system.node_pool("gpus", machine="Standard_NC4as_T4_v3", nodes=(2, 10), gpus=1)
    system.worker(
        *("read", "read"),
        cpu=2,
        memory="8 GiB",
        gpus=1,
        replicas=(2, 10),
        host=pool,
        uses=[todo],
        scale=[queue_length(todo)],
    )
    changes = offered(system, book)
    none = changes["gpus.nodes=(0, 10), read.replicas=(0, 10)"]
    assert none.code == "cheaper.change(gpus, nodes=(0, 10))\ncheaper.change(read, replicas=(0, 10))"
    # one machine has one GPU, so that one worker is left that always runs
    assert "gpus.nodes=(1, 10), read.replicas=(1, 10)" in changes
    assert "gpus.spot=True" in changes


def test_a_smaller_plan_must_hold_what_is_on_it(book: Book) -> None:
    system = System("library")
    plan = system.app_service_plan("machines", size="P2v3")
    system.service("web", "serve", port=5001, memory="6 GiB", host=plan, replicas=(1, 1), public=True)
    keys = offered(system, book)
    assert 'machines.size="P1v3"' in keys  # 8 GiB
    assert 'machines.size="P0v3"' not in keys  # 4 GiB


# -- ground and edge ------------------------------------------------------------------------------------


def test_a_registry_that_the_plan_does_not_name_is_written_anew(book: Book) -> None:
    change = offered(library(), book)['registry.tier="standard"']
    assert change.code == 'cheaper.registry("registry", tier="standard")'
    (registry,) = change.plan.of(Registry)
    assert registry.tier == "standard"
    assert change.weight == SECURITY


def test_a_registry_without_copies_has_a_lesser_tier_only_in_one_region(book: Book) -> None:
    system = library()
    system.registry("images", copies_in=["centralus"])
    assert 'images.tier="basic", images.copies_in=[]' in offered(system, book)
    both = System("library", also_in=["westus3"])
    both.service("web", "serve", port=5001, public=True)
    both.registry("images")
    plan = both.plan()
    lesser = [each for each in possible(plan, _no_bill(plan)) if "registry" in each.what]
    assert lesser == []  # what stands in two regions needs its images in both


def _no_bill(plan: Plan) -> Bill:
    return Bill(plan=plan, currency="USD", lines=(), free=(), assumptions=(), warnings=(), commitment=None)


def test_what_an_alert_or_chart_needs_is_not_left_out(book: Book) -> None:
    system = library()
    net = system.network("net", nat=True, bastion=True, vpn=True, administrators=["203.0.113.0/24"])
    assert {"net.nat=False", "net.bastion=False", "net.vpn=False"} <= offered(system, book).keys()
    team = system.contact("team")
    system.alert("leaks", metric(net, "traffic out"), above="1 GiB", within="1 h", tell=[team])
    assert "net.nat=False" not in offered(system, book)  # nobody else counts what goes out


def test_of_two_ways_in_one_may_be_left_out_or_both(book: Book) -> None:
    system = library()
    system.network("net", bastion=True, vpn=True, administrators=["203.0.113.0/24"])
    changes = offered(system, book)
    bastion, vpn = changes["net.bastion=False"], changes["net.vpn=False"]
    both = changes["net.bastion=False, net.vpn=False"]
    assert bastion.gives_up == "Administrators come in by the VPN only"
    # each says that the other way is left, so the two are no pair
    assert bastion.excludes & vpn.excludes
    assert both.gives_up == "Administrators have no way into the network"
    assert both.weight > bastion.weight + vpn.weight


def test_the_last_way_in_gives_up_more(book: Book) -> None:
    system = library()
    system.network("net", bastion=True, administrators=["203.0.113.0/24"])
    change = offered(system, book)["net.bastion=False"]
    assert (change.gives_up, change.weight) == ("Administrators have no way into the network", RESILIENCE)


def test_another_region_is_of_the_same_geography_and_can_have_all(book: Book) -> None:
    regions = {each.region for each in offered(library(), book).values() if each.region}
    # westus has no zones for the standby, westeurope is under other law
    assert regions == {"centralus", "eastus", "westus2", "westus3"}
    change = offered(library(), book)['region="centralus"']
    assert change.code == 'cheaper = library.variant("cheaper", region="centralus")'
    assert change.plan.region == "centralus"


def test_what_is_left_out_is_not_changed_as_well(book: Book) -> None:
    system = System("library")
    web = system.service("web", "serve", port=5001, public=True)
    system.front_door("entrance", routes={"/*": web}, tier="premium")
    changes = offered(system, book)
    assert changes["without entrance"].excludes & changes['entrance.tier="standard"'].excludes


def test_a_front_door_before_a_service_that_answers_the_world_may_go(book: Book) -> None:
    system = System("library")
    web = system.service("web", "serve", port=5001, public=True)
    system.front_door("entrance", routes={"/*": web}, tier="standard", limit="600/min")
    change = offered(system, book)["without entrance"]
    assert change.code == "cheaper.without(entrance)"
    assert (
        change.gives_up == "Another address; the firewall and the limit of 600/min for one address are gone"
    )
    inside = System("library")
    hidden = inside.service("web", "serve", port=5001)
    inside.front_door("entrance", routes={"/*": hidden}, tier="standard")
    assert "without entrance" not in offered(inside, book)


# -- purchases ------------------------------------------------------------------------------------------


def test_a_commitment_says_what_is_owed(book: Book) -> None:
    system = System("library")
    system.postgres("books", cores=4, storage="128 GiB")
    plan = offered(system, book)["sp-1y"]
    # 4 vCores × 730 h × 0.089 less a fifth = $207.90 a month, and 12 × that
    assert plan.what == "Savings plans for a year: books"
    assert plan.gives_up.startswith("$207.90 a month, $2,494.80 in all, is owed whether it is used or not")
    assert (plan.code, plan.weight, plan.excludes) == (None, MONEY, frozenset({"commitment"}))


def test_three_years_give_up_more_than_one(book: Book) -> None:
    system = System("library")
    system.service("web", "serve", port=5001, replicas=(1, 2), public=True)
    changes = offered(system, book)
    assert (changes["sp-1y"].weight, changes["sp-3y"].weight) == (MONEY, LONG_MONEY)


# -- several together -----------------------------------------------------------------------------------


def test_changes_of_one_field_exclude_each_other_and_others_do_not(book: Book) -> None:
    changes = offered(library(), book)
    none, same = changes['books.standby="none"'], changes['books.standby="same zone"']
    half = changes["books.cores=2"]
    assert none.excludes & same.excludes
    assert not none.excludes & half.excludes


def test_several_changes_of_one_part_are_written_in_one_line(book: Book) -> None:
    changes = offered(library(), book)
    chosen = [changes["books.cores=2"], changes['books.standby="none"'], changes["web.replicas=(0, 3)"]]
    edits = [each for change in chosen for each in change.edits]
    plan = chosen[0].base
    assert code(plan, edits, called=lambda part: f"the_{part}") == (
        'cheaper.change(the_books, cores=2, standby="none")',
        "cheaper.change(the_web, replicas=(0, 3))",
    )
    together = applied(plan, edits)
    assert is_sound(together)
    books: Any = together.part("books")
    assert (books.cores, books.standby) == (2, "none")


def test_every_code_makes_the_plan_that_was_priced(book: Book) -> None:
    system = library(geo_backup=True, backup_days=35)
    parts = {draft.part.name: draft.handle for draft in system._drafts}
    changes = [each for each in offered(system, book).values() if each.code]
    assert len(changes) > 8
    for number, change in enumerate(changes):
        written = str(change.code).replace('"cheaper"', f'"cheaper-{number}"')
        if change.region is None:
            written = f'cheaper = library.variant("cheaper-{number}")\n{written}'
        exec(written, {"library": system, **parts})
        assert system.plan(f"cheaper-{number}").parts == change.plan.parts
        assert system.plan(f"cheaper-{number}").region == change.plan.region
