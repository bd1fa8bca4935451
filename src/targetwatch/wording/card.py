"""What is said of a verdict where room is scarce: on a card, in the boxes of a page, and in large letters on a wall.

On the wall this year goes without saying; so a verdict is judged anew on New Year's Day (`next_turn`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.evaluation.status import DECIDED
from targetwatch.evaluation.versions import DOWNWARD
from targetwatch.model import DataState, Measure, Performance
from targetwatch.wording import verdict as words
from targetwatch.wording import versions
from targetwatch.wording.formats import (
    amount,
    bare,
    chance,
    change_asked_for,
    columns,
    day,
    day_of_year,
    percent,
    rate,
    rough,
    width,
)
from targetwatch.wording.translation import N_, NC_

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from targetwatch.model import Indicator, TargetVersion, Verdict
    from targetwatch.wording.translation import Translator

LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})
LATE_FOR_LONG_DAYS = 99
LONG = 26


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
    """Return whether a figure is too long for large letters."""
    return columns(text) > LONG


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


def needed_per_month(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return what a lagging target needs a month from here on; empty for every other."""
    a_month = verdict.required_value_per_month
    if verdict.performance not in LAGGING or a_month is None or not words.needed(verdict, indicator, _):
        return ""
    if indicator.measure is Measure.LEVEL:
        said = N_("needs +{change} a month") if a_month > 0 else N_("needs −{change} a month")
        return _(said, change=bare(rough(a_month, indicator), indicator, _))
    said = N_("at most {rate}") if verdict.comparator in DOWNWARD else N_("needs {rate}")
    return _(said, rate=rate(a_month, indicator, _))


def what_matters_next(verdict: Verdict, indicator: Indicator, today: date, _: Translator) -> str:
    """Return what matters next: what is needed, or the deadline; since when it is so where that is decided."""
    if verdict.performance in DECIDED:
        since = verdict.performance_since
        return "" if since is None else _("since {day}", day=day_of_year(since, today, _))
    found = needed_per_month(verdict, indicator, _)
    if found or indicator.measure is Measure.MILESTONES or verdict.deadline is None:
        return found
    return _.context("tile", "by {day}", day=day_of_year(verdict.deadline, today, _))


def outlook(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the progress beside the plan's, the odds, and what matters next, as much as fits in one line.

    Odds and what is needed leave no room for the progress; of steps it is the next date.
    """
    if verdict.performance in DECIDED:
        return what_matters_next(verdict, indicator, verdict.day, _)
    if indicator.measure is Measure.MILESTONES:
        return _next_step(verdict, verdict.day, _)
    wanted, probability = what_matters_next(verdict, indicator, verdict.day, _), verdict.attainment_probability
    has_room = probability is None or not needed_per_month(verdict, indicator, _)
    odds = "" if probability is None else chance(probability, _)
    return _joined([_progress(verdict, _) if has_room else "", odds, wanted], _)


def data_age(verdict: Verdict, indicator: Indicator, today: date, _: Translator) -> str:
    """Return how old the figures are and what is due or late; of steps, the last one done and the next date."""
    if indicator.measure is Measure.MILESTONES:
        return _joined([_last_step(verdict, today, _), _next_step(verdict, today, _)], _)
    due = verdict.next_release_due
    release = "" if due is None else _release(verdict, due, today, _, is_out=due < today)
    return _joined([_known(verdict, today, _), release], _)


def brief_data_age(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the same in words that are kept until the verdict turns, beside its `outlook`, which tells the next step.

    A figure is due from its day on, not from the day after; where it has been late for long, how long says enough.
    """
    today, due, late = verdict.day, verdict.next_release_due, verdict.late_days
    if indicator.measure is Measure.MILESTONES:
        return _last_step(verdict, today, _)
    if due is None:
        release = ""
    elif late > LATE_FOR_LONG_DAYS or (late and due.year != today.year):
        said = N_("first {days} days late") if verdict.data_through is None else N_("next {days} days late")
        release = _(said, days=late)
    else:
        release = _release(verdict, due, today, _, is_out=due <= today)
    return _joined([_known(verdict, today, _), release], _)


def _known(verdict: Verdict, today: date, _: Translator) -> str:
    if verdict.data_through is None:
        return _("no figure yet")
    return _("figures to {day}", day=day_of_year(verdict.data_through, today, _))


def _progress(verdict: Verdict, _: Translator) -> str:
    done, planned = verdict.progress_ratio, verdict.expected_progress_ratio
    if done is None or planned is None:
        return ""
    return _("{done} % (plan {plan} %)", done=f"{done * 100:.0f}", plan=f"{planned * 100:.0f}")


def _release(verdict: Verdict, due: date, today: date, _: Translator, *, is_out: bool) -> str:
    is_first, is_late = verdict.data_through is None, verdict.data_state is DataState.LATE
    if is_late and verdict.late_days == 1:
        said = N_("first was due {day}, {days} day late") if is_first else N_("next was due {day}, {days} day late")
    elif is_late:
        said = N_("first was due {day}, {days} days late") if is_first else N_("next was due {day}, {days} days late")
    elif is_out:
        said = N_("first was due {day}") if is_first else N_("next due since {day}")
    else:
        said = N_("first due {day}") if is_first else N_("next due {day}")
    return _(said, day=day_of_year(due, today, _), days=verdict.late_days)


def _last_step(verdict: Verdict, today: date, _: Translator) -> str:
    done = [state.done_on for state in verdict.steps if state.done_on is not None]
    return _("last done {day}", day=day_of_year(max(done), today, _)) if done else _("none reported yet")


def _next_step(verdict: Verdict, today: date, _: Translator) -> str:
    waiting = [state for state in verdict.steps if state.done_on is None]
    due = min((state.due for state in waiting if state.due is not None), default=None)
    if due is None:
        return _("no date set") if waiting else ""
    return _(N_("next by {day}") if due >= today else N_("was due {day}"), day=day_of_year(due, today, _))


def _joined(parts: list[str], _: Translator) -> str:
    return _(NC_("clauses", ", ")).join(part for part in parts if part)
