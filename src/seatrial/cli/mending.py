"""Finds what would stop a statement before it runs, so that the rest of the statement is judged too.

Python stops a call at its first unknown name or argument. Here all of them are told, and `Doubt` is put in
their place.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cached_property, lru_cache
from typing import Any, NoReturn

from seatrial.cli.complaints import lacking, unknown_argument, unknown_name, unknown_word
from seatrial.cli.source import Source
from seatrial.model import Mistake, Place
from seatrial.model.value import Value

__all__ = ["DOUBT", "mend"]

DOUBT = "__doubt__"
"""The name under which a mended statement expects a `Doubt`."""


def mend(statement: ast.stmt, source: Source, names: Mapping[str, Any]) -> tuple[ast.stmt, list[Mistake]]:
    """A statement that can run, and what was taken out of it. Only expressions and assignments are mended."""
    if not isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign):
        return statement, []
    try:
        _Finder(source, names, statement).visit(statement)
    except _FoundError:
        pass
    else:
        return statement, []  # as nearly always: a copy takes longer than to run the statement
    mender = _Mender(source, names, statement)
    mended = mender.visit(deepcopy(statement))
    return ast.fix_missing_locations(mended), mender.mistakes


class _Mender(ast.NodeTransformer):
    def __init__(self, source: Source, names: Mapping[str, Any], statement: ast.stmt) -> None:
        self.source = source
        self.names = names
        self.mistakes: list[Mistake] = []
        self.statement = statement

    @cached_property
    def bound(self) -> set[str]:
        """The names that the statement itself makes on its way."""
        return {node.target.id for node in ast.walk(self.statement) if isinstance(node, ast.NamedExpr)}

    def tell(self, line: int, what: str, hint: str) -> None:
        self.mistakes.append(Mistake(place=Place(self.source.shown, line), what=what, hint=hint))

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node  # names of its own: told when it is called

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_Lambda  # type: ignore[assignment]

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not isinstance(node.ctx, ast.Load):
            return node
        if node.id in self.names or hasattr(builtins, node.id) or node.id in self.bound:
            return node
        self.tell(node.lineno, *unknown_name(node.id, self.names))
        return _doubt(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = self._function(node)
        if function is not None:
            self._arguments(node, function)
        return self.generic_visit(node)

    def _function(self, node: ast.Call) -> Callable[..., Any] | None:
        """The word of seatrial that is called; an unknown one becomes a doubt."""
        match node.func:
            case ast.Name(id=name):
                found = self.names.get(name)
                ours = getattr(found, "__module__", "").startswith("seatrial.")
                return found if ours and callable(found) else None
            case ast.Attribute(value=ast.Name(id=name), attr=word):
                owner = self.names.get(name)
                if not type(owner).__module__.startswith("seatrial.") or hasattr(type(owner), word):
                    found = getattr(type(owner), word, None)
                    return getattr(owner, word) if inspect.isfunction(found) else None
                if not hasattr(owner, word):
                    self.tell(node.func.end_lineno or node.lineno, *unknown_word(owner, word))
                    node.func = _doubt(node.func)
        return None

    def _arguments(self, node: ast.Call, function: Callable[..., Any]) -> None:
        takes = _takes(getattr(function, "__func__", function), inspect.ismethod(function))
        if takes.anything:
            return
        for keyword in list(node.keywords):
            if keyword.arg is not None and keyword.arg not in takes.names:
                self.tell(keyword.lineno, *unknown_argument(function.__name__, keyword.arg, takes.names))
                node.keywords.remove(keyword)
        if any(isinstance(each, ast.Starred) for each in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        ):
            return
        given = {*takes.names[: len(node.args)], *(keyword.arg for keyword in node.keywords)}
        missing = [name for name in takes.needed if name not in given]
        if missing:
            self.tell(node.lineno, *lacking(function.__name__, missing))
        for name in missing:
            node.keywords.append(ast.keyword(arg=name, value=_doubt(node)))


class _FoundError(Exception):
    """There is something to mend."""


class _Finder(_Mender):
    """Stops at the first thing to mend, which is told before anything is changed."""

    def tell(self, line: int, what: str, hint: str) -> NoReturn:
        raise _FoundError


class _Takes(Value):
    """What a word takes."""

    names: tuple[str, ...]
    needed: tuple[str, ...]
    anything: bool
    """Whether it takes arguments of any name."""


@lru_cache(maxsize=256)
def _takes(function: Callable[..., Any], of_a_value: bool) -> _Takes:
    """Of one of our own words; the first parameter of a method is the value before the dot."""
    parameters = list(inspect.signature(function).parameters.values())[1 if of_a_value else 0 :]
    return _Takes(
        names=tuple(each.name for each in parameters),
        needed=tuple(
            each.name
            for each in parameters
            if each.default is each.empty and each.kind is not each.VAR_POSITIONAL
        ),
        anything=any(each.kind is each.VAR_KEYWORD for each in parameters),
    )


def _doubt(node: ast.expr) -> ast.Name:
    return ast.copy_location(ast.Name(id=DOUBT, ctx=ast.Load()), node)
