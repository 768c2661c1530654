"""What Traffic Manager is charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly


def test_questions_and_endpoints_are_paid_and_answers_are_not(
    priced: Callable[[System], Bill], line: Callable[..., Line]
) -> None:
    system = System("world", region="eastus2", also_in=["westeurope"])
    api = system.service("api", "serve", port=8000, health="/health")
    gateway = system.api_management("gateway", apis={"things": api}, publisher="Us")
    system.traffic_manager("way", to=gateway, routing="performance", health="/status-0123456789abcdef")
    system.usage(requests="100M/month", answer_size="1 KB")

    bill = priced(system)

    # one question for a hundred, ten or one requests: 1, 10, 100 million × 0.54
    questions = line(bill, "questions for an address")
    assert questions.amount == Range(Decimal("0.54"), Decimal("5.40"), Decimal("54.00"))
    # two endpoints that are named by their address × 0.54
    assert line(bill, "endpoints watched").amount == exactly(Decimal("1.08"))
    assert line(bill, "endpoints watched").formula == "2 endpoints"
    # answers go out from the gateways, in two regions that share a meter: 100 GB, which are free
    out = [each for each in bill.lines if each.what == "traffic out"]
    assert {each.type for each in out} == {"Microsoft.ApiManagement/service"}
    assert {each.price.meter.region for each in out} == {"eastus2"}
    assert sum(each.amount.likely for each in out) == 0
