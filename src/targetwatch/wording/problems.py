"""The sentence of every problem: one table by code, and how its values are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from targetwatch.errors import StoreError, TargetwatchError, UsageError
from targetwatch.model import Basis, Catalogue, Indicator, Measure, Period, Qualifier, Text
from targetwatch.model.problem import Amount, InWords, Name, Problem, Ratio, Value
from targetwatch.quantity import format_period, in_words
from targetwatch.wording import formats, terms
from targetwatch.wording.document_problems import OF_DOCUMENTS
from targetwatch.wording.program_problems import OF_CONFIGURATION, OF_PROGRAM
from targetwatch.wording.reading_problems import OF_READINGS
from targetwatch.wording.translation import N_, NC_, Translator, translator

SENTENCES: Mapping[str, str] = {
    **OF_READINGS,
    **OF_DOCUMENTS,
    **OF_CONFIGURATION,
    **OF_PROGRAM,
}

NO_PERIOD = (
    *("period", "not_a_period", "no_such_month", "no_such_day", "months_reversed", "no_such_half"),
    *("year_out_of_range", "period_reversed"),
)
IN_FIELD: Mapping[str, str] = {
    "missing": N_("Nothing stands here, please fill it in"),
    "missing_both": N_("Please fill in at least one of the two languages"),
    "unknown": N_("This cannot be chosen, please choose one of the list"),
    "too_long": N_("{count} characters, at most {most} fit here"),
    "unprintable": N_("It holds characters that cannot be seen, please type it anew"),
    "number": N_("Not a number, expected one such as 300,000 or 28.33 billion"),
    "number_qualified": N_("Please give the bare number and choose “more than” or the like beside it"),
    "number_unit": N_("It says {said}, but this is counted in {unit}"),
    "number_unit_none": N_(
        "It says {said}, but what this is counted in is not known yet: choose the indicator, or give its unit, first"
    ),
    "percent": N_("Not a percentage, expected one such as -60%"),
    "day": N_("Not a day, expected one such as 2025-07-01"),
    "day_far": N_("Expected a day from {first} to {last}"),
    **dict.fromkeys(NO_PERIOD, N_("Not a period, expected one such as 2024, 2024-12 or 2024-01..2024-06")),
    "email": N_("Not an e-mail address, expected one such as name@example.org"),
    "web_address": N_("Not a web address, expected one that begins with https://"),
    "id": N_("Only lower-case letters, digits and single hyphens, such as cargo-2026"),
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
    "waypoint_outside_open": N_("Outside the days from first day to deadline"),
    "waypoint_order": N_("The points have to be in the order of their days"),
    "waypoint_beyond": N_("More than the goal itself"),
    "waypoint_falls": N_("Less than the point before, though it adds up"),
    "empty_list": N_("Please give at least one point"),
    "steps_missing": N_("Please give at least one step"),
    "step_twice": N_("An earlier step has this short name"),
    "step_due_late": N_("After the deadline of the target"),
    "step_due_early": N_("Before the first day of the target"),
    "goal_bounds": N_("Outside what this indicator can be ({low} to {high})"),
    "any": N_("any"),
    "meanwhile": N_("Something of it was saved by somebody else in the meantime, please look again"),
    "unexplained": N_("The promise gets easier to keep ({easier}), please say why"),
    "eased_goal": N_("the goal"),
    "eased_deadline": N_("the deadline"),
    "eased_steps": N_("the steps"),
    "eased_start": N_("the first day"),
    "effective_before_last": N_("The version before counts from {day}; this one has to come on that day or later"),
    "effective_before_announcement": N_("It was announced on {day} and cannot count earlier"),
    "effective_after_deadline": N_("The deadline is {day}; a change after it would change nothing"),
}
"""What is wrong with a field of a form, by the code or its first word: what was typed stands there already."""


REASONS: Mapping[str, str] = {
    "pasted_table": N_("pasted table of {count} rows"),
    "read_article": N_("{count} figures of an article"),
    "password_reset": N_("password reset"),
    "new_password": N_("new password"),
    "first_password": N_("first password"),
    "decision_undone": N_("decision taken back"),
    "undone_at_once": N_("undone right after it was entered"),
    "undoes_version": N_("undoes version {number}"),
    "corrected": NC_("reason", "corrected"),
}
"""Why something was done where nobody was asked: put down with the change as a code."""


NAMES: Mapping[type[StrEnum], Mapping[str, str]] = {
    Basis: terms.BASIS_NAMES,
    Measure: terms.MEASURE_NAMES,
    Qualifier: terms.QUALIFIER_NAMES,
}
ENDS = (".", "。", "?", "？")


def sentence(problem: Problem, _: Translator) -> str:
    """Return what is wrong, without its place; a code that is none of ours is a text kept as it was written."""
    return _Typed(_).sentence(problem)


def placed(problem: Problem, _: Translator) -> str:
    """Return what is wrong after its place: "targets.yaml:3: goal: ...", "row 4: value 'six': is not a number"."""
    return _Typed(_).placed(problem)


def of_error(error: TargetwatchError, _: Translator) -> str:
    """Return everything an error speaks of: in one line, or by lines for what is given, stored or written at once."""
    by_line = isinstance(error, StoreError | UsageError) or any(problem.file for problem in error.problems)
    parting = "\n" if by_line else "; "
    return parting.join(placed(problem, _) for problem in error.problems)


def in_english(error: TargetwatchError) -> str:
    """Return what a log, a terminal or a program is told."""
    return of_error(error, translator("en"))


def on_page(
    problem: Problem, _: Translator, *, catalogue: Catalogue | None = None, indicator: Indicator | None = None
) -> str:
    """Return what is wrong as a sentence of its own, without its place, in the words of a reader rather than of a file.

    Indicators and publishers are called by their titles in the `catalogue`, amounts counted as `indicator` is read.
    """
    said = _Told(_, catalogue, indicator).sentence(problem)
    stop = "" if said.endswith(ENDS) else _(".").strip()
    return f"{said[:1].upper()}{said[1:]}{stop}"


def in_field(problem: Problem, _: Translator, *, indicator: Indicator | None = None) -> str:
    """Return what is wrong as it is said beside a field of a form; what has no words of its own there, as missing."""
    return _InField(_, indicator=indicator).sentence(problem)


def reason(text: str, _: Translator) -> str:
    """Return why something was done, as its reader is told it: as a person wrote it, or by the code it was kept as."""
    if not text.startswith('{"code":'):
        return text
    try:
        problem = Problem.from_text(text)
        return _(REASONS[problem.code], **problem.values)
    except (ValueError, LookupError, TypeError, AttributeError):
        return text  # a person wrote what looks like a code


def is_ours(problem: Problem) -> bool:
    """Return whether a problem has a sentence in every language; otherwise it is a text kept as it was written."""
    return problem.code in SENTENCES


def placed_on_page(problem: Problem, _: Translator) -> str:
    """Return what is wrong after its place, in the words of a reader."""
    return _Told(_).placed(problem)


def printable(text: str) -> str:
    """Return a stranger's words without what would drive a terminal."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


