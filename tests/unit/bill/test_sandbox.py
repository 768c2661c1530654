"""What pools of sessions are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from seatrial import System
from seatrial.bill.bill import Bill
from seatrial.bill.range import Range, exactly

Priced = Callable[..., Bill]


def lab(sessions: str = "0/month", *, ready: int, most: int) -> System:
    """Sessions of one core and 2 GiB, so 16 of them on a machine; held for six minutes; 12 h a day."""
    system = System("lab", region="eastus2")
    pool = system.sandbox(
        "box", "serve", port=8080, cpu=1, memory="2 GiB", idle="5 min", ready=ready, most=most
    )
    system.usage(busy="12 h")
    system.usage(pool, sessions=sessions, session_time="1 min")
    return system


def amounts(bill: Bill) -> dict[str, list[Range]]:
    found: dict[str, list[Range]] = {}
    for line in bill.lines:
        if line.type == "Microsoft.App/sessionPools":
            found.setdefault(line.what, []).append(line.amount)
    return found


def test_ready_sessions_take_a_whole_machine_all_month(priced: Priced) -> None:
    found = amounts(priced(lab(ready=2, most=10)))

    # an E16: 16 vCPU × 730 h × 0.057077 and 128 GiB × 730 h × 0.004978
    assert found["machines"] == [exactly(Decimal("666.66")), exactly(Decimal("465.14"))]
    assert found["management of its machines"] == [Range(Decimal("0.00"), Decimal("73.00"), Decimal("73.00"))]
    assert "machines in use" not in found


def test_a_line_says_how_many_machines_and_for_what(priced: Priced) -> None:
    def formulas(sessions: str, ready: int) -> dict[str, str]:
        lines = priced(lab(sessions, ready=ready, most=40)).lines
        return {line.what: line.formula for line in reversed(lines) if line.part == "box"}

    waiting = formulas("1000/month", ready=2)
    assert waiting["machines"] == "16 vCPU × 1 whole machine E16 × 730 h for 2 ready sessions"
    assert "machines in use" not in waiting
    busy = formulas("73000/month", ready=2)["machines in use"]
    assert busy == "16 vCPU × 365 h of whole machines E16 for 73,000 sessions, each held 6 min"


def test_that_a_whole_machine_waits_is_told(priced: Priced) -> None:
    (warned,) = [each for each in priced(lab(ready=2, most=10)).warnings if each.part == "box"]

    assert warned.sentence == (
        "2 ready sessions take 1 whole machine of 16 vCPU and 128 GiB all month: "
        "pools with a container of one's own are paid by the machine"
    )


def test_seventeen_ready_sessions_take_two(priced: Priced) -> None:
    found = amounts(priced(lab(ready=17, most=40)))

    assert found["machines"][0] == exactly(Decimal("1333.32"))  # 2 × 16 × 730 × 0.057077


def test_sessions_in_use_take_more_machines_in_the_working_hours(priced: Priced) -> None:
    # 73,000 × 360 s in 1,314,000 s are 20 at once: with the two that are ready, two machines in 365 h
    found = amounts(priced(lab("73000/month", ready=2, most=40)))

    # 16 × 365 × 0.057077; 128 × 365 × 0.004978 on top of the 465.144 of the other machine, to 697.716
    assert found["machines in use"] == [exactly(Decimal("333.33")), exactly(Decimal("232.58"))]


def test_there_are_never_more_sessions_than_the_pool_may_have(priced: Priced) -> None:
    found = amounts(priced(lab("8760000/month", ready=2, most=10)))

    assert "machines in use" not in found  # 10 and the two that are ready fit on the one machine


def test_a_pool_with_none_ready_costs_the_hours_with_a_session(priced: Priced) -> None:
    # 365 × 360 s in 1,314,000 s: any is in use for 1 − exp(−0.1) = 0.09516 of 365 h, 34.735 h
    found = amounts(priced(lab("365/month", ready=0, most=10)))

    assert found["machines in use"][0] == exactly(Decimal("31.72"))  # 16 × 34.735 × 0.057077
    assert found["management of its machines"] == [Range(Decimal("0.00"), Decimal("3.47"), Decimal("3.47"))]


def test_a_pool_that_nobody_uses_says_that_it_is_free(priced: Priced) -> None:
    bill = priced(lab(ready=0, most=10))

    assert amounts(bill) == {}
    assert "no session is ready, and none is used" in [free.why for free in bill.free]


def test_more_requests_never_cost_less(priced: Priced) -> None:
    system = System("lab", region="eastus2")
    system.sandbox("box", "serve", port=8080, cpu=4, memory="8 GiB", ready=0, most=50)

    totals = [
        priced(system, scale={"requests": Decimal(factor)}).total for factor in (0, 1, 3, 10, 100, 1000)
    ]

    for index in range(3):
        each = [total.triple[index] for total in totals]
        assert each == sorted(each)
