"""A deployment plan as a program."""
