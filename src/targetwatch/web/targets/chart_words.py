"""What the drawing of a target says in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from targetwatch.chart import SIZES, Stop, draw, legend
from targetwatch.wording import formats as written
from targetwatch.wording.translation import N_, Translator, translator
from targetwatch.wording.verdict import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from targetwatch.chart import Move, Spot
    from targetwatch.evaluation.versions import VersionChange
    from targetwatch.model import Forecast, Indicator, StatusChange, TargetVersion
    from targetwatch.web.formats import Formats
    from targetwatch.web.targets.view import TargetView

LEGEND = {
    "actual": N_("published, at the day it describes"),
    "plan": N_("plan"),
    "goal": N_("goal"),
    "forecast": N_("forecast, 80 % interval"),
    "before": N_("before it was revised"),
    "change": N_("status changed"),
    "move": N_("the promise changed"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing in every size, and what its lines and marks mean."""

    sizes: tuple[Markup, ...]
    legend: Markup


def drawn(view: TargetView, formats: Formats) -> Drawn | None:
    """Return the drawing of a target's page; None where there is nothing to draw."""
    picture, verdict = view.picture, view.verdict
    if picture is None or verdict is None:
        return None
    _ = translator(formats.language)
    label = _(
        "{title}: the plan and the values published, {start} to {end}. Goal: {goal}. {sentence}",
        title=view.target.title[formats.language],
        start=formats.day(view.version.start),
        end=formats.day(view.version.deadline),
        goal=formats.goal(view.version, view.indicator),
        sentence=sentence(verdict, view.indicator, _),
    )
    said = ChartWords(
        formats=formats,
        indicator=view.indicator,
        label=label,
        version=view.version,
        changes=view.changes,
    )
    names = [(kind, _(LEGEND[kind])) for kind in picture.kinds]
    return Drawn(tuple(draw(picture, said, size) for size in SIZES), legend(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWords:
    """The words around a drawing."""

    formats: Formats
    indicator: Indicator
    label: str

    @property
    def unit(self) -> str:
        """Return what the values count in."""
        return self._("in {unit}", unit=written.axis_unit(self.indicator, self._))

    def tick(self, value: float, most: float) -> str:
        """Return a value beside a grid line."""
        return written.tick(value, self.indicator, self._, most=most)

    def span(self, first: date, last: date) -> str:
        """Return the name of some months of one year, or of some years."""
        return written.span(first, last, self._)

    @property
    def _(self) -> Translator:
        return translator(self.formats.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartWords(PlainWords):
    """The words in the drawing of a target's page."""

    version: TargetVersion
    changes: Sequence[VersionChange]

    @property
    def goal(self) -> str:
        """Return the goal as its line is named."""
        said = self.formats.goal(self.version, self.indicator)
        return f"{self._('goal')}{self._(': ')}{said}"

    def day(self, day: date) -> str:
        """Return a day."""
        return self.formats.day(day)

    def value(self, value: float) -> str:
        """Return a value without its unit."""
        return written.bare(written.drawn(value), self.indicator, self._)

    def versions(self, numbers: Sequence[int]) -> str:
        """Return versions by their numbers."""
        return self.formats.versions(numbers)

    def start(self, day: date, value: float) -> Stop:
        """Return what is said of the value at the start."""
        return Stop([self._on(day, self._amount(value)), self._("start")])

    def spot(self, spot: Spot) -> Stop:
        """Return when a figure was published, how it was printed, and what it replaced."""
        lines, reading = [self._on(spot.day, self._amount(spot.value))], spot.reading
        if reading is None:
            return Stop(lines)
        if reading.published_on is not None:
            lines.append(self._("published {day}", day=self.formats.day(reading.published_on)))
        printed = self.formats.printed(reading, self.indicator)
        lines.append(
            self._("as printed: {figure}, {period}", figure=printed, period=self.formats.period(reading.period))
        )
        if spot.replaced is not None:
            lines.append(self._("revised; before: {figure}", figure=self.formats.stated(spot.replaced, self.indicator)))
        if reading.evidence_url:
            lines.append(self.formats.evidence(reading.evidence_url))
        return Stop(lines, reading.evidence_url)

    def forecast(self, day: date, forecast: Forecast) -> Stop:
        """Return what is said of the forecast."""
        found = (forecast.median, forecast.low, forecast.high)
        median, low, high = (self.formats.amount(value, self.indicator) for value in found)
        said = self._("{median} ({low} to {high})", median=median, low=low, high=high)
        return Stop([self._on(day, self._("Forecast at the deadline")), said])

    def change(self, change: StatusChange) -> Stop:
        """Return a status and why it was said."""
        why = self.formats.reason_of_change(change, self.indicator)
        return Stop([self._on(change.on, self.formats.performance(change.new)), why])

    def move(self, move: Move) -> Stop:
        """Return what a version changed, and why."""
        change = next(one for one in self.changes if one.version.number == move.version)
        goal = self.formats.goal(change.version, self.indicator)
        lines = [
            self._("{day}: the promise changed; the goal is now {goal}", day=self.formats.day(move.day), goal=goal)
        ]
        reason = self.formats.reason_given(change, self.indicator)
        return Stop([*lines, reason] if reason else lines)

    def _amount(self, value: float) -> str:
        return self.formats.amount(written.drawn(value), self.indicator)

    def _on(self, day: date, said: str) -> str:
        return f"{self.formats.day(day)}{self._(': ')}{said}"
