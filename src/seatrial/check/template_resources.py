"""The resources of one template, out of loops, nested deployments and parents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure.values import Expression, plain
from seatrial.check.template_asked import declared_in, given, is_secure, kind_of, own_functions, section
from seatrial.check.template_calls import is_secret, show
from seatrial.check.template_expressions import Unknown, Unparsable
from seatrial.check.template_json import Lined, Unreadable
from seatrial.check.template_values import MOST_TURNS, Scope
from seatrial.check.thing import Thing, Turn
from seatrial.model import Place

__all__ = ["DEPLOYMENTS", "OUTPUT", "PARAMETER", "Reading", "is_template", "read_template"]

DEPLOYMENTS = "Microsoft.Resources/deployments"
PARAMETER = "template/parameter"
"""The type under which rules see a parameter: `kind`, `defaultValue`, and `given`, the answer in a file."""
OUTPUT = "template/output"
"""The type under which rules see an output: `kind`, `value`, and `secret`, whether a key is in it."""

_LEVELS = {
    "subscriptiondeploymenttemplate": "subscription",
    "managementgroupdeploymenttemplate": "management group",
    "tenantdeploymenttemplate": "tenant",
}


def is_template(found: Any) -> bool:
    """Whether a document of JSON is a template: it says so, or has resources as a template has."""
    if not isinstance(found, Mapping):
        return False
    schema = str(found.get("$schema", ""))
    if "eploymentTemplate.json" in schema:
        return True
    return not schema and "contentVersion" in found and "resources" in found


def read_template(found: Any, file: str, answers: Mapping[str, Any]) -> Reading:
    """
    Raises:
        Unreadable: it is no template, or something in it cannot be read.
    """
    if not isinstance(found, Mapping) or "resources" not in found:
        hint = "a template has `$schema`, `contentVersion` and `resources`; compile Bicep: az bicep build"
        raise Unreadable(Place(file, 0), "no template: it has no resources", hint)
    reading = Reading(file)
    reading.template(found, answers, inner=False)
    return reading


class Reading:
    """What has been found so far in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Thing] = []
        self.asked: list[Thing] = []
        self.elsewhere: list[Thing] = []
        self.left_out = 0
        self._depth = 0
        self._deployments = 0
        self._here = 0
        self._symbols: dict[int, str] = {}

    def template(self, written: Mapping[str, Any], answers: Mapping[str, Any], *, inner: bool) -> None:
        """A whole template; an inner one, with what the outer one passes on."""
        declared = declared_in(written, "parameters", self.file)
        functions = own_functions(written, self.file)
        values = self._parameters(declared, answers, functions)
        scope = Scope(values, section(written, "variables", self.file), functions)
        if not inner:
            self.asked.extend(self._asked(declared, answers, scope))
        for name, each in declared_in(written, "outputs", self.file).items():
            value = self.worked(scope, each.get("value"), each)
            body = {"kind": kind_of(each), "value": value, "secret": is_secret(value)}
            self.asked.append(self._about_deployment(OUTPUT, name, each, body))
        schema = str(written.get("$schema", "")).rpartition("/")[2].partition(".")[0]
        self.resources(written.get("resources"), scope, _LEVELS.get(schema.lower(), "resource group"))

    def resources(self, written: Any, scope: Scope, level: str, parent: Thing | None = None) -> None:
        """Resources in a list, or by symbolic names."""
        if isinstance(written, Mapping):
            self._symbols |= {id(each): symbol for symbol, each in written.items()}
            written = [_called(each, symbol) for symbol, each in written.items() if not _existing(each)]
        if not isinstance(written, list):
            raise Unreadable(Place(self.file, 0), "`resources` is no list and no object", "mend the template")
        for each in written:
            if not isinstance(each, Lined):
                raise Unreadable(Place(self.file, 0), f"{each!r} stands among the resources", "take it out")
            for turn in self._turns(each, scope):
                self._resource(each, turn, level, parent)

    def _resource(self, written: Lined, scope: Scope, level: str, parent: Thing | None) -> None:
        if self.worked(scope, written.get("condition", True), written) is False:
            self.left_out += 1
            return
        type, name = written.get("type"), written.get("name")
        if not isinstance(type, str) or name is None:
            what = f"a resource without {'a name' if isinstance(type, str) else 'a type'}"
            raise self._unreadable(written, what, "every resource has `type`, `name` and `apiVersion`")
        nested = written.get("resources")
        if type.lower() == DEPLOYMENTS.lower():
            self._deployment(written, scope, level)
            return
        body = {key: each for key, each in written.items() if key not in _APART}
        worked = self.worked(scope, body, written)
        thing = self._thing(type, scope, written, worked, level, parent)
        self.found.append(thing)
        if nested:
            self.resources(nested, scope, level, thing)

    def _thing(
        self, type: str, scope: Scope, written: Lined, body: Any, level: str, parent: Thing | None
    ) -> Thing:
        name = _shown(self.worked(scope, written["name"], written))
        written_out = not str(written["name"]).startswith("[")
        if parent is not None and not type.lower().startswith(f"{parent.type.lower()}/"):
            type, name = f"{parent.type}/{type}", f"{parent.name}/{name}"
        about: str | None = level
        if "scope" in written:
            about = _type_in(self.worked(scope, written["scope"], written))
        elif "/providers/" in type:  # the older way to say what a right or setting is about
            about, _, type = type.partition("/providers/")
            space = re.search(r"(?:^|/)(Microsoft\.\w+)/", name)
            if "/" not in type:
                type = f"{space[1] if space else 'Microsoft.Authorization'}/{type}"
        location = self.worked(scope, written.get("location"), written)
        return Thing(
            type=type,
            name=name,
            location=location if isinstance(location, str) else None,
            body=body,
            place=Place(self.file, written.line),
            about=about,
            turn=self._turn(written, scope),
            written_out=written_out,
        )

    def _turn(self, written: Lined, scope: Scope) -> Turn:
        """`dependsOn` names other resources by their ids, names, or symbolic names."""
        named, loop = written.get("dependsOn"), written.get("copy")
        return Turn(
            deployment=self._here,
            after=tuple(_shown(self.worked(scope, each, written)) for each in named)
            if isinstance(named, list)
            else (),
            symbol=self._symbols.get(id(written)),
            one_by_one=isinstance(loop, Mapping)
            and str(loop.get("mode", "")).lower() == "serial"
            and loop.get("batchSize", 1) == 1,
        )

    # -- deployments in deployments ---------------------------------------------------------------------

    def _deployment(self, written: Lined, scope: Scope, level: str) -> None:
        properties = written.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        template = properties.get("template")
        if not isinstance(template, Mapping):
            self.elsewhere.append(self._thing(DEPLOYMENTS, scope, written, {}, level, None))
            return
        self._depth += 1
        if self._depth > 20:
            raise self._unreadable(written, "deployments in deployments, 20 deep", "unfold them")
        self._deployments += 1
        outside, self._here = self._here, self._deployments
        options = self.worked(scope, properties.get("expressionEvaluationOptions") or {}, written)
        if isinstance(options, Mapping) and str(options.get("scope", "")).lower() == "inner":
            passed = self.worked(scope, section(properties, "parameters", self.file, written), written)
            answers = {name: given(name, each) for name, each in passed.items() if isinstance(name, str)}
            self.template(template, answers, inner=True)
        else:  # by default names mean what they mean outside
            schema = str(template.get("$schema", "")).rpartition("/")[2].partition(".")[0]
            self.resources(
                template.get("resources", []), scope, _LEVELS.get(schema.lower(), "resource group")
            )
        self._depth -= 1
        self._here = outside

    # -- loops ------------------------------------------------------------------------------------------

    def _turns(self, written: Lined, scope: Scope) -> Iterator[Scope]:
        loop = written.get("copy")
        if not isinstance(loop, Mapping):
            yield scope
            return
        count = self.worked(scope, loop.get("count"), written)
        if not isinstance(count, int) or isinstance(count, bool):
            yield scope  # once, as one of however many
            return
        if count > MOST_TURNS:
            what = f"a loop of {count} turns"
            raise self._unreadable(written, what, f"Azure takes {MOST_TURNS} at most")
        name = str(loop.get("name", "")).lower()
        for turn in range(count):
            yield scope.within({"": turn, name: turn})

    # -- parameters and outputs -------------------------------------------------------------------------

    def _parameters(
        self,
        declared: Mapping[str, Lined],
        answers: Mapping[str, Any],
        functions: Mapping[str, Mapping[str, Any]],
    ) -> dict[str, Any]:
        """What each comes to: its answer, or its default; a secret is never more than that."""
        folded = {name.lower(): value for name, value in answers.items()}
        values: dict[str, Any] = {}
        for name, each in declared.items():
            if is_secure(each):
                values[name] = Unknown(text=name, secret=True)
            elif name.lower() in folded:
                values[name] = folded[name.lower()]
            elif "defaultValue" in each:
                # defaults may name parameters before them, and no variables
                values[name] = self.worked(Scope(values, {}, functions), each["defaultValue"], each)
            else:
                values[name] = None if each.get("nullable") is True else Unknown(text=name)
        return values

    def _asked(
        self, declared: Mapping[str, Lined], answers: Mapping[str, Any], scope: Scope
    ) -> Iterator[Thing]:
        folded = {name.lower(): value for name, value in answers.items()}
        for name, each in declared.items():
            body: dict[str, Any] = {"kind": kind_of(each)}
            if "defaultValue" in each:
                body["defaultValue"] = self.worked(scope, each["defaultValue"], each)
            if name.lower() in folded:
                body["given"] = folded[name.lower()]
            yield self._about_deployment(PARAMETER, name, each, body)

    def _about_deployment(self, type: str, name: str, written: Lined, body: Any) -> Thing:
        return Thing(type=type, name=name, body=body, place=Place(self.file, written.line))

    # -- values -----------------------------------------------------------------------------------------

    def worked(self, scope: Scope, written: Any, near: Lined | None = None) -> Any:
        """What something comes to; `near`: the object whose line is told when it cannot be read."""
        try:
            return scope.value(written)
        except Unparsable as error:
            line = error.line or (near.line if near is not None else 0)
            what = f"an expression that is none: {error}"
            raise Unreadable(Place(self.file, line), what, "mend it, or compile its Bicep again") from error

    def _unreadable(self, written: Lined, what: str, hint: str) -> Unreadable:
        return Unreadable(Place(self.file, written.line), what, hint)


