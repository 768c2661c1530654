"""Which sizes a container of Container Apps can have.

Source: https://learn.microsoft.com/azure/container-apps/containers (the pairs),
https://learn.microsoft.com/azure/container-apps/workload-profiles-overview (the profiles) and
https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from seatrial.azure.errors import Refused, Trouble
from seatrial.model import Plan, Process, Size
from seatrial.model.value import Value

__all__ = ["CONSUMPTION", "Profile", "Room", "profiles", "room"]


class Profile(Value):
    """The machines that containers run on."""

    name: str
    type: str
    cores: float
    """The most that one replica has; of a machine with a GPU, all."""
    gib: float

    @property
    def body(self) -> dict[str, str]:
        return {"name": self.name, "workloadProfileType": self.type}


CONSUMPTION = Profile(name="Consumption", type="Consumption", cores=4, gib=8)
T4 = Profile(name="gpu-t4", type="Consumption-GPU-NC8as-T4", cores=8, gib=56)
A100 = Profile(name="gpu-a100", type="Consumption-GPU-NC24-A100", cores=24, gib=220)


class Room(Value):
    """The size that was found for a container."""

    profile: Profile
    cores: float
    gib: float
    why: str
    """`1 vCPU and 2 GiB`, and what had been asked for when that is less."""

    @property
    def body(self) -> dict[str, Any]:
        return {"cpu": self.cores, "memory": f"{self.gib:g}Gi"}


def profiles(processes: Iterator[Process]) -> tuple[Profile, ...]:
    """The profiles that processes need; the one without a GPU is always there."""
    needed = [_machine(each) for each in processes if each.gpus]
    return tuple(dict.fromkeys((CONSUMPTION, *needed)))


def room(plan: Plan, name: str, cpu: float, memory: Size, gpus: int = 0) -> Room:
    """The smallest size that has room for both.

    Memory is twice the cores in GiB, in steps of a quarter of a core. With a GPU it is the whole machine.

    Raises:
        Refused: there is none that large, or more than one GPU is asked for.
    """
    if gpus:
        return _with_gpu(plan, name, cpu, memory, gpus)
    quarters = max(1, ceil(cpu * 4), ceil(memory.gib * 2))
    if quarters > CONSUMPTION.cores * 4:
        what = f"cpu={cpu:g}, memory={str(memory)!r}: Container Apps have 4 cores and 8 GiB at most"
        hint = "write less, or let it run on an app_service_plan or a node_pool"
        raise Refused([Trouble.about(plan, name, what, hint)])
    cores, gib = quarters / 4, quarters / 2
    why = f"{cores:g} vCPU and {gib:g} GiB"
    if (cpu, memory.gib) != (cores, gib):
        why += f", the smallest size with room for {cpu:g} and {memory}"
    return Room(profile=CONSUMPTION, cores=cores, gib=gib, why=why)


def _with_gpu(plan: Plan, name: str, cpu: float, memory: Size, gpus: int) -> Room:
    if gpus > 1:
        what = f"gpus={gpus}: a replica on Container Apps has one GPU"
        raise Refused([Trouble.about(plan, name, what, "write gpus=1, or let it run on a node_pool")])
    profile = _fitting(cpu, memory)
    if profile is None:
        what = f"cpu={cpu:g}, memory={str(memory)!r}: machines with a GPU have 24 cores and 220 GiB at most"
        raise Refused([Trouble.about(plan, name, what, "write less, or let it run on a node_pool")])
    why = f"the whole machine, {profile.cores:g} vCPU and {profile.gib:g} GiB, with its GPU"
    return Room(profile=profile, cores=profile.cores, gib=profile.gib, why=why)


def _machine(process: Process) -> Profile:
    return _fitting(process.cpu, process.memory) or A100


def _fitting(cpu: float, memory: Size) -> Profile | None:
    """The smaller machine with a GPU on which there is room."""
    return next((each for each in (T4, A100) if cpu <= each.cores and memory.gib <= each.gib), None)
