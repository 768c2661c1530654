"""Application Gateway: a region's entrance, in the tier `edge` of its network.

Its certificate is given by an operator and kept in the vault, where the gateway reads it, and no other
secret, as an identity of its own. Renewed there, or by the next deployment, it is taken within four hours.
Without a domain the gateway answers to Azure's name for its address.
Source: https://learn.microsoft.com/azure/application-gateway/key-vault-certs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure import access, hosts, identity, network, secret, waf
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.regions import in_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Inside, Parameter, Ref, Text, join
from seatrial.model import ApplicationGateway, Service

__all__ = ["certificate", "gateway", "hostname", "resources", "variables"]

TLS = "AppGwSslPolicy20220101S"
"""TLS 1.2 and 1.3 with ciphers that keep their secrets.
Source: https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview"""

NOBODY = "nobody"
"""The pool behind paths that lead nowhere."""


def gateway(part: ApplicationGateway, at: Stamp) -> Ref:
    return Ref(type="Microsoft.Network/applicationGateways", name=at.name(part.name))


def hostname(part: ApplicationGateway, at: Stamp) -> Text:
    """Where this region's gateway answers, whatever other names lead there."""
    return join(_label(part, at), f".{at.region}.cloudapp.azure.com")


def variables(part: ApplicationGateway, at: Stamp) -> Mapping[str, Text]:
    """What its users are given."""
    name = part.name.upper().replace("-", "_")
    return {f"{name}_URL": join("https://", part.domain or hostname(part, at))}


def resources(part: ApplicationGateway, at: Stamp) -> Iterator[Resource]:
    """The gateway, its identity, its certificate, its address, its firewall."""
    who = identity.resource(part.name, at, f"Who {part.name} is when it reads its certificate", part.name)
    why = f"{part.name} reads its certificate, and no other secret"
    right = access.assign("Key Vault Secrets User", certificate(part, at), part.name, at, why, part.name)
    yield who
    yield _kept(part, at)
    yield right
    yield network.address_resource(
        part.name, "Where the world finds the gateway", part.name, at, "edge", _label(part, at)
    )
    if part.waf != "off":
        yield waf.gateway_policy(part, at)
    fewest, most = part.capacity
    yield Resource(
        ref=gateway(part, at),
        module="edge",
        region=at.region,
        symbol=camel(part.name),
        why=f"The region's entrance: TLS ends here, {fewest} to {most} instances",
        part=part.name,
        location=at.region,
        after=(right.ref,),
        body={
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {Id(of=who.ref): {}}},
            **in_zones(at.region),
            "properties": _properties(part, at),
        },
    )


def certificate(part: ApplicationGateway, at: Stamp) -> Ref:
    """Where the vault keeps its certificate, and the key that belongs to it."""
    return secret.vault(at).child("secrets", f"{part.name}-certificate")


def _kept(part: ApplicationGateway, at: Stamp) -> Resource:
    """The certificate, as the file that gateways take: PKCS #12, without a password, in base64.

    Source: https://learn.microsoft.com/azure/application-gateway/key-vault-certs#supported-certificates
    """
    name = part.domain or "the name that leads to it"
    value = Parameter(
        name=camel(part.name, "certificate"),
        why=f"The certificate of {part.name} for {name}, with its key: a PKCS #12 without password, base64",
        secret=True,
    )
    expires = Parameter(
        name=camel(part.name, "certificate expires"),
        why=f"When the certificate of {part.name} ends, in seconds since 1970",
        kind="int",
    )
    return Resource(
        ref=certificate(part, at),
        module="vault",
        region=at.region,
        symbol=camel(part.name, "certificate"),
        why=f"Keeps the certificate of {part.name}",
        part=part.name,
        body={
            "properties": {
                "value": value,
                "contentType": "application/x-pkcs12",
                "attributes": {"enabled": True, "exp": expires},
            }
        },
    )


def _label(part: ApplicationGateway, at: Stamp) -> Text:
    return at.worldwide(f"{at.plan.name}-{part.name}")


