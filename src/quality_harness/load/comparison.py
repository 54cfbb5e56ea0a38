"""Compares two revisions or settings by interleaved blocks: A B B A, A B B A and so on.

Each pair of neighbours gives one logarithm of a ratio, so what drifts on the machine meets both.
Now and then something else takes the machine for a whole block, so the mean leaves out the greatest
and the least fifth of the pairs, and the interval is the one that belongs to such a mean (Tukey and
McLaughlin). It is wide on purpose, 99%, and shared out among endpoints (Bonferroni): a comparison
that cries wolf is switched off.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.load.student import quantile

CONFIDENCE = 0.99
# A difference that is certain and smaller than this is nobody's concern.
TOLERANCE = 0.05
FEWEST_PAIRS = 6
PAIRS = 16
# The share of the pairs that is left out at either end.
TRIMMED = 0.2
# An endpoint with fewer answers in a block has no median to speak of.
FEWEST_ANSWERS = 10
ALL = "all endpoints"


@dataclass(frozen=True)
class Ratio:
    """How many times as long B takes as A.

    Attributes:
        name: the endpoint, or all of them.
        a_ms: the median of A's block medians.
        b_ms: the same of B.
        ratio: the estimate.
        low: the lower end of the interval.
        high: the upper end.
        tolerance: how large a difference has to be to count.
    """

    name: str
    a_ms: float
    b_ms: float
    ratio: float
    low: float
    high: float
    tolerance: float = TOLERANCE

    @property
    def is_slower(self) -> bool:
        """Whether B certainly takes longer, and by enough."""
        return self.low > 1 and self.ratio > 1 + self.tolerance

    @property
    def is_faster(self) -> bool:
        """Whether A certainly takes longer, and by enough."""
        return self.high < 1 and self.ratio < 1 / (1 + self.tolerance)

    @property
    def word(self) -> str:
        """What is said of B."""
        if self.is_slower:
            return "slower"
        return "faster" if self.is_faster else "no difference shown"


def order(pairs: int) -> str:
    """Return which of the two is asked in each block: "ABBAABBA"."""
    return "".join("BA" if place % 2 else "AB" for place in range(pairs))


def compare(blocks: Sequence[Mapping[str, Any]], tolerance: float = TOLERANCE) -> tuple[Ratio, ...]:
    """Return the ratio over all endpoints, then each endpoint's.

    Args:
        blocks: of a document, in the order that `order` gives.
        tolerance: how large a difference has to be to count.

    Raises:
        CouldNotRun: there are too few blocks, or no endpoint was asked often enough in each.
    """
    pairs = len(blocks) // 2
    if pairs < FEWEST_PAIRS:
        raise CouldNotRun(
            f"{len(blocks)} blocks are too few to compare: {FEWEST_PAIRS * 2} or more are needed."
        )
    medians = {name: _medians(blocks, name) for name in _compared(blocks)}
    if not medians:
        raise CouldNotRun(
            f"No endpoint was asked {FEWEST_ANSWERS} times in each block: make the blocks longer."
        )
    names = order(pairs)
    logs = {name: _pair_logs(row, names) for name, row in medians.items()}
    together = [fmean(column) for column in zip(*logs.values(), strict=True)]
    overall = [
        math.exp(fmean(math.log(row[place]) for row in medians.values()))
        for place in range(len(names))
    ]
    shared = 1 - (1 - CONFIDENCE) / len(logs)
    return (
        _ratio(ALL, overall, names, together, CONFIDENCE, tolerance),
        *(
            _ratio(name, medians[name], names, logs[name], shared, tolerance)
            for name in sorted(logs)
        ),
    )


def _compared(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the endpoints that every block asked often enough."""
    return [
        name
        for name in blocks[0]["endpoints"]
        if all(
            block["endpoints"].get(name, {"requests": 0})["requests"] >= FEWEST_ANSWERS
            for block in blocks
        )
    ]


def _medians(blocks: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    return [block["endpoints"][name]["percentiles_ms"]["50"] for block in blocks]


def _pair_logs(medians: Sequence[float], names: str) -> list[float]:
    """Return the logarithm of B through A in each pair of neighbours."""
    return [
        math.log(medians[place + 1] / medians[place]) * (1 if names[place] == "A" else -1)
        for place in range(0, len(names), 2)
    ]


def _ratio(
    name: str,
    medians: Sequence[float],
    names: str,
    logs: Sequence[float],
    confidence: float,
    tolerance: float,
) -> Ratio:
    middle, half = _interval(logs, confidence)
    a, b = (
        median(value for value, letter in zip(medians, names, strict=False) if letter == side)
        for side in "AB"
    )
    return Ratio(
        name,
        a,
        b,
        math.exp(middle),
        math.exp(middle - half),
        math.exp(middle + half),
        tolerance,
    )


def _interval(logs: Sequence[float], confidence: float) -> tuple[float, float]:
    """Return the trimmed mean and how far the interval reaches to either side."""
    count, left_out = len(logs), int(TRIMMED * len(logs))
    inner = sorted(logs)[left_out : count - left_out]
    winsorized = [inner[0]] * left_out + inner + [inner[-1]] * left_out
    error = stdev(winsorized) / ((1 - 2 * left_out / count) * math.sqrt(count))
    return fmean(inner), quantile((1 + confidence) / 2, len(inner) - 1) * error
