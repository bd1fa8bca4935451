"""Two plans of one target in one drawing: the promise as it is and as it would be, with what was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from targetwatch.chart import picture
from targetwatch.chart.course import Course
from targetwatch.chart.frame import SIZES, Frame, Size
from targetwatch.chart.svg import circle, line
from targetwatch.chart.words import AxisWords


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
        values = [value for one in self.promises.values() for value in picture.values_of(one.course)]
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
    return picture.drawing(
        words.label,
        frame,
        *picture.axes(frame, words),
        *([picture.upright("line-from", frame, marked)] if marked else []),
        *(part for kind, one in comparison.promises.items() for part in _lines(one.course, frame, kind)),
        *picture.actual(known, frame),
        *(circle("spot", frame.at(spot.day, spot.value), 4) for spot in known.spots),
        *_labels(comparison, frame),
    )


def _lines(course: Course, frame: Frame, kind: str) -> Iterator[Markup]:
    for value in picture.goal_values(course):
        y = frame.y(value)
        yield line(f"goal-{kind}", (frame.left, y), (frame.right, y))
    yield from picture.plan(course, frame, f"plan-{kind}")


def _labels(comparison: PlanComparison, frame: Frame) -> Iterator[Markup]:
    """Yield the goals in words; the one of now only where it would be another."""
    now, after = comparison.now, comparison.after
    labels = picture.labels_in(frame, picture.known_places(after.course, frame))
    between = (frame.left, frame.right)
    if goals := picture.goal_values(after.course):
        yield picture.goal_label(labels, frame, after.goal, "label-after", max(goals), between=between)
    if now is not None and (old := picture.goal_values(now.course)) and old != goals:
        yield picture.goal_label(labels, frame, now.goal, "label-now", max(old), between=between)


def _expected(promise: PlannedPromise | None, day: date) -> float | None:
    course = promise.course if promise is not None else None
    if course is None or course.plan is None or not course.origin <= day <= course.end:
        return None
    return course.plan.at(day)
