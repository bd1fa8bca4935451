"""Milestones judged at the day itself: the thresholds, and what holds whatever is reported and when."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import day, event, goal, indicator, steps, target, version
from targetwatch.evaluation import evaluate, timeline
from targetwatch.evaluation.milestones import ahead_days, expected_number, late_from
from targetwatch.model import Measure, Performance, Release, Step, Text

BEST_TO_WORST = ("achieved", "on_track", "pending", "at_risk", "off_track", "awaiting_data", "missed")
START = date(2025, 1, 1)


def counted(lag: int = 0, grace: int = 0):
    return indicator(
        id="routes", measure=Measure.MILESTONES, unit="", release=Release(every="irregular", lag=lag, grace=grace)
    )


def promise(*dues: int | None, deadline: int | None = 400, announced: int = 0):
    """Return a promise of steps due so many days after the start; None: by the deadline."""
    named = tuple(
        Step(id=f"s{n}", title=Text(f"S{n}", f"S{n}"), due=None if due is None else START + timedelta(days=due))
        for n, due in enumerate(dues)
    )
    return target(
        version(
            goal(),
            steps=named,
            start=START,
            announced=START + timedelta(days=announced),
            deadline=None if deadline is None else START + timedelta(days=deadline),
        ),
        indicator="routes",
    )


def judged(wanted, number, reports=(), **release):
    return evaluate(wanted, counted(**release), list(reports), START + timedelta(days=number))


def done(step: int, number: int, reported: int | None = None):
    on, told = (START + timedelta(days=one) for one in (number, number if reported is None else reported))
    return event(f"s{step}", str(on), str(told))


@pytest.mark.parametrize(
    ("due", "left", "performance"),
    [
        (400, 61, "pending"),
        (400, 60, "at_risk"),
        (400, 21, "at_risk"),
        (400, 20, "off_track"),
        (120, 31, "pending"),
        (120, 30, "at_risk"),
        (120, 11, "at_risk"),
        (120, 10, "off_track"),
        (120, 0, "off_track"),
        (120, -1, "awaiting_data"),
    ],
)
def test_silence_is_warned_of_a_quarter_of_the_time_before_and_sixty_days_at_most(due, left, performance):
    assert judged(promise(None, deadline=due), due - left, lag=31).performance == performance


def test_the_time_of_a_step_begins_with_the_announcement_or_the_step_before():
    assert ahead_days(promise(100, 180, deadline=400, announced=60).versions[0], START + timedelta(days=100)) == 10
    assert ahead_days(promise(100, 180, deadline=400, announced=60).versions[0], START + timedelta(days=180)) == 20


def test_a_report_is_awaited_through_lag_and_grace_and_no_day_longer():
    wanted = promise(None, deadline=100)
    found = [judged(wanted, number, lag=31, grace=14).performance for number in (101, 145, 146)]
    assert found == ["awaiting_data", "awaiting_data", "missed"]
    assert late_from(counted(lag=31, grace=14).release, START + timedelta(days=100)) == START + timedelta(days=146)


def test_a_step_overdue_is_off_track_while_others_are_still_to_come():
    assert judged(promise(100, 400), 101, lag=31).performance == "off_track"


def test_steps_without_a_date_are_expected_evenly_a_lag_later():
    two = promise(None, None, deadline=300)
    assert [judged(two, number, lag=10).rule for number in (159, 160)] == ["nothing_reported", "steps_behind_plan"]
    assert judged(two, 160, [done(0, 150)], lag=10).rule == "steps_on_plan"


@pytest.mark.slow
def test_twelve_monthly_steps_each_done_ten_days_early_are_never_at_risk():
    dues = [30 * number for number in range(1, 13)]
    wanted = promise(*dues, deadline=360)
    reports = [done(n, due - 10) for n, due in enumerate(dues)]
    assert {judged(wanted, number, reports).performance for number in range(351)} <= {"pending", "on_track", "achieved"}


@st.composite
def cases(draw):
    """Return a promise, its release, and reports of steps that were done in time."""
    deadline = draw(st.integers(20, 500))
    dues = draw(st.lists(st.none() | st.integers(1, deadline), min_size=1, max_size=6))
    wanted = promise(*dues, deadline=deadline, announced=draw(st.integers(0, deadline // 2)))
    release = {"lag": draw(st.integers(0, 60)), "grace": draw(st.integers(0, 30))}
    reports = []
    for n, due in enumerate(dues):
        on = draw(st.none() | st.integers(0, deadline if due is None else due))
        if on is not None:
            reports.append(done(n, on, on + draw(st.integers(0, 90))))
    first = (wanted.versions[0].effective - START).days
    return wanted, release, reports, draw(st.integers(first, deadline + 120))


def rank(verdict) -> int:
    return BEST_TO_WORST.index(verdict.performance)


@given(cases())
def test_a_report_that_a_step_was_done_in_time_never_worsens_the_verdict_of_that_day(case):
    wanted, release, reports, number = case
    for left_out in reports:
        fewer = [one for one in reports if one is not left_out]
        assert rank(judged(wanted, number, reports, **release)) <= rank(judged(wanted, number, fewer, **release))


@given(cases())
def test_without_a_report_no_verdict_improves(case):
    wanted, release, reports, number = case
    today = START + timedelta(days=number)
    told = [one for one in reports if one.published_on <= today]
    assert rank(judged(wanted, number + 1, told, **release)) >= rank(judged(wanted, number, told, **release))


@given(cases())
def test_no_day_close_to_an_undone_steps_due_date_is_on_track_or_pending(case):
    wanted, release, reports, number = case
    found = judged(wanted, number, reports, **release)
    for state in found.steps:
        close = ahead_days(wanted.versions[0], state.due) / 3
        if state.done_on is None and (state.due - found.day).days <= close:
            assert found.performance not in {Performance.ON_TRACK, Performance.PENDING}


@given(cases())
def test_steps_done_before_their_warning_and_reported_at_once_are_never_at_risk(case):
    wanted, release, _, number = case
    promised = wanted.versions[0]
    begins = max(promised.start, promised.effective)
    undated, reports = [n for n, step in enumerate(promised.steps) if step.due is None], []
    for n, step in enumerate(promised.steps):
        due = step.due or promised.deadline
        on = due - timedelta(days=int(ahead_days(promised, due)) + 1)
        if step.due is None:
            span = (promised.deadline - begins).days
            on = min(on, begins + timedelta(days=(undated.index(n) + 1) * span // len(undated)))
        reports.append(done(n, (on - START).days))
    assert judged(wanted, number, reports, **release).performance in {"pending", "on_track", "achieved"}


@given(cases())
def test_the_number_expected_with_a_lag_is_that_without_it_so_many_days_earlier(case):
    wanted, release, _, number = case
    today = START + timedelta(days=number)
    late = expected_number(wanted.versions[0], counted(**release).release, today)
    earlier = today - timedelta(days=release["lag"])
    assert late == expected_number(wanted.versions[0], counted().release, earlier)


@pytest.mark.slow
@given(cases())
def test_every_day_on_which_it_changes_is_known_ahead(case):
    wanted, release, reports, number = case
    first = (wanted.versions[0].effective - START).days
    daily = [judged(wanted, one, reports, **release) for one in range(first, min(number, first + 150) + 1)]
    turned = [after.day for before, after in pairwise(daily) if after.performance != before.performance]
    changes = timeline(wanted, counted(**release), reports, daily[-1].day)
    assert turned == [change.on for change in changes][1:]


def test_open_ended_steps_are_pending_however_many_are_done():
    open_ended = target(version(goal(), steps=steps("laos", "vietnam"), deadline=None), indicator="routes")
    one = [event("laos", "2025-05-01", "2025-05-02")]
    assert evaluate(open_ended, counted(), one, day("2030-01-01")).rule == "steps_undated"
