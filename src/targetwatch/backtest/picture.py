"""A picture of calibration, drawn by hand: how often goals were attained, against what had been said."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targetwatch.backtest.run import Bin, Result

SIZE, LEFT, TOP = 320, 52, 40
WIDTH, HEIGHT = LEFT + SIZE + 20, TOP + SIZE + 48
LARGEST, SMALLEST = 11.0, 2.5
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def calibration_svg(result: Result) -> str:
    """Return an SVG: a dot for each decile, its area the number of forecasts; on the diagonal is perfect."""
    most = max((one.count for one in result.calibration), default=1)
    points = [_place(one.predicted, one.attained) for one in result.calibration]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    title = f"{result.method}, {result.measure}: {result.series_years} series-years"
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'font-family="sans-serif" font-size="11">'
        ),
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="16" font-weight="bold">{escape(title)}</text>',
        (
            f'<text x="{LEFT}" y="31" fill="#555">calibration error {result.score.calibration_error:.3f}, '
            f"80 % interval held {result.score.coverage:.3f}</text>"
        ),
        *_axes(),
        f'<polyline points="{line}" fill="none" stroke="#0b62a4" stroke-width="1.5"/>',
        *(_dot(one, most) for one in result.calibration),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes() -> Iterator[str]:
    yield f'<rect x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#999"/>'
    yield f'<line x1="{LEFT}" y1="{TOP + SIZE}" x2="{LEFT + SIZE}" y2="{TOP}" stroke="#999" stroke-dasharray="4 4"/>'
    for tick in TICKS:
        x, y = _place(tick, tick)
        yield f'<text x="{x:.1f}" y="{TOP + SIZE + 16}" text-anchor="middle">{tick:.0%}</text>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:.0%}</text>'
    middle = LEFT + SIZE / 2
    yield f'<text x="{middle}" y="{TOP + SIZE + 36}" text-anchor="middle">probability said / 给出的概率</text>'
    yield (
        f'<text transform="translate(14 {TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">attained / 实际达成</text>'
    )


def _dot(one: Bin, most: int) -> str:
    x, y = _place(one.predicted, one.attained)
    radius = max(SMALLEST, LARGEST * (one.count / most) ** 0.5)
    says = f"{one.low:.0%}-{one.high:.0%}: said {one.predicted:.1%}, attained {one.attained:.1%}, {one.count} forecasts"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#0b62a4" fill-opacity="0.55">'
        f"<title>{says}</title></circle>"
    )


def _place(predicted: float, attained: float) -> tuple[float, float]:
    return LEFT + SIZE * predicted, TOP + SIZE * (1 - attained)
