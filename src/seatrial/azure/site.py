"""Static Web Apps: files, served from near to whoever asks.

The standard tier, for the free one knows no domain of one's own behind Front Door, no private link, and
promises nothing. No repository is connected: the workflow of a release puts the files there.
Source: https://learn.microsoft.com/azure/static-web-apps/plans
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.regions import geography
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Ref, Text, join
from seatrial.model import Site

__all__ = ["ref", "resources", "variables"]

NEAREST: Mapping[str, str] = {
    **dict.fromkeys(("eastus", "eastus2", "canadaeast", "canadacentral", "brazilsouth"), "eastus2"),
    **dict.fromkeys(("brazilsoutheast", "chilecentral"), "eastus2"),
    **dict.fromkeys(("westus", "westus2", "westus3", "westcentralus"), "westus2"),
    **dict.fromkeys(("centralus", "northcentralus", "southcentralus", "mexicocentral"), "centralus"),
}
"""In the Americas, by region; elsewhere it follows from the geography. The resource itself is in one of five
regions only, what it serves is everywhere.
Source: https://learn.microsoft.com/azure/static-web-apps/faq"""

IN_ASIA = frozenset(
    {
        *("Asia Pacific", "Australia", "India", "Indonesia", "Japan", "Korea", "Malaysia", "New Zealand"),
    }
)


def ref(part: Site, at: Stamp) -> Ref:
    """The site: one, however many regions there are."""
    return Ref(type="Microsoft.Web/staticSites", name=f"{at.plan.name}-{part.name}")


def resources(part: Site, at: Stamp) -> Iterator[Resource]:
    yield Resource(
        ref=ref(part, at),
        module="compute",  # whose processes may be given its address
        region=at.plan.region,
        symbol=camel(part.name, "site"),
        why=f"Serves the files of {part.name}",
        part=part.name,
        location=_near(at.plan.region),
        body={
            "sku": {"name": "Standard", "tier": "Standard"},
            "properties": {
                "allowConfigFileUpdates": True,
                "stagingEnvironmentPolicy": "Enabled",
                "enterpriseGradeCdnStatus": "Disabled",
                "provider": "Custom",
            },
        },
    )


def variables(part: Site, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: its public address."""
    name = part.name.upper().replace("-", "_")
    return {f"{name}_URL": join("https://", Out(of=ref(part, at), path="properties.defaultHostname"))}


def _near(region: str) -> str:
    if region in NEAREST:
        return NEAREST[region]
    return "eastasia" if geography(region) in IN_ASIA else "westeurope"
