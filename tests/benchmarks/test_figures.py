"""What benchmarks print, and with what code they end."""

import contextlib
import io
import json

from django.test import SimpleTestCase
from rich.console import Console

from benchmarks.figures import Figure, conclude, print_table


def printed(*figures: Figure) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = conclude(figures)
    return code, output.getvalue()


class FigureTests(SimpleTestCase):
    def holds(self, value: float, side: str) -> bool:
        return Figure("speed", value, 10, side).holds

    def test_at_least_includes_the_goal(self) -> None:
        self.assertEqual([self.holds(value, "at_least") for value in (9, 10, 11)], [0, 1, 1])

    def test_at_most_includes_the_goal(self) -> None:
        self.assertEqual([self.holds(value, "at_most") for value in (9, 10, 11)], [1, 1, 0])

    def test_below_does_not(self) -> None:
        self.assertEqual([self.holds(value, "below") for value in (9, 10, 11)], [1, 0, 0])


class ConclusionTests(SimpleTestCase):
    def test_the_figures_are_one_line_of_json(self) -> None:
        _, text = printed(Figure("cases", 12, 10, "at_least"), Figure("share", 0.5, 0.2, "below"))
        self.assertEqual(text.count("\n"), 1)
        self.assertEqual(
            json.loads(text),
            {
                "cases": {"value": 12, "goal": 10, "holds": True},
                "share": {"value": 0.5, "goal": 0.2, "holds": False},
            },
        )

    def test_a_long_line_is_not_broken(self) -> None:
        figures = [Figure(f"a rather long name {number}", 1, 1, "at_most") for number in range(30)]
        self.assertEqual(printed(*figures)[1].count("\n"), 1)

    def test_the_code_is_0_where_every_goal_is_met(self) -> None:
        self.assertEqual(printed(Figure("a", 1, 1, "at_most"), Figure("b", 1, 2, "below"))[0], 0)

    def test_the_code_is_1_where_one_is_missed(self) -> None:
        self.assertEqual(printed(Figure("a", 1, 1, "at_most"), Figure("b", 2, 2, "below"))[0], 1)

    def test_without_a_figure_nothing_was_measured(self) -> None:
        with self.assertRaisesMessage(ValueError, "measured nothing"):
            conclude([])


class TableTests(SimpleTestCase):
    def test_it_has_a_title_columns_and_rows(self) -> None:
        output = io.StringIO()
        console = Console(file=output, width=60)
        print_table(console, "Cases", ("endpoint", "number"), [("GET /v1/tags/", 7)])
        text = output.getvalue()
        for part in ("Cases", "endpoint", "number", "GET /v1/tags/", "7"):
            self.assertIn(part, text)
