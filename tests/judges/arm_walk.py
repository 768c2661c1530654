"""Holds a value to a schema, as Azure reads both: without regard to case, with expressions anywhere."""

from __future__ import annotations

import contextlib
import difflib
import json
import re

from jsonschema import Draft4Validator

EXPRESSION = re.compile(r"^\[(?!\[).*\]$", re.S)
LEAF = (
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
)


def is_expression(value) -> bool:
    return isinstance(value, str) and bool(EXPRESSION.match(value))


class Flat:
    """A schema node with references followed and allOf folded in."""

    def __init__(self):
        self.kind, self.props, self.required, self.extra = None, {}, set(), None
        self.enums, self.leaves, self.groups, self.items = [], [], [], None

    def copy(self):
        new = Flat()
        new.kind, new.props, new.required, new.extra = (
            self.kind,
            dict(self.props),
            set(self.required),
            self.extra,
        )
        new.enums, new.leaves, new.groups, new.items = (
            list(self.enums),
            list(self.leaves),
            list(self.groups),
            self.items,
        )
        return new

    def merge(self, other):
        self.kind = self.kind or other.kind
        for key, sub in other.props.items():  # the more specific (later) part wins
            self.props[key] = sub
        self.required |= other.required
        if other.extra is not None:
            self.extra = other.extra
        self.enums += other.enums
        self.leaves += other.leaves
        self.groups += other.groups
        self.items = self.items or other.items


