"""What differs between two plans, and whether Azure can follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial import System
from seatrial.azure.changes import Change, changes
from seatrial.azure.lasting import LASTING, kept

PAGE = Path(__file__).resolve().parents[3] / "docs/azure.md"


def harbour() -> System:
    return System("harbour", title="Ships that come and go", region="eastus2")


def differing(system: System, *, variant: str = "other") -> list[Change]:
    """What differs from the base, without the resources."""
    found = changes(system.plan(), system.plan(variant))
    return [each for each in found if each.field is None or "/" not in each.field]


def changed(part: str, before: dict[str, Any], **after: Any) -> Change:
    """What becomes of one field of one part."""
    system = harbour()
    made = getattr(system, part)("store", **before)
    system.variant("other", title="Another").change(made, **after)
    [only] = differing(system)
    return only


def test_two_equal_plans_do_not_differ() -> None:
    system = harbour()
    system.postgres("ships")
    assert changes(system.plan(), system.plan()) == ()


def test_a_change_says_what_was_what_is_and_what_happens() -> None:
    found = changed("postgres", {"cores": 2}, cores=4)
    assert (found.part, found.field, found.before, found.after) == ("store", "cores", "2", "4")
    assert found.in_place
    assert "restarts" in found.why
    assert found.source.startswith("https://")


@pytest.mark.parametrize(
    ("part", "before", "after", "instead"),
    [
        ("postgres", {"network": "private endpoint"}, {"network": "subnet"}, "a new server is made"),
        ("postgres", {"network": "subnet"}, {"network": "private endpoint"}, "migrate-network"),
        ("postgres", {"geo_backup": False}, {"geo_backup": True}, "a new server is made"),
        ("postgres", {"storage": "256 GiB"}, {"storage": "128 GiB"}, "a disk never shrinks"),
        ("postgres", {"version": 17}, {"version": 16}, "no way back"),
        ("blobs", {"copies": "one zone"}, {"copies": "zones"}, "migration start"),
        ("queue", {}, {"duplicates_within": "10 min"}, "a new queue is made"),
        ("queue", {"topic": False}, {"topic": True}, "drained"),
        ("documents", {"partition": "/a"}, {"partition": "/b"}, "a new container is made"),
        ("documents", {"partition": "/a"}, {"throughput": 4000}, "never back"),
        ("documents", {"partition": "/a", "throughput": 4000}, {"throughput": None}, "a new account"),
        ("network", {}, {"space": "10.8.0.0/16"}, "made anew"),
    ],
)
def test_what_azure_does_not_change_in_place_is_said_with_what_happens_instead(
    part: str, before: dict[str, Any], after: dict[str, Any], instead: str
) -> None:
    found = changed(part, before, **after)
    assert not found.in_place
    assert instead in found.why
    assert found.source.startswith("https://")


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("postgres", {"storage": "128 GiB"}, {"storage": "256 GiB"}),
        ("postgres", {"standby": "none"}, {"standby": "another zone"}),
        ("postgres", {"backup_days": 7}, {"backup_days": 35}),
        ("blobs", {"copies": "one zone"}, {"copies": "regions"}),
        ("queue", {"duplicates_within": "10 min"}, {"duplicates_within": "20 min"}),
        ("documents", {"partition": "/a", "throughput": 4000}, {"throughput": 8000}),
        ("documents", {"partition": "/a"}, {"backup": "30 days"}),
    ],
)
def test_what_azure_changes_in_place_is_said_too(
    part: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert changed(part, before, **after).in_place


def test_a_process_on_container_apps_gets_a_new_revision() -> None:
    system = harbour()
    web = system.service("web", "serve", port=8000, health="/health", replicas=(1, 3))
    system.variant("other", title="Another").change(web, replicas=(2, 9))
    [only] = differing(system)
    assert (only.before, only.after) == ("[1, 3]", "[2, 9]")
    assert only.in_place
    assert "revision" in only.why


def test_a_process_on_another_host_is_made_anew() -> None:
    system = harbour()
    web = system.service("web", "serve", port=8000, health="/health", replicas=(1, 1))
    system.variant("other", title="Another").change(web, host="container instances")
    [only] = differing(system)
    assert only.field == "host"
    assert not only.in_place


def test_a_part_that_changes_is_told_once_and_not_again_by_those_that_use_it() -> None:
    system = harbour()
    ships = system.postgres("ships", cores=2)
    system.service("web", "serve", port=8000, health="/health", uses=[ships])
    system.variant("other", title="Another").change(ships, cores=8)
    assert [each.part for each in differing(system)] == ["ships"]


def test_a_part_that_goes_stays_on_azure_until_it_is_deleted() -> None:
    system = harbour()
    photos = system.blobs("photos")
    system.variant("other", title="Another").without(photos)
    [gone] = differing(system)
    assert (gone.part, gone.field, gone.before, gone.after) == ("photos", None, "Blobs", "")
    assert "until it is deleted" in gone.why


def test_resources_that_appear_and_disappear_are_named() -> None:
    # Given a variant with a queue instead of a cache
    system = harbour()
    cache = system.cache("quick")
    other = system.variant("other", title="Another")
    other.without(cache)
    other.queue("arrivals")
    found = {(each.field, bool(each.after)) for each in changes(system.plan(), system.plan("other"))}
    # Then what each becomes on Azure goes and comes
    assert ("Microsoft.Cache/redisEnterprise", False) in found
    assert ("Microsoft.ServiceBus/namespaces", True) in found


def test_another_region_is_another_system_whose_data_is_moved() -> None:
    before = harbour().plan()
    after = System("harbour", title="Ships that come and go", region="westeurope").plan()
    first = changes(before, after)[0]
    assert (first.part, first.field, first.before, first.after) == (
        None,
        "region",
        '"eastus2"',
        '"westeurope"',
    )
    assert not first.in_place


def test_a_second_region_gives_other_names_and_a_third_does_not() -> None:
    def of(*more: str) -> System:
        return System("harbour", title="Ships", region="eastus2", also_in=more)

    [second, *_] = changes(of().plan(), of("westeurope").plan())
    [third, *_] = changes(of("westeurope").plan(), of("westeurope", "southeastasia").plan())
    assert (second.field, second.in_place) == ("also_in", False)
    assert (third.field, third.in_place) == ("also_in", True)


def test_the_page_names_every_field_that_azure_does_not_change_in_place() -> None:
    told = PAGE.read_text().partition("## What cannot be changed in place")[2]
    known = {field for _, field in LASTING} - {"history"}  # of Temporal: what happens is no matter of Azure's
    assert {field for field in known if f"`{field}`" not in told} == set()


def test_what_stays_as_it_was_first_made_is_known_of_a_part_alone() -> None:
    system = harbour()

    # its disk and its version only ever grow, which is told of themselves
    assert kept(system.postgres("ships")) == ("network", "geo_backup")
    assert kept(system.blobs("charts")) == ("copies",)
    assert kept(system.cache("tides")) == ()
