"""Every number that decides a verdict, pinned where it lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from builders import day, goal, indicator, month_ends, reading, target, version
from targetwatch.evaluation import evaluate
from targetwatch.evaluation.days import last_period_end, months_between, next_period_end
from targetwatch.evaluation.series import Flow, history_of, level, reached_from
from targetwatch.evaluation.status import by_growth, by_pace, by_probability
from targetwatch.model import Basis, Performance, Release

ON_TRACK, AT_RISK, OFF_TRACK = Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK
EVE = date(2024, 12, 31)


@pytest.mark.parametrize(
    ("probability", "before", "expected"),
    [
        (0.751, None, ON_TRACK),
        (0.749, None, AT_RISK),
        (0.251, None, AT_RISK),
        (0.249, None, OFF_TRACK),
        (0.701, ON_TRACK, ON_TRACK),
        (0.699, ON_TRACK, AT_RISK),
        (0.801, AT_RISK, ON_TRACK),
        (0.799, AT_RISK, AT_RISK),
        (0.201, AT_RISK, AT_RISK),
        (0.199, AT_RISK, OFF_TRACK),
        (0.299, OFF_TRACK, OFF_TRACK),
        (0.301, OFF_TRACK, AT_RISK),
    ],
)
def test_a_probability_decides_at_its_thresholds(probability, before, expected):
    assert by_probability(probability, before) is expected


@pytest.mark.parametrize(
    ("growth", "pace", "expected"),
    [
        (-0.051, 0.9, ON_TRACK),
        (-0.049, 0.9, AT_RISK),
        (0.099, 0.9, AT_RISK),
        (0.101, 0.9, OFF_TRACK),
        (0.3, 1, AT_RISK),
    ],
)
def test_the_growth_still_needed_decides_at_its_thresholds(growth, pace, expected):
    assert by_growth(growth, pace, upward=True) is expected


@pytest.mark.parametrize(
    ("pace", "expected"), [(1.001, ON_TRACK), (0.999, AT_RISK), (0.851, AT_RISK), (0.849, OFF_TRACK)]
)
def test_the_pace_decides_at_its_thresholds(pace, expected):
    assert by_pace(pace, upward=True) is expected


def test_a_month_is_the_twelfth_part_of_a_mean_year_between_two_days_that_are_no_month_ends():
    assert months_between(date(2025, 1, 1), date(2025, 4, 11)) == pytest.approx(100 / 30.436875)
    assert months_between(date(2024, 12, 31), date(2026, 1, 31)) == 13


@pytest.mark.parametrize(
    ("every", "end", "last"),
    [
        ("day", date(2025, 2, 1), date(2025, 12, 30)),
        ("week", date(2025, 2, 7), date(2025, 12, 24)),
        ("month", date(2025, 2, 28), date(2025, 11, 30)),
        ("quarter", date(2025, 3, 31), date(2025, 9, 30)),
        ("half", date(2025, 6, 30), date(2025, 6, 30)),
        ("year", date(2025, 12, 31), date(2024, 12, 31)),
    ],
)
def test_a_calendar_names_the_ends_of_its_periods(every, end, last):
    assert next_period_end(Release(every=every), date(2025, 1, 31)) == end
    assert last_period_end(Release(every=every), date(2025, 12, 30)) == last


def test_a_step_in_a_flow_costs_by_how_well_it_is_known():
    said = [
        reading("2025-01-01..2025-01-31", 10, "2025-02-20"),
        reading("2020-01-01..2025-02-28", 90, "2025-03-20", basis=Basis.SINCE_START),
        reading("2025-02-01..2025-02-28", 10, "2025-03-20", basis=Basis.PERIOD),
    ]
    costs = [reached_from(row.period.start - timedelta(days=1), Flow.of([row]).edges).costs for row in said]
    assert [cost[row.period.end] for cost, row in zip(costs, said, strict=True)] == [1, 1_000, 1_000_000]


def test_what_only_a_published_rate_tells_costs_most():
    flow = Flow.of([reading("2025-01-01..2025-01-31", 10, "2025-02-20", yoy="0.25")])
    assert flow.between(date(2023, 12, 31), date(2024, 1, 31)) == 8
    assert max(place.cost for place in flow._history.values()) == 1_000_000_000
    assert max(place.cost for place in history_of(flow.edges).values()) == 1


@pytest.mark.parametrize(("last", "found"), [("10", 4), ("11", None)])
def test_an_evening_inside_ten_days_is_interpolated(last, found):
    flow = Flow.of([reading(f"2025-01-01..2025-01-{last}", 8, "2025-02-20")])
    assert flow.between(date(2024, 12, 31), date(2025, 1, 5)) == found


def test_a_level_is_the_point_rather_than_the_mean_of_a_period_rather_than_of_the_year_to_date():
    rows = [
        reading("2025-01-01..2025-03-31", value, "2025-04-20", basis=basis)
        for value, basis in ((3, Basis.POINT), (2, Basis.PERIOD), (1, Basis.YEAR_TO_DATE))
    ]
    end = date(2025, 3, 31)
    for some in (rows, rows[::-1]):
        assert level(some)[end].value == 3
        assert level([row for row in some if row.value < 3])[end].value == 2


def monthly(years, *, share=lambda year, month: 1):
    """Return single months of these years, each published on its last day."""
    return [
        reading(f"{end.replace(day=1)}..{end}", 100 * share(year, end.month), str(end), basis=Basis.PERIOD)
        for year in years
        for end in month_ends(year)
    ]


def test_the_plan_is_the_mean_of_the_five_years_before():
    def share(year, month):
        return (4 if month == 1 else 1) if year == 2019 else (2 if month == 1 else 1) if year == 2020 else 1

    rows = monthly(range(2018, 2025), share=share) + monthly([2025])[:1]
    verdict = evaluate(
        target(version(goal(at_least=1200), start=day("2025-01-01"))), indicator(), rows, day("2025-02-10")
    )
    assert verdict.expected_progress_ratio == pytest.approx((2 / 13 + 4 / 12) / 5)


@pytest.mark.parametrize(("first", "known"), [("2024-01-01", True), ("2023-12-31", False)])
def test_what_last_year_held_is_told_of_a_window_of_a_year_a_leap_year_included(first, known):
    rows = monthly([2022, 2023, 2024])
    promised = version(goal(at_least=1200), announced=day("2024-02-01"), start=day(first), deadline=day("2024-12-31"))
    rows.append(reading(f"{first}..2024-01-31", 100, "2024-02-01", basis=Basis.SINCE_START))
    rows.append(reading("2022-12-31..2023-12-31", 1200, "2024-01-01", basis=Basis.PERIOD))
    verdict = evaluate(target(promised), indicator(), rows, day("2024-03-01"))
    assert verdict.actual_value is not None
    assert (verdict.last_year_total is not None) is known


@pytest.mark.parametrize(("half_width", "method"), [("0.19", "pool"), ("0.21", "share")])
def test_a_total_rounded_to_more_than_a_thousandth_is_not_forecast_from_its_months(half_width, method):
    rows = monthly([2022, 2023, 2024]) + monthly([2025])[:2]
    rows[-1] = replace(rows[-1], rounding=Decimal(half_width))
    verdict = evaluate(target(version(goal(at_least=1200))), indicator(), rows, day("2025-03-10"))
    assert verdict.actual_value == 200
    assert verdict.forecast is not None
    assert verdict.forecast.method == method
