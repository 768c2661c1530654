"""Finds the system that a command is about."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from seatrial.cli import exits
from seatrial.model.plan import Plan

if TYPE_CHECKING:
    from seatrial.azure.errors import Refused
    from seatrial.laptop.state import Home
    from seatrial.model import Mistakes, System

__all__ = ["Found", "find", "heading", "leave", "plan_of", "read", "refuse", "split", "system_argument"]

system_argument = click.argument("system", required=False)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A system that was named on the command line."""

    file: Path
    plan: Plan
    home: Home


def find(word: str | None, variant: str | None = None, *, as_running: bool = False) -> Found:
    """The system meant by a folder, a file, a name, or nothing at all. Leaves the program when there is none.

    `as_running` takes the variant that was started last.
    """
    from seatrial.laptop.state import Home, RunState  # only what runs here has a state

    file, system = read(word)
    home = Home.of(file, system.name)
    if as_running:
        last = RunState.read(home)
        variant = last.variant if last else None
    return Found(file=file, plan=plan_of(system, variant), home=home)


def read(word: str | None) -> tuple[Path, System]:
    """The system file meant, and what it says. Leaves the program when there is none, or it has mistakes."""
    from seatrial.cli.system_file import find_system_file, read_system
    from seatrial.model import Mistakes

    try:
        file = find_system_file(word).absolute()
        return file, read_system(file)
    except Mistakes as mistakes:
        refuse(mistakes)


def plan_of(system: System, variant: str | None) -> Plan:
    """The system or a variant of it. Leaves the program when there is no such variant."""
    from seatrial.model import Mistakes, ModelError

    try:
        return system.plan(variant)
    except Mistakes as mistakes:
        refuse(mistakes)
    except ModelError as error:
        leave(str(error), exits.USAGE)


def refuse(told: Mistakes | Refused) -> NoReturn:
    """End the program with all that is wrong with a system."""
    click.echo(told.report(colour=coloured()), err=True)
    sys.exit(exits.MISTAKES)


def leave(message: str, code: int, hint: str | None = None) -> NoReturn:
    """End the program with a message, and the way out on a line of its own."""
    click.echo(message, err=True)
    if hint:
        click.echo(f"  hint: {hint}", err=True)
    sys.exit(code)


def coloured() -> bool:
    """Whether stderr may have colours."""
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ


def heading(text: str) -> str:
    """Stands out at a terminal that has colours."""
    return click.style(text, bold=True) if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


def split(words: tuple[str, ...], named: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The system and the other words: the first word is the system when it names one."""
    if named is not None or not words:
        return named, words
    from seatrial.cli.system_file import find_system_file
    from seatrial.model import Mistakes

    try:
        find_system_file(words[0])
    except Mistakes:
        return None, words
    return words[0], words[1:]
