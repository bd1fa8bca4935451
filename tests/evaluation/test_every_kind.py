"""Every kind of figure has odds: weeks, quarters, years, counts, running totals; where too little is known, none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from builders import day, goal, indicator, month_ends, reading, target, version
from targetwatch.evaluation import evaluate
from targetwatch.model import Basis, Caveat, Measure, Performance, Release

MONTHLY = Release(every="month", lag=10)
YEARS = range(2020, 2025)


def weeks(first: date, last: date) -> list:
    """Return weekly figures, more in summer, published two days after each Sunday."""
    rows, end = [], first
    while end <= last:
        value = 100 + (30 if 5 <= end.month <= 9 else 0) + (end.year - 2019) * 4 + end.isocalendar().week % 5
        rows.append(
            reading(f"{end - timedelta(days=6)}..{end}", value, str(end + timedelta(days=2)), basis=Basis.PERIOD)
        )
        end += timedelta(days=7)
    return rows


def yearly(values: list[str], until: int) -> list:
    """Return values at the ends of the years up to `until`."""
    ends = [date(until - back, 12, 31) for back in range(len(values))][::-1]
    return [
        reading(f"{end}..{end}", value, str(end + timedelta(days=40)), basis=Basis.POINT)
        for end, value in zip(ends, values, strict=True)
    ]


def counted(years: range, of_month: int) -> list:
    return [
        reading(
            f"{end.replace(day=1)}..{end}", of_month + end.month % 2, str(end + timedelta(days=5)), basis=Basis.PERIOD
        )
        for year in years
        for end in month_ends(year)
    ]


def test_six_years_of_weeks_are_a_known_course_though_new_year_divides_a_week():
    rows = weeks(date(2019, 1, 6), date(2025, 5, 25))
    verdict = evaluate(target(version(goal(at_least=6100))), indicator(), rows, day("2025-05-28"))
    assert verdict.data_through == day("2025-05-25")
    assert verdict.forecast.method == "share"
    assert verdict.forecast.history_years == 5
    assert verdict.last_year_rest is not None
    assert verdict.forecast.low < 7200 < verdict.forecast.high
    assert verdict.performance is Performance.ON_TRACK
    assert Caveat(code="start_interpolated") in verdict.notes


@pytest.mark.parametrize(
    ("as_of", "state"), [("2025-06-02", "fresh"), ("2025-06-03", "due"), ("2025-06-05", "due"), ("2025-06-06", "late")]
)
def test_a_weekly_figure_is_due_a_week_after_the_last_one(as_of, state):
    weekly = indicator(release=Release(every="week", lag=2, grace=2))
    rows = weeks(date(2025, 1, 5), date(2025, 5, 25))
    verdict = evaluate(target(version(goal(at_least=6100))), weekly, rows, day(as_of))
    assert verdict.data_state == state
    assert verdict.next_release_due == day("2025-06-03")


def test_the_last_value_of_a_weekly_level_in_its_window_decides_it():
    ends = [date(2025, 1, 5) + timedelta(days=7 * week) for week in range(52)]
    rows = [reading(f"{end}..{end}", 100, str(end + timedelta(days=1)), basis=Basis.POINT) for end in ends]
    weekly = indicator(measure=Measure.LEVEL, release=Release(every="week", lag=1))
    verdict = evaluate(target(version(goal(at_least=100))), weekly, rows, day("2026-01-01"))
    assert (verdict.performance, verdict.data_through) == (Performance.ACHIEVED, day("2025-12-28"))
    one_short = evaluate(target(version(goal(at_least=100))), weekly, rows[:-1], day("2026-01-01"))
    assert one_short.performance is Performance.AWAITING_DATA


def test_a_gap_of_more_than_a_week_is_not_interpolated():
    rows = [
        row
        for row in weeks(date(2024, 1, 7), date(2025, 5, 25))
        if not day("2024-05-14") < row.period.end < day("2024-06-10")
    ]
    verdict = evaluate(target(version(goal(at_least=6100))), indicator(), rows, day("2025-05-28"))
    assert verdict.last_year_to_date is None
    assert verdict.forecast.method == "run_rate"


@pytest.mark.parametrize(("wanted", "performance"), [(110, "on_track"), (125, "at_risk"), (200, "off_track")])
def test_four_annual_values_give_a_promise_for_years_ahead_odds_today(wanted, performance):
    emissions = indicator(measure=Measure.LEVEL, release=Release(every="year", lag=40))
    aimed = version(
        goal(at_least=wanted), start=day("2023-12-31"), announced=day("2024-02-10"), deadline=day("2030-12-31")
    )
    verdict = evaluate(target(aimed), emissions, yearly(["100", "102", "107", "109", "112"], 2024), day("2025-03-01"))
    assert verdict.forecast.method == "steps"
    assert verdict.forecast.history_years == 5
    assert verdict.rule == "probability"
    assert verdict.performance == performance


def test_three_annual_values_are_too_few_for_odds():
    emissions = indicator(measure=Measure.LEVEL, release=Release(every="year", lag=40))
    aimed = version(
        goal(at_least=130), start=day("2023-12-31"), announced=day("2024-02-10"), deadline=day("2030-12-31")
    )
    verdict = evaluate(target(aimed), emissions, yearly(["107", "109", "112"], 2024), day("2025-03-01"))
    assert verdict.attainment_probability is None
    assert verdict.rule == "pace"


@pytest.mark.parametrize(("years", "method"), [(2, "structural"), (1, None)])
def test_eight_quarters_of_a_level_give_odds_and_fewer_do_not(years, method):
    ends = [end for year in range(2025 - years, 2026) for end in month_ends(year)[2::3]]
    rows = [
        reading(f"{end}..{end}", 100 + 2 * number + end.month, str(end + timedelta(days=30)), basis=Basis.POINT)
        for number, end in enumerate(ends)
        if end < day("2025-07-01")
    ]
    share = indicator(measure=Measure.LEVEL, release=Release(every="quarter", lag=30))
    verdict = evaluate(target(version(goal(at_least=130))), share, rows, day("2025-08-05"))
    assert (verdict.forecast and verdict.forecast.method) == method


def test_of_a_weekly_level_the_last_value_of_each_month_counts():
    ends = [date(2021, 1, 3) + timedelta(days=7 * week) for week in range(240)]
    rows = [
        reading(f"{end}..{end}", Decimal(500 + number + 10 * (end.month % 3)), str(end), basis=Basis.POINT)
        for number, end in enumerate(ends)
        if end < day("2025-07-01")
    ]
    verdict = evaluate(target(version(goal(at_least=700))), indicator(measure=Measure.LEVEL), rows, day("2025-07-02"))
    assert verdict.forecast.method == "structural"
    assert verdict.forecast.history_years == 4


def test_small_whole_numbers_are_counted_and_the_interval_is_of_whole_numbers():
    rows = [row for row in counted(range(2022, 2026), 1) if row.period.end < day("2025-07-01")]
    verdict = evaluate(target(version(goal(at_least=18))), indicator(release=MONTHLY), rows, day("2025-07-20"))
    assert verdict.actual_value == 9
    assert verdict.forecast.method == "count"
    assert verdict.forecast.history_years == 3
    assert {verdict.forecast.low % 1, verdict.forecast.median % 1, verdict.forecast.high % 1} == {0}
    assert verdict.forecast.low <= 18 <= verdict.forecast.high
    above = evaluate(target(version(goal(above=18))), indicator(release=MONTHLY), rows, day("2025-07-20"))
    assert above.attainment_probability < verdict.attainment_probability


def test_a_value_that_is_not_whole_makes_it_no_count():
    rows = [row for row in counted(range(2022, 2026), 1) if row.period.end < day("2025-07-01")]
    rows[3] = reading("2022-04-01..2022-04-30", "1.5", "2022-05-05", basis=Basis.PERIOD)
    verdict = evaluate(target(version(goal(at_least=18))), indicator(release=MONTHLY), rows, day("2025-07-20"))
    assert verdict.forecast.method == "pool"


def test_more_counted_is_never_less_likely_to_be_enough():
    chances = []
    for count in range(1, 30):
        rows = [*counted(range(2023, 2025), 1), reading("2025-01-01..2025-06-30", count, "2025-07-05")]
        verdict = evaluate(target(version(goal(at_least=20))), indicator(release=MONTHLY), rows, day("2025-07-20"))
        chances.append(verdict.attainment_probability)
    assert chances == sorted(chances)
    assert chances[-1] == 1


def test_a_running_total_has_odds_by_its_increments():
    even, uneven = (
        evaluate(
            target(version(goal(at_least=1000))),
            indicator(),
            [
                reading(f"2024-06-01..{end}", total, end, basis=Basis.SINCE_START)
                for end, total in zip(("2024-12-31", "2025-02-28", "2025-04-30", "2025-06-30"), totals, strict=True)
            ],
            day("2025-07-10"),
        )
        for totals in (("9.5", "180", "350", "530"), ("9.5", "30", "510", "530"))
    )
    assert even.forecast.method == uneven.forecast.method == "run_rate"
    assert uneven.forecast.high - uneven.forecast.low > 2 * (even.forecast.high - even.forecast.low)


@pytest.mark.parametrize("value", ["3", "3.5"])
def test_with_nothing_of_last_year_and_less_than_a_twelfth_known_there_are_no_odds(value):
    row = reading("2025-01-01..2025-01-20", value, "2025-01-22")
    early = version(goal(at_least=40), announced=day("2025-01-01"))
    verdict = evaluate(target(early), indicator(), [row], day("2025-01-25"))
    assert verdict.attainment_probability is None
    assert verdict.rule == "pace"
