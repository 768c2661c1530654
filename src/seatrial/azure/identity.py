"""Managed identities: one for each process."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref


def ref(name: str, at: Stamp) -> Ref:
    """The identity of a process."""
    return Ref(type="Microsoft.ManagedIdentity/userAssignedIdentities", name=at.name(f"{name}-identity"))


def resources(at: Stamp) -> Iterator[Resource]:
    yield from ()
