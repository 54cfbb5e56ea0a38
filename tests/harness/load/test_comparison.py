import math
import unittest
from random import Random
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.load import comparison
from quality_harness.load.comparison import compare, order
from quality_harness.load.student import quantile


def blocks(medians: dict[str, list[float]], requests: int = 50) -> list[dict[str, Any]]:
    """Return blocks with these medians."""
    return [
        {
            "endpoints": {
                name: {"requests": requests, "percentiles_ms": {"50": values[place]}}
                for name, values in medians.items()
            }
        }
        for place in range(len(next(iter(medians.values()))))
    ]


def noisy(seed: int, factor: float, pairs: int = 10, drift: float = 0.0) -> list[dict[str, Any]]:
    """Return blocks of 10 ms, 3% noise; B takes `factor` times as long."""
    random = Random(seed)
    return blocks(
        {
            "GET /": [
                10
                * (factor if letter == "B" else 1)
                * math.exp(random.gauss(0, 0.03))
                * (1 + drift * place)
                for place, letter in enumerate(order(pairs))
            ]
        }
    )


class QuantileTests(unittest.TestCase):
    def test_it_is_that_of_the_tables(self) -> None:
        for probability, freedom, expected in (
            (0.975, 1, 12.7062),
            (0.975, 5, 2.5706),
            (0.995, 5, 4.0321),
            (0.9995, 9, 4.7809),
            (0.975, 60, 2.0003),
        ):
            with self.subTest(probability=probability, freedom=freedom):
                self.assertAlmostEqual(quantile(probability, freedom), expected, places=3)


class CompareTests(unittest.TestCase):
    def test_blocks_are_asked_in_an_order_that_drift_cannot_favour(self) -> None:
        self.assertEqual(order(4), "ABBAABBA")

    def test_the_ratio_is_that_of_b_to_a(self) -> None:
        ratio = compare(blocks({"GET /": [10, 20, 20, 10] * 3}))[0]

        self.assertAlmostEqual(ratio.ratio, 2)
        self.assertAlmostEqual(ratio.low, 2)
        self.assertEqual((round(ratio.a_ms), round(ratio.b_ms)), (10, 20))
        self.assertEqual(ratio.word, "slower")

    def test_a_b_that_takes_less_is_faster(self) -> None:
        ratio = compare(blocks({"GET /": [20, 10, 10, 20] * 3}))[0]

        self.assertEqual(ratio.word, "faster")
        self.assertFalse(ratio.is_slower)

    def test_the_same_is_never_called_different_in_two_hundred_comparisons(self) -> None:
        called = [compare(noisy(seed, 1.0))[0].word for seed in range(200)]

        self.assertLessEqual(200 - called.count("no difference shown"), 4)

    def test_a_fifth_slower_is_caught(self) -> None:
        called = [compare(noisy(seed, 1.2))[0].word for seed in range(200)]

        self.assertGreaterEqual(called.count("slower"), 195)

    def test_blocks_in_which_something_else_took_the_machine_hide_nothing(self) -> None:
        made = noisy(3, 1.2)
        for place in (3, 12):
            made[place]["endpoints"]["GET /"]["percentiles_ms"]["50"] *= 5

        self.assertEqual(compare(made)[0].word, "slower")

    def test_drift_is_no_difference(self) -> None:
        called = [compare(noisy(seed, 1.0, drift=0.05))[0].word for seed in range(100)]

        self.assertLessEqual(100 - called.count("no difference shown"), 2)

    def test_a_difference_that_is_certain_and_tiny_is_none(self) -> None:
        ratio = compare(blocks({"GET /": [100, 101, 101, 100] * 3}))[0]

        self.assertGreater(ratio.low, 1)
        self.assertEqual(ratio.word, "no difference shown")
        self.assertEqual(
            compare(blocks({"GET /": [100, 101, 101, 100] * 3}), 0.005)[0].word, "slower"
        )

    def test_one_endpoint_that_got_slower_is_found_among_others(self) -> None:
        found = compare(
            blocks({"GET /a": [10, 10.1, 10, 10.1] * 3, "GET /b": [10, 15, 15.1, 10] * 3})
        )

        self.assertEqual([ratio.name for ratio in found], ["all endpoints", "GET /a", "GET /b"])
        self.assertFalse(found[1].is_slower)
        self.assertTrue(found[2].is_slower)

    def test_each_endpoint_of_many_needs_more_certainty(self) -> None:
        values = [10, 10.4, 10.2, 10, 10, 10.1, 10.5, 10, 10, 10.3, 10.6, 10]
        alone = compare(blocks({"a": values}))[1]
        among = compare(blocks({name: values for name in "abcdefgh"}))[1]

        self.assertGreater(among.high - among.low, alone.high - alone.low)

    def test_an_endpoint_that_was_asked_seldom_does_not_count(self) -> None:
        made = blocks({"a": [10.0, 10, 10, 10] * 3, "b": [10.0, 10, 10, 10] * 3})
        made[3]["endpoints"]["b"]["requests"] = comparison.FEWEST_ANSWERS - 1
        del made[5]["endpoints"]["b"]

        self.assertEqual([ratio.name for ratio in compare(made)], ["all endpoints", "a"])

    def test_too_few_blocks_show_nothing(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "10 blocks are too few to compare: 12 or more"):
            compare(blocks({"a": [1.0] * 10}))

    def test_too_few_answers_show_nothing(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "No endpoint was asked 10 times"):
            compare(blocks({"a": [1.0] * 12}, requests=9))
