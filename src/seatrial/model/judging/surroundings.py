"""What is wrong with what processes stand on: stores, engines, networks, registries, alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from itertools import combinations, pairwise

from seatrial.model.drafts import Draft, now, word_of
from seatrial.model.mistakes import Mistake, show
from seatrial.model.parts import Alert, Blobs, Log, Logs, Network, Part, Postgres, Registry, Sandbox, Temporal

__all__ = ["only_one", "surroundings"]

_ONE_OF_EACH = (Network, Registry, Logs)


def only_one(drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """What a system has once at most."""
    first: dict[type[Part], Draft] = {}
    for draft in drafts:
        kind = type(draft.part)
        if kind in _ONE_OF_EACH and (earlier := first.setdefault(kind, draft)) is not draft:
            where = f"{word_of(kind)}({show(draft.part.name)})"
            what = f"{where}: a second one; the first is on line {earlier.call.line}"
            yield draft.mistake("name", what, "a system has one at most: write all about it there")


def surroundings(draft: Draft, drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """Everything that is wrong with one part that is no process."""
    match draft.part:
        case Blobs() as blobs:
            yield from _life_cycle(draft, blobs)
        case Network() as network:
            yield from _addresses(draft, network)
            yield from _reached(draft, network)
        case Registry() as registry:
            yield from _copies(draft, registry)
        case Sandbox() as sandbox:
            yield from _waiting(draft, sandbox)
        case Temporal() as temporal:
            yield from _history(draft, temporal, drafts)
        case Alert() as alert:
            yield from _limits(draft, alert)
        case _:
            pass


def _life_cycle(draft: Draft, blobs: Blobs) -> Iterator[Mistake]:
    order = ("cool_after", "archive_after", "delete_after")
    if not draft.sure(*order):
        return
    steps = [(name, getattr(blobs, name)) for name in order if getattr(blobs, name) is not None]
    for (earlier, before), (later, after) in pairwise(steps):
        if after <= before:
            what = f'{later}="{after}": not after {earlier}="{before}"'
            yield draft.mistake(later, what, "blobs get cool, then go to the archive, then are deleted")


def _addresses(draft: Draft, network: Network) -> Iterator[Mistake]:
    """Subnets outside their network, or over each other."""
    if not draft.sure("space", "subnets"):
        return
    space = IPv4Network(network.space)
    laid_out = {tier: IPv4Network(addresses) for tier, addresses in network.subnets.items()}
    for tier, addresses in laid_out.items():
        if not addresses.subnet_of(space):
            what = f'{tier}="{addresses}": not inside space="{space}"'
            yield draft.mistake("subnets", what, "write a part of the network's own addresses", tier)
    for (tier, addresses), (other, others) in combinations(laid_out.items(), 2):
        if addresses.overlaps(others):
            what = f'{other}="{others}": overlaps {tier}="{addresses}"'
            yield draft.mistake("subnets", what, "give every tier addresses of its own", other)


def _reached(draft: Draft, network: Network) -> Iterator[Mistake]:
    if network.reaches and not network.firewall and draft.sure("reaches", "firewall"):
        what = f"reaches={show(list(network.reaches))}: without a firewall all hosts can be reached"
        yield draft.mistake("reaches", what, "add firewall=True, or leave reaches out")


def _copies(draft: Draft, registry: Registry) -> Iterator[Mistake]:
    if registry.copies_in and registry.tier != "premium" and draft.sure("copies_in", "tier"):
        what = f"copies_in={show(list(registry.copies_in))}: a {registry.tier} registry stands in one region"
        yield draft.mistake("copies_in", what, 'write tier="premium", or leave copies_in out')


def _waiting(draft: Draft, sandbox: Sandbox) -> Iterator[Mistake]:
    if sandbox.ready > sandbox.most and draft.sure("ready", "most"):
        what = f"ready={sandbox.ready}: more wait than there may be, most={sandbox.most}"
        yield draft.mistake("ready", what, f"write ready={sandbox.most} or less")


def _history(draft: Draft, temporal: Temporal, drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """Temporal knows PostgreSQL by user and password only: no token of an identity.

    Source: https://docs.temporal.io/references/configuration
    """
    history = now(drafts, temporal.history, Postgres, "sign_in") if draft.sure("history") else None
    if history is not None and history.sign_in != "password":
        what = f"history={history.name}: signs in by identity, which Temporal cannot"
        yield draft.mistake("history", what, f'give {history.name} sign_in="password"')


def _limits(draft: Draft, alert: Alert) -> Iterator[Mistake]:
    """A limit on neither side, on both, or on one that a question to the logs does not have."""
    if not draft.sure("when", "above", "below"):
        return
    where = f"alert({show(alert.name)}): "
    if isinstance(alert.when, Log) and alert.below is not None:
        hint = "write above=…, how many rows are too many, and let the query find what is wrong"
        yield draft.mistake(
            "below", f"below={alert.below:g}: a question to the logs has no lower limit", hint
        )
    elif alert.above is None and alert.below is None:
        yield draft.mistake("when", f"{where}no limit", "add above=… or below=…")
    elif alert.above is not None and alert.below is not None:
        hint = "keep one of them; two limits are two alerts"
        yield draft.mistake("below", f"{where}two limits, above and below", hint)
