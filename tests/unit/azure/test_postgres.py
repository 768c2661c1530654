from itertools import pairwise
from typing import Any

import pytest

from seatrial.azure import compile, postgres
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Known, Out, Parameter, Ref, plain
from seatrial.model import Plan, System, backlog

SERVERS = "Microsoft.DBforPostgreSQL/flexibleServers"


def plan(region: str = "eastus2", also_in: tuple[str, ...] = (), **said: Any) -> Plan:
    """A database that two processes use."""
    system = System("shop", region=region, also_in=also_in)
    orders = system.postgres("order-book", **{"cores": 2, "storage": "32 GiB", **said})
    system.service("web", "serve", port=8000, health="/health", uses=[orders])
    system.worker("packer", "pack", reads=[orders])
    return system.plan()


def shop(region: str = "eastus2", also_in: tuple[str, ...] = (), **said: Any) -> Graph:
    return compile.graph(plan(region, also_in, **said))


def server(**said: Any) -> dict[str, Any]:
    """The body of the server."""
    [made] = shop(**said).of(SERVERS)
    return dict(made.body)


def settings(graph: Graph) -> dict[str, str]:
    return {
        str(each.ref.name): each.body["properties"]["value"] for each in graph.of(f"{SERVERS}/configurations")
    }


# -- machines and disks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cores", "memory", "machine"),
    [
        (1, None, "Standard_B1ms Burstable"),
        (1, "2 GiB", "Standard_B1ms Burstable"),
        (2, None, "Standard_D2ds_v5 GeneralPurpose"),
        (2, "4 GiB", "Standard_B2s Burstable"),
        (2, "8 GiB", "Standard_D2ds_v5 GeneralPurpose"),
        (2, "9 GiB", "Standard_E2ds_v5 MemoryOptimized"),
        (4, "16 GiB", "Standard_D4ds_v5 GeneralPurpose"),
        (4, "32 GiB", "Standard_E4ds_v5 MemoryOptimized"),
        (20, None, "Standard_E20ds_v5 MemoryOptimized"),
        (96, "500 GiB", "Standard_E96ds_v5 MemoryOptimized"),
        (192, None, "Standard_D192ds_v6 GeneralPurpose"),
    ],
)
def test_the_machine_is_the_smallest_with_these_cores_and_so_much_memory(
    cores: int, memory: str | None, machine: str
) -> None:
    sku = server(cores=cores, memory=memory)["sku"]
    assert f"{sku['name']} {sku['tier']}" == machine


@pytest.mark.parametrize(
    ("cores", "memory", "nearest"),
    [
        (3, None, 'cores=4, memory="16 GiB"'),
        (1, "4 GiB", 'cores=2, memory="4 GiB"'),
        (2, "64 GiB", 'cores=8, memory="64 GiB"'),
        (192, "4 TiB", 'cores=192, memory="1832 GiB"'),
    ],
)
def test_a_machine_that_does_not_exist_is_refused_with_the_nearest(
    cores: int, memory: str | None, nearest: str
) -> None:
    with pytest.raises(Refused) as refused:
        shop(cores=cores, memory=memory)
    [trouble] = refused.value.troubles
    assert (trouble.part, trouble.hint) == ("order-book", f"the nearest is {nearest}")
    assert trouble.place.file.endswith("test_postgres.py")


@pytest.mark.parametrize(
    ("asked", "gib"),
    [
        ("1 GB", 32),
        ("32 GiB", 32),
        ("33 GiB", 64),
        ("100 GB", 128),
        ("4 TB", 4095),  # 3,725 GiB; the disk of 4,095 GiB is the last that the host caches
        ("4 TiB", 4096),
        ("20 TiB", 32767),
        ("32 TiB", 32767),
    ],
)
def test_storage_is_rounded_up_to_a_disk_and_grows_by_itself(asked: str, gib: int) -> None:
    storage = server(storage=asked)["properties"]["storage"]
    assert storage == {"storageSizeGB": gib, "autoGrow": "Enabled"}


def test_more_than_the_largest_disk_is_refused() -> None:
    with pytest.raises(Refused, match="the largest disk of PostgreSQL has 32,767 GiB"):
        shop(storage="33 TiB")


# -- standby, backup, replicas --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standby", "mode"),
    [("none", "Disabled"), ("same zone", "SameZone"), ("another zone", "ZoneRedundant")],
)
def test_a_standby_is_high_availability_and_the_zones_are_left_to_azure(standby: str, mode: str) -> None:
    said = server(standby=standby)["properties"]
    assert said["highAvailability"] == {"mode": mode}
    assert "availabilityZone" not in said


