"""What groups of Container Instances are charged for: cores and memory of all containers, by the second.

Containers that run before the others have no size of their own. A group is charged from the moment its first
image is pulled until it ends; one that is always restarted never does.

Source: https://azure.microsoft.com/pricing/details/container-instances/ and
https://learn.microsoft.com/azure/container-instances/container-instances-container-groups#resource-allocation
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.replicas import warn_of_load
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted
from seatrial.model import Service, Worker

__all__ = ["group"]

INSTANCES = "Container Instances"


def group(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """All month, where its containers are always restarted; at most so long, where they may end."""
    body = Body(resource.body)
    part = reckoning.part_named(resource.part)
    if isinstance(part, Service | Worker):
        warn_of_load(reckoning, part)
    number = body.many("properties.containers")
    sizes = [
        Body(body.at(f"properties.containers.{each}.properties.resources.requests")) for each in range(number)
    ]
    cores = sum((Decimal(str(each.at("cpu"))) for each in sizes), Decimal(0))
    gb = sum((Decimal(str(each.at("memoryInGB"))) for each in sizes), Decimal(0))
    ends = body.at("properties.restartPolicy") in ("Never", "OnFailure")
    hours = Range(Decimal(0), Decimal(HOURS), Decimal(HOURS)) if ends else exactly(HOURS)
    containers = f" of {number} containers" if number > 1 else ""
    for what, name, amount, unit in (
        ("compute", "Standard vCPU Duration", cores, "vCPU"),
        ("memory", "Standard Memory Duration", gb, "GB"),
    ):
        yield Charge(
            what=what,
            meter=Meter(
                service=INSTANCES, product=INSTANCES, name=name, sku="Standard", region=resource.region
            ),
            quantity=hours * amount,
            formula=f"{counted(amount)} {unit}{containers} × {HOURS} h" + (" at most" if ends else ""),
            steady=not ends,
        )
