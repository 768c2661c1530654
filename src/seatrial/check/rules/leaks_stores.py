"""Will it leak: stores of data, who reaches them and by what key.

What is not set counts by Azure's default, named beside each rule with its source where it is not that of the
rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.reading import each_in, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things

ACCOUNT = "Microsoft.Storage/storageAccounts"
POSTGRES = "Microsoft.DBforPostgreSQL/flexibleServers"
COSMOS = "Microsoft.DocumentDB/databaseAccounts"
MANAGED_REDIS = "Microsoft.Cache/redisEnterprise"
OLD_REDIS = "Microsoft.Cache/redis"

ANY = "0.0.0.0"  # noqa: S104  # no binding: how firewall rules say every machine on Azure


@thing_rule(
    "storage-shared-keys",
    types=(ACCOUNT,),
    severity="error",
    family="leaks",
    title="A storage account takes shared keys",
    why="Whoever has a key may do everything to all blobs, and nobody sees who it was; unset means allowed.",
    source="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
    bad="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos", "properties": {}}""",
    good="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos",
 "properties": {"allowSharedKeyAccess": false}}""",
)
def storage_shared_keys(thing: Thing, things: Things) -> Iterator[Found]:
    """Source of the default: ARM schema Microsoft.Storage 2026-04-01."""
    if thing.or_default("properties.allowSharedKeyAccess", True) is True:
        yield Found(what="shared keys are allowed", fix='"allowSharedKeyAccess": false')


@thing_rule(
    "storage-public-network",
    types=(ACCOUNT,),
    severity="warning",
    family="leaks",
    title="A storage account answers everybody on the internet",
    why="One leaked key or wide right is then enough to read all of it from anywhere.",
    source="https://learn.microsoft.com/azure/storage/common/storage-network-security",
    bad="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos",
 "properties": {"networkAcls": {"defaultAction": "Allow"}}}""",
    good="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos",
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def storage_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    """By default any network is let in."""
    if public(thing) and said(thing, "properties.networkAcls.defaultAction", "Allow") == "allow":
        yield Found(what="any network is let in", fix='"publicNetworkAccess": "Disabled"')


@thing_rule(
    "storage-anonymous-blobs",
    types=(ACCOUNT, f"{ACCOUNT}/blobServices/containers"),
    severity="error",
    family="leaks",
    title="Blobs may be read without signing in",
    why="Whoever guesses or is told an address reads the blob, and search engines guess well.",
    source="https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent",
    bad="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos",
 "properties": {"allowBlobPublicAccess": true}}""",
    good="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos",
 "properties": {"allowBlobPublicAccess": false}}""",
)
def storage_anonymous_blobs(thing: Thing, things: Things) -> Iterator[Found]:
    """Both are closed by default. Source: ARM schema Microsoft.Storage 2026-04-01."""
    if thing.at("properties.allowBlobPublicAccess") is True:
        yield Found(
            what="containers may be opened to anonymous readers", fix='"allowBlobPublicAccess": false'
        )
    level = thing.at("properties.publicAccess")
    if isinstance(level, str) and level.lower() in ("blob", "container"):
        yield Found(what=f"publicAccess is {level}: anybody reads it", fix='"publicAccess": "None"')


@thing_rule(
    "storage-old-tls",
    types=(ACCOUNT,),
    severity="error",
    family="leaks",
    title="A storage account takes TLS older than 1.2, or no TLS",
    why="Older TLS can be read on the way; an account without a minimum counts as taking TLS 1.0.",
    source="https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version",
    bad="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos", "properties": {}}""",
    good="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos",
 "properties": {"minimumTlsVersion": "TLS1_2", "supportsHttpsTrafficOnly": true}}""",
)
def storage_old_tls(thing: Thing, things: Things) -> Iterator[Found]:
    """Source of the defaults: ARM schema Microsoft.Storage 2026-04-01."""
    minimum = thing.or_default("properties.minimumTlsVersion", "TLS1_0")
    if minimum in ("TLS1_0", "TLS1_1"):
        unset = ", as no minimum is set" if thing.lacks("properties.minimumTlsVersion") else ""
        yield Found(
            what=f"{minimum.replace('TLS1_', 'TLS 1.')} is taken{unset}", fix='"minimumTlsVersion": "TLS1_2"'
        )
    if thing.at("properties.supportsHttpsTrafficOnly") is False:
        yield Found(what="plain HTTP is taken", fix='"supportsHttpsTrafficOnly": true')


@thing_rule(
    "postgres-public-network",
    types=(POSTGRES,),
    severity="warning",
    family="leaks",
    title="A PostgreSQL server has a public address",
    why="Only its firewall rules and passwords stand between it and all who scan for port 5432.",
    source="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private-link",
    bad="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "properties": {"network": {"publicNetworkAccess": "Enabled"}}}""",
    good="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "properties": {"network": {"publicNetworkAccess": "Disabled"}}}""",
)
def postgres_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    """A server in a subnet of its own has no public address; otherwise it is there unless refused."""
    inside = not thing.lacks("properties.network.delegatedSubnetResourceId")
    if not inside and public(thing, "properties.network.publicNetworkAccess"):
        yield Found(what="it can be reached from the internet", fix='"publicNetworkAccess": "Disabled"')


