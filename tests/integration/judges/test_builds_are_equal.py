"""The same system file gives the same files, byte for byte, whatever the process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_two_builds_are_equal(
    system: str,
    built: Callable[[str], Path],
    rebuild: Callable[[str, Path, str], None],
    tmp_path: Path,
) -> None:
    # Given a build by a process with one seed of hashes, when another with another seed builds the same
    rebuild(system, tmp_path / "again", "4711")
    # Then no byte differs
    once, again = contents(built(system)), contents(tmp_path / "again")
    assert once.keys() == again.keys()
    assert [path for path in once if once[path] != again[path]] == []
