from typing import Any
from xml.etree import ElementTree

import pytest

from seatrial.azure import api_policies
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.roles import ROLES
from seatrial.azure.values import Id, Join, Out, Parameter, plain
from seatrial.model import ApiTier, Rate, System, product

SERVICE = "Microsoft.ApiManagement/service"


def library(tier: ApiTier = "standard v2", front_door: bool = False, **said: Any) -> Graph:
    """One service published as two APIs, with two products."""
    system = System("library", region="eastus2")
    books = system.service("books", "serve", port=8000)
    gateway = system.api_management(
        "gateway",
        apis={"search": books, "loans": books},
        publisher="Town library",
        tier=tier,
        products=[
            product("free", calls="10/min", quota="1000/day"),
            product("partner", calls="50/s", approval=True),
        ],
        **said,
    )
    if front_door:
        system.front_door("door", routes={"/*": gateway})
    return graph(system.plan())


def only(built: Graph, kind: str = SERVICE) -> Resource:
    (found,) = built.of(kind)
    return found


def policy(resource: Resource) -> ElementTree.Element:
    return ElementTree.fromstring(plain(resource.body["properties"]["value"]))


def named(built: Graph, kind: str) -> dict[Any, Resource]:
    return {each.ref.name: each for each in built.of(f"{SERVICE}/{kind}")}


