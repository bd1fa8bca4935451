"""What a wall says of a verdict, in words short enough for large letters.

This year goes without saying; so a verdict is judged anew on New Year's Day (`next_turn`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.evaluation.goal import DOWNWARD
from targetwatch.evaluation.status import DECIDED
from targetwatch.model import DataState, Measure, Performance
from targetwatch.wording import verdict as words
from targetwatch.wording.formats import bare, chance, day_of_year, rate, rough
from targetwatch.wording.translation import N_, NC_

if TYPE_CHECKING:
    from datetime import date

    from targetwatch.model import Indicator, Verdict
    from targetwatch.wording.translation import Translator

LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})
LATE_FOR_LONG_DAYS = 99


def needed(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return what a lagging target needs a month from here on; empty for every other."""
    a_month = verdict.required_value_per_month
    if verdict.performance not in LAGGING or a_month is None or not words.needed(verdict, indicator, _):
        return ""
    if indicator.measure is Measure.LEVEL:
        said = N_("needs +{change} a month") if a_month > 0 else N_("needs −{change} a month")
        return _(said, change=bare(rough(a_month, indicator), indicator, _))
    said = N_("at most {rate}") if verdict.comparator in DOWNWARD else N_("needs {rate}")
    return _(said, rate=rate(a_month, indicator, _))


def beside(verdict: Verdict, indicator: Indicator, today: date, _: Translator) -> str:
    """Return what matters next: what is needed, or the deadline; since when it is so where that is decided."""
    if verdict.performance in DECIDED:
        since = verdict.performance_since
        return "" if since is None else _("since {day}", day=day_of_year(since, today, _))
    found = needed(verdict, indicator, _)
    if found or indicator.measure is Measure.MILESTONES or verdict.deadline is None:
        return found
    return _.context("tile", "by {day}", day=day_of_year(verdict.deadline, today, _))


def outlook(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the progress beside the plan's, the odds, and what matters next, as much as fits in one line.

    Odds and what is needed leave no room for the progress; of steps it is the next date.
    """
    if verdict.performance in DECIDED:
        return beside(verdict, indicator, verdict.day, _)
    if indicator.measure is Measure.MILESTONES:
        return _next_step(verdict, verdict.day, _)
    wanted, probability = beside(verdict, indicator, verdict.day, _), verdict.attainment_probability
    has_room = probability is None or not needed(verdict, indicator, _)
    odds = "" if probability is None else chance(probability, _)
    return _joined([_progress(verdict, _) if has_room else "", odds, wanted], _)


def age(verdict: Verdict, indicator: Indicator, today: date, _: Translator) -> str:
    """Return how old the figures are and what is due or late; of steps, the last one done and the next date."""
    if indicator.measure is Measure.MILESTONES:
        return _joined([_last_step(verdict, today, _), _next_step(verdict, today, _)], _)
    due = verdict.next_release_due
    release = "" if due is None else _release(verdict, due, today, _, is_out=due < today)
    return _joined([_known(verdict, today, _), release], _)


def brief_age(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
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
