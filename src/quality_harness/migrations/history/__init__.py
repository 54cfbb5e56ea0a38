"""The graph of migrations as Django loads it, and what was done to merged ones."""
