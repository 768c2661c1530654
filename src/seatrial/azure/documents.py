"""Cosmos DB: one account for each part, in all regions of the system, with one database and one container.

The account is the part's own, so that its backup and the way it is paid for are too, and so that a right on
it is a right on nothing else. Every region reads from its own copy; all write into the first, and into the
next when the first is down. Consistency is that of a session: a client reads what it wrote.
Source: https://learn.microsoft.com/azure/cosmos-db/distribute-data-globally

Its private endpoint is in the first region, as a system has one zone of private names; other regions come to
it through the joined networks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure import identity, private
from seatrial.azure.access import Use, use_of
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import users_of
from seatrial.azure.regions import has_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Guid, Id, Out, Ref, Text, join
from seatrial.model import BackupReach, Documents, Process

__all__ = ["account", "container", "resources", "rights", "variables"]

ENDPOINT = ("Sql", "privatelink.documents.azure.com")
"""Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

READER = "00000000-0000-0000-0000-000000000001"
CONTRIBUTOR = "00000000-0000-0000-0000-000000000002"
"""The built-in roles of the data plane, made with every account.
Source: https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security"""

_BACKUP: Mapping[BackupReach, str] = {"7 days": "Continuous7Days", "30 days": "Continuous30Days"}


def account(part: Documents, at: Stamp) -> Ref:
    """The account: one for all regions, wherever one asks from."""
    first = Stamp(plan=at.plan, region=at.plan.region)
    name = first.worldwide(f"{at.plan.name}-{part.name}", 44)
    return Ref(type="Microsoft.DocumentDB/databaseAccounts", name=name)


def container(part: Documents, at: Stamp) -> Ref:
    return account(part, at).child("sqlDatabases", part.name).child("containers", part.name)


def variables(part: Documents, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: the address of the account, then the name of database and container alike."""
    endpoint = Out(of=account(part, at), path="properties.documentEndpoint")  # ends with a slash
    return {f"{part.name.upper().replace('-', '_')}_URL": join(endpoint, part.name)}


def rights(part: Documents, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it, in the role system of Cosmos DB's own data plane. An account takes one
    assignment at a time, those of other regions included: each waits for the one before.

    Source: https://github.com/hashicorp/terraform-provider-azurerm/issues/17233
    """
    of, who = account(part, at), identity.ref(process.name, at)
    role, does = _role(use)
    yield Resource(
        ref=_assignment(part, process, at),
        module="access",
        region=at.region,
        symbol=camel(process.name, "uses", part.name),
        why=f"{process.name} {does} {part.name}",
        part=part.name,
        tagged=False,
        body={
            "properties": {
                "principalId": Out(of=who, path="properties.principalId"),
                "roleDefinitionId": join(Id(of=of), f"/sqlRoleDefinitions/{role}"),
                "scope": Id(of=of),
            }
        },
        after=tuple(_before(part, process, at)),
    )


def _before(part: Documents, process: Process, at: Stamp) -> Iterator[Ref]:
    """The assignment before a process's own: of the process before, or of the last in the region before."""
    users = users_of(part, at.plan)
    place = [each.name for each in users].index(process.name)
    if place:
        yield _assignment(part, users[place - 1], at)
    elif at.number:
        region = at.plan.regions[at.number - 1]
        yield _assignment(part, users[-1], Stamp(plan=at.plan, region=region))


def _role(use: Use) -> tuple[str, str]:
    return (READER, "reads") if use == "reads" else (CONTRIBUTOR, "reads and writes")


def _assignment(part: Documents, process: Process, at: Stamp) -> Ref:
    of, role = account(part, at), _role(use_of(process, part))[0]
    pieces = (Id(of=of), Id(of=identity.ref(process.name, at)), role)
    return of.child("sqlRoleAssignments", Guid(pieces=pieces))


def resources(part: Documents, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: it is paid by the request, which an account in several regions cannot be.
    """
    regions = at.plan.regions
    if part.throughput is None and len(regions) > 1:
        # https://learn.microsoft.com/azure/cosmos-db/serverless
        what = f"paid by the request (serverless), it can be in one region only, not in {len(regions)}"
        hint = "say the most request units a second that it may need: throughput=4000"
        raise Refused([Trouble.about(at.plan, part.name, what, hint)])
    symbol = camel(part.name, "account")
    yield _account(part, at, symbol)
    database = account(part, at).child("sqlDatabases", part.name)
    yield Resource(
        ref=database,
        module="data",
        region=at.region,
        symbol=camel(part.name, "database"),
        why=f"The database of {part.name}",
        part=part.name,
        location=at.region,
        body={"properties": {"resource": {"id": part.name}}},
    )
    yield _container(part, at)
    done = (container(part, at),)
    yield from private.endpoint(account(part, at), *ENDPOINT, at, part.name, symbol, after=done)


def _account(part: Documents, at: Stamp, symbol: str) -> Resource:
    serverless = {"capabilities": [{"name": "EnableServerless"}]} if part.throughput is None else {}
    return Resource(
        ref=account(part, at),
        module="data",
        region=at.region,
        symbol=symbol,
        why=f"Keeps {part.name} in Cosmos DB; opened by identity only, and from inside the network only",
        part=part.name,
        location=at.region,
        body={
            "kind": "GlobalDocumentDB",
            "properties": {
                "databaseAccountOfferType": "Standard",
                "locations": [
                    {
                        "locationName": region,
                        "failoverPriority": order,
                        "isZoneRedundant": has_zones(region),
                    }
                    for order, region in enumerate(at.plan.regions)
                ],
                **serverless,
                "consistencyPolicy": {"defaultConsistencyLevel": "Session"},
                "enableMultipleWriteLocations": False,
                "enableAutomaticFailover": len(at.plan.regions) > 1,
                "backupPolicy": {
                    "type": "Continuous",
                    "continuousModeProperties": {"tier": _BACKUP[part.backup]},
                },
                "disableLocalAuth": True,
                "disableKeyBasedMetadataWriteAccess": True,
                "minimalTlsVersion": "Tls12",
                "publicNetworkAccess": "Disabled",
                "networkAclBypass": "None",
            },
        },
    )


def _container(part: Documents, at: Stamp) -> Resource:
    held: dict[str, object] = {
        "id": part.name,
        "partitionKey": {"kind": "Hash", "paths": [part.partition], "version": 2},
    }
    if part.expire_after is not None:
        held["defaultTtl"] = int(part.expire_after.seconds)
    options = {}
    if part.throughput is not None:
        options = {"options": {"autoscaleSettings": {"maxThroughput": part.throughput}}}
    return Resource(
        ref=container(part, at),
        module="data",
        region=at.region,
        symbol=camel(part.name, "documents"),
        why=f"The documents of {part.name}, kept together by {part.partition}",
        part=part.name,
        location=at.region,
        body={"properties": {"resource": held, **options}},
    )