class _Typed:
    """Writes problems as files and the command line do: days in ISO, names by their ids."""

    def __init__(self, _: Translator) -> None:
        self._ = _

    def sentence(self, problem: Problem) -> str:
        """Return the sentence of a problem; what somebody said stands before what is wrong with it."""
        values = {name: self.written(value, near=name == "near") for name, value in problem.values.items()}
        said = values.pop("said", None)
        words = self._(SENTENCES[problem.code], **values) if problem.code in SENTENCES else problem.code
        return words.removeprefix(self._(": ")) if said is None else self.quoted(said, words)

    def placed(self, problem: Problem) -> str:
        """Return the sentence of a problem after its place."""
        said = self.sentence(problem)
        if problem.where:
            said = f"{problem.where} {said}" if "said" in problem.values else f"{problem.where}{self._(': ')}{said}"
        return f"{problem.place}{self._(': ')}{said}" if problem.place else said

    def quoted(self, said: str, words: str) -> str:
        """Return somebody's words and what is wrong with them."""
        return f"'{said}': {words.removeprefix(self._(': '))}"

    def written(self, value: Value, *, near: bool = False) -> str:
        """Return a value as it stands in a sentence."""
        match value:
            case StrEnum():
                return self.word(value)
            case str():
                return printable(value)
            case Problem():
                return self.placed(value)
            case Amount():
                return self.amount(value)
            case Ratio() | InWords():
                is_ratio = isinstance(value, Ratio)
                return f"{_grouped(value.value * 100)}%" if is_ratio else in_words(value.value, self._.language)
            case Name():
                return self.name(value)
            case Text():
                return value[self._.language]
            case Period():
                return self.period(value)
            case Decimal():
                return _grouped(value)
            case date():
                return self.day(value)
            case tuple():
                parting = self._(" or ") if near else self.parting(value)
                return parting.join(self.written(one) for one in value)
        return str(value)

    def parting(self, items: Sequence[Value]) -> str:  # noqa: ARG002 - a page looks at them
        """Return what stands between the items of a list."""
        return self._.context("list", ", ")

    def word(self, value: StrEnum) -> str:
        """Return a word of a closed list."""
        return value.value

    def amount(self, amount: Amount) -> str:
        """Return an amount with its unit."""
        return f"{_grouped(amount.value)} {amount.unit}".strip()

    def name(self, name: Name) -> str:
        """Return what something is called."""
        return name.id

    def period(self, period: Period) -> str:
        """Return a period."""
        return format_period(period)

    def day(self, day: date) -> str:
        """Return a day."""
        return day.isoformat()


