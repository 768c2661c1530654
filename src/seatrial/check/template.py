"""Anybody's ARM template, or compiled Bicep, as resources that rules read.

What only the deployment knows stays an expression, and is no mistake. What cannot be read, or holds nothing,
is an error: a gate that looked at nothing must not be green.

Source of the form: https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from seatrial.azure.kinds import KINDS
from seatrial.check.rule import every_rule
from seatrial.check.template_expressions import Unknown
from seatrial.check.template_json import Lined, Unreadable, parsed
from seatrial.check.template_resources import (
    DEPLOYMENTS,
    OUTPUT,
    PARAMETER,
    is_template,
    read_template,
)
from seatrial.check.thing import Thing, Things
from seatrial.model import Place
from seatrial.model.value import Value

__all__ = ["OUTPUT", "PARAMETER", "Template", "Unreadable", "read", "read_answers", "read_files", "read_path"]


class Template(Value):
    """What one template, or several, would deploy."""

    files: tuple[str, ...]
    resources: tuple[Thing, ...]
    """All of them, those of nested deployments included; without what a condition leaves out for sure."""
    asked: tuple[Thing, ...] = ()
    """Parameters and outputs, of the types `PARAMETER` and `OUTPUT`: they can give a secret away too."""
    elsewhere: tuple[Thing, ...] = ()
    """Deployments of templates that lie elsewhere, which nobody has looked at."""
    left_out: int = 0
    """Resources and deployments whose condition does not hold with these answers and defaults."""

    @cached_property
    def things(self) -> Things:
        """All that rules read."""
        return Things(all=(*self.resources, *self.asked))

    @cached_property
    def not_understood(self) -> Mapping[str, int]:
        """Types that no rule of ours and no page knows, with how many there are of each."""
        known = _known_types()
        strange = (each.type for each in self.resources if each.type.lower() not in known)
        return dict(Counter(strange).most_common())

    @property
    def understood(self) -> int:
        """How many resources have a type that we know."""
        return len(self.resources) - sum(self.not_understood.values())

    @property
    def share_understood(self) -> float:
        """Of all resources, those of templates elsewhere among them as one each: 0 to 1."""
        return self.understood / (len(self.resources) + len(self.elsewhere))

    def in_words(self) -> str:
        """What was read, for people."""
        files = self.files[0] if len(self.files) == 1 else f"{len(self.files)} templates"
        number = len(self.resources)
        words = f"{files}: {number} resource{'s' * (number != 1)}, {self.understood} of a type that is known"
        if self.not_understood:
            words += "; not known: " + ", ".join(f"{n} × {type}" for type, n in self.not_understood.items())
        if self.elsewhere:
            names = ", ".join(each.name for each in self.elsewhere)
            words += f"; not looked at, as their templates lie elsewhere: {names}"
        if self.left_out:
            words += f"; {self.left_out} left out by a condition that does not hold"
        return words


def read(text: str, file: str, answers: Mapping[str, Any] | None = None) -> Template:
    """The template in a text.

    Args:
        file: its name, for places.
        answers: values of its parameters, as `read_answers` gives them; the defaults hold for the rest.

    Raises:
        Unreadable: it is no JSON, no template, has an expression that is none, or deploys nothing.
    """
    return _with_something(_read(parsed(text, file), file, answers or {}))


def read_answers(text: str, file: str) -> Mapping[str, Any]:
    """The values in a file of parameters; those out of a vault are not known.

    Raises:
        Unreadable: it is no JSON, or no file of parameters.
    """
    found = parsed(text, file)
    if not _is_answers(found):
        what = "no file of parameters: it has no object `parameters`"
        raise Unreadable(Place(file, 0), what, 'write {"parameters": {"name": {"value": …}}}')
    return _answers(found)


def read_files(texts: Mapping[str, str]) -> Template:
    """All templates among these texts, by the paths of their files, each with its file of parameters.

    A file of parameters is that of a template when it is called `main.parameters.json` for `main.json`.
    Other JSON is passed over; what calls itself a template or parameters, and cannot be read, is not.

    Raises:
        Unreadable: as for `read`, or there is no template among them.
    """
    found: dict[str, Any] = {}
    for path, text in sorted(texts.items()):
        if not any(mark in text for mark in _MARKS):
            continue
        try:
            found[path] = parsed(text, path)
        except Unreadable:
            if "eploymentTemplate.json" in text or "eploymentParameters.json" in text:
                raise
    read = [
        _read(each, path, _answers(found.get(_answers_path(path))))
        for path, each in found.items()
        if is_template(each)
    ]
    if not read:
        what = f"no template among {len(texts)} files of JSON" if texts else "no file of JSON"
        raise Unreadable(Place(_folder(texts), 0), what, "name a template, or compile Bicep: az bicep build")
    return _with_something(_together(read))


def read_path(path: Path) -> Template:
    """The template in a file, with the parameters beside it; or all that lie in a folder, or below it.

    Raises:
        Unreadable: as for `read` and `read_files`, or a file cannot be opened.
    """
    if path.is_dir():
        texts = {str(each): _text(each) for each in _files(path)}
        if not texts:
            raise Unreadable(Place(str(path), 0), "no file of JSON in it", "compile Bicep: az bicep build")
        return read_files(texts)
    beside = Path(_answers_path(str(path)))
    answers = read_answers(_text(beside), str(beside)) if beside.is_file() else {}
    return read(_text(path), str(path), answers)


_MARKS = ("eploymentTemplate.json", "eploymentParameters.json", '"contentVersion"', '"parameters"')
"""One of these is in every template and file of parameters; the rest, which can be large, is not read."""


def _files(folder: Path) -> Iterator[Path]:
    """All JSON in a folder and below it, but for what tools keep there."""
    for each in sorted(folder.rglob("*.json")):
        within = each.relative_to(folder).parts[:-1]
        if each.is_file() and not any(part.startswith(".") or part == "node_modules" for part in within):
            yield each


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(Place(str(path), 0), f"cannot be read: {error}", "name a file of text") from error


def _read(found: Any, file: str, answers: Mapping[str, Any]) -> Template:
    reading = read_template(found, file, answers)
    return Template(
        files=(file,),
        resources=tuple(reading.found),
        asked=tuple(reading.asked),
        elsewhere=tuple(reading.elsewhere),
        left_out=reading.left_out,
    )


def _together(templates: Iterable[Template]) -> Template:
    each = tuple(templates)
    return Template(
        files=tuple(file for one in each for file in one.files),
        resources=tuple(thing for one in each for thing in one.resources),
        asked=tuple(thing for one in each for thing in one.asked),
        elsewhere=tuple(thing for one in each for thing in one.elsewhere),
        left_out=sum(one.left_out for one in each),
    )


def _with_something(template: Template) -> Template:
    if template.resources:
        return template
    hint = "name a template with resources, and the templates that it deploys from elsewhere"
    raise Unreadable(Place(template.files[0], 0), "it deploys no resource that could be looked at", hint)


def _is_answers(found: Any) -> bool:
    return isinstance(found, Lined) and isinstance(found.get("parameters"), Lined) and not is_template(found)


def _answers(found: Any) -> Mapping[str, Any]:
    """`{"value": …}`; one with `reference` is in a vault."""
    if not _is_answers(found):
        return {}
    return {
        name: Unknown(text=name, secret="reference" in given) if _open(given) else given["value"]
        for name, given in found["parameters"].items()
        if isinstance(given, Mapping)
    }


def _open(given: Mapping[str, Any]) -> bool:
    """Whether an answer stands elsewhere: in a vault, or in the environment of `azd`, as `${AZURE_LOCATION}`.

    Source: https://learn.microsoft.com/azure/developer/azure-developer-cli/manage-environment-variables
    """
    value = given.get("value")
    return "value" not in given or (isinstance(value, str) and "${" in value)


def _answers_path(path: str) -> str:
    return f"{path.removesuffix('.json')}.parameters.json"


def _folder(texts: Mapping[str, str]) -> str:
    return str(Path(next(iter(texts))).parent) if texts else "."


def _known_types() -> frozenset[str]:
    """In lower case."""
    by_rules = (type for rule in every_rule() for type in rule.types)
    return frozenset(type.lower() for type in (*KINDS, DEPLOYMENTS, *by_rules))
