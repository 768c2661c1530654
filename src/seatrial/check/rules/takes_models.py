"""Will Azure take it: language and embedding models of Azure OpenAI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.model_api import USUAL_TOKENS_A_MINUTE
from seatrial.check.case import Case
from seatrial.check.reading import number, text
from seatrial.check.rule import Found, refusal, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import ModelApi

ACCOUNT = "Microsoft.CognitiveServices/accounts"
DEPLOYMENT = f"{ACCOUNT}/deployments"

RETIRED = "https://learn.microsoft.com/azure/ai-foundry/openai/concepts/model-retirements"
QUOTA = "https://learn.microsoft.com/azure/ai-foundry/openai/quotas-limits"
TYPES = "https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types"


def _system(line: str, region: str = "eastus2", more: str = "") -> str:
    """A system file with one model."""
    return f"""
from seatrial import System

shop = System("shop", region="{region}")
{line}
{more}"""


refusal(
    "model-data-zone",
    title="Prompts are to stay in the data zone of a region that is in none",
    why="There are two data zones, the United States and the European Union.",
    source=TYPES,
    matches=r'^worked_on="data zone": \w+ is in none',
    bad=_system('shop.model_api("writer", model="gpt-5-mini", worked_on="data zone")', region="brazilsouth"),
    good=_system('shop.model_api("writer", model="gpt-5-mini", worked_on="data zone")'),
)


def _deployment(name: str, sku: str = '"sku": {"name": "GlobalStandard", "capacity": 10}') -> str:
    """A template with an account and one model in it."""
    between = f", {sku}" if sku else ""
    return (
        f'[{{"type": "{ACCOUNT}", "name": "ai", "location": "westeurope", "kind": "OpenAI"}}, '
        f'{{"type": "{DEPLOYMENT}", "name": "ai/writer", '
        f'"properties": {{"model": {{"format": "OpenAI", "name": "{name}"}}}}{between}}}]'
    )


RETIRED_MODELS: Mapping[str, tuple[str, str]] = {
    "codex-mini": ("2026-11-15", "gpt-5.1-codex-mini"),
    "dall-e-3": ("2026-03-04", "gpt-image-2"),
    "gpt-35-turbo": ("", "gpt-5-mini"),
    "gpt-35-turbo-16k": ("", "gpt-5-mini"),
    "gpt-4": ("", "gpt-5.1"),
    "gpt-4-32k": ("", "gpt-5.1"),
    "gpt-4.1": ("2026-10-14", "gpt-5.1"),
    "gpt-4.1-mini": ("2026-10-14", "gpt-5-mini"),
    "gpt-4.1-nano": ("2026-10-14", "gpt-5-nano"),
    "gpt-4.5-preview": ("2025-07-14", "gpt-5.1"),
    "gpt-4o": ("2026-10-01", "gpt-5.1"),
    "gpt-4o-mini": ("2026-10-01", "gpt-5-mini"),
    "gpt-5-chat": ("2026-06-29", "gpt-5.1"),
    "gpt-5.1-chat": ("2026-06-29", "gpt-5.1"),
    "gpt-5.2-chat": ("2026-06-29", "gpt-5.4"),
    "gpt-5.3-chat": ("2026-06-29", "gpt-5.4"),
    "o1": ("2026-09-16", "gpt-5.1"),
    "o1-pro": ("2026-09-18", "gpt-5-pro"),
    "o3": ("2026-10-16", "gpt-5.1"),
    "o3-mini": ("2026-10-01", "gpt-5-mini"),
    "o4-mini": ("2026-10-16", "gpt-5-mini"),
}
"""Models that are retired in all versions: the day, empty when it is not in the schedule any more, and a
successor that is sold.

