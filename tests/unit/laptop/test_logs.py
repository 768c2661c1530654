"""Lines: whole, masked, bounded, kept."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from seatrial.laptop import logs
from seatrial.laptop.environment import MASK, Mask
from seatrial.laptop.logs import LineSplitter, LogFile, follow, last_lines, merged

NO_MASK = Mask()


def lines_of(chunks: list[bytes], mask: Mask = NO_MASK) -> list[str]:
    splitter = LineSplitter(mask)
    return [*itertools.chain.from_iterable(splitter.feed(chunk) for chunk in chunks), *splitter.end()]


def test_every_kind_of_line_end_ends_a_line():
    assert lines_of([b"a\nb\r\nc\rd\n\ne"]) == ["a", "b", "c", "d", "", "e"]


@given(st.text(), st.lists(st.integers(0, 50)))
def test_where_the_pieces_are_cut_makes_no_difference(text, cuts):
    data, chunks = text.encode(), []
    for cut in cuts:
        chunks.append(data[:cut])
        data = data[cut:]

    assert lines_of([*chunks, data]) == lines_of([text.encode()])


@given(st.text(alphabet="ab\n", max_size=400))
def test_nothing_is_lost(text):
    assert "\n".join(lines_of([text.encode()])) == text.removesuffix("\n")


def test_bytes_that_are_no_text_are_shown_as_such():
    assert lines_of([b"\xff\xfe ok \xe2\x82\n", b"\xe2"]) == ["�� ok �", "�"]


def test_a_huge_line_is_told_in_pieces_without_loss(monkeypatch):
    monkeypatch.setattr(logs, "LONGEST_LINE", 100)
    chunks = [bytes([97 + number % 26]) * 37 for number in range(50)]

    lines = lines_of([*chunks, b"\n"])

    assert "".join(lines) == b"".join(chunks).decode()
    assert max(map(len, lines)) <= 100


@given(st.integers(0, 300), st.integers(1, 40))
def test_a_secret_in_a_huge_line_is_hidden_wherever_the_line_is_cut(before, step):
    secret, size = "s3cr3t-value", logs.LONGEST_LINE
    text = "x" * (size - 150 + before) + secret + "y" * 400
    chunks = [text[: size - 200].encode()]
    chunks += [text[start : start + step].encode() for start in range(size - 200, len(text), step)]

    told = "".join(lines_of(chunks, Mask([secret])))

    assert told == text.replace(secret, MASK)


def test_files_rotate_and_their_last_lines_are_found_across_them(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "_FILE_BYTES", 400)
    log = LogFile(tmp_path / "api.log")
    for number in range(60):
        log.write(f"line {number}")
    log.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "api.log",
        *(f"api.log.{n}" for n in (1, 2, 3)),
    ]
    assert [line[25:] for line in last_lines(tmp_path / "api.log", 20)] == [
        f"line {n}" for n in range(40, 60)
    ]


def test_lines_of_several_parts_come_in_the_order_of_time(tmp_path):
    one, two = LogFile(tmp_path / "one.log"), LogFile(tmp_path / "two.log")
    for log, text in ((one, "a"), (two, "b"), (one, "c")):
        log.write(text)

    told = list(merged({"one": one.path, "two": two.path, "none": tmp_path / "none.log"}, 10))

    assert sorted(told) == [("one", "a"), ("one", "c"), ("two", "b")]
    assert told.index(("one", "a")) < told.index(("one", "c"))


def test_following_goes_on_across_a_rotation(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "_FILE_BYTES", 100)
    log = LogFile(tmp_path / "api.log")
    log.write("before")
    turns = iter([True, True, False])

    def going_on() -> bool:
        for number in range(3):  # more than a file holds
            log.write(f"{next(numbers)} {number}")
        return next(turns)

    numbers = itertools.count()
    heard = [line for _, line in follow({"api": log.path}, going_on)]

    assert heard == [f"{number} {number % 3}" for number in range(9)]
