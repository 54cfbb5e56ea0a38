"""The report for people: a row a gate, then the findings."""

import io
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quality_harness.finding import Finding, Severity
from quality_harness.gate import Report, Result, Verdict

STYLES = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.COULD_NOT_RUN: "bold magenta"}
_SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def render(report: Report, *, colour: bool = False) -> str:
    """Return the report as text.

    Args:
        report: what to show.
        colour: whether to add the terminal's colours.
    """
    # Lines are never wrapped or cut: a path that is broken in two cannot be clicked or copied.
    console = Console(
        file=io.StringIO(), force_terminal=colour, no_color=not colour, width=1000, highlight=False
    )
    console.print(_table(report))
    for text in _problems(report):
        console.print(text, soft_wrap=True)
    console.print(_conclusion(report), soft_wrap=True)
    output = console.file
    assert isinstance(output, io.StringIO)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines())


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("verdict", "gate"):
        table.add_column(heading)
    for heading in ("time", "checked"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for result in report.results:
        table.add_row(
            Text(result.verdict, style=STYLES[result.verdict]),
            result.gate,
            f"{result.seconds:.1f} s",
            f"{result.checked} {result.unit}".strip(),
            Text(_note(result)),
        )
    return table


def _note(result: Result) -> str:
    # What stopped a gate is a sentence of its own, below the table.
    parts = [] if result.verdict is Verdict.COULD_NOT_RUN or not result.note else [result.note]
    accepted = sum(finding.suppressed is not None for finding in result.findings)
    if result.counted:
        parts.insert(0, f"{len(result.counted)} to mend")
    if accepted:
        parts.append(f"{accepted} accepted")
    return ", ".join(parts)


def _problems(report: Report) -> Iterator[Text]:
    for result in report.results:
        shown = [finding for finding in result.findings if finding.suppressed is None]
        if result.verdict is Verdict.COULD_NOT_RUN:
            style = STYLES[Verdict.COULD_NOT_RUN]
            yield Text.assemble("\n", (f"{result.gate} could not run: ", style), result.note)
        elif shown:
            yield Text(f"\n{result.gate}", style="bold")
        yield from map(_finding, shown)


def _finding(finding: Finding) -> Text:
    place = finding.location.path
    if finding.location.line:
        place += f":{finding.location.line}"
    if finding.location.column:
        place += f":{finding.location.column}"
    return Text.assemble(
        f"  {place} ",
        (finding.code, _SEVERITIES[finding.severity]),
        f" {f'[{finding.proof}] ' if finding.proof else ''}{finding.message}\n    ",
        (finding.hint, "dim"),
    )


def _conclusion(report: Report) -> Text:
    counted = sum(len(result.counted) for result in report.results)
    stopped = sum(result.verdict is Verdict.COULD_NOT_RUN for result in report.results)
    words = {
        Verdict.PASS: f"gates passed: {len(report.results)}",
        Verdict.FAIL: f"{counted} to mend",
        Verdict.COULD_NOT_RUN: f"{stopped} could not run, {counted} to mend",
    }
    text = Text.assemble("\n", (report.verdict, STYLES[report.verdict]), ": ")
    text.append(words[report.verdict])
    if report.base:
        text.append(f"; new is what differs from the base ({report.base})")
    return text
