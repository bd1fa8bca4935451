"""Past years put as questions, methods scored on them, two methods compared."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "forecast_quality"))

from methods import backtest, compare, score
from questions import MonthlySeries, Questions, flow_questions, level_questions


def series(name: str, years: int, *, noise: float = 0.05, seed: int = 1) -> MonthlySeries:
    """Return a seasonal, growing series."""
    random = np.random.default_rng(seed)
    season = np.exp(np.sin(np.arange(12)))
    trend = 1.04 ** np.arange(years)
    return MonthlySeries(name, 2001, 100 * trend[:, None] * season * np.exp(random.normal(0, noise, (years, 12))))


@pytest.fixture(scope="module")
def questions() -> tuple[Questions, ...]:
    return flow_questions(series(f"s{i}", 9, seed=i) for i in range(12))


def test_a_flow_is_asked_about_its_last_three_eligible_years_with_up_to_five_before() -> None:
    (asked,) = flow_questions([series("a", 9)])
    assert asked.years == (2007, 2008, 2009)
    assert asked.history.shape == (3, 5, 12)
    assert asked.goals[0] == pytest.approx(asked.history[0, -1].sum() * np.array([1, 1.05, 1.1]))


def test_a_year_after_a_gap_waits_until_three_years_are_complete() -> None:
    gappy = series("a", 9)
    gappy.values[3, 5] = np.nan
    asked = flow_questions([gappy])
    assert [(one.years, one.history.shape[1]) for one in asked] == [((2008,), 3), ((2009,), 4)]


def test_a_year_with_a_month_of_nothing_is_not_asked_about() -> None:
    empty = series("a", 5)
    empty.values[4, 0] = 0
    assert [one.years for one in flow_questions([empty])] == [(2004,)]


def test_a_level_is_asked_about_december_in_every_year_with_enough_before() -> None:
    (asked,) = level_questions([series("a", 8)])
    assert asked.years == (2007, 2008)
    assert asked.outcome[0] == asked.year[0, -1]
    assert asked.goals[1, 2] == pytest.approx(asked.history[1, -1, -1] * 1.03)


def test_every_method_answers_and_the_default_beats_the_straight_line(questions: tuple[Questions, ...]) -> None:
    found = {method: backtest(questions, method) for method in ("run_rate", "share", "pool2", "structural")}
    for result in found.values():
        assert result.series_count == 12
        assert result.series_years == 36
        assert result.score.count == 36 * 11 * 3
        assert len(result.by_month) == 11
        assert sum(one.score.count for one in result.by_month) == result.score.count
        assert sum(one.count for one in result.calibration) == result.score.count
        assert sum(count for *_, count in result.series_log_loss) == result.score.count
    assert found["structural"].score.log_loss < found["run_rate"].score.log_loss / 2
    assert 0.6 < found["structural"].score.coverage < 0.97


def test_levels_are_answered_by_their_own_methods() -> None:
    asked = level_questions(series(f"s{i}", 9, noise=0.01, seed=i) for i in range(5))
    found = {method: backtest(asked, method) for method in ("straight_line", "pool2", "structural")}
    assert all(result.measure == "level" for result in found.values())
    assert found["structural"].score.total_error < found["straight_line"].score.total_error / 10


def test_what_is_reached_already_counts_as_certain_for_every_method(questions: tuple[Questions, ...]) -> None:
    low = [
        Questions(one.measure, one.series, one.years, one.history, one.year, one.goals * 0.01, one.outcome)
        for one in questions
    ]
    assert backtest(low, "share").score.log_loss == pytest.approx(-np.log(0.995))


def test_progress_runs_to_the_end(questions: tuple[Questions, ...]) -> None:
    seen: list[tuple[int, int]] = []
    backtest(questions, "share", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (36 * 11, 36 * 11)


def test_a_better_method_is_told_from_a_worse_one_with_its_interval(questions: tuple[Questions, ...]) -> None:
    better, worse = backtest(questions, "structural"), backtest(questions, "run_rate")
    found = compare(better, worse)
    assert found.low <= found.difference <= found.high < 0
    assert found.difference == pytest.approx(better.score.log_loss - worse.score.log_loss)
    assert compare(better, better).difference == 0


def test_answers_to_different_questions_are_not_compared(questions: tuple[Questions, ...]) -> None:
    other = flow_questions([series("other", 9)])
    with pytest.raises(SystemExit, match="share and share answered different questions"):
        compare(backtest(questions, "share"), backtest(other, "share"))


def test_an_unknown_method_is_refused(questions: tuple[Questions, ...]) -> None:
    with pytest.raises(SystemExit, match="method: 'straight_line' given, one of run_rate, share, pool2"):
        backtest(questions, "straight_line")


def test_too_short_a_series_leaves_nothing_to_ask() -> None:
    with pytest.raises(SystemExit, match="four complete years expected"):
        backtest(flow_questions([series("a", 3)]), "pool2")


def test_the_scores_are_the_textbook_ones() -> None:
    chance, came = np.array([[0.9], [0.2]]), np.array([[True], [True]])
    interval, outcome = np.array([[8.0, 10, 12], [8, 9, 9.5]]), np.array([10.0, 10.0])
    found = score(chance, came, interval, outcome)
    assert found.brier == pytest.approx((0.01 + 0.64) / 2)
    assert found.log_loss == pytest.approx(-(np.log(0.9) + np.log(0.2)) / 2)
    assert found.total_error == pytest.approx(0.05)
    assert found.coverage == 0.5
    assert found.calibration_error == pytest.approx((0.1 + 0.8) / 2)
