"""seatrial bill"""

from __future__ import annotations

import json
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from seatrial.cli.pricing import Pricing, old_prices, verdicts
from seatrial.cli.systems import heading, read, system_argument


@click.command(epilog="Example:  seatrial bill systems/doctrove --scale records=10M --compare 10m")
@system_argument
@click.option("--variant", help="Price this variant of the system.")
@click.option("--region", help="Price it as if it stood in this region of Azure.")
@click.option("--scale", metavar="LOAD", help="Price another load: records=10M, or records=10M,requests=20M.")
@click.option(
    "--assume",
    "assumptions",
    multiple=True,
    metavar="FIGURE=AMOUNT",
    help='Set a figure that the bill stands on: --assume papers.stored="100 GiB".',
)
@click.option(
    "--commit",
    "commitment",
    type=click.Choice(["sp-1y", "sp-3y", "ri-1y", "ri-3y"]),
    help="Buy all that runs steadily by a savings plan or reservation of one or three years.",
)
@click.option("--currency", default="USD", show_default=True, help="Of the prices.")
@click.option(
    "--max-age",
    type=click.IntRange(1),
    default=180,
    show_default=True,
    metavar="DAYS",
    help="Warn of prices that were read longer ago.",
)
@click.option(
    "--compare",
    "variants",
    multiple=True,
    metavar="VARIANT",
    help='Beside this variant, and what makes the difference; again for more; "all" for every one.',
)
@click.option(
    "--curve",
    metavar="FIGURE=FROM..TO",
    help="The cost over a load, records=100k..100M or requests=…; with --compare, where another variant is "
    "cheaper.",
)
@click.option("--along", is_flag=True, help="With --curve: let the other load grow in proportion.")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --curve: also draw it into this file.",
)
@click.option("--shapes", is_flag=True, help="Which variant carries the load, and the cheapest that does.")
@click.option("--machines", is_flag=True, help="Against the same load on virtual machines, always on.")
@click.option(
    "--budget",
    is_flag=False,
    flag_value="",
    metavar="[LIMIT]",
    help="Inside the budget, or that limit? If not, the cheapest way under it. Exit code 7 when over.",
)
@click.option("--all", "every", is_flag=True, help="Show each line by itself, however small.")
@click.option("--json", "form", flag_value="json", help="All that is known, for programs.")
@click.option("--csv", "form", flag_value="csv", help="One row a line, with formula, source and date.")
@click.option("--focus", "form", flag_value="focus", help="One row a line, by the columns of FOCUS 1.2.")
@click.option(
    "--refresh",
    is_flag=True,
    help="First take today's prices of the system's regions from Azure's public price list (needs a "
    "network); without a system, those of --region, or of all regions.",
)
@click.option(
    "--allow-missing", is_flag=True, help="With --refresh: go on without meters that the list has no more."
)
def command(
    system: str | None,
    refresh: bool,
    allow_missing: bool,
    form: str | None,
    max_age: int,
    every: bool,
    variants: tuple[str, ...],
    curve: str | None,
    along: bool,
    svg: Path | None,
    shapes: bool,
    machines: bool,
    budget: str | None,
    **asked: Any,
) -> None:
    """Show what a month on Azure costs, line by line, before anything is deployed.

    Every line is a meter, how much of it is used, and its list price, with the formula, the source and the
    day on which the price was read. What the system does not say is assumed, and the assumption is shown. A
    price that is not known refuses the total. No network is needed, but for --refresh.
    """
    if refresh:
        from seatrial.cli.refreshing import places_of, refreshed

        region = () if asked["region"] is None else (asked["region"],)
        places = region or (() if system is None else places_of(read(system)[1]))
        refreshed(asked["currency"].upper(), places, allow_missing)
        if system is None:
            return
    questions = {"--curve": curve is not None, "--shapes": shapes, "--machines": machines}
    questions["--budget"] = budget is not None
    questions["--compare"] = bool(variants) and curve is None
    _one_question([name for name, is_asked in questions.items() if is_asked], form, svg, curve)
    file, described = read(system)
    pricing = Pricing(system=described, **asked)
    if not any(questions.values()):
        _show(pricing, form, max_age, every)
        return
    from seatrial.cli import bill_questions as answers

    as_json = form == "json"
    if curve is not None:
        code = answers.curved(pricing, curve, variants, along, svg, as_json)
    elif shapes:
        code = answers.shaped(pricing, as_json)
    elif machines:
        code = answers.on_machines(pricing, as_json)
    elif budget is not None:
        code = answers.under_budget(pricing, file, budget, as_json)
    else:
        code = answers.compared(pricing, variants, as_json)
    sys.exit(code)


def _one_question(asked: list[str], form: str | None, svg: Path | None, curve: str | None) -> None:
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)}: one question at a time")
    if asked and form in ("csv", "focus"):
        raise click.UsageError(f"--{form} is a form of the bill itself; {asked[0]} answers as text or --json")
    if svg is not None and curve is None:
        raise click.UsageError("--svg draws a curve: say which, --curve requests=100k..100M")


def _show(pricing: Pricing, form: str | None, max_age: int, every: bool) -> None:
    made = pricing.bill(pricing.variant)
    if form == "json":
        from seatrial.bill.as_json import as_json

        click.echo(json.dumps(as_json(made), indent=1, ensure_ascii=False))
    elif form == "csv":
        from seatrial.bill.tables import as_csv

        click.echo(as_csv(made), nl=False)
    elif form == "focus":
        from seatrial.bill.tables import as_focus

        click.echo(as_focus(made, date.today()), nl=False)
    else:
        from seatrial.cli.bill_page import page

        click.echo(page(made, heading, tuple(verdicts(made, partial(pricing.bill, pricing.variant))), every))
    for line in old_prices(made, date.today(), max_age):
        click.echo(line, err=True)
