"""The page of a rule, and the pages of all of them: made from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator

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
        language = "json" if example.lstrip().startswith(("{", "[")) else "python"
        yield ""
        yield f"{word}:"
        yield f"```{language}"
        yield example.strip()
        yield "```"
