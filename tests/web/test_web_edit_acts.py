"""Taking over and handing back, archiving and bringing back, undoing, and a target as YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from edit_stage import TEU, Desk, Form, edit_stage, keep_history, kept, promised
from web_stage import PROJECT, Browser, Page, Stage

from targetwatch import configuration
from targetwatch.model import Catalogue, Role
from targetwatch.store import audit, db
from targetwatch.web import running

FILED = "cci-financing-2025"


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file) as stage:
        yield stage


@pytest.fixture
def editor(office: Stage) -> Browser:
    return office.sign_in(Role.EDITOR)


def press(browser: Browser, path: str, action: str = "", **said: str):
    """Open a page and press its button, some fields filled in."""
    action = action or path
    values = Form(browser.get(path).text, action).values
    return browser.post(action, {**values, **said})


def test_the_form_of_a_target_of_the_file_says_in_a_sentence_what_saving_means_and_saves(office, editor):
    desk = Desk(editor, FILED)
    before, kept_before = promised(office, FILED), kept(office, FILED)
    page = desk.get(desk.path)
    assert Page(page.text).text.count("the file no longer changes it") == 1
    assert "YAML" not in page.text.partition("</form>\n<details")[0], "what programmers say stands folded, at the end"
    looked = desk.send(desk.read(page), goal__value="15亿美元", reason="more")
    assert looked.status_code == 200
    assert kept(office, FILED) == kept_before, "looking takes nothing from the file"
    assert desk.send(desk.read(looked), "save").status_code == 303
    after = promised(office, FILED)
    assert (before.managed_by, after.managed_by) == ("file", "web")
    assert [version.goal.value for version in after.versions][-1] == Decimal("1.5")


def test_a_target_taken_over_is_left_alone_by_the_file_until_it_is_handed_back(office, editor):
    Desk(editor).save(title__en="Named on the web")
    configuration.apply(office.engine, PROJECT / "config", actor="test", now=datetime.now(UTC), environment={})
    assert promised(office).title.en == "Named on the web"
    answer = press(editor, f"/targets/{TEU}/hand-back")
    assert answer.headers["location"].partition("&")[0] == f"/targets/{TEU}?done=target_handed_back"
    configuration.apply(office.engine, PROJECT / "config", actor="test", now=datetime.now(UTC), environment={})
    assert promised(office).title.en == "ILSTC cargo volume 2025"


def test_archiving_needs_a_reason_and_can_be_brought_back(office, editor):
    path = f"/targets/{TEU}/archive"
    refused = press(editor, path)
    assert refused.status_code == 422
    assert "Nothing stands here" in refused.text
    before = promised(office)
    answer = press(editor, path, reason="promised by mistake")
    assert answer.headers["location"].partition("&")[0] == f"{path}?done=target_archived"
    assert kept(office).archived_at is not None
    assert editor.get(f"/targets/{TEU}").status_code == 404
    assert editor.get(f"/targets/{TEU}/edit").headers["location"] == path
    assert f'href="{path}"' in editor.get("/new-target").text
    back = press(editor, path, f"/targets/{TEU}/restore")
    assert back.headers["location"] == f"/targets/{TEU}?done=target_restored"
    assert promised(office) == before
    assert editor.get(f"/targets/{TEU}").status_code == 200
    with db.reading(office.engine) as session:
        reasons = {entry.reason for entry in audit.entries(session, object_id=TEU, limit=4)}
    assert "promised by mistake" in reasons


def test_a_target_whose_indicator_the_file_lost_is_brought_back_with_it(office, editor):
    path = f"/targets/{TEU}/archive"
    press(editor, path, reason="promised by mistake")
    office.configure(Catalogue())
    office.refresh()
    assert "comes back with it" in editor.page(path).text
    assert "将一并恢复" in editor.page(path, "zh").text
    back = press(editor, path, f"/targets/{TEU}/restore")
    assert back.headers["location"] == f"/targets/{TEU}?done=target_restored"
    for shown in ("/wall", "/", f"/targets/{TEU}", f"/targets/{TEU}/edit", f"/targets/{TEU}/yaml"):
        assert editor.get(shown).status_code == 200, shown


def test_undoing_is_a_further_version_that_says_what_the_one_before_said(office, editor):
    Desk(editor).save(goal__value="300,000", effective="2025-07-01")
    page = editor.get(f"/targets/{TEU}/undo")
    assert "Version 2 stays in the history." in Page(page.text).text
    answer = press(editor, f"/targets/{TEU}/undo", do="save")
    assert answer.headers["location"] == f"/targets/{TEU}?done=target_undone"
    one, two, three = promised(office).versions
    assert (three.number, three.effective, three.reason) == (3, date(2025, 7, 1), "undoes version 2")
    assert (three.goal, three.announcement, three.plan) == (one.goal, one.announcement, one.plan)
    assert two.goal.value == Decimal(300000)
    shown = editor.get(answer.headers["location"]).text
    assert "Undone, by a further version." in shown
    for page in (shown, editor.get(f"/targets/{TEU}/edit").text):
        assert "/undo" not in page, "which would bring the mistake back"


def test_the_reason_of_an_undoing_is_in_the_language_of_whoever_undoes_and_it_can_be_undone_itself(office, editor):
    Desk(editor).save(goal__value="300,000")
    path = f"/targets/{TEU}/undo"
    values = Form(editor.get(path).text, path).values
    editor.post(path, {**values, "do": "save"}, headers={"accept-language": "zh"})
    assert promised(office).versions[-1].reason == "撤销第2版"
    press(editor, path, do="save")
    goals = [version.goal.value for version in promised(office).versions]
    assert goals == [Decimal(270000), Decimal(300000)] * 2


@pytest.mark.parametrize(
    ("language", "undoing", "apart"),
    [
        ("en", "undoes version 2", "Told under version 2, entered by mistake and taken back ("),
        ("zh", "撤销第2版", "按第2版所作评估，该版系误录，现已撤回（"),
    ],
)
def test_the_history_of_a_change_undone_agrees_with_the_head_of_the_page(tmp_path, real_file, language, undoing, apart):
    with edit_stage(tmp_path, real_file, today=date(2026, 11, 25)) as stage:
        editor = stage.sign_in(Role.EDITOR)
        keep_history(stage)
        Desk(editor).save(goal__value="300,000", effective="2025-07-01")
        keep_history(stage)
        press(editor, f"/targets/{TEU}/undo", do="save")
        keep_history(stage)
        shown = editor.page(f"/targets/{TEU}", language).text
        told = shown.split({"en": "History of the status", "zh": "状态变化"}[language])[-1]
        assert undoing in told
        assert apart in told
        first = told.split({"en": "Entered by mistake, taken back", "zh": "误录，已撤回"}[language])[0]
        assert "300,000" not in first.replace("30万", "300,000"), "nothing that the head contradicts"
        for relaxed in ("The promise was changed", "目标已变更", "asks for less", "要求有所放宽", "promise changed"):
            assert relaxed not in shown
        feed = editor.get(f"/feeds/status.atom?lang={language}").text
        entries = feed.split("<entry>")[1:]
        said = {"en": "Taken back: ", "zh": "已撤销："}[language]
        back = [said in one.split("</title>")[0] for one in entries]
        assert back == [False, True, True, False, False, False], "what was judged by the goal entered by mistake"


def test_an_undoing_cannot_count_from_a_day_that_makes_no_sense(office, editor):
    Desk(editor).save(goal__value="300,000")
    for day, words in (("2025-01-15", "counts from 20 Jul 2025"), ("2026-03-01", "deadline is 31 Dec 2025")):
        answer = press(editor, f"/targets/{TEU}/undo", do="save", effective=day)
        assert answer.status_code == 422
        assert words in Page(answer.text).text
    assert len(promised(office).versions) == 2


def undo(browser: Browser, saved) -> str:
    """Press the button of the bar that says what was just saved, and return the page that follows."""
    assert saved.status_code == 303, Page(saved.text).text
    shown = browser.get(saved.headers["location"]).text
    (action,) = re.findall(r'action="([^"]+/undo)" class="act"', shown)
    done = browser.post(action, Form(shown, action).values)
    assert done.status_code == 303, Page(done.text).text
    return browser.get(done.headers["location"]).text


def test_all_that_was_saved_is_taken_back_at_once_and_a_file_that_had_it_manages_it_again(office, editor):
    before = promised(office, FILED)
    saved = Desk(editor, FILED).save(goal__value="1.5", title__en="Financing", reason="more")
    page = undo(editor, saved)
    assert "Taken back: what was in force before is so again" in page
    after = promised(office, FILED)
    assert (after.title, after.owner) == (before.title, before.owner)
    assert [version.number for version in after.versions] == [1, 2, 3]
    assert (after.versions[2].goal, after.versions[2].announcement) == (
        before.versions[0].goal,
        before.versions[0].announcement,
    )
    assert after.managed_by == "file"
    assert "hand-back" not in page
    changes = configuration.apply(
        office.engine, PROJECT / "config", actor="test", now=datetime.now(UTC), environment={}
    )
    assert FILED not in str(changes)
    assert promised(office, FILED).versions == after.versions, "what was said meanwhile stays in the history"


def test_names_are_taken_back_without_a_further_version(office, editor):
    before = promised(office)
    undo(editor, Desk(editor).save(title__en="Named wrongly"))
    assert promised(office) == before


def test_an_archived_target_is_brought_back_by_the_same_button(office, editor):
    undo(editor, press(editor, f"/targets/{TEU}/archive", reason="promised by mistake"))
    assert kept(office).archived_at is None


@pytest.mark.parametrize("who", ["somebody else", "nobody, for it was changed again"])
def test_what_was_saved_is_taken_back_only_by_whoever_saved_it_last(office, editor, who):
    saved = Desk(editor).save(goal__value="300,000")
    entry = re.search(r"entry=(\d+)", saved.headers["location"])[1]
    other = office.sign_in(Role.EDITOR, "li") if who == "somebody else" else editor
    if other is editor:
        Desk(editor).save(goal__value="310,000")
    assert 'class="act"' not in other.get(saved.headers["location"]).text
    answer = other.post(f"/targets/{TEU}/undo", {"entry": entry})
    assert answer.status_code == 409
    assert promised(office).versions[-1].goal.value != Decimal(270000)


def test_there_is_nothing_to_undo_of_a_first_version(editor):
    assert editor.get(f"/targets/{TEU}/undo").headers["location"] == f"/targets/{TEU}/edit"
    assert editor.post(f"/targets/{TEU}/undo", {"do": "save", "expected": "2"}).status_code == 409


def test_what_was_changed_since_it_was_looked_at_is_looked_at_again(office, editor):
    Desk(editor).save(goal__value="300,000")
    before, other = kept(office), office.sign_in(Role.EDITOR, "li")
    stale = {"expected": "1", "reason": "late", "do": "save", "effective": ""}
    for act in ("hand-back", "archive", "undo"):
        for who, said in ((editor, "you"), (other, "a-editor")):
            answer = who.post(f"/targets/{TEU}/{act}", stale)
            assert answer.status_code == 409
            assert re.search(rf"It was changed in the meantime, by {said} at \d\d:\d\d.", Page(answer.text).text)
    assert kept(office) == before


def test_what_the_file_manages_is_not_handed_back(office, editor):
    page = editor.get(f"/targets/{FILED}/hand-back")
    assert "The configuration file manages this target." in Page(page.text).text
    assert editor.post(f"/targets/{FILED}/hand-back", {"expected": "1"}).status_code == 409


def test_a_target_of_the_file_that_is_archived_stays_so_when_the_file_is_applied(office, editor):
    page = editor.get(f"/targets/{FILED}/archive")
    assert "the file no longer changes it" in Page(page.text).text
    press(editor, f"/targets/{FILED}/archive", reason="given up")
    configuration.apply(office.engine, PROJECT / "config", actor="test", now=datetime.now(UTC), environment={})
    assert kept(office, FILED).archived_at is not None
    press(editor, f"/targets/{FILED}/archive", f"/targets/{FILED}/restore")
    assert kept(office, FILED).archived_at is None


def test_a_reason_that_is_too_long_is_refused_and_kept(office, editor):
    answer = press(editor, f"/targets/{TEU}/archive", reason="x" * 501)
    assert answer.status_code == 422
    assert "501 characters" in answer.text
    assert "x" * 501 in answer.text
    assert kept(office).archived_at is None


def test_the_yaml_of_any_target_is_a_whole_valid_file(office, editor, tmp_path):
    Desk(editor).save(goal__value="300,000", effective="2025-07-01", reason="growth: beyond 'the' plan")
    for name in (TEU, FILED, "routes-2025", "logistics-cost-2027", "ilstc-volume-2027"):
        page = editor.get(f"/targets/{name}/yaml")
        assert page.status_code == 200
        sent = editor.get(f"/targets/{name}/yaml?download=1")
        assert sent.headers["content-disposition"] == f'attachment; filename="{name}.yaml"'
        (tmp_path / "targets.yaml").write_bytes(sent.content)
        (made,) = configuration.check(tmp_path).targets
        assert made.versions == promised(office, name).versions


def test_two_versions_of_one_day_can_be_written_to_a_file_and_read_back(office, editor, tmp_path):
    Desk(editor).save(goal__value="300,000")
    Desk(editor).save(goal__value="310,000")
    (tmp_path / "targets.yaml").write_text(editor.get(f"/targets/{TEU}/yaml?download=1").text, encoding="utf-8")
    assert configuration.check(tmp_path).targets[0].versions == promised(office).versions


def test_a_viewer_reads_the_yaml_and_does_nothing_else(office):
    viewer = office.sign_in(Role.VIEWER)
    assert viewer.get(f"/targets/{TEU}/yaml").status_code == 200
    for act in ("hand-back", "archive", "restore", "undo"):
        assert viewer.post(f"/targets/{TEU}/{act}", {"expected": "2"}).status_code == 403


def test_a_target_archived_with_all_it_stands_on_can_still_be_shown_as_yaml(office, editor):
    office.configure(Catalogue())
    office.refresh()
    shown = editor.get(f"/targets/{FILED}/yaml")
    assert shown.status_code == 200
    assert "id: cci-financing\n" in shown.text.replace("&#10;", "\n")


@pytest.mark.parametrize(
    ("language", "doubt", "button"),
    [
        ("en", "2,700,000 TEU (two million seven hundred thousand) is ten times off", "The goal is what was"),
        ("zh", "目标值270万标箱（二百七十万）与原目标27万标箱相差十倍以上", "目标值无误"),
    ],
)
def test_a_goal_that_looks_like_a_slip_is_saved_when_it_is_said_to_be_meant(
    office, editor, monkeypatch, language, doubt, button
):
    desk = Desk(editor, language=language)
    looked = desk.send(desk.open(), goal__value="2,700,000")
    assert doubt in Page(looked.text).text
    assert button in Page(looked.text).text
    read, readings_of = list[str](), running.readings_of
    monkeypatch.setattr(running, "readings_of", lambda *said: read.append(said[1].id) or readings_of(*said))
    again = desk.send(desk.read(looked), "save")
    assert again.status_code == 422
    assert len(read) == len({*read}), "no indicator's figures are read twice"
    assert doubt in Page(again.text).text
    assert len(promised(office).versions) == 1
    assert desk.send({**desk.read(again), "sure": "yes"}, "save").status_code == 303
    assert promised(office).versions[-1].goal.value == Decimal(2700000)


@pytest.mark.parametrize(("typed", "said"), [("400000", "400000 = 1,007,451,800 TEU"), ("-20%", "-20% = 201,440 TEU")])
def test_a_change_is_told_as_what_it_comes_to(editor, typed, said):
    desk = Desk(editor)
    page = desk.send(desk.open(), "edit", goal__comparator="change", goal__value=typed)
    assert said in Page(page.text).text
    assert "Goal, in % changed from before" in Page(page.text).text