Source: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/model-retirements (of 2026-07-07,
read 2026-11; where it names no successor, the model of the same size in the next family)
"""


@thing_rule(
    "model-retired",
    types=(DEPLOYMENT,),
    severity="error",
    family="takes",
    title="A model is to be deployed that Azure has retired",
    why="A retired model cannot be deployed, and the deployments there are answer with errors.",
    source=RETIRED,
    bad=_deployment("gpt-4o"),
    good=_deployment("gpt-5.1"),
)
def model_retired(thing: Thing, things: Things) -> Iterator[Found]:
    name = text(thing, "properties.model.name")
    if name in RETIRED_MODELS:
        day, instead = RETIRED_MODELS[name]
        written = f'model="{instead}"' if thing.ours else f'"name": "{instead}"'
        when = f"on {day}" if day else "before 2026-07"
        yield Found(what=f"{name} was retired {when}", fix=written)


@thing_rule(
    "model-deployment-size",
    types=(DEPLOYMENT,),
    severity="error",
    family="takes",
    title="A model is deployed without saying how, or how much of it",
    why="Azure asks where prompts are worked on, and for how many thousand tokens a minute.",
    source="https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/deployments",
    bad=_deployment("gpt-5-mini", sku=""),
    good=_deployment("gpt-5-mini"),
)
def model_deployment_size(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.lacks("sku.name") and text(thing, "properties.model.format") in ("", "OpenAI"):
        yield Found(what="no sku", fix='"sku": {"name": "GlobalStandard", "capacity": 10}')


_LARGEST_QUOTA = 50_000
"""Thousands of tokens a minute: the largest quota that a subscription has unasked, of any model."""


@thing_rule(
    "model-capacity",
    types=(DEPLOYMENT,),
    severity="error",
    family="takes",
    title="The capacity of a model is written in tokens, not in thousands of them",
    why="A capacity of 120000 asks for 120 million tokens a minute, which no quota has.",
    source=QUOTA,
    bad=_deployment("gpt-5-mini", sku='"sku": {"name": "GlobalStandard", "capacity": 120000}'),
    good=_deployment("gpt-5-mini", sku='"sku": {"name": "GlobalStandard", "capacity": 120}'),
)
def model_capacity(thing: Thing, things: Things) -> Iterator[Found]:
    """Provisioned deployments and batches count otherwise."""
    if text(thing, "sku.name") not in ("Standard", "GlobalStandard", "DataZoneStandard"):
        return
    thousands = number(thing, "sku.capacity")
    if thousands is not None and thousands > _LARGEST_QUOTA:
        meant = f'"capacity": {max(1, int(thousands) // 1000)}'
        if thing.ours:
            meant = f"tokens_per_minute={_LARGEST_QUOTA * 1000:_} at most"
        yield Found(what=f"{thousands:,g} thousand tokens a minute", fix=meant)


_EMBEDDINGS: Mapping[str, frozenset[str]] = {
    "text-embedding-3-small": frozenset(
        {
            *("australiaeast", "canadaeast", "eastus", "eastus2", "japaneast", "switzerlandnorth"),
            *("uaenorth", "westus"),
        }
    ),
    "text-embedding-3-large": frozenset(
        {
            *("australiaeast", "canadaeast", "eastus", "eastus2", "francecentral", "germanywestcentral"),
            *("japaneast", "koreacentral", "norwayeast", "polandcentral", "southafricanorth"),
            *("southeastasia", "southindia", "spaincentral", "swedencentral", "switzerlandnorth"),
            *("uaenorth", "uksouth", "westus3"),
        }
    ),
    "text-embedding-ada-002": frozenset(
        {
            *("australiaeast", "brazilsouth", "canadaeast", "eastus", "eastus2", "francecentral"),
            *("japaneast", "northcentralus", "norwayeast", "southafricanorth", "southcentralus"),
            *("southindia", "swedencentral", "switzerlandnorth", "uaenorth", "uksouth", "westeurope"),
            *("westus", "westus3"),
        }
    ),
}
"""Where embeddings are worked on in the region itself.

Source: https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/models-sold-directly-by-azure,
standard deployments by region (read 2026-11)
"""


@thing_rule(
    "model-region",
    types=(DEPLOYMENT,),
    severity="warning",
    family="takes",
    title="An embedding model is to be worked on in a region that does not sell it",
    why="A deployment of the kind Standard stands in the account's own region, and not every one has it.",
    source="https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/models-sold-directly-by-azure",
    bad=_deployment("text-embedding-3-small", sku='"sku": {"name": "Standard", "capacity": 10}'),
    good=_deployment("text-embedding-3-small", sku='"sku": {"name": "GlobalStandard", "capacity": 10}'),
)
def model_region(thing: Thing, things: Things) -> Iterator[Found]:
    """The region is the account's; with accounts in several it is not known whose the deployment is."""
    name = text(thing, "properties.model.name")
    regions = {(each.location or "").replace(" ", "").lower() for each in things.of(ACCOUNT)}
    if text(thing, "sku.name") != "Standard" or name not in _EMBEDDINGS or len(regions) != 1:
        return
    region = regions.pop()
    if region.isalnum() and region not in _EMBEDDINGS[name]:
        yield Found(
            what=f"{name} is not sold in {region} alone",
            fix='worked_on="anywhere"' if thing.ours else '"sku": {"name": "GlobalStandard", …}',
        )


_MINUTES_A_MONTH = 730 * 60


@rule(
    "model-tokens",
    severity="error",
    family="takes",
    title="A model is expected to work on more tokens than it admits",
    why="What goes beyond its tokens a minute is answered with 429 and has to be asked again.",
    source=QUOTA,
    bad=_system(
        'writer = shop.model_api("writer", model="gpt-5-mini")',
        more='shop.usage(writer, tokens="2000M/month")',
    ),
    good=_system(
        'writer = shop.model_api("writer", model="gpt-5-mini", tokens_per_minute=200_000)',
        more='shop.usage(writer, tokens="2000M/month")',
    ),
)
def model_tokens(case: Case) -> Iterator[Found]:
    """Spread evenly over the month and the regions, which is the least that must be admitted: work comes in
    waves."""
    for part in case.plan.of(ModelApi):
        said = [
            each.likely
            for each in case.plan.usage
            if each.part == part.name and each.name in ("tokens", "tokens_out")
        ]
        asked = sum(said) / _MINUTES_A_MONTH / len(case.plan.regions)
        admitted = part.tokens_per_minute or USUAL_TOKENS_A_MINUTE
        if asked > admitted:
            enough = (int(asked) // 10_000 + 1) * 10_000
            yield Found(
                part=part,
                what=f"{asked:,.0f} tokens a minute all month long, {admitted:,} are admitted",
                fix=f"tokens_per_minute={enough:_}",
            )
