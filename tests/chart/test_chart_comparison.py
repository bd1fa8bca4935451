"""Two plans in one drawing."""

from __future__ import annotations

from sketch import WIDE, WORDS, Drawing, picture

from builders import day, goal, version
from targetwatch.chart import PlanComparison, PlannedPromise, draw_comparison

NOW = PlannedPromise(picture(version(goal(above=270000))).course, "Now: more than 270,000")
AFTER = PlannedPromise(
    picture(version(goal(above=310000), deadline=day("2026-06-30"))).course, "After: more than 310,000"
)


def drawn(found):
    return Drawing(draw_comparison(found, WORDS, WIDE))


def test_both_goals_and_plans_stand_in_one_scale_and_the_day_of_the_change_between():
    drawing = drawn(PlanComparison(NOW, AFTER, day("2025-07-01")))
    ((now,),), ((after,),) = drawing.numbers("goal-now", "y1"), drawing.numbers("goal-after", "y1")
    assert after < now
    assert drawing.places("plan-now")[-1][0] < drawing.places("plan-after")[-1][0]
    assert len(drawing.all("line-from")) == 1
    assert {text.text for text in drawing.texts()} >= {NOW.goal, AFTER.goal}


def test_a_new_target_is_compared_with_nothing():
    found = PlanComparison(None, AFTER, day("2025-07-01"))
    assert found.kinds == ["actual", "after"]
    assert not drawn(found).all("goal-now")
    assert not drawn(found).all("line-from")


def test_the_same_goal_is_named_once():
    texts = [text.text for text in drawn(PlanComparison(NOW, NOW)).texts()]
    assert texts.count(NOW.goal) == 1


def test_the_plans_in_numbers_are_those_of_the_ends_of_the_months_drawn():
    rows = PlanComparison(NOW, AFTER, day("2025-07-01")).rows(WORDS)
    assert [row.day.month for row in rows[:3]] == [1, 2, 3]
    assert rows[11].now == 270000
    assert rows[-1].now is None
    assert rows[-1].after == 310000
