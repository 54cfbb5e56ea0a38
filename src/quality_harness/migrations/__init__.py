"""Reads Django migrations without importing them: source, operations, graph, rules."""
