"""Will it leak: what the world reaches, and who stands at the door."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.case import Case
from seatrial.check.reading import each_in, number, text, texts_in
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.rules.leaks_stores import said
from seatrial.check.thing import Thing, Things

DOOR = "Microsoft.Cdn/profiles"
GATEWAY = "Microsoft.Network/applicationGateways"
DOOR_POLICY = "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies"
GATEWAY_POLICY = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies"


@thing_rule(
    "edge-without-firewall",
    types=(DOOR, GATEWAY),
    severity="error",
    family="leaks",
    title="Nothing filters attacks at the public entrance",
    why="Known attacks, and whoever asks a million times, reach the application itself.",
    source="https://learn.microsoft.com/azure/web-application-firewall/overview",
    bad="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, waf="off")
""",
    good="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, waf="prevention", limit="1000/min")
""",
)
def edge_without_firewall(thing: Thing, things: Things) -> Iterator[Found]:
    """Of Front Door: no security policy in the whole template. The classic CDN has none to have."""
    if thing.type.lower() == DOOR.lower():
        guarded = any(things.of(f"{DOOR}/securityPolicies"))
        if guarded or "FrontDoor" not in text(thing, "sku.name"):
            return
        theirs = "a resource of Microsoft.Cdn/profiles/securityPolicies with a firewall policy"
    else:
        old = "properties.webApplicationFirewallConfiguration.enabled"
        if not thing.lacks("properties.firewallPolicy") or thing.at(old) is True or thing.unknown(old):
            return
        theirs = '"sku": {"tier": "WAF_v2"}, "firewallPolicy": {"id": …}'
    fix = 'waf="prevention"' if thing.part else theirs
    yield Found(what="no web application firewall stands before it", fix=fix)


@thing_rule(
    "firewall-only-watches",
    types=(DOOR_POLICY, GATEWAY_POLICY),
    severity="warning",
    family="leaks",
    title="The web application firewall notes attacks and lets them in",
    why="Detection is for the first weeks, to find what it would refuse wrongly; it stops nobody.",
    source="https://learn.microsoft.com/azure/web-application-firewall/ag/best-practices",
    bad="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, waf="detection")
""",
    good="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, waf="prevention")
""",
)
def firewall_only_watches(thing: Thing, things: Things) -> Iterator[Found]:
    """Source of the defaults, which differ: ARM schemas Microsoft.Network; so only what is said counts."""
    if said(thing, "properties.policySettings.mode", "") == "detection":
        fix = 'waf="prevention"' if thing.part else '"mode": "Prevention"'
        yield Found(what="its mode is Detection", fix=fix)
    path = "properties.policySettings." + (
        "state" if thing.type.lower() == GATEWAY_POLICY.lower() else "enabledState"
    )
    if said(thing, path, "") == "disabled":
        yield Found(what="it is switched off", fix=f'"{path.rpartition(".")[2]}": "Enabled"')


@thing_rule(
    "edge-without-limit",
    types=(DOOR_POLICY,),
    severity="warning",
    family="leaks",
    title="One address may ask as often as it likes",
    why="Guessing passwords, scraping and cheap floods need no more, and each request costs money.",
    source="https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-rate-limit",
    bad="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page})
""",
    good="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, limit="1000/min")
""",
)
def edge_without_limit(thing: Thing, things: Things) -> Iterator[Found]:
    rules = "properties.customRules.rules"
    limits = any(text(each, "ruleType") == "RateLimitRule" for each in each_in(thing, rules))
    if not limits and not thing.unknown(rules):
        fix = 'limit="1000/min"' if thing.part else 'a custom rule of "ruleType": "RateLimitRule"'
        yield Found(what="no rule limits the requests of one address", fix=fix)


@rule(
    "public-without-edge",
    severity="warning",
    family="leaks",
    title="A service faces the world with nothing before it",
    why="No firewall, no limit and no cache stand between it and whoever scans the internet.",
    source="https://learn.microsoft.com/azure/well-architected/security/networking",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("page", "page", port=8080, health="/health", public=True)
""",
    good="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, limit="1000/min")
