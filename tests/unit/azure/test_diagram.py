"""The picture of a system: everything is on it, nothing lies over anything else, every word has its room."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from seatrial import System, metric, requests
from seatrial.azure.compile import graph
from seatrial.azure.diagram import Sketch, drawing, sketch
from seatrial.azure.diagram_layout import (
    BOX_WIDTH,
    CHARACTERS,
    FRAME_LETTER,
    HEADER,
    LINE_HEIGHT,
    PADDING,
    TITLE_CHARACTERS,
    TITLE_HEIGHT,
    Picture,
    Placed,
    arranged,
    fitted,
)
from seatrial.cli.system_file import read_system

ROOT = Path(__file__).parents[3]
SYSTEMS = sorted(file.parent.name for file in ROOT.glob("systems/*/system.py"))


def fleet() -> System:
    """Forty things and more, on every kind of host."""
    fleet = System("fleet", title="A fleet <of> 40 & more", region="eastus2")
    stores = [fleet.postgres(f"ledger-{number}") for number in range(8)]
    caches = [fleet.cache(f"cache-{number}") for number in range(4)]
    photos = fleet.blobs("photos")
    pool = fleet.node_pool("pool")
    plan = fleet.app_service_plan("machines-that-everybody-shares")
    hosts = ["container apps", pool, plan]
    services = [
        fleet.service(
            f"service-{number}",
            "serve",
            port=5000 + number,
            scale=[requests(9)],
            uses=[stores[number % 8], caches[number % 4], photos],
            host=hosts[number % 3],
        )
        for number in range(20)
    ]
    fleet.front_door("entrance", routes={"/*": services[0], "/other/*": services[3]})
    fleet.network("net", bastion=True, vpn=True)
    fleet.alert("busy", metric(stores[0], "cpu"), above=80, tell=[fleet.contact("team")])
    return fleet


@pytest.fixture(scope="module")
def drawn() -> Sketch:
    return sketch(graph(fleet().plan()))


@pytest.fixture(scope="module")
def picture(drawn) -> Picture:
    return arranged(drawn)


def overlap(one: Placed, other: Placed) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def holds(outer: Placed, inner: Placed) -> bool:
    return (
        outer.x <= inner.x
        and outer.y + HEADER <= inner.y + 1  # its title stands above
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def test_every_process_and_store_is_a_box_and_lines_lead_from_who_asks(drawn):
    names = {box.title for box in drawn.boxes}
    plan = fleet().plan()
    by_key = {box.key: box.title for box in drawn.boxes}
    lines = {(by_key[line.source], by_key[line.target]) for line in drawn.lines}

    assert len(drawn.boxes) >= 40
    assert {part.name for part in plan.parts if part.name.startswith(("service", "ledger", "cache"))} <= names
    assert ("service-1", "ledger-1") in lines
    assert ("the world", "entrance") in lines
    assert ("administrators", "bastion") in lines
    assert ("service-1", "storage account") in lines  # in which photos is


def test_what_shares_machines_stands_in_their_frame(drawn):
    within = {box.title: box.within for box in drawn.boxes}
    titles = {frame.key: frame.title for frame in drawn.frames}

    assert titles[str(within["service-1"])].startswith("pool: Standard_D4s_v5")
    assert titles[str(within["service-2"])].startswith("machines-that-everybody-shares: P1v3")
    assert titles[str(within["service-0"])].startswith("Container Apps")


def test_pods_that_name_no_machines_stand_on_anybodys_and_no_frame_is_empty():
    ship = System("ship")
    ship.worker("rower", "row", host="aks")
    ship.node_pool("idle")

    drawn = sketch(graph(ship.plan()))

    titles = {frame.key: frame.title for frame in drawn.frames}
    within = {box.title: titles[str(box.within)] for box in drawn.boxes if box.within}
    assert within["rower"].startswith("general: Standard_")
    held = {box.within for box in drawn.boxes} | {frame.within for frame in drawn.frames}
    assert set(titles) <= held


def check(picture: Picture) -> None:
    frames = {frame.of.key: frame for frame in picture.frames}
    for one, other in combinations(picture.boxes, 2):
        assert not overlap(one, other), (one.of.key, other.of.key)
    for placed in (*picture.boxes, *picture.frames):
        assert placed.x >= 0
        assert placed.y >= 0
        assert placed.x + placed.width <= picture.width
        assert placed.y + placed.height <= picture.height
        if placed.of.within is not None:
            assert holds(frames[placed.of.within], placed), placed.of.key
    for one, other in combinations(picture.frames, 2):
        assert not overlap(one, other) or holds(one, other) or holds(other, one), (one.title, other.title)
    for box in picture.boxes:
        room = box.height - 2 * PADDING
        assert len(box.title) * TITLE_HEIGHT + len(box.lines) * LINE_HEIGHT <= room
        assert all(len(text) <= TITLE_CHARACTERS for text in box.title)
        assert all(len(text) <= CHARACTERS for text in box.lines)
        assert box.width == BOX_WIDTH
    for frame in picture.frames:
        assert len(frame.title[0]) * FRAME_LETTER <= frame.width - 20, frame.title


def test_nothing_lies_over_anything_else_and_every_word_has_its_room(picture):
    check(picture)


def test_lines_begin_and_end_at_their_boxes_and_run_straight(picture):
    boxes = {box.of.key: box for box in picture.boxes}
    for route in picture.routes:
        for (x, y), key in ((route.points[0], route.of.source), (route.points[-1], route.of.target)):
            box = boxes[key]
            assert box.x - 1 <= x <= box.x + box.width + 1
            assert box.y - 1 <= y <= box.y + box.height + 1


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_systems_of_this_repository_are_drawn_legibly(name):
    system = read_system(ROOT / "systems" / name)
    for variant in (None, *system.variants):
        check(arranged(sketch(graph(system.plan(variant)))))


def test_a_system_with_every_kind_of_part_is_drawn_legibly(tmp_path):
    text = (ROOT / "docs" / "system-file.md").read_text(encoding="utf-8").partition("## Mistakes\n")[0]
    file = tmp_path / "system.py"
    file.write_text("\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)), encoding="utf-8")

    check(arranged(sketch(graph(read_system(file).plan()))))


def test_several_regions_are_drawn_once_and_what_exists_once_stands_beside_them():
    ship = System("ship", title="A ship", region="eastus2", also_in=["westeurope"])
    api = ship.service("api", "serve", port=5001)
    ship.front_door("entrance", routes={"/*": api})
    ship.documents("log-books", throughput=1000)

    drawn = sketch(graph(ship.plan()))

    titles = {frame.key: frame.title for frame in drawn.frames}
    within = {box.title: titles.get(str(box.within)) for box in drawn.boxes}
    assert [box.title for box in drawn.boxes].count("api") == 1
    assert "In each of East US 2, West Europe" in titles.values()
    assert within["entrance"] == "Ways in, once for all regions"
    assert within["log-books"] == "Once for all regions"


def test_the_file_is_valid_says_what_it_shows_and_runs_nothing(picture):
    text = drawing(graph(fleet().plan()))
    root = ElementTree.fromstring(text)
    tags = {each.tag.partition("}")[2] for each in root.iter()}

    assert tags <= {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g"}
    assert root.attrib["role"] == "img"
    title, about = (root.find(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc"))
    assert title is not None
    assert about is not None
    assert title.text == "A fleet <of> 40 & more"
    assert "service-1 reaches ledger-1" in str(about.text)
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {about.attrib['id']}"
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    assert "href" not in text
    assert "prefers-color-scheme: dark" in text


def test_the_same_plan_makes_the_same_file():
    assert drawing(graph(fleet().plan())) == drawing(graph(fleet().plan()))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ("short",)),
        ("one, two, three", ("one, two", "three")),
        ("a-name-that-is-long", ("a-name-", "that-is-", "long")),
        ("wwwwwwwwwwwwwwww", ("wwwwwwwwww", "wwwwww")),
        ("", ("",)),
    ],
)
def test_text_is_broken_at_commas_where_that_is_possible(text, lines):
    assert fitted(text, 10) == lines
