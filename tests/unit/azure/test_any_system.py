"""Whatever valid system is described: what it becomes is valid, the same each time, and lets in who must."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial import System
from seatrial.azure import arm, bicep, terraform
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.roles import ROLES
from seatrial.azure.values import Id, Out, expressions, plain
from seatrial.model import Plan

JUDGES = Path(__file__).resolve().parents[2] / "judges"


class Process(NamedTuple):
    word: str
    all: frozenset[str]
    reads: frozenset[str]
    sends: frozenset[str]
    receives: frozenset[str]


class Description(NamedTuple):
    """What a system is made of, from which it can be made again."""

    regions: tuple[str, ...]
    stores: frozenset[str]
    network: str
    sign_in: str
    processes: tuple[Process, ...]


STORES = {"crossings": "postgres", "tickets": "blobs", "photos": "blobs", "orders": "queue"} | {
    "events": "queue",
    "seats": "cache",
    "harbour-key": "secret",
    "asker": "model",
}
READABLE = {name for name, kind in STORES.items() if kind == "blobs"}
QUEUES = {name for name, kind in STORES.items() if kind == "queue"}


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    stores = draw(st.frozensets(st.sampled_from(sorted(STORES))))
    processes = []
    for word in draw(
        st.lists(st.sampled_from(["service", "public", "worker", "job"]), min_size=1, max_size=4)
    ):
        used = draw(st.frozensets(st.sampled_from(sorted(stores)))) if stores else frozenset()
        how = {name: draw(st.sampled_from(_words(name))) for name in sorted(used)}
        named = {
            word: frozenset(name for name in how if how[name] == word)
            for word in ("all", "reads", "sends", "receives")
        }
        processes.append(Process(word=word, **named))
    return Description(
        regions=draw(st.sampled_from([("eastus2",), ("westeurope",), ("eastus2", "westeurope")])),
        stores=stores,
        network=draw(st.sampled_from(["private endpoint", "subnet"])),
        sign_in=draw(st.sampled_from(["identity", "password"])),
        processes=tuple(processes),
    )


def _words(name: str) -> list[str]:
    if name in READABLE:
        return ["all", "reads"]
    return ["all", "sends", "receives"] if name in QUEUES else ["all"]


def plan_of(described: Description) -> Plan:
    first, *others = described.regions
    ferry = System("ferry", title="Crossings, and who is aboard", region=first, also_in=others)
    make = {
        "postgres": lambda name: ferry.postgres(name, network=described.network, sign_in=described.sign_in),
        "blobs": ferry.blobs,
        "queue": ferry.queue,
        "cache": ferry.cache,
        "secret": ferry.secret,
        "model": lambda name: ferry.model_api(name, model="text-embedding-3-small"),
    }
    parts = {name: make[STORES[name]](name) for name in sorted(described.stores)}
    for port, (name, process) in enumerate(named(described), 8000):
        words = {
            "uses": [parts[each] for each in sorted(process.all)],
            "reads": [parts[each] for each in sorted(process.reads)],
            "sends": [parts[each] for each in sorted(process.sends)],
            "receives": [parts[each] for each in sorted(process.receives)],
        }
        if process.word == "worker":
            ferry.worker(name, "run", **words)
        elif process.word == "job":
            ferry.job(name, "run", **words)
        else:
            ferry.service(name, "serve", port=port, public=process.word == "public", **words)
    return ferry.plan()


def named(described: Description) -> Iterator[tuple[str, Process]]:
    for index, process in enumerate(described.processes):
        yield f"{process.word}-{index}", process


@cache
def judge() -> Any:
    """The judge that holds templates to Azure's schemas."""
    sys.path.insert(0, str(JUDGES))
    try:
        import validate_arm
    finally:
        sys.path.remove(str(JUDGES))
    return validate_arm.Checker(validate_arm.Schemas())


often = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(descriptions())
def test_it_is_valid_by_azures_schemas(described: Description) -> None:
    assert judge().template(arm.template(graph(plan_of(described)))) == ([], [])


@often
@given(descriptions())
def test_it_is_the_same_each_time(described: Description) -> None:
    once, again = graph(plan_of(described)), graph(plan_of(described))
    assert once is not again
    assert arm.text(once) == arm.text(again)
    assert bicep.files(once) == bicep.files(again)
    assert terraform.files(once) == terraform.files(again)


@often
@given(descriptions())
def test_no_two_resources_share_a_name_and_each_that_is_named_is_there(described: Description) -> None:
    becomes = graph(plan_of(described))
    names = [
        (each.type.lower(), *(_spelt(name) for name in each.ref.names), each.scope)
        for each in becomes.resources
    ]
    assert len(names) == len(set(names))
    for each in becomes.resources:
        assert [need for need in each.needs if need not in becomes.by_ref] == [], each.why


def _spelt(name: object) -> object:
    """A name without regard to case, as Azure compares it."""
    return name.lower() if isinstance(name, str) else name


@often
@given(descriptions())
def test_each_use_has_exactly_the_rights_it_needs(described: Description) -> None:
    becomes = graph(plan_of(described))
    expected = {
        (f"{name}-identity", right)
        for name, process in named(described)
        for right in _rights(process, described)
    }
    for region in described.regions:
        # A right names the identity of one region; in one region only, names are without it.
        given_there = set(_given(becomes, region, described))
        assert {each for each in given_there if _of_a_process(each[0])} == expected


