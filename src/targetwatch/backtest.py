"""How good have we been at this? The past judged as users would have met it, scored against what came.

Knows readings, not where they come from: the public set and an organisation's own indicators are asked about alike.
Pure: no clock, no files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from targetwatch.chart.svg import tag
from targetwatch.evaluation import Case, forecast_together, prepare, verdicts
from targetwatch.evaluation.days import DAYS_OF_WEEK, MONTHS_PER_YEAR, days_back, months_between, shift_years
from targetwatch.evaluation.series import Flow, in_force, level
from targetwatch.model import (
    Announcement,
    AsOf,
    Goal,
    Indicator,
    Measure,
    Owner,
    Performance,
    Plan,
    PlanShape,
    Reading,
    Target,
    TargetVersion,
    Text,
)
from targetwatch.wording.translation import LANGUAGES, N_, NC_, translator

GOALS = (1.0, 1.05, 1.1)
"""What is asked for, in times of the value a year before."""
DAYS_JUDGED = 12
"""About how many days of publication of a window are asked about; of weekly and daily figures some are left out."""
AT_ONCE = 200
NOBODY = Owner(id="backtest", name=Text("backtest", "backtest"))
ONE_DAY = timedelta(days=1)
CLIP = 0.005
BINS = 10
MOSTLY = 0.8

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A past window of an indicator, the value goals are measured by, and what came at its deadline.

    `course`: what a flow had come to on its known evenings, from none on the one before the window; of a level nothing.
    """

    kind: str
    indicator: Indicator
    readings: Sequence[Reading]
    start: date
    deadline: date
    before: float
    outcome: float
    course: Sequence[tuple[date, float]] = ()

    def case(self, goal: Decimal) -> Case:
        """Return a target of this goal, announced on the first day of the window."""
        terms = TargetVersion(
            number=1,
            effective=self.start,
            goal=Goal(at_least=goal),
            start=self.start,
            deadline=self.deadline,
            plan=Plan(shape=PlanShape.SEASONAL),
            announcement=Announcement(by=Text("backtest"), on=self.start),
        )
        title = self.indicator.title
        target = Target(
            id="backtest", indicator=self.indicator.id, title=title, short=title, owner=NOBODY, versions=(terms,)
        )
        return Case(target, self.indicator, self.readings)

    def days(self) -> set[date]:
        """Return the days asked about: those on which a figure of the window came out before its deadline."""
        own = {
            one.published_on
            for one in self.readings
            if one.published_on is not None and one.publisher == self.indicator.authority
            if one.period.end >= self.start and self.start <= one.published_on <= self.deadline
        }
        return set(sorted(own)[:: max(1, len(own) // DAYS_JUDGED)])


def answers(
    questions: Sequence[Question], *, progress: Callable[[int, int], None] | None = None
) -> Iterator[PastAnswer]:
    """Yield what would have been said on each day asked about, of each of the goals.

    `progress` is called with (asked, all) as the work goes on.
    """
    done = 0
    for first in range(0, len(questions), AT_ONCE):
        some = questions[first : first + AT_ONCE]
        asked = [(one, goal) for one in some for goal in (Decimal(repr(one.before * times)) for times in GOALS)]
        prepared = [prepare(one.case(goal), AsOf.end_of(one.deadline)) for one, goal in asked]
        forecast_together(prepared)
        for (question, goal), ready in zip(asked, prepared, strict=True):
            days = question.days()
            for said in verdicts(ready):
                through, forecast = said.data_through, said.forecast
                if said.day not in days or through is None or through >= question.deadline:
                    continue
                is_told = said.reached_on is not None and said.performance is Performance.ON_TRACK
                was = day_reached(question.course, float(goal))
                yield PastAnswer(
                    kind=question.kind,
                    months=_months_known(question, through),
                    chance=said.attainment_probability,
                    attained=question.outcome >= float(goal),
                    covered=None if forecast is None else forecast.low <= question.outcome <= forecast.high,
                    performance=said.performance,
                    day_told=is_told and bool(question.course),
                    days_off=(said.reached_on - was).days if is_told and said.reached_on and was else None,
                )
        done += len(some)
        if progress is not None:
            progress(done, len(questions))


def day_reached(course: Sequence[tuple[date, float]], goal: float) -> date | None:
    """Return the evening on which a flow came to a goal, evenly between two known ones; None when it did not.

    >>> day_reached([(date(2024, 12, 31), 0.0), (date(2025, 1, 31), 31.0)], 10.0)
    datetime.date(2025, 1, 10)
    """
    for (before, done), (evening, value) in pairwise(course):
        if value >= goal:
            return before + timedelta(days=ceil((evening - before).days * (goal - done) / (value - done)))
    return None


def _months_known(question: Question, through: date) -> int:
    """Return how many months of the window are known; none where it is longer than a year."""
    origin = question.start - ONE_DAY
    is_long = months_between(origin, question.deadline) > MONTHS_PER_YEAR + 1
    return 0 if is_long else round(months_between(origin, through))


def own_questions(
    indicator: Indicator, readings: Sequence[Reading], targets: Iterable[Target], today: AsOf
) -> Iterator[Question]:
    """Yield a question for each past year of an indicator whose outcome is known.

    The years end as those of its targets do, else with the calendar. Goals are measured by the year before; where that
    is not known, by what was forecast first.
    """
    known = in_force(readings, indicator.authority, today)
    if indicator.measure is Measure.MILESTONES or not known:
        return
    flow = Flow.of(known) if indicator.measure is Measure.FLOW else None
    value = _level_value(known) if flow is None else _flow_value(flow)
    rhythm = f"{indicator.measure.value}, {indicator.release.every}"
    for deadline in _deadlines(
        indicator, targets, first=known[0].period.start, last=min(today.day, known[-1].period.end)
    ):
        origin = shift_years(deadline, -1)
        start = origin if indicator.release.every == "year" else origin + ONE_DAY
        outcome, before = value(origin, deadline), value(shift_years(origin, -1), origin)
        if outcome is None or outcome <= 0:
            continue
        asked = Question(
            kind=rhythm,
            indicator=indicator,
            readings=readings,
            start=start,
            deadline=deadline,
            before=before or outcome,
            outcome=outcome,
            course=() if flow is None else _course(flow, origin, deadline),
        )
        yield from [asked] if before and before > 0 else _measured_by_the_first_forecast(asked)


def _deadlines(indicator: Indicator, targets: Iterable[Target], *, first: date, last: date) -> list[date]:
    """Return the ends of past years, as its targets have them, that lie within what is known."""
    versions = [version for one in targets if one.indicator == indicator.id for version in one.versions]
    ends = {version.deadline for version in versions if version.deadline is not None} or {date(last.year, 12, 31)}
    moved = {shift_years(end, year - end.year) for end in ends for year in range(first.year, last.year + 1)}
    return sorted(end for end in moved if first < end <= last)


def _measured_by_the_first_forecast(asked: Question) -> list[Question]:
    """Return the question with goals measured by its own first forecast, which does not know the outcome."""
    ready = prepare(asked.case(Decimal(repr(asked.outcome))), AsOf.end_of(asked.deadline))
    first = next((one.forecast.median for one in verdicts(ready) if one.forecast is not None), None)
    return [] if first is None else [replace(asked, before=first)]


def _course(flow: Flow, origin: date, deadline: date) -> tuple[tuple[date, float], ...]:
    return tuple((day, float(one.value)) for day, one in sorted(flow.since(origin).items()) if day <= deadline)


def _flow_value(flow: Flow) -> Callable[[date, date], float | None]:
    def value(origin: date, deadline: date) -> float | None:
        found = flow.between(origin, deadline)
        return None if found is None else float(found)

    return value


def _level_value(known: Sequence[Reading]) -> Callable[[date, date], float | None]:
    points = level(known)

    def value(_origin: date, deadline: date) -> float | None:
        days = (deadline, *days_back(deadline, DAYS_OF_WEEK - 1))
        return next((float(points[day].value) for day in days if day in points), None)

    return value


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
