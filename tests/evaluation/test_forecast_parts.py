"""The parts of a forecast: mixtures, linear maps, outliers, the pools' formulas worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from targetwatch.evaluation.forecast.pools import growth_member, pool_flow, share_member
from targetwatch.evaluation.forecast.prediction import Aim, Mixture
from targetwatch.evaluation.forecast.structural import (
    FLOW_MODELS,
    LEVEL_MODELS,
    _covariance,
    _drawn_in,
    maps,
    outlier_map,
)
from targetwatch.evaluation.forecast.total import is_count
from targetwatch.model import Comparator

RANDOM = np.random.default_rng(4)
TENTHS = np.linspace(0.05, 0.95, 19)


def mixture(*, logarithmic: bool = True, offsets: tuple[float, float, float] = (5.0, 5.0, 5.0)) -> Mixture:
    return Mixture(
        offset=np.array([offsets]),
        location=np.array([[1.0, 1.2, 3.0]]),
        scale=np.array([[0.1, 0.3, 1.0]]),
        freedom=np.array([[3.0, 5.0, 200.0]]),
        weight=np.array([[0.5, 0.3, 0.2]]),
        logarithmic=logarithmic,
    )


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("offsets", [(5.0, 5.0, 5.0), (4.9, 5.0, 5.1)])
def test_quantiles_undo_probabilities(*, logarithmic: bool, offsets: tuple[float, float, float]) -> None:
    one = mixture(logarithmic=logarithmic, offsets=offsets)
    totals = one.quantiles(TENTHS)
    assert one.exceeding(totals)[0] == pytest.approx(1 - TENTHS, abs=1e-6)


def test_a_mixture_is_the_weighted_mean_of_its_components() -> None:
    expected = sum(
        w * student.sf((np.log(9.0 - 5.0) - mu) / s, nu)
        for w, mu, s, nu in zip([0.5, 0.3, 0.2], [1.0, 1.2, 3.0], [0.1, 0.3, 1.0], [3, 5, 200], strict=True)
    )
    assert mixture().exceeding(np.array([[9.0]]))[0, 0] == pytest.approx(expected)


def test_what_is_below_what_is_known_is_exceeded_for_certain() -> None:
    assert mixture().exceeding(np.array([[4.0, 5.0]])).tolist() == [[1.0, 1.0]]


def test_averaged_quantiles_are_the_mean_of_the_components_quantiles() -> None:
    one = mixture()
    averaged = Mixture(one.offset, one.location, one.scale, one.freedom, one.weight, averaged=True)
    parts = [5 + np.exp(mu + s * student.ppf(0.9, nu)) for mu, s, nu in ((1, 0.1, 3), (1.2, 0.3, 5), (3, 1, 200))]
    assert averaged.quantiles(np.array([0.9]))[0, 0] == pytest.approx(np.dot(parts, [0.5, 0.3, 0.2]))


@pytest.mark.parametrize("models", [FLOW_MODELS, LEVEL_MODELS], ids=["flow", "level"])
@pytest.mark.parametrize(("years", "months"), [(1, 4), (3, 11), (5, 1)])
def test_the_maps_are_the_gaussian_conditional_expectation(models: tuple, years: int, months: int) -> None:
    found, known, h = maps(models, years, months), 12 * years + months, 12 - months
    ahead = found.ahead.T.reshape(len(models), h, known)
    errors = found.covariance.reshape(years, len(models), h, h)[-1]
    for k, model in enumerate(models):
        covariance = _covariance(model, 12 * (years + 1))
        gain = np.linalg.solve(covariance[:known, :known], covariance[:known, known:]).T
        assert ahead[k] == pytest.approx(gain, abs=1e-6)
        left = covariance[known:, known:] - gain @ covariance[:known, known:]
        assert errors[k] == pytest.approx(left, abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("models", [FLOW_MODELS, LEVEL_MODELS], ids=["flow", "level"])
def test_a_uniform_rise_of_the_year_to_date_lifts_every_month_to_come(models: tuple) -> None:
    assert all(maps(models, years, months).lift.min() >= 0 for years in range(1, 6) for months in range(1, 12))


def test_a_lone_outlier_is_drawn_in_and_its_neighbours_stay() -> None:
    season = np.sin(np.arange(12))
    series = np.tile(season, 6)[:63] + RANDOM.normal(0, 0.02, 63)
    struck = series.copy()
    struck[20] -= 3
    cleaned = _drawn_in(struck[None], 5, 3)[0]
    assert cleaned[20] == pytest.approx(series[20], abs=0.2)
    assert np.delete(cleaned, 20) == pytest.approx(np.delete(series, 20), abs=0.1)


def test_the_months_of_the_running_year_are_never_drawn_in() -> None:
    series = RANDOM.normal(0, 0.02, (1, 63))
    series[0, 61] += 2
    assert _drawn_in(series, 5, 3)[0, 60:].tolist() == series[0, 60:].tolist()


def test_outliers_do_not_run_away_whatever_the_series() -> None:
    for years in (2, 3, 5):
        for months in (1, 6, 11):
            series = RANDOM.normal(0, 1e-5, (40, 12 * years + months))
            series[np.arange(40), RANDOM.integers(0, 12 * years, 40)] -= 4
            assert np.abs(_drawn_in(series, years, months)).max() < 6


def test_outlier_residuals_do_not_see_a_uniform_rise_of_the_year_to_date() -> None:
    precision, _ = outlier_map(3, 5)
    rise = np.concatenate([np.zeros(36), np.ones(5)])
    assert precision @ rise == pytest.approx(np.zeros(41), abs=1e-9)


def test_the_share_member_is_the_mean_log_ratio_of_rest_to_date() -> None:
    history = RANDOM.uniform(50, 150, (1, 4, 12))
    known = RANDOM.uniform(50, 150, (1, 5))
    ratios = [np.log(year[5:].sum() / year[:5].sum()) for year in history[0]]
    location, scale, freedom = share_member(history, known)
    assert location[0] == pytest.approx(np.log(known.sum()) + np.mean(ratios))
    assert scale[0] == pytest.approx(np.std(ratios, ddof=1) * np.sqrt(1.25))
    assert freedom == 3


def test_the_growth_member_of_a_series_that_repeats_itself_repeats_it() -> None:
    year = RANDOM.uniform(50, 150, 12)
    history, known = np.tile(year, (1, 5, 1)), year[None, :7]
    found = growth_member(history, known)
    assert found is not None
    location, scale, freedom = found
    assert location[0] == pytest.approx(np.log(year[7:].sum()))
    assert scale[0] == 1e-4
    assert freedom == pytest.approx((67 - 5 - 24 + 1) / 2.5)


def test_the_growth_member_needs_three_origins() -> None:
    assert growth_member(RANDOM.uniform(50, 150, (1, 2, 12)), RANDOM.uniform(50, 150, (1, 6))) is None


@pytest.mark.parametrize(("yearly", "expected"), [(300, True), (300.5, False)])
def test_whole_numbers_are_counts_up_to_three_hundred_a_year(yearly: float, expected: bool) -> None:  # noqa: FBT001
    assert is_count([3, 0, 5], yearly=yearly) is expected


def test_a_pool_looks_back_five_years() -> None:
    history, known = RANDOM.uniform(50, 150, (1, 7, 12)), RANDOM.uniform(50, 150, (1, 5))
    medians = [float(pool_flow(history[:, -years:], known).quantiles(np.array([0.5]))[0, 0]) for years in (4, 5, 6, 7)]
    assert medians[1] == medians[2] == medians[3] != medians[0]


def test_of_whole_numbers_at_least_ten_is_more_than_nine_and_a_half() -> None:
    aim = Aim(Comparator.AT_LEAST, 10.0)
    assert (aim.ends(), aim.counted().ends()) == ((10.0, 10.0), (9.5, 10.0))
