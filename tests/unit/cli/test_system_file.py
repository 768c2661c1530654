from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _report(path: Path | str | None, *, colour: bool = False) -> str:
    with pytest.raises(Mistakes) as raised:
        read_system(path)
    return raised.value.report(colour)


def test_every_system_of_this_repository_reads_cleanly() -> None:
    for file in ROOT.glob("systems/*/system.py"):
        system = read_system(file)
        assert system.name == file.parent.name
        for variant in (None, *system.variants):
            assert system.plan(variant).parts


def test_a_plan_read_twice_is_equal_to_itself() -> None:
    file = ROOT / "systems" / "doctrove" / "system.py"
    assert read_system(file).plan("10m") == read_system(file).plan("10m")


SMALL = 'from seatrial import System\nship = System("ship")\n'


def test_a_system_is_found_by_file_folder_name_and_by_being_the_only_one(folder: Path) -> None:
    file = _write(folder / "systems" / "ship" / "system.py", SMALL)
    for path in (file, file.parent, "ship", "systems/ship", None):
        assert read_system(path).place.file == str(file)
    os.chdir(file.parent)
    assert read_system().name == "ship"


def test_what_cannot_be_found_says_what_can(folder: Path) -> None:
    assert _report(None).startswith(
        "system.py  no such file, nor a systems/*/system.py\n  hint: go to the folder"
    )
    _write(folder / "systems" / "ship" / "system.py", SMALL)
    _write(folder / "systems" / "boat" / "system.py", SMALL)
    assert _report(None) == "systems  more than one system\n  hint: name one of boat, ship"
    assert _report("shop") == (
        "shop  no such file or folder, nor a system of that name\n"
        '  hint: did you mean "ship"? known: boat, ship'
    )
    assert _report("systems").startswith("systems  a folder without a system.py\n")
    assert "cannot be read: File name too long" in _report("x" * 5000)


def test_two_systems_are_read_in_one_process_and_leave_nothing_behind(folder: Path) -> None:
    # Given two systems that each bring a module of the same name
    for name, port in (("boat", 5001), ("ship", 5002)):
        _write(folder / name / "ports.py", f"PORT = {port}\n")
        _write(
            folder / name / "system.py",
            f'from ports import PORT\nfrom seatrial import System\nsystem = System("{name}")\n'
            'system.service("api", "serve", port=PORT)\n',
        )
    before = (list(sys.path), set(sys.modules))

    # When both are read, each gets its own
    ports = [read_system(name).plan().part("api").port for name in ("boat", "ship")]  # type: ignore[attr-defined]

    # Then nothing of them stays
    assert ports == [5001, 5002]
    assert sys.path == before[0]
    assert {name for name in set(sys.modules) - before[1] if not name.startswith("seatrial")} == set()


def test_a_mistake_is_told_on_the_line_of_its_argument(folder: Path) -> None:
    _write(
        folder / "system.py",
        """\
from seatrial import System, backlog, cpu
ship = System(
    "ship",
    region="Mars",
)
db = ship.postgres(
    "Database",
    extensions=[
        "vector",
        "pgvector",
    ],
)
ship.worker(
    "work",
    command="work",
    env={
        "LEVEL": "info",
        "PORT": "1",
    },
    scale=[
        cpu(70),
        backlog(
            db,
            "select 1",
            per_replica=0,
        ),
    ],
    uses=[db],
)
""",
    )
    lines = [line.partition("  ")[0] for line in _report(None).splitlines()[::2]]
    assert lines == [f"system.py:{line}" for line in (4, 7, 10, 18, 25)]


def test_the_report_says_where_what_and_the_way_out(folder: Path) -> None:
    _write(folder / "system.py", SMALL + 'ship.cache("memo", memory="2 GBs")\n')
    assert _report(None) == (
        'system.py:3  memory="2 GBs": unknown unit "GBs"\n'
        '  hint: did you mean "GB"? known: B, KB, MB, GB, TB, KiB, MiB, GiB, TiB'
    )
    assert "\033[" not in _report(None)
    assert _report(None, colour=True).startswith("\033[1msystem.py:3\033[0m  memory=")


