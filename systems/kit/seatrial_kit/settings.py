"""Settings come from the environment, and from there only.

Who starts a process (Seatrial on a laptop, Container Apps on Azure) puts them there; see `variables_of` in
Seatrial's model for the names.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from seatrial_kit.errors import Failure

__all__ = ["Misconfigured", "ModelApiSettings", "ServiceSettings", "Settings", "read"]


class Misconfigured(Failure):
    """A setting is missing or cannot be read."""


class Settings(BaseSettings):
    """What a program reads from its environment: one field per variable, named alike in lower case.

    Frozen. An empty variable counts as absent. Values never stand in error messages, and a `SecretStr` not
    in any output.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )


class ServiceSettings(Settings):
    """Where a service listens."""

    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535)
    front_door_id: str | None = None
    """Of the Front Door that alone may be answered, where one stands before this service; see `web`."""


class ModelApiSettings(Settings):
    """An OpenAI-compatible endpoint; absent unless somebody configured one. Azure's needs no key where the
    process has an identity."""

    openai_url: str | None = None
    openai_model: str | None = None
    openai_key: SecretStr | None = None


Kind = TypeVar("Kind", bound=Settings)


def read(kind: type[Kind], **given: object) -> Kind:
    """The settings of this process; `given` wins over the environment.

    Raises:
        Misconfigured: names every variable that is missing or wrong, at once.
    """
    try:
        return kind(**given)
    except ValidationError as exc:
        raise Misconfigured(
            "; ".join(_say(str(error["loc"][0]), error["type"], error["msg"]) for error in exc.errors()),
            hint="`seatrial up` and `seatrial run` set the variables of a system; elsewhere export them",
        ) from None


def _say(field: str, kind: str, message: str) -> str:
    variable = field.upper()
    return f"{variable} is not set" if kind == "missing" else f"{variable}: {message}"
