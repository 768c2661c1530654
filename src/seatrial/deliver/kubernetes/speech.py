"""Values that only the deployment knows, as they stand in manifests: `${NAME}`, and how each is asked for."""

from __future__ import annotations

import re

from seatrial.azure.graph import Graph
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Expression, Join, Known, Out, Parameter, Ref, Suffix, Text

__all__ = ["Speech"]


class Speech:
    """What is said in the manifests of one cluster, and what has to be asked for them."""

    def __init__(self, graph: Graph, at: Stamp) -> None:
        self.graph, self.at = graph, at
        self.asked: dict[str, Expression] = {}
        """By name, in the order in which they were first said."""
        self.told: dict[str, str] = {}
        """What an operator says, by name, and what it is."""

    def text(self, value: Text | None) -> str:
        """A text with `${NAME}` for each value that is not known yet."""
        match value:
            case None:
                return ""
            case str():
                return value
            case Join(pieces=pieces):
                return "".join(self.text(piece) for piece in pieces)
            case Suffix(region=region):
                return self._asked(f"SUFFIX_{region.upper()}", value)
            case Known(what=what):
                return self._asked(_shouted(what), value)
            case Out(of=of, path=path):
                self.text(of.name)
                return self._asked(f"{self._name(of)}_{_shouted(path.rsplit('.', 1)[-1])}", value)
            case Parameter(secret=False, name=name, why=why):
                return self.operator(_shouted(name), why)
        raise TypeError(f"{type(value).__name__} cannot stand in a manifest: {value!r}")

    def operator(self, name: str, why: str) -> str:
        """A value that an operator says, as the name of a host."""
        self.told[name] = why
        return f"${{{name}}}"

    def _asked(self, name: str, value: Expression) -> str:
        known = self.asked.setdefault(name, value)
        if known != value:
            raise ValueError(f"two values are called {name}: {known!r} and {value!r}")
        return f"${{{name}}}"

    def _name(self, of: Ref) -> str:
        """The symbol of a resource, with its region when that is not the cluster's."""
        resource = self.graph.by_ref[of]
        elsewhere = "" if resource.region == self.at.region else f"_{resource.region.upper()}"
        return _shouted(resource.symbol) + elsewhere


def _shouted(text: str) -> str:
    """`webIdentity` and `resource group` as names of variables: `WEB_IDENTITY`, `RESOURCE_GROUP`."""
    return re.sub(r"[^A-Z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).upper())
