"""Reads what a run of pytest left out, and what it reported otherwise than it went."""

import json
from pathlib import Path

from quality_harness.testing.outcome import Failure


def read_told(file: Path) -> tuple[tuple[Failure, ...], tuple[Failure, ...]]:
    """Return the tests that were left out, and those that were reported otherwise than they went.

    Workers of xdist collect the same, each for itself.
    """
    told: dict[str, dict[Failure, None]] = {"left_out": {}, "rewritten": {}}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        kind, rows = json.loads(line)
        told[kind].update(dict.fromkeys(Failure(*row) for row in rows))
    return tuple(told["left_out"]), tuple(told["rewritten"])
