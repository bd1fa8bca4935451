"""A source's form: fields and YAML are one description, what is wrong is said at its place, a save can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from edit_stage import Form, edit_stage, errors
from web_stage import Browser, Page, Stage

from targetwatch.model import FetchedDocument, Role, Source
from targetwatch.store import audit, catalogue, db, documents

NAME = "zones"
PATH = f"/sources/{NAME}/edit"


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file) as stage:
        yield stage


@pytest.fixture
def admin(office: Stage) -> Browser:
    return office.sign_in(Role.ADMIN)


@pytest.fixture
def taken(office: Stage, admin: Browser) -> Stage:
    """Return a stage on which the web manages the source."""
    with db.writing(office.engine, "web:an.admin", now=datetime.now(UTC)) as session:
        catalogue.take_over(session, NAME, kind="source")
    return office


def kept(stage: Stage) -> Source:
    """Return the source as it is kept."""
    with db.reading(stage.engine) as session:
        return next(one for one in catalogue.load(session).sources if one.id == NAME)


def opened(admin: Browser, path: str = PATH) -> dict[str, str]:
    """Return what stands in the form."""
    values = Form(admin.get(path).text, PATH).values
    values.pop("csrf")
    return values


def test_only_an_admin_may(office):
    for role in (Role.VIEWER, Role.EDITOR):
        assert office.sign_in(role).get(PATH).status_code == 403
        assert office.sign_in(role).post(PATH, {"do": "hand-back"}).status_code == 403
    assert kept(office).managed_by == "file"


def test_what_the_file_manages_is_the_webs_once_saved_and_the_files_again_once_undone(office, admin):
    before = kept(office)
    assert "the file no longer changes it" in admin.page(PATH).text
    saved = admin.post(PATH, opened(admin) | {"schedule": "0 9 * * 1", "do": "save"})
    assert (kept(office).managed_by, kept(office).schedule) == ("web", "0 9 * * 1")
    undo = f"/sources/{NAME}/undo"
    sent = Form(admin.get(saved.headers["location"]).text, undo).values
    assert admin.post(undo, sent).headers["location"] == "/sources?done=undone"
    assert kept(office) == before
    assert admin.post(undo, sent).status_code == 409, "once is enough"


def test_a_field_that_is_changed_is_written_into_the_description(taken, admin):
    answer = admin.post(PATH, opened(admin) | {"schedule": "0 9 * * 1", "why": "weekly now", "do": "save"})
    assert answer.headers["location"].partition("&")[0] == f"/sources/{NAME}?done=saved"
    assert kept(taken).schedule == "0 9 * * 1"
    assert "schedule: 0 9 * * 1" in opened(admin)["text"]
    with db.reading(taken.engine) as session:
        last = audit.entries(session, object_id=NAME, limit=1)[0]
    assert (last.actor, last.reason, last.new) == ("web:a-admin", "weekly now", {"schedule": "0 9 * * 1"})


def test_what_is_written_in_the_description_stands_in_the_fields(taken, admin):
    values = opened(admin)
    text = values["text"].replace("schedule: 9 9 * * *", "schedule: 0 * * * *")
    assert admin.post(PATH, values | {"text": text, "do": "save"}).status_code == 303
    assert opened(admin)["schedule"] == "0 * * * *"


def test_both_at_once_count_both(taken, admin):
    values = opened(admin)
    text = values["text"] + "steward: {name: {en: Desk, zh: 科}, email: desk@example.org}\n"
    assert admin.post(PATH, values | {"text": text, "schedule": "", "do": "save"}).status_code == 303
    assert kept(taken).schedule == ""
    assert kept(taken).steward.email == "desk@example.org"


def test_switched_off_it_stays_described(taken, admin):
    values = opened(admin)
    del values["enabled"]
    admin.post(PATH, values | {"do": "save"})
    assert not kept(taken).enabled
    assert "enabled" not in opened(admin)
    admin.post(PATH, opened(admin) | {"enabled": "yes", "do": "save"})
    assert kept(taken).enabled


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("9 9 * * *", "9 9 * * 9", "schedule", "9"),
        ("options:", "option:", "text", "Line 5: "),
        ("path: readings/zones.csv", "path: [", "text", "Line "),
        ("id: zones", "id: others", "text", "The short name stays zones"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_lost(taken, admin, old, new, field, said):
    values = opened(admin)
    typed = values["text"].replace(old, new)
    answer = admin.post(PATH, values | {"text": typed, "do": "save"})
    assert answer.status_code == 422
    assert said in errors(answer)[field]
    assert Form(answer.text, PATH).values["text"].strip() == typed.strip()
    assert kept(taken).schedule == "9 9 * * *"


def test_an_earlier_description_can_be_looked_at_and_restored(taken, admin):
    first = opened(admin)["text"]
    for line in ("0 9 * * 1", "0 * * * *"):
        admin.post(PATH, opened(admin) | {"schedule": line, "do": "save"})
    numbers = re.findall(rf"{PATH}\?version=(\d+)", admin.get(PATH).text)
    assert len(numbers) == 2
    earlier = opened(admin, f"{PATH}?version={numbers[-1]}")
    assert earlier["text"] == first
    assert admin.post(PATH, earlier | {"do": "save"}).status_code == 303
    assert opened(admin)["text"] == first
    assert len(re.findall(rf"{PATH}\?version=(\d+)", admin.get(PATH).text)) == 3


def test_two_people_at_once_lose_nothing(taken, admin):
    mine = opened(admin)
    admin.post(PATH, opened(admin) | {"schedule": "0 9 * * 1", "do": "save"})
    answer = admin.post(PATH, mine | {"schedule": "0 * * * *", "do": "save"})
    assert answer.status_code == 409
    assert Form(answer.text, PATH).values["schedule"] == "0 * * * *"
    assert kept(taken).schedule == "0 9 * * 1"
    assert admin.post(PATH, Form(answer.text, PATH).values | {"do": "save"}).status_code == 303
    assert kept(taken).schedule == "0 * * * *"


def test_handed_back_the_file_decides_again(taken, admin):
    admin.post(PATH, {"do": "hand-back"})
    assert kept(taken).managed_by == "file"
    assert "Handed back to the configuration file." in admin.page(f"{PATH}?done=target_handed_back").text


SECRETS = (
    "headers: {Authorization: Bearer abc}",
    "query: {api_key: abc}",
    "oauth2: {token_url: 'https://a.org', client_id: x, client_secret: abc}",
)


@pytest.mark.parametrize("line", SECRETS)
def test_no_secret_is_written_out(taken, admin, line):
    text = f"id: zones\nkind: document\nfetch: {{http: {{url: 'https://a.org/x', {line}}}}}\ndecode: csv\n"
    answer = admin.post(PATH, opened(admin) | {"text": text, "do": "save"})
    assert answer.status_code == 422
    assert "A secret is written out" in errors(answer)["text"]


def test_a_secret_of_the_file_is_hidden_and_a_variable_not_given_is_refused(taken, admin):
    kept_as = Source(
        id=NAME,
        kind="http_json",
        options={"url": "https://a.org", "headers": {"Authorization": "Bearer abc"}, "fields": {}},
        managed_by="web",
    )
    with db.writing(taken.engine, "test", now=datetime.now(UTC)) as session:
        catalogue.save_item(session, kept_as)
    page = admin.get(PATH).text
    assert "Bearer abc" not in page
    values = Form(page, PATH).values
    typed = values["text"].replace("•••", '"${HOME}"')
    refused = admin.post(PATH, values | {"text": typed, "do": "save"})
    assert refused.status_code == 422
    assert "${HOME} is not given to sources made on the web" in Page(refused.text).text


def test_the_documents_of_others_are_not_shown(office, admin):
    document = FetchedDocument(data=b"Month,TEU\n2024-01,5\n", name="a.csv")
    now = datetime.now(UTC)
    with db.writing(office.engine, "test", now=now) as session:
        documents.keep(session, "draft of somebody", [document], now=now)
        (one,) = documents.last(session, "draft of somebody")
    said = {"documents": str(one.id), "text": "id: a\nkind: document\nfetch: upload\ndecode: csv\n", "do": "look"}
    assert "2024-01" not in admin.post("/new-source", said).text


def test_a_form_sent_back_as_it_came_changes_nothing(taken, admin):
    answer = admin.post(PATH, opened(admin) | {"do": "save"})
    assert answer.status_code == 422
    assert "Nothing has been changed" in Page(answer.text).text
