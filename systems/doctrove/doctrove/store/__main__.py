"""`python -m doctrove.store`: the schema of the store, from a terminal."""

from __future__ import annotations

import sys

import click
from pydantic import SecretStr
from seatrial_kit import migrations, roles
from seatrial_kit.database import connect
from seatrial_kit.errors import Failure
from seatrial_kit.settings import read

from doctrove.settings import StoreSettings
from doctrove.store import MIGRATIONS, WAITING, partitions
from doctrove.store.verify import verify

NOT_UP_TO_DATE = 3
NOT_WHOLE = 4


class MigrationSettings(StoreSettings):
    """What the migration reads besides, where the store's users sign in by identity."""

    papers_roles: str | None = None
    """Who is let in, and how far: `api-identity:<object id>=all,report-identity:<object id>=reads`."""
    papers_scaler_password: SecretStr | None = None
    """Of the role that counts the documents that wait, by which the worker is scaled."""

    def let_in(self) -> roles.Wanted | None:
        return roles.Wanted.parse(
            self.papers_roles, scaler_password=self.papers_scaler_password, counts=WAITING
        )


@click.group()
def main() -> None:
    """The schema of DocTrove's store. PAPERS_URL says where it is."""


@main.command()
def migrate() -> None:
    """Bring the schema to what this code expects. Safe to run twice, and by two at once.

    With PAPERS_ROLES, the roles of those who sign in by identity as well.
    """
    settings = read(MigrationSettings)
    applied = migrations.migrate(
        settings.papers_url,
        MIGRATIONS,
        say=lambda line: click.echo(f"applying {line}", err=True),
        let_in=settings.let_in(),
    )
    click.echo(f"{len(applied)} applied" if applied else "nothing to do: the schema is up to date")


@main.command()
def status() -> None:
    """Say what is applied and what is not. Exit code 3 when something is still to do."""
    with connect(_url(), name="store") as connection:
        found = migrations.status(connection, MIGRATIONS)
    for applied in found.applied:
        click.echo(f"{applied.version}  {applied.name}  applied {applied.at:%Y-%m-%d %H:%M:%S %Z}")
    for pending in found.pending:
        click.echo(f"{pending.version}  {pending.name}  to do")
    if found.pending:
        sys.exit(NOT_UP_TO_DATE)


@main.command()
@click.option("--by", type=click.Choice(["year"]), required=True, help="How: one partition a year.")
def partition(by: str) -> None:
    """Partition the papers by date, for some ten million and more. Safe to run twice.

    All or nothing: when it is stopped, everything is as before. Reading goes on meanwhile.
    """
    del by  # there is one way so far
    with connect(_url(), name="store") as connection:
        moved = partitions.partition_by_year(connection, lambda line: click.echo(line, err=True))
    click.echo("nothing to do: papers are partitioned" if moved is None else f"{moved:,} papers partitioned")


@main.command("verify")
def verify_store() -> None:
    """Check that the store is whole: no doubles, no orphans, an index that answers. Exit code 4 when not."""
    whole = True
    with connect(_url(), name="store") as connection:
        for finding in verify(connection):
            whole = whole and finding.good
            detail = f": {finding.detail}" if finding.detail else ""
            click.echo(f"{'ok   ' if finding.good else 'WRONG'}  {finding.what}{detail}")
    if not whole:
        sys.exit(NOT_WHOLE)


def _url() -> str:
    return read(StoreSettings).papers_url


def run() -> None:
    """The door of the program: what a person can put right is said without a traceback."""
    try:
        main(prog_name="python -m doctrove.store")
    except Failure as failure:
        click.echo(f"error: {failure}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
