"""Bars and charts: every mark where its value belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_stage import known_as_of

from builders import day, event, goal, indicator, reading, steps, target, version
from targetwatch.evaluation import evaluate
from targetwatch.evaluation.goal import Resolved
from targetwatch.model import Basis, Comparator, Measure, Release, StatusChange, Text
from targetwatch.web.formats import Formats
from targetwatch.web.pages import bars, chart, course
from targetwatch.web.pages.course import Course, Spot

SIZES = {"width": 1000, "height": 400}


def judged(wanted, measured, readings, as_of):
    return evaluate(wanted, measured, readings, day(as_of))


def drawn(wanted, measured, readings, as_of):
    one = version(wanted)
    verdict = judged(target(one), measured, readings, as_of)
    found = course.of(measured, one, readings, known_as_of(day(as_of)))
    return found, chart.draw(chart.Matter(found, verdict, day(as_of)), "wide", **SIZES)


def test_a_bar_is_filled_to_the_share_done_and_ticked_at_the_plan():
    verdict = judged(target(), indicator(), [reading("2025-01-01..2025-06-30", 135000, "2025-07-17")], "2025-07-18")
    bar = bars.of(verdict, indicator())
    assert bar.fill / bar.goal == pytest.approx(0.5, abs=1e-3)
    assert bar.plan / bar.goal == pytest.approx(verdict.expected_progress_ratio, abs=1e-3)
    assert bar.goal == bars.WIDTH


def test_beyond_the_goal_the_bar_goes_on_and_stays_inside_the_drawing():
    for value in (327700, 900000):
        verdict = judged(target(), indicator(), [reading("2025", value, "2026-01-08")], "2026-01-09")
        bar = bars.of(verdict, indicator())
        assert bar.goal < bar.fill <= bars.WIDTH


def test_without_a_figure_the_bar_is_empty_and_without_a_goal_there_is_none():
    verdict = judged(target(), indicator(), [], "2025-07-18")
    assert bars.of(verdict, indicator()).fill is None
    waiting = target(version(goal(change="-0.6"), baseline=None))
    assert bars.of(judged(waiting, indicator(), [], "2025-07-18"), indicator()) is None


def test_a_level_that_fell_behind_its_start_has_an_empty_bar():
    measured = indicator(measure=Measure.LEVEL)
    falling = [reading("2025-06-30..2025-06-30", 90, "2025-07-01", basis=Basis.POINT)]
    verdict = judged(target(version(goal(at_least=120), baseline=100)), measured, falling, "2025-07-18")
    assert verdict.progress_ratio < 0
    assert bars.of(verdict, measured).fill == 0


def test_milestones_have_steps_instead_of_a_bar():
    measured = indicator(measure=Measure.MILESTONES, release=Release())
    wanted = target(version(goal(), steps=steps("a", "b")))
    verdict = judged(wanted, measured, [event("a", "2025-03-01", "2025-03-02")], "2025-07-18")
    assert [state.done_on for state in bars.of(verdict, measured).steps] == [date(2025, 3, 1), None]


def test_the_course_ends_where_the_verdict_judges():
    readings = [
        reading("2024", 251800, "2025-01-20"),
        reading("2024-01-01..2024-06-30", 120000, "2024-07-20"),
        reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
        reading("2025-01-01..2025-06-30", 154600, "2025-07-17"),
    ]
    verdict = judged(target(), indicator(), readings, "2025-07-18")
    found, _ = drawn(goal(above=270000), indicator(), readings, "2025-07-18")
    assert found.spots[-1] == Spot(verdict.data_through, float(verdict.actual_value))
    assert found.plan.at(verdict.data_through) == pytest.approx(verdict.expected_value)


def test_a_level_starts_at_its_baseline_and_ends_where_the_verdict_judges():
    measured = indicator(measure=Measure.LEVEL)
    known = [reading("2025-06-30..2025-06-30", 96.5, "2025-07-01", basis=Basis.POINT)]
    one = version(goal(at_most=80), baseline=100)
    verdict = judged(target(one), measured, known, "2025-07-18")
    found = course.of(measured, one, known, known_as_of(day("2025-07-18")))
    assert found.start == 100
    assert found.plan.at(verdict.data_through) == pytest.approx(verdict.expected_value)
    picture = chart.draw(chart.Matter(found, verdict, day("2025-07-18")), "wide", **SIZES)
    assert picture.start.y < picture.spots[-1].y < picture.goal


def test_a_band_come_to_from_above_is_planned_to_its_nearer_edge_as_the_verdict_judges():
    measured = indicator(measure=Measure.LEVEL)
    known = [reading("2025-06-30..2025-06-30", 88, "2025-07-01", basis=Basis.POINT)]
    one = version(goal(between=(70, 80)), baseline=100)
    verdict = judged(target(one), measured, known, "2025-07-18")
    found = course.of(measured, one, known, known_as_of(day("2025-07-18")))
    assert found.plan.values[-1] == 80
    assert found.plan.at(verdict.data_through) == pytest.approx(verdict.expected_value)


def test_a_drawing_goes_on_after_the_deadline_to_a_status_said_soon_afterwards_and_no_further():
    readings = [reading("2025", 327700, "2026-01-08")]
    one = version(goal(above=270000))
    verdict = judged(target(one), indicator(), readings, "2026-12-01")
    found = course.of(indicator(), one, readings, known_as_of(day("2026-12-01")))

    def said(*days):
        changes = tuple(
            StatusChange(
                target="cargo-2025", version=1, on=day(on), old=None, new=verdict.performance, rule="", sentence=Text()
            )
            for on in days
        )
        return chart.Matter(found, verdict, day("2026-12-01"), changes=changes)

    soon, late = said("2025-03-01", "2026-01-08"), said("2025-03-01", "2026-11-08")
    assert (soon.end, late.end) == (day("2026-01-08"), day("2025-12-31"))
    assert [change.on for change in late.shown_changes] == [day("2025-03-01")]
    picture = chart.draw(soon, "wide", **SIZES)
    assert picture.deadline < picture.changes[-1].x == picture.right
    assert [mark.day.month for mark in picture.columns][:12] == list(range(1, 13))
    assert not picture.years


def test_the_goal_of_before_is_drawn_where_it_was_and_inside_the_drawing():
    readings = [reading("2025-01-01..2025-06-30", 154600, "2025-07-17")]
    one = version(goal(above=270000))
    verdict = judged(target(one), indicator(), readings, "2025-07-18")
    found = course.of(indicator(), one, readings, known_as_of(day("2025-07-18")))
    moves = (chart.Move(day("2025-07-01"), 2, 900000.0), chart.Move(day("2025-08-01"), 3, None))
    picture = chart.draw(chart.Matter(found, verdict, day("2025-07-18"), moves=moves), "wide", **SIZES)
    assert picture.top <= picture.moves[0].y < picture.goal
    assert picture.high >= 900000
    assert picture.left < picture.moves[0].x < picture.moves[1].x < picture.right


def test_versions_of_near_days_are_named_together_where_their_names_would_overlap():
    one = version(goal(above=270000))
    verdict = judged(target(one), indicator(), [], "2025-12-18")
    found = course.of(indicator(), one, [], known_as_of(day("2025-12-18")))
    moves = tuple(chart.Move(day(f"2025-07-{one:02d}"), number, None) for number, one in enumerate((1, 1, 9), 2))
    matter = chart.Matter(found, verdict, day("2025-12-18"), moves=(*moves, chart.Move(day("2025-12-01"), 5, None)))
    picture = chart.draw(matter, "wide", **SIZES)
    assert [mark.versions for mark in picture.moves] == [(), (), (2, 3, 4), (5,)]


def test_marks_rise_with_their_values_and_move_right_with_their_days():
    readings = [
        reading("2025-01-01..2025-02-28", 37600, "2025-03-10"),
        reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
        reading("2025-01-01..2025-08-31", 215800, "2025-10-01"),
    ]
    _, picture = drawn(goal(above=270000), indicator(), readings, "2025-10-02")
    xs, ys = [mark.x for mark in picture.spots], [mark.y for mark in picture.spots]
    assert xs == sorted(xs)
    assert ys == sorted(ys, reverse=True)
    assert picture.goal < ys[-1]
    assert xs[-1] < picture.today < picture.right
    assert [mark.day.month for mark in picture.columns] == list(range(1, 13))


def test_what_lies_outside_the_window_is_not_drawn():
    readings = [reading("2024", 251800, "2025-01-20"), reading("2025", 327700, "2026-01-08")]
    found, picture = drawn(goal(above=270000), indicator(), readings, "2026-06-01")
    assert [spot.day for spot in found.spots] == [date(2025, 12, 31)]
    assert picture.today is None


@pytest.mark.parametrize(
    ("language", "highest", "words"),
    [
        ("en", 300_000, ["0", "100,000", "200,000", "300,000", "400,000"]),
        ("en", 1_900_000, ["0", "500K", "1M", "1.5M", "2M"]),
        ("en", 9_000_000, ["0", "2.5M", "5M", "7.5M", "10M"]),
        ("en", 700_000_000, ["0", "200M", "400M", "600M", "800M"]),
        ("zh", 8_000, ["0", "2,000", "4,000", "6,000", "8,000", "1万"]),
        ("zh", 1_900_000, ["0", "50万", "100万", "150万", "200万"]),
        ("zh", 700_000_000, ["0", "2亿", "4亿", "6亿", "8亿"]),
    ],
)
def test_the_values_beside_the_grid_are_short_enough_for_their_place(language, highest, words):
    one = version(goal(above=highest))
    verdict = judged(target(one), indicator(), (), "2025-07-20")
    found = course.of(indicator(), one, (), known_as_of(day("2025-07-20")))
    drawing = chart.draw(chart.Matter(found, verdict, day("2025-07-20")), "narrow", width=360, height=300)
    written = [Formats(language).tick(row.value or 0.0, indicator(), most=drawing.most) for row in drawing.rows]
    assert written == words


def test_a_band_has_two_lines():
    readings = [reading("2025-01-01..2025-06-30", 154600, "2025-07-17")]
    _, picture = drawn(goal(between=(250000, 300000)), indicator(), readings, "2025-07-18")
    assert picture.goal_upper < picture.goal


def test_without_a_deadline_the_drawing_ends_today():
    one = version(goal(at_least=100), deadline=None)
    found = course.of(indicator(), one, [], known_as_of(day("2025-07-18")))
    assert found.end == date(2025, 7, 18)
    verdict = judged(target(one), indicator(), [], "2025-07-18")
    picture = chart.draw(chart.Matter(found, verdict, day("2025-07-18")), "narrow", width=360, height=300)
    assert (picture.plan, picture.actual, picture.spots) == ("", "", ())


values = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).filter(lambda value: abs(value) > 1e-6 or value == 0)


@given(
    spots=st.lists(st.tuples(st.integers(1, 365), values), max_size=8),
    limit=values,
    start=st.none() | values,
    adds_up=st.booleans(),
    width=st.sampled_from([360, 720, 1000]),
)
def test_everything_stays_inside_the_drawing(spots, limit, start, adds_up, width):
    first = date(2024, 12, 31)
    found = Course(
        origin=first,
        end=date(2025, 12, 31),
        spots=tuple(Spot(date.fromordinal(first.toordinal() + offset), value) for offset, value in sorted(spots)),
        start=start,
        plan=None,
        goal=Resolved(Comparator.AT_LEAST, None if limit == 0 else Decimal(limit)),
        adds_up=adds_up,
    )
    verdict = replace(judged(target(), indicator(), [], "2025-07-18"))
    picture = chart.draw(chart.Matter(found, verdict, date(2025, 7, 18)), "any", width=width, height=300)
    marks = [*picture.spots, *picture.rows, *picture.columns, *([picture.start] if picture.start else [])]
    assert all(picture.left <= mark.x <= picture.right for mark in marks)
    assert all(picture.top - 0.11 <= mark.y <= picture.bottom + 0.11 for mark in marks)
    assert 2 <= len(picture.rows) <= 9
    assert len(picture.columns) <= 12
