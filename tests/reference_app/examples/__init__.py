"""One example for each helper; docs/testing-helpers.md quotes these files."""
