"""seatrial plan"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatrial.cli import exits
from seatrial.cli.systems import heading, leave, plan_of, read, refuse, system_argument

if TYPE_CHECKING:
    from seatrial.azure.changes import Change
    from seatrial.azure.graph import Graph
    from seatrial.model import Plan


BASE = "base"
"""Stands for the system itself where a variant is asked for."""


@click.command(epilog="Example:  seatrial plan systems/doctrove --against 10m --svg plan.svg")
@system_argument
@click.option("--variant", help="Show this variant of the system.")
@click.option(
    "--against", metavar="VARIANT", help='Also say what changes on the way to this one; "base" is the system.'
)
@click.option("--json", "as_json", is_flag=True, help="All that is known, for programs.")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also draw what is deployed into this file.",
)
def command(
    system: str | None, variant: str | None, against: str | None, as_json: bool, svg: Path | None
) -> None:
    """Show on one page what a system becomes on Azure.

    The parts and what each becomes, who may reach whom, what costs money, what is promised, and what
    whoever deploys must choose. Nothing is deployed, and no network is needed.
    """
    from seatrial.azure.errors import Refused

    _, described = read(system)
    plan = plan_of(described, variant)
    other = None if against is None else plan_of(described, None if against == BASE else against)
    try:
        _show(plan, other, as_json, svg)
    except Refused as refused:
        refuse(refused)


def _show(plan: Plan, other: Plan | None, as_json: bool, svg: Path | None) -> None:
    """Prints the page; raises Refused before anything is printed."""
    from seatrial.azure.compile import graph
    from seatrial.azure.overview import overview

    made = graph(plan)
    told = overview(made)
    changed = None if other is None else _changes(plan, other)
    if svg is not None:
        _draw(made, svg)
    if as_json:
        from seatrial.azure.overview_json import as_json as page_as_json
        from seatrial.azure.overview_json import changes_as_json

        found = page_as_json(told)
        if other is not None and changed is not None:
            found["against"] = changes_as_json(changed, other.variant)
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        from seatrial.cli.plan_page import differences, page

        click.echo(page(told, heading))
        if other is not None and changed is not None:
            click.echo("\n" + differences(changed, _called(plan), _called(other), heading))
    if svg is not None:
        click.echo(f"drawn: {svg}", err=True)


def _changes(plan: Plan, other: Plan) -> tuple[Change, ...]:
    from seatrial.azure.changes import changes

    return changes(plan, other)


def _called(plan: Plan) -> str:
    return plan.variant or plan.name


def _draw(graph: Graph, file: Path) -> None:
    from seatrial.azure.diagram import drawing

    text = drawing(graph)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        leave(
            f"{file} cannot be written: {error.strerror}",
            exits.FAILED,
            hint="name a file in a folder that is there",
        )
