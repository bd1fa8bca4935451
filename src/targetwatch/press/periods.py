"""Which days the words for a time stand for, and what had to be assumed to say so."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from targetwatch.model import Period, Text
from targetwatch.press.when import When
from targetwatch.quantity.period import EARLIEST, LATEST


@dataclass(frozen=True, slots=True)
class Known:
    """What a year can be taken from: the day of publication (else today), and a year printed shortly before."""

    day: date
    published: bool
    carried: int | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The days words stand for; `why` says what was assumed, and is empty when all was printed."""

    period: Period
    why: Text = Text()  # noqa: RUF009 - Text is frozen

    @property
    def inferred(self) -> bool:
        """Return whether something was assumed."""
        return bool(self.why.en)


def days(when: When, known: Known) -> Days | None:
    """Return the days that `when` stands for; None when the calendar has no such day."""
    if when.weekday is not None:
        back = (known.day.weekday() - when.weekday) % 7
        return on_day(known.day, _counted(known), back=back)
    year, why = _year(when, known)
    found = _of_year(when, year)
    return None if found is None else Days(found, why)


def on_day(day: date, why: Text, *, back: int = 0) -> Days | None:
    """Return a day, `back` days before; None outside the years a period may be entered for."""
    if not EARLIEST <= day.year <= LATEST:
        return None
    before = day - timedelta(days=back)
    return Days(Period(before, before), why)


def _year(when: When, known: Known) -> tuple[int, Text]:
    if when.year is not None:
        return when.year, Text()
    if when.relative is not None:
        return known.day.year + when.relative, _counted(known)
    if known.carried is not None and _over(when, known.carried, known.day):
        return known.carried, Text(
            en=f"The year {known.carried} is taken from earlier in the text.", zh=f"年份{known.carried}取自前文。"
        )
    year = known.day.year
    return (year if _over(when, year, known.day) else year - 1), _counted(known)


def _over(when: When, year: int, day: date) -> bool:
    found = _of_year(when, year)
    return found is not None and found.end <= day


def _of_year(when: When, year: int) -> Period | None:
    if not EARLIEST <= year <= (when.to_year or year) <= LATEST:
        return None
    try:
        start = date(year, when.first, when.first_day or 1)
        end_year = when.to_year or year
        end = date(end_year, when.last, when.day or monthrange(end_year, when.last)[1])
    except ValueError:
        return None
    return Period(start, end) if start <= end else None


def _counted(known: Known) -> Text:
    if known.published:
        return Text(
            en=f"The text does not print the year; it is counted from the day of publication, {known.day}.",
            zh=f"原文未写明年份，按公布日期{known.day}推算。",
        )
    return Text(
        en=f"The text prints no year and no day of publication is known; it is counted from today, {known.day}.",
        zh=f"原文未写明年份且公布日期未知，按今天（{known.day}）推算。",
    )
