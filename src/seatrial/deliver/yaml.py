"""The one way in which generated YAML is written: the same every time, its origin on line one.

PyYAML writes it; keys keep their order, scripts stand as blocks, and words that older readers take for a
truth value (`on`, `yes`) are quoted. It is imported when it is first needed: most verbs need it never.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

__all__ = ["document", "documents", "head"]


def document(value: Mapping[str, Any], *about: str) -> str:
    """One document; `about` is said in comments above it, a line each."""
    return documents([value], *about)


def documents(values: Iterable[Mapping[str, Any]], *about: str) -> str:
    """Documents one after the other, in one file."""
    import yaml

    written = (
        yaml.dump(_plain(value), Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=4096)
        for value in values
    )
    return head(*about) + "---\n".join(written)


def head(*about: str) -> str:
    """Comments that open a generated file."""
    return "".join(f"# {line}".rstrip() + "\n" for line in about)


def _plain(value: Any) -> Any:
    """With mappings and sequences of the kinds that PyYAML knows."""
    match value:
        case str():
            return str(value)
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value


@cache
def _dumper() -> Any:
    import yaml

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Repeats what occurs twice instead of naming it, and writes scripts as blocks."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: Any, data: str) -> Any:
        style = "|" if "\n" in data else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    Dumper.add_representer(str, text)
    return Dumper
