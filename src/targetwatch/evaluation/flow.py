"""A flow judged at its data-through: what is done, expected, required, and how far ahead that is in days.

Its forecast is made of single months of complete past years where every month end is known (January and February taken
as halves where only their sum is published); else of sums up to the same evening of past years and after it; else of
the rate so far.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from targetwatch.evaluation import forecast
from targetwatch.evaluation.days import (
    MONTHS_PER_YEAR,
    ONE_DAY,
    is_month_end,
    month_ends_after,
    months_between,
    shift_years,
)
from targetwatch.evaluation.measure import Call, Measured
from targetwatch.evaluation.plan import DAYS_IN_LEAP_YEAR, PAST_YEARS, Path, elapsed_ratio, flow_path, usual_course
from targetwatch.evaluation.status import by_band, by_growth, by_pace
from targetwatch.model import AsOf, Basis, Caveat, Measure, Performance, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.evaluation.forecast.prediction import Prediction
    from targetwatch.evaluation.series import Flow, Knowledge, Point

ROUNDING_LOST_IN_MONTHS = Decimal("0.001")
"""A total rounded more coarsely than this share of it is not forecast from single months."""


class FlowMeasure(Measured):
    """A total since the start, which every reading adds to."""

    kind = Measure.FLOW
    bases = frozenset({Basis.PERIOD, Basis.YEAR_TO_DATE, Basis.SINCE_START})

    def measure(self, as_of: AsOf, knowledge: Knowledge) -> None:
        """Find the last evening inside the window, and what had been counted by then."""
        self.origin, self.flow = self.version.start - ONE_DAY, knowledge.flow(as_of)
        self.notes = [Caveat(code="start_interpolated")] if self.flow.interpolated_origin(self.origin) else []
        self.points = self.flow.since(self.origin)
        self.data_through, self.point = self._latest()
        self.actual_value, self.as_of = None if self.point is None else self.point.value, as_of

    def _latest(self) -> tuple[date | None, Point | None]:
        """Return the last evening inside the window and its point; a deadline between two evenings is interpolated."""
        points, deadline = self.points, self.version.deadline
        ahead = [day for day in points if day > self.origin]
        inside = ahead if deadline is None else [day for day in ahead if day <= deadline]
        beyond = [] if deadline is None else [day for day in ahead if day > deadline]
        if deadline is None or not beyond or deadline in points:
            through = max(inside, default=None)
            self.final = deadline is not None and through == deadline
            return through, None if through is None else points[through]
        before, after = max(inside, default=self.origin), min(beyond)
        share = Decimal((deadline - before).days) / Decimal((after - before).days)
        last = points[after]
        self.notes.append(Caveat(code="deadline_interpolated"))
        self.final = True
        return deadline, last._replace(
            value=points[before].value + (last.value - points[before].value) * share,
            half_width=max(points[before].half_width, last.half_width),
        )

    def decided(self, day: date) -> Call | None:  # noqa: ARG002 - a total decides on any day
        """Return that a cap is passed, or a goal reached for good: a total can only grow."""
        goal, value = self.goal, self.actual_value
        if value is None or goal.value is None:
            return None
        if goal.passed_by(value):
            return Call(Performance.MISSED, "cap_passed")
        if goal.upward and goal.upper is None and goal.attained_by(value):
            return Call(Performance.ACHIEVED, "goal_reached")
        return None

    def compared(self) -> Call:
        """Return what the growth that the rest needs amounts to, else the pace."""
        goal, value, found = self.goal, self.actual_value, self.figures
        growth, pace = found.required_growth_ratio, found.pace_ratio
        if goal.upper is not None and goal.value is not None and value is not None:
            if not found.expected_progress_ratio:
                return Call(Performance.PENDING, "no_plan")
            bottom = float(value / goal.value) if value < goal.value else None
            return Call(by_band(bottom, float(value / goal.upper), found.expected_progress_ratio), "pace")
        if growth is not None:
            return Call(by_growth(growth, pace, upward=goal.upward), "required_growth")
        if pace is not None:
            return Call(by_pace(pace, upward=goal.upward), "pace")
        return Call(Performance.PENDING, "no_plan")

    @cached_property
    def figures(self) -> Verdict:
        """Return what was planned by then, what last year held, and what the rest needs."""
        through, deadline, goal, actual = self.data_through, self.version.deadline, self.goal.value, self.actual_value
        found: dict[str, Any] = {
            "baseline_value": self.version.baseline.value if self.version.baseline else None,
            "notes": (*self.notes, *self._gap()),
            "forecast": self.prediction.forecast(brief=True) if self.prediction is not None else None,
            "attainment_probability": self.probability,
        }
        if (point := self.point) is not None:
            found |= {
                "data_through": through,
                "actual_value": point.value,
                "actual_rounding": point.half_width,
                "provisional": point.provisional,
                "published_on": point.reading.known_on(self.as_of) if point.reading else None,
                "evidence": point.reading.evidence_url if point.reading else "",
            }
        if through is not None and deadline is not None and goal is not None and actual is not None:
            line = float(goal) * elapsed_ratio(self.origin, deadline, through)
            found["progress_ratio"] = float(actual / goal) if goal > 0 else None
            found["straight_line_pace_ratio"] = float(actual) / line if line > 0 else None
            self._add_planned(found, through, float(actual), float(goal))
            if self.prediction is not None and not self.final:
                found["reached_on"] = self._reached_on(found["forecast"].median, through, deadline)
            self._add_last_year(found, through, deadline)
            self._add_required(found, through, deadline)
        return self.uncalled(self.as_of, **found)

    def _add_planned(self, found: dict[str, Any], through: date, actual: float, goal: float) -> None:
        path = self.path
        if path is None:
            return
        expected = path.at(through)
        if path.note:
            found["notes"] = (*found["notes"], Caveat(code=path.note))
        found |= {
            "expected_value": expected,
            "variance": actual - expected,
            "expected_progress_ratio": expected / goal if goal > 0 else None,
            "pace_ratio": actual / expected if expected > 0 else None,
            "buffer_days": path.buffer_days(actual, through),
        }

    @cached_property
    def path(self) -> Path | None:
        """Return the plan by which it is judged; None where there is none."""
        if self.data_through is None or self.goal.value is None:
            return None
        return flow_path(self.version, self.flow, self.data_through, self.goal.value)

    def paces(self) -> tuple[float, ...]:
        """Return what had been counted on each evening over what was planned by then."""
        path, through = self.path, self.data_through
        if path is None or through is None:
            return ()
        inside = [(day, point) for day, point in sorted(self.points.items()) if self.origin < day <= through]
        return tuple(float(point.value) / planned for day, point in inside if (planned := path.at(day)) > 0)

    def _reached_on(self, median: float, through: date, deadline: date) -> date | None:
        """Return the day on which the middle of the forecast comes to the goal; None when that is not before its end.

        The rest comes in as it did in past years, evenly where that is not known.
        """
        assert self.goal.value is not None
        assert self.actual_value is not None
        actual, goal = float(self.actual_value), float(self.goal.bound(self.actual_value) or self.goal.value)
        if not actual < goal <= median:
            return None
        course = usual_course(self.flow, self.origin, deadline, through)
        done = course.at(through)
        return min(course.day_reaching(done + (1 - done) * (goal - actual) / (median - actual)), deadline)

    def _add_last_year(self, found: dict[str, Any], through: date, deadline: date) -> None:
        """Add what the same window held a year before; undefined for a window longer than a year."""
        if (deadline - self.origin).days > DAYS_IN_LEAP_YEAR:
            return
        first, last, at = (shift_years(day, -1) for day in (self.origin, deadline, through))
        total, to_date = self.flow.between(first, last), self.flow.between(first, at)
        found |= {
            "last_year_total": None if total is None else float(total),
            "last_year_to_date": None if to_date is None else float(to_date),
            "last_year_rest": None if total is None or to_date is None else float(total - to_date),
        }

    def _add_required(self, found: dict[str, Any], through: date, deadline: date) -> None:
        """Add what is left to come to the goal, of a band to its top once its bottom is reached."""
        actual = self.actual_value
        assert actual is not None
        limit = self.goal.bound(actual)
        assert limit is not None
        left, months = limit - actual, months_between(through, deadline)
        done, rest = months_between(self.origin, through), found.get("last_year_rest")
        found["remaining_months"], found["value_per_month"] = months, float(actual) / done if done > 0 else None
        if months > 0 and left >= 0:
            found["required_value_per_month"] = float(left) / months
            found["required_growth_ratio"] = float(left) / rest - 1 if rest is not None and rest > 0 else None

    def _gap(self) -> list[Caveat]:
        """Return what is published inside the window and cannot be used, and why."""
        inside = [
            reading.period
            for reading in self.readings
            if reading.period.end > self.origin
            and reading.period.end not in self.points
            and reading.basis is not Basis.EVENT
        ]
        singles = [period for period in inside if period.start > self.origin]
        if singles:
            reached = max((day for day in self.points if day < singles[0].end), default=self.origin)
            return [Caveat(code="gap", days=(reached + ONE_DAY, singles[0].start - ONE_DAY))]
        return [Caveat(code="unusable", days=(inside[0].end, self.origin))] if inside else []

    @staticmethod
    def predict(cases: Sequence[forecast.ToForecast]) -> list[Prediction | None]:
        """Return the predictions of totals from single months."""
        return forecast.predict_flows(cases)

    @cached_property
    def inquiry(self) -> forecast.ToForecast | Prediction | None:
        """Return what the total at the deadline is forecast from: single months, else the forecast of a count or sums.

        None when it is over or there is too little to say.
        """
        through, deadline, actual = self.data_through, self.version.deadline, self.actual_value
        if through is None or deadline is None or through >= deadline or self.goal.value is None:
            return None
        if actual is None or actual < 0 or self.point is None:
            return None
        upper = None if self.goal.upper is None else float(self.goal.upper)
        wanted = forecast.aim(self.goal.comparator, float(self.goal.value), upper, grows=True)
        rounding, value = self.point.half_width, float(actual)
        known = MONTHS_PER_YEAR * elapsed_ratio(self.origin, deadline, through)
        counted = not rounding and forecast.is_count(
            (float(one.value) for one in self.readings), yearly=value * MONTHS_PER_YEAR / known
        )
        months = None if counted else self._months(through, deadline)
        if months is not None and rounding <= abs(actual) * ROUNDING_LOST_IN_MONTHS:
            return forecast.ToForecast(*months, wanted)
        past, evenings = self._past_sums(through, deadline), self._evenings(through, deadline)
        if counted:
            return forecast.predict_count(wanted, actual=value, months_known=known, past=past, evenings=evenings)
        return forecast.predict_total(
            wanted,
            actual=value,
            actual_half_width=float(rounding),
            months_known=known,
            past=past,
            evenings=evenings,
        )

    def _months(self, through: date, deadline: date) -> tuple[list[list[float]], list[float]] | None:
        """Return (complete past years oldest first, months of the window so far); None when they are not known."""
        origin, flow = self.origin, self.flow
        if months_between(origin, deadline) != MONTHS_PER_YEAR or not (is_month_end(origin) and is_month_end(through)):
            return None
        known = single_months(flow, [end for end in month_ends_after(origin) if end <= through], origin)
        if known is None:
            return None
        history: list[list[float]] = []
        for years in range(1, PAST_YEARS + 1):
            start = shift_years(origin, -years)
            year = flow.kept(start, shift_years(start, 1), _year_of_months)
            if year is None:
                break
            history.insert(0, year)
        return (history, known) if history else None

    def _evenings(self, through: date, deadline: date) -> list[forecast.Evening]:
        """Return what had been counted by each evening of the window so far, and a year before."""
        has_last_year = (deadline - self.origin).days <= DAYS_IN_LEAP_YEAR
        first, found = shift_years(self.origin, -1), []
        for day, point in sorted(self.points.items()):
            if self.origin < day <= through:
                last_year = self.flow.between(first, shift_years(day, -1)) if has_last_year else None
                months = MONTHS_PER_YEAR * elapsed_ratio(self.origin, deadline, day)
                before = None if last_year is None else float(last_year)
                found.append(forecast.Evening(months, float(point.value), before))
        return found

    def _past_sums(self, through: date, deadline: date) -> list[tuple[float, float]]:
        """Return past years' sums up to the same evening and after it, oldest first; none for a longer window.

        Last year's may come from a published year-on-year rate; an older year counts only where its own figures were
        published: rates are rounded, and years that hang on one another's rates are not as many witnesses.
        """
        if (deadline - self.origin).days > DAYS_IN_LEAP_YEAR:
            return []
        pairs, flow = [], self.flow
        for years in range(PAST_YEARS, 0, -1):
            first, at, last = (shift_years(day, -years) for day in (self.origin, through, deadline))
            if years == 1 or flow.is_all_published:
                to_date, rest = flow.between(first, at), flow.between(at, last)
            else:
                published = flow.since(first)
                if at not in published or last not in published:
                    continue
                to_date, rest = published[at].value, published[last].value - published[at].value
            if to_date is not None and rest is not None and to_date > 0 and rest > 0:
                pairs.append((float(to_date), float(rest)))
        return pairs


def _year_of_months(flow: Flow, origin: date, _last: date) -> list[float] | None:
    return single_months(flow, month_ends_after(origin), origin)


def single_months(flow: Flow, ends: Sequence[date], origin: date) -> list[float] | None:
    """Return single months, not negative; a month known only together with the next is half of both."""
    months: list[float] = []
    start, waiting = origin, 0
    for end in ends:
        value = flow.between(start, end)
        waiting += 1
        if value is None and waiting == 1:
            continue
        if value is None or value < 0:
            return None
        months += [float(value) / waiting] * waiting
        start, waiting = end, 0
    return months if months and waiting == 0 else None