_APART = frozenset(
    {"type", "name", "location", "resources", "copy", "condition", "dependsOn", "scope", "comments"}
)
"""What is read by itself, or by nobody."""


def _existing(written: Any) -> bool:
    """Whether a symbolic name stands for what is there already."""
    return isinstance(written, Mapping) and written.get("existing") is True


def _called(written: Any, symbol: str) -> Any:
    """What is not Azure's but of Microsoft Graph or Kubernetes has no `name`: its symbolic name stands in."""
    if not isinstance(written, Lined) or "name" in written or not {"import", "extension"} & written.keys():
        return written
    found = Lined({**written, "name": symbol})
    found.line = written.line
    return found


def _shown(name: Any) -> str:
    """A name for people: `…` for what is not known in it."""
    if isinstance(name, Unknown):
        return f"{{{name.text}}}" if re.fullmatch(r"\w+", name.text) else "…"
    return plain(name, "…") if isinstance(name, str | Expression) else show(name)


def _type_in(scope: Any) -> str | None:
    """The type of the resource that an id, whole or short, is of; None: not known."""
    if isinstance(scope, Unknown):
        return {"subscription().id": "subscription", "resourcegroup().id": "resource group"}.get(scope.text)
    if not isinstance(scope, str | Expression):
        return None
    text = plain(scope, "x")
    if re.fullmatch(r"/subscriptions/[^/]+(/resourceGroups/[^/]+)?", text, re.IGNORECASE):
        return "resource group" if "/resourcegroups/" in text.lower() else "subscription"
    _, _, last = text.rpartition("/providers/")
    steps = (last or text).strip("/").split("/")
    if len(steps) < 3:
        return "tenant" if text == "/" else None
    return "/".join((steps[0], *steps[1::2])) if "." in steps[0] else None
