"""The environment of what runs in a project of azd: addresses become uses, secrets become parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from seatrial.adopt.arm import UNKNOWN, Resource
from seatrial.adopt.azd_parts import Azd
from seatrial.adopt.environment import use_in, variables_of
from seatrial.adopt.secrecy import is_secret
from seatrial.adopt.sketch import Made
from seatrial.adopt.tree import Node
from seatrial.model import Place
from seatrial.model.names import is_reserved_variable

__all__ = ["environment_of", "secret", "setting"]

_GIVEN = re.compile(
    r"APPLICATIONINSIGHTS_.*|AZURE_CLIENT_ID|AZURE_(TENANT|SUBSCRIPTION)_ID|OTEL_SERVICE_NAME|WEBSITES?_.*|"
    r"SCM_.*|ENABLE_ORYX_BUILD|PYTHON_ENABLE_.*|PGUSER|PGPASSWORD|FUNCTIONS_.*|AzureWebJobs.*"
)
"""What Azure or azd gives to processes, or takes from them."""
_ABOUT = {
    "postgres": r"PG|POSTGRES|DATABASE|DB|SQL",
    "cache": r"REDIS|CACHE",
    "blobs": r"STORAGE|BLOB|CONTAINER",
    "queue": r"SERVICE_?BUS|QUEUE|TOPIC",
    "documents": r"COSMOS|MONGO|DOCUMENT",
    "model_api": r"OPENAI|MODEL|AI|DEPLOYMENT",
}


def environment_of(azd: Azd, at: Resource, made: Made, env: Any) -> None:
    """By `name` and `value`, as containers and web apps both have them."""
    for index, each in enumerate(env if isinstance(env, list) else ()):
        if not isinstance(each, Mapping) or not isinstance(each.get("name"), str):
            continue
        name, value, path = each["name"], each.get("value"), f"{at.path}.env[{index}]"
        if _GIVEN.fullmatch(name):
            continue  # every process has these, or Azure does without them
        if "secretRef" in each:
            if name not in _carried(made):
                secret(azd, made, name, path, at.place)
        elif isinstance(value, str) and UNKNOWN in value:
            _referring(azd, made, name, value, path, at)
        else:
            setting(azd, made, name, "" if value is None else str(value), path, at.place)
    for name in list(made.args.get("env", {})):
        if name in _carried(made):
            del made.args["env"][name]  # said by the part itself, as the model's name


def _carried(made: Made) -> set[str]:
    return {name for each in made.used for name in variables_of(each)}


def _referring(azd: Azd, made: Made, name: str, value: str, path: str, at: Resource) -> None:
    found = [part for resource, part in azd.made if _about(resource, value)]
    if len(found) > 1:
        named = [
            part for part in found if re.search(rf"(?<![a-z0-9]){re.escape(part.name)}(?![a-z0-9])", value)
        ]
        words = [part for part in found if re.search(_ABOUT.get(part.word, "$^"), name)]
        by_variable = [part for part in found if name in variables_of(part)]
        found = by_variable or named or words or []
    if not found:
        azd.notes.left(
            path, at.place, f"{name}: only Azure knows its value", "say it as env=, or as a secret"
        )
    for part in found:
        if part.word in ("worker", "job", "schedule") or not use_in(azd.sketch, made, part):
            azd.notes.left(path, at.place, f"{name}: {part.name} cannot be used by {made.name}")
        elif name not in variables_of(part):
            carried = variables_of(part)[0]
            azd.notes.changed(path, at.place, f"{name}: {carried} carries it", f"read {carried}")


def _about(resource: Resource, value: str) -> bool:
    """Whether an expression asks a resource, the one it belongs to, or the deployment that makes it."""
    root = "/".join(resource.type.split("/")[:2])
    first = (f"{resource.parent}/{resource.name}" if resource.parent else resource.name).split("/")[0]
    if f"{root}|{first}" in value:
        return True
    return any(f"Microsoft.Resources/deployments|{each}" in value for each in resource.within if each)


def setting(azd: Azd, made: Made, name: str, value: str, path: str, at: Node | Place) -> None:
    if name in _carried(made):
        return
    if is_reserved_variable(name):
        if name not in ("PORT", "HOST"):
            azd.notes.left(path, at, f"{name} is set by whoever starts the process", "call it otherwise")
    elif is_secret(name, value):
        secret(azd, made, name, path, at)
    elif "${" in value or not re.fullmatch(r"[A-Za-z_]\w*", name):
        azd.notes.left(path, at, f"{name}: its value is in azd's environment", "say it as env=")
    else:
        made.args.setdefault("env", {})[name] = value


def secret(azd: Azd, made: Made, name: str, path: str, at: Node | Place) -> None:
    wanted = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    part = next((each for each in azd.sketch.parts if each.word == "secret" and each.name == wanted), None)
    if part is None:
        place = at.place if isinstance(at, Node) else at
        part = Made(word="secret", name=azd.names.give(wanted, otherwise="secret"), place=place)
        azd.sketch.parts.append(part)
    made.use(part)
    azd.notes.changed(path, at, f"the secret {part.name}: whoever deploys is asked for its value")
