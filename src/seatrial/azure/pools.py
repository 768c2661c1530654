"""Node pools of a cluster: what machines they are, who may run on them, and what cannot be had.

Source: https://learn.microsoft.com/azure/aks/create-node-pools
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from seatrial.azure.names import squeezed
from seatrial.azure.values import Id, Ref
from seatrial.model import NodePool, Place

__all__ = ["KATA", "OWN", "POOL_LABEL", "Taint", "pool_body", "pool_name", "taints", "wrong_with"]

OWN = NodePool(
    name="general",
    system="",
    place=Place(file="", line=0),
    machine="Standard_D4s_v5",
    nodes=(1, 5),
    spot=False,
    gpus=0,
    isolated=False,
)
"""The machines of processes with `host="aks"`, which name none."""

KATA = "kata-vm-isolation"
"""The runtime class by which a pod gets a kernel of its own.

Source: https://learn.microsoft.com/azure/aks/use-pod-sandboxing
"""

POOL_LABEL = "kubernetes.azure.com/agentpool"
"""The label of every machine that says which pool it belongs to.

Source: https://learn.microsoft.com/azure/aks/use-labels
"""

Taint = tuple[str, str]
"""A key and a value: a machine with it takes only pods that bear it."""


def pool_name(part: NodePool) -> str:
    """As Azure takes it: at most 12 lower case letters and digits."""
    return squeezed(part.name, 12)


def taints(part: NodePool) -> tuple[Taint, ...]:
    """What a pod must bear to run on a pool: that its machine may be taken away, that it is dear, or apart.

    Source: https://learn.microsoft.com/azure/aks/spot-node-pool and
    https://learn.microsoft.com/azure/aks/use-nvidia-gpu
    """
    return (
        *((("kubernetes.azure.com/scalesetpriority", "spot"),) if part.spot else ()),
        *((("sku", "gpu"),) if part.gpus else ()),
        *((("isolated", "true"),) if part.isolated else ()),
    )


def wrong_with(part: NodePool) -> Iterator[tuple[str, str]]:
    """What Azure would refuse, each with the way out."""
    if part.isolated and part.gpus:
        yield "a pod with a kernel of its own cannot use a GPU", "a second pool for one of the two"
    if part.isolated and not re.fullmatch(r"Standard_[DE]\d+a?d?l?s_v[3-6]", part.machine):
        yield (
            f"{part.machine} cannot run machines inside, as pods with kernels of their own are",
            'a size of the D or E series from v3 on, as "Standard_D4s_v5"',
        )


def pool_body(part: NodePool, subnet: Ref, zones: bool) -> dict[str, Any]:
    """The properties of a pool."""
    fewest, most = part.nodes
    return {
        "mode": "User",
        "type": "VirtualMachineScaleSets",
        "vmSize": part.machine,
        "osType": "Linux",
        # isolation is a feature of Azure's own Linux; drivers of GPUs are at their best on Ubuntu
        "osSKU": "Ubuntu" if part.gpus else "AzureLinux",
        "count": fewest,
        "enableAutoScaling": True,
        "minCount": fewest,
        "maxCount": max(1, most),
        "maxPods": 110,
        "enableNodePublicIP": False,
        "vnetSubnetID": Id(of=subnet),
        "securityProfile": {"sshAccess": "Disabled"},
        **(
            {"nodeTaints": [f"{key}={value}:NoSchedule" for key, value in taints(part)]}
            if taints(part)
            else {}
        ),
        # machines with GPUs stand in few zones, and Azure refuses a pool in one that has none
        **({"availabilityZones": ["1", "2", "3"]} if zones and not part.gpus else {}),
        **({"gpuProfile": {"driver": "Install"}} if part.gpus else {}),
        **({"workloadRuntime": "KataVmIsolation"} if part.isolated else {}),
        # -1: up to the price of an ordinary machine, never more
        **(
            {"scaleSetPriority": "Spot", "scaleSetEvictionPolicy": "Delete", "spotMaxPrice": -1}
            if part.spot
            else {"upgradeSettings": {"maxSurge": "33%"}}
        ),
    }