""",
)
def public_without_edge(case: Case) -> Iterator[Found]:
    from seatrial.azure.reach import edges_before
    from seatrial.model import Service, TrafficManager

    for service in case.plan.of(Service):
        before = edges_before(service, case.plan)
        if service.public and all(isinstance(each, TrafficManager) for each in before):
            name = service.name.replace("-", "_")
            yield Found(
                part=service,
                what="it is public, and no Front Door, application gateway or API Management leads to it",
                fix=f'{case.plan.name}.front_door("entrance", routes={{"/*": {name}}}, limit="1000/min")',
            )


@rule(
    "public-without-sign-in",
    severity="note",
    family="leaks",
    title="A public service changes data, and Azure asks nobody to sign in",
    why="Its own code alone then decides who may do what, on every path that it has.",
    source="https://learn.microsoft.com/azure/container-apps/authentication",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.service("page", "page", port=8080, health="/health", public=True, uses=[orders])
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders")
shop.service("page", "page", port=8080, health="/health", public=True, sign_in=True, uses=[orders])
""",
)
def public_without_sign_in(case: Case) -> Iterator[Found]:
    """What API Management leads to is asked for a subscription there."""
    from seatrial.azure.reach import edges_before
    from seatrial.model import ApiManagement, Blobs, Documents, Postgres, Service

    for service in case.plan.of(Service):
        stores = [each for each in service.uses if isinstance(each, Postgres | Blobs | Documents)]
        before = edges_before(service, case.plan)
        faces = service.public or bool(before)
        if faces and stores and not service.sign_in and not any(isinstance(e, ApiManagement) for e in before):
            names = ", ".join(each.name for each in stores)
            yield Found(
                part=service,
                what=f"anybody reaches it, and it may change {names}",
                fix=f"sign_in=True; or reads=[{names.replace('-', '_')}] where it only looks things up",
            )


