"""How good answers about the past were: proper scores, coverage, what became of each call, and a drawing of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from targetwatch.chart.svg import tag
from targetwatch.model import Performance
from targetwatch.wording.translation import LANGUAGES, N_, NC_, translator

CLIP = 0.005
BINS = 10
MOSTLY = 0.8

Floats = npt.NDArray[np.float64]


class PastAnswer(NamedTuple):
    """What was said of a goal on one day, and what came.

    `months`: how many of the window were known. `chance` and `covered` (whether the 80 % interval held what came) are
    None where nothing was forecast. `days_off`: by how many the day on which the goal was said to be reached came too
    late, of those said (`day_told`); None where it was not reached in the window.
    """

    kind: str
    months: int
    chance: float | None
    attained: bool
    covered: bool | None
    performance: Performance
    day_told: bool = False
    days_off: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The scores of one kind, of all its verdicts (`months` None) or with so many months known.

    Log loss is clipped at half a per cent; `on_track_attained` is how often goals called on track were attained.
    `days_told` days were said on which a goal is reached: half were off by `days_off` at most, four in five by
    `days_off_mostly`; `days_never` is the share of goals that were not reached in the window at all.
    """

    kind: str
    months: int | None
    verdicts: int
    without_odds: int
    brier: float | None
    log_loss: float | None
    coverage: float | None
    on_track: int
    on_track_attained: float | None
    off_track: int
    off_track_attained: float | None
    days_told: int
    days_off: float | None
    days_off_mostly: float | None
    days_never: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Probabilities between `low` and `high`: their mean, and how often the goal was attained."""

    low: float
    high: float
    predicted: float
    attained: float
    count: int


def scores(answers: Iterable[PastAnswer]) -> tuple[Score, ...]:
    """Return the scores of each kind, in the order the kinds come in: of all answers, then by months known."""
    kinds: dict[str, list[PastAnswer]] = {}
    for answer in answers:
        kinds.setdefault(answer.kind, []).append(answer)
    found = []
    for kind, many in kinds.items():
        found.append(_score(kind, None, many))
        found += [
            _score(kind, months, [one for one in many if one.months == months])
            for months in sorted({one.months for one in many})
        ]
    return tuple(found)


def _score(kind: str, months: int | None, answers: Sequence[PastAnswer]) -> Score:
    known = [one for one in answers if one.chance is not None]
    chance = np.array([one.chance for one in known], dtype=float)
    came = np.array([one.attained for one in known], dtype=bool)
    on_track, off_track = (
        [one.attained for one in answers if one.performance is called]
        for called in (Performance.ON_TRACK, Performance.OFF_TRACK)
    )
    told = [one.days_off for one in answers if one.day_told]
    off = np.array([abs(days) for days in told if days is not None], dtype=float)
    return Score(
        kind=kind,
        months=months,
        verdicts=len(answers),
        without_odds=len(answers) - len(known),
        brier=_mean((chance - came) ** 2),
        log_loss=_mean(log_losses(chance, came)),
        coverage=_mean([one.covered for one in known if one.covered is not None]),
        on_track=len(on_track),
        on_track_attained=_mean(on_track),
        off_track=len(off_track),
        off_track_attained=_mean(off_track),
        days_told=len(told),
        days_off=float(np.median(off)) if off.size else None,
        days_off_mostly=float(np.quantile(off, MOSTLY)) if off.size else None,
        days_never=_mean([float(days is None) for days in told]),
    )


def _mean(values: Floats | Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def log_losses(probability: Floats, attained: npt.NDArray[np.bool_]) -> Floats:
    """Return the log loss of each probability.

    >>> log_losses(np.array([0.8, 0.8]), np.array([True, False])).round(3).tolist()
    [0.223, 1.609]
    """
    clipped = np.clip(probability, CLIP, 1 - CLIP)
    return np.asarray(-np.log(np.where(attained, clipped, 1 - clipped)))


def calibration(probability: Floats, attained: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Return the deciles of probability that occur, lowest first.

    >>> [one.count for one in calibration(np.array([0.02, 0.04, 1.0]), np.array([False, True, True]))]
    [2, 1]
    """
    flat, came = probability.ravel(), attained.ravel()
    which = np.minimum((flat * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            low=i / BINS,
            high=(i + 1) / BINS,
            predicted=float(flat[which == i].mean()),
            attained=float(came[which == i].mean()),
            count=int((which == i).sum()),
        )
        for i in range(BINS)
        if (which == i).any()
    )


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
