"""When figures come and when sources run, in words: releases due or late, their calendar, and a crontab line.

A line that is too intricate for a sentence is still said in full, field by field; one that is no crontab stays as it
is written.
"""

from __future__ import annotations

from datetime import date

from targetwatch.model import DataState, Figure, Indicator, Verdict
from targetwatch.quantity.crontab import Crontab, crontab_problem, read_crontab
from targetwatch.wording import terms
from targetwatch.wording.formats import LATE_FOR_LONG_DAYS, country
from targetwatch.wording.formats import day as written
from targetwatch.wording.translation import N_, NC_, Translator, listed


def data_state(verdict: Verdict, today: date, _: Translator) -> str:
    """Return through which day figures are known, and what is due or late; says nothing of performance."""
    through, due = verdict.data_through, verdict.next_release_due
    first = _("no figure yet") if through is None else _("figures to {day}", day=written(through, _))
    second = next_release(verdict.data_state, due, verdict.late_days, _)
    if verdict.data_state is DataState.NONE and due is not None and due < today:
        second = _("the first was due {day}", day=written(due, _))
    return f"{first}{_('; ')}{second}" if second else first


def data_state_of_figure(figure: Figure, today: date, _: Translator) -> str:
    """Return what is due or late of an indicator; empty when its calendar names nothing."""
    due = figure.next_release_due
    days = (today - due).days if figure.data_state is DataState.LATE and due is not None else 0
    return next_release(figure.data_state, due, days, _)


def release_calendar(indicator: Indicator, _: Translator) -> str:
    """Return a release calendar in words."""
    release = indicator.release
    said = [_(terms.RELEASES[release.every])]
    if release.lag or release.grace:
        lag, grace = release.lag, release.grace
        said.append(_("{lag} days after the period's end; late after {grace} more", lag=lag, grace=grace))
    if release.january_with_february:
        said.append(_("January and February together"))
    if release.calendar:
        said.append(_("moved to working days ({country})", country=country(release.calendar, _)))
    return _("; ").join(said)


def next_release(state: DataState, due: date | None, late_days: int, _: Translator) -> str:
    """Return the state of the next release in words; empty when there is nothing to say."""
    if state is DataState.CLOSED:
        return _("no further figure is expected")
    if due is None:
        return ""
    said = N_("the next has been due since {day}") if state is DataState.DUE else N_("the next is due {day}")
    if state is DataState.LATE:
        one, many = N_("the next was due {day}, {days} day late"), N_("the next was due {day}, {days} days late")
        said = one if late_days == 1 else many
        if late_days > LATE_FOR_LONG_DAYS:
            said = N_("the next was due {day} and is missing")
    return _(said, day=written(due, _), days=late_days)


