"""Load that proves something: budgets, open arrivals, invariants, comparison of runs.

Only `generator` and `open_arrivals` import Locust, which patches the process that imports it.
"""
