"""What a Kubernetes cluster is charged for: its control plane, its machines and their disks, and the
addresses and load balancer that it makes by itself.

Sources: https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers,
https://azure.microsoft.com/pricing/details/kubernetes-service/ and
https://learn.microsoft.com/azure/aks/concepts-storage#default-os-disk-sizing
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.reach import exposure
from seatrial.bill import units
from seatrial.bill.charges import Charge, Free
from seatrial.bill.container_environment import load_balancer, public_address
from seatrial.bill.machine_sizes import machine
from seatrial.bill.meters import Meter
from seatrial.bill.pods import machines_for_pods
from seatrial.bill.range import Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import gigabytes, many, one_or_more, shared, whole_month
from seatrial.bill.usage import ALL_MONTH, HOURS
from seatrial.bill.words import counted
from seatrial.model import NodePool, Service

__all__ = ["cluster", "pool"]

TIERS = {"Standard": "Standard Uptime SLA", "Premium": "Standard Long Term Support"}
"""Meters of the control plane."""


def cluster(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """The control plane, the machines that belong to the cluster itself, and how it is reached."""
    body, region = Body(resource.body), resource.region
    control_plane = TIERS.get(str(body.at("sku.tier")))
    if control_plane is None:
        yield Free(what="control plane", why="the free tier costs nothing")
    else:
        yield Charge(
            what="control plane",
            meter=_aks(control_plane, region),
            quantity=ALL_MONTH,
            formula=whole_month(),
            steady=True,
        )
    for profile in body.at("properties.agentPoolProfiles") or ():
        fewest, most = _span(profile)
        # what belongs to the cluster itself grows with it; two machines do for most
        yield from _machines(profile, region, fewest, Range(fewest, fewest, most), f" for {profile['name']}")
    yield from _ways(body, region)
    if body.at("properties.ingressProfile") is not None:
        yield _through(resource, reckoning)


def _through(resource: Resource, reckoning: Reckoning) -> Charge:
    """Answers to the world, which pass the load balancer."""
    services = [
        each
        for each in reckoning.plan.of(Service)
        if each.hosted_by == "aks" and exposure(each, reckoning.plan) == "world"
    ]
    answers = total(answered(reckoning, service) for service in services)
    each, share = reckoning.figure("answer_size"), reckoning.share(resource)
    return Charge(
        what="load balancing",
        meter=Meter(
            service="Load Balancer",
            product="Load Balancer",
            name="Standard Data Processed",
            sku="Standard",
            region="Global",
        ),
        quantity=gigabytes(answers * each * share),
        formula=f"{many(answers)} answers × {units.size(each)}{shared(share)}",
    )


def _ways(body: Body, region: str) -> Iterator[Charge]:
    """What the cluster makes by itself to be reached, and to reach out.

    A cluster that is private has an endpoint for its API in its own network. That it is charged for is not
    written plainly, so it may be none.
    Sources: https://learn.microsoft.com/azure/aks/private-clusters and
    https://learn.microsoft.com/azure/aks/egress-outboundtype
    """
    out = body.at("properties.networkProfile.outboundType") == "loadBalancer"
    comes_in = body.at("properties.ingressProfile") is not None
    if addresses := int(out) + int(comes_in):
        words = " and ".join(["what goes out"] * out + ["what comes in"] * comes_in)
        formula = f"{one_or_more(addresses, 'public IP')} for {words} × {HOURS} h"
        yield public_address(region, exactly(addresses), formula)
        yield load_balancer(exactly(1))
    if body.at("properties.apiServerAccessProfile.enablePrivateCluster"):
        yield Charge(
            what="endpoint of the API",
            meter=Meter(
                service="Virtual Network",
                product="Virtual Network Private Link",
                name="Standard Private Endpoint",
                sku="Standard",
                region="Global",
            ),
            quantity=Range(Decimal(0), Decimal(HOURS), Decimal(HOURS)),
            formula=whole_month(),
            steady=True,
        )


def pool(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """The machines of a pool: its fewest all month, and more while there are pods for them."""
    profile = Body(resource.body).at("properties") or {}
    fewest, most = _span(profile)
    part = reckoning.part_named(resource.part)
    share = reckoning.share(resource)
    wanted, why = machines_for_pods(
        part if isinstance(part, NodePool) else None,
        machine(str(profile["vmSize"])),
        int(profile.get("maxPods") or 30),
        (fewest, most),
        reckoning,
        share,
    )
    if isinstance(part, NodePool):
        wanted = reckoning.figure("machines", part, assumed=wanted / share, why=why) * share
    yield from _machines(profile, resource.region, fewest, wanted)
    if not wanted.high:
        yield Free(what="machines", why="there is nothing for them to do")


def _machines(
    profile: Mapping[str, Any], region: str, fewest: Decimal, number: Range, what: str = ""
) -> Iterator[Charge | Free]:
    """So many machines on average, those that always run apart; and the disks of their operating system."""
    size, spot = str(profile["vmSize"]), profile.get("scaleSetPriority") == "Spot"
    always = number.at_most(fewest)
    more = number.map(lambda each: max(Decimal(0), each - fewest))
    kind = f"{size}{' as spot' if spot else ''}"
    rows = (
        (f"machines{what}", always, f"{counted(always.likely)} {kind} × {HOURS} h"),
        (
            f"more machines{what}",
            more,
            f"{counted(more.likely)} {kind} on average beyond the first {counted(fewest)} × {HOURS} h",
        ),
    )
    for named, amount, formula in rows:
        if amount.high:
            yield Charge(
                what=named,
                meter=_linux(size, region),
                quantity=amount * HOURS,
                formula=formula,
                steady=amount is always and not spot,
                term="spot" if spot else None,
            )
    if number.high:
        yield _disks(profile, size, region, number)


def _disks(profile: Mapping[str, Any], size: str, region: str, number: Range) -> Charge | Free:
    """Disks of the operating system, unless each machine has room for its own, which AKS then takes.

    A machine that is not known here is taken to have none, and to be large.
    """
    known = machine(size)
    tier = known.disk if known is not None else "P30"
    own = known is not None and known.local
    if profile.get("osDiskType", "Ephemeral" if own else "Managed") == "Ephemeral":
        return Free(what="disks", why="the operating system is on the machines' own, which cost nothing")
    return Charge(
        what="disks",
        meter=Meter(
            service="Storage",
            product="Premium SSD Managed Disks",
            name=f"{tier} LRS Disk",
            sku=f"{tier} LRS",
            region=region,
        ),
        quantity=number,
        formula=f"{counted(number.likely)} {tier}, one on each machine",
    )


def _span(profile: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    count = profile.get("count") or 0
    fewest, most = profile.get("minCount"), profile.get("maxCount")
    return Decimal(count if fewest is None else fewest), Decimal(count if most is None else most)


def _aks(name: str, region: str) -> Meter:
    service = "Azure Kubernetes Service"
    return Meter(service=service, product=service, name=name, sku="Standard", region=region)


def _linux(size: str, region: str) -> Meter:
    service = "Virtual Machines"
    return Meter(service=service, product=service, name="Linux", sku=size, region=region)
