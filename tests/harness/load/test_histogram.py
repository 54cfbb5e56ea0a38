import unittest

from quality_harness.load.histogram import LONGEST, Histogram


class HistogramTests(unittest.TestCase):
    def test_percentiles_have_three_significant_figures(self) -> None:
        histogram = Histogram()
        for place in range(1, 10_001):
            histogram.record(place / 10_000)

        for percent in (0.1, 1, 50, 95, 99, 99.9):
            with self.subTest(percent=percent):
                self.assertAlmostEqual(histogram.percentile(percent) / percent / 10, 1, delta=0.001)

    def test_latencies_below_a_millisecond_are_told_apart(self) -> None:
        histogram = Histogram()
        histogram.record(0.000123)

        self.assertEqual(histogram.percentile(50), 0.123)
        self.assertEqual(histogram.mean, 0.123)

    def test_what_is_out_of_range_counts_as_its_end(self) -> None:
        histogram = Histogram()
        histogram.record(-1)
        histogram.record(10_000)

        self.assertEqual(histogram.percentile(1), 0.001)
        self.assertAlmostEqual(histogram.longest * 1000 / LONGEST, 1, delta=0.001)

    def test_what_is_written_can_be_read_and_added(self) -> None:
        first, second = Histogram(), Histogram()
        first.record(0.01)
        second.record(0.03)

        read = Histogram.decode(first.encode())
        read.add(second)

        self.assertEqual(read.count, 2)
        self.assertAlmostEqual(read.mean, 20, delta=0.02)

    def test_an_empty_one_can_be_written(self) -> None:
        self.assertEqual(Histogram.decode(Histogram().encode()).count, 0)
