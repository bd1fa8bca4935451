"""A version that was undone from the day it began leaves every day, past and to come, as it was before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import day, event, goal, indicator, reading, steps, target, version
from targetwatch.evaluation import evaluate
from targetwatch.model import AsOf, Measure, Plan, PlanShape

FIRST, LAST = date(2025, 2, 7), date(2026, 2, 28)
SHARE = indicator(measure=Measure.LEVEL, unit="%")
STEPS = indicator(measure=Measure.MILESTONES, unit="")
SUMS = [
    reading("2024", 251800, "2025-01-20"),
    reading("2024-01-01..2024-06-30", 120800, "2024-07-20"),
    reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
    reading("2025-01-01..2025-06-30", 131600, "2025-07-17"),
    reading("2025-01-01..2025-09-30", 205000, "2025-10-20"),
    reading("2025", 268000, "2026-01-20"),
]
LEVELS = [
    reading(f"2025-{month:02}-01..2025-{month:02}-28", 50 + month, f"2025-{month:02}-28") for month in range(1, 12)
]
DONE = [event("one", "2025-05-02", "2025-05-10")]
NAMED = {"deadline": day("2025-12-31"), "plan": Plan()}
CASES = {
    "sums": (indicator(), SUMS, version(goal(above=270000), baseline=251800)),
    "levels": (SHARE, LEVELS, version(goal(at_least=60), plan=Plan(shape=PlanShape.LINEAR), baseline=50)),
    "steps": (STEPS, DONE, version(goal(), steps=steps("one", "two"), **NAMED)),
}
SLIPS = {
    "sums": st.sampled_from(
        [{"goal": goal(above=2700000)}, {"deadline": day("2026-06-30")}, {"start": day("2025-03-01")}]
    ),
    "levels": st.sampled_from([{"goal": goal(at_most=5)}, {"deadline": day("2025-09-30")}, {"baseline": None}]),
    "steps": st.sampled_from([{"steps": steps("one", "two", due="2025-03-31")}, {"deadline": day("2025-08-31")}]),
}
DAYS = st.dates(FIRST, LAST)


@st.composite
def changed(draw):
    kind = draw(st.sampled_from(sorted(CASES)))
    measured, readings, first = CASES[kind]
    slip = replace(first, number=2, effective=draw(DAYS), reason="a slip", **draw(SLIPS[kind]))
    return measured, readings, first, slip


@settings(max_examples=25)
@given(changed(), st.lists(DAYS, min_size=3, max_size=3, unique=True))
def test_after_an_undoing_every_day_is_judged_as_it_was(case, days):
    measured, readings, first, slip = case
    undone = replace(first, number=3, effective=slip.effective, reason="undoes version 2")
    before, after = target(first), target(first, slip, undone)
    around = {slip.effective + timedelta(days=more) for more in (-1, 0, 1)}
    for one in sorted({*days, *(one for one in around if one >= FIRST)}):
        as_of = AsOf.end_of(one)
        assert evaluate(after, measured, readings, as_of) == evaluate(before, measured, readings, as_of), one


@settings(max_examples=10)
@given(changed(), DAYS)
def test_an_undoing_that_is_undone_leaves_what_was_changed(case, asked):
    measured, readings, first, slip = case
    undone = replace(first, number=3, effective=slip.effective, reason="undoes version 2")
    again = replace(slip, number=4, reason="undoes version 3")
    sides = [target(first, slip), target(first, slip, undone, again)]
    was, now = (evaluate(one, measured, readings, AsOf.end_of(asked)) for one in sides)
    assert now == was


def test_a_version_undone_later_counted_until_then():
    measured, readings, first = CASES["sums"]
    slip = replace(first, number=2, effective=day("2025-03-01"), goal=goal(above=2700000))
    undone = replace(first, number=3, effective=day("2025-05-01"))
    changing = target(first, slip, undone)
    told = {
        on: evaluate(changing, measured, readings, AsOf.end_of(day(on))).version
        for on in ("2025-02-28", "2025-04-30", "2025-05-01")
    }
    assert list(told.values()) == [1, 2, 3]
