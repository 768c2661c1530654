"""What is written into a folder, and what is left alone there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seatrial.deliver.output import MANIFEST, Foreign, NotWritable, OutputError, write

FIRST = {"infra/main.bicep": "one\n", "infra/modules/data.bicep": "two\n", "azure.yaml": "three\n"}


def contents(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != MANIFEST)
    return {file.relative_to(folder).as_posix(): file.read_text() for file in files}


def test_a_folder_is_made_and_holds_the_files(tmp_path: Path) -> None:
    report = write(FIRST, tmp_path / "new" / "out")
    assert contents(tmp_path / "new" / "out") == FIRST
    assert report.written == tuple(sorted(FIRST))


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    report = write(FIRST, tmp_path)
    assert (report.written, report.removed, report.same) == ((), (), tuple(sorted(FIRST)))
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    report = write(FIRST | {"azure.yaml": "four\n"}, tmp_path)
    assert report.written == ("azure.yaml",)
    assert (tmp_path / "azure.yaml").read_text() == "four\n"


def test_what_is_no_longer_wanted_is_removed_with_its_empty_folders(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    report = write({"azure.yaml": "three\n"}, tmp_path)
    assert report.removed == ("infra/main.bicep", "infra/modules/data.bicep")
    assert not (tmp_path / "infra").exists()


def test_what_is_no_longer_wanted_but_was_edited_is_kept_and_named(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    (tmp_path / "infra/main.bicep").write_text("mine\n")
    report = write({"azure.yaml": "three\n"}, tmp_path)
    assert report.kept == ("infra/main.bicep",)
    assert contents(tmp_path) == {"infra/main.bicep": "mine\n", "azure.yaml": "three\n"}


@pytest.mark.parametrize("written_before", [True, False])
def test_a_file_of_others_is_not_written_over_and_nothing_else_is_written(
    written_before: bool, tmp_path: Path
) -> None:
    # Given a file that was edited, or was never ours
    if written_before:
        write(FIRST, tmp_path)
    (tmp_path / "azure.yaml").write_text("mine\n")
    before = contents(tmp_path)
    # When other files are to be written as well, then it is named with the way out, and nothing happens
    with pytest.raises(Foreign, match=r"azure\.yaml") as refused:
        write(FIRST | {"infra/main.bicep": "new\n"}, tmp_path)
    assert refused.value.paths == ("azure.yaml",)
    assert "--force" in refused.value.hint
    assert contents(tmp_path) == before


def test_by_force_it_is(tmp_path: Path) -> None:
    (tmp_path / "azure.yaml").write_text("mine\n")
    write(FIRST, tmp_path, force=True)
    assert contents(tmp_path) == FIRST


def test_files_that_nobody_wants_there_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine\n")
    write(FIRST, tmp_path)
    write({}, tmp_path)
    assert contents(tmp_path) == {"notes.txt": "mine\n"}


def test_a_file_that_is_already_as_it_should_be_becomes_ours(tmp_path: Path) -> None:
    (tmp_path / "azure.yaml").write_text("three\n")
    assert write(FIRST, tmp_path).same == ("azure.yaml",)
    assert write(FIRST | {"azure.yaml": "four\n"}, tmp_path).written == ("azure.yaml",)


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/infra").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Foreign):
        write(FIRST, tmp_path / "out", force=True)
    assert contents(tmp_path / "elsewhere") == {}


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine\n")
    with pytest.raises(NotWritable, match="out") as refused:
        write(FIRST, tmp_path / "out")
    assert "--out" in refused.value.hint
    assert (tmp_path / "out").read_text() == "mine\n"


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder of somebody who is not root: root may write everywhere."""
    was, nobody = os.geteuid(), 65534
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        if was == 0:
            os.chown(name, nobody, nobody)
            os.seteuid(nobody)
        try:
            yield Path(name)
        finally:
            os.seteuid(was)


def test_a_folder_that_takes_no_files_is_told_before_anything_is_written() -> None:
    with as_nobody() as folder:
        (folder / "out/infra").mkdir(parents=True)
        (folder / "out/infra").chmod(0o500)
        with pytest.raises(NotWritable, match="infra"):
            write(FIRST, folder / "out")
        assert contents(folder / "out") == {}


@pytest.mark.parametrize("path", ["../out.txt", "/etc/out.txt", "", MANIFEST])
def test_a_path_that_leads_out_is_a_mistake_of_ours(path: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no path inside"):
        write({path: "x"}, tmp_path)


def test_errors_are_one_tree() -> None:
    assert issubclass(Foreign, OutputError)
    assert issubclass(NotWritable, OutputError)


KILLED = """
import os, sys
from pathlib import Path
from seatrial.deliver import output

left = int(sys.argv[2])
replace = output._replace

def dying(file, content):
    global left
    left -= 1
    if left < 0:
        file.with_name(file.name + output.NEW).write_bytes(content[:1])
        os.kill(os.getpid(), 9)
    replace(file, content)

output._replace = dying
files = {"azure.yaml": "four\\n", "infra/main.bicep": "five\\n", "more.txt": "six\\n"}
output.write(files, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("writes", range(5))
def test_what_a_killed_run_left_is_whole_and_the_next_one_puts_it_right(writes: int, tmp_path: Path) -> None:
    # Given a run that is killed in the middle of its first, second, … file
    write(FIRST, tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path, str(writes)], check=False)
    assert killed.returncode == -9
    # Then each file is whole, of before or of after
    before_or_after = {*FIRST.values(), "four\n", "five\n", "six\n"}
    assert {text for path, text in contents(tmp_path).items() if not path.endswith(".seatrial-new")} <= (
        before_or_after
    )
    # And the next run knows its own files, and leaves nothing behind
    wanted = {"azure.yaml": "seven\n", "infra/main.bicep": "five\n", "more.txt": "six\n"}
    write(wanted, tmp_path)
    assert contents(tmp_path) == wanted
