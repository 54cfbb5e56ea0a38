"""Counts assertions while tests run: what test code says itself, and what it lets libraries say."""
