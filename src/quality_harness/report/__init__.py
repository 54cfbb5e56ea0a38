"""Renders a report: for people, for programs, for pull requests."""

from collections.abc import Callable

from quality_harness.gate import Report
from quality_harness.report import console, github, json, markdown, sarif

FORMATS: dict[str, Callable[[Report], str]] = {
    "console": console.render,
    "json": json.render,
    "github": github.render,
    "markdown": markdown.render,
    "sarif": sarif.render,
}

# What a program reads has to be one document even where no gate ran; people are told beside it.
PROBLEMS: dict[str, Callable[[str], str]] = {
    "json": json.render_problem,
    "github": github.render_problem,
    "markdown": markdown.render_problem,
    "sarif": sarif.render_problem,
}
