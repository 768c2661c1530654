"""What a machine of a node pool has, by its name, and what of it pods may use.

Sources: https://learn.microsoft.com/azure/virtual-machines/sizes/overview,
https://learn.microsoft.com/azure/aks/node-resource-reservations and
https://learn.microsoft.com/azure/aks/concepts-storage#default-os-disk-sizing
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from seatrial.model.value import Value

__all__ = ["Machine", "machine"]

GIB_PER_CORE: Mapping[str, int] = {"D": 4, "Dl": 2, "E": 8, "F": 2}
GPU_MACHINES: Mapping[str, tuple[int, int, int]] = {
    "Standard_NC4as_T4_v3": (4, 28, 1),
    "Standard_NC8as_T4_v3": (8, 56, 1),
    "Standard_NC16as_T4_v3": (16, 110, 1),
    "Standard_NC64as_T4_v3": (64, 440, 4),
    "Standard_NC24ads_A100_v4": (24, 220, 1),
    "Standard_NC48ads_A100_v4": (48, 440, 2),
    "Standard_NC96ads_A100_v4": (96, 880, 4),
}
"""Cores, GiB and GPUs."""

RESERVED_CORES = ((1, "0.06"), (2, "0.1"), (4, "0.14"), (8, "0.18"), (16, "0.26"), (32, "0.42"), (64, "0.74"))
"""By the cores of a machine, what of them the cluster keeps for itself."""

DISKS = ((7, "P10"), (15, "P15"), (63, "P20"))
"""Of the operating system, by the cores of a machine; more of them have a P30."""


class Machine(Value):
    """One machine of a pool."""

    cores: int
    gib: Decimal
    gpus: int
    local: bool
    """Whether it has room of its own for the operating system, which then costs nothing."""

    def room(self, most_pods: int) -> tuple[Decimal, Decimal, Decimal]:
        """Cores, GiB and GPUs that pods may use.

        Of memory the cluster keeps 20 MB for each pod there may be and 50 MB, at most a quarter of it all;
        and 100 MiB beside.
        """
        kept = max(Decimal(share) for cores, share in RESERVED_CORES if cores <= max(1, self.cores))
        pods = Decimal(20 * most_pods + 50) / 1024
        memory = self.gib - min(pods, self.gib / 4) - Decimal(100) / 1024
        return self.cores - kept, memory, Decimal(self.gpus)

    @property
    def disk(self) -> str:
        """The tier that AKS chooses for the disk of its operating system, where that is a disk of its own."""
        return next((tier for most, tier in DISKS if self.cores <= most), "P30")


def machine(size: str) -> Machine | None:
    """A machine by the name of its size, `Standard_D4s_v5`; None where it is not known here.

    The disk of the operating system is its own where it has 128 GiB for it: those with a T4, and those of the
    D and E series whose name has a `d`, from 4 cores on.
    """
    if size in GPU_MACHINES:
        cores, gib, gpus = GPU_MACHINES[size]
        return Machine(cores=cores, gib=Decimal(gib), gpus=gpus, local="_T4_" in size)
    found = re.fullmatch(r"Standard_([DEF])(\d+)([a-z]*)_v([2-7])", size)
    if found is None:
        return None
    letter, cores, extras, version = found[1], int(found[2]), found[3], int(found[4])
    series = "Dl" if letter == "D" and "l" in extras else letter
    return Machine(
        cores=cores,
        gib=Decimal(GIB_PER_CORE[series] * cores),
        gpus=0,
        local=letter in "DE" and "d" in extras and cores >= 4 and version >= 5,
    )
