"""What is otherwise on a laptop is told for this very system, with whether one of its tests tries it."""

from __future__ import annotations

from datetime import date

import pytest

from seatrial.check.case import Case
from seatrial.check.checking import check
from seatrial.check.covering import covered
from seatrial.check.rules.laptop import BUILT_IN_INSTEAD, EMBEDDED_POSTGRES, WITHOUT_TWIN
from seatrial.laptop import launch, postgres
from seatrial.model import System

from .conftest import Check


def told(checked: Check, text: str) -> set[str]:
    return {each.rule for each in checked(text).findings if each.rule.startswith("laptop-")}


def test_the_rules_know_what_a_laptop_refuses_and_does_without() -> None:
    assert set(WITHOUT_TWIN) == set(launch.LACKING)
    assert frozenset(launch._DISPENSABLE) == BUILT_IN_INSTEAD
    assert str(EMBEDDED_POSTGRES) in postgres._INSTALLED


def test_a_site_alone_is_the_same_on_both(checked: Check) -> None:
    text = (
        'from seatrial import System\nshop = System("shop")\nshop.site("pages", directory="web", port=8080)\n'
    )

    assert told(checked, text) == set()


def test_only_what_is_used_is_told(checked: Check) -> None:
    text = """
from seatrial import System

shop = System("shop")
shop.blobs("photos")
shop.secret("key")
shop.model_api("words", model="gpt-5.1")
"""

    assert told(checked, text) == set()


def test_a_test_that_names_the_rule_tries_it() -> None:
    shop = System("shop")
    orders = shop.postgres("orders", version=18)
    shop.service("api", "serve", port=8000, uses=[orders])
    tests = covered([("tests/test_api.py", "no rule"), ("tests/test_identity.py", "Tries laptop-sign-in.")])

    findings = check(Case(shop.plan(), tests=tests), date(2026, 11, 21)).findings

    by_rule = {each.rule: each.what for each in findings}
    assert by_rule["laptop-sign-in"].endswith("; tests/test_identity.py tries it")
    assert by_rule["laptop-memory-limit"].endswith("; no test tries it")


def test_who_signs_in_by_password_does_so_on_both(checked: Check) -> None:
    text = """
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", sign_in="password")
shop.service("api", "serve", port=8000, uses=[orders])
"""

    assert "laptop-sign-in" not in told(checked, text)


def test_an_extension_that_something_built_in_replaces_stops_nothing(checked: Check) -> None:
    text = """
from seatrial import System

shop = System("shop")
shop.postgres("orders", extensions=["uuid-ossp"])
"""

    [found] = [each for each in checked(text).findings if each.rule == "laptop-extension"]

    assert found.severity == "note"
    assert "goes without uuid-ossp" in found.what


@pytest.mark.parametrize(
    ("cron", "limit", "overlaps"),
    [
        ("*/10 * * * *", "11 min", True),
        ("*/10 * * * *", "10 min", False),
        ("15 * * * *", "2 h", True),
        ("15 */6 * * *", "5 h", False),
        ("0 3 * * *", "23 h", False),
        ("0 3 * * 0", "24 h", False),  # once a week: not by the day, so nothing is told
    ],
)
def test_a_run_meets_the_next_one_when_it_may_last_longer(
    checked: Check, cron: str, limit: str, overlaps: bool
) -> None:
    text = f"""
from seatrial import System

shop = System("shop")
shop.schedule("sweep", "sweep", cron="{cron}", time_limit="{limit}")
"""

    assert ("laptop-schedule-overlap" in told(checked, text)) == overlaps


@pytest.mark.parametrize(
    ("value", "lost"),
    [
        ("sqlite:///var/shop.db", True),
        ("duckdb:news.duckdb", True),
        ("/data/uploads", True),
        ("./cache/index", True),
        ("shop.sqlite3", True),
        ("sqlite:///:memory:", False),
        ("/tmp/scratch", False),
        ("/api/v1", False),
        ("/", False),
        ("https://example.com/data/x", False),
        ("true", False),
    ],
)
def test_a_setting_that_names_a_file_of_the_container_is_found(
    checked: Check, value: str, lost: bool
) -> None:
    text = f"""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, env={{"WHERE": "{value}"}})
"""

    assert ("laptop-own-disk" in told(checked, text)) == lost


@pytest.mark.parametrize(
    ("value", "here"),
    [
        ("http://localhost:9200", True),
        ("redis://127.0.0.1:6379/0", True),
        ("http://localhost.example.com", False),
        ("https://search.example.com", False),
        ("not localhost", False),
    ],
)
def test_a_setting_that_names_this_machine_is_found(checked: Check, value: str, here: bool) -> None:
    text = f"""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, env={{"WHERE": "{value}"}})
"""

    assert ("laptop-loopback-setting" in told(checked, text)) == here


def test_nothing_is_killed_by_its_own_share_on_app_service(checked: Check) -> None:
    text = """
from seatrial import System

shop = System("shop")
machines = shop.app_service_plan("machines", size="P1v3")
shop.service("api", "serve", port=8000, host=machines)
"""

    assert "laptop-memory-limit" not in told(checked, text)
