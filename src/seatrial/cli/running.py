"""What the verbs share that need a running system."""

from __future__ import annotations

import os
from collections.abc import Mapping

from seatrial.cli import exits
from seatrial.cli.systems import Found, find, leave
from seatrial.laptop.environment import Given, given_values
from seatrial.laptop.state import Lock, RunState, project_of

__all__ = ["environment_source", "running"]


def running(system: str | None) -> tuple[Found, RunState]:
    """The system and its run. Leaves the program when it is not up."""
    found = find(system, as_running=True)
    run = RunState.read(found.home)
    if run is None or Lock.holder(found.home.lock) is None:
        hint = f"start it first: seatrial up {system or found.file.parent}"
        leave(f"{found.plan.name} is not running", exits.NOT_RUNNING, hint=hint)
    return found, run


def environment_source(found: Found, run: RunState) -> tuple[Mapping[str, str], Given]:
    """Where the environment of a process beside the running ones comes from: addresses and secrets."""
    addresses = {part.name: part.url for part in run.parts.values() if part.url is not None}
    return addresses, given_values(found.plan, found.file, project_of(found.file), os.environ)
