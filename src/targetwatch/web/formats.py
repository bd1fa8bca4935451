"""Days, periods, amounts and states as a reader of either language writes them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation import phrases, words
from targetwatch.evaluation.goal import resolve
from targetwatch.model import Comparator, DataState, Qualifier, Text
from targetwatch.web import key_numbers
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from targetwatch.evaluation.goal import Resolved
    from targetwatch.model import (
        AsOf,
        Figure,
        Forecast,
        Indicator,
        Performance,
        Period,
        Reading,
        Target,
        TargetVersion,
        Verdict,
    )
    from targetwatch.web.key_numbers import Number
    from targetwatch.web.questions import Known

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WAN = 10_000


@dataclass(frozen=True, slots=True)
class Formats:
    """Everything a template may ask to be written, in one language."""

    language: str

    def day(self, day: date | None) -> str:
        """Return a day as it is written in a sentence; a dash when it is not known."""
        return phrases.day_words(day)[self.language] if day is not None else "—"

    def period(self, period: Period) -> str:
        """Return a period as briefly as it can be said.

        >>> from datetime import date; from targetwatch.model import Period
        >>> Formats("en").period(Period(date(2025, 1, 1), date(2025, 9, 30)))
        'Jan–Sep 2025'
        >>> Formats("zh").period(Period(date(2025, 1, 1), date(2025, 12, 31)))
        '2025年'
        >>> Formats("en").period(Period(date(2024, 12, 20), date(2025, 1, 8)))
        '20 Dec 2024 – 8 Jan 2025'
        """
        start, end = period.start, period.end
        if start == end:
            return self.day(end)
        whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
        if not whole or start.year != end.year:
            return f"{self.day(start)} – {self.day(end)}"
        if (start.month, end.month) == (1, 12):
            return f"{end.year}年" if self.language == "zh" else str(end.year)
        if self.language == "zh":
            months = f"{start.month}月" if start.month == end.month else f"{start.month}—{end.month}月"
            return f"{end.year}年{months}"
        first, last = MONTHS[start.month - 1], MONTHS[end.month - 1]
        return f"{first} {end.year}" if first == last else f"{first}–{last} {end.year}"

    def amount(self, value: Decimal | float | None, indicator: Indicator) -> str:
        """Return a value with its unit; a dash when it is not known."""
        return phrases.amount(value, indicator)[self.language] if value is not None else "—"

    def printed(self, row: Reading | Figure, indicator: Indicator) -> str:
        """Return a figure with what its publisher said of its exactness."""
        text = self.stated(row, indicator)
        if not row.rounding:
            return text
        return PHRASES["rounded"][self.language].format(amount=text, width=self.width(row.rounding, indicator))

    def stated(self, row: Reading | Figure, indicator: Indicator) -> str:
        """Return a figure with its publisher's "about" or "over", without the width it was rounded to."""
        text = self.amount(row.value, indicator)
        if row.qualifier is Qualifier.EXACT:
            return text
        return PHRASES[f"qualifier_{row.qualifier.value}"][self.language].format(amount=text)

    def width(self, half_width: Decimal, indicator: Indicator) -> str:
        """Return the half-width of a rounded figure; with its unit in Chinese, where the figure may count in 万."""
        return self.amount(half_width, indicator) if self.language == "zh" else f"{half_width.normalize():,f}"

    def bare(self, value: float, indicator: Indicator) -> str:
        """Return a drawn value without its unit, which the axis names."""
        return phrases.amount(self.exact(value), replace(indicator, unit="", unit_label=Text()))[self.language]

    def published(self, known: Known) -> str:
        """Return when a figure was published; "by" where it may only have been seen first on that day."""
        day = self.day(known.reading.published_on)
        return PHRASES["published_by"][self.language].format(day=day) if known.first_seen else day

    def sentence(self, text: Text) -> str:
        """Return words as a sentence of their own."""
        said = text[self.language]
        return f"{said[:1].upper()}{said[1:]}{PHRASES['stop'][self.language].strip()}" if said else ""

    def percent(self, ratio: float | Decimal | None, *, signed: bool = True) -> str:
        """Return a ratio as a percentage; a dash when it is not known."""
        if ratio is None:
            return "—"
        return phrases.percent(float(ratio)) if signed else f"{float(ratio) * 100:.1f} %"

    def number(self, value: float | None, digits: int = 2) -> str:
        """Return a bare number; a dash when it is not known."""
        return f"{value:,.{digits}f}" if value is not None else "—"

    def forecast(self, forecast: Forecast, indicator: Indicator) -> str:
        """Return a forecast's interval around its median."""
        median, low, high = (self.amount(value, indicator) for value in (forecast.median, forecast.low, forecast.high))
        return PHRASES["forecast_interval"][self.language].format(median=median, low=low, high=high)

    def performance(self, performance: Performance) -> str:
        """Return the performance in words."""
        return words.LEADS[performance][self.language]

    def data(self, verdict: Verdict, today: date) -> str:
        """Return where the figures are: through which day, and what is due or late. Says nothing of performance."""
        through = PHRASES["data_none" if verdict.data_through is None else "data_through"][self.language]
        first = through.format(day=self.day(verdict.data_through))
        due = verdict.next_release_due
        second = self.release(verdict.data_state, due, verdict.late_days)
        if verdict.data_state is DataState.NONE and due is not None and due < today:
            second = PHRASES["data_first_due"][self.language].format(day=self.day(due))
        return f"{first}{PHRASES['semicolon'][self.language]}{second}" if second else first

    def figure_data(self, figure: Figure, today: date) -> str:
        """Return what is due or late of an indicator; empty when its calendar names nothing."""
        late = figure.data_state is DataState.LATE and figure.next_release_due is not None
        days = (today - figure.next_release_due).days if late and figure.next_release_due else 0
        return self.release(figure.data_state, figure.next_release_due, days)

    def release(self, state: DataState, due: date | None, late_days: int) -> str:
        """Return the state of the next release in words; empty when there is nothing to say."""
        if state is DataState.CLOSED:
            return PHRASES["data_closed"][self.language]
        if due is None:
            return ""
        key = {DataState.LATE: "data_late", DataState.DUE: "data_due"}.get(state, "data_next")
        return PHRASES[key][self.language].format(day=self.day(due), days=late_days)

    def reason(self, verdict: Verdict) -> str:
        """Return the sentence of a verdict without the word that its badge says already."""
        return self.after_lead(verdict.sentence, verdict.performance)

    def after_lead(self, sentence: Text, performance: Performance) -> str:
        """Return a sentence without the word of its performance at the front."""
        said, lead = sentence[self.language], words.LEADS[performance][self.language]
        rest = said.removeprefix(lead).lstrip(":： ")
        return rest[:1].upper() + rest[1:]

    def outcome(self, counts: Mapping[Performance, int]) -> str:
        """Return how many targets ended how, the best first."""
        order = sorted(counts, key=list(words.LEADS).index)
        item = PHRASES["outcome_item"][self.language]
        said = [item.format(count=counts[one], state=self.performance(one).lower()) for one in order]
        return PHRASES["comma"][self.language].join(said)

    def moment(self, moment: datetime, as_of: AsOf) -> str:
        """Return a moment in the configured zone, with its offset."""
        return f"{moment.astimezone(as_of.moment.tzinfo):%Y-%m-%d %H:%M %Z}"

    def exact(self, value: float) -> Decimal:
        """Return a drawn value as the amount it stands for."""
        return Decimal(repr(value)).quantize(Decimal("0.0001")) if value else Decimal(0)

    def tick(self, value: float) -> str:
        """Return a value beside a grid line, counted in 万 where that is how it is read."""
        if self.language == "zh" and abs(value) >= WAN:
            return f"{value / WAN:,.4g}万"
        return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"

    def column(self, day: date, *, years: bool) -> str:
        """Return an evening below the chart."""
        if years:
            return str(day.year)
        return f"{day.month}月" if self.language == "zh" else MONTHS[day.month - 1]

    def goal(self, version: TargetVersion, goal: Resolved, indicator: Indicator) -> str:
        """Return a goal in words; a relative one without a baseline as the change it asks for."""
        if goal.comparator is Comparator.COMPLETE:
            return PHRASES["goal_complete"][self.language]
        if goal.value is None:
            return PHRASES["goal_change"][self.language].format(change=self.percent(version.goal.change))
        said = PHRASES[f"goal_{goal.comparator.value}"][self.language]
        return said.format(value=self.amount(goal.value, indicator), upper=self.amount(goal.upper, indicator))

    def goal_of(self, version: TargetVersion, indicator: Indicator) -> str:
        """Return the goal of any version in words."""
        return self.goal(version, resolve(version), indicator)

    def versions_until(self, target: Target, day: date) -> list[TargetVersion]:
        """Return the versions in force by a day."""
        return [version for version in target.versions if version.effective <= day]

    def calendar(self, indicator: Indicator) -> str:
        """Return a release calendar in words."""
        release = indicator.release
        said = [PHRASES[f"release_{release.every}"][self.language]]
        if release.lag_days or release.grace_days:
            lag = PHRASES["release_lag"][self.language]
            said.append(lag.format(lag=release.lag_days, grace=release.grace_days))
        if release.january_with_february:
            said.append(PHRASES["release_january"][self.language])
        if release.calendar:
            said.append(PHRASES["release_calendar"][self.language].format(country=release.calendar))
        return PHRASES["semicolon"][self.language].join(said)

    def numbers(self, verdict: Verdict, indicator: Indicator, version: TargetVersion, goal: Resolved) -> list[Number]:
        """Return the key numbers of a verdict, those that are known."""
        return key_numbers.of(self, verdict, indicator, version=version, goal=goal)