@thing_rule(
    "postgres-without-tls",
    types=(f"{POSTGRES}/configurations",),
    severity="error",
    family="leaks",
    title="A PostgreSQL server takes connections without TLS, or with an old one",
    why="Passwords and rows can then be read on the way.",
    source="https://learn.microsoft.com/azure/postgresql/security/security-tls",
    bad="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
 "name": "orders/require_secure_transport", "properties": {"value": "off"}}""",
    good="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
 "name": "orders/require_secure_transport", "properties": {"value": "on"}}""",
)
def postgres_without_tls(thing: Thing, things: Things) -> Iterator[Found]:
    """Both are safe by default: on, and TLSv1.2."""
    value = text(thing, "properties.value").lower()
    if thing.called == "require_secure_transport" and value in ("off", "false", "0"):
        yield Found(what=f"require_secure_transport is {value}", fix='"value": "on"')
    if thing.called == "ssl_min_protocol_version" and value in ("tlsv1", "tlsv1.0", "tlsv1.1"):
        yield Found(what=f"ssl_min_protocol_version is {value}", fix='"value": "TLSv1.2"')


@thing_rule(
    "postgres-passwords",
    types=(POSTGRES,),
    severity="note",
    family="leaks",
    title="A PostgreSQL server takes passwords only",
    why="A password is copied, holds for years and says nobody's name; the token of an identity does not.",
    source="https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts",
    bad="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", sign_in="password")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.postgres("orders")
""",
)
def postgres_passwords(thing: Thing, things: Things) -> Iterator[Found]:
    """By default passwords are taken, and nothing else. Beside identities they are for those without."""
    by_identity = said(thing, "properties.authConfig.activeDirectoryAuth", "Disabled") != "disabled"
    if not by_identity and said(thing, "properties.authConfig.passwordAuth", "Enabled") == "enabled":
        ours = 'sign_in="identity"; leave it where those who sign in have none, as Temporal'
        theirs = '"passwordAuth": "Disabled", "activeDirectoryAuth": "Enabled"'
        yield Found(what="clients sign in by password only", fix=ours if thing.part else theirs)


_FIREWALLS = (
    f"{POSTGRES}/firewallRules",
    "Microsoft.DBforMySQL/flexibleServers/firewallRules",
    "Microsoft.Sql/servers/firewallRules",
    f"{OLD_REDIS}/firewallRules",
)


@thing_rule(
    "database-open-to-all",
    types=(*_FIREWALLS, COSMOS),
    severity="error",
    family="leaks",
    title="The firewall of a database lets everybody in, or every customer of Azure",
    why="0.0.0.0 alone means any machine on Azure, those of strangers too; up to 255.255.255.255, the world.",
    source="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public",
    bad="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules", "name": "orders/azure",
 "properties": {"startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0"}}""",
    good="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules", "name": "orders/office",
 "properties": {"startIpAddress": "203.0.113.7", "endIpAddress": "203.0.113.7"}}""",
)
def database_open_to_all(thing: Thing, things: Things) -> Iterator[Found]:
    """Of Cosmos DB: https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall"""
    start, end = (
        text(thing, f"properties.{first}") or text(thing, f"properties.{second}")
        for first, second in (("startIpAddress", "startIP"), ("endIpAddress", "endIP"))
    )
    instead = "a private endpoint, or the addresses of those who may"
    if start == end == ANY:
        yield Found(what="0.0.0.0 lets in every machine on Azure, those of strangers too", fix=instead)
    elif start and end and _wide(start, end):
        yield Found(what=f"{start} to {end} lets in most of the internet", fix=instead)
    for each in each_in(thing, "properties.ipRules"):
        address = text(each, "ipAddressOrRange")
        if address == ANY or address.endswith("/0"):
            yield Found(what=f"{address} lets in machines of strangers", fix=instead)


def _wide(start: str, end: str) -> bool:
    """Whether a range has more addresses than a /8."""
    try:
        first, last = (int(address.split(".")[0]) for address in (start, end))
    except ValueError:
        return False
    return last - first > 1


@thing_rule(
    "cosmos-keys",
    types=(COSMOS,),
    severity="error",
    family="leaks",
    title="Cosmos DB takes account keys",
    why="Whoever has a key may do everything to all data, and nobody sees who it was; unset means allowed.",
    source="https://learn.microsoft.com/azure/cosmos-db/how-to-connect-role-based-access-control",
    bad="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "results", "properties": {}}""",
    good="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "results",
 "properties": {"disableLocalAuth": true}}""",
)
def cosmos_keys(thing: Thing, things: Things) -> Iterator[Found]:
    """Only the SQL interface signs in by identity; accounts of the others need their keys."""
    capabilities = {text(each, "name") for each in each_in(thing, "properties.capabilities")}
    others = text(thing, "kind") == "MongoDB" or bool(capabilities & _OTHER_INTERFACES)
    if others or thing.unknown("properties.capabilities"):
        return
    if thing.or_default("properties.disableLocalAuth", False) is False:
        yield Found(what="account keys are allowed", fix='"disableLocalAuth": true')


_OTHER_INTERFACES = {"EnableMongo", "EnableCassandra", "EnableTable", "EnableGremlin"}


@thing_rule(
    "cosmos-public-network",
    types=(COSMOS,),
    severity="warning",
    family="leaks",
    title="Cosmos DB answers everybody on the internet",
    why="One leaked key is then enough to read all of it from anywhere.",
    source="https://learn.microsoft.com/azure/cosmos-db/how-to-configure-private-endpoints",
    bad="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "results", "properties": {}}""",
    good="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "results",
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def cosmos_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    """A list of addresses or networks closes it to the rest."""
    limits = ("properties.ipRules", "properties.virtualNetworkRules")
    limited = any(thing.unknown(path) or thing.at(path) for path in limits)
    if not limited and public(thing):
        yield Found(what="any network is let in", fix='"publicNetworkAccess": "Disabled"')


