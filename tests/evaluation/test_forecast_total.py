"""What is said of a total from sums alone: the real cargo year, the real financing, rounding, windows."""

from __future__ import annotations

import numpy as np
import pytest
from forecasts import forecast_total

from refusing import raises
from targetwatch.errors import UsageError
from targetwatch.evaluation.forecast import Evening, aim, predict_total
from targetwatch.model import Forecast

CARGO_2024 = 251_800


def cargo(actual: float, last_year: float, months: float) -> Forecast:
    """Return the forecast of the 2025 cargo volume against "exceed 270,000"."""
    found = forecast_total(
        actual=actual,
        months_known=months,
        goal=270_000,
        comparator="above",
        past=[(last_year, CARGO_2024 - last_year)],
    )
    assert found is not None
    return found


def test_in_march_the_cargo_target_is_on_track_though_a_straight_line_says_behind() -> None:
    found = cargo(37_600, 29_147, 59 / 365 * 12)
    assert 37_600 * 365 / 59 < 270_000 * 0.87
    assert 0.76 <= found.attain_probability <= 0.82


def test_in_april_the_cargo_target_is_on_track() -> None:
    assert 0.80 <= cargo(64_000, 50_000, 3).attain_probability <= 0.97


def test_in_july_the_interval_holds_what_the_year_came_to() -> None:
    found = cargo(154_600, 154_600 / 1.28, 181 / 365 * 12)
    assert found.low < 327_700 < found.high
    assert found.method == "share"
    assert found.history_years == 1


def test_the_financing_target_is_out_of_reach_in_november_whatever_the_rounding() -> None:
    found = forecast_total(actual=0.4, actual_half_width=0.1, months_known=314 / 365 * 12, goal=1.0)
    assert found is not None
    assert found.method == "run_rate"
    assert found.attain_probability < 0.05


def test_rounding_widens_the_interval_and_blurs_the_chance() -> None:
    exact, rounded = (
        forecast_total(actual=0.4, actual_half_width=half, months_known=6, goal=0.9, past=[(0.4, 0.42)])
        for half in (0.0, 0.1)
    )
    assert exact is not None
    assert rounded is not None
    assert rounded.low < exact.low < exact.high < rounded.high
    assert exact.attain_probability < rounded.attain_probability < 0.5


def test_a_total_that_only_its_rounding_carries_over_the_goal_is_not_certain() -> None:
    sure, unsure = (
        forecast_total(actual=1.05, actual_half_width=half, months_known=11.9, goal=1.0, past=[(1, 0.01)])
        for half in (0.04, 0.1)
    )
    assert sure is not None
    assert unsure is not None
    assert sure.attain_probability == 1.0
    assert 0.5 < unsure.attain_probability < 1.0


def test_of_last_years_growth_so_far_the_rest_keeps_a_tenth_seven_tenths_or_more_than_all() -> None:
    found = predict_total(aim("at_least", 100, None, grows=True), actual=60, months_known=6, past=[(50, 50)])
    assert found is not None
    each = 60 * np.exp(found.answers.predicted.location[0])
    assert each == pytest.approx([50 * 1.2**0.1, 50 * 1.2**0.7, 50 * 1.2**1.3])


def test_half_of_that_growth_is_the_latest_evenings() -> None:
    slowing, rising = (
        forecast_total(
            actual=60,
            months_known=6,
            goal=100,
            past=[(50, 50)],
            evenings=[Evening(3, first, 25), Evening(6, 60, 50)],
        )
        for first in (32, 28)
    )
    assert slowing is not None
    assert rising is not None
    assert slowing.median < rising.median


