"""Which machines and disks PostgreSQL Flexible Server has, and which of them a server needs."""

from __future__ import annotations

from typing import Literal

from seatrial.model import Postgres, Size
from seatrial.model.value import Value

__all__ = ["LARGEST_GIB", "Machine", "machine", "nearest", "storage_gib"]

Tier = Literal["GeneralPurpose", "MemoryOptimized", "Burstable"]


class Machine(Value):
    """A size of compute."""

    name: str
    """As ARM takes it; Terraform's `GP_` is no part of it."""
    tier: Tier
    cores: int
    memory_gib: int

    def asked(self) -> str:
        """How a system file asks for it."""
        return f'cores={self.cores}, memory="{self.memory_gib} GiB"'


def _machine(name: str, cores: int, memory_gib: int) -> Machine:
    tiers: dict[str, Tier] = {"D": "GeneralPurpose", "E": "MemoryOptimized", "B": "Burstable"}
    return Machine(name=f"Standard_{name}", tier=tiers[name[0]], cores=cores, memory_gib=memory_gib)


_GENERAL = {2: 8, 4: 16, 8: 32, 16: 64, 32: 128, 48: 192, 64: 256, 96: 384}
_MEMORY = {2: 16, 4: 32, 8: 64, 16: 128, 20: 160, 32: 256, 48: 384, 64: 512, 96: 672}

MACHINES: tuple[Machine, ...] = (
    *(_machine(f"D{cores}ds_v5", cores, memory) for cores, memory in _GENERAL.items()),
    _machine("D128ds_v6", 128, 512),
    _machine("D192ds_v6", 192, 768),
    *(_machine(f"E{cores}ds_v5", cores, memory) for cores, memory in _MEMORY.items()),
    _machine("E128ds_v6", 128, 1024),
    _machine("E192ds_v6", 192, 1832),
    _machine("B1ms", 1, 2),
    _machine("B2s", 2, 4),
)
"""Those that are preferred first. Sizes of v6 only where v5 has none: they cost a quarter more.
The larger burstable ones are left out: Azure does not recommend them for production, and for a server that
stands by or is copied they cannot be had.

Source: https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute (2026-01-13)
"""

_DISKS_GIB = (32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767)
LARGEST_GIB = _DISKS_GIB[-1]
"""The sizes of Premium SSD. Only below 4,096 GiB are disks cached by the host; 32 TiB is written 32,767.

Source: https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd and, for the
last, `storage_mb` in
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/postgresql_flexible_server
"""


def machine(part: Postgres) -> Machine | None:
    """The smallest machine that has exactly the cores and at least the memory; None: there is none."""
    fitting = [each for each in MACHINES if each.cores == part.cores and _has(each, part.memory)]
    if part.memory is None:
        return next(iter(fitting), None)
    return min(fitting, key=lambda each: each.memory_gib, default=None)


def nearest(part: Postgres) -> Machine:
    """The smallest machine that has at least the cores and the memory, or the largest there is."""
    larger = [each for each in MACHINES if each.cores >= part.cores and _has(each, part.memory)]
    return min(larger, key=_size) if larger else max(MACHINES, key=_size)


def storage_gib(wanted: Size) -> int | None:
    """The smallest disk that holds it; None: there is none so large."""
    if LARGEST_GIB * 2**30 < wanted.bytes <= (LARGEST_GIB + 1) * 2**30:
        return LARGEST_GIB
    return next((size for size in _DISKS_GIB if size * 2**30 >= wanted.bytes), None)


def _size(each: Machine) -> tuple[int, int]:
    return each.cores, each.memory_gib


def _has(each: Machine, memory: Size | None) -> bool:
    return memory is None or each.memory_gib * 2**30 >= memory.bytes
