"""What `seatrial bill` is asked beside the bill itself: each question is answered, and has its exit code."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from seatrial.bill.errors import NoLoad, NoMachine, PricesMissing
from seatrial.bill.questions.load import LOADS
from seatrial.bill.words import spanned
from seatrial.cli import exits
from seatrial.cli.pricing import BASE, Pricing, missing
from seatrial.cli.systems import heading, leave, plan_of, refuse
from seatrial.model.mistakes import Wrong

if TYPE_CHECKING:
    from seatrial.azure.graph import Graph
    from seatrial.bill.questions.curve import Curve
    from seatrial.bill.questions.machines import OnMachines
    from seatrial.bill.questions.shapes import Choice

__all__ = ["compared", "curved", "on_machines", "shaped", "under_budget"]

T = TypeVar("T")

WIDTH = 100


def compared(pricing: Pricing, variants: Sequence[str], as_json: bool) -> int:
    """The bill beside those of variants."""
    from seatrial.bill.questions.compare import compare
    from seatrial.cli.comparison_page import comparison_as_json, comparison_page

    names = _variants(pricing, variants)
    if len(names) == 1:
        others = [name for name in (BASE, *pricing.system.variants) if name not in names]
        way_out = f"compare it with: {', '.join(others)}" if others else "this system has no variants"
        leave(f"--compare: nothing but {names[0]} was named", exits.USAGE, hint=way_out)
    comparison = compare([pricing.bill(name) for name in names], names)
    if as_json:
        _print(comparison_as_json(comparison))
    else:
        click.echo(comparison_page(comparison, heading))
    return exits.OK


def curved(
    pricing: Pricing, span: str, variants: Sequence[str], along: bool, svg: Path | None, as_json: bool
) -> int:
    """What each shape costs from one load to another; `along`: the other load grows with it."""
    from seatrial.bill.asked import span as read_span
    from seatrial.bill.questions.curve import curve
    from seatrial.bill.questions.curve_svg import curve_svg
    from seatrial.bill.questions.curve_text import curve_text

    try:
        loads = read_span(span)
    except Wrong as wrong:
        leave(f"--curve: {wrong.what}", exits.USAGE, hint=wrong.hint)
    graphs = _graphs(pricing, _variants(pricing, variants))
    drawn = _asked(
        pricing,
        lambda: curve(
            graphs,
            pricing.book,
            loads.figure,
            loads.least,
            loads.most,
            along=[other for other in LOADS if along and other != loads.figure],
            asked=pricing.asked(next(iter(graphs.values())).plan),
            commitment=pricing.commitment,
        ),
    )
    if svg is not None:
        _write(svg, curve_svg(drawn))
    if as_json:
        _print(_curve(drawn))
    else:
        for line in curve_text(drawn).splitlines():
            click.echo(textwrap.fill(line, WIDTH, subsequent_indent="    ") if len(line) > WIDTH else line)
    if svg is not None:
        click.echo(f"drawn: {svg}", err=True)
    return exits.OK


def shaped(pricing: Pricing, as_json: bool) -> int:
    """Which variant carries the load, and the cheapest that does."""
    from seatrial.bill.asked import load
    from seatrial.bill.questions.shapes import choose

    graphs = _graphs(pricing, _variants(pricing, ["all"]))
    plan = next(iter(graphs.values())).plan
    pricing.factors(plan)  # says what is wrong with --scale
    asked = {} if pricing.scale is None else load(pricing.scale)
    choice = _asked(
        pricing,
        lambda: choose(graphs, pricing.book, asked, asked=pricing.asked(plan), commitment=pricing.commitment),
    )
    if as_json:
        _print(_choice(choice))
    else:
        for shape in choice.shapes:
            mark = "→" if shape.name == choice.chosen else " "
            word = "carries it" if shape.sure else "may carry it" if shape.carries else "does not carry it"
            cost = spanned(shape.bill.total, shape.bill.currency)
            click.echo(f"{mark} {shape.name:<16}{word:<20}{cost}")
        click.echo()
        _sentences(choice.sentences())
    return exits.OK if choice.chosen is not None else exits.FAILED


def on_machines(pricing: Pricing, as_json: bool) -> int:
    """The same load on virtual machines that are always on."""
    from seatrial.bill.bill import bill
    from seatrial.bill.questions.machines import on_machines as compute

    graph = pricing.graph(pricing.variant)
    usage = pricing.usage(graph.plan)

    def made() -> OnMachines:
        return compute(graph, pricing.book, bill(graph, pricing.book, usage, pricing.commitment), usage)

    found = _asked(pricing, made)
    if as_json:
        _print(_machines(found))
        return exits.OK
    for line in found.machines:
        what = f"{line.process}, {line.what}"
        click.echo(f"  {what:<40}{spanned(line.amount, found.bill.currency)}")
        click.echo(f"      {line.formula}")
    click.echo()
    _sentences(found.sentences())
    click.echo()
    click.echo(heading("What this stands on"))
    _sentences(found.assumptions)
    return exits.OK


def under_budget(pricing: Pricing, file: Path, limit: str, as_json: bool) -> int:
    """Inside or over, and the way under it that gives up least."""
    from seatrial.azure.errors import Refused
    from seatrial.bill.savings.advised_as_json import advised_as_json
    from seatrial.bill.savings.savings import advice
    from seatrial.bill.savings.variables import variables_in
    from seatrial.cli.advice_page import advice_page

    plan = pricing.plan(pricing.variant)
    amount = _limit(pricing, limit)
    told = _progress if sys.stderr.isatty() else None
    try:
        advised = advice(
            plan,
            pricing.book,
            amount,
            pricing.usage,
            commitment=pricing.commitment,
            progress=told,
            called=variables_in(file.read_text(encoding="utf-8")),
        )
    except Refused as refused:
        refuse(refused)
    except PricesMissing as error:
        missing(error, pricing.book)
    finally:
        if told is not None:
            click.echo("\r\033[K", err=True, nl=False)
    if as_json:
        _print(advised_as_json(advised))
    else:
        click.echo(advice_page(advised, heading))
    return exits.OK if advised.by <= 0 else exits.OVER


def _limit(pricing: Pricing, text: str) -> Decimal:
    """The amount that was asked about; empty: that of the system file."""
    if text:
        try:
            amount = Decimal(text.strip().removesuffix("/month").lstrip("$").replace(",", ""))
        except InvalidOperation:
            amount = Decimal(-1)
        if amount.is_finite() and amount > 0:
            return amount
        leave(f'--budget: "{text}" is not an amount', exits.USAGE, hint="write --budget '$400'")
    budget = pricing.plan(pricing.variant).budget
    if budget is None:
        leave("--budget: the system has none", exits.USAGE, hint="say one: --budget '$400'")
    if pricing.book.currency != "USD":
        hint = f"say one in {pricing.book.currency}: --budget 400"
        leave(f"--budget: that of the system is in USD, not {pricing.book.currency}", exits.USAGE, hint=hint)
    return budget.limit.amount


def _variants(pricing: Pricing, asked: Sequence[str]) -> list[str]:
    """The names of what was asked for, the bill itself first; `all` is every variant and the base."""
    first = pricing.variant or BASE
    names = [name.strip() for each in asked for name in each.split(",") if name.strip()]
    if "all" in names:
        names = [BASE, *pricing.system.variants]
    for name in names:
        if name != BASE:
            plan_of(pricing.system, name)
    return list(dict.fromkeys([first, *names]))


def _graphs(pricing: Pricing, names: Sequence[str]) -> dict[str, Graph]:
    return {name: pricing.graph(name) for name in names}


def _asked(pricing: Pricing, make: Callable[[], T]) -> T:
    try:
        return make()
    except NoLoad as error:
        leave(str(error), exits.USAGE)
    except NoMachine as error:
        leave(str(error), exits.FAILED)
    except PricesMissing as error:
        missing(error, pricing.book)


def _progress(sentence: str) -> None:
    click.echo(f"\r\033[K· {sentence[:90]}", err=True, nl=False)


def _sentences(found: Sequence[str]) -> None:
    for sentence in found:
        click.echo(textwrap.fill(sentence, WIDTH, initial_indent="  ", subsequent_indent="      "))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        hint = "name a file in a folder that is there"
        leave(f"{file} cannot be written: {error.strerror}", exits.FAILED, hint=hint)


def _print(found: Any) -> None:
    click.echo(json.dumps(found, indent=1, ensure_ascii=False))


def _curve(drawn: Curve) -> dict[str, Any]:
    from seatrial.bill.as_json import range_as_json

    return {
        "system": drawn.system,
        "figure": drawn.figure,
        "currency": drawn.currency,
        "tracks": [
            {
                "name": track.name,
                "points": [
                    {
                        "load": f"{point.load:f}",
                        "total": range_as_json(point.total),
                        "in_the_way": list(point.in_the_way),
                    }
                    for point in track.points
                ],
            }
            for track in drawn.tracks
        ],
        "crossings": [
            {
                "load": f"{each.load:f}",
                "before": each.before,
                "after": each.after,
                "why": each.why,
                "sentence": each.in_words(drawn.figure, drawn.currency),
            }
            for each in drawn.crossings
        ],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    from seatrial.bill.as_json import range_as_json

    return {
        "system": choice.system,
        "load": {name: f"{amount:f}" for name, amount in choice.load},
        "chosen": choice.chosen,
        "safe": choice.safe,
        "by_the_plan": choice.by_the_plan,
        "shapes": [
            {
                "name": shape.name,
                "carries": shape.carries,
                "sure": shape.sure,
                "total": range_as_json(shape.bill.total),
                "obstacles": [{"sure": each.sure, "sentence": each.sentence} for each in shape.obstacles],
            }
            for shape in choice.shapes
        ],
        "sentences": list(choice.sentences()),
    }


def _machines(found: OnMachines) -> dict[str, Any]:
    from seatrial.bill.as_json import range_as_json

    return {
        "currency": found.bill.currency,
        "total": range_as_json(found.bill.total),
        "total_on_machines": range_as_json(found.total),
        "share_saved": range_as_json(found.share),
        "machines": [
            {
                "process": line.process,
                "region": line.region,
                "what": line.what,
                "size": line.size,
                "number": range_as_json(line.number),
                "amount": range_as_json(line.amount),
                "formula": line.formula,
            }
            for line in found.machines
        ],
        "assumptions": list(found.assumptions),
    }
