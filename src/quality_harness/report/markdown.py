"""Markdown for the summary of a CI run or a comment on a pull request."""

import re
from collections.abc import Iterator

from quality_harness.finding import Finding
from quality_harness.gate import Report, Result, Verdict

# GitHub refuses a summary of more than a megabyte, whole.
MOST_FINDINGS = 500

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def render(report: Report) -> str:
    """Return the verdict, a table of the gates, and the findings that nobody accepted."""
    return "\n".join([*_head(report), *_table(report), *_problems(report)])


def render_problem(problem: str) -> str:
    """Return the text of a run that ended before any gate ran."""
    return f"## Quality gates: {Verdict.COULD_NOT_RUN}\n\n{_plain(problem)}"


def _head(report: Report) -> Iterator[str]:
    yield f"## Quality gates: {report.verdict}"
    yield ""
    if report.base:
        yield f"New is what differs from the base ({_plain(report.base)})."
        yield ""


def _table(report: Report) -> Iterator[str]:
    yield "| verdict | gate | time | checked | to mend | accepted |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for result in report.results:
        accepted = sum(finding.suppressed is not None for finding in result.findings)
        cells = (
            str(result.verdict),
            _plain(result.gate),
            f"{result.seconds:.1f} s",
            f"{result.checked} {_plain(result.unit)}".strip(),
            str(len(result.counted)),
            str(accepted),
        )
        yield f"| {' | '.join(cells)} |"


def _problems(report: Report) -> Iterator[str]:
    left = MOST_FINDINGS
    for result in report.results:
        shown = [finding for finding in result.findings if finding.suppressed is None]
        if shown or result.verdict is Verdict.COULD_NOT_RUN:
            yield from ("", f"### {_plain(result.gate)}", "")
        yield from _stopped(result)
        yield from (_finding(finding, report.prefix) for finding in shown[:left])
        if len(shown) > left:
            yield from ("", f"{len(shown) - left} more stand in the log of this step.")
        left -= min(left, len(shown))


def _stopped(result: Result) -> Iterator[str]:
    if result.verdict is Verdict.COULD_NOT_RUN:
        yield f"Could not run: {_plain(result.note)}"
        if result.findings:
            yield ""


def _finding(finding: Finding, prefix: str) -> str:
    place = f"{prefix}{finding.location.path}"
    if finding.location.line:
        place += f":{finding.location.line}"
    text = f"{_plain(finding.message.rstrip('.'))}. {_plain(finding.hint)}"
    return f"- {_code(place)} **{finding.code}** ({finding.severity}) {text}"


def _code(text: str) -> str:
    """Return a text as code; a backtick in it takes two around."""
    text = text.replace("\n", " ").replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
