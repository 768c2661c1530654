"""Front Door and its firewall.

The premium tier reaches what answers by private links. Azure asks whoever owns the other end of each: after
the first deployment an operator approves them, once, with `az network private-endpoint-connection approve`.
Source: https://learn.microsoft.com/azure/frontdoor/private-link
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import (
    api_management,
    app_service,
    container_apps,
    hosts,
    site,
    waf,
)
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel, squeezed
from seatrial.azure.regions import geography
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Ref, Text
from seatrial.model import ApiManagement, FrontDoor, Service, Site

__all__ = ["endpoint", "profile", "resources"]

Target = Service | Site | ApiManagement

LINKED_FROM = (
    *("brazilsouth", "canadacentral", "centralus", "eastus", "eastus2", "southcentralus", "westus3"),
    *("francecentral", "germanywestcentral", "northeurope", "norwayeast", "uksouth", "westeurope"),
    *("swedencentral", "southafricanorth", "australiaeast", "centralindia", "japaneast", "koreacentral"),
    "eastasia",
)
"""Regions in which Front Door has private links. It reaches any region from there.
Source: https://learn.microsoft.com/azure/frontdoor/private-link#region-availability"""

COMPRESSED = [
    *("application/javascript", "application/json", "application/xml", "image/svg+xml"),
    *("text/css", "text/html", "text/javascript", "text/plain", "text/xml"),
]


def profile(part: FrontDoor, at: Stamp) -> Ref:
    return Ref(type="Microsoft.Cdn/profiles", name=f"{at.plan.name}-{part.name}")


def endpoint(part: FrontDoor, at: Stamp) -> Ref:
    """Where the world asks. Azure puts a hash behind its name."""
    return profile(part, at).child("afdEndpoints", f"{at.plan.name}-{part.name}"[:46].rstrip("-"))


