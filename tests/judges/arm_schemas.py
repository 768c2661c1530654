"""The gathered schemas, found by type and version."""

from __future__ import annotations

import difflib
import json
import lzma
from pathlib import Path
from typing import Any

from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

BASE_URL = "https://schema.management.azure.com/schemas/"
GATHERED = Path(__file__).with_name("arm-schemas.json.xz")


class NotGathered(Exception):
    """A type, a version or a file that there is no schema of."""


class Schemas:
    def __init__(self):
        self.files = json.loads(lzma.decompress(GATHERED.read_bytes()))
        self.registry = Registry().with_resources(
            (BASE_URL + path, Resource.from_contents(content, default_specification=DRAFT4))
            for path, content in self.files.items()
        )
        self._found = {}
        self._types = {path: self._types_of(content) for path, content in self.files.items()}

    def read(self, path: str) -> Any:
        if path not in self.files:
            raise NotGathered(f"no schema file {path}")
        return self.files[path]

    @staticmethod
    def _types_of(content) -> dict[str, list[tuple[str, str]]]:
        """Where each type of a file is described, by its name in lower case."""
        found: dict[str, list[tuple[str, str]]] = {}
        for section, entries in content.items():
            if section.lower().endswith("resourcedefinitions"):
                for key, schema in entries.items():
                    for name in schema.get("properties", {}).get("type", {}).get("enum", []):
                        found.setdefault(name.lower(), []).append((section, key))
        return found

    def find(self, type_name: str, api_version: str):
        """[(schema, resolver)] of a type at a version; NotGathered when there is none."""
        asked = (type_name.lower(), api_version.lower())
        if asked not in self._found:
            self._found[asked] = self._find(type_name, api_version)
        return self._found[asked]

    def _find(self, type_name: str, api_version: str):
        hits = []
        for path, types in self._types.items():
            if path.partition("/")[0].lower() == api_version.lower():
                for section, key in types.get(type_name.lower(), []):
                    resolver = self.registry.resolver(BASE_URL + path)
                    hits.append((self.files[path][section][key], resolver))
        if hits:
            return hits
        known = sorted(
            path.partition("/")[0] for path, types in self._types.items() if type_name.lower() in types
        )
        if known:
            raise NotGathered(f"no schema of {type_name} at {api_version}; there is {', '.join(known)}")
        every = {name for types in self._types.values() for name in types}
        near = difflib.get_close_matches(type_name.lower(), every, n=3, cutoff=0.75)
        raise NotGathered(f"unknown type {type_name}" + (f" (close: {', '.join(near)})" if near else ""))