def _properties(part: ApplicationGateway, at: Stamp) -> dict[str, Any]:
    sku = "Standard_v2" if part.waf == "off" else "WAF_v2"
    services = tuple(dict.fromkeys(part.routes.values()))
    inside = _Inside(part, at)
    address = {"id": Id(of=network.address(part.name, at))}
    return {
        "sku": {"name": sku, "tier": sku},
        "autoscaleConfiguration": {"minCapacity": part.capacity[0], "maxCapacity": part.capacity[1]},
        "enableHttp2": True,
        "sslPolicy": {"policyType": "Predefined", "policyName": TLS},
        **({"firewallPolicy": {"id": Id(of=waf.before_gateway(part, at))}} if part.waf != "off" else {}),
        "gatewayIPConfigurations": [_named("in", {"subnet": {"id": Id(of=network.subnet("edge", at))}})],
        "frontendIPConfigurations": [_named("world", {"publicIPAddress": address})],
        "frontendPorts": [_named("http", {"port": 80}), _named("https", {"port": 443})],
        "sslCertificates": [_named("certificate", {"keyVaultSecretId": secret.uri(certificate(part, at))})],
        "httpListeners": [
            _named("http", _listener(part, inside, "http")),
            _named(
                "https",
                _listener(part, inside, "https")
                | {"sslCertificate": inside("sslCertificates", "certificate")},
            ),
        ],
        "backendAddressPools": [
            *(_named(each.name, {"backendAddresses": [{"fqdn": _host(each, at)}]}) for each in services),
            _named(NOBODY, {"backendAddresses": []}),
        ],
        "probes": [_named(each.name, _probe(each)) for each in services],
        "backendHttpSettingsCollection": [_named(each.name, _settings(each, inside)) for each in services],
        "rewriteRuleSets": [_named("told", {"rewriteRules": [_TOLD]})],
        "redirectConfigurations": [
            _named(
                "to-https",
                {
                    "redirectType": "Permanent",
                    "targetListener": inside("httpListeners", "https"),
                    "includePath": True,
                    "includeQueryString": True,
                },
            )
        ],
        "urlPathMaps": [_named("paths", _paths(part, inside))],
        "requestRoutingRules": [
            _named(
                "https",
                {
                    "ruleType": "PathBasedRouting",
                    "priority": 100,
                    "httpListener": inside("httpListeners", "https"),
                    "urlPathMap": inside("urlPathMaps", "paths"),
                },
            ),
            _named(
                "http",
                {
                    "ruleType": "Basic",
                    "priority": 200,
                    "httpListener": inside("httpListeners", "http"),
                    "redirectConfiguration": inside("redirectConfigurations", "to-https"),
                },
            ),
        ],
    }


_TOLD = {
    "name": "original-host",
    "ruleSequence": 100,
    "actionSet": {
        "requestHeaderConfigurations": [{"headerName": "X-Forwarded-Host", "headerValue": "{http_req_host}"}]
    },
}
"""Services are told the name that was asked for: the one in `Host` is their own.
Source: https://learn.microsoft.com/azure/container-apps/waf-app-gateway"""


class _Inside:
    """Names pieces of a gateway inside of it."""

    def __init__(self, part: ApplicationGateway, at: Stamp) -> None:
        self._gateway = gateway(part, at)

    def __call__(self, kind: str, name: str) -> dict[str, Text]:
        return {"id": Inside(of=self._gateway, kind=kind, name=name)}


def _named(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "properties": properties}


def _listener(part: ApplicationGateway, inside: _Inside, protocol: str) -> dict[str, Any]:
    return {
        "frontendIPConfiguration": inside("frontendIPConfigurations", "world"),
        "frontendPort": inside("frontendPorts", protocol),
        "protocol": protocol.capitalize(),
        **({"hostName": part.domain} if part.domain else {}),
        **({"requireServerNameIndication": True} if part.domain and protocol == "https" else {}),
    }


def _host(service: Service, at: Stamp) -> Text:
    return hosts.hostname(service, at)


def _speaks(service: Service) -> tuple[str, int]:
    """Container Instances answer without TLS, inside the network only."""
    return ("Http", service.port) if service.hosted_by == "container instances" else ("Https", 443)


def _probe(service: Service) -> dict[str, Any]:
    return {
        "protocol": _speaks(service)[0],
        "path": service.health,
        "pickHostNameFromBackendHttpSettings": True,
        "interval": 30,
        "timeout": 30,
        "unhealthyThreshold": 3,
        "match": {"statusCodes": ["200-299"]},
    }


def _settings(service: Service, inside: _Inside) -> dict[str, Any]:
    protocol, port = _speaks(service)
    return {
        "protocol": protocol,
        "port": port,
        "pickHostNameFromBackendAddress": True,
        "cookieBasedAffinity": "Disabled",
        "requestTimeout": 60,
        "connectionDraining": {"enabled": True, "drainTimeoutInSec": 60},
        "probe": inside("probes", service.name),
    }


def _paths(part: ApplicationGateway, inside: _Inside) -> dict[str, Any]:
    """The routes; `/*` is what is left when no other fits, and without it nothing is."""
    rest = part.routes.get("/*")
    default = (
        {
            "defaultBackendAddressPool": inside("backendAddressPools", rest.name),
            "defaultBackendHttpSettings": inside("backendHttpSettingsCollection", rest.name),
        }
        if rest
        else {
            "defaultBackendAddressPool": inside("backendAddressPools", NOBODY),
            "defaultBackendHttpSettings": inside(
                "backendHttpSettingsCollection", next(iter(part.routes.values())).name
            ),
        }
    )
    told = inside("rewriteRuleSets", "told")
    return {
        **default,
        "defaultRewriteRuleSet": told,
        "pathRules": [
            _named(
                f"path-{number}",
                {
                    "paths": [pattern],
                    "backendAddressPool": inside("backendAddressPools", service.name),
                    "backendHttpSettings": inside("backendHttpSettingsCollection", service.name),
                    "rewriteRuleSet": told,
                },
            )
            for number, (pattern, service) in enumerate(part.routes.items(), 1)
            if pattern != "/*"
        ],
    }
