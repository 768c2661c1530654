"""The same load on virtual machines that are always on."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial import System, available, queue_length
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.errors import NoMachine, PricesMissing
from seatrial.bill.meters import Meter, Price
from seatrial.bill.questions.machine_prices import MachineLine
from seatrial.bill.questions.machines import OnMachines, below, on_machines, saved_share
from seatrial.bill.range import exactly, total
from seatrial.bill.usage import Usage
from seatrial.cli.system_file import read_system

SYSTEMS = Path(__file__).parents[4] / "systems"
BOOK = Book()


def hour(size: str, region: str = "eastus2") -> Decimal:
    service = "Virtual Machines"
    price = BOOK.price(Meter(service=service, product=service, name="Linux", sku=size, region=region))
    assert price is not None
    return price.tiers[0].price


def months(three: tuple[int, int, int]) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(three[0]), Decimal(three[1]), Decimal(three[2])


def shop(region: str = "eastus2") -> System:
    """One whose requests come all day: 2,628,000 seconds a month."""
    system = System("shop", region=region)
    system.usage(records=1_000, requests="1M/month", busy="24 h")
    return system


def service(
    system: System, name: str = "api", *, port: int = 8000, a_month: str = "1M/month", **changed: Any
) -> Any:
    fields: dict[str, Any] = {"cpu": 1, "memory": "2 GiB", "replicas": (1, 10)} | changed
    made = system.service(name, "run", port=port, health="/h", **fields)
    system.usage(made, requests=a_month, request_cpu="100 ms", request_time="100 ms")
    return made


def compared(system: System, commitment: Any = None, **asked: Any) -> OnMachines:
    made = graph(system.plan())
    usage = Usage(made.plan)
    return on_machines(made, BOOK, bill(made, BOOK, usage, commitment), usage, **asked)


def of(found: OnMachines, process: str, what: str = "machines") -> MachineLine:
    (line,) = (each for each in found.machines if (each.process, each.what) == (process, what))
    return line


def test_there_are_machines_enough_for_the_peak_with_headroom() -> None:
    system = shop()
    service(system, a_month="91980k/month")
    found = compared(system, family=["Standard_D4s_v5"])
    line = of(found, "api")
    # 91,980,000 ÷ 2,628,000 s × 0.1 s = 3.5 cores; ÷ (1 × 70 %) = 5 copies; 4 on a machine of 4 cores: 2
    assert line.number == exactly(2)
    assert line.amount == exactly(2 * 730 * hour("Standard_D4s_v5")).cents()
    assert (
        "3.5 cores at the peak, 35 requests a second × 100 ms of a core: 5 copies, 4 on a machine"
        in line.formula
    )
    assert of(found, "api", "disks").number == exactly(2)


def test_memory_decides_as_well_how_many_fit_on_a_machine() -> None:
    system = shop()
    service(system, a_month="91980k/month", memory="8 GiB", host="aks")
    # 5 copies of 8 GiB, two on a machine of 16 GiB
    assert of(compared(system, family=["Standard_D4s_v5"]), "api").number == exactly(3)


def test_the_cheapest_size_is_taken_and_of_equals_the_smallest() -> None:
    system = shop()
    service(system, a_month="91980k/month")
    # 5 copies: 3 × 2 cores = 3 × 0.096, 2 × 4 cores = 2 × 0.192, 1 × 8 cores = 0.384 an hour
    line = of(compared(system), "api")
    assert (line.size, line.number) == ("Standard_D2s_v5", exactly(3))


def test_what_the_world_reaches_has_two_machines() -> None:
    system = shop()
    service(system, "inner")
    service(system, "outer", port=8001, public=True)
    found = compared(system)
    assert of(found, "inner").number == exactly(1)
    assert of(found, "outer").number == exactly(2)


def test_what_is_promised_to_be_available_has_two_machines() -> None:
    system = shop()
    inner = service(system, "inner")
    service(system, "outer", port=8001, public=True)
    system.expects(available("99.9 %", of=inner))
    assert of(compared(system), "inner").number == exactly(2)


def test_a_promised_rate_counts_where_it_is_more_than_the_month_brings() -> None:
    system = shop()
    api = service(system)
    system.expects(api.get("/search"), p95="100 ms", at="35/s")
    # 1M a month are 0.38 a second; 35 are promised: 3.5 cores, 5 copies, 2 on a machine of 2 cores
    assert of(compared(system, family=["Standard_D2s_v5"]), "api").number == exactly(3)


def pipeline(region: str = "eastus2") -> System:
    """What is posted goes through two queues to a worker of two cores, and on to one with a GPU."""
    system = shop(region)
    first, second = system.queue("first"), system.queue("second")
    api = service(system, public=True, sends=[first])
    cutter = system.worker(
        "cutter",
        "run",
        cpu=2,
        memory="4 GiB",
        replicas=(0, 20),
        scale=[queue_length(first)],
        receives=[first],
        sends=[second],
    )
    gpus = system.node_pool("gpus", machine="Standard_NC4as_T4_v3", nodes=(0, 20), gpus=1, spot=True)
    seer = system.worker(
        "seer",
        "run",
        cpu=3,
        memory="20 GiB",
        gpus=1,
        replicas=(0, 20),
        scale=[queue_length(second)],
        receives=[second],
        host=gpus,
    )
    for worker in (cutter, seer):
        system.usage(worker, items="1000/month", item_time="25 s")
    system.expects(api.post("/films"), p95="30 s", at="1008/h")
    return system


def test_a_promised_rate_is_followed_through_queues_to_the_last_worker() -> None:
    found = compared(pipeline())
    # 1,008 ÷ 3,600 s × 25 s = 7 at work, × 2 cores = 14; 7 ÷ 70 % = 10 copies of 2 cores, one on each D2s
    line = of(found, "cutter")
    assert (line.size, line.number) == ("Standard_D2s_v5", exactly(10))
    assert "1,008 items an hour promised × 25 s" in line.formula
    assert of(found, "seer").number == exactly(10)


def test_what_needs_a_gpu_keeps_the_machine_of_its_pool_and_its_spot_price() -> None:
    line = of(compared(pipeline("westeurope")), "seer")
    assert (line.size, line.term) == ("Standard_NC4as_T4_v3", "spot")
    assert line.price.tiers[0].price < hour("Standard_NC4as_T4_v3", "westeurope")


def test_machines_are_bought_under_the_commitment_of_the_bill() -> None:
    system = shop()
    service(system)
    line = of(compared(system, "ri-1y"), "api")
    assert line.term == "ri-1y"
    assert line.amount.likely < Decimal(730) * hour("Standard_D2s_v5")


def test_what_is_no_compute_stays_as_it_is_billed() -> None:
    system = shop()
    store = system.postgres("store", cores=2, storage="32 GiB")
    service(system, uses=[store])
    found = compared(system)
    assert {line.type for line in found.replaced} <= {
        "Microsoft.App/containerApps",
        "Microsoft.App/managedEnvironments",
    }
    assert found.bill.of_part("store")
    assert all(line in found.kept for line in found.bill.of_part("store"))
    assert len(found.kept) + len(found.replaced) == len(found.bill.lines)


def test_the_total_is_what_stays_and_the_machines() -> None:
    system = shop()
    service(system)
    found = compared(system)
    kept = sum(line.amount.likely for line in found.kept)
    machines = sum(line.amount.likely for line in found.machines)
    assert found.total.likely == kept + machines
    assert found.saved.likely == found.total.likely - found.bill.total.likely
    assert found.share.likely == 1 - found.bill.total.likely / found.total.likely
    replaced = sum(line.amount.likely for line in found.replaced)
    assert found.compute_share.likely == 1 - replaced / machines


def test_jobs_and_schedules_share_one_machine() -> None:
    system = shop()
    service(system)
    for name in ("one", "two"):
        system.schedule(name, "run", cron="0 3 * * *", cpu=1, memory="2 GiB")
    found = compared(system)
    assert of(found, "jobs and schedules").number == exactly(1)
    assert any("jobs and schedules share one machine" in each for each in found.assumptions)


def test_every_region_has_its_own_machines_at_its_own_price() -> None:
    system = System("shop", region="eastus2", also_in=["westeurope"])
    system.usage(records=1_000, requests="1M/month", busy="24 h")
    service(system)
    lines = [line for line in compared(system).machines if line.what == "machines"]
    assert [line.region for line in lines] == ["eastus2", "westeurope"]
    assert lines[1].amount == exactly(730 * hour("Standard_D2s_v5", "westeurope")).cents()


class WithoutMachines(Book):
    """The prices of all but machines."""

    def price(self, meter: Meter) -> Price | None:
        return None if meter.service == "Virtual Machines" else super().price(meter)


def test_a_machine_without_a_price_refuses_the_sum() -> None:
    system = shop()
    service(system)
    made = graph(system.plan())
    usage = Usage(made.plan)
    with pytest.raises(PricesMissing) as refused:
        on_machines(made, WithoutMachines(), bill(made, BOOK, usage), usage)
    named = refused.value.missing[0].meter
    assert named is not None
    assert (named.sku, named.region) == ("Standard_D2s_v5", "eastus2")


def test_a_family_that_is_not_known_is_refused() -> None:
    system = shop()
    service(system)
    with pytest.raises(NoMachine, match="Standard_X9"):
        compared(system, family=["Standard_X9"])


def test_what_fits_on_no_machine_is_refused_and_not_left_out() -> None:
    system = shop()
    service(system, memory="64 GiB", host="aks", cpu=7)
    with pytest.raises(NoMachine, match="api: 7 cores with 64 GiB fit on none of Standard_D2s_v5"):
        compared(system)


def test_processes_that_share_machines_need_fewer() -> None:
    system = shop()
    for port, name in enumerate(("one", "two", "three"), 8000):
        service(system, name, port=port, cpu=0.5, memory="1 GiB")
    found = compared(system)
    # one copy of each: three machines apart, one together (1.5 of 2 cores)
    assert [of(found, name).number for name in ("one", "two", "three")] == [exactly(1)] * 3
    assert [line.number for line in found.together] == [exactly(1), exactly(1)]
    # two machines with their disks less
    machine, disk = 730 * hour("Standard_D2s_v5"), of(found, "one", "disks").amount.likely
    assert found.total.likely - found.least.likely == 2 * (machine + disk)


def test_sharing_never_costs_more_than_each_on_its_own() -> None:
    # Given one that wants one large machine's cores and one that wants little: no single size suits both
    system = shop()
    service(system, "one", a_month="147168k/month")
    service(system, "two", port=8001, cpu=0.25, memory="8 GiB", host="aks")
    found = compared(system)
    assert found.least.likely <= found.total.likely


def test_what_needs_a_gpu_does_not_share_machines() -> None:
    found = compared(pipeline())
    assert {line.process for line in found.together} == {"all that share machines", "seer"}


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        # 60 of 100, 50 of 100, 80 of 160: 40, 50 and 50 % below
        ((60, 50, 80), (100, 100, 160), "50 % below that (40 % to 50 %)"),
        ((120, 110, 100), (100, 100, 100), "10 % above that (20 % above to 0 % below)"),
        ((120, 110, 105), (100, 100, 100), "10 % above that (5 % to 20 %)"),
        ((90, 110, 120), (100, 100, 100), "10 % above that (20 % above to 10 % below)"),
        ((50, 50, 50), (100, 100, 100), "50 % below that"),
    ],
)
def test_a_share_is_told_with_its_side(
    here: tuple[int, int, int], there: tuple[int, int, int], words: str
) -> None:
    assert below(saved_share(months(here), months(there))) == words


@cache
def cultivate() -> Graph:
    return graph(read_system(SYSTEMS / "cultivate/system.py").plan())


def test_cultivate_is_below_virtual_machines_and_every_assumption_is_said() -> None:
    usage = Usage(cultivate().plan)
    found = on_machines(cultivate(), BOOK, bill(cultivate(), BOOK, usage), usage)
    assert found.share.likely > 0
    # its plan promises 1,000 videos an hour, at the peak: 7 at work × 4 cores and as many GPUs as they need
    assert of(found, "video").number.likely >= 7
    assert found.sentences()[0].startswith("as described: $")
    assert any("load balancers" in each for each in found.assumptions)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 10**4), st.integers(1, 10**4))
def test_more_requests_never_need_fewer_machines(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    amounts = []
    for thousands in (fewer, more):
        system = shop()
        service(system, a_month=f"{thousands * 10}k/month")
        amounts.append(total(line.amount for line in compared(system).machines).likely)
    assert amounts[0] <= amounts[1]
