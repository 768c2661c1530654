from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.azure import addresses, network, security_groups
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, assembled
from seatrial.azure.security_groups import Rule
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out
from seatrial.model import TIERS, Plan, System, Tier


def shop(also_in: tuple[str, ...] = (), **said: Any) -> Plan:
    """A service on Container Apps with a database and blobs, behind an application gateway."""
    system = System("shop", region="eastus2", also_in=also_in)
    orders = system.postgres("orders", cores=2, storage="32 GiB", **said.pop("postgres", {}))
    pictures = system.blobs("pictures")
    web = system.service("web", "serve", port=8000, health="/health", uses=[orders, pictures])
    system.application_gateway("gateway", routes={"/*": web})
    if said:
        system.network("net", **said)
    return system.plan()


def built(plan: Plan) -> Graph:
    return assembled(
        plan,
        [each for region in plan.regions for each in network.resources(Stamp(plan=plan, region=region))],
    )


def rules(tier: Tier, plan: Plan, region: str = "eastus2") -> dict[str, Rule]:
    return {rule.name: rule for rule in security_groups.rules(tier, Stamp(plan=plan, region=region))}


def subnets(graph: Graph) -> dict[Any, dict[str, Any]]:
    return {
        each.ref.name: each.body["properties"]
        for each in graph.of("Microsoft.Network/virtualNetworks/subnets")
    }


# -- addresses ------------------------------------------------------------------------------------------


def test_a_plan_gets_the_tiers_it_has_use_for() -> None:
    assert set(subnets(built(shop()))) == {"edge", "apps", "endpoints"}
    assert set(subnets(built(shop(bastion=True, vpn=True, firewall=True)))) == {
        *("edge", "apps", "endpoints"),
        *("AzureBastionSubnet", "GatewaySubnet", "AzureFirewallSubnet"),
    }
    assert "data" in subnets(built(shop(postgres={"network": "subnet"})))


def test_a_plan_of_static_files_has_no_network() -> None:
    system = System("leaflet")
    system.site("pages", directory="web", port=8000)

    assert not built(system.plan()).resources


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[Tier, str]]:
    """A space, what else is asked of the network, and addresses for some of its tiers."""
    length = draw(st.integers(16, 22))
    space = next(IPv4Network(f"10.{draw(st.integers(0, 200))}.0.0/16").subnets(new_prefix=length))
    wanted = {name: draw(st.booleans()) for name in ("nat", "firewall", "bastion", "vpn")}
    given: dict[Tier, str] = {}
    if draw(st.booleans()):
        tiers: tuple[Tier, ...] = ("edge", "apps", "data", "endpoints")
        tier = draw(st.sampled_from(tiers))
        places = list(space.subnets(new_prefix=26))
        given[tier] = str(places[draw(st.integers(0, len(places) - 1))])
    return str(space), wanted, given


@settings(max_examples=60, deadline=None)
@given(plans())
def test_tiers_lie_inside_the_space_and_apart(said: tuple[str, dict[str, Any], dict[Tier, str]]) -> None:
    space, wanted, given_ones = said
    plan = shop(space=space, subnets=given_ones, **wanted)

    placed = addresses.layout(plan, "eastus2")

    tiers = list(placed.values())
    assert all(each.subnet_of(IPv4Network(space)) for each in tiers)
    assert not any(one.overlaps(other) for one in tiers for other in tiers if one is not other)
    assert all(placed[tier] == IPv4Network(text) for tier, text in given_ones.items() if tier in placed)


@settings(max_examples=30, deadline=None)
@given(plans())
def test_a_tier_keeps_its_addresses_when_others_appear(
    said: tuple[str, dict[str, Any], dict[Tier, str]],
) -> None:
    space, wanted, given_ones = said
    few = addresses.layout(shop(space=space, subnets=given_ones), "eastus2")

    more = addresses.layout(
        shop(space=space, subnets=given_ones, postgres={"network": "subnet"}, **wanted), "eastus2"
    )

    assert {tier: more[tier] for tier in few} == few


def test_the_smallest_space_is_shared_by_the_tiers_that_are_needed() -> None:
    placed = addresses.layout(shop(space="10.0.0.0/24", bastion=True), "eastus2")

    assert {tier: str(each) for tier, each in placed.items()} == {
        "edge": "10.0.0.0/26",
        "bastion": "10.0.0.64/26",
        "apps": "10.0.0.128/27",
        "endpoints": "10.0.0.160/28",
    }


