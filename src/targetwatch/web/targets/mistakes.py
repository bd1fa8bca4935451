"""How a form says what is wrong with a field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from targetwatch.web.formats import Formats
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Indicator
    from targetwatch.web.targets.fields import WrongError

EASED = {
    "goal": N_("the goal"),
    "deadline": N_("the deadline"),
    "steps": N_("the steps"),
    "start": N_("the first day"),
}
"""What is easier to reach than before."""
MISTAKES = {
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
    "unchanged": N_("Nothing has been changed"),
    "between_two": N_("Both numbers are needed"),
    "between_order": N_("It has to be larger than the first number"),
    "between_nothing": N_("It has to be larger than the first number"),
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
    "empty_list": N_("Please give at least one point"),
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
"""What is wrong, by its code: that of the rules where they find it between values that can be read."""


def sentence(wrong: WrongError, language: str, indicator: Indicator | None = None) -> str:
    """Return what is wrong in the reader's language."""
    _ = translator(language)
    formats, said = Formats(language), dict[str, Any](wrong.said)
    if isinstance(said.get("day"), date):
        said["day"] = formats.day(said["day"])
    if "easier" in said:
        parts = [_(EASED[part]) for part in said["easier"]]
        said["easier"] = _(", ").join(parts)
    if wrong.code == "goal_bounds" and indicator is not None:
        any_ = _("any")
        low, high = indicator.lowest, indicator.highest
        said["low"] = any_ if low is None else formats.amount(low, indicator)
        said["high"] = any_ if high is None else formats.amount(high, indicator)
    return _(MISTAKES[wrong.code], **said)


def sentences(wrong: Mapping[str, WrongError], language: str, indicator: Indicator | None = None) -> dict[str, str]:
    """Return everything that is wrong, by field, in the reader's language."""
    return {name: sentence(one, language, indicator) for name, one in wrong.items()}
