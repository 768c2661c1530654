"""What one shape of a system goes without that another has."""

from __future__ import annotations

from seatrial import System
from seatrial.bill.savings.given_up import given_up


def shop() -> System:
    system = System("shop")
    papers = system.postgres("papers", cores=2, storage="32 GiB", standby="another zone", geo_backup=True)
    files = system.blobs("files", copies="regions")
    api = system.service(
        "api", "run", port=8000, health="/h", cpu=1, memory="2 GiB", replicas=(1, 2), uses=[papers]
    )
    entrance = system.front_door("entrance", routes={"/*": api})
    team = system.contact("team")
    small = system.variant("small")
    small.change(papers, standby="none", geo_backup=False)
    small.change(files, copies="one zone")
    small.change(api, replicas=(0, 1), public=True)
    small.without(entrance)
    small.without(team)
    return system


def test_what_is_missed_is_named_and_what_nobody_misses_is_not() -> None:
    system = shop()
    assert set(given_up(system.plan("small"), system.plan())) == {
        "the standby of papers",
        "the backups of papers in another region",
        "the copies of files in another region",
        "replicas of api that are always awake",
        "entrance",
    }


def test_who_has_more_gives_nothing_up() -> None:
    system = shop()
    assert given_up(system.plan(), system.plan("small")) == ()


def test_a_region_less_is_given_up_and_another_one_is_not() -> None:
    system = System("shop", region="eastus2", also_in=["westeurope"])
    system.variant("one", also_in=[])
    system.variant("other", region="uksouth", also_in=["westeurope"])
    assert given_up(system.plan("one"), system.plan()) == ("the region westeurope",)
    assert given_up(system.plan("other"), system.plan()) == ()
