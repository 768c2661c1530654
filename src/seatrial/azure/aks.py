"""Azure Kubernetes Service: the cluster and its node pools; what runs on it is told by manifests."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import NodePool, Process


def cluster(at: Stamp) -> Ref:
    """The cluster of a region."""
    return Ref(type="Microsoft.ContainerService/managedClusters", name=at.name(at.plan.name))


def cluster_resources(at: Stamp) -> Iterator[Resource]:
    yield from ()


def pool_resources(part: NodePool, at: Stamp) -> Iterator[Resource]:
    yield from ()


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    yield from ()
