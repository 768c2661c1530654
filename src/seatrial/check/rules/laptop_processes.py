"""Will it surprise: how processes run on a laptop, and how on Azure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from seatrial.check.case import Case
from seatrial.check.covering import tried
from seatrial.check.rule import Found, rule
from seatrial.model import (
    Job,
    Part,
    Process,
    Schedule,
    Service,
    Worker,
)
from seatrial.model.targets import Latency

LEARN = "https://learn.microsoft.com/azure"


def _names(parts: Iterable[Part]) -> str:
    return ", ".join(each.name for each in parts)


def _running(case: Case) -> tuple[Service | Worker, ...]:
    return (*case.plan.of(Service), *case.plan.of(Worker))


@rule(
    "laptop-one-replica",
    severity="note",
    family="surprises",
    title="What is one process on a laptop is several on Azure",
    why="What one keeps in memory the others do not know, and a socket stays with one of them.",
    source=f"{LEARN}/container-apps/scale-app",
    bad="""
from seatrial import System, requests

shop = System("shop")
shop.service("api", "serve", port=8000, replicas=(1, 10), scale=[requests(50)])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, replicas=(1, 1))
""",
)
def laptop_one_replica(case: Case) -> Iterator[Found]:
    several = [each for each in _running(case) if each.replicas[1] > 1]
    if several:
        named = ", ".join(f"{each.replicas[1]} of {each.name}" for each in several)
        yield Found(
            part=several[0],
            what=f"on Azure up to {named}; on a laptop one each{tried(case, 'laptop-one-replica')}",
            fix="a test with two of each: sessions, rate limits, caches and locks in a store, not in memory",
        )


@rule(
    "laptop-cold-start",
    severity="note",
    family="surprises",
    title="A service that sleeps on Azure is always awake on a laptop",
    why="The first request after a quiet time waits while an image is fetched and the process starts.",
    source=f"{LEARN}/container-apps/cold-start",
    bad="""
from seatrial import System, requests

shop = System("shop")
shop.service("api", "serve", port=8000, replicas=(0, 4), scale=[requests(50)])
""",
    good="""
from seatrial import System, requests

shop = System("shop")
shop.service("api", "serve", port=8000, replicas=(1, 4), scale=[requests(50)])
""",
)
def laptop_cold_start(case: Case) -> Iterator[Found]:
    """Not of what is promised to answer in time: that is more than a difference."""
    promised = [each.endpoint.service for each in case.plan.targets if isinstance(each, Latency)]
    asleep = [each for each in case.plan.of(Service) if each.replicas[0] == 0 and each not in promised]
    if asleep:
        yield Found(
            part=asleep[0],
            what=f"{_names(asleep)}: the first answer takes a start, of up to {asleep[0].start_within}"
            f"{tried(case, 'laptop-cold-start')}",
            fix="a client that waits as long and asks again",
        )


@rule(
    "laptop-schedule-overlap",
    severity="warning",
    family="surprises",
    title="A run that takes long meets the next one on Azure, and never on a laptop",
    why="Container Apps starts by the clock even while the last run goes on; a laptop leaves that time out.",
    source="https://github.com/microsoft/azure-container-apps/issues/1271",
    bad="""
from seatrial import System

shop = System("shop")
shop.schedule("sweep", "sweep", cron="*/10 * * * *", time_limit="1 h")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.schedule("sweep", "sweep", cron="*/10 * * * *", time_limit="9 min")
""",
)
def laptop_schedule_overlap(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Schedule):
        between = _seconds_between(part.cron)
        if between is not None and part.time_limit.seconds > between:
            yield Found(
                part=part,
                what=f"starts by {part.cron}, and may run for {part.time_limit}"
                f"{tried(case, 'laptop-schedule-overlap')}",
                fix=f'time_limit="{between // 60 - 1 or 1} min", or a lock in the database',
            )


def _seconds_between(cron: str) -> int | None:
    """How soon the next time can come, of what goes by the minute, hour or day; None: of others."""
    minute, hour, *others = cron.split()
    if any(each != "*" for each in others):
        return None
    if step := re.fullmatch(r"\*(?:/(\d+))?", minute):
        return 60 * int(step[1] or 1)
    if not minute.isdigit():
        return None
    if step := re.fullmatch(r"\*(?:/(\d+))?", hour):
        return 3600 * int(step[1] or 1)
    return 86400 if hour.isdigit() else None


@rule(
    "laptop-memory-limit",
    severity="note",
    family="surprises",
    title="Nothing holds a process to its memory and cores on a laptop",
    why="On Azure it is killed when it takes more than it was given, and slowed beyond its cores.",
    source=f"{LEARN}/container-apps/containers#allocations",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, memory="1 GiB")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.site("pages", directory="web", port=8080)
""",
)
def laptop_memory_limit(case: Case) -> Iterator[Found]:
    """Not on App Service, where processes share their machines."""
    processes = [each for each in case.plan.of(Process) if each.hosted_by != "app service"]
    if processes:
        least = min(processes, key=lambda each: each.memory.bytes)
        yield Found(
            part=least,
            what=f"{least.name} is killed beyond {least.memory} on Azure alone"
            f"{tried(case, 'laptop-memory-limit')}",
            fix="`systemd-run --user --scope -p MemoryMax=…` around a test of the largest input",
        )


