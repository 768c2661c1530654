"""What apps and jobs of Container Apps have in common: who they are, their secrets, their container."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any

from seatrial.azure import identity, registry, secret
from seatrial.azure.container_sizes import Room
from seatrial.azure.hosts import Setting
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Expression, Id

__all__ = ["container", "registries", "secret_name", "secrets", "who"]


def who(name: str, at: Stamp) -> dict[str, Any]:
    """The identity of a resource."""
    return {
        "type": "UserAssigned",
        "userAssignedIdentities": {Id(of=identity.ref(name, at)): {}},
    }


def registries(name: str, at: Stamp) -> list[dict[str, Any]]:
    """From where images are pulled, and as whom."""
    return [{"server": registry.credentials_server(at.plan), "identity": Id(of=identity.ref(name, at))}]


def secret_name(setting: Setting) -> str:
    """What a secret is called inside an app: letters, digits and hyphens."""
    return setting.name.lower().replace("_", "-")


def secrets(name: str, settings: Iterable[Setting], at: Stamp) -> list[dict[str, str | Expression]]:
    """Where in the vault each secret is; the app follows it within half an hour when it is replaced.

    Source: https://learn.microsoft.com/azure/container-apps/manage-secrets
    """
    return [
        {
            "name": secret_name(setting),
            "keyVaultUrl": secret.uri(setting.secret),
            "identity": Id(of=identity.ref(name, at)),
        }
        for setting in settings
        if setting.secret is not None
    ]


def container(
    name: str,
    command: str,
    settings: Iterable[Setting],
    size: Room,
    at: Stamp,
    port: int | None = None,
) -> dict[str, Any]:
    """A container that runs a command in the image of that name."""
    words = shlex.split(command if port is None else command.replace("{port}", str(port)))
    return {
        "name": name,
        "image": registry.image(name, at.plan),
        "command": words,
        "env": [_variable(setting) for setting in settings],
        "resources": size.body,
    }


def _variable(setting: Setting) -> dict[str, str | Expression]:
    if setting.secret is not None:
        return {"name": setting.name, "secretRef": secret_name(setting)}
    return {"name": setting.name, "value": setting.value or ""}
