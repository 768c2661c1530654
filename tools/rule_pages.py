"""Writes docs/rules.md and docs/rules/: `python tools/rule_pages.py`, or `make rules`."""

from __future__ import annotations

from pathlib import Path

from seatrial.check.pages import pages

DOCS = Path(__file__).parents[1] / "docs"


def written() -> dict[Path, str]:
    """Every page as it is to be."""
    return {DOCS / name: text for name, text in pages().items()}


if __name__ == "__main__":
    (DOCS / "rules").mkdir(exist_ok=True)
    for file, text in written().items():
        file.write_text(text, encoding="utf-8")
        print(f"written: {file.relative_to(DOCS.parent)}")
