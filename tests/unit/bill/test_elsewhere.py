"""The same plan in another region."""

from __future__ import annotations

from seatrial import System
from seatrial.bill.elsewhere import moved
from seatrial.model import Registry


def test_a_plan_stands_elsewhere_once() -> None:
    system = System("shop", region="eastus2", also_in=["westus3", "westeurope"])

    there = moved(system.plan(), "westus3")

    assert there.regions == ("westus3", "westeurope")


def test_copies_for_the_day_a_region_is_lost_go_to_the_new_pair() -> None:
    system = System("shop", region="eastus")
    system.registry("images", copies_in=["westus", "northeurope"])

    there = moved(system.plan(), "eastus2")  # eastus is paired with westus, eastus2 with centralus

    assert there.of(Registry)[0].copies_in == ("centralus", "northeurope")


def test_a_copy_in_the_new_region_is_none() -> None:
    system = System("shop", region="eastus2")
    system.registry("images", copies_in=["westeurope"])

    assert moved(system.plan(), "westeurope").of(Registry)[0].copies_in == ()


def test_a_plan_that_stands_there_already_is_the_same() -> None:
    plan = System("shop", region="eastus2").plan()

    assert moved(plan, "eastus2") is plan
