"""What is needed from the last figure on: how much, by when, at what rate, and why that may be another than so far.

What is missing counts from the day the figures go to, never from today: no day left is named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from targetwatch.evaluation.days import months_between
from targetwatch.evaluation.status import LAGGING, SEVERITY
from targetwatch.evaluation.versions import goal_of
from targetwatch.model import Indicator, Measure, Performance, Verdict
from targetwatch.wording.formats import (
    base,
    day,
    hundredths,
    rate,
    rhythm,
    size,
    stretch,
    told,
    with_unit,
)
from targetwatch.wording.translation import N_, Translator

NEEDS = {
    (Measure.LEVEL, True): N_("to rise by {amount} {by}"),
    (Measure.LEVEL, False): N_("to fall by {amount} {by}"),
    (Measure.FLOW, True): N_("another {amount} {by}"),
    (Measure.FLOW, False): N_("at most another {amount} {by}"),
}
"""What is needed, after a label that says so: of a level whether it has to rise, of a flow whether more is better."""
VARIES = N_("yet the forecast, made from the figures and not from the plan, is not sure of the goal")
MISSED = N_("yet the forecast, made from the figures and not from the plan, misses the goal")
MET = N_("yet the forecast, made from the figures and not from the plan, meets the goal")
"""Why the odds are worse than the plan, though the middle of the forecast attains the goal or not; or better."""
FEWEST_STRETCHES = 2
"""A rate is told while so many of its stretches (a month, a year) are left."""
WORTH_EXPLAINING = 1.05
"""A rate is another than the one so far from this ratio on."""
CLEARLY_OTHER = 1 / 0.85
"""A stretch is weak or strong, beside an even share of the whole, from this ratio on."""
AHEAD = {
    (True, False): N_("{days} days ahead of plan"),
    (True, True): N_("{days} day ahead of plan"),
    (False, False): N_("{days} days behind plan"),
    (False, True): N_("{days} day behind plan"),
}
USED = {
    (True, False): N_("as much already as the plan allows {days} days later"),
    (True, True): N_("as much already as the plan allows {days} day later"),
    (False, False): N_("only as much as the plan allowed {days} days earlier"),
    (False, True): N_("only as much as the plan allowed {days} day earlier"),
}
"""How far a goal is ahead of its plan, and a cap above or below it: (whether positive, whether one day)."""


def needed(verdict: Verdict, indicator: Indicator, _: Translator, *, labelled: bool = False) -> str:
    """Return what would have to be true from today on; empty when nothing is needed any more.

    `labelled`: after a label that says "needed" already.
    """
    rest, needed_rate = still_to_come(verdict), verdict.required_value_per_month
    if rest is None or needed_rate is None or verdict.deadline is None or verdict.data_through is None:
        return ""
    is_level, upward = indicator.measure is Measure.LEVEL, wants_more(verdict)
    change, first, last = size(abs(rest), indicator, _), day(verdict.data_through, _), day(verdict.deadline, _)
    is_rate = has_rate(verdict, indicator)
    what = _(
        NEEDS[indicator.measure, rest > 0 if is_level else upward],
        amount=with_unit(change, base(indicator, _), _) if is_level else change,
        by=_("from {first} to {last}", first=first, last=last),
    )
    if is_rate:
        what = _("{clause}, {rate}", clause=what, rate=rate_of(needed_rate, verdict, indicator, _))
    if not labelled:
        what = _(N_("needs {what}") if is_level or upward else N_("leaves room for {what}"), what=what)
    return _("; ").join([what, *_so_far(verdict, indicator, _), *_beside_plan(verdict, indicator, _)])


def wants_more(verdict: Verdict) -> bool:
    """Return whether more is better: not of a cap, nor of a band once its bottom is reached."""
    value, wanted = verdict.actual_value, goal_of(verdict)
    return wanted.upward and (value is None or wanted.bound(value) == wanted.value)


def still_to_come(verdict: Verdict) -> Decimal | None:
    """Return what is missing of the goal, of a cap what may still come; None when nothing is or it is not known."""
    value = verdict.actual_value
    if verdict.performance not in SEVERITY or verdict.required_value_per_month is None or value is None:
        return None
    bound = goal_of(verdict).bound(value)
    return told(bound - value, verdict) or None if bound is not None else None


def has_rate(verdict: Verdict, indicator: Indicator) -> bool:
    """Return whether what is needed can be told as a rate: not where too little is left after the last figure."""
    if verdict.required_value_per_month is None or verdict.deadline is None:
        return False
    left = months_between(verdict.data_through or verdict.day, verdict.deadline)
    return left >= FEWEST_STRETCHES * rhythm(verdict, indicator)[0]


def rate_of(a_month: float, verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the rate that is needed, or that a cap allows: that one is rounded down, so that the cap holds."""
    is_cap = indicator.measure is Measure.FLOW and not wants_more(verdict)
    return rate(a_month, verdict, indicator, _, at_most=is_cap)


