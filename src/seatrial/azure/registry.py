"""The container registry, and the names of images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import access, identity, private
from seatrial.azure.defaults import ground
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import has_images, private_registry
from seatrial.azure.regions import has_zones
from seatrial.azure.remembering import remembered
from seatrial.azure.stamp import IMAGE_TAG, Stamp
from seatrial.azure.values import Out, Ref, Text, join
from seatrial.model import Plan, Registry

__all__ = ["credentials_server", "image", "pull", "ref", "resources"]


@remembered
def ref(plan: Plan) -> Ref:
    """The registry; one for all regions."""
    return Ref(
        type="Microsoft.ContainerRegistry/registries",
        name=Stamp(plan=plan, region=plan.region).worldwide_squeezed(plan.name, 50),
    )


def image(process: str, plan: Plan) -> Text:
    """The image of a process, with its tag."""
    return join(credentials_server(plan), f"/{plan.name}/{process}:", IMAGE_TAG)


def credentials_server(plan: Plan) -> Out:
    """The host name of the registry, as those who pull from it name it."""
    return Out(of=ref(plan), path="properties.loginServer")


def pull(name: str, at: Stamp, part: str) -> Resource:
    """The right of an identity to pull images."""
    return access.assign("AcrPull", ref(at.plan), name, at, f"{name} pulls images", part)


def resources(at: Stamp) -> Iterator[Resource]:
    """The registry, in the first region, and in every region the right to pull from it; none without images.

    Raises:
        Refused: copies in other regions are asked for, and the tier has none.
    """
    if not has_images(at.plan):
        return
    part = ground(Registry, at.plan)
    if at.first:
        yield from _registry(part, at)
    for name, owner in identity.puller_names(at.plan):
        yield pull(name, at, owner)


def _registry(part: Registry, at: Stamp) -> Iterator[Resource]:
    copies = [each for each in dict.fromkeys((*part.copies_in, *at.plan.also_in)) if each != at.region]
    named = part.name if part in at.plan.parts else None
    if copies and part.tier != "premium":
        raise Refused([_no_copies(part, copies, at.plan)])
    yield Resource(
        ref=ref(at.plan),
        module="registry",
        region=at.region,
        symbol="registry",
        why="Keeps the images; who pulls or pushes shows an identity, never a password",
        part=named,
        location=at.region,
        body={"sku": {"name": part.tier.capitalize()}, "properties": _properties(part, at)},
    )
    for region in copies:
        yield Resource(
            ref=ref(at.plan).child("replications", region),
            module="registry",
            region=at.region,
            symbol=camel("registry", "in", region),
            why=f"Every image is in {region} too, so that it starts when {at.region} is down",
            part=named,
            location=region,
            body={"properties": {"zoneRedundancy": _zones(region), "regionEndpointEnabled": True}},
        )
    if private_registry(at.plan):
        yield from private.endpoint(
            ref(at.plan),
            "registry",
            "privatelink.azurecr.io",
            at,
            named,
            "registry",
            module="registry",
        )


def _properties(part: Registry, at: Stamp) -> dict[str, Any]:
    """What the registry lets through.

    Container Apps and App Service pull with a token for Azure Resource Manager, so these stay accepted.
    Builds run outside the network: a task of the registry that has an identity of its own (`az acr task
    create --assign-identity [system]`) is let in, a quick build (`az acr build`) is not.
    Source: https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm
    and https://learn.microsoft.com/azure/container-registry/manage-network-bypass-policy-for-tasks
    """
    properties: dict[str, Any] = {
        "adminUserEnabled": False,
        "anonymousPullEnabled": False,
        "publicNetworkAccess": "Enabled",
        "policies": {"azureADAuthenticationAsArmPolicy": {"status": "enabled"}},
    }
    if part.tier == "premium":
        properties |= {
            "publicNetworkAccess": "Disabled",
            "networkRuleBypassOptions": "AzureServices",
            "networkRuleBypassAllowedForTasks": True,
            "networkRuleSet": {"defaultAction": "Deny"},
            "dataEndpointEnabled": True,
            "zoneRedundancy": _zones(at.region),
        }
        properties["policies"] |= {
            "retentionPolicy": {"status": "enabled", "days": round(part.keeps.days)},
            "quarantinePolicy": {"status": "disabled"},
            "trustPolicy": {"status": "disabled", "type": "Notary"},
            "exportPolicy": {"status": "disabled"},
        }
    return properties


def _zones(region: str) -> str:
    return "Enabled" if has_zones(region) else "Disabled"


def _no_copies(part: Registry, copies: list[str], plan: Plan) -> Trouble:
    """Source: https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication"""
    what = f'tier="{part.tier}": a registry of this tier has no copies in {", ".join(copies)}'
    return Trouble.about(plan, part.name, what, 'write tier="premium", or name no further region')
