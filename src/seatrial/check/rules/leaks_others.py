"""Will it leak: services that no part of a system is made of, and that many templates have."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.reading import text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.rules.leaks_secrets import settings
from seatrial.check.rules.leaks_stores import COSMOS, public
from seatrial.check.thing import Thing, Things

SQL = "Microsoft.Sql/servers"
MYSQL = "Microsoft.DBforMySQL/flexibleServers"
MACHINES = "Microsoft.Compute/virtualMachines"


@thing_rule(
    "sql-server-public",
    types=(SQL, MYSQL),
    severity="warning",
    family="leaks",
    title="A server of SQL Server or MySQL has a public address",
    why="Only its firewall rules and passwords stand between it and all who scan for databases.",
    source="https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings",
    bad="""{"type": "Microsoft.Sql/servers", "name": "orders", "properties": {}}""",
    good="""{"type": "Microsoft.Sql/servers", "name": "orders",
 "properties": {"publicNetworkAccess": "Disabled"}}""",
)
def sql_server_public(thing: Thing, things: Things) -> Iterator[Found]:
    """A MySQL server in a subnet of its own has no public address."""
    within = "properties.network." if thing.type.lower() == MYSQL.lower() else "properties."
    if thing.lacks(f"{within}delegatedSubnetResourceId") and public(thing, f"{within}publicNetworkAccess"):
        yield Found(what="it can be reached from the internet", fix='"publicNetworkAccess": "Disabled"')


@thing_rule(
    "store-old-tls",
    types=(SQL, COSMOS, "Microsoft.EventGrid/topics", "Microsoft.EventGrid/domains"),
    severity="error",
    family="leaks",
    title="A store takes TLS older than 1.2",
    why="Older TLS can be read on the way, keys and rows included.",
    source="https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings",
    bad="""{"type": "Microsoft.Sql/servers", "name": "orders",
 "properties": {"publicNetworkAccess": "Disabled", "minimalTlsVersion": "1.0"}}""",
    good="""{"type": "Microsoft.Sql/servers", "name": "orders",
 "properties": {"publicNetworkAccess": "Disabled", "minimalTlsVersion": "1.2"}}""",
)
def store_old_tls(thing: Thing, things: Things) -> Iterator[Found]:
    """Only what is said counts: the defaults were raised over the years."""
    for name in ("minimalTlsVersion", "minimumTlsVersionAllowed"):
        value = text(thing, f"properties.{name}")
        if value in ("None", "1.0", "1.1", "Tls", "Tls11"):
            safe = "Tls12" if value.startswith("Tls") else "1.2"
            yield Found(what=f"{name} is {value}", fix=f'"{name}": "{safe}"')


@thing_rule(
    "service-shared-keys",
    types=(
        "Microsoft.AppConfiguration/configurationStores",
        "Microsoft.EventGrid/topics",
        "Microsoft.EventGrid/domains",
        "Microsoft.Search/searchServices",
        "Microsoft.SignalRService/signalR",
        "Microsoft.SignalRService/webPubSub",
    ),
    severity="warning",
    family="leaks",
    title="A service takes shared keys",
    why="Whoever has a key may do everything with it, and nobody sees who it was; unset means allowed.",
    source="https://learn.microsoft.com/security/benchmark/azure/mcsb-identity-management",
    bad="""{"type": "Microsoft.Search/searchServices", "name": "search", "properties": {}}""",
    good="""{"type": "Microsoft.Search/searchServices", "name": "search",
 "properties": {"disableLocalAuth": true}}""",
)
def service_shared_keys(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.or_default("properties.disableLocalAuth", False) is False:
        yield Found(what="shared keys are allowed", fix='"disableLocalAuth": true')


@thing_rule(
    "machine-takes-passwords",
    types=(MACHINES, "Microsoft.Compute/virtualMachineScaleSets"),
    severity="warning",
    family="leaks",
    title="A Linux machine lets in whoever knows a password",
    why="Passwords are tried by the million wherever SSH answers; a key is not guessed.",
    source="https://learn.microsoft.com/azure/virtual-machines/linux/mac-create-ssh-keys",
    bad="""{"type": "Microsoft.Compute/virtualMachines", "name": "jump", "properties": {"osProfile":
 {"adminUsername": "azureuser", "linuxConfiguration": {"disablePasswordAuthentication": false}}}}""",
    good="""{"type": "Microsoft.Compute/virtualMachines", "name": "jump", "properties": {"osProfile":
 {"adminUsername": "azureuser", "linuxConfiguration": {"disablePasswordAuthentication": true}}}}""",
)
def machine_takes_passwords(thing: Thing, things: Things) -> Iterator[Found]:
    """Told where the template says so; the default is to take them, for Linux as for Windows."""
    for path in ("properties.osProfile", "properties.virtualMachineProfile.osProfile"):
        name = f"{path}.linuxConfiguration"
        if thing.says(name) and thing.or_default(f"{name}.disablePasswordAuthentication", False) is False:
            yield Found(what="passwords are taken", fix='"disablePasswordAuthentication": true')


@thing_rule(
    "debugging-in-production",
    types=("Microsoft.ContainerInstance/containerGroups", "Microsoft.App/containerApps"),
    severity="note",
    family="leaks",
    title="A process is told to run as in development",
    why="Debug pages show source, settings and secrets to whoever makes them fail.",
    source="https://learn.microsoft.com/azure/well-architected/security/harden-resources",
    bad="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"template":
 {"containers": [{"name": "shop", "env": [{"name": "FLASK_DEBUG", "value": "1"}]}]}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"template":
 {"containers": [{"name": "shop", "env": [{"name": "FLASK_DEBUG", "value": "0"}]}]}}}""",
)
def debugging_in_production(thing: Thing, things: Things) -> Iterator[Found]:
    for name, value in settings(thing):
        on = isinstance(value, str) and value.lower() in ("1", "true", "yes", "on", "development")
        if on and name.upper() in _DEBUGGING:
            yield Found(what=f"{name} is {value}", fix=f"take {name} out, or say 0")


_DEBUGGING = (
    "DEBUG",
    "FLASK_DEBUG",
    "DJANGO_DEBUG",
    "FLASK_ENV",
    "NODE_ENV",
    "ASPNETCORE_ENVIRONMENT",
    "RAILS_ENV",
)
"""Variables by which well-known frameworks show what failed."""
