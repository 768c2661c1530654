"""PostgreSQL Flexible Server: one server for each part and region, with one database of the part's name.

Who signs in by identity shows a token of Microsoft Entra instead of a password. The identity of the job that
brings the schema up to date is the server's Entra administrator; the database roles of all others are made by
that job, in SQL (`select * from pgaadauth_create_principal('api-identity', false, false)`), as Azure has no
resource for them. So there are no role assignments here. A server whose waiting rows are counted for a scale
rule takes passwords besides, for the role that counts; see `counting`.
Source: https://learn.microsoft.com/azure/postgresql/security/security-manage-entra-users

Storage grows by itself and never shrinks. A size that has grown has to be written into the system file before
the next deployment, or Azure refuses it as an attempt to shrink.

Zones are left to Azure, which puts a standby into another zone than the server. A failover swaps the two, and
a template that named them would then ask for what cannot be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from seatrial.azure import counting, identity, network, private, secret
from seatrial.azure.access import Use
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.postgres_settings import settings
from seatrial.azure.postgres_sizes import LARGEST_GIB, machine, nearest, storage_gib
from seatrial.azure.reach import users_of
from seatrial.azure.regions import has_zones, paired_with
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Known, Out, Ref, Text, join
from seatrial.model import Plan, Postgres, Process, Standby

__all__ = [
    "LOGIN",
    "administrator",
    "database",
    "host",
    "ref",
    "replica",
    "resources",
    "rights",
    "variables",
]

LOGIN = "seatrial"
"""The administrator of a server that takes passwords."""

ENDPOINT = ("postgresqlServer", "privatelink.postgres.database.azure.com")
"""Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

MOST_REPLICAS = 5
"""Source: https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas"""

_HIGH_AVAILABILITY: Mapping[Standby, str] = {
    "none": "Disabled",
    "same zone": "SameZone",
    "another zone": "ZoneRedundant",
}


def ref(part: Postgres, at: Stamp) -> Ref:
    """The server."""
    return Ref(
        type="Microsoft.DBforPostgreSQL/flexibleServers", name=at.worldwide(f"{at.plan.name}-{part.name}")
    )


def replica(part: Postgres, number: int, at: Stamp) -> Ref:
    """A server that follows, counted from 1."""
    name = at.worldwide(f"{at.plan.name}-{part.name}-r{number}")
    return Ref(type="Microsoft.DBforPostgreSQL/flexibleServers", name=name)


def database(part: Postgres) -> str:
    """The name of the database."""
    return part.name.replace("-", "_")


def host(part: Postgres, at: Stamp) -> Text:
    """The name under which the server answers on port 5432; the same inside and outside of the network."""
    return Out(of=ref(part, at), path="properties.fullyQualifiedDomainName")


def administrator(part: Postgres, plan: Plan) -> str | None:
    """Whose identity is the Entra administrator: the migration's, or else that of the first who uses it. That
    one then has to make the roles of the others.
    """
    if part.sign_in == "password":
        return None
    if part.migrate is not None:
        return identity.migration(part)
    return next((process.name for process in users_of(part, plan)), None)


