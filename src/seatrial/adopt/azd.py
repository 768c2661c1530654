"""A project of the Azure Developer CLI: its services, its resources, and those of its compiled template.

Source: https://raw.githubusercontent.com/Azure/azure-dev/main/schemas/v1.0/azure.yaml.json
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seatrial.adopt import disk
from seatrial.adopt.adopted import Adopted, Wishes, adopted
from seatrial.adopt.arm import Resource, resources, template
from seatrial.adopt.azd_parts import Azd, Service
from seatrial.adopt.notes import Notes
from seatrial.adopt.section import Section, strings
from seatrial.adopt.sketch import Names, Sketch, system_name
from seatrial.adopt.tree import Fields, Text, unreadable
from seatrial.model.regions import REGIONS

__all__ = ["from_azd"]

_TOOL = "it is about how azd works, not about what stands"
_REASONS = {
    "hooks": (_TOOL, "what must run before or after goes into the workflows that seatrial build writes"),
    "metadata": (_TOOL, ""),
    "pipeline": (_TOOL, "seatrial build writes the workflows"),
    "requiredVersions": (_TOOL, ""),
    "workflows": (_TOOL, ""),
    "state": (_TOOL, ""),
    "cloud": (_TOOL, ""),
    "platform": (_TOOL, ""),
    "resourceGroup": ("groups are called by the system and its environment", ""),
    "project": (
        "images are built of the system's own folder",
        "put the sources below the system file's folder",
    ),
    "language": ("images are built by a Dockerfile that `seatrial build` writes, of Python packages", ""),
    "docker": (
        "images are built by a Dockerfile that `seatrial build` writes, of Python packages",
        "bring what yours installs besides into the lock of packages",
    ),
    "image": ("the words have no image made elsewhere: one is built from the system's own code", ""),
    "resourceName": ("resources are called by the names of their parts", ""),
    "k8s": ("manifests are written by seatrial build", ""),
    "dist": ("files are served as they are", "say the folder of what was built as directory="),
    "module": ("which service a module is of is said by its tags", ""),
    "apiVersion": (_TOOL, ""),
}


def from_azd(file: Path, wishes: Wishes) -> Adopted:
    """The system of an `azure.yaml` and of the template beside it.

    Raises:
        Mistakes: one of them cannot be read, or the project has neither services nor resources.
    """
    notes = Notes()
    top = Section(disk.mapping(file), "", notes)
    said = top.text("name")
    if said is None or not ({"services", "resources", "infra"} & set(top.node.fields)):
        hint = "an azure.yaml has name: and services:; a Compose file is called compose.yaml"
        unreadable(top.node.place, "no project of azd", hint)
    wanted = wishes.name or said
    name = system_name(wanted)
    if name != wanted:
        notes.changed("name", top.node.fields["name"], f'the system is called "{name}"')
    words = re.sub(r"[-_]+", " ", wanted)
    sketch = Sketch(name=name, title=wishes.title or words[:1].upper() + words[1:], region="")
    files = [file]
    services = dict(_services(top))
    project = Azd(sketch=sketch, notes=notes, names=Names(), services=services, folder=wishes.folder_of(name))
    made = _template(top, file.parent, notes)
    if made is not None:
        files.append(made)
        project.resources = list(resources(made, template(made), _values(made)))
    region = _region(project.resources)
    sketch.region = wishes.region or region or "eastus2"
    sketch.region_is_guess = wishes.region is None and region is None
    project.add_resources()
    _composed(top, project)
    project.add_services()
    if not sketch.parts:
        hint = "compile its Bicep: az bicep build --file infra/main.bicep"
        unreadable(top.node.place, "nothing in it becomes a part", hint)
    top.leave_the_rest(_REASONS)
    return adopted(sketch, files, notes, wishes)


def _services(top: Section) -> Iterator[tuple[str, Service]]:
    section = top.section("services")
    for name, node in section.pairs() if section else ():
        if not isinstance(node, Fields):
            unreadable(node.place, f"services.{name}: no mapping", "say its project and host below it")
        own = section.section(name) if section else None
        assert own is not None
        uses = own.take("uses")
        yield (
            name,
            Service(
                name=name,
                section=own,
                host=own.text("host") or "containerapp",
                project=own.text("project") if own.text("host") == "staticwebapp" else None,
                dist=own.text("dist") if own.text("host") == "staticwebapp" else None,
                resource=_plain(own.see("resourceName")),
                uses=tuple(strings(uses)),
                env=own.section("env"),
            ),
        )


def _plain(node: object) -> str:
    return node.text if isinstance(node, Text) else ""


def _template(top: Section, folder: Path, notes: Notes) -> Path | None:
    """The compiled template; a project without one has only what azure.yaml says."""
    infra = top.section("infra")
    path = (infra.text("path") if infra else None) or "infra"
    module = (infra.text("module") if infra else None) or "main"
    provider = (infra.text("provider") if infra else None) or "bicep"
    found = folder / path / f"{module}.json"
    if found.is_file():
        return found
    if (folder / path / f"{module}.bicep").is_file():
        why = f"{path}/{module}.bicep is not compiled, and only compiled templates are read"
        notes.left("infra", top.node, why, f"az bicep build --file {path}/{module}.bicep, and import again")
    elif provider == "terraform" or "infra" in top:
        why = f"no {path}/{module}.json: only compiled templates of ARM are read"
        notes.left("infra", top.node, why, "write its resources as parts")
    return None


def _values(file: Path) -> dict[str, Any]:
    """Values of parameters, from the file beside the template. Variables of azd stay unknown."""
    text = disk.glance(file.with_name(f"{file.stem}.parameters.json"))
    try:
        found = json.loads(text)["parameters"] if text else {}
    except (ValueError, KeyError, TypeError):
        return {}
    values = {}
    for name, each in found.items() if isinstance(found, dict) else ():
        value = each.get("value") if isinstance(each, dict) else None
        default = re.fullmatch(r"\$\{\w+=([^}]*)\}", value) if isinstance(value, str) else None
        if default:
            values[name] = default[1]
        elif value is not None and not (isinstance(value, str) and "${" in value):
            values[name] = value
    return values


def _region(found: list[Resource]) -> str | None:
    said = [each.get("location") for each in found]
    return next((each for each in said if isinstance(each, str) and each in REGIONS), None)


def _composed(top: Section, project: Azd) -> None:
    """`resources` of newer projects, for which azd writes the template itself."""
    section = top.section("resources")
    for name, node in section.pairs() if section else ():
        own = section.section(name) if section and isinstance(node, Fields) else None
        if own is None:
            project.notes.left(f"resources.{name}", node, "a resource without a type", "say its type")
        else:
            project.add_composed(name, own)