def resources(part: FrontDoor, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: something that it leads to stands where Front Door does not reach.
    """
    if troubles := tuple(_out_of_reach(part, at)):
        raise Refused(troubles)
    make = _Maker(part, at)
    yield make(
        profile(part, at),
        "",
        f"Front Door of the {part.tier} tier: the world's entrance",
        {
            "sku": {"name": f"{part.tier.capitalize()}_AzureFrontDoor"},
            "properties": {"originResponseTimeoutSeconds": 60},
        },
        location="global",
    )
    yield make(
        endpoint(part, at),
        "endpoint",
        "Where the world asks",
        {"properties": {"enabledState": "Enabled"}},
        location="global",
    )
    if part.domain:
        yield make(_domain(part, at), "domain", *_domain_body(part))
    if part.cache:
        yield from _cache(part, at, make)
    for target in dict.fromkeys(part.routes.values()):
        yield from _way(part, target, at, make)
    if part.waf != "off":
        yield waf.front_door_policy(part, at)
        yield _guarded(part, at, make)


class _Maker:
    """Makes resources of one Front Door, which all have much in common."""

    def __init__(self, part: FrontDoor, at: Stamp) -> None:
        self._part, self._at = part, at

    def __call__(
        self,
        ref: Ref,
        symbol: str,
        why: str,
        body: dict[str, Any],
        location: str | None = None,
        after: tuple[Ref, ...] = (),
    ) -> Resource:
        return Resource(
            ref=ref,
            module="edge",
            region=self._at.region,
            symbol=camel(self._part.name, symbol),
            why=why,
            part=self._part.name,
            location=location,
            tagged=location is not None,
            body=body,
            after=after,
        )


def _out_of_reach(part: FrontDoor, at: Stamp) -> Iterator[Trouble]:
    """What runs on machines of one's own has no door to which Front Door has a key.

    Source: https://learn.microsoft.com/azure/frontdoor/origin
    """
    for target in dict.fromkeys(part.routes.values()):
        if isinstance(target, Service) and target.hosted_by in ("aks", "container instances"):
            what = f"leads to {target.name}, which Front Door does not reach on {target.hosted_by}"
            hint = "let it run on Container Apps or App Service, or lead to an application gateway before it"
            yield Trouble.about(at.plan, part.name, what, hint)


# -- the ways to what answers ---------------------------------------------------------------------------


def _way(part: FrontDoor, target: Target, at: Stamp, make: _Maker) -> Iterator[Resource]:
    """A group of origins, one in each region; and the route that leads there."""
    group = profile(part, at).child("originGroups", target.name)
    stamps = _stamps(target, at)
    yield make(
        group,
        f"{target.name} origins",
        f"Where {target.name} answers: the nearest that is well",
        {"properties": _group(target, len(stamps))},
    )
    origins = []
    for here in stamps:
        origin = group.child("origins", here.region)
        origins.append(origin)
        link = _link(part, target, here)
        how = "by a private link, to be approved once" if link else "at its public address"
        yield make(
            origin,
            f"{target.name} in {here.region}",
            f"{target.name} in {here.region}, {how}",
            {"properties": _origin(_host(target, here), link)},
        )
    for cut, patterns in _patterns(part, target).items():
        name = f"{target.name}-without-prefix" if cut else target.name
        yield make(
            endpoint(part, at).child("routes", name),
            f"to {name}",
            f"Leads to {target.name}, over HTTPS only"
            + (", without the first part of the path" if cut else ""),
            {"properties": _route(part, patterns, group, at) | ({"originPath": "/"} if cut else {})},
            after=tuple(origins),
        )


def _patterns(part: FrontDoor, target: Target) -> dict[bool, list[str]]:
    """The patterns that lead somewhere, by whether what they have before the star is cut off on the way.

    A gateway of APIs publishes each under its own name, so `/api/*` before it is Front Door's alone.
    Source: https://learn.microsoft.com/azure/frontdoor/front-door-url-rewrite
    """
    found: dict[bool, list[str]] = {}
    for pattern, leads_to in part.routes.items():
        if leads_to is target:
            first = pattern.strip("/*").partition("/")[0]
            cut = isinstance(target, ApiManagement) and bool(first) and first not in target.apis
            found.setdefault(cut, []).append(pattern)
    return found


def _stamps(target: Target, at: Stamp) -> tuple[Stamp, ...]:
    """Where it stands: a static site only once, for it is everywhere by itself."""
    if isinstance(target, Site):
        return (at,)
    return tuple(Stamp(plan=at.plan, region=region) for region in at.plan.regions)


def _group(target: Target, count: int) -> dict[str, Any]:
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


def _origin(host: Text, link: dict[str, Any] | None) -> dict[str, Any]:
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


def _link(part: FrontDoor, target: Target, here: Stamp) -> dict[str, Any] | None:
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


def _route(part: FrontDoor, patterns: list[str], group: Ref, at: Stamp) -> dict[str, Any]:
    caching = {
        "queryStringCachingBehavior": "UseQueryString",
        "compressionSettings": {"isCompressionEnabled": True, "contentTypesToCompress": COMPRESSED},
    }
    return {
        "originGroup": {"id": Id(of=group)},
        "patternsToMatch": patterns,
        "supportedProtocols": ["Http", "Https"],
        "httpsRedirect": "Enabled",
        "forwardingProtocol": "HttpsOnly",
        "linkToDefaultDomain": "Disabled" if part.domain else "Enabled",
        "enabledState": "Enabled",
        **({"customDomains": [{"id": Id(of=_domain(part, at))}]} if part.domain else {}),
        **({"cacheConfiguration": caching} if part.cache else {}),
        **({"ruleSets": [{"id": Id(of=_rules(part, at))}]} if part.cache else {}),
    }


# -- a name of one's own, the cache, the firewall -------------------------------------------------------


def _domain(part: FrontDoor, at: Stamp) -> Ref:
    return profile(part, at).child("customDomains", (part.domain or "").replace(".", "-"))


def _domain_body(part: FrontDoor) -> tuple[str, dict[str, Any]]:
    why = f"Answers to {part.domain}, with a certificate that Azure renews; a TXT record proves whose it is"
    tls = {"certificateType": "ManagedCertificate", "minimumTlsVersion": "TLS12"}
    return why, {"properties": {"hostName": part.domain, "tlsSettings": tls}}


def _rules(part: FrontDoor, at: Stamp) -> Ref:
    return profile(part, at).child("ruleSets", squeezed(part.name, 60))


def _cache(part: FrontDoor, at: Stamp, make: _Maker) -> Iterator[Resource]:
    """How long an answer is kept that does not say so itself; without this, Front Door keeps it for days.

    Source: https://learn.microsoft.com/azure/frontdoor/front-door-caching#cache-expiration
    """
    assert part.cache is not None
    minutes, seconds = divmod(int(part.cache.seconds), 60)
    days, hours = divmod(minutes // 60, 24)
    yield make(_rules(part, at), "rules", "What else is done with requests", {"properties": {}})
    yield make(
        _rules(part, at).child("rules", "cache"),
        "cache",
        f"Keeps an answer for {part.cache} when it does not forbid that and names no other time",
        {
            "properties": {
                "order": 1,
                "matchProcessingBehavior": "Continue",
                "actions": [
                    {
                        "name": "RouteConfigurationOverride",
                        "parameters": {
                            "typeName": "DeliveryRuleRouteConfigurationOverrideActionParameters",
                            "cacheConfiguration": {
                                "cacheBehavior": "OverrideIfOriginMissing",
                                "cacheDuration": f"{days}.{hours:02}:{minutes % 60:02}:{seconds:02}",
                                "queryStringCachingBehavior": "UseQueryString",
                                "isCompressionEnabled": "Enabled",
                            },
                        },
                    }
                ],
            }
        },
    )


def _guarded(part: FrontDoor, at: Stamp, make: _Maker) -> Resource:
    doors = [endpoint(part, at), *([_domain(part, at)] if part.domain else [])]
    return make(
        profile(part, at).child("securityPolicies", "firewall"),
        "guarded",
        "Puts the firewall before every door",
        {
            "properties": {
                "parameters": {
                    "type": "WebApplicationFirewall",
                    "wafPolicy": {"id": Id(of=waf.before_front_door(part, at))},
                    "associations": [
                        {"domains": [{"id": Id(of=door)} for door in doors], "patternsToMatch": ["/*"]}
                    ],
                }
            }
        },
    )
