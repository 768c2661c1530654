"""How often jobs run, and how work comes that they bring."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from seatrial import System, backlog, queue_length
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range

Price = Callable[[System], Bill]


def library(**brings: Any) -> System:
    """Books that somebody brings and a worker of one core indexes: a second for each of 10,000."""
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=2, storage="64 GiB")
    counted = [backlog(books, "select count(*) from books where not indexed", per_replica=100)]
    indexer = system.worker(
        "indexer", "index", cpu=1, memory="2 GiB", replicas=(0, 5), scale=counted, uses=[books]
    )
    if brings:
        job = system.job("bring", "bring", uses=[books], time_limit="12 h", **brings)
        system.usage(job, runs=("1/month", "4/month", "8/month"), run_time="1000 s")
    system.usage(indexer, items="10k/month", item_time="1 s")
    system.usage(busy="12 h")
    return system


def awake(bill: Bill, part: str = "indexer") -> Line:
    (found,) = (line for line in bill.lines if line.part == part and line.what == "compute")
    return found


def test_work_that_nobody_is_known_to_bring_comes_evenly(priced: Price) -> None:
    line = awake(priced(library()))

    # 10,000 items in 1,314,000 s, 301 s each: together they cover 1 − exp(−2.29) = 89.9 % of them
    assert Decimal("0.898") < line.used.likely / 1_314_000 < Decimal("0.9")
    assert line.formula.endswith("10,000 items of 1 s in 365 of 730 h")


def test_work_that_a_job_brings_comes_when_the_job_runs(priced: Price) -> None:
    evenly, line = awake(priced(library())), awake(priced(library(runs="by hand")))

    # 10,000 s of work in 4 runs of 1,000 s take 3 replicas: 3 × 4 × (1,000 s + 300 s of cool-down);
    # at least all in one go, 10,000 s + 300 s; at most evenly, as ever
    assert line.used == Range(Decimal(10_300), Decimal(15_600), evenly.used.high)
    assert line.formula.endswith("10,000 items of 1 s in 4 runs of bring")


def test_what_others_send_to_the_queue_as_well_comes_whenever_it_comes(priced: Price) -> None:
    def post(also: bool) -> System:
        system = System("post", region="eastus2")
        letters = system.queue("letters")
        system.schedule("collect", "collect", cron="0 6 * * *", sends=[letters])
        if also:
            system.service("door", "serve", port=8000, health="/", public=True, sends=[letters])
        scale = [queue_length(letters)]
        sorter = system.worker("sorter", "sort", receives=[letters], replicas=(0, 5), scale=scale)
        system.usage(sorter, items="10k/month", item_time="1 s")
        return system

    assert "runs of collect" in awake(priced(post(also=False)), "sorter").formula
    assert "runs of collect" not in awake(priced(post(also=True)), "sorter").formula