def _rights(process: Process, described: Description) -> Iterator[tuple[str, str | None]]:
    """Each role, and the part that it is for; None: the ground that all stand on."""
    yield "AcrPull", None
    yield "Monitoring Metrics Publisher", None
    for name in process.all | process.reads | process.sends | process.receives:
        match STORES[name]:
            case "blobs":
                reads = name in process.reads
                yield f"Storage Blob Data {'Reader' if reads else 'Contributor'}", name
            case "queue":
                if name not in process.receives:
                    yield "Azure Service Bus Data Sender", name
                if name not in process.sends:
                    yield "Azure Service Bus Data Receiver", name
            case "secret":
                yield "Key Vault Secrets User", name
            case "model":
                yield "Cognitive Services OpenAI User", name
            case "cache":
                yield "default", name
            case "postgres" if described.sign_in == "password":
                yield "Key Vault Secrets User", name


def _given(
    becomes: Graph, region: str, described: Description
) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Who is given which right for what, in a region."""
    roles = {guid: role for role, guid in ROLES.items()}
    tail = f"-{region}" if len(described.regions) > 1 else ""
    for each in becomes.resources:
        if each.region != region:
            continue
        if each.type == "Microsoft.Authorization/roleAssignments":
            properties = each.body["properties"]
            role = roles[plain(properties["roleDefinitionId"]).rpartition("/")[2]]
            ground = role in ("AcrPull", "Monitoring Metrics Publisher")
            yield _who(properties["principalId"], tail), (role, None if ground else _for(each, described))
        elif each.type.endswith("/accessPolicyAssignments"):
            properties = each.body["properties"]
            policy = properties["accessPolicyName"]
            yield _who(properties["user"]["objectId"], tail), (policy, _for(each, described))


def _who(principal: Out, tail: str) -> str:
    return str(principal.of.name).removesuffix(tail)


def _for(right: Resource, described: Description) -> str | None:
    """The store that a right is about, by what it is scoped to, not by what it says of itself."""
    said = [plain(name) for ref in (right.scope, right.ref) if ref for name in ref.names]
    about = [store for store in described.stores if any(store in name for name in said)]
    return about[0] if len(about) == 1 else None


def _of_a_process(identity: str) -> bool:
    return identity.partition("-")[0] in ("service", "public", "worker", "job")


PORTS = {"postgres": 5432, "blobs": 443, "cache": 10000, "secret": 443, "model": 443}
"""Queues of the standard tier have no way into a network: they are reached by a public name, and a token."""


@often
@given(descriptions())
def test_each_use_has_exactly_the_way_through_the_network_it_needs(described: Description) -> None:
    becomes = graph(plan_of(described))
    for region in described.regions:
        used = {STORES[name] for each in described.processes for name in (*each.all, *each.reads)}
        apart = "postgres" in used and described.network == "subnet"
        by_endpoint = {PORTS[kind] for kind in used & PORTS.keys()} - ({5432} if apart else set())
        # Images come by HTTPS too; so does a password of PostgreSQL, from the vault.
        assert set(_ports(becomes, region, "endpoints", described)) == by_endpoint | {443}
        assert set(_ports(becomes, region, "data", described)) == ({5432} if apart else set())


def _ports(becomes: Graph, region: str, tier: str, described: Description) -> Iterator[int]:
    """The ports on which processes on Container Apps may come into a tier."""
    tail = f"-{region}" if len(described.regions) > 1 else ""
    for each in becomes.of("Microsoft.Network/networkSecurityGroups"):
        if each.ref.name == f"{tier}-rules{tail}":
            for rule in each.body["properties"]["securityRules"]:
                properties = rule["properties"]
                if rule["name"] == "from-apps":
                    ports = properties.get("destinationPortRanges") or [properties["destinationPortRange"]]
                    yield from (int(port) for port in ports)
                elif rule["name"] == "from-apps-elsewhere":
                    # Images come from the registry, which stands in the first region only.
                    assert region == described.regions[0]
                    assert properties["destinationPortRange"] == "443"
                elif rule["name"].startswith("from-") and properties["access"] == "Allow":
                    # PostgreSQL in a subnet of its own talks with itself; nobody else comes in.
                    assert rule["name"] == f"from-{tier}" == "from-data", rule["name"]


@often
@given(descriptions())
def test_each_store_is_reached_by_one_endpoint_and_closed_to_the_world(described: Description) -> None:
    becomes = graph(plan_of(described))
    led_to = [
        each.of
        for endpoint in becomes.of("Microsoft.Network/privateEndpoints")
        for each in expressions(endpoint.body["properties"]["privateLinkServiceConnections"])
        if isinstance(each, Id)
    ]
    assert len(led_to) == len(set(led_to))
    for each in becomes.resources:
        properties = each.body.get("properties", {})
        open_to = properties.get("network", properties).get("publicNetworkAccess")
        if each.ref in led_to:
            assert open_to == "Disabled", each.why
        elif open_to == "Enabled":
            # What the world may call: queues of the standard tier, and what runs processes for it.
            assert each.type in ("Microsoft.ServiceBus/namespaces", "Microsoft.App/managedEnvironments")
