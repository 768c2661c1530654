"""Azure Managed Redis: one cluster for each part and region.

It is opened by identity only: the password of a connection is a token of Microsoft Entra, the user the object
id of the identity (`redis-entraid` knows both). Managed Redis has but one access policy, so a process that
only reads gets the same right as one that writes.
Source: https://learn.microsoft.com/azure/redis/entra-for-authentication, and the description of
`accessPolicyName` in the schema of Microsoft.Cache 2025-07-01
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure import identity, private
from seatrial.azure.access import Use
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel, squeezed
from seatrial.azure.reach import users_of
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Ref, Text, join
from seatrial.model import Cache, Process

__all__ = ["PORT", "database", "ref", "resources", "rights", "variables"]

PORT = 10000

ENDPOINT = ("redisEnterprise", "privatelink.redis.azure.net")
"""Source: https://learn.microsoft.com/azure/redis/private-link and
https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

_SIZES = {
    **{"Balanced_B0": 0.5, "Balanced_B1": 1, "Balanced_B3": 3, "Balanced_B5": 6, "Balanced_B10": 12},
    **{"Balanced_B20": 24, "Balanced_B50": 60, "Balanced_B100": 120, "Balanced_B150": 180},
    **{"Balanced_B250": 240, "Balanced_B350": 360, "Balanced_B500": 480, "Balanced_B700": 720},
    **{"Balanced_B1000": 960},
}
"""Memory in GiB, of which Azure keeps a fifth for itself.
Source: https://learn.microsoft.com/azure/redis/architecture (2025-05-18)"""

_ONE_SHARD_GIB = 25
"""Up to here a cache need not be spread over shards; one that is refuses commands over keys of several.
Source: the same page, cluster policies"""


def ref(part: Cache, at: Stamp) -> Ref:
    """The cluster."""
    name = at.worldwide(f"{at.plan.name}-{part.name}", 60)
    return Ref(type="Microsoft.Cache/redisEnterprise", name=name)


def database(part: Cache, at: Stamp) -> Ref:
    """Its only database."""
    return ref(part, at).child("databases", "default")


def variables(part: Cache, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: the address, without user and token."""
    host = Out(of=ref(part, at), path="properties.hostName")
    return {f"{part.name.upper().replace('-', '_')}_URL": join("rediss://", host, f":{PORT}/0")}


def rights(part: Cache, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it. A cluster takes one assignment at a time: each waits for the one before.

    Source: https://github.com/Azure/azure-dev/issues/6640
    """
    names = [each.name for each in users_of(part, at.plan)]
    before = names[: names.index(process.name)][-1:]
    yield Resource(
        ref=_assignment(part, process.name, at),
        module="access",
        region=at.region,
        symbol=camel(process.name, "uses", part.name),
        why=f"{process.name} uses {part.name}",
        part=part.name,
        tagged=False,
        body={
            "properties": {
                "accessPolicyName": "default",
                "user": {"objectId": Out(of=identity.ref(process.name, at), path="properties.principalId")},
            }
        },
        after=tuple(_assignment(part, name, at) for name in before),
    )


def _assignment(part: Cache, process: str, at: Stamp) -> Ref:
    region = "" if len(at.plan.regions) == 1 else at.region
    return database(part, at).child("accessPolicyAssignments", squeezed(f"{process}{region}", 60))


def resources(part: Cache, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: there is no cache so large.
    """
    size = next((name for name, gib in _SIZES.items() if gib * 2**30 >= part.memory.bytes), None)
    if size is None:
        largest = max(_SIZES.values())
        what = f"memory={part.memory}: the largest cache of this kind has {largest:g} GiB"
        raise Refused([Trouble.about(at.plan, part.name, what, f'write memory="{largest:g} GiB" at most')])
    symbol = camel(part.name, "cache")
    yield Resource(
        ref=ref(part, at),
        module="data",
        region=at.region,
        symbol=symbol,
        why=f"Runs Redis for {part.name}, {'twice' if part.highly_available else 'once, without a replica'}",
        part=part.name,
        location=at.region,
        body={
            "sku": {"name": size},
            "properties": {
                "highAvailability": "Enabled" if part.highly_available else "Disabled",
                "minimumTlsVersion": "1.2",
                "publicNetworkAccess": "Disabled",
            },
        },
    )
    yield Resource(
        ref=database(part, at),
        module="data",
        region=at.region,
        symbol=camel(part.name, "cache", "database"),
        why=f"What {part.name} holds; when it is full, what was used longest ago makes room",
        part=part.name,
        tagged=False,
        body={
            "properties": {
                "clientProtocol": "Encrypted",
                "port": PORT,
                "accessKeysAuthentication": "Disabled",
                "evictionPolicy": "AllKeysLRU",
                "clusteringPolicy": "NoCluster" if _SIZES[size] <= _ONE_SHARD_GIB else "EnterpriseCluster",
            }
        },
    )
    yield from private.endpoint(ref(part, at), *ENDPOINT, at, part.name, symbol, after=(database(part, at),))
