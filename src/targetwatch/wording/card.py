"""What is said of a verdict where room is scarce: on a card, in the boxes of a page, and in large letters on a wall.

On the wall this year goes without saying; a verdict is said anew on each day, New Year's Day among them. Of all
verdicts together it is said how many targets stand how, and whose they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from targetwatch.evaluation.status import DECIDED, LAGGING
from targetwatch.evaluation.versions import DOWNWARD, goal_of
from targetwatch.model import Catalogue, DataState, Indicator, Measure, Performance, TargetVersion, Verdict
from targetwatch.wording import needed as wanted
from targetwatch.wording import verdict as words
from targetwatch.wording import versions
from targetwatch.wording.formats import (
    LATE_FOR_LONG_DAYS,
    amount,
    between,
    change_asked_for,
    columns,
    day_of_year,
    forecast_told,
    percent,
    rate,
    size,
    told,
    width,
)
from targetwatch.wording.translation import LANGUAGES, N_, NC_, Translator

LONG = 26
BRIEFLY = {
    (False, True, True): N_("needs {amount}"),
    (False, True, False): N_("another {amount}"),
    (False, False, True): N_("at most {amount}"),
    (False, False, False): N_("at most another {amount}"),
    (True, True, True): N_("needs +{amount}"),
    (True, False, True): N_("needs −{amount}"),
}
"""What is needed, or a cap leaves: (of a level, whether more is needed, as a rate)."""
STANDINGS = {
    (False, True): N_("Ahead of plan"),
    (False, False): N_("Behind plan"),
    (True, True): N_("Above plan"),
    (True, False): N_("Below plan"),
}
"""How a goal, and how a cap, stands beside its plan: (whether a cap, whether ahead or above)."""
OPEN = (Performance.AWAITING_DATA, Performance.PENDING)
FIRST = {
    Performance.MISSED: N_("{count} of {total} promises missed"),
    Performance.OFF_TRACK: N_("{count} of {total} promises off track"),
    Performance.AT_RISK: N_("{count} of {total} promises at risk"),
    None: N_("{count} of {total} promises not judged"),
}
"""The worst first: each as it is said at the beginning. None: could not be judged."""
FURTHER: dict[Performance | None, str] = {
    Performance.MISSED: NC_("count", "{count} missed"),
    Performance.OFF_TRACK: NC_("count", "{count} off track"),
    Performance.AT_RISK: NC_("count", "{count} at risk"),
    None: NC_("count", "{count} not judged"),
    Performance.ACHIEVED: NC_("count", "{count} achieved"),
    Performance.ON_TRACK: NC_("count", "{count} on track"),
    Performance.PENDING: NC_("count", "{count} open"),
}


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One figure as it is shown, with its name and what it is to be compared with."""

    label: str
    value: str
    hint: str = ""


def figure(verdict: Verdict, version: TargetVersion, indicator: Indicator, _: Translator) -> str:
    """Return value and goal; of steps how many are done, and how many of those too late."""
    if indicator.measure is Measure.MILESTONES:
        return steps_done(verdict, _)
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
    return "" if indicator.measure is Measure.MILESTONES else words.odds(verdict, indicator, _)


