"""The real case that the method was built on: Chongqing's cargo target for 2025, figure by figure as published."""

from __future__ import annotations

import pytest

from builders import day, goal, indicator, reading, target, version
from targetwatch.evaluation import Case, conclude, evaluate, prepare, timeline
from targetwatch.model import AsOf, Basis, DataState, Performance, Qualifier, Release

CARGO = indicator(release=Release(every="quarter", lag=31, grace=14, calendar="CN"))
FIGURES = (
    reading("2022", 148_000, "2023-01-14", yoy="0.32", qualifier=Qualifier.OVER),
    reading("2023-01-01..2023-06-30", 78_000, "2023-09-28", yoy="0.36"),
    reading("2023-01-01..2023-09-30", 126_000, "2023-10-10", yoy="0.19"),
    reading("2017-09-01..2023-09-30", 546_000, "2023-10-10", basis=Basis.SINCE_START),
    reading("2023", 178_000, "2024-03-08", yoy="0.21"),
    reading("2024-01-01..2024-03-31", 50_000, "2024-04-23", yoy="0.39"),
    reading("2024", 249_000, "2025-01-01", yoy="0.39", qualifier=Qualifier.OVER, provisional=True),
    reading("2024", 251_800, "2025-01-20", yoy="0.41"),
    reading("2025-01-01..2025-02-28", 37_600, "2025-03-10", yoy="0.29"),
    reading("2025-01-01..2025-03-31", 64_000, "2025-04-15", yoy="0.28"),
    reading("2025-01-01..2025-06-30", 154_600, "2025-07-17", yoy="0.28"),
    reading("2025-01-01..2025-06-30", 132_000, "2025-08-12", yoy="0.23", publisher="customs"),
    reading("2025-01-01..2025-06-30", 150_000, "2025-08-24", qualifier=Qualifier.OVER),
    reading("2025-01-01..2025-08-31", 215_800, "2025-10-01", yoy="0.30"),
    reading("2025-01-01..2025-10-31", 272_300, "2025-12-09", yoy="0.33"),
    reading("2025", 327_700, "2026-01-08", yoy="0.30"),
)
TARGET = target(version(goal(above=270_000), baseline=251_800))


def judged(as_of: str):
    return evaluate(TARGET, CARGO, FIGURES, day(as_of))


@pytest.mark.parametrize(
    ("as_of", "through", "actual", "last_year", "growth"),
    [
        ("2025-03-11", "2025-02-28", 37_600, 29_147, 0.044),
        ("2025-04-16", "2025-03-31", 64_000, 50_000, 0.021),
        ("2025-07-18", "2025-06-30", 154_600, 120_781, -0.119),
        ("2025-10-02", "2025-08-31", 215_800, 166_000, -0.368),
        ("2025-12-08", "2025-08-31", 215_800, 166_000, -0.368),
    ],
)
def test_each_publication_gives_the_figures_computed_by_hand(as_of, through, actual, last_year, growth):
    verdict = judged(as_of)
    assert verdict.data_through == day(through)
    assert verdict.actual_value == actual
    assert verdict.last_year_to_date == pytest.approx(last_year, abs=0.5)
    assert verdict.required_growth_ratio == pytest.approx(growth, abs=5e-4)


def test_before_the_first_figure_of_the_year_it_is_pending():
    assert judged("2025-02-20").performance is Performance.PENDING


def test_a_straight_line_would_cry_wolf_in_spring_and_the_verdict_does_not():
    march, april = judged("2025-03-11"), judged("2025-04-16")
    assert march.straight_line_pace_ratio == pytest.approx(0.86, abs=0.005)
    assert april.straight_line_pace_ratio == pytest.approx(0.96, abs=0.005)
    assert Performance.OFF_TRACK not in {march.performance, april.performance}


def test_it_is_on_track_in_summer_and_stays_so_while_the_next_figure_is_late():
    assert judged("2025-07-18").performance is Performance.ON_TRACK
    october, december = judged("2025-10-02"), judged("2025-12-08")
    assert (october.data_state, december.data_state) == (DataState.FRESH, DataState.LATE)
    assert december.late_days == 38
    assert december.performance is october.performance is Performance.ON_TRACK


def test_it_is_achieved_the_day_it_is_known_and_not_before():
    assert judged("2025-12-09").performance is Performance.ACHIEVED
    assert judged("2025-12-09").actual_value == 272_300


def test_the_year_closes_at_121_4_percent_and_nothing_is_late_ever_after():
    verdict = judged("2026-11-25")
    assert verdict.actual_value == 327_700
    assert verdict.progress_ratio == pytest.approx(1.2137, abs=5e-5)
    assert verdict.data_state is DataState.CLOSED
    assert verdict.performance_since == day("2025-12-09")
    assert verdict.next_release_due is None


def test_no_status_is_left_and_entered_again_over_the_year():
    states = [change.new for change in timeline(TARGET, CARGO, FIGURES, day("2026-11-25"))]
    assert len(states) == len(set(states))


@pytest.mark.parametrize("as_of", ["2025-03-11", "2025-04-16"])
def test_in_spring_it_is_on_track_with_good_but_not_certain_odds(as_of):
    verdict = judged(as_of)
    assert verdict.performance is Performance.ON_TRACK
    assert 0.76 <= verdict.attainment_probability <= 0.85


def test_the_forecast_of_midsummer_contains_what_the_year_became():
    forecast = judged("2025-07-18").forecast
    assert forecast.low <= 327_700 <= forecast.high


def test_paces_are_those_of_every_known_evening_and_end_with_the_verdicts():
    prepared = prepare(Case(TARGET, CARGO, FIGURES), AsOf.end_of(day("2025-10-02")))
    found = prepared.paces()
    assert [round(pace, 2) for pace in found] == [1.2, 1.19, 1.19, 1.21]
    assert found[-1] == conclude(prepared).verdict.pace_ratio