def _so_far(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield the rate so far and why another may be needed; nothing where no rate is told."""
    needed_rate, so_far = verdict.required_value_per_month, verdict.value_per_month
    if needed_rate is None or so_far is None or not has_rate(verdict, indicator):
        return
    yield _("so far {amount}", amount=rate(so_far, verdict, indicator, _))
    is_good = verdict.performance is Performance.ON_TRACK
    more, less = needed_rate > so_far * WORTH_EXPLAINING, needed_rate * WORTH_EXPLAINING < so_far
    if wants_more(verdict) and (more or (less and not is_good)):
        yield from _of_season(verdict, _, weak=more)


def _of_season(verdict: Verdict, _: Translator, *, weak: bool) -> Iterable[str]:
    """Yield why more (or less) is needed than has come so far: the months so far are weak (or strong), it grows."""
    share, through, straight = verdict.expected_progress_ratio, verdict.data_through, verdict.straight_line_pace_ratio
    if through is None or share is None or not straight or not verdict.pace_ratio or verdict.last_year_total is None:
        return
    other = verdict.pace_ratio / straight if weak else straight / verdict.pace_ratio
    if other > CLEARLY_OTHER:
        said = N_("{months} is a weak stretch, {share}% of the whole by the plan")
        strong = N_("{months} is a strong stretch, {share}% of the whole by the plan")
        months = stretch(verdict.start, through, _)
        yield _(said if weak else strong, months=months, share=f"{share * 100:.0f}")
    last_year = verdict.last_year_to_date
    if (
        verdict.performance is Performance.ON_TRACK
        and last_year
        and verdict.actual_value is not None
        and float(verdict.actual_value) > last_year
    ):
        grown = float(verdict.actual_value) / last_year - 1
        yield _("so far {growth}% up on a year before", growth=hundredths(grown))


def _beside_plan(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield how far a flow is from its plan in days; nothing when on plan to the day or unknown.

    Of a cap it is said whether it has used more than planned, never that it is ahead.
    """
    days = 0 if indicator.measure is Measure.LEVEL else round(verdict.buffer_days or 0)
    if days:
        ways, why = AHEAD if wants_more(verdict) else USED, against_plan(verdict, _)
        said = _(ways[days > 0, abs(days) == 1], days=abs(days))
        yield _("{clause}, {rest}", clause=said, rest=why) if why else said


def against_plan(verdict: Verdict, _: Translator) -> str:
    """Return why the odds say another thing than the way a target stands to its plan; empty where they do not."""
    found, days = verdict.forecast, round(verdict.buffer_days or 0)
    if found is None or verdict.rule != "probability" or not days:
        return ""
    if (days > 0) is not wants_more(verdict):
        return _(MET) if verdict.performance is Performance.ON_TRACK else ""
    why = VARIES if goal_of(verdict).attained_by(Decimal(found.median)) else MISSED
    return _(why) if verdict.performance in LAGGING else ""
