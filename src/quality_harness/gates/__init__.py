"""The gates. The folder is the registry: a module with a `GATE` is a gate."""
