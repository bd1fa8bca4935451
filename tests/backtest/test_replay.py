"""A year lived again: its status changes, the mails they would have sent, and whether those were right."""

from __future__ import annotations

from builders import day, event, goal, indicator, reading, steps, target, version
from targetwatch.backtest.replay import replay
from targetwatch.model import AsOf, Measure, Performance, Release

TODAY = AsOf.end_of(day("2026-11-25"))
STEPS = indicator(id="routes", measure=Measure.MILESTONES, release=Release(lag=31, grace=14))


def test_a_target_missed_in_the_end_was_rightly_said_to_lag_once_a_fortnight():
    four = target(version(goal(), steps=steps("a", "b", "c", "d")), indicator="routes")
    lived = replay(four, STEPS, [event("a", "2025-08-24", "2025-08-24")], year=2025, today=TODAY)
    assert lived.outcome is Performance.MISSED
    lagging = [mail for mail in lived.mails if mail.says == "at_risk"]
    assert [mail.reminder for mail in lagging] == [False] + [True] * 13
    assert {mail.right for mail in lagging} == {True}
    assert (lagging[1].on - lagging[0].on).days == 14


def test_a_target_achieved_in_the_end_was_wrongly_said_to_lag_and_recovered_once():
    readings = [
        reading("2025-01-01..2025-03-31", 5, "2025-04-20"),
        reading("2025-01-01..2025-06-30", 70, "2025-07-20"),
        reading("2025", 120, "2026-01-20"),
    ]
    lived = replay(target(version(goal(at_least=100))), indicator(), readings, year=2025, today=TODAY)
    said = [mail.says for mail in lived.mails]
    assert said.count("back on track") == 1
    assert {mail.right for mail in lived.mails if mail.says == "off_track"} == {False}
    assert lived.flips == 0


def test_a_target_whose_outcome_nobody_knows_is_left_open():
    readings = [reading("2025-01-01..2025-06-30", 5, "2025-07-20")]
    lived = replay(target(version(goal(at_least=100))), indicator(), readings, year=2025, today=TODAY)
    assert {mail.right for mail in lived.mails} == {None}


def test_a_target_announced_later_has_no_such_year():
    assert replay(target(), indicator(), [], year=2024, today=TODAY) is None
