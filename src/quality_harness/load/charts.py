"""Charts as SVG text that stands inside of a page: no script, no file beside it."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 28
COLOURS = ("#2563eb", "#d97706", "#dc2626", "#059669")
LINES = 4


def lines(seconds: Sequence[float], series: Mapping[str, Sequence[float]], unit: str) -> str:
    """Return lines over time.

    Args:
        seconds: where the values stand.
        series: the values, by the name in the legend.
        unit: what the values are in.
    """
    top = _round_up(max((max(values) for values in series.values() if values), default=0.0))
    last = max(seconds, default=0.0) or 1.0
    parts = [_grid(top, unit, f"{last:g} s")]
    for place, (name, values) in enumerate(series.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = " ".join(
            f"{_across(second / last):.1f},{_down(value / top):.1f}"
            for second, value in zip(seconds, values, strict=True)
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
            f'<text x="{LEFT + 8 + place * 110}" y="{TOP + 10}" fill="{colour}">'
            f"{escape(name)}</text>"
        )
    return _svg("".join(parts), HEIGHT)


def bars(values: Mapping[str, float], unit: str) -> str:
    """Return one bar a row."""
    top = max(values.values(), default=0.0) or 1.0
    parts = []
    for place, (name, value) in enumerate(values.items()):
        y = place * 22
        width = value / top * (WIDTH - 320)
        parts.append(
            f'<text x="210" y="{y + 15}" text-anchor="end">{escape(name[-32:])}</text>'
            f'<rect x="216" y="{y + 4}" width="{width:.1f}" height="14" fill="{COLOURS[0]}"/>'
            f'<text x="{220 + width:.1f}" y="{y + 15}">{value:g} {escape(unit)}</text>'
        )
    return _svg("".join(parts), max(22, len(values) * 22))


def intervals(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """Return an interval a row around the line of no difference: name, low, middle, high."""
    reach = max((max(high - 1, 1 - low) for _, low, _, high in rows), default=0.1)
    reach = min(max(reach, 0.1), 1.0)

    def x(ratio: float) -> float:
        return 470 + max(-1.0, min(1.0, (ratio - 1) / reach)) * 230

    height = 22 * len(rows) + 20
    parts = [f'<line x1="470" x2="470" y1="0" y2="{height - 18}" stroke="#888"/>']
    for place, (name, low, middle, high) in enumerate(rows):
        y = place * 22 + 11
        parts.append(
            f'<text x="230" y="{y + 4}" text-anchor="end">{escape(name[-36:])}</text>'
            f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y}" y2="{y}" '
            f'stroke="{COLOURS[0]}" stroke-width="2"/>'
            f'<circle cx="{x(middle):.1f}" cy="{y}" r="4" fill="{COLOURS[0]}"/>'
        )
    for ratio in (1 - reach, 1.0, 1 + reach):
        parts.append(
            f'<text x="{x(ratio):.1f}" y="{height - 4}" text-anchor="middle">{ratio:.2f}</text>'
        )
    return _svg("".join(parts), height)


def _grid(top: float, unit: str, end: str) -> str:
    parts = []
    for line in range(LINES + 1):
        y = _down(line / LINES)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{top * line / LINES:g}</text>'
        )
    return (
        "".join(parts)
        + f'<text x="{LEFT}" y="{HEIGHT - 6}">0 s</text>'
        + f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{end}</text>'
        + f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(unit)}</text>'
    )


def _across(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _down(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """Return a round figure that is not below the value and above zero."""
    if value <= 0:
        return 1.0
    step = 10.0 ** math.ceil(math.log10(value))
    return next(step * part for part in (0.2, 0.4, 0.5, 0.8, 1) if step * part >= value * 0.999999)


def _svg(content: str, height: int) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" width="{WIDTH}">{content}</svg>'
