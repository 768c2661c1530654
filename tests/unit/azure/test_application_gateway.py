import json
from typing import Any

import pytest

from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.azure.roles import ROLES
from seatrial.azure.values import Id, Inside, Out, expressions, plain
from seatrial.model import System

GATEWAYS = "Microsoft.Network/applicationGateways"


def square(also_in: tuple[str, ...] = (), **said: Any) -> Graph:
    """Two services behind one gateway."""
    system = System("square", region="eastus2", also_in=also_in)
    web = system.service("web", "serve", port=8000, health="/ready")
    feed = system.service("feed", "serve", port=8001, health="/health")
    system.application_gateway("gateway", routes={"/*": web, "/feed/*": feed}, **said)
    return graph(system.plan())


def properties(built: Graph) -> dict[str, Any]:
    (gateway,) = built.of(GATEWAYS)
    return dict(gateway.body["properties"])


def named(pieces: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each["properties"] for each in pieces}


def last(reference: dict[str, Any]) -> str:
    """The name of a piece of the gateway that another piece names."""
    return str(reference["id"].name)


def test_http_is_sent_on_to_https() -> None:
    said = properties(square())

    listeners = named(said["httpListeners"])
    assert {name: each["protocol"] for name, each in listeners.items()} == {"http": "Http", "https": "Https"}
    rules = named(said["requestRoutingRules"])
    redirect = named(said["redirectConfigurations"])[last(rules["http"]["redirectConfiguration"])]
    assert last(redirect["targetListener"]) == "https"
    assert said["sslPolicy"]["policyName"] == "AppGwSslPolicy20220101S"


def test_paths_lead_to_services_under_their_own_names_and_probes() -> None:
    said = properties(square())

    (paths,) = named(said["urlPathMaps"]).values()
    assert last(paths["defaultBackendAddressPool"]) == "web"
    (rule,) = named(paths["pathRules"]).values()
    assert rule["paths"] == ["/feed/*"]
    assert last(rule["backendAddressPool"]) == "feed"
    for name, settings in named(said["backendHttpSettingsCollection"]).items():
        assert (settings["protocol"], settings["port"]) == ("Https", 443)
        assert settings["pickHostNameFromBackendAddress"] is True
        assert last(settings["probe"]) == name
    assert named(said["probes"])["web"]["path"] == "/ready"


def test_paths_that_lead_nowhere_are_answered_by_nobody() -> None:
    system = System("square")
    feed = system.service("feed", "serve", port=8001)
    system.application_gateway("gateway", routes={"/feed/*": feed})

    said = properties(graph(system.plan()))

    (paths,) = named(said["urlPathMaps"]).values()
    assert named(said["backendAddressPools"])[last(paths["defaultBackendAddressPool"])] == {
        "backendAddresses": []
    }


def test_every_piece_that_is_named_is_there() -> None:
    said = properties(square())
    there = {
        f"/{kind}/{each['name']}" for kind, all_ in said.items() if isinstance(all_, list) for each in all_
    }

    mentioned = [each for each in expressions(said) if isinstance(each, Inside)]

    assert {f"/{each.kind}/{each.name}" for each in mentioned} <= there
    assert mentioned


def test_its_identity_may_read_its_certificate_from_the_vault_and_nothing_else() -> None:
    built = square()

    (gateway,) = built.of(GATEWAYS)
    ((identity, _),) = gateway.body["identity"]["userAssignedIdentities"].items()
    (kept,) = built.of("Microsoft.KeyVault/vaults/secrets")
    (right,) = (
        each
        for each in built.of("Microsoft.Authorization/roleAssignments")
        if each.body["properties"]["principalId"].of == identity.of
    )
    assert right.scope == kept.ref
    assert right.ref in gateway.after
    assert ROLES["Key Vault Secrets User"] in plain(right.body["properties"]["roleDefinitionId"])
    (certificate,) = named(properties(built)["sslCertificates"]).values()
    assert certificate["keyVaultSecretId"] == Out(of=kept.ref, path="properties.secretUri")
    assert kept.body["properties"]["value"].secret
    assert kept.body["properties"]["value"].default is None


@pytest.mark.parametrize(
    ("waf", "sku", "mode"), [("prevention", "WAF_v2", "Prevention"), ("off", None, None)]
)
def test_the_firewall_is_there_unless_it_is_off(waf: Any, sku: str | None, mode: str | None) -> None:
    built = square(waf=waf)

    policies = built.of("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies")
    assert properties(built)["sku"]["name"] == (sku or "Standard_v2")
    assert [each.body["properties"]["policySettings"]["mode"] for each in policies] == (
        [mode] if mode else []
    )
    assert ("firewallPolicy" in properties(built)) is bool(mode)


def test_with_a_domain_it_answers_to_that_name_only() -> None:
    said = properties(square(domain="square.example.org"))

    assert {each["hostName"] for each in named(said["httpListeners"]).values()} == {"square.example.org"}


def test_every_region_has_a_gateway_at_an_address_of_its_own() -> None:
    built = square(also_in=("westeurope",))

    labels = {
        plain(each.body["properties"]["dnsSettings"]["domainNameLabel"], each.region)
        for each in built.of("Microsoft.Network/publicIPAddresses")
    }
    assert labels == {"square-gateway-eastus2", "square-gateway-westeurope"}


def test_users_are_given_its_address() -> None:
    system = System("square")
    web = system.service("web", "serve", port=8000)
    gateway = system.application_gateway("front-gate", routes={"/*": web}, domain="square.example.org")
    system.worker("checker", "check", uses=[gateway])

    built = graph(system.plan())

    (app,) = (each for each in built.of("Microsoft.App/containerApps") if each.ref.name == "checker")
    (container,) = app.body["properties"]["template"]["containers"]
    given = {each["name"]: each.get("value") for each in container["env"]}
    assert given["FRONT_GATE_URL"] == "https://square.example.org"


def test_container_instances_are_reached_without_tls_inside_the_network() -> None:
    system = System("square")
    web = system.service("web", "serve", port=8000, host="container instances", replicas=(1, 1))
    system.application_gateway("gateway", routes={"/*": web})

    (settings,) = named(properties(graph(system.plan()))["backendHttpSettingsCollection"]).values()

    assert (settings["protocol"], settings["port"]) == ("Http", 8000)


def test_no_secret_stands_in_it() -> None:
    text = json.dumps(properties(square()), default=repr)

    assert "password" not in text.lower()
    assert Id.__name__ in text  # what is not plain was looked at as well
