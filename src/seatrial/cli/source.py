"""The text of a system file: where in it the argument of a call stands."""

from __future__ import annotations

import ast
from functools import cached_property
from pathlib import Path

from seatrial.model import Call, Mistake, Mistakes, Place
from seatrial.model.value import Value

__all__ = ["Source"]


class Source(Value, kw_only=False):
    """A Python file that has been read."""

    file: Path
    """Absolute: a plan may be used from another working directory."""
    text: bytes

    @classmethod
    def read(cls, file: Path) -> Source:
        """Raises Mistakes when the file cannot be read."""
        absolute = file.resolve()
        try:
            return cls(absolute, absolute.read_bytes())
        except OSError as exc:
            what = f"cannot be read: {exc.strerror}"
            hint = "let it be readable by you"
            raise Mistakes([Mistake(place=Place(str(file), 0), what=what, hint=hint)]) from exc

    @cached_property
    def shown(self) -> str:
        """The file as people name it: from the working directory when it lies below."""
        return _shown(self.file)

    @cached_property
    def tree(self) -> ast.Module:
        """Raises SyntaxError."""
        return ast.parse(self.text, str(self.file))

    def locate(self, mistake: Mistake) -> Mistake:
        """The mistake on the very line of its argument, and with the file as people name it."""
        if mistake.place.file != str(self.file):
            return mistake.at(Place(_shown(Path(mistake.place.file)), mistake.place.line))
        line = mistake.place.line
        if mistake.call is not None:
            line = self.line_of(mistake.call, mistake.path)
        return mistake.at(Place(self.shown, line))

    def line_of(self, call: Call, path: tuple[str | int, ...]) -> int:
        """The line of what `path` leads to in a call: an argument, then a key, an index or an argument."""
        node: ast.AST | None = self._call(call)
        line = call.line
        for step in path:
            node = _inside(node, step)
            if node is None:
                break
            line = getattr(node, "lineno", line)
            node = node.value if isinstance(node, ast.keyword) else node
        return line

    def _call(self, call: Call) -> ast.AST | None:
        span = (call.line, call.end_line, call.column, call.end_column)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and span == (
                node.lineno,
                node.end_lineno,
                node.col_offset,
                node.end_col_offset,
            ):
                return node
        return None


def _inside(node: ast.AST | None, step: str | int) -> ast.AST | None:
    match node, step:
        case ast.Call(), str():
            named = next((keyword for keyword in node.keywords if keyword.arg == step), None)
            position = _POSITIONS.get(step, len(node.args))
            return named or (node.args[position] if position < len(node.args) else None)
        case ((ast.List() | ast.Tuple()), int()) if step < len(node.elts):
            return node.elts[step]
        case ast.Dict(), str():
            for key in node.keys:
                if isinstance(key, ast.Constant) and key.value == step:
                    return key
    return None


_POSITIONS = {"name": 0, "what": 0, "limit": 0, "part": 0, "path": 0, "percent": 0, "command": 1, "sql": 1}
"""Where arguments stand that are usually written without their name."""


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
