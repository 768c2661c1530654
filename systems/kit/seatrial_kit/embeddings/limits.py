"""A quota of so many requests and tokens a minute, kept by waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Quota"]


class Quota:
    """Requests and tokens that may be spent, refilled continuously; at most six seconds' worth at once.

    A provider measures its minute in windows of a few seconds, so a whole minute's worth at once is refused.
    """

    def __init__(
        self,
        *,
        requests_per_minute: int,
        tokens_per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rates = (requests_per_minute / 60, tokens_per_minute / 60)  # a second
        self._full = tuple(max(1.0, rate * 6) for rate in self._rates)
        self._left = list(self._full)
        self._clock, self._sleep = clock, sleep
        self._seen = clock()
        self._lock = threading.Lock()

    @property
    def most_tokens(self) -> int:
        """What one request should not go beyond, to be let through soon."""
        return int(self._full[1])

    def spend(self, tokens: int) -> None:
        """Wait until one request of so many tokens fits in. A larger one than `most_tokens` waits longer."""
        with self._lock:
            now = self._clock()
            for kind, cost in enumerate((1, tokens)):
                refilled = self._left[kind] + (now - self._seen) * self._rates[kind]
                self._left[kind] = min(self._full[kind], refilled) - cost
            self._seen = now
            # Debts are paid by whoever made them, in the order they came.
            wait = max(0.0, *(-left / rate for left, rate in zip(self._left, self._rates, strict=True)))
        if wait:
            self._sleep(wait)
