"""Who a process is on Azure: its managed identity, which shows tokens instead of passwords and keys.

AZURE_CLIENT_ID says which identity. Its tokens come from an endpoint beside the process; in Container Apps
and App Service, IDENTITY_ENDPOINT and IDENTITY_HEADER say where. azure-identity knows it, and those of other
hosts; it keeps a token, and asks for the next one five minutes before it ends.

Source: https://learn.microsoft.com/azure/container-apps/managed-identity
"""

from __future__ import annotations

import functools
import os
import threading
from typing import TYPE_CHECKING, Final

from seatrial_kit.errors import Failure

if TYPE_CHECKING:
    from azure.identity import ManagedIdentityCredential

__all__ = ["MODELS", "POSTGRES", "IdentityAway", "given", "token"]

POSTGRES: Final = "https://ossrdbms-aad.database.windows.net/.default"
"""Source: https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts"""
MODELS: Final = "https://cognitiveservices.azure.com/.default"
"""Source: https://learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity"""

_CONNECT_WITHIN_SECONDS, _ANSWER_WITHIN_SECONDS = 2, 5
_TRIES_AGAIN = 2
"""The endpoint is on the same machine, and who asks waits: a pool of connections, a request."""

_asking = threading.Lock()


class IdentityAway(Failure):
    """The identity gives no token."""


def given() -> bool:
    """Whether this process has an identity."""
    return bool(os.environ.get("AZURE_CLIENT_ID"))


def token(scope: str) -> str:
    """A token that holds for some minutes at least. One thread asks; the others take what it got.

    Raises:
        IdentityAway: the endpoint does not answer, or knows no such identity; or azure-identity is missing.
    """
    try:
        from azure.core.exceptions import AzureError
    except ImportError as exc:
        raise IdentityAway(
            "AZURE_CLIENT_ID is set, and azure-identity is not installed", hint="install seatrial-kit[azure]"
        ) from exc
    client = os.environ.get("AZURE_CLIENT_ID", "")
    with _asking:
        try:
            found: str = _credential(client, os.environ.get("IDENTITY_ENDPOINT")).get_token(scope).token
        except (AzureError, ValueError) as exc:
            reason = (str(exc).strip() or type(exc).__name__).splitlines()[0]
            raise IdentityAway(
                f"identity {client} gets no token for {scope.removesuffix('/.default')}: {reason}",
                hint="is the identity assigned to this app, and is AZURE_CLIENT_ID its client id?",
            ) from exc
    return found


@functools.lru_cache(maxsize=4)
def _credential(client: str, endpoint: str | None) -> ManagedIdentityCredential:
    """The one that keeps the tokens of an identity; `endpoint` only tells environments apart."""
    from azure.identity import ManagedIdentityCredential

    return ManagedIdentityCredential(
        client_id=client,
        connection_timeout=_CONNECT_WITHIN_SECONDS,
        read_timeout=_ANSWER_WITHIN_SECONDS,
        retry_total=_TRIES_AGAIN,
        retry_backoff_factor=0.2,
    )
