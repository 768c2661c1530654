"""A Compose project with its services told apart: what each is for, how others call it, what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from seatrial.adopt import disk
from seatrial.adopt.dockerfile import Dockerfile
from seatrial.adopt.images import Image, image_of
from seatrial.adopt.loading import as_mapping
from seatrial.adopt.notes import Notes
from seatrial.adopt.secrecy import Known
from seatrial.adopt.section import Section, strings
from seatrial.adopt.sketch import Made, Names, Sketch
from seatrial.adopt.tree import Fields, Items, Node, Text, truth, unreadable

__all__ = ["Container", "Stack", "stack_of"]


_BUILT_UPON = ("postgres", "cache", "queue", "documents")


@dataclass(eq=False)
class Container:
    """One service of a Compose file."""

    name: str
    section: Section
    image: Image
    dockerfile: Dockerfile | None
    waits: dict[str, str] = field(default_factory=dict)
    """By the name of another, the condition that it waits for."""
    hosts: set[str] = field(default_factory=set)
    """The names by which others reach it."""
    parts: list[Made] = field(default_factory=list)
    """What it became: one part, of an emulator of queues each of its queues, or nothing."""
    gone: str = ""
    """Why it became nothing."""

    @property
    def part(self) -> Made | None:
        return self.parts[0] if self.parts else None

    @property
    def path(self) -> str:
        return self.section.path


@dataclass
class Stack:
    top: Section
    folder: Path
    sketch: Sketch
    notes: Notes
    names: Names
    containers: dict[str, Container]
    secrets: Known
    """What stands in the files as a secret anywhere."""

    def called(self, host: str) -> Container | None:
        """The service that a host name means."""
        return next((each for each in self.containers.values() if host in each.hosts), None)

    def of(self, *roles: str) -> list[Container]:
        return [each for each in self.containers.values() if each.image.role in roles]

    def add(self, container: Container, made: Made) -> Made:
        container.parts.append(made)
        self.sketch.parts.append(made)
        return made

    def waiters(self, container: Container) -> list[Container]:
        """Who waits for a service."""
        return [each for each in self.containers.values() if container.name in each.waits]


def stack_of(whole: Fields, folder: Path, sketch: Sketch, notes: Notes) -> Stack:
    """
    Raises:
        Mistakes: it is no Compose file, or its services wait for each other, or for none.
    """
    top = Section(whole, "", notes)
    services = top.take("services")
    if not isinstance(services, Fields) or not services.fields:
        place = (services or whole).place
        hint = "a Compose file names what runs below services:"
        if "apiVersion" in whole.fields:
            hint = "this is for Kubernetes; seatrial import reads Compose files and projects of azd"
        unreadable(place, "no services: not a Compose file", hint)
    containers = {}
    for name, node in services.fields.items():
        if not isinstance(node, Fields):
            unreadable(node.place, f"services.{name}: no mapping", "say its image or build below it")
        containers[name] = _container(name, Section(node, f"services.{name}", notes), folder)
    for container in containers.values():
        container.waits = dict(_waits(container, containers))
        for link in strings(container.section.see("links")):
            other, _, alias = link.partition(":")
            if alias and other in containers:
                containers[other].hosts.add(alias)
    _in_order(containers)
    secrets = Known()
    for container in containers.values():
        given = container.section.see("environment")
        fields = as_mapping(given) if given is not None else None
        for name, value in fields.fields.items() if isinstance(fields, Fields) else ():
            if isinstance(value, Text):
                secrets.add(name, value.text)
    return Stack(
        top=top,
        folder=folder,
        sketch=sketch,
        notes=notes,
        names=Names(),
        containers=containers,
        secrets=secrets,
    )


def _container(name: str, section: Section, folder: Path) -> Container:
    image = section.see("image")
    build = section.see("build")
    if image is None and build is None and "provider" in section:
        aside = Image(name="provider", tag="", role="aside", why="it is made by a plugin of Compose")
        return Container(name=name, section=section, image=aside, dockerfile=None, hosts={name})
    if image is None and build is None:
        hint = "every service has an image: or a build:"
        unreadable(section.node.place, f"services.{name}: neither image nor build", hint)
    role = image_of(image.text if isinstance(image, Text) and build is None else "")
    dockerfile = _dockerfile(build, folder) if build is not None else None
    upon = image_of(dockerfile.base) if dockerfile is not None else role
    if upon.role in _BUILT_UPON or (upon.role == "front" and dockerfile is not None and dockerfile.serves):
        role = upon  # a store with something of one's own in it
    hosts = {name, *strings(section.see("container_name")), *strings(section.see("hostname"))}
    networks = section.see("networks")
    if isinstance(networks, Fields):
        for each in networks.fields.values():
            if isinstance(each, Fields):
                hosts |= set(strings(each.fields.get("aliases")))
    return Container(name=name, section=section, image=role, dockerfile=dockerfile, hosts=hosts)


def _dockerfile(build: Node, folder: Path) -> Dockerfile | None:
    context, file, target = build, None, None
    if isinstance(build, Fields):
        if isinstance(inline := build.fields.get("dockerfile_inline"), Text):
            return Dockerfile.read(inline.text)
        context, file = (
            build.fields.get("context", Text(place=build.place, text=".")),
            build.fields.get("dockerfile"),
        )
        target = build.fields.get("target")
    if not isinstance(context, Text) or "://" in context.text:
        return None
    wanted = Path(file.text if isinstance(file, Text) else "Dockerfile")
    here = Path(context.place.file).parent
    # What `seatrial build` wrote elsewhere than below the repository still has its Dockerfiles beside it
    places = [here / context.text / wanted]
    places += [here / Path(*wanted.parts[index:]) for index in range(len(wanted.parts) - 1)]
    text = next((found for each in places if (found := disk.glance(each)) is not None), None)
    return None if text is None else Dockerfile.read(text, target.text if isinstance(target, Text) else None)


def _waits(container: Container, containers: dict[str, Container]) -> Iterator[tuple[str, str]]:
    section = container.section
    node = section.take("depends_on")
    entries: list[tuple[str, Node, str]] = []
    if isinstance(node, Items):
        entries = [(each.text, each, "service_started") for each in node.items if isinstance(each, Text)]
    elif isinstance(node, Fields):
        for name, each in node.fields.items():
            conditions = each.fields.get("condition") if isinstance(each, Fields) else None
            entries.append(
                (name, each, conditions.text if isinstance(conditions, Text) else "service_started")
            )
            for key, value in each.fields.items() if isinstance(each, Fields) else ():
                if key == "required" and not truth(value) and name not in containers:
                    entries.pop()
                if key not in ("condition", "required") or (key == "required" and not truth(value)):
                    why = "a process starts after what it uses, and goes on when that starts anew"
                    section.notes.left(f"{section.at('depends_on')}.{name}.{key}", value, why)
    for name, each, condition in entries:
        if name not in containers:
            known = ", ".join(containers)
            unreadable(
                each.place, f"{section.path} depends on {name}, which is no service", f"known: {known}"
            )
        yield name, condition


def _in_order(containers: dict[str, Container]) -> None:
    """Raises Mistakes when services wait for each other."""
    try:
        TopologicalSorter({name: each.waits for name, each in containers.items()}).prepare()
    except CycleError as exc:
        around = list(reversed(exc.args[1]))
        node = containers[around[0]].section.see("depends_on")
        assert node is not None
        unreadable(node.place, f"a cycle of depends_on: {' → '.join(around)}", "take one of them out")
