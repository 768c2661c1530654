from typing import Any

import pytest

from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.values import Id, Out
from seatrial.model import System

ROUTES = "Microsoft.Cdn/profiles/afdEndpoints/routes"
ORIGINS = "Microsoft.Cdn/profiles/originGroups/origins"
POLICIES = "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies"


def town(also_in: tuple[str, ...] = (), region: str = "eastus2", **said: Any) -> Graph:
    """A site and a service behind one door."""
    system = System("town", region=region, also_in=also_in)
    pages = system.site("pages", directory="web", port=8080)
    api = system.service("api", "serve", port=8000, health="/health")
    system.front_door("door", routes={"/*": pages, "/api/*": api, "/feed": api}, **said)
    return graph(system.plan())


def by_name(resources: tuple[Resource, ...]) -> dict[Any, dict[str, Any]]:
    return {each.ref.name: each.body["properties"] for each in resources}


def test_each_route_leads_where_it_says_over_https_only() -> None:
    routes = by_name(town().of(ROUTES))

    assert {name: said["patternsToMatch"] for name, said in routes.items()} == {
        "pages": ["/*"],
        "api": ["/api/*", "/feed"],
    }
    assert {said["httpsRedirect"] for said in routes.values()} == {"Enabled"}
    assert {said["forwardingProtocol"] for said in routes.values()} == {"HttpsOnly"}


def test_premium_comes_to_container_apps_by_a_private_link_and_the_world_does_not() -> None:
    graph = town()

    (environment,) = graph.of("Microsoft.App/managedEnvironments")
    (api,) = (each for each in graph.of(ORIGINS) if each.ref.parent and each.ref.parent.name == "api")
    link = api.body["properties"]["sharedPrivateLinkResource"]
    assert link["privateLink"] == {"id": Id(of=environment.ref)}
    assert link["groupId"] == "managedEnvironments"
    assert environment.body["properties"]["publicNetworkAccess"] == "Disabled"
    assert environment.body["properties"]["vnetConfiguration"]["internal"] is False


def test_standard_comes_by_the_public_address() -> None:
    graph = town(tier="standard")

    assert all("sharedPrivateLinkResource" not in each.body["properties"] for each in graph.of(ORIGINS))
    assert graph.of("Microsoft.Cdn/profiles")[0].body["sku"] == {"name": "Standard_AzureFrontDoor"}


@pytest.mark.parametrize(
    ("region", "linked_from"),
    [("eastus2", "eastus2"), ("westus2", "centralus"), ("southeastasia", "eastasia")],
)
def test_a_link_begins_in_a_region_that_has_links(region: str, linked_from: str) -> None:
    (api,) = (each for each in town(region=region).of(ORIGINS) if "by a private link" in each.why)

    assert api.body["properties"]["sharedPrivateLinkResource"]["privateLinkLocation"] == linked_from


def test_every_region_is_an_origin_and_probed_where_there_is_another_to_turn_to() -> None:
    one, two = town(), town(also_in=("westeurope",))

    groups = "Microsoft.Cdn/profiles/originGroups"
    assert "healthProbeSettings" not in by_name(one.of(groups))["api"]
    assert by_name(two.of(groups))["api"]["healthProbeSettings"]["probePath"] == "/health"
    api = [each.ref.name for each in two.of(ORIGINS) if each.ref.parent and each.ref.parent.name == "api"]
    assert api == ["eastus2", "westeurope"]
    # A static site is one, wherever one asks
    assert len(two.of(ORIGINS)) == 3


def test_premium_has_microsofts_rules_and_both_tiers_the_limit() -> None:
    (premium,) = town(limit="1000/min").of(POLICIES)
    (standard,) = town(limit="1000/min", tier="standard").of(POLICIES)

    sets = premium.body["properties"]["managedRules"]["managedRuleSets"]
    assert [each["ruleSetType"] for each in sets] == [
        "Microsoft_DefaultRuleSet",
        "Microsoft_BotManagerRuleSet",
    ]
    assert "managedRules" not in standard.body["properties"]
    for policy in (premium, standard):
        (rule,) = policy.body["properties"]["customRules"]["rules"]
        assert (rule["rateLimitThreshold"], rule["rateLimitDurationInMinutes"]) == (1000, 1)


