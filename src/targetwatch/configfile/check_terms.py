"""What one version of a target says, checked against itself and its indicator: goal, window, plan, steps.

Every check yields a Finding that names the terms it rests on; a version is only told of what it says itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from targetwatch.configfile.scalars import plain_number
from targetwatch.configfile.target_forms import GoalForm, WaypointsForm

if TYPE_CHECKING:
    from datetime import date

    from targetwatch.configfile.document import KeyPath
    from targetwatch.configfile.terms import Terms

COMPARATORS = ("above", "at_least", "below", "at_most", "between", "change")
FLOOR = Decimal(-1)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at `keys`, resting on the terms `about`; `code` names it for who says it in other words."""

    keys: KeyPath
    about: frozenset[str]
    what: str
    code: str


@dataclass(frozen=True, slots=True)
class About:
    """What the checks need to know of the indicator, as far as it could be read."""

    id: str
    measure: str
    lowest: Decimal | None = None
    highest: Decimal | None = None


def term_findings(terms: Terms, indicator: About | None, *, explained: bool) -> Iterator[Finding]:
    """Yield all that is wrong with one version; `explained`: the target has a note."""
    yield from _goal(terms)
    yield from _window(terms)
    yield from _plan(terms)
    yield from _steps(terms)
    yield from _baseline(terms, explained=explained)
    if indicator is not None:
        yield from _fit(terms, indicator)


def chosen(goal: GoalForm) -> list[str]:
    """Return the comparators that a goal names."""
    return [name for name in COMPARATORS if getattr(goal, name) is not None]


def _goal(terms: Terms) -> Iterator[Finding]:
    about = frozenset({"goal"})
    goal = terms.goal
    if terms.index is not None and "goal" in terms.own and goal is None:
        yield Finding(
            ("goal",), about, "nothing stands here, expected the new goal, or the key removed", "goal_taken_away"
        )
    if not isinstance(goal, GoalForm):
        return
    named = chosen(goal)
    if len(named) != 1:
        what = f"{len(named)} goals at once ({' and '.join(named)})" if named else "no goal stands here"
        hint = "; a range is between: [low, high]" if len(named) > 1 else ""
        yield Finding(("goal",), about, f"{what}, expected exactly one of {', '.join(COMPARATORS)}{hint}", "goal_one")
    if goal.between is not None:
        numbers = [plain_number(number) for number in goal.between]
        if len(numbers) != 2:  # noqa: PLR2004 - a range has two ends
            yield Finding(
                ("goal", "between"), about, f"{len(numbers)} numbers, expected two: [low, high]", "between_two"
            )
        elif goal.between[0] >= goal.between[1]:
            what = f"[{', '.join(numbers)}] runs backwards, write [{numbers[1]}, {numbers[0]}]"
            if goal.between[0] == goal.between[1]:
                what = f"[{', '.join(numbers)}] leaves no range, expected the smaller number first"
            yield Finding(("goal", "between"), about, what, "between_order")
    if goal.change is not None and (goal.change.by == 0 or goal.change.by < FLOOR):
        what = f"{plain_number(goal.change.by * 100)}% is no goal, expected a change that is not 0% and not under -100%"
        yield Finding(("goal", "change", "by"), about, what, "change_none")


def _baseline(terms: Terms, *, explained: bool) -> Iterator[Finding]:
    relative = isinstance(terms.goal, GoalForm) and terms.goal.change is not None
    if relative and terms.baseline is None and not explained:
        yield Finding(
            ("goal", "change"),
            frozenset({"goal", "baseline"}),
            "is relative to a baseline and there is none, expected baseline: {value: ..., period: ...}; "
            "where none is published, say so in note: and the target waits for one",
            "baseline_missing",
        )
    if terms.baseline is None:
        return
    if relative and terms.baseline.value == 0:
        yield Finding(
            ("baseline", "value"),
            frozenset({"goal", "baseline"}),
            "0 cannot change by a percentage, expected another baseline or an absolute goal such as at_least",
            "baseline_zero",
        )
    if terms.start is not None and terms.baseline.period.end > terms.start:
        what = f"ends on {terms.baseline.period.end}, inside the window, expected a period before {terms.start}"
        yield Finding(("baseline", "period"), frozenset({"baseline", "start"}), what, "baseline_inside")


def _window(terms: Terms) -> Iterator[Finding]:
    about = frozenset({"start", "deadline"})
    if terms.start is not None and terms.deadline is not None and terms.deadline < terms.start:
        what = f"{terms.deadline} is before the start {terms.start}, expected a later day"
        yield Finding(("deadline",), about, what, "deadline_before_start")
        return
    announced = terms.announcement.on if terms.announcement else None
    if announced is not None and terms.deadline is not None and terms.deadline < announced:
        what = f"{terms.deadline} was over when it was announced ({announced}), expected a later day"
        yield Finding(("deadline",), frozenset({"deadline"}), what, "deadline_over")


