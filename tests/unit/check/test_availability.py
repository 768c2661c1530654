"""What the published figures of all parts on the way of a request come to together."""

from __future__ import annotations

from decimal import Decimal

from seatrial import System, available
from seatrial.check.availability import Composite, composite, down, needed_by, promised
from seatrial.model import Plan, Service


def _of(system: System, name: str = "api") -> Composite:
    plan = system.plan()
    return composite(_service(plan, name), plan)


def _service(plan: Plan, name: str) -> Service:
    part = plan.part(name)
    assert isinstance(part, Service)
    return part


def test_all_that_must_answer_is_multiplied() -> None:
    shop = System("shop")
    orders = shop.postgres("orders", network="subnet")
    shop.service("api", "serve", port=8000, uses=[orders], public=True)

    # Container Apps 0.9995 × PostgreSQL without a standby 0.999 = 0.9985005
    assert _of(shop).percent == Decimal("99.85005")


def test_a_standby_in_another_zone_counts_with_its_own_figure() -> None:
    shop = System("shop")
    orders = shop.postgres("orders", network="subnet", standby="another zone")
    shop.service("api", "serve", port=8000, uses=[orders], public=True)

    # 0.9995 × 0.9999 = 0.99940005
    assert _of(shop).percent == Decimal("99.940005")


def test_a_private_endpoint_must_answer_too() -> None:
    shop = System("shop")
    orders = shop.postgres("orders", standby="another zone")
    shop.service("api", "serve", port=8000, uses=[orders], public=True)

    # 0.9995 × 0.9999 × 0.9999 = 0.999300109995
    assert _of(shop).percent == Decimal("99.9300109995")


def test_what_stands_behind_another_service_is_needed_as_well() -> None:
    shop = System("shop")
    orders = shop.postgres("orders", network="subnet")
    api = shop.service("api", "serve", port=8000, uses=[orders])
    shop.service("web", "serve", port=8001, uses=[api], public=True)
    plan = shop.plan()

    assert [part.name for part in needed_by(_service(plan, "web"))] == ["web", "api", "orders"]
    # both services are in the one environment of Container Apps, which counts once: as above
    assert composite(_service(plan, "web"), plan).percent == Decimal("99.85005")


def test_queues_share_one_namespace() -> None:
    shop = System("shop")
    orders, returns = shop.queue("orders"), shop.queue("returns")
    shop.service("api", "serve", port=8000, sends=[orders, returns], public=True)

    # 0.9995 × 0.999, once
    assert _of(shop).percent == Decimal("99.85005")


def test_what_the_system_works_without_does_not_count() -> None:
    shop = System("shop")
    model = shop.model_api("gpt", model="gpt-4.1-mini", needed=False)
    key = shop.secret("key")
    shop.service("api", "serve", port=8000, uses=[model, key], public=True)

    assert _of(shop).percent == Decimal("99.95")


def test_what_has_no_known_figure_is_named() -> None:
    shop = System("shop")
    carts = shop.cache("carts")
    shop.service("api", "serve", port=8000, uses=[carts], public=True)

    assert _of(shop).uncounted == ("Managed Redis (carts)",)


def test_edges_before_a_service_count() -> None:
    shop = System("shop")
    api = shop.service("api", "serve", port=8000)
    shop.front_door("door", routes={"/*": api})

    # Front Door 0.9999 × Container Apps 0.9995 = 0.99940005
    assert _of(shop).percent == Decimal("99.940005")


def test_regions_stand_in_for_each_other_behind_front_door() -> None:
    shop = System("shop", also_in=["centralus"])
    api = shop.service("api", "serve", port=8000)
    shop.front_door("door", routes={"/*": api})

    found = _of(shop)

    # 0.9999 × (1 − 0.0005²) = 0.9999 × 0.99999975 = 0.999899750025
    assert found.percent == Decimal("99.9899750025")
    assert found.regions == 2


def test_regions_without_a_common_door_do_not_help_each_other() -> None:
    shop = System("shop", also_in=["centralus"])
    shop.service("api", "serve", port=8000, public=True)

    assert _of(shop).percent == Decimal("99.95")


def test_askers_led_by_geography_have_one_region_each() -> None:
    shop = System("shop", also_in=["westeurope"])
    api = shop.service("api", "serve", port=8000)
    gateway = shop.application_gateway("gateway", routes={"/*": api})
    shop.traffic_manager("globe", to=gateway, routing="geographic", health="/health")

    found = _of(shop)

    # Traffic Manager 0.9999 × Application Gateway 0.9995 × Container Apps 0.9995
    assert found.percent == Decimal("0.9999") * Decimal("0.9995") ** 2 * 100
    assert found.regions == 1


def test_the_time_nobody_answers_is_told_in_words() -> None:
    # 730 h × 60 = 43,800 min: 0.1 % is 43.8, 1 % is 438 = 7 h 18 min, 0.001 % is 26.28 s
    assert down(Decimal("99.9")) == "43 min"
    assert down(Decimal("99")) == "7 h 18 min"
    assert down(Decimal("99.999")) == "26 s"


def test_a_promise_of_the_whole_system_is_one_of_every_public_service() -> None:
    shop = System("shop")
    shop.service("api", "serve", port=8000, public=True)
    shop.service("inside", "serve", port=8001)
    shop.expects(available("99.5 %"))

    assert [service.name for _, service in promised(shop.plan())] == ["api"]
