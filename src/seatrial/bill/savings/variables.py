"""By which variables a system file holds its system and parts, read from its text."""

from __future__ import annotations

import ast
from collections.abc import Callable

from seatrial.bill.savings.change import variable

__all__ = ["variables_in"]


def variables_in(source: str) -> Callable[[str], str]:
    """The variable of a system or part, by its name: of `engine = papr.temporal("temporal")` it is `engine`.

    What is held by no variable of its own, as one of a list, is called as it most likely would be. So is all
    in a text that is no Python.
    """
    known: dict[str, str] = {}
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return variable
    for statement in statements:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=held)], value=ast.Call(args=[ast.Constant(value=str(name)), *_])
            ):
                known.setdefault(name, held)
    return lambda name: known.get(name) or variable(name)