def variables(part: Postgres, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: the address, without a password.

    Who signs in by identity is not named in it, as one address serves all: libpq and psycopg take the user
    from PGUSER, which is the name of the process's identity.
    """
    user = f"{LOGIN}@" if part.sign_in == "password" else ""
    url = join("postgresql://", user, host(part, at), f":5432/{database(part)}?sslmode=require")
    return {f"{part.name.upper().replace('-', '_')}_URL": url}


def rights(part: Postgres, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it: read the password, if there is one; see the top for identities."""
    if part.sign_in == "password" and secret.reads_the_vault(process):
        yield secret.password_right(part, process.name, at)


def resources(part: Postgres, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: there is no such machine or disk, or the region has no zones, pair or partner for it.
    """
    if troubles := tuple(_troubles(part, at)):
        raise Refused(troubles)
    if part.network == "subnet":
        yield from private.names(_own_zone(at.plan), at)
    yield _server(part, at)
    replicas = [_replica(part, number, at) for number in range(1, part.replicas + 1)]
    changes = [*_database(part, at), *_configurations(part, at), *replicas]
    yield from _one_after_another(changes)
    if part.network == "private endpoint":
        servers = {camel(part.name, "server"): ref(part, at)}
        servers |= {each.symbol: each.ref for each in replicas}
        done = tuple(each.ref for each in changes[-1:])
        for symbol, of in servers.items():
            yield from private.endpoint(of, *ENDPOINT, at, part.name, symbol, after=done)
    if whose := administrator(part, at.plan):
        yield _administrator(part, whose, at)
    yield from secret.password_resources(part, at)


def _troubles(part: Postgres, at: Stamp) -> Iterator[Trouble]:
    def trouble(what: str, hint: str) -> Trouble:
        return Trouble.about(at.plan, part.name, what, hint)

    size = machine(part)
    if size is None:
        memory = "" if part.memory is None else f" and {part.memory}"
        what = f"no machine of PostgreSQL has {part.cores} cores{memory}"
        yield trouble(what, f"the nearest is {nearest(part).asked()}")
    elif size.tier == "Burstable":
        # https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability and
        # https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
        hint = 'take a machine that is not: cores=2, memory="8 GiB"'
        if part.standby != "none":
            yield trouble(f'standby="{part.standby}": {size.name} is burstable and has no standby', hint)
        if part.replicas:
            yield trouble(f"replicas={part.replicas}: {size.name} is burstable and has no replicas", hint)
    if storage_gib(part.storage) is None:
        what = f"storage={part.storage}: the largest disk of PostgreSQL has {LARGEST_GIB:,} GiB"
        yield trouble(what, 'write "32 TiB" at most; keep old rows in blobs')
    if part.replicas > MOST_REPLICAS:
        what = f"replicas={part.replicas}: Azure makes {MOST_REPLICAS} at most"
        yield trouble(what, f"write replicas={MOST_REPLICAS} at most")
    if part.standby == "another zone" and not has_zones(at.region):
        what = f'standby="another zone": {at.region} has no zones'
        yield trouble(what, 'write standby="same zone", or choose a region with zones')
    if part.geo_backup and paired_with(at.region) is None:
        what = f"geo_backup: {at.region} is paired with no region that could keep the copy"
        yield trouble(what, "leave it out, or choose a region that has a pair")


def _server(part: Postgres, at: Stamp) -> Resource:
    zone = private.zone_ref(_own_zone(at.plan))
    linked = (zone.child("virtualNetworkLinks", at.name(at.plan.name)),)
    return Resource(
        ref=ref(part, at),
        module="data",
        region=at.region,
        symbol=camel(part.name, "server"),
        why=f"Runs PostgreSQL {part.version} for {part.name}, {_beside(part)}",
        part=part.name,
        location=at.region,
        body={
            "sku": _sku(part),
            "properties": {
                "version": str(part.version),
                **_sign_in(part, at.plan),
                "storage": {"storageSizeGB": storage_gib(part.storage), "autoGrow": "Enabled"},
                "backup": {
                    "backupRetentionDays": part.backup_days,
                    "geoRedundantBackup": "Enabled" if part.geo_backup else "Disabled",
                },
                "highAvailability": {"mode": _HIGH_AVAILABILITY[part.standby]},
                "network": _network(part, at),
            },
        },
        after=linked if part.network == "subnet" else (),
    )


def _beside(part: Postgres) -> str:
    beside = {"none": "without a standby", "same zone": "with a standby", "another zone": ""}[part.standby]
    return beside or "with a standby in another zone"


def _sku(part: Postgres) -> dict[str, str]:
    size = machine(part)
    assert size is not None  # _troubles looked
    return {"name": size.name, "tier": size.tier}


def _sign_in(part: Postgres, plan: Plan) -> dict[str, object]:
    """Who takes passwords must have an administrator with one, even if only a role that counts shows any."""
    by_identity = part.sign_in == "identity"
    by_password = not by_identity or counting.needs_role(part, plan)
    administrator = {
        "administratorLogin": LOGIN,
        "administratorLoginPassword": secret.password_value(part),
    }
    return {
        **(administrator if by_password else {}),
        "authConfig": {
            "activeDirectoryAuth": "Enabled" if by_identity else "Disabled",
            "passwordAuth": "Enabled" if by_password else "Disabled",
            **({"tenantId": Known(what="tenant")} if by_identity else {}),
        },
    }


def _network(part: Postgres, at: Stamp) -> dict[str, object]:
    if part.network == "private endpoint":
        return {"publicNetworkAccess": "Disabled"}
    return {  # publicNetworkAccess does not apply to a server in a subnet of its own
        "delegatedSubnetResourceId": Id(of=network.subnet("data", at)),
        "privateDnsZoneArmResourceId": Id(of=private.zone_ref(_own_zone(at.plan))),
    }


def _own_zone(plan: Plan) -> str:
    """The zone of names of servers in a subnet of their own, one for the system.

    Source: https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private
    """
    return f"{plan.name}.private.postgres.database.azure.com"


def _database(part: Postgres, at: Stamp) -> Iterator[Resource]:
    if database(part) == "postgres":  # every server has it
        return
    yield Resource(
        ref=ref(part, at).child("databases", database(part)),
        module="data",
        region=at.region,
        symbol=camel(part.name, "database"),
        why=f"The database of {part.name}",
        part=part.name,
        tagged=False,
        body={"properties": {"charset": "UTF8", "collation": "en_US.utf8"}},
    )


def _configurations(part: Postgres, at: Stamp) -> Iterator[Resource]:
    for name, (value, why) in settings(part, at.plan).items():
        yield Resource(
            ref=ref(part, at).child("configurations", name),
            module="data",
            region=at.region,
            symbol=camel(part.name, *name.split("_")),
            why=why,
            part=part.name,
            tagged=False,
            body={"properties": {"value": value, "source": "user-override"}},
        )


def _replica(part: Postgres, number: int, at: Stamp) -> Resource:
    return Resource(
        ref=replica(part, number, at),
        module="data",
        region=at.region,
        symbol=camel(part.name, f"replica{number}"),
        why=f"Follows {part.name} and answers those who only read",
        part=part.name,
        location=at.region,
        body={
            "sku": _sku(part),
            "properties": {
                "createMode": "Replica",
                "sourceServerResourceId": Id(of=ref(part, at)),
                "network": _network(part, at),
            },
        },
    )


def _administrator(part: Postgres, whose: str, at: Stamp) -> Resource:
    who = identity.ref(whose, at)
    return Resource(
        ref=ref(part, at).child("administrators", Out(of=who, path="properties.principalId")),
        module="access",
        region=at.region,
        symbol=camel(part.name, "administrator"),
        why=f"{whose} administers {part.name}, and makes the roles of all others in it",
        part=part.name,
        tagged=False,
        body={
            "properties": {
                "principalName": who.name,
                "principalType": "ServicePrincipal",
                "tenantId": Known(what="tenant"),
            }
        },
    )


def _one_after_another(made: Iterable[Resource]) -> Iterator[Resource]:
    """A server takes one change at a time, and refuses another while it is busy with one."""
    before: tuple[Ref, ...] = ()
    for each in made:
        yield replace(each, after=before)
        before = (each.ref,)
