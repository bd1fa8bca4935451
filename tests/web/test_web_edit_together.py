"""Two people at one target, and a database that is busy: nothing is written over, and nothing typed is lost."""

from __future__ import annotations

import threading
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from edit_stage import ROUTES, TEU, Desk, edit_stage, kept, promised
from web_stage import Page, Stage, locked

from targetwatch.model import Catalogue, Role
from targetwatch.store import catalogue, db
from targetwatch.web.targets import preview


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file) as stage:
        yield stage


@pytest.fixture
def pair(office: Stage) -> tuple[Desk, Desk]:
    return Desk(office.sign_in(Role.EDITOR, "sun")), Desk(office.sign_in(Role.EDITOR, "li"))


def behind_the_back(stage: Stage, act: str, target: str = TEU) -> None:
    now = datetime.now(UTC)
    with db.writing(stage.engine, "web:li", reason="behind the back", now=now) as session:
        if act == "archive":
            catalogue.archive(session, target, now=now)
        else:
            catalogue.hand_back(session, target)
    stage.refresh()


def test_saving_over_somebody_elses_change_is_refused_with_the_difference(office, pair):
    sun, li = pair
    mine = sun.open()
    li.save(goal__value="310,000", title__en="Their title")
    answer = sun.send(mine, goal__value="300,000", note__en="My note")
    assert answer.status_code == 409
    page = Page(answer.text).text
    for text in ("When you began", "more than 270,000", "more than 310,000", "more than 300,000", "Their title"):
        assert text in page
    assert "My note" in page
    assert "Mail in" not in page
    assert "li" in page
    assert "both changed it" in page
    assert promised(office).versions[-1].goal.value == Decimal(310000)


def test_a_field_i_never_touched_is_not_shown_as_if_mine_would_empty_it(pair):
    sun, li = pair
    mine = sun.open()
    li.save(short__en="Vol")
    shown = sun.send(mine, goal__value="300,000").text
    row = next(one for one in shown.split("<tr") if ">Vol<" in one)
    assert "unchanged" in row
    assert 'class="after"' not in row
    assert "<strong" not in row
    sun.language = "zh"
    assert "未改动" in sun.send(mine, goal__value="300,000").text


def test_ones_own_change_in_another_window_is_said_to_be_ones_own(pair):
    sun, _ = pair
    mine = sun.open()
    sun.save(goal__value="310,000")
    page = Page(sun.send(mine, goal__value="300,000").text).text
    assert "perhaps in another window" in page
    assert "Somebody" not in page


def test_mine_goes_on_top_of_theirs_and_keeps_what_only_they_changed(office, pair):
    sun, li = pair
    mine = sun.open()
    li.save(goal__value="310,000", title__en="Their title")
    refused = sun.send(mine, goal__value="300,000", note__en="My note", reason="we agreed")
    looked = sun.send(sun.read(refused), "preview")
    assert looked.status_code == 200, Page(looked.text).text
    assert sun.send(sun.read(looked), "save").status_code == 303
    after = promised(office)
    assert [version.goal.value for version in after.versions] == [Decimal(270000), Decimal(310000), Decimal(300000)]
    assert (after.title.en, after.note.en) == ("Their title", "My note")


def test_one_goes_on_editing_on_top_of_theirs(pair):
    sun, li = pair
    mine = sun.open()
    li.save(title__en="Their title")
    refused = sun.send(mine, goal__value="300,000")
    form = sun.read(sun.send(sun.read(refused), "edit"))
    assert (form["title.en"], form["goal.value"]) == ("Their title", "300,000")


def test_what_came_between_the_look_and_the_save_is_noticed_too(office, pair):
    sun, li = pair
    looked = sun.send(sun.open(), goal__value="300,000")
    li.save(note__en="Theirs")
    answer = sun.send(sun.read(looked), "save")
    assert answer.status_code == 409
    assert len(promised(office).versions) == 1


