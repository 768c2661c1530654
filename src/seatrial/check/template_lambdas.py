"""Functions of templates that are given functions: `map(values, lambda('each', …))`.

Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-lambda
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from seatrial.azure.values import Expression
from seatrial.check.template_expressions import Unknown

__all__ = ["OVER_LISTS", "over"]

OVER_LISTS = frozenset({"map", "filter", "reduce", "toobject"})
"""In lower case; others, as `sort`, are not worked out."""

Run = Callable[..., Any]
"""What a lambda comes to, given values for its names."""


def over(function: str, values: Any, rest: Sequence[Any]) -> Any:
    """What one of `OVER_LISTS` comes to.

    Args:
        rest: what stands behind the list; each lambda as a `Run`.
    """
    unknown = Unknown(text=f"{function}(…)", secret=any(getattr(each, "secret", False) for each in rest))
    runs = [each for each in rest if callable(each)]
    if not isinstance(values, list) or not runs:
        return unknown
    match function:
        case "map":
            return [runs[0](each, index) for index, each in enumerate(values)]
        case "filter":
            kept = [runs[0](each, index) for index, each in enumerate(values)]
            known = all(isinstance(each, bool) for each in kept)
            return [each for each, stays in zip(values, kept, strict=True) if stays] if known else unknown
        case "reduce":
            result = rest[0]
            for index, each in enumerate(values):
                result = runs[0](result, each, index)
            return result
        case "toobject":
            found = {}
            for each in values:
                key = runs[0](each)
                if not isinstance(key, str | Expression):
                    return unknown
                found[key] = runs[1](each) if len(runs) > 1 else each
            return found
    return unknown
