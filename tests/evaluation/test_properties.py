"""What must hold for any series: lag changes nothing, being on plan is being on plan, units and signs do not matter."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import day, goal, indicator, month_ends, reading, target, version
from targetwatch.evaluation import evaluate, timeline
from targetwatch.evaluation.series import Flow
from targetwatch.evaluation.status import by_growth, by_pace
from targetwatch.model import AsOf, Basis, Clock, DataState, Measure, Performance, Plan, PlanShape, Release, Verdict

ONE_DAY = timedelta(days=1)
YEARS = (2023, 2024, 2025, 2026)
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FIGURES = [one.name for one in fields(Verdict) if "float" in one.type or one.name.startswith("actual_")]
PROFILE = [5, 3, 8, 8, 9, 9, 7, 8, 10, 11, 11, 11]


def ends(every: str) -> list[date]:
    return [end for year in YEARS for end in month_ends(year)[MONTHS_IN[every] - 1 :: MONTHS_IN[every]]]


def cumulative(every: str, lag: int, scale: int = 1) -> list:
    """Year-to-date readings of one truth, published `lag` days after each period's end."""
    rows = []
    for end in ends(every):
        months = sum(PROFILE[: end.month])
        value = Decimal(scale * months * (100 + 10 * (end.year - YEARS[0])))
        rows.append(reading(f"{end.year}-01-01..{end}", value, str(end + timedelta(days=lag))))
    return rows


def promise(year: int, share: str = "1") -> object:
    total = Decimal(100 * (100 + 10 * (year - YEARS[0]))) * Decimal(share)
    first = day(f"{year}-01-01")
    return target(version(goal(at_least=total), announced=first, start=first, deadline=day(f"{year}-12-31")))


def numbers(verdict) -> dict[str, object]:
    figures = {name: getattr(verdict, name) for name in ("data_through", "provisional", "forecast", *FIGURES)}
    return figures | {"performance": verdict.performance, "rule": verdict.rule}


@pytest.mark.slow
@pytest.mark.parametrize("every", ["month", "quarter", "half", "year"])
@pytest.mark.parametrize("lag", [0, 8, 39, 60])
def test_a_lagged_publication_says_what_an_immediate_one_would_have_said(every, lag):
    cargo = indicator(release=Release(every=every, lag=lag))
    late, prompt = cumulative(every, lag), cumulative(every, 0)
    for year in (2024, 2025, 2026):
        for share in ("0.9", "1.05"):
            deadline = date(year, 12, 31)
            for end in [end for end in ends(every) if end.year == year]:
                known = end + timedelta(days=lag)
                if known > deadline and end != deadline:
                    continue
                then = end if end < deadline else deadline + ONE_DAY
                lagged = evaluate(promise(year, share), cargo, late, max(known, then))
                immediate = evaluate(promise(year, share), cargo, prompt, then)
                assert numbers(lagged) == numbers(immediate)


@settings(max_examples=40, deadline=None)
@given(
    every=st.sampled_from(["month", "quarter", "half"]),
    lag=st.integers(0, 60),
    share=st.sampled_from(["0.8", "1", "1.1", "1.5"]),
    offset=st.integers(0, 364),
)
def test_between_two_publications_nothing_changes_but_by_the_calendar(every, lag, share, offset):
    cargo, rows = indicator(release=Release(every=every, lag=lag)), cumulative(every, lag)
    moment = date(2025, 1, 1) + timedelta(days=offset)
    published = [r.published_on for r in rows if r.published_on <= moment]
    last = max([*published, date(2025, 1, 1)])
    assert numbers(evaluate(promise(2025, share), cargo, rows, moment)) == numbers(
        evaluate(promise(2025, share), cargo, rows, last)
    )


@settings(max_examples=25, deadline=None)
@given(lag=st.integers(0, 60), delay=st.integers(1, 90), share=st.sampled_from(["0.9", "1.1", "1.4"]))
def test_a_late_release_changes_no_performance(lag, delay, share):
    cargo = indicator(release=Release(every="quarter", lag=lag, grace=5))
    known = [row for row in cumulative("quarter", lag) if row.period.end <= date(2025, 6, 30)]
    on_time = evaluate(promise(2025, share), cargo, known, date(2025, 6, 30) + timedelta(days=lag))
    moment = min(date(2025, 9, 30) + timedelta(days=lag + 5 + delay), date(2025, 12, 31))
    later = evaluate(promise(2025, share), cargo, known, moment)
    assert later.performance is on_time.performance
    if moment > date(2025, 9, 30) + timedelta(days=lag + 5):
        assert later.data_state is DataState.LATE


@settings(max_examples=20, deadline=None)
@given(
    every=st.sampled_from(["month", "quarter", "half"]),
    lag=st.integers(0, 45),
    shape=st.sampled_from([PlanShape.LINEAR, PlanShape.SEASONAL]),
    goal_value=st.integers(1, 10**12),
)
def test_a_series_exactly_on_plan_has_pace_one_and_no_buffer_and_is_never_late_or_off_track(
    every, lag, shape, goal_value
):
    origin, deadline = date(2024, 12, 31), date(2025, 12, 31)
    cargo = indicator(release=Release(every=every, lag=lag, grace=3))
    past = [row for row in cumulative(every, lag) if row.period.end.year < 2025] if shape is PlanShape.SEASONAL else []
    rows = list(past)
    for end in [end for end in ends(every) if end.year == 2025]:
        if past:
            share = Decimal(sum(PROFILE[: end.month])) / Decimal(sum(PROFILE))
        else:
            share = Decimal((end - origin).days) / Decimal((deadline - origin).days)
        rows.append(reading(f"2025-01-01..{end}", goal_value * share, str(end + timedelta(days=lag))))
    first = day("2025-01-01")
    wanted = version(goal(at_least=goal_value), announced=first, start=first, plan=Plan(shape=shape))
    for end in [end for end in ends(every) if end.year == 2025]:
        verdict = evaluate(target(wanted), cargo, rows, end + timedelta(days=lag))
        assert verdict.pace_ratio == pytest.approx(1, abs=1e-9)
        assert verdict.buffer_days == pytest.approx(0, abs=1e-6)
        assert verdict.data_state is not DataState.LATE
        if verdict.rule != "probability":
            assert verdict.performance not in {Performance.OFF_TRACK, Performance.MISSED}


