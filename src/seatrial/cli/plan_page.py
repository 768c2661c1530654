"""The page of `seatrial plan` as text: aligned, at most 100 columns, and as clear without colour."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

from seatrial.azure.changes import Change
from seatrial.azure.kinds import KINDS, kind_of
from seatrial.azure.overview import Becomes, Overview, PartLine, budget_in_words, target_in_words
from seatrial.azure.reach import WORLD, Path

__all__ = ["WIDTH", "differences", "page", "table"]

WIDTH = 100
_GAP = "  "
_COLUMN = 46
"""No column but the last is wider."""

Style = Callable[[str], str]


def page(told: Overview, style: Style) -> str:
    """The whole page; `style` makes a heading stand out."""
    sections = [
        ("Parts, and what each becomes", _parts(told)),
        ("What all stand on", _ground(told)),
        ("What watches, and who is told", _watch(told)),
        ("Ways in", _entries(told)),
        ("Who may reach whom", _paths(told.paths)),
        ("What costs money, and how it is counted", _bills(told)),
        ("What costs nothing", _free(told)),
        ("What is promised", _promises(told)),
        ("What whoever deploys must choose", _parameters(told)),
    ]
    texts = [_heading(told, style)]
    texts += ["\n".join([style(title), *lines]) for title, lines in sections if lines]
    return "\n\n".join(texts)


def differences(changes: Sequence[Change], before: str, after: str, style: Style) -> str:
    """What changes on the way from one plan to another, what Azure cannot change where it stands first."""
    if not changes:
        return style(f"From {before} to {after} nothing changes")
    stuck = [change for change in changes if not change.in_place]
    moved = [change for change in changes if change.in_place and change.field not in KINDS]
    texts = []
    if stuck:
        rows = ((*_changed(each), f"{_from_to(each)}\n{each.why}") for each in stuck)
        title = f"From {before} to {after}: what Azure cannot change where it stands"
        texts.append("\n".join([style(title), *table(rows)]))
    if moved:
        rows = ((*_changed(each), _from_to(each)) for each in moved)
        texts.append("\n".join([style(f"From {before} to {after}: what changes"), *table(rows)]))
    if lines := _come_and_go(changes):
        texts.append("\n".join([style(f"From {before} to {after}: resources"), *lines]))
    return "\n\n".join(texts)


def _changed(change: Change) -> tuple[str, str]:
    return change.part or "the system", change.field or ""


def _from_to(change: Change) -> str:
    old, new = (_short(text) for text in (change.before, change.after))
    if not old:
        return f"new: {new}"
    return f"{old} → {new}" if new else f"{old} → nothing"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def _come_and_go(changes: Sequence[Change]) -> list[str]:
    """How many resources of each type come and go."""
    counts: dict[str, Counter[str]] = {"come": Counter(), "go": Counter()}
    for change in changes:
        if change.field is not None and change.field in KINDS:
            counts["go" if not change.after else "come"][change.field] += 1
    return table(
        (word, ", ".join(kind_of(type).count(number) for type, number in found.most_common()))
        for word, found in counts.items()
        if found
    )


def table(rows: Iterable[Sequence[str]], *, indent: int = 2) -> list[str]:
    """Rows under each other; what does not fit into its column goes on below."""
    found = [list(row) for row in rows]
    if not found:
        return []
    longest = [max(map(len, column)) for column in zip(*found, strict=True)]
    widths = [min(width, _COLUMN) for width in longest[:-1] if width]
    widths.append(WIDTH - indent - sum(widths) - len(_GAP) * len(widths))
    lines = []
    for row in found:
        cells = [cell for cell, width in zip(row, longest, strict=True) if width or cell is row[-1]]
        columns = [_cell(cell, width) for cell, width in zip(cells, widths, strict=True)]
        for pieces in zip_longest(*columns, fillvalue=""):
            padded = (f"{piece:<{width}}" for piece, width in zip(pieces, widths, strict=True))
            lines.append((" " * indent + _GAP.join(padded)).rstrip())
    return lines


def _cell(text: str, width: int) -> list[str]:
    if len(text) <= width and "\n" not in text:
        return [text]  # as it is, with the spaces that it begins with
    return [line for piece in text.split("\n") for line in _wrapped(piece, width)]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=True, break_on_hyphens=False) or [""]


def _heading(told: Overview, style: Style) -> str:
    variant = f", variant {told.variant}" if told.variant else ""
    where = ", ".join(told.regions)
    lines = [
        style(_wrapped(told.title, WIDTH)[0]),
        *_wrapped(f"{told.system}{variant}: {told.resources} resources on Azure, in {where}", WIDTH),
    ]
    return "\n".join(lines)


# -- the parts ------------------------------------------------------------------------------------------

_WATCH = ("alert", "dashboard", "contact")


def _parts(told: Overview) -> list[str]:
    lines = [line for line in told.parts if line.name is not None and line.kind not in _WATCH]
    return table((line.name or "", line.kind or "", _what(line, told)) for line in lines)


def _what(line: PartLine, told: Overview) -> str:
    pieces = [_in_words(each, told) for each in line.becomes]
    if line.note:
        pieces.append(line.note)
    if line.with_it:
        pieces.append(f"with {', '.join(line.with_it)}")
    return "\n".join(pieces) or "nothing of its own"


def _in_words(each: Becomes, told: Overview) -> str:
    within = f" in the {each.within}" if each.within else ""
    where = f" ({', '.join(each.regions)} only)" if len(each.regions) < len(told.regions) else ""
    return f"{each.what}{within}" + (f": {each.size}" if each.size else "") + where


def _ground(told: Overview) -> list[str]:
    ground = next(line for line in told.parts if line.name is None)
    rows = [(each.what, f"{each.size or each.why}") for each in ground.becomes]
    if ground.with_it:
        rows.append(("and", ", ".join(ground.with_it)))
    return table(rows)


def _watch(told: Overview) -> list[str]:
    rows = []
    for kind in _WATCH:
        lines = [line for line in told.parts if line.kind == kind]
        if lines:
            names = ", ".join(f"{line.name} ({line.note})" if line.note else str(line.name) for line in lines)
            rows.append((f"{kind}s" if len(lines) > 1 else kind, str(len(lines)), names))
    return table(rows)


# -- who reaches whom -----------------------------------------------------------------------------------


def _entries(told: Overview) -> list[str]:
    return table((entry.who, entry.part, entry.what) for entry in told.entries)


def _paths(paths: Sequence[Path]) -> list[str]:
    """A row for each who and way; port 443 is not said."""
    found: dict[tuple[str, str], dict[str, list[int]]] = {}
    for path in sorted(paths, key=lambda path: path.source != WORLD):
        found.setdefault((path.source, path.way), {}).setdefault(path.target, []).append(path.port)
    return table(
        (source, _WAYS[way], ", ".join(_target(name, ports) for name, ports in targets.items()))
        for (source, way), targets in found.items()
    )


_WAYS = {
    "public": "over the internet",
    "private link": "by private link",
    "private endpoint": "by private endpoint",
    "subnet": "in its subnet",
    "network": "in the network",
}


def _target(name: str, ports: list[int]) -> str:
    others = [str(port) for port in ports if port != 443]
    return f"{name}:{'+'.join(others)}" if others else name


# -- money, promises, parameters ------------------------------------------------------------------------


def _bills(told: Overview) -> list[str]:
    return table((f"{bill.count:>4}", bill.what, bill.why) for bill in told.bills if bill.billed)


def _free(told: Overview) -> list[str]:
    by_why: dict[str, list[str]] = {}
    for bill in told.bills:
        if not bill.billed:
            by_why.setdefault(bill.why, []).append(kind_of(bill.type).count(bill.count))
    return table((why, ", ".join(names)) for why, names in sorted(by_why.items()))


def _promises(told: Overview) -> list[str]:
    rows = [target_in_words(target) for target in told.targets]
    if told.budget is not None:
        rows.append(("budget", budget_in_words(told.budget)))
    return table(rows)


def _parameters(told: Overview) -> list[str]:
    return table(_parameter_rows(told))


def _parameter_rows(told: Overview) -> Iterator[tuple[str, str, str]]:
    for parameter in told.parameters:
        if parameter.secret:
            default = "secret"
        elif parameter.default is None:
            default = "required"
        else:
            default = textwrap.shorten(f'"{parameter.default}"', 26, placeholder="…")
            default = "may be empty" if parameter.default == "" else default
        yield parameter.name, default, parameter.why
