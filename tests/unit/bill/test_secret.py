"""What key vaults are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly

VAULTS = "Microsoft.KeyVault/vaults"
Find = Callable[..., Line]
Price = Callable[..., Bill]


def safe(rotate_after: str | None = None, **process: Any) -> System:
    """One secret, read by one service; four new versions a month."""
    system = System("safe", region="eastus2")
    key = system.secret("bank-key", rotate_after=rotate_after)
    system.service("teller", "serve", port=8000, health="/health", uses=[key], **process)
    system.usage(deployments="4/month")
    return system


def operations(bill: Bill) -> list[Range]:
    return [each.used for each in bill.lines if each.type == VAULTS]


def test_container_apps_ask_every_half_hour_whether_a_secret_has_changed(priced: Price, line: Find) -> None:
    found = line(priced(safe()), "operations")

    # 2 × 730, and 4 deployments that write it
    assert found.used == exactly(1_464)
    assert found.formula == "1,464 operations: 1 secret asked for and deployed"


def test_app_service_asks_once_a_day(priced: Price) -> None:
    system = System("safe", region="eastus2")
    key = system.secret("bank-key")
    host = system.app_service_plan("host", size="P1v3")
    system.service("teller", "serve", port=8000, health="/health", uses=[key], host=host, replicas=(1, 1))
    system.usage(deployments="4/month")

    assert operations(priced(system)) == [exactly(Decimal(730) / 24 + 4)]


def test_container_instances_are_given_their_secrets_and_ask_nobody(priced: Price) -> None:
    assert operations(priced(safe(host="container instances", replicas=(1, 1)))) == [exactly(4)]


def test_each_pod_of_a_cluster_asks_every_two_minutes(priced: Price) -> None:
    system = System("safe", region="eastus2")
    key = system.secret("bank-key")
    pool = system.node_pool("pool", machine="Standard_D4s_v5", nodes=(1, 2))
    system.service("teller", "serve", port=8000, health="/health", uses=[key], host=pool, replicas=(1, 3))
    system.usage(deployments="4/month")

    # 730 h × 30: of one pod most likely, of three at most
    assert operations(priced(system)) == [Range(Decimal(21_904), Decimal(21_904), Decimal(65_704))]


def test_each_reader_of_each_secret_counts(priced: Price) -> None:
    system = System("safe", region="eastus2")
    keys = [system.secret(name) for name in ("bank-key", "mail-key")]
    for port, name in ((8000, "teller"), (8001, "clerk")):
        system.service(name, "serve", port=port, health="/health", uses=keys)
    system.usage(deployments="4/month")

    # 2 secrets × 2 services × 1,460, and 4 deployments of 2 secrets
    assert operations(priced(system)) == [exactly(5_848)]


def test_the_password_of_a_database_is_a_secret_that_its_users_and_its_migration_read(priced: Price) -> None:
    system = System("safe", region="eastus2")
    ledger = system.postgres("ledger", cores=2, storage="32 GiB", sign_in="password", migrate="migrate")
    system.service("teller", "serve", port=8000, health="/health", uses=[ledger])
    system.usage(deployments="4/month")

    # 1,460 by the service, 4 by the migration of each deployment, 4 by the deployments themselves
    assert operations(priced(system)) == [exactly(1_468)]


def test_an_application_gateway_asks_for_its_certificate_every_four_hours(priced: Price) -> None:
    system = System("safe", region="eastus2")
    teller = system.service("teller", "serve", port=8000, health="/health")
    system.application_gateway("door", routes={"/*": teller})
    system.usage(deployments="4/month")

    assert operations(priced(system)) == [exactly(Decimal("186.5"))]  # 730 ÷ 4, and 4 deployments


def test_what_is_said_of_a_secret_counts_over_all_regions(priced: Price, line: Find) -> None:
    system = System("safe", region="eastus2", also_in=["westeurope"])
    key = system.secret("bank-key")
    system.service("teller", "serve", port=8000, health="/health", uses=[key])
    system.usage(deployments="4/month")
    system.usage(key, operations="20M/month")

    bill = priced(system)

    # 10 M in each, and 4 deployments: at 0.03 for 10,000
    assert operations(bill) == [exactly(10_000_004), exactly(10_000_004)]
    assert line(bill, "operations", region="eastus2").amount == exactly(Decimal("30.00"))


def test_secrets_that_must_be_replaced_bring_no_renewals_of_the_vault(priced: Price) -> None:
    bill = priced(safe(rotate_after="90 days"))

    assert [each.what for each in bill.lines if each.type == VAULTS] == ["operations"]
    assert [each.why for each in bill.free if each.type == VAULTS] == [
        "people do it; the vault tells that it is time, and none of its own renewals is used"
    ]


def test_nothing_is_free_that_need_not_be_replaced(priced: Price) -> None:
    assert not [each for each in priced(safe()).free if each.what == "replacing secrets"]
