"""A run as one HTML page that needs nothing else, as a summary in markdown, and on a terminal."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quality_harness.load import charts, tables

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin-bottom: 1rem }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left }
svg { max-width: 100%; height: auto; font: 11px system-ui, sans-serif }
.verdict { padding: .6rem 1rem; border-radius: .4rem; color: #fff; font-weight: 600 }
.pass { background: #047857 } .fail { background: #b91c1c } .could-not-run { background: #92400e }
.broken { color: #b91c1c; font-weight: 600 }
"""


def to_html(document: Mapping[str, Any]) -> str:
    """Return the page."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><title>Load run</title>',
        f"<style>{STYLE}</style></head><body>",
        f"<h1>Load run: {escape(document['scenario'])}</h1>",
        f'<p class="verdict {escape(document["verdict"])}">{escape(headline(document))}</p>',
        *(f'<p class="broken">{escape(problem)}</p>' for problem in document["doubts"]),
        f"<p>{escape(description(document))}</p>",
        *_charts(document),
        *(
            f"<h2>{title}</h2>{_html_table(head, rows)}"
            for title, (head, rows) in tables.titled(document)
        ),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _charts(document: Mapping[str, Any]) -> list[str]:
    timeline = document["timeline"]
    seconds = [row["second"] for row in timeline]
    parts = []
    if timeline:
        latency = {name: [row[f"{name}_ms"] for row in timeline] for name in ("p50", "p95", "p99")}
        throughput = {name: [row[name] for row in timeline] for name in ("requests", "failures")}
        parts += [
            "<h2>Latency over time</h2>" + charts.lines(seconds, latency, "milliseconds"),
            "<h2>Throughput over time</h2>" + charts.lines(seconds, throughput, "each second"),
            "<h2>Percentiles</h2>"
            + charts.bars(
                {
                    f"p{name}": value
                    for name, value in document["overall"]["percentiles_ms"].items()
                },
                "ms",
            ),
            "<h2>Statuses</h2>" + charts.bars(document["overall"]["statuses"], "answers"),
        ]
    if document["invariants"]:
        broken = {name: row["broken"] for name, row in document["invariants"].items()}
        parts.append("<h2>Invariants broken</h2>" + charts.bars(broken, "times"))
    if document.get("comparison"):
        rows = [
            (row["name"], row["low"], row["ratio"], row["high"]) for row in document["comparison"]
        ]
        parts.append("<h2>B against A</h2>" + charts.intervals(rows))
    return parts


def _html_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>"]
    for row in rows:
        mark = ' class="broken"' if row[-1] in ("NO", "slower") else ""
        lines.append(f"<tr{mark}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>")
    return "<table>" + "\n".join(lines) + "</table>"


def to_markdown(document: Mapping[str, Any]) -> str:
    """Return the summary that CI shows."""
    parts = [f"## Load: {headline(document)}", ""]
    parts += [f"- {_plain_line(problem)}" for problem in document["doubts"]]
    parts += ["", description(document), ""]
    for title, (head, rows) in tables.titled(document):
        parts += [f"### {title}", "", _row(head), _row(["---", *["---:"] * (len(head) - 1)])]
        parts += [*map(_row, rows), ""]
    return "\n".join(parts)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_plain_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain_line(text: str) -> str:
    return " ".join(text.split())


def show(document: Mapping[str, Any], console: Console) -> None:
    """Print the tables and the verdict."""
    for title, (head, rows) in tables.titled(document):
        table = Table(title=title)
        for place, column in enumerate(head):
            table.add_column(
                column, justify="right" if place else "left", overflow="fold", no_wrap=not place
            )
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    for problem in document["doubts"]:
        console.print(Text(problem))
    console.print(Text(f"load: {headline(document)}"))


def headline(document: Mapping[str, Any]) -> str:
    """Return the verdict in a few words."""
    rows = document.get("budgets", ())
    broken = sum(not row["holds"] for row in rows)
    kept = f"{len(rows) - broken} of {len(rows)} budgets kept" if rows else ""
    slower = [row["name"] for row in document.get("comparison", ()) if row["word"] == "slower"]
    told = [kept, f"slower: {', '.join(slower)}" if slower else ""]
    partial = "" if document["complete"] else "partial"
    return ", ".join(filter(None, [document["verdict"], partial, *told]))


def description(document: Mapping[str, Any]) -> str:
    """Return what was run, in a sentence."""
    used = document["generator"]["busiest"]
    busy = "unknown" if used is None else f"{used:.0%} of a core"
    return (
        f"{document['scenario']} against {document['host'] or 'no host'} at {document['began']}, "
        f"{document['seconds']:.0f} of {document['asked_seconds']:.0f} s, "
        f"{len(document['processes'])} generating processes (the busiest: {busy}), "
        f"{document['machine']}."
    )
