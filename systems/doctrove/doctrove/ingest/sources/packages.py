"""Installed packages: what their metadata says, and their public source files."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator
from datetime import date
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

from doctrove.ingest.sources.docstrings import names_taken_from

__all__ = ["Facts", "SourceFile", "facts_of", "installed", "name_of", "source_files"]

_NOT_PUBLIC = {
    "test", "tests", "testing", "conftest.py", "setup.py", "examples", "example", "benchmarks", "docs", "doc",
    "vendor", "vendored", "extern", "externals", "third_party", "__pycache__",
}  # fmt: skip

_LABELS = {
    "documentation": "documentation", "docs": "documentation", "homepage": "homepage",
    "home": "homepage",
    "repository": "source", "source": "source", "source code": "source", "source-code": "source",
    "code": "source",
    "changelog": "changelog", "changes": "changelog", "release notes": "changelog",
}  # fmt: skip


class Facts(NamedTuple):
    """What a package says of itself."""

    name: str
    authors: list[str]
    links: dict[str, str]
    day: date | None
    """The day of this version, where the package tells it; installers do not keep the dates of files."""


class SourceFile(NamedTuple):
    """A file to look into; of a private module only the names in `public` count, which its package passes
    on."""

    path: Path
    module: str
    public: frozenset[str] | None


def installed() -> list[Distribution]:
    """The packages that `import` finds, by name; of two of one name the first on the path."""
    found: dict[str, Distribution] = {}
    for package in distributions():
        if name := name_of(package):
            found.setdefault(name, package)
    return [found[name] for name in sorted(found)]


def name_of(package: Distribution) -> str:
    """The name as written by its makers in lower case; empty when the metadata is broken."""
    name = package.metadata["Name"] if package.metadata else None
    return str(name or "").lower().replace("_", "-")


def facts_of(package: Distribution) -> Facts:
    facts = package.metadata
    authors: list[str] = []
    for role in ("Author", "Maintainer"):
        names = ",".join(facts.get_all(role) or []).split(",")
        addresses = email.utils.getaddresses(facts.get_all(f"{role}-email") or [])
        authors += [name.strip() for name in names if name.strip()] or [name for name, _ in addresses if name]
    links = {}
    for entry in facts.get_all("Project-URL") or []:
        label, _, address = str(entry).partition(",")
        if name := _LABELS.get(label.strip().lower()):
            links[name] = address.strip()
    for home in facts.get_all("Home-page") or []:
        links.setdefault("homepage", str(home))
    return Facts(name_of(package), list(dict.fromkeys(authors)), links, _day_of_version(package))


def source_files(package: Distribution) -> Iterator[SourceFile]:
    """Its Python files, outermost modules first."""
    files = [Path(str(file)) for file in package.files or [] if str(file).endswith(".py")]
    taken: dict[Path, dict[str, set[str]]] = {}
    for file in sorted(files, key=lambda file: (len(file.parts), file.as_posix())):
        if any(part.lower() in _NOT_PUBLIC or part == ".." or not _importable(part) for part in file.parts):
            continue
        if any(part.startswith("_") for part in file.parts[:-1]):
            continue
        path = Path(str(package.locate_file(file.as_posix())))
        folder = ".".join(file.parts[:-1])
        if file.name == "__init__.py":
            yield SourceFile(path, folder, None)
        elif not file.name.startswith("_"):
            yield SourceFile(path, ".".join(file.with_suffix("").parts), None)
        elif folder:
            if path.parent not in taken:
                taken[path.parent] = names_taken_from(path.parent / "__init__.py")
            if public := taken[path.parent].get(file.stem):
                yield SourceFile(path, folder, frozenset(public))


def _importable(part: str) -> bool:
    return part.removesuffix(".py").isidentifier()


def _day_of_version(package: Distribution) -> date | None:
    """From a version that is a date (2026.10.18), or the package's own list of changes ("1.2.0
    (2026-03-01)")."""
    version = package.version
    text = version
    if not re.fullmatch(r"20\d\d\.\d{1,2}\.\d{1,2}", version):
        description = str(package.metadata.get_payload())  # type: ignore[attr-defined]
        heading = re.search(
            rf"^\W*(?:version |release )?v?{re.escape(version)}\W{{1,5}}(20\d\d-\d\d-\d\d)\b",
            description,
            re.MULTILINE | re.IGNORECASE,
        )
        if heading is None:
            return None
        text = heading[1]
    year, month, day = (int(part) for part in re.split(r"[.-]", text)[:3])
    try:
        return date(year, month, day)
    except ValueError:
        return None
