"""What machines of node pools have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from seatrial.bill.machine_sizes import machine


@pytest.mark.parametrize(
    ("size", "has"),
    [
        ("Standard_D2s_v5", (2, 8, 0)),
        ("Standard_D4as_v6", (4, 16, 0)),
        ("Standard_D8ls_v5", (8, 16, 0)),
        ("Standard_E16ds_v5", (16, 128, 0)),
        ("Standard_F8s_v2", (8, 16, 0)),
        ("Standard_NC8as_T4_v3", (8, 56, 1)),
        ("Standard_NC48ads_A100_v4", (48, 440, 2)),
    ],
)
def test_a_size_tells_cores_memory_and_gpus(size: str, has: tuple[int, int, int]) -> None:
    found = machine(size)

    assert found is not None
    assert (found.cores, int(found.gib), found.gpus) == has


def test_of_a_size_that_is_not_known_nothing_is_told() -> None:
    assert machine("Standard_M416ms_v2") is None


def test_the_cluster_keeps_some_of_a_machine_for_itself() -> None:
    found = machine("Standard_D4s_v5")
    assert found is not None

    cores, memory, gpus = found.room(110)

    # 140 of 4,000 millicores; of 16 GiB 20 MB for each of 110 pods and 50 MB, and 100 MiB
    assert (cores, gpus) == (Decimal("3.86"), Decimal(0))
    assert memory == 16 - Decimal(2250) / 1024 - Decimal(100) / 1024


def test_of_a_small_machine_it_keeps_a_quarter_of_the_memory_at_most() -> None:
    found = machine("Standard_F2s_v2")
    assert found is not None

    assert found.room(110)[1] == 4 - 1 - Decimal(100) / 1024


@pytest.mark.parametrize(
    ("size", "disk"),
    [
        ("Standard_D4s_v5", "P10"),
        ("Standard_D8s_v5", "P15"),
        ("Standard_D16s_v5", "P20"),
        ("Standard_D64s_v5", "P30"),
    ],
)
def test_the_disk_of_the_operating_system_goes_by_the_cores(size: str, disk: str) -> None:
    found = machine(size)

    assert found is not None
    assert (found.disk, found.local) == (disk, False)


@pytest.mark.parametrize("size", ["Standard_D4ds_v5", "Standard_E8ads_v5", "Standard_NC4as_T4_v3"])
def test_some_machines_have_room_for_it_themselves(size: str) -> None:
    found = machine(size)

    assert found is not None
    assert found.local
