"""The one JSON document of a run: what budgets, comparisons and reports are made from."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.load.collected import Collected
from quality_harness.load.recording import Endpoint, Recording

FORMAT = 1
PERCENTILES = (50, 75, 90, 95, 99, 99.9)
# Over how many seconds the load of a generator is averaged to find its busiest time.
BUSY_SECONDS = 5


def build(
    collected: Collected, problems: Sequence[str], asked_seconds: float, scenario: str
) -> dict[str, Any]:
    """Return the document.

    Args:
        collected: what was measured.
        problems: why it is not all; none where the run is complete.
        asked_seconds: how long the run was to take.
        scenario: what was run, for people.
    """
    recording = collected.recording()
    seconds = sum(_seconds(block.began, block.ended) for block in collected.blocks)
    began = collected.blocks[0].began if collected.blocks else 0.0
    return {
        "format": FORMAT,
        "complete": not problems,
        "problems": list(problems),
        "scenario": scenario,
        "host": collected.blocks[0].host if collected.blocks else "",
        "began": datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "asked_seconds": asked_seconds,
        "machine": machine(),
        "processes": sorted(collected.processes),
        "overall": endpoint_row(recording.total(), seconds),
        "endpoints": {
            name: endpoint_row(endpoint, seconds)
            for name, endpoint in sorted(recording.endpoints.items())
        },
        "timeline": _timeline(recording, began),
        "invariants": _invariants(recording),
        "arrivals": {name: vars(row) for name, row in sorted(recording.arrivals.items())},
        "generator": _generator(recording),
        "exceptions": dict(recording.exceptions),
        "blocks": [
            {
                "host": block.host,
                "endpoints": {
                    name: endpoint_row(endpoint, _seconds(block.began, block.ended))
                    for name, endpoint in sorted(block.recording.endpoints.items())
                },
            }
            for block in collected.blocks
            if len(collected.blocks) > 1
        ],
    }


def endpoint_row(endpoint: Endpoint, seconds: float) -> dict[str, Any]:
    """Return what is said of one endpoint, or of all."""
    histogram = endpoint.histogram
    return {
        "requests": endpoint.requests,
        "failures": endpoint.failures,
        "errors": endpoint.failures / endpoint.requests if endpoint.requests else None,
        "rate": endpoint.requests / seconds if seconds else None,
        "statuses": dict(sorted(endpoint.statuses.items())),
        "mean_ms": histogram.mean if endpoint.requests else None,
        "max_ms": histogram.longest if endpoint.requests else None,
        "percentiles_ms": {
            f"{percent:g}": histogram.percentile(percent)
            for percent in PERCENTILES
            if endpoint.requests
        },
        "histogram": histogram.encode(),
    }


def machine() -> str:
    """Return the class of this machine: what figures of two machines are compared by."""
    model = platform.processor() or platform.machine()
    try:
        rows = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        rows = []
    names = [row.partition(":")[2].strip() for row in rows if row.startswith("model name")]
    return f"{os.cpu_count()} x {names[0] if names else model}"


def read(path: Path) -> dict[str, Any]:
    """Return the document that a run has left.

    Raises:
        CouldNotRun: it cannot be read, or is none.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CouldNotRun(f"There is no result at {path}: {error.strerror}.") from error
    except ValueError as error:
        raise CouldNotRun(f"{path} is no result of a load run: {error}.") from error
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise CouldNotRun(
            f"{path} is no result of `quality-harness load run` of this version: run it again."
        )
    return dict(document)


def _seconds(began: float, ended: float | None) -> float:
    return (datetime.now(UTC).timestamp() if ended is None else ended) - began


def _timeline(recording: Recording, began: float) -> list[dict[str, Any]]:
    return [
        {
            "second": moment - int(began),
            "requests": row.requests,
            "failures": row.failures,
            "p50_ms": round(row.percentile(50), 3),
            "p95_ms": round(row.percentile(95), 3),
            "p99_ms": round(row.percentile(99), 3),
        }
        for moment, row in sorted(recording.seconds.items())
    ]


def _invariants(recording: Recording) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {
        name: vars(invariant) for name, invariant in recording.invariants.items()
    }
    for name, admissions in recording.admissions.items():
        most = admissions.most()
        over = max(0, most - admissions.limit)
        seen = f"{most} in {admissions.window:g} s, {admissions.limit} are allowed"
        rows[name] = {
            "checks": len(admissions.spans),
            "broken": over,
            "examples": [seen] if over else [],
            "most": most,
        }
    return dict(sorted(rows.items()))


def _generator(recording: Recording) -> dict[str, Any]:
    busiest = [busiest_share(shares) for shares in recording.cpu.values()]
    return {
        "busiest": max(busiest, default=None),
        "cores": {
            process: round(sum(shares) / len(shares), 3)
            for process, shares in sorted(recording.cpu.items())
        },
    }


def busiest_share(shares: Sequence[float]) -> float:
    """Return the share of a core in the busiest five seconds."""
    width = min(BUSY_SECONDS, len(shares))
    windows = range(len(shares) - width + 1)
    return round(max(sum(shares[at : at + width]) / width for at in windows), 3)
