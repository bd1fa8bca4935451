"""What is said of a year from its months: the default, the short histories, the pools, levels, refusals."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from refusing import raises
from targetwatch.errors import UsageError
from targetwatch.evaluation.forecast import (
    ToForecast,
    aim,
    forecast_flow,
    forecast_flows,
    forecast_level,
    predict_flows,
    predict_levels,
)
from targetwatch.evaluation.forecast.structural import structural_flow
from targetwatch.model import Comparator

SEASON = np.array([0.6, 0.5, 0.9, 1.0, 1.1, 1.2, 1.3, 1.2, 1.0, 1.1, 1.0, 1.1])


LONG_AGO = np.vstack([np.ones((1, 12)), np.zeros((5, 12))])


def grown(years: int, *, growth: float = 0.05, noise: float = 0.03, seed: int = 1) -> np.ndarray:
    """Return seasonal years growing by `growth` a year."""
    random = np.random.default_rng(seed)
    trend = (1 + growth) ** np.arange(years)
    return 1000 * trend[:, None] * SEASON * np.exp(random.normal(0, noise, (years, 12)))


def test_a_seasonal_year_is_forecast_where_a_straight_line_sees_a_failure() -> None:
    years = grown(6)
    history, year = years[:5], years[5]
    found = forecast_flow(history, year[:2], history[-1].sum())
    assert found is not None
    assert year[:2].sum() * 6 < history[-1].sum() * 0.7
    assert found.attain_probability > 0.75
    assert found.low < year.sum() < found.high
    assert found.method == "pool"
    assert found.history_years == 5


def test_the_interval_narrows_as_the_year_goes_on() -> None:
    years = grown(6)
    widths = []
    for months in (1, 4, 8, 11):
        found = forecast_flow(years[:5], years[5, :months], 1.0)
        assert found is not None
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)


def test_a_noisier_series_gets_a_wider_interval() -> None:
    quiet, wild = (forecast_flow(grown(5, noise=n), grown(1, noise=n)[0, :6], 1.0) for n in (0.01, 0.2))
    assert quiet is not None
    assert wild is not None
    assert wild.high - wild.low > 3 * (quiet.high - quiet.low)


def test_growth_so_far_is_carried_on() -> None:
    history = grown(5, growth=0.0, noise=0.01)
    same, more = (forecast_flow(history, history[-1, :6] * times, 1.0) for times in (1.0, 1.3))
    assert same is not None
    assert more is not None
    rest_same, rest_more = same.median - history[-1, :6].sum(), more.median - 1.3 * history[-1, :6].sum()
    assert 1.1 < rest_more / rest_same <= 1.3


def test_one_month_of_a_strike_years_ago_moves_the_forecast_little() -> None:
    history = grown(5)
    struck = history.copy()
    struck[1, 7] /= 20
    before, after = (forecast_flow(one, grown(6)[5, :5], 13000.0) for one in (history, struck))
    assert before is not None
    assert after is not None
    assert after.median == pytest.approx(before.median, rel=0.04)
    assert after.low < before.median < after.high
    assert after.high - after.low < 0.15 * after.median


@pytest.mark.parametrize("years", [1, 2, 3, 4, 9])
def test_any_number_of_past_years_will_do_and_five_are_used(years: int) -> None:
    found = forecast_flow(grown(years), grown(1)[0, :6], 12000.0)
    assert found is not None
    assert found.method == ("structural" if years < 3 else "pool")
    assert found.history_years == min(years, 5)
    assert 11000 < found.median < 14000


def test_without_a_past_year_the_rate_so_far_is_carried_on_with_a_wide_interval() -> None:
    found = forecast_flow([], [100, 120, 110, 90], 1000.0)
    assert found is not None
    assert found.method == "run_rate"
    assert found.history_years == 0
    assert found.median == pytest.approx(420 * 3, rel=1e-9)
    assert found.low < 1150
    assert found.high > 1370


def test_years_before_the_first_count_are_no_history() -> None:
    history = np.vstack([np.zeros((3, 12)), grown(2)])
    with_zeros, without = (forecast_flow(one, grown(1)[0, :6], 12000.0) for one in (history, grown(2)))
    assert with_zeros == without


def test_what_was_counted_before_five_empty_years_is_no_history() -> None:
    assert forecast_flow(LONG_AGO, [3.0], 20.0) == forecast_flow([], [3.0], 20.0)


def test_a_closed_season_is_no_gap() -> None:
    history = grown(5)
    history[:, :2] = 0
    found = forecast_flow(history, [0, 0, *grown(6)[5, 2:6]], 10500.0)
    assert found is not None
    assert found.method == "structural"
    assert found.low < grown(6)[5, 2:].sum() < found.high


def test_counts_with_many_empty_months_are_forecast_from_their_sums() -> None:
    random = np.random.default_rng(3)
    found = forecast_flow(random.poisson(1.0, (5, 12)), random.poisson(1.0, 7) + 1, 14)
    assert found is not None
    assert found.method == "share"
    assert found.history_years == 5


@pytest.mark.parametrize(("history", "known"), [([], [0.0, 0.0]), (np.zeros((4, 12)), [0.0]), (LONG_AGO, [0.0])])
def test_where_nothing_was_ever_counted_nothing_is_said(history: object, known: list[float]) -> None:
    assert forecast_flow(history, known, 10.0) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("comparator", "goal", "expected"),
    [
        ("at_least", 300.0, 1.0),
        ("above", 299.0, 1.0),
        ("at_most", 299.0, 0.0),
        ("below", 300.0, 0.0),
    ],
)
def test_what_is_decided_is_certain(comparator: str, goal: float, expected: float) -> None:
    found = forecast_flow(np.full((3, 12), 100.0), [100.0, 100.0, 100.0], goal, comparator)
    assert found is not None
    assert found.attain_probability == expected


@pytest.mark.parametrize("comparator", [Comparator.ABOVE, Comparator.AT_MOST])
def test_exactly_at_the_goal_a_strict_promise_is_still_open(comparator: Comparator) -> None:
    found = forecast_flow(np.full((3, 12), 100.0), [100.0, 100.0, 100.0], 300.0, comparator)
    assert found is not None
    assert 0 < found.attain_probability < 1


def test_a_cap_is_as_likely_as_its_opposite_is_not() -> None:
    years = grown(6)
    over, under = (forecast_flow(years[:5], years[5, :6], 15000.0, word) for word in ("above", "at_most"))
    assert over is not None
    assert under is not None
    assert over.attain_probability + under.attain_probability == pytest.approx(1.0)


def test_a_band_is_the_chance_of_its_floor_less_that_of_passing_its_top() -> None:
    years = grown(6)
    floor, top, band = (
        forecast_flow(years[:5], years[5, :6], goal, word, upper=upper)
        for goal, word, upper in ((15000.0, "at_least", None), (15600.0, "above", None), (15000.0, "between", 15600.0))
    )
    assert floor is not None
    assert top is not None
    assert band is not None
    assert band.attain_probability == pytest.approx(floor.attain_probability - top.attain_probability)


def test_the_members_are_the_families_of_models_each_with_its_median() -> None:
    years = grown(6)
    found = forecast_flow(years[3:5], years[5, :6], 15000.0)
    assert found is not None
    assert [name for name, *_ in found.members] == ["steady", "slow trend", "trend", "returning", "fast trend"]
    assert min(median for _, median, _ in found.members) <= found.median <= max(m for _, m, _ in found.members)


def test_more_of_any_month_known_never_lowers_the_rest_by_more_than_it_adds() -> None:
    years = grown(6)
    goal = np.array([[15000.0]])
    base, raised = (structural_flow(years[None, :5], years[None, 5, :6] * times).exceeding(goal) for times in (1, 1.01))
    assert raised[0, 0] > base[0, 0]


def test_the_default_pools_three_members_by_their_log_odds_and_is_a_little_surer() -> None:
    years = grown(6)
    found = forecast_flow(years[:5], years[5, :6], 15000.0)
    assert found is not None
    assert found.method == "pool"
    assert [name for name, *_ in found.members] == ["structural models", "exponential smoothing", "share and growth"]
    odds = [np.log(chance / (1 - chance)) for *_, chance in found.members]
    assert np.log(found.attain_probability / (1 - found.attain_probability)) == pytest.approx(1.12 * np.mean(odds))
    medians = [median for _, median, _ in found.members]
    assert min(medians) <= found.median <= max(medians)


def test_a_pool_without_three_positive_years_is_the_structural_models_alone() -> None:
    found = forecast_flow(grown(2), grown(1)[0, :6], 12000.0)
    assert found is not None
    assert found.method == "structural"
    assert found.history_years == 2


def test_many_cases_forecast_together_say_what_each_says_alone() -> None:
    years = grown(8)
    cases = [
        ToForecast(years[start:end], years[end, :months] * times, aim(word, goal, None, grows=True))
        for start, end in ((0, 5), (2, 5), (4, 5), (5, 5))
        for months in (3, 9)
        for times in (1.0, 0.0, 1.2)
        for word, goal in (("at_least", 14000.0), ("at_most", 15000.0))
    ]
    alone = [predict_flows([case])[0] for case in cases]
    for one, other in zip(alone, predict_flows(cases), strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.forecast() == other.forecast(), "to the last bit"


def test_levels_are_forecast_together_too_by_months_or_quarters() -> None:
    levels = 50 * np.exp(0.002 * np.arange(72)).reshape(6, 12)
    wanted = aim("at_least", 57.0, None, grows=False)
    cases = [
        ToForecast(levels[:5], levels[5, :4], wanted),
        ToForecast(levels[:5, 2::3], levels[5, 2:6:3], wanted),
        ToForecast(levels[:5] - 53, levels[5, :4] - 53, wanted),
        ToForecast([], levels[5, :4], wanted),
    ]
    for case, found in zip(cases, predict_levels(cases), strict=True):
        (alone,) = predict_levels([case])
        assert (alone is None) == (found is None)
        if alone is not None and found is not None:
            assert found.forecast() == alone.forecast()


def test_a_level_is_forecast_at_the_years_end() -> None:
    levels = 50 * np.exp(0.002 * np.arange(72)).reshape(6, 12) * (1 + 0.01 * SEASON)
    found = forecast_level(levels[:5], levels[5, :4], levels[5, 11] * 0.99)
    assert found is not None
    assert found.median == pytest.approx(levels[5, 11], rel=0.01)
    assert found.attain_probability > 0.8


def test_a_level_below_zero_is_forecast_without_logarithms() -> None:
    random = np.random.default_rng(5)
    levels = -2 + random.normal(0, 0.5, (6, 12))
    found = forecast_level(levels[:5], levels[5, :6], 0.0, "at_most")
    assert found is not None
    assert found.low < -2 < found.high
    assert found.attain_probability > 0.8


def test_a_level_is_never_decided_before_its_day() -> None:
    found = forecast_level(np.full((3, 12), 10.0), [10.0, 10.0, 10.0], 5.0)
    assert found is not None
    assert 0.99 < found.attain_probability < 1


def test_a_level_without_a_complete_past_year_has_no_forecast() -> None:
    assert forecast_level([], [1.0, 2.0], 3.0) is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([[1.0] * 11], [1.0], 5.0), r"history: shape \(1, 11\) given, \(years, 12\) expected"),
        (([], [], 5.0), "year to date: shape .* given, 1 to 11 single months expected"),
        (([], [1.0] * 12, 5.0), "year to date: shape .* given, 1 to 11 single months expected"),
        (([], [1.0, -2.0], 5.0), "flow: -2.0 given, values of at least 0 expected"),
        (([], [1.0, float("nan")], 5.0), "a value that is not a finite number given"),
        (([], [1.0], float("nan")), r"goal: \[nan\] given, finite numbers expected"),
        (([], [1.0], 5.0, "roughly"), "comparator: 'roughly' given, one of above, at_least"),
        (([], [1.0], 5.0, "complete"), "comparator: 'complete' given, steps are counted"),
        (([], [1.0], 5.0, "between"), "goal: between 5.0 and None, an upper end not below the goal expected"),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_the_reason(arguments: tuple, sentence: str) -> None:
    with raises(UsageError, match=sentence):
        forecast_flow(*arguments)


def test_importing_the_forecast_loads_neither_numpy_nor_scipy() -> None:
    program = (
        "import sys, targetwatch.evaluation, targetwatch.evaluation.forecast;"
        "print([name for name in ('numpy', 'scipy', 'statsforecast') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_what_is_loaded_on_first_use_can_be_loaded_before() -> None:
    program = (
        "import sys; from targetwatch.evaluation import forecast; forecast.load(); before = set(sys.modules);"
        "made = forecast.forecast_flow([[5.0, 6.0] * 6] * 3, [6.0] * 6, 70.0);"
        "print(made, sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip().endswith(" []"), ran.stdout


def test_many_at_once_are_what_each_is_alone_whatever_years_and_months_each_has():
    years = np.array([[90.0 + month + 3 * year for month in range(12)] for year in range(3)])
    histories = np.stack([years, np.vstack([np.full((2, 12), np.nan), years[2:]]), years])
    months = np.array([[101.0, 103, 99], [101, np.nan, np.nan], [95, 96, np.nan]])
    goals = [1_300.0, 1_250.0, 1_200.0]
    together = forecast_flows(histories, months, goals)
    alone = [forecast_flow(years, months[0], 1_300), forecast_flow(years[2:], [101.0], 1_250)]
    assert together == [*alone, forecast_flow(years, [95.0, 96.0], 1_200)]
    assert None not in together
    with pytest.raises(UsageError):
        forecast_flows(histories, -months, goals)