def test_a_further_region_has_the_next_addresses_of_the_same_size() -> None:
    plan = shop(also_in=("westeurope",), space="10.8.0.0/16", subnets={"apps": "10.8.10.0/23"})

    assert str(addresses.space(plan, "westeurope")) == "10.9.0.0/16"
    assert str(addresses.layout(plan, "westeurope")["apps"]) == "10.9.10.0/23"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"subnets": {"apps": "10.0.4.0/28"}}, "too small for the tier apps: Azure wants /27 at least"),
        ({"space": "10.0.0.0/24", "bastion": True, "firewall": True, "vpn": True}, "has no room for edge"),
        ({"space": "172.30.0.0/16"}, "inside 172.30.0.0/16, which it keeps for itself"),
        ({"also_in": ("westus2",), "space": "192.168.0.0/16"}, "addresses that belong to others"),
    ],
)
def test_addresses_that_cannot_be_had_are_refused(said: dict[str, Any], what: str) -> None:
    with pytest.raises(Refused) as refused:
        built(shop(**said))

    (trouble,) = refused.value.troubles
    assert what in trouble.what
    assert trouble.part == "net"
    assert trouble.hint


def test_a_cluster_needs_addresses_for_its_nodes() -> None:
    system = System("farm")
    system.node_pool("pool", machine="Standard_D4s_v5", nodes=(1, 30))
    system.network("net", subnets={"cluster": "10.0.0.0/27"})

    with pytest.raises(Refused, match=r"has 27 addresses for 33"):
        built(system.plan())


# -- who may come in ------------------------------------------------------------------------------------


def test_each_tier_lets_in_who_uses_it_and_refuses_the_rest() -> None:
    plan = shop()

    assert list(rules("apps", plan)) == ["from-apps", "from-balancer", "from-edge", "refuse-the-rest"]
    endpoints = rules("endpoints", plan)
    assert endpoints["from-apps"].ports == ("443", "5432")
    assert endpoints["from-edge"].ports == ("443",)  # the certificate in the vault
    assert set(endpoints) == {"from-apps", "from-edge", "refuse-the-rest", "begin-nothing"}


def test_a_database_in_a_subnet_is_reached_there_and_not_by_endpoint() -> None:
    plan = shop(postgres={"network": "subnet"})

    assert rules("endpoints", plan)["from-apps"].ports == ("443",)
    assert rules("data", plan)["from-apps"].ports == ("5432",)
    assert "from-edge" not in rules("data", plan)


def test_what_nobody_uses_is_reached_by_nobody() -> None:
    system = System("attic", region="eastus2")
    system.blobs("boxes")

    assert set(rules("endpoints", system.plan())) == {"refuse-the-rest", "begin-nothing"}


def test_container_instances_ask_neither_the_registry_nor_the_vault() -> None:
    system = System("kiln", region="eastus2")
    key = system.secret("key")
    pots = system.blobs("pots")
    system.worker("potter", "turn", uses=[key, pots], host="container instances", replicas=(1, 1))
    system.worker("seller", "sell", uses=[key])

    found = rules("endpoints", system.plan())

    assert found["from-instances"].why == "To reach pots"
    assert found["from-apps"].why == "To reach key, the registry"


def test_refusals_come_last_in_both_directions() -> None:
    (group,) = (
        each
        for each in built(shop()).of("Microsoft.Network/networkSecurityGroups")
        if each.ref.name == "endpoints-rules"
    )

    said = [rule["properties"] for rule in group.body["properties"]["securityRules"]]

    last = [(rule["access"], rule["direction"]) for rule in said if rule["priority"] == 4096]
    assert last == [("Deny", "Inbound"), ("Deny", "Outbound")]
    assert all(rule["access"] == "Allow" for rule in said if rule["priority"] < 4096)
    assert all(len(rule["description"]) <= 140 for rule in said)


def test_administrators_come_to_bastion_from_their_own_addresses_only() -> None:
    plan = shop(bastion=True, administrators=["203.0.113.0/24", "198.51.100.7/32"])

    assert rules("bastion", plan)["from-administrators"].sources == ("203.0.113.0/24", "198.51.100.7/32")
    assert rules("bastion", shop(bastion=True))["from-administrators"].sources == ("Internet",)


def test_clients_of_the_vpn_reach_stores_and_never_share_addresses_with_the_network() -> None:
    plan = shop(vpn=True, space="172.16.0.0/12")

    assert rules("endpoints", plan)["from-vpn"].sources == ("10.255.200.0/24",)
    assert rules("endpoints", plan)["from-vpn"].ports == ("443", "5432")


def test_the_tiers_of_the_gateways_have_no_group() -> None:
    plan = built(shop(vpn=True, firewall=True))

    assert {name for name, said in subnets(plan).items() if "networkSecurityGroup" not in said} == {
        "GatewaySubnet",
        "AzureFirewallSubnet",
    }


# -- the ways out ---------------------------------------------------------------------------------------


