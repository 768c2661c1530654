"""What apps and environments of Container Apps are charged for.

Sources: https://learn.microsoft.com/azure/container-apps/billing and
https://azure.microsoft.com/pricing/details/container-apps/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.scale import COOLDOWN_SECONDS
from seatrial.bill.charges import Charge, Free, Grant
from seatrial.bill.meters import Meter
from seatrial.bill.range import NOTHING, Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.replicas import Running, running
from seatrial.bill.scaling import MONTH
from seatrial.bill.traffic import answered
from seatrial.bill.units import many, one_or_more, shared
from seatrial.bill.words import counted
from seatrial.bill.work import probes
from seatrial.model import Part, Service, Worker
from seatrial.model.value import Value

__all__ = ["Room", "app", "at_rate", "meter", "room_of"]

APPS = "Azure Container Apps"

CORES = Grant(name="vCPU-seconds of Container Apps", amount=Decimal(180_000))
MEMORY = Grant(name="GiB-seconds of Container Apps", amount=Decimal(360_000))
REQUESTS = Grant(name="requests of Container Apps", amount=Decimal(2_000_000))
"""Free in each subscription and month, for all apps and jobs together. Azure does not write whether what is
active or what is idle is given it first. Here it goes to apps in their order, and in an app to its idle time
first, which is worth the least: so what is reckoned is never too low."""

GPUS = {"T4": "Standard NC T4 v3 GPU Usage", "A100": "Standard NC A100 v4 GPU Usage"}
"""Meters of serverless GPUs, by the end of the name of their profile: `Consumption-GPU-NC8as-T4`.
Cores and memory of the machine are charged besides, always as active."""


class Room(Value):
    """What one replica has."""

    cores: Decimal
    gib: Decimal
    gpu: str | None
    """The meter of its GPU."""
    machines: bool
    """Whether it runs on machines of a dedicated profile, which are paid with the environment."""


def app(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """By the second of cores and memory, apart by whether there is something to do; and by the request."""
    part = reckoning.part_of(resource, Part)
    room = room_of(resource, reckoning)
    if room.machines:
        yield Free(what="replicas", why="paid with the machines of the environment")
    elif isinstance(part, Service | Worker):
        yield from _replicas(resource, reckoning, part, room)
    else:
        yield from _always(resource, room)
    if isinstance(part, Service):
        yield _requests(resource, reckoning, part)


def _replicas(
    resource: Resource, reckoning: Reckoning, part: Service | Worker, room: Room
) -> Iterator[Charge]:
    """The fewest replicas all month, idle when nothing is to do; and those beyond them, while there is."""
    runs = running(reckoning, part, room.cores, reckoning.share(resource))
    idle, busy = (NOTHING, exactly(runs.fewest * MONTH)) if room.gpu else (runs.idle, runs.active)
    at = partial(at_rate, resource.region, room)
    if idle.high:
        yield from at("idle", idle, _of_fewest(idle, runs, "with nothing to do"))
    if busy.high:
        always = busy == exactly(runs.fewest * MONTH)
        yield from at("active", busy, _of_fewest(busy, runs, "with something to do"), steady=always)
    if runs.above.high:
        yield from at("active", runs.above, _beyond(runs))


def _always(resource: Resource, room: Room) -> Iterator[Charge]:
    """What has work of its own, whoever asks it: it never counts as idle."""
    fewest = int(Body(resource.body).at("properties.template.scale.minReplicas") or 0)
    seconds = exactly(fewest * MONTH)
    yield from at_rate(
        resource.region, room, "active", seconds, f"{_count(fewest)} × {counted(MONTH)} s", steady=True
    )


def at_rate(
    region: str, room: Room, rate: str, seconds: Range, formula: str, steady: bool = False
) -> Iterator[Charge]:
    """So many seconds of replicas at the price of what is active, or of what is idle.

    What is idle is steady: at least its price is due in each hour, whatever there is to do.
    """
    idle = rate == "idle"
    what = "idle " if idle else ""
    rows = [
        (f"{what}compute", f"Standard vCPU {rate.capitalize()} Usage", room.cores, "vCPU", CORES),
        (f"{what}memory", f"Standard Memory {rate.capitalize()} Usage", room.gib, "GiB", MEMORY),
        *([("GPU", room.gpu, Decimal(1), "GPU", None)] if room.gpu else []),
    ]
    for named, name, each, unit, grant in rows:
        yield Charge(
            what=named,
            meter=meter(name, region),
            quantity=seconds * each,
            formula=f"{counted(each)} {unit} × {formula}",
            grant=grant,
            steady=idle or steady,
            falls=idle,
        )


def _requests(resource: Resource, reckoning: Reckoning, part: Service) -> Charge | Free:
    """Those from outside of the environment. Its own probes of health are free, those of edges are not."""
    if not Body(resource.body).at("properties.configuration.ingress.external"):
        return Free(what="requests", why="those from inside the environment cost nothing")
    share = reckoning.share(resource)
    requests, probed = answered(reckoning, part), probes(reckoning, part)
    also = f" and {_whole(probed.likely)} probes of what stands before it" if probed.high else ""
    return Charge(
        what="requests",
        meter=meter("Standard Requests", resource.region),
        quantity=requests * share + probed,
        formula=f"{many(requests)} requests from outside{shared(share)}{also}",
        grant=REQUESTS,
    )


# -- the room of a replica ------------------------------------------------------------------------------


def room_of(resource: Resource, reckoning: Reckoning) -> Room:
    """What one replica of an app or a job has: all its containers together, on the profile it names."""
    body = Body(resource.body)
    containers = body.at("properties.template.containers") or ()
    sizes = [Body(each) for each in containers]
    profile = _profile(body.at("properties.workloadProfileName"), resource, reckoning)
    return Room(
        cores=sum((Decimal(str(each.at("resources.cpu"))) for each in sizes), Decimal(0)),
        gib=sum((Decimal(str(each.at("resources.memory")).removesuffix("Gi")) for each in sizes), Decimal(0)),
        gpu=next((name for end, name in GPUS.items() if profile.endswith(f"-{end}")), None)
        if profile.startswith("Consumption-GPU-")
        else None,
        machines=not profile.startswith("Consumption"),
    )


def _profile(name: str | None, resource: Resource, reckoning: Reckoning) -> str:
    """The type of a profile, as the environment has it."""
    for environment in reckoning.graph.of("Microsoft.App/managedEnvironments"):
        if environment.ref in resource.needs:
            for profile in Body(environment.body).at("properties.workloadProfiles") or ():
                if profile.get("name") == name:
                    return str(profile["workloadProfileType"])
    return "Consumption"


def meter(name: str, region: str) -> Meter:
    """A meter of Container Apps, by its name: `Standard vCPU Active Usage`."""
    sku = name.partition(" ")[0]
    return Meter(service=APPS, product=APPS, name=name, sku=sku, region=region)


# -- in words -------------------------------------------------------------------------------------------


def _whole(seconds: Decimal) -> str:
    return counted(seconds.quantize(Decimal(1)))


def _count(replicas: int) -> str:
    return one_or_more(replicas, "replica")


def _of_fewest(seconds: Range, runs: Running, state: str) -> str:
    """`219,000 s of 1 replica with nothing to do, 8.33 % of the month; 2,000,000 requests …`."""
    whole = runs.fewest * MONTH
    if seconds == exactly(whole):
        return f"{_count(runs.fewest)} × {counted(MONTH)} s"
    percent = counted(100 * seconds.likely / whole)
    return (
        f"{_whole(seconds.likely)} s of {_count(runs.fewest)} {state}, {percent} % of the month; {runs.load}"
    )


def _beyond(runs: Running) -> str:
    """Seconds of replicas beyond the fewest; of one that may sleep, until it has cooled down."""
    seconds = _whole(runs.above.likely)
    if runs.fewest:
        return (
            f"{seconds} s of replicas beyond the first {runs.fewest}, "
            f"{counted(runs.at_work.likely)} in the working hours; {runs.load}"
        )
    if runs.at_work.likely <= 1:
        return f"{seconds} s awake, {COOLDOWN_SECONDS} s after each time of work included; {runs.load}"
    return f"{seconds} s of {counted(runs.at_work.likely)} replicas in the working hours; {runs.load}"