@settings(max_examples=20, deadline=None)
@given(moment=st.dates(date(2024, 1, 1), date(2027, 3, 1)), clock=st.sampled_from(list(Clock)), lag=st.integers(0, 60))
def test_what_is_not_known_yet_is_invisible(moment, clock, lag):
    cargo = indicator(release=Release(every="month", lag=lag))
    rows = [
        replace(row, recorded_at=datetime.combine(row.published_on + timedelta(days=3), datetime.min.time(), UTC))
        for row in cumulative("month", lag)
    ]
    as_of = AsOf.end_of(moment, clock=clock)
    visible = [row for row in rows if row.known_on(as_of) is not None]
    promised = target(version(goal(above=100), announced=date(2024, 1, 1), start=date(2024, 1, 1)))
    assert evaluate(promised, cargo, rows, as_of) == evaluate(promised, cargo, visible, as_of)
    assert timeline(promised, cargo, rows, as_of) == timeline(promised, cargo, visible, as_of)


@settings(max_examples=20, deadline=None)
@given(
    exponent=st.integers(-6, 12), end=st.sampled_from(ends("quarter")[4:]), share=st.sampled_from(["0.9", "1.1", "2"])
)
def test_counting_in_another_unit_changes_no_verdict(exponent, end, share):
    cargo, factor = indicator(), Decimal(10) ** exponent
    rows = cumulative("quarter", 20)
    scaled = [replace(row, value=row.value * factor) for row in rows]
    promised = promise(end.year, share)
    wanted = promised.versions[0]
    bigger = replace(promised, versions=(replace(wanted, goal=goal(above=wanted.goal.value * factor)),))
    moment = end + timedelta(days=25)
    one, other = evaluate(promised, cargo, rows, moment), evaluate(bigger, cargo, scaled, moment)
    assert (one.performance, one.rule, one.data_state) == (other.performance, other.rule, other.data_state)
    for ratio in ("progress_ratio", "pace_ratio", "required_growth_ratio", "buffer_days"):
        first, second = getattr(one, ratio), getattr(other, ratio)
        assert (first is None) == (second is None)
        assert first is None or first == pytest.approx(second, rel=1e-9, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(
    baseline=st.integers(-50, 50),
    wanted=st.integers(-50, 50),
    values=st.lists(st.integers(-80, 80), min_size=1, max_size=12),
    strict=st.booleans(),
)
def test_flipping_the_direction_of_a_level_mirrors_its_verdict(baseline, wanted, values, strict):
    rate = indicator(measure=Measure.LEVEL, release=Release(every="month"))
    up, down = ("above", "below") if strict else ("at_least", "at_most")
    points = list(zip(month_ends(2025), values, strict=False))

    def verdict(sign: int, kind: str):
        rows = [reading(f"{on}..{on}", sign * value, str(on), basis=Basis.POINT) for on, value in points]
        promised = version(
            goal(**{kind: sign * wanted}), baseline=sign * baseline, plan=Plan(), announced=date(2025, 1, 1)
        )
        return evaluate(target(promised), rate, rows, points[-1][0])

    one, other = verdict(1, up), verdict(-1, down)
    assert (one.performance, one.rule, one.progress_ratio, one.pace_ratio) == (
        other.performance,
        other.rule,
        other.progress_ratio,
        other.pace_ratio,
    )


@given(growth=st.floats(-2, 2), pace=st.floats(0, 2))
def test_a_cap_mirrors_a_floor(growth, pace):
    assert by_growth(growth, pace, upward=True) is by_growth(-growth, 2 - pace, upward=False)
    assert by_pace(pace, upward=True) is by_pace(2 - pace, upward=False)


@settings(max_examples=50, deadline=None)
@given(
    months=st.lists(st.decimals(0, 10**6, places=2), min_size=12, max_size=12),
    as_months=st.sets(st.integers(1, 12)),
    as_totals=st.sets(st.integers(1, 12)),
)
def test_months_and_year_to_date_figures_of_one_truth_give_the_same_cumulative_series(months, as_months, as_totals):
    all_ends, rows = month_ends(2025), []
    for number, end in enumerate(all_ends, start=1):
        if number in as_months or number not in as_totals:
            rows.append(reading(f"{end.replace(day=1)}..{end}", months[number - 1], "2026-01-01", basis=Basis.PERIOD))
        if number in as_totals:
            rows.append(reading(f"2025-01-01..{end}", sum(months[:number]), "2026-01-01"))
    points = Flow.of(rows).since(date(2024, 12, 31))
    assert {end: points[end].value for end in all_ends} == {
        end: sum(months[:number]) for number, end in enumerate(all_ends, start=1)
    }