def test_backups_reach_back_and_abroad() -> None:
    said = server(backup_days=35, geo_backup=True)["properties"]
    assert said["backup"] == {"backupRetentionDays": 35, "geoRedundantBackup": "Enabled"}


def test_replicas_follow_the_server_one_after_another_each_with_an_endpoint() -> None:
    graph = shop(replicas=2)
    first, *replicas = graph.of(SERVERS)
    assert [each.body["properties"]["createMode"] for each in replicas] == ["Replica", "Replica"]
    assert {each.body["properties"]["sourceServerResourceId"] for each in replicas} == {Id(of=first.ref)}
    assert replicas[0].ref in replicas[1].needs
    led_to = {
        each.body["properties"]["privateLinkServiceConnections"][0]["properties"]["privateLinkServiceId"].of
        for each in graph.of("Microsoft.Network/privateEndpoints")
    }
    assert {each.ref for each in (first, *replicas)} <= led_to


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"cores": 1, "standby": "same zone"}, "Standard_B1ms is burstable and has no standby"),
        ({"memory": "4 GiB", "replicas": 1}, "Standard_B2s is burstable and has no replicas"),
        ({"replicas": 6}, "Azure makes 5 at most"),
        ({"region": "westus", "standby": "another zone"}, "westus has no zones"),
        ({"region": "spaincentral", "geo_backup": True}, "spaincentral is paired with no region"),
    ],
)
def test_what_azure_would_refuse_is_refused_before(said: dict[str, Any], what: str) -> None:
    with pytest.raises(Refused, match=what):
        shop(**said)


def test_all_that_is_wrong_with_a_server_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        shop(region="westus", cores=3, storage="40 TiB", standby="another zone")
    assert len(refused.value.troubles) == 3


# -- database and settings ------------------------------------------------------------------------------


def test_the_database_has_the_name_of_the_part() -> None:
    [made] = shop().of(f"{SERVERS}/databases")
    assert made.ref.name == "order_book"


def test_a_database_that_every_server_has_is_not_made_again() -> None:
    system = System("shop")
    system.postgres("postgres", storage="32 GiB")
    assert not compile.graph(system.plan()).of(f"{SERVERS}/databases")


def test_extensions_are_allowed_and_vector_needs_no_library() -> None:
    said = settings(shop(extensions=["vector", "uuid-ossp"]))
    assert said["azure.extensions"] == "vector,uuid-ossp"
    assert "shared_preload_libraries" not in said


def test_a_library_that_an_extension_needs_is_loaded_beside_those_of_azure() -> None:
    said = settings(shop(extensions=["pg_partman", "pgaudit"]))
    assert said["shared_preload_libraries"] == "pg_cron,pg_stat_statements,pg_partman_bgw,pgaudit"


def test_a_server_refuses_connections_without_tls() -> None:
    said = settings(shop())
    assert said == {"require_secure_transport": "on", "ssl_min_protocol_version": "TLSv1.2"}


def test_a_server_is_changed_one_thing_at_a_time() -> None:
    graph = shop(extensions=["vector"], replicas=1)
    [database] = graph.of(f"{SERVERS}/databases")
    chain = [database, *graph.of(f"{SERVERS}/configurations"), graph.of(SERVERS)[1]]
    for before, then in pairwise(chain):
        assert before.ref in then.needs
    for endpoint in graph.of("Microsoft.Network/privateEndpoints"):
        if endpoint.part == "order-book":
            assert chain[-1].ref in endpoint.needs


# -- who signs in, and from where -----------------------------------------------------------------------


def test_by_identity_no_password_is_taken_and_the_migration_administers() -> None:
    graph = shop(migrate="python -m shop.migrate")
    [made] = graph.of(SERVERS)
    said = made.body["properties"]
    assert said["authConfig"] == {
        "activeDirectoryAuth": "Enabled",
        "passwordAuth": "Disabled",
        "tenantId": Known(what="tenant"),
    }
    assert "administratorLogin" not in said
    [administrator] = graph.of(f"{SERVERS}/administrators")
    identity = Ref(
        type="Microsoft.ManagedIdentity/userAssignedIdentities", name="order-book-migrate-identity"
    )
    assert administrator.ref == made.ref.child(
        "administrators", Out(of=identity, path="properties.principalId")
    )
    assert administrator.body["properties"]["principalName"] == "order-book-migrate-identity"
    assert administrator.body["properties"]["principalType"] == "ServicePrincipal"


