"""How many connections a database server takes, and how many may be opened to it."""

from __future__ import annotations

import pytest

from seatrial import System, backlog
from seatrial.check.connections import limit, opened
from seatrial.model import Postgres


def _server(system: System, name: str = "orders") -> Postgres:
    part = system.plan().part(name)
    assert isinstance(part, Postgres)
    return part


@pytest.mark.parametrize(
    ("cores", "memory", "users"),
    [  # of the table in Azure's documentation, the last column
        (1, "2 GiB", 35),
        (2, "4 GiB", 414),
        (2, "8 GiB", 844),
        (2, "16 GiB", 1703),
        (4, "16 GiB", 1703),
        (8, "32 GiB", 3422),
        (16, "64 GiB", 4985),
        (96, "384 GiB", 4985),
    ],
)
def test_a_server_takes_connections_by_its_memory(cores: int, memory: str, users: int) -> None:
    shop = System("shop")
    shop.postgres("orders", cores=cores, memory=memory)

    assert limit(_server(shop)) == users


def test_a_size_that_azure_does_not_have_has_no_limit() -> None:
    shop = System("shop")
    shop.postgres("orders", cores=3)

    assert limit(_server(shop)) is None


def test_every_replica_at_most_opens_a_pool() -> None:
    shop = System("shop")
    orders = shop.postgres("orders")
    shop.service("api", "serve", port=8000, replicas=(1, 10), uses=[orders])

    # 10 replicas × 4, the pool of the kit
    assert [(each.name, each.connections) for each in opened(orders, shop.plan())] == [("api", 40)]


def test_a_setting_of_the_process_sizes_its_pool() -> None:
    shop = System("shop")
    orders = shop.postgres("orders")
    shop.worker("packer", "pack", replicas=(1, 3), uses=[orders], env={"DB_POOL_SIZE": "20"})

    assert [each.connections for each in opened(orders, shop.plan())] == [60]


def test_pools_of_other_things_are_not_taken_for_those_of_the_database() -> None:
    shop = System("shop")
    orders = shop.postgres("orders")
    sizes = {"REDIS_MAX_CONNECTIONS": "50", "THREAD_POOL_SIZE": "32"}
    shop.worker("packer", "pack", uses=[orders], env=sizes)

    assert [each.connections for each in opened(orders, shop.plan())] == [4]


def test_gunicorn_and_uvicorn_read_how_many_programs_they_start() -> None:
    shop = System("shop")
    orders = shop.postgres("orders")
    env = {"WEB_CONCURRENCY": "3"}
    shop.service("api", "gunicorn shop:api", port=8000, replicas=(1, 1), uses=[orders], env=env)

    assert [each.connections for each in opened(orders, shop.plan())] == [12]


def test_each_program_beside_others_in_a_replica_has_a_pool() -> None:
    shop = System("shop")
    orders = shop.postgres("orders")
    shop.service("api", "uvicorn shop:api --workers 4", port=8000, replicas=(1, 2), reads=[orders])

    # 2 replicas × 4 programs × 4
    assert [each.formula for each in opened(orders, shop.plan())] == ["2 replicas × 4 programs × 4"]
    assert [each.connections for each in opened(orders, shop.plan())] == [32]


def test_runs_migrations_and_scale_rules_open_one_each() -> None:
    shop = System("shop")
    orders = shop.postgres("orders", migrate="migrate")
    shop.schedule("report", "report", cron="0 3 * * *", uses=[orders])
    shop.worker(
        "packer", "pack", replicas=(0, 2), scale=[backlog(orders, "select count(*) from open")], uses=[orders]
    )

    found = {each.name: each.connections for each in opened(orders, shop.plan())}

    assert found == {"packer": 8, "report": 1, "orders-migrate": 1, "scale rules": 1}


def test_a_temporal_server_opens_two_pools_for_each_of_its_roles() -> None:
    shop = System("shop")
    history = shop.postgres("history", sign_in="password")
    shop.temporal("engine", history=history, host="container instances")

    # 4 roles × (20 + 10)
    assert [each.connections for each in opened(history, shop.plan())] == [120]
