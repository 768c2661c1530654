"""More of anything never costs less: at the edge, in the network, in the logs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial import System, log, metric
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.usage import Usage
from seatrial.model import Stated

MINE = (
    *("Microsoft.ApiManagement/", "Microsoft.Cdn/", "Microsoft.Insights/", "Microsoft.Network/"),
    *("Microsoft.OperationalInsights/", "Microsoft.Web/staticSites"),
)


def everything() -> Graph:
    """A system with every kind of edge, way in, way out and watch, in two regions."""
    system = System("fair", region="eastus2", also_in=["westeurope"])
    results = system.documents("results", partition="/team", throughput=4_000)
    archive = system.blobs("archive")
    api = system.service("api", "serve", port=8000, health="/health", uses=[results, archive])
    front = system.service("front", "serve", port=8001, health="/health", uses=[api])
    pages = system.site("pages", directory="web", port=8080)
    apis = system.api_management("apis", apis={"things": api}, publisher="Us", units=2)
    system.front_door("door", routes={"/*": pages, "/api/*": apis}, cache="1 h")
    system.application_gateway("gateway", routes={"/*": front})
    system.traffic_manager("way", to=apis, routing="performance", health="/health")
    system.network("net", nat=True, firewall=True, vpn=True)
    system.logs("logs", keeps="180 days", archive=archive)
    team = system.contact("team", mail=["one@example.org"])
    system.alert("busy", metric(api, "cpu"), above=80, tell=[team])
    system.alert("failures", log("AppExceptions"), above=0, tell=[team])
    made = graph(system.plan())
    kept = tuple(each for each in made.resources if each.type.startswith(MINE))
    return Graph(plan=made.plan, resources=kept)


FAIR = everything()
BOOK = Book()

FIGURES = {
    "requests": st.integers(0, 10**9),
    "new_records": st.integers(0, 10**8),
    "record_size": st.integers(0, 10**8),
    "answer_size": st.integers(0, 10**7),
    "log_size": st.integers(0, 10**5),
    "deployments": st.integers(0, 1_000),
    "net.connected": st.integers(0, 10**6),
    "net.through": st.integers(0, 10**14),
    "logs.logs": st.integers(0, 10**14),
    "team.notices": st.integers(0, 10**7),
    "results.through": st.integers(0, 10**14),
}


def of(figures: dict[str, int]) -> Bill:
    asked = []
    for key, amount in figures.items():
        part, _, name = key.rpartition(".")
        many = Decimal(amount)
        asked.append(Stated(part=part or None, name=name, low=many, likely=many, high=many))
    return bill(FAIR, BOOK, Usage(FAIR.plan, asked))


def visible(figures: dict[str, int], which: str) -> dict[str, int]:
    """The figures without those that stand in the place of what is looked at."""
    return {key: amount for key, amount in figures.items() if which not in STANDS_FOR.get(key, ())}


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries(FIGURES), st.sampled_from(sorted(FIGURES)), st.integers(1, 10**9))
def test_more_never_costs_less(figures: dict[str, int], which: str, more: int) -> None:
    figures = visible(figures, which)

    less, much = of(figures).total, of({**figures, which: figures[which] + more}).total

    assert less.low <= much.low
    assert less.likely <= much.likely
    assert less.high <= much.high


@pytest.mark.parametrize("which", sorted(FIGURES))
def test_far_more_costs_more(which: str) -> None:
    few = visible(dict.fromkeys(FIGURES, 1_000), which)

    assert of(few).total.likely < of({**few, which: 10**13}).total.likely


STANDS_FOR = {
    "net.through": ("new_records", "record_size", "log_size", "deployments", "requests"),
    "logs.logs": ("new_records", "log_size", "requests"),
    "results.through": ("new_records", "record_size", "requests", "answer_size"),
}
"""Figures that are reckoned from others unless they are stated."""
