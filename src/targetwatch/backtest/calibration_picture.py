"""A picture of calibration: how often goals were attained, against what had been said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from targetwatch.backtest.score import Bin
from targetwatch.chart.svg import tag
from targetwatch.wording.translation import LANGUAGES, N_, NC_, translator

SIZE, LEFT, TOP = 320, 52, 40
WIDTH, HEIGHT = LEFT + SIZE + 20, TOP + SIZE + 48
LARGEST, SMALLEST = 11.0, 2.5
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
INK = "#0b62a4"


def calibration_svg(bins: Sequence[Bin], title: str, found: str) -> str:
    """Return an SVG: a dot for each decile, its area the number of forecasts; on the diagonal is perfect.

    `found` stands below the title.
    """
    most = max((one.count for one in bins), default=1)
    points = [_place(one.predicted, one.attained) for one in bins]
    parts = (
        tag("title", title),
        tag("rect", width=WIDTH, height=HEIGHT, fill="#fff"),
        tag("text", title, x=LEFT, y=16, font_weight="bold"),
        tag("text", found, x=LEFT, y=31, fill="#555"),
        *_axes(),
        tag(
            "polyline",
            points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
            fill="none",
            stroke=INK,
            stroke_width=1.5,
        ),
        *(_dot(one, most) for one in bins),
    )
    view = f"0 0 {WIDTH} {HEIGHT}"
    space = "http://www.w3.org/2000/svg"
    return tag("svg", *parts, xmlns=space, viewBox=view, role="img", font_family="sans-serif", font_size=11) + "\n"


def _axes() -> Iterator[Markup]:
    bottom, right, middle = TOP + SIZE, LEFT + SIZE, LEFT + SIZE / 2
    yield tag("rect", x=LEFT, y=TOP, width=SIZE, height=SIZE, fill="none", stroke="#999")
    yield tag("line", x1=LEFT, y1=bottom, x2=right, y2=TOP, stroke="#999", stroke_dasharray="4 4")
    for tick in TICKS:
        x, y = _place(tick, tick)
        yield tag("text", f"{tick:.0%}", x=x, y=bottom + 16, text_anchor="middle")
        yield tag("text", f"{tick:.0%}", x=LEFT - 6, y=y + 4, text_anchor="end")
    yield tag("text", _in_all_languages(N_("probability said")), x=middle, y=bottom + 36, text_anchor="middle")
    turned = f"translate(14 {TOP + SIZE / 2}) rotate(-90)"
    yield tag("text", _in_all_languages(NC_("calibration", "attained")), transform=turned, text_anchor="middle")


def _dot(one: Bin, most: int) -> Markup:
    x, y = _place(one.predicted, one.attained)
    radius = max(SMALLEST, LARGEST * (one.count / most) ** 0.5)
    says = f"{one.low:.0%}-{one.high:.0%}: said {one.predicted:.1%}, attained {one.attained:.1%}, {one.count} forecasts"
    return tag("circle", tag("title", says), cx=x, cy=y, r=radius, fill=INK, fill_opacity="0.55")


def _place(predicted: float, attained: float) -> tuple[float, float]:
    return LEFT + SIZE * predicted, TOP + SIZE * (1 - attained)


def _in_all_languages(message: str) -> str:
    return " / ".join(translator(language)(message) for language in LANGUAGES)
