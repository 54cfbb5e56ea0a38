"""A committed baseline per machine class: latencies that may only get better."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.load.budgets import OVERALL, Budget

# One run differs from the next; what `compare` finds is finer than what a baseline can.
SLACK = 0.5
METRICS = {"p50": "50", "p95": "95"}


def limits(path: Path, document: Mapping[str, Any]) -> tuple[Budget, ...]:
    """Return what the baseline asks of a run on this class of machine.

    Raises:
        CouldNotRun: there is no baseline for it.
    """
    rows = _read(path)
    key = _key(document)
    if key not in rows:
        raise CouldNotRun(
            f"{path} has no baseline for {key}: add it with "
            f"`quality-harness load check RESULT --baseline {path} --update`."
        )
    return tuple(
        Budget(
            "overall" if place == OVERALL else "endpoint",
            place,
            metric,
            round(value * (1 + SLACK), 3),
            "at most",
        )
        for place, metrics in rows[key].items()
        for metric, value in metrics.items()
    )


def update(path: Path, document: Mapping[str, Any]) -> str:
    """Return the baseline's new text: what is new comes in, what is there only gets lower."""
    rows = _read(path) if path.exists() else {}
    kept = rows.setdefault(_key(document), {})
    for place, row in {OVERALL: document["overall"], **document["endpoints"]}.items():
        metrics = kept.setdefault(place, {})
        for metric, percent in METRICS.items():
            value = row["percentiles_ms"][percent]
            metrics[metric] = round(min(value, metrics.get(metric, value)), 3)
    return json.dumps(rows, indent=2, sort_keys=True) + "\n"


def _key(document: Mapping[str, Any]) -> str:
    return f"{document['machine']}, {document['scenario']}"


def _read(path: Path) -> dict[str, dict[str, dict[str, float]]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CouldNotRun(f"There is no baseline at {path}: {error.strerror}.") from error
    except ValueError as error:
        raise CouldNotRun(f"{path} is no baseline: {error}.") from error
    return dict(rows)
