"""What holds for every test of the repository."""

from __future__ import annotations

import signal

from hypothesis import settings

# How long an example takes says more about the machine than about the code; speed is measured in bench/.
settings.register_profile("seatrial", deadline=None)
settings.load_profile("seatrial")

# A shell has what it starts in the background ignore Ctrl-C, and every program started from there as well;
# tests that send one would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
