"""What every benchmark prints: a table, then its figures as one line of JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """What was measured, and what it has to be.

    Attributes:
        name: its key in the JSON.
        value: what was measured.
        goal: what it is held against.
        side: which side of the goal is good: `at_least`, `at_most` or `below` it.
    """

    name: str
    value: float
    goal: float
    side: Literal["at_least", "at_most", "below"]

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        if self.side == "at_least":
            return self.value >= self.goal
        return self.value < self.goal if self.side == "below" else self.value <= self.goal


def print_table(
    console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Print a table whose first column is text and the others numbers."""
    table = Table(title=title)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)


def conclude(figures: Sequence[Figure]) -> int:
    """Print the last line, and return the exit code: 1 where a goal is missed.

    Raises:
        ValueError: there is no figure, so nothing was measured.
    """
    if not figures:
        raise ValueError("A benchmark without a figure has measured nothing.")
    # Not by rich, which would break the line at the width of the terminal.
    print(
        json.dumps(
            {
                figure.name: {"value": figure.value, "goal": figure.goal, "holds": figure.holds}
                for figure in figures
            }
        )
    )
    return 0 if all(figure.holds for figure in figures) else 1
