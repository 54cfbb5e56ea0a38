"""Gate `changed-coverage`: tests run the lines that the change adds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any

from quality_harness.changes import ask_git
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._added_lines import lines_of_working_tree
from quality_harness.gates.coverage import not_run, ranges, read_report, refuse_stale
from quality_harness.tool import COVERAGE_DATA

UNCOVERED = Rule(
    code="CCV001",
    name="uncovered-change",
    summary="No test runs a line, or a branch of a line, that the change adds.",
    reason="Whoever writes a line knows best what it is for, and never better than today.",
    instead="Write a test that runs it and would notice a change, or leave the line out.",
    bad="+    if blog.archived:\n+        return 410  # no test has an archived blog",
    good="+    if blog.archived:\n+        return 410  # test_an_archived_blog_is_gone",
)
UNMEASURED = Rule(
    code="CCV002",
    name="unmeasured-change",
    summary="A changed Python file is absent from the coverage report.",
    reason="Its lines count neither as run nor as not run, so a change of it looks fully tested.",
    instead="Name its folder in coverage's `source`, or leave the file out in the option `omit`.",
    bad='[tool.coverage.run]\nsource = ["blog"]  # and the change is in accounts/',
    good='[tool.coverage.run]\nsource = ["accounts", "blog"]',
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.changed_coverage]`.

    Attributes:
        threshold: least share of the added lines that tests run, in percent.
        sources: folders that the gate is about; by default all of the project.
        omit: patterns of files that it is not about.
        data_file: what `coverage run` wrote.
    """

    threshold: float = 100.0
    sources: tuple[str, ...] = ()
    omit: tuple[str, ...] = (
        *("test_*.py", "*/test_*.py", "tests/*", "*/tests/*", "conftest.py", "*/conftest.py"),
        *("*/migrations/0*.py", "manage.py", "*/manage.py", "setup.py"),
    )
    data_file: str = COVERAGE_DATA


def check(project: Project) -> Checked:
    """Compare the lines that the change adds with the lines that tests have run."""
    options: Options = project.options
    if not 1 <= options.threshold <= 100:
        raise CouldNotRun(f"threshold is a percentage from 1 to 100, not {options.threshold}.")
    added = _added(project)
    paths = frozenset(added)
    if not added:
        note = f"no line of a measured Python file is new against {project.changes.label}"
        return Checked((), 0, "lines", note, nothing_new=True, paths=paths)
    report = read_report(project, options)
    if not report["meta"]["branch_coverage"]:
        raise CouldNotRun(
            "the coverage data has no branches. Set branch = true under [tool.coverage.run]"
        )
    files = report["files"]
    refuse_stale(project, options, {name: files[name] for name in added if name in files})
    findings = list(_unmeasured(added, files))
    statements = {
        name: _statements(project, name, added[name]) for name in sorted(added.keys() & files)
    }
    run, missed = _counts(statements, files)
    percent = 100 * run / (run + missed) if run + missed else 100.0
    if percent < options.threshold:
        findings += _uncovered(statements, files)
    note = f"{percent:.2f}% of {run + missed} lines of code, threshold {options.threshold:g}%"
    count = sum(len(lines) for lines in added.values())
    return Checked(tuple(findings), count, "lines", note, paths=paths)


def _added(project: Project) -> dict[str, set[int]]:
    """Return the numbers of the added lines of each file that the gate is about."""
    base = project.changes.base
    if base is None:
        base = ask_git(project.root, "hash-object", "-t", "tree", "--stdin").decode().strip()
    added: dict[str, set[int]] = {}
    for line in lines_of_working_tree(project, base, "--find-renames"):
        if line.path in project.files and _is_concerned(project.options, line.path):
            added.setdefault(line.path, set()).add(line.line)
    return added


def _is_concerned(options: Options, name: str) -> bool:
    below = any(PurePosixPath(name).is_relative_to(one) for one in options.sources or (".",))
    omitted = any(fnmatch(name, pattern) for pattern in options.omit)
    return name.endswith(".py") and below and not omitted


def _unmeasured(added: Mapping[str, set[int]], files: Mapping[str, Any]) -> Iterator[Finding]:
    for name in sorted(added.keys() - files.keys()):
        message = f"the change adds lines to {name}, which is not in the coverage report"
        hint = "name its folder in [tool.coverage.run] source, or the file in omit"
        yield UNMEASURED.finding(Location(name), message, hint)


def _statements(project: Project, name: str, added: set[int]) -> dict[int, int]:
    """Return the first line of the statement that each added line is part of.

    Coverage knows a statement by its first line alone. Comments are part of none.
    """
    from coverage.parser import PythonParser

    parser = PythonParser(filename=str(project.root / name))
    parser.parse_source()
    lines = [line.strip() for line in parser.text.split("\n")]
    code = sorted(one for one in added if lines[one - 1] and not lines[one - 1].startswith("#"))
    return {one: parser.first_line(one) for one in code}


def _counts(
    statements: Mapping[str, Mapping[int, int]], files: Mapping[str, Any]
) -> tuple[int, int]:
    run = missed = 0
    for name, firsts in statements.items():
        file = files[name]
        code = {*firsts.values()} & {*file["executed_lines"], *file["missing_lines"]}
        wrong = len(code & not_run(file))
        run, missed = run + len(code) - wrong, missed + wrong
    return run, missed


def _uncovered(
    statements: Mapping[str, Mapping[int, int]], files: Mapping[str, Any]
) -> Iterator[Finding]:
    for name, firsts in statements.items():
        untested = not_run(files[name])
        missed = [line for line, first in firsts.items() if first in untested]
        if missed:
            message = f"no test runs all of what the change adds in lines {ranges(missed)}"
            hint = "write a test that runs them and would notice a change, or leave them out"
            yield UNCOVERED.finding(Location(name, missed[0]), message, hint)


GATE = Gate(
    name="changed-coverage",
    summary="Tests run the lines that the change adds.",
    reason="A project with little coverage cannot ask for all of it, but it can ask that what is "
    "new is tested. A changed file that was not measured is a finding and no pass.",
    check=check,
    rules=(UNCOVERED, UNMEASURED),
    options=Options,
    after=("tests",),
    reads_changes=True,
)
