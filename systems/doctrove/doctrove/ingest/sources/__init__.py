"""The kinds of input: each file here reads one."""
