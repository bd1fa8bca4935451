"""A crontab line of five fields: what is wrong with one, if anything.

Weekdays are crontab's (0 and 7 are Sunday); the scheduler translates them for its library.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()
    first_name: int = 0


FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, MONTHS, 1),
    _Field("weekday", 0, 7, WEEKDAYS),
)


def crontab_problem(line: str) -> str | None:
    """Return why `line` is not five crontab fields, with what was expected; None when it is.

    >>> crontab_problem("*/15 8-18 * * mon-fri"), crontab_problem("0 25 * * *")
    (None, "'0 25 * * *' has hour 25, expected 0 to 23")
    """
    if line.strip() in NICKNAMES:
        return f"'{line}' is a nickname, write '{NICKNAMES[line.strip()]}'"
    parts = line.split()
    if len(parts) != len(FIELDS):
        return (
            f"'{line}' has {len(parts)} fields, expected five: minute, hour, day of the month, month, weekday,"
            " such as '0 9 * * *'"
        )
    for part, kind in zip(parts, FIELDS, strict=True):
        if problem := _field_problem(part, kind):
            return f"'{line}' has {problem}"
    return _never(line, parts)


def _field_problem(part: str, kind: _Field) -> str | None:
    for item in part.split(","):
        found = re.fullmatch(r"(\*|[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)?)(?:/(\d+))?", item)
        if not found:
            return f"{kind.name} '{item}', expected *, a number, a range such as 1-5 or a step such as */15"
        bounds = [] if found[1] == "*" else [_number(word, kind) for word in found[1].split("-")]
        for word, bound in zip(found[1].split("-"), bounds, strict=False):
            if bound is None or not kind.lowest <= bound <= kind.highest:
                names = f" or {kind.names[0]} to {kind.names[-1]}" if kind.names else ""
                return f"{kind.name} {word}, expected {kind.lowest} to {kind.highest}{names}"
        numbers = [bound for bound in bounds if bound is not None]
        if len(numbers) > 1 and numbers[0] > numbers[1]:
            return f"{kind.name} {found[1]}, which runs backwards, expected the smaller first"
        if found[2] is not None and not 1 <= int(found[2]) <= kind.highest:
            return f"{kind.name} step /{found[2]}, expected 1 to {kind.highest}"
    return None


def _number(word: str, kind: _Field) -> int | None:
    if word.isdigit():
        return int(word)
    return kind.names.index(word.lower()) + kind.first_name if word.lower() in kind.names else None


def _never(line: str, parts: list[str]) -> str | None:
    """Return that a day such as 31 February never comes (a weekday beside it would be a second chance)."""
    days, months, weekdays = parts[2], parts[3], parts[4]
    if weekdays != "*" or not re.fullmatch(r"\d+(,\d+)*", days) or "*" in months:
        return None
    longest = max(monthrange(LEAP_YEAR, month)[1] for month in _months(months))
    if min(int(day) for day in days.split(",")) > longest:
        return f"'{line}' never comes, expected a day that month {months} has (at most {longest})"
    return None


def _months(part: str) -> list[int]:
    found: list[int] = []
    for item in part.split(","):
        ends = [_number(word, FIELDS[3]) or 1 for word in item.split("/")[0].split("-")]
        found.extend(range(ends[0], ends[-1] + 1))
    return found
