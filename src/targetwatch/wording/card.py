"""What a card and the boxes of a page say of a target in a few words: value and goal, the odds, what is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.evaluation.status import DECIDED
from targetwatch.model import Measure
from targetwatch.wording import verdict as words
from targetwatch.wording import versions
from targetwatch.wording.formats import amount, change_asked_for, day, percent, width
from targetwatch.wording.tile import LAGGING

if TYPE_CHECKING:
    from decimal import Decimal

    from targetwatch.model import Indicator, TargetVersion, Verdict
    from targetwatch.wording.translation import Translator

WIDE_FROM, LONG = 0x2E80, 26


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One number as it is shown, with its name and what it is to be compared with."""

    label: str
    value: str
    hint: str = ""


def figure(verdict: Verdict, version: TargetVersion, indicator: Indicator, _: Translator) -> str:
    """Return value and goal; of steps how many are done, and how many of those too late."""
    if indicator.measure is Measure.MILESTONES:
        return _steps(verdict, _)
    change = version.goal.relative
    if verdict.goal_value is None and change is not None:
        value = verdict.actual_value
        actual = _("No figure yet") if value is None else amount(value, indicator, _)
        return _(
            "{actual}; goal: {change} on a base never published", actual=actual, change=change_asked_for(change, _)
        )
    return words.card(verdict, indicator, _)


def odds(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the odds of making it in words; empty for steps, for what is decided, and where they are not known."""
    is_open = verdict.performance not in DECIDED and indicator.measure is not Measure.MILESTONES
    return words.odds(verdict, indicator, _) if is_open else ""


def reason(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return why, without the count of steps that stands above it already."""
    return words.reason(verdict, indicator, _, counted=False)


def is_long(text: str) -> bool:
    """Return whether a figure is too long for large letters; a Chinese character is as wide as two others."""
    return sum(2 if ord(letter) >= WIDE_FROM else 1 for letter in text) > LONG


def needed(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return what would have to be true from here on, where the target lags; empty elsewhere."""
    return words.needed(verdict, indicator, _, labelled=True) if verdict.performance in LAGGING else ""


def key_numbers(verdict: Verdict, version: TargetVersion, indicator: Indicator, _: Translator) -> list[KeyNumber]:
    """Return the numbers worth a box, in the order a reader asks for them; unknown ones are left out."""
    shown = [KeyNumber(_("Goal"), versions.goal(version, indicator, _))]

    def add(label: str, value: float | Decimal | None, text: str | None = None, hint: str = "") -> None:
        if value is not None:
            shown.append(KeyNumber(label, amount(value, indicator, _) if text is None else text, hint))

    v = verdict
    add(_("Actual"), v.actual_value, hint=_actual_hint(v, indicator, _))
    add(_("Plan by then"), v.expected_value)
    add(_("Share of the goal"), v.progress_ratio, percent(v.progress_ratio, signed=False))
    add(_("Pace"), v.pace_ratio, f"{v.pace_ratio or 0:,.2f}", _pace_hint(v, _))
    if v.buffer_days:
        standing = _("Ahead of plan") if v.buffer_days > 0 else _("Behind plan")
        add(standing, v.buffer_days, _("{days} days", days=f"{abs(v.buffer_days):.0f}"))
    if indicator.measure is Measure.FLOW:
        add(_("Same period a year before"), v.last_year_to_date)
        growth = v.required_growth_ratio
        add(_("Growth still needed"), growth, percent(growth), _("of the rest, on a year before"))
    so_far = ""
    if v.value_per_month is not None:
        so_far = _("so far {amount}", amount=amount(v.value_per_month, indicator, _))
    add(_("Needed a month"), v.required_value_per_month, hint=so_far)
    add(_("Baseline"), v.baseline_value)
    if v.forecast is not None:
        low, high = (amount(value, indicator, _) for value in (v.forecast.low, v.forecast.high))
        between = _("4 in 5 between {low} and {high}", low=low, high=high)
        add(_("Forecast at the deadline"), v.forecast.median, hint=between)
    add(_("Odds of making it"), v.attainment_probability, words.odds(v, indicator, _))
    return shown


def _actual_hint(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return how wide the actual value was rounded, through which day it counts, and whether it may change."""
    through = verdict.data_through
    said = [_("through {day}", day=day(through, _))]
    if verdict.actual_rounding:
        said.insert(0, f"± {width(verdict.actual_rounding, indicator, _)}")
    if verdict.provisional:
        said.append(_("provisional"))
    return _(", ").join(said)


def _pace_hint(verdict: Verdict, _: Translator) -> str:
    hint = _("1.00 is on plan")
    if verdict.straight_line_pace_ratio is None:
        return hint
    straight = _("straight line: {pace}", pace=f"{verdict.straight_line_pace_ratio:,.2f}")
    return f"{hint}{_('; ')}{straight}"


def _steps(verdict: Verdict, _: Translator) -> str:
    done = [state for state in verdict.steps if state.done_on is not None]
    late = [state for state in done if state.late_days]
    if len(late) == len(verdict.steps) == 1:
        return _("Done, {days} days late", days=late[0].late_days)
    if late:
        return _(
            "{done} of {total} done, {late} of them late", done=len(done), total=len(verdict.steps), late=len(late)
        )
    return _("{done} of {total} done", done=len(done), total=len(verdict.steps))
