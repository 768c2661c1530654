"""Will it leak: open ports, clusters, images of others, and ways out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure.values import Expression, plain
from seatrial.check.case import Case
from seatrial.check.reading import each_in, text
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.rules.leaks_stores import ANY
from seatrial.check.thing import Thing, Things, raw_at
from seatrial.model import Network

GROUP = "Microsoft.Network/networkSecurityGroups"
CLUSTER = "Microsoft.ContainerService/managedClusters"

_WORLD = ("*", "internet", "any", "0.0.0.0/0", ANY, "::/0")
_ADMIN = {22: "SSH", 3389: "RDP", 5985: "WinRM", 5986: "WinRM"}
_DATA = {
    1433: "SQL Server",
    1521: "Oracle",
    3306: "MySQL",
    5432: "PostgreSQL",
    6379: "Redis",
    6380: "Redis",
    9200: "Elasticsearch",
    10000: "Redis",
    27017: "MongoDB",
}
"""Ports that scanners know; 10000 is that of Azure Managed Redis."""


@thing_rule(
    "port-open-to-all",
    types=(GROUP, f"{GROUP}/securityRules"),
    severity="error",
    family="leaks",
    title="SSH, RDP or a database is open to the whole internet",
    why="Machines with such a port open are found and tried within minutes, day and night.",
    source="https://learn.microsoft.com/azure/security/fundamentals/network-best-practices",
    bad="""{"type": "Microsoft.Network/networkSecurityGroups", "name": "apps", "properties":
 {"securityRules": [{"name": "ssh", "properties": {"direction": "Inbound", "access": "Allow",
  "protocol": "Tcp", "sourceAddressPrefix": "*", "destinationPortRange": "22"}}]}}""",
    good="""{"type": "Microsoft.Network/networkSecurityGroups", "name": "apps", "properties":
 {"securityRules": [{"name": "ssh", "properties": {"direction": "Inbound", "access": "Allow",
  "protocol": "Tcp", "sourceAddressPrefix": "203.0.113.0/24", "destinationPortRange": "22"}}]}}""",
)
def port_open_to_all(thing: Thing, things: Things) -> Iterator[Found]:
    for name, body in _let_in(thing):
        opened = [words for port, words in (_ADMIN | _DATA).items() if _covers(body, port)]
        if len(opened) == len(_ADMIN | _DATA):
            yield Found(
                what=f"the rule {name} lets the internet in on every port",
                fix='"destinationPortRange": "443", and the sources that need it',
            )
        elif opened:
            yield Found(
                what=f"the rule {name} lets the internet in by {', '.join(dict.fromkeys(opened))}",
                fix='"sourceAddressPrefix": "…", the addresses of those who may; or Azure Bastion',
            )


def _let_in(thing: Thing) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Rules that let the internet in, by name."""
    if thing.type.lower() == GROUP.lower():
        found = [
            (text(each, "name"), each.at("properties")) for each in each_in(thing, "properties.securityRules")
        ]
    else:
        found = [(thing.called, thing.at("properties"))]
    for name, body in found:
        if isinstance(body, Mapping) and _is(body, "direction", "inbound") and _is(body, "access", "allow"):
            sources = _some(body, "sourceAddressPrefix", "sourceAddressPrefixes")
            if any(each.lower() in _WORLD for each in sources):
                yield name, body


def _is(body: Mapping[str, Any], name: str, value: str) -> bool:
    return str(body.get(name, "")).lower() == value


def _some(body: Mapping[str, Any], one: str, more: str) -> list[str]:
    """What stands in the one or in the list, as far as it is known."""
    several = body.get(more)
    values = [body.get(one), *(several if isinstance(several, list | tuple) else ())]
    return [each for each in values if isinstance(each, str) and each]


def _covers(body: Mapping[str, Any], port: int) -> bool:
    for each in _some(body, "destinationPortRange", "destinationPortRanges"):
        first, _, last = each.partition("-")
        if each == "*" or (first.isdigit() and int(first) <= port <= int(last or first)):
            return True
    return False


@rule(
    "administrators-from-anywhere",
    severity="warning",
    family="leaks",
    title="Administrators may come in from anywhere",
    why="The page of Bastion is then a door for the whole internet, kept by passwords only.",
    source="https://learn.microsoft.com/azure/bastion/bastion-nsg",
    bad="""
from seatrial import System

shop = System("shop")
shop.network("net", bastion=True)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.network("net", bastion=True, administrators=["203.0.113.0/24"])
""",
)
def administrators_from_anywhere(case: Case) -> Iterator[Found]:
    for network in case.plan.of(Network):
        ranges = [each for each in network.administrators if int(each.partition("/")[2] or 32) < 8]
        if network.bastion and (ranges or not network.administrators):
            yield Found(
                part=network,
                what=f"Bastion answers {ranges[0] if ranges else 'the whole internet'}",
                fix='administrators=["203.0.113.0/24"], the addresses of your office or VPN',
            )


