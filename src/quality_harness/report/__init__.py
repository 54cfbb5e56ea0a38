"""Renders a report: for people, for programs, for pull requests."""

from collections.abc import Callable

from quality_harness.gate import Report
from quality_harness.report import console, github, json

FORMATS: dict[str, Callable[[Report], str]] = {
    "console": console.render,
    "json": json.render,
    "github": github.render,
}
