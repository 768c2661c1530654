"""Key Vault."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.access import Use
from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import Process, Secret


def vault(at: Stamp) -> Ref:
    """The vault of a region."""
    return Ref(type="Microsoft.KeyVault/vaults", name=at.worldwide(at.plan.name, 24))


def vault_resources(at: Stamp) -> Iterator[Resource]:
    yield from ()


def resources(part: Secret, at: Stamp) -> Iterator[Resource]:
    yield from ()


def rights(part: Secret, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it."""
    yield from ()
