"""A level judged at its last known date: how far it has come from the baseline, and how far it should have."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from targetwatch.evaluation import forecast
from targetwatch.evaluation.days import (
    DAYS_OF_WEEK,
    MONTHS_IN,
    MONTHS_PER_YEAR,
    days_back,
    is_month_end,
    last_period_end,
    month_ends_after,
    months_between,
    shift_years,
)
from targetwatch.evaluation.measure import Call, Measured
from targetwatch.evaluation.plan import PAST_YEARS, Path, level_path
from targetwatch.evaluation.series import Knowledge, level
from targetwatch.evaluation.status import by_pace
from targetwatch.model import AsOf, Basis, Caveat, Measure, Performance, Reading, TargetVersion, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from targetwatch.evaluation.forecast.prediction import Prediction
    from targetwatch.evaluation.versions import Resolved


FEWEST_QUARTERLY_YEARS = 2


class LevelMeasure(Measured):
    """A value that stands at a date and has come from somewhere."""

    kind = Measure.LEVEL
    bases = frozenset({Basis.POINT, Basis.PERIOD, Basis.YEAR_TO_DATE})
    usual_basis = Basis.POINT

    def measure(self, as_of: AsOf, knowledge: Knowledge) -> None:  # noqa: ARG002 - levels do not add up
        """Find the last value inside the window."""
        version, self.points = self.version, level(self.readings)
        deadline = version.deadline
        self.start_value = start_value_of(version, self.points)
        self.known = replace(self.uncalled(as_of), baseline_value=version.baseline.value if version.baseline else None)
        inside = [day for day in self.points if day >= version.start and (deadline is None or day <= deadline)]
        if not inside:
            return
        through = self.data_through = inside[-1]
        reading = self.points[through]
        self.actual_value = reading.value
        self.known = replace(
            self.known,
            data_from=None if reading.period.start == through else reading.period.start,
            data_through=through,
            actual_value=reading.value,
            actual_rounding=reading.rounding,
            provisional=reading.provisional,
            published_on=reading.known_on(as_of),
            evidence=reading.evidence_url,
        )
        if deadline is not None:
            passed = self.release.every not in MONTHS_IN and any(day > deadline for day in self.points)
            self.final = passed or through >= last_period_end(self.release, deadline)

    def decided(self, day: date) -> Call | None:  # noqa: ARG002 - on no day
        """Return nothing: a level may always turn until its deadline."""
        return None

    def compared(self) -> Call:
        """Return whether the goal is met, was lost or overshot; else what the pace amounts to."""
        goal, value, start = self.goal, self.actual_value, self.start_value
        assert value is not None
        if goal.attained_by(value):
            return Call(Performance.ON_TRACK, "goal_met")
        if start is not None and goal.attained_by(start):
            return Call(Performance.OFF_TRACK, "goal_lost")
        if start is not None and goal.overshot_by(value, start):
            return Call(Performance.OFF_TRACK, "band_overshot")
        if self.figures.pace_ratio is None:
            return Call(Performance.PENDING, "no_plan")
        return Call(by_pace(self.figures.pace_ratio, upward=True), "pace")

    @cached_property
    def figures(self) -> Verdict:
        """Return how far it has come, how far it should have, and the change still needed."""
        through, deadline, value = self.data_through, self.version.deadline, self.actual_value
        found = self.known
        if self.prediction is not None:
            foretold = self.prediction.forecast(brief=True)
            found = replace(found, forecast=foretold, attainment_probability=self.probability)
        if through is None or deadline is None or value is None or self.goal.value is None:
            return found
        limit = edge_of(self.goal, value)
        if months_between(through, deadline) < MONTHS_PER_YEAR:
            before, after = (self._value_on(shift_years(day, -1)) for day in (through, deadline))
            found = replace(found, last_year_to_date=before, last_year_total=after)
        return self._required(self._planned(found, through, value, limit), through, deadline, limit)

    def _planned(self, found: Verdict, through: date, value: Decimal, limit: Decimal) -> Verdict:
        path = self.path
        if path is None or self.start_value is None:
            return found
        actual, start, expected = float(value), float(self.start_value), path.at(through)
        span = float(limit - self.start_value)
        progress = (actual - start) / span if span != 0 else None
        if span == 0 and value == limit:
            progress = 1.0
        return replace(
            found,
            notes=(*found.notes, Caveat(code=path.note)) if path.note else found.notes,
            expected_value=expected,
            variance=(actual - expected) * (1 if span >= 0 else -1),
            progress_ratio=progress,
            expected_progress_ratio=(expected - start) / span if span != 0 else None,
            pace_ratio=(actual - start) / (expected - start) if expected != start else None,
            buffer_days=path.buffer_days(actual, through) if span != 0 else None,
        )

    @cached_property
    def path(self) -> Path | None:
        """Return the plan by which it is judged; None where there is none."""
        if self.actual_value is None or self.goal.value is None:
            return None
        return level_path(self.version, self.points, self.start_value, edge_of(self.goal, self.actual_value))

    def paces(self) -> tuple[float, ...]:
        """Return how far it had come on each day over how far it should have."""
        path, through = self.path, self.data_through
        if path is None or through is None or self.start_value is None:
            return ()
        start = float(self.start_value)
        inside = [(day, float(one.value)) for day, one in self.points.items() if self.version.start <= day <= through]
        return tuple((value - start) / (path.at(day) - start) for day, value in inside if path.at(day) != start)

    def _required(self, found: Verdict, through: date, deadline: date, limit: Decimal) -> Verdict:
        """Return the change needed a month, and as a compound rate a release period when both ends are positive.

        A period shorter than a month counts as one.
        """
        value, months = self.actual_value, months_between(through, deadline)
        assert value is not None
        found = replace(found, remaining_months=months)
        if months <= 0 or self.goal.attained_by(value):
            return found
        periods = months / MONTHS_IN.get(self.release.every, 1)
        positive = limit > 0 and value > 0
        return replace(
            found,
            required_value_per_month=float(limit - value) / months,
            required_growth_ratio=float(limit / value) ** (1 / periods) - 1 if positive else None,
        )

    @staticmethod
    def predict(cases: Sequence[forecast.ToForecast]) -> list[Prediction | None]:
        """Return the predictions of levels from months or quarters."""
        return forecast.predict_levels(cases)

    @cached_property
    def inquiry(self) -> forecast.ToForecast | Prediction | None:
        """Return what the level at the deadline is forecast from; None when there is too little to say.

        It is made of months or quarters of complete past years within the deadline's year; before it, and where only
        annual values are known, of steps a year apart.
        """
        through, deadline = self.data_through, self.version.deadline
        if through is None or deadline is None or through >= deadline or self.goal.value is None:
            return None
        upper = None if self.goal.upper is None else float(self.goal.upper)
        wanted = forecast.aim(self.goal.comparator, float(self.goal.value), upper, grows=False)
        if months_between(through, deadline) >= MONTHS_PER_YEAR:
            return forecast.predict_steps(
                wanted, self._yearly(through), months_between(through, deadline) / MONTHS_PER_YEAR
            )
        if not is_month_end(deadline):
            return None
        for step, fewest in ((1, 1), (MONTHS_IN["quarter"], FEWEST_QUARTERLY_YEARS)):
            years = self._years(deadline, through, step)
            if years is not None and len(years[0]) >= fewest:
                return forecast.ToForecast(*years, wanted)
        return None

    def _years(self, deadline: date, through: date, step: int) -> tuple[list[list[float]], list[float]] | None:
        """Return complete past years of every `step`-th month end, oldest first, and those of the year running."""
        this_year, *past_years = (
            month_ends_after(shift_years(deadline, -years))[step - 1 :: step] for years in range(1, PAST_YEARS + 2)
        )
        known = [self._value_on(day) for day in this_year if day <= through]
        if not known or None in known:
            return None
        history: list[list[float]] = []
        for year in past_years:
            values = [self._value_on(day) for day in year]
            if None in values:
                break
            history.insert(0, [value for value in values if value is not None])
        return history, [value for value in known if value is not None]

    def _yearly(self, through: date) -> list[float]:
        """Return the values a year apart up to `through`, oldest first."""
        values: list[float] = []
        while (value := self._value_on(shift_years(through, -len(values)))) is not None:
            values.insert(0, value)
        return values

    def _value_on(self, day: date) -> float | None:
        """Return the value at a date; of a weekly or daily level the last one before it, a week at most."""
        reading = self.points.get(day)
        if reading is None and self._is_dense:
            reading = next((self.points[near] for near in days_back(day, DAYS_OF_WEEK) if near in self.points), None)
        return None if reading is None else float(reading.value)

    @cached_property
    def _is_dense(self) -> bool:
        """Return whether values come every week or more often."""
        days = list(self.points)
        return len(days) > 1 and (days[-1] - days[0]).days <= DAYS_OF_WEEK * (len(days) - 1)


def start_value_of(version: TargetVersion, points: Mapping[date, Reading]) -> Decimal | None:
    """Return the announced baseline, else the last value before the window; None when neither is known."""
    if version.baseline is not None:
        return version.baseline.value
    before = [day for day in points if day < version.start]
    return points[before[-1]].value if before else None


def edge_of(goal: Resolved, value: Decimal) -> Decimal:
    """Return the edge of the goal to come to: the nearer one of a band."""
    assert goal.value is not None
    return goal.upper if goal.upper is not None and value > goal.value else goal.value
