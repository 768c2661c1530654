"""Whether a plan can carry a load."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from seatrial import System, backlog, requests
from seatrial.azure.compile import graph
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.questions.capacity import Obstacle, obstacles, stopped
from seatrial.bill.usage import Usage

BOOK = Book()


def shop(a_month: str = "1M/month", **usage: Any) -> System:
    """One whose requests come all day, 2,628,000 seconds a month."""
    system = System("shop")
    system.usage(records=1_000, requests=a_month, busy="24 h", **usage)
    return system


def stands_in_the_way(system: System) -> dict[str, Obstacle]:
    made = graph(system.plan())
    usage = Usage(made.plan)
    bill(made, BOOK, usage)
    return {each.sentence.partition(":")[0]: each for each in obstacles(made, usage)}


def test_a_service_needs_the_cores_that_its_requests_take() -> None:
    system = shop("52560k/month")
    api = system.service(
        "api", "run", port=8000, health="/h", cpu=0.5, memory="1 GiB", replicas=(1, 3), public=True
    )
    system.usage(api, request_cpu="100 ms", request_time="100 ms")
    found = stands_in_the_way(system)["api"]
    # 52,560,000 ÷ 2,628,000 s = 20 a second × 0.1 s = 2 cores; 3 × 0.5 are there
    assert (found.needs.likely, found.has, found.sure) == (2, Decimal("1.5"), True)
    assert found.sentence == (
        "api: 2 cores are in use in working hours (20 requests a second × 100 ms of a core), "
        "3 replicas of 0.5 have 1.5"
    )


def test_a_service_that_has_them_is_in_nobodys_way() -> None:
    system = shop("52560k/month")
    api = system.service(
        "api", "run", port=8000, health="/h", cpu=0.5, memory="1 GiB", replicas=(1, 4), public=True
    )
    system.usage(api, request_cpu="100 ms", request_time="100 ms")
    assert stands_in_the_way(system) == {}


def test_what_only_the_most_would_need_is_a_doubt() -> None:
    system = shop("52560k/month")
    api = system.service(
        "api", "run", port=8000, health="/h", cpu=0.5, memory="1 GiB", replicas=(1, 4), public=True
    )
    system.usage(api, request_cpu=("50 ms", "100 ms", "200 ms"), request_time="100 ms")
    found = stands_in_the_way(system)["api"]
    # 1, 2 or 4 cores of 2
    assert found.needs.triple == (1, 2, 4)
    assert not found.sure


def test_a_rule_of_requests_limits_how_many_are_under_way() -> None:
    system = shop("52560k/month")
    api = system.service(
        "api",
        "run",
        port=8000,
        health="/h",
        cpu=0.5,
        memory="1 GiB",
        replicas=(1, 2),
        scale=[requests(10)],
        public=True,
    )
    system.usage(api, request_cpu="1 ms", request_time="2 s")
    found = stands_in_the_way(system)["api"]
    # 20 a second × 2 s = 40 under way; 2 × 10 are taken
    assert (found.needs.likely, found.has) == (40, 20)


def test_a_worker_has_the_whole_month_for_its_items() -> None:
    system = shop()
    store = system.postgres("store", cores=2, storage="32 GiB")
    worker = system.worker(
        "worker",
        "run",
        cpu=1,
        memory="2 GiB",
        replicas=(0, 2),
        scale=[backlog(store, "select count(*) from work")],
        uses=[store],
    )
    system.usage(worker, items="788400/month", item_time="10 s")
    found = stands_in_the_way(system)["worker"]
    # 788,400 × 10 s ÷ 2,628,000 s = 3 replicas that are never done; there are 2
    assert (found.needs.likely, found.has) == (3, 2)


def test_machines_of_app_service_are_shared_by_all_on_them() -> None:
    system = shop("52560k/month")
    machines = system.app_service_plan("machines", size="P0v3")
    for port, name in enumerate(("one", "two"), 8000):
        made = system.service(
            name, "run", port=port, health="/h", cpu=1, memory="2 GiB", public=True, host=machines
        )
        system.usage(made, requests="26280k/month", request_cpu="60 ms", request_time="60 ms")
    found = stands_in_the_way(system)["machines"]
    # 10 a second × 0.06 s, twice: 1.2 cores; a P0v3 has 1
    assert (found.needs.likely, found.has) == (Decimal("1.2"), 1)
    assert "are in use by one and two" in found.sentence


def test_every_machine_of_a_plan_has_room_for_all_its_apps() -> None:
    system = shop()
    machines = system.app_service_plan("machines", size="P0v3", instances=(3, 3))
    for port, name in enumerate(("one", "two"), 8000):
        system.service(
            name, "run", port=port, health="/h", cpu=0.5, memory="3 GiB", public=True, host=machines
        )
    found = stands_in_the_way(system)["machines"]
    # 3 + 3 GiB on each of the three machines of 4
    assert (found.needs.likely, found.has) == (6, 4)


def test_a_pool_has_room_for_the_pods_that_are_needed() -> None:
    system = shop()
    pool = system.node_pool("pool", machine="Standard_D2s_v5", nodes=(1, 2))
    system.service(
        "api",
        "run",
        port=8000,
        health="/h",
        cpu=1,
        memory="1 GiB",
        replicas=(4, 4),
        public=True,
        host=pool,
    )
    found = stands_in_the_way(system)["pool"]
    # 4 pods of 1 core; of 2 cores Kubernetes leaves 1.9, twice: 3.8
    assert (found.needs.likely, found.has) == (4, Decimal("3.8"))


def test_a_disk_grows_by_itself_but_not_over_four_terabytes() -> None:
    system = shop()
    store = system.postgres("store", cores=2, storage="32 GiB")
    system.usage(store, stored="3 TiB")
    assert stands_in_the_way(system) == {}
    system = shop()
    store = system.postgres("store", cores=2, storage="32 GiB")
    system.usage(store, stored="3994 GiB")
    found = stands_in_the_way(system)["store"]
    # 95 % of 4,095 GiB are 3,890.25 GiB; 3,994 are to be kept
    assert found.has == Decimal(4095 * 2**30) * Decimal("0.95")


def test_a_disk_that_is_larger_from_the_start_takes_more() -> None:
    system = shop()
    store = system.postgres("store", cores=2, storage="8 TiB")
    system.usage(store, stored="20 TiB")
    assert stands_in_the_way(system) == {}


def test_request_units_beyond_what_is_allowed_stand_in_the_way() -> None:
    system = shop()
    store = system.documents("store", partition="/id", throughput=1000)
    system.usage(
        store, reads="2628M/month", read_units=1, writes="262800k/month", write_units=10, stored="1 GiB"
    )
    found = stands_in_the_way(system)["store"]
    # 1,000 reads of 1 and 100 writes of 10 a second: 2,000 of 1,000
    assert (found.needs.likely, found.has) == (2000, 1000)


def test_a_sandbox_holds_as_many_sessions_as_it_may() -> None:
    system = shop()
    box = system.sandbox("box", "run", port=9000, cpu=1, memory="2 GiB", ready=0, most=3, idle="5 min")
    system.usage(box, sessions="26280/month", session_time="2 min")
    found = stands_in_the_way(system)["box"]
    # 26,280 × (120 + 300) s ÷ 2,628,000 s = 4.2 at once, of 3
    assert (found.needs.likely, found.has) == (Decimal("4.2"), 3)


def test_what_only_the_bill_knows_stops_a_load_as_well() -> None:
    system = shop("10000M/month")
    api = system.service("api", "run", port=8000, health="/h", cpu=4, memory="8 GiB", replicas=(1, 1000))
    system.application_gateway("gateway", routes={"/*": api}, capacity=(1, 2))
    system.usage(api, request_cpu="1 ms", request_time="1 ms")
    made = graph(system.plan())
    usage = Usage(made.plan)
    priced = bill(made, BOOK, usage)
    found = stopped(priced, obstacles(made, usage))
    assert [each.partition(":")[0] for each in found] == ["gateway"]
    assert "capacity units" in found[0]
