"""Annotations for GitHub Actions.

Workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator
from pathlib import Path

from quality_harness.finding import Finding, Severity
from quality_harness.gate import Report, Verdict
from quality_harness.report import markdown

# GitHub shows ten error annotations a step and drops the others without a word.
MOST_ANNOTATIONS = 10

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Return one workflow command a finding, and a line for each gate.

    Changed lines come first, where GitHub shows what is said of them, and of those the errors.
    """
    return "\n".join([*_annotations(report), *_summary(report)])


def append_summary(report: Report, path: Path) -> None:
    """Append the whole report to the job's summary, the file that GITHUB_STEP_SUMMARY names.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{markdown.render(report)}\n")


def render_problem(problem: str) -> str:
    """Return the annotation of a run that ended before any gate ran."""
    return f"::error title=quality-harness::{_escape(problem)}"


def _annotations(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.verdict is Verdict.COULD_NOT_RUN:
            yield f"::error title={_property(result.gate)} could not run::{_escape(result.note)}"
    open_findings = [finding for finding in report.findings if finding.suppressed is None]
    open_findings.sort(
        key=lambda finding: (
            (finding.location.path, finding.location.line) not in report.changed,
            list(Severity).index(finding.severity),
        )
    )
    for finding in open_findings[:MOST_ANNOTATIONS]:
        yield _annotation(finding, report.prefix)
    more = len(open_findings) - MOST_ANNOTATIONS
    if more > 0:
        yield f"::notice title=quality-harness::{more} more findings are in the summary and the log"
        for finding in open_findings[MOST_ANNOTATIONS:]:
            place = f"{report.prefix}{finding.location.path}:{finding.location.line}:"
            severity = "" if finding.severity is Severity.ERROR else f"({finding.severity}) "
            yield f"{place} {finding.code} {severity}{finding.message} ({finding.hint})"


def _annotation(finding: Finding, prefix: str) -> str:
    location = finding.location
    properties = [f"file={_property(prefix + location.path)}"]
    if location.line:
        properties.append(f"line={location.line}")
    if location.column:
        properties.append(f"col={location.column}")
    properties.append(f"title={_property(f'{finding.gate} {finding.code}')}")
    text = _escape(f"{finding.message.rstrip('.')}. {finding.hint}")
    return f"::{_LEVELS[finding.severity]} {','.join(properties)}::{text}"


def _summary(report: Report) -> Iterator[str]:
    for result in report.results:
        yield f"{result.verdict}: {result.gate} ({result.checked} {result.unit})"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
