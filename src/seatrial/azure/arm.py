"""Azure's own template: made for a subscription, it makes the resource group and deploys each sheet into it.

Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-to-subscription and
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure.graph import Graph, Resource
from seatrial.azure.json_text import json_text
from seatrial.azure.sheets import ABOUT, STAGE, Sheet, parameters, sheets, tags
from seatrial.azure.stamp import resource_group
from seatrial.azure.values import (
    Expression,
    Guid,
    Id,
    Inside,
    Join,
    Json,
    Known,
    Out,
    Parameter,
    Ref,
    Suffix,
    Text,
    WhenEmpty,
    join,
    serialized,
)
from seatrial.azure.versions import API_VERSIONS

__all__ = ["template", "text"]

SUBSCRIPTION = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"
DEPLOYMENTS = "Microsoft.Resources/deployments"
GROUP = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def text(graph: Graph) -> str:
    """The template as the text of a file."""
    return json_text(template(graph))


def template(graph: Graph) -> dict[str, Any]:
    """The template of a whole system, for a deployment to a subscription."""
    plan, here = graph.plan, _Speech(graph)
    group = {
        "type": "Microsoft.Resources/resourceGroups",
        "apiVersion": API_VERSIONS["Microsoft.Resources/resourceGroups"],
        "name": "[variables('resourceGroup')]",
        "comments": "Holds everything",
        "location": plan.region,
        "tags": "[variables('tags')]",
    }
    return {
        "$schema": SUBSCRIPTION,
        "contentVersion": "1.0.0.0",
        "metadata": {"description": plan.title},
        "parameters": {each.name: _parameter(each) for each in parameters(graph)},
        "variables": {"resourceGroup": here.json(resource_group(plan)), "tags": here.json(tags(plan))},
        "resources": [group, *(_deployment(sheet, graph) for sheet in sheets(graph))],
    }


def _parameter(asked: Parameter, *, passed: bool = False) -> dict[str, Any]:
    """A parameter, as it is asked for at the top, or as it is passed on to a sheet."""
    said: dict[str, Any] = {"type": "securestring" if asked.secret else asked.kind}
    if not passed:
        if asked.default is not None:
            said["defaultValue"] = asked.default
        if asked.allowed:
            said["allowedValues"] = list(asked.allowed)
    return said | {"metadata": {"description": asked.why}}


def _deployment(sheet: Sheet, graph: Graph) -> dict[str, Any]:
    passed: dict[str, Any] = {}
    declared: dict[str, Any] = {}
    if sheet.located:
        passed["location"] = {"value": sheet.region}
        declared["location"] = {"type": "string"}
    if sheet.tagged:
        passed["tags"] = {"value": "[variables('tags')]"}
        declared["tags"] = {"type": "object"}
    for each in sheet.parameters:
        passed[each.name] = {"value": f"[parameters('{each.name}')]"}
        declared[each.name] = _parameter(each, passed=True)
    for lesson in sheet.lessons:
        told = f"reference({_deployment_id(lesson.teacher)}, '{API_VERSIONS[DEPLOYMENTS]}').outputs"
        passed[lesson.name] = {"value": f"[{told}.{lesson.output}.value]"}
        declared[lesson.name] = {"type": "string"}
    speech = _Speech(graph, sheet.region, {lesson.out: lesson.name for lesson in sheet.lessons})
    inner = {
        "$schema": GROUP,
        "contentVersion": "1.0.0.0",
        "parameters": declared,
        "variables": {
            _suffix(
                region, sheet.region
            ): f"[substring(uniqueString(subscription().id, resourceGroup().name, '{region}'), 0, 6)]"
            for region in sheet.suffixes
        },
        "resources": [_resource(each, sheet, speech) for each in sheet.resources],
        "outputs": {name: {"type": "string", "value": speech.json(out)} for name, out in sheet.tells.items()},
    }
    return {
        "type": DEPLOYMENTS,
        "apiVersion": API_VERSIONS[DEPLOYMENTS],
        "name": sheet.name,
        "comments": ABOUT[sheet.module],
        **({"condition": f"[equals(parameters('{STAGE.name}'), 'all')]"} if sheet.staged else {}),
        "resourceGroup": "[variables('resourceGroup')]",
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": passed,
            "template": {name: part for name, part in inner.items() if part or name == "resources"},
        },
        "dependsOn": [
            "[subscriptionResourceId('Microsoft.Resources/resourceGroups', variables('resourceGroup'))]",
            *(f"[{_deployment_id(name)}]" for name in sheet.after),
        ],
    }


def _deployment_id(sheet: str) -> str:
    """The id of the deployment of a sheet, inside an expression."""
    group = "subscriptionResourceId('Microsoft.Resources/resourceGroups', variables('resourceGroup'))"
    return f"extensionResourceId({group}, '{DEPLOYMENTS}', '{sheet}')"


def _resource(resource: Resource, sheet: Sheet, speech: _Speech) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": resource.type,
        "apiVersion": resource.api_version,
        "name": speech.json(join(*_slashed(resource.ref.names))),
        "comments": resource.why,
    }
    if resource.scope is not None:
        said["scope"] = f"[{speech.id(resource.scope)}]"
    if resource.location is not None:
        here = resource.location == sheet.region
        said["location"] = "[parameters('location')]" if here else resource.location
    body = dict(resource.body)
    own_tags = body.pop("tags", None)
    if resource.tagged:
        said["tags"] = "[parameters('tags')]"
        if own_tags:
            said["tags"] = f"[union(parameters('tags'), {speech.say(own_tags)})]"
    said |= speech.json(body)
    if needs := [f"[{speech.id(need)}]" for need in resource.needs if need in sheet.refs]:
        said["dependsOn"] = needs
    return said


def _slashed(names: tuple[Text, ...]) -> Iterator[Text]:
    for index, name in enumerate(names):
        if index:
            yield "/"
        yield name


def _suffix(region: str, home: str) -> str:
    """The variable that holds the suffix of a region."""
    return "suffix" if region == home else f"suffixOf{region.capitalize()}"


class _Speech:
    """Values in the tongue of templates, as said on a sheet of one region."""

    def __init__(self, graph: Graph, region: str = "", given: Mapping[Out, str] | None = None) -> None:
        self.graph, self.region, self.given = graph, region, given or {}

    def json(self, value: Any) -> Any:
        """A value as it stands in a template."""
        match value:
            case Expression():
                return f"[{self.say(value)}]"
            case str():
                return f"[{value}" if value.startswith("[") and value.endswith("]") else value
            case Mapping():
                return {self.json(key): self.json(each) for key, each in value.items()}
            case list() | tuple():
                return [self.json(each) for each in value]
            case None | bool() | int():
                return value
            case float():  # some schemas take whole numbers only where Azure takes fractions too
                return int(value) if value.is_integer() else f"[{self.say(value)}]"
        raise TypeError(f"{type(value).__name__} cannot stand in a template: {value!r}")

    def say(self, value: Any) -> str:
        """A value as it stands inside an expression."""
        match value:
            case Join(pieces=pieces):
                return self._format(pieces)
            case Json():
                return self.say(serialized(value))
            case Id(of=ref):
                return self.id(ref)
            case Inside():
                return self.id(value.ref)
            case Out() if value in self.given:
                return f"parameters('{self.given[value]}')"
            case Out(of=ref, path=path):
                return self._reference(ref, path)
            case Parameter(name=name):
                return f"parameters('{name}')"
            case Suffix(region=region):
                return f"variables('{_suffix(region, self.region)}')"
            case Guid(pieces=pieces):
                return f"guid({self._listed(pieces)})"
            case Known(what="subscription"):
                return "subscription().subscriptionId"
            case Known(what="tenant"):
                return "subscription().tenantId"
            case Known():
                return "resourceGroup().name"
            case WhenEmpty(parameter=asked, then=then, otherwise=otherwise):
                return f"if(empty({self.say(asked)}), {self.say(then)}, {self.say(otherwise)})"
            case str():
                return "'" + value.replace("'", "''") + "'"
            case Mapping():
                flat = (each for pair in value.items() for each in pair)
                return f"createObject({self._listed(flat)})"
            case list() | tuple():
                return f"createArray({self._listed(value)})"
            case None:
                return "null()"
            case bool():
                return f"{str(value).lower()}()"
            case int():
                return str(value)
            case float():
                return f"json('{value!r}')"
        raise TypeError(f"{type(value).__name__} cannot stand in an expression: {value!r}")

    def id(self, ref: Ref) -> str:
        """The id of a resource, inside an expression."""
        resource = self.graph.by_ref.get(ref)
        named = f"'{ref.type}', {self._listed(ref.names)}"
        if resource is not None and resource.scope is not None:
            return f"extensionResourceId({self.id(resource.scope)}, {named})"
        return f"resourceId({named})"

    def _reference(self, ref: Ref, path: str) -> str:
        found = f"{self.id(ref)}, '{API_VERSIONS[ref.type]}'"
        if path.startswith("properties."):
            return f"reference({found}).{path.removeprefix('properties.')}"
        return f"reference({found}, 'full').{path}"

    def _format(self, pieces: tuple[Text, ...]) -> str:
        """`format('server-{0}', …)`; what stands alone and is no text becomes text."""
        pattern = ""
        given: list[Text] = []
        for piece in pieces:
            if isinstance(piece, str):
                pattern += piece.replace("{", "{{").replace("}", "}}")
            else:
                pattern += f"{{{len(given)}}}"
                given.append(piece)
        return f"format({self._listed([pattern, *given])})"

    def _listed(self, values: Any) -> str:
        return ", ".join(self.say(each) for each in values)
