"""What pools of sessions with a container of one's own are charged for.

Such a pool runs on machines of the kind E16 of the dedicated plan that are its own, as many as its ready and
active sessions need, and is charged for those machines, not by the session. The meter `Dynamic Sessions` is
that of Azure's own code interpreters.

Source: https://learn.microsoft.com/azure/container-apps/billing#custom-container
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.container_environment import MACHINES, machines, management
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.scaling import ranged
from seatrial.bill.units import many, one_or_more, shared
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted, in_unit
from seatrial.bill.work import windows
from seatrial.model import Sandbox

__all__ = ["pool"]

KIND = "E16"


def pool(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Machines for the sessions that wait ready, all month; and more of them while sessions are in use."""
    part, body = reckoning.part_of(resource, Sandbox), Body(resource.body)
    ready = Decimal(body.at("properties.scaleConfiguration.readySessionInstances") or 0)
    most = Decimal(body.at("properties.scaleConfiguration.maxConcurrentSessions") or 0)
    fitting, region = _fitting(body), resource.region
    waiting = (ready / fitting).to_integral_value(ROUND_CEILING)
    in_use = _hours_in_use(
        part, resource, reckoning, lambda used: (min(used, most) + ready) / fitting - waiting
    )
    if waiting:
        reckoning.warn(part, _whole_machines(int(ready), int(waiting)))
        number = f"{counted(waiting)} whole machine{'' if waiting == 1 else 's'} {KIND}"
        formula = f"{number} × {HOURS} h for {one_or_more(int(ready), 'ready session')}"
        yield from machines(KIND, region, exactly(waiting * HOURS), formula, steady=True)
    if in_use.high:
        formula = _in_words(part, in_use, resource, reckoning)
        yield from machines(KIND, region, in_use, formula, "machines in use")
    if waiting or in_use.high:
        # of the fee it is written that profiles of an environment bring it, not whether pools do
        hours = exactly(HOURS) if waiting else in_use.at_most(HOURS)
        yield management(region, "of its machines", Range(Decimal(0), hours.likely, hours.high))
    else:
        yield Free(what="session pool", why="no session is ready, and none is used")


def _whole_machines(ready: int, machines: int) -> str:
    cores, gib, _ = MACHINES[KIND]
    waiting, taken = one_or_more(ready, "ready session"), one_or_more(machines, "whole machine")
    return (
        f"{waiting} take{'s' if ready == 1 else ''} {taken} of {cores} vCPU and {gib} GiB all month: "
        "pools with a container of one's own are paid by the machine"
    )


def _fitting(body: Body) -> int:
    """Sessions that one machine has room for."""
    size = "properties.customContainerTemplate.containers.0.resources"
    cores, gib, _ = MACHINES[KIND]
    each_cores = Decimal(str(body.at(f"{size}.cpu")))
    each_gib = Decimal(str(body.at(f"{size}.memory")).removesuffix("Gi"))
    return max(1, int(min(cores / each_cores, gib / each_gib)))


def _sessions(part: Sandbox, reckoning: Reckoning) -> Range:
    """A month, over all regions."""
    some = Range(Decimal("0.01"), Decimal("0.05"), Decimal("0.2"))
    why = "one request of 20 runs code (one of 100 to one of 5)"
    return reckoning.figure("sessions", part, assumed=reckoning.figure("requests") * some, why=why)


def _hold(part: Sandbox, reckoning: Reckoning) -> Range:
    """Seconds from the start of a session until its container is destroyed."""
    assumed = Range(Decimal(5), Decimal(30), Decimal(300))
    used = reckoning.figure("session_time", part, assumed=assumed, why="a script or a run of tests")
    return used + Decimal(part.idle.microseconds) / 1_000_000


def _hours_in_use(
    part: Sandbox, resource: Resource, reckoning: Reckoning, machines_for: Callable[[Decimal], Decimal]
) -> Range:
    """Hours of machines beyond those of the ready sessions, in a month.

    Sessions are opened evenly over the working hours. While one machine does and less than one session is
    held on average, it is there for the share of time in which any is, 1 − exp(−sessions).

    Args:
        machines_for: how many more machines so many sessions at once take, unrounded.
    """

    def hours(seconds: Decimal, window: Decimal) -> Decimal:
        at_once = seconds / window
        more = max(Decimal(0), machines_for(at_once).to_integral_value(ROUND_CEILING))
        return window / 3600 * (1 - (-at_once).exp() if more == 1 and at_once < 1 else more)

    held = _sessions(part, reckoning) * _hold(part, reckoning) * reckoning.share(resource)
    return ranged(windows(reckoning), held.triple, hours)


def _in_words(part: Sandbox, hours: Range, resource: Resource, reckoning: Reckoning) -> str:
    sessions, hold = _sessions(part, reckoning), _hold(part, reckoning)
    used = (
        f"{many(sessions)} sessions, each held {in_unit(hold.likely, 'seconds')}"
        f"{shared(reckoning.share(resource))}"
    )
    if not hours.likely:
        return f"0 h, as {used}, fit on the machines of those that are ready"
    return f"{counted(hours.likely)} h of whole machines {KIND} for {used}"
