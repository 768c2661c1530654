"""Front Door and its firewall.

The premium tier reaches what answers by private links. Azure asks whoever owns the other end of each: after
the first deployment an operator approves them, once, with `az network private-endpoint-connection approve`.
Source: https://learn.microsoft.com/azure/frontdoor/private-link
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import origins, waf
from seatrial.azure.edge_maker import EdgeMaker
from seatrial.azure.graph import Resource
from seatrial.azure.names import squeezed
from seatrial.azure.origins import Target
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.model import ApiManagement, FrontDoor, Service, Site

__all__ = ["endpoint", "profile", "resources"]

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
        Refused: the limit is lower than Front Door counts.
    """
    make = EdgeMaker(part, at)
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
    if any(_cached(part, target) for target in part.routes.values()):
        yield from _cache(part, at, make)
    for target in dict.fromkeys(part.routes.values()):
        yield from _way(part, target, at, make)
    if part.waf != "off":
        yield waf.front_door_policy(part, at)
        yield _guarded(part, at, make)


# -- the ways to what answers ---------------------------------------------------------------------------


def _way(part: FrontDoor, target: Target, at: Stamp, make: EdgeMaker) -> Iterator[Resource]:
    """A group of origins, one in each region; and the route that leads there."""
    group = profile(part, at).child("originGroups", target.name)
    stamps = _stamps(target, at)
    yield make(
        group,
        f"{target.name} origins",
        f"Where {target.name} answers: the nearest that is well",
        {"properties": origins.group(target, len(stamps))},
    )
    made = []
    for here in stamps:
        origin = group.child("origins", here.region)
        made.append(origin)
        link = origins.link(part, target, here)
        how = "by a private link, to be approved once" if link else "at its public address"
        yield make(
            origin,
            f"{target.name} in {here.region}",
            f"{target.name} in {here.region}, {how}",
            {"properties": origins.origin(target, here, link)},
        )
    route = _route(part, group, _cached(part, target), at)
    for cut, patterns in _patterns(part, target).items():
        name = f"{target.name}-without-prefix" if cut else target.name
        yield make(
            endpoint(part, at).child("routes", name),
            f"to {name}",
            f"Leads to {target.name}, over HTTPS only"
            + (", without the first part of the path" if cut else ""),
            {"properties": route | {"patternsToMatch": patterns, **({"originPath": "/"} if cut else {})}},
            after=tuple(made),
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


def _cached(part: FrontDoor, target: Target) -> bool:
    """Whether answers are kept. Never those for one person: behind a sign-in, or a key."""
    apart = isinstance(target, ApiManagement) or (isinstance(target, Service) and target.sign_in)
    return part.cache is not None and not apart


def _route(part: FrontDoor, group: Ref, cached: bool, at: Stamp) -> dict[str, Any]:
    caching = {
        "queryStringCachingBehavior": "UseQueryString",
        "compressionSettings": {"isCompressionEnabled": True, "contentTypesToCompress": COMPRESSED},
    }
    return {
        "originGroup": {"id": Id(of=group)},
        "supportedProtocols": ["Http", "Https"],
        "httpsRedirect": "Enabled",
        "forwardingProtocol": "HttpsOnly",
        "linkToDefaultDomain": "Disabled" if part.domain else "Enabled",
        "enabledState": "Enabled",
        **({"customDomains": [{"id": Id(of=_domain(part, at))}]} if part.domain else {}),
        **({"cacheConfiguration": caching} if cached else {}),
        **({"ruleSets": [{"id": Id(of=_rules(part, at))}]} if cached else {}),
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


def _cache(part: FrontDoor, at: Stamp, make: EdgeMaker) -> Iterator[Resource]:
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


def _guarded(part: FrontDoor, at: Stamp, make: EdgeMaker) -> Resource:
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