# -- clusters ---------------------------------------------------------------------------------------------


@thing_rule(
    "cluster-local-accounts",
    types=(CLUSTER,),
    severity="error",
    family="leaks",
    title="A cluster has local accounts",
    why="Their certificate does everything, shows no name and is taken back from all or from nobody.",
    source="https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster", "properties": {}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster",
 "properties": {"disableLocalAccounts": true, "aadProfile": {"managed": true, "enableAzureRBAC": true}}}""",
)
def cluster_local_accounts(thing: Thing, things: Things) -> Iterator[Found]:
    """There by default, except in clusters of the kind Automatic; roles of Kubernetes are on by default."""
    if not _automatic(thing) and thing.or_default("properties.disableLocalAccounts", False) is False:
        yield Found(
            what="local accounts are there",
            fix='"disableLocalAccounts": true, "aadProfile": {"managed": true, "enableAzureRBAC": true}',
        )
    if thing.at("properties.enableRBAC") is False:
        yield Found(what="whoever is in may do everything: roles are off", fix='"enableRBAC": true')


@thing_rule(
    "cluster-answers-the-world",
    types=(CLUSTER,),
    severity="warning",
    family="leaks",
    title="The control plane of a cluster answers the whole internet",
    why="A leaked token, or the next hole in Kubernetes, is then enough from anywhere.",
    source="https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster", "properties": {}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster",
 "properties": {"apiServerAccessProfile": {"enablePrivateCluster": true}}}""",
)
def cluster_answers_the_world(thing: Thing, things: Things) -> Iterator[Found]:
    path = "properties.apiServerAccessProfile"
    if thing.unknown(path) or any(
        thing.unknown(f"{path}.{each}") for each in ("authorizedIPRanges", "enablePrivateCluster")
    ):
        return
    if thing.at("properties.publicNetworkAccess") == "Disabled":
        return
    ranges = thing.at(f"{path}.authorizedIPRanges") or ()
    open_to_all = not ranges or any(isinstance(each, str) and each in _WORLD for each in ranges)
    if open_to_all and thing.at(f"{path}.enablePrivateCluster") is not True:
        yield Found(what="neither private nor limited to addresses", fix='"enablePrivateCluster": true')


@thing_rule(
    "cluster-without-network-policy",
    types=(CLUSTER,),
    severity="warning",
    family="leaks",
    title="Every pod of a cluster may speak to every other",
    why="Whoever gets into one pod reaches all; without an engine, network policies are taken and not kept.",
    source="https://learn.microsoft.com/azure/aks/use-network-policies",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster",
 "properties": {"networkProfile": {"networkPlugin": "azure"}}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster",
 "properties": {"networkProfile": {"networkPlugin": "azure", "networkPolicy": "cilium",
  "networkDataplane": "cilium"}}}""",
)
def cluster_without_network_policy(thing: Thing, things: Things) -> Iterator[Found]:
    """None by default, except in clusters of the kind Automatic."""
    if _automatic(thing):
        return
    policy = thing.or_default("properties.networkProfile.networkPolicy", "none")
    if policy == "none" and not thing.unknown("properties.networkProfile.networkPolicy"):
        fix = '"networkPolicy": "cilium", "networkDataplane": "cilium"'
        yield Found(what="no engine keeps network policies", fix=fix)


def _automatic(cluster: Thing) -> bool:
    """Source: https://learn.microsoft.com/azure/aks/intro-aks-automatic"""
    return text(cluster, "sku.name") == "Automatic"


# -- images, and ways out -----------------------------------------------------------------------------------

_IMAGES: Mapping[str, str] = {
    "Microsoft.App/containerApps": "properties.template.containers",
    "Microsoft.App/jobs": "properties.template.containers",
    "Microsoft.App/sessionPools": "properties.customContainerTemplate.containers",
    "Microsoft.ContainerInstance/containerGroups": "properties.containers",
}


def _images(thing: Thing) -> Iterator[str]:
    """Images with `…` for what is not known in them."""
    path = next(found for type, found in _IMAGES.items() if type.lower() == thing.type.lower())
    containers = raw_at(thing.body, path)
    for each in containers if isinstance(containers, list | tuple) else ():
        image = raw_at(each, "image")
        if image is None:
            image = raw_at(each, "properties.image")
        if isinstance(image, str | Expression):
            yield plain(image, "…")


