"""What the rules find wrong with a form: at which field it stands, and how it is said there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from targetwatch.web.editing import edit_fields
from targetwatch.web.editing.edit_values import WrongError
from targetwatch.web.formats import Formats
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from targetwatch.configuration import Finding
    from targetwatch.configuration.yaml import KeyPath
    from targetwatch.model import Indicator
    from targetwatch.web.editing.edit_reading import Reading

FIELDS = {
    "title.en": "title_en",
    "title.zh": "title_zh",
    "short.en": "short_en",
    "short.zh": "short_zh",
    "owner.name": "owner_name_en",
    "owner.name.en": "owner_name_en",
    "owner.name.zh": "owner_name_zh",
    "owner.email": "owner_email",
    "owner.language": "owner_language",
    "owner.id": "owner_name_en",
    "note.en": "note_en",
    "note.zh": "note_zh",
    "note": "note_en",
    "goal.between": "goal_upper",
    "baseline.value": "baseline",
    "baseline.period": "baseline_period",
    "announcement": "announced_by",
    "announcement.by": "announced_by",
    "announcement.on": "announced_on",
    "announcement.source": "announced_source",
    "announcement.url": "announced_url",
    "announcement.quote": "announced_quote",
    "plan.waypoints": "plan",
    "steps": "step_title_en_1",
}
OF_INDICATOR = {
    "id": "indicator_id",
    "title.en": "indicator_title_en",
    "title.zh": "indicator_title_zh",
    "unit": "indicator_unit",
    "authority": "indicator_authority",
    "release.every": "indicator_every",
    "release.lag": "indicator_lag",
    "release.grace": "indicator_grace",
    "release.calendar": "indicator_calendar",
}
OTHERS = {"programmes": "programme", "publishers": "authority"}
SAID_BY_KIND = {
    "id": "slug",
    "indicator_id": "slug",
    "step_id": "slug",
    "owner_email": "email",
    "announced_url": "address",
    "baseline_period": "period",
    "indicator_lag": "days",
    "indicator_grace": "days",
    "indicator_calendar": "country",
    "programme": "choice",
    "owner": "choice",
    "indicator": "choice",
    "plan": "choice",
    "indicator_authority": "choice",
    "indicator_every": "choice",
    "owner_language": "choice",
}
"""What a value that does not fit is called, by the field; anything else that does not fit was left empty."""

EASED = {
    "goal": N_("the goal"),
    "deadline": N_("the deadline"),
    "steps": N_("the steps"),
    "start": N_("the first day"),
}
"""What is easier to reach than before."""
WRONG = {
    "empty": N_("Nothing stands here, please fill it in"),
    "empty_both": N_("Please fill in at least one of the two languages"),
    "choice": N_("This cannot be chosen, please choose one of the list"),
    "too_long": N_("{count} characters, at most {most} fit here"),
    "unprintable": N_("It holds characters that cannot be seen, please type it anew"),
    "number": N_("Not a number, expected one such as 300,000, 30万 or 28.33 billion"),
    "number_qualified": N_("Please give the bare number and choose “more than” or the like beside it"),
    "number_unit": N_("It says {said}, but this is counted in {unit}"),
    "number_unit_none": N_(
        "It says {said}, but what this is counted in is not known yet: choose the indicator, or give its unit, first"
    ),
    "percent": N_("Not a percentage, expected one such as -60%"),
    "day": N_("Not a day, expected one such as 2025-07-01"),
    "day_far": N_("Expected a day from {first} to {last}"),
    "period": N_("Not a period, expected one such as 2024, 2024-12 or 2024-01..2024-06"),
    "email": N_("Not an e-mail address, expected one such as name@example.org"),
    "address": N_("Not a web address, expected one that begins with https://"),
    "slug": N_("Only lower-case letters, digits and single hyphens, such as cargo-2026"),
    "id_taken": N_("There is one of that name already; {other} is free"),
    "days": N_("Expected a number of days, such as 31"),
    "country": N_("Expected a two-letter country code, such as CN"),
    "nothing": N_("Nothing has been changed"),
    "between_two": N_("Both numbers are needed"),
    "between_order": N_("It has to be larger than the first number"),
    "change_none": N_("A change of 0% or below -100% is no goal"),
    "baseline_missing": N_("A change by % needs a value to start from; where none is published, say so in a note"),
    "baseline_zero": N_("0 cannot change by a percentage"),
    "baseline_inside": N_("The period has to end by the first day"),
    "deadline_before_start": N_("The deadline is before the first day"),
    "deadline_over": N_("It was over when it was announced"),
    "deadline_missing": N_("Only steps may go without a deadline"),
    "waypoint_outside": N_("Outside the days from first day to deadline"),
    "waypoint_order": N_("The points have to be in the order of their days"),
    "waypoint_beyond": N_("More than the goal itself"),
    "waypoint_falls": N_("Less than the point before, though it adds up"),
    "waypoints_missing": N_("Please give at least one point"),
    "steps_missing": N_("Please give at least one step"),
    "step_twice": N_("An earlier step has this short name"),
    "step_due_late": N_("After the deadline of the target"),
    "step_due_early": N_("Before the first day of the target"),
    "goal_bounds": N_("Outside what this indicator can be ({low} to {high})"),
    "meanwhile": N_("Something of it was saved by somebody else in the meantime, please look again"),
    "reason": N_("The promise gets easier to keep ({easier}), please say why"),
    "effective_before_last": N_("The version before counts from {day}; this one has to come on that day or later"),
    "effective_before_announcement": N_("It was announced on {day} and cannot count earlier"),
    "effective_after_deadline": N_("The deadline is {day}; a change after it would change nothing"),
}
"""What is wrong, by its code."""


SAID_ALIKE = {"between_nothing": "between_order"}
OF_RULES = frozenset(
    {
        "between_two",
        "between_order",
        "change_none",
        "baseline_missing",
        "baseline_zero",
        "baseline_inside",
        "deadline_before_start",
        "deadline_over",
        "deadline_missing",
        "waypoint_outside",
        "waypoint_order",
        "waypoint_beyond",
        "waypoint_falls",
        "steps_missing",
        "step_twice",
        "step_due_late",
        "step_due_early",
        "goal_bounds",
    }
)
"""What is wrong between values: said as such, and not by the field that does not fit."""


def of(finding: Finding, reading: Reading) -> tuple[str, WrongError]:
    """Return the field a problem belongs to, and the problem as a form says it."""
    name = _field(finding.path, reading)
    code = SAID_ALIKE.get(finding.problem.code, finding.problem.code)
    if code not in OF_RULES:
        kind = edit_fields.kind_of(name)
        typed = reading.values.get(name, "").strip()
        code = SAID_BY_KIND.get(kind, "day" if edit_fields.is_day(name) else "empty") if typed else "empty"
        if name == "plan" and typed == "waypoints":
            code = "waypoints_missing"
    return name, WrongError(code)


def sentence(wrong: WrongError, language: str, indicator: Indicator | None = None) -> str:
    """Return what is wrong in the reader's language."""
    _ = translator(language)
    formats, said = Formats(language), dict[str, Any](wrong.said)
    if "day" in said:
        said["day"] = formats.day(said["day"])
    if "easier" in said:
        parts = [_(EASED[part]) for part in said["easier"]]
        said["easier"] = _(", ").join(parts)
    if wrong.code == "goal_bounds" and indicator is not None:
        any_ = _("any")
        low, high = indicator.lowest, indicator.highest
        said["low"] = any_ if low is None else formats.amount(low, indicator)
        said["high"] = any_ if high is None else formats.amount(high, indicator)
    return _(WRONG[wrong.code], **said)


