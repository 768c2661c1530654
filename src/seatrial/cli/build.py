"""seatrial build"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seatrial.cli import exits
from seatrial.cli.systems import leave, plan_of, read, refuse, system_argument

if TYPE_CHECKING:
    from seatrial.azure.changes import Change
    from seatrial.deliver.output import Report
    from seatrial.model import Plan, System


@click.command(epilog="Example:  seatrial build systems/doctrove --variant 10m --out build/ten-million")
@system_argument
@click.option("--variant", help="Build this variant of the system.")
@click.option("--all-variants", is_flag=True, help="Build the system and each of its variants.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write into this folder; of several variants, each into a folder of its own in it.",
)
@click.option("--force", is_flag=True, help="Write over files that are in the way.")
@click.option("--json", "as_json", is_flag=True, help="What was written, for programs.")
def command(
    system: str | None, variant: str | None, all_variants: bool, out: Path | None, force: bool, as_json: bool
) -> None:
    """Write everything that a system needs to run on Azure.

    Bicep, the same as a template and as Terraform, answers for each environment, images, Compose, workflows.
    Two runs write the same, byte for byte; only what changed is written; files of others are not touched.
    """
    from seatrial.deliver.output import OutputError, write

    gc.disable()  # this makes many values, keeps them all, and ends: collecting costs a tenth of the time
    if variant and all_variants:
        raise click.UsageError("--variant names one, --all-variants all of them: give one of the two")
    file, described = read(system)
    root = _root(file.resolve())
    wanted = [None, *described.variants] if all_variants else [variant]
    plans = [plan_of(described, each) for each in wanted]
    built = [(plan, _files(plan, root)) for plan in plans]  # all of them, before the first file is written
    told = []
    for plan, files in built:
        folder = _folder(plan, root, out, several=all_variants)
        try:
            report = write(files, folder, force=force)
        except OutputError as error:
            leave(str(error), exits.FAILED, hint=error.hint)
        notes = list(_notes(described, plan))
        told.append(_as_json(plan, report, notes))
        if not as_json:
            _say(plan, report, notes)
    if as_json:
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))


def _root(file: Path) -> Path:
    """The repository of a system file; without one, what holds `systems`; else the folder of the file."""
    for folder in file.parents:
        if (folder / ".git").exists():
            return folder
    return file.parents[2] if file.parents[1].name == "systems" else file.parent


def _files(plan: Plan, root: Path) -> dict[str, str]:
    """Every file by its path. Leaves the program when Azure would refuse the plan."""
    from seatrial import deliver
    from seatrial.azure import arm, bicep, parameters, terraform
    from seatrial.azure.compile import graph
    from seatrial.azure.errors import Refused

    try:
        becomes = graph(plan)
        return {
            **{f"infra/{path}": text for path, text in bicep.files(becomes).items()},
            **{f"infra/{path}": text for path, text in parameters.files(becomes).items()},
            **{f"infra/terraform/{path}": text for path, text in terraform.files(becomes).items()},
            "infra/main.json": arm.text(becomes),
            **deliver.files(plan, root, becomes),
        }
    except Refused as refused:
        refuse(refused)


def _folder(plan: Plan, root: Path, out: Path | None, *, several: bool) -> Path:
    if out is None:
        from seatrial.deliver.layout import layout

        return root / layout(plan, root).output
    return out / (plan.variant or "base") if several else out


def _notes(system: System, plan: Plan) -> Iterator[Change]:
    """What would have to be made anew to go from the system to this variant of it."""
    from seatrial.azure.changes import changes
    from seatrial.azure.errors import Refused

    if plan.variant is not None:
        try:
            yield from (change for change in changes(system.plan(), plan) if not change.in_place)
        except Refused:
            return  # the system itself cannot be had: there is nothing to go from


def _say(plan: Plan, report: Report, notes: list[Change]) -> None:
    total = len(report.written) + len(report.same)
    title = f"{plan.name} {plan.variant}" if plan.variant else plan.name
    if not report.written:
        news = "all as they were"
    elif not report.same:
        news = "all new"
    else:
        news = f"{len(report.written)} written, {len(report.same)} as they were"
    click.echo(f"{title}: {_shown(report.out)}, {total} files, {news}")
    if report.same:
        for path in report.written:
            click.echo(f"  written: {path}", err=True)
    for path in report.removed:
        click.echo(f"  removed: {path}", err=True)
    for path in report.kept:
        click.echo(f"  kept, for it was edited by hand: {path}", err=True)
    for note in notes:
        click.echo(f"  note: what runs as {plan.name} cannot become this in place: {_note(note)}", err=True)


def _note(change: Change) -> str:
    what = " ".join(each for each in (change.part, change.field) if each) or "the system"
    return f"{what} from {change.before or 'nothing'} to {change.after or 'nothing'}: {change.why}"


def _as_json(plan: Plan, report: Report, notes: list[Change]) -> dict[str, Any]:
    return {
        "system": plan.name,
        "variant": plan.variant,
        "out": str(report.out.absolute()),
        "written": report.written,
        "same": report.same,
        "removed": report.removed,
        "kept": report.kept,
        "notes": [_note(each) for each in notes],
    }


def _shown(folder: Path) -> str:
    here = Path.cwd()
    absolute = folder.absolute()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else folder)
