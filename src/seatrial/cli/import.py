"""seatrial import"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seatrial.cli import exits
from seatrial.cli.systems import leave, refuse

if TYPE_CHECKING:
    from seatrial.adopt import Adopted

FILE, NOTES = "system.py", "import-notes.md"
SHOWN = 12
"""Notes of a kind that are shown; the page has all."""


@click.command(epilog="Example:  seatrial import compose.yaml --region westeurope")
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option("--name", help="Of the system; left out, as the source calls it.")
@click.option("--title", help="Of the system, for people.")
@click.option("--region", help="Of Azure, as westeurope; left out, a guess.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write into this folder; left out, systems/<name>.",
)
@click.option("--profile", "profiles", multiple=True, help="Take a profile of Compose too; several times.")
@click.option("--force", is_flag=True, help="Write over a system file that is there.")
@click.option("--strict", is_flag=True, help="End with code 1 when something was left out.")
@click.option("--all", "everything", is_flag=True, help="Show every note, not the first ones of each kind.")
@click.option("--json", "as_json", is_flag=True, help="What was written and every note, for programs.")
def command(
    sources: tuple[Path, ...],
    name: str | None,
    title: str | None,
    region: str | None,
    folder: Path | None,
    profiles: tuple[str, ...],
    force: bool,
    strict: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """Make a system file of a Compose file, or of a project of azd.

    SOURCES are Compose files, later ones over earlier ones; an azure.yaml; or a folder with one of them. Left
    out: this folder. Beside the system file, import-notes.md says what of every key that could not be carried
    over, and why, what was changed, and what is a guess.
    """
    from seatrial.adopt import Wishes, adopt
    from seatrial.model import Mistakes

    _checked(name, region)
    wishes = Wishes(name=name, title=title, region=region, folder=folder, profiles=frozenset(profiles))
    try:
        made = adopt(sources or (Path(),), wishes)
    except Mistakes as mistakes:
        refuse(mistakes)
    _write(made, force=force)
    if as_json:
        click.echo(json.dumps(_as_json(made), indent=1, ensure_ascii=False))
    else:
        _say(made, everything=everything)
    if strict and made.count("left out"):
        raise SystemExit(exits.FAILED)


def _checked(name: str | None, region: str | None) -> None:
    from seatrial.model.mistakes import Wrong
    from seatrial.model.names import LONGEST_SYSTEM, check_name
    from seatrial.model.readers import region as region_of

    try:
        if name is not None:
            check_name(name, longest=LONGEST_SYSTEM)
        if region is not None:
            region_of(region)
    except Wrong as wrong:
        raise click.UsageError(f"{wrong.what}: {wrong.hint}") from None


def _write(made: Adopted, *, force: bool) -> None:
    """Both files, or none when one is in the way."""
    from seatrial.adopt import markdown

    texts = {FILE: made.text, NOTES: markdown(made.notes, " and ".join(made.sources), FILE)}
    for file in texts:
        if (made.folder / file).exists() and not force:
            hint = "write over it with --force, or write elsewhere with --to"
            leave(f"{made.folder / file}: there is one, and nothing was written", exits.FAILED, hint)
    try:
        made.folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            (made.folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        leave(
            f"{made.folder}: cannot be written: {error.strerror}", exits.FAILED, "name another folder: --to"
        )


def _say(made: Adopted, *, everything: bool) -> None:
    for kind in ("left out", "changed", "guessed"):
        notes = [note for note in made.notes if note.kind == kind]
        shown = notes if everything else notes[:SHOWN]
        for note in shown:
            click.echo(note.text(), err=True)
        if len(shown) < len(notes):
            click.echo(f"{kind}  {len(notes) - len(shown)} more: --all, or {made.folder / NOTES}", err=True)
    counts = ", ".join(f"{made.count(kind)} {kind}" for kind in ("left out", "changed", "guessed"))
    click.echo(f"{made.name}: {made.folder / FILE}; {counts}, in {NOTES}")
    click.echo(f"Next: seatrial plan {made.folder}", err=True)


def _as_json(made: Adopted) -> dict[str, Any]:
    return {
        "system": made.name,
        "file": str(made.folder / FILE),
        "notes_file": str(made.folder / NOTES),
        "sources": list(made.sources),
        "notes": [note.as_json() for note in made.notes],
    }