def test_nothing_goes_out_by_an_address_that_azure_lends() -> None:
    assert all(said["defaultOutboundAccess"] is False for said in subnets(built(shop())).values())


def test_with_nat_what_runs_goes_out_by_one_address() -> None:
    graph = built(shop(nat=True))

    assert [name for name, said in subnets(graph).items() if "natGateway" in said] == ["apps"]
    (nat,) = graph.of("Microsoft.Network/natGateways")
    (address,) = nat.body["properties"]["publicIpAddresses"]
    assert address["id"] in {Id(of=each.ref) for each in graph.of("Microsoft.Network/publicIPAddresses")}


def test_with_a_firewall_what_runs_goes_out_through_it_to_known_hosts_only() -> None:
    graph = built(shop(firewall=True, reaches=["eventregistry.org"]))

    (routes,) = graph.of("Microsoft.Network/routeTables")
    (route,) = routes.body["properties"]["routes"]
    (firewall,) = graph.of("Microsoft.Network/azureFirewalls")
    assert route["properties"]["nextHopIpAddress"] == Out(
        of=firewall.ref, path="properties.ipConfigurations[0].properties.privateIPAddress"
    )
    assert subnets(graph)["apps"]["routeTable"] == {"id": Id(of=routes.ref)}
    assert "routeTable" not in subnets(graph)["endpoints"]
    assert "eventregistry.org" in set(hosts(graph))


def hosts(graph: Graph) -> Iterator[str]:
    (group,) = graph.of("Microsoft.Network/firewallPolicies/ruleCollectionGroups")
    for collection in group.body["properties"]["ruleCollections"]:
        for rule in collection["rules"]:
            yield from rule.get("targetFqdns", ())


def test_with_both_the_firewall_goes_out_by_the_fixed_address() -> None:
    graph = subnets(built(shop(firewall=True, nat=True)))

    assert [name for name, said in graph.items() if "natGateway" in said] == ["AzureFirewallSubnet"]


def test_each_service_has_a_subnet_handed_over_to_it() -> None:
    system = System("zoo")
    machines = system.app_service_plan("machines", size="P1v3")
    system.worker("lion", "run", host="container apps")
    system.worker("bear", "run", host="container instances")
    system.worker("wolf", "run", host=machines)

    found = subnets(built(system.plan()))

    services = {
        name: each["properties"]["serviceName"]
        for name, said in found.items()
        for each in said.get("delegations", ())
    }
    assert services == {
        "apps": "Microsoft.App/environments",
        "web": "Microsoft.Web/serverFarms",
        "instances": "Microsoft.ContainerInstance/containerGroups",
    }


def test_subnets_are_made_one_after_the_other() -> None:
    made = built(shop(bastion=True)).of("Microsoft.Network/virtualNetworks/subnets")

    assert [each.after for each in made] == [(), *((each.ref,) for each in made[:-1])]


def test_names_of_container_apps_lead_to_the_private_address_of_their_environment() -> None:
    made = {each.ref: each for each in network.resources(Stamp(plan=shop(), region="eastus2"))}

    (address,) = (each for each in made.values() if each.type == "Microsoft.Network/privateDnsZones/A")
    assert address.ref.parent in made
    (record,) = address.body["properties"]["aRecords"]
    assert record["ipv4Address"].path == "properties.staticIp"


# -- several regions ------------------------------------------------------------------------------------


def test_networks_are_joined_when_something_private_stands_in_the_first_region_only() -> None:
    plan = shop(also_in=("westeurope", "southeastasia"))
    joined = built(plan).of("Microsoft.Network/virtualNetworks/virtualNetworkPeerings")

    assert {(each.ref.parent.name, each.ref.name) for each in joined if each.ref.parent} == {
        ("shop-eastus2", "to-westeurope"),
        ("shop-westeurope", "to-eastus2"),
        ("shop-eastus2", "to-southeastasia"),
        ("shop-southeastasia", "to-eastus2"),
    }
    far = rules("endpoints", plan)["from-apps-elsewhere"]
    assert far.sources == ("10.1.64.0/23", "10.2.64.0/23")
    assert far.ports == ("443",)
    assert "from-apps-elsewhere" not in rules("endpoints", plan, "westeurope")


def test_networks_are_apart_when_nothing_asks_for_more() -> None:
    system = System("twins", region="eastus2", also_in=["westeurope"])
    system.worker("one", "run")
    system.registry("images", tier="standard")

    assert not built(system.plan()).of("Microsoft.Network/virtualNetworks/virtualNetworkPeerings")


def test_every_tier_has_a_size_and_a_meaning() -> None:
    assert set(addresses.SIZES) == set(network.MEANINGS) == set(TIERS)
