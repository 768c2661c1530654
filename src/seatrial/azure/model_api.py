"""Azure OpenAI: one account for each part and region, with one deployment of the model.

The account is the part's own, because a right to use an account is a right to use every model deployed in it.
The deployment has the model's own name, so that a program says the same name here and elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure import access, private
from seatrial.azure.access import Use
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.regions import geography
from seatrial.azure.roles import Role
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Ref, Text, join
from seatrial.model import ModelApi, ModelPlace, Process

__all__ = ["account", "deployment", "resources", "rights", "variables"]

ENDPOINT = ("account", "privatelink.openai.azure.com")
"""Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

_SKUS: Mapping[ModelPlace, str] = {
    "anywhere": "GlobalStandard",
    "data zone": "DataZoneStandard",
    "region": "Standard",
}
"""Source: https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types"""

_UNION = frozenset(
    {
        *("Austria", "Belgium", "Denmark", "Europe", "France", "Germany", "Italy", "Poland", "Spain"),
        "Sweden",
    }
)
"""Geographies in the European Union. Data zones are this and the United States. Source: the same page."""

USUAL_TOKENS_A_MINUTE = 10_000
"""Where a part says nothing: one can try it out, and it takes little of a subscription's quota."""


def account(part: ModelApi, at: Stamp) -> Ref:
    name = at.worldwide(f"{at.plan.name}-{part.name}")
    return Ref(type="Microsoft.CognitiveServices/accounts", name=name)


def deployment(part: ModelApi, at: Stamp) -> Ref:
    return account(part, at).child("deployments", part.model)


def variables(part: ModelApi, at: Stamp) -> Mapping[str, Text]:
    """What its users are given. There is no key: a client shows a token of its identity, for the scope
    `https://cognitiveservices.azure.com/.default`.

    Source: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle (the address of v1)
    """
    name = part.name.upper().replace("-", "_")
    endpoint = Out(of=account(part, at), path="properties.endpoint")  # ends with a slash
    return {f"{name}_URL": join(endpoint, "openai/v1/"), f"{name}_MODEL": part.model}


def rights(part: ModelApi, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it: ask the model, not change what is deployed."""
    role: Role = "Cognitive Services OpenAI User"
    yield access.assign(
        role, account(part, at), process.name, at, f"{process.name} asks {part.name}", part.name
    )


def resources(part: ModelApi, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: the region is in no data zone.
    """
    if part.worked_on == "data zone" and geography(at.region) not in {*_UNION, "United States"}:
        what = f'worked_on="data zone": {at.region} is in none; there are the United States and the EU'
        hint = 'write worked_on="region", or choose a region in one of the two'
        raise Refused([Trouble.about(at.plan, part.name, what, hint)])
    symbol = camel(part.name, "account")
    of = account(part, at)
    yield Resource(
        ref=of,
        module="data",
        region=at.region,
        symbol=symbol,
        why=f"Answers for {part.name}; asked by identity only, and from inside the network only",
        part=part.name,
        location=at.region,
        body={
            "kind": "OpenAI",
            "sku": {"name": "S0"},
            "properties": {
                "customSubDomainName": of.name,
                "disableLocalAuth": True,
                "publicNetworkAccess": "Disabled",
                "networkAcls": {"defaultAction": "Deny"},
                # The account itself reaches nobody, so no prompt can be made to send data out:
                # https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention
                "restrictOutboundNetworkAccess": True,
                "allowedFqdnList": [],
            },
        },
    )
    yield Resource(
        ref=deployment(part, at),
        module="data",
        region=at.region,
        symbol=camel(part.name, "deployment"),
        why=f"{part.model} for {part.name}, worked on {_where(part.worked_on)}",
        part=part.name,
        body={
            "sku": {"name": _SKUS[part.worked_on], "capacity": _thousands(part)},
            "properties": {
                "model": {"format": "OpenAI", "name": part.model},
                # What a model says must not change under a system that is not looking
                "versionUpgradeOption": "OnceCurrentVersionExpired",
            },
        },
    )
    done = (deployment(part, at),)  # while a model is being deployed, an account takes no endpoint
    yield from private.endpoint(of, *ENDPOINT, at, part.name, symbol, after=done)


def _where(place: ModelPlace) -> str:
    return {"anywhere": "anywhere", "data zone": "in its data zone", "region": "in its region"}[place]


def _thousands(part: ModelApi) -> int:
    """Tokens a minute in thousands, rounded up: the unit in which quota is given."""
    return -(-(part.tokens_per_minute or USUAL_TOKENS_A_MINUTE) // 1000)