def test_what_follows_from_a_mistake_is_not_told(folder: Path) -> None:
    _write(
        folder / "system.py",
        """\
from seatrial import System, backlogg, cpu
ship = System("ship")
db = ship.postgress("db")
api = ship.service("api", "serve", port=5001, uses=[db], env={"DB_URL": db.name})
work = ship.worker("work", "work", replicas=(0, 1), uses=[db, api], scale=[backlogg(db, "select 1"), cpu(70)])
ship.expects(db.get("/x"), p95="1 s", at="1/s")
for each in db:
    ship.cache(each)
other = ship.variant("other")
other.change(db, cores=3)
other.without(db)
ship.cache("memo", memory="lots")
""",
    )
    assert [line.partition("  ")[0] for line in _report(None).splitlines()[::2]] == [
        "system.py:1",
        "system.py:3",
        "system.py:12",
    ]


def test_a_file_that_is_no_python_says_where(folder: Path) -> None:
    _write(folder / "system.py", SMALL + "ship.cache(\n")
    assert _report(None).startswith(
        "system.py:3  '(' was never closed: ship.cache(\n  hint: nothing in the file"
    )
    (folder / "system.py").write_bytes(b"x = 1\x00\n")
    assert "null bytes" in _report(None)
    (folder / "system.py").write_bytes(b"# caf\xe9\n")
    assert "system.py" in _report(None)


def test_a_file_holds_one_system(folder: Path) -> None:
    _write(folder / "system.py", "x = 1\n")
    assert _report(None).startswith("system.py:1  no System is made in this file\n  hint: begin with:")
    _write(folder / "system.py", SMALL + 'boat = System("boat")\nagain = ship\n')
    assert _report(None).startswith('system.py:3  2 systems in one file: "ship", "boat"\n')


def test_a_mistake_in_a_module_of_the_system_is_told_there(folder: Path) -> None:
    _write(folder / "more.py", 'def more(ship):\n    ship.cache("Memo")\n')
    _write(folder / "system.py", "from more import more\n" + SMALL + "more(ship)\n")
    assert _report(None).startswith('more.py:2  cache("Memo"): a name has lower case letters')


def test_an_error_inside_a_function_is_told_on_its_line(folder: Path) -> None:
    _write(
        folder / "system.py",
        SMALL
        + """\
def small(name):
    return ship.worker(
        name,
        "work",
        memroy="1 GiB",
    )
small("one")
""",
    )
    assert _report(None).startswith('system.py:7  worker() has no "memroy"\n  hint: did you mean "memory"?')


def test_the_imports_from_the_future_hold_for_the_whole_file(folder: Path) -> None:
    _write(
        folder / "system.py",
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        + SMALL
        + "@dataclass\nclass Shape:\n    size: Unknown\n",
    )
    assert read_system().name == "ship"


def test_a_secret_is_not_repeated_in_the_report(folder: Path) -> None:
    _write(folder / "system.py", SMALL + 'ship.worker("work", "work", env={"OPENAI_KEY": "sk-12345"})\n')
    assert "sk-12345" not in _report(None)


def test_all_that_would_stop_a_call_is_told_at_once(folder: Path) -> None:
    _write(
        folder / "system.py",
        """\
from seatrial import System
ship = System(title="A ship")
api = ship.service(
    "Api",
    health="health",
    prot=5001,
    memroy="1 GiB",
    uses=[papers, paper],
    replicas=(3, 1),
)
api.gett(nowhere)
ship.worker("work", **{"command": "work", "cpu": 0})
""",
    )
    lines = [line.partition("  ") for line in _report(None).splitlines()[::2]]
    assert [(place.removeprefix("system.py:"), what) for place, _, what in lines] == [
        ("2", "System() lacks name"),
        ("3", "service() lacks command, port"),
        ("4", 'service("Api"): a name has lower case letters, digits and hyphens only'),
        ("5", 'health="health": a path starts with a slash'),
        ("6", 'service() has no "prot"'),
        ("7", 'service() has no "memroy"'),
        ("8", "papers: not known here"),
        ("8", "paper: not known here"),
        ("9", "replicas=(3, 1): fewest is more than most"),
        ("11", 'a Service has no word "gett"'),
        ("11", "nowhere: not known here"),
        ("12", "cpu=0: not above 0"),
    ]
