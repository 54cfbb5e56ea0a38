"""Latencies to three significant figures, in a size that does not grow: HDR histograms."""

from typing import Self

from hdrh.histogram import HdrHistogram

# In microseconds: what is longer than ten minutes counts as ten minutes.
LONGEST = 600_000_000
FIGURES = 3


class Histogram:
    """Durations in seconds, kept in microseconds."""

    def __init__(self) -> None:
        self._counts = HdrHistogram(1, LONGEST, FIGURES)

    @classmethod
    def decode(cls, text: str) -> Self:
        """Return the histogram that `encode` has written."""
        histogram = cls()
        histogram._counts.decode_and_add(text)
        return histogram

    def encode(self) -> str:
        """Return it as text for JSON."""
        return str(self._counts.encode().decode("ascii"))

    def record(self, seconds: float) -> None:
        """Add one duration."""
        self._counts.record_value(min(max(round(seconds * 1e6), 1), LONGEST))

    def add(self, other: Self) -> None:
        """Add all durations of another one."""
        self._counts.add(other._counts)

    @property
    def count(self) -> int:
        """How many durations there are."""
        return int(self._counts.total_count)

    def percentile(self, percent: float) -> float:
        """Return the duration that `percent` of all do not exceed, in milliseconds."""
        return float(self._counts.get_value_at_percentile(percent) / 1000)

    @property
    def mean(self) -> float:
        """The mean, in milliseconds."""
        return float(self._counts.get_mean_value() / 1000)

    @property
    def longest(self) -> float:
        """The longest duration, in milliseconds."""
        return float(self._counts.get_max_value() / 1000)
