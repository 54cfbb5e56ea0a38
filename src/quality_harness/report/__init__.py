"""Renders a report: for people, for programs, for pull requests."""

from collections.abc import Callable
from functools import partial
from importlib import import_module

from quality_harness.gate import Report


def _render(name: str, report: Report) -> str:
    # Only the module of the format that is asked for is imported.
    return str(import_module(f"{__name__}.{name}").render(report))


def _render_problem(name: str, problem: str) -> str:
    return str(import_module(f"{__name__}.{name}").render_problem(problem))


_FOR_PROGRAMS = ("json", "github", "markdown", "sarif")

FORMATS: dict[str, Callable[[Report], str]] = {
    name: partial(_render, name) for name in ("console", *_FOR_PROGRAMS)
}

# What a program reads has to be one document even where no gate ran; people are told beside it.
PROBLEMS: dict[str, Callable[[str], str]] = {
    name: partial(_render_problem, name) for name in _FOR_PROGRAMS
}
