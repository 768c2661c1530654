"""The command line: one file a verb, imported only when the verb is used."""

from __future__ import annotations

import importlib

import click

__all__ = ["main"]

VERBS = {
    "up": "Start a system on this machine.",
    "down": "Stop a system.",
    "status": "Show how each part is.",
    "logs": "Show what the parts write.",
    "run": "Run a job of a running system.",
    "env": "Show the environment of a part.",
    "reset": "Remove a system's data from this machine.",
    "plan": "Show what a system becomes on Azure.",
    "check": "Say what would fail, leak or surprise on Azure.",
    "explain": "Show the page of a rule of the check.",
    "bill": "Show what a month on Azure costs.",
    "build": "Write everything it needs to run on Azure.",
    "import": "Make a system file of a Compose file or a project of azd.",
    "doctor": "Say what this machine can do, and why not.",
}
"""In the order in which they are listed."""


class Verbs(click.Group):
    """Each verb lives in a module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"seatrial.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in VERBS:
            from difflib import get_close_matches

            close = get_close_matches(args[0], VERBS, n=1)
            meant = f' Did you mean "{close[0]}"?' if close else ""
            ctx.fail(f'No such verb: "{args[0]}".{meant} Verbs: {", ".join(VERBS)}')
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"seatrial {version('seatrial')}")
        ctx.exit()


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example:  seatrial up systems/doctrove",
)
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Show the version."
)
def main() -> None:
    """A deployment plan as a program: describe a system once, run it here with real parts."""
