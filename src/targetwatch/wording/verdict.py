"""What is said of a verdict, of its sentence each fact once: the state, the figures, and why.

Every sentence names the state, the figures it rests on and the day they describe, so that it can be read aloud. All
functions take the verdict, its indicator and the language's translator.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation.versions import goal_of
from targetwatch.model import Comparator, DataState, Measure, Performance
from targetwatch.wording.formats import (
    HARDLY_LIKELY,
    again,
    amount,
    bare,
    base,
    bounds,
    day,
    months,
    percent,
    rate,
    with_unit,
)
from targetwatch.wording.formats import odds as odds_words
from targetwatch.wording.translation import N_, NC_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from targetwatch.model import Caveat, Indicator, StatusChange, StepState, Verdict
    from targetwatch.wording.translation import Translator

ROUNDING_WORTH_SAYING = Decimal("0.01")
DOTS_AT_MOST = 8
"""So many dots can be counted at a glance."""
RUNNING = frozenset({Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK})
PERFORMANCES = {
    Performance.PENDING: N_("Pending"),
    Performance.ON_TRACK: N_("On track"),
    Performance.AT_RISK: N_("At risk"),
    Performance.OFF_TRACK: N_("Off track"),
    Performance.ACHIEVED: N_("Achieved"),
    Performance.MISSED: N_("Missed"),
    Performance.AWAITING_DATA: N_("Awaiting data"),
}
LEVEL_NEEDS = {
    (True, False): N_("needs to rise by {rate} for {months} from {day}"),
    (False, False): N_("needs to fall by {rate} for {months} from {day}"),
    (True, True): NC_("labelled", "to rise by {rate} for {months} from {day}"),
    (False, True): NC_("labelled", "to fall by {rate} for {months} from {day}"),
}
FLOW_NEEDS = {
    (True, False): N_("needs {rate} for the remaining {months}"),
    (False, False): N_("may take {rate} for the remaining {months}"),
    (True, True): NC_("labelled", "{rate} for the remaining {months}"),
    (False, True): N_("may take {rate} for the remaining {months}"),
}
"""What is needed: upwards or not, after a label that says "needed" already or not."""
NOTES = {
    "start_interpolated": N_("the running total at the start is interpolated between two published ones"),
    "deadline_interpolated": N_("the value at the deadline is interpolated between two published ones"),
    "gap": N_("nothing is published for {first} to {last}: the sum ends there"),
    "unusable": N_("the figure to {first} cannot be used: what had been counted by {last} is not known"),
    "straight_line": N_("no earlier year's course is known: the plan is a straight line"),
    "plan_interpolated": N_("the plan is interpolated between the evenings known of past years"),
}


def performance(state: Performance, _: Translator) -> str:
    """Return a performance in words."""
    return _(PERFORMANCES[state])


def outcome(counts: Mapping[Performance, int], _: Translator) -> str:
    """Return how many targets ended how, the best first."""
    order = [one for one in PERFORMANCES if one in counts]
    return _(", ").join(_("{count} {state}", count=counts[one], state=performance(one, _).lower()) for one in order)


def sentence(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return one sentence a minister can read: the state, the figures, and why."""
    why = _("; ").join(_clauses(verdict, indicator, _))
    return _("{state}: {why}.", state=_(PERFORMANCES[verdict.performance]), why=why)


def reason(verdict: Verdict, indicator: Indicator, _: Translator, *, counted: bool = True) -> str:
    """Return the sentence without the state, which a badge beside it says.

    `counted` False: without the count of steps too, where there is something else to say.
    """
    clauses = _clauses(verdict, indicator, _)
    if not counted and indicator.measure is Measure.MILESTONES:
        clauses = clauses[1:] or clauses
    why = _("; ").join(clauses)
    return _("{why}.", why=f"{why[:1].upper()}{why[1:]}")


def of_change(change: StatusChange, indicator: Indicator, _: Translator) -> str:
    """Return the sentence of a status change; one kept as text is said as it was."""
    return change.text[_.language] if change.verdict is None else sentence(change.verdict, indicator, _)


def reason_of_change(change: StatusChange, indicator: Indicator, _: Translator) -> str:
    """Return the sentence of a status change without its state; one kept as text is said as it was."""
    return change.text[_.language] if change.verdict is None else reason(change.verdict, indicator, _)


