"""What is written in a drawing, in the reader's language, and said of each of its marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from targetwatch.chart.course import Spot
from targetwatch.chart.svg import Move
from targetwatch.evaluation.versions import VersionChange
from targetwatch.model import Forecast, Indicator, StatusChange, Target, TargetVersion, Verdict
from targetwatch.wording import formats, verdict, versions
from targetwatch.wording.translation import N_, Translator

LEGEND = {
    "actual": N_("published, at the day it describes"),
    "plan": N_("plan"),
    "goal": N_("goal"),
    "forecast": N_("forecast, 80% interval"),
    "before": N_("before it was revised"),
    "change": N_("status changed"),
    "move": N_("the promise changed"),
}


class Stop(NamedTuple):
    """What is said of a mark, line by line, and the address of its source."""

    lines: Sequence[str]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisWords:
    """What is written around a drawing, in the reader's language; `label` says all of it to who cannot see it."""

    _: Translator
    indicator: Indicator
    label: str

    @property
    def unit(self) -> str:
        """Return what the values count in."""
        return self._("in {unit}", unit=formats.axis_unit(self.indicator, self._))

    def tick(self, value: float, most: float) -> str:
        """Return a value beside a grid line."""
        return formats.tick(value, self.indicator, self._, most=most)

    def span(self, first: date, last: date) -> str:
        """Return the name of some months of one year, or of some years."""
        return formats.span(first, last, self._)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWords(AxisWords):
    """What is written in the drawing of an indicator's figures, and said of its marks."""

    def meanings(self, kinds: Sequence[str]) -> list[tuple[str, str]]:
        """Return what each kind of line or mark means, for the legend."""
        return [(kind, self._(LEGEND[kind])) for kind in kinds]

    def day(self, day: date) -> str:
        """Return a day."""
        return formats.day(day, self._)

    def value(self, value: float) -> str:
        """Return a value without its unit."""
        return formats.bare(formats.drawn(value), self.indicator, self._)

    def spot(self, spot: Spot) -> Stop:
        """Return when a figure was published, how it was printed, and what it replaced."""
        lines, reading = [self._on(spot.day, self._amount(spot.value))], spot.reading
        if reading is None:
            return Stop(lines)
        if reading.published_on is not None:
            lines.append(self._("published {day}", day=self.day(reading.published_on)))
        printed = formats.printed(reading, self.indicator, self._)
        period = formats.period(reading.period, self._)
        lines.append(self._("as printed: {figure}, {period}", figure=printed, period=period))
        if spot.replaced is not None:
            before = formats.stated(spot.replaced, self.indicator, self._)
            lines.append(self._("revised; before: {figure}", figure=before))
        if reading.evidence_url:
            lines.append(formats.evidence(reading.evidence_url, self._))
        return Stop(lines, reading.evidence_url)

    def _amount(self, value: float) -> str:
        return formats.amount(formats.drawn(value), self.indicator, self._)

    def _on(self, day: date, said: str) -> str:
        return f"{self.day(day)}{self._(': ')}{said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartWords(ReadingWords):
    """What is written in the drawing of a target, and said of its marks."""

    judged: Verdict
    version: TargetVersion
    changes: Sequence[VersionChange]

    @property
    def goal(self) -> str:
        """Return the goal as its line is named."""
        return f"{self._('goal')}{self._(': ')}{versions.goal(self.version, self.indicator, self._)}"

    def versions(self, numbers: Sequence[int]) -> str:
        """Return versions by their numbers."""
        return versions.numbered(numbers, self._)

    def start(self, day: date, value: float) -> Stop:
        """Return what is said of the value at the start."""
        return Stop([self._on(day, self._amount(value)), self._("start")])

    def forecast(self, day: date, forecast: Forecast) -> Stop:
        """Return what is said of the forecast."""
        found = (formats.told(one, self.judged) for one in (forecast.median, forecast.low, forecast.high))
        median, low, high = (formats.amount(value, self.indicator, self._) for value in found)
        said = self._("{median} ({low} to {high})", median=median, low=low, high=high)
        return Stop([self._on(day, self._("Forecast at the deadline")), said])

    def change(self, change: StatusChange) -> Stop:
        """Return a status and why it was said."""
        why = verdict.reason_of_change(change, self.indicator, self._)
        return Stop([self._on(change.on, verdict.performance(change.verdict or change.new, self._)), why])

    def move(self, move: Move) -> Stop:
        """Return what a version changed, and why."""
        change = next(one for one in self.changes if one.version.number == move.version)
        goal = versions.goal(change.version, self.indicator, self._)
        said = self._("{day}: the promise changed; the goal is now {goal}", day=self.day(move.day), goal=goal)
        reason = versions.reason(change, self.indicator, self._)
        return Stop([said, reason] if reason else [said])


def words_of(
    target: Target, judged: Verdict, indicator: Indicator, changes: Sequence[VersionChange], _: Translator
) -> ChartWords:
    """Return the words of a target's drawing; the latest of `changes` is the version in force."""
    version = changes[0].version
    label = _(
        "{title}: the plan and the values published, {start} to {end}. Goal: {goal}. {sentence}",
        title=target.title[_.language],
        start=formats.day(version.start, _),
        end=formats.day(version.deadline, _),
        goal=versions.goal(version, indicator, _),
        sentence=verdict.sentence(judged, indicator, _),
    )
    return ChartWords(_=_, indicator=indicator, label=label, judged=judged, version=version, changes=changes)


def words_of_readings(indicator: Indicator, spots: Sequence[Spot], _: Translator) -> ReadingWords:
    """Return the words of the drawing of an indicator's figures."""
    label = _(
        "{title}: the values published, {start} to {end}.",
        title=indicator.title[_.language],
        start=formats.day(spots[0].day, _),
        end=formats.day(spots[-1].day, _),
    )
    return ReadingWords(_=_, indicator=indicator, label=label)
