"""Runs that were never made: recordings and documents with figures that a test can name."""

from collections.abc import Mapping, Sequence
from typing import Any

from quality_harness.load import document
from quality_harness.load.collected import Block, Collected
from quality_harness.load.recording import OpenArrivals, Recording as Recording

BEGAN = 1_700_000_000.0


def recording(latencies: Mapping[str, Sequence[float]] | None = None) -> Recording:
    """Return a recording of answers by endpoint, in seconds, one second after the other."""
    made = Recording()
    for name, values in (latencies or {"GET /a/": [0.01] * 99 + [0.5]}).items():
        for place, seconds in enumerate(values):
            due = BEGAN + place % 10
            made.request(name, due=due, seconds=seconds, status="200", failed=False)
    made.cpu["local"] = [0.1, 0.2]
    return made


def collected(*recordings: Recording, hosts: Sequence[str] = ("http://h",)) -> Collected:
    """Return a run of ten seconds a block that has come to its end."""
    blocks = [
        Block(
            hosts[place % len(hosts)], BEGAN + place * 10, BEGAN + place * 10 + 10, row, {"local"}
        )
        for place, row in enumerate(recordings)
    ]
    return Collected(blocks, {"local"}, 0)


def full_recording() -> Recording:
    """Return a recording with everything in it."""
    made = recording()
    made.request("POST /b/", due=BEGAN, seconds=0.02, status="500", failed=True)
    made.check("stale-reads", True)
    made.check("stale-reads", False, "1 after 2")
    made.admit("throttle", limit=1, window=60, sent=BEGAN, answered=BEGAN + 1)
    made.admit("throttle", limit=1, window=60, sent=BEGAN + 2, answered=BEGAN + 3)
    made.arrivals["Rush"] = OpenArrivals(due=10, late=1, dropped=2, unfinished=3)
    return made


def made(run: Collected | None = None, problems: Sequence[str] = ()) -> dict[str, Any]:
    """Return a run's document."""
    run = run or collected(full_recording())
    return document.build(run, problems, 10 * len(run.blocks), "locustfile.py, 5 users")


def judged(**values: Any) -> dict[str, Any]:
    """Return a document with a verdict."""
    return {**made(), "verdict": "pass", "doubts": [], "budgets": [], **values}
