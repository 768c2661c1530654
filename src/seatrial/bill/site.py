"""What Static Web Apps are charged for: by the app and month, and by traffic beyond the first 100 GB.

The resource stands in one of a few regions, whatever the region of the system, and is charged there.
Source: https://learn.microsoft.com/azure/static-web-apps/plans and
https://learn.microsoft.com/azure/static-web-apps/quotas
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.range import exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import gigabytes, many, size, whole_month
from seatrial.bill.usage import ALL_MONTH
from seatrial.bill.visits import file_size, files_of, files_passed_on
from seatrial.model import FrontDoor, Site

__all__ = ["static_site"]


def static_site(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    part = reckoning.part_of(resource, Site)
    body = Body(resource.body)
    if body.at("sku.name") != "Standard":
        yield Free(what="static web app", why="the free tier; 100 GB of traffic are in it")
        return
    region = resource.location or resource.region
    yield Charge(
        what="site",
        meter=_meter("Standard App", region),
        quantity=exactly(1),
        formula="1 app",
        steady=True,
    )
    files, each = files_of(part, reckoning), file_size(reckoning)
    for door in reckoning.plan.of(FrontDoor):
        if part in door.routes.values():
            files = files * files_passed_on(door, reckoning)
    yield Charge(
        what="traffic out",
        meter=_meter("Standard Bandwidth Usage", region),
        quantity=gigabytes(files * each),
        formula=f"{many(files)} files × {size(each)}; 100 GB a month are in the price",
    )
    if body.at("properties.enterpriseGradeCdnStatus") == "Enabled":
        yield Charge(
            what="edge",
            meter=_meter("Standard Azure Front Door Add-on", region),
            quantity=ALL_MONTH,
            formula=whole_month(),
            steady=True,
        )


def _meter(name: str, region: str) -> Meter:
    return Meter(
        service="Azure App Service", product="Static Web Apps", name=name, sku="Standard", region=region
    )
