"""The words of a system file, one file for each family of parts."""
