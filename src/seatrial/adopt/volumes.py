"""Folders of a process: what it keeps becomes blobs; code, caches and sockets stay where they are."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from seatrial.adopt.section import leave_odd_keys
from seatrial.adopt.sketch import Made, variable_of
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Node, Text, truth
from seatrial.model.value import Value

__all__ = ["volumes"]

_CACHE = re.compile(
    r"(?i)(^|[/._-])(cache|caches|node_modules|\.?venv|site-packages|tmp|\.next|target|vendor|bundle|gems|"
    r"huggingface|pip|npm|yarn|go-build)([/._-]|$)"
)
_KEPT = re.compile(
    r"(?i)(^|[/._-])(data|uploads?|upload_location|media|storage|files?|models?|documents?|assets|exports?|consume|"
    r"photos?|library|archive|backups?|datasets?|corpus|artifacts|attachments)([/._-]|$)"
)
_MACHINE = re.compile(r"^/(etc|var/run|run|proc|sys|dev|lib)(/|$)")


_KEYS = ("type", "source", "src", "target", "dst", "destination", "read_only")


class _Volume(Value):
    kind: str
    source: str
    target: str
    only_reads: bool


def volumes(container: Container, made: Made, stack: Stack) -> None:
    """Gives a process the blobs that it keeps its files in, and tells what became of each volume."""
    for path, node in container.section.items("volumes"):
        volume = _read(node)
        leave_odd_keys(stack.notes, path, node, *_KEYS)
        if volume.kind == "tmpfs":
            stack.notes.left(
                path, node, "a process writes to the folder /tmp and to no other", "write below /tmp"
            )
        elif volume.source.startswith("/var/run/docker.sock") or volume.source.startswith("/run/docker.sock"):
            why = "Docker's socket: nothing on Azure hands out Docker"
            stack.notes.left(path, node, why, "for code that nobody trusts write sandbox(…)")
        elif volume.kind == "bind" and _MACHINE.match(volume.source):
            stack.notes.left(path, node, "a file of the machine below: clocks on Azure are in UTC")
        elif _CACHE.search(volume.target) or _CACHE.search(volume.source):
            stack.notes.left(
                path, node, "a cache, which is filled anew", "put into the image what takes long"
            )
        elif not volume.source:
            stack.notes.left(
                path, node, "a folder without a name lasts as long as its container", "write below /tmp"
            )
        elif volume.kind == "bind" and not _is_kept(volume):
            why = "a folder or file of this machine: the image carries code and configuration"
            stack.notes.left(path, node, why, "put it beside the code")
        else:
            _blobs(container, made, volume, path, node, stack)


def _is_kept(volume: _Volume) -> bool:
    last = PurePosixPath(volume.source.rstrip("/") or "/").name
    if "." in last.lstrip(".") or volume.source.rstrip("/") in (".", "..", "~"):
        return False
    return bool(_KEPT.search(last) or (not last.strip(".") and _KEPT.search(volume.target)))


def _blobs(container: Container, made: Made, volume: _Volume, path: str, node: Node, stack: Stack) -> None:
    wanted = volume.source
    if volume.kind == "bind":
        wanted = PurePosixPath(volume.source).name or PurePosixPath(volume.target).name
    part = next((each for each in stack.sketch.parts if each.word == "blobs" and each.source == wanted), None)
    if part is None:
        name = stack.names.give(wanted, shortest=3, otherwise="files")
        part = Made(word="blobs", name=name, place=node.place, source=wanted)
        stack.sketch.parts.append(part)
    made.use(part, only_reads=volume.only_reads)
    if not _is_told(container, part, volume):
        variable = f"{part.variable}_URL"
        remark = f"Was the folder {volume.target}: blobs, which {variable} leads to"
        if remark not in part.remarks and not part.remarks:
            part.remarks.append(remark)
        why = (
            f"{part.name} are blobs: no folder is mounted at {volume.target}, {variable} says where they are"
        )
        stack.notes.changed(
            path, node, why, f"read and write by a library that takes {variable}, as obstore or fsspec"
        )


def _is_told(container: Container, part: Made, volume: _Volume) -> bool:
    """Whether the process is told where they are just as it will be."""
    environment = container.section.see("environment")
    told = (
        environment.fields.get(f"{variable_of(part.name)}_URL") if isinstance(environment, Fields) else None
    )
    return isinstance(told, Text) and told.text == f"file://{volume.target}"


def _read(node: Node) -> _Volume:
    if isinstance(node, Fields):
        said = {key: each.text for key, each in node.fields.items() if isinstance(each, Text)}
        kind, source = said.get("type", "volume"), said.get("source", said.get("src", ""))
        target = said.get("target", said.get("dst", said.get("destination", "")))
        only_reads = truth(node.fields.get("read_only"))
        return _Volume(kind=kind, source=source, target=target, only_reads=only_reads)
    pieces = node.text.split(":") if isinstance(node, Text) else [""]
    if len(pieces) == 1:
        return _Volume(kind="volume", source="", target=pieces[0], only_reads=False)
    source, target = pieces[0], pieces[1]
    only_reads = len(pieces) > 2 and "ro" in pieces[2].split(",")
    if not source and isinstance(node, Text):  # ${UPLOAD_LOCATION}, which nobody says
        source = node.refs[0].name.lower() if node.refs else ""
        return _Volume(kind="volume", source=source, target=target, only_reads=only_reads)
    kind = "bind" if source.startswith((".", "/", "~")) else "volume"
    return _Volume(kind=kind, source=source, target=target, only_reads=only_reads)
