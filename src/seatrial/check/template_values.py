"""What the expressions of a template come to, as far as that is known before it is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from seatrial.azure.values import Expression
from seatrial.check.template_calls import called, is_secret, show
from seatrial.check.template_expressions import (
    Call,
    Literal,
    Member,
    Node,
    Unknown,
    Unparsable,
    expression_in,
    masked,
    parse,
)
from seatrial.check.template_lambdas import OVER_LISTS, over

__all__ = ["MOST_TURNS", "Scope"]

MOST_TURNS = 800
"""Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-resources (limits)"""


class Scope:
    """What names mean in one template: its parameters and variables, and the turn of a copy loop."""

    def __init__(
        self,
        parameters: Mapping[str, Any],
        variables: Mapping[str, Any],
        functions: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> None:
        """
        Args:
            parameters: values, `Unknown` where there is none.
            variables: as they are written; each is worked out when it is asked for.
            functions: the template's own, by their names in lower case.
        """
        self.parameters = {name.lower(): value for name, value in parameters.items()}
        self._written = {name.lower(): value for name, value in variables.items()}
        self._variables: dict[str, Any] = {}
        self._functions = functions
        self.turns: Mapping[str, int] = {}
        self._bound: Mapping[str, Any] = {}

    def within(self, turns: Mapping[str, int]) -> Scope:
        """The same in one turn of a loop. The empty name means the loop of the resource."""
        found = Scope(self.parameters, self._written, self._functions)
        found._variables = self._variables
        found.turns = {**self.turns, **turns}
        found._bound = self._bound
        return found

    def _with(self, bound: Mapping[str, Any]) -> Scope:
        """The same inside of a lambda, with values for its names."""
        found = self.within({})
        found._bound = {**self._bound, **bound}
        return found

    def value(self, written: Any) -> Any:
        """What something written comes to.

        Raises:
            Unparsable: an expression is none.
        """
        match written:
            case str():
                return self._text(written)
            case Mapping():
                return self._object(written)
            case list():
                return [self.value(each) for each in written]
        return written

    def _text(self, text: str) -> Any:
        inside = expression_in(text)
        if inside is None:
            return text[1:] if text.startswith("[[") else text
        try:
            return self.of(parse(inside))
        except Unparsable as error:
            told = masked(text)
            raise Unparsable(f"{told[:60]}{'…' if len(told) > 60 else ''}: {error}") from error

    def _object(self, written: Mapping[str, Any]) -> dict[Any, Any]:
        try:
            return self._worked(written)
        except Unparsable as error:
            if error.line is None:
                error.line = getattr(written, "line", None)
            raise

    def _worked(self, written: Mapping[str, Any]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for name, each in written.items():
            if name == "copy" and _loops(each):
                for loop in each:
                    found[str(loop["name"])] = self._looped(loop)
            else:
                key = self._text(name) if name.startswith("[") else name
                found[key if isinstance(key, str | Expression) else str(key)] = self.value(each)
        return found

    def _looped(self, loop: Mapping[str, Any]) -> Any:
        count = self.value(loop.get("count"))
        if not isinstance(count, int) or count > MOST_TURNS:
            return Unknown(text=f"as many {loop['name']} as {show(count)}")
        return [self.within({str(loop["name"]).lower(): turn}).value(loop["input"]) for turn in range(count)]

    # -- expressions ------------------------------------------------------------------------------------

    def of(self, node: Node) -> Any:
        """What an expression comes to."""
        match node:
            case Literal(value=value):
                return value
            case Member(of=of, name=name):
                return _member(self.of(of), self.of(name))
            case Call(function="parameters", given=(Literal(value=str(name)),)):
                return self.parameters.get(name.lower(), Unknown(text=name))
            case Call(function="variables", given=(Literal(value=str(name)),)):
                return self._variable(name)
            case Call(function="copyindex", given=given):
                return self._turn([self.of(each) for each in given])
            case Call(function="if", given=(condition, then, otherwise)):
                return self._chosen(condition, then, otherwise)
            case Call(function="and" | "or" as word, given=given):
                return self._judged(word, [self.of(each) for each in given])
            case Call(function="coalesce", given=given):
                return self._coalesced([self.of(each) for each in given])
            case Call(function="lambdavariables", given=(Literal(value=str(name)),)):
                return self._bound.get(name.lower(), Unknown(text=name))
            case Call(function="lambda"):
                return Unknown(text="lambda(…)")
            case Call(function="tryget", given=(of, *path)):
                return self._tried(self.of(of), [self.of(each) for each in path])
            case Call(function=function, given=given):
                if function in OVER_LISTS and given:
                    return over(function, self.of(given[0]), [self._lambda(each) for each in given[1:]])
                values = [self.of(each) for each in given]
                if function in self._functions:
                    return self._own(function, values)
                return called(function, values)

    def _lambda(self, node: Node) -> Any:
        """Of a lambda, what runs it; of anything else, its value."""
        if not isinstance(node, Call) or node.function != "lambda" or not node.given:
            return self.of(node)
        *names, body = node.given

        def run(*values: Any) -> Any:
            named = (str(name.value).lower() for name in names if isinstance(name, Literal))
            return self._with(dict(zip(named, values, strict=False))).of(body)

        return run

    def _own(self, function: str, values: list[Any]) -> Any:
        """A function of the template's own sees what it is given, the others, and not itself."""
        written = self._functions[function]
        asked = written.get("parameters")
        names = (
            [each.get("name") for each in asked if isinstance(each, Mapping)]
            if isinstance(asked, list)
            else []
        )
        others = {name: each for name, each in self._functions.items() if name != function}
        given = {str(name): value for name, value in zip(names, values, strict=False)}
        output = written.get("output")
        return Scope(given, {}, others).value(output.get("value") if isinstance(output, Mapping) else None)

    def _variable(self, name: str) -> Any:
        key = name.lower()
        if key not in self._variables:
            self._variables[key] = Unknown(text=name)  # while it is worked out: one that needs itself
            if key in self._written:
                plainly = Scope(self.parameters, self._written, self._functions)
                plainly._variables = self._variables
                self._variables[key] = plainly.value(self._written[key])
            else:
                self._variables[key] = self._looped_variable(key)
        return self._variables[key]

    def _looped_variable(self, key: str) -> Any:
        loops = self._written.get("copy")
        for loop in loops if isinstance(loops, list) and _loops(loops) else ():
            if str(loop["name"]).lower() == key:
                return self._looped(loop)
        return Unknown(text=key)

    def _turn(self, given: list[Any]) -> Any:
        name = given[0].lower() if given and isinstance(given[0], str) else ""
        offset = given[-1] if given and isinstance(given[-1], int) else 0
        turn = self.turns.get(name)
        return Unknown(text="copyIndex()") if turn is None else turn + offset

    def _chosen(self, condition: Node, then: Node, otherwise: Node) -> Any:
        truth = self.of(condition)
        if isinstance(truth, bool):
            return self.of(then if truth else otherwise)
        either = [self.of(then), self.of(otherwise)]
        if either[0] == either[1]:
            return either[0]
        return Unknown(text=f"{show(either[0])} or {show(either[1])}", secret=is_secret(either))

    def _judged(self, word: str, values: list[Any]) -> Any:
        decides = word == "or"
        if any(each is decides for each in values):
            return decides
        return (not decides) if all(isinstance(each, bool) for each in values) else Unknown(text=word)

    def _coalesced(self, values: list[Any]) -> Any:
        first = next((each for each in values if each is not None), None)
        if isinstance(first, Expression):
            return Unknown(text=show(first), secret=is_secret(values))
        return first

    def _tried(self, value: Any, path: list[Any]) -> Any:
        for step in path:
            if isinstance(value, Mapping | list) and not isinstance(step, Expression):
                value = _member(value, step, None)
            else:
                return value if value is None else _member(value, step)
        return value


def _loops(value: Any) -> bool:
    """Whether `copy` is a list of loops, and not a property that happens to have the name."""
    return isinstance(value, list) and all(isinstance(each, Mapping) and "name" in each for each in value)


_ABSENT = object()


def _member(value: Any, name: Any, default: Any = _ABSENT) -> Any:
    """A property or element; names without regard to case."""
    if isinstance(value, Mapping) and isinstance(name, str):
        if name in value:
            return value[name]
        for each, found in value.items():
            if isinstance(each, str) and each.lower() == name.lower():
                return found
    elif isinstance(value, list) and isinstance(name, int) and -1 < name < len(value):
        return value[name]
    if default is not _ABSENT:
        return default
    return Unknown(text=f"{show(value)}.{show(name)}", secret=is_secret((value, name)))
