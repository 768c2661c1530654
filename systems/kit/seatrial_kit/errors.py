"""What every expected failure has: what is wrong, with the values at hand, and the way out."""

from __future__ import annotations

__all__ = ["Failure"]


class Failure(Exception):
    """Something that a person can put right; a program prints it without a traceback.

    `what` says where and what, `hint` the way out.
    """

    def __init__(self, what: str, *, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return self.what if self.hint is None else f"{self.what}\nhint: {self.hint}"
