"""seatrial plan"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatrial.cli import exits
from seatrial.cli.systems import coloured, find, leave, system_argument

if TYPE_CHECKING:
    from seatrial.azure.graph import Graph
    from seatrial.model import Plan


@click.command(epilog="Example:  seatrial plan systems/doctrove --variant 10m --svg plan.svg")
@system_argument
@click.option("--variant", help="Show this variant of the system.")
@click.option("--json", "as_json", is_flag=True, help="All that is known, for programs.")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also draw what is deployed into this file.",
)
def command(system: str | None, variant: str | None, as_json: bool, svg: Path | None) -> None:
    """Show on one page what a system becomes on Azure.

    The parts and what each becomes, who may reach whom, what costs money, what is promised, and what
    whoever deploys must choose. Nothing is deployed, and no network is needed.
    """
    from seatrial.azure.overview import overview

    found = find(system, variant)
    graph = _graph(found.plan)
    told = overview(graph)
    if svg is not None:
        _draw(graph, svg)
    if as_json:
        from seatrial.azure.overview_json import as_json as page_as_json

        click.echo(json.dumps(page_as_json(told), indent=1, ensure_ascii=False))
    else:
        from seatrial.cli.plan_page import page

        bold = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(page(told, lambda text: click.style(text, bold=True) if bold else text))
        if svg is not None:
            click.echo(f"\ndrawn: {svg}", err=True)


def _graph(plan: Plan) -> Graph:
    from seatrial.azure.compile import graph
    from seatrial.azure.errors import Refused

    try:
        return graph(plan)
    except Refused as refused:
        click.echo(refused.report(colour=coloured()), err=True)
        sys.exit(exits.MISTAKES)


def _draw(graph: Graph, file: Path) -> None:
    from seatrial.azure.diagram import drawing

    try:
        file.write_text(drawing(graph), encoding="utf-8")
    except OSError as error:
        leave(
            f"{file} cannot be written: {error.strerror}",
            exits.FAILED,
            hint="name a file in a folder that is",
        )
