"""API Management: APIs, products, limits; one gateway in each region.

Who asks is told by a subscription's key, which API Management makes and keeps; it signs in to Application
Insights as an identity of its own. Usage is counted from the gateway's own log, which is whole; traces are
samples. The developer portal is on wherever the tier has one; its pages are published from the portal itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure import access, api_policies, hosts, identity, logs, network
from seatrial.azure.edge_maker import EdgeMaker
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import edges_before, exposure
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Parameter, Ref, Text, join
from seatrial.model import ApiManagement, ApiTier, FrontDoor, Product, Service

__all__ = ["HEALTH", "hostname", "resources", "service", "variables"]

HEALTH = "/status-0123456789abcdef"
"""Where every gateway says that it is well.
Source: https://learn.microsoft.com/azure/api-management/api-management-howto-deploy-multi-region"""

SKUS: Mapping[ApiTier, str] = {
    "consumption": "Consumption",
    "developer": "Developer",
    "basic v2": "BasicV2",
    "standard v2": "StandardV2",
    "premium": "Premium",
}

MOST_UNITS: Mapping[ApiTier, int] = {
    "consumption": 1,
    "developer": 1,
    "basic v2": 10,
    "standard v2": 10,
    "premium": 31,
}
"""Source: https://learn.microsoft.com/azure/api-management/api-management-features"""

SAMPLED_PERCENT = 10
"""Of the calls that go well, so many are traced; of those that fail, all."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

EMAIL = Parameter(
    name="publisherEmail",
    why="Where Azure writes to about API Management: an address that somebody reads",
)


def service(part: ApiManagement, at: Stamp) -> Ref:
    name = at.worldwide(f"{at.plan.name}-{part.name}", 50)
    return Ref(type="Microsoft.ApiManagement/service", name=name)


def hostname(part: ApiManagement, at: Stamp) -> Text:
    """Where the gateway of a region answers."""
    return join(service(part, at).name, ".azure-api.net")


def variables(part: ApiManagement, at: Stamp) -> Mapping[str, Text]:
    """What its users are given."""
    name = part.name.upper().replace("-", "_")
    return {f"{name}_URL": join("https://", hostname(part, at))}


def resources(part: ApiManagement, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: more units than the tier has.
    """
    most = MOST_UNITS[part.tier]
    if part.units > most:
        what = f"units={part.units}: the {part.tier} tier has {most} at most"
        hint = f"write units={most}, or another tier"
        raise Refused([Trouble.about(at.plan, part.name, what, hint)])
    make = EdgeMaker(part, at)
    who = identity.resource(part.name, at, f"Who {part.name} is when it tells of its calls", part.name)
    why = f"{part.name} tells of its calls"
    right = access.assign("Monitoring Metrics Publisher", logs.insights(at), part.name, at, why, part.name)
    yield who
    yield right
    yield make(
        service(part, at),
        "",
        f"The gateway before the APIs, of the {part.tier} tier",
        {
            "sku": {
                "name": SKUS[part.tier],
                "capacity": 0 if part.tier == "consumption" else part.units,
            },
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {Id(of=who.ref): {}}},
            "properties": _properties(part, at),
        },
        location=at.region,
    )
    yield _everything(part, at, make)
    yield from _told(part, at, make, who.ref, right.ref)
    for target in dict.fromkeys(part.apis.values()):
        yield _backend(part, target, at, make)
    for path, target in part.apis.items():
        yield from _api(part, path, target, at, make)
    for product in part.products:
        yield from _product(part, product, at, make)


# -- the gateway ----------------------------------------------------------------------------------------


def _properties(part: ApiManagement, at: Stamp) -> dict[str, Any]:
    said: dict[str, Any] = {
        "publisherName": part.publisher,
        "publisherEmail": EMAIL,
        "publicNetworkAccess": _public_access(part, at),
        "virtualNetworkType": "None",
    }
    if part.tier in ("standard v2", "premium"):
        # It comes into the network, or stands in it; either way its own address is a public one
        said["virtualNetworkType"] = "External"
        said["virtualNetworkConfiguration"] = {"subnetResourceId": Id(of=network.subnet("apis", at))}
    if part.tier != "consumption":
        said["developerPortalStatus"] = "Enabled"
    if part.tier in ("developer", "premium"):
        said["customProperties"] = _OLD_PROTOCOLS
    return said


def _public_access(part: ApiManagement, at: Stamp) -> str | Parameter:
    """Azure closes a gateway only when a private link to it stands, which is after it was made.

    Until then, and for good where there is no link, its policy answers Front Door alone.
    Source: https://learn.microsoft.com/azure/api-management/private-endpoint
    """
    if part.tier != "standard v2" or exposure(part, at.plan) != "edge":
        return "Enabled"
    return Parameter(
        name=camel(part.name, "public access"),
        why=f"Disabled as soon as the private link of Front Door to {part.name} has been approved",
        default="Enabled",
        allowed=("Enabled", "Disabled"),
    )


_OLD_PROTOCOLS = {
    f"Microsoft.WindowsAzure.ApiManagement.Gateway.{side}Protocols.{protocol}": "False"
    for side in ("Security.", "Security.Backend.")
    for protocol in ("Tls10", "Tls11", "Ssl30")
}
"""Off, where they are not off by themselves.
Source: https://learn.microsoft.com/azure/api-management/api-management-howto-manage-protocols-ciphers"""


