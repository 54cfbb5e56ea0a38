"""Gate `coverage`: the tests run enough of the code, its branches included."""

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any, Protocol

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.tool import COVERAGE_DATA, COVERAGE_STATE, digest, last_line, run_module

UNCOVERED = Rule(
    code="COV001",
    name="uncovered-code",
    summary="Coverage is under the threshold; this file holds lines or branches that no test runs.",
    reason="Code that no test runs can be broken by anyone without anyone noticing.",
    instead="Write a test that runs it and would notice a change, or delete the code.",
    bad="if blog.archived:\n    return 410  # no test has an archived blog",
    good="if blog.archived:\n    return 410  # test_an_archived_blog_is_gone",
)
UNMEASURED = Rule(
    code="COV002",
    name="unmeasured-file",
    summary="A source file is absent from the coverage report.",
    reason="What was not measured counts neither as covered nor as uncovered: it is forgotten.",
    instead="Name its folder in coverage's `source`, or leave the file out in `omit` of both.",
    bad='[tool.coverage.run]\nsource = ["blog"]  # and accounts/ is not measured',
    good='[tool.coverage.run]\nsource = ["accounts", "blog"]',
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.coverage]`.

    Attributes:
        threshold: least share of lines and branches that tests run, in percent.
        sources: folders that the gate is about, whose every Python file must be in the report;
            by default it is about all that was measured.
        omit: patterns of files that need not be.
        data_file: what `coverage run` wrote.
    """

    threshold: float = 95.0
    sources: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    data_file: str = COVERAGE_DATA


def check(project: Project) -> Checked:
    """Read the coverage data that the gate `tests`, or the project itself, has written."""
    options: Options = project.options
    if not 1 <= options.threshold <= 100:
        raise CouldNotRun(f"threshold is a percentage from 1 to 100, not {options.threshold}.")
    for name in options.sources:
        if not (project.root / name).is_dir():
            raise CouldNotRun(f"sources names '{name}', which is no folder. Correct it.")
    report = read_report(project, options)
    files, totals = report["files"], report["totals"]
    if not totals["num_statements"]:
        raise CouldNotRun(f"the coverage data in {options.data_file} is empty: {_AGAIN}")
    if not report["meta"]["branch_coverage"]:
        raise CouldNotRun(
            "the coverage data has no branches. Set branch = true under [tool.coverage.run]"
        )
    refuse_stale(project, options, files)
    percent = percent_of(totals)
    findings = list(_unmeasured(project, options, files))
    if percent < options.threshold:
        findings += _uncovered(files, f"{percent:.2f}% of {options.threshold:g}%")
    note = f"{percent:.2f}% with branches, threshold {options.threshold:g}%"
    return Checked(tuple(findings), len(files), "files", note)


_AGAIN = "run it again: quality-harness gate tests coverage"


class Source(Protocol):
    """The options that say what is measured: those of each gate that reads coverage data."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Folders that the gate is about; none means all that was measured."""

    @property
    def data_file(self) -> str:
        """What `coverage run` wrote."""


def read_report(project: Project, options: Source) -> Any:
    """Return coverage's JSON report of the data.

    Raises:
        CouldNotRun: there is no data, or coverage cannot read it.
    """
    if not (project.root / options.data_file).is_file():
        raise CouldNotRun(f"there is no coverage data in {options.data_file}: {_AGAIN}")
    arguments = ["json", f"--data-file={options.data_file}", "--fail-under=0", "-q", "-o", "-"]
    if options.sources:
        arguments.append(
            f"--include={','.join(f'{posixpath.normpath(name)}/*' for name in options.sources)}"
        )
    done = run_module("coverage", arguments, cwd=project.root, extra="test")
    if done.returncode:
        problem = last_line(done.stdout) or last_line(done.stderr)
        raise CouldNotRun(f"coverage cannot report: {problem}. {_AGAIN.capitalize()}")
    return json.loads(done.stdout)


def refuse_stale(project: Project, options: Source, files: dict[str, Any]) -> None:
    """Raise CouldNotRun where a measured file has changed since it was measured."""
    state = project.root / COVERAGE_STATE
    if options.data_file == COVERAGE_DATA and state.is_file():
        if state.read_text(encoding="utf-8") != digest(project.root, project.python_files()):
            raise CouldNotRun(f"Python files have changed since coverage was measured: {_AGAIN}")
        return
    measured = (project.root / options.data_file).stat().st_mtime
    for name in files:
        if (project.root / name).stat().st_mtime > measured:
            raise CouldNotRun(f"{name} is newer than the coverage data: {_AGAIN}")


def percent_of(totals: dict[str, Any]) -> float:
    """Return the covered share in percent, not rounded: 99.996% is not 100%.

    Branches count where they were measured.
    """
    covered = totals["covered_lines"] + totals.get("covered_branches", 0)
    return float(100 * covered / (totals["num_statements"] + totals.get("num_branches", 0)))


def not_run(file: Any) -> set[int]:
    """Return the lines that no test runs, or that have a branch which none takes.

    Args:
        file: what coverage's report says of a file.
    """
    branches = file.get("missing_branches", ())
    return {*file["missing_lines"], *(start for start, _ in branches)}


def _unmeasured(project: Project, options: Options, files: dict[str, Any]) -> Iterator[Finding]:
    for name in project.python_files():
        below = any(PurePosixPath(name).is_relative_to(folder) for folder in options.sources)
        omitted = any(fnmatch(name, pattern) for pattern in options.omit)
        if below and not omitted and name not in files and (project.root / name).stat().st_size:
            message = f"{name} is not in the coverage report"
            hint = "name its folder in [tool.coverage.run] source"
            yield UNMEASURED.finding(Location(name), message, hint)


def _uncovered(files: dict[str, Any], reached: str) -> Iterator[Finding]:
    for name, file in files.items():
        lines = file["missing_lines"]
        branches = [pair for pair in file["missing_branches"] if pair[0] not in lines]
        if not lines and not branches:
            continue
        parts = [f"lines {ranges(lines)}"] if lines else []
        parts += [f"branch {start} -> {_end(end)}" for start, end in branches]
        first = min([*lines, *(start for start, _ in branches)])
        message = f"no test runs {', '.join(parts)} (coverage {reached})"
        hint = "write a test that runs them and would notice a change, or delete them"
        yield UNCOVERED.finding(Location(name, first), message, hint)


def _end(line: int) -> str:
    return str(line) if line > 0 else "exit"


def ranges(lines: list[int]) -> str:
    """Return line numbers as people write them: "3-5, 9"."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


GATE = Gate(
    name="coverage",
    summary="The tests run enough of the code, its branches included.",
    reason="A threshold that is enforced is the only one that holds.",
    check=check,
    rules=(UNCOVERED, UNMEASURED),
    options=Options,
    after=("tests",),
)
