"""Every mistake in a system file is told when it is read: on its line, with the value, and with the way out.

`bad_lines.toml` holds the mistakes; each is put below the good lines here.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.cli.system_file import read_system
from seatrial.model import Mistake, Mistakes

GOOD = """\
from seatrial import System, available, backlog, chart, cpu, log, memory, metric, product, queue_length
from seatrial import recovery, requests

ship = System("ship", title="A ship", region="eastus2")
elsewhere = System("elsewhere")
papers = ship.postgres("papers", storage="100 GiB")
models = ship.blobs("models")
orders = ship.queue("orders")
key = ship.secret("openai-key")
api = ship.service("api", "python -m api", port=5001, public=True, uses=[papers])
work = ship.worker("work", "python -m work", uses=[papers])
load = ship.job("load", "python -m load", uses=[papers])
team = ship.contact("team")
pool = ship.node_pool("pool")
theirs = elsewhere.postgres("theirs")
their_pool = elsewhere.node_pool("their-pool")
del elsewhere
other = ship.variant("other")
"""
AFTER_GOOD = GOOD.count("\n") + 1

BAD: list[dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("bad_lines.toml").read_text(encoding="utf-8")
)["bad"]


def _write(folder: Path, chosen: list[int]) -> Path:
    lines = (BAD[index]["line"].replace("<n>", str(100 + index)) + "\n" for index in chosen)
    file = folder / "system.py"
    file.write_text(GOOD + "".join(lines), encoding="utf-8")
    return file


def _told(file: Path) -> tuple[Mistake, ...]:
    with pytest.raises(Mistakes) as raised:
        read_system(file)
    return raised.value.mistakes


def test_the_good_lines_have_no_mistake(tmp_path: Path) -> None:
    assert read_system(_write(tmp_path, [])).name == "ship"


@pytest.mark.parametrize("index", range(len(BAD)), ids=[re.sub(r"\W+", "-", bad["line"])[:70] for bad in BAD])
def test_a_bad_line_is_told_once_on_its_line_with_the_way_out(index: int, tmp_path: Path) -> None:
    told = _told(_write(tmp_path, [index]))

    assert [mistake.place.line for mistake in told] == [AFTER_GOOD], Mistakes(told).report()
    assert BAD[index]["what"].replace("<n>", str(100 + index)) in told[0].what
    assert BAD[index]["hint"].replace("<n>", str(100 + index)) in (told[0].hint or "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(st.sampled_from(range(len(BAD))), unique=True, min_size=1, max_size=25))
def test_any_bad_lines_together_are_told_each_on_its_line(chosen: list[int], tmp_path: Path) -> None:
    told = _told(_write(tmp_path, chosen))

    assert [mistake.place.line for mistake in told] == [AFTER_GOOD + number for number in range(len(chosen))]
    for mistake, index in zip(told, chosen, strict=True):
        assert BAD[index]["what"].replace("<n>", str(100 + index)) in mistake.what
