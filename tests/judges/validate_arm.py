"""Holds templates to Azure's schemas, offline.

    python tests/judges/validate_arm.py TEMPLATE...

Each resource, also inside nested deployments, is looked up by its type and version, and checked. Published
schemas leave most objects open, so that a misspelt property would pass: a property that the schema does not
name is an error here. Azure compares the names of properties and the values of enumerations without regard to
case, and so does this. An expression is taken anywhere, for its value is not known before the deployment.

One finding a line. Exit code 0: none; 1: errors; 2: a type that there is no schema of, or a file that cannot
be read: nothing passes unread.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from arm_schemas import BASE_URL, NotGathered, Schemas
from arm_walk import Walk, is_expression
from referencing.exceptions import Unresolvable

ENVELOPE = {  # members the template language itself allows on every resource
    "name",
    "type",
    "apiversion",
    "dependson",
    "condition",
    "copy",
    "comments",
    "scope",
    "existing",
    "resources",
    "metadata",
    "asserts",
    "location",
    "tags",
    "import",
    "extension",
    "@options",
    "subscriptionid",
    "resourcegroup",
    "managementgroup",
}
LANG2_TOP = {"languageversion", "definitions", "imports", "extensions", "asserts", "resources"}
# old style extension resources: <parent type>/providers/<kind>
LEGACY_EXTENSION = {
    "roleassignments": "Microsoft.Authorization/roleAssignments",
    "locks": "Microsoft.Authorization/locks",
    "diagnosticsettings": "Microsoft.Insights/diagnosticSettings",
}


class Checker(Walk):
    def __init__(self, schemas: Schemas):
        self.schemas = schemas

    # ---------------------------------------------------------------- templates
    def template(self, doc, path="$", params=None):
        errors, unknown = [], []
        if not isinstance(doc, dict):
            return [(path, "a template must be a JSON object")], []
        errors += self._envelope(doc, path)
        scope_values = {
            "variables": doc.get("variables") or {},
            "parameters": {
                k: v.get("defaultValue")
                for k, v in (doc.get("parameters") or {}).items()
                if isinstance(v, dict)
            },
        }
        resources = doc.get("resources")
        if isinstance(resources, dict):
            items = [(f"{path}.resources.{k}", v) for k, v in resources.items()]
        elif isinstance(resources, list):
            items = [(f"{path}.resources[{n}]", v) for n, v in enumerate(resources)]
        else:
            items = []
        for where, res in items:
            self._resource(res, where, "", scope_values, errors, unknown)
        return errors, unknown

    def _envelope(self, doc, path):
        """The template around the resources: parameters, variables, functions, outputs."""
        uri = BASE_URL + "2019-04-01/deploymentTemplate.json"
        schema = self.schemas.read("2019-04-01/deploymentTemplate.json")
        skip = {"resources"}
        if doc.get("languageVersion"):  # this language version has its own parameter/output shapes
            skip |= {"parameters", "outputs", "functions"}
        errors: list = []
        have = {k.lower(): k for k in doc}
        for need in schema.get("required", []):
            if need.lower() not in have:
                errors.append((path, f"required property '{need}' is missing"))
        resolver = self.schemas.registry.resolver(uri)
        for key, sub in schema["properties"].items():
            if key not in skip and key.lower() in have:
                name = have[key.lower()]
                value = doc[name]
                if key in ("parameters", "outputs") and isinstance(value, dict):  # newer than the schema
                    value = {
                        k: {a: b for a, b in v.items() if a not in ("metadata", "nullable")}
                        if isinstance(v, dict)
                        else v
                        for k, v in value.items()
                    }
                self._walk(value, sub, resolver, f"{path}.{name}", errors)
        allowed = {k.lower() for k in schema["properties"]} | LANG2_TOP
        for key in doc:
            if key.lower() not in allowed:
                errors.append((f"{path}.{key}", "unknown top-level member of a template"))
        return errors

    def _resource(self, res, where, parent_type, scope_values, errors, unknown):
        if not isinstance(res, dict):
            errors.append((where, "a resource must be an object"))
            return
        rtype = self._literal(res.get("type"), scope_values)
        version = self._literal(res.get("apiVersion"), scope_values)
        if not rtype:
            errors.append(
                (where, "resource has no 'type'" if not res.get("type") else "type is an expression")
            )
            return
        if "@" in rtype and not version:  # symbolic form type@version
            rtype, version = rtype.split("@", 1)
        full = rtype
        if parent_type and not rtype.lower().startswith(parent_type.split("/")[0].lower() + "/"):
            full = rtype if rtype.split("/")[0].count(".") else f"{parent_type}/{rtype}"
        if "/providers/" in full.lower():
            tail = re.split(r"/providers/", full, flags=re.I)[-1]
            full = LEGACY_EXTENSION.get(tail.split("/")[-1].lower(), tail)
        if not res.get("name"):
            errors.append((where, f"{full}: resource has no 'name'"))
        if not version:
            errors.append(
                (where, f"{full}: apiVersion missing or an expression that cannot be resolved here")
            )
            return
        try:
            hits = self.schemas.find(full, version)
            results = [self._check_resource(res, schema, resolver, where, full) for schema, resolver in hits]
            errors.extend(min(results, key=len))
        except (NotGathered, Unresolvable) as exc:
            cause = exc if isinstance(exc, NotGathered) else exc.__cause__ or exc
            unknown.append((where, str(cause)))
        children = res.get("resources")
        if isinstance(children, list):
            for n, child in enumerate(children):
                self._resource(child, f"{where}.resources[{n}]", full, scope_values, errors, unknown)
        if full.lower() == "microsoft.resources/deployments":
            inner = (
                (res.get("properties") or {}).get("template")
                if isinstance(res.get("properties"), dict)
                else None
            )
            if isinstance(inner, dict):
                e, u = self.template(inner, f"{where}.properties.template")
                errors.extend(e)
                unknown.extend(u)

    @staticmethod
    def _literal(value, scope_values):
        """A literal, or the literal behind a plain [variables('x')] or [parameters('x')]."""
        for _ in range(4):
            if not isinstance(value, str):
                return None
            if not is_expression(value):
                return value
            m = re.match(r"^\[\s*(variables|parameters)\(\s*'([^']+)'\s*\)\s*\]$", value)
            if not m:
                return None
            value = scope_values[m.group(1)].get(m.group(2))
        return None

    def _check_resource(self, res, schema, resolver, where, full):
        body = {k: v for k, v in res.items() if k.lower() not in ENVELOPE - {"name", "location", "tags"}}
        flat, early = self._flatten(schema, resolver), []
        for key in list(body):
            low = key.lower()
            if low in ("location", "tags") and low not in {p.lower() for p in flat.props}:
                del body[key]  # tolerated by the platform on every resource
            elif low == "name" and isinstance(body[key], str) and full.count("/") > 1:
                name, sub = body[key], flat.props.get("name")
                body[key] = name if is_expression(name) else name.rsplit("/", 1)[-1]
                if sub:  # patterns of child types describe the full name or only its last segment
                    tries: list = []
                    for form in (
                        name,
                        name if is_expression(name) else name.rsplit("/", 1)[-1],
                        f"parent/{name}",
                    ):
                        tries.append([])
                        self._walk(form, *sub, f"{where}.{key}", tries[-1])
                    early = min(tries, key=len)
                    flat.props["name"] = ({}, resolver)  # checked here
            elif (
                low == "properties"
                and full.lower() == "microsoft.resources/deployments"
                and isinstance(body[key], dict)
            ):
                body[key] = {k: v for k, v in body[key].items() if k.lower() != "template"}
        flat.required -= {"type", "apiVersion", "name"}
        if res.get("existing"):
            flat.required.clear()
        if "properties" in flat.required and "properties" not in {k.lower() for k in body}:
            name = next((p for p in flat.props if p.lower() == "properties"), None)
            found: list = []
            if name:
                self._walk({}, *flat.props[name], where, found)
            if not found:  # an empty object would do, so its absence is harmless
                flat.required.discard("properties")
        errors: list = list(early)
        tracked = {"location", "tags"} <= set(flat.props) and full.count("/") == 1
        placed = any(key.lower() == "location" for key in res) or "location" in flat.required
        nested = full.lower() == "microsoft.resources/deployments"
        if tracked and not placed and not nested and not res.get("existing"):
            errors.append(
                (where, f"{full}: no 'location' (the schema leaves it open, the platform does not)")
            )
        self._walk_flat(body, flat, where, errors, f"{full} resource")
        return errors


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("template", nargs="+", type=Path)
    checker = Checker(Schemas())
    code = 0
    for file in ap.parse_args().template:
        try:
            doc = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as exc:
            print(f"{file}: $: cannot be read as JSON: {exc}")
            code = 2
            continue
        errors, unknown = checker.template(doc)
        for where, message in errors:
            print(f"{file}: {where}: {message}")
        for where, message in unknown:
            print(f"{file}: {where}: UNKNOWN: {message}")
        code = max(code, 2 if unknown else 1 if errors else 0)
    return code


if __name__ == "__main__":
    sys.exit(main())
