"""What a container registry is charged for: the registry by the day, images beyond what is in that price,
builds by the second, and copies in other regions.

A copy is paid like another registry. Whether some of what it stores is free is written nowhere, so that all
of it is charged.

Sources: https://azure.microsoft.com/pricing/details/container-registry/,
https://learn.microsoft.com/azure/container-registry/container-registry-skus (storage that is included) and
https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.defaults import ground
from seatrial.azure.graph import Resource
from seatrial.bill.amounts import GIB, gib, gibs
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import DAYS, many, one_or_more
from seatrial.bill.words import counted
from seatrial.model import Postgres, Process, Registry, Sandbox

__all__ = ["registry", "replication"]

INCLUDED: Mapping[str, int] = {"Basic": 10, "Standard": 100, "Premium": 500}
"""GiB."""

CORES = 2
"""Of the machine on which a task runs.
Source: https://learn.microsoft.com/azure/container-registry/container-registry-tutorial-build-task"""
BUILD = Range(Decimal(60), Decimal(180), Decimal(600))
"""Seconds in which one image is built."""
IMAGE = Range(Decimal(GIB) / 2, Decimal(3 * GIB) / 2, Decimal(5 * GIB))
"""Bytes of one image with its kept versions, whose layers are mostly the same."""


def registry(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Of the registry itself."""
    tier = str(Body(resource.body).at("sku.name"))
    yield Charge(
        what="registry",
        meter=_meter(f"{tier} Registry Unit", tier, resource.region),
        quantity=exactly(DAYS),
        formula=f"{counted(DAYS)} days",
        steady=True,
    )
    yield _storage(tier, resource, reckoning)
    yield _builds(tier, resource, reckoning)


def replication(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """Of a copy in another region."""
    region = str(resource.location)
    images = gib(_images(reckoning))
    yield Charge(
        what=f"copy in {region}",
        meter=_meter("Premium Registry Replication Unit", "Premium", region),
        quantity=exactly(DAYS),
        formula=f"{counted(DAYS)} days",
        steady=True,
    )
    yield Charge(
        what=f"storage of the copy in {region}",
        meter=_meter("Premium GB Registry Replication Data Stored", "Premium", region),
        quantity=images,
        formula=f"{gibs(images)} of images",
    )


def _meter(name: str, tier: str, region: str) -> Meter:
    return Meter(
        service="Container Registry", product="Container Registry", name=name, sku=tier, region=region
    )


def _storage(tier: str, resource: Resource, reckoning: Reckoning) -> Charge | Free:
    images, included = gib(_images(reckoning)), INCLUDED[tier]
    beyond = images.map(lambda each: max(each - included, Decimal(0)))
    if not beyond.high:
        why = f"{gibs(images)} of images: the first {included} GiB are in the price of the registry"
        return Free(what="storage", why=why)
    return Charge(
        what="storage",
        meter=_meter("Data Stored", tier, resource.region),
        quantity=beyond,
        formula=f"{gibs(images)} of images, the first {included} GiB free with the registry",
    )


def _builds(tier: str, resource: Resource, reckoning: Reckoning) -> Charge:
    """The first 6,000 seconds of a month are free by the tiers of the price."""
    deployments, number = reckoning.figure("deployments"), _built(reckoning)
    return Charge(
        what="builds",
        meter=_meter("Task vCPU Duration", tier, resource.region),
        quantity=deployments * number * BUILD * CORES,
        formula=(
            f"{many(deployments)} deployments × {one_or_more(number, 'image')} × {many(BUILD)} s "
            f"× {CORES} vCPU"
        ),
    )


def _built(reckoning: Reckoning) -> int:
    """How many images are built: for each process, sandbox, and job that brings a schema up to date."""
    plan = reckoning.plan
    jobs = sum(part.migrate is not None for part in plan.of(Postgres))
    return jobs + sum(isinstance(part, Process | Sandbox) for part in plan.parts)


def _images(reckoning: Reckoning) -> Range:
    number = _built(reckoning)
    return reckoning.figure(
        "images",
        ground(Registry, reckoning.plan),
        assumed=IMAGE * number,
        why=f"{one_or_more(number, 'image')} of 1.5 GiB with their kept versions (half a GiB to 5)",
    )