def _everything(part: ApiManagement, at: Stamp, make: EdgeMaker) -> Resource:
    """What holds for every call."""
    door = _front_door(part, at)
    came = "only what came through Front Door is answered, and " if door is not None else ""
    return make(
        service(part, at).child("policies", "policy"),
        "policy",
        f"For every call: {came}no answer tells what made it",
        {"properties": {"format": "rawxml", "value": api_policies.of_all(door)}},
    )


def _front_door(part: ApiManagement, at: Stamp) -> Text | None:
    """The id of the Front Door before it; None where others lead to it as well, or none does."""
    from seatrial.azure.front_door import profile  # which leads here

    before = edges_before(part, at.plan)
    match before:
        case (FrontDoor() as door,):
            first = Stamp(plan=at.plan, region=at.plan.region)
            return Out(of=profile(door, first), path="properties.frontDoorId")
        case _:
            return None


def _told(part: ApiManagement, at: Stamp, make: EdgeMaker, who: Ref, right: Ref) -> Iterator[Resource]:
    """Where it tells of calls.

    Source: https://learn.microsoft.com/azure/api-management/api-management-howto-app-insights
    """
    logger = service(part, at).child("loggers", "insights")
    insights = logs.insights(at)
    yield make(
        logger,
        "logger",
        "Where calls are told of, signed in as an identity",
        {
            "properties": {
                "loggerType": "applicationInsights",
                "resourceId": Id(of=insights),
                "credentials": {
                    "connectionString": Out(of=insights, path="properties.ConnectionString"),
                    "identityClientId": Out(of=who, path="properties.clientId"),
                },
            }
        },
        after=(right,),
    )
    yield make(
        service(part, at).child("diagnostics", "applicationinsights"),
        "traces",
        f"Traces {SAMPLED_PERCENT} in a hundred calls, and every one that fails; never a body or an address",
        {
            "properties": {
                "loggerId": Id(of=logger),
                "alwaysLog": "allErrors",
                "sampling": {"samplingType": "fixed", "percentage": SAMPLED_PERCENT},
                "httpCorrelationProtocol": "W3C",
                "verbosity": "information",
                "logClientIp": False,
                "metrics": True,
            }
        },
    )


# -- APIs, and who may call them ------------------------------------------------------------------------


def _backend(part: ApiManagement, target: Service, at: Stamp, make: EdgeMaker) -> Resource:
    host = hosts.hostname(target, at)
    plain = target.hosted_by == "container instances"
    url = join("http://", host, f":{target.port}") if plain else join("https://", host)
    return make(
        service(part, at).child("backends", target.name),
        f"{target.name} backend",
        f"Where {target.name} answers",
        {
            "properties": {
                "protocol": "http",
                "url": url,
                "tls": {"validateCertificateChain": True, "validateCertificateName": True},
            }
        },
    )


def _api_ref(part: ApiManagement, path: str, at: Stamp) -> Ref:
    return service(part, at).child("apis", f"{path}-{part.version}")


def _api(part: ApiManagement, path: str, target: Service, at: Stamp, make: EdgeMaker) -> Iterator[Resource]:
    """An API with its version in the path, which lets every call through to what answers it."""
    versions, api = service(part, at).child("apiVersionSets", path), _api_ref(part, path, at)
    yield make(
        versions,
        f"{path} versions",
        f"The versions of {path}, told apart by the path",
        {"properties": {"displayName": path, "versioningScheme": "Segment"}},
    )
    yield make(
        api,
        f"{path} api",
        f"/{path}/{part.version}: answered by {target.name}",
        {
            "properties": {
                "displayName": path,
                "path": path,
                "apiVersion": part.version,
                "apiVersionSetId": Id(of=versions),
                "apiType": "http",
                "protocols": ["https"],
                "subscriptionRequired": bool(part.products),
            }
        },
    )
    for method in METHODS:
        yield make(
            api.child("operations", method.lower()),
            f"{path} {method.lower()}",
            f"Any {method} of {path}",
            {"properties": {"displayName": f"{method} any path", "method": method, "urlTemplate": "/*"}},
        )
    yield make(
        api.child("policies", "policy"),
        f"{path} policy",
        f"Leads the calls of {path} to {target.name}",
        {"properties": {"format": "rawxml", "value": api_policies.of_api(target.name)}},
        after=(service(part, at).child("backends", target.name),),
    )


def _product(part: ApiManagement, product: Product, at: Stamp, make: EdgeMaker) -> Iterator[Resource]:
    """What users subscribe to: its limits, and every API."""
    ref = service(part, at).child("products", product.name)
    limits = f"{product.calls}" + (f", {product.quota}" if product.quota else "")
    agreed = "when somebody agrees" if product.approval else "by anybody"
    yield make(
        ref,
        f"{product.name} product",
        f"{product.name}, {limits}, may be subscribed to {agreed}",
        {
            "properties": {
                "displayName": product.name,
                "description": f"At most {limits}",
                "subscriptionRequired": True,
                "approvalRequired": product.approval,
                "state": "published",
            }
        },
    )
    yield make(
        ref.child("policies", "policy"),
        f"{product.name} limits",
        f"No more than {limits} for each subscriber",
        {"properties": {"format": "rawxml", "value": api_policies.of_product(product)}},
    )
    for path in part.apis:
        api = _api_ref(part, path, at)
        yield make(
            ref.child("apis", api.name),
            f"{product.name} {path}",
            f"{product.name} gives {path}",
            {},
            after=(api,),
        )
