"""When a source runs, in words: a crontab line as a person would say it, in English and Chinese.

A line that is too intricate for a sentence is still said in full, field by field; one that is no crontab stays as it
is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.model import Text
from targetwatch.quantity.crontab import crontab_problem, read_crontab

if TYPE_CHECKING:
    from targetwatch.quantity.crontab import Crontab

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS_ZH = "日一二三四五六"
SUNDAY_AGAIN, HOUR_MINUTES, DAY_HOURS = 7, 60, 24
MOST_TIMES = 6
"""More times of day than this are said as minutes and hours."""


def said(line: str) -> Text:
    """Return a crontab line in words; empty for none.

    >>> said("10 8 * * *").en, said("10 8 * * *").zh
    ('every day at 08:10', '每天08:10')
    >>> said("*/15 8-18 * * mon-fri").en
    'Monday to Friday, every 15 minutes between 08:00 and 18:59'
    >>> said("0 9 1,15 * *").zh
    '每月1日、15日09:00'
    """
    if not line.strip() or crontab_problem(line) is not None:
        return Text(line.strip(), line.strip())
    found = read_crontab(line)
    time, day = _time(found), _day(found)
    at_times = time.en.startswith("at ")
    if at_times:
        return Text(f"{day.en} {time.en}", f"{day.zh}{time.zh}")
    if found.every_day and found.every_weekday and len(found.months) == len(MONTH_NAMES):
        return Text(time.en, time.zh if time.zh.startswith("每") else f"{day.zh}{time.zh}")
    return Text(f"{day.en}, {time.en}", f"{day.zh}{time.zh}")


def _time(found: Crontab) -> Text:
    if len(found.minutes) * len(found.hours) <= MOST_TIMES:
        times = [f"{hour:02}:{minute:02}" for hour in found.hours for minute in found.minutes]
        return Text(f"at {_and(times)}", "、".join(times))
    minutes, hours = _minutes(found.minutes), _hours(found)
    return Text(f"{minutes.en}{hours.en}", f"{hours.zh}{minutes.zh}")


def _minutes(minutes: tuple[int, ...]) -> Text:
    step = _step(minutes, HOUR_MINUTES)
    if step == HOUR_MINUTES:
        return Text("every hour", "每小时整点")
    if step:
        return Text("every minute", "每分钟") if step == 1 else Text(f"every {step} minutes", f"每{step}分钟")
    listed = [str(minute) for minute in minutes]
    plural = "" if listed == ["1"] else "s"
    return Text(f"every hour, {_and(listed)} minute{plural} past", f"每小时{'、'.join(listed)}分")


def _hours(found: Crontab) -> Text:
    hours = found.hours
    step = _step(hours, DAY_HOURS)
    if step == 1:
        return Text("", "")
    if step:
        return Text(f" of every {step}th hour" if step > 2 else " of every second hour", f"每{step}小时中")  # noqa: PLR2004
    if hours == tuple(range(hours[0], hours[-1] + 1)):
        last = f"{hours[-1]:02}:{found.minutes[-1]:02}"
        first = f"{hours[0]:02}:{found.minutes[0]:02}"
        if found.minutes[-1] - found.minutes[0] + _gap(found.minutes) >= HOUR_MINUTES:
            last = f"{hours[-1]:02}:59"
        return Text(f" between {first} and {last}", f"{first}至{last}")
    listed = [f"{hour:02}" for hour in hours]
    return Text(f" in the hours {_and(listed)}", f"{'、'.join(listed)}时内")


def _gap(minutes: tuple[int, ...]) -> int:
    return minutes[1] - minutes[0] if len(minutes) > 1 else 0


def _step(numbers: tuple[int, ...], count: int) -> int:
    """Return the step by which numbers go through all of `count` from nought; 0 when they do not."""
    if numbers[0] != 0:
        return 0
    step = numbers[1] if len(numbers) > 1 else count
    return step if numbers == tuple(range(0, count, step)) and count % step == 0 else 0


def _day(found: Crontab) -> Text:
    months = _months(found.months)
    if found.every_day and found.every_weekday:
        return Text(f"every day{months.en}", f"{months.zh}每天")
    if found.every_day:
        week = _week(found.weekdays)
        return Text(f"{week.en}{months.en}", f"{months.zh}{week.zh}")
    dates = [_ordinal(day) for day in found.days]
    of = months.en.replace(" in ", " of ") or " of every month"
    month_zh = months.zh or "每月"
    dates_zh = "、".join(f"{day}日" for day in found.days)
    if found.every_weekday:
        return Text(f"on the {_and(dates)}{of}", f"{month_zh}{dates_zh}")
    week = _week(found.weekdays)
    if found.both:
        names, names_zh = week.en.removeprefix("every "), week.zh.removeprefix("每")
        return Text(f"on the {_and(dates)}{of}, if that is {names}", f"{month_zh}{dates_zh}且为{names_zh}")
    return Text(f"on the {_and(dates)}{of}, and also {week.en}", f"{month_zh}{dates_zh}，以及{week.zh}")


def _week(numbers: tuple[int, ...]) -> Text:
    """Return weekdays in words, the week beginning on Monday."""
    weekdays = sorted(numbers, key=lambda day: day or SUNDAY_AGAIN)
    names = [DAYS[day] for day in weekdays]
    stretch = (weekdays[-1] or SUNDAY_AGAIN) - weekdays[0] + 1
    if len(weekdays) > 2 and weekdays[0] and stretch == len(weekdays):  # noqa: PLR2004 - two are listed
        return Text(f"{names[0]} to {names[-1]}", f"周{DAYS_ZH[weekdays[0]]}至周{DAYS_ZH[weekdays[-1]]}")
    if len(names) == 1:
        return Text(f"every {names[0]}", f"每周{DAYS_ZH[weekdays[0]]}")
    return Text(f"every {_and(names)}", "每" + "、".join(f"周{DAYS_ZH[day]}" for day in weekdays))


def _months(months: tuple[int, ...]) -> Text:
    if len(months) == len(MONTH_NAMES):
        return Text("", "")
    names = [MONTH_NAMES[month - 1] for month in months]
    return Text(f" in {_and(names)}", "、".join(f"{month}月" for month in months))


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number in {11, 12, 13} else endings.get(number % 10, 'th')}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
