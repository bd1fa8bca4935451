"""A target's course: plan, published values, goal, forecast, and what happened on the way; each value can be read.

And two plans of one target in one drawing: the promise as it is, and as it would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from markupsafe import Markup

from targetwatch.chart.course import Course, Spot
from targetwatch.chart.svg import (
    SIZES,
    Box,
    Frame,
    Labels,
    Move,
    Place,
    Size,
    circle,
    line,
    named,
    polyline,
    tag,
    text_width,
)
from targetwatch.chart.words import AxisWords, ChartWords, ReadingWords, Stop
from targetwatch.model import Basis, Forecast, StatusChange

AFTERWARDS = 0.25
"""How much longer than to the deadline a drawing may become, to show what was said of the target afterwards."""
SEEN = 0.03
"""The least part of the height by which two values are told apart."""
REACH = 13
MARGIN = 12
"""Around the lines of a drawing that stands alone."""
SAMPLE = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: the course, the forecast, and what happened on the way."""

    course: Course
    today: date
    forecast: Forecast | None = None
    changes: tuple[StatusChange, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def end(self) -> date:
        """Return the last day drawn: the course's, or a little later where a status changed then."""
        course = self.course
        latest = course.end + timedelta(days=round((course.end - course.origin).days * AFTERWARDS))
        return max([course.end, *(change.on for change in self.changes if course.end < change.on <= latest)])

    @property
    def shown_changes(self) -> tuple[StatusChange, ...]:
        """Return the status changes on the days drawn."""
        return tuple(change for change in self.changes if self.course.origin <= change.on <= self.end)

    @property
    def shown_moves(self) -> tuple[Move, ...]:
        """Return the versions that came into force on the days drawn."""
        return tuple(move for move in self.moves if self.course.origin < move.day <= self.end)

    @property
    def revised(self) -> dict[Spot, float]:
        """Return the values before a revision, where both can be told apart."""
        spread = max(values_of(self.course), default=0.0) - min(values_of(self.course), default=0.0)
        before = {spot: spot.before for spot in self.course.spots}
        return {spot: old for spot, old in before.items() if old is not None and abs(old - spot.value) > SEEN * spread}

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of lines and marks in it, for the legend."""
        course = self.course
        there = {
            "actual": True,
            "plan": course.plan is not None,
            "goal": course.goal.value is not None,
            "forecast": self.forecast is not None,
            "before": bool(self.revised),
            "change": bool(self.shown_changes),
            "move": bool(self.shown_moves),
        }
        return [kind for kind, is_there in there.items() if is_there]


def draw(picture: Picture, words: ChartWords, size: Size, *, alone: bool = False) -> Markup:
    """Return the drawing in a size, from the back to the front; its marks are in the order of days.

    `alone`: as an image of its own, which leaves no room around the lines for words.
    """
    frame = frame_of(picture, words, size)
    view = (frame.left - MARGIN, frame.top - MARGIN, frame.right + MARGIN, frame.bottom + MARGIN) if alone else None
    return drawing(
        words.label,
        frame,
        *axes(frame, words),
        *_goals(picture, frame),
        *_days(picture, frame),
        *_forecast_lines(picture, frame),
        *plan(picture.course, frame, "line-plan"),
        *actual(picture.course, frame),
        *_stops(picture, frame, words),
        *_labels(picture, frame, words),
        view=view,
    )


def draw_readings(picture: Picture, words: ReadingWords, size: Size) -> Markup:
    """Return the drawing of an indicator's figures, which nothing was promised about."""
    frame, course = frame_of(picture, words, size), picture.course
    marks = (mark for _, mark in _spots(picture, frame, words))
    last = _last(labels_in(frame, known_places(course, frame)), course, frame, words)
    lines = (*axes(frame, words), *_days(picture, frame), *_yearly(course, frame))
    return drawing(words.label, frame, *lines, *marks, *last)


def drawing(label: str, frame: Frame, *parts: Markup, view: tuple[float, float, float, float] | None = None) -> Markup:
    """Return the whole drawing around its parts; with a `view` (left, top, right, bottom) cut to it, as a file."""
    size = frame.size
    left, top, right, bottom = view or (0, 0, size.width, size.height)
    return tag(
        "svg",
        *parts,
        class_=f"chart chart-{size.name}",
        viewBox=f"{left} {top} {right - left} {bottom - top}",
        role="group",
        aria_label=label,
        xmlns="http://www.w3.org/2000/svg" if view else None,
    )


def frame_of(picture: Picture, words: AxisWords, size: Size) -> Frame:
    """Return the frame around everything drawn."""
    course = picture.course
    values = [*values_of(course), *(move.before for move in picture.shown_moves if move.before is not None)]
    if picture.forecast is not None:
        values += [picture.forecast.low, picture.forecast.high]
    return Frame.around(size, values, origin=course.origin, end=picture.end, from_zero=course.adds_up, tick=words.tick)


def values_of(course: Course) -> Iterator[float]:
    """Yield every value of a course that has to be inside its frame."""
    yield from (value for spot in course.spots for value in (spot.value, spot.before) if value is not None)
    yield from goal_values(course)
    yield from course.plan.values if course.plan is not None else ()
    yield from [course.start] if course.start is not None else []


def goal_values(course: Course) -> list[float]:
    """Return the goal, and the top of a band, where there is one."""
    return [float(value) for value in (course.goal.value, course.goal.upper) if value is not None]


def axes(frame: Frame, words: AxisWords) -> Iterator[Markup]:
    """Yield the grid with its values, and the time below it, each name in the middle of what it names."""
    yield tag("text", words.unit, class_="axis", x=12, y=20)
    rows = frame.rows
    most = max(abs(frame.low), abs(frame.high))
    for value in rows:
        y = frame.y(value)
        yield line("grid", (frame.left, y), (frame.right, y))
        yield tag("text", words.tick(value, most), class_="axis", x=frame.left - 8, y=y + 4.5, text_anchor="end")
    spans, years = frame.spans(words.span), frame.years(words.span)
    for span in spans:
        yield line("grid-tick", (span.left, frame.bottom), (span.left, frame.bottom + (10 if span.begins_year else 5)))
    yield line("grid-tick", (spans[-1].right, frame.bottom), (spans[-1].right, frame.bottom + 5))
    has_months = len(spans) > len(years)
    for depth, row in enumerate((spans, years) if has_months else (spans,)):
        y = frame.bottom + 20 + 18 * depth
        yield from (
            tag("text", span.name, class_="axis", x=(span.left + span.right) / 2, y=y, text_anchor="middle")
            for span in row
            if named(span)
        )


def plan(course: Course, frame: Frame, kind: str) -> Iterator[Markup]:
    """Yield the expected path."""
    if course.plan is not None:
        nodes = zip(course.plan.days, course.plan.values, strict=True)
        yield polyline([frame.at(date.fromordinal(day), value) for day, value in nodes], kind)


def actual(course: Course, frame: Frame) -> Iterator[Markup]:
    """Yield the line through the values published."""
    yield polyline(known_places(course, frame), "line-actual")


def _yearly(course: Course, frame: Frame) -> Iterator[Markup]:
    """Yield the line through an indicator's figures; totals since the year's start begin at nothing in each year."""
    if not all(spot.reading and spot.reading.basis is Basis.YEAR_TO_DATE for spot in course.spots):
        yield from actual(course, frame)
        return
    for year, some in groupby(course.spots, key=lambda spot: spot.day.year):
        places = [frame.at(spot.day, spot.value) for spot in some]
        yield polyline([frame.at(date(year - 1, 12, 31), 0.0), *places], "line-actual")


def known_places(course: Course, frame: Frame) -> list[Place]:
    """Return where the course was known: at the start where there is one, and at each value published."""
    start = [frame.at(course.origin, course.start)] if course.start is not None and course.spots else []
    return [*start, *(frame.at(spot.day, spot.value) for spot in course.spots)]


def _goals(picture: Picture, frame: Frame) -> Iterator[Markup]:
    """Yield the goal as it was, version after version: each holds until the next comes into force."""
    course, since = picture.course, frame.left
    until = frame.x(course.end)
    for move in picture.shown_moves:
        here = frame.x(move.day)
        if move.before is not None:
            y = frame.y(move.before)
            yield line("line-goal-before", (since, y), (here, y))
        since = here
    heights = [frame.y(value) for value in goal_values(course)]
    if len(heights) > 1:
        low, high = heights
        yield tag("rect", class_="band-goal", x=since, y=high, width=max(until - since, 0), height=low - high)
    for y in heights:
        yield line("line-goal", (since, y), (until, y))


def _days(picture: Picture, frame: Frame) -> Iterator[Markup]:
    """Yield the days marked: the deadline where the drawing goes on after it, today."""
    if picture.course.end < picture.end:
        yield upright("line-deadline", frame, picture.course.end)
    if frame.origin <= picture.today <= frame.end:
        yield upright("line-today", frame, picture.today)


def upright(kind: str, frame: Frame, day: date) -> Markup:
    """Return a line from top to bottom on a day."""
    x = frame.x(day)
    return line(kind, (x, frame.top), (x, frame.bottom))


def _forecast_lines(picture: Picture, frame: Frame) -> Iterator[Markup]:
    """Yield the fan that opens from the last known value towards the deadline."""
    forecast, known = picture.forecast, known_places(picture.course, frame)
    if forecast is None:
        return
    x = frame.x(picture.course.end)
    low, median, high = ((x, frame.y(value)) for value in (forecast.low, forecast.median, forecast.high))
    if known:
        yield polyline([known[-1], low, high], "fan-forecast", name="polygon")
        yield polyline([known[-1], median], "line-forecast")
    yield line("interval-forecast", low, high)


def _stops(picture: Picture, frame: Frame, words: ChartWords) -> Iterator[Markup]:
    """Yield every mark that something is said of, by its day."""
    course, found = picture.course, list(_spots(picture, frame, words))
    if course.start is not None and not course.adds_up:
        place = frame.at(course.origin, course.start)
        said = words.start(course.origin, course.start)
        found.insert(0, (course.origin, _stop(said, place, circle("spot-start", place, 4))))
    for change in picture.shown_changes:
        x, y = place = frame.x(change.on), frame.bottom
        mark = tag("path", class_=f"mark-change change-{change.new.value}", d=f"M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z")
        found.append((change.on, _stop(words.change(change), place, mark)))
    for move in picture.shown_moves:
        place = (frame.x(move.day), frame.top)
        found.append((move.day, _stop(words.move(move), place, upright("line-move", frame, move.day))))
    if picture.forecast is not None:
        place = frame.at(course.end, picture.forecast.median)
        said = words.forecast(course.end, picture.forecast)
        found.append((course.end, _stop(said, place, circle("spot-forecast", place, 5))))
    yield from (mark for _, mark in sorted(found, key=lambda one: one[0]))


def _spots(picture: Picture, frame: Frame, words: ReadingWords) -> Iterator[tuple[date, Markup]]:
    """Yield the mark of every value published, by its day."""
    course, revised = picture.course, picture.revised
    for spot in course.spots:
        place, is_last = frame.at(spot.day, spot.value), spot is course.spots[-1]
        mark = circle("spot spot-last" if is_last else "spot", place, 6 if is_last else 4)
        if spot in revised:
            old = frame.at(spot.day, revised[spot])
            mark = line("line-before", old, place) + circle("spot-before", old, 4) + mark
        yield spot.day, _stop(words.spot(spot), place, mark)


def _last(labels: Labels, course: Course, frame: Frame, words: ReadingWords) -> Iterator[Markup]:
    """Yield the last value in words."""
    if course.spots:
        last = course.spots[-1]
        x, y = frame.at(last.day, last.value)
        beside = [(x, y - 12, "middle"), (x - 8, y - 12, "end"), (x, y + 22, "middle"), (x + 8, y + 22, "start")]
        yield labels.set(words.value(last.value), "label-last", beside)


def _stop(said: Stop, place: Place, mark: Markup) -> Markup:
    """Return a mark that can be read, and leads to its source where that is an address."""
    inside = (tag("title", "\n".join(said.lines)), mark, circle("reach", place, REACH))
    if said.source.startswith(("http://", "https://")):
        return tag("a", *inside, class_="stop", href=said.source, target="_blank", rel="noreferrer noopener")
    return tag("g", *inside, class_="stop", role="img")


def _labels(picture: Picture, frame: Frame, words: ChartWords) -> Iterator[Markup]:
    """Yield the words inside the drawing: those of days at the top, then of the last value, then of the goal."""
    course = picture.course
    known = known_places(course, frame)
    if picture.forecast is not None:
        known = [*known, frame.at(course.end, picture.forecast.median)]
    labels = labels_in(frame, known)
    if frame.origin <= picture.today <= frame.end:
        yield labels.set(words.day(picture.today), "label-today", [(frame.x(picture.today), frame.top - 8, "middle")])
    for day, numbers in _near(picture.shown_moves, frame, words):
        x, y = frame.x(day), frame.top + 14
        yield labels.set(words.versions(numbers), "label-today", [(x + 5, y, "start"), (x - 5, y, "end")])
    yield from _last(labels, course, frame, words)
    if values := goal_values(course):
        since = max((frame.x(move.day) for move in picture.shown_moves), default=frame.left)
        yield goal_label(labels, frame, words.goal, "label-goal", max(values), between=(since, frame.x(course.end)))


def labels_in(frame: Frame, values: Sequence[Place]) -> Labels:
    """Return the place for words, which hide as little as can be of some values and the line through them."""
    room = Box(frame.left + 4, frame.top - 24, frame.right + 16, frame.bottom - 2)
    return Labels(room, list(_along(values)))


def goal_label(
    labels: Labels, frame: Frame, said: str, kind: str, value: float, *, between: tuple[float, float]
) -> Markup:
    """Return the words of a goal, on or below its line, at either end of it."""
    y, (left, right) = frame.y(value), between
    return labels.set(
        said,
        kind,
        [(x, y + down, anchor) for down in (-6, 17) for x, anchor in ((left + 6, "start"), (right - 6, "end"))],
    )


def _near(moves: Sequence[Move], frame: Frame, words: ChartWords) -> list[tuple[date, list[int]]]:
    """Return the days and numbers of versions; where two names would overlap, the last one stands for both."""
    found: list[tuple[date, list[int]]] = []
    for move in moves:
        numbers = [move.version]
        room = text_width(words.versions([*(found[-1][1] if found else []), move.version])) + 10
        if found and frame.x(move.day) - frame.x(found[-1][0]) < room:
            numbers = [*found.pop()[1], move.version]
        found.append((move.day, numbers))
    return found


def _along(places: Sequence[Place]) -> Iterator[Place]:
    """Yield places on the way through some, close enough that words cannot lie between them."""
    yield from places[:1]
    for (x0, y0), (x1, y1) in pairwise(places):
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / SAMPLE))
        yield from ((x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(1, steps + 1))


@dataclass(frozen=True, slots=True)
class PlannedPromise:
    """One promise: its course, and its goal in words."""

    course: Course
    goal: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What the plans expect by a day."""

    day: date
    now: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """The promise now (None: a new target) and after; `counts_from` is the day on which it would change."""

    now: PlannedPromise | None
    after: PlannedPromise
    counts_from: date | None = None

    @property
    def promises(self) -> dict[str, PlannedPromise]:
        """Return the promises by the kind of their lines."""
        return {"now": self.now, "after": self.after} if self.now is not None else {"after": self.after}

    @property
    def marked(self) -> date | None:
        """Return the day of the change where it lies inside the drawing."""
        day = self.counts_from
        return day if day is not None and self.now is not None and self._origin < day < self._end else None

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of lines and marks in it, for the legend."""
        return ["actual", *self.promises, *(["from"] if self.marked else [])]

    def frame(self, words: AxisWords, size: Size) -> Frame:
        """Return the frame around both promises."""
        values = [value for one in self.promises.values() for value in values_of(one.course)]
        is_sum = self.after.course.adds_up
        return Frame.around(size, values, origin=self._origin, end=self._end, from_zero=is_sum, tick=words.tick)

    def rows(self, words: AxisWords) -> list[PlanRow]:
        """Return what both plans expect at the end of each stretch named below the drawing."""
        if self.after.course.plan is None:
            return []
        frame = self.frame(words, SIZES[0])
        days = [span.last for span in frame.spans(words.span) if span.last <= frame.end]
        return [PlanRow(day, _expected(self.now, day), _expected(self.after, day)) for day in days]

    @property
    def _origin(self) -> date:
        return min(one.course.origin for one in self.promises.values())

    @property
    def _end(self) -> date:
        return max(one.course.end for one in self.promises.values())


def draw_comparison(comparison: PlanComparison, words: AxisWords, size: Size) -> Markup:
    """Return the drawing of both promises, with what was published."""
    frame, known, marked = comparison.frame(words, size), comparison.after.course, comparison.marked
    return drawing(
        words.label,
        frame,
        *axes(frame, words),
        *([upright("line-from", frame, marked)] if marked else []),
        *(part for kind, one in comparison.promises.items() for part in _lines(one.course, frame, kind)),
        *actual(known, frame),
        *(circle("spot", frame.at(spot.day, spot.value), 4) for spot in known.spots),
        *_plan_labels(comparison, frame),
    )


def _lines(course: Course, frame: Frame, kind: str) -> Iterator[Markup]:
    for value in goal_values(course):
        y = frame.y(value)
        yield line(f"goal-{kind}", (frame.left, y), (frame.right, y))
    yield from plan(course, frame, f"plan-{kind}")


def _plan_labels(comparison: PlanComparison, frame: Frame) -> Iterator[Markup]:
    """Yield the goals in words; the one of now only where it would be another."""
    now, after = comparison.now, comparison.after
    labels = labels_in(frame, known_places(after.course, frame))
    between = (frame.left, frame.right)
    if goals := goal_values(after.course):
        yield goal_label(labels, frame, after.goal, "label-after", max(goals), between=between)
    if now is not None and (old := goal_values(now.course)) and old != goals:
        yield goal_label(labels, frame, now.goal, "label-now", max(old), between=between)


def _expected(promise: PlannedPromise | None, day: date) -> float | None:
    course = promise.course if promise is not None else None
    if course is None or course.plan is None or not course.origin <= day <= course.end:
        return None
    return course.plan.at(day)
