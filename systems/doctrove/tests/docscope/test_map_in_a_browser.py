"""The map: its points, names and colours, the hover card, the camera, phones."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]

DOCUMENTS = 2_600
ALL_THERE = f"#map[data-points='{DOCUMENTS}']"

# The page's policy lets no script fetch a data: address, so the picture goes in as bytes.
COUNT_COLOURED = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let coloured = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = data.subarray(i, i + 3);
    if (Math.max(r, g, b) - Math.min(r, g, b) > 70) coloured++;
  }
  return coloured;
}"""


def coloured_pixels(page: Page) -> int:
    """Pixels of a strong colour in the part of the map that no panel covers: points, and nothing else."""
    clip: Any = {"x": 380, "y": 20, "width": 740, "height": 660}
    picture = base64.b64encode(page.screenshot(clip=clip)).decode()
    counted: int = page.evaluate(COUNT_COLOURED, picture)
    return counted


def camera(page: Page) -> tuple[float, float, float]:
    """Where the address says that the camera stands: x, y and span."""
    expect(page).to_have_url(re.compile("at="))
    found = re.search(r"at=([-\d.e]+),([-\d.e]+),([-\d.e]+)", page.url)
    assert found
    return float(found[1]), float(found[2]), float(found[3])


def test_the_first_paint_shows_points_and_soon_all_of_them(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector("#map[data-points]")
    page.wait_for_selector(ALL_THERE)
    page.wait_for_timeout(300)
    assert coloured_pixels(page) > 1_000
    expect(page.locator("#status")).to_contain_text("2,600 documents")
    expect(page.locator(".name.shown", has_text="Astronomy").first).to_be_visible()


def test_no_two_names_on_the_map_overlap(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector(".name.shown")
    page.wait_for_timeout(500)
    boxes = [box for name in page.locator(".name.shown").all() if (box := name.bounding_box())]
    assert len(boxes) >= 6
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


def test_a_click_on_a_name_flies_there_and_finer_names_appear(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator(".name.level-0.shown", has_text="Cooking").click()
    x, y, span = camera(page)
    assert span < 1
    assert abs(x - 0.55 * 0.5) < span
    assert abs(y - 0.55 * 0.866) < span
    expect(page.locator(".name.level-1.shown", has_text="simmering")).to_be_visible()


def test_colours_follow_what_is_chosen_and_the_legend_says_what_they_mean(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    page.wait_for_selector(ALL_THERE)
    expect(page.locator("#legend-entries")).to_contain_text("Sailing")
    page.select_option("#colour-by", "source")
    expect(page.locator("#legend-entries .legend-name")).to_have_text(["notebook", "almanac"])
    expect(page.locator("#legend-entries .legend-count")).to_have_text(["1,733", "867"])
    page.select_option("#colour-by", "year")
    expect(page.locator("#legend-entries")).to_contain_text("2005")
    assert "colour=year" in page.url


def test_pointing_at_an_entry_of_the_legend_dims_the_others(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.wait_for_selector(ALL_THERE)
    page.wait_for_timeout(300)
    all_lit = coloured_pixels(page)
    page.locator(".legend-row", has_text="Music").hover()
    page.wait_for_timeout(300)
    assert coloured_pixels(page) < all_lit / 2


def test_a_click_in_the_legend_filters(open_page: Callable[..., Page]) -> None:
    page = open_page("/#colour=field")
    page.wait_for_selector(ALL_THERE)
    page.locator(".legend-row", has_text="Music").click()
    page.wait_for_selector("#map[data-points='433']")
    expect(page.locator(".chip")).to_contain_text("Music")


def test_the_card_of_the_point_under_the_pointer_says_what_it_is(open_page: Callable[..., Page]) -> None:
    page = open_page("/#at=0.55,0,0.6")
    page.wait_for_selector("#map[data-points]")
    page.wait_for_timeout(300)
    for step in range(60):
        page.mouse.move(560 + 4 * step, 330 + 2 * (step % 20))
        page.wait_for_timeout(40)
        if page.locator("#card").is_visible():
            break
    expect(page.locator("#card h3")).to_contain_text("note")
    expect(page.locator("#card .card-excerpt")).to_contain_text("About")
    page.mouse.move(20, 300)
    expect(page.locator("#card")).to_be_hidden()


def test_the_keys_do_what_the_sheet_says(open_page: Callable[..., Page]) -> None:
    page = open_page("/#at=0,0,2")
    page.wait_for_selector(ALL_THERE)
    page.locator("#map").focus()
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile(",1(\\.0+\\d*)?$"))
    x, _, span = camera(page)
    assert span == pytest.approx(1, rel=0.01)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert camera(page)[0] > x
    page.keyboard.press("-")
    page.wait_for_timeout(500)
    assert camera(page)[2] == pytest.approx(2, rel=0.01)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("fff")
    assert page.input_value("#query") == "fff"


def test_dark_and_light_follow_the_system_until_somebody_chooses(open_page: Callable[..., Page]) -> None:
    page = open_page(color_scheme="light")
    page.wait_for_selector(ALL_THERE)
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    page.wait_for_selector(ALL_THERE)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_wheel_zooms_and_a_drag_pans_with_all_points_in_place(open_page: Callable[..., Page]) -> None:
    page = open_page("/#at=0,0,2")
    page.wait_for_selector(ALL_THERE)
    page.mouse.move(700, 380)
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(700)
    _, _, zoomed = camera(page)
    assert zoomed < 2
    page.mouse.move(760, 400)
    page.mouse.down()
    page.mouse.move(660, 380, steps=5)
    page.mouse.up()
    page.wait_for_timeout(900)
    x, _, span = camera(page)
    assert x > 0
    assert span == pytest.approx(zoomed)
    assert page.get_attribute("#map", "data-points") == str(DOCUMENTS)


def test_on_a_phone_panels_are_sheets_and_two_fingers_zoom(open_page: Callable[..., Page]) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = open_page("/#at=0,0,2", **phone)
    page.wait_for_selector(ALL_THERE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[int, int]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (150, 400), (240, 400))
    for apart in range(0, 90, 10):
        fingers("touchMove", (150 - apart, 400), (240 + apart, 400))
        page.wait_for_timeout(30)
    fingers("touchEnd")
    page.wait_for_timeout(800)
    assert camera(page)[2] < 1.6
    page.fill("#query", "violin")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    page.wait_for_timeout(500)
    sheet = page.locator("#results").bounding_box()
    assert sheet
    assert sheet["width"] == 390
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