@pytest.mark.parametrize(
    ("limit", "counted"),
    [("20/s", (1200, 1)), ("90/min", (90, 1)), ("5/min", (25, 5)), ("600/h", (10, 1))],
)
def test_a_limit_is_counted_in_one_minute_or_in_five(limit: str, counted: tuple[int, int]) -> None:
    (policy,) = town(limit=limit).of(POLICIES)
    (rule,) = policy.body["properties"]["customRules"]["rules"]

    assert (rule["rateLimitThreshold"], rule["rateLimitDurationInMinutes"]) == counted


def test_a_limit_too_low_to_be_counted_is_refused() -> None:
    with pytest.raises(Refused, match="counts 10 at least"):
        town(limit="1/min")


def test_the_firewall_stands_before_every_door_or_nowhere() -> None:
    guarded, open_ = town(domain="town.example.org"), town(waf="off")

    (policy,) = guarded.of("Microsoft.Cdn/profiles/securityPolicies")
    (association,) = policy.body["properties"]["parameters"]["associations"]
    doors = {each["id"].of.type for each in association["domains"]}
    assert doors == {"Microsoft.Cdn/profiles/afdEndpoints", "Microsoft.Cdn/profiles/customDomains"}
    assert not open_.of(POLICIES)
    assert not open_.of("Microsoft.Cdn/profiles/securityPolicies")


def test_with_a_domain_azures_own_name_leads_nowhere() -> None:
    graph = town(domain="town.example.org")

    (domain,) = graph.of("Microsoft.Cdn/profiles/customDomains")
    assert domain.body["properties"]["tlsSettings"]["minimumTlsVersion"] == "TLS12"
    for route in by_name(graph.of(ROUTES)).values():
        assert route["customDomains"] == [{"id": Id(of=domain.ref)}]
        assert route["linkToDefaultDomain"] == "Disabled"


def test_answers_are_kept_as_long_as_said_and_never_those_for_one_person() -> None:
    system = System("town")
    pages = system.site("pages", directory="web", port=8080)
    mine = system.service("mine", "serve", port=8000, sign_in=True)
    system.front_door("door", routes={"/*": pages, "/mine/*": mine}, cache="90 min")

    built = graph(system.plan())

    (rule,) = built.of("Microsoft.Cdn/profiles/ruleSets/rules")
    (action,) = rule.body["properties"]["actions"]
    assert action["parameters"]["cacheConfiguration"]["cacheDuration"] == "0.01:30:00"
    routes = by_name(built.of(ROUTES))
    assert "cacheConfiguration" in routes["pages"]
    assert "cacheConfiguration" not in routes["mine"]


def test_a_site_is_reached_where_it_says_it_answers() -> None:
    built = town()

    (site,) = built.of("Microsoft.Web/staticSites")
    (origin,) = (each for each in built.of(ORIGINS) if each.ref.parent and each.ref.parent.name == "pages")
    assert origin.body["properties"]["hostName"] == Out(of=site.ref, path="properties.defaultHostname")


def test_what_is_before_the_star_is_cut_off_unless_it_is_the_name_of_an_api() -> None:
    system = System("town")
    api = system.service("api", "serve", port=8000)
    gateway = system.api_management("gateway", apis={"trees": api}, publisher="Town")
    system.front_door("door", routes={"/api/*": gateway, "/trees/*": gateway})

    routes = by_name(graph(system.plan()).of(ROUTES))

    assert routes["gateway-without-prefix"]["patternsToMatch"] == ["/api/*"]
    assert routes["gateway-without-prefix"]["originPath"] == "/"
    assert routes["gateway"]["patternsToMatch"] == ["/trees/*"]
    assert "originPath" not in routes["gateway"]
