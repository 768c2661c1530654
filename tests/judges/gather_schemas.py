"""Gathers from Azure's official schemas what the types that we make need, into one small file beside this.

    python tests/judges/gather_schemas.py DIR

DIR is a copy of the folder `schemas` of https://github.com/Azure/azure-resource-manager-schemas (MIT licence;
ours: commit a1454431151f of 2026-08-16), or as much of it as has our types. Of each schema only what judges a
value is kept, not what describes it. Run it again when `seatrial.azure.versions` changes.
"""

from __future__ import annotations

import json
import lzma
import sys
from pathlib import Path
from typing import Any

from seatrial.azure.versions import API_VERSIONS

BASE_URL = "https://schema.management.azure.com/schemas/"
ENVELOPE = "2019-04-01/deploymentTemplate.json"
GATHERED = Path(__file__).with_name("arm-schemas.json.xz")


class Gathering:
    """Parts of schema files, each with all that it refers to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read: dict[str, Any] = {}
        self.kept: dict[str, dict[str, Any]] = {}

    def file(self, path: str) -> Any:
        if path not in self.read:
            self.read[path] = json.loads((self.root / path).read_text(encoding="utf-8-sig"))
        return self.read[path]

    def keep(self, path: str, pointer: tuple[str, ...]) -> None:
        """Keep what a pointer leads to in a file, and what that refers to."""
        place: Any = self.kept.setdefault(path, {})
        for step in pointer[:-1]:
            place = place.setdefault(step, {})
        if pointer[-1] in place:
            return
        found: Any = self.file(path)
        for step in pointer:
            found = found[step]
        place[pointer[-1]] = kept = self.bare(found)
        self.follow(kept, path)

    def bare(self, schema: Any) -> Any:
        match schema:
            case {"properties": {} as named, **rest}:
                bare = {name: self.bare(each) for name, each in named.items()}
                return {"properties": bare} | self.bare(rest)
            case dict():
                return {key: self.bare(each) for key, each in schema.items() if key != "description"}
            case list():
                return [self.bare(each) for each in schema]
        return schema

    def follow(self, schema: Any, path: str) -> None:
        if isinstance(schema, dict):
            if isinstance(reference := schema.get("$ref"), str):
                file, _, pointer = reference.partition("#")
                self.keep(file.removeprefix(BASE_URL) or path, tuple(pointer.strip("/").split("/")))
            for each in schema.values():
                self.follow(each, path)
        elif isinstance(schema, list):
            for each in schema:
                self.follow(each, path)


def gather(root: Path) -> dict[str, Any]:
    gathering = Gathering(root)
    wanted = {kind.lower(): version for kind, version in API_VERSIONS.items()}
    found: set[str] = set()
    for version in sorted(set(API_VERSIONS.values())):
        for file in sorted((root / version).glob("Microsoft.*.json")):
            path = f"{version}/{file.name}"
            for section, entries in gathering.file(path).items():
                if not section.lower().endswith("resourcedefinitions"):
                    continue
                for key, schema in entries.items():
                    for kind in schema.get("properties", {}).get("type", {}).get("enum", []):
                        if wanted.get(kind.lower()) == version:
                            found.add(kind.lower())
                            gathering.keep(path, (section, key))
    if missing := sorted(wanted.keys() - found):
        sys.exit(f"no schema for {', '.join(missing)}")
    envelope = gathering.file(ENVELOPE)
    envelope["properties"]["resources"] = {}
    for key in ("required", "properties"):
        gathering.keep(ENVELOPE, (key,))
    return gathering.kept


def main() -> None:
    gathered = gather(Path(sys.argv[1]))
    packed = lzma.compress(json.dumps(gathered, sort_keys=True, separators=(",", ":")).encode(), preset=9)
    GATHERED.write_bytes(packed)
    print(
        f"{len(API_VERSIONS)} types of {len(gathered)} files: {len(packed) / 1024:.0f} KiB", file=sys.stderr
    )


if __name__ == "__main__":
    main()
