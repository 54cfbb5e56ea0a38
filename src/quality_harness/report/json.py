"""One JSON document."""

import json
from typing import Any

from quality_harness.finding import Finding
from quality_harness.gate import Report, Result, Verdict


def render(report: Report) -> str:
    """Return the report as one JSON document; docs/reports.md describes its keys."""
    document = {
        "verdict": report.verdict,
        "base": report.base,
        "checked": sum(result.checked for result in report.results),
        "gates": [_result(result, report.prefix) for result in report.results],
        "findings": [_finding(finding, report.prefix) for finding in report.findings],
    }
    return json.dumps(document, indent=2)


def render_problem(problem: str) -> str:
    """Return the document of a run that ended before any gate ran."""
    document = {
        "verdict": Verdict.COULD_NOT_RUN,
        "problem": problem,
        "checked": 0,
        "gates": [],
        "findings": [],
    }
    return json.dumps(document, indent=2)


def _result(result: Result, prefix: str) -> dict[str, Any]:
    return {
        "name": result.gate,
        "verdict": result.verdict,
        "seconds": round(result.seconds, 3),
        "checked": result.checked,
        "unit": result.unit,
        "note": result.note,
        "findings": [_finding(finding, prefix) for finding in result.findings],
    }


def _finding(finding: Finding, prefix: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity,
        "path": f"{prefix}{finding.location.path}",
        "line": finding.location.line,
        "column": finding.location.column,
        "message": finding.message,
        "hint": finding.hint,
        "gate": finding.gate,
        "suppressed": finding.suppressed,
        **({"proof": finding.proof} if finding.proof else {}),
    }
