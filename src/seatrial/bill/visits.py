"""How many requests come to Front Door, for what, and how many of them its cache answers."""

from __future__ import annotations

from decimal import Decimal

from seatrial.bill.egress import services_of
from seatrial.bill.range import ONE, Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.model import FrontDoor, Service, Site

__all__ = ["asked", "file_size", "files_of", "files_passed_on", "passed_on", "sent_out"]

FILES = Range(Decimal("0.02"), Decimal("0.1"), Decimal("0.5"))
"""Files of a static site that are fetched for each request: browsers keep them, so most bring none. At most,
every visit of ten requests fetches five: assumed."""

FILE = Range(Decimal(2 * 1024), Decimal(20 * 1024), Decimal(60 * 1024))
"""The bytes of one file, compressed: a page, a script, a picture. Assumed; answers of services are mostly
less, and where they are more, files are taken to be as large."""

CACHED = Range(Decimal("0.1"), Decimal("0.3"), Decimal("0.6"))
"""The share of those answers that come from the cache which it may keep."""


def files_of(site: Site, reckoning: Reckoning) -> Range:
    """How many files of a static site are fetched in a month, from wherever; of each site as many."""
    assert site in reckoning.plan.parts
    return reckoning.figure("requests") * FILES


def file_size(reckoning: Reckoning) -> Range:
    """The bytes of one file of a static site."""
    return reckoning.figure("answer_size").with_(FILE, max)


def asked(door: FrontDoor, reckoning: Reckoning) -> Range:
    """The requests that come to a Front Door: for its services, and for the files of its sites."""
    sites = _sites(door)
    assumed = total(answered(reckoning, each) for each in services_of(door, reckoning))
    assumed += total(files_of(each, reckoning) for each in sites)
    why = "each request that its services answer" + (", and the files of its sites" if sites else "")
    return reckoning.figure("requests", door, assumed=assumed, why=why)


def sent_out(door: FrontDoor, reckoning: Reckoning) -> tuple[Range, Range]:
    """Answers of services, and files of sites, that a Front Door sends to the world in a month."""
    everything, files = asked(door, reckoning), total(files_of(each, reckoning) for each in _sites(door))
    files = files.with_(everything, min)
    pairs = zip(everything.triple, files.triple, strict=True)
    low, likely, high = (all_of_it - of_sites for all_of_it, of_sites in pairs)
    return Range(min(low, likely), likely, max(likely, high)), files


def passed_on(door: FrontDoor, reckoning: Reckoning) -> Range:
    """The share of what a Front Door is asked for that its cache does not answer."""
    return _rest(_cached(door, reckoning))


def files_passed_on(door: FrontDoor, reckoning: Reckoning) -> Range:
    """The share of the files that it is asked for: the cache keeps files, and few answers of services."""
    kept = _kept(door, reckoning)
    return _rest((_cached(door, reckoning) / kept).at_most(1)) if kept else ONE


def _rest(share: Range) -> Range:
    return Range(1 - share.high, 1 - share.likely, 1 - share.low)


def _cached(door: FrontDoor, reckoning: Reckoning) -> Range:
    kept = _kept(door, reckoning)
    why = "no answer is kept" if not kept else f"pages and files, which are {kept:.0%} of what is asked for"
    return reckoning.figure("cached", door, assumed=CACHED * kept, why=why)


def _kept(door: FrontDoor, reckoning: Reckoning) -> Decimal:
    """The share of what it is asked for that its cache may keep."""
    everything = asked(door, reckoning).likely
    if door.cache is None or not everything:
        return Decimal(0)
    return min(_may_be_kept(door, reckoning).likely / everything, Decimal(1))


def _may_be_kept(door: FrontDoor, reckoning: Reckoning) -> Range:
    """The requests whose answers are kept: as `seatrial.azure.front_door` makes its routes."""
    services = {each for each in door.routes.values() if isinstance(each, Service) and not each.sign_in}
    answers = (answered(reckoning, each) for each in services_of(door, reckoning) if each in services)
    return total(answers) + total(files_of(each, reckoning) for each in _sites(door))


def _sites(door: FrontDoor) -> tuple[Site, ...]:
    return tuple(dict.fromkeys(each for each in door.routes.values() if isinstance(each, Site)))
