"""Bicep: `main.bicep` makes the resource group, and one module for each sheet fills it.

Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/file
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.bicep.sheet import WRITTEN, module, parameter, symbol_of
from seatrial.azure.bicep.speech import Speech, quoted
from seatrial.azure.graph import Graph
from seatrial.azure.sheets import ABOUT, STAGE, Sheet, parameters, sheets, tags
from seatrial.azure.stamp import resource_group
from seatrial.azure.versions import API_VERSIONS

__all__ = ["files"]


def files(graph: Graph) -> Mapping[str, str]:
    """The text of each file, by its path."""
    laid = sheets(graph)
    by_ref = {ref: sheet for sheet in laid for ref in sheet.refs}
    return {"main.bicep": _main(graph, laid)} | {
        f"modules/{sheet.name}.bicep": module(sheet, graph, by_ref) for sheet in laid
    }


def _main(graph: Graph, laid: tuple[Sheet, ...]) -> str:
    plan = graph.plan
    speech = Speech({})
    asked = parameters(graph)
    group = API_VERSIONS["Microsoft.Resources/resourceGroups"]
    paragraphs = [
        f"{WRITTEN}\n// {plan.title}.",
        "targetScope = 'subscription'",
        *(parameter(each) for each in asked),
        f"var tags = {speech.say(tags(plan))}",
        "\n".join(
            (
                "// Holds everything.",
                f"resource group 'Microsoft.Resources/resourceGroups@{group}' = {{",
                f"  name: {speech.say(resource_group(plan))}",
                f"  location: {quoted(plan.region)}",
                "  tags: tags",
                "}",
            )
        ),
    ]
    taken = {"tags", "group", *(each.name for each in asked)}
    symbols = {sheet.name: symbol_of(sheet.name, taken) for sheet in laid}
    paragraphs += [f"// {ABOUT[sheet.module]}.\n" + "\n".join(_module(sheet, symbols)) for sheet in laid]
    return "\n\n".join(paragraphs) + "\n"


def _module(sheet: Sheet, symbols: Mapping[str, str]) -> Iterator[str]:
    condition = f"if ({STAGE.name} == 'all') " if sheet.staged else ""
    yield f"module {symbols[sheet.name]} 'modules/{sheet.name}.bicep' = {condition}{{"
    yield f"  name: {quoted(sheet.name)}"
    yield "  scope: group"
    given = [f"location: {quoted(sheet.region)}"] if sheet.located else []
    given += ["tags: tags"] if sheet.tagged else []
    given += [f"{each.name}: {each.name}" for each in sheet.parameters]
    given += [f"{each.name}: {symbols[each.teacher]}.outputs.{each.output}" for each in sheet.lessons]
    if given:
        yield "  params: {"
        yield from (f"    {each}" for each in given)
        yield "  }"
    if sheet.after:
        yield "  dependsOn: ["
        yield from (f"    {symbols[name]}" for name in sheet.after)
        yield "  ]"
    yield "}"
