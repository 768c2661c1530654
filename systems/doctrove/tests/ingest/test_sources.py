"""Files of every packing and of every kind of damage."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date, datetime
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from doctrove.ingest.records import InputBroken, Kept, Reject
from doctrove.ingest.sources.arxiv import arxiv
from doctrove.ingest.sources.chapters import CHAPTERS
from doctrove.ingest.sources.files import LONGEST_LINE, LineFile
from doctrove.ingest.sources.python_docs import PER_PACKAGE, SHORTEST, PythonDocs
from doctrove.ingest.sources.table import table
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st


def reasons(items):
    return {item.line: item.reason for item in items if isinstance(item, Reject)}


def ids(items):
    return [item.document.source_id for item in items if isinstance(item, Kept)]


@pytest.fixture
def damaged_file(tmp_path, arxiv_record):
    good = json.dumps(arxiv_record(1)).encode()
    path = tmp_path / "damaged.json"
    path.write_bytes(
        b"\xef\xbb\xbf" + good + b"\r\n"
        b"\n"
        b'{"id": "half\n'
        b"[1, 2]\n" + good.replace(b"On the", b"On \xe9\xe8") + b"\n"
        b'{"id": "x", "title": "\\u0000"}\n'
        b'{"id": "x", "title": "\\ud800"}\n'
        b'{"id": "x", "title": NaN}\n' + b"[" * 100_000 + b"\n"
        b'{"id": "end'
    )
    return path


def test_every_damage_is_kept_aside_with_its_line_and_reason(damaged_file):
    items = list(arxiv(damaged_file).records(0, 0))

    assert ids(items) == ["0704.00001"]
    found = reasons(items)
    assert list(found) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert found[3].startswith("not JSON: ")
    assert found[4] == "not a JSON object on a line of its own"
    assert found[5] == "not UTF-8: byte 34 is 0xe9"
    assert found[6] == "NUL character in title"
    assert found[7].startswith("not JSON: ")
    assert found[8].startswith("not JSON: ")
    assert found[9].startswith("not JSON: ")
    assert found[10] == "half-written: the file ends in the middle of the record"
    assert max(len(item.content) for item in items if isinstance(item, Reject)) == 10_000


def test_a_line_of_100_mb_is_refused_by_its_number_and_not_held(tmp_path, arxiv_record):
    path = tmp_path / "long.json"
    with path.open("wb") as file:
        file.write(json.dumps(arxiv_record(1)).encode() + b"\n")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + json.dumps(arxiv_record(2)).encode() + b"\n")

    lines = list(LineFile(path).lines())
    assert [len(line.data) < LONGEST_LINE for line in lines] == [True, True, True]

    items = list(arxiv(path).records(0, 0))
    assert ids(items) == ["0704.00001", "0704.00002"]
    assert reasons(items) == {2: "line of 100,000,001 bytes is longer than 8,388,608"}


@pytest.mark.parametrize("ending", [b"\n", b"", b"\n\n\n", b"\r\n"])
def test_a_line_is_read_whatever_the_end_of_the_file(tmp_path, ending):
    path = tmp_path / "a"
    path.write_bytes(b"one\n\ntwo" + ending)

    assert [(line.number, line.data) for line in LineFile(path).lines()] == [(1, b"one"), (3, b"two")]


def pack(path, packing, data):
    if packing == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside.json", data)
    else:
        path.write_bytes(gzip.compress(data) if packing == "gzip" else data)


@pytest.mark.parametrize("packing", ["plain", "gzip", "zip"])
def test_reading_goes_on_from_every_position_in_every_packing(tmp_path, arxiv_record, packing):
    data = "".join(json.dumps(arxiv_record(n)) + "\n" for n in range(20)).encode()
    path = tmp_path / "arxiv.bin"
    pack(path, packing, data)

    whole = list(arxiv(path).records(0, 0))

    assert len(whole) == 20
    assert whole[-1].position == len(data)
    for done, item in enumerate(whole, 1):
        assert list(arxiv(path).records(item.position, item.line)) == whole[done:]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | st.text(alphabet='{}"a:,[]\\\n\r\0é', max_size=200).map(str.encode))
def test_any_bytes_are_read_to_the_end(tmp_path, content):
    path = tmp_path / "any.json"
    path.write_bytes(content)
    try:
        source = arxiv(path)
    except InputBroken:
        assert content[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK")
        return
    assume(content[:2] != b"\x1f\x8b")

    items = list(source.records(0, 0))

    assert all(isinstance(item, Reject) for item in items)
    assert [item.line for item in items] == sorted({item.line for item in items})


@pytest.mark.parametrize("cut", [100, 400])
def test_a_gz_that_ends_too_early_gives_what_is_whole_then_says_so(tmp_path, arxiv_record, cut):
    packed = gzip.compress("".join(json.dumps(arxiv_record(n)) + "\n" for n in range(2000)).encode())
    path = tmp_path / "half.gz"
    path.write_bytes(packed[:-cut])

    items = []
    with pytest.raises(InputBroken, match="damaged or end too early") as broken:
        items.extend(arxiv(path).records(0, 0))

    assert "fetch the file again" in str(broken.value)


def test_utf_16_is_named_with_the_way_out(tmp_path):
    path = tmp_path / "wide.json"
    path.write_text("{}", encoding="utf-16")

    with pytest.raises(InputBroken, match="is UTF-16\nhint: iconv"):
        arxiv(path)


def test_a_change_of_the_file_changes_its_fingerprint(arxiv_file, arxiv_record):
    first = arxiv(arxiv_file([arxiv_record(1)])).fingerprint()
    assert arxiv(arxiv_file([arxiv_record(2)])).fingerprint() != first


# -- tables ---------------------------------------------------------------------------------------------


def test_columns_of_known_names_need_no_mapping(tmp_path):
    path = tmp_path / "papers.csv"
    path.write_text('ID,Title,Authors,date\n1,"One, or\nmore",A. B;C. D,2024-05\n')

    [item] = table(path, {}).records(0, 0)

    assert item.line == 3
    assert item.document[:5] == ("1", "One, or more", "", ["A. B", "C. D"], date(2024, 5, 1))


def test_a_mapping_names_other_columns_and_links(tmp_path):
    path = tmp_path / "papers.tsv"
    path.write_text("Key\tHeadline\tURL\nk1\tOne\thttp://a.b\n")

    source = table(path, {"id": "Key", "title": "Headline", "link.page": "URL"}, name="mine")

    [item] = source.records(0, 0)
    assert (source.name, item.document.title, item.document.links) == ("mine", "One", {"page": "http://a.b"})


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"title": "Headlin"}, "has no column 'Headlin'\nhint: it has Key, Headline"),
        ({"id": "Key"}, "no column is the title\nhint: --map title=COLUMN"),
        ({"id": "Key", "titel": "Headline"}, "there is no titel\nhint: one of id, title"),
    ],
)
def test_a_wrong_mapping_is_refused_before_anything_is_read(tmp_path, mapping, message):
    path = tmp_path / "papers.csv"
    path.write_text("Key,Headline\n1,One\n")

    with pytest.raises(InputBroken) as refused:
        table(path, mapping)
    assert message in str(refused.value)


def test_damaged_rows_are_kept_aside(tmp_path):
    path = tmp_path / "papers.csv"
    path.write_bytes(
        b"id,title,date\n1,one,\n2,two\n3,th\xffree,\n4,four,0000-00-00\n5,,\n6,six,9999-01-01\n7,a\0b,\n8,eight,2"
    )

    items = list(table(path, {}).records(0, 0))

    assert ids(items) == ["1"]
    assert reasons(items) == {
        3: "2 columns where the header has 3",
        4: "not UTF-8: byte 4 is 0xff",
        5: "not a date: '0000-00-00'",
        6: "empty title",
        7: "date out of range: 9999-01-01 is not between 1000-01-01 and two years from now",
        8: "NUL character in title",
        9: "date out of range: 0002-01-01 is not between 1000-01-01 and two years from now",
    }


def test_a_quote_that_never_closes_costs_one_record_of_bounded_size(tmp_path):
    path = tmp_path / "papers.csv"
    with path.open("w") as file:
        file.write('id,title\n1,one\n2,"two\n')
        file.writelines(f"{n},{'x' * 1000}\n" for n in range(20_000))

    items = list(table(path, {}).records(0, 0))

    assert ids(items)[0] == "1"
    assert any(reason.startswith("not CSV: field larger") for reason in reasons(items).values())


def test_csv_goes_on_from_every_position(tmp_path):
    path = tmp_path / "papers.csv"
    path.write_text("id,title\n" + "".join(f'{n},"title\n{n}"\n' for n in range(20)))
    whole = list(table(path, {}).records(0, 0))

    assert len(whole) == 20
    for done, item in enumerate(whole, 1):
        assert list(table(path, {}).records(item.position, item.line)) == whole[done:]


def test_another_encoding_can_be_named(tmp_path):
    path = tmp_path / "papers.csv"
    path.write_bytes("id,title\n1,Größe\n".encode("latin-1"))

    [item] = table(path, {}, encoding="latin-1").records(0, 0)
    assert item.document.title == "Größe"


@pytest.fixture
def parquet_file(tmp_path):
    path = tmp_path / "papers.parquet"
    rows = pa.table(
        {
            "id": pa.array(range(25)),
            "title": [f"t{n}" if n != 7 else None for n in range(25)],
            "authors": [["A", "B"]] * 25,
            "date": [datetime(2024, 5, 17, 12)] * 24 + [datetime(1, 1, 1)],
            "unused": [b"x"] * 25,
        }
    )
    pq.write_table(rows, path, row_group_size=10)
    return path


def test_parquet_is_read_with_its_own_types(parquet_file):
    items = list(table(parquet_file, {}).records(0, 0))

    assert items[0].document[:5] == ("0", "t0", "", ["A", "B"], date(2024, 5, 17))
    assert reasons(items) == {
        8: "empty title",
        25: "date out of range: 0001-01-01 is not between 1000-01-01 and two years from now",
    }


def test_parquet_goes_on_from_every_row(parquet_file):
    whole = list(table(parquet_file, {}).records(0, 0))
    for done, item in enumerate(whole, 1):
        assert list(table(parquet_file, {}).records(item.position, item.line)) == whole[done:]


def test_a_damaged_parquet_file_is_named(parquet_file):
    parquet_file.write_bytes(parquet_file.read_bytes()[:-200])

    with pytest.raises(InputBroken, match="damaged Parquet file"):
        table(parquet_file, {})


# -- Python's own documentation -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def python_documents():
    items = list(PythonDocs().records(0, 0))
    return {item.document.source_id: item.document for item in items if isinstance(item, Kept)}


def test_python_documents_are_several_thousand_and_worth_reading(python_documents):
    assert len(python_documents) > 3_000
    assert all(len(document.abstract) >= SHORTEST for document in python_documents.values())
    assert not [name for name in python_documents if "._" in name or ".tests." in name or "vendor" in name]


def test_what_everybody_knows_is_among_them(python_documents):
    for name in (
        "json.dumps",
        "str.split",
        "collections.Counter",
        "itertools.product",
        "topic.with",
        "click",
    ):
        assert name in python_documents, name
    dumps = python_documents["json.dumps"]
    assert dumps.title == "json.dumps: Serialize obj to a JSON formatted str."
    assert dumps.field == "Internet data"
    assert python_documents["topic.if"].title == 'topic.if: The "if" statement'
    assert dumps.links["documentation"].endswith("/library/json.html#json.dumps")


def test_no_package_fills_the_map(python_documents):
    by_field = {}
    for found in python_documents.values():
        by_field[found.field] = by_field.get(found.field, 0) + 1
    packages = {field: count for field, count in by_field.items() if field not in CHAPTERS}
    packages.pop("Other packages", None)
    assert packages
    assert max(packages.values()) <= PER_PACKAGE


def test_a_date_is_real_or_absent(python_documents):
    assert all(d.primary_date is None or d.primary_date.year > 2008 for d in python_documents.values())


def test_the_order_is_always_the_same_and_can_be_gone_on_with(python_documents):
    after = list(islice(PythonDocs().records(500, 500), 500))

    assert [item.position for item in after] == list(range(501, 1001))
    assert [item.document.source_id for item in after] == list(python_documents)[500:1000]