def test_without_a_migration_the_first_user_administers() -> None:
    [administrator] = shop().of(f"{SERVERS}/administrators")
    assert administrator.body["properties"]["principalName"] == "web-identity"


def test_by_password_the_administrator_has_one_that_nobody_sees() -> None:
    graph = shop(sign_in="password", migrate="python -m shop.migrate")
    said = graph.of(SERVERS)[0].body["properties"]
    assert said["authConfig"] == {"activeDirectoryAuth": "Disabled", "passwordAuth": "Enabled"}
    password = said["administratorLoginPassword"]
    assert isinstance(password, Parameter)
    assert (password.name, password.secret) == ("orderBookPassword", True)
    [kept] = graph.of("Microsoft.KeyVault/vaults/secrets")
    assert kept.body["properties"]["value"] == password
    assert not graph.of(f"{SERVERS}/administrators")


def test_a_server_whose_rows_are_counted_takes_a_password_besides() -> None:
    system = System("shop")
    orders = system.postgres("orders", storage="32 GiB", migrate="python -m shop.migrate")
    counted = [backlog(orders, "select count(*) from unpacked", per_replica=10)]
    system.worker("packer", "pack", replicas=(0, 3), scale=counted, uses=[orders])
    said = compile.graph(system.plan()).of(SERVERS)[0].body["properties"]
    assert said["authConfig"]["activeDirectoryAuth"] == "Enabled"
    assert said["authConfig"]["passwordAuth"] == "Enabled"
    assert said["administratorLogin"] == postgres.LOGIN


def test_by_endpoint_the_server_is_closed_to_the_world() -> None:
    graph = shop()
    assert graph.of(SERVERS)[0].body["properties"]["network"] == {"publicNetworkAccess": "Disabled"}
    groups = {
        each.body["properties"]["privateLinkServiceConnections"][0]["properties"]["groupIds"][0]
        for each in graph.of("Microsoft.Network/privateEndpoints")
    }
    assert "postgresqlServer" in groups


def test_in_a_subnet_the_server_has_a_zone_of_names_that_is_linked_before_it() -> None:
    graph = shop(network="subnet")
    [made] = graph.of(SERVERS)
    zone = Ref(type="Microsoft.Network/privateDnsZones", name="shop.private.postgres.database.azure.com")
    network = made.body["properties"]["network"]
    assert network["privateDnsZoneArmResourceId"] == Id(of=zone)
    assert network["delegatedSubnetResourceId"].of.name == "data"
    assert "publicNetworkAccess" not in network
    assert zone.child("virtualNetworkLinks", "shop") in made.needs
    endpoints = graph.of("Microsoft.Network/privateEndpoints")
    assert not [each for each in endpoints if each.part == "order-book"]


def test_the_address_holds_no_password_and_by_identity_no_user() -> None:
    asked = plan()
    at = Stamp(plan=asked, region="eastus2")
    part = asked.part("order-book")
    [(name, url)] = postgres.variables(part, at).items()  # type: ignore[arg-type]
    assert name == "ORDER_BOOK_URL"
    assert plain(url, "HOST") == "postgresql://HOST:5432/order_book?sslmode=require"
    [url] = postgres.variables(plan(sign_in="password").part("order-book"), at).values()  # type: ignore[arg-type]
    assert plain(url, "HOST") == "postgresql://seatrial@HOST:5432/order_book?sslmode=require"


# -- several --------------------------------------------------------------------------------------------


def test_several_servers_of_both_kinds_stand_beside_each_other_in_every_region() -> None:
    system = System("shop", region="eastus2", also_in=["westeurope"])
    stores = [
        system.postgres("orders", storage="32 GiB", replicas=1),
        system.postgres("stock", storage="32 GiB", network="subnet"),
        system.postgres("bills", storage="32 GiB", network="subnet", sign_in="password"),
    ]
    system.service("web", "serve", port=8000, health="/health", uses=stores)
    graph = compile.graph(system.plan())
    names = [(plain(each.ref.name, "-"), each.region) for each in graph.of(SERVERS)]
    assert len(names) == len(set(names)) == 8
    symbols = [(each.module, each.region, each.symbol) for each in graph.resources if each.part]
    assert len(symbols) == len(set(symbols))
    missing = [need for each in graph.resources for need in each.needs if need not in graph.by_ref]
    assert not missing
