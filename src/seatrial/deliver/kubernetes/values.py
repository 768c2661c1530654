"""The script that asks Azure for what the manifests leave open, and fills it in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from seatrial.azure.values import Expression, Join, Known, Out, Suffix, plain
from seatrial.deliver.kubernetes.speech import Speech

__all__ = ["script"]


def script(speech: Speech) -> str:
    """A script for bash, called with the resource group and the folder of a copy of the manifests."""
    frame = files(__package__).joinpath("values.sh").read_text(encoding="utf-8")
    suffixes = {name: each for name, each in speech.asked.items() if isinstance(each, Suffix)}
    ordered = suffixes | speech.asked  # names of resources have suffixes in them
    lines = [
        *(f'said[{name}]="${{{name}:?{_quotable(why)}}}"' for name, why in speech.told.items()),
        *(f"said[{name}]=$({_question(each, speech)})" for name, each in ordered.items()),
    ]
    return frame.replace("# QUESTIONS\n", "".join(f"{line}\n" for line in lines))


def _quotable(text: str) -> str:
    """Without what bash would read as something else inside of `"${NAME:?…}"`."""
    return re.sub(r"[\"'`$\\{}]", "", text)


def _question(value: Expression, speech: Speech) -> str:
    match value:
        case Suffix(region=region):
            kind, prefix = next(_suffixed(region, speech))
            return f"suffix {kind} {prefix}"
        case Known(what="tenant"):
            return "az account show --query tenantId --output tsv"
        case Known(what="subscription"):
            return "az account show --query id --output tsv"
        case Out(of=of, path=path):
            name = re.sub(r"\$\{(\w+)\}", r"${said[\1]}", speech.text(of.name))
            return f'ask {of.type} "{name}" {path}'
        case _:
            return 'echo "$group"'


def _suffixed(region: str, speech: Speech) -> Iterator[tuple[str, str]]:
    """The resources by whose names the suffix of a region is known: it ends them."""
    for resource in speech.graph.resources:
        name = resource.ref.name
        if (
            resource.ref.parent is None
            and isinstance(name, Join)
            and name.pieces[1:] == (Suffix(region=region),)
        ):
            yield resource.type, plain(name.pieces[0])
