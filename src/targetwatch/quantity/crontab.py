"""A crontab line of five fields, read as cron reads it: weekdays count from Sunday, which is 0 and 7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from targetwatch.model.problem import Problem

FIELDS = ("minute", "hour", "day", "month", "weekday")
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
ANY_DAY = datetime(2024, 1, 1, tzinfo=UTC)
SHORTER_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
DAYS_A_WEEK, LONGEST_MONTH = 7, 31


@dataclass(frozen=True, slots=True)
class Crontab:
    """The numbers each field allows, ascending; `both` where day and weekday have to fit, not only one of them."""

    line: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    both: bool

    @property
    def every_day(self) -> bool:
        """Return whether the day of the month says nothing."""
        return len(self.days) == LONGEST_MONTH

    @property
    def every_weekday(self) -> bool:
        """Return whether the weekday says nothing."""
        return len(self.weekdays) == DAYS_A_WEEK

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the first minute after a moment that the line names on the clocks of `zone`; None where there is none.

        A time of day that the clocks skip is made up for when they go on, one that they show twice comes once.

        >>> from zoneinfo import ZoneInfo
        >>> line, berlin = read_crontab("30 2 * * *"), ZoneInfo("Europe/Berlin")
        >>> f"{line.after(datetime(2025, 3, 29, 12, tzinfo=UTC), berlin):%d %H:%M}"
        '30 03:00'
        """
        coming = CronSim(self.line, moment.astimezone(zone))
        return next((found for found in coming if found.astimezone(UTC) > moment), None)


def read_crontab(line: str) -> Crontab:
    """Return a line in which `crontab_problem` finds nothing.

    >>> read_crontab("0 9 * * 5-7").weekdays
    (0, 5, 6)
    """
    found = CronSim(line, ANY_DAY)
    weekdays = {day % DAYS_A_WEEK for day in cast(set[int], found.weekdays)}
    minutes, hours, days, months, week = (
        tuple(sorted(numbers)) for numbers in (found.minutes, found.hours, found.days, found.months, weekdays)
    )
    return Crontab(" ".join(line.split()), minutes, hours, days, months, week, found.day_and)


def crontab_problem(line: str) -> Problem | None:
    """Return what is wrong with a line, with what was expected; None when nothing is.

    >>> crontab_problem("*/15 8-18 * * mon-fri"), crontab_problem("0 25 * * *").code
    (None, 'crontab_hour')
    """
    if line.strip() in NICKNAMES:
        return Problem("crontab_nickname", {"line": line.strip(), "expected": NICKNAMES[line.strip()]})
    parts = line.split()
    if len(parts) != len(FIELDS):
        return Problem("crontab_fields", {"line": line, "count": len(parts)})
    for place, part in enumerate(parts):
        for item in part.split(","):
            if not _is_read([item if one == place else "*" for one in range(len(FIELDS))]):
                code = f"crontab_{FIELDS[place]}" if item.isalnum() else "crontab_form"
                return Problem(code, {"line": line, "item": item})
    if not _is_read(parts):
        months = CronSim(f"* * * {parts[3]} *", ANY_DAY).months
        longest = max(SHORTER_MONTHS.get(month, LONGEST_MONTH) for month in months)
        return Problem("crontab_never", {"line": line, "months": parts[3], "longest": longest})
    return None


def _is_read(parts: list[str]) -> bool:
    """Return whether fields are crontab's; "L" and "#", which the library knows too, are not."""
    try:
        found = CronSim(" ".join(parts), ANY_DAY)
    except CronSimError:
        return False
    return min(found.days) > 0 and all(isinstance(day, int) for day in found.weekdays)
