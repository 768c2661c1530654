"""`python -m doctrove.ingest`: read documents into the store, from a terminal or as a job."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import TypeVar

import click
from seatrial_kit.database import connect
from seatrial_kit.errors import Failure
from seatrial_kit.settings import read

from doctrove.ingest import runs
from doctrove.ingest.load import load
from doctrove.ingest.progress import Reporter
from doctrove.ingest.records import Source
from doctrove.settings import StoreSettings

NOTHING_USABLE = 4
STOPPED = 130

Command = TypeVar("Command", bound=Callable[..., object])


def _shared(command: Command) -> Command:
    """The options of every source."""
    for option in (
        click.option("--rejects", is_flag=True, help="List what was kept aside of this input; read nothing."),
        click.option(
            "--json", "as_json", is_flag=True, help="JSON lines on stdout instead of talk on stderr."
        ),
        click.option("--again", is_flag=True, help="Read the input even when it is all in already."),
    ):
        command = option(command)
    return command


_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@click.group(invoke_without_command=True)
@_shared
@click.pass_context
def main(context: click.Context, /, **options: bool) -> None:
    """Read documents into the store; without a source: python-docs. PAPERS_URL says where the store is.

    A run that was ended by anything goes on where it was when the same command is given again.

    \b
    Exit codes: 0 all in; 1 could not go on; 2 wrong use; 4 nothing of the input was usable; 130 stopped.
    """
    if context.invoked_subcommand is None:
        context.invoke(python_docs, **options)


@main.command("python-docs")
@_shared
def python_docs(**options: bool) -> None:
    """The documentation strings of Python's library and of the installed packages."""
    from doctrove.ingest.sources.python_docs import PythonDocs

    _read([PythonDocs()], **options)


@main.command("arxiv")
@_FILES
@_shared
def arxiv_files(files: tuple[Path, ...], **options: bool) -> None:
    """arXiv's metadata snapshot: JSON lines, plain, .gz or .zip."""
    from doctrove.ingest.sources.arxiv import arxiv

    _read(map(arxiv, files), **options)


@main.command("openalex")
@_FILES
@_shared
def openalex_files(files: tuple[Path, ...], **options: bool) -> None:
    """OpenAlex works: JSON lines, plain, .gz or .zip."""
    from doctrove.ingest.sources.openalex import openalex

    _read(map(openalex, files), **options)


@main.command("table")
@_FILES
@click.option("--map", "mapping", multiple=True, metavar="WHAT=COLUMN", help="Such as title=Headline.")
@click.option("--source", "name", help="What the documents' source is called; default: the file's name.")
@click.option("--delimiter", help="Between columns of CSV; default: comma, for .tsv a tab.")
@click.option("--encoding", default="utf-8", show_default=True, help="Of CSV.")
@_shared
def table_files(
    files: tuple[Path, ...],
    mapping: tuple[str, ...],
    name: str | None,
    delimiter: str | None,
    encoding: str,
    **options: bool,
) -> None:
    """CSV (also .gz, .zip) or Parquet, such as `table papers.csv --map title=Headline --map id=Key`.

    WHAT is id, title, abstract, authors, date, field, country or link.NAME; columns of these names need no
    --map.
    """
    from doctrove.ingest.sources.table import table

    columns = dict(_pair(entry) for entry in mapping)
    _read((table(f, columns, name=name, delimiter=delimiter, encoding=encoding) for f in files), **options)


def _pair(entry: str) -> tuple[str, str]:
    what, equals, column = entry.partition("=")
    if not (what and equals and column):
        raise click.BadParameter(f"{entry!r} is not WHAT=COLUMN", param_hint="--map")
    return what, column


def _read(sources: Iterable[Source], *, again: bool, as_json: bool, rejects: bool) -> None:
    """Read one source after the other, and end the process with what became of them."""
    url = read(StoreSettings).papers_url
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        stop.set()
        signal.signal(number, signal.SIG_DFL)  # who asks twice is in a hurry; nothing is lost by that either

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    exit_code = 0
    for source in sources:
        reporter = Reporter(source, as_json=as_json)
        if rejects:
            with connect(url, name="ingest") as connection:
                reporter.list_rejects(runs.rejects(connection, source))
            continue
        run = load(url, source, again=again, stop=stop, report=reporter.report, notice=reporter.notice)
        reporter.end(run)
        if run.status != "done":
            sys.exit(STOPPED)
        if run.rejected == run.read:
            exit_code = NOTHING_USABLE
    sys.exit(exit_code)


def run() -> None:
    """The door of the program: what a person can put right is said without a traceback."""
    try:
        main(prog_name="python -m doctrove.ingest")
    except Failure as failure:
        click.echo(f"error: {failure}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
