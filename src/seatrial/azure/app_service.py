"""App Service: plans, and the apps on them.

An app answers HTTP on one port and is alive as long as it does, so only services run here. Each is reached by
a private endpoint unless the world reaches it, and reaches out through the network. Where a plan's size has
slots, a service at the edge of the system has a second one, `staging`: a release is a swap of the two, and so
is the way back.

Source: https://learn.microsoft.com/azure/app-service/configure-custom-container,
https://learn.microsoft.com/azure/app-service/overview-vnet-integration and
https://learn.microsoft.com/azure/app-service/deploy-staging-slots
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import hosts, identity, network, private, registry, sign_in
from seatrial.azure.app_service_plans import SIZES, farm, grows, plan_resources
from seatrial.azure.app_service_plans import machines as machines_of
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import edges_before, exposure
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Known, Out, Parameter, Ref, Text, WhenEmpty, join
from seatrial.model import AppServicePlan, FrontDoor, Process, Service
from seatrial.model.scaling import Backlog, QueueLength

__all__ = ["SIZES", "farm", "live", "plan_resources", "resources", "site", "slot"]

ZONE = "privatelink.azurewebsites.net"
"""Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""


def site(name: str, at: Stamp) -> Ref:
    """The app of a service. It answers at `properties.defaultHostName`."""
    return Ref(type="Microsoft.Web/sites", name=at.worldwide(f"{at.plan.name}-{name}", 60))


def slot(name: str, at: Stamp) -> Ref:
    """The second place of an app, where a release waits until it is swapped in."""
    return site(name, at).child("slots", "staging")


def live(service: Service, at: Stamp) -> Parameter:
    """Which image of a service the world is served by, where a new one waits in the slot to be swapped in."""
    return Parameter(
        name=camel(at.name(service.name), "live"),
        why=f"The tag of the image of {service.name} that serves until a swap; left empty: the newest",
        default="",
    )


# -- apps ---------------------------------------------------------------------------------------------------


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    """The app of a service, its slot and its private endpoint; its own machines, when it shares none."""
    for wrong, hint in _wrong_with_process(process):
        raise Refused([Trouble.about(at.plan, process.name, wrong, hint)])
    assert isinstance(process, Service)
    if isinstance(process.host, AppServicePlan):
        machines, size = process.host.name, process.host.size
    else:
        machines, size = f"{process.name}-plan", _size_for(process, at)
        yield from machines_of(machines, process.name, size, process.replicas, False, [process], at)
    ref, before = site(process.name, at), exposure(process, at.plan)
    swapped = before != "inside" and grows(size)
    yield _app(process, ref, machines, at, live(process, at) if swapped else None)
    yield from _no_passwords(process, ref, at)
    if process.sign_in:
        yield _sign_in(process, ref, at)
    if before != "world":
        yield from private.endpoint(ref, "sites", ZONE, at, process.name, camel(process.name), "compute")
    if swapped:
        yield _app(process, slot(process.name, at), machines, at)
        yield from _no_passwords(process, slot(process.name, at), at)
        if process.sign_in:
            yield _sign_in(process, slot(process.name, at), at)


def _wrong_with_process(process: Process) -> Iterator[tuple[str, str]]:
    if not isinstance(process, Service):
        kind = type(process).__name__.lower()
        yield (
            f"App Service ends a container that answers no HTTP, and a {kind} answers none",
            'make it a service with a health path, or host="container apps"'
            if kind == "worker"
            else 'host="container apps" runs jobs and schedules',
        )
        return
    if process.gpus:
        yield "App Service has no machines with GPUs", 'host="container apps", or a node pool'
    for rule in process.scale:
        if isinstance(rule, Backlog | QueueLength):
            yield (
                f"App Service scales by cores and memory only, not by {rule.shown()}",
                'host="container apps" knows the rule',
            )
    if isinstance(process.host, AppServicePlan) and process.host.size in SIZES:
        cores, memory = SIZES[process.host.size]
        if process.cpu > cores or process.memory.gib > memory:
            yield (
                f"{process.cpu:g} cores with {process.memory} do not fit on {process.host.size}, "
                f"which has {cores} and {memory} GiB",
                f"a larger size of {process.host.name}, or less for {process.name}",
            )


def _size_for(process: Service, at: Stamp) -> str:
    """The cheapest size that holds one replica of a service."""
    for size, (cores, memory) in SIZES.items():
        if process.cpu <= cores and process.memory.gib <= memory:
            return size
    what = f"no machine of App Service has {process.cpu:g} cores and {process.memory}"
    raise Refused([Trouble.about(at.plan, process.name, what, 'a node pool of larger machines, as "aks"')])


def _app(process: Service, ref: Ref, machines: str, at: Stamp, serves: Parameter | None = None) -> Resource:
    """An app. `serves` is the tag of the image that it goes on with until a swap brings the new one."""
    staging = ref.parent is not None
    who = Id(of=identity.ref(process.name, at))
    purpose = "The next release of" if staging else "The service"
    return Resource(
        ref=ref,
        module="compute",
        region=at.region,
        symbol=camel(process.name, "staging" if staging else ""),
        why=f"{purpose} {process.name}" + (", until it is swapped in" if staging else ""),
        part=process.name,
        location=at.region,
        after=(
            registry.pull(process.name, at, process.name).ref,
            *(each.ref for each in hosts.rights(process, at)),
        ),
        body={
            "kind": "app,linux,container",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {who: {}}},
            "properties": {
                "serverFarmId": Id(of=farm(machines, at)),
                "reserved": True,
                "httpsOnly": True,
                "clientAffinityEnabled": False,
                "publicNetworkAccess": "Enabled" if exposure(process, at.plan) == "world" else "Disabled",
                # all that the app asks for, its image and its secrets too, goes through the network
                "virtualNetworkSubnetId": Id(of=subnet(at)),
                "outboundVnetRouting": {"allTraffic": True},
                "keyVaultReferenceIdentity": who,
                "siteConfig": _config(process, at, serves),
            },
        },
    )


