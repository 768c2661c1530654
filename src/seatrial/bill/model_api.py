"""What a deployment of a model is charged for: by the token read and written, or by the hour of its units.

Sources: https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/ and, for the kinds of
deployments, https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.reach import users_of
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.model_meters import Place, read, written
from seatrial.bill.range import NOTHING, Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import many, shared, whole_month
from seatrial.bill.usage import HOURS
from seatrial.model import ModelApi, Service

__all__ = ["asks", "deployment"]

PLACES: Mapping[str, Place] = {
    "GlobalStandard": "anywhere",
    "DataZoneStandard": "data zone",
    "Standard": "region",
}
UNITS: Mapping[str, str] = {
    "GlobalProvisionedManaged": "Provisioned Managed Global",
    "DataZoneProvisionedManaged": "Provisioned Managed Data Zone",
    "ProvisionedManaged": "Provisioned Managed Regional",
}

BYTES = 4
"""Of English text in one token.
Source: https://learn.microsoft.com/azure/ai-foundry/openai/how-to/manage-costs"""
TEXT = Range(Decimal("0.1"), Decimal("0.25"), Decimal(1))
"""The share of a record that is text; the rest is its vector, its indexes and what is known about it."""
QUERY = Range(Decimal(1), Decimal(10), Decimal(50))
"""Tokens of one query that is compared with others."""
PROMPT = Range(Decimal(500), Decimal(2000), Decimal(8000))
REPLY = Range(Decimal(100), Decimal(300), Decimal(1000))


def deployment(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """Of one deployment. No prompt is taken to be in the model's cache, where it would cost less."""
    part = reckoning.part_of(resource, ModelApi)
    body = Body(resource.body)
    sku, model = str(body.at("sku.name")), str(body.at("properties.model.name"))
    if sku in UNITS:
        yield _units(UNITS[sku], int(body.at("sku.capacity") or 0), resource.region)
        return
    place, share = PLACES.get(sku, "anywhere"), reckoning.share(resource)
    tokens = _read(part, model, reckoning)
    yield Charge(
        what="tokens read",
        meter=read(model, place, resource.region),
        quantity=tokens * share,
        formula=f"{many(tokens)} tokens{shared(share)}",
    )
    meter = written(model, place, resource.region)
    if meter is not None:
        tokens = _written(part, reckoning)
        yield Charge(
            what="tokens written",
            meter=meter,
            quantity=tokens * share,
            formula=f"{many(tokens)} tokens{shared(share)}",
        )


def _units(name: str, number: int, region: str) -> Charge:
    return Charge(
        what="provisioned units",
        meter=Meter(
            service="Foundry Models", product="Azure OpenAI", name=f"{name} Unit", sku=name, region=region
        ),
        quantity=exactly(number * HOURS),
        formula=whole_month(number, "unit"),
        steady=True,
    )


# -- how many tokens ------------------------------------------------------------------------------------


def _read(part: ModelApi, model: str, reckoning: Reckoning) -> Range:
    if "embedding" not in model:
        assumed = _asked(part, reckoning) * PROMPT
        why = "2,000 tokens (500 to 8,000) for each new record, and for one in a hundred requests"
        return reckoning.figure("tokens", part, assumed=assumed, why=why)
    text = reckoning.figure("new_records") * reckoning.figure("record_size") * TEXT / BYTES
    assumed = text + _requests(part, reckoning) * QUERY
    why = "a quarter of a new record is text (a tenth to all), 4 bytes a token; 10 (1 to 50) for a request"
    return reckoning.figure("tokens", part, assumed=assumed, why=why)


def _written(part: ModelApi, reckoning: Reckoning) -> Range:
    assumed = _asked(part, reckoning) * REPLY
    why = "300 tokens (100 to 1,000) for each new record, and for one in a hundred requests"
    return reckoning.figure("tokens_out", part, assumed=assumed, why=why)


def _asked(part: ModelApi, reckoning: Reckoning) -> Range:
    """How often a model that converses is asked something."""
    requests = _requests(part, reckoning) * Range(Decimal(0), Decimal("0.01"), Decimal("0.05"))
    return reckoning.figure("new_records") + requests


def asks(part: ModelApi, reckoning: Reckoning) -> Range:
    """How often a model is asked something; one that makes vectors: for each new record and each request."""
    if "embedding" not in part.model:
        return _asked(part, reckoning)
    return reckoning.figure("new_records") + _requests(part, reckoning)


def _requests(part: ModelApi, reckoning: Reckoning) -> Range:
    users = [each for each in users_of(part, reckoning.plan) if isinstance(each, Service)]
    return total(answered(reckoning, each) for each in users) if users else NOTHING
