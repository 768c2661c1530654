"""How many requests come to Front Door, for what, and how many of them its cache answers."""

from __future__ import annotations

from decimal import Decimal

from seatrial.bill.egress import services_of
from seatrial.bill.range import Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.model import FrontDoor, Service, Site

__all__ = ["asked", "files_of", "passed_on"]

FILES = Range(Decimal("0.02"), Decimal("0.1"), Decimal(1))
"""Files of a static site that are fetched for each request: browsers keep them, so most bring none."""

CACHED = Range(Decimal("0.1"), Decimal("0.3"), Decimal("0.6"))
"""The share of those answers that come from the cache which it may keep."""


def files_of(site: Site, reckoning: Reckoning) -> Range:
    """How many files of a static site are fetched in a month, from wherever; of each site as many."""
    assert site in reckoning.plan.parts
    return reckoning.figure("requests") * FILES


def asked(door: FrontDoor, reckoning: Reckoning) -> Range:
    """The requests that come to a Front Door: for its services, and for the files of its sites."""
    sites = _sites(door)
    assumed = total(answered(reckoning, each) for each in services_of(door, reckoning))
    assumed += total(files_of(each, reckoning) for each in sites)
    why = "each request that its services answer" + (", and the files of its sites" if sites else "")
    return reckoning.figure("requests", door, assumed=assumed, why=why)


def passed_on(door: FrontDoor, reckoning: Reckoning) -> Range:
    """The share of what a Front Door is asked for that its cache does not answer."""
    kept = Decimal(0)
    everything = asked(door, reckoning).likely
    if door.cache is not None and everything:
        kept = min(_may_be_kept(door, reckoning).likely / everything, Decimal(1))
    why = "no answer is kept" if not kept else f"pages and files, which are {kept:.0%} of what is asked for"
    share = reckoning.figure("cached", door, assumed=CACHED * kept, why=why)
    return Range(1 - share.high, 1 - share.likely, 1 - share.low)


def _may_be_kept(door: FrontDoor, reckoning: Reckoning) -> Range:
    """The requests whose answers are kept: as `seatrial.azure.front_door` makes its routes."""
    services = {each for each in door.routes.values() if isinstance(each, Service) and not each.sign_in}
    answers = (answered(reckoning, each) for each in services_of(door, reckoning) if each in services)
    return total(answers) + total(files_of(each, reckoning) for each in _sites(door))


def _sites(door: FrontDoor) -> tuple[Site, ...]:
    return tuple(dict.fromkeys(each for each in door.routes.values() if isinstance(each, Site)))
