"""Documents that every machine with Python has: the documentation strings of the standard library and of the
installed packages, one document per module, class, function and method that says something.

Source is parsed, never imported; modules in C are asked in a child process (`native_modules`). The order is
fixed: Python's own topics, the standard library, then packages by name.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
import sysconfig
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import Distribution
from pathlib import Path
from typing import NamedTuple

from doctrove.ingest.records import Document, Kept, Progress, Reject, Rejected, document
from doctrove.ingest.sources.chapters import chapter_of, page_of
from doctrove.ingest.sources.docstrings import Unreadable, described
from doctrove.ingest.sources.native_modules import native_documentation
from doctrove.ingest.sources.packages import SourceFile, facts_of, installed, name_of, source_files

__all__ = ["PythonDocs"]

READER = "1"
"""Grows when the same packages would give other documents; then they are read again."""
SHORTEST = 120
"""Characters; shorter documentation strings only repeat the name."""
PER_PACKAGE = 250
"""Documents of one package at most, its outermost modules first, so that no package fills the map."""
OWN_FIELD = 40
"""Documents from which on a package is a field of its own; the others share one, so that a legend stays
readable."""
_MARKED = re.compile(r"(?::[a-z:]+:)?`+~?([^`]+)`+_?")
"""Words marked up for Sphinx: ``code``, :class:`~name`."""
_UNDERLINE = re.compile(r'([*="~^-])\1{2,}')
_SKIPPED = {
    "test", "tests", "idlelib", "idle_test", "site-packages", "dist-packages", "__pycache__", "turtledemo",
    "lib2to3", "ensurepip", "pydoc_data", "lib-dynload",
}  # fmt: skip


class _Found(NamedTuple):
    """What is documented: a name, its text, and whose it is."""

    name: str
    text: str
    field: str
    authors: list[str]
    day: date | None
    links: dict[str, str]


_Described = tuple[str, str]
"""A full name and its documentation string."""


class PythonDocs:
    """The source `python-docs`. A position counts records; so does a line."""

    name = "python-docs"
    total: int | None = None

    def __init__(self) -> None:
        self.location = f"Python {sys.version.split()[0]} and its packages in {sys.prefix}"
        self._stdlib = Path(sysconfig.get_path("stdlib"))
        self._packages = installed()
        self._files = sorted(_stdlib_files(self._stdlib))
        self._progress = Progress(done=0, total=0)
        self._fingerprint = self._found_out()

    def fingerprint(self) -> str:
        return self._fingerprint

    def _found_out(self) -> str:
        installed = [f"{name_of(package)} {package.version}" for package in self._packages]
        return hashlib.sha256("\n".join([READER, sys.version, *installed]).encode()).hexdigest()

    def progress(self) -> Progress:
        return self._progress

    def records(self, position: int, line: int) -> Iterator[Kept | Reject]:
        del line  # the same as the position here
        seen: set[str] = set()
        number = 0
        for found in self._all():
            name = found.name
            if isinstance(found, _Found) and (name in seen or len(found.text) < SHORTEST):
                continue
            seen.add(name)
            number += 1
            if number <= position:
                continue
            try:
                if isinstance(found, _Unread):
                    raise Rejected(found.reason)
                yield Kept(number, number, _document(found))
            except Rejected as exc:
                yield Reject(number, number, str(exc), name)

    def _all(self) -> Iterator[_Found | _Unread]:
        steps = len(self._files) + 10 * len(self._packages)
        done = 0
        day = _day_of_this_python(self._stdlib)
        yield from _topics(self._stdlib, day)
        yield from _native(day)
        for path in self._files:
            yield from _standard(self._stdlib, path, day)
            done += 1
            self._progress = Progress(done=done, total=steps)
        for package in self._packages:
            yield from _package(package)
            done += 10
            self._progress = Progress(done=done, total=steps)


class _Unread(NamedTuple):
    """A file or module that could not be read, and why."""

    name: str
    reason: str


def _document(found: _Found) -> Document:
    first_lines = " ".join(found.text.strip().split("\n\n")[0].split())
    title = found.name
    if not first_lines.startswith(">>>"):
        title += ": " + _MARKED.sub(r"\1", first_lines)
    if len(title) > 200:
        title = title[:199].rsplit(" ", 1)[0] + "…"
    return document(
        source_id=found.name,
        title=title,
        abstract=found.text,
        authors=found.authors,
        primary_date=found.day,
        field=found.field,
        links=found.links,
        keep_lines=True,
    )


# -- the standard library -------------------------------------------------------------------------------


def _stdlib_files(stdlib: Path) -> Iterator[Path]:
    for path in stdlib.rglob("*.py"):
        parts = path.relative_to(stdlib).parts
        if not any(part in _SKIPPED or _private(part) or "-" in part for part in parts):
            yield path


def _private(part: str) -> bool:
    return part.startswith("_") and part != "__init__.py"


def _standard(stdlib: Path, path: Path, day: date | None) -> Iterator[_Found | _Unread]:
    module = ".".join(path.relative_to(stdlib).with_suffix("").parts).removesuffix(".__init__")
    try:
        for name, text, author in described(path):
            yield _of_python(module, name, text, day, author)
    except Unreadable as exc:
        yield _Unread(str(path), f"cannot be parsed: {exc}")


def _native(day: date | None) -> Iterator[_Found | _Unread]:
    try:
        for module, name, text in native_documentation():
            yield _of_python(module, name, text, day, None)
    except RuntimeError as exc:
        yield _Unread("modules in C", f"the interpreter did not describe them: {exc}")


def _of_python(module: str, name: str, text: str, day: date | None, author: str | None) -> _Found:
    full_name = f"{module}.{name}" if name else module
    full_name = full_name.removeprefix("builtins.")
    page = page_of(module)
    links = {}
    if page is not None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        anchor = f"#{full_name}" if name else ""
        links["documentation"] = f"https://docs.python.org/{version}/library/{page}.html{anchor}"
    return _Found(full_name, text, chapter_of(module), [author] if author else [], day, links)


def _day_of_this_python(stdlib: Path) -> date | None:
    """The day on which the documentation of this release was made, as the release itself says.

    It is in the head of pydoc's topics; where a system leaves that file out, there is no date.
    """
    try:
        with (stdlib / "pydoc_data" / "topics.py").open(encoding="utf-8") as file:
            head = [next(file, "") for _ in range(3)]
    except OSError:
        return None
    for line in head:
        _, _, text = line.strip().partition("Autogenerated by Sphinx on ")
        if text:
            try:
                return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC).date()
            except ValueError:
                return None
    return None


def _topics(stdlib: Path, day: date | None) -> Iterator[_Found | _Unread]:
    """What `help("with")` shows: chapters on the language itself."""
    path = stdlib / "pydoc_data" / "topics.py"
    try:
        tree = ast.parse(path.read_bytes())
    except OSError:
        return
    except (SyntaxError, ValueError) as exc:
        yield _Unread(str(path), f"cannot be parsed: {exc}")
        return
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            for topic, text in ast.literal_eval(node.value).items():
                plain = "\n".join("" if _UNDERLINE.fullmatch(row) else row for row in text.splitlines())
                yield _Found(f"topic.{topic}", plain, "The language", [], day, {})


# -- installed packages ---------------------------------------------------------------------------------


def _package(package: Distribution) -> Iterator[_Found | _Unread]:
    """The documentation of a package's outermost public names, up to PER_PACKAGE."""
    facts = facts_of(package)
    found: list[_Described] = []
    for file in source_files(package):
        try:
            found += _worth_reading(file)
        except Unreadable as exc:
            yield _Unread(str(file.path), f"cannot be parsed: {exc}")
        except OSError:
            continue  # listed by the package, but not installed
        if len(found) >= PER_PACKAGE:
            break
    field = facts.name if len(found) >= OWN_FIELD else "Other packages"
    for name, text in found[:PER_PACKAGE]:
        yield _Found(name, text, field, facts.authors, facts.day, facts.links)


def _worth_reading(file: SourceFile) -> Iterator[_Described]:
    for name, text, _ in described(file.path):
        if len(text) >= SHORTEST and (file.public is None or name.split(".")[0] in file.public):
            yield f"{file.module}.{name}" if name else file.module, text
