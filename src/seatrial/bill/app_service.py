"""What plans of App Service are charged for: their machines, by the hour. Apps and slots on them are free.

Sources: https://azure.microsoft.com/pricing/details/app-service/linux/ and
https://learn.microsoft.com/azure/app-service/overview-manage-costs
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from seatrial.azure.app_service_plans import OUT_ABOVE, SIZES
from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.replicas import warn_of_load
from seatrial.bill.scaling import MONTH, ranged
from seatrial.bill.units import one_or_more
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted
from seatrial.bill.work import core_seconds, item_seconds, windows
from seatrial.model import AppServicePlan, Part, Service

__all__ = ["farm", "meter"]


def farm(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """The fewest machines all month, and those beyond them while there is much to do."""
    body = Body(resource.body)
    size, fewest = str(body.at("sku.name")), Decimal(body.at("sku.capacity") or 1)
    most, percent = _scale(resource, reckoning, fewest)
    part = reckoning.part_of(resource, Part)
    number = _machines(part, resource, reckoning, size, fewest, most, percent)
    always = number.at_most(fewest)
    yield Charge(
        what="machines",
        meter=meter(size, resource.region),
        quantity=always * HOURS,
        formula=f"{one_or_more(int(fewest), 'machine')} {size} × {HOURS} h",
        steady=True,
    )
    if number.high > fewest:
        more = number.map(lambda each: max(Decimal(0), each - fewest))
        yield Charge(
            what="more machines",
            meter=meter(size, resource.region),
            quantity=more * HOURS,
            formula=f"{counted(more.likely)} {size} on average, beyond the first {fewest} × {HOURS} h",
        )


def _scale(resource: Resource, reckoning: Reckoning, fewest: Decimal) -> tuple[Decimal, Decimal]:
    """The most machines, and the percentage of their cores above which there are more."""
    for scale in reckoning.graph.of("Microsoft.Insights/autoscalesettings"):
        if resource.ref in scale.needs:
            profile = Body(Body(scale.body).at("properties.profiles.0") or {})
            limits = [
                Body(rule).at("metricTrigger.threshold")
                for rule in profile.at("rules") or ()
                if Body(rule).at("metricTrigger.metricName") == "CpuPercentage"
                and Body(rule).at("metricTrigger.operator") == "GreaterThan"
            ]
            return Decimal(str(profile.at("capacity.maximum"))), Decimal(limits[0] if limits else OUT_ABOVE)
    return fewest, Decimal(OUT_ABOVE)


def _machines(
    part: Part,
    resource: Resource,
    reckoning: Reckoning,
    size: str,
    fewest: Decimal,
    most: Decimal,
    percent: Decimal,
) -> Range:
    """Machines on average over the month, in this region."""
    services = [each for each in reckoning.plan.of(Service) if part in (each, each.host)]
    for service in services:
        warn_of_load(reckoning, service)
    share = reckoning.share(resource)
    if size not in SIZES:
        found, why = Range(fewest, fewest, most), f"how much a {size} carries is not known here"
    else:
        found = _by_load(services, reckoning, share, Decimal(SIZES[size][0]) * percent / 100, fewest, most)
        why = f"by the cores that the work takes, {percent} % of those of a machine"
    if not isinstance(part, AppServicePlan):
        return found
    return reckoning.figure("machines", part, assumed=found / share, why=why) * share


def _by_load(
    services: list[Service],
    reckoning: Reckoning,
    share: Decimal,
    cores: Decimal,
    fewest: Decimal,
    most: Decimal,
) -> Range:
    """As many in the working hours as requests and items take cores; the fewest at other times.

    Args:
        cores: that each machine gives before there is another.
    """
    if fewest == most or not services:
        return exactly(fewest)
    # an item keeps all the cores at work that its process may have
    of_items = total(item_seconds(reckoning, each) * Decimal(str(each.cpu)) for each in services)
    seconds = (total(core_seconds(reckoning, each) for each in services) + of_items) * share

    def on_average(seconds: Decimal, window: Decimal) -> Decimal:
        wanted = (seconds / window / cores).to_integral_value(ROUND_CEILING)
        number = max(fewest, min(wanted, most))
        return fewest + (number - fewest) * window / MONTH

    return ranged(windows(reckoning), seconds.triple, on_average)


# -- meters ---------------------------------------------------------------------------------------------


def meter(size: str, region: str) -> Meter:
    """Of a size as ARM takes it, `P1v3`. The price list has several ways to write them: `P1 v3 App`,
    `P0v3 App`, `P1v4`, `B1`, `S1 App`."""
    found = re.fullmatch(r"([BSP])(\d)(m?)(?:v(\d))?", size, re.IGNORECASE)
    if found is None:
        return _named("Azure App Service", size, size, region)
    letter, number, extra, version = found[1].upper(), found[2], found[3].lower(), found[4]
    tier = {"B": "Basic", "S": "Standard", "P": f"Premium v{version}"}[letter]
    name = f"{letter}{number}{extra}" + (f"v{version}" if version else "")
    if version == "3" and not extra and number != "0":
        name = f"{letter}{number} v3"
    app = "" if version == "4" or letter == "B" else " App"
    return _named(f"Azure App Service {tier} Plan - Linux", f"{name}{app}", name, region)


def _named(product: str, name: str, sku: str, region: str) -> Meter:
    return Meter(service="Azure App Service", product=product, name=name, sku=sku, region=region)
