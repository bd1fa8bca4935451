"""Past years put to the judge: which windows, which goals, on which days, and that the verdicts are those of then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from builders import day, goal, indicator, month_ends, reading, target, version
from targetwatch.backtest import answers, day_reached, own_questions
from targetwatch.evaluation import evaluate
from targetwatch.model import AsOf, Basis, Measure, Performance, Release

TODAY = AsOf.end_of(day("2026-11-25"))
MONTHLY = indicator(release=Release(every="month", lag=20))
YEARLY = indicator(measure=Measure.LEVEL, release=Release(every="year", lag=40))


def months(*years: int) -> list:
    """Return monthly figures that grow by a tenth a year, published on the 20th of the next month."""
    return [
        reading(
            f"{end.replace(day=1)}..{end}",
            round((100 + 7 * (end.month % 4)) * 1.1 ** (end.year - 2020)),
            str(end + timedelta(days=20)),
            basis=Basis.PERIOD,
        )
        for year in years
        for end in month_ends(year)
    ]


def asked(rows, of=MONTHLY, targets=()):
    return list(own_questions(of, rows, targets, TODAY))


def test_every_past_year_is_asked_about_with_the_year_before_as_measure():
    first, second = [one for one in asked(months(2023, 2024, 2025)) if one.start.year > 2023]
    assert (first.start, first.deadline) == (day("2024-01-01"), day("2024-12-31"))
    assert first.before == sum(float(row.value) for row in months(2023))
    assert second.before == first.outcome == sum(float(row.value) for row in months(2024))
    assert first.kind == "flow, month"


def test_one_year_is_enough_its_goals_are_measured_by_its_first_forecast():
    (only,) = asked(months(2025))
    found = list(answers([only]))
    assert len(found) == 3 * 11
    assert all(one.chance is not None for one in found)
    assert only.before != only.outcome
    first = evaluate(only.case(Decimal(1000)).target, MONTHLY, months(2025), day("2025-02-20"))
    assert only.before == pytest.approx(first.forecast.median)


def test_what_is_said_is_what_would_have_been_said_on_the_day():
    rows = months(2023, 2024, 2025)
    question = asked(rows)[-1]
    found = [one for one in answers([question]) if one.months == 6]
    wanted = [Decimal(repr(question.before * times)) for times in (1.0, 1.05, 1.1)]
    then = [evaluate(question.case(one).target, MONTHLY, rows, day("2025-07-20")) for one in wanted]
    assert [(one.chance, one.performance) for one in found] == [
        (one.attainment_probability, one.performance) for one in then
    ]
    assert [one.attained for one in found] == [question.outcome >= float(one) for one in wanted]
    interval = then[0].forecast
    assert found[0].covered is (interval.low <= question.outcome <= interval.high)


def test_the_day_a_goal_is_said_to_be_reached_is_measured_by_when_it_was():
    rows = months(2022, 2023, 2024, 2025)
    question = asked(rows)[-1]
    aimed = question.before
    was = day_reached(question.course, aimed)
    assert was is not None
    assert was < question.deadline
    before = sum(float(row.value) for row in months(2025) if row.period.end < was.replace(day=1))
    assert before < aimed <= before + float(months(2025)[was.month - 1].value)
    june = next(one for one in answers([question]) if one.months == 6)
    then = evaluate(question.case(Decimal(repr(aimed))).target, MONTHLY, rows, day("2025-07-20"))
    assert (june.day_told, june.days_off) == (True, (then.reached_on - was).days)
    told = [one for one in answers([question]) if one.day_told]
    assert all(one.performance is Performance.ON_TRACK for one in told)
    assert day_reached(question.course, question.outcome * 1.01) is None


def test_of_a_level_no_day_is_said():
    rows = [
        reading(f"{end}..{end}", 100 + end.month, str(end + timedelta(days=20)), basis=Basis.POINT)
        for year in (2023, 2024, 2025)
        for end in month_ends(year)
    ]
    one = indicator(measure=Measure.LEVEL, release=Release(every="month", lag=20))
    assert not any(one.day_told for one in answers(asked(rows, one)))


def test_the_years_end_as_those_of_the_targets_do():
    fiscal = target(version(goal(at_least=100), start=day("2025-04-01"), deadline=day("2026-03-31")))
    windows = [(one.start, one.deadline) for one in asked(months(2023, 2024, 2025), targets=[fiscal])]
    assert windows == [(day("2023-04-01"), day("2024-03-31")), (day("2024-04-01"), day("2025-03-31"))]


def test_an_annual_value_is_asked_about_from_the_year_end_before():
    rows = [
        reading(f"{year}-12-31..{year}-12-31", 100 + year % 7, f"{year + 1}-02-09", basis=Basis.POINT)
        for year in range(2016, 2026)
    ]
    question = asked(rows, YEARLY)[-1]
    assert (question.start, question.deadline) == (day("2024-12-31"), day("2025-12-31"))
    assert {one.months for one in answers([question])} == {0}


def test_about_twelve_days_of_a_years_weeks_are_asked_about():
    ends = [date(2024, 1, 7) + timedelta(days=7 * week) for week in range(104)]
    rows = [
        reading(f"{end - timedelta(days=6)}..{end}", 100, str(end + timedelta(days=2)), basis=Basis.PERIOD)
        for end in ends
    ]
    weekly = indicator(release=Release(every="week", lag=2))
    assert len(asked(rows, weekly)[-1].days()) == 13


@pytest.mark.parametrize(
    ("rows", "of"),
    [
        ([], MONTHLY),
        (months(2025)[:11], MONTHLY),
        (months(2025), indicator(measure=Measure.MILESTONES)),
    ],
)
def test_what_has_no_whole_past_year_is_not_asked_about(rows, of):
    assert asked(rows, of) == []


def test_progress_runs_to_the_end():
    seen: list[tuple[int, int]] = []
    list(answers(asked(months(2023, 2024, 2025)), progress=lambda done, total: seen.append((done, total))))
    assert seen[-1] == (3, 3)
