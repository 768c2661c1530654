"""The exit codes of the command line, for scripts to rely on."""

from __future__ import annotations

OK = 0
FAILED = 1
"""What was asked for did not work."""
USAGE = 2
"""The command line itself is wrong."""
MISTAKES = 3
"""The system file has mistakes, or the system asks for what cannot be had here; nothing was started."""
NOT_RUNNING = 4
"""What was asked for needs a running system."""
STILL_RUNNING = 5
"""What was asked for must not be done to a running system."""
NO_PRICE = 6
"""A price is not in the book, so there is no total."""
OVER = 7
"""A stated limit is exceeded, and it was asked whether it is."""
FOUND = 8
"""A check found something at least as bad as it was told to fail on."""
UNREADABLE = 9
"""What was to be checked could not be read: nothing is said about it, good or bad."""
