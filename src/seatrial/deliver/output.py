"""Writes generated files into a folder, and nothing else there.

The folder keeps a list of what was written, with the hash of each file. A file that is not on it, or that no
longer has its hash, belongs to somebody: it is never written over, and never removed.

A run that is killed leaves whole files only. Before the first file is touched the list names its old hash and
its new one, so the next run knows it for its own whichever of the two it finds.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from seatrial.model.value import Value

__all__ = ["MANIFEST", "Foreign", "NotWritable", "OutputError", "Report", "write"]

MANIFEST = ".seatrial-build.json"
IN_THE_WAY = "in the way"
NEW = ".seatrial-new"
"""What the name of a file ends in until it is whole."""


class OutputError(Exception):
    """The folder cannot be written to. OutputError ├── NotWritable └── Foreign"""

    hint = ""


class NotWritable(OutputError):
    """Nothing can be written there."""

    hint = "name another folder: --out DIR"


class Foreign(OutputError):
    """Files are in the way that were not written by a build, or were edited since."""

    hint = "move them away, name another folder with --out DIR, or let them be written over: --force"

    def __init__(self, out: Path, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        named = "".join(f"\n  {path}" for path in self.paths)
        super().__init__(
            f"{out}: these were not written by a build, or edited since; nothing was written{named}"
        )


class Report(Value):
    """What became of a folder. Paths are relative to it, with slashes, by name."""

    out: Path
    written: tuple[str, ...]
    same: tuple[str, ...]
    """Already as they should be, so they were left alone."""
    removed: tuple[str, ...]
    """Written by an earlier build, and no longer wanted."""
    kept: tuple[str, ...]
    """The same, but edited by hand: left where they are, and from now on no concern of builds."""


def write(files: Mapping[str, str | bytes], out: Path, *, force: bool = False) -> Report:
    """Make a folder hold these files, by their paths in it; with `force`, whatever is in the way.

    Raises:
        NotWritable: the folder, or one in it, cannot be written to.
        Foreign: a file that is not ours is in the way. Nothing was written then.
    """
    wanted = {_inside(path): _bytes(files[path]) for path in sorted(files)}
    try:
        return _write(wanted, out, force)
    except OSError as exc:
        raise NotWritable(f"{exc.filename or out} cannot be written: {exc.strerror or exc}") from exc


def _write(wanted: Mapping[str, bytes], out: Path, force: bool) -> Report:
    ours = _read_manifest(out)
    found = {path: _hash_at(out, path) for path in wanted.keys() | ours.keys()}
    hashes = {path: _hash(content) for path, content in wanted.items()}
    same = tuple(path for path in wanted if found[path] == hashes[path])
    changed = tuple(path for path in wanted if found[path] != hashes[path])
    foreign = [path for path in changed if found[path] is not None and found[path] not in ours.get(path, ())]
    if foreign and (not force or any(found[path] == IN_THE_WAY for path in foreign)):
        raise Foreign(out, foreign)
    former = [path for path in sorted(ours.keys() - wanted.keys()) if found[path] is not None]
    removed = tuple(path for path in former if found[path] in ours[path])
    kept = tuple(path for path in former if path not in removed)
    for path in (MANIFEST, *changed, *removed):
        _let_write(out / path)
    _clear(out, found)
    final = {path: [each] for path, each in hashes.items()}
    if final != {path: list(known) for path, known in ours.items()} or changed or removed:
        out.mkdir(parents=True, exist_ok=True)
        _replace(out / MANIFEST, _manifest(_both(ours, final)))
        for path in changed:
            _replace(out / path, wanted[path])
        for path in removed:
            (out / path).unlink()
            _drop_empty((out / path).parent, out)
        _replace(out / MANIFEST, _manifest(final))
    return Report(out=out, written=changed, same=same, removed=removed, kept=kept)


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or path == MANIFEST:
        raise ValueError(f"{path!r} is no path inside a folder")
    return str(pure)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_at(out: Path, path: str) -> str | None:
    """The hash of what is there; IN_THE_WAY when it is no file of this folder; None when there is nothing."""
    file = out / path
    for folder in reversed(file.relative_to(out).parents):
        if (out / folder).is_symlink() and folder.parts:
            return IN_THE_WAY
        if (out / folder).exists() and not (out / folder).is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(out / folder))
    if file.is_symlink() or file.is_dir():
        return IN_THE_WAY
    return _hash(file.read_bytes()) if file.exists() else None


def _let_write(file: Path) -> None:
    """Raises PermissionError when the folder of a file takes no files."""
    folder = next(each for each in file.parents if each.exists())
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _read_manifest(out: Path) -> dict[str, tuple[str, ...]]:
    """What earlier builds wrote: the hashes that each file may have. Empty when it cannot be understood."""
    with suppress(FileNotFoundError, NotADirectoryError, ValueError, AttributeError, TypeError, KeyError):
        said = json.loads((out / MANIFEST).read_bytes())["files"]
        return {_inside(path): tuple(map(str, hashes)) for path, hashes in said.items()}
    return {}


def _manifest(files: Mapping[str, list[str]]) -> bytes:
    about = "What seatrial build wrote here, by hash: it writes over no other file"
    return (json.dumps({"about": about, "files": files}, indent=1, sort_keys=True) + "\n").encode()


def _both(ours: Mapping[str, tuple[str, ...]], final: Mapping[str, list[str]]) -> dict[str, list[str]]:
    either = sorted(ours.keys() | final.keys())
    return {path: sorted({*ours.get(path, ()), *final.get(path, ())}) for path in either}


def _replace(file: Path, content: bytes) -> None:
    """Put a whole file in the place of another, or of nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(file.name + NEW)
    new.write_bytes(content)
    new.replace(file)


def _clear(out: Path, paths: Iterable[str]) -> None:
    """Remove what a killed run left unfinished."""
    for path in (*paths, MANIFEST):
        (out / (path + NEW)).unlink(missing_ok=True)


def _drop_empty(folder: Path, out: Path) -> None:
    for each in _up(folder, out):
        try:
            each.rmdir()
        except OSError:  # not empty, so not ours to remove
            return


def _up(folder: Path, out: Path) -> Iterator[Path]:
    while folder != out:
        yield folder
        folder = folder.parent
