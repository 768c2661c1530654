"""What container registries are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly

REGISTRIES = "Microsoft.ContainerRegistry/registries"
Find = Callable[..., Line]
Price = Callable[..., Bill]


def shelf(number: int = 2, images: Any = "8 GiB", **said: Any) -> System:
    """So many workers, each an image; ten new versions a month."""
    system = System("shelf", region="eastus2")
    jars = system.registry("jars", **said)
    for index in range(number):
        system.worker(f"cook-{index}", "cook")
    system.usage(deployments="10/month")
    if images is not None:
        system.usage(jars, images=images)
    return system


@pytest.mark.parametrize(
    ("tier", "amount"),
    [
        ("basic", "5.07"),  # 30.4167 days × 0.1666
        ("standard", "20.28"),  # × 0.6666
        ("premium", "50.69"),  # × 1.6666
    ],
)
def test_a_registry_is_paid_by_the_day(priced: Price, line: Find, tier: str, amount: str) -> None:
    found = line(priced(shelf(tier=tier)), "registry", "registries")

    assert (found.amount, found.formula) == (exactly(Decimal(amount)), "30.42 days")
    assert found.steady


@pytest.mark.parametrize(("tier", "included"), [("basic", 10), ("standard", 100), ("premium", 500)])
def test_images_beyond_what_is_in_the_price_are_paid(
    priced: Price, line: Find, tier: str, included: int
) -> None:
    bill = priced(shelf(tier=tier, images=f"{included + 40} GiB"))

    stored = line(bill, "storage", "registries")
    assert (stored.paid, stored.amount) == (exactly(40), exactly(Decimal("4.00")))  # 40 × 0.1


def test_images_that_are_in_the_price_are_told_to_be_free(priced: Price) -> None:
    bill = priced(shelf(tier="basic"))

    assert [each.why for each in bill.free if each.type == REGISTRIES] == [
        "8 GiB of images: the first 10 GiB are in the price of the registry"
    ]


def test_builds_are_paid_by_the_second_of_a_core_after_the_first_six_thousand(
    priced: Price, line: Find
) -> None:
    builds = line(priced(shelf(tier="basic")), "builds")

    # 10 × 2 images × 60, 180 or 600 s × 2 cores; 6,000 are free, then 0.0001
    assert builds.used == Range(Decimal(2_400), Decimal(7_200), Decimal(24_000))
    assert builds.amount == Range(Decimal("0.00"), Decimal("0.12"), Decimal("1.80"))
    assert builds.formula == "10 deployments × 2 images × 180 s × 2 vCPU"


def test_the_job_that_brings_a_schema_up_to_date_has_an_image_too(priced: Price, line: Find) -> None:
    system = shelf(number=1)
    system.postgres("recipes", cores=2, storage="32 GiB", migrate="python -m migrate")

    assert "× 2 images ×" in line(priced(system), "builds").formula


def test_each_image_is_taken_to_keep_a_few_versions(priced: Price) -> None:
    bill = priced(shelf(number=4, images=None))

    [images] = [each for each in bill.assumptions if each.key == "jars.images"]
    gib = Decimal(2**30)
    assert images.amount == Range(2 * gib, 6 * gib, 20 * gib)  # 4 × half, one and a half, 5 GiB


def test_a_copy_is_paid_like_another_registry_with_all_that_it_stores(priced: Price, line: Find) -> None:
    bill = priced(shelf(tier="premium", copies_in=["westeurope", "centralus"]))

    copy = line(bill, "copy in westeurope")
    assert copy.amount == exactly(Decimal("50.69"))  # 30.4167 days × 1.6666
    assert copy.price.meter.region == "westeurope"
    assert copy.steady
    assert line(bill, "storage of the copy in centralus").amount == exactly(Decimal("0.80"))  # 8 GiB × 0.1


def test_a_registry_that_nobody_named_is_paid_all_the_same(priced: Price, line: Find) -> None:
    system = System("shelf", region="eastus2")
    system.worker("cook", "cook")

    assert line(priced(system), "registry").part is None


def test_more_of_anything_never_costs_less(priced: Price) -> None:
    totals = [priced(shelf(tier="basic", images=f"{size} GiB")).total.likely for size in (1, 10, 11, 500)]

    assert totals == sorted(totals)
