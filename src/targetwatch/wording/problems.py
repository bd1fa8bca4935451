"""The sentence of every problem: one table by code, and how its values are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from targetwatch.model import Period
from targetwatch.model.problem import Amount, Name, Problem, Ratio
from targetwatch.quantity import format_period
from targetwatch.wording.translation import N_, Translator, translator

if TYPE_CHECKING:
    from targetwatch.errors import TargetwatchError
    from targetwatch.model.problem import Value

SENTENCES: Mapping[str, str] = {
    # --- names ---
    "not_found": N_("{kind} '{name}': not found"),
    "not_found_near": N_("{kind} '{name}': not found; did you mean {near}?"),
    "not_found_among": N_("{kind} '{name}': not found; there are: {names}"),
    # --- when a source runs ---
    "crontab_nickname": N_("'{line}' is a nickname, write '{expected}'"),
    "crontab_fields": N_(
        "'{line}' has {count} fields, expected five: minute, hour, day of the month, month, weekday,"
        " such as '0 9 * * *'"
    ),
    "crontab_minute": N_("'{line}' has minute {item}, expected 0 to 59"),
    "crontab_hour": N_("'{line}' has hour {item}, expected 0 to 23"),
    "crontab_day": N_("'{line}' has day of the month {item}, expected 1 to 31"),
    "crontab_month": N_("'{line}' has month {item}, expected 1 to 12 or jan to dec"),
    "crontab_weekday": N_("'{line}' has weekday {item}, expected 0 to 7 or sun to sat"),
    "crontab_form": N_(
        "'{line}' has '{item}', expected *, a number, a range such as 1-5, the smaller first, or a step such as */15"
    ),
    "crontab_never": N_("'{line}' never comes, expected a day that month {months} has (at most {longest})"),
}


def sentence(problem: Problem, _: Translator) -> str:
    """Return what is wrong, without its place; a code that is none of ours is a text kept as it was written."""
    values = {name: _written(value, _, near=name == "near") for name, value in problem.values.items()}
    said = values.pop("said", None)
    words = _(SENTENCES[problem.code], **values) if problem.code in SENTENCES else problem.code
    return words if said is None else _("'{said}': {what_is_wrong}", said=said, what_is_wrong=words)


def placed(problem: Problem, _: Translator) -> str:
    """Return what is wrong after its place: "targets.yaml:3: goal: ..."."""
    return problem.placed(sentence(problem, _))


def of_error(error: TargetwatchError, _: Translator) -> str:
    """Return everything an error speaks of: in one line, or a line each where they have their place in a file."""
    parting = "\n" if any(problem.file for problem in error.problems) else "; "
    return parting.join(placed(problem, _) for problem in error.problems)


def in_english(error: TargetwatchError) -> str:
    """Return what a log, a terminal or a program is told."""
    return of_error(error, translator("en"))


def _written(value: Value, _: Translator, *, near: bool = False) -> str:
    """Return a value as it stands in a sentence."""
    match value:
        case Problem():
            return sentence(value, _)
        case Amount():
            return f"{_grouped(value.value)} {value.unit}".strip()
        case Ratio():
            return f"{_grouped(value.value * 100)} %"
        case Name():
            return value.id
        case Period():
            return format_period(value)
        case StrEnum():
            return value.value
        case Decimal():
            return _grouped(value)
        case date():
            return value.isoformat()
        case tuple():
            return (_(" or ") if near else _(", ")).join(_written(one, _) for one in value)
    return str(value)


def _grouped(value: Decimal) -> str:
    shown = format(value, ",f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
