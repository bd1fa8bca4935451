"""An indicator's page draws its figures; its form changes what people read of it, and nothing of what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from edit_stage import Form, edit_stage, errors
from web_stage import Browser, Page, Stage

from targetwatch.errors import ManagedElsewhereError
from targetwatch.model import Indicator, Role, Text
from targetwatch.store import audit, catalogue, db

NAME = "ilstc-volume"
PATH = f"/indicators/{NAME}/edit"


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file) as stage:
        yield stage


@pytest.fixture
def editor(office: Stage) -> Browser:
    return office.sign_in(Role.EDITOR)


def kept(stage: Stage, name: str = NAME) -> Indicator:
    """Return an indicator as it is kept."""
    with db.reading(stage.engine) as session:
        return next(one for one in catalogue.load(session).indicators if one.id == name)


def opened(editor: Browser, path: str = PATH) -> dict[str, str]:
    """Return what stands in the form."""
    values = Form(editor.get(path).text, path).values
    values.pop("csrf")
    return values


def save(editor: Browser, path: str = PATH, **changes: str) -> str:
    """Fill in, look, save from the look; return where it leads."""
    said = {name.replace("__", "."): text for name, text in changes.items()}
    looked = editor.post(path, opened(editor, path) | said | {"do": "preview"})
    assert looked.status_code == 200, errors(looked)
    done = editor.post(path, Form(looked.text, path).values | {"do": "save"})
    assert done.status_code == 303, Page(done.text).text
    return done.headers["location"]


@pytest.fixture
def taken(office: Stage, editor: Browser) -> Stage:
    """Return a stage on which the web manages the indicator."""
    with db.writing(office.engine, "web:a-editor", now=datetime.now(UTC)) as session:
        catalogue.take_over(session, NAME, kind="indicator")
    office.refresh()
    return office


def test_its_figures_are_drawn_with_every_value_to_be_read(client):
    page = client.get(f"/indicators/{NAME}").text
    drawings = re.findall(r'<svg class="chart chart-(\w+)"', page)
    assert drawings == ["wide", "middle", "narrow"]
    assert len(re.findall(r'class="spot', page)) > 20


def test_one_figure_is_no_course_and_is_not_drawn(client):
    page = client.get("/indicators/land-sea-volume-2020-mislabelled").text
    assert '<svg class="chart' not in page


def test_what_the_file_manages_is_the_webs_once_a_change_is_saved(office, editor):
    page = editor.get(PATH).text
    assert "the file no longer changes it" in Page(page).text
    assert kept(office).managed_by == "file"
    save(editor, indicators__title__en="Other")
    assert (kept(office).title.en, kept(office).managed_by) == ("Other", "web")


def test_what_people_read_of_it_is_changed_under_their_name(taken, editor):
    before = kept(taken)
    where = save(
        editor,
        indicators__title__en="Cargo of the corridor",
        indicators__unit_label__en="boxes",
        indicators__scope__en="All modes.",
        indicators__release__lag="20",
        indicators__highest="30万",
        indicators__steward__name__en="Statistics desk",
        indicators__steward__email="desk@example.org",
        reason="a clearer name",
    )
    after = kept(taken)
    assert where.partition("&")[0] == f"/indicators/{NAME}?done=saved"
    assert (after.title.en, after.unit_label.en, after.scope.en) == ("Cargo of the corridor", "boxes", "All modes.")
    assert (after.release.lag, after.highest) == (20, Decimal(300000))
    assert after.steward is not None
    assert after.steward.email == "desk@example.org"
    assert (after.unit, after.measure, after.id) == (before.unit, before.measure, before.id)
    with db.reading(taken.engine) as session:
        last = audit.entries(session, object_id=NAME, limit=1)[0]
    assert (last.actor, last.reason) == ("web:a-editor", "a clearer name")


def test_a_form_sent_back_as_it_came_changes_nothing(taken, editor):
    answer = editor.post(PATH, opened(editor) | {"do": "save"})
    assert answer.status_code == 422
    assert "Nothing has been changed" in Page(answer.text).text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(taken, editor):
    typed = {
        "indicators.title.en": "",
        "indicators.title.zh": "",
        "indicators.release.calendar": "Atlantis",
        "indicators.lowest": "many",
        "indicators.steward.name.en": "Desk",
        "indicators.steward.email": "nowhere",
        "indicators.note.en": "kept",
    }
    answer = editor.post(PATH, opened(editor) | typed | {"do": "save"})
    assert answer.status_code == 422
    assert errors(answer).keys() == {
        "indicators.title.en",
        "indicators.release.calendar",
        "indicators.lowest",
        "indicators.steward.email",
    }
    assert Form(answer.text, PATH).values["indicators.note.en"] == "kept"


def test_unit_and_measure_cannot_be_changed_even_by_who_sends_them(taken, editor):
    before = kept(taken)
    sent = opened(editor) | {"indicators.unit": "tonnes", "indicators.id": "other", "indicators.note.en": "x"}
    editor.post(PATH, sent | {"do": "save"})
    assert (kept(taken).unit, kept(taken).note.en) == (before.unit, "x")


def test_another_authority_shows_which_targets_would_be_judged_otherwise(taken, editor):
    answer = editor.post(PATH, opened(editor) | {"indicators.authority": "xinhua", "do": "preview"})
    assert answer.status_code == 200
    assert re.search(r'href="/targets/ilstc-volume-2025">.*?→', answer.text)
    assert kept(taken).authority != "xinhua"


def test_two_people_at_once_lose_nothing(taken, editor):
    mine = opened(editor)
    save(editor, indicators__note__en="theirs")
    answer = editor.post(PATH, mine | {"indicators.title.en": "Mine", "do": "save"})
    assert answer.status_code == 409
    merged = Form(answer.text, PATH).values
    assert (merged["indicators.title.en"], merged["indicators.note.en"]) == ("Mine", "theirs")
    assert kept(taken).title.en != "Mine"
    assert editor.post(PATH, merged | {"do": "save"}).status_code == 303
    assert (kept(taken).title.en, kept(taken).note.en) == ("Mine", "theirs")


def test_handed_back_the_file_decides_again(taken, editor):
    assert editor.post(PATH, {"do": "hand-back"}).status_code == 303
    assert kept(taken).managed_by == "file"
    with (
        pytest.raises(ManagedElsewhereError),
        db.writing(taken.engine, "test", now=datetime.now(UTC)) as session,
    ):
        catalogue.save_item(session, replace(kept(taken), note=Text(en="x", zh="x")))


@pytest.mark.parametrize("name", ["ilstc-volume-annual", "regular-routes"])
def test_a_computed_one_and_one_of_steps_have_a_form_too(office, editor, name):
    before, path = kept(office, name), f"/indicators/{name}/edit"
    save(editor, path, indicators__note__en="seen")
    assert kept(office, name) == replace(before, note=replace(before.note, en="seen"), managed_by="web")


def test_a_viewer_may_not(office):
    assert office.sign_in(Role.VIEWER).get(PATH).status_code == 403
