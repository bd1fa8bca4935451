"""What the wall says of one target, in words short enough for large letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.evaluation import phrases
from targetwatch.model import Comparator, DataState, Measure, Performance
from targetwatch.web.formats import MONTHS, Formats
from targetwatch.web.overview_view import DECIDED
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from targetwatch.model import StepState, Verdict
    from targetwatch.web.wall_view import Row

LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})
AT_MOST = frozenset({Comparator.AT_MOST, Comparator.BELOW})


@dataclass(frozen=True, slots=True)
class WallWords:
    """The words of one language as of one day, whose year goes without saying."""

    language: str
    today: date

    def day(self, day: date) -> str:
        """Return a day without its year where that is this year.

        >>> from datetime import date
        >>> words = WallWords("en", date(2025, 12, 8))
        >>> words.day(date(2025, 8, 31)), words.day(date(2024, 8, 31))
        ('31 Aug', '31 Aug 2024')
        """
        if day.year != self.today.year:
            return Formats(self.language).day(day)
        return f"{day.month}月{day.day}日" if self.language == "zh" else f"{day.day} {MONTHS[day.month - 1]}"

    def name(self, row: Row) -> str:
        """Return the short name."""
        return row.target.short[self.language] or row.target.title[self.language]

    def value(self, row: Row) -> str:
        """Return the actual value without its unit, or how many steps are done."""
        verdict = row.verdict
        if verdict is None:
            return ""
        if row.indicator.measure is Measure.MILESTONES:
            done = sum(1 for state in verdict.steps if state.done_on is not None)
            return self._say("steps", done=done, total=len(verdict.steps))
        if verdict.actual_value is None:
            return self._say("no_figure")
        return phrases.bare(verdict.actual_value, row.indicator)[self.language]

    def goal(self, row: Row) -> str:
        """Return the goal with its unit; empty where steps are counted."""
        verdict = row.verdict
        if verdict is None or row.indicator.measure is Measure.MILESTONES:
            return ""
        if verdict.goal_value is None:
            change = row.version.goal.change
            return phrases.percent(float(change)) if change is not None else ""
        if verdict.goal_upper is None:
            return self._amount(verdict.goal_value, row)
        low = phrases.bare(verdict.goal_value, row.indicator)[self.language]
        return f"{low}–{self._amount(verdict.goal_upper, row)}"

    def odds(self, row: Row) -> str:
        """Return the odds of making it; empty for steps, for what is decided, and where they are not known."""
        verdict = row.verdict
        if verdict is None or verdict.attainment_probability is None or verdict.performance in DECIDED:
            return ""
        if row.indicator.measure is Measure.MILESTONES:
            return ""
        return phrases.odds(verdict.attainment_probability)[self.language]

    def needed(self, row: Row) -> str:
        """Return what a lagging target needs a month from here on; empty for every other."""
        verdict = row.verdict
        if verdict is None or verdict.performance not in LAGGING or not verdict.needed[self.language]:
            return ""
        rate = verdict.required_value_per_month
        if rate is None:
            return ""
        if row.indicator.measure is Measure.LEVEL:
            said = phrases.bare(abs(rate), row.indicator)[self.language]
            return self._say("needs_change", change=f"{'+' if rate >= 0 else '−'}{said}")
        key = "may_take" if verdict.comparator in AT_MOST else "needs"
        return self._say(key, amount=self._amount(rate, row))

    def beside(self, row: Row) -> str:
        """Return what stands at the end of the second line: what is needed, since when decided, or the deadline."""
        verdict = row.verdict
        if verdict is None:
            return ""
        if verdict.performance in DECIDED:
            since = verdict.performance_since
            return PHRASES["since"][self.language].format(day=self.day(since)) if since is not None else ""
        needed = self.needed(row)
        if needed or row.indicator.measure is Measure.MILESTONES:
            return needed
        return self._say("deadline", day=self.day(verdict.deadline)) if verdict.deadline is not None else ""

    def age(self, row: Row) -> str:
        """Return how old the figures are and what is due or late; of steps, the last one done and the next date."""
        if row.verdict is None:
            return self._say("failed_text")
        if row.indicator.measure is Measure.MILESTONES:
            return self._steps(row.verdict)
        said, release = self._through(row.verdict), self._release(row.verdict)
        return f"{said}{self._say('comma')}{release}" if release else said

    def is_late(self, row: Row) -> bool:
        """Return whether a figure is missing that should be there by now."""
        return row.verdict is not None and row.verdict.data_state is DataState.LATE

    def _through(self, verdict: Verdict) -> str:
        if verdict.data_through is None:
            return self._say("data_none")
        return self._say("data_through", day=self.day(verdict.data_through))

    def _release(self, verdict: Verdict) -> str:
        due, state = verdict.next_release_due, verdict.data_state
        if due is None or state is DataState.CLOSED:
            return ""
        day = self.day(due)
        first = verdict.data_through is None
        if state is DataState.LATE:
            key = "first_late" if first else "data_late"
            return self._say(f"{key}_one" if verdict.late_days == 1 else key, day=day, days=verdict.late_days)
        if first:
            return self._say("first_was_due" if due < self.today else "first_due", day=day)
        return self._say("data_due" if due < self.today else "data_next", day=day)

    def _steps(self, verdict: Verdict) -> str:
        done = [state.done_on for state in verdict.steps if state.done_on is not None]
        first = self._say("step_done", day=self.day(max(done))) if done else self._say("step_none")
        second = self._next_step([state for state in verdict.steps if state.done_on is None])
        return f"{first}{self._say('comma')}{second}" if second else first

    def _next_step(self, still_open: list[StepState]) -> str:
        if not still_open:
            return ""
        due = min((state.due for state in still_open if state.due is not None), default=None)
        if due is None:
            return self._say("step_undated")
        return self._say("step_next" if due >= self.today else "step_was_due", day=self.day(due))

    def _amount(self, value: Decimal | float, row: Row) -> str:
        return phrases.amount(value, row.indicator)[self.language]

    def _say(self, key: str, **values: object) -> str:
        return PHRASES[f"wall_{key}"][self.language].format(**values)
