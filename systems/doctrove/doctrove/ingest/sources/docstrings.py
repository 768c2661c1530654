"""Documentation strings of Python source, read without running any of it."""

from __future__ import annotations

import ast
import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["Described", "Unreadable", "described", "names_taken_from"]


class Described(NamedTuple):
    """Something with a documentation string; `name` is its name below the module, empty for the module."""

    name: str
    text: str
    author: str | None


class Unreadable(Exception):
    """The file is no Python that this interpreter can parse."""


def described(path: Path) -> Iterator[Described]:
    """The module, then its public classes, functions and methods in the order of the file.

    Raises:
        Unreadable: see there.
    """
    tree = _parse(path)
    author = _constant(tree, "__author__")
    if text := ast.get_docstring(tree, clean=False):
        yield Described("", inspect.cleandoc(text), author)
    yield from _inside(tree.body, "", author)


def names_taken_from(path: Path) -> dict[str, set[str]]:
    """What the `__init__.py` of a package takes from its private modules: module -> names.

    `from ._kmeans import KMeans` makes a public name of something defined in a private place.
    """
    try:
        tree = _parse(path)
    except (Unreadable, OSError):
        return {}
    taken: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level <= 1:
            module = node.module.rpartition(".")[2]
            taken.setdefault(module, set()).update(alias.name for alias in node.names)
    return taken


def _parse(path: Path) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in other people's strings
            return ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise Unreadable(f"{type(exc).__name__}: {exc}") from exc


def _inside(body: list[ast.stmt], prefix: str, author: str | None) -> Iterator[Described]:
    for node in body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if node.name.startswith("_"):
                    continue
                name = prefix + node.name
                if text := ast.get_docstring(node, clean=False):
                    yield Described(name, inspect.cleandoc(text), author)
                if isinstance(node, ast.ClassDef):
                    yield from _inside(node.body, f"{name}.", author)
            case ast.If() | ast.Try():
                yield from _inside(node.body, prefix, author)
                yield from _inside(node.orelse, prefix, author)
            case _:
                pass


def _constant(tree: ast.Module, name: str) -> str | None:
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == name
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            return node.value.value
    return None