def reason(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return why, without the count of steps that stands above it already."""
    return words.reason(verdict, indicator, _, counted=False)


def is_long(text: str) -> bool:
    """Return whether a figure is too long for large letters."""
    return columns(text) > LONG


def needed(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return what would have to be true from here on, where the target lags; empty elsewhere."""
    return wanted.needed(verdict, indicator, _, labelled=True) if verdict.performance in LAGGING else ""


def key_numbers(verdict: Verdict, version: TargetVersion, indicator: Indicator, _: Translator) -> list[KeyNumber]:
    """Return the numbers worth a box, in the order a reader asks for them; unknown ones are left out."""
    shown = [KeyNumber(_("Goal"), versions.goal(version, indicator, _))]

    def add(label: str, value: float | Decimal | None, text: str | None = None, hint: str = "") -> None:
        if value is not None:
            said = amount(told(value, verdict), indicator, _) if text is None else text
            shown.append(KeyNumber(label, said, hint))

    v = verdict
    add(_("Actual"), v.actual_value, hint=_actual_hint(v, indicator, _))
    add(_("Plan by then"), v.expected_value)
    share = percent(v.progress_ratio, signed=False)
    if indicator.measure is Measure.LEVEL:
        add(_("Share of the way"), v.progress_ratio, share, _("from the baseline to the goal"))
    else:
        add(_("Share of the goal"), v.progress_ratio, share)
    add(_("Pace"), v.pace_ratio, f"{v.pace_ratio or 0:,.2f}", _pace_hint(v, _))
    if v.buffer_days:
        is_cap = v.comparator in DOWNWARD
        is_more = float(v.actual_value or 0) > (v.expected_value or 0) if is_cap else v.buffer_days > 0
        days = _("{days} days", days=f"{abs(v.buffer_days):.0f}")
        add(_(STANDINGS[is_cap, is_more]), v.buffer_days, days, wanted.against_plan(v, _))
    if indicator.measure is Measure.FLOW:
        add(_("Same period a year before"), v.last_year_to_date)
        growth = v.required_growth_ratio
        add(_("Growth still needed"), growth, percent(growth), _("of the rest, on a year before"))
    rest = wanted.still_to_come(v)
    if rest is not None:
        label = _("Still needed") if indicator.measure is Measure.LEVEL or wanted.wants_more(v) else _("May still come")
        add(label, rest, size(rest, indicator, _), _rate_hint(v, indicator, _))
    add(_("Baseline"), v.baseline_value)
    if v.forecast is not None:
        middle, low, high = forecast_told(v)
        first, last = between(low, high, indicator, _)
        hint = _("4 in 5 between {low} and {high}", low=first, high=last)
        add(_("Forecast at the deadline"), middle, amount(middle, indicator, _), hint)
    if v.performance not in DECIDED:
        add(_("Odds of making it"), v.attainment_probability, words.odds(v, indicator, _))
    if words.reached(v, _):
        label = _("Most likely reached") if wanted.wants_more(v) else _("Most likely passed")
        shown.append(KeyNumber(label, words.reached(v, _)))
    return shown


def _rate_hint(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return at what rate that is, and the one so far; empty where the end is near."""
    if verdict.required_value_per_month is None or not wanted.has_rate(verdict, indicator):
        return ""
    said = [wanted.rate_of(verdict.required_value_per_month, verdict, indicator, _)]
    if verdict.value_per_month is not None:
        said.append(_("so far {amount}", amount=rate(verdict.value_per_month, verdict, indicator, _)))
    return _("; ").join(said)


def _actual_hint(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return how wide the actual value was rounded, through which day it counts, and whether it may change."""
    said = [words.when(verdict, indicator, _)]
    if half := words.rounding(verdict):
        said.insert(0, f"± {width(half, indicator, _, beside=verdict.actual_value or 0)}")
    if verdict.provisional:
        said.append(_("provisional"))
    return _(", ").join(said)


def _pace_hint(verdict: Verdict, _: Translator) -> str:
    hint = _("1.00 is on plan")
    if verdict.straight_line_pace_ratio is None:
        return hint
    straight = _("straight line: {pace}", pace=f"{verdict.straight_line_pace_ratio:,.2f}")
    return f"{hint}{_('; ')}{straight}"


def steps_done(verdict: Verdict, _: Translator) -> str:
    """Return how many steps are reported done, and how many of those too late."""
    done = [state for state in verdict.steps if state.done_on is not None]
    late = [state for state in done if state.late_days]
    if len(late) == len(verdict.steps) == 1:
        return _("Done, {days} days late", days=late[0].late_days)
    if late:
        return _(
            "{done} of {total} reported done, {late} of them late",
            done=len(done),
            total=len(verdict.steps),
            late=len(late),
        )
    return _("{done} of {total} reported done", done=len(done), total=len(verdict.steps))


def needed_briefly(verdict: Verdict, indicator: Indicator, _: Translator, *, dated: bool = True) -> str:
    """Return what a lagging target needs: a rate, near the end all that is missing; empty for every other.

    `dated`: with the day by which, where the deadline does not stand beside it.
    """
    rest, a_month = wanted.still_to_come(verdict), verdict.required_value_per_month
    if verdict.performance not in LAGGING or rest is None or a_month is None or verdict.deadline is None:
        return ""
    is_rate, is_level = wanted.has_rate(verdict, indicator), indicator.measure is Measure.LEVEL
    what = wanted.rate_of(a_month, verdict, indicator, _) if is_rate else size(abs(rest), indicator, _)
    said = BRIEFLY[is_level, rest > 0 if is_level else wanted.wants_more(verdict), is_rate or is_level]
    if is_rate or not dated:
        return _(said, amount=what)
    return _("{clause} by {day}", clause=_(said, amount=what), day=day_of_year(verdict.deadline, verdict.day, _))


def what_matters_next(verdict: Verdict, indicator: Indicator, today: date, _: Translator) -> str:
    """Return what matters next: what is needed, or the deadline; since when it is so where that is decided."""
    if verdict.performance in DECIDED:
        since = verdict.performance_since
        return "" if since is None else words.since(verdict, day_of_year(since, today, _), _)
    found = needed_briefly(verdict, indicator, _)
    if found or indicator.measure is Measure.MILESTONES or verdict.deadline is None:
        return found
    by = NC_("tile", "by {day}") if verdict.deadline >= today else NC_("tile", "was due by {day}")
    return _(by, day=day_of_year(verdict.deadline, today, _))


def outlook(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the progress beside the plan's, the odds, and what matters next, as much as fits in one line.

    Odds and what is needed leave no room for the progress; of steps it is the next date.
    """
    if verdict.performance in DECIDED:
        return what_matters_next(verdict, indicator, verdict.day, _)
    if indicator.measure is Measure.MILESTONES:
        return _next_step(verdict, verdict.day, _)
    ahead, probability = what_matters_next(verdict, indicator, verdict.day, _), verdict.attainment_probability
    has_room = probability is None or not needed_briefly(verdict, indicator, _)
    likely = words.odds(verdict, indicator, _)
    return _joined([_progress(verdict, indicator, _) if has_room else "", likely, ahead], _)


def data_age(verdict: Verdict, indicator: Indicator, today: date, _: Translator) -> str:
    """Return how old the figures are and what is due or late; of steps, the last one done and the next date."""
    if indicator.measure is Measure.MILESTONES:
        return _joined([_last_step(verdict, today, _), _next_step(verdict, today, _)], _)
    due = verdict.next_release_due
    release = "" if due is None else _release(verdict, due, today, _, is_out=due < today)
    return _joined([_known(verdict, today, _), release], _)


def brief_data_age(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the same in words that are kept until the verdict turns, beside its `outlook`, which tells the next step.

    A figure is due from its day on, not from the day after.
    """
    today, due = verdict.day, verdict.next_release_due
    if indicator.measure is Measure.MILESTONES:
        return _last_step(verdict, today, _)
    release = "" if due is None else _release(verdict, due, today, _, is_out=due <= today)
    return _joined([_known(verdict, today, _), release], _)


def _known(verdict: Verdict, today: date, _: Translator) -> str:
    if verdict.data_through is None:
        return _("no figure yet")
    return _("figures to {day}", day=day_of_year(verdict.data_through, today, _))


def is_idle(verdict: Verdict, indicator: Indicator) -> bool:
    """Return whether no share of a way says anything: a level's plan keeps to the goal, or it is not on the way."""
    planned, done = verdict.expected_value, verdict.progress_ratio
    if indicator.measure is not Measure.LEVEL or planned is None or done is None:
        return False
    return goal_of(verdict).attained_by(Decimal(planned)) or not 0 <= done <= 1


def _progress(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    done, planned = verdict.progress_ratio, verdict.expected_progress_ratio
    if done is None or planned is None or is_idle(verdict, indicator):
        return ""
    of_way = N_("{done}% of the way (plan {plan}%)")
    said = of_way if indicator.measure is Measure.LEVEL else N_("{done}% (plan {plan}%)")
    return _(said, done=f"{done * 100:.0f}", plan=f"{planned * 100:.0f}")


def _release(verdict: Verdict, due: date, today: date, _: Translator, *, is_out: bool) -> str:
    is_first, is_late = verdict.data_through is None, verdict.data_state is DataState.LATE
    if verdict.late_days > LATE_FOR_LONG_DAYS:
        said = N_("first missing since {day}") if is_first else N_("next missing since {day}")
    elif is_late and verdict.late_days == 1:
        said = N_("first was due {day}, {days} day late") if is_first else N_("next was due {day}, {days} day late")
    elif is_late:
        said = N_("first was due {day}, {days} days late") if is_first else N_("next was due {day}, {days} days late")
    elif is_out:
        said = N_("first was due {day}") if is_first else N_("next due since {day}")
    else:
        said = N_("first due {day}") if is_first else N_("next due {day}")
    return _(said, day=day_of_year(due, today, _), days=verdict.late_days)


def _last_step(verdict: Verdict, today: date, _: Translator) -> str:
    done = {one.done_on: one.late_days for one in verdict.steps if one.done_on is not None}
    if not done:
        return _("none reported yet")
    said = N_("last done late, {day}") if done[max(done)] else N_("last done {day}")
    return _(said, day=day_of_year(max(done), today, _))


def _next_step(verdict: Verdict, today: date, _: Translator) -> str:
    waiting = [state for state in verdict.steps if state.done_on is None]
    due = min((state.due for state in waiting if state.due is not None), default=None)
    if due is None:
        return _("no date set") if waiting else ""
    return _(N_("next by {day}") if due >= today else N_("was due {day}"), day=day_of_year(due, today, _))


def _joined(parts: list[str], _: Translator) -> str:
    return _(NC_("clauses", ", ")).join(part for part in parts if part)


def worst(counts: Mapping[Performance | None, int]) -> Performance | None:
    """Return the worst status that any target has; None where there is no trouble."""
    return next((one for one in FIRST if one is not None and counts.get(one)), None)


def how_many(counts: Mapping[Performance | None, int], _: Translator, *, done_late: int = 0) -> str:
    """Return how many targets stand how, each counted once and the worst first; "" where there are none.

    What awaits its last figure or cannot be said yet is open. `counts` by status, None for what could not be judged;
    `done_late` of the missed ones are done by now.

    >>> from targetwatch.wording.translation import translator
    >>> found = {Performance.MISSED: 6, Performance.ACHIEVED: 1, Performance.AT_RISK: 1, Performance.PENDING: 5}
    >>> how_many(found, translator("en"))
    '6 of 13 promises missed, 1 at risk, 1 achieved, 5 open'
    >>> how_many({Performance.ON_TRACK: 2, Performance.AWAITING_DATA: 1}, translator("en"))
    'None of 3 promises in trouble: 2 on track, 1 open'
    >>> how_many({Performance.MISSED: 1539, Performance.ON_TRACK: 8461}, translator("en"))
    '1,539 of 10,000 promises missed, 8,461 on track'
    >>> how_many({Performance.MISSED: 3, Performance.ON_TRACK: 1}, translator("en"), done_late=2)
    '3 of 4 promises missed (2 done late), 1 on track'
    """
    total = sum(counts.values())
    if not total:
        return ""
    waiting = sum(counts.get(one, 0) for one in OPEN)
    found = Counter({one: count for one, count in counts.items() if one not in OPEN}) + Counter(
        {Performance.PENDING: waiting}
    )
    first = next((one for one in FIRST if found[one]), Performance.PENDING)
    further = [
        _(said, count=f"{found[one]:,}")
        for one, said in FURTHER.items()
        if found[one] and (one is not first or first not in FIRST)
    ]
    if first not in FIRST:
        return _("None of {total} promises in trouble: {rest}", total=f"{total:,}", rest=_(", ").join(further))
    counted = _(FIRST[first], count=f"{found[first]:,}", total=f"{total:,}")
    if done_late:
        counted = _("{missed} ({count} done late)", missed=counted, count=f"{done_late:,}")
    return _(NC_("clauses", ", ")).join([counted, *further])


def whose(catalogue: Catalogue, wanted: str, year: int, _: Translator) -> str:
    """Return whose promises of which year these are: `wanted` ("English | Chinese"), else what the programmes say."""
    if wanted:
        parts = [part.strip() for part in wanted.split("|")]
        said = dict(zip(LANGUAGES, parts, strict=False)).get(_.language) or parts[0]
        return said if str(year) in said else f"{said} · {year}"
    among = Counter(target.programme for target in catalogue.targets if target.programme)
    titles = {programme.id: programme.title[_.language] for programme in catalogue.programmes}
    names = [titles[name] for name, _count in among.most_common() if name in titles]
    if not names:
        return _("Promises of {year}", year=year)
    if len(names) == 1:
        return _("Promises of {year}: {programme}", programme=names[0], year=year)
    said = N_("Promises of {year}: {programme} and {count} more")
    return _(said, programme=names[0], count=len(names) - 1, year=year)
