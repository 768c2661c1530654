"""Will Azure take edges, networks, names and regions, alerts and quotas: beyond the examples of the rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Check

NETWORK = "Microsoft.Network/virtualNetworks"
SUBNET = "Microsoft.Network/virtualNetworks/subnets"


def _found(checked: Check, resources: Any) -> dict[str, list[str]]:
    """By rule, what is said."""
    found: dict[str, list[str]] = {}
    for each in checked(json.dumps(resources)).findings:
        found.setdefault(each.rule, []).append(each.what)
    return found


def _network(*subnets: tuple[str, str], space: str = "10.0.0.0/16") -> dict[str, Any]:
    inside = [{"name": name, "properties": {"addressPrefix": prefix}} for name, prefix in subnets]
    return {
        "type": NETWORK,
        "name": "net",
        "properties": {"addressSpace": {"addressPrefixes": [space]}, "subnets": inside},
    }


# -- networks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "prefix", "told"),
    [
        ("AzureBastionSubnet", "10.0.1.0/26", False),
        ("azurebastionsubnet", "10.0.1.0/27", True),  # Azure does not mind the case of names
        ("AzureFirewallSubnet", "10.0.1.0/26", False),
        ("AzureFirewallSubnet", "10.0.1.0/27", True),
        ("GatewaySubnet", "10.0.1.0/27", False),
        ("GatewaySubnet", "10.0.1.0/30", True),
        ("apps", "10.0.1.0/29", False),  # the smallest that any subnet may be
        ("apps", "10.0.1.0/30", True),
    ],
)
def test_a_subnet_has_the_addresses_that_its_tenant_wants(
    name: str, prefix: str, told: bool, checked: Check
) -> None:
    assert ("subnet-too-small" in _found(checked, _network((name, prefix)))) == told


@pytest.mark.parametrize(
    ("service", "longest"),
    [
        ("Microsoft.App/environments", 27),
        ("Microsoft.Web/serverFarms", 28),
        ("Microsoft.DBforPostgreSQL/flexibleServers", 28),
    ],
)
def test_a_subnet_that_is_handed_over_has_the_addresses_its_service_wants(
    service: str, longest: int, checked: Check
) -> None:
    def subnet(length: int) -> dict[str, Any]:
        handed = [{"name": "to", "properties": {"serviceName": service}}]
        properties = {"addressPrefix": f"10.0.4.0/{length}", "delegations": handed}
        return {"type": SUBNET, "name": "net/some", "properties": properties}

    assert "subnet-too-small" not in _found(checked, subnet(longest))
    assert "subnet-too-small" in _found(checked, subnet(longest + 1))


def test_a_subnet_outside_of_its_network_is_told(checked: Check) -> None:
    found = _found(checked, _network(("apps", "10.1.0.0/24")))

    assert found["subnet-apart"] == ["apps has 10.1.0.0/24, outside of 10.0.0.0/16"]


def test_a_network_with_an_address_that_is_not_known_is_not_judged(checked: Check) -> None:
    network = _network(("apps", "[parameters('apps')]"), space="[parameters('space')]")

    assert not {"subnet-apart", "subnet-too-small", "network-reserved"} & _found(checked, network).keys()


def test_networks_that_are_not_joined_may_overlap(checked: Check) -> None:
    there = _network() | {"name": "there"}

    assert "peered-networks-overlap" not in _found(checked, [_network(), there])


@pytest.mark.parametrize(("name", "told"), [("vpn", True), ("GatewaySubnet", False)])
def test_a_subnet_is_known_by_its_name_in_an_expression_too(name: str, told: bool, checked: Check) -> None:
    subnet = {"id": f"[resourceId('{SUBNET}', parameters('net'), '{name}')]"}
    gateway = {
        "type": "Microsoft.Network/virtualNetworkGateways",
        "apiVersion": "2025-01-01",
        "name": "vpn",
        "properties": {"ipConfigurations": [{"properties": {"subnet": subnet}}]},
    }

    assert ("subnet-name-prescribed" in _found(checked, {"resources": [gateway]})) == told


@pytest.mark.parametrize(
    ("address", "told"), [("172.16.0.10", False), ("172.16.0.1", True), ("10.9.9.9", True)]
)
def test_a_clusters_name_service_stands_among_its_services(address: str, told: bool, checked: Check) -> None:
    profile = {"serviceCidr": "172.16.0.0/16", "dnsServiceIP": address}
    cluster = {
        "type": "Microsoft.ContainerService/managedClusters",
        "name": "cluster",
        "properties": {"networkProfile": profile},
    }

    assert ("cluster-name-service" in _found(checked, cluster)) == told


@pytest.mark.parametrize(
    ("way", "told"), [({}, True), ({"natGateway": {"id": "a"}}, False), ({"routeTable": {"id": "b"}}, False)]
)
def test_groups_of_containers_leave_a_network_by_a_gateway_or_a_route(
    way: dict[str, Any], told: bool, checked: Check
) -> None:
    handed = [{"name": "to", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}]
    network = _network()
    network["properties"]["subnets"] = [
        {"name": "groups", "properties": {"addressPrefix": "10.0.4.0/24", "delegations": handed, **way}}
    ]
    group = {
        "type": "Microsoft.ContainerInstance/containerGroups",
        "name": "packer",
        "properties": {"subnetIds": [{"id": "groups"}]},
    }

    assert ("container-group-way-out" in _found(checked, [network, group])) == told
    assert "container-group-way-out" not in _found(checked, group)  # its subnet is made elsewhere


# -- edges ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probe", "told"),
    [
        ({"protocol": "HTTPS", "path": "/", "intervalInSeconds": 30, "timeoutInSeconds": 10}, False),
        ({"protocol": "HTTPS", "path": "/", "intervalInSeconds": 20, "timeoutInSeconds": 10}, True),
        ({"protocol": "HTTPS", "path": "/", "intervalInSeconds": 10, "timeoutInSeconds": 9}, False),
        ({"protocol": "HTTPS", "path": "/", "timeoutInSeconds": 4}, True),
        ({"protocol": "HTTPS", "path": "health"}, True),
        ({"protocol": "HTTP"}, True),
        ({"protocol": "TCP"}, False),
        ({"protocol": "TCP", "path": "/health"}, True),
        ({"protocol": "HTTPS", "path": "[parameters('path')]"}, False),
    ],
)
def test_traffic_manager_asks_only_in_ways_that_it_knows(
    probe: dict[str, Any], told: bool, checked: Check
) -> None:
    profile = {
        "type": "Microsoft.Network/trafficManagerProfiles",
        "name": "shop",
        "properties": {"monitorConfig": probe},
    }

    assert ("traffic-manager-probe" in _found(checked, profile)) == told


@pytest.mark.parametrize(
    ("tier", "joins", "told"),
    [
        ("Developer", "Internal", False),
        ("Premium", "External", False),
        ("StandardV2", "External", False),
        ("StandardV2", "Internal", True),
        ("Standard", "External", True),
        ("Consumption", "None", False),
    ],
)
def test_api_management_joins_a_network_in_the_ways_of_its_tier(
    tier: str, joins: str, told: bool, checked: Check
) -> None:
    service = {
        "type": "Microsoft.ApiManagement/service",
        "name": "[parameters('name')]",
        "sku": {"name": tier, "capacity": 0 if tier == "Consumption" else 1},
        "properties": {"virtualNetworkType": joins},
    }

    assert ("api-management-network" in _found(checked, service)) == told


def test_api_management_stands_in_zones_in_its_premium_tier_only(checked: Check) -> None:
    def service(tier: str) -> dict[str, Any]:
        sku = {"name": tier, "capacity": 1}
        return {"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": sku, "zones": ["1", "2"]}

    assert "api-management-regions" in _found(checked, service("Standard"))
    assert "api-management-regions" not in _found(checked, service("Premium"))


def test_a_classic_front_door_is_told_and_a_new_one_is_not(checked: Check) -> None:
    assert "front-door-classic" in _found(checked, {"type": "Microsoft.Network/frontDoors", "name": "shop"})
    new = {"type": "Microsoft.Cdn/profiles", "name": "shop", "sku": {"name": "Premium_AzureFrontDoor"}}
    assert "front-door-classic" not in _found(checked, new)


def test_of_two_front_doors_that_of_the_firewalls_tier_is_meant(checked: Check) -> None:
    kinds = ("Standard_AzureFrontDoor", "Premium_AzureFrontDoor")
    profiles = [{"type": "Microsoft.Cdn/profiles", "name": each, "sku": {"name": each}} for each in kinds]
    firewall = {
        "type": "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",
        "name": "waf",
        "sku": {"name": kinds[0]},
    }

    assert "front-door-firewall-tier" not in _found(checked, [*profiles, firewall])


# -- names and regions ----------------------------------------------------------------------------------


def _vault(name: str) -> dict[str, Any]:
    return {"type": "Microsoft.KeyVault/vaults", "name": name, "properties": {}}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("shop-vault", "template-name-worldwide"),
        ("a-vault-with-a-very-long-name", "template-name-unfit"),  # 29 characters, where vaults have 24
        ("shop--vault", "template-name-unfit"),
        ("loginvault", "template-name-reserved"),
        ("my-Windows-vault", "template-name-reserved"),
    ],
)
def test_a_name_that_a_template_writes_out_is_judged(name: str, rule: str, checked: Check) -> None:
    assert rule in _found(checked, _vault(name))


@pytest.mark.parametrize("name", ["[parameters('vaultName')]", "[concat('windows', uniqueString('x'))]"])
def test_a_name_that_an_expression_makes_is_not_judged(name: str, checked: Check) -> None:
    template: dict[str, Any] = {"resources": [_vault(name) | {"apiVersion": "2024-11-01"}]}
    template |= {"parameters": {"vaultName": {"type": "string", "defaultValue": "windows"}}}

    assert not any(each.startswith("template-name") for each in _found(checked, template))


@pytest.mark.parametrize(
    ("type", "asks"),
    [
        ("Microsoft.App/managedEnvironments", {"properties": {"zoneRedundant": True}}),
        ("Microsoft.ContainerRegistry/registries", {"properties": {"zoneRedundancy": "Enabled"}}),
        ("Microsoft.Network/applicationGateways", {"zones": ["1", "2", "3"]}),
    ],
)
def test_zones_are_told_where_a_region_has_none(type: str, asks: dict[str, Any], checked: Check) -> None:
    def here(region: str) -> dict[str, Any]:
        return {"type": type, "name": "[parameters('name')]", "location": region, **asks}

    assert "zones-not-in-region" in _found(checked, here("West US"))
    assert "zones-not-in-region" not in _found(checked, here("westus2"))
    assert "zones-not-in-region" not in _found(checked, here("usgovvirginia"))  # of which we know nothing


# -- the watch ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "window", "told"),
    [
        ("PT5M", "PT15M", False),
        ("PT1M", "PT1M", False),
        ("PT1H", "PT24H", False),
        ("PT10M", "PT15M", True),  # not among the steps
        ("PT5M", "PT10M", True),  # not among the windows
        ("PT1H", "PT5M", True),  # looks back less far than to its last look
    ],
)
def test_a_metric_alert_looks_at_times_that_azure_knows(
    step: str, window: str, told: bool, checked: Check
) -> None:
    rule = {
        "type": "Microsoft.Insights/metricAlerts",
        "name": "busy",
        "properties": {"evaluationFrequency": step, "windowSize": window, "actions": [{}]},
    }

    assert ("alert-times" in _found(checked, rule)) == told


@pytest.mark.parametrize(
    ("step", "window", "told"),
    [("PT10M", "PT45M", False), ("PT1H", "PT12H", False), ("P1D", "P2D", False), ("PT1H", "P3D", True)],
)
def test_a_question_to_the_logs_has_times_of_its_own(
    step: str, window: str, told: bool, checked: Check
) -> None:
    actions = {"actionGroups": ["a"]}
    rule = {
        "type": "Microsoft.Insights/scheduledQueryRules",
        "name": "busy",
        "properties": {"evaluationFrequency": step, "windowSize": window, "actions": actions},
    }

    assert ("alert-times" in _found(checked, rule)) == told


def test_a_free_workspace_keeps_what_it_keeps(checked: Check) -> None:
    workspace = {
        "type": "Microsoft.OperationalInsights/workspaces",
        "name": "logs",
        "properties": {"sku": {"name": "Free"}, "retentionInDays": 7},
    }

    assert "logs-retention" not in _found(checked, workspace)


def test_a_budget_has_five_notices_at_most(checked: Check) -> None:
    def budget(count: int) -> dict[str, Any]:
        notices = {f"at{share}": {"threshold": share} for share in range(10, 10 + count)}
        return {
            "type": "Microsoft.Consumption/budgets",
            "name": "b",
            "properties": {"notifications": notices},
        }

    assert "budget-notices" not in _found(checked, budget(5))
    assert _found(checked, budget(6))["budget-notices"] == ["6 notices, where Azure takes 5"]


def test_a_vault_keeps_what_is_deleted_for_7_to_90_days(checked: Check) -> None:
    def vault(days: int) -> dict[str, Any]:
        return {
            "type": "Microsoft.KeyVault/vaults",
            "name": "[parameters('v')]",
            "properties": {"softDeleteRetentionInDays": days},
        }

    assert "vault-soft-delete" not in _found(checked, vault(7))
    assert "vault-soft-delete" in _found(checked, vault(6))
    assert "vault-soft-delete" in _found(checked, vault(120))


def test_a_basic_registry_has_no_copies(checked: Check) -> None:
    registry = {"type": "Microsoft.ContainerRegistry/registries", "name": "images", "sku": {"name": "Basic"}}
    copy = {"type": "Microsoft.ContainerRegistry/registries/replications", "name": "images/westus2"}

    assert _found(checked, [registry, copy])["registry-premium-only"] == [
        "copies in other regions of the tier Basic"
    ]


# -- quotas ---------------------------------------------------------------------------------------------


def test_gpus_are_told_by_their_cores_and_spot_apart(checked: Check) -> None:
    def pool(**properties: Any) -> dict[str, Any]:
        kind = "Microsoft.ContainerService/managedClusters/agentPools"
        return {"type": kind, "name": "cluster/gpus", "location": "eastus2", "properties": properties}

    # 8 cores a machine, 3 of them
    assert _found(checked, pool(vmSize="Standard_NC8as_T4_v3", count=3))["quota-gpu"] == [
        "Standard_NC8as_T4_v3, up to 3 of them: 24 cores of that family"
    ]
    spot = pool(vmSize="Standard_NC4as_T4_v3", maxCount=20, scaleSetPriority="Spot")
    assert "80 cores for spot machines" in _found(checked, spot)["quota-gpu"][0]


def test_all_apps_of_an_environment_share_its_first_cores(checked: Check) -> None:
    """Two of 60 cores at most are above 100 together, and neither is alone."""

    def shop(most: int) -> str:
        return f"""
from seatrial import System, requests

shop = System("shop")
for number, name in enumerate(("web", "api")):
    shop.service(name, "serve", port=8000 + number, health="/", cpu=2, memory="4 GiB",
                 replicas=(1, {most}), scale=[requests(50)], public=True)
"""

    assert "quota-container-apps" in {each.rule for each in checked(shop(30)).findings}
    assert "quota-container-apps" not in {each.rule for each in checked(shop(25)).findings}
