"""The tables of a report, as rows of text that a page, a summary and a terminal share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Rows = tuple[Sequence[str], list[Sequence[str]]]


def endpoints(document: Mapping[str, Any]) -> Rows:
    """Return what was measured, by endpoint."""
    head = ("endpoint", "requests", "per s", "failed", "p50 ms", "p95 ms", "p99 ms", "max ms")
    rows = {**document["endpoints"], "all": document["overall"]}
    return head, [
        (
            name,
            str(row["requests"]),
            figure(row["rate"]),
            str(row["failures"]),
            *(figure(row["percentiles_ms"].get(percent)) for percent in ("50", "95", "99")),
            figure(row["max_ms"]),
        )
        for name, row in rows.items()
    ]


def budgets(document: Mapping[str, Any]) -> Rows:
    """Return the budgets and what became of them."""
    return ("budget", "metric", "limit", "measured", "kept"), [
        (
            row["place"],
            row["metric"],
            f"{row['side']} {figure(row['limit'])}",
            figure(row["measured"]),
            "yes" if row["holds"] else "NO",
        )
        for row in document.get("budgets", ())
    ]


def invariants(document: Mapping[str, Any]) -> Rows:
    """Return the invariants."""
    return ("invariant", "checks", "broken", "examples"), [
        (name, str(row["checks"]), str(row["broken"]), "; ".join(row["examples"]))
        for name, row in document["invariants"].items()
    ]


def arrivals(document: Mapping[str, Any]) -> Rows:
    """Return the open arrivals."""
    head = ("visitors", "due", "late", "dropped", "unfinished")
    return head, [
        (name, *(str(row[word]) for word in head[1:])) for name, row in document["arrivals"].items()
    ]


def comparison(document: Mapping[str, Any]) -> Rows:
    """Return what a comparison has shown."""
    return ("B against A", "A ms", "B ms", "ratio", "interval", "B is"), [
        (
            row["name"],
            figure(row["a_ms"]),
            figure(row["b_ms"]),
            f"{row['ratio']:.3f}",
            f"{row['low']:.3f} to {row['high']:.3f}",
            row["word"],
        )
        for row in document.get("comparison", ())
    ]


def titled(document: Mapping[str, Any]) -> Iterable[tuple[str, Rows]]:
    """Yield the tables that have rows, each with its title."""
    makers = {
        "Budgets": budgets,
        "Comparison": comparison,
        "Endpoints": endpoints,
        "Invariants": invariants,
        "Open arrivals": arrivals,
    }
    for title, make in makers.items():
        rows = make(document)
        if rows[1]:
            yield title, rows


def figure(value: float | None) -> str:
    """Return a figure to four places, or a dash."""
    return "–" if value is None else f"{value:.4g}" if abs(value) < 10000 else f"{value:.0f}"
