"""The page of a rule, and the page of all rules: made from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.findings import FAMILIES
from seatrial.check.rule import Rule, every_rule

__all__ = ["all_rules", "page_of"]

_SUBJECTS = {
    "plan": "Reads the system file and what it becomes.",
    "thing": "Reads single resources: of a system, and of anybody's template (`seatrial check --arm`).",
    "refusal": "Kept wherever a system file is read: nothing is started, priced or built with it.",
}


def page_of(rule: Rule) -> str:
    """One rule in Markdown: what, why, who says so, a bad and a good example."""
    return "\n".join(_page(rule, "#"))


def all_rules() -> str:
    """`docs/rules.md`: all rules, family by family."""
    rules = every_rule()
    lines = [
        "# The rules of the check",
        "",
        f"{len(rules)} rules in {len(FAMILIES)} families. `seatrial explain RULE` shows one of them. Written",
        "by `make rules` from the rules.",
        "",
        "Each finding has a severity: an *error* fails or breaks a promise, a *warning* may hurt, a *note* is",
        "good to know.",
    ]
    for family, question in FAMILIES.items():
        lines += ["", f"## {question}?", "", "| rule | severity | the mistake |", "|---|---|---|"]
        chosen = [rule for rule in rules if rule.family == family]
        lines += [f"| [{rule.id}](#{rule.id}) | {rule.severity} | {rule.title} |" for rule in chosen]
        for rule in chosen:
            lines += ["", *_page(rule, "###")]
    return "\n".join(lines) + "\n"


def _page(rule: Rule, level: str) -> Iterator[str]:
    yield f"{level} {rule.id}"
    yield f"{rule.title} ({rule.severity}). {rule.why}"
    yield ""
    yield f"{_SUBJECTS[rule.subject]} Source: <{rule.source}>"
    for word, example in (("Bad", rule.bad), ("Good", rule.good)):
        language = "json" if example.lstrip().startswith(("{", "[")) else "python"
        yield ""
        yield f"{word}:"
        yield f"```{language}"
        yield example.strip()
        yield "```"
