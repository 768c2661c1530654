from seatrial.azure import reach
from seatrial.azure.reach import EntryPoint, Path
from seatrial.model import System, backlog


def between(paths: tuple[Path, ...], source: str, target: str) -> set[tuple[int, str]]:
    return {(path.port, path.way) for path in paths if (path.source, path.target) == (source, target)}


def test_paths_lead_from_the_world_over_an_edge_to_a_service_and_its_stores() -> None:
    system = System("farm")
    herd = system.postgres("herd", cores=2, storage="32 GiB", migrate="migrate")
    pictures = system.blobs("pictures")
    web = system.service("web", "serve", port=8000, uses=[herd], reads=[pictures])
    system.application_gateway("gate", routes={"/*": web})

    found = reach.paths(system.plan())

    assert between(found, "the world", "gate") == {(443, "public")}
    assert between(found, "gate", "web") == {(443, "network")}
    assert between(found, "web", "herd") == {(5432, "private endpoint")}
    assert between(found, "web", "pictures") == {(443, "private endpoint")}
    assert between(found, "herd-migrate", "herd") == {(5432, "private endpoint")}
    assert not between(found, "the world", "web")
    assert not between(found, "gate", "herd")


def test_a_database_in_a_subnet_is_reached_there() -> None:
    system = System("farm")
    herd = system.postgres("herd", cores=2, storage="32 GiB", network="subnet")
    system.worker("counter", "count", uses=[herd])

    (path,) = (each for each in reach.paths(system.plan()) if each.target == "herd")

    assert (path.way, path.leaves, path.enters) == ("subnet", "apps", "data")


def test_what_a_scale_rule_looks_at_is_reached() -> None:
    system = System("farm")
    herd = system.postgres("herd", cores=2, storage="32 GiB")
    system.worker("milker", "milk", replicas=(0, 3), scale=[backlog(herd, "select 1")], uses=[herd])

    assert between(reach.paths(system.plan()), "milker", "herd") == {(5432, "private endpoint")}


def test_a_front_door_of_the_premium_tier_comes_by_a_private_link() -> None:
    for tier, way in (("premium", "private link"), ("standard", "public")):
        system = System("farm")
        web = system.service("web", "serve", port=8000)
        system.front_door("door", routes={"/*": web}, tier=tier)  # type: ignore[arg-type]

        found = reach.paths(system.plan())

        assert between(found, "door", "web") == {(443, way)}
        assert bool(between(found, "the world", "web")) is (tier == "standard")


def test_a_secret_that_is_not_deployed_is_reached_by_nobody() -> None:
    system = System("farm")
    key = system.secret("key", needed=False)
    system.worker("milker", "milk", uses=[key])

    assert not between(reach.paths(system.plan()), "milker", "key")


def test_clients_of_a_vpn_reach_stores_and_nothing_else() -> None:
    system = System("farm")
    herd = system.postgres("herd", cores=2, storage="32 GiB")
    system.service("web", "serve", port=8000, uses=[herd])
    system.network("net", vpn=True)

    reached = {path.target for path in reach.paths(system.plan()) if path.source == "administrators"}

    assert reached == {"herd"}


def test_entry_points_are_where_somebody_comes_in_from_outside() -> None:
    system = System("farm")
    web = system.service("web", "serve", port=8000)
    inner = system.service("inner", "serve", port=8001)
    open_ = system.service("open", "serve", port=8002, public=True, uses=[inner])
    pages = system.site("pages", directory="web", port=8003)
    system.front_door("door", routes={"/*": pages, "/web/*": web, "/open/*": open_})
    system.network("net", bastion=True)

    found = reach.entry_points(system.plan())

    assert found == (
        EntryPoint(part="pages", who="the world", what="a static site"),
        EntryPoint(part="door", who="the world", what="Front Door"),
        EntryPoint(part="net", who="administrators", what="Azure Bastion"),
    )