@rule(
    "front-door-can-be-passed-by",
    severity="note",
    family="leaks",
    title="Front Door of the standard tier can be passed by",
    why="It reaches its service by a public address, and so does whoever knows it: past firewall and limit.",
    source="https://learn.microsoft.com/azure/frontdoor/origin-security",
    bad="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, tier="standard", limit="1000/min")
""",
    good="""
from seatrial import System

shop = System("shop")
page = shop.service("page", "page", port=8080, health="/health", public=True)
shop.front_door("entrance", routes={"/*": page}, tier="premium", limit="1000/min")
""",
)
def front_door_can_be_passed_by(case: Case) -> Iterator[Found]:
    """App Service refuses by itself whoever does not come from a Front Door."""
    from seatrial.model import FrontDoor, Service

    for door in case.plan.of(FrontDoor):
        for service in dict.fromkeys(door.routes.values()):
            if (
                door.tier == "standard"
                and isinstance(service, Service)
                and service.hosted_by != "app service"
            ):
                yield Found(
                    part=door,
                    what=f"{service.name} answers whoever knows its own address, unless its code asks for "
                    "the header X-Azure-FDID with the value of FRONT_DOOR_ID",
                    fix='tier="premium", or that check in the code',
                )


# -- TLS --------------------------------------------------------------------------------------------------


@thing_rule(
    "edge-old-tls",
    types=(
        f"{DOOR}/customDomains",
        GATEWAY,
        "Microsoft.Web/sites",
        "Microsoft.Web/sites/slots",
        "Microsoft.Web/sites/config",
    ),
    severity="error",
    family="leaks",
    title="What the world reaches takes TLS older than 1.2",
    why="Older TLS can be read and changed on the way, passwords and sessions included.",
    source="https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview",
    bad="""{"type": "Microsoft.Network/applicationGateways", "name": "gateway", "apiVersion": "2022-01-01",
 "properties": {"firewallPolicy": {"id": "waf"}}}""",
    good="""{"type": "Microsoft.Network/applicationGateways", "name": "gateway", "apiVersion": "2022-01-01",
 "properties": {"sslPolicy": {"policyType": "Predefined", "policyName": "AppGwSslPolicy20220101"}}}""",
)
def edge_old_tls(thing: Thing, things: Things) -> Iterator[Found]:
    """A gateway without a policy has that of 2015 in versions of the interface before 2023-02-01."""
    old = text(thing, "properties.tlsSettings.minimumTlsVersion")
    if old == "TLS10":
        yield Found(what="TLS 1.0 is taken", fix='"minimumTlsVersion": "TLS12"')
    for path in ("properties.siteConfig.", "properties."):
        for name in ("minTlsVersion", "scmMinTlsVersion"):
            if text(thing, path + name) in ("1.0", "1.1"):
                yield Found(what=f"{name} is {text(thing, path + name)}", fix=f'"{name}": "1.2"')
    if thing.type.lower() == GATEWAY.lower():
        yield from _old_policy(thing)


def _old_policy(thing: Thing) -> Iterator[Found]:
    version = text(thing, "apiVersion")
    unset = "AppGwSslPolicy20150501" if version and version < "2023-02-01" else "AppGwSslPolicy20220101"
    named = thing.lacks("properties.sslPolicy.minProtocolVersion")
    policy = thing.or_default("properties.sslPolicy.policyName", unset) if named else None
    least = text(thing, "properties.sslPolicy.minProtocolVersion")
    if policy in ("AppGwSslPolicy20150501", "AppGwSslPolicy20170401") or least in ("TLSv1_0", "TLSv1_1"):
        yield Found(
            what=f"{policy or least} takes TLS older than 1.2",
            fix='"sslPolicy": {"policyType": "Predefined", "policyName": "AppGwSslPolicy20220101"}',
        )


@thing_rule(
    "plain-http",
    types=(
        f"{DOOR}/afdEndpoints/routes",
        GATEWAY,
        "Microsoft.App/containerApps",
        "Microsoft.Web/sites",
        "Microsoft.Web/sites/slots",
        "Microsoft.ApiManagement/service/apis",
    ),
    severity="error",
    family="leaks",
    title="What the world reaches answers plain HTTP",
    why="Whoever sits between, in a café or an office, reads and changes what is sent.",
    source="https://learn.microsoft.com/azure/well-architected/security/encryption",
    bad="""{"type": "Microsoft.Web/sites", "name": "shop", "properties": {"siteConfig": {}}}""",
    good="""{"type": "Microsoft.Web/sites", "name": "shop", "properties": {"httpsOnly": true}}""",
)
def plain_http(thing: Thing, things: Things) -> Iterator[Found]:
    """Defaults: App Service answers HTTP, Container Apps send it on, Front Door's routes answer both."""
    kind = thing.type.lower()
    if kind.startswith("microsoft.web/sites") and thing.or_default("properties.httpsOnly", False) is False:
        yield Found(what="HTTP is answered, not sent on to HTTPS", fix='"httpsOnly": true')
    if thing.at("properties.configuration.ingress.allowInsecure") is True:
        yield Found(what="allowInsecure lets HTTP in", fix='"allowInsecure": false')
    if kind == f"{DOOR}/afdEndpoints/routes".lower():
        yield from _plain_route(thing)
    if kind == "microsoft.apimanagement/service/apis" and "http" in (thing.at("properties.protocols") or ()):
        yield Found(what="the API is published over HTTP too", fix='"protocols": ["https"]')
    if kind == GATEWAY.lower() and thing.lacks("properties.redirectConfigurations.0"):
        listeners = each_in(thing, "properties.httpListeners")
        if any(text(each, "properties.protocol").lower() == "http" for each in listeners):
            yield Found(
                what="a listener for HTTP leads to the application, and none sends on to HTTPS",
                fix='a redirectConfiguration of "redirectType": "Permanent" to the listener for HTTPS',
            )


def _plain_route(thing: Thing) -> Iterator[Found]:
    protocols = thing.or_default("properties.supportedProtocols", ["Http", "Https"]) or ()
    if "Http" in protocols and said(thing, "properties.httpsRedirect", "Disabled") == "disabled":
        yield Found(what="HTTP is answered, not sent on to HTTPS", fix='"httpsRedirect": "Enabled"')
    if text(thing, "properties.forwardingProtocol") == "HttpOnly":
        yield Found(what="the origin is asked over HTTP", fix='"forwardingProtocol": "HttpsOnly"')


@thing_rule(
    "web-app-old-doors",
    types=(
        "Microsoft.Web/sites",
        "Microsoft.Web/sites/slots",
        "Microsoft.Web/sites/config",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    ),
    severity="error",
    family="leaks",
    title="A web app takes FTP, passwords for publishing, or a debugger from afar",
    why="FTP sends its password as it is, and all three let their user change what runs.",
    source="https://learn.microsoft.com/azure/app-service/deploy-ftp",
    bad="""{"type": "Microsoft.Web/sites", "name": "shop",
 "properties": {"httpsOnly": true, "siteConfig": {"ftpsState": "AllAllowed"}}}""",
    good="""{"type": "Microsoft.Web/sites", "name": "shop",
 "properties": {"httpsOnly": true, "siteConfig": {"ftpsState": "Disabled"}}}""",
)
def web_app_old_doors(thing: Thing, things: Things) -> Iterator[Found]:
    """Only what is said counts: the defaults differ with the age of the app."""
    for path in ("properties.siteConfig.", "properties."):
        if text(thing, f"{path}ftpsState") == "AllAllowed":
            yield Found(what="FTP is taken, without TLS", fix='"ftpsState": "Disabled"')
        if thing.at(f"{path}remoteDebuggingEnabled") is True:
            yield Found(what="a debugger may attach from afar", fix='"remoteDebuggingEnabled": false')
    if thing.type.lower().endswith("policies") and thing.at("properties.allow") is True:
        yield Found(what=f"{thing.called} takes a password for publishing", fix='"allow": false')


@thing_rule(
    "cors-for-all",
    types=("Microsoft.App/containerApps", "Microsoft.Web/sites", "Microsoft.Web/sites/config"),
    severity="warning",
    family="leaks",
    title="Pages of any site may ask in the name of your users",
    why="With credentials allowed, any page that a signed-in user opens reads and does what he may.",
    source="https://learn.microsoft.com/azure/container-apps/cors",
    bad="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"configuration": {"ingress":
 {"external": true, "corsPolicy": {"allowedOrigins": ["*"], "allowCredentials": true}}}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"configuration":
 {"ingress": {"external": true, "corsPolicy": {"allowedOrigins": ["https://shop.example.com"]}}}}}""",
)
def cors_for_all(thing: Thing, things: Things) -> Iterator[Found]:
    """An error where credentials go with it."""
    for path, credentials in (
        ("properties.configuration.ingress.corsPolicy", "allowCredentials"),
        ("properties.siteConfig.cors", "supportCredentials"),
        ("properties.cors", "supportCredentials"),
    ):
        if "*" in texts_in(thing, f"{path}.allowedOrigins"):
            signed = thing.at(f"{path}.{credentials}") is True
            yield Found(
                what='allowedOrigins hold "*"' + (", and credentials are sent along" if signed else ""),
                fix='"allowedOrigins": ["https://…"], the sites that are yours',
                severity="error" if signed else None,
            )


@thing_rule(
    "container-group-faces-the-world",
    types=("Microsoft.ContainerInstance/containerGroups",),
    severity="warning",
    family="leaks",
    title="A container group has a public address",
    why="Container Instances add no TLS, no firewall and no limit: what is sent is read on the way.",
    source="https://learn.microsoft.com/azure/container-instances/container-instances-best-practices-and-considerations",
    bad="""{"type": "Microsoft.ContainerInstance/containerGroups", "name": "shop",
 "properties": {"ipAddress": {"type": "Public", "ports": [{"port": 80}]},
  "containers": [{"name": "shop", "properties": {"ports": [{"port": 80}]}}]}}""",
    good="""{"type": "Microsoft.ContainerInstance/containerGroups", "name": "shop",
 "properties": {"ipAddress": {"type": "Private", "ports": [{"port": 80}]},
  "containers": [{"name": "shop", "properties": {"ports": [{"port": 80}]}}]}}""",
)
def container_group_faces_the_world(thing: Thing, things: Things) -> Iterator[Found]:
    if text(thing, "properties.ipAddress.type") == "Public":
        found = [number(each, "port") for each in each_in(thing, "properties.ipAddress.ports")]
        ports = ", ".join(str(port) for port in found if port is not None)
        yield Found(
            what=f"the internet reaches {f'port {ports}' if ports else 'its ports'} without TLS",
            fix='"type": "Private" in a subnet, behind Front Door or an application gateway',
        )
