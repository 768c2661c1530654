"""The script that asks Azure for what the manifests leave open, and fills it in."""

from __future__ import annotations

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
        *(f': "${{{name}:?{_quotable(why)}}}"' for name, why in speech.told.items()),
        *(f"{name}=$({_question(each, speech)})" for name, each in ordered.items()),
    ]
    names = sorted({*speech.told, *ordered})
    return frame.replace("# QUESTIONS", "\n".join(lines)).replace("NAMES", " ".join(names))


def _quotable(text: str) -> str:
    return text.replace('"', "'").replace("`", "'").replace("}", ")")


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
            return f'ask {of.type} "{speech.text(of.name)}" {path}'
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
