import unittest
from itertools import islice, takewhile
from random import Random

from quality_harness.load.arrivals import Arrivals, constant, poisson, ramp, spike


def due(arrivals: Arrivals, seconds: float, seed: int = 1) -> list[float]:
    """Return when visitors are due up to then."""
    return list(takewhile(lambda time: time < seconds, arrivals.due(Random(seed))))


class ArrivalsTests(unittest.TestCase):
    def test_constant_ones_are_evenly_spaced(self) -> None:
        self.assertEqual(list(islice(constant(4).due(Random()), 3)), [0.25, 0.5, 0.75])

    def test_a_ramp_brings_the_area_below_it_and_stays_at_its_end(self) -> None:
        times = due(ramp(0, 20, 10), 12.001)

        self.assertEqual(sum(time <= 10 for time in times), 100)
        self.assertEqual(sum(time > 10 for time in times), 40)
        self.assertAlmostEqual(times[24], 5.0)  # a quarter of the area in half of the time

    def test_a_ramp_goes_down_to_nothing_but_never_ends_there(self) -> None:
        times = due(ramp(20, 1, 10), 20.001)

        self.assertEqual(sum(time > 10 for time in times), 10)

    def test_a_spike_leaps_up_and_falls_back(self) -> None:
        times = due(spike(base=1, peak=100, after=5, seconds=2), 10.001)

        self.assertEqual(sum(time <= 5 for time in times), 5)
        self.assertEqual(sum(5 < time <= 7.0001 for time in times), 200)
        self.assertEqual(sum(time > 7.0001 for time in times), 3)

    def test_random_ones_come_at_the_same_rate_with_gaps_of_all_lengths(self) -> None:
        times = due(poisson(50), 200)
        gaps = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
        mean = sum(gaps) / len(gaps)
        deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5

        self.assertAlmostEqual(len(times) / 10_000, 1, delta=0.05)
        self.assertAlmostEqual(deviation / mean, 1, delta=0.05)  # an exponential distribution's

    def test_any_profile_can_be_random(self) -> None:
        times = due(ramp(0, 20, 100).at_random(), 100)

        self.assertAlmostEqual(len(times) / 1000, 1, delta=0.1)
        self.assertAlmostEqual(sum(time < 50 for time in times) / 250, 1, delta=0.2)

    def test_rates_and_times_are_checked(self) -> None:
        for make in (
            lambda: constant(0),
            lambda: constant(-1),
            lambda: ramp(1, 2, 0),
            lambda: spike(1, -1, 1, 1),
        ):
            with self.subTest(make=make), self.assertRaises(ValueError):
                make()
