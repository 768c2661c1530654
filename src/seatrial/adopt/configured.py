"""What a proxy is configured by: files of this machine, configs of the project, its own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seatrial.adopt import disk
from seatrial.adopt.stack import Container, Stack
from seatrial.adopt.tree import Fields, Items, Node, Text

__all__ = ["configuration", "mounted"]


def configuration(container: Container, stack: Stack) -> str:
    """All that it is configured by and that can be read, as one text."""
    section = container.section
    texts = [disk.glance(source) or "" for _, _, source, _ in mounted(container) if source.is_file()]
    texts += [
        disk.glance(each) or ""
        for _, _, source, _ in mounted(container)
        if source.is_dir() and "conf" in source.name
        for each in sorted(source.glob("*.conf"))[:20]
    ]
    texts += _configs(container, stack)
    for key in ("environment", "command", "labels"):
        match section.see(key):
            case Fields(fields=fields):
                texts += [each.text for each in fields.values() if isinstance(each, Text)]
            case Items(items=items):
                texts += [each.text for each in items if isinstance(each, Text)]
            case Text(text=text):
                texts.append(text)
            case _:
                pass
    return "\n".join(texts)


def _configs(container: Container, stack: Stack) -> Iterator[str]:
    configs, known = container.section.see("configs"), stack.top.see("configs")
    for each in configs.items if isinstance(configs, Items) else ():
        source = each.fields.get("source") if isinstance(each, Fields) else each
        one = (
            known.fields.get(source.text) if isinstance(known, Fields) and isinstance(source, Text) else None
        )
        if isinstance(one, Fields):
            if isinstance(content := one.fields.get("content"), Text):
                yield content.text
            if isinstance(file := one.fields.get("file"), Text):
                yield disk.glance(Path(file.place.file).parent / file.text) or ""


def mounted(container: Container) -> Iterator[tuple[str, Node, Path, str]]:
    """Folders and files of this machine that it is given: path, node, where, and where inside."""
    node = container.section.see("volumes")
    for index, each in enumerate(node.items if isinstance(node, Items) else ()):
        path = f"{container.path}.volumes[{index}]"
        here = Path(each.place.file).parent
        if isinstance(each, Text):
            pieces = each.text.split(":")
            if len(pieces) > 1 and pieces[0].startswith((".", "/")):
                yield path, each, here / pieces[0], pieces[1]
        elif isinstance(each, Fields):
            source, target = each.fields.get("source"), each.fields.get("target")
            if isinstance(source, Text) and isinstance(target, Text) and source.text.startswith((".", "/")):
                yield path, each, here / source.text, target.text
