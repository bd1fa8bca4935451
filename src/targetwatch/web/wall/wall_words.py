"""What the wall says of one target, in words short enough for large letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.evaluation.status import DECIDED
from targetwatch.model import DataState, Measure
from targetwatch.wording import formats, tile
from targetwatch.wording.translation import Translator, translator

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from targetwatch.web.wall.wall_view import Row


@dataclass(frozen=True, slots=True)
class WallWords:
    """The words of one language as of one day, whose year goes without saying."""

    language: str
    today: date

    @property
    def _(self) -> Translator:
        return translator(self.language)

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
            return self._.context("wall", "{done} of {total} done", done=done, total=len(verdict.steps))
        if verdict.actual_value is None:
            return self._("no figure")
        return formats.bare(verdict.actual_value, row.indicator, self._)

    def goal(self, row: Row) -> str:
        """Return the goal with its unit; empty where steps are counted."""
        verdict = row.verdict
        if verdict is None or row.indicator.measure is Measure.MILESTONES:
            return ""
        if verdict.goal_value is None:
            change = row.version.goal.relative
            return formats.percent(float(change)) if change is not None else ""
        if verdict.goal_upper is None:
            return self._amount(verdict.goal_value, row)
        low = formats.bare(verdict.goal_value, row.indicator, self._)
        return f"{low}–{self._amount(verdict.goal_upper, row)}"

    def odds(self, row: Row) -> str:
        """Return the odds of making it; empty for steps, for what is decided, and where they are not known."""
        verdict = row.verdict
        if verdict is None or verdict.attainment_probability is None or verdict.performance in DECIDED:
            return ""
        if row.indicator.measure is Measure.MILESTONES:
            return ""
        return formats.odds(verdict.attainment_probability, self._)

    def needed(self, row: Row) -> str:
        """Return what a lagging target needs a month from here on; empty for every other."""
        return tile.needed(row.verdict, row.indicator, self._) if row.verdict is not None else ""

    def beside(self, row: Row) -> str:
        """Return what stands at the end of the second line: what is needed, since when decided, or the deadline."""
        if row.verdict is None:
            return ""
        return tile.beside(row.verdict, row.indicator, self.today, self._)

    def age(self, row: Row) -> str:
        """Return how old the figures are and what is due or late; of steps, the last one done and the next date."""
        if row.verdict is None:
            return self._("an error of this program; its log says more")
        return tile.age(row.verdict, row.indicator, self.today, self._)

    def is_late(self, row: Row) -> bool:
        """Return whether a figure is missing that should be there by now."""
        return row.verdict is not None and row.verdict.data_state is DataState.LATE

    def _amount(self, value: Decimal | float, row: Row) -> str:
        return formats.amount(value, row.indicator, self._)