DAYS = (N_("Sunday"), N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"))
MONTH_NAMES = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
ORDINALS = {1: N_("{number}st"), 2: N_("{number}nd"), 3: N_("{number}rd")}
SUNDAY_AGAIN, HOUR_MINUTES, DAY_HOURS = 7, 60, 24
MOST_TIMES = 6
"""More times of day than this are said as minutes and hours."""


def schedule_in_words(line: str, _: Translator) -> str:
    """Return a crontab line in words; empty for none.

    >>> from targetwatch.wording.translation import translator
    >>> schedule_in_words("10 8 * * *", translator("en"))
    'every day at 08:10'
    >>> schedule_in_words("*/15 8-18 * * mon-fri", translator("en"))
    'Monday to Friday, every 15 minutes between 08:00 and 18:59'
    """
    if not line.strip() or crontab_problem(line) is not None:
        return line.strip()
    found = read_crontab(line)
    day = _day(found, _)
    if len(found.minutes) * len(found.hours) <= MOST_TIMES:
        times = [f"{hour:02}:{minute:02}" for hour in found.hours for minute in found.minutes]
        return _("{day} at {times}", day=day, times=listed(times, _))
    always = found.every_day and found.every_weekday and len(found.months) == len(MONTH_NAMES)
    time = _time(found, _, every_day=always)
    return time if always else _("{day}, {time}", day=day, time=time)


def _time(found: Crontab, _: Translator, *, every_day: bool) -> str:
    """Return minutes and hours; with `every_day` they are said for themselves."""
    minutes, hours = _minutes(found.minutes, _), found.hours
    step = _step(hours, DAY_HOURS)
    if step == 1:
        return minutes
    if step:
        each = N_("{minutes} of every second hour") if step == 2 else N_("{minutes} of every {step}th hour")  # noqa: PLR2004
        return _(each, minutes=minutes, step=step)
    if hours == tuple(range(hours[0], hours[-1] + 1)):
        last = f"{hours[-1]:02}:{found.minutes[-1]:02}"
        first = f"{hours[0]:02}:{found.minutes[0]:02}"
        if found.minutes[-1] - found.minutes[0] + _gap(found.minutes) >= HOUR_MINUTES:
            last = f"{hours[-1]:02}:59"
        alone = NC_("every day", "{minutes} between {first} and {last}")
        between = alone if every_day else N_("{minutes} between {first} and {last}")
        return _(between, minutes=minutes, first=first, last=last)
    alone = NC_("every day", "{minutes} in the hours {hours}")
    within = alone if every_day else N_("{minutes} in the hours {hours}")
    return _(within, minutes=minutes, hours=listed([f"{hour:02}" for hour in hours], _))


def _minutes(minutes: tuple[int, ...], _: Translator) -> str:
    step = _step(minutes, HOUR_MINUTES)
    if step == HOUR_MINUTES:
        return _("every hour")
    if step:
        return _("every minute") if step == 1 else _("every {step} minutes", step=step)
    past = N_("every hour, {minutes} minute past") if minutes == (1,) else N_("every hour, {minutes} minutes past")
    return _(past, minutes=listed([str(minute) for minute in minutes], _))


def _gap(minutes: tuple[int, ...]) -> int:
    return minutes[1] - minutes[0] if len(minutes) > 1 else 0


def _step(numbers: tuple[int, ...], count: int) -> int:
    """Return the step by which numbers go through all of `count` from nought; 0 when they do not."""
    if numbers[0] != 0:
        return 0
    step = numbers[1] if len(numbers) > 1 else count
    return step if numbers == tuple(range(0, count, step)) and count % step == 0 else 0


def _day(found: Crontab, _: Translator) -> str:
    months = listed([_(MONTH_NAMES[month - 1]) for month in found.months], _)
    is_every_month = len(found.months) == len(MONTH_NAMES)
    if found.every_day and found.every_weekday:
        return _("every day") if is_every_month else _("every day in {months}", months=months)
    week = _week(found.weekdays, _)
    if found.every_day:
        return week if is_every_month else _("{week} in {months}", week=week, months=months)
    dates = listed([_ordinal(day, _) for day in found.days], _)
    day = _("on the {dates} of every month", dates=dates)
    if not is_every_month:
        day = _("on the {dates} of {months}", dates=dates, months=months)
    if found.every_weekday:
        return day
    if found.both:
        return _("{day}, if that is {week}", day=day, week=_week(found.weekdays, _, every=False))
    return _("{day}, and also {week}", day=day, week=week)


def _week(numbers: tuple[int, ...], _: Translator, *, every: bool = True) -> str:
    """Return weekdays in words, the week beginning on Monday."""
    weekdays = sorted(numbers, key=lambda day: day or SUNDAY_AGAIN)
    names = [_(DAYS[day]) for day in weekdays]
    stretch = (weekdays[-1] or SUNDAY_AGAIN) - weekdays[0] + 1
    if len(weekdays) > 2 and weekdays[0] and stretch == len(weekdays):  # noqa: PLR2004 - two are listed
        return _("{first} to {last}", first=names[0], last=names[-1])
    return _("every {days}", days=listed(names, _)) if every else listed(names, _)


def _ordinal(number: int, _: Translator) -> str:
    is_teen = number in {11, 12, 13}
    return _(N_("{number}th") if is_teen else ORDINALS.get(number % 10, N_("{number}th")), number=number)