def test_of_two_who_save_at_the_same_moment_one_is_told(office, pair):
    forms = [
        desk.read(desk.send(desk.open(), goal__value=goal))
        for desk, goal in zip(pair, ("300,000", "310,000"), strict=True)
    ]
    answers: list[int] = []
    gate = threading.Barrier(2)

    def save(desk: Desk, form: dict[str, str]) -> None:
        gate.wait()
        answers.append(desk.send(form, "save").status_code)

    threads = [threading.Thread(target=save, args=both) for both in zip(pair, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    assert len(promised(office).versions) == 2


def test_a_target_archived_meanwhile_can_be_brought_back_with_what_was_typed(office, pair):
    sun, li = pair
    mine, li.language = sun.open(), "zh"
    behind_the_back(office, "archive")
    answer = sun.send(mine, goal__value="300,000")
    assert answer.status_code == 409
    assert "was archived while" in answer.text
    assert "已被归档" in li.send(mine, goal__value="300,000").text
    looked = sun.send(sun.read(answer), "restore")
    assert looked.status_code == 200, Page(looked.text).text
    assert sun.send(sun.read(looked), "save").status_code == 303
    assert kept(office).archived_at is None
    assert promised(office).versions[-1].goal.value == Decimal(300000)


@pytest.mark.parametrize("do", ["more:steps", "preview"])
def test_nothing_typed_is_lost_where_the_target_went_away_with_its_indicator(office, do):
    desk = Desk(office.sign_in(Role.EDITOR), ROUTES)
    mine = desk.open() | {"title.en": "half typed"}
    behind_the_back(office, "archive", ROUTES)
    office.configure(Catalogue())
    office.refresh()
    answer = desk.send(mine, do)
    assert answer.status_code == 409
    assert "was archived while you were editing" in Page(answer.text).text
    assert desk.read(answer)["title.en"] == "half typed"
    looked = desk.send(desk.read(answer), "restore")
    assert looked.status_code == 200, Page(looked.text).text
    assert desk.send(desk.read(looked), "save").status_code == 303
    assert promised(office, ROUTES).title.en == "half typed"
    assert desk.browser.get("/wall").status_code == 200


def test_a_target_handed_back_meanwhile_is_shown_again_and_saved_with_what_was_typed(office, pair):
    sun, _ = pair
    mine = sun.open()
    behind_the_back(office, "hand-back")
    answer = sun.send(mine, goal__value="300,000")
    assert answer.status_code == 409
    assert "the file no longer changes it" in answer.text
    looked = sun.send(sun.read(answer))
    assert sun.send(sun.read(looked), "save").status_code == 303
    assert promised(office).managed_by == "web"
    assert promised(office).versions[-1].goal.value == Decimal(300000)


@pytest.mark.parametrize("act", ["archive", "hand-back"])
def test_nothing_is_saved_where_the_target_went_away_after_the_look(office, pair, act):
    sun, _ = pair
    looked = sun.send(sun.open(), goal__value="300,000")
    behind_the_back(office, act)
    answer = sun.send(sun.read(looked), "save")
    assert answer.status_code == 409
    assert sun.read(answer)["goal.value"] == "300,000"
    assert len(promised(office).versions) == 1


def test_giving_up_leaves_theirs(office, pair):
    sun, li = pair
    mine = sun.open()
    li.save(goal__value="310,000")
    answer = sun.send(mine, goal__value="300,000")
    assert f'href="/targets/{TEU}"' in answer.text
    assert promised(office).versions[-1].goal.value == Decimal(310000)


def packed(text: str) -> str:
    return urlsafe_b64encode(zlib.compress(text.encode())).decode()


TAMPERED = {
    "nothing": "",
    "no packing": "[]",
    "no end": packed('{"goal.value": "300,000"}')[:20],
    "half of it": packed("{"),
    "a list": packed("[]"),
    "a number": packed('{"goal.value": 3}'),
    "depth": packed("[" * 50_000),
    "a bomb": packed("x" * 20_000_000),
    "another field": packed('{"other": "1"}'),
    "no letters": "\u7bad" * 40,
}


def test_a_tampered_memory_of_the_form_is_no_error(pair):
    sun, li = pair
    mine = sun.open()
    li.save(goal__value="310,000")
    for name, started in TAMPERED.items():
        assert sun.send(mine, goal__value="300,000", started=started).status_code == 409, name


def test_a_tampered_revision_saves_nothing(office, pair):
    sun, _ = pair
    for expected in ("", "-1", "x", "9" * 40, "1e9"):
        assert sun.send(sun.open(), "save", goal__value="300,000", expected=expected).status_code == 409
    assert len(promised(office).versions) == 1


def test_a_locked_database_saves_nothing_and_keeps_everything_typed(office, pair):
    sun, _ = pair
    looked = sun.send(sun.open(), goal__value="300,000", reason="some words")
    form = sun.read(looked)
    with locked(office):
        answer = sun.send(form, "save")
    assert answer.status_code == 503
    assert "nothing was saved" in Page(answer.text).text
    again = sun.read(answer)
    assert (again["goal.value"], again["reason"]) == ("300,000", "some words")
    assert sun.send(again, "save").status_code == 303
    assert promised(office).versions[-1].goal.value == Decimal(300000)


def test_rows_changed_by_both_go_together():
    was = {"steps.1.id": "a", "steps.1.due": "2025-01-31", "goal.value": "1"}
    theirs = {**was, "steps.1.due": "2025-02-28", "goal.value": "2"}
    yours = {"steps.1.id": "b", "steps.1.due": "2025-01-31", "goal.value": "1"}
    merged = preview.merged(was, theirs, yours)
    assert merged == {"steps.1.id": "b", "steps.1.due": "2025-01-31", "goal.value": "2"}


def test_the_memory_of_a_form_comes_back_as_it_was(office):
    values = Desk(office.sign_in(Role.EDITOR), ROUTES).open()
    said = preview.unpacked(values["started"])
    assert said["steps.4.id"] == "laem-chabang"
    assert preview.unpacked(preview.packed(said)) == said


def test_bringing_back_on_a_locked_database_keeps_everything_typed(office, pair):
    sun, _ = pair
    mine = sun.open()
    behind_the_back(office, "archive")
    refused = sun.read(sun.send(mine, goal__value="300,000"))
    with locked(office):
        answer = sun.send(refused, "restore")
    assert answer.status_code == 503
    assert sun.read(answer)["goal.value"] == "300,000"
    assert kept(office).archived_at is not None
    assert sun.send(sun.read(answer), "restore").status_code == 200


def test_a_target_the_file_gave_up_meanwhile_is_told_and_offers_nothing_it_cannot_do(office):
    desk = Desk(office.sign_in(Role.EDITOR), "cci-financing-2025")
    mine = desk.open()
    with db.reading(office.engine) as session:
        known = catalogue.load(session)
    without = tuple(one for one in known.targets if one.id != "cci-financing-2025")
    now = datetime.now(UTC)
    with db.writing(office.engine, "reload", now=now) as session:
        catalogue.reconcile(session, replace(known, targets=without), now=now)
    office.refresh()
    answer = desk.send(mine, goal__value="2")
    assert answer.status_code == 409
    assert 'value="restore"' not in answer.text
    page = desk.get("/targets/cci-financing-2025/archive")
    assert "This target is archived." in Page(page.text).text
