"""`python -m doctrove.ingest`: read documents into the store, from a terminal or as a job."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType

import click
from seatrial_kit.errors import Failure
from seatrial_kit.settings import read

from doctrove.ingest.load import load
from doctrove.ingest.progress import Reporter
from doctrove.ingest.records import Source
from doctrove.settings import StoreSettings

STOPPED = 130


@click.group(invoke_without_command=True)
@click.option("--again", is_flag=True, help="Read the input even when it is all in already.")
@click.option("--json", "as_json", is_flag=True, help="Progress as JSON lines on stdout.")
@click.option("--rejects", is_flag=True, help="List what was kept aside of this input, and read nothing.")
@click.pass_context
def main(context: click.Context, again: bool, as_json: bool, rejects: bool) -> None:
    """Read documents into the store; without a source: python-docs. PAPERS_URL says where the store is."""
    context.obj = {"again": again, "as_json": as_json, "rejects": rejects}
    if context.invoked_subcommand is None:
        context.invoke(python_docs)


@main.command("python-docs")
@click.pass_obj
def python_docs(options: dict[str, bool]) -> None:
    """The documentation strings of Python's library and of the installed packages."""
    from doctrove.ingest.sources.python_docs import PythonDocs

    _read(PythonDocs(), **options)


def _read(source: Source, *, again: bool, as_json: bool, rejects: bool) -> None:
    url = read(StoreSettings).papers_url
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    reporter = Reporter(source, as_json=as_json)
    run = load(url, source, again=again, stop=stop, report=reporter.report, notice=reporter.notice)
    reporter.end(run)


def run() -> None:
    """The door of the program: what a person can put right is said without a traceback."""
    try:
        main(prog_name="python -m doctrove.ingest")
    except Failure as failure:
        click.echo(f"error: {failure}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
