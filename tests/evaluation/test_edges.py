"""The edge rules of the method, one test each: strictness, caps, bands, baselines, gaps, lags, versions, milestones."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from builders import day, event, goal, indicator, period, reading, steps, target, version
from refusing import raises
from targetwatch.errors import NotAnnouncedError
from targetwatch.evaluation import Case, conclude, derive, evaluate, figure, prepare, timeline
from targetwatch.evaluation.series import in_force
from targetwatch.evaluation.series import level as level_of
from targetwatch.evaluation.status import by_band, by_probability
from targetwatch.model import (
    AsOf,
    Basis,
    Caveat,
    Clock,
    DataState,
    Measure,
    Performance,
    Plan,
    PlanShape,
    Release,
    RollingTotal,
    Waypoint,
)

FLOW = indicator()
LEVEL = indicator(id="rate", measure=Measure.LEVEL, unit="%", release=Release(every="month", lag=20, grace=10))
STEPS = indicator(id="routes", measure=Measure.MILESTONES, unit="", release=Release(lag=31, grace=14))
CCI = indicator(id="cci", unit="bn USD", release=Release(lag=31, grace=31))


def flow(wanted, *readings, as_of="2025-08-01", **changes):
    return evaluate(target(version(wanted, **changes)), FLOW, readings, day(as_of))


def level(wanted, *readings, as_of="2025-08-01", **changes):
    plan = changes.pop("plan", Plan())
    return evaluate(target(version(wanted, plan=plan, **changes)), LEVEL, readings, day(as_of))


def point(on, value, published, **changes):
    return reading(f"{on}..{on}", value, published, basis=Basis.POINT, **changes)


def codes(verdict):
    return [note.code for note in verdict.notes]


def test_a_target_does_not_exist_before_it_was_announced():
    with raises(NotAnnouncedError, match="not announced before 2025-02-07"):
        flow(goal(above=270_000), as_of="2025-02-06")


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        (goal(above=270_000), 270_000, Performance.MISSED),
        (goal(above=270_000), "270000.0001", Performance.ACHIEVED),
        (goal(at_least=270_000), 270_000, Performance.ACHIEVED),
        (goal(below=270_000), 270_000, Performance.MISSED),
        (goal(at_most=270_000), 270_000, Performance.ACHIEVED),
        (goal(between=(1, 270_000)), 270_000, Performance.ACHIEVED),
        (goal(between=(1, 270_000)), 270_001, Performance.MISSED),
    ],
)
def test_exactly_the_goal_respects_strictness_at_the_end_of_the_year(wanted, value, expected):
    assert flow(wanted, reading("2025", value, "2026-01-20"), as_of="2026-01-21").performance is expected


def test_a_flow_that_reaches_its_goal_is_achieved_at_once_and_provisional_while_the_figure_is():
    verdict = flow(goal(above=100), reading("2025-01-01..2025-03-31", 101, "2025-04-20", provisional=True))
    assert verdict.performance is Performance.ACHIEVED
    assert verdict.provisional


def test_a_cap_on_a_flow_is_missed_when_passed_and_achieved_only_at_the_deadline():
    within = reading("2025-01-01..2025-06-30", 40, "2025-07-20")
    assert flow(goal(at_most=100), within).performance is Performance.ON_TRACK
    assert (
        flow(goal(at_most=100), reading("2025-01-01..2025-06-30", 101, "2025-07-20")).performance is Performance.MISSED
    )
    final = reading("2025", 99, "2026-01-20")
    assert flow(goal(at_most=100), within, final, as_of="2026-01-21").performance is Performance.ACHIEVED


def test_a_band_is_endangered_at_its_bottom_and_at_its_top():
    half = "2025-01-01..2025-06-30"
    middle = flow(goal(between=(80, 120)), reading(half, 50, "2025-07-20"))
    assert middle.performance is not Performance.OFF_TRACK
    assert flow(goal(between=(90, 110)), reading(half, 30, "2025-07-20")).performance is Performance.OFF_TRACK
    assert flow(goal(between=(90, 110)), reading(half, 75, "2025-07-20")).performance is Performance.OFF_TRACK


@pytest.mark.parametrize(
    ("value", "expected"), [(50, Performance.ON_TRACK), (30, Performance.OFF_TRACK), (75, Performance.OFF_TRACK)]
)
def test_without_a_forecast_a_band_is_judged_by_its_pace_on_both_sides(value, expected):
    assert by_band(value / 90, value / 110, 0.5) is expected


def test_a_level_that_meets_its_goal_before_the_deadline_is_on_track_and_not_achieved():
    readings = (point("2025-06-30", "4.4", "2025-07-20"),)
    verdict = level(goal(at_most="4.5"), *readings, baseline=5)
    assert (verdict.performance, verdict.rule) == (Performance.ON_TRACK, "goal_met")
    final = point("2025-12-31", "4.4", "2026-01-20")
    assert (
        level(goal(at_most="4.5"), *readings, final, baseline=5, as_of="2026-01-21").performance is Performance.ACHIEVED
    )


def test_a_goal_met_at_the_baseline_and_lost_since_is_off_track():
    verdict = level(goal(at_most=5), point("2025-06-30", 6, "2025-07-20"), baseline=4)
    assert (verdict.performance, verdict.rule) == (Performance.OFF_TRACK, "goal_lost")


@pytest.mark.parametrize("baseline", [0, -5])
def test_a_zero_or_negative_baseline_uses_the_linear_form_and_never_a_growth_rate(baseline):
    verdict = level(goal(at_least=10), point("2025-06-30", -1, "2025-07-20"), baseline=baseline)
    assert verdict.required_growth_ratio is None
    assert verdict.progress_ratio == pytest.approx((-1 - baseline) / (10 - baseline))


def test_a_goal_equal_to_the_baseline_has_progress_one_when_met_and_none_otherwise():
    assert level(goal(at_least=5), point("2025-06-30", 5, "2025-07-20"), baseline=5).progress_ratio == 1
    assert level(goal(at_least=5), point("2025-06-30", 4, "2025-07-20"), baseline=5).progress_ratio is None


def test_a_flow_goal_below_last_year_is_legal_and_judged_like_any_other():
    verdict = flow(goal(at_least="1.0"), reading("2025-01-01..2025-06-30", "0.6", "2025-07-20"), baseline="1.1")
    assert verdict.progress_ratio == pytest.approx(0.6)
    assert verdict.performance is Performance.ON_TRACK


def test_a_relative_goal_resolves_against_its_baseline_and_waits_for_one():
    with_baseline = level(goal(change="-0.6"), point("2025-06-30", 180, "2025-07-20"), baseline=250)
    assert with_baseline.goal_value == 100
    without = level(goal(change="-0.6"), point("2025-06-30", 180, "2025-07-20"))
    assert (without.performance, without.rule) == (Performance.PENDING, "no_baseline")


def test_a_relative_goal_without_any_figure_is_pending_then_awaits_data():
    assert level(goal(change="-0.6")).performance is Performance.PENDING
    after = level(goal(change="-0.6"), as_of="2026-11-25")
    assert after.performance is Performance.AWAITING_DATA
    assert after.data_state is DataState.NONE


def test_after_the_deadline_a_target_awaits_the_last_figure_and_is_never_falsely_missed():
    verdict = flow(goal(above=100), reading("2025-01-01..2025-09-30", 60, "2025-10-20"), as_of="2026-11-25")
    assert verdict.performance is Performance.AWAITING_DATA
    assert verdict.data_state is DataState.LATE


def test_running_totals_are_differenced_and_carry_their_rounding():
    readings = [
        reading("2015-11-07..2024-12-31", "21.3", "2025-02-09", basis=Basis.SINCE_START, rounding=Decimal("0.05")),
        reading("2024", "1.1", "2025-02-08"),
        reading("2015-11-07..2025-11-10", "21.7", "2025-11-10", basis=Basis.SINCE_START, rounding=Decimal("0.05")),
    ]
    financing = target(version(goal(at_least="1.0"), baseline="1.1"))
    verdict = evaluate(financing, CCI, readings, day("2025-11-11"))
    assert verdict.actual_value == Decimal("0.4")
    assert verdict.actual_rounding == Decimal("0.10")
    assert verdict.performance is Performance.OFF_TRACK
    assert evaluate(financing, CCI, readings, day("2026-11-25")).performance is Performance.AWAITING_DATA


def test_a_running_total_at_the_start_is_interpolated_and_said_to_be():
    readings = [
        reading("2020-01-01..2024-12-01", 100, "2024-12-10", basis=Basis.SINCE_START),
        reading("2020-01-01..2025-01-30", 160, "2025-02-10", basis=Basis.SINCE_START),
    ]
    verdict = flow(goal(above=500), *readings)
    assert verdict.actual_value == 30
    assert "start_interpolated" in codes(verdict)


def test_year_to_date_figures_are_never_summed_and_win_over_the_months_inside_them():
    months = [
        reading("2025-01-01..2025-01-31", 10, "2025-02-20", basis=Basis.PERIOD),
        reading("2025-02-01..2025-02-28", 10, "2025-03-20", basis=Basis.PERIOD),
        reading("2025-03-01..2025-03-31", 10, "2025-04-20", basis=Basis.PERIOD),
    ]
    revised_inside = reading("2025-01-01..2025-02-28", 23, "2025-03-20")
    assert flow(goal(above=500), *months).actual_value == 30
    assert flow(goal(above=500), *months, revised_inside).actual_value == 33


def test_a_missing_month_ends_the_sum_there_and_is_reported():
    readings = [
        reading("2025-01-01..2025-01-31", 10, "2025-02-20", basis=Basis.PERIOD),
        reading("2025-03-01..2025-03-31", 10, "2025-04-20", basis=Basis.PERIOD),
    ]
    verdict = flow(goal(above=500), *readings)
    assert (verdict.actual_value, verdict.data_through) == (10, day("2025-01-31"))
    assert Caveat(code="gap", days=(day("2025-02-01"), day("2025-02-28"))) in verdict.notes


def test_a_window_that_starts_mid_year_subtracts_what_came_before_it():
    readings = [
        reading("2025-01-01..2025-03-31", 40, "2025-04-20"),
        reading("2025-01-01..2025-06-30", 100, "2025-07-20"),
    ]
    assert flow(goal(above=500), *readings, start=day("2025-04-01")).actual_value == 60


def test_another_office_is_never_mixed_in():
    readings = [
        reading("2025-01-01..2025-06-30", 154_600, "2025-07-17"),
        reading("2025-01-01..2025-06-30", 132_000, "2025-08-12", publisher="customs"),
    ]
    assert flow(goal(above=270_000), *readings, as_of="2025-09-01").actual_value == 154_600


def test_a_withdrawn_reading_never_existed_on_the_published_clock_and_did_on_the_recorded_one():
    wrong = reading(
        "2025-01-01..2025-06-30",
        99,
        "2025-07-17",
        recorded_at=datetime(2025, 7, 18, tzinfo=UTC),
        withdrawn_at=datetime(2025, 7, 25, tzinfo=UTC),
    )
    assert flow(goal(above=500), wrong, as_of="2025-07-20").actual_value is None
    cargo = target(version(goal(above=500)))
    recorded = [AsOf.end_of(day(on), clock=Clock.RECORDED) for on in ("2025-07-17", "2025-07-20", "2025-07-26")]
    assert [evaluate(cargo, FLOW, [wrong], as_of).actual_value for as_of in recorded] == [None, 99, None]


def test_a_reading_without_a_publication_date_exists_on_the_recorded_clock_only():
    undated = reading("2025-01-01..2025-06-30", 99, recorded_at=datetime(2025, 7, 18, tzinfo=UTC))
    assert flow(goal(above=500), undated).actual_value is None
    as_of = AsOf.end_of(day("2025-08-01"), clock=Clock.RECORDED)
    assert evaluate(target(version(goal(above=500))), FLOW, [undated], as_of).actual_value == 99


def test_a_later_version_judges_from_its_day_on_and_the_past_keeps_the_one_then_in_force():
    first = version(goal(above=100))
    harder = version(
        goal(above=300), number=2, effective=day("2025-07-01"), announced=day("2025-07-01"), start=first.start
    )
    cargo = target(first, harder)
    readings = [reading("2025-01-01..2025-05-31", 60, "2025-06-10")]
    assert evaluate(cargo, FLOW, readings, day("2025-06-30")).goal_value == 100
    july = evaluate(cargo, FLOW, readings, day("2025-07-01"))
    assert (july.goal_value, july.version, july.performance) == (300, 2, Performance.OFF_TRACK)
    with_harder, without = (
        timeline(cargo, FLOW, readings, day("2025-06-30")),
        timeline(target(first), FLOW, readings, day("2025-06-30")),
    )
    assert with_harder == without


def test_waypoints_are_the_plan_between_start_and_deadline():
    plan = Plan(shape=PlanShape.WAYPOINTS, waypoints=(Waypoint(on=day("2025-06-30"), value=Decimal(80)),))
    verdict = flow(goal(above=100), reading("2025-01-01..2025-06-30", 80, "2025-07-20"), plan=plan)
    assert verdict.pace_ratio == pytest.approx(1, abs=1e-9)
    assert verdict.buffer_days == pytest.approx(0, abs=1e-6)


def test_a_seasonal_level_follows_last_years_months_times_the_factor_required():
    plan = Plan(shape=PlanShape.SEASONAL)
    last_year = [point(f"2024-{month:02}-28", 100 + month, "2025-01-20") for month in range(1, 13)]
    ahead = (*last_year, point("2024-12-31", 120, "2025-01-20"), point("2025-06-28", 106 * 1.1, "2025-07-20"))
    verdict = level(goal(at_least=132), *ahead, plan=plan, baseline=120)
    assert verdict.expected_value == pytest.approx(106 * 1.1)


def test_routes_are_one_of_four_then_awaited_then_missed_with_the_words_for_it():
    four = target(version(goal(), steps=steps("jakarta", "haiphong", "saigon", "laem-chabang")), indicator="routes")
    found = [event("laem-chabang", "2025-08-24", "2025-08-24")]
    september = evaluate(four, STEPS, found, day("2025-09-01"))
    assert (september.actual_value, september.goal_value) == (1, 4)
    assert september.performance is Performance.AT_RISK
    assert evaluate(four, STEPS, found, day("2026-01-01")).performance is Performance.AWAITING_DATA
    missed = evaluate(four, STEPS, found, day("2026-03-01"))
    assert (missed.performance, missed.data_state) == (Performance.MISSED, DataState.CLOSED)
    assert [state.step.id for state in missed.steps if state.done_on is None] == ["jakarta", "haiphong", "saigon"]


def test_a_step_done_late_is_missed_by_so_many_days_and_one_reported_late_but_done_in_time_is_achieved():
    trial = target(version(goal(), steps=steps("timetable"), deadline=day("2025-03-31")), indicator="routes")
    assert evaluate(trial, STEPS, [], day("2025-03-31")).performance is Performance.OFF_TRACK
    assert evaluate(trial, STEPS, [], day("2025-04-01")).performance is Performance.AWAITING_DATA
    assert evaluate(trial, STEPS, [], day("2025-06-01")).performance is Performance.MISSED
    late = evaluate(trial, STEPS, [event("timetable", "2025-11-13", "2025-11-15")], day("2025-11-15"))
    assert [state.late_days for state in late.steps] == [227]
    in_time = evaluate(trial, STEPS, [event("timetable", "2025-03-30", "2025-11-15")], day("2025-11-15"))
    assert in_time.performance is Performance.ACHIEVED


def test_milestones_without_a_deadline_are_pending_until_complete():
    open_ended = target(version(goal(), steps=steps("laos", "vietnam"), deadline=None), indicator="routes")
    one = [event("laos", "2025-05-01", "2025-05-02")]
    assert evaluate(open_ended, STEPS, one, day("2030-01-01")).performance is Performance.PENDING
    both = [*one, event("vietnam", "2025-06-01", "2025-06-02")]
    assert evaluate(open_ended, STEPS, both, day("2025-07-01")).performance is Performance.ACHIEVED


def test_a_promise_about_an_annual_figure_is_judged_on_the_calendar_years_total():
    annual = indicator(
        id="cargo-annual",
        measure=Measure.LEVEL,
        release=Release(every="year", lag=31, grace=31),
        annual_total_of="cargo",
    )
    totals = {2023: 178_000, 2024: 251_800, 2025: 327_700}
    cargo = [reading(str(year), value, f"{year + 1}-01-20") for year, value in totals.items()]
    wanted = version(
        goal(change="1"),
        announced=day("2023-05-23"),
        start=day("2023-01-01"),
        deadline=day("2027-12-31"),
        baseline=148_000,
        plan=Plan(),
    )
    readings = derive(annual, {"cargo": cargo}, {"cargo": FLOW})
    verdict = evaluate(target(wanted), annual, readings, day("2026-11-25"))
    assert (verdict.goal_value, verdict.actual_value) == (296_000, 327_700)
    assert verdict.performance is Performance.ON_TRACK


def test_a_rolling_total_adds_the_last_months_up_wherever_published_figures_reach_that_far():
    rolling = indicator(id="r", measure=Measure.LEVEL, rolling_total_of=RollingTotal(indicator="cargo", months=12))
    rows = [
        reading("2024-01-01..2024-03-31", 20, "2024-04-20"),
        reading("2024", 100, "2025-01-20", rounding=Decimal("0.5")),
        reading("2025-01-01..2025-01-15", 4, "2025-01-25"),
        reading("2025-01-01..2025-03-31", 30, "2025-04-20", provisional=True),
        reading("2025-01-01..2025-03-31", 32, "2025-05-20"),
        reading("2025-01-01..2025-06-30", 60, "2025-07-20", yoy="0.5"),
    ]
    totals = derive(rolling, {"cargo": rows}, {"cargo": indicator()})
    assert [(str(one.period.end), one.value, one.provisional) for one in totals] == [
        ("2024-12-31", 100, False),
        ("2025-03-31", 110, True),
        ("2025-03-31", 112, False),
    ]
    assert totals[-1].period == period("2024-04-01..2025-03-31")
    assert totals[-1].rounding == Decimal("0.5")


def test_a_ratio_carries_the_rounding_of_both_parts_by_the_delta_method():
    parts = {"a": indicator(id="a"), "b": indicator(id="b")}
    rows = {
        "a": [reading("2024", 30, "2025-01-10", rounding=Decimal("0.5"))],
        "b": [reading("2024", 60, "2025-01-05", rounding=Decimal(1))],
    }
    (share,) = derive(indicator(id="s", unit="%", measure=Measure.LEVEL, ratio=("a", "b")), rows, parts)
    assert share.rounding == pytest.approx(Decimal(50) * (Decimal("0.5") / 30 + Decimal(1) / 60))


@pytest.mark.parametrize("order", [1, -1])
def test_of_ratios_of_a_month_and_of_the_year_to_date_the_latter_counts_whichever_came_first(order):
    parts = {"a": indicator(id="a"), "b": indicator(id="b")}
    months = {"a": ("2025-03-01..2025-03-31", 9), "b": ("2025-03-01..2025-03-31", 10)}
    sums = {"a": ("2025-01-01..2025-03-31", 15), "b": ("2025-01-01..2025-03-31", 30)}
    rows = {
        name: [
            reading(*months[name], "2025-04-10", basis=Basis.PERIOD),
            reading(*sums[name], "2025-04-09" if order < 0 else "2025-04-11"),
        ]
        for name in parts
    }
    share = indicator(id="s", unit="%", measure=Measure.LEVEL, ratio=("a", "b"))
    found = level_of(in_force(derive(share, rows, parts), share.authority, AsOf.end_of(day("2025-05-01"))))
    assert [one.value for one in found.values()] == [50]


def test_derived_ratio_growth_and_chained_index_follow_their_ingredients_and_their_revisions():
    parts = {"a": indicator(id="a"), "b": indicator(id="b")}
    rows = {
        "a": [reading("2024", 30, "2025-01-10"), reading("2024", 33, "2025-02-10")],
        "b": [reading("2024", 60, "2025-01-05")],
    }
    share = indicator(id="s", unit="%", measure=Measure.LEVEL, ratio=("a", "b"))
    ratios = derive(share, rows, parts)
    assert [(r.value, r.published_on) for r in ratios] == [(50, day("2025-01-10")), (55, day("2025-02-10"))]
    growth = indicator(id="g", unit="%", measure=Measure.LEVEL, growth_of="a")
    grown = derive(growth, {"a": [reading("2023", 20, "2024-01-10"), *rows["a"]]}, parts)
    assert [r.value for r in grown] == [50, 65]
    chained = indicator(
        id="c",
        measure=Measure.LEVEL,
        chained_from="a",
        base=Decimal(100),
        base_on=day("2022-12-31"),
    )
    changes = [reading("2023", "-3.5", "2024-06-06"), reading("2024", "-2", "2025-06-06")]
    index = derive(chained, {"a": changes}, {"a": indicator(id="a", measure=Measure.LEVEL)})
    assert [(r.value, r.period.end) for r in index] == [
        (Decimal("96.5"), day("2023-12-31")),
        (Decimal("94.57"), day("2024-12-31")),
    ]


def test_the_flash_then_the_revision_are_each_the_latest_figure_in_their_time():
    rows = [reading("2024", 249_000, "2025-01-01"), reading("2024", 251_800, "2025-01-20")]
    assert figure(FLOW, rows, AsOf.end_of(day("2025-01-10"))).value == 249_000
    assert figure(FLOW, rows, AsOf.end_of(day("2025-02-01"))).value == 251_800


def test_a_release_is_fresh_until_due_then_due_within_the_grace_then_late():
    said = [reading("2025-01-01..2025-03-31", 10, "2025-04-15")]
    states = {
        on: flow(goal(above=500), *said, as_of=on).data_state
        for on in ("2025-07-30", "2025-07-31", "2025-08-14", "2025-08-15")
    }
    assert list(states.values()) == [DataState.FRESH, DataState.DUE, DataState.DUE, DataState.LATE]


def test_a_release_due_on_a_holiday_is_due_on_the_next_working_day():
    chinese = indicator(release=Release(every="quarter", lag=1, grace=0, calendar="CN"))
    verdict = evaluate(target(), chinese, [reading("2025-01-01..2025-06-30", 10, "2025-07-01")], day("2025-08-01"))
    assert verdict.next_release_due == day("2025-10-09")


def test_january_and_february_come_together_where_the_calendar_says_so():
    monthly = indicator(release=Release(every="month", lag=20, grace=5, january_with_february=True))
    verdict = evaluate(target(), monthly, [reading("2024", 10, "2025-01-20")], day("2025-03-10"))
    assert verdict.data_state is DataState.FRESH
    assert verdict.next_release_due == day("2025-03-20")


@pytest.mark.parametrize(
    ("probability", "before", "expected"),
    [
        (0.76, None, Performance.ON_TRACK),
        (0.74, None, Performance.AT_RISK),
        (0.24, None, Performance.OFF_TRACK),
        (0.26, None, Performance.AT_RISK),
        (0.71, Performance.ON_TRACK, Performance.ON_TRACK),
        (0.69, Performance.ON_TRACK, Performance.AT_RISK),
        (0.79, Performance.AT_RISK, Performance.AT_RISK),
        (0.81, Performance.AT_RISK, Performance.ON_TRACK),
        (0.21, Performance.AT_RISK, Performance.AT_RISK),
        (0.19, Performance.AT_RISK, Performance.OFF_TRACK),
        (0.29, Performance.OFF_TRACK, Performance.OFF_TRACK),
        (0.31, Performance.OFF_TRACK, Performance.AT_RISK),
        (0.78, Performance.OFF_TRACK, Performance.ON_TRACK),
        (0.22, Performance.ON_TRACK, Performance.OFF_TRACK),
    ],
)
def test_a_probability_inside_a_band_keeps_the_status_it_had(probability, before, expected):
    assert by_probability(probability, before) is expected


@pytest.mark.parametrize(("baseline", "value"), [(50, 95), (80, 30)])
def test_a_level_that_went_through_its_band_and_out_again_is_off_track(baseline, value):
    verdict = level(goal(between=(60, 70)), point("2025-06-30", value, "2025-07-20"), baseline=baseline)
    assert (verdict.performance, verdict.rule) == (Performance.OFF_TRACK, "band_overshot")


def test_a_level_that_kept_its_goal_before_the_window_and_does_not_now_is_off_track_without_a_baseline_too():
    before, now = point("2024-12-31", 120, "2025-01-20"), point("2025-06-30", 90, "2025-07-20")
    verdict = level(goal(at_least=100), before, now)
    assert (verdict.performance, verdict.rule) == (Performance.OFF_TRACK, "goal_lost")


def test_a_full_year_called_a_period_revises_the_year_to_date_of_the_same_span():
    first = reading("2025", 8, "2026-01-10")
    revised = reading("2025", 11, "2026-02-10", basis=Basis.PERIOD)
    assert flow(goal(at_least=10), first, as_of="2026-01-15").performance is Performance.MISSED
    assert flow(goal(at_least=10), first, revised, as_of="2026-03-01").performance is Performance.ACHIEVED


def test_a_derived_figure_confirmed_unchanged_is_provisional_no_more():
    part = indicator(id="a")
    total = indicator(id="t", measure=Measure.LEVEL, annual_total_of="a")
    rows = [reading("2024", 100, "2025-01-10", provisional=True), reading("2024", 100, "2025-03-10")]
    assert [r.provisional for r in derive(total, {"a": rows}, {"a": part})] == [True, False]


def test_a_derived_figure_is_recorded_when_the_last_of_its_ingredients_is():
    parts = {"a": indicator(id="a"), "b": indicator(id="b")}
    early, late = datetime(2025, 2, 10, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    rows = {
        "a": [reading("2024", 30, "2025-02-10", recorded_at=early)],
        "b": [reading("2024", 60, "2025-02-09", recorded_at=late)],
    }
    share = indicator(id="s", unit="%", measure=Measure.LEVEL, ratio=("a", "b"))
    assert [r.recorded_at for r in derive(share, rows, parts)] == [late]


def test_one_unrelated_month_does_not_cut_a_running_total_off():
    readings = [
        reading("2020-01-01..2024-11-30", 100, "2024-12-10", basis=Basis.SINCE_START),
        reading("2025-01-01..2025-01-31", 1, "2025-02-10", basis=Basis.PERIOD),
        reading("2020-01-01..2025-06-30", 160, "2025-07-10", basis=Basis.SINCE_START),
    ]
    assert flow(goal(above=500), *readings).data_through == day("2025-06-30")


def test_running_totals_of_two_epochs_are_never_interpolated_between():
    readings = [
        reading("2015-01-01..2024-11-30", 20, "2024-12-10", basis=Basis.SINCE_START),
        reading("2019-01-01..2025-02-28", 12, "2025-03-10", basis=Basis.SINCE_START),
    ]
    verdict = flow(goal(above=500), *readings)
    assert verdict.actual_value is None
    assert "unusable" in codes(verdict)


def test_an_irregular_level_is_decided_by_its_last_value_once_a_later_one_is_known():
    seldom = indicator(id="rate", measure=Measure.LEVEL, unit="%", release=Release(lag=30, grace=10))
    last, later = point("2025-12-15", 4, "2025-12-20"), point("2026-06-30", 9, "2026-07-05")
    promised = target(version(goal(at_most=5), plan=Plan(), baseline=8))
    assert evaluate(promised, seldom, [last], day("2026-02-01")).performance is Performance.AWAITING_DATA
    decided = evaluate(promised, seldom, [last, later], day("2026-11-01"))
    assert (decided.performance, decided.data_state) == (Performance.ACHIEVED, DataState.CLOSED)


def test_a_year_to_date_whose_start_is_unknown_is_named_as_unusable():
    verdict = flow(
        goal(above=500), reading("2025-01-01..2025-09-30", 9, "2025-10-20"), start=day("2025-07-01"), as_of="2025-11-01"
    )
    assert verdict.actual_value is None
    assert "unusable" in codes(verdict)


def test_the_recorded_clock_remembers_what_was_withdrawn_since():
    wrong = reading(
        "2025-01-01..2025-04-30",
        600,
        "2025-05-01",
        recorded_at=datetime(2025, 5, 1, tzinfo=UTC),
        withdrawn_at=datetime(2025, 5, 10, tzinfo=UTC),
    )
    later = AsOf.end_of(day("2025-05-20"), clock=Clock.RECORDED)
    said = [(change.on, change.new) for change in timeline(target(version(goal(above=500))), FLOW, [wrong], later)]
    assert said[-2:] == [(day("2025-05-01"), Performance.ACHIEVED), (day("2025-05-10"), Performance.PENDING)]


def test_paces_of_a_level_start_at_its_baseline():
    cost = indicator(measure=Measure.LEVEL, unit="index")
    aim = version(goal(at_most=80), baseline=100, plan=Plan(shape=PlanShape.LINEAR))
    rows = [
        reading("2025-04-01..2025-04-01", 98, "2025-04-10", basis=Basis.POINT),
        reading("2025-07-01..2025-07-01", 89, "2025-07-10", basis=Basis.POINT),
    ]
    prepared = prepare(Case(target(aim), cost, rows), AsOf.end_of(day("2025-08-01")))
    found = prepared.paces()
    assert [round(pace, 2) for pace in found] == [0.4, 1.1]
    assert found[-1] == conclude(prepared).verdict.pace_ratio