def _plan(terms: Terms) -> Iterator[Finding]:
    if not isinstance(terms.plan, WaypointsForm):
        return
    points = terms.plan.waypoints
    for index, point in enumerate(points):
        key: KeyPath = ("plan", "waypoints", index, "on")
        if _outside(point.on, terms):
            window = f"{terms.start} to {terms.deadline}" if terms.deadline else f"{terms.start} on"
            what = f"{point.on} is outside the window, expected a day from {window}"
            yield Finding(key, frozenset({"plan", "start", "deadline"}), what, "waypoint_outside")
    for index, (before, after) in enumerate(pairwise(points), 1):
        if after.on <= before.on:
            key = ("plan", "waypoints", index, "on")
            what = f"{after.on} comes after {before.on} in the list, expected the points in order of their days"
            yield Finding(key, frozenset({"plan"}), what, "waypoint_order")


def _outside(day: date, terms: Terms) -> bool:
    early = terms.start is not None and day < terms.start
    return early or (terms.deadline is not None and day > terms.deadline)


def _steps(terms: Terms) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, step in enumerate(terms.steps):
        if step.id in seen:
            what = f"'{step.id}' is the id of an earlier step, expected a different one"
            yield Finding(("steps", index, "id"), frozenset({"steps"}), what, "step_twice")
        seen.add(step.id)
        if step.due is None:
            continue
        about = frozenset({"steps", "start", "deadline"})
        if terms.deadline is not None and step.due > terms.deadline:
            what = f"{step.due} is after the target's deadline {terms.deadline}, expected that day or an earlier one"
            yield Finding(("steps", index, "due"), about, what, "step_due_late")
        if terms.start is not None and step.due < terms.start:
            what = f"{step.due} is before the start {terms.start}, expected that day or a later one"
            yield Finding(("steps", index, "due"), about, what, "step_due_early")


def _fit(terms: Terms, indicator: About) -> Iterator[Finding]:
    if indicator.measure == "milestones":
        yield from _fit_milestones(terms, indicator)
        return
    measured = f"'{indicator.id}' is a {indicator.measure}"
    if terms.goal == "complete":
        what = f"complete is for milestones and {measured}, expected one of {', '.join(COMPARATORS)}"
        yield Finding(("goal",), frozenset({"goal"}), what, "complete_misfit")
    if terms.steps:
        yield Finding(
            ("steps",), frozenset({"steps"}), f"steps are for milestones and {measured}, expected none", "steps_misfit"
        )
    if terms.deadline is None:
        what = f"missing, expected the last day of the window: {measured}, and only milestones may go without"
        yield Finding(("deadline",), frozenset({"deadline"}), what, "deadline_missing")
    if indicator.measure == "flow":
        yield from _fit_flow_plan(terms)
    elif isinstance(terms.goal, GoalForm):
        yield from _fit_bounds(terms.goal, indicator)


def _fit_milestones(terms: Terms, indicator: About) -> Iterator[Finding]:
    counts = f"'{indicator.id}' counts milestones"
    if isinstance(terms.goal, GoalForm) and chosen(terms.goal):
        what = f"{chosen(terms.goal)[0]} does not fit, {counts}, write goal: complete"
        yield Finding(("goal",), frozenset({"goal"}), what, "goal_misfit")
    if not terms.steps and terms.goal is not None:
        what = f"missing, {counts}, expected at least one: steps: [{{id: ..., title: {{en: ..., zh: ...}}}}]"
        yield Finding(("steps",), frozenset({"steps"}), what, "steps_missing")
    for name in ("baseline", "plan"):
        if getattr(terms, name) is not None:
            yield Finding(
                (name,), frozenset({name}), f"{counts} and has no use for it, expected the key removed", "term_misfit"
            )


def _fit_flow_plan(terms: Terms) -> Iterator[Finding]:
    if not isinstance(terms.plan, WaypointsForm):
        return
    about = frozenset({"plan", "goal"})
    goal = terms.goal if isinstance(terms.goal, GoalForm) else None
    most = (
        next((n for n in (goal.above, goal.at_least, goal.below, goal.at_most) if n is not None), None)
        if goal
        else None
    )
    for index, point in enumerate(terms.plan.waypoints):
        if most is not None and point.value > most:
            what = f"{plain_number(point.value)} is beyond the goal {plain_number(most)}, expected at most that"
            yield Finding(("plan", "waypoints", index, "value"), about, what, "waypoint_beyond")
    for index, (before, after) in enumerate(pairwise(terms.plan.waypoints), 1):
        if after.value < before.value:
            what = (
                f"{plain_number(after.value)} is less than {plain_number(before.value)} before it, expected values"
                " since the start, which cannot fall"
            )
            yield Finding(("plan", "waypoints", index, "value"), frozenset({"plan"}), what, "waypoint_falls")


def _fit_bounds(goal: GoalForm, indicator: About) -> Iterator[Finding]:
    for name in ("above", "at_least", "below", "at_most"):
        value: Decimal | None = getattr(goal, name)
        low, high = indicator.lowest, indicator.highest
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            bounds = f"{'any' if low is None else plain_number(low)} to {'any' if high is None else plain_number(high)}"
            what = f"{plain_number(value)} is outside the bounds of '{indicator.id}' ({bounds}), expected one inside"
            yield Finding(("goal", name), frozenset({"goal"}), what, "goal_bounds")
