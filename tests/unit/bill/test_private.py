"""What private endpoints and zones of private names are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly

ENDPOINT = "Microsoft.Network/privateEndpoints"
ZONE = "Microsoft.Network/privateDnsZones"
Find = Callable[..., Line]


def study() -> System:
    """A service over a store of documents and two of blobs, a million requests and 5 GB of new records."""
    system = System("study", region="eastus2")
    papers = system.postgres("papers", cores=2, storage="64 GiB")
    models, backups = system.blobs("models"), system.blobs("backups")
    stores = [papers, models, backups]
    system.service("api", "serve", port=8000, health="/health", uses=stores, public=True)
    system.registry("images", tier="basic")
    system.usage(requests="1M/month", answer_size="40 KB", new_records="500k/month", record_size="10 KB")
    return system


def test_an_endpoint_is_paid_by_the_hour_and_by_what_passes_in_either_direction(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(study())

    hours = line(bill, "endpoint", resource="papersServerEndpoint")
    assert hours.amount == exactly(Decimal("7.30"))  # 730 × 0.01
    assert hours.steady
    # 1,000,000 × 40 KB answered + 2 × 500,000 × 10 KB written and read = 50 GB: 25 each way × 0.01
    for direction in ("data in", "data out"):
        assert line(bill, direction, resource="papersServerEndpoint").amount == exactly(Decimal("0.25"))


def test_what_is_stated_to_pass_counts(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("study", region="eastus2")
    papers = system.postgres("papers", cores=2, storage="64 GiB")
    system.service("api", "serve", port=8000, health="/health", uses=[papers])
    system.usage(papers, through="2 TB")

    assert line(priced(system), "data out", resource="papersServerEndpoint").used == exactly(1_000)


def test_stores_of_blobs_in_one_account_share_an_endpoint(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(study())

    blobs = [each for each in bill.lines if each.resource.startswith("blobs") and each.what == "endpoint"]
    assert len(blobs) == 1
    # 5 GB of new records, written and read once: in equal shares 5 + 5, at least nothing, at most 10 + 10
    passed = line(bill, "data in", resource=blobs[0].resource).used * 2
    assert passed == Range(Decimal(0), Decimal(10), Decimal(20))


def test_each_region_has_endpoints_and_its_share_of_what_passes(
    priced: Callable[[System], Bill],
) -> None:
    system = System("study", region="eastus2", also_in=["westeurope"])
    papers = system.postgres("papers", cores=2, storage="64 GiB")
    system.service("api", "serve", port=8000, health="/health", uses=[papers])
    system.usage(papers, through="400 GB")

    bill = priced(system)

    passed = {
        each.region: each.used
        for each in bill.lines
        if each.resource == "papersServerEndpoint" and each.what == "data in"
    }
    assert passed == {"eastus2": exactly(100), "westeurope": exactly(100)}


def test_a_zone_of_names_is_paid_once_for_all_regions(priced: Callable[[System], Bill]) -> None:
    system = System("study", region="eastus2", also_in=["westeurope"])
    papers = system.postgres("papers", cores=2, storage="64 GiB")
    system.service("api", "serve", port=8000, health="/health", uses=[papers], replicas=(1, 4))
    system.usage(requests="500k/month")

    bill = priced(system)

    zones = [each for each in bill.lines if each.resource == "postgresDatabaseAzureComZone"]
    assert [(each.what, each.amount) for each in zones if each.what == "zone"] == [
        ("zone", exactly(Decimal("0.50")))
    ]
    # one question for ten or one of 500,000 requests; at least one an hour by the replica of each region
    (questions,) = (each for each in zones if each.what == "questions for names")
    assert questions.used == Range(Decimal(1_460), Decimal(50_000), Decimal(500_000))
    assert questions.formula == "1 for 10 of 500,000 requests"


def test_connections_are_kept_where_there_are_many_requests(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("study", region="eastus2")
    papers = system.postgres("papers", cores=2, storage="64 GiB")
    system.service("api", "serve", port=8000, health="/health", uses=[papers], replicas=(2, 10))
    system.usage(requests="100M/month")

    questions = line(priced(system), "questions for names", resource="postgresDatabaseAzureComZone")

    # in 2,628,000 s: 2 replicas once an hour, or once a minute; 10 of them every ten seconds
    assert questions.used == Range(Decimal(1_460), Decimal(87_600), Decimal(2_628_000))
    assert questions.formula == "1 a minute by each of 2 replicas"


def test_names_of_vaults_and_registries_are_not_asked_for_by_requests(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = study()
    system.secret("key")

    questions = line(priced(system), "questions for names", resource="vaultcoreAzureNetZone")

    assert questions.used == Range(Decimal(1_000), Decimal(10_000), Decimal(100_000))
    assert questions.formula == "10,000 by what starts, or looks for newer secrets"


def test_a_line_says_which_endpoint_and_zone_it_is_for(priced: Callable[[System], Bill], line: Find) -> None:
    bill = priced(study())

    assert line(bill, "endpoint", resource="papersServerEndpoint").formula == "1 endpoint of papers × 730 h"
    zone = line(bill, "zone", resource="postgresDatabaseAzureComZone")
    assert zone.formula == "1 zone, privatelink.postgres.database.azure.com"
