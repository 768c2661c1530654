"""The laptop: a system running with real parts, without containers."""