@thing_rule(
    "redis-keys",
    types=(f"{MANAGED_REDIS}/databases", OLD_REDIS),
    severity="error",
    family="leaks",
    title="A Redis cache takes access keys",
    why="Whoever has the key reads sessions and answers of all users; an identity's right can be taken back.",
    source="https://learn.microsoft.com/azure/redis/entra-for-authentication",
    bad="""{"type": "Microsoft.Cache/redisEnterprise/databases", "name": "cache/default",
 "properties": {"accessKeysAuthentication": "Enabled"}}""",
    good="""{"type": "Microsoft.Cache/redisEnterprise/databases", "name": "cache/default",
 "properties": {"accessKeysAuthentication": "Disabled"}}""",
)
def redis_keys(thing: Thing, things: Things) -> Iterator[Found]:
    """Of Managed Redis only what is said counts; the older product takes them by default."""
    if said(thing, "properties.accessKeysAuthentication", "Disabled") == "enabled":
        yield Found(what="access keys are allowed", fix='"accessKeysAuthentication": "Disabled"')
    old = thing.type.lower() == OLD_REDIS.lower()
    if old and thing.or_default("properties.disableAccessKeyAuthentication", False) is False:
        yield Found(what="access keys are allowed", fix='"disableAccessKeyAuthentication": true')


@thing_rule(
    "redis-plain",
    types=(f"{MANAGED_REDIS}/databases", OLD_REDIS),
    severity="error",
    family="leaks",
    title="A Redis cache takes connections without TLS, or with an old one",
    why="Keys and values go over the network as they are.",
    source="https://learn.microsoft.com/azure/azure-cache-for-redis/cache-remove-tls-10-11",
    bad="""{"type": "Microsoft.Cache/redisEnterprise/databases", "name": "cache/default",
 "properties": {"clientProtocol": "Plaintext"}}""",
    good="""{"type": "Microsoft.Cache/redisEnterprise/databases", "name": "cache/default",
 "properties": {"clientProtocol": "Encrypted"}}""",
)
def redis_plain(thing: Thing, things: Things) -> Iterator[Found]:
    """Managed Redis is encrypted by default, and knows no TLS below 1.2.

    Source: ARM schema Microsoft.Cache 2025-07-01.
    """
    if text(thing, "properties.clientProtocol") == "Plaintext":
        yield Found(what="clients connect without TLS", fix='"clientProtocol": "Encrypted"')
    if thing.at("properties.enableNonSslPort") is True:
        yield Found(what="port 6379 answers without TLS", fix='"enableNonSslPort": false')
    if text(thing, "properties.minimumTlsVersion") in ("1.0", "1.1"):
        yield Found(
            what=f"TLS {text(thing, 'properties.minimumTlsVersion')} is taken",
            fix='"minimumTlsVersion": "1.2"',
        )


@thing_rule(
    "redis-public-network",
    types=(MANAGED_REDIS, OLD_REDIS),
    severity="warning",
    family="leaks",
    title="A Redis cache has a public address",
    why="A cache holds what the database guards, and is scanned for as eagerly.",
    source="https://learn.microsoft.com/azure/redis/private-link",
    bad="""{"type": "Microsoft.Cache/redisEnterprise", "name": "cache",
 "properties": {"publicNetworkAccess": "Enabled"}}""",
    good="""{"type": "Microsoft.Cache/redisEnterprise", "name": "cache",
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def redis_public_network(thing: Thing, things: Things) -> Iterator[Found]:
    """One that stands in a subnet, as the older Premium can, has no public address."""
    if thing.lacks("properties.subnetId") and public(thing):
        yield Found(what="it can be reached from the internet", fix='"publicNetworkAccess": "Disabled"')


def said(thing: Thing, path: str, default: str) -> str:
    """What is set, in lower case, or Azure's default; empty: not known."""
    value = thing.or_default(path, default)
    return value.lower() if isinstance(value, str) else ""


def public(thing: Thing, path: str = "properties.publicNetworkAccess") -> bool:
    """Whether the internet reaches it: by default it does."""
    return said(thing, path, "Enabled") in ("enabled", "") and not thing.unknown(path)