@pytest.mark.parametrize("past", [[], [(50, 50)], [(48, 50), (50, 50)]])
def test_increments_that_differ_widen_the_interval_and_even_ones_narrow_it(past: list) -> None:
    widths = []
    for totals in ((20, 40, 60), (5, 45, 60)):
        evenings = [Evening(2 * n, total, 50 * n / 3) for n, total in enumerate(totals, 1)]
        found = forecast_total(actual=60, months_known=6, goal=100, past=past, evenings=evenings)
        assert found is not None
        widths.append(np.log((found.high - 60) / (found.low - 60)))
    alone = forecast_total(actual=60, months_known=6, goal=100, past=past)
    assert alone is not None
    assert widths[0] < np.log((alone.high - 60) / (alone.low - 60)) < widths[1]


def test_an_increment_that_only_rounding_makes_is_none():
    exact, rounded = (
        forecast_total(
            actual=60,
            months_known=6,
            goal=100,
            evenings=[Evening(2, 20, None), Evening(4, total, None), Evening(6, 60, None)],
        )
        for total in (20.0, 20.0 * (1 + 1e-15))
    )
    assert exact is not None
    assert rounded is not None
    assert rounded.low == pytest.approx(exact.low)
    assert rounded.attain_probability == pytest.approx(exact.attain_probability)


def test_evenings_closer_than_a_month_are_taken_together() -> None:
    weekly = [Evening(n / 4, 2.5 * n + (n % 4), 50 * n / 24) for n in range(1, 25)]
    monthly = [weekly[3], weekly[7], weekly[11], weekly[15], weekly[19], weekly[23]]
    found = [
        forecast_total(actual=60, months_known=6, goal=100, past=[(50, 50)], evenings=e) for e in (weekly, monthly)
    ]
    assert found[0] == found[1]


def test_more_past_years_that_agree_narrow_the_interval() -> None:
    one, four = (forecast_total(actual=60, months_known=6, goal=100, past=[(50, 50)] * years) for years in (1, 4))
    assert one is not None
    assert four is not None
    assert four.high - four.low < one.high - one.low
    assert four.median == pytest.approx(one.median)
    assert four.history_years == 4


def test_past_years_that_disagree_widen_the_interval() -> None:
    same, mixed = (
        forecast_total(actual=60, months_known=6, goal=100, past=past)
        for past in ([(50, 50)] * 3, [(50, 30), (50, 80), (50, 50)])
    )
    assert same is not None
    assert mixed is not None
    assert mixed.high - mixed.low > 2 * (same.high - same.low)


def test_quotients_alone_will_do_where_the_sums_are_not_known() -> None:
    found = forecast_total(actual=60, months_known=6, goal=100, remaining_ratios=[1.0, 1.1])
    assert found is not None
    assert found.history_years == 2
    assert found.median == pytest.approx(60 + 60 * 1.1**0.5)


def test_between_two_months_the_scale_is_interpolated() -> None:
    widths = []
    for months in (2.0, 2.5, 3.0):
        found = forecast_total(actual=60, months_known=months, goal=100, past=[(60, 240)])
        assert found is not None
        widths.append(found.high - found.low)
    assert widths[0] > widths[1] > widths[2]


@pytest.mark.parametrize(
    ("actual", "months", "past"), [(0.0, 6, [(50, 50)]), (5.0, 0.5, []), (5.0, 0.5, [(0, 50)]), (0.0, 6, [])]
)
def test_where_there_is_too_little_nothing_is_said(actual: float, months: float, past: list) -> None:
    assert forecast_total(actual=actual, months_known=months, goal=100, past=past) is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"actual": -1.0}, "actual: -1.0 given, a finite number not below zero expected"),
        ({"actual_half_width": float("inf")}, "actual_half_width: inf given"),
        ({"months_known": 12.0}, "months_known: 12.0 given, more than 0 and less than 12 expected"),
        ({"months_known": 0.0}, "months_known: 0.0 given"),
    ],
)
def test_values_out_of_range_are_refused(values: dict[str, float], sentence: str) -> None:
    with raises(UsageError, match=sentence):
        forecast_total(**{"actual": 1.0, "months_known": 6.0, "goal": 2.0, **values})
