"""Which source files a process runs, read from its command and the imports in its files; nothing is run."""

from __future__ import annotations

import ast
import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["Code", "editable_folders", "entry_of"]


class Code:
    """The modules below some source folders, and what each imports."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = tuple(dict.fromkeys(folder.resolve() for folder in folders))
        self._imports: dict[Path, tuple[int, frozenset[str]]] = {}

    def files_of(self, command: str, folder: Path) -> frozenset[Path] | None:
        """Every file below the folders that a command imports, in the end; None when that cannot be told."""
        entry = entry_of(command)
        if entry is None:
            return None
        if entry.endswith(".py"):
            first = [(folder / entry).resolve()]
        else:
            first = list(self._files(entry)) + list(self._files(f"{entry}.__main__"))
        if not any(file.is_file() for file in first):
            return None
        seen: set[Path] = set()
        todo = first
        while todo:
            file = todo.pop()
            if file in seen or not file.is_file():
                continue
            seen.add(file)
            for module in self._imported_by(file):
                todo.extend(self._files(module))
        return frozenset(seen)

    def _files(self, module: str) -> Iterator[Path]:
        """The files that importing a module runs: it and the packages above it."""
        words = module.split(".")
        for folder in self.folders:
            for count in range(1, len(words) + 1):
                place = folder.joinpath(*words[:count])
                yield from (place / "__init__.py", place.with_suffix(".py"))

    def _imported_by(self, file: Path) -> frozenset[str]:
        changed = file.stat().st_mtime_ns
        known = self._imports.get(file)
        if known is None or known[0] != changed:
            try:
                found = frozenset(_imports(ast.parse(file.read_bytes()), self._package_of(file)))
            except (SyntaxError, ValueError):
                found = known[1] if known else frozenset()
            known = self._imports[file] = (changed, found)
        return known[1]

    def _package_of(self, file: Path) -> Sequence[str]:
        for folder in self.folders:
            if file.is_relative_to(folder):
                return file.relative_to(folder).parent.parts
        return ()


def _imports(tree: ast.AST, package: Sequence[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{name.name}" for name in node.names)  # a name may be a module


def entry_of(command: str) -> str | None:
    """The module or script that a command runs: `python -m x`, `python x.py`, `uvicorn x:app`."""
    words = shlex.split(command)
    if Path(words[0]).name in ("python", "python3"):
        for index, word in enumerate(words[1:], start=1):
            if word == "-m" and index + 1 < len(words):
                return words[index + 1]
            if word.endswith(".py"):
                return word
            if word == "-c":
                return None
        return None
    return next((word.partition(":")[0] for word in words[1:] if _names_an_app(word)), None)


def _names_an_app(word: str) -> bool:
    module, colon, app = word.partition(":")
    return bool(colon) and app.isidentifier() and all(piece.isidentifier() for piece in module.split("."))


def editable_folders() -> Iterator[Path]:
    """The source folders of the packages that are installed editable."""
    for distribution in distributions():
        text = distribution.read_text("direct_url.json")
        if text is None:
            continue
        found = json.loads(text)
        if found.get("dir_info", {}).get("editable"):
            root = Path(unquote(urlsplit(found["url"]).path))
            yield next(folder for folder in (root / "src", root) if folder.is_dir() or folder == root)
