"""Each threshold of the checks, on its last believed and its first suspicious figure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from builders import indicator, reading
from targetwatch.checks import check
from targetwatch.model import Basis, Measure

TODAY = date(2027, 1, 1)
MONEY = indicator(unit="bn CNY")
LEVEL = indicator(measure=Measure.LEVEL, unit="bn CNY")


def code(one, past, of=MONEY):
    problem = check(one, of, past, today=TODAY)
    return problem.code if problem else None


@pytest.mark.parametrize(
    ("known", "found"),
    [("896.3", None), ("896.2", "growth_differs"), ("1104.6", None), ("1104.61", "growth_differs")],
)
def test_a_published_growth_may_miss_the_year_before_by_a_tenth_and_the_rounding_of_the_rate(known, found):
    assert code(reading("2025", 1200, "2026-01-20", yoy="0.2"), [reading("2024", known, "2025-01-20")]) == found


@pytest.mark.parametrize(
    ("value", "found"), [("250", None), ("249.9", "far_below"), ("6300", None), ("6301", "far_above")]
)
def test_a_year_may_be_a_quarter_or_six_times_the_years_before(value, found):
    past = [reading("2024", 1000, "2025-01-20"), reading("2023", 1000, "2024-01-20")]
    assert code(reading("2025", value, "2026-01-20"), past) == found


@pytest.mark.parametrize(("value", "found"), [(22, None), (23, "far_above")])
def test_a_count_of_a_few_things_may_move_manifold(value, found):
    past = [reading("2024", 1, "2025-01-20"), reading("2023", 1, "2024-01-20")]
    assert code(reading("2025", value, "2026-01-20"), past, indicator(unit="TEU")) == found


@pytest.mark.parametrize(
    ("period", "value", "found"),
    [
        ("2025-01-01..2025-06-30", "1622", None),
        ("2025-01-01..2025-06-30", "1624", "far_above_per_day"),
        ("2025", "3650", None),
        ("2025", "3651", "far_above_per_day"),
    ],
)
def test_a_daily_rate_may_differ_more_the_more_the_spans_do_and_at_most_tenfold(period, value, found):
    assert code(reading(period, value, "2026-01-20"), [reading("2025-01-01..2025-01-31", 31, "2025-02-10")]) == found


@pytest.mark.parametrize(("last_day", "found"), [("28", "far_above"), ("27", None)])
def test_spans_are_alike_up_to_three_days(last_day, found):
    past = [reading(f"2025-02-01..2025-02-{last_day}", 1000, "2025-03-10", basis=Basis.PERIOD)]
    assert code(reading("2025-03-01..2025-03-31", 6500, "2025-04-10", basis=Basis.PERIOD), past) == found


@pytest.mark.parametrize(("far", "found"), [(11, None), (12, "far_above")])
def test_a_level_is_compared_with_the_last_twelve(far, found):
    days = [date(2025, 12, 1) - timedelta(days=30 * place) for place in range(far + 1)]
    values = [*[1000] * far, 100_000]
    past = [point(day, value) for day, value in zip(days, values, strict=True)]
    assert code(point(date(2025, 12, 31), 100_000), past, LEVEL) == found


@pytest.mark.parametrize(("days", "found"), [(729, "far_above"), (730, None)])
def test_a_gap_of_two_years_allows_twice_as_much(days, found):
    past = [point(date(2023, 1, 1), 1000)]
    assert code(point(date(2023, 1, 1) + timedelta(days=days), 7000), past, LEVEL) == found


def test_a_jump_cites_the_three_nearest_years():
    past = [reading(str(year), 1000, f"{year + 1}-01-20") for year in (2021, 2022, 2023, 2025)]
    problem = check(reading("2024", 100_000, "2025-01-20"), MONEY, past, today=TODAY)
    assert problem is not None
    assert [figure.values["period"].end.year for figure in problem.values["known"]] == [2023, 2025, 2022]


def point(on, value):
    return reading(f"{on}..{on}", Decimal(value), on.isoformat(), basis=Basis.POINT)


def months(year, *values):
    return [
        reading(f"{year}-{number:02}-01..{year}-{number:02}-28", value, basis=Basis.PERIOD)
        for number, value in enumerate(values, 1)
    ]


@pytest.mark.parametrize(("known", "found"), [((100,), None), ((100, 100), None), ((100, 100, 100), "far_below")])
def test_a_month_far_below_is_held_once_three_months_are_known_since_some_begin_anew_each_year(known, found):
    *past, last = months(2025, *known, 10)
    assert code(last, past) == found


def test_a_quarter_far_below_is_held_at_once():
    past = [reading("2025-01-01..2025-03-31", 100, "2025-04-20", basis=Basis.PERIOD)]
    assert code(reading("2025-04-01..2025-06-30", 10, "2025-07-20", basis=Basis.PERIOD), past) == "far_below"


@pytest.mark.parametrize(
    ("january", "value", "found"),
    [
        (20, "5", None),
        (20, "4.9", "far_below"),
        (600, "3780", None),
        (600, "3781", "far_above"),
        (None, "5", "far_below"),
    ],
)
def test_a_month_far_from_its_season_is_believed_when_the_month_before_moved_alike(january, value, found):
    past = [*months(2023, *[100] * 12), *months(2024, *[100] * 12), *(months(2025, january) if january else [])]
    february = reading("2025-02-01..2025-02-28", value, basis=Basis.PERIOD)
    assert code(february, past) == found
