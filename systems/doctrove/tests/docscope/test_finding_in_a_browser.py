"""Finding things: search, filters, selections, documents, addresses, and what happens when parts are away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from doctrove.store.maps import activate_map
from playwright.sync_api import Page, Request, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]

ALL_THERE = "#map[data-points='2600']"


def test_a_search_lists_hits_lights_them_up_and_flies_to_them(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector(ALL_THERE)
    page.keyboard.press("/")
    page.keyboard.type("violin")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    expect(page.locator("#map")).to_have_attribute("data-hits", "30")
    expect(page.locator(".hit mark").first).to_have_text("violin")
    expect(page.locator(".hit").first.locator(".signal.words")).to_contain_text("#")
    expect(page).to_have_url(re.compile("at="))
    x, span = _camera(page)
    assert x < 0  # Music stands at the left of the map
    assert span < 1.2
    page.locator("#map").focus()
    page.keyboard.press("n")
    expect(page.locator("#document .title")).to_contain_text("Music note")
    expect(page.locator(".hit.active")).to_have_count(1)


def test_meaning_finds_what_no_word_of_the_query_stands_in(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator("label[for=mode-meaning]").click()
    page.fill("#query", "stargazing through telescopes")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    expect(page.locator(".hit .hit-title").first).to_contain_text("Astronomy")
    expect(page.locator(".hit").first.locator(".signal.words")).to_have_class(re.compile("absent"))


def test_a_filter_asks_the_server_for_fewer_tiles_points_and_shows_a_chip(
    open_page: Callable[..., Page], library: Any
) -> None:
    page = open_page()
    page.wait_for_selector(ALL_THERE)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.click("#filters-button")
    page.locator(".option", has_text="almanac").click()
    page.wait_for_selector(f"#map[data-points='{library.source.count('almanac')}']")
    assert any("/tiles/" in request.url and "source=almanac" in request.url for request in asked)
    expect(page.locator(".chip")).to_contain_text("almanac")
    page.locator(".handles .low").evaluate(
        "slider => { slider.value = '2015'; slider.dispatchEvent(new Event('input'));"
        " slider.dispatchEvent(new Event('change')); }"
    )
    both = [
        day
        for day, name in zip(library.day, library.source, strict=True)
        if name == "almanac" and day >= date(2015, 1, 1)
    ]
    page.wait_for_selector(f"#map[data-points='{len(both)}']")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("#status")).to_contain_text(f"{len(both)} match")
    page.locator("#chips .text-button").click()
    page.wait_for_selector(ALL_THERE)
    expect(page.locator("#chips")).to_be_hidden()


def test_filters_that_nothing_passes_offer_the_way_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/#from=1950-01-01&to=1951-01-01")
    expect(page.locator("#empty")).to_contain_text("Nothing matches these filters")
    page.click("#empty .button")
    page.wait_for_selector(ALL_THERE)
    expect(page.locator("#empty")).to_be_hidden()


def test_a_box_fills_the_table_with_what_lies_in_it(open_page: Callable[..., Page], library: Any) -> None:
    page = open_page("/#at=0,0,2.2")
    page.wait_for_selector(ALL_THERE)
    width, height = 1200, 760
    pixels = min(width, height) / 2.2
    (left, top), (right, bottom) = (620, 40), (980, 330)
    page.keyboard.down("Shift")
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    x = (library.x > (left - width / 2) / pixels) & (library.x < (right - width / 2) / pixels)
    y = (library.y < (height / 2 - top) / pixels) & (library.y > (height / 2 - bottom) / pixels)
    inside = int((x & y).sum())
    expect(page.locator("#table h2")).to_have_text(f"{inside:,} documents")
    expect(page.locator("#table tbody tr")).to_have_count(50)
    page.locator("#table .rows .button").click()
    expect(page.locator("#table tbody tr")).to_have_count(100)
    expect(page.locator("#table .breakdown")).to_contain_text("Cooking")
    page.locator("#table tbody tr").first.click()
    expect(page.locator("#document .title")).to_contain_text("note")


def test_a_lasso_selects_and_escape_takes_away_what_is_open_step_by_step(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/#at=0,0,2.2")
    page.wait_for_selector(ALL_THERE)
    page.keyboard.press("l")
    for number, (x, y) in enumerate([(560, 60), (900, 80), (940, 300), (700, 340), (560, 240)]):
        page.mouse.move(x, y, steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()
    expect(page.locator("#table h2")).to_contain_text("documents")
    page.locator("#table tbody tr").first.click()
    expect(page.locator("#document")).to_be_visible()
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#document")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#table")).to_be_hidden()
    assert "lasso" not in page.url


def test_the_documents_in_view_can_be_read_as_a_list(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector(ALL_THERE)
    page.keyboard.press("v")
    expect(page.locator("#table h2")).to_contain_text("documents")
    page.locator("#table .row-title").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#document .title")).to_be_visible()


def test_a_document_leads_to_its_neighbours(open_page: Callable[..., Page]) -> None:
    page = open_page("/#document=20")
    expect(page.locator("#document .title")).to_have_text("Cooking note 20")
    expect(page.locator("#document .abstract")).to_contain_text("simmering rice")
    expect(page.locator(".neighbour")).to_have_count(10)
    expect(page.locator(".neighbour-title").first).to_contain_text("Cooking")
    page.locator(".neighbour").first.click()
    expect(page.locator("#document .title")).not_to_have_text("Cooking note 20")
    page.go_back()
    expect(page.locator("#document .title")).to_have_text("Cooking note 20")


def test_markup_in_a_document_is_shown_and_never_run(open_page: Callable[..., Page]) -> None:
    page = open_page("/#document=1")
    expect(page.locator("#document .title")).to_have_text(
        '<img src=x onerror="document.title=1"> & <b>bold</b>'
    )
    assert page.title() == "DocScope"
    links = page.locator("#document a")
    expect(links).to_have_count(1)
    assert links.get_attribute("href") == "https://example.org/"
    assert "noopener" in (links.get_attribute("rel") or "")


def test_an_address_shows_the_same_view_in_another_browser(open_page: Callable[..., Page]) -> None:
    first = open_page("/#colour=source&source=notebook")
    first.wait_for_selector("#map[data-points='1733']")
    first.fill("#query", "apple trees")
    first.keyboard.press("Enter")
    first.wait_for_selector(".hit")
    first.locator(".hit > button").first.click()
    first.wait_for_selector("#document .title")
    first.wait_for_timeout(700)
    address = first.url.split("/", 3)[3]
    second = open_page(f"/{address}")
    second.wait_for_selector("#map[data-points='1733']")
    second.wait_for_selector(".hit")
    second.wait_for_timeout(700)
    for what in ("#document .title", ".hit >> nth=0", "#chips", "#legend-entries"):
        assert second.locator(what).inner_text() == first.locator(what).inner_text()
    assert second.input_value("#query") == "apple trees"
    assert _camera(second) == pytest.approx(_camera(first), abs=1e-3)


def test_back_and_forward_walk_through_the_views(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector(ALL_THERE)
    page.select_option("#colour-by", "country")
    page.click("#filters-button")
    page.locator(".option", has_text="almanac").click()
    page.wait_for_selector("#map[data-points='867']")
    page.go_back()
    page.wait_for_selector(ALL_THERE)
    expect(page.locator("#colour-by")).to_have_value("country")
    page.go_back()
    expect(page.locator("#colour-by")).to_have_value("cluster")
    page.go_forward()
    page.go_forward()
    page.wait_for_selector("#map[data-points='867']")


def test_an_empty_store_says_what_to_run(
    open_page: Callable[..., Page], start_parts: Callable[[str], Any], store_url: str
) -> None:
    api, docscope = start_parts(store_url)
    page = open_page(base=docscope.url)
    expect(page.locator("#empty")).to_contain_text("No documents yet")
    expect(page.locator("#empty code")).to_contain_text("doctrove ingest")
    page.close()
    api.kill()
    docscope.kill()


def test_an_api_that_dies_is_announced_and_one_that_comes_back_is_found(
    open_page: Callable[..., Page], parts: Any
) -> None:
    api, _ = parts
    page = open_page(forgiven=True)
    page.wait_for_selector(ALL_THERE)
    api.kill()
    try:
        page.fill("#query", "violin")
        page.keyboard.press("Enter")
        expect(page.locator("#banner")).to_be_visible()
        expect(page.locator("#banner")).to_contain_text("does not answer")
        assert page.get_attribute("#map", "data-points") == "2600"
    finally:
        api.start()
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator(".hit").first).to_be_visible()


def test_on_a_new_version_of_the_map_the_points_move_to_their_new_places(
    open_page: Callable[..., Page], library: Any
) -> None:
    page = open_page(reduced_motion="no-preference")
    page.wait_for_selector(f"{ALL_THERE}[data-version='1']")
    expect(page.locator("#status")).to_contain_text("quick")
    try:
        _activate(library.url, 2)
        page.wait_for_selector(f"{ALL_THERE}[data-version='2']")
        expect(page.locator("#status")).to_contain_text("fitted")
        page.locator(".name.level-0.shown", has_text="Sailing").click()
        expect(page).to_have_url(re.compile("at="))
        page.wait_for_timeout(1800)
        x, _ = _camera(page)
        assert abs(x) < 0.35  # it stood at x = 0.55 on the first map and stands above the middle now
    finally:
        _activate(library.url, 1)


def _activate(url: str, version: int) -> None:
    with psycopg.connect(url) as connection:
        activate_map(connection, version)


def _camera(page: Page) -> tuple[float, float]:
    found = re.search(r"at=([-\d.e]+),[-\d.e]+,([-\d.e]+)", page.url)
    assert found
    return float(found[1]), float(found[2])
