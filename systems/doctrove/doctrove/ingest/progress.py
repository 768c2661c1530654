"""What a person, or a machine, hears while documents are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

import orjson

from doctrove.ingest.records import Progress, Reject, Source
from doctrove.ingest.runs import Run

__all__ = ["Reporter"]

EVERY_SECONDS = 1.0


class Reporter:
    """One line about every second on stderr; with `as_json` one object a line on stdout instead."""

    def __init__(self, source: Source, *, as_json: bool) -> None:
        self._source = source
        self._as_json = as_json
        self._started = self._told = time.monotonic()
        self._first: tuple[float, int, int] | None = None

    def notice(self, text: str) -> None:
        """Say something that happened."""
        self._say({"event": "notice", "text": text}, text)

    def report(self, run: Run, progress: Progress) -> None:
        """Hear of a batch that is in, and say so when it is time."""
        now = time.monotonic()
        if self._first is None:
            # What an earlier process read, and the time to skip it, say nothing about the rate.
            self._first = (now, run.read, progress.done)
        if now - self._told < EVERY_SECONDS:
            return
        self._told = now
        since, read_then, done_then = self._first
        seconds = now - since
        rate = (run.read - read_then) / seconds if seconds else None
        share = progress.done / progress.total if progress.total else None
        left = None
        if progress.total and progress.done > done_then:
            left = seconds * (progress.total - progress.done) / (progress.done - done_then)
        parts = [f"{run.read:,} read"]
        if rate is not None:
            parts.append(f"{rate:,.0f}/s")
        if share is not None:
            parts.append(f"{share:.0%}")
        if left is not None:
            parts.append(f"{_spoken(left)} left")
        event = {"event": "progress", "records_per_second": rate, "share": share, "seconds_left": left}
        self._say(event | _counts(run), f"{'  '.join(parts)}  ({_sum(run)})")

    def end(self, run: Run) -> None:
        """Say how it ended."""
        seconds = time.monotonic() - self._started
        told = self._first is not None
        if run.status != "done":
            text = f"stopped after {run.read:,} records; the same command goes on from there ({_sum(run)})"
        elif told:
            text = f"{self._source.name}: {run.read:,} read in {_spoken(seconds)} ({_sum(run)})"
        elif not run.read:
            text = f"{self._source.name}: {self._source.location} has no records"
        else:
            text = (
                f"{self._source.name}: nothing new, all {run.read:,} records were read before ({_sum(run)})"
            )
        self._say({"event": run.status, "new": told, "seconds": round(seconds, 3), **_counts(run)}, text)
        if run.rejected and not self._as_json:
            self._say({}, "the same command with --rejects lists what was kept aside, and why")

    def list_rejects(self, rejects: Iterable[Reject]) -> None:
        """Print what was kept aside: data, so on stdout."""
        for reject in rejects:
            if self._as_json:
                entry = {"line": reject.line, "reason": reject.reason, "content": reject.content}
                print(orjson.dumps(entry).decode())
            else:
                beginning = " ".join(reject.content[:300].split())
                print(f"{self._source.location}:{reject.line}: {reject.reason}\n    {beginning[:150]}")

    def _say(self, event: dict[str, object], text: str) -> None:
        if self._as_json:
            print(orjson.dumps(event).decode(), flush=True)
        else:
            print(text, file=sys.stderr, flush=True)


def _counts(run: Run) -> dict[str, object]:
    return {
        "run": run.id,
        "read": run.read,
        "added": run.added,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "rejected": run.rejected,
        "position": run.position,
        "line": run.line,
    }


def _sum(run: Run) -> str:
    changes = f"{run.added:,} added, {run.changed:,} changed, {run.unchanged:,} unchanged"
    return f"{changes}, {run.rejected:,} kept aside"


def _spoken(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
