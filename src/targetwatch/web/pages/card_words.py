"""What a card says of a target in a few words: value and goal, the odds, what is needed where it lags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.model import Measure, Performance
from targetwatch.wording import verdict as words
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from targetwatch.model import Indicator, TargetVersion, Verdict
    from targetwatch.web.formats import Formats

LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})
WIDE_FROM, LONG = 0x2E80, 26
DECIDED = frozenset({Performance.ACHIEVED, Performance.MISSED})


def figure(formats: Formats, verdict: Verdict, *, version: TargetVersion, indicator: Indicator) -> str:
    """Return value and goal; of steps how many are done, and how many of those too late."""
    _ = translator(formats.language)
    if indicator.measure is Measure.MILESTONES:
        return _steps(formats, verdict)
    change = version.goal.relative
    if verdict.goal_value is None and change is not None:
        actual = _("No figure yet")
        if verdict.actual_value is not None:
            actual = formats.amount(verdict.actual_value, indicator)
        return _("{actual}; goal: {change} on a base never published", actual=actual, change=formats.change(change))
    return words.card(verdict, indicator, _)


def odds(formats: Formats, verdict: Verdict, indicator: Indicator) -> str:
    """Return the odds of making it in words; empty for steps, for what is decided, and where they are not known."""
    if verdict.attainment_probability is None or verdict.performance in DECIDED:
        return ""
    if indicator.measure is Measure.MILESTONES:
        return ""
    return words.odds(verdict, indicator, translator(formats.language))


def reason(formats: Formats, verdict: Verdict, indicator: Indicator) -> str:
    """Return why, without the count of steps that stands above it already."""
    return words.reason(verdict, indicator, translator(formats.language), counted=False)


def is_long(text: str) -> bool:
    """Return whether a figure is too long for large letters; a Chinese character is as wide as two others."""
    return sum(2 if ord(letter) >= WIDE_FROM else 1 for letter in text) > LONG


def needed(formats: Formats, verdict: Verdict, indicator: Indicator) -> str:
    """Return what would have to be true from here on, where the target lags; empty elsewhere."""
    if verdict.performance not in LAGGING:
        return ""
    return words.needed(verdict, indicator, translator(formats.language), labelled=True)


def _steps(formats: Formats, verdict: Verdict) -> str:
    _ = translator(formats.language)
    done = [state for state in verdict.steps if state.done_on is not None]
    late = [state for state in done if state.late_days]
    if len(late) == len(verdict.steps) == 1:
        return _("Done, {days} days late", days=late[0].late_days)
    if late:
        return _(
            "{done} of {total} done, {late} of them late", done=len(done), total=len(verdict.steps), late=len(late)
        )
    return _("{done} of {total} done", done=len(done), total=len(verdict.steps))
