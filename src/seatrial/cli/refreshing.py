"""seatrial bill --refresh: today's prices from Azure's public price list."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from seatrial.cli import exits
from seatrial.cli.systems import leave

if TYPE_CHECKING:
    from seatrial.bill.pricelist.refresh import Refreshed
    from seatrial.model import System

__all__ = ["places_of", "refreshed"]


def refreshed(currency: str, regions: tuple[str, ...], allow_missing: bool) -> None:
    """Takes today's prices, with progress on stderr; the old book stays when anything is missing.

    Args:
        regions: of Azure; none: all that the embedded book knows, which takes long.
    """
    from seatrial.bill.book import Book
    from seatrial.bill.errors import BillError, MetersGone
    from seatrial.bill.pricelist.refresh import from_azure

    wanted = regions or tuple(region for region in Book().regions if region.islower())
    click.echo(f"asking Azure for the prices of {', '.join(wanted)}", err=True)
    try:
        done = from_azure(currency, wanted, allow_missing=allow_missing, told=_told)
    except MetersGone as error:
        leave(
            str(error), exits.FAILED, hint="look at what took its place; --allow-missing goes on without it"
        )
    except BillError as error:
        leave(f"the old prices stay: {error}", exits.FAILED)
    except KeyboardInterrupt:
        leave("stopped: the old prices stay", exits.FAILED)
    _clear()
    for line in _what_changed(done):
        click.echo(line, err=True)


def places_of(system: System) -> tuple[str, ...]:
    """Every region in which the system, or a variant of it, has something that is paid."""
    from seatrial.model import Registry

    places: dict[str, None] = {}
    for variant in (None, *system.variants):
        plan = system.plan(variant)
        copies = (copy for registry in plan.of(Registry) for copy in registry.copies_in)
        places |= dict.fromkeys((*plan.regions, *copies))
    return tuple(places)


def _told(sentence: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K· {sentence[:90]}", err=True, nl=False)


def _clear() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)


def _what_changed(done: Refreshed) -> Iterator[str]:
    yield f"{done.fetched:,} prices in {done.currency}, kept in {done.folder}"
    for change in done.changed[:20]:
        old, new = change.old.tiers[-1].price, change.new.tiers[-1].price
        yield f"  {change.new.meter}: {old:f} → {new:f}"
    if len(done.changed) > 20:
        yield f"  and {len(done.changed) - 20:,} more that changed"
    if done.new:
        yield f"  {len(done.new):,} meters that the old prices did not have"
    if done.kept:
        yield f"  {len(done.kept):,} prices that the list does not have stay as they were read elsewhere"
    for gone in done.dropped[:20]:
        yield f"  gone: {gone.meter}: {gone.why}"