def subnet(at: Stamp) -> Ref:
    """Through which apps reach the network; delegated to `Microsoft.Web/serverFarms`."""
    return network.subnet("web", at)


def _config(process: Service, at: Stamp, serves: Parameter | None) -> dict[str, Any]:
    image: Text = join("DOCKER|", registry.image(process.name, at.plan))
    if serves is not None:
        repository = join(registry.credentials_server(at.plan), f"/{at.plan.name}/{process.name}:")
        image = WhenEmpty(parameter=serves, then=image, otherwise=join("DOCKER|", repository, serves))
    return {
        "linuxFxVersion": image,
        "acrUseManagedIdentityCreds": True,
        "acrUserManagedIdentityID": Out(of=identity.ref(process.name, at), path="properties.clientId"),
        "alwaysOn": True,
        "healthCheckPath": process.health,
        "http20Enabled": True,
        "minTlsVersion": "1.2",
        "scmMinTlsVersion": "1.2",
        "ftpsState": "Disabled",
        "remoteDebuggingEnabled": False,
        "httpLoggingEnabled": True,
        "detailedErrorLoggingEnabled": True,
        "webSocketsEnabled": True,
        **_restrictions(process, at),
        "appSettings": [
            {"name": name, "value": value} for name, value in sorted(_settings(process, at).items())
        ],
    }


def _restrictions(process: Service, at: Stamp) -> dict[str, Any]:
    """Nobody reaches the tools behind an app; where all come by Front Door, nobody else reaches the app.

    Source: https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions
    """
    closed: dict[str, Any] = {"scmIpSecurityRestrictionsDefaultAction": "Deny"}
    before = edges_before(process, at.plan)
    if not before or not all(isinstance(edge, FrontDoor) and edge.tier == "standard" for edge in before):
        return closed
    return closed | {
        "ipSecurityRestrictionsDefaultAction": "Deny",
        "ipSecurityRestrictions": [
            {
                "name": "front-door",
                "description": "Only Front Door",
                "priority": 100,
                "action": "Allow",
                "tag": "ServiceTag",
                "ipAddress": "AzureFrontDoor.Backend",
            }
        ],
    }


def _settings(process: Service, at: Stamp) -> dict[str, Text]:
    """The environment of a service; the last four are App Service's own.

    Source: https://learn.microsoft.com/azure/app-service/reference-app-settings
    """
    given: dict[str, Text] = {}
    for setting in hosts.settings(process, at):
        if setting.secret is not None:
            secret = Out(of=setting.secret, path="properties.secretUri")
            given[setting.name] = join("@Microsoft.KeyVault(SecretUri=", secret, ")")
        else:
            given[setting.name] = setting.value or ""
    return given | {
        "WEBSITES_PORT": str(process.port),
        "WEBSITES_ENABLE_APP_SERVICE_STORAGE": "false",
        "WEBSITES_CONTAINER_START_TIME_LIMIT": str(min(1800, max(230, round(process.start_within.seconds)))),
        "WEBSITE_SWAP_WARMUP_PING_PATH": process.health,
    }


def _no_passwords(process: Service, ref: Ref, at: Stamp) -> Iterator[Resource]:
    """Nobody signs in to deploy by a name and a password.

    Source: https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable
    """
    for way in ("ftp", "scm"):
        yield Resource(
            ref=ref.child("basicPublishingCredentialsPolicies", way),
            module="compute",
            region=at.region,
            symbol=camel(process.name, "staging" if ref.parent else "", f"no {way} password"),
            why=f"No password opens {way.upper()}",
            part=process.name,
            tagged=False,
            body={"properties": {"allow": False}},
        )


def _sign_in(process: Service, ref: Ref, at: Stamp) -> Resource:
    """A person signs in by Entra before a request reaches the service; without a secret, by id token only.

    Source: https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad
    """
    asked = sign_in.issuer(process)
    own = join("https://login.microsoftonline.com/", Known(what="tenant"), "/v2.0")
    return Resource(
        ref=ref.child("config", "authsettingsV2"),
        module="compute",
        region=at.region,
        symbol=camel(process.name, "staging" if ref.parent else "", "sign in"),
        why=f"A person signs in before a request reaches {process.name}",
        part=process.name,
        tagged=False,
        body={
            "properties": {
                "platform": {"enabled": True},
                "globalValidation": {
                    "requireAuthentication": True,
                    "unauthenticatedClientAction": "RedirectToLoginPage",
                    "redirectToProvider": "azureactivedirectory",
                    "excludedPaths": [process.health],
                },
                "httpSettings": {"requireHttps": True},
                "identityProviders": {
                    "azureActiveDirectory": {
                        "enabled": True,
                        "registration": {
                            "clientId": sign_in.client_id(process),
                            "openIdIssuer": WhenEmpty(parameter=asked, then=own, otherwise=asked),
                        },
                        "validation": {"allowedAudiences": [join("api://", sign_in.client_id(process))]},
                    }
                },
            }
        },
    )
