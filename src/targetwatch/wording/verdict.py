"""What is said of a verdict, of its sentence each fact once: the state, the figures, and why.

Every sentence names the state, the figures it rests on and the day they describe, so that it can be read aloud. All
functions take the verdict, its indicator and the language's translator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from targetwatch.evaluation.days import MONTHS_PER_YEAR, is_month_end
from targetwatch.evaluation.status import DECIDED, LAGGING, by_probability, is_done_late
from targetwatch.evaluation.versions import DOWNWARD, Resolved, goal_of
from targetwatch.model import (
    Caveat,
    Comparator,
    DataState,
    Indicator,
    Measure,
    Performance,
    Period,
    StatusChange,
    StepState,
    Verdict,
)
from targetwatch.wording.formats import (
    again,
    amount,
    bare,
    between,
    bounds,
    change_asked_for,
    day,
    days_left,
    exponent,
    forecast_told,
    hundredths,
    is_scaled,
    part_of_month,
    period,
    told,
    width,
    with_change,
)
from targetwatch.wording.formats import odds as odds_words
from targetwatch.wording.schedule import next_release
from targetwatch.wording.translation import N_, Translator

ROUNDING_WORTH_SAYING = Decimal("0.01")
BARELY_MORE = Decimal("1.01")
"""A goal is reached without a word about by how much below this share of it."""
INTERPOLATED = {"start_interpolated", "deadline_interpolated"}
MONTHS_EACH = {"month": 1, "quarter": 3, "half": 6, "year": 12}
MOST_CLAUSES = 2
"""A phone shows so many of a reason where numbers stand below it."""
DOTS_AT_MOST = 8
"""So many dots can be counted at a glance."""
PERFORMANCES = {
    Performance.PENDING: N_("Pending"),
    Performance.ON_TRACK: N_("On track"),
    Performance.AT_RISK: N_("At risk"),
    Performance.OFF_TRACK: N_("Off track"),
    Performance.ACHIEVED: N_("Achieved"),
    Performance.MISSED: N_("Missed"),
    Performance.AWAITING_DATA: N_("Awaiting data"),
}
GROWTHS = {
    (True, 1): N_("what is still to come has to be {share}% more than in the same part of the year before"),
    (True, 0): N_("what is still to come has to be as much as in the same part of the year before"),
    (True, -1): N_("what is still to come may be {share}% less than in the same part of the year before"),
    (False, 1): N_("what is still to come may be up to {share}% more than in the same part of the year before"),
    (False, 0): N_("what is still to come may be as much as in the same part of the year before"),
    (False, -1): N_("what is still to come has to be {share}% less than in the same part of the year before"),
}
"""How the rest has to compare with last year's: (whether more is better, whether it is more, the same or less)."""
REACHED = {
    (True, False): N_("it is most likely to be reached in {when}"),
    (True, True): N_("it was most likely reached in {when}, which is not published yet"),
    (False, False): N_("the cap is most likely to be passed in {when}"),
    (False, True): N_("the cap was most likely passed in {when}, which is not published yet"),
}
"""What the forecast says before the figure is published: whether of a goal or a cap, whether the day is past."""
SINCE = {False: N_("since {day}"), True: N_("known since {day}")}
"""Since when a status is so: what is decided (True) was so before its figure was published."""
EVEN = 0.5
LIMITS = {Comparator.ABOVE: "> ", Comparator.AT_LEAST: "≥ ", Comparator.AT_MOST: "≤ ", Comparator.BELOW: "< "}
KEPT = {
    (Performance.ON_TRACK, True): (N_("just over 7 in 10"), N_("kept on track until the odds fall below 7 in 10")),
    (Performance.AT_RISK, True): (N_("just under 8 in 10"), N_("kept at risk until the odds pass 8 in 10")),
    (Performance.AT_RISK, False): (N_("just over 2 in 10"), N_("kept at risk until the odds fall below 2 in 10")),
    (Performance.OFF_TRACK, False): (N_("just under 3 in 10"), N_("kept off track until the odds pass 3 in 10")),
}
"""The odds, and why a performance is not what they alone would say; whether these are better than even."""
NOTES = {
    "start_interpolated": N_(
        "the first day falls between two published figures: what came between is shared out by days"
    ),
    "deadline_interpolated": N_(
        "the deadline falls between two published figures: what came between is shared out by days"
    ),
    "gap": N_("nothing is published for {first} to {last}: the sum ends there"),
    "unusable": N_("the figure to {first} cannot be used: what had been counted by {last} is not known"),
    "straight_line": N_("no earlier year's course is known: the plan is a straight line"),
    "plan_interpolated": N_("past years have no figure for this very day: in between, the plan is a straight line"),
}


