"""What each region has."""

from __future__ import annotations

import pytest

from seatrial.azure.regions import called, geography, has_zones, is_region, paired_with
from seatrial.model.regions import REGIONS


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_every_region_that_a_system_may_name_is_known(region: str) -> None:
    assert has_zones(region) in (True, False)
    assert geography(region)
    assert called(region).replace(" ", "").lower() == region
    assert paired_with(region) != region


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_every_pair_is_known(region: str) -> None:
    pair = paired_with(region)
    assert pair is None or (is_region(pair) and geography(pair))


def test_a_region_without_zones_says_so() -> None:
    assert has_zones("eastus2")
    assert not has_zones("westus")
    assert not has_zones("northcentralus")


def test_a_pair_need_not_be_mutual() -> None:
    # West US 3 copies to East US, whose own pair is West US.
    assert paired_with("westus3") == "eastus"
    assert paired_with("eastus") == "westus"


def test_newer_regions_have_no_pair() -> None:
    assert paired_with("spaincentral") is None


def test_a_pair_may_leave_the_geography() -> None:
    # Brazil South is the one region whose copies leave the country.
    pair = paired_with("brazilsouth")
    assert pair == "southcentralus"
    assert geography(pair) != geography("brazilsouth")
