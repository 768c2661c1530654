"""Terraform, as JSON, by the provider that speaks Azure's own interface: a file for each sheet.

The bodies are the same as in the templates, and so are the versions of the interface.
Source: https://registry.terraform.io/providers/azure/azapi/latest/docs/resources/resource
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from seatrial.azure.graph import Graph, Resource
from seatrial.azure.json_text import json_text
from seatrial.azure.sheets import ABOUT, STAGE, Sheet, Whole, parameters, sheets, tags, whole
from seatrial.azure.stamp import resource_group
from seatrial.azure.terraform.speech import CLIENT, GROUP, Speech, snake, suffix
from seatrial.azure.values import Out, Parameter, Ref, Suffix, Text
from seatrial.azure.versions import API_VERSIONS

__all__ = ["files"]

ALL = f'var.{STAGE.name} == "all"'


def files(graph: Graph) -> Mapping[str, str]:
    """The text of each file, by its path."""
    laid = sheets(graph)
    names = _names(laid, graph)
    staged = {ref for sheet in laid if sheet.staged for ref in sheet.refs}
    addresses = {
        ref: f"azapi_resource.{name}" + ("[0]" if ref in staged else "") for (ref, _), name in names.items()
    }
    speech = Speech(addresses)
    asked_of = _asked_of(graph)
    written = {"main.tf.json": _main(graph, speech)} | {
        f"{sheet.name}.tf.json": {
            "//": f"Written by seatrial build from the system file. {ABOUT[sheet.module]}.",
            "resource": {
                "azapi_resource": {
                    names[whole(each)]: _resource(each, sheet, speech, asked_of.get(each.ref, ()))
                    for each in sheet.resources
                }
            },
        }
        for sheet in laid
    }
    return {path: json_text(said) for path, said in written.items()}


def _names(laid: Iterable[Sheet], graph: Graph) -> Mapping[Whole, str]:
    """The name of each resource: its symbol, with what tells it from another of the same symbol."""
    several = len(graph.plan.regions) > 1
    often = Counter(symbol for sheet in laid for symbol in sheet.symbols.values())
    often["group"] += 1
    names: dict[Whole, str] = {}
    for sheet in laid:
        region = f"_{sheet.name.partition('-')[2]}" if several else ""
        for each, symbol in sheet.symbols.items():
            alone = often[symbol] == 1
            names[each] = snake(symbol) if alone else f"{sheet.module}_{snake(symbol)}{region}"
    return names


def _asked_of(graph: Graph) -> Mapping[Ref, tuple[str, ...]]:
    """What others want to know of each resource."""
    found: dict[Ref, dict[str, None]] = {}
    for resource in graph.resources:
        for each in resource.said:
            if isinstance(each, Out):
                found.setdefault(each.of, {})[each.path.partition("[")[0]] = None  # a list only as a whole
    return {ref: tuple(sorted(paths)) for ref, paths in found.items()}


def _main(graph: Graph, speech: Speech) -> dict[str, Any]:
    plan = graph.plan
    regions = dict.fromkeys(
        each.region for resource in graph.resources for each in resource.said if isinstance(each, Suffix)
    )
    seed = f"${{{CLIENT}.subscription_id}}/${{{GROUP}.name}}"
    return {
        "//": f"Written by seatrial build from the system file. {plan.title}.",
        "terraform": {
            "required_version": ">= 1.6",
            "required_providers": {"azapi": {"source": "azure/azapi", "version": "~> 2.0"}},
        },
        "provider": {"azapi": {}},
        "data": {"azapi_client_config": {"current": {}}},
        "variable": {snake(each.name): _variable(each) for each in parameters(graph)},
        "locals": {
            "tags": speech.json(tags(plan)),
            **{suffix(region): f'${{substr(sha256("{seed}/{region}"), 0, 6)}}' for region in sorted(regions)},
        },
        "resource": {
            "azapi_resource": {
                GROUP.partition(".")[2]: {
                    "//": "Holds everything.",
                    "type": _typed("Microsoft.Resources/resourceGroups"),
                    "parent_id": f"/subscriptions/${{{CLIENT}.subscription_id}}",
                    "name": speech.json(resource_group(plan)),
                    "location": plan.region,
                    "tags": "${local.tags}",
                }
            }
        },
    }


def _variable(asked: Parameter) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": {"string": "string", "int": "number", "bool": "bool"}[asked.kind],
        "description": asked.why,
    }
    if asked.secret:
        said["sensitive"] = True
    if asked.default is not None:
        said["default"] = asked.default
    if asked.allowed:
        named = f"var.{snake(asked.name)}"
        said["validation"] = {
            "condition": f"${{contains({json.dumps(asked.allowed)}, {named})}}",
            "error_message": f"One of: {', '.join(asked.allowed)}.",
        }
    return said


def _resource(resource: Resource, sheet: Sheet, speech: Speech, asked: tuple[str, ...]) -> dict[str, Any]:
    body = dict(resource.body)
    said: dict[str, Any] = {"//": f"{resource.why}."}
    if sheet.staged:
        said["count"] = f"${{{ALL} ? 1 : 0}}"
    said["type"] = _typed(resource.type)
    belongs = resource.scope or resource.ref.parent
    said["parent_id"] = f"${{{speech.addresses[belongs] if belongs else GROUP}.id}}"
    said["name"] = speech.json(resource.ref.name)
    if resource.location is not None:
        said["location"] = resource.location
    own_tags = body.pop("tags", None)
    if resource.tagged:
        said["tags"] = f"${{merge(local.tags, {speech.say(own_tags)})}}" if own_tags else "${local.tags}"
    if who := body.pop("identity", None):
        said["identity"] = _identity(who, speech)
    said["body"] = speech.json(body)
    # Azure's interface is newer than what the provider knows of it; the templates are judged by its schemas.
    said["schema_validation_enabled"] = False
    if asked:
        said["response_export_values"] = list(asked)
    if resource.after:
        said["depends_on"] = [speech.addresses[ref].removesuffix("[0]") for ref in resource.after]
    return said


def _identity(who: Mapping[str, Any], speech: Speech) -> dict[str, Any]:
    ids: Mapping[Text, Any] = who.get("userAssignedIdentities", {})
    return {"type": who["type"], **({"identity_ids": [speech.json(each) for each in ids]} if ids else {})}


def _typed(kind: str) -> str:
    return f"{kind}@{API_VERSIONS[kind]}"
