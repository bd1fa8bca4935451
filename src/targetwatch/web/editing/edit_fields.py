"""The fields of a target's form: their names, how long they may be, and what stands in them for a target there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from targetwatch.model import Comparator, PlanShape
from targetwatch.quantity import format_period
from targetwatch.wording.versions import LONGEST_REASON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from targetwatch.model import Target, TargetVersion

NEW = "+"
"""Chosen in a list: something that is not in it yet. No id can be so."""
CHANGE = "change"
LIMITS = {
    "id": 64,
    "indicator": 64,
    "indicator_title_en": 200,
    "indicator_title_zh": 200,
    "indicator_id": 64,
    "indicator_unit": 40,
    "indicator_unit_en": 60,
    "indicator_unit_zh": 60,
    "indicator_authority": 64,
    "authority_en": 200,
    "authority_zh": 200,
    "indicator_every": 16,
    "indicator_lag": 8,
    "indicator_grace": 8,
    "indicator_calendar": 2,
    "comparator": 16,
    "goal": 80,
    "goal_upper": 80,
    "start": 40,
    "deadline": 40,
    "baseline": 80,
    "baseline_period": 40,
    "plan": 16,
    "effective": 40,
    "reason": LONGEST_REASON,
    "announced_by": 300,
    "announced_on": 40,
    "announced_source": 300,
    "announced_url": 2000,
    "announced_quote": 1000,
    "title_en": 200,
    "title_zh": 200,
    "short_en": 60,
    "short_zh": 60,
    "programme": 64,
    "programme_en": 200,
    "programme_zh": 200,
    "owner": 64,
    "owner_name_en": 120,
    "owner_name_zh": 120,
    "owner_email": 254,
    "owner_language": 2,
    "note_en": 1000,
    "note_zh": 1000,
}
"""The most characters a field may hold, in the order of the page."""
AREAS = frozenset({"note_en", "note_zh", "announced_quote", "reason"})
"""Fields of several lines."""
ROWS = {
    "waypoint": {"on": 40, "value": 80},
    "step": {"title_en": 200, "title_zh": 200, "due": 40, "id": 64},
}
"""Fields that come in rows: waypoint_on_1, step_due_2."""
MOST_ROWS = 60
DAYS = frozenset({"start", "deadline", "announced_on", "effective", "on", "due"})
OF_VERSION = ("effective", "reason")
_ROW = re.compile(r"(waypoint|step)_([a-z_]+)_([1-9][0-9]{0,2})")


def place(name: str) -> tuple[str, str, int] | None:
    """Return what a field of a row is called: ("step", "due", 2); None when it is none.

    >>> place("step_title_en_2"), place("step_length_2"), place("start")
    (('step', 'title_en', 2), None, None)
    """
    found = _ROW.fullmatch(name)
    if found is None or found[2] not in ROWS[found[1]]:
        return None
    return found[1], found[2], int(found[3])


def most(name: str) -> int | None:
    """Return how many characters a field may hold; None for what is no field of ours."""
    row = place(name)
    if row is not None:
        return ROWS[row[0]][row[1]]
    return LIMITS.get(name)


def kind_of(name: str) -> str:
    """Return a field's name without the number of its row: step_due_2 is step_due."""
    row = place(name)
    return f"{row[0]}_{row[1]}" if row else name


def is_day(name: str) -> bool:
    """Return whether a day stands in a field."""
    row = place(name)
    return (row[1] if row else name) in DAYS


def typed(values: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into fields of ours, for a page to carry on."""
    return {name: text for name, text in values.items() if most(name) is not None}


def numbers(values: Iterable[str], row: str) -> list[int]:
    """Return the numbers of the rows of a kind, ascending."""
    return sorted({found[2] for name in values if (found := place(name)) and found[0] == row})


def filled_rows(values: Mapping[str, str], row: str) -> list[int]:
    """Return the numbers of the rows in which something stands."""
    return [
        number
        for number in numbers(values, row)
        if any(values.get(f"{row}_{name}_{number}", "").strip() for name in ROWS[row])
    ]


def of_target(target: Target) -> dict[str, str]:
    """Return what stands in the form of a target, its last version in force or to come."""
    return {
        "title_en": target.title.en,
        "title_zh": target.title.zh,
        "short_en": "" if target.short == target.title else target.short.en,
        "short_zh": "" if target.short == target.title else target.short.zh,
        "programme": target.programme,
        "owner": target.owner.id,
        "note_en": target.note.en,
        "note_zh": target.note.zh,
        **of_version(target.versions[-1]),
    }


def of_version(version: TargetVersion) -> dict[str, str]:
    """Return what stands in the form of a promise."""
    goal, baseline, said = version.goal, version.baseline, version.announcement
    values = {
        "comparator": CHANGE if goal.change is not None else goal.comparator.value,
        "goal": percent(goal.change.by) if goal.change is not None else number(goal.value),
        "goal_upper": number(goal.upper),
        "baseline": number(baseline.value) if baseline else "",
        "baseline_period": format_period(baseline.period) if baseline else "",
        "start": day(version.start),
        "deadline": day(version.deadline),
        "plan": version.plan.shape.value,
        "announced_by": said.by,
        "announced_on": day(said.on),
        "announced_source": said.source,
        "announced_url": said.url,
        "announced_quote": said.quote,
    }
    if version.plan.shape is PlanShape.WAYPOINTS:
        for place_, point in enumerate(version.plan.waypoints, 1):
            values |= {f"waypoint_on_{place_}": day(point.on), f"waypoint_value_{place_}": number(point.value)}
    for place_, step in enumerate(version.steps, 1):
        values |= {
            f"step_id_{place_}": step.id,
            f"step_title_en_{place_}": step.title.en,
            f"step_title_zh_{place_}": step.title.zh,
            f"step_due_{place_}": day(step.due),
        }
    return values


def number(value: Decimal | None) -> str:
    """Return a number as it is typed: 270,000."""
    return "" if value is None else f"{value.normalize():,f}"


def percent(ratio: Decimal) -> str:
    """Return a change as it is typed: -60%."""
    return f"{(ratio * 100).normalize():+f}%"


def day(value: date | None) -> str:
    """Return a day as a date field holds it."""
    return value.isoformat() if value else ""


def comparators() -> tuple[str, ...]:
    """Return the words a goal with a number may begin with, the commonest first."""
    order = (Comparator.ABOVE, Comparator.AT_LEAST, Comparator.BELOW, Comparator.AT_MOST, Comparator.BETWEEN)
    return (*(one.value for one in order), CHANGE)
