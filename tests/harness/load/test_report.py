import io
import re
import unittest
from html.parser import HTMLParser
from xml.etree import ElementTree

from rich.console import Console

from quality_harness.load import charts, report, tables
from tests.harness.load import samples

BUDGET = {
    "section": "overall",
    "place": "overall",
    "metric": "p95",
    "limit": 300,
    "side": "at most",
    "measured": 412.3456,
    "holds": False,
}
RATIO = {
    "name": "GET /a|b/",
    "a_ms": 10.0,
    "b_ms": 12.0,
    "ratio": 1.2,
    "low": 1.1,
    "high": 1.3,
    "word": "slower",
}


class Tags(HTMLParser):
    """Notes what a page would load from elsewhere, and which tags are left open."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [str(value) for name, value in attrs if name in ("src", "href")]
        self.open += [] if tag in self.VOID else [tag]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Such a tag is closed."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag


class HtmlTests(unittest.TestCase):
    def test_the_page_is_whole_and_loads_nothing(self) -> None:
        page = report.to_html(samples.judged(budgets=[BUDGET], comparison=[RATIO]))
        tags = Tags(page)

        self.assertEqual((tags.open, tags.loaded), ([], []))
        self.assertNotIn("<script", page)

    def test_it_shows_everything(self) -> None:
        page = report.to_html(samples.judged(budgets=[BUDGET], comparison=[RATIO]))

        for title in (
            *("Latency over time", "Throughput over time", "Percentiles", "Statuses"),
            *("Invariants broken", "B against A", "Budgets", "Comparison", "Endpoints"),
            *("Invariants", "Open arrivals"),
        ):
            with self.subTest(title=title):
                self.assertIn(f"<h2>{title}</h2>", page)
        self.assertIn('<tr class="broken"><td>overall</td><td>p95</td><td>at most 300</td>', page)

    def test_names_of_a_run_cannot_break_the_page(self) -> None:
        page = report.to_html(samples.judged(scenario="<script>", doubts=["<b>bold</b>"]))

        self.assertNotIn("<script>", page)
        self.assertIn("&lt;b&gt;bold&lt;/b&gt;", page)

    def test_a_run_without_anything_has_a_page(self) -> None:
        empty = samples.made(samples.collected(samples.Recording()), ["Nobody came."])
        page = report.to_html({**empty, "verdict": "could-not-run", "doubts": ["Nobody came."]})

        self.assertEqual(Tags(page).open, [])
        self.assertIn("could-not-run, partial", page)
        self.assertNotIn("<svg", page)


class MarkdownTests(unittest.TestCase):
    def test_tables_are_tables(self) -> None:
        text = report.to_markdown(
            samples.judged(budgets=[BUDGET], comparison=[RATIO], doubts=["One.\nTwo."])
        )

        self.assertIn("| overall | p95 | at most 300 | 412.3 | NO |", text)
        self.assertIn("| GET /a\\|b/ | 10 | 12 | 1.200 | 1.100 to 1.300 | slower |", text)
        self.assertIn("- One. Two.\n", text)
        self.assertIn("## Load: pass, 0 of 1 budgets kept, slower: GET /a|b/", text)


class TerminalTests(unittest.TestCase):
    def test_the_last_line_is_the_verdict(self) -> None:
        console = Console(file=io.StringIO(), width=120)

        report.show(samples.judged(budgets=[BUDGET], doubts=["A [doubt]."]), console)

        assert isinstance(console.file, io.StringIO)
        lines = console.file.getvalue().splitlines()
        self.assertEqual(lines[-2:], ["A [doubt].", "load: pass, 0 of 1 budgets kept"])


class FigureTests(unittest.TestCase):
    def test_figures_are_short_and_not_wrong(self) -> None:
        for value, text in (
            (None, "–"),
            (0.00123456, "0.001235"),
            (412.3456, "412.3"),
            (123456.7, "123457"),
        ):
            with self.subTest(value=value):
                self.assertEqual(tables.figure(value), text)


class ChartTests(unittest.TestCase):
    def numbers(self, svg: str, attribute: str) -> list[float]:
        found = re.findall(rf'{attribute}="([^"]*)"', svg)
        return [float(number) for text in found for number in re.split("[ ,]", text)]

    def test_lines_stay_inside_and_the_greatest_value_is_the_highest(self) -> None:
        svg = charts.lines([0, 1, 2], {"p50": [1, 2, 1], "p95": [3, 39, 5]}, "ms")
        points = self.numbers(svg, "points")

        ElementTree.fromstring(svg)
        self.assertTrue(all(0 <= x <= charts.WIDTH for x in points[::2]))
        self.assertTrue(all(charts.TOP <= y <= charts.HEIGHT for y in points[1::2]))
        self.assertEqual(min(points[1::2]), points[9])
        self.assertIn(">40</text>", svg)

    def test_scales_are_round_and_not_below_the_value(self) -> None:
        for value, top in ((0, "1"), (0.03, "0.04"), (9, "10"), (11, "20"), (70, "80"), (45, "50")):
            with self.subTest(value=value):
                self.assertIn(f">{top}</text>", charts.lines([0, 1], {"a": [0, value]}, "ms"))

    def test_no_values_are_no_error(self) -> None:
        self.assertIn("<svg", charts.lines([], {}, "ms"))
        self.assertIn("<svg", charts.bars({}, "ms"))
        self.assertIn("<svg", charts.intervals([]))

    def test_bars_are_as_long_as_their_values(self) -> None:
        bars = ElementTree.fromstring(charts.bars({"a": 10, "b": 5, "c": 0}, "ms")).iter("rect")
        widths = [float(bar.attrib["width"]) for bar in bars]

        self.assertEqual(widths[1] * 2, widths[0])
        self.assertEqual(widths[2], 0)

    def test_an_interval_that_reaches_far_ends_at_the_edge(self) -> None:
        svg = charts.intervals([("GET /", 0.1, 3.0, 9.0)])

        self.assertTrue(all(240 <= x <= 700 for x in self.numbers(svg, "cx")))
