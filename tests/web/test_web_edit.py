"""A target's form: what stands in it, what is refused and how it is said, what is shown before it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from edit_stage import ROUTES, TEU, Desk, edit_stage, errors, keep_history, promised
from web_stage import Page, Simulated, Stage

from targetwatch.model import Comparator, PlanShape, Role, Text, Waypoint
from targetwatch.store import audit, db


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file) as stage:
        yield stage


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, real_file: Path) -> Iterator[Stage]:
    """An office for whoever saves nothing."""
    with edit_stage(tmp_path_factory.mktemp("still"), real_file) as stage:
        yield stage
        assert len(promised(stage).versions) == len(promised(stage, ROUTES).versions) == 1


@pytest.fixture
def looking(still: Stage) -> Desk:
    """Somebody who looks and saves nothing."""
    return Desk(still.sign_in(Role.EDITOR))


@pytest.fixture
def desk(office: Stage) -> Desk:
    return Desk(office.sign_in(Role.EDITOR))


@pytest.fixture
def steps(office: Stage) -> Desk:
    return Desk(office.sign_in(Role.EDITOR), ROUTES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_form_holds_the_target_as_it_is(still, language):
    values = Desk(still.sign_in(Role.EDITOR), language=language).open()
    expected = {
        "goal.value": "270,000",
        "goal.comparator": "above",
        "deadline": "2025-12-31",
        "baseline.period": "2024",
        "plan": "seasonal",
        "owner": "port-and-logistics-office",
        "effective": "2025-07-20",
        "announcement.quote": "exceed 270,000 TEUs in cargo volume",
    }
    assert {name: values[name] for name in expected} == expected


def test_a_form_sent_back_as_it_came_says_that_nothing_was_changed(looking):
    answer = looking.send(looking.open())
    assert answer.status_code == 422
    assert "Nothing has been changed" in Page(answer.text).text


@pytest.mark.parametrize("typed", ["30万标箱", "300 thousand TEU"])
def test_a_goal_is_typed_as_it_is_printed(looking, typed):
    assert "more than 300,000 TEU" in Page(looking.send(looking.open(), goal__value=typed).text).text


def test_a_changed_promise_becomes_a_new_version_told_with_its_reason_and_the_one_before_stays(office, desk):
    before = promised(office)
    answer = desk.save(goal__value="300,000", effective="2025-07-01", reason="growth beyond the plan")
    assert answer.headers["location"].partition("&")[0] == f"/targets/{TEU}?done=target_version"
    after = promised(office)
    assert after.versions[0] == before.versions[0]
    last = after.versions[1]
    assert (last.number, last.effective, last.goal.value) == (2, date(2025, 7, 1), Decimal(300000))
    assert last.reason == "growth beyond the plan"
    page = desk.browser.page(answer.headers["location"])
    assert "Saved: the promise has a new version." in page.text
    assert "300,000 TEU" in page.text
    with db.reading(office.engine) as session:
        newest = audit.entries(session, object_id=TEU, limit=2)
    assert {(entry.actor, entry.reason) for entry in newest} == {("web:a-editor", "growth beyond the plan")}
    change = "Goal: more than 270,000 TEU → more than 300,000 TEU; growth beyond the plan."
    assert change in desk.browser.page(f"/targets/{TEU}").text
    desk.save(deadline="2026-03-31", reason="the port was closed", effective="2025-07-02")
    assert "Deadline: 31 Dec 2025 → 31 Mar 2026; the port was closed." in desk.browser.page(f"/targets/{TEU}").text


def test_names_and_owner_change_without_a_new_version(office, desk):
    desk.save(
        title__en="Corridor cargo 2025", owner="customs-district", announcement__by__en="Sun Xiyong", note__en="A note"
    )
    after = promised(office)
    assert len(after.versions) == 1
    assert (after.title.en, after.owner.id, after.note.en) == ("Corridor cargo 2025", "customs-district", "A note")
    assert after.versions[0].announcement.by == Text("Sun Xiyong", "重庆市商务委员会副主任孙熙勇")


def test_a_new_owner_and_a_new_programme_are_made_with_the_target(office, desk):
    desk.save(
        owner="+",
        owner__name__en="Port Office",
        owner__name__zh="港口办",
        owner__email="port@example.org",
        owner__language="zh",
        programme="+",
        programmes__title__en="Ports",
        programmes__title__zh="港口",
    )
    after = promised(office)
    assert (after.owner.id, after.owner.email, after.owner.managed_by) == ("port-office", "port@example.org", "web")
    assert after.programme == "ports"
    assert len(after.versions) == 1


def test_an_owner_of_a_name_there_is_already_gets_an_id_of_its_own(office, desk):
    desk.save(owner="+", owner__name__en="Customs District", owner__name__zh="海关")
    desk.save(owner="+", owner__name__en="Customs District", owner__name__zh="海关", owner__email="two@example.org")
    assert promised(office).owner.id == "customs-district-3"


def test_the_plan_can_go_by_waypoints_typed_in_rows(office, desk):
    rows = {
        "plan.waypoints.1.on": "2025-06-30",
        "plan.waypoints.1.value": "12万",
        "plan.waypoints.2.on": "",
        "plan.waypoints.2.value": "",
    }
    desk.save(plan="waypoints", reason="agreed with the port", **rows)
    plan = promised(office).versions[-1].plan
    assert plan.shape is PlanShape.WAYPOINTS
    assert plan.waypoints == (Waypoint(on=date(2025, 6, 30), value=Decimal(120000)),)
    assert desk.open()["plan.waypoints.1.value"] == "120,000"


def test_rows_are_added_and_taken_away_without_a_script_and_nothing_typed_is_lost(still):
    steps = Desk(still.sign_in(Role.EDITOR), ROUTES)
    values = steps.open()
    assert values["steps.4.id"] == "laem-chabang"
    answer = steps.send(values, "more:steps", title__en="half typed")
    grown = steps.read(answer)
    assert grown["title.en"] == "half typed"
    assert grown["steps.5.id"] == ""
    assert grown["expected"] == values["expected"]
    fewer = steps.read(steps.send(grown, "less:steps:2"))
    assert "steps.2.id" not in fewer
    assert fewer["steps.3.id"] == "ho-chi-minh-city"


def test_a_button_nobody_has_changes_nothing(still):
    steps = Desk(still.sign_in(Role.EDITOR), ROUTES)
    values = steps.open()
    for do in ("more:", "more:../etc", "less:steps:x", "less:steps:99999999999", "edit", "nonsense:step"):
        answer = steps.send(values, do)
        assert answer.status_code in {200, 422}
        assert steps.read(answer)["steps.4.id"] == "laem-chabang"


def test_a_step_is_added_taken_away_and_dated(office, steps):
    values = steps.read(steps.send(steps.open(), "more:steps"))
    values |= {"steps.5.title.en": "Kuantan", "steps.5.title.zh": "关丹", "steps.5.due": "2025-10-31"}
    looked = steps.send(values)
    assert looked.status_code == 200, errors(looked)
    steps.send(steps.read(looked), "save")
    version = promised(office, ROUTES).versions[-1]
    assert [step.id for step in version.steps][-1] == "kuantan"
    assert version.steps[-1].due == date(2025, 10, 31)
    assert version.goal.comparator is Comparator.COMPLETE


BAD = {
    "a goal of words": ({"goal.value": "a lot"}, "goal.value", "Not a number", "不是数字"),
    "no goal": ({"goal.value": ""}, "goal.value", "Nothing stands here", "未填写"),
    "a goal in another unit": ({"goal.value": "30亿元"}, "goal.value", "counted in TEU", "以TEU计"),
    "a goal with its comparator": ({"goal.value": "over 300,000"}, "goal.value", "bare number", "只填数字"),
    "a comparator there is not": ({"goal.comparator": "maybe"}, "goal.comparator", "cannot be chosen", "没有此选项"),
    "a band without its end": (
        {"goal.comparator": "between", "goal.value": "1"},
        "goal.upper",
        "Nothing stands",
        "未填写",
    ),
    "a band backwards": ({"goal.comparator": "between", "goal.upper": "1"}, "goal.upper", "larger", "大于下限"),
    "a change of words": (
        {"goal.comparator": "change", "goal.value": "much"},
        "goal.value",
        "Not a percentage",
        "不是百分比",
    ),
    "a change of nothing": ({"goal.comparator": "change", "goal.value": "0%"}, "goal.value", "0%", "0%"),
    "a change without baseline": (
        {"goal.comparator": "change", "goal.value": "-60%", "baseline.value": "", "baseline.period": ""},
        "goal.value",
        "needs a value",
        "需要基期值",
    ),
    "a day that is none": ({"deadline": "2025-02-30"}, "deadline", "Not a day", "不是日期"),
    "a day of words": ({"start": "next year"}, "start", "Not a day", "不是日期"),
    "a day out of reach": ({"deadline": "9999-12-31"}, "deadline", "2200", "2200"),
    "no deadline": ({"deadline": ""}, "deadline", "without a deadline", "不设截止日"),
    "a deadline before the start": ({"deadline": "2024-12-31"}, "deadline", "before the first day", "早于起始日"),
    "a deadline over when announced": (
        {"deadline": "2025-01-31"},
        "deadline",
        "over when it was announced",
        "期限已过",
    ),
    "a baseline without a period": ({"baseline.period": ""}, "baseline.period", "Nothing stands", "未填写"),
    "a baseline period of words": ({"baseline.period": "last year"}, "baseline.period", "Not a period", "不是期间"),
    "a baseline inside the window": ({"baseline.period": "2025-03"}, "baseline.period", "first day", "起始日之前"),
    "a plan there is not": ({"plan": "hope"}, "plan", "cannot be chosen", "没有此选项"),
    "waypoints without any": ({"plan": "waypoints"}, "plan", "at least one point", "至少填写一个节点"),
    "a waypoint outside": (
        {"plan": "waypoints", "plan.waypoints.1.on": "2026-06-30", "plan.waypoints.1.value": "1"},
        "plan.waypoints.1.on",
        "Outside",
        "不在",
    ),
    "a waypoint beyond the goal": (
        {"plan": "waypoints", "plan.waypoints.1.on": "2025-06-30", "plan.waypoints.1.value": "300,000"},
        "plan.waypoints.1.value",
        "More than the goal",
        "超过了目标值",
    ),
    "waypoints that fall": (
        {
            "plan": "waypoints",
            "plan.waypoints.1.on": "2025-03-31",
            "plan.waypoints.1.value": "90,000",
            "plan.waypoints.2.on": "2025-06-30",
            "plan.waypoints.2.value": "80,000",
        },
        "plan.waypoints.2.value",
        "Less than the point before",
        "不应小于",
    ),
    "waypoints out of order": (
        {
            "plan": "waypoints",
            "plan.waypoints.1.on": "2025-06-30",
            "plan.waypoints.1.value": "1",
            "plan.waypoints.2.on": "2025-03-31",
            "plan.waypoints.2.value": "2",
        },
        "plan.waypoints.2.on",
        "order of their days",
        "日期先后",
    ),
    "a waypoint without its value": (
        {"plan": "waypoints", "plan.waypoints.1.on": "2025-06-30"},
        "plan.waypoints.1.value",
        "Nothing stands",
        "未填写",
    ),
    "a programme there is not": ({"programme": "nonsense"}, "programme", "cannot be chosen", "没有此选项"),
    "an owner there is not": ({"owner": "nobody"}, "owner", "cannot be chosen", "没有此选项"),
    "a new owner without an address": (
        {"owner": "+", "owner.name.en": "A", "owner.email": "nowhere"},
        "owner.email",
        "e-mail",
        "邮箱",
    ),
    "a title too long": ({"title.en": "x" * 201}, "title.en", "201 characters", "201个字符"),
    "a title that cannot be seen": ({"title.en": "a\u202eb"}, "title.en", "cannot be seen", "不可见"),
    "a quote too long": ({"announcement.quote": "x" * 1001}, "announcement.quote", "1001 characters", "1001个字符"),
    "no announcer": (
        {"announcement.by.en": "", "announcement.by.zh": ""},
        "announcement.by.en",
        "at least one of the two languages",
        "至少填写一种语言",
    ),
    "no day of announcement": ({"announcement.on": ""}, "announcement.on", "Nothing stands", "未填写"),
    "an address of another kind": (
        {"announcement.url": "javascript:alert(1)"},
        "announcement.url",
        "web address",
        "网址",
    ),
    "effective before the announcement": (
        {"goal.value": "300,000", "announcement.on": "2025-07-10", "effective": "2025-07-01"},
        "effective",
        "announced on 10 Jul 2025",
        "2025年7月10日公布",
    ),
    "effective before the version before": (
        {"goal.value": "300,000", "effective": "2025-01-15"},
        "effective",
        "counts from 7 Feb 2025",
        "自2025年2月7日起生效",
    ),
    "effective after the deadline": (
        {"goal.value": "300,000", "effective": "2026-02-01"},
        "effective",
        "deadline is 31 Dec 2025",
        "截止日为2025年12月31日",
    ),
    "effective on no day": ({"goal.value": "300,000", "effective": "soon"}, "effective", "Not a day", "不是日期"),
    "easier without a reason": ({"goal.value": "260,000"}, "reason", "easier to keep (the goal)", "有所放宽（目标值）"),
    "later without a reason": ({"deadline": "2026-06-30"}, "reason", "(the deadline)", "（截止日）"),
}


CHOSEN = {"goal.comparator", "plan", "programme", "owner"}
"""Chosen from a list, in which a browser cannot have what is not there."""


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_said_beside_its_field_and_everything_typed_stays(looking, name):
    typed, field, said, chinese = BAD[name]
    answer = looking.send({**looking.open(), **typed})
    assert answer.status_code == 422
    assert said in errors(answer).get(field, ""), errors(answer)
    assert f'href="#{field}"' in answer.text
    stands = looking.read(answer)
    kept = {key: text.strip() for key, text in typed.items() if key not in CHOSEN}
    assert {key: stands[key].strip() for key in kept} == kept
    looking.language = "zh"
    told = errors(looking.send({**looking.open(), **typed}))
    assert chinese in told.get(field.replace("by.en", "by.zh"), ""), told


BAD_STEPS = {
    "two steps of one name": ({"steps.2.id": "jakarta"}, "steps.2.id", "An earlier step", "前面的事项"),
    "a step due too late": ({"steps.1.due": "2026-01-31"}, "steps.1.due", "After the deadline", "晚于"),
    "a step due too early": ({"steps.1.due": "2024-12-31"}, "steps.1.due", "Before the first day", "早于"),
    "a step of a bad name": ({"steps.1.id": "Ja Karta"}, "steps.1.id", "lower-case", "小写字母"),
    "no steps": (
        {f"steps.{row}.{part}": "" for part in ("id", "title.en", "title.zh", "due") for row in (1, 2, 3, 4)},
        "steps.1.title.en",
        "at least one step",
        "至少填写一项",
    ),
}


@pytest.mark.parametrize("name", BAD_STEPS)
def test_steps_that_cannot_be_are_said_in_their_row(still, name):
    typed, field, *said = BAD_STEPS[name]
    for language, words in zip(("en", "zh"), said, strict=True):
        desk = Desk(still.sign_in(Role.EDITOR), ROUTES, language)
        answer = desk.send(desk.open(), **typed)
        assert answer.status_code == 422
        assert words in errors(answer).get(field, ""), errors(answer)


def test_everything_wrong_is_said_at_once_and_summed_up_in_the_order_of_the_page(looking):
    answer = looking.send(
        looking.open(),
        goal__value="much",
        deadline="2025-02-30",
        title__en="",
        title__zh="",
        owner="nobody",
        announcement__url="x",
    )
    assert list(errors(answer)) == ["goal.value", "deadline", "announcement.url", "title.en", "owner"]
    summed = re.findall(r'<li><a href="#([\w.]+)">', answer.text)
    assert summed == ["goal.value", "deadline", "announcement.url", "title.en", "owner"]
    assert "5 things need to be put right" in Page(answer.text).text


def test_a_script_in_a_title_is_shown_and_never_run(office, desk):
    script = "<script>alert(1)</script>"
    looked = desk.send(desk.open(), title__en=script, note__en="<img src=x onerror=alert(1)>")
    assert looked.status_code == 200
    assert script not in looked.text
    assert "&lt;script&gt;" in looked.text
    desk.send(desk.read(looked), "save")
    assert promised(office).title.en == script
    for path in ("/", f"/targets/{TEU}", desk.path, f"/targets/{TEU}/yaml", f"/targets/{TEU}/archive"):
        assert "<script>alert" not in desk.browser.get(path).text


def test_the_look_says_the_verdict_now_and_after_and_what_becomes_of_the_past(office, desk):
    keep_history(office)
    looked = Page(desk.send(desk.open(), goal__value="300,000", effective="2025-07-01").text).text
    assert "Version 2 would count from 1 Jul 2025, in the past." in looked
    assert "more than 270,000 TEU" in looked
    assert "more than 300,000 TEU" in looked
    said = office.app.state.service.history_of(TEU)
    assert len(said) > 1
    assert f"{len(said)} statuses before 1 Jul 2025 stay as they were said." in looked
    assert "Whoever looks back at a day since 1 Jul 2025" in looked
    assert "the announcement is still that of Sun Xiyong" in looked
    assert "Goal: more than 270,000 TEU → more than 300,000 TEU" in looked


def test_the_look_draws_both_plans_and_says_both_goals_with_their_unit(looking):
    looked = looking.send(looking.open(), goal__value="300,000").text
    for name in ("plan-now", "plan-after", "goal-now", "goal-after", "line-actual"):
        assert f'class="{name}"' in looked
    assert "The plans in numbers" in looked
    row = next(one for one in looked.split("<tr") if '<th scope="row">Goal' in one)
    assert "more than 270,000 TEU" in row
    assert "more than 300,000 TEU" in row


def test_a_change_to_come_is_shown_as_it_would_count_and_moves_nothing_yet(office, desk):
    looked = Page(desk.send(desk.open(), goal__value="300,000", effective="2025-09-01").text).text
    assert "Until then nothing changes." in looked
    assert "No mail before 1 Sep 2025." in looked
    desk.save(goal__value="300,000", effective="2025-09-01")
    assert office.holder.current is not None
    assert office.holder.current.verdicts[TEU].version == 1
    form = desk.get(desk.path).text
    assert "version 2 counts from 1 Sep 2025" in form
    refused = desk.send(desk.open(), goal__value="310,000", effective="2025-08-01")
    assert "counts from 1 Sep 2025" in errors(refused)["effective"]


def test_the_look_says_whether_a_mail_follows(looking):
    high = Page(looking.send(looking.open(), goal__value="3,000,000").text).text
    assert "A mail leaves to Port and Logistics Office at about" in high
    assert "Off track" in high
    same = Page(looking.send(looking.open(), goal__value="271,000").text).text
    assert "No mail follows." in same


def test_saving_is_only_offered_by_the_look_which_carries_every_field(looking):
    assert 'value="save"' not in looking.get(looking.path).text
    sent = {**looking.open(), "goal.value": "300,000", "reason": "two\nlines & <b>"}
    looked = looking.send(sent)
    assert 'value="save"' in looked.text
    carried = looking.read(looked)
    assert {key: carried[key] for key in sent} == sent
    back = looking.send(carried, "edit")
    assert {key: looking.read(back)[key] for key in sent if key in looking.read(back)} == {
        key: text for key, text in sent.items() if key in looking.read(back)
    }


@pytest.mark.parametrize(("language", "saved_in"), [("en", "zh"), ("zh", "en")])
def test_a_harder_goal_needs_no_reason_and_the_change_put_down_as_one_is_said_once(office, language, saved_in):
    desk = Desk(office.sign_in(Role.EDITOR), language=saved_in)
    desk.save(goal__value="300,000", effective="2025-07-01")
    changes = {
        "en": "Goal: more than 270,000 TEU → more than 300,000 TEU",
        "zh": "目标值：超过27万标箱 → 超过30万标箱",
    }
    assert promised(office).versions[-1].reason == changes[saved_in]
    page = desk.browser.page(f"/targets/{TEU}", language)
    assert page.text.count(changes[language]) == 2, "in the history of the status, and in the table of the versions"
    assert {"en": "not stated", "zh": "未说明"}[language] in page.text


def test_the_words_of_an_earlier_version_are_said_to_be_of_it(desk):
    words = {
        "en": "This announcement is that of version 1 (more than 270,000 TEU). None is entered for version 2.",
        "zh": "以上是第1版（超过27万标箱）的公布信息；第2版未另行录入。",
    }
    assert words["en"] not in desk.browser.page(f"/targets/{TEU}").text
    desk.save(goal__value="300,000", effective="2025-07-01")
    for language, said in words.items():
        assert said in desk.browser.page(f"/targets/{TEU}", language).text
    desk.save(
        goal__value="310,000",
        announcement__by__en="The mayor",
        announcement__on="2025-07-10",
        announcement__quote="310,000 TEUs",
    )
    assert "This announcement is that of" not in desk.browser.page(f"/targets/{TEU}").text


def test_a_change_without_a_day_counts_from_today_and_the_look_holds_that_day(office, desk):
    looked = desk.send(desk.open(), goal__value="300,000", effective="")
    assert "Version 2 would count from today." in Page(looked.text).text
    assert desk.read(looked)["effective"] == "2025-07-20"
    desk.send(desk.read(looked), "save")
    assert promised(office).versions[-1].effective == date(2025, 7, 20)


def test_a_change_after_the_window_needs_its_day_and_a_new_name_does_not(tmp_path, real_file):
    with edit_stage(tmp_path, real_file, today=date(2026, 3, 1)) as late:
        desk = Desk(late.sign_in(Role.EDITOR))
        assert desk.open()["effective"] == ""
        refused = desk.send(desk.open(), goal__value="300,000")
        assert "Nothing stands here" in errors(refused)["effective"]
        assert desk.save(title__en="Cargo").status_code == 303


@pytest.mark.parametrize(("language", "given"), [("en", "zh"), ("zh", "en")])
def test_words_in_one_language_stand_for_both(office, language, given):
    desk = Desk(office.sign_in(Role.EDITOR), language=language)
    other = {"en": "zh", "zh": "en"}[given]
    filled = {f"{name}.{given}": "运量 TEU" for name in ("title", "short", "programmes.title", "owner.name")}
    emptied = {f"{name}.{other}": "" for name in ("title", "short", "programmes.title", "owner.name")}
    assert desk.save(programme="+", owner="+", **filled, **emptied).status_code == 303
    after = promised(office)
    assert (after.title, after.short, after.owner.name) == (Text("运量 TEU", "运量 TEU"),) * 3
    assert (after.programme, after.owner.id) == ("teu", "teu")


@pytest.mark.parametrize(("language", "words"), [("en", "at least one of the two"), ("zh", "至少填写一种语言")])
def test_words_missing_in_both_languages_are_asked_for_once_in_the_readers(still, language, words):
    desk = Desk(still.sign_in(Role.EDITOR), language=language)
    emptied = {"title.en": " ", "title.zh": "", "owner": "+", "programme": "+"}
    answer = desk.send(desk.open(), **emptied)
    told = errors(answer)
    assert set(told) == {f"{name}.{language}" for name in ("title", "programmes.title", "owner.name")}
    assert all(words in said for said in told.values())


def test_a_step_in_chinese_only_is_taken_and_gets_a_plain_name(office, steps):
    values = steps.read(steps.send(steps.open(), "more:steps")) | {"steps.5.title.zh": "关丹"}
    looked = steps.send(values)
    assert looked.status_code == 200, errors(looked)
    steps.send(steps.read(looked), "save")
    added = promised(office, ROUTES).versions[-1].steps[-1]
    assert (added.id, added.title) == ("step-1", Text("关丹", "关丹"))


def test_a_step_with_nothing_but_a_day_is_one_thing_to_put_right(still):
    steps = Desk(still.sign_in(Role.EDITOR), ROUTES)
    values = steps.read(steps.send(steps.open(), "more:steps")) | {"steps.5.due": "2025-10-31"}
    assert set(errors(steps.send(values))) == {"steps.5.title.en"}


def test_a_relative_goal_and_a_band_are_saved_as_typed(office, desk):
    desk.save(goal__comparator="change", goal__value="+20%", reason="asked for")
    assert promised(office).versions[-1].goal.relative == Decimal("0.2")
    assert desk.open()["goal.value"] == "+20%"
    desk.save(goal__comparator="between", goal__value="270,000", goal__upper="30万", reason="asked for")
    goal = promised(office).versions[-1].goal
    assert (goal.value, goal.upper) == (Decimal(270000), Decimal(300000))


def test_a_second_change_on_the_same_day_is_a_version_of_its_own(office, desk):
    desk.save(goal__value="300,000")
    desk.save(goal__value="310,000")
    versions = promised(office).versions
    assert [version.number for version in versions] == [1, 2, 3]
    assert versions[1].effective == versions[2].effective
    assert office.holder.current is not None
    assert office.holder.current.verdicts[TEU].goal_value == Decimal(310000)


def test_who_may_not_edit_sees_no_form_and_no_way_to_it(still):
    viewer, offered = still.sign_in(Role.VIEWER), f'href="/targets/{TEU}/edit"'
    for path in (f"/targets/{TEU}/edit", f"/targets/{TEU}/undo", "/new-target", "/new-target/flow"):
        assert still.client.get(path).headers["location"].startswith("/sign-in")
        assert viewer.get(path).status_code == 403
        assert viewer.post(path, {"goal.value": "1"}).status_code in {403, 405}
    assert offered in still.sign_in(Role.EDITOR).get(f"/targets/{TEU}").text
    assert offered not in viewer.get(f"/targets/{TEU}").text
    assert offered not in still.client.get(f"/targets/{TEU}").text


def test_a_target_that_never_was_is_not_found(still):
    assert still.sign_in(Role.EDITOR).get("/targets/never/edit").status_code == 404


def test_the_longest_form_in_chinese_still_travels(office, desk):
    long = dict.fromkeys(("note.en", "note.zh", "announcement.quote"), "运" * 1000) | {"reason": "量" * 500}
    desk.save(**long)
    again = desk.save(**{name: text.replace("运", "河") for name, text in long.items()}, goal__value="310,000")
    assert again.status_code == 303, again.text
    assert promised(office).note.zh == "河" * 1000


def test_a_new_owner_of_a_lagging_target_is_mailed_and_the_look_says_so(desk):
    desk.save(goal__value="500,000")
    looked = Page(desk.send(desk.open(), owner="customs-district").text).text
    assert "A mail leaves to Chongqing Customs District at about" in looked
    assert "No mail follows." in Page(desk.send(desk.open(), note__en="A note").text).text


def test_a_step_said_in_other_words_is_no_new_version(office, steps):
    steps.save(steps__1__title__en="Jakarta, Indonesia")
    versions = promised(office, ROUTES).versions
    assert len(versions) == 1
    assert versions[0].steps[0].title.en == "Jakarta, Indonesia"


def test_nothing_can_be_changed_in_a_replay(tmp_path, real_file):
    with edit_stage(tmp_path, real_file) as live:
        stage = Stage(live.file, date(2025, 7, 20), simulation=Simulated(date(2025, 7, 1), date(2025, 7, 31)))
        stage.refresh()
        desk = Desk(stage.sign_in(Role.EDITOR))
        answer = desk.browser.post(desk.path, {"goal.value": "300,000", "do": "save", "expected": "2"})
        assert answer.status_code == 409
        assert "Nothing can be changed in a replay" in answer.text
        assert f'href="/targets/{TEU}/edit"' not in desk.browser.get(f"/targets/{TEU}").text
        assert len(promised(stage).versions) == 1
        stage.close()


def test_a_goal_in_another_unit_than_the_page_counts_in_says_how_it_is_read(tmp_path, real_file):
    with edit_stage(tmp_path, real_file, taken=("cci-financing-2025",)) as stage:
        editor = stage.sign_in(Role.EDITOR)
        chinese = Page(Desk(editor, "cci-financing-2025", "zh").get("/targets/cci-financing-2025/edit").text).text
        assert "1 = 10亿美元 " in chinese
        english = Page(Desk(editor, "cci-financing-2025").get("/targets/cci-financing-2025/edit").text).text
        assert "1 = 1 bn USD " in english


@pytest.mark.parametrize(("language", "first", "second"), [("en", "en", "zh"), ("zh", "zh", "en")])
def test_the_fields_of_the_readers_language_come_first(still, language, first, second):
    editor = still.sign_in(Role.EDITOR)
    for path in (f"/targets/{TEU}/edit", "/new-target/milestones"):
        page = editor.get(path, headers={"accept-language": language}).text
        found = re.findall(r'<(?:input|textarea)[^>]* id="([^"]+)\.(en|zh)"', page)
        assert found[::2] == [(name, first) for name, _ in found[1::2]]
        assert found[1::2] == [(name, second) for name, _ in found[::2]]