def sentences(wrong: Mapping[str, WrongError], language: str, indicator: Indicator | None = None) -> dict[str, str]:
    """Return everything that is wrong, by field, in the reader's language."""
    return {name: sentence(one, language, indicator) for name, one in wrong.items()}


def order(names: Iterable[str]) -> list[str]:
    """Return fields in the order in which they stand on the page."""
    listed = list(edit_fields.LIMITS)

    def key(name: str) -> tuple[int, int, str]:
        row = edit_fields.place(name)
        if row is not None:
            return (listed.index("plan"), row[2], name)
        return (listed.index(name) if name in listed else -1, 0, name)

    return sorted(names, key=key)


def _field(path: KeyPath, reading: Reading) -> str:
    section, _, *keys = path
    dotted = ".".join(str(key) for key in keys)
    if section == "indicators":
        return OF_INDICATOR.get(dotted, "indicator_title_en")
    if section in OTHERS:
        return f"{OTHERS[str(section)]}_{'zh' if dotted.endswith('zh') else 'en'}"
    if keys[:2] == ["plan", "waypoints"] and len(keys) > 2:  # noqa: PLR2004 - plan, waypoints, number
        number = edit_fields.filled_rows(reading.values, "waypoint")[int(keys[2])]
        return f"waypoint_{keys[3] if len(keys) > 3 else 'on'}_{number}"  # noqa: PLR2004
    if keys[:1] == ["steps"] and len(keys) > 1:
        number = edit_fields.filled_rows(reading.values, "step")[int(keys[1])]
        return f"step_{'_'.join(str(key) for key in keys[2:]) or 'id'}_{number}"
    if dotted in FIELDS:
        return FIELDS[dotted]
    return str(keys[0]) if keys and edit_fields.most(str(keys[0])) else "goal" if keys[:1] == ["goal"] else ""
