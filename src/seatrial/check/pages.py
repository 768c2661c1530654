"""The page of a rule, and the pages of all of them: made from the rules themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from seatrial.check.findings import FAMILIES
from seatrial.check.rule import Rule, every_rule

__all__ = ["page_of", "pages"]

_SUBJECTS = {
    "plan": "Reads the system file and what it becomes.",
    "thing": "Reads single resources: of a system, and of anybody's template (`seatrial check --arm`).",
    "refusal": "Kept wherever a system file is read: nothing is started, priced or built with it.",
}


def page_of(rule: Rule) -> str:
    """One rule in Markdown: what, why, who says so, a bad and a good example."""
    return "\n".join(_page(rule, "#"))


def pages() -> dict[str, str]:
    """What stands in `docs/`: `rules.md` lists all rules, `rules/<family>.md` shows those of a family."""
    rules = every_rule()
    index = [
        "# The rules of the check",
        "",
        f"{len(rules)} rules in {len(FAMILIES)} families. `seatrial explain RULE` shows one of them. Written",
        "by `make rules` from the rules.",
        "",
        "Each finding has a severity: an *error* fails or breaks a promise, a *warning* may hurt, a *note*",
        "is good to know.",
    ]
    written: dict[str, str] = {}
    for family, question in FAMILIES.items():
        chosen = [rule for rule in rules if rule.family == family]
        index += ["", f"## {question}?", "", "| rule | severity | the mistake |", "|---|---|---|"]
        index += [
            f"| [{rule.id}](rules/{family}.md#{rule.id}) | {rule.severity} | {rule.title} |"
            for rule in chosen
        ]
        lines = [f"# {question}?", "", "[All rules](../rules.md)"]
        for rule in chosen:
            lines += ["", *_page(rule, "##")]
        written[f"rules/{family}.md"] = "\n".join(lines) + "\n"
    return {"rules.md": "\n".join(index) + "\n"} | written


def _page(rule: Rule, level: str) -> Iterator[str]:
    yield f"{level} {rule.id}"
    yield f"{rule.title} ({rule.severity}). {rule.why}"
    yield ""
    yield f"{_SUBJECTS[rule.subject]} Source: <{rule.source}>"
    for word, example in (("Bad", rule.bad), ("Good", rule.good)):
        template = example.lstrip().startswith(("{", "["))
        yield ""
        yield f"{word}:"
        yield "```json" if template else "```python"
        yield _laid_out(json.loads(example)) if template else example.strip()
        yield "```"


_WIDTH = 96


def _laid_out(value: Any, indent: int = 0, used: int = 0) -> str:
    """JSON in which what fits on a line stands on one. `used`: how much of its first line is taken."""
    line = json.dumps(value, ensure_ascii=False)
    if used + len(line) <= _WIDTH or not value or not isinstance(value, dict | list):
        return line
    deeper = indent + 2
    if isinstance(value, dict):
        keys = [f"{json.dumps(key, ensure_ascii=False)}: " for key in value]
        inner = [
            key + _laid_out(each, deeper, deeper + len(key))
            for key, each in zip(keys, value.values(), strict=True)
        ]
    else:
        inner = [_laid_out(each, deeper, deeper) for each in value]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    middle = ",\n".join(" " * deeper + each for each in inner)
    return f"{begin}\n{middle}\n{' ' * indent}{end}"