class _Told(_Typed):
    """Writes problems as a page does."""

    def __init__(self, _: Translator, catalogue: Catalogue | None = None, indicator: Indicator | None = None) -> None:
        super().__init__(_)
        self._indicator = indicator
        self._titles: dict[Name, Text] = {}
        if catalogue is not None:
            self._titles |= {Name("indicator", one.id): one.title for one in catalogue.indicators}
            self._titles |= {Name("publisher", one.id): one.title for one in catalogue.publishers}

    def parting(self, items: Sequence[Value]) -> str:
        titled = any(one in self._titles for one in items if isinstance(one, Name))
        return self._.context("list", "; ") if titled else super().parting(items)  # a title may have a comma in it

    def quoted(self, said: str, words: str) -> str:
        return self._("“{said}” {what_is_wrong}", said=said, what_is_wrong=words)

    def word(self, value: StrEnum) -> str:
        return self._(NAMES[type(value)][value])

    def amount(self, amount: Amount) -> str:
        if self._indicator is None or amount.unit != self._indicator.unit:
            return super().amount(amount)
        return formats.amount(amount.value, self._indicator, self._)

    def name(self, name: Name) -> str:
        if name.kind == "unit" and self._indicator is not None and name.id == self._indicator.unit:
            return formats.axis_unit(self._indicator, self._)
        title = self._titles.get(name)
        return (title[self._.language] if title else "") or name.id

    def period(self, period: Period) -> str:
        return formats.period(period, self._)

    def day(self, day: date) -> str:
        return formats.day(day, self._)


class _InField(_Told):
    """Writes problems beside a field."""

    def sentence(self, problem: Problem) -> str:
        values = {name: self.written(value) for name, value in problem.values.items()}
        codes = (problem.code, problem.code.partition("_")[0], "missing")
        return self._(next(IN_FIELD[code] for code in codes if code in IN_FIELD), **values)


def _grouped(value: Decimal) -> str:
    shown = format(value, ",f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
