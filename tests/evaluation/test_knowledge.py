"""What is built on the day before is what would have been built anew."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import PUBLISHER, day, goal, indicator, month_ends, reading, target, version
from targetwatch.evaluation import Case, judge
from targetwatch.evaluation.judge import (
    call,
    conclude,
    evaluated,
    forecast_together,
    measured,
    prepare,
    turning_days,
)
from targetwatch.evaluation.judge import verdict as verdict_of
from targetwatch.evaluation.series import Flow, Knowledge, basis_of
from targetwatch.evaluation.status import by_probability
from targetwatch.model import AsOf, Basis, Clock, Measure, Plan, PlanShape, Qualifier, Reading, Release

ENDS = [end for year in (2023, 2024, 2025) for end in month_ends(year)]


def any_readings(seed: int) -> list[Reading]:
    """Return a flow told in every way at once: months, years to date, running totals, rates, revisions, gaps."""
    some, rows = random.Random(seed), []
    styles = some.sample(["month", "to date", "quarter", "since"], some.randint(1, 3))
    for end in ENDS:
        for style in styles:
            if some.random() < 0.15 or (style == "quarter" and end.month % 3):
                continue
            first = {
                "month": end.replace(day=1),
                "to date": date(end.year, 1, 1),
                "quarter": date(end.year, max(end.month - 2, 1), 1),
                "since": date(2023, 3, 1),
            }[style]
            if first > end:
                continue
            basis = {"to date": Basis.YEAR_TO_DATE, "since": Basis.SINCE_START}.get(style, Basis.PERIOD)
            known = end + timedelta(days=some.choice([10, 20, 20, 20, 60]))
            rate = some.choice(["0.1", "-0.2"]) if some.random() < 0.1 else None
            row = reading(f"{first}..{end}", some.randint(1, 900), str(known), basis=basis, yoy=rate)
            rows.append(replace(row, rounding=Decimal(some.choice([0, 0, 5])), provisional=some.random() < 0.2))
            if some.random() < 0.1:
                later, how = known + timedelta(days=some.randint(0, 90)), some.choice(list(Qualifier))
                rows.append(replace(row, value=row.value + 7, published_on=later, qualifier=how))
    some.shuffle(rows)
    return [
        replace(
            row,
            id=number,
            recorded_at=datetime.combine(row.published_on + timedelta(days=some.choice([0, 3])), time(12), UTC),
            withdrawn_at=datetime(2025, 7, 1, tzinfo=UTC) if some.random() < 0.05 else None,
        )
        for number, row in enumerate(rows, start=1)
    ]


def told_anew(readings: list[Reading], as_of: AsOf) -> list[Reading]:
    """Return the readings in force by the definition: the latest vintage, unless it rounds an exact one."""
    order = [(r.known_on(as_of), r.recorded_at, r.id, r) for r in readings if r.known_on(as_of) is not None]
    latest = {}
    for *_, row in sorted(order, key=lambda item: item[:3]):
        key = (row.period, basis_of(row), row.step)
        exact = key in latest and latest[key].qualifier is Qualifier.EXACT
        if not (exact and row.qualifier is not Qualifier.EXACT):
            latest[key] = row
    return sorted(latest.values(), key=lambda row: row.period.end)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32), clock=st.sampled_from(list(Clock)), days=st.sets(st.integers(0, 1200), min_size=2))
def test_what_is_known_is_the_same_whether_asked_day_by_day_or_once(seed, clock, days):
    readings = any_readings(seed)
    knowledge = Knowledge(readings, PUBLISHER)
    for offset in sorted(days):
        as_of = AsOf.end_of(date(2023, 1, 1) + timedelta(days=offset), clock=clock)
        assert knowledge.in_force(as_of) == told_anew(readings, as_of)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_flow_that_has_grown_is_the_flow_of_all_its_readings(seed):
    readings = any_readings(seed)
    knowledge, evenings = Knowledge(readings, PUBLISHER), [date(2022, 12, 31), *ENDS]
    for on in sorted({row.published_on for row in readings}):
        as_of = AsOf.end_of(on)
        flow, anew = knowledge.flow(as_of), Flow.of(knowledge.in_force(as_of))
        for origin in (date(2022, 12, 31), date(2023, 2, 28), date(2024, 12, 31), date(2025, 4, 30)):
            assert flow.since(origin) == anew.since(origin)
        assert flow.evenings() == anew.evenings()
        for first, last in zip(evenings, evenings[7:], strict=False):
            assert flow.between(first, last) == anew.between(first, last)


def test_a_flow_is_not_changed_by_what_grows_out_of_it():
    january, february = (reading(f"2025-01-01..{end}", 100 * end.month, "2025-03-20") for end in month_ends(2025)[:2])
    flow = Flow.of([january])
    assert flow.since(date(2024, 12, 31)).keys() == {date(2024, 12, 31), date(2025, 1, 31)}
    grown = flow.with_further([february])
    assert grown is not None
    assert date(2025, 2, 28) in grown.since(date(2024, 12, 31))
    assert date(2025, 2, 28) not in flow.since(date(2024, 12, 31))
    assert flow.between(date(2025, 1, 31), date(2025, 2, 28)) is None


def test_what_was_kept_of_a_stretch_is_found_anew_once_something_falls_into_it():
    rows = [reading(f"2025-01-01..{end}", 100 * end.month, str(end)) for end in month_ends(2025)[:3]]
    flow, asked = Flow.of(rows[:1]), []

    def count(flow: Flow, first: date, last: date) -> int:
        asked.append((first, last))
        return len([day for day in flow.evenings() if first <= day <= last])

    first, second = (date(2024, 12, 31), date(2025, 1, 31)), (date(2025, 1, 31), date(2025, 3, 31))
    assert [flow.kept(*window, count) for window in (first, second, first, second)] == [2, 1, 2, 1]
    assert len(asked) == 2
    grown = flow.with_further(rows[1:])
    assert grown is not None
    assert [grown.kept(*window, count) for window in (first, second)] == [2, 3]
    assert len(asked) == 3
    other = flow.with_further(rows[2:])
    assert other is not None
    assert [one.kept(*second, count) for one in (other, flow, grown)] == [2, 1, 3]


@pytest.mark.slow
@pytest.mark.parametrize("measure", [Measure.FLOW, Measure.LEVEL])
@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    clock=st.sampled_from(list(Clock)),
    shape=st.sampled_from([PlanShape.SEASONAL, PlanShape.LINEAR]),
    goal_value=st.sampled_from([3000, 5400, 9000]),
)
def test_a_replay_judges_each_day_as_if_it_were_the_first(measure, seed, clock, shape, goal_value):
    cargo = indicator(measure=measure, release=Release(every="month", lag=20, grace=5))
    readings = any_readings(seed)
    if measure is Measure.LEVEL:
        readings = [replace(row, basis=Basis.POINT) for row in readings if row.basis is Basis.YEAR_TO_DATE]
    wanted = version(goal(above=goal_value), start=day("2025-01-01"), plan=Plan(shape=shape), baseline="4000")
    case, today = Case(target(wanted), cargo, readings), AsOf.end_of(date(2026, 3, 1), clock=clock)
    knowledge, found, before = Knowledge(readings, PUBLISHER), None, None
    for on in turning_days(case, today):
        moment = AsOf.end_of(on, clock=clock)
        found = measured(case, moment, knowledge, found)
        anew = measured(case, moment, Knowledge(readings, PUBLISHER))
        called = call(found, on, before)
        assert called == call(anew, on, before)
        assert verdict_of(found, moment, called, on) == verdict_of(anew, moment, called, on)
        before = called.performance
    judged = judge(case, today)
    assert judged.verdict.performance is before
    assert evaluated(case, today) == judged.verdict


@pytest.mark.parametrize("measure", [Measure.FLOW, Measure.LEVEL])
def test_targets_forecast_together_are_judged_as_each_alone(measure):
    cases = []
    for seed in range(8):
        rows = any_readings(seed)
        if measure is Measure.LEVEL:
            rows = [replace(row, basis=Basis.POINT) for row in rows if row.basis is Basis.YEAR_TO_DATE]
        wanted = version(goal(above=5000), start=day("2025-01-01"), baseline="4000")
        cases.append(Case(target(wanted), indicator(measure=measure, release=Release(every="month", lag=20)), rows))
    today = AsOf.end_of(date(2025, 11, 1))
    prepared = [prepare(case, today) for case in cases]
    forecast_together(prepared)
    assert [conclude(one) for one in prepared] == [judge(case, today) for case in cases]


@pytest.mark.slow
def test_a_status_held_by_hysteresis_is_held_when_only_the_verdict_is_asked_for():
    cargo, held = indicator(release=Release(every="month", lag=20)), 0
    for seed in range(12):
        some = random.Random(seed)
        rows = [
            reading(f"{end.replace(day=1)}..{end}", some.randint(80, 120), str(end), basis=Basis.PERIOD) for end in ENDS
        ]
        wanted = version(goal(above=1215), announced=day("2025-01-01"), start=day("2025-01-01"))
        case = Case(target(wanted), cargo, rows)
        for end in month_ends(2025)[2:11]:
            as_of = AsOf.end_of(end)
            verdict = evaluated(case, as_of)
            assert verdict == judge(case, as_of).verdict
            chance = verdict.attainment_probability
            held += chance is not None and verdict.performance is not by_probability(chance, None)
    assert held > 0
