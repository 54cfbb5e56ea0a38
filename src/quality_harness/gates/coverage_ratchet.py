"""Gate `coverage-ratchet`: coverage, as a committed file has it, only rises."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quality_harness.changes import file_on
from quality_harness.configuration import own_table, tools_on_base
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates.coverage import not_run, percent_of, ranges, read_report, refuse_stale
from quality_harness.tool import COVERAGE_DATA

FELL = Rule(
    code="RAT001",
    name="coverage-fell",
    summary="Coverage is lower than the committed figure.",
    reason="A change that is tested less than the code around it makes the whole worse.",
    instead="Test what the change adds, until the figure is reached again.",
    bad='coverage-ratchet.json: {"percent": 71.4}\nmeasured: 70.9',
    good='coverage-ratchet.json: {"percent": 71.4}\nmeasured: 71.6',
)
LOWERED = Rule(
    code="RAT002",
    name="lowered-ratchet",
    summary="The change lowers the committed figure.",
    reason="A ratchet that is let down when it would hold does not hold anything.",
    instead="Put the base's figure back.",
    bad='-{"percent": 71.4}\n+{"percent": 65.0}',
    good='-{"percent": 71.4}\n+{"percent": 71.6}',
)
# A hint is read in one line; `coverage report -m` has all.
MOST_FILES = 3
MOST_RANGES = 8


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.coverage_ratchet]`.

    Attributes:
        file: the committed figure: JSON, `{"percent": 71.4}`.
        tolerance: how many points a measurement may be lower: some tests take other branches
            from run to run. It is never subtracted from the base's figure.
        sources: folders that the figure is about; by default all that was measured.
        data_file: what `coverage run` wrote.
    """

    file: str = "coverage-ratchet.json"
    tolerance: float = 0.05
    sources: tuple[str, ...] = ()
    data_file: str = COVERAGE_DATA


def check(project: Project) -> Checked:
    """Compare what was measured with the committed figure, and that with the base's."""
    options: Options = project.options
    if not 0 <= options.tolerance < 5:
        raise CouldNotRun(f"tolerance is a number of points below 5, not {options.tolerance}.")
    report = read_report(project, options)
    refuse_stale(project, options, report["files"])
    if not report["totals"]["num_statements"]:
        raise CouldNotRun(f"the coverage data in {options.data_file} is empty. Run the tests.")
    measured = percent_of(report["totals"])
    held = _held(project, measured)
    findings: list[Finding] = []
    place = Location(options.file)
    if measured < held - options.tolerance:
        message = f"coverage is {measured:.2f}%, and {options.file} holds it at {held:g}%"
        hint = f"test what the change adds; no test runs all of {_where(project, report['files'])}"
        findings.append(FELL.finding(place, message, hint))
    earlier = _on_base(project)
    if earlier is not None and held < earlier:
        message = f"{options.file} says {held:g}%, and that of the base {earlier:g}%"
        findings.append(LOWERED.finding(place, message, f"put it back: {row_of(earlier)}"))
    kind = "with branches" if report["meta"]["branch_coverage"] else "of lines"
    note = f"{measured:.2f}% {kind}, held at {held:g}%"
    if measured > held + options.tolerance:
        note += f"; it can rise: {row_of(measured)}"
    return Checked(tuple(findings), len(report["files"]), "files", note)


def row_of(percent: float) -> str:
    """Return what the file holds for a percentage, cut off rather than rounded up."""
    return json.dumps({"percent": int(percent * 100) / 100})


def _where(project: Project, files: Mapping[str, Any]) -> str:
    """Return the files with the most lines that no test runs; of the change's, where it has any."""
    missed = {name: lines for name, file in files.items() if (lines := not_run(file))}
    changed = missed.keys() & project.changes.kinds.keys()
    worst = sorted(changed or missed, key=lambda name: (-len(missed[name]), name))
    named = [f"{name} ({_some_lines(missed[name])})" for name in worst[:MOST_FILES]]
    return ", ".join(named)


def _some_lines(lines: Iterable[int]) -> str:
    first, more = ranges(sorted(lines)).split(", "), ""
    if len(first) > MOST_RANGES:
        more = f" and {len(first) - MOST_RANGES} more"
    return f"lines {', '.join(first[:MOST_RANGES])}{more}"


def _held(project: Project, measured: float) -> float:
    name = project.options.file
    try:
        return _percent((project.root / name).read_bytes(), name)
    except FileNotFoundError:
        raise CouldNotRun(f"There is no {name}. Commit one that says {row_of(measured)}") from None


def _on_base(project: Project) -> float | None:
    base = project.changes.base
    if base is None:
        return None
    # The file may have another name on the base: a lower figure under a new name is lower, too.
    table = own_table(tools_on_base(project)).get("coverage_ratchet", {})
    name = str(table.get("file", Options().file))
    data = file_on(project.root, base, name)
    return None if data is None else _percent(data, f"{name} of the base")


def _percent(data: bytes, name: str) -> float:
    try:
        percent = json.loads(data)["percent"]
        if isinstance(percent, (int, float)) and 0 <= percent <= 100:
            return float(percent)
        problem = f"its percent is {percent!r}"
    except (ValueError, TypeError, KeyError) as error:
        problem = f"{type(error).__name__}: {error}"
    raise CouldNotRun(f'{name} cannot be read: {problem}. Write it as {{"percent": 71.4}}')


GATE = Gate(
    name="coverage-ratchet",
    summary="Coverage, as a committed file has it, only rises.",
    reason="A project that cannot reach a threshold today can still refuse to get worse. The "
    "figure stands in the repository, so a change that lowers it is seen, and refused.",
    check=check,
    rules=(FELL, LOWERED),
    options=Options,
    after=("tests",),
    reads_changes=True,
)
