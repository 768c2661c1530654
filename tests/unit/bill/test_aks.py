"""What Kubernetes clusters and their machines are charged for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System, cpu, queue_length
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, Line, bill
from seatrial.bill.book import Book
from seatrial.bill.range import Range, exactly
from seatrial.bill.usage import Usage

CLUSTER = "Microsoft.ContainerService/managedClusters"
POOL = f"{CLUSTER}/agentPools"

Priced = Callable[..., Bill]


def yard(
    nodes: tuple[int, int] = (2, 6), machine: str = "Standard_D4s_v5", busy: Any = "12 h", **pool: Any
) -> tuple[System, Any]:
    """Machines of four cores and 16 GiB, of which pods may use 3.86 and 13.7; twelve hours a day."""
    system = System("yard", region="eastus2")
    system.usage(busy=busy)
    return system, system.node_pool("machines", machine=machine, nodes=nodes, **pool)


def worker(system: System, host: Any, replicas: tuple[int, int] = (1, 1), **wanted: Any) -> Any:
    asked: dict[str, Any] = {"cpu": 1, "memory": "2 GiB", **wanted}
    return system.worker("work", "work", replicas=replicas, host=host, **asked)


def of(bill: Bill, type: str) -> dict[str, Line]:
    return {line.what: line for line in bill.lines if line.type == type}


# -- the cluster ----------------------------------------------------------------------------------------


def test_a_cluster_costs_its_control_plane_and_two_machines_of_its_own(priced: Priced) -> None:
    system, pool = yard()
    worker(system, pool)

    found = of(priced(system), CLUSTER)

    assert found["control plane"].amount == exactly(Decimal("73.00"))  # 730 h × 0.10
    assert found["machines for system"].amount == exactly(Decimal("140.16"))  # 2 × 730 h × 0.096
    # a third one may come: 730 h × 0.096, and its disk, 17.92
    assert found["more machines for system"].amount == Range(
        Decimal("0.00"), Decimal("0.00"), Decimal("70.08")
    )
    assert found["disks"].amount == Range(Decimal("35.84"), Decimal("35.84"), Decimal("53.76"))


def test_the_free_tier_costs_nothing_for_the_control_plane(book: Book) -> None:
    system, pool = yard()
    worker(system, pool)
    made = graph(system.plan())
    free = tuple(
        replace(each, body={**each.body, "sku": {"name": "Base", "tier": "Free"}})
        for each in made.of(CLUSTER)
    )

    found = bill(replace(made, resources=free), book, Usage(made.plan))

    assert "control plane" not in of(found, CLUSTER)
    assert ("control plane", "the free tier costs nothing") in [(each.what, each.why) for each in found.free]


def test_a_cluster_that_goes_out_by_itself_pays_for_an_address_and_a_load_balancer(priced: Priced) -> None:
    system, pool = yard()
    worker(system, pool)

    found = of(priced(system), CLUSTER)

    assert found["public addresses"].amount == exactly(Decimal("3.65"))  # 730 h × 0.005
    assert found["load balancer"].amount == exactly(Decimal("18.25"))  # 730 h × 0.025


def test_a_cluster_behind_a_nat_gateway_makes_neither(priced: Priced) -> None:
    system, pool = yard()
    system.network("net", nat=True)
    worker(system, pool)

    found = of(priced(system), CLUSTER)

    assert not {"public addresses", "load balancer"} & set(found)


def test_what_the_world_asks_takes_an_address_more(priced: Priced) -> None:
    system, pool = yard()
    system.service("web", "serve", port=8000, health="/health", public=True, host=pool)
    system.usage(requests="10M/month", answer_size="10 KB")

    found = of(priced(system), CLUSTER)

    assert found["public addresses"].used == exactly(2 * 730)
    assert found["load balancing"].amount == exactly(Decimal("0.50"))  # 100 GB × 0.005


# -- its machines ---------------------------------------------------------------------------------------


def test_the_fewest_machines_are_paid_all_month_with_their_disks(priced: Priced) -> None:
    system, pool = yard()
    worker(system, pool)

    found = of(priced(system), POOL)

    assert found["machines"].amount == exactly(Decimal("280.32"))  # 2 × 730 h × 0.192
    assert found["machines"].steady
    assert found["disks"].used == exactly(2)
    assert "more machines" not in found


def test_pods_that_are_always_there_take_the_machines_they_fill(priced: Priced) -> None:
    # 9 pods of 1 core: 9 / 3.86 is 2.33, so 3 machines all month
    system, pool = yard()
    worker(system, pool, replicas=(9, 9))

    assert of(priced(system), POOL)["more machines"].used == exactly(730)


def test_memory_counts_where_it_runs_out_first(priced: Priced) -> None:
    # 9 pods of 6 GiB: 54 / 13.7 is 3.9, so 4 machines
    system, pool = yard()
    worker(system, pool, replicas=(9, 9), memory="6 GiB")

    assert of(priced(system), POOL)["more machines"].used == exactly(2 * 730)


def test_pods_of_the_working_hours_take_machines_in_those(priced: Priced) -> None:
    # 70 a second × 0.1 s are 7 cores; at 70 % of one each, 10 pods: 10 / 3.86 is 2.6, so 3 machines by day
    system, pool = yard()
    web = system.service(
        "web",
        "serve",
        port=8000,
        health="/",
        cpu=1,
        memory="1 GiB",
        replicas=(1, 20),
        scale=[cpu(70)],
        host=pool,
    )
    system.usage(web, requests="91980000/month", request_cpu="100 ms", request_time="0.2 s")

    assert of(priced(system), POOL)["more machines"].used == exactly(365)


def test_pods_without_a_rule_stay_as_few_as_they_are(priced: Priced) -> None:
    system, pool = yard()
    web = system.service("web", "serve", port=8000, health="/", cpu=2, replicas=(1, 20), host=pool)
    system.usage(web, requests="91980000/month", request_cpu="100 ms")

    assert "more machines" not in of(priced(system), POOL)


def test_a_pool_without_fewest_machines_costs_the_time_of_its_items_and_ten_minutes_each(
    priced: Priced,
) -> None:
    system, pool = yard((0, 20), "Standard_NC4as_T4_v3", gpus=1, spot=True)
    waiting = system.queue("waiting")
    runner = worker(system, pool, (0, 20), gpus=1, scale=[queue_length(waiting)], receives=[waiting])
    system.usage(runner, items="1314/month", item_time="100 s")

    line = of(priced(system), POOL)["more machines"]

    # one in 1,000 s, each for 100 s, 300 s of cool-down and 600 s: 1 − exp(−1) = 0.63212 of 365 h
    assert line.used.likely.quantize(Decimal("0.01")) == Decimal("230.72")
    assert line.formula.startswith("0.32 Standard_NC4as_T4_v3 as spot on average")
    assert not line.steady


def test_a_queue_that_is_not_finished_by_day_takes_machines_at_night(priced: Priced) -> None:
    # 3,942,000 s of one pod, with two at most: both by day, and one more machine's worth at night
    system, pool = yard((0, 6), "Standard_NC4as_T4_v3", gpus=1)
    waiting = system.queue("waiting")
    runner = worker(system, pool, (0, 2), gpus=1, scale=[queue_length(waiting)], receives=[waiting])
    system.usage(runner, items="394200/month", item_time="10 s")

    assert of(priced(system), POOL)["more machines"].used.likely == 2 * 365 + 365


def test_a_job_takes_a_machine_for_as_long_as_it_runs(priced: Priced) -> None:
    system, pool = yard((0, 6))
    fill = system.job("fill", "run", cpu=1, memory="2 GiB", host=pool)
    system.usage(fill, runs="73/month", run_time="1 h")

    found = of(priced(system), POOL)["more machines"].used.likely

    assert found.quantize(Decimal("0.001")) == 73  # a whole machine, however little of it the job takes


def test_the_engine_of_workflows_takes_machines_all_month(priced: Priced) -> None:
    # 2 × 2 cores: 4 / 3.86 is more than one machine
    system, pool = yard((1, 6))
    history = system.postgres("history", cores=1, memory="2 GiB", sign_in="password")
    system.temporal("temporal", history=history, cpu=2, memory="2 GiB", replicas=2, host=pool, ui=False)

    assert of(priced(system), POOL)["more machines"].used == exactly(730)


def test_a_machine_with_room_of_its_own_pays_for_no_disk(priced: Priced) -> None:
    system, pool = yard((1, 1), "Standard_NC4as_T4_v3", gpus=1)
    worker(system, pool, gpus=1)

    bill = priced(system)

    assert "disks" not in of(bill, POOL)
    assert "disks" in [free.what for free in bill.free if free.type == POOL]


def test_how_many_machines_run_can_be_said(priced: Priced) -> None:
    system, pool = yard()
    worker(system, pool)
    system.usage(pool, machines=(2, 3, 5))

    found = of(priced(system), POOL)

    assert found["machines"].used == exactly(2 * 730)
    assert found["more machines"].used == Range(Decimal(0), Decimal(730), Decimal(3 * 730))


def test_more_pods_than_all_machines_hold_are_told(priced: Priced) -> None:
    system, pool = yard((1, 2))
    worker(system, pool, replicas=(12, 12))

    (warned,) = [each for each in priced(system).warnings if each.part == "machines"]

    # 12 / 3.86
    assert (
        warned.sentence
        == "its pods take 3.11 machines in each region in the working hours, and there are 2 at most"
    )


def test_whatever_the_working_hours_a_range_stays_in_order(priced: Priced) -> None:
    system, pool = yard((0, 6), "Standard_NC4as_T4_v3", busy=("4 h", "8 h", "24 h"), gpus=1)
    waiting = system.queue("waiting")
    runner = worker(system, pool, (0, 9), gpus=1, scale=[queue_length(waiting)], receives=[waiting])
    system.usage(runner, items=("10k/month", "150k/month", "200k/month"), item_time="10 s")

    line = of(priced(system), POOL)["more machines"]

    # 1,500,000 s of one pod are more than 876,000 s of working hours hold: two machines by day
    assert line.used.likely == 2 * Decimal(730) / 3
    assert line.used.low < line.used.likely < line.used.high


@pytest.mark.parametrize("figure", ["requests", "records"])
def test_more_to_do_never_costs_less(priced: Priced, figure: str) -> None:
    system, pool = yard((0, 9))
    waiting = system.queue("waiting")
    worker(system, pool, (0, 20), scale=[queue_length(waiting)], receives=[waiting])
    system.service("web", "serve", port=8000, health="/", replicas=(1, 9), scale=[cpu(70)], host=pool)

    totals = [priced(system, scale={figure: Decimal(factor)}).total for factor in (0, 1, 5, 50, 500, 5000)]

    for index in range(3):
        each = [total.triple[index] for total in totals]
        assert each == sorted(each)
