"""When a mail leaves: minutes after something is noted, so that what comes together is one mail, in the hours set."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from targetwatch.evaluation.days import ONE_DAY, is_holiday, is_working_day
from targetwatch.settings import Settings

WAIT = timedelta(minutes=5)
"""What comes within this time goes into one mail."""
FRIDAY = 4
MOST_DAYS = 400
"""No calendar has so many holidays in a row."""


def leaves_at(noted_at: datetime, settings: Settings) -> datetime:
    """Return when a mail leaves about what was noted at a moment, if nothing holds it up; in the configured zone."""
    return next_open(noted_at + WAIT, settings)


def is_open(moment: datetime, settings: Settings) -> bool:
    """Return whether mails leave at a moment."""
    return next_open(moment, settings) == moment


def next_open(moment: datetime, settings: Settings) -> datetime:
    """Return the first moment from `moment` on at which mails leave, in the configured zone."""
    hours, zone = settings.hours, settings.zone
    local = moment.astimezone(zone)
    if hours.always:
        return local
    for days in range(MOST_DAYS):
        day = local.date() + days * ONE_DAY
        opens, closes = (_at(day, clock, settings) for clock in (hours.opens, hours.closes))
        if _is_open_on(day, settings) and local < closes:
            return max(local, opens)
    return local


def _is_open_on(day: date, settings: Settings) -> bool:
    """Return whether mails leave on a day: one of those set that is no holiday, or a weekend's that was moved."""
    days, calendar = settings.hours.days, settings.holiday_calendar
    if is_holiday(day, calendar):
        return False
    return day.weekday() in days or (FRIDAY in days and is_working_day(day, calendar))


def _at(day: date, clock: time, settings: Settings) -> datetime:
    return datetime.combine(day, clock, settings.zone)