def test_each_api_has_its_version_in_its_path_and_lets_every_call_through() -> None:
    built = library(version="v2")

    api = named(built, "apis")["search-v2"].body["properties"]
    versions = named(built, "apiVersionSets")["search"]
    assert (api["path"], api["apiVersion"], api["apiVersionSetId"]) == ("search", "v2", Id(of=versions.ref))
    assert versions.body["properties"]["versioningScheme"] == "Segment"
    operations = [
        each.body["properties"]
        for each in built.of(f"{SERVICE}/apis/operations")
        if each.ref.parent and each.ref.parent.name == "search-v2"
    ]
    assert {each["method"] for each in operations} == {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert {each["urlTemplate"] for each in operations} == {"/*"}


def test_an_api_leads_to_its_service() -> None:
    built = library()

    (app,) = (each for each in built.of("Microsoft.App/containerApps") if each.ref.name == "books")
    backend = named(built, "backends")["books"].body["properties"]
    assert backend["url"].pieces == (
        "https://",
        Out(of=app.ref, path="properties.configuration.ingress.fqdn"),
    )
    assert backend["tls"] == {"validateCertificateChain": True, "validateCertificateName": True}
    for each in built.of(f"{SERVICE}/apis/policies"):
        found = policy(each).find("inbound/set-backend-service")
        assert found is not None
        assert found.get("backend-id") == "books"


def test_a_product_allows_so_many_calls_and_gives_every_api() -> None:
    built = library()

    limits = {
        each.ref.parent.name: {child.tag: child.attrib for child in policy(each).iterfind("inbound/*")}
        for each in built.of(f"{SERVICE}/products/policies")
        if each.ref.parent
    }
    assert limits["free"]["rate-limit"] == {"calls": "10", "renewal-period": "60"}
    assert limits["free"]["quota"] == {"calls": "1000", "renewal-period": "86400"}
    assert limits["partner"]["rate-limit"] == {"calls": "50", "renewal-period": "1"}
    assert "quota" not in limits["partner"]
    products = named(built, "products")
    assert products["partner"].body["properties"]["approvalRequired"] is True
    assert products["free"].body["properties"]["approvalRequired"] is False
    assert len(built.of(f"{SERVICE}/products/apis")) == 4


@pytest.mark.parametrize(
    ("calls", "counted"),
    [
        ("20/s", (20, 1)),
        ("0.5/s", (30, 60)),
        ("90/min", (90, 60)),
        ("1200/h", (100, 300)),
        ("1/day", (1, 300)),
    ],
)
def test_a_limit_is_counted_in_windows_that_azure_knows(calls: str, counted: tuple[int, int]) -> None:
    assert api_policies.window(Rate.parse(calls)) == counted


def test_without_products_nobody_needs_a_key() -> None:
    system = System("library")
    books = system.service("books", "serve", port=8000)
    system.api_management("gateway", apis={"search": books}, publisher="Town library")

    (api,) = graph(system.plan()).of(f"{SERVICE}/apis")

    assert api.body["properties"]["subscriptionRequired"] is False
    assert named(library(), "apis")["search-v1"].body["properties"]["subscriptionRequired"] is True


@pytest.mark.parametrize(
    ("tier", "sku", "network"),
    [
        ("consumption", ("Consumption", 0), "None"),
        ("developer", ("Developer", 1), "None"),
        ("basic v2", ("BasicV2", 1), "None"),
        ("standard v2", ("StandardV2", 1), "External"),
        ("premium", ("Premium", 1), "External"),
    ],
)
def test_each_tier_reaches_services_as_it_can(tier: ApiTier, sku: tuple[str, int], network: str) -> None:
    built = library(tier=tier)

    gateway = only(built)
    assert (gateway.body["sku"]["name"], gateway.body["sku"]["capacity"]) == sku
    assert gateway.body["properties"]["virtualNetworkType"] == network
    tiers = {each.ref.name for each in built.of("Microsoft.Network/virtualNetworks/subnets")}
    assert ("apis" in tiers) is (network == "External")
    (environment,) = built.of("Microsoft.App/managedEnvironments")
    world = network == "None"
    assert environment.body["properties"]["publicNetworkAccess"] == ("Enabled" if world else "Disabled")


def test_more_units_than_the_tier_has_are_refused() -> None:
    with pytest.raises(Refused, match="units=11: the standard v2 tier has 10 at most"):
        library(units=11)


def test_answers_tell_nothing_of_what_made_them() -> None:
    (everything,) = library().of(f"{SERVICE}/policies")

    removed = {
        part: {each.get("name") for each in policy(everything).iterfind(f"{part}/set-header")}
        for part in ("outbound", "on-error")
    }
    assert removed["outbound"] == removed["on-error"] >= {"Server", "X-Powered-By"}


def test_behind_a_front_door_only_what_came_through_it_is_answered() -> None:
    built = library(front_door=True)

    (everything,) = built.of(f"{SERVICE}/policies")
    check = policy(everything).find("inbound/check-header")
    assert check is not None
    assert check.get("name") == "X-Azure-FDID"
    value = everything.body["properties"]["value"]
    assert isinstance(value, Join)
    (profile,) = built.of("Microsoft.Cdn/profiles")
    assert Out(of=profile.ref, path="properties.frontDoorId") in value.pieces
    access = only(built).body["properties"]["publicNetworkAccess"]
    assert isinstance(access, Parameter)
    assert access.default == "Enabled"  # Azure closes it only once the private link stands


def test_with_nothing_before_it_everybody_is_answered() -> None:
    (everything,) = library().of(f"{SERVICE}/policies")

    assert policy(everything).find("inbound/check-header") is None


def test_calls_are_told_of_by_identity_and_never_with_an_address() -> None:
    built = library()

    logger = only(built, f"{SERVICE}/loggers").body["properties"]
    ((identity, _),) = only(built).body["identity"]["userAssignedIdentities"].items()
    assert logger["credentials"]["identityClientId"] == Out(of=identity.of, path="properties.clientId")
    insights = logger["resourceId"].of
    (right,) = (
        each
        for each in built.of("Microsoft.Authorization/roleAssignments")
        if each.scope == insights and each.body["properties"]["principalId"].of == identity.of
    )
    assert ROLES["Monitoring Metrics Publisher"] in plain(right.body["properties"]["roleDefinitionId"])
    assert only(built, f"{SERVICE}/diagnostics").body["properties"]["logClientIp"] is False


def test_every_region_has_a_gateway_of_its_own() -> None:
    system = System("library", region="eastus2", also_in=["westeurope"])
    books = system.service("books", "serve", port=8000)
    system.api_management("gateway", apis={"search": books}, publisher="Town library")

    assert {each.location for each in graph(system.plan()).of(SERVICE)} == {"eastus2", "westeurope"}


def test_users_are_given_its_address() -> None:
    system = System("library")
    books = system.service("books", "serve", port=8000)
    gateway = system.api_management("gateway", apis={"search": books}, publisher="Town library")
    system.worker("reader", "read", uses=[gateway])

    built = graph(system.plan())

    (app,) = (each for each in built.of("Microsoft.App/containerApps") if each.ref.name == "reader")
    (container,) = app.body["properties"]["template"]["containers"]
    given = {each["name"]: each.get("value") for each in container["env"]}
    assert plain(given["GATEWAY_URL"], "?") == "https://library-gateway-?.azure-api.net"
