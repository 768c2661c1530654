"""The picture of a plan as a browser draws it: every word stays in its box, in the browser's own fonts."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from seatrial.azure.compile import graph
from seatrial.azure.diagram import drawing
from seatrial.cli.system_file import read_system

pytestmark = [pytest.mark.integration, pytest.mark.browser]

ROOT = Path(__file__).parents[3]

OUTSIDE = """() => [...document.querySelectorAll('g > g')].flatMap(group => {
  const box = group.querySelector('rect').getBBox();
  return [...group.querySelectorAll('text')].filter(text => {
    const words = text.getBBox();
    return words.x + words.width > box.x + box.width || words.y < box.y
        || words.y + words.height > box.y + box.height;
  }).map(text => text.textContent);
})"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    path = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine: .ci/run installs one")
        pytest.skip("no Chromium on this machine: install `chromium` to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def test_every_word_of_a_system_with_every_kind_of_part_stays_in_its_box(page: Page, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "system-file.md").read_text(encoding="utf-8").partition("## Mistakes\n")[0]
    file = tmp_path / "system.py"
    file.write_text("\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)), encoding="utf-8")
    picture = tmp_path / "plan.svg"
    picture.write_text(drawing(graph(read_system(file).plan())), encoding="utf-8")

    page.goto(picture.as_uri())

    assert page.evaluate("document.querySelectorAll('text').length") > 80
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_follows_its_readers_choice_of_light_or_dark(
    page: Page, tmp_path: Path, scheme: str
) -> None:
    picture = tmp_path / "plan.svg"
    plan = read_system(ROOT / "systems" / "doctrove").plan()
    picture.write_text(drawing(graph(plan)), encoding="utf-8")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two

    page.goto(picture.as_uri())

    shades = (
        "e => [e.querySelector('.paper'), e.querySelector('.heading')].map(x => getComputedStyle(x).fill)"
    )
    paper, ink = (
        sum(map(int, re.findall(r"\d+", shade)[:3])) for shade in page.eval_on_selector("svg", shades)
    )
    assert (paper > ink) == (scheme == "light")
    assert abs(paper - ink) > 500  # of 765: read easily