def needed(verdict: Verdict, indicator: Indicator, _: Translator, *, labelled: bool = False) -> str:
    """Return what would have to be true from here on; empty when nothing is needed any more.

    `labelled`: after a label that says "needed" already.
    """
    a_month, through = verdict.required_value_per_month, verdict.data_through
    if verdict.performance not in RUNNING or a_month is None or verdict.remaining_months is None or through is None:
        return ""
    each, span, wanted = rate(a_month, indicator, _), months(verdict.remaining_months, _), goal_of(verdict)
    if indicator.measure is Measure.LEVEL:
        if verdict.actual_value is not None and wanted.attained_by(verdict.actual_value):
            return ""
        each = with_unit(each, base(indicator, _), _)
        return _(LEVEL_NEEDS[a_month > 0, labelled], rate=each, months=span, day=day(through, _))
    said = [_(FLOW_NEEDS[wanted.upward, labelled], rate=each, months=span)]
    if verdict.value_per_month is not None:
        said.append(_("so far {rate}", rate=rate(verdict.value_per_month, indicator, _)))
    return _("; ").join([*said, *_ahead(round(verdict.buffer_days or 0), _)])


def _ahead(days: int, _: Translator) -> Iterable[str]:
    """Yield how far ahead of plan that is; nothing when on plan to the day or unknown."""
    if days > 0:
        yield _(N_("{days} day ahead of plan") if days == 1 else N_("{days} days ahead of plan"), days=days)
    elif days < 0:
        yield _(N_("{days} day behind plan") if days == -1 else N_("{days} days behind plan"), days=-days)


