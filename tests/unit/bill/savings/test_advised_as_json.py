from __future__ import annotations

import json
from decimal import Decimal

from seatrial import System
from seatrial.bill.book import Book
from seatrial.bill.savings.advised_as_json import advised_as_json
from seatrial.bill.savings.savings import advice


def library() -> System:
    system = System("library")
    system.postgres("books", cores=4, storage="128 GiB", standby="another zone", backup_days=7)
    return system


def test_all_that_is_advised_can_be_read_by_a_program(book: Book) -> None:
    advised = advice(library().plan(), book, Decimal(300))
    told = json.loads(json.dumps(advised_as_json(advised)))
    assert told["verdict"] == advised.verdict
    assert Decimal(told["over_by"]) == advised.bill.total.likely - 300
    assert Decimal(told["way"]["total"]["likely"]) <= 300
    assert [each["key"] for each in told["savings"]] == [each.change.key for each in advised.savings]
    standby = next(each for each in told["savings"] if each["key"] == 'books.standby="none"')
    # the second server: 4 vCores × 730 h × 0.089 + 128 GiB × 0.115
    assert standby["saved"] == {"low": "274.60", "likely": "274.60", "high": "274.60"}
    assert standby["code"] == 'cheaper.change(books, standby="none")'


def test_inside_the_budget_there_is_no_way_to_tell(book: Book) -> None:
    told = advised_as_json(advice(library().plan(), book, Decimal(5000)))
    assert (told["way"], told["cheapest"], told["savings"]) == (None, None, [])
    assert told["verdict"] == "inside"
    assert Decimal(told["over_by"]) < 0
