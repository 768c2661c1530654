"""Proxies: one that serves files is a site; one that leads to others makes those public."""

from __future__ import annotations

import os
import re
from pathlib import Path

from seatrial.adopt import disk
from seatrial.adopt.configured import configuration, mounted
from seatrial.adopt.dockerfile import SERVED
from seatrial.adopt.ports import published
from seatrial.adopt.sketch import Made
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Node, Text

__all__ = ["lead", "sites"]

_WHY = "the way in is Azure's: TLS, certificates and the public address come with public=True"


def sites(stack: Stack, folder: Path) -> None:
    """Makes a site of every proxy that serves a folder. `folder` is where the system file will be."""
    for container in stack.of("front"):
        for path, node, source, target in mounted(container):
            if target.rstrip("/") in SERVED and not _leads_to(container, stack):
                _site(container, path, node, source, folder, stack)
                break
        else:
            if container.dockerfile is not None and container.dockerfile.serves:
                _built(container, container.dockerfile.serves, folder, stack)


def _built(container: Container, serves: str, folder: Path, stack: Stack) -> None:
    """An image of files: those beside its Dockerfile, or those that another stage makes of them."""
    build = container.section.see("build")
    assert build is not None
    context = build.fields.get("context") if isinstance(build, Fields) else build
    here = Path(build.place.file).parent / (context.text if isinstance(context, Text) else ".")
    source = here / (Path(serves).name if serves.startswith("/") else serves)
    _site(container, f"{container.path}.build", build, source, folder, stack)


def _site(container: Container, path: str, node: Node, source: Path, folder: Path, stack: Stack) -> None:
    section, notes = container.section, stack.notes
    made = Made(word="site", name=stack.names.give(container.name), place=section.node.place)
    directory = Path(os.path.relpath(source, folder)).as_posix()
    if directory.startswith("..") or directory == ".":
        directory = source.resolve().name or "web"
        made.guesses["directory"] = "it must be below this file"
        why = f'directory="{directory}": it was {disk.shown(source)}, not below the system file'
        notes.changed(path, node, why, "move or copy it there")
    made.args["directory"] = directory
    taken = {each.args.get("port") for each in stack.sketch.parts}
    outside = next(
        (int(each.outside) for each in published(container, read=True) if each.outside.isdigit()), 8080
    )
    port = outside + 8000 if outside < 1024 else outside
    while port in taken:
        port += 1
    made.args["port"] = port
    text = configuration(container, stack)
    if found := re.search(r"try_files[^;]*\s/([\w./-]+\.html)\s*;", text):
        made.args["fallback"] = found[1]
    for key in ("image", "volumes", "configs", "healthcheck", "restart", "build", "expose", "deploy"):
        section.take(key)
    section.take_usual()
    rest = re.search(r"(?m)^\s*(add_header|gzip|expires|rewrite|return|auth_basic|limit_req)\b", text)
    if rest:
        at = section.see("configs") or section.see("volumes") or section.node
        why = f"the configuration of {container.image.name}: {rest[1]} and what else it says"
        notes.left(section.path, at, why, "say it to front_door(…), or serve the files by a service")
    stack.add(container, made)


def lead(stack: Stack) -> None:
    """What a proxy leads to answers the world; the proxy itself becomes nothing."""
    for container in stack.of("front"):
        if container.parts:
            continue
        container.gone = _WHY
        container.section.all_read()
        led = [
            each
            for each in _leads_to(container, stack)
            if each.part is not None and each.part.word == "service"
        ]
        for each in led:
            assert each.part is not None
            each.part.args["public"] = True
        names = ", ".join(each.name for each in led)
        what = (
            f"{container.image.name}: {_WHY}; public are {names}"
            if led
            else f"{container.image.name}: {_WHY}"
        )
        hint = "paths, domains and limits are words of front_door(…)"
        stack.notes.left(container.path, container.section.node, what, hint)


def _leads_to(container: Container, stack: Stack) -> list[Container]:
    """By its configuration; else what it waits for."""
    text = configuration(container, stack)
    found = [
        each
        for each in stack.containers.values()
        if each is not container
        and any(
            re.search(
                rf"(?<![\w.-])(https?://)?{re.escape(host)}(:\d+|(?<=//{re.escape(host)}))(?![\w.-])", text
            )
            for host in each.hosts
        )
    ]
    waits = [stack.containers[name] for name in container.waits]
    return found or [each for each in waits if each.image.role == "process"]
