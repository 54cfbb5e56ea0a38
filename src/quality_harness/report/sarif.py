"""SARIF 2.1.0, which code scanning services read."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.gate import Report, Verdict

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"


def render(report: Report) -> str:
    """Return one run; suppressed findings are in it, with the reason."""
    stopped = [
        f"{result.gate} could not run: {result.note}"
        for result in report.results
        if result.verdict is Verdict.COULD_NOT_RUN
    ]
    return _document(stopped, report.findings, report.rules, report.prefix)


def render_problem(problem: str) -> str:
    """Return the document of a run that ended before any gate ran."""
    return _document([problem], (), (), "")


def _document(
    problems: list[str], findings: Iterable[Finding], rules: Iterable[Rule], prefix: str
) -> str:
    findings = tuple(findings)
    known = {rule.code: rule for rule in rules}
    codes = {code: index for index, code in enumerate(sorted({one.code for one in findings}))}
    driver = {
        "name": "quality-harness",
        "version": version("django-quality-harness"),
        "rules": [_rule(code, known.get(code)) for code in codes],
    }
    invocation: dict[str, Any] = {"executionSuccessful": not problems}
    if problems:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": problem}} for problem in problems
        ]
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes[one.code], prefix) for one in findings],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2)


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    """Return what is known of a rule; of an outside tool's that is its code."""
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.reason},
        "help": {"text": rule.instead, "markdown": "\n".join(_help(rule))},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _help(rule: Rule) -> Iterator[str]:
    yield from (rule.reason, "", rule.instead, "")
    yield from ("A finding:", "", "```python", rule.bad.rstrip("\n"), "```", "")
    yield from ("No finding:", "", "```python", rule.good.rstrip("\n"), "```")


def _result(finding: Finding, rule: int, prefix: str) -> dict[str, Any]:
    result = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message.rstrip('.')}. {finding.hint}"},
        "locations": [{"physicalLocation": _place(finding.location, prefix)}],
        "partialFingerprints": {"findingSubject/v1": _fingerprint(finding)},
        "properties": {"gate": finding.gate},
    }
    if finding.suppressed is not None:
        kind = "external" if finding.in_baseline else "inSource"
        result["suppressions"] = [{"kind": kind, "justification": finding.suppressed}]
    return result


def _place(location: Location, prefix: str) -> dict[str, Any]:
    place: dict[str, Any] = {
        "artifactLocation": {"uri": quote(f"{prefix}{location.path}"), "uriBaseId": _ROOT}
    }
    if location.line:
        place["region"] = {"startLine": location.line}
        if location.column:
            place["region"]["startColumn"] = location.column
    return place


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same where code moves, so that a service knows the finding again."""
    words = (
        finding.gate,
        finding.code,
        finding.subject or f"{finding.location.path} {finding.message}",
    )
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()
