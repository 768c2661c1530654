from ipaddress import IPv4Network
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.azure import addresses, security_groups
from seatrial.azure.security_groups import Rule
from seatrial.azure.stamp import Stamp
from seatrial.model import ApiTier, Blobs, Cache, Host, Part, Plan, Postgres, System, Tier, uses_of

TIER_OF: dict[Host, Tier] = {
    "container apps": "apps",
    "app service": "web",
    "container instances": "instances",
    "aks": "cluster",
}
PORTS: dict[type[Part], str] = {Postgres: "5432", Blobs: "443", Cache: "10000"}


def rules(tier: Tier, plan: Plan) -> dict[str, Rule]:
    at = Stamp(plan=plan, region="eastus2")
    return {rule.name: rule for rule in security_groups.rules(tier, at)}


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """One service on each of some hosts, each with some of three stores. Images are not private."""
    system = System("maze", region="eastus2")
    network: Any = draw(st.sampled_from(("private endpoint", "subnet")))
    stores: list[Part] = [
        system.postgres("rows", cores=2, storage="32 GiB", network=network),
        system.blobs("files"),
        system.cache("memory", memory="1 GiB"),
    ]
    hosts: list[Host] = draw(st.lists(st.sampled_from(get_args(Host)), unique=True))
    for port, host in enumerate(hosts, 8000):
        uses = draw(st.lists(st.sampled_from(stores), unique_by=lambda part: part.name))
        system.service(TIER_OF[host], "run", port=port, host=host, uses=uses, replicas=(1, 1))
    system.registry("images", tier="standard")
    return system.plan()


@settings(max_examples=80, deadline=None)
@given(plans())
def test_every_use_has_the_way_it_needs_and_there_is_no_other(plan: Plan) -> None:
    wanted = set()
    for tier in TIER_OF.values():
        for process in (part for part in plan.parts if part.name == tier):
            for used in uses_of(process):
                inside = isinstance(used, Postgres) and used.network == "subnet"
                wanted.add((tier, "data" if inside else "endpoints", PORTS[type(used)]))

    here = addresses.layout(plan, "eastus2")
    tiers = {str(network): tier for tier, network in here.items()}
    opened = {
        (tiers[source], target, port)
        for target in here
        for rule in rules(target, plan).values()
        for source in rule.sources
        if source in tiers and tiers[source] != target
        for port in rule.ports
    }
    assert opened == wanted


def test_the_first_rule_that_fits_a_stranger_refuses() -> None:
    system = System("maze", region="eastus2")
    rows = system.postgres("rows", cores=2, storage="32 GiB", network="subnet")
    system.worker("digger", "dig", uses=[rows])
    plan = system.plan()

    stranger = IPv4Network("10.0.200.0/24")
    for tier in addresses.needed(plan):
        fitting = [
            rule
            for rule in rules(tier, plan).values()
            if not rule.outbound and any(fits(stranger, source) for source in rule.sources)
        ]
        assert fitting[0].refuses


def fits(network: IPv4Network, source: str) -> bool:
    """Whether a rule's source covers a network. Service tags stand for others' addresses."""
    return source == "*" or (source[0].isdigit() and network.subnet_of(IPv4Network(source)))


@pytest.mark.parametrize(
    ("tier", "before", "source"),
    [
        ("premium", False, "Internet"),
        ("premium", True, "AzureFrontDoor.Backend"),
        ("standard v2", True, None),
    ],
)
def test_a_gateway_of_apis_that_stands_inside_is_called_from_where_its_callers_are(
    tier: ApiTier, before: bool, source: str | None
) -> None:
    system = System("maze", region="eastus2")
    web = system.service("web", "serve", port=8000)
    gateway = system.api_management("gateway", apis={"web": web}, publisher="Maze", tier=tier)
    if before:
        system.front_door("door", routes={"/*": gateway})

    found = rules("apis", system.plan())

    assert ("from-world" in found) is (source is not None)
    if source is not None:
        assert found["from-world"].sources == (source,)
        assert found["from-azure"].ports == ("3443",)


def test_the_world_reaches_a_cluster_only_where_something_on_it_is_public() -> None:
    for public in (True, False):
        system = System("maze", region="eastus2")
        system.service("web", "serve", port=8000, host="aks", public=public)

        assert ("from-internet" in rules("cluster", system.plan())) is public


def test_a_long_list_of_what_is_reached_is_cut_and_says_so() -> None:
    system = System("maze", region="eastus2")
    stores = [system.blobs(f"store-with-a-long-name-{number}") for number in range(12)]
    system.worker("digger", "dig", uses=stores)

    why = rules("endpoints", system.plan())["from-apps"].why

    assert len(why) <= 140
    assert why.endswith("more")