def performance(state: Performance | Verdict, _: Translator) -> str:
    """Return a performance in words; of a verdict, that what it calls missed is done by now."""
    if isinstance(state, Performance):
        return _(PERFORMANCES[state])
    return _("Done late") if is_done_late(state) else _(PERFORMANCES[state.performance])


def since(state: Performance | Verdict, said: str, _: Translator) -> str:
    """Return since when a status is so, `said` the day; of what was done late since, when it was missed."""
    if not isinstance(state, Performance):
        if is_done_late(state):
            return _("missed since {day}", day=said)
        state = state.performance
    return _(SINCE[state in DECIDED], day=said)


def outcome(counts: Mapping[Performance, int], _: Translator) -> str:
    """Return how many targets ended how, the best first."""
    order = [one for one in PERFORMANCES if one in counts]
    return _(", ").join(_("{count} {state}", count=counts[one], state=performance(one, _).lower()) for one in order)


def sentence(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return one sentence a minister can read: the state, the figures, and why."""
    why = _("; ").join(_clauses(verdict, indicator, _))
    return _("{state}: {why}.", state=performance(verdict, _), why=why)


def reason(verdict: Verdict, indicator: Indicator, _: Translator, *, counted: bool = True) -> str:
    """Return the sentence without the state, which a badge beside it says.

    `counted` False: without the count of steps too, where there is something else to say.
    """
    clauses = _clauses(verdict, indicator, _)
    if not counted and indicator.measure is Measure.MILESTONES:
        clauses = clauses[1:] or clauses
    why = _("; ").join(clauses)
    return _("{why}.", why=f"{why[:1].upper()}{why[1:]}")


def reason_in_two(verdict: Verdict, indicator: Indicator, _: Translator) -> tuple[str, str]:
    """Return the reason in two parts: figures and forecast, and what the numbers below say too; of steps in one."""
    said, clauses = reason(verdict, indicator, _), _clauses(verdict, indicator, _)
    if indicator.measure is Measure.MILESTONES or len(clauses) <= MOST_CLAUSES:
        return said, ""
    end = len(_("; ").join(clauses[:MOST_CLAUSES]))
    return said[:end], said[end:]


def of_change(change: StatusChange, indicator: Indicator, _: Translator) -> str:
    """Return the sentence of a status change; one kept as text is said as it was."""
    return change.text[_.language] if change.verdict is None else sentence(change.verdict, indicator, _)


def reason_of_change(change: StatusChange, indicator: Indicator, _: Translator) -> str:
    """Return the sentence of a status change without its state; one kept as text is said as it was."""
    return change.text[_.language] if change.verdict is None else reason(change.verdict, indicator, _)


def card(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return value and goal in a few words, for a tile read from five metres away."""
    if indicator.measure is Measure.MILESTONES:
        dots = "".join("○" if state.done_on is None else "●" for state in verdict.steps)
        return f"{dots if len(verdict.steps) <= DOTS_AT_MOST else ''} {_steps_done(verdict, _)}".strip()
    return f"{value_beside_goal(verdict, indicator, _)} / {goal_in_short(verdict, indicator, _)}"


def value_beside_goal(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the value in the unit that its goal names, with it where that is more than what is counted: bn, %."""
    if verdict.actual_value is None:
        return _("no figure")
    if is_scaled(indicator, _):
        return amount(told(verdict.actual_value, verdict), indicator, _)
    unit_of = verdict.goal_upper or verdict.goal_value or 0
    return bare(told(verdict.actual_value, verdict), indicator, _, beside=unit_of)


def plan(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return what the plan expected by data-through; empty for steps."""
    if verdict.expected_value is None or indicator.measure is Measure.MILESTONES:
        return ""
    return amount(told(verdict.expected_value, verdict), indicator, _)


def odds(verdict: Verdict, indicator: Indicator, _: Translator) -> str:  # noqa: ARG001 - said like the others
    """Return the odds of making it; empty without a forecast, and once it is decided."""
    probability = None if verdict.performance in DECIDED else verdict.attainment_probability
    if probability is None:
        return ""
    kept = _kept(verdict)
    return _(kept[0]) if kept else odds_words(probability, _)


def _kept(verdict: Verdict) -> tuple[str, str] | None:
    """Return what of KEPT is said of a verdict; None where the odds alone say what it says."""
    probability = verdict.attainment_probability
    if probability is None or verdict.rule != "probability":
        return None
    is_kept = verdict.performance is not by_probability(probability, None)
    return KEPT.get((verdict.performance, probability > EVEN)) if is_kept else None


def age(verdict: Verdict, indicator: Indicator, _: Translator) -> str:  # noqa: ARG001 - said like the others
    """Return how old the figures are, and where the next one is: kept apart from how the target goes."""
    if verdict.data_through is None:
        return _("no figure yet")
    said, due = _("figures to {day}", day=day(verdict.data_through, _)), verdict.next_release_due
    if due is None or verdict.data_state is DataState.FRESH:
        return said
    return _("; ").join([said, next_release(verdict.data_state, due, verdict.late_days, _)])


def note(caveat: Caveat, _: Translator) -> str:
    """Return a caveat in words."""
    return _(NOTES[caveat.code], **dict(zip(("first", "last"), caveat.days, strict=False)))


def goal(verdict: Verdict, indicator: Indicator, _: Translator, *, beside_value: bool = False) -> str:
    """Return the goal in words, with its unit; a relative goal without a baseline as the change it asks for.

    `beside_value`: the value has said what an index is 100 at.
    """
    if verdict.goal_value is None and verdict.comparator is not Comparator.COMPLETE:
        change = verdict.goal_change or Decimal(0)
        said = N_("a rise of {size}% on a baseline never published")
        if change < 0:
            said = N_("a cut of {size}% on a baseline never published")
        return _(said, size=f"{abs(float(change)) * 100:.4g}")
    said = bounds(goal_of(verdict), indicator, _, say=again if beside_value else amount)
    return with_change(said, verdict.goal_change, _)


def _clauses(verdict: Verdict, indicator: Indicator, _: Translator) -> list[str]:
    """Return what the sentence says after the state: the figures first."""
    if indicator.measure is Measure.MILESTONES:
        return _of_steps(verdict, _)
    changed = _of_changed_goal(verdict, indicator, _)
    if verdict.actual_value is None or verdict.data_through is None:
        return [*_of_nothing(verdict, indicator, _), *changed]
    return [_facts(verdict, indicator, _), *changed, *_of_rule(verdict, indicator, _)]


def _of_changed_goal(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield what the goal was before a new version lowered or raised it, or made another of it."""
    before, now = verdict.goal_before, goal_of(verdict)
    if before is None or now.value is None:
        return
    on, old = day(before.replaced_on, _), Resolved(before.comparator, before.value, before.upper)
    if now.upper is not None or old.upper is not None or old.upward is not now.upward or old.value == now.value:
        yield _("before {day} the goal was {goal}", day=on, goal=bounds(old, indicator, _, say=again))
        return
    said = N_("the goal was lowered from {before} to {after} on {day}")
    if now.value > before.value:
        said = N_("the goal was raised from {before} to {after} on {day}")
    first, last = between(before.value, now.value, indicator, _)
    yield _(said, before=first, after=last, day=on)


def rounding(verdict: Verdict) -> Decimal | None:
    """Return the half-width of the value where it says more than the value's own digits do."""
    value, half = verdict.actual_value, verdict.actual_rounding
    is_told = value is not None and half > abs(value) * ROUNDING_WORTH_SAYING
    return half if value is not None and is_told and 2 * half > Decimal(1).scaleb(exponent(value)) else None


def _facts(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    value = verdict.actual_value
    assert value is not None
    about = _(" (provisional)") if verdict.provisional else ""
    if half := rounding(verdict):
        about = f"{_(' ± {width}', width=width(half, indicator, _, beside=value))}{about}"
    facts = N_("{value}{about} {when} against the goal of {goal}")
    if any(one.code in INTERPOLATED for one in verdict.notes):
        facts = N_("about {value}{about} {when} against the goal of {goal}")
    facts = _(
        facts,
        value=amount(told(value, verdict), indicator, _),
        about=about,
        when=when(verdict, indicator, _),
        goal=goal(verdict, indicator, _, beside_value=True),
    )
    is_of_goal = verdict.rule in {"goal_reached", "final_reached", "final_short", "cap_passed"}
    if not is_of_goal or indicator.measure is not Measure.FLOW or not verdict.progress_ratio or not verdict.goal_value:
        return facts
    share = told(value, verdict) / verdict.goal_value
    if share > (1 if verdict.comparator in DOWNWARD else BARELY_MORE):
        return _("{facts}, {share}% over it", facts=facts, share=hundredths(share - 1))
    return facts if share >= 1 else _("{facts}, {share}% of it", facts=facts, share=hundredths(share))


def when(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return which time a value is of: what adds up counts through a day, a level stands at it or is of its period.

    A monthly level is of its month, an annual one of its year, whether or not its figures say so.
    """
    through = verdict.data_through
    if indicator.measure is Measure.FLOW or through is None:
        return _("through {day}", day=day(through, _))
    if indicator.rolling_total_of is not None:
        months = indicator.rolling_total_of.months
        return _("in the {count} months to {day}", count=months, day=day(through, _))
    if indicator.release.every == "year" and (through.month, through.day) == (12, 31):
        return _("for {year}", year=through.year)
    is_of_month = indicator.release.every == "month" and is_month_end(through)
    first = verdict.data_from or (through.replace(day=1) if is_of_month else through)
    if first == through:
        return _("at {day}", day=day(through, _))
    return _("in {period}", period=period(Period(first, through), _))


def _of_nothing(verdict: Verdict, indicator: Indicator, _: Translator) -> list[str]:
    wanted = goal(verdict, indicator, _)
    if verdict.rule == "before_start":
        opens = _("what counts begins on {day}", day=day(verdict.start, _))
        return [_("{clause}; the goal is {goal}", clause=opens, goal=wanted)]
    if verdict.rule == "awaiting_final_figure" and verdict.deadline is not None:
        over = _("the deadline of {day} has passed and no figure has been published", day=day(verdict.deadline, _))
        return [_("{clause}; the goal was {goal}", clause=over, goal=wanted)]
    return [_("{clause}; the goal is {goal}", clause=_("no figure that counts has been published yet"), goal=wanted)]


def _of_rule(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield the clauses that say why, by the rule that fired."""
    deadline = verdict.deadline
    match verdict.rule:
        case "awaiting_final_figure" if deadline is not None and verdict.goal_value is not None:
            yield _final_figure(verdict.start, deadline, indicator, _)
        case "awaiting_final_figure" | "no_baseline":
            yield _("without a published baseline it cannot be judged")
        case "goal_met":
            until = day(deadline, _) if deadline else _("the end")
            yield _("the goal is met today and has to be held until {day}", day=until)
        case "goal_lost":
            yield _("the goal was met at the baseline and is not any more")
        case "band_overshot":
            yield _("it has gone through the band and out on the other side")
        case "probability":
            yield from _of_forecast(verdict, indicator, _)
        case "required_growth":
            yield _of_growth(verdict, _)
        case "pace" if verdict.pace_ratio is not None and verdict.expected_value is not None:
            yield _(
                "the plan expected {plan} by then (pace {pace}, a rule of thumb)",
                plan=again(told(verdict.expected_value, verdict), indicator, _),
                pace=f"{verdict.pace_ratio:.2f}",
            )


def _final_figure(start: date, deadline: date, indicator: Indicator, _: Translator) -> str:
    """Return that the last figure is not out, by its period: the year a flow fills, else that of a release."""
    months = MONTHS_EACH.get(indicator.release.every, 0)
    if indicator.measure is Measure.FLOW and (start.month, start.day, start.year) == (1, 1, deadline.year):
        months = months and MONTHS_PER_YEAR
    if not months or deadline.month % months or not is_month_end(deadline):
        return _("the figure to {day} is not published yet", day=day(deadline, _))
    first = deadline.replace(day=1, month=deadline.month - months + 1)
    return _("the figure for {period} is not published yet", period=period(Period(first, deadline), _))


def _of_forecast(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield forecast, interval and odds, and what the rest has to come to."""
    if verdict.forecast is None:
        return
    middle, low, high = forecast_told(verdict)
    median, ends = again(middle, indicator, _), between(low, high, indicator, _)
    made = _("the odds of making it {odds}", odds=odds(verdict, indicator, _))
    said = dict(zip(("low", "high"), ends, strict=True))
    yield _("the forecast is {median} (4 in 5: {low} to {high}), {odds}", median=median, odds=made, **said)
    if kept := _kept(verdict):
        yield _(kept[1])
    yield from _of_reaching(verdict, _)
    yield from _of_usual_course(verdict, indicator, _)
    if verdict.required_growth_ratio is not None and indicator.measure is Measure.FLOW:
        yield _of_growth(verdict, _)


def _of_reaching(verdict: Verdict, _: Translator) -> Iterable[str]:
    """Yield when the goal is most likely reached, or a cap passed, where that is what the performance expects."""
    found = reached(verdict, _)
    if found:
        upward, is_past = goal_of(verdict).upward, verdict.reached_on is not None and verdict.reached_on <= verdict.day
        yield _(REACHED[upward, is_past], when=found)


def _of_usual_course(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield how a level went on a year before, where that course outweighs how it stands to its goal now."""
    value, before, after = verdict.actual_value, verdict.last_year_to_date, verdict.last_year_total
    if indicator.measure is not Measure.LEVEL or value is None or before is None or after is None:
        return
    wanted, is_good = goal_of(verdict), verdict.performance is Performance.ON_TRACK
    gets_better = (after > before) is wanted.upward
    if wanted.upper is not None or wanted.attained_by(value) is is_good or gets_better is not is_good:
        return
    said = N_("in the year before it fell from {before} at this point to {after} by the end")
    if after > before:
        said = N_("in the year before it rose from {before} at this point to {after} by the end")
    first, last = (again(told(one, verdict), indicator, _) for one in (before, after))
    if first != last:
        yield _(said, before=first, after=last)


def reached(verdict: Verdict, _: Translator) -> str:
    """Return when the goal is most likely reached, or a cap passed; empty where it is not to be expected."""
    expected = Performance.ON_TRACK if goal_of(verdict).upward else Performance.OFF_TRACK
    if verdict.reached_on is None or verdict.performance is not expected or verdict.goal_upper is not None:
        return ""
    return part_of_month(verdict.reached_on, _)


def _of_growth(verdict: Verdict, _: Translator) -> str:
    growth, upward = verdict.required_growth_ratio, goal_of(verdict).upward
    assert growth is not None
    size = hundredths(abs(growth))
    way = 0 if size == "0" else 1 if growth > 0 else -1
    said, eases = _(GROWTHS[upward, way], share=size), way == (-1 if upward else 1)
    return _("yet {clause}", clause=said) if eases and verdict.performance in LAGGING else said


def _of_steps(verdict: Verdict, _: Translator) -> list[str]:
    """Return how many steps are reported done, which were late, which are missing, which comes next."""
    steps, today = verdict.steps, verdict.day
    done = sum(1 for state in steps if state.done_on is not None)
    opened = [state for state in steps if state.done_on is None]
    coming = min((state.due for state in opened if state.due is not None and state.due >= today), default=None)
    said = [_("{done} of {total} reported done", done=done, total=len(steps))]
    if coming is not None and verdict.performance is not Performance.MISSED:
        said = [_("{clause}, {left}", clause=said[0], left=days_left((coming - today).days, _))]
    said += [_late(state, _) for state in steps if state.late_days is not None]
    overdue = [state for state in opened if state.due is not None and state.due < today]
    if overdue:
        names = _.context("steps", ", ").join(state.step.title[_.language] for state in overdue)
        is_missed = verdict.performance is Performance.MISSED
        missing = N_("no report of completion found for {steps}") if is_missed else N_("no report yet of {steps}")
        said.append(_(missing, steps=names))
    elif opened:
        said += _next_step(verdict, _)
    return said


def _late(state: StepState, _: Translator) -> str:
    said = N_("{step} done {days} day late") if state.late_days == 1 else N_("{step} done {days} days late")
    return _(said, step=state.step.title[_.language], days=state.late_days)


def _next_step(verdict: Verdict, _: Translator) -> Iterable[str]:
    dues = [state.due for state in verdict.steps if state.done_on is None and state.due is not None]
    if not dues:
        yield _("no deadline was announced")
        return
    if verdict.rule == "steps_behind_plan" and verdict.expected_value is not None:
        yield _("the plan expects {count} by now", count=int(verdict.expected_value))
    yield _.context("step", "the next is due {day}", day=day(min(dues), _))
    if verdict.rule in {"step_due_soon", "step_nearly_due"}:
        yield _("a step not reported counts as not done")


def goal_in_short(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the goal as a figure: both bounds of a band; the change asked for where its baseline is not published."""
    if verdict.goal_value is None:
        return change_asked_for(verdict.goal_change or Decimal(0), _)
    if verdict.goal_upper is None:
        return f"{LIMITS.get(verdict.comparator, '')}{amount(verdict.goal_value, indicator, _)}"
    return "–".join(between(verdict.goal_value, verdict.goal_upper, indicator, _))


def _steps_done(verdict: Verdict, _: Translator) -> str:
    done = sum(1 for state in verdict.steps if state.done_on is not None)
    return _("{done} of {total}", done=done, total=len(verdict.steps))
