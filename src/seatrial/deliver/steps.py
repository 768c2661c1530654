"""What jobs and steps of GitHub Actions are made of, and the few actions that have to be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.deliver.layout import Layout

__all__ = ["ACTIONS", "Job", "Step", "checkout", "delivery", "job", "login", "only", "python", "uses"]

Step = dict[str, Any]
Job = dict[str, Any]

ACTIONS: Mapping[str, tuple[str, str]] = {
    "actions/checkout": ("de0fac2e4500dabe0009e67214ff5f5447ce83dd", "v6.0.2"),
    "actions/setup-python": ("a309ff8b426b58ec0e2a45f0f869d46889d02405", "v6.2.0"),
    "actions/upload-artifact": ("b7c566a772e6b6bfb58ed0dc250532a479d7789f", "v6.0.0"),
    "actions/download-artifact": ("37930b1c2abaa49bbe596cd826c3c89aef350131", "v7.0.0"),
    "azure/login": ("532459ea530d8321f2fb9bb10d1e0bcf23869a43", "v3.0.0"),
    "github/codeql-action/upload-sarif": ("5d4e8d1aca955e8d8589aabd499c5cae939e33c7", "v4.31.9"),
}
"""The commit of each action, and the release that it is; as many public workflows name both."""

RUNNER = "ubuntu-24.04"
PYTHON = "3.11"


def job(
    name: str,
    minutes: int,
    permissions: Mapping[str, str],
    steps: list[Step],
    needs: list[str] | None = None,
    environment: str | None = None,
) -> Job:
    return {
        "name": name,
        **({"needs": needs} if needs else {}),
        "runs-on": RUNNER,
        "timeout-minutes": minutes,
        **({"environment": environment} if environment else {}),
        "permissions": dict(permissions),
        "steps": steps,
    }


def uses(action: str, name: str, given: Mapping[str, Any]) -> Step:
    return {"name": name, "uses": f"{action}@{ACTIONS[action][0]}", "with": dict(given)}


def only(when: str, step: Step) -> Step:
    """A step that runs on a condition."""
    return {"name": step["name"], "if": f"${{{{ {when} }}}}", **step}


def checkout() -> Step:
    return uses("actions/checkout", "Fetch the sources", {"persist-credentials": False})


def python() -> Step:
    return uses("actions/setup-python", "Fetch Python", {"python-version": PYTHON})


def delivery(at: Layout) -> Step:
    return uses("actions/download-artifact", "Fetch what was built", {"name": "delivery", "path": at.output})


def login(*, again: bool = False) -> Step:
    """What GitHub says of a run is believed for some minutes, and the token that it gives lasts an hour.

    Source: https://github.com/Azure/login#login-with-openid-connect-oidc-recommended
    """
    return uses(
        "azure/login",
        "Sign in again: a token lasts an hour" if again else "Sign in to Azure as this workflow",
        {
            "client-id": "${{ vars.AZURE_CLIENT_ID }}",
            "tenant-id": "${{ vars.AZURE_TENANT_ID }}",
            "subscription-id": "${{ vars.AZURE_SUBSCRIPTION_ID }}",
        },
    )
