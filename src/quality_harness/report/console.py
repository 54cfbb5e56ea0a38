"""The report for people: a row a gate, then the findings."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from quality_harness.finding import Finding, Severity
from quality_harness.gate import Report, Result, Verdict

# As terminals count them (SGR).
_BOLD, _DIM = "1", "2"
_VERDICTS = {Verdict.PASS: "32", Verdict.FAIL: "1;31", Verdict.COULD_NOT_RUN: "1;35"}
_SEVERITIES = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "34"}
_HEADINGS = ("verdict", "gate", "time", "checked", "")
_Styled = Callable[[str, str], str]


def render(report: Report, *, colour: bool = False) -> str:
    """Return the report as text.

    Args:
        report: what to show.
        colour: whether to add the terminal's colours.
    """
    styled = _coloured if colour else _plain
    # Lines are never wrapped or cut: a path that is broken in two cannot be clicked or copied.
    parts = [*_table(report, styled), *_problems(report, styled), _conclusion(report, styled)]
    return "\n".join(line.rstrip() for part in parts for line in part.split("\n"))


def _coloured(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


def _plain(text: str, style: str) -> str:
    return text


def _table(report: Report, styled: _Styled) -> Iterator[str]:
    rows = [
        (
            str(result.verdict),
            result.gate,
            f"{result.seconds:.1f} s",
            f"{result.checked} {result.unit}".strip(),
            _note(result),
        )
        for result in report.results
    ]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    yield styled(_row(_HEADINGS, widths), _BOLD)
    for result, row in zip(report.results, rows, strict=True):
        line = _row(row, widths)
        yield styled(row[0], _VERDICTS[result.verdict]) + line[len(row[0]) :]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    verdict, gate, time, checked, note = cells
    return (
        f"{verdict:<{widths[0]}}  {gate:<{widths[1]}}  {time:>{widths[2]}}  "
        f"{checked:>{widths[3]}}  {note}"
    ).rstrip()


def _note(result: Result) -> str:
    # What stopped a gate is a sentence of its own, below the table.
    parts = [] if result.verdict is Verdict.COULD_NOT_RUN or not result.note else [result.note]
    accepted = sum(finding.suppressed is not None for finding in result.findings)
    if result.counted:
        parts.insert(0, f"{len(result.counted)} to mend")
    if accepted:
        parts.append(f"{accepted} accepted")
    return ", ".join(parts)


def _problems(report: Report, styled: _Styled) -> Iterator[str]:
    for result in report.results:
        shown = [finding for finding in result.findings if finding.suppressed is None]
        if result.verdict is Verdict.COULD_NOT_RUN:
            head = styled(f"{result.gate} could not run: ", _VERDICTS[Verdict.COULD_NOT_RUN])
            yield f"\n{head}{result.note}"
        elif shown:
            yield "\n" + styled(result.gate, _BOLD)
        for finding, following in zip_longest(shown, shown[1:]):
            yield _finding(finding, styled)
            # One command that mends several is said once, below the last of them.
            if following is None or following.hint != finding.hint:
                yield f"    {styled(finding.hint, _DIM)}"


def _finding(finding: Finding, styled: _Styled) -> str:
    place = finding.location.path
    if finding.location.line:
        place += f":{finding.location.line}"
    if finding.location.column:
        place += f":{finding.location.column}"
    code = styled(finding.code, _SEVERITIES[finding.severity])
    # A pipe has no colours, and what is not to be mended must not look as if it were.
    if finding.severity is not Severity.ERROR:
        code += f" ({finding.severity})"
    proof = f"[{finding.proof}] " if finding.proof else ""
    return f"  {place} {code} {proof}{finding.message}"


def _conclusion(report: Report, styled: _Styled) -> str:
    counted = sum(len(result.counted) for result in report.results)
    stopped = sum(result.verdict is Verdict.COULD_NOT_RUN for result in report.results)
    words = {
        Verdict.PASS: f"gates passed: {len(report.results)}",
        Verdict.FAIL: f"{counted} to mend",
        Verdict.COULD_NOT_RUN: f"{stopped} could not run, {counted} to mend",
    }
    base = f"; new is what differs from the base ({report.base})" if report.base else ""
    verdict = styled(str(report.verdict), _VERDICTS[report.verdict])
    return f"\n{verdict}: {words[report.verdict]}{base}"