class Walk:
    """The walk through a value and its schema, side by side."""

    def _deref(self, schema, resolver):
        while isinstance(schema, dict) and "$ref" in schema:
            hit = resolver.lookup(schema["$ref"])
            schema, resolver = hit.contents, hit.resolver
        return schema, resolver

    def _flatten(self, schema, resolver):
        """One schema with its allOf members folded in; oneOf/anyOf kept aside as groups of alternatives."""
        schema, resolver = self._deref(schema, resolver)
        flat = Flat()
        if not isinstance(schema, dict):
            return flat
        if isinstance(schema.get("type"), str):
            flat.kind = schema["type"]
        for key, sub in (schema.get("properties") or {}).items():
            flat.props.setdefault(key, (sub, resolver))
        flat.required |= set(schema.get("required", []))
        if "additionalProperties" in schema:
            flat.extra = (schema["additionalProperties"], resolver)
        if "enum" in schema:
            flat.enums.append(schema["enum"])
        if "const" in schema:
            flat.enums.append([schema["const"]])
        leaf = {k: schema[k] for k in LEAF if k in schema}
        if leaf:
            flat.leaves.append(leaf)
        if isinstance(schema.get("items"), dict):
            flat.items = (schema["items"], resolver)
        for word in ("oneOf", "anyOf"):
            if schema.get(word):
                group = [self._deref(b, resolver) for b in schema[word]]
                real = [
                    (s, r)
                    for s, r in group
                    if not (s.get("type") == "string" and str(s.get("pattern", "")).startswith("^\\["))
                ]  # without the "or a template expression" alternative
                if real:
                    flat.groups.append(real)
        for part in schema.get("allOf", []):
            other = self._flatten(part, resolver)
            if other.extra and other.extra[0] is False:
                other.extra = None  # closed on its own, but only one part of the whole
            flat.merge(other)
        return flat

    def _walk(self, value, schema, resolver, path, errors):
        if is_expression(value) or value is None:  # ARM drops nulls
            return
        self._walk_flat(value, self._flatten(schema, resolver), path, errors, "object")

    def _walk_flat(self, value, flat, path, errors, what):
        if flat.groups:
            group, rest = flat.groups[0], flat.groups[1:]
            candidates = []
            for s, r in group:
                one = flat.copy()
                one.groups = list(rest)
                one.merge(self._flatten(s, r))
                candidates.append(one)
            if len(candidates) == 1:
                self._walk_flat(value, candidates[0], path, errors, what)
                return
            fitting = [c for c in candidates if self._fits(value, c)]
            if len(fitting) > 1 and isinstance(value, dict) and self._kind_unknown(value, fitting):
                union = flat.copy()  # which alternative applies is decided at deployment: allow any of them
                union.groups = list(rest)
                for c in fitting:
                    for name, sub in c.props.items():
                        union.props.setdefault(name, sub)
                union.required |= set.intersection(*(c.required for c in fitting))
                self._walk_flat(value, union, path, errors, what)
                return
            if not fitting and isinstance(value, dict):
                kinds = sorted({f"{k}={v}" for c in candidates for k, v in self._discriminators(c).items()})
                errors.append((path, "matches none of the allowed kinds: " + "; ".join(kinds)[:300]))
                return
            best = None
            for c in fitting or candidates:
                found: list = []
                self._walk_flat(value, c, path, found, what)
                if not found:
                    return
                if best is None or len(found) < len(best):
                    best = found
            errors.extend(best or [])
            return
        if flat.kind and not self._type_ok(value, flat.kind):
            errors.append((path, f"expected {flat.kind}, got {self._show_type(value)}: {self._show(value)}"))
            return
        for allowed in flat.enums:
            if not self._enum_ok(value, allowed):
                near = difflib.get_close_matches(str(value), [str(x) for x in allowed], n=1, cutoff=0.6)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                errors.append(
                    (
                        path,
                        f"{self._show(value)} is not one of: {', '.join(str(x) for x in allowed[:30])}{hint}",
                    )
                )
        for leaf in flat.leaves:
            with contextlib.suppress(re.error):  # some regular expressions in schemas are only .NET's
                errors.extend((path, e.message[:200]) for e in Draft4Validator(leaf).iter_errors(value))
        if isinstance(value, dict):
            self._object(value, flat, path, errors, what)
        elif isinstance(value, list) and flat.items:
            for n, item in enumerate(value):
                self._walk(item, *flat.items, f"{path}[{n}]", errors)

    def _object(self, value, flat, path, errors, what):
        value = self._expand_copy(value)
        lower = {k.lower(): k for k in flat.props}
        have = {k.lower() for k in value}
        for need in sorted(flat.required):
            if need.lower() not in have:
                errors.append(
                    (path, f"{'' if what == 'object' else what + ': '}required property '{need}' is missing")
                )
        for key, item in value.items():
            where = f"{path}.{key}"
            if is_expression(key):
                continue
            if key in flat.props or key.lower() in lower:
                self._walk(item, *flat.props[key if key in flat.props else lower[key.lower()]], where, errors)
            elif flat.extra is not None and isinstance(flat.extra[0], dict):
                if flat.extra[0]:
                    self._walk(item, *flat.extra, where, errors)
            elif (flat.extra is not None and flat.extra[0] is False) or (flat.extra is None and flat.props):
                errors.append((where, self._unknown_message(key, flat.props, what)))

    @staticmethod
    def _discriminators(flat):
        """Properties whose single allowed value marks the alternative."""
        out = {}
        for name, (sub, _) in flat.props.items():
            if not isinstance(sub, dict):
                continue
            options = [sub, *(sub.get("oneOf") or [])]
            for o in options:
                if isinstance(o, dict):
                    if "const" in o:
                        out[name] = o["const"]
                    elif isinstance(o.get("enum"), list) and len(o["enum"]) == 1:
                        out[name] = o["enum"][0]
        return out

    def _kind_unknown(self, value, candidates):
        lower = {k.lower(): v for k, v in value.items()}
        keys = {k.lower() for c in candidates for k in self._discriminators(c)}
        return any(is_expression(lower.get(k)) for k in keys)

    def _fits(self, value, flat):
        if not isinstance(value, dict):
            return flat.kind is None or self._type_ok(value, flat.kind)
        lower = {k.lower(): v for k, v in value.items()}
        for key, wanted in self._discriminators(flat).items():
            have = lower.get(key.lower())
            if isinstance(have, str) and not is_expression(have) and have.lower() != str(wanted).lower():
                return False
        return True

    @staticmethod
    def _expand_copy(value):
        loops = value.get("copy")
        if not (
            isinstance(loops, list)
            and all(isinstance(c, dict) and "input" in c and "name" in c for c in loops)
        ):
            return value
        out = {k: v for k, v in value.items() if k != "copy"}
        for loop in loops:
            out[loop["name"]] = [loop["input"]]
        return out

    @staticmethod
    def _unknown_message(key, props, what):
        near = difflib.get_close_matches(key.lower(), [p.lower() for p in props], n=1, cutoff=0.7)
        if near:
            meant = next(name for name in props if name.lower() == near[0])
            return f"unknown property '{key}' of {what}; did you mean '{meant}'?"
        names = ", ".join(sorted(props)[:25])
        return f"unknown property '{key}' of {what}; known: {names}" if names else f"unknown property '{key}'"

    def _enum_ok(self, value, allowed):
        if value in allowed:
            return True
        if isinstance(value, str):
            return value.lower() in {str(a).lower() for a in allowed}
        return False

    @staticmethod
    def _type_ok(value, kind):
        return {
            "object": isinstance(value, dict),
            "array": isinstance(value, list),
            "string": isinstance(value, str),
            "boolean": isinstance(value, bool),
            "integer": (isinstance(value, int) and not isinstance(value, bool))
            or (isinstance(value, float) and value.is_integer()),
            "number": isinstance(value, (int, float)) and not isinstance(value, bool),
            "null": value is None,
        }.get(kind, True) or value is None  # ARM drops nulls

    @staticmethod
    def _show_type(value):
        return {
            dict: "object",
            list: "array",
            str: "string",
            bool: "boolean",
            int: "integer",
            float: "number",
        }.get(type(value), "null")

    @staticmethod
    def _show(value):
        text = json.dumps(value)
        return text if len(text) <= 60 else text[:57] + "..."
