"""What a run reports of a server that stalls for two seconds in ten, beside what is true.

A hundred visitors a second are due, so two hundred come during the stall and wait between
two seconds and nothing, evenly spread. Of all thousand, five in a hundred wait longer than 1.5 s:
that is the 95th percentile. The control is a user who waits for each answer, in the same run: it
asks once in those two seconds, and finds that the server was fast.
"""

import sys
from collections.abc import Sequence

from rich.console import Console

from benchmarks._load_blocks import measured, stand_in
from benchmarks._stand_in import Behaviour
from benchmarks.figures import Figure, conclude, print_table
from quality_harness.gate import CouldNotRun

SECONDS, STALL = 10, 2.0
SERVICE = 0.004
# The share of visitors who are stalled, of which a quarter is above the 95th percentile.
THEORY = (STALL * (1 - 0.05 / (STALL / SECONDS)) + SERVICE) * 1000


def main(argv: Sequence[str]) -> int:
    """Measure and return the exit code."""
    behaviour = Behaviour(service=SERVICE, stall_after=4.0, stall=STALL)
    try:
        with stand_in(behaviour) as hosts:
            found = measured("Open,Closed", 2, SECONDS, hosts[:1])
    except CouldNotRun as error:
        print(error, file=sys.stderr)
        return 2
    rows = {name: found["endpoints"].get(f"GET /{name}") for name in ("open", "closed")}
    if not all(rows.values()):
        print("A kind of user has asked nothing.", file=sys.stderr)
        return 2
    p95 = {name: row["percentiles_ms"]["95"] for name, row in rows.items()}
    arrivals = found["arrivals"]["Open"]
    print_table(
        Console(),
        f"{STALL:g} s of stall in {SECONDS} s; in theory p95 is {THEORY:.0f} ms",
        ("users", "requests", "p50 ms", "p95 ms", "of theory", "late", "dropped"),
        [
            (
                name,
                row["requests"],
                f"{row['percentiles_ms']['50']:.1f}",
                f"{p95[name]:.1f}",
                f"{p95[name] / THEORY:.3f}",
                arrivals["late"] if name == "open" else "",
                arrivals["dropped"] if name == "open" else "",
            )
            for name, row in rows.items()
        ],
    )
    return conclude(
        [
            Figure("open-p95-off-theory", round(abs(p95["open"] / THEORY - 1), 4), 0.1, "at_most"),
            Figure("open-dropped", arrivals["dropped"], 0, "at_most"),
            # The control has to miss what is there to be found.
            Figure("control-closed-p95", round(p95["closed"] / THEORY, 4), 0.2, "at_most"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