_LOCAL_FILE = (
    r"^(?:sqlite|duckdb|file):(?!.*:memory:).*"
    r"|^(?:~|\.{1,2}|/(?:var|data|mnt|home|srv|opt))/.*"
    r"|.*\.(?:db|duckdb|sqlite3?)$"
)
"""Values that name a file: URLs of such stores, paths into folders that are for data, names of such files.
It is compiled when something has settings."""


@rule(
    "laptop-own-disk",
    severity="warning",
    family="surprises",
    title="A setting names a file that a container loses",
    why="What a container writes to its own disk goes with the replica, and no other replica sees it.",
    source=f"{LEARN}/container-apps/storage-mounts",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, env={"STORE": "sqlite:///var/shop.db"})
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.service("api", "serve", port=8000, uses=[orders], env={"PREFIX": "shop"})
""",
)
def laptop_own_disk(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Process):
        for name, value in part.env.items():
            if re.match(_LOCAL_FILE, value):
                yield Found(
                    part=part,
                    what=f"{name}={value}: a file of the container{tried(case, 'laptop-own-disk')}",
                    fix="postgres(…) or blobs(…) for what must stay, /tmp for what may go",
                )


@rule(
    "laptop-loopback-setting",
    severity="error",
    family="surprises",
    title="A setting names this machine, which on Azure is the container itself",
    why="Each process is a container of its own there: at localhost nobody else answers.",
    source=f"{LEARN}/container-apps/connect-apps",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, env={"SEARCH_URL": "http://localhost:9200"})
""",
    good="""
from seatrial import System

shop = System("shop")
search = shop.service("search", "search", port=9200)
shop.service("api", "serve", port=8000, uses=[search])
""",
)
def laptop_loopback_setting(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Process):
        for name, value in part.env.items():
            if re.search(r"(?:^|//|@)(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:/|$)", value):
                yield Found(
                    part=part,
                    what=f"{name}={value}",
                    fix="uses=[…] of the part that answers there, which gives its address on both",
                )


@rule(
    "laptop-time-zone",
    severity="note",
    family="surprises",
    title="Processes have your time zone on a laptop, and UTC on Azure",
    why="The clock goes by UTC on both; a process that asks for today gets another day for some hours.",
    source=f"{LEARN}/container-apps/jobs",
    bad="""
from seatrial import System

shop = System("shop")
shop.schedule("report", "report", cron="0 3 * * *")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.schedule("report", "report", cron="0 3 * * *", env={"TZ": "UTC"})
""",
)
def laptop_time_zone(case: Case) -> Iterator[Found]:
    schedules = [each for each in case.plan.of(Schedule) if "TZ" not in each.env]
    if schedules:
        yield Found(
            part=schedules[0],
            what=f"{_names(schedules)}: by your time zone on a laptop, by UTC on Azure"
            f"{tried(case, 'laptop-time-zone')}",
            fix='env={"TZ": "UTC"}',
        )


@rule(
    "laptop-job-starts",
    severity="note",
    family="surprises",
    title="A job that a laptop starts by itself is started by hand on Azure",
    why="There it runs when somebody starts it: until then a new system stays empty.",
    source=f"{LEARN}/container-apps/jobs",
    bad="""
from seatrial import System

shop = System("shop")
shop.job("fill", "fill", runs="once")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.job("fill", "fill", runs="by hand")
""",
)
def laptop_job_starts(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Job):
        if part.runs != "by hand":
            yield Found(
                part=part,
                what=f'starts by itself on a laptop (runs="{part.runs}"), by hand on Azure'
                + tried(case, "laptop-job-starts"),
                fix=f"az containerapp job start --name {part.name} --resource-group "
                f"{case.plan.name}-production",
            )


@rule(
    "laptop-gpus",
    severity="note",
    family="surprises",
    title="What runs on GPUs on Azure runs without them on most laptops",
    why="Times, memory and even results differ, and a library that fits no driver fails on Azure alone.",
    source=f"{LEARN}/aks/gpu-cluster",
    bad="""
from seatrial import System

shop = System("shop")
gpus = shop.node_pool("gpus", machine="Standard_NC4as_T4_v3", nodes=(1, 2), gpus=1)
shop.worker("cut", "cut", gpus=1, replicas=(1, 2), host=gpus)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.worker("cut", "cut", replicas=(1, 1))
""",
)
def laptop_gpus(case: Case) -> Iterator[Found]:
    parts = [each for each in case.plan.of(Process) if each.gpus]
    if parts:
        yield Found(
            part=parts[0],
            what=f"{_names(parts)}: with GPUs on Azure, most laptops have none{tried(case, 'laptop-gpus')}",
            fix="a test that runs the same input on both and compares results within a tolerance",
        )
