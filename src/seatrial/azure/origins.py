"""What Front Door leads to: where it answers, how it is reached, and how one sees that it is well."""

from __future__ import annotations

from typing import Any

from seatrial.azure import api_management, app_service, container_apps, hosts, site
from seatrial.azure.regions import geography
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Text
from seatrial.model import ApiManagement, FrontDoor, Service, Site

__all__ = ["Target", "group", "link", "origin"]

Target = Service | Site | ApiManagement

LINKED_FROM = (
    *("brazilsouth", "canadacentral", "centralus", "eastus", "eastus2", "southcentralus", "westus3"),
    *("francecentral", "germanywestcentral", "northeurope", "norwayeast", "uksouth", "westeurope"),
    *("swedencentral", "southafricanorth", "australiaeast", "centralindia", "japaneast", "koreacentral"),
    "eastasia",
)
"""Regions in which Front Door has private links. It reaches any region from there.
Source: https://learn.microsoft.com/azure/frontdoor/private-link#region-availability"""


def group(target: Target, count: int) -> dict[str, Any]:
    """An only origin is not probed: there is no other to turn to.

    Source: https://learn.microsoft.com/azure/frontdoor/best-practices
    """
    match target:
        case Service():
            path = target.health
        case ApiManagement():
            path = api_management.HEALTH
        case Site():
            path = "/"
    probe = {
        "probePath": path,
        "probeProtocol": "Https",
        "probeRequestType": "GET",
        "probeIntervalInSeconds": 30,
    }
    return {
        "loadBalancingSettings": {
            "sampleSize": 4,
            "successfulSamplesRequired": 3,
            "additionalLatencyInMilliseconds": 50,
        },
        **({"healthProbeSettings": probe} if count > 1 else {}),
        "sessionAffinityState": "Disabled",
    }


def origin(target: Target, here: Stamp, link: dict[str, Any] | None) -> dict[str, Any]:
    """One origin: where it answers in a region, and the link that leads there."""
    host = _host(target, here)
    return {
        "hostName": host,
        "originHostHeader": host,
        "httpPort": 80,
        "httpsPort": 443,
        "priority": 1,
        "weight": 1000,
        "enabledState": "Enabled",
        "enforceCertificateNameCheck": True,
        **({"sharedPrivateLinkResource": link} if link else {}),
    }


def _host(target: Target, here: Stamp) -> Text:
    match target:
        case Service():
            return hosts.hostname(target, here)
        case ApiManagement():
            return api_management.hostname(target, here)
        case Site():
            return Out(of=site.ref(target, here), path="properties.defaultHostname")


def link(part: FrontDoor, target: Target, here: Stamp) -> dict[str, Any] | None:
    """The private link to what answers; None where there is none.

    Source: https://learn.microsoft.com/azure/frontdoor/private-link#supported-origins
    """
    match target:
        case Service(hosted_by="container apps"):
            of, group = container_apps.environment(here), "managedEnvironments"
        case Service():
            of, group = app_service.site(target.name, here), "sites"
        case ApiManagement(tier="standard v2"):
            of, group = api_management.service(target, here), "Gateway"
        case _:
            return None
    if part.tier != "premium":
        return None
    return {
        "privateLink": {"id": Id(of=of)},
        "groupId": group,
        "privateLinkLocation": _linked_from(here.region),
        "requestMessage": f"{part.name} leads to {target.name}",
    }


def _linked_from(region: str) -> str:
    """The region itself where it can be; else one under the same law, else where most are."""
    if region in LINKED_FROM:
        return region
    near = (each for each in LINKED_FROM if geography(each) == geography(region))
    return next(near, "westeurope")
