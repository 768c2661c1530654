"""What processes can carry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from seatrial import System, cpu, queue_length, requests
from seatrial.azure.compile import graph
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.replicas import capacity
from seatrial.bill.usage import Usage
from seatrial.model import Service, Worker


def shop(*also_in: str) -> System:
    """Working hours of twelve a day: 1,314,000 s a month."""
    system = System("shop", region="eastus2", also_in=also_in)
    system.usage(requests="1M/month", busy="12 h")
    return system


def service(system: System, **wanted: Any) -> Any:
    asked: dict[str, Any] = {"cpu": 0.5, "replicas": (1, 4), "public": True, "health": "/", **wanted}
    made = system.service("web", "serve", port=8000, **asked)
    system.usage(made, request_cpu="10 ms", request_time="200 ms")
    return made


def carried(system: System, name: str = "web") -> Range | None:
    plan = system.plan()
    part = plan.part(name)
    assert isinstance(part, Service | Worker)
    return capacity(Reckoning(graph(plan), Usage(plan)), part)


def test_a_service_carries_what_its_cores_do_in_the_working_hours() -> None:
    system = shop()
    service(system, scale=[cpu(70)])

    # 4 × 0.5 cores × 1,314,000 s / 0.01 s
    assert carried(system) == exactly(262_800_000)


def test_it_carries_no_more_than_its_rule_lets_it_answer_at_once() -> None:
    system = shop()
    service(system, scale=[requests(5)])

    # 4 × 5 at once × 1,314,000 s / 0.2 s
    assert carried(system) == exactly(131_400_000)


def test_every_region_carries_as_much() -> None:
    system = shop("westeurope")
    service(system, scale=[cpu(70)])

    assert carried(system) == exactly(2 * 262_800_000)


def test_the_longer_a_request_takes_the_fewer_are_carried() -> None:
    system = shop()
    web = system.service(
        "web", "serve", port=8000, health="/", cpu=0.5, replicas=(1, 4), scale=[cpu(70)], public=True
    )
    system.usage(web, request_cpu=("5 ms", "10 ms", "40 ms"))

    # 2 cores × 1,314,000 s / 0.04 s, 0.01 s, 0.005 s
    assert carried(system) == Range(Decimal(65_700_000), Decimal(262_800_000), Decimal(525_600_000))


def test_a_worker_goes_on_at_night() -> None:
    system = shop()
    waiting = system.queue("waiting")
    worker = system.worker(
        "worker", "work", replicas=(0, 3), scale=[queue_length(waiting)], receives=[waiting]
    )
    system.usage(worker, item_time="10 s")

    # 3 × 2,628,000 s / 10 s
    assert carried(system, "worker") == exactly(788_400)


def test_of_a_worker_that_says_nothing_of_its_work_nothing_is_known() -> None:
    system = shop()
    system.worker("worker", "work", replicas=(1, 1))

    assert carried(system, "worker") is None


def test_groups_of_containers_carry_what_always_runs() -> None:
    system = shop()
    web = service(system, host="container instances", replicas=(2, 2), cpu=1, public=False)
    system.application_gateway("gateway", routes={"/*": web})

    assert carried(system) == exactly(262_800_000)  # 2 × 1 core × 1,314,000 s / 0.01 s


def test_a_plan_of_app_service_carries_what_its_most_machines_do() -> None:
    system = shop()
    machines = system.app_service_plan("machines", size="P1v3", instances=(1, 3))
    service(system, host=machines, replicas=(1, 1))

    # half a core on each of 3 machines
    assert carried(system) == exactly(3 * 65_700_000)
