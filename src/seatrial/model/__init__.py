"""The words of a system file, and the frozen plan they make."""
