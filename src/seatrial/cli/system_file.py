"""Reads a system file from disk: runs it statement by statement, and tells all that is wrong with it at once.

A statement that fails is one mistake; the names it would have bound stand for `Doubt`, so that the lines
after it are judged too and its own mistake is not told twice.
"""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from seatrial.cli.complaints import complaint
from seatrial.cli.mending import DOUBT, mend
from seatrial.cli.source import Source
from seatrial.model import Doubt, Mistake, Mistakes, Place, System
from seatrial.model.mistakes import nearest

__all__ = ["find_system_file", "read_system"]


def read_system(path: Path | str | None = None) -> System:
    """The system that a file describes, free of mistakes.

    Args:
        path: a system file; a folder with a `system.py`; the name of a system below `./systems`; or nothing:
            this folder's `system.py`, or the only one below `./systems`.

    Raises:
        Mistakes: there is no such file, or something is wrong in it.
    """
    file = find_system_file(path)
    source = Source.read(file)
    systems, mistakes = _run(source)
    for system in systems:
        mistakes.extend(source.locate(mistake) for mistake in system.mistakes())
    if len(systems) > 1 or not (systems or mistakes):
        mistakes.append(_not_one(source, systems))
    if mistakes:
        raise Mistakes(mistakes)
    return systems[0]


def find_system_file(path: Path | str | None = None) -> Path:
    """The system file that is meant. Raises Mistakes when there is none, or more than one."""
    try:
        return _default_file() if path is None else _asked_file(Path(path))
    except OSError as exc:
        hint = "name a system file or its folder, readable by you"
        mistake = Mistake(place=Place(str(path), 0), what=f"cannot be read: {exc.strerror}", hint=hint)
        raise Mistakes([mistake]) from exc


def _asked_file(asked: Path) -> Path:
    by_name = Path("systems", asked, "system.py")
    if asked.is_file():
        return asked
    if (asked / "system.py").is_file():
        return asked / "system.py"
    if len(asked.parts) == 1 and asked.suffix == "" and by_name.is_file():
        return by_name
    known = sorted(file.parent.name for file in Path("systems").glob("*/system.py"))
    meant = nearest(asked.name, known)
    if asked.is_dir():
        raise _missing(asked, "a folder without a system.py", "name a folder that holds one", known, meant)
    what = "no such file or folder, nor a system of that name"
    raise _missing(asked, what, "name a folder with a system.py", known, meant)


def _default_file() -> Path:
    here = Path("system.py")
    if here.is_file():
        return here
    found = sorted(Path("systems").glob("*/system.py"))
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(file.parent.name for file in found)
        hint = f"name one of {names}"
        raise Mistakes([Mistake(place=Place("systems", 0), what="more than one system", hint=hint)])
    hint = "go to the folder that holds one, or name it: systems/doctrove"
    raise Mistakes(
        [Mistake(place=Place("system.py", 0), what="no such file, nor a systems/*/system.py", hint=hint)]
    )


def _missing(asked: Path, what: str, hint: str, known: list[str], meant: str | None) -> Mistakes:
    if known:
        hint = (f'did you mean "{meant}"? ' if meant else "") + f"known: {', '.join(known)}"
    return Mistakes([Mistake(place=Place(str(asked), 0), what=what, hint=hint)])


def _not_one(source: Source, systems: list[System]) -> Mistake:
    if not systems:
        hint = 'begin with: from seatrial import System, then name = System("name", title="…")'
        return Mistake(place=Place(source.shown, 1), what="no System is made in this file", hint=hint)
    names = ", ".join(f'"{system.name}"' for system in systems)
    what = f"{len(systems)} systems in one file: {names}"
    hint = "one file describes one system; another shape of the same is a variant"
    return Mistake(place=Place(source.shown, systems[1].place.line), what=what, hint=hint)


def _run(source: Source) -> tuple[list[System], list[Mistake]]:
    """Runs a file; the systems it made, and what Python found wrong."""
    mistakes: list[Mistake] = []
    module = ModuleType("system_file")
    module.__file__ = str(source.file)
    folder = str(source.file.parent)
    before = dict(sys.modules)
    sys.modules[module.__name__] = module
    sys.path.insert(0, folder)
    try:
        module.__dict__[DOUBT] = Doubt()
        for statement, flags in _statements(source):
            mended, told = mend(statement, source, module.__dict__)
            mistakes.extend(told)
            try:
                code = ast.Module(body=[mended], type_ignores=[])
                program = compile(code, str(source.file), "exec", flags=flags, dont_inherit=True)
                exec(program, module.__dict__)  # noqa: S102  # a system file is a program
            except (Exception, SystemExit) as exc:
                mistakes.append(complaint(exc, source, module.__dict__))
                for name in _bound(statement):
                    module.__dict__.setdefault(name, Doubt())
    except (SyntaxError, ValueError, RecursionError) as exc:
        mistakes.append(complaint(exc, source, {}))
    finally:
        sys.path.remove(folder)
        for name in sys.modules.keys() - before.keys():
            if _below(sys.modules[name], source.file.parent):
                del sys.modules[name]
    unique = {id(value): value for value in vars(module).values() if isinstance(value, System)}
    return list(unique.values()), mistakes


def _statements(source: Source) -> Iterator[tuple[ast.stmt, int]]:
    """Statements with the flags to compile them by: what was imported from the future."""
    flags = 0
    for statement in (piece for whole in source.tree.body for piece in _pieces(whole)):
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            flags |= sum(getattr(__future__, alias.name).compiler_flag for alias in statement.names)
        yield statement, flags


def _pieces(statement: ast.stmt) -> Iterator[ast.stmt]:
    """An import of several names is as many imports: one unknown name leaves the others known."""
    if not isinstance(statement, ast.ImportFrom) or len(statement.names) == 1:
        yield statement
        return
    for alias in statement.names:
        one = ast.ImportFrom(module=statement.module, names=[alias], level=statement.level)
        yield ast.copy_location(one, alias)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement would have bound."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def _below(module: Any, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(file).is_relative_to(folder)
