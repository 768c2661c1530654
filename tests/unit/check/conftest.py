"""Checks the text of a system file, or of a template's resources."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from seatrial.bill.claims import read as read_claims
from seatrial.check.case import Case
from seatrial.check.checking import Report, check, check_mistakes, check_things
from seatrial.check.template import read
from seatrial.check.thing import Thing, Things
from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes

TODAY = date(2026, 11, 21)

Check = Callable[[str], Report]


@pytest.fixture
def checked(tmp_path: Path) -> Check:
    """Takes a system file; or one resource or a list of them in JSON; or a whole template."""

    def of(text: str) -> Report:
        if text.lstrip().startswith(("{", "[")):
            found = json.loads(text)
            if "resources" in found and "type" not in found:
                return check_things(read(text, "main.json").things)
            return check_things(Things(all=tuple(map(_thing, found if isinstance(found, list) else [found]))))
        text, _, claimed = text.partition("# claims.toml\n")
        file = tmp_path / "system.py"
        file.write_text(text, encoding="utf-8")
        try:
            system = read_system(file)
        except Mistakes as mistakes:
            return check_mistakes(mistakes.mistakes)
        claims = read_claims(claimed) if claimed else None
        return check(Case(system.plan(), text, claims, system), TODAY)

    return of


def _thing(found: dict[str, object]) -> Thing:
    body = {name: value for name, value in found.items() if name not in ("type", "name", "location")}
    location = found.get("location")
    return Thing(
        type=str(found["type"]),
        name=str(found["name"]),
        location=None if location is None else str(location),
        body=body,
    )
