"""When visitors arrive who do not wait for one another: constant, ramp, spike, Poisson.

A profile says how the rate goes. The nth visitor is due when the area below the rate reaches n, or,
where arrivals are random, the sum of n exponential steps: a Poisson process with that rate.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Self


@dataclass(frozen=True)
class Piece:
    """A stretch of time in which the rate goes evenly from one figure to another.

    Attributes:
        seconds: how long; the last piece of a profile has no end.
        first: arrivals a second at its start.
        last: arrivals a second at its end.
    """

    seconds: float
    first: float
    last: float

    @property
    def area(self) -> float:
        """How many arrivals fall into it."""
        if math.isinf(self.seconds):
            return math.inf
        return self.seconds * (self.first + self.last) / 2

    def time_of(self, area: float) -> float:
        """Return after how many seconds that many arrivals have come."""
        slope = 0.0 if math.isinf(self.seconds) else (self.last - self.first) / self.seconds
        root = math.sqrt(max(0.0, self.first**2 + 2 * slope * area))
        return 2 * area / (self.first + root) if area else 0.0


@dataclass(frozen=True)
class Arrivals:
    """When visitors are due.

    Attributes:
        pieces: how the rate goes; the last piece has no end.
        is_random: whether they come at random, as independent people do.
    """

    pieces: tuple[Piece, ...]
    is_random: bool = False

    def at_random(self) -> Self:
        """Return the same rates with a Poisson process."""
        return replace(self, is_random=True)

    def due(self, random: Random) -> Iterator[float]:
        """Yield when each visitor is due, in seconds from the beginning, without end.

        Args:
            random: where random steps are taken from.
        """
        start, area = 0.0, self._step(random)
        pieces = iter(self.pieces)
        piece = next(pieces)
        while True:
            if area < piece.area:
                yield start + piece.time_of(area)
                area += self._step(random)
            else:
                area -= piece.area
                start += piece.seconds
                piece = next(pieces)

    def _step(self, random: Random) -> float:
        return random.expovariate(1.0) if self.is_random else 1.0


def constant(rate: float) -> Arrivals:
    """Return arrivals that are evenly spaced.

    Args:
        rate: arrivals a second.

    Raises:
        ValueError: the rate is not above zero.
    """
    return _profile(Piece(math.inf, rate, rate))


def poisson(rate: float) -> Arrivals:
    """Return arrivals of independent people, `rate` a second on average."""
    return constant(rate).at_random()


def ramp(first: float, last: float, seconds: float) -> Arrivals:
    """Return arrivals whose rate goes evenly from one figure to another and stays there."""
    return _profile(Piece(seconds, first, last), Piece(math.inf, last, last))


def spike(base: float, peak: float, after: float, seconds: float) -> Arrivals:
    """Return arrivals whose rate leaps up and falls back.

    Args:
        base: arrivals a second before and afterwards.
        peak: arrivals a second in the spike.
        after: when the spike begins, in seconds.
        seconds: how long it lasts.
    """
    return _profile(
        Piece(after, base, base), Piece(seconds, peak, peak), Piece(math.inf, base, base)
    )


def _profile(*pieces: Piece) -> Arrivals:
    for piece in pieces:
        if piece.seconds <= 0 or min(piece.first, piece.last) < 0:
            raise ValueError(f"Neither times nor rates go below zero: {piece}.")
    if pieces[-1].last <= 0:
        raise ValueError("The rate that arrivals end with has to be above zero.")
    return Arrivals(pieces)
