"""What is the same for every host: what a process is given, and where a service answers."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref, Text
from seatrial.model import Process, Service
from seatrial.model.value import Value


class Setting(Value):
    """One variable of the environment of a process."""

    name: str
    value: Text | None = None
    secret: Ref | None = None
    """The secret of the vault that holds the value; then `value` is None."""


def settings(process: Process, at: Stamp) -> tuple[Setting, ...]:
    """The whole environment of a process on Azure, by name."""
    return ()


def hostname(service: Service, at: Stamp) -> Text:
    """Where a service answers HTTPS to those who may reach it, as edges name their origins."""
    return ""


def variables(service: Service, at: Stamp) -> Mapping[str, Text]:
    """What users of a service are given: its address inside the network."""
    return {}
