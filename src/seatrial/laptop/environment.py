"""What the environment of each process is: a short allow-list, what it uses, and nothing else of ours."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from seatrial.model.parts import ModelApi, Part, Postgres, Process, Secret
from seatrial.model.plan import Plan, uses_of, variables_of

__all__ = ["MASK", "Given", "Mask", "environment_of", "given_values", "missing_values"]

MASK = "•••"

_INHERITED = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "VIRTUAL_ENV"),
        *("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"),
        # What reaches a model API behind a company's proxy.
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    )
)
_SHORTEST_MASKED = 4
"""Characters. Hiding every "on" or "1" would hide the log, and tells nobody anything."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """The values of a plan's secrets and model APIs that the environment or a `.env` file gives."""

    values: Mapping[str, str] = field(repr=False)
    secret: frozenset[str]
    """Which of the names carry something nobody may see."""
    files: tuple[Path, ...]
    """The `.env` files that were, or would be, read."""

    def mask(self) -> Mask:
        return Mask(self.values[name] for name in self.secret if name in self.values)


class Mask:
    """Hides values wherever text is shown."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: tuple[str, ...] = ()
        for value in values:
            self.hide(value)

    def hide(self, value: str) -> None:
        """Hide one more value, also as it stands in a URL or in JSON, and each of its lines."""
        spelled = set(self._values)
        for piece in (value, *value.splitlines()):
            spelled |= {piece, quote(piece, safe=""), json.dumps(piece)[1:-1]}
        hidden = (text for text in spelled if len(text) >= _SHORTEST_MASKED)
        self._values = tuple(sorted(hidden, key=len, reverse=True))

    @property
    def longest(self) -> int:
        """Characters of the longest value."""
        return max(map(len, self._values), default=0)

    def __call__(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, MASK)
        return text


def given_values(plan: Plan, system_file: Path, project: Path, environ: Mapping[str, str]) -> Given:
    """Read what the plan's secrets and model APIs need; nothing else of a `.env` file is looked at.

    The environment goes before the `.env` beside the system file, and that before the project's.
    """
    files = tuple(dict.fromkeys(folder / ".env" for folder in (system_file.parent, project)))
    written: dict[str, str | None] = {}
    for file in reversed(files):
        if file.is_file():
            from dotenv import dotenv_values

            written |= dotenv_values(file, interpolate=False)
    values = {}
    names = {name for part in plan.of(Secret) for name in variables_of(part)}
    for part in plan.of(ModelApi):
        # Limits, versions, dimensions: what a client of the API may be told beyond address, model and key.
        names |= {name for name in (*environ, *written) if name.startswith(_prefix(part))}
    for name in names:
        value = environ.get(name) or written.get(name)
        if value:
            values[name] = value
    return Given(values=values, secret=frozenset(_secret_names(plan, names)), files=files)


def _secret_names(plan: Plan, names: Iterable[str]) -> Iterable[str]:
    yield from (secret.variable for secret in plan.of(Secret))
    yield from (name for name in names if name.endswith(("KEY", "TOKEN", "SECRET", "PASSWORD")))


def _prefix(part: ModelApi) -> str:
    """How the variables of a model API begin: `OPENAI_` for the part `openai`."""
    return variables_of(part)[0].removesuffix("URL")


def missing_values(plan: Plan, given: Given) -> list[tuple[Part, str]]:
    """What must be set and is not: of each needed secret its variable, of each needed model API its URL."""
    needed: list[tuple[Part, str]] = [(part, part.variable) for part in plan.of(Secret) if part.needed]
    needed += [(part, variables_of(part)[0]) for part in plan.of(ModelApi) if part.needed]
    return [(part, name) for part, name in needed if name not in given.values]


def environment_of(
    process: Process,
    *,
    addresses: Mapping[str, str],
    given: Given,
    port: int | None,
    run: str,
    pgpass: Path,
    environ: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """The whole environment of a process.

    `addresses` has the URL of each part by its name; `run` is the mark by which a process of a run is known.
    """
    env = base_environment(environ)
    env |= process.env
    uses = uses_of(process)
    for used in uses:
        env |= _variables(used, addresses, given)
    if any(isinstance(used, Postgres) for used in uses):
        env["PGPASSFILE"] = str(pgpass)
    env |= {"HOST": "127.0.0.1", "SEATRIAL_SYSTEM": process.system, "SEATRIAL_PART": process.name}
    env["SEATRIAL_RUN"] = run
    if port is not None:
        env["PORT"] = str(port)
    return env


def base_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What every process inherits. The programs of this Python's environment are found first."""
    env = {name: value for name, value in environ.items() if name in _INHERITED or name.startswith("LC_")}
    here = str(Path(sys.executable).parent)
    env["PATH"] = os.pathsep.join(dict.fromkeys([here, *env.get("PATH", os.defpath).split(os.pathsep)]))
    env["PYTHONUNBUFFERED"] = "1"  # a log line is seen when it is written
    return env


def _variables(used: Part, addresses: Mapping[str, str], given: Given) -> dict[str, str]:
    names = variables_of(used)
    if isinstance(used, ModelApi):
        found = {name: value for name, value in given.values.items() if name.startswith(_prefix(used))}
        return {names[1]: used.model} | found if found else {}
    if isinstance(used, Secret):
        return {name: given.values[name] for name in names if name in given.values}
    return dict.fromkeys(names, addresses[used.name])
