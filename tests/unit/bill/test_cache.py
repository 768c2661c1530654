"""What Redis clusters are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.errors import PricesMissing
from seatrial.bill.range import exactly

Find = Callable[..., Line]
Price = Callable[..., Bill]
CLUSTERS = "Microsoft.Cache/redisEnterprise"


def shop(also_in: tuple[str, ...] = (), **said: Any) -> System:
    system = System("shop", region="eastus2", also_in=also_in)
    system.cache("carts", **said)
    return system


def test_a_cluster_that_is_highly_available_has_two_nodes(priced: Price, line: Find) -> None:
    two = line(priced(shop(memory="1 GiB")), "compute")
    one = line(priced(shop(memory="1 GiB", highly_available=False)), "compute")

    assert (two.amount, two.formula) == (exactly(Decimal("46.72")), "2 nodes × 730 h")  # × 0.032
    assert (one.amount, one.formula) == (exactly(Decimal("23.36")), "1 node × 730 h")
    assert two.steady


@pytest.mark.parametrize(
    ("memory", "amount"),
    [
        ("500 MB", "23.36"),  # B0: 2 × 730 h × 0.016
        ("6 GiB", "227.76"),  # B5: 2 × 730 h × 0.156
        ("12 GiB", "459.90"),  # B10: 2 × 730 h × 0.315
        ("100 GiB", "3644.16"),  # B100: 2 × 730 h × 2.496
    ],
)
def test_every_size_has_its_price(priced: Price, line: Find, memory: str, amount: str) -> None:
    assert line(priced(shop(memory=memory)), "compute").amount == exactly(Decimal(amount))


def test_each_region_pays_for_its_own_cluster(priced: Price) -> None:
    bill = priced(shop(memory="1 GiB", also_in=("westeurope",)))

    paid = {line.region: line.amount.likely for line in bill.lines if line.type == CLUSTERS}
    # 2 × 730 h × 0.032 and × 0.038
    assert paid == {"eastus2": Decimal("46.72"), "westeurope": Decimal("55.48")}


def test_a_size_without_a_price_refuses_the_bill(priced: Price) -> None:
    with pytest.raises(PricesMissing) as refused:
        priced(shop(memory="180 GiB"))

    [missing] = refused.value.missing
    assert missing.meter is not None
    assert missing.meter.name == "B150 Cache Instance"
