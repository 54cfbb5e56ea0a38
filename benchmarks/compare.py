"""Twenty comparisons of a server with itself, and twenty with one that takes 20% longer.

Everything on the stand-in gets 2% slower each second, as on a machine that heats up or a table that
grows. The control asks A for half of the time, then B, and compares medians: what drifts looks like
a difference. `ARGS=6` makes six comparisons of each kind and half as
many of the control.
"""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from typing import Any

from rich.console import Console

from benchmarks._load_blocks import measured, stand_in
from benchmarks._stand_in import Behaviour
from benchmarks.figures import Figure, conclude, print_table
from quality_harness.gate import CouldNotRun
from quality_harness.load.comparison import PAIRS, TOLERANCE, Ratio, compare, order

ROUNDS, SECONDS, USERS = 20, 0.35, 6
SERVICE, SLOWDOWN, DRIFT = 0.02, 1.2, 0.02
# At once: the stand-ins sleep most of the time.
SIDE_BY_SIDE = 2


def main(argv: Sequence[str]) -> int:
    """Measure and return the exit code."""
    rounds = int(argv[0]) if argv else ROUNDS
    try:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            same = list(pool.map(partial(_interleaved, 1.0), range(rounds)))
            slower = list(pool.map(partial(_interleaved, SLOWDOWN), range(rounds)))
            control = list(pool.map(_one_after_the_other, range(rounds // 2)))
    except CouldNotRun as error:
        print(error, file=sys.stderr)
        return 2
    alarms = sum(ratio.is_slower or ratio.is_faster for ratio in same)
    caught = sum(ratio.is_slower for ratio in slower)
    cried = sum(abs(ratio - 1) > TOLERANCE for ratio in control)
    print_table(
        Console(),
        f"{rounds} comparisons, {len(control)} of the control; {PAIRS * 2} blocks of {SECONDS} s",
        ("comparison", "different", "least", "greatest", "widest interval"),
        [
            ("the same, ABBA", alarms, *_spread(same)),
            ("20% slower, ABBA", caught, *_spread(slower)),
            ("the same, A then B", cried, *_ends(control), ""),
        ],
    )
    share = rounds / ROUNDS
    return conclude(
        [
            Figure("false-alarms", alarms, 1 * share, "at_most"),
            Figure("slowdowns-caught", caught, 19 * share, "at_least"),
            Figure("control-false-alarms", cried, 2 * share, "at_least"),
        ]
    )


def _interleaved(slowdown: float, number: int) -> Ratio:
    with stand_in(Behaviour(service=SERVICE, slowdown=slowdown, drift=DRIFT)) as hosts:
        asked = [hosts["AB".index(letter)] for letter in order(PAIRS)]
        return compare(measured("Browsing", USERS, SECONDS, asked)["blocks"])[0]


def _one_after_the_other(number: int) -> float:
    with stand_in(Behaviour(service=SERVICE, drift=DRIFT)) as hosts:
        asked = [hosts[0]] * PAIRS + [hosts[1]] * PAIRS
        blocks = measured("Browsing", USERS, SECONDS, asked)["blocks"]
    return _median(blocks[PAIRS:]) / _median(blocks[:PAIRS])


def _median(blocks: Sequence[dict[str, Any]]) -> float:
    return median(block["endpoints"]["GET /page"]["percentiles_ms"]["50"] for block in blocks)


def _ends(ratios: Sequence[float]) -> tuple[str, str]:
    return f"{min(ratios):.3f}", f"{max(ratios):.3f}"


def _spread(ratios: Sequence[Ratio]) -> tuple[str, ...]:
    widest = max(ratios, key=lambda ratio: ratio.high / ratio.low)
    return *_ends([ratio.ratio for ratio in ratios]), f"{widest.low:.3f} to {widest.high:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
