"""The report for people: a row a gate, then the findings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from quality_harness.finding import Finding, Location, Severity
from quality_harness.gate import Report, Result, Verdict

# As terminals count them (SGR).
_BOLD, _DIM = "1", "2"
_VERDICTS = {Verdict.PASS: "32", Verdict.FAIL: "1;31", Verdict.COULD_NOT_RUN: "1;35"}
_SEVERITIES = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "34"}
_HEADINGS = ("verdict", "gate", "time", "checked", "")
_Styled = Callable[[str, str], str]
_Proofs = Mapping[tuple[str, Location, str], str]


def render(report: Report, *, colour: bool = False) -> str:
    """Return the report as text.

    Args:
        report: what to show.
        colour: whether to add the terminal's colours.
    """
    styled = _coloured if colour else _plain
    # Lines are never wrapped or cut: a path that is broken in two cannot be clicked or copied.
    twice = _told_twice(report)
    parts = [
        *_table(report, twice, styled),
        *_problems(report, twice, styled),
        _conclusion(report, twice, styled),
    ]
    return "\n".join(line.rstrip() for part in parts for line in part.split("\n"))


def _coloured(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


def _plain(text: str, style: str) -> str:
    return text


def _told_twice(report: Report) -> _Proofs:
    """Return what the probe made of findings that another gate of the run shows as well.

    They are shown there, with that word; the gate `prove` has them, too, for its verdict.
    """
    open_ones = [finding for finding in report.findings if finding.suppressed is None]
    first = {_key(finding) for finding in open_ones if not finding.proof}
    tried = {_key(finding): finding.proof for finding in open_ones if finding.proof}
    return {key: proof for key, proof in tried.items() if key in first}


def _key(finding: Finding) -> tuple[str, Location, str]:
    return finding.code, finding.location, finding.message


def _to_mend(result: Result, twice: _Proofs) -> tuple[int, int]:
    """Return how many findings to mend a gate shows, and how many another one does."""
    repeated = sum(_is_repeated(finding, twice) for finding in result.counted)
    return len(result.counted) - repeated, repeated


def _is_repeated(finding: Finding, twice: _Proofs) -> bool:
    return bool(finding.proof) and _key(finding) in twice


def _table(report: Report, twice: _Proofs, styled: _Styled) -> Iterator[str]:
    rows = [
        (
            str(result.verdict),
            result.gate,
            f"{result.seconds:.1f} s",
            f"{result.checked} {result.unit}".strip(),
            _note(result, twice),
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


def _note(result: Result, twice: _Proofs) -> str:
    # What stopped a gate is a sentence of its own, below the table.
    parts = [] if result.verdict is Verdict.COULD_NOT_RUN or not result.note else [result.note]
    accepted = sum(finding.suppressed is not None for finding in result.findings)
    own, repeated = _to_mend(result, twice)
    told = [f"{own} to mend"] if own else []
    told += [f"{repeated} to mend under another gate"] if repeated else []
    parts = told + parts
    if accepted:
        parts.append(f"{accepted} accepted")
    return ", ".join(parts)


def _problems(report: Report, twice: _Proofs, styled: _Styled) -> Iterator[str]:
    for result in report.results:
        shown = [
            finding
            for finding in result.findings
            if finding.suppressed is None and not _is_repeated(finding, twice)
        ]
        if result.verdict is Verdict.COULD_NOT_RUN:
            head = styled(f"{result.gate} could not run: ", _VERDICTS[Verdict.COULD_NOT_RUN])
            yield f"\n{head}{result.note}"
        elif shown:
            yield "\n" + styled(result.gate, _BOLD)
        for finding, following in zip_longest(shown, shown[1:]):
            yield _finding(finding, twice.get(_key(finding)) or finding.proof, styled)
            # One command that mends several is said once, below the last of them.
            if following is None or following.hint != finding.hint:
                yield f"    {styled(finding.hint, _DIM)}"


def _finding(finding: Finding, proof: str | None, styled: _Styled) -> str:
    place = finding.location.path
    if finding.location.line:
        place += f":{finding.location.line}"
    if finding.location.column:
        place += f":{finding.location.column}"
    code = styled(finding.code, _SEVERITIES[finding.severity])
    # A pipe has no colours, and what is not to be mended must not look as if it were.
    if finding.severity is not Severity.ERROR:
        code += f" ({finding.severity})"
    # What only informs is nothing that a probe would have to show.
    is_idle = proof == "unproved" and finding.severity is Severity.INFO
    word = f"[{proof}] " if proof and not is_idle else ""
    return f"  {place} {code} {word}{finding.message}"


def _conclusion(report: Report, twice: _Proofs, styled: _Styled) -> str:
    counted = sum(_to_mend(result, twice)[0] for result in report.results)
    stopped = sum(result.verdict is Verdict.COULD_NOT_RUN for result in report.results)
    words = {
        Verdict.PASS: f"gates passed: {len(report.results)}",
        Verdict.FAIL: f"{counted} to mend",
        Verdict.COULD_NOT_RUN: f"{stopped} could not run, {counted} to mend",
    }
    base = f"; new is what differs from the base ({report.base})" if report.base else ""
    verdict = styled(str(report.verdict), _VERDICTS[report.verdict])
    return f"\n{verdict}: {words[report.verdict]}{base}"
