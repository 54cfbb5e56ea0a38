"""Finds migrations in a tree and reads them: source, values, operations."""
