"""Quantiles of Student's t distribution, for intervals on few blocks."""

import math
from functools import cache

STEPS = 400


@cache
def quantile(probability: float, freedom: int) -> float:
    """Return the t that is exceeded with 1 - `probability`.

    Args:
        probability: above one half and below one.
        freedom: degrees of freedom, one or more.
    """
    low, high = 0.0, 1.0
    while _below(high, freedom) < probability:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        if _below(middle, freedom) < probability:
            low = middle
        else:
            high = middle
    return high


def _below(t: float, freedom: int) -> float:
    """Return the probability of a value below `t`: one half and Simpson's rule over an angle.

    With t = sqrt(freedom) * tan(angle) the density is a power of the cosine, which is smooth.
    """
    end = math.atan(t / math.sqrt(freedom))
    width = end / STEPS
    weights = (1 if place in (0, STEPS) else 4 if place % 2 else 2 for place in range(STEPS + 1))
    area = sum(
        weight * math.cos(place * width) ** (freedom - 1) for place, weight in enumerate(weights)
    )
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    return 0.5 + scale / math.sqrt(math.pi) * area * width / 3
