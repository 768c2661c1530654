"""Private endpoints, and the private names that lead to them.

A zone of names is the same for the whole world, so a system has one of each, linked to the network of every
region. Endpoints of all regions write their names into it, which is well as long as no two lead to the same
resource: what exists once has its endpoint in the first region only, and the networks are joined.

Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.azure import network, reach
from seatrial.azure.graph import Module, Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Ref

__all__ = ["apps", "endpoint", "endpoint_ref", "names", "zone_ref"]


def endpoint_ref(symbol: str, at: Stamp) -> Ref:
    """The endpoint that leads to what has this symbol."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", symbol).lower()
    return Ref(type="Microsoft.Network/privateEndpoints", name=at.name(f"{words}-endpoint"))


def zone_ref(zone: str) -> Ref:
    """A zone of private names."""
    return Ref(type="Microsoft.Network/privateDnsZones", name=zone)


def endpoint(
    of: Ref,
    group: str,
    zone: str,
    at: Stamp,
    part: str | None,
    symbol: str,
    module: Module = "data",
    after: tuple[Ref, ...] = (),
) -> Iterator[Resource]:
    """A private endpoint in the tier `endpoints`, its zone of names, and the zone's link to the network.

    Args:
        group: the sub-resource that it leads to: `blob`, `postgresqlServer`, `vault`.
        zone: the private zone: `privatelink.blob.core.windows.net`.
        symbol: of what it leads to; the endpoint's own is made from it.
        module: of what it leads to.
        after: what must be done with it before, as it takes one change at a time.
    """
    yield from names(zone, at)
    ref = endpoint_ref(symbol, at)
    yield Resource(
        ref=ref,
        module=module,
        region=at.region,
        symbol=camel(symbol, "endpoint"),
        why=f"{part or _spelt(symbol)} is reached from inside the network only, by this address",
        part=part,
        location=at.region,
        body={
            "properties": {
                "subnet": {"id": Id(of=network.subnet("endpoints", at))},
                "customNetworkInterfaceName": f"{ref.name}-nic",
                "privateLinkServiceConnections": [
                    {
                        "name": str(ref.name),
                        "properties": {"privateLinkServiceId": Id(of=of), "groupIds": [group]},
                    }
                ],
            }
        },
        after=after,
    )
    yield Resource(
        ref=ref.child("privateDnsZoneGroups", "default"),
        module=module,
        region=at.region,
        symbol=camel(symbol, "endpoint", "names"),
        why="Writes the address into the zone of private names",
        part=part,
        tagged=False,
        body={
            "properties": {
                "privateDnsZoneConfigs": [
                    {
                        "name": zone.replace(".", "-"),
                        "properties": {"privateDnsZoneId": Id(of=zone_ref(zone))},
                    }
                ]
            }
        },
    )


def names(zone: str, at: Stamp) -> Iterator[Resource]:
    """A zone of private names, in the first region, and its link to the network of this one."""
    ref = zone_ref(zone)
    public = zone.removeprefix("privatelink.")
    yield Resource(
        ref=ref,
        module="network",
        region=at.plan.region,
        symbol=camel(public, "zone"),
        why=f"Inside the network, names under {public} lead to private addresses",
        location="global",
        body={"properties": {}},
    )
    yield Resource(
        ref=ref.child("virtualNetworkLinks", at.name(at.plan.name)),
        module="network",
        region=at.region,
        symbol=camel(public, "zone", "link"),
        why=f"The network asks this zone for names under {public}",
        location="global",
        body={
            "properties": {
                "virtualNetwork": {"id": Id(of=network.network(at))},
                "registrationEnabled": False,
            }
        },
    )


def apps(at: Stamp) -> Iterator[Resource]:
    """How others in the network find the container apps: by an endpoint where the environment has its door at
    a private link, else by the private address that it has itself. It is known when the environment is made,
    so all of this comes after it.

    Source: https://learn.microsoft.com/azure/container-apps/private-endpoints-with-dns
    """
    from seatrial.azure.container_apps import environment  # which is made of what stands here

    if reach.linked_apps(at.plan):
        zone = f"privatelink.{at.region}.azurecontainerapps.io"
        yield from endpoint(environment(at), "managedEnvironments", zone, at, None, "containerApps", "edge")
    else:
        yield from _names_of_apps(environment(at), at)


def _names_of_apps(apps: Ref, at: Stamp) -> Iterator[Resource]:
    """The names of an environment that answers in the network itself: all of them its one address."""
    ref = Ref(type="Microsoft.Network/privateDnsZones", name=Out(of=apps, path="properties.defaultDomain"))
    yield Resource(
        ref=ref,
        module="edge",
        region=at.region,
        symbol="appsZone",
        why="Inside the network, names of container apps lead to the private address of their environment",
        location="global",
        body={"properties": {}},
    )
    yield Resource(
        ref=ref.child("virtualNetworkLinks", at.name(at.plan.name)),
        module="edge",
        region=at.region,
        symbol="appsZoneLink",
        why="The network asks this zone for names of container apps",
        location="global",
        body={
            "properties": {
                "virtualNetwork": {"id": Id(of=network.network(at))},
                "registrationEnabled": False,
            }
        },
    )
    yield Resource(
        ref=ref.child("A", "*"),
        module="edge",
        region=at.region,
        symbol="appsZoneAddress",
        why="The private address of the environment, for every name",
        tagged=False,
        body={
            "properties": {
                "ttl": 300,
                "aRecords": [{"ipv4Address": Out(of=apps, path="properties.staticIp")}],
            }
        },
    )


def _spelt(symbol: str) -> str:
    """`blobsGRS` is `The blobs GRS`."""
    return "The " + re.sub(r"(?<=[a-z])(?=[A-Z])", " ", symbol)
