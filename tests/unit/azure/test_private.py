from seatrial.azure import network, private
from seatrial.azure.graph import Resource, assembled
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.model import Plan, System

ZONE = "privatelink.blob.core.windows.net"


def plan(also_in: tuple[str, ...] = ()) -> Plan:
    system = System("kiosk", region="eastus2", also_in=also_in)
    system.blobs("models")
    return system.plan()


def account(name: str) -> Ref:
    return Ref(type="Microsoft.Storage/storageAccounts", name=name)


def made(of: Plan, *names: str) -> list[Resource]:
    return [
        resource
        for region in of.regions
        for name in names
        for resource in private.endpoint(
            account(f"{name}{region}"), "blob", ZONE, Stamp(plan=of, region=region), name, f"{name}Account"
        )
    ]


def test_an_endpoint_leads_from_its_subnet_to_one_part_of_the_resource() -> None:
    at = Stamp(plan=plan(), region="eastus2")

    (endpoint,) = (r for r in made(plan(), "models") if r.type == "Microsoft.Network/privateEndpoints")

    assert endpoint.ref.name == "models-account-endpoint"
    assert endpoint.body["properties"]["subnet"] == {"id": Id(of=network.subnet("endpoints", at))}
    (connection,) = endpoint.body["properties"]["privateLinkServiceConnections"]
    assert connection["properties"] == {
        "privateLinkServiceId": Id(of=account("modelseastus2")),
        "groupIds": ["blob"],
    }


def test_two_endpoints_share_one_zone_of_names() -> None:
    graph = assembled(plan(), made(plan(), "models", "videos"))

    (zone,) = graph.of("Microsoft.Network/privateDnsZones")
    groups = graph.of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
    assert zone.ref.name == ZONE
    assert len(groups) == 2
    for group in groups:
        (config,) = group.body["properties"]["privateDnsZoneConfigs"]
        assert config["properties"]["privateDnsZoneId"] == Id(of=zone.ref)


def test_the_networks_of_all_regions_ask_the_same_zone() -> None:
    both = plan(also_in=("westeurope",))

    graph = assembled(both, made(both, "models"))

    (zone,) = graph.of("Microsoft.Network/privateDnsZones")
    links = graph.of("Microsoft.Network/privateDnsZones/virtualNetworkLinks")
    assert zone.region == "eastus2"
    assert [link.body["properties"]["virtualNetwork"]["id"].of.name for link in links] == [
        "kiosk-eastus2",
        "kiosk-westeurope",
    ]
    assert len(graph.of("Microsoft.Network/privateEndpoints")) == 2
