"""Where a promise was changed: what each version changed, and that what was said before stays as it was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from web_stage import Page

from builders import day, goal, indicator, reading, steps, target, version
from targetwatch.chart import moves_of
from targetwatch.evaluation import timeline, versions
from targetwatch.model import (
    Announcement,
    Baseline,
    Catalogue,
    Performance,
    Period,
    Plan,
    PlanShape,
    StatusChange,
    Text,
    Waypoint,
)
from targetwatch.store import db, statuses
from targetwatch.web.render import Formats
from targetwatch.web.targets.view import history_of
from targetwatch.wording.translation import translator
from targetwatch.wording.verdict import reason_of_change

FIRST = version()
CARGO = indicator()
FIGURES = [
    reading("2024", 251800, "2025-01-20"),
    reading("2024-01-01..2024-06-30", 120800, "2024-07-20"),
    reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
    reading("2025-01-01..2025-06-30", 154600, "2025-07-17"),
]


def later(*wanted, **changes):
    values = {"number": 2, "effective": day("2025-07-01"), "announcement": Announcement(by="X", on=day("2025-07-01"))}
    return version(*wanted, **values | changes)


@pytest.mark.parametrize(
    ("changed", "en", "zh"),
    [
        (
            later(goal(above=300000)),
            [("Goal", "more than 270,000 TEU", "more than 300,000 TEU")],
            [("目标值", "超过27万标箱", "超过30万标箱")],
        ),
        (
            later(deadline=day("2026-06-30")),
            [("Deadline", "31 Dec 2025", "30 Jun 2026")],
            [("期限", "2025年12月31日", "2026年6月30日")],
        ),
        (
            later(deadline=None),
            [("Deadline", "31 Dec 2025", "no deadline announced")],
            [("期限", "2025年12月31日", "未公布期限")],
        ),
        (
            later(start=day("2025-02-01")),
            [("Start", "1 Jan 2025", "1 Feb 2025")],
            [("起始日", "2025年1月1日", "2025年2月1日")],
        ),
        (
            later(
                plan=Plan(shape=PlanShape.WAYPOINTS, waypoints=(Waypoint(on=day("2025-06-30"), value=Decimal(1000)),))
            ),
            [("Plan", "by the course of past years", "1 waypoints")],
            [("计划", "按往年进度", "1个节点")],
        ),
        (
            later(plan=Plan(shape=PlanShape.LINEAR)),
            [("Plan", "by the course of past years", "a straight line")],
            [("计划", "按往年进度", "直线")],
        ),
        (
            later(baseline=Baseline(value=Decimal(251800), period=Period(day("2024-01-01"), day("2024-12-31")))),
            [("Baseline", "none", "251,800 TEU (2024)")],
            [("基期值", "无", "25.18万标箱（2024年）")],
        ),
        (later(), [], []),
    ],
)
def test_what_a_version_changed_is_said_part_by_part_in_both_languages(changed, en, zh):
    (change, first) = versions.changes((FIRST, changed))
    assert Formats("en").changed(change, CARGO) == en
    assert Formats("zh").changed(change, CARGO) == zh
    assert Formats("en").changed(first, CARGO) == []


def test_other_steps_and_other_dates_of_the_same_steps_are_changes():
    two = version(goal(), steps=steps("a", "b"))
    (more, _) = versions.changes((two, later(goal(), steps=steps("a", "b", "c"))))
    (moved, _) = versions.changes((two, later(goal(), steps=steps("a", "b", due="2025-09-30"))))
    assert Formats("en").changed(more, CARGO) == [("Steps", "2 steps", "3 steps")]
    assert Formats("en").changed(moved, CARGO) == [("Steps", "2 steps", "2 steps, other dates")]


@pytest.mark.parametrize(
    ("before", "after", "easier"),
    [
        (version(goal(above=270000)), later(goal(above=250000)), True),
        (version(goal(above=270000)), later(goal(at_least=300000)), False),
        (version(goal(at_most=80)), later(goal(at_most=90)), True),
        (version(goal(at_most=80)), later(goal(below=70)), False),
        (version(goal(above=270000)), later(goal(above=270000), deadline=day("2026-12-31")), True),
        (version(goal(above=270000)), later(goal(above=270000), deadline=day("2025-11-30")), False),
        (version(goal(above=270000)), later(goal(above=270000), deadline=None), True),
        (version(goal(above=270000)), later(goal(at_most=270000)), None),
        (version(goal(above=270000)), later(goal(between=(1, 2))), None),
        (version(goal(above=270000)), later(), None),
    ],
)
def test_a_version_asks_for_less_for_more_or_for_what_cannot_be_compared(before, after, easier):
    assert versions.easier(before, after) is easier


def test_what_was_replaced_on_its_own_day_changed_nothing_and_is_no_easing():
    slip = later(goal(above=2700000))
    undone = replace(FIRST, number=3, effective=slip.effective)
    (undoing, mistake, first) = versions.changes((FIRST, slip, undone))
    assert (undoing.undoes, mistake.mistaken, first.before) == (True, True, None)
    assert [one.easier for one in (undoing, mistake, first)] == [None] * 3
    assert moves_of((FIRST, slip, undone)) == ()
    mended = later(goal(above=300000), number=3)
    (change, mistake, _) = versions.changes((FIRST, slip, mended))
    assert (change.before, change.easier, mistake.mistaken) == (FIRST, False, True)
    assert [one.version for one in moves_of((FIRST, slip, mended))] == [3]
    kept_for_a_month = replace(undone, effective=day("2025-08-01"))
    assert [one.easier for one in versions.changes((FIRST, slip, kept_for_a_month))] == [True, False, None]


def test_on_the_day_the_promise_changed_that_comes_before_the_status_that_followed():
    told = timeline(target(FIRST, later(goal(above=900000))), CARGO, FIGURES, day("2025-10-02"))
    lines = history_of(told, versions.changes((FIRST, later(goal(above=900000)))), CARGO)
    on_the_day = [entry for entry in lines.entries if entry.on == day("2025-07-01")]
    assert [entry.change is None for entry in on_the_day] == [False, True]
    days = [entry.on for entry in lines.entries]
    assert days == sorted(days, reverse=True)


def said(number, on, new, words):
    return StatusChange(
        target="cargo-2025", version=number, on=day(on), old=None, new=new, rule="", text=Text(words, words)
    )


def test_what_was_said_under_a_version_undone_is_told_apart_and_what_was_said_again_is_told_once():
    raised = later(goal(above=300000))
    undone = later(number=3, reason="undoes version 2")
    again, last = replace(raised, number=4), replace(undone, number=5, reason="undoes version 4")
    kept = [
        said(1, "2025-04-15", Performance.AT_RISK, "behind"),
        said(1, "2025-12-09", Performance.ACHIEVED, "272,300 against 270,000"),
        said(2, "2026-01-01", Performance.AWAITING_DATA, "waiting"),
        said(2, "2026-01-08", Performance.ACHIEVED, "301,000 against 300,000"),
        said(3, "2025-12-09", Performance.ACHIEVED, "272,300 against 270,000"),
        said(4, "2026-01-08", Performance.ACHIEVED, "301,000 against 300,000"),
        said(5, "2025-12-09", Performance.ACHIEVED, "272,300 against 270,000"),
    ]
    told = history_of(kept, versions.changes((FIRST, raised, undone, again, last)), CARGO)
    statuses_told = [(entry.on, entry.change.version, entry.again) for entry in told.entries if entry.change]
    assert statuses_told == [(day("2025-12-09"), 1, (3, 5)), (day("2025-04-15"), 1, ())]
    assert told.changes == (kept[0], kept[1])
    assert {number: [entry.on for entry in some] for number, some in told.replaced.items()} == {
        2: [day("2026-01-08"), day("2026-01-01")],
        4: [day("2026-01-08")],
    }


def test_a_change_for_days_gone_by_leaves_what_was_said_of_them_under_the_version_before_apart():
    kept = [
        said(1, "2025-04-15", Performance.AT_RISK, "behind"),
        said(1, "2025-07-17", Performance.ON_TRACK, "ahead"),
        said(2, "2025-07-17", Performance.OFF_TRACK, "far behind"),
    ]
    told = history_of(kept, versions.changes((FIRST, later(goal(above=900000)))), CARGO)
    assert told.changes == (kept[0], kept[2])
    assert [entry.change for entry in told.replaced[1]] == [kept[1]]


@pytest.fixture
def moved(stage):
    """A target whose goal was raised on 1 July, with what was said before kept as it was said."""
    one = stage()
    one.configure(Catalogue(indicators=(CARGO,), targets=(target(FIRST),)))
    one.add(*FIGURES)
    told = timeline(target(FIRST), CARGO, FIGURES, day("2025-06-30"))
    with db.writing(one.engine, "service", now=datetime(2025, 6, 30, 12, tzinfo=UTC)) as session:
        statuses.append(session, told)
    raised = later(goal(above=400000), reason="the first half was strong")
    one.configure(Catalogue(indicators=(CARGO,), targets=(target(FIRST, raised),)))
    one.refresh()
    return one


def kept(one) -> tuple[StatusChange, ...]:
    with db.reading(one.engine) as session:
        return statuses.load(session, "cargo-2025")


def test_the_page_says_that_the_promise_moved_and_that_earlier_statuses_stand_as_they_were_said(moved):
    before = kept(moved)
    shown = Page(moved.client.get("/targets/cargo-2025").text)
    assert "The promise was changed on 1 Jul 2025, now version 2." in shown.text
    assert "The statuses before this change are as they were said then." in shown.text
    assert "#versions" in shown.links
    told = shown.text.split("History of the status")[1]
    for change in before:
        assert reason_of_change(change, CARGO, translator("en")) in told
    assert "1 Jul 2025 The promise was changed Goal: more than 270,000 TEU → more than 400,000 TEU" in told
    assert kept(moved) == before
    chinese = Page(moved.client.get("/targets/cargo-2025?lang=zh").text).text
    assert "目标于2025年7月1日变更，现为第2版。此次变更之前的状态，均为当时所作评估。" in chinese


def test_the_table_of_versions_says_what_changed_and_which_way(moved):
    shown = Page(moved.client.get("/targets/cargo-2025").text).text
    row = shown.split("Versions of the promise")[-1]
    assert "Goal: more than 270,000 TEU → more than 400,000 TEU asks for more than before" in row
    assert "version 1" in row
    assert "as first announced" in row


def test_before_it_moved_nothing_of_it_is_known(moved):
    shown = moved.client.get("/targets/cargo-2025?as_of=2025-06-15").text
    assert "more than 400,000" not in shown
    assert "was changed" not in shown
    assert "line-move" not in shown


def test_the_picture_marks_the_day_and_the_goal_of_before(moved):
    shown = Page(moved.client.get("/targets/cargo-2025").text)
    marks = [one for one in shown.all("line") if one.get("class") == "line-move" and one["y2"] != "12"]
    old = [one for one in shown.all("line") if one.get("class") == "line-goal-before"]
    assert len(marks) == len(old) == 3
    assert all(mark["x1"] == line["x2"] for mark, line in zip(marks, old, strict=True))
    assert (
        "1 Jul 2025: the promise changed; the goal is now more than 400,000 TEU the first half was strong" in shown.text
    )