def card(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return value and goal in a few words, for a tile read from five metres away."""
    if indicator.measure is Measure.MILESTONES:
        dots = "".join("○" if state.done_on is None else "●" for state in verdict.steps)
        return f"{dots if len(verdict.steps) <= DOTS_AT_MOST else ''} {_steps_done(verdict, _)}".strip()
    value = _("no figure") if verdict.actual_value is None else bare(verdict.actual_value, indicator, _)
    return f"{value} / {_goal_in_short(verdict, indicator, _)}"


def plan(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return what the plan expected by data-through; empty for steps."""
    if verdict.expected_value is None or indicator.measure is Measure.MILESTONES:
        return ""
    return amount(verdict.expected_value, indicator, _)


def odds(verdict: Verdict, indicator: Indicator, _: Translator) -> str:  # noqa: ARG001 - said like the others
    """Return the odds of making it; empty without a forecast."""
    return "" if verdict.attainment_probability is None else odds_words(verdict.attainment_probability, _)


def age(verdict: Verdict, indicator: Indicator, _: Translator) -> str:  # noqa: ARG001 - said like the others
    """Return how old the figures are, and where the next one is: kept apart from how the target goes."""
    if verdict.data_through is None:
        return _("no figure yet")
    said, due = _("figures to {day}", day=day(verdict.data_through, _)), verdict.next_release_due
    if due is None or verdict.data_state is DataState.FRESH:
        return said
    late = N_("the next is due since {day}")
    if verdict.data_state is DataState.LATE:
        one, many = (
            N_("the next was due {day}, {days} day late"),
            NC_("age", "the next was due {day}, {days} days late"),
        )
        late = one if verdict.late_days == 1 else many
    return _("; ").join([said, _(late, day=day(due, _), days=verdict.late_days)])


def note(caveat: Caveat, _: Translator) -> str:
    """Return a caveat in words."""
    return _(NOTES[caveat.code], **dict(zip(("first", "last"), caveat.days, strict=False)))


def goal(verdict: Verdict, indicator: Indicator, _: Translator, *, beside_value: bool = False) -> str:
    """Return the goal in words, with its unit; a relative goal without a baseline as the change it asks for.

    `beside_value`: the value has said what an index is 100 at.
    """
    if verdict.goal_value is None and verdict.comparator is not Comparator.COMPLETE:
        change = verdict.goal_change or Decimal(0)
        said = N_("a rise of {size} % on a baseline never published")
        if change < 0:
            said = N_("a cut of {size} % on a baseline never published")
        return _(said, size=f"{abs(float(change)) * 100:.4g}")
    return bounds(goal_of(verdict), indicator, _, say=again if beside_value else amount)


def _clauses(verdict: Verdict, indicator: Indicator, _: Translator) -> list[str]:
    """Return what the sentence says after the state: the figures first."""
    if indicator.measure is Measure.MILESTONES:
        return _of_steps(verdict, _)
    if verdict.actual_value is None or verdict.data_through is None:
        return _of_nothing(verdict, indicator, _)
    return [_facts(verdict, indicator, _), *_of_rule(verdict, indicator, _)]


def _facts(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    value, through = verdict.actual_value, verdict.data_through
    assert value is not None
    assert through is not None
    about = _(" (provisional)") if verdict.provisional else ""
    if verdict.actual_rounding > abs(value) * ROUNDING_WORTH_SAYING:
        say = amount if _.language == "zh" else bare  # in brackets the rounding needs its unit
        about = f"{_(' ± {width}', width=say(verdict.actual_rounding, indicator, _))}{about}"
    facts = _(
        "{value}{about} through {day} against the goal of {goal}",
        value=amount(value, indicator, _),
        about=about,
        day=day(through, _),
        goal=goal(verdict, indicator, _, beside_value=True),
    )
    is_of_goal = verdict.rule in {"goal_reached", "final_reached", "final_short", "cap_passed"}
    if is_of_goal and verdict.progress_ratio is not None and indicator.measure is Measure.FLOW:
        return _("{facts}, {share} % of it", facts=facts, share=f"{verdict.progress_ratio * 100:.1f}")
    return facts


def _of_nothing(verdict: Verdict, indicator: Indicator, _: Translator) -> list[str]:
    wanted = goal(verdict, indicator, _)
    if verdict.rule == "before_start":
        opens = _("the window opens on {day}", day=day(verdict.start, _))
        return [_("{clause}; the goal is {goal}", clause=opens, goal=wanted)]
    if verdict.rule == "awaiting_final_figure" and verdict.deadline is not None:
        over = _("the deadline of {day} has passed and no figure has been published", day=day(verdict.deadline, _))
        return [_("{clause}; the goal was {goal}", clause=over, goal=wanted)]
    return [_("{clause}; the goal is {goal}", clause=_("no figure has been published for the window yet"), goal=wanted)]


def _of_rule(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield the clauses that say why, by the rule that fired."""
    deadline = verdict.deadline
    match verdict.rule:
        case "awaiting_final_figure" if deadline is not None and verdict.goal_value is not None:
            yield _("the figure for {day} is not published yet", day=day(deadline, _))
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
                plan=again(verdict.expected_value, indicator, _),
                pace=f"{verdict.pace_ratio:.2f}",
            )


def _of_forecast(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterable[str]:
    """Yield forecast, interval and odds, and what the rest has to come to."""
    if verdict.forecast is None:
        return
    found = verdict.forecast
    low, median, high = (again(value, indicator, _) for value in (found.low, found.median, found.high))
    made = _("the odds of making it less than 1 in 20")
    if found.attain_probability >= HARDLY_LIKELY:
        made = _("the odds of making it {odds}", odds=odds_words(found.attain_probability, _))
    yield _("the forecast is {median} ({low} to {high}), {odds}", median=median, low=low, high=high, odds=made)
    if verdict.required_growth_ratio is not None and indicator.measure is Measure.FLOW:
        yield _of_growth(verdict, _)


def _of_growth(verdict: Verdict, _: Translator) -> str:
    growth = verdict.required_growth_ratio
    assert growth is not None
    if not goal_of(verdict).upward:
        return _("the rest may change by {change} on last year's", change=percent(growth))
    if growth < 0:
        return _("the rest of the window may even fall {share} % short of last year's", share=f"{-growth * 100:.1f}")
    return _("the rest of the window has to grow {share} % on last year's", share=f"{growth * 100:.1f}")


def _of_steps(verdict: Verdict, _: Translator) -> list[str]:
    """Return how many steps are reported done, which were late, which are missing, which comes next."""
    steps, today = verdict.steps, verdict.day
    done = sum(1 for state in steps if state.done_on is not None)
    opened = [state for state in steps if state.done_on is None]
    coming = min((state.due for state in opened if state.due is not None and state.due >= today), default=None)
    said = [_("{done} of {total} reported done", done=done, total=len(steps))]
    if coming is not None and verdict.performance is not Performance.MISSED:
        left = (coming - today).days
        clause = N_("{clause}, {days} day left") if left == 1 else N_("{clause}, {days} days left")
        said = [_(clause, clause=said[0], days=left)]
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


def _goal_in_short(verdict: Verdict, indicator: Indicator, _: Translator) -> str:
    """Return the goal as a figure: both bounds of a band; the change asked for where its baseline is not published."""
    if verdict.goal_value is None:
        return percent(float(verdict.goal_change or 0))
    if verdict.goal_upper is None:
        return amount(verdict.goal_value, indicator, _)
    return f"{bare(verdict.goal_value, indicator, _)}–{amount(verdict.goal_upper, indicator, _)}"


def _steps_done(verdict: Verdict, _: Translator) -> str:
    done = sum(1 for state in verdict.steps if state.done_on is not None)
    return _("{done} of {total}", done=done, total=len(verdict.steps))