@thing_rule(
    "image-not-pinned",
    types=tuple(_IMAGES),
    severity="warning",
    family="leaks",
    title="An image is run without a version",
    why="What runs changes when somebody pushes, tested by nobody, and a rollback has nothing to go back to.",
    source="https://learn.microsoft.com/azure/container-registry/container-registry-image-tag-version",
    bad="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"template":
 {"containers": [{"name": "shop", "image": "shop.azurecr.io/shop:latest"}]}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"template":
 {"containers": [{"name": "shop", "image": "shop.azurecr.io/shop:2026-11-21"}]}}}""",
)
def image_not_pinned(thing: Thing, things: Things) -> Iterator[Found]:
    for image in _images(thing):
        name, _, tag = image.rpartition("/")[2].partition(":")
        if "@" not in image and name != "…" and not name.endswith("…") and tag in ("", "latest"):
            yield Found(
                what=f"{image} is whatever was pushed last",
                fix=f"{image.removesuffix(':latest')}:1.2.3, or its digest: @sha256:…",
            )


@thing_rule(
    "image-of-others",
    types=tuple(_IMAGES),
    severity="warning",
    family="leaks",
    title="An image is pulled from a registry of others each time it starts",
    why="Whoever owns it, or takes it over, changes what runs; when it is down, nothing starts.",
    source="https://learn.microsoft.com/azure/container-registry/container-registry-import-images",
    bad="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"template":
 {"containers": [{"name": "shop", "image": "docker.io/somebody/shop:1.2"}]}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "shop", "properties": {"template":
 {"containers": [{"name": "shop", "image": "shop.azurecr.io/shop:1.2"}]}}}""",
)
def image_of_others(thing: Thing, things: Things) -> Iterator[Found]:
    """Microsoft's own registry counts as known, and so does one that is signed in to."""
    own = {
        text(each, "server")
        for path in ("properties.configuration.registries", "properties.imageRegistryCredentials")
        for each in each_in(thing, path)
    }
    for image in _images(thing):
        host, slash, _ = image.partition("/")
        named = bool(slash) and ("." in host or ":" in host)
        if host in own or "…" in (host if slash else image):
            continue
        if not named or not host.endswith((".azurecr.io", "mcr.microsoft.com")):
            where = host if named else "docker.io"
            yield Found(
                what=f"{image} comes from {where}",
                fix=f"az acr import --name … --source {image if named else f'docker.io/{_official(image)}'}",
            )


def _official(image: str) -> str:
    return image if "/" in image else f"library/{image}"


@thing_rule(
    "sandbox-reaches-out",
    types=("Microsoft.App/sessionPools",),
    severity="warning",
    family="leaks",
    title="Code that nobody trusts may reach the internet",
    why="It can send away whatever it is given, attack others in your name, or fetch what it was not given.",
    source="https://learn.microsoft.com/azure/container-apps/sessions",
    bad="""
from seatrial import System

shop = System("shop")
shop.sandbox("box", "box", port=8080, internet=True)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.sandbox("box", "box", port=8080)
""",
)
def sandbox_reaches_out(thing: Thing, things: Things) -> Iterator[Found]:
    if text(thing, "properties.sessionNetworkConfiguration.status") == "EgressEnabled":
        fix = (
            "internet=False" if thing.part else '"sessionNetworkConfiguration": {"status": "EgressDisabled"}'
        )
        yield Found(what="sessions may reach the internet", fix=fix)


_PLAIN = re.compile(
    r"(ftp|smtp|ldap|redis|amqp|mqtt|mongodb)://(?!localhost|127\.|\[::1\])[^\s]", re.IGNORECASE
)
_INSTEAD = {
    "ftp": "sftp://",
    "smtp": "smtps://",
    "ldap": "ldaps://",
    "redis": "rediss://",
    "amqp": "amqps://",
    "mqtt": "mqtts://",
    "mongodb": "mongodb+srv://",
}


@thing_rule(
    "plain-protocol",
    types=tuple(_IMAGES),
    severity="warning",
    family="leaks",
    title="A process is told to speak to another without TLS",
    why="What it sends, its password first of all, goes over the network as it is.",
    source="https://learn.microsoft.com/azure/well-architected/security/encryption",
    bad="""
from seatrial import System

shop = System("shop")
shop.worker("mailer", "mail", env={"MAIL_HOST": "smtp://mail.example.com:25"})
""",
    good="""
from seatrial import System

shop = System("shop")
shop.worker("mailer", "mail", env={"MAIL_HOST": "smtps://mail.example.com:465"})
""",
)
def plain_protocol(thing: Thing, things: Things) -> Iterator[Found]:
    path = next(found for type, found in _IMAGES.items() if type.lower() == thing.type.lower())
    for container in each_in(thing, path):
        for settings in ("env", "properties.environmentVariables"):
            for each in each_in(container, settings):
                value = text(each, "value")
                if (found := _PLAIN.match(value)) and "tls=true" not in value.lower():
                    yield Found(
                        what=f"{text(each, 'name')} begins with {found[1]}://",
                        fix=_INSTEAD[found[1].lower()],
                    )
