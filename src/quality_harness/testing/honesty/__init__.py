"""Reads test code for assertions that cannot fail; nothing is imported or run."""
