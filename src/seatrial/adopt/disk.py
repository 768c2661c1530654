"""What an import reads from a disk: small text files, never more, never anything else than a file."""

from __future__ import annotations

from pathlib import Path

from seatrial.adopt.tree import LONGEST, Fields, unreadable, yaml_tree
from seatrial.model import Place

__all__ = ["beside", "glance", "mapping", "shown", "text_of"]

COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""The names that Compose looks for, in its order.
Source: https://docs.docker.com/compose/intro/compose-application-model/"""
OVERRIDES = tuple(f"{name.partition('.')[0]}.override.{name.partition('.')[2]}" for name in COMPOSE)


def shown(file: Path) -> str:
    """A file's name in messages: from here where it is below here."""
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_absolute() and file.is_relative_to(here) else str(file)


def text_of(file: Path, asked: Place | None = None) -> str:
    """The text of a file. `asked` is where it was named, if a file named it.

    Raises:
        Mistakes: there is none, or it is not small text.
    """
    place = asked or Place(shown(file), 0)
    try:
        if not file.is_file() or file.resolve().parts[1:2] in (("proc",), ("sys",), ("dev",)):
            what = f"{shown(file)}: no such file" if asked else "no such file"
            unreadable(place, what, "name a Compose file, an azure.yaml, or the folder of one")
        if file.stat().st_size > 4 * LONGEST:
            unreadable(place, f"{file.name}: too large", f"{LONGEST:,} characters are read")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        unreadable(place, f"{file.name}: no UTF-8 text", "name a Compose file or an azure.yaml")
    except OSError as exc:
        unreadable(place, f"{file.name}: cannot be read: {exc.strerror}", "make it readable for you")


def glance(file: Path) -> str | None:
    """The text of a file that helps but is not needed; None: there is none that could be read."""
    from seatrial.model import Mistakes

    try:
        return text_of(file) if file.is_file() else None
    except (Mistakes, OSError):
        return None


def mapping(file: Path, asked: Place | None = None) -> Fields:
    """The YAML of a file whose top is a mapping. Raises Mistakes when it is none."""
    tree = yaml_tree(text_of(file, asked), shown(file))
    if not isinstance(tree, Fields):
        unreadable(tree.place, "no mapping", "a Compose file begins with services:, an azure.yaml with name:")
    return tree


def beside(folder: Path) -> list[Path]:
    """The files that describe what is in a folder: Compose's with its override, or azd's.

    Raises:
        Mistakes: there is none, or there is one of each.
    """
    found = [folder / name for name in COMPOSE if (folder / name).is_file()][:1]
    azd = [folder / name for name in ("azure.yaml", "azure.yml") if (folder / name).is_file()][:1]
    if found and azd:
        what = f"{found[0].name} and {azd[0].name}: two descriptions"
        unreadable(Place(shown(folder), 0), what, "name one of the two files")
    if not found and not azd:
        hint = "name the file: seatrial import deploy/compose.yaml"
        unreadable(Place(shown(folder), 0), "neither a Compose file nor an azure.yaml in it", hint)
    if azd:
        return azd
    return found + [folder / name for name in OVERRIDES if (folder / name).is_file()][:1]
