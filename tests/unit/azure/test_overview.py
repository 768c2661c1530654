"""The page about a system: every part with what it becomes, every resource counted once."""

from __future__ import annotations

import json

import pytest

from seatrial import System, available, metric, recovery, requests
from seatrial.azure.compile import graph
from seatrial.azure.overview import Overview, PartLine, budget_in_words, overview, target_in_words
from seatrial.azure.overview_json import as_json


def shop(**where) -> System:
    shop = System("shop", title="A shop", region="eastus2", **where)
    papers = shop.postgres("papers", cores=4, storage="128 GiB", standby="another zone")
    photos = shop.blobs("photos", cool_after="30 days", delete_after="90 days")
    shop.blobs("invoices")
    shop.secret("unneeded", needed=False)
    pool = shop.node_pool("pool", nodes=(1, 3))
    api = shop.service(
        "api", "serve", port=5001, replicas=(1, 5), scale=[requests(50)], uses=[papers], public=True
    )
    shop.worker("painter", "paint", reads=[photos], host=pool, cpu=1, memory="2 GiB", replicas=(2, 4))
    team = shop.contact("team")
    shop.alert("busy", metric(papers, "cpu"), above=80, tell=[team])
    shop.expects(api.get("/search"), p95="100 ms", p99="1 s", at="20/s")
    shop.expects(recovery(papers, loses_at_most="1 h", back_within="4 h"))
    shop.expects(available("99.9 %"))
    shop.budget("$300/month", records=1000, requests="2M/month", tell=[team])
    return shop


@pytest.fixture(scope="module")
def page() -> Overview:
    return overview(graph(shop().plan()))


def line(page: Overview, name: str | None) -> PartLine:
    return next(each for each in page.parts if each.name == name)


def test_every_part_has_its_line_in_the_order_of_the_file_and_the_ground_comes_last(page):
    names = [part.name for part in shop().plan().parts]

    assert [each.name for each in page.parts] == [*names, None]
    assert [each.kind for each in page.parts[:2]] == ["postgres", "blobs"]


def test_a_part_is_shown_by_what_stands_for_itself_and_the_rest_is_counted(page):
    papers = line(page, "papers")

    server = papers.becomes[0]
    assert (server.what, server.name) == ("PostgreSQL server", "shop-papers-…")
    assert server.size.startswith("Standard_D4ds_v5, 128 GiB, standby in another zone")
    assert "private endpoint" in papers.with_it


def test_a_share_of_something_says_what_it_is_a_share_of(page):
    photos = line(page, "photos")

    assert [(each.what, each.within) for each in photos.becomes] == [("blob container", "storage account")]
    assert photos.note == "cool after 30 days, deleted after 90 days"


def test_what_is_no_resource_is_said_all_the_same(page):
    assert line(page, "painter").note == "pods on the machines pool: 1 core, 2 GiB, 2 to 4 replicas"
    assert line(page, "unneeded").note == "not deployed: the system works without it"
    assert line(page, "team").note == "the operator gives the address"


def test_what_no_part_asked_for_is_the_ground(page):
    ground = {each.what for each in line(page, None).becomes}

    assert {"virtual network", "log workspace", "storage account", "Kubernetes cluster"} <= ground


def test_every_resource_is_counted_once_and_billed_comes_first(page):
    assert sum(bill.count for bill in page.bills) == page.resources == len(graph(shop().plan()).resources)
    assert [bill.billed for bill in page.bills] == sorted((bill.billed for bill in page.bills), reverse=True)
    assert all(bill.why for bill in page.bills)


def test_what_stands_in_several_regions_is_one_line_with_all_of_them():
    plan = shop(also_in=["centralus"]).plan()
    page = overview(graph(plan))

    api = line(page, "api").becomes
    assert [(each.what, each.regions) for each in api] == [("container app", ("eastus2", "centralus"))]
    network = next(each for each in line(page, None).becomes if each.what == "virtual network")
    assert network.regions == ("eastus2", "centralus")


def test_promises_are_told_in_words(page):
    assert [target_in_words(target) for target in page.targets] == [
        ("api GET /search", "p95 100 ms, p99 1 s at 20/s"),
        ("papers", "loses at most 1 h, back within 4 h"),
        ("every public service", "answers 99.9 % of a month's requests"),
    ]
    assert page.budget is not None
    assert budget_in_words(page.budget) == (
        "$300/month for 1,000 records and 2M/month requests; at 50, 80, 100 % it tells team"
    )


def test_a_budget_that_names_nobody_tells_the_owners():
    plain = System("plain")
    plain.budget("$5/month")
    budget = plain.plan().budget

    assert budget is not None
    assert budget_in_words(budget) == "$5/month; at 50, 80, 100 % it tells the owners of the subscription"


def test_the_page_for_programs_is_json_and_the_same_every_time(page):
    again = overview(graph(shop().plan()))
    told = as_json(page)

    assert json.dumps(told) == json.dumps(as_json(again))
    assert list(told) == [
        *("system", "title", "variant", "regions", "resources", "parts", "entries", "paths"),
        *("types", "targets", "budget", "parameters"),
    ]
    assert {
        name: value
        for name, value in next(each for each in told["paths"] if each["from"] == "api").items()
        if name in ("from", "to", "port")
    } == {"from": "api", "to": "papers", "port": 5432}


def test_no_value_of_a_secret_parameter_is_on_the_page(page):
    secrets = [each for each in as_json(page)["parameters"] if each["secret"]]

    assert all(each["default"] is None for each in secrets)
