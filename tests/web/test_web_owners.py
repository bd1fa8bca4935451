"""Owners on the web: where their mail goes, changed by an admin, taken over from the file and handed back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from visitor import Visitor
from web_stage import PASSWORD, Page

from builders import OWNER, indicator, target
from targetwatch.model import Catalogue, Role
from targetwatch.store import accounts, audit, catalogue, db

PLACE = f"/owners/{OWNER.id}"
WANTED = Catalogue(indicators=(indicator(),), targets=(target(), target(id="cargo-2026")))


@pytest.fixture
def desk(stage):
    """A service whose file names one owner of two targets, and an admin who has signed in."""
    one = stage()
    one.configure(WANTED)
    now = datetime.now(UTC)
    with db.writing(one.engine, "test", now=now) as session:
        accounts.add(session, "admin", PASSWORD, role=Role.ADMIN, now=now)
    one.refresh()
    who = Visitor(one.app)
    who.sign_in("admin")
    return one, who


def taken_over(desk):
    one, who = desk
    assert who.submit(PLACE, f"{PLACE}/take-over").headers["location"] == f"{PLACE}?done=owner_taken_over"
    return one, who


def trail(one):
    with db.reading(one.engine) as session:
        return audit.entries(session)


def test_every_owner_is_listed_with_the_address_and_the_number_of_targets(desk):
    _, who = desk
    page = who.page("/owners")
    assert f"{OWNER.name.en} {OWNER.email}" in page.text
    assert " 2 the file" in page.text
    assert "/owners" in who.page("/users").links


def test_what_the_file_manages_is_read_until_it_is_taken_over(desk):
    one, who = desk
    page = who.page(PLACE)
    assert OWNER.email in page.text
    assert not [field for field in page.all("input") if field.get("name") == "email"]
    token = dict(who.form(PLACE, f"{PLACE}/take-over").fields)["csrf"]
    was = {"email_was": OWNER.email, "language_was": OWNER.language}
    forced = who.post(PLACE, {"csrf": token, "email": "x@example.org", "language": "en", **was})
    assert forced.status_code == 409, "nor by a form made by hand"
    assert {entry.kind for entry in trail(one) if entry.actor == "web:admin"} <= {"account"}


def test_an_address_is_changed_for_all_of_an_owners_targets_and_audited(desk):
    one, who = taken_over(desk)
    done = who.submit(PLACE, PLACE, email="new@example.org", language="zh")
    assert done.headers["location"] == f"{PLACE}?done=owner_changed"
    assert "new@example.org" in who.get(f"{PLACE}?done=owner_changed").text
    owned = {target.owner for target in one.holder.current.catalogue.targets}
    assert {(owner.email, owner.language, owner.name) for owner in owned} == {("new@example.org", "zh", OWNER.name)}
    entry = trail(one)[0]
    assert (entry.actor, entry.kind, entry.object) == ("web:admin", "owner", OWNER.id)
    assert (entry.old, entry.new) == (
        {"email": OWNER.email, "language": None},
        {"email": "new@example.org", "language": "zh"},
    )
    said = who.page("/audit?kind=owner").text
    assert OWNER.email in said
    assert "new@example.org" in said
    assert "new@example.org" not in one.client.get("/metrics").text


def test_the_address_stays_when_the_file_is_applied_again_until_it_is_handed_back(desk):
    one, who = taken_over(desk)
    who.submit(PLACE, PLACE, email="new@example.org")
    moved = replace(OWNER, email="file@example.org")
    wanted = replace(WANTED, targets=tuple(replace(one_, owner=moved) for one_ in WANTED.targets))
    one.configure(wanted)
    assert "new@example.org" in who.page("/owners").text
    assert who.submit(PLACE, f"{PLACE}/hand-back").headers["location"] == f"{PLACE}?done=owner_handed_back"
    one.configure(wanted)
    assert "file@example.org" in who.page("/owners").text


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"email": "no address"}, 422, "This is no e-mail address"),
        ({"email": "a@example.org, b@example.org"}, 422, "This is no e-mail address"),
        ({"email": f"{'x' * 250}@example.org"}, 422, "This is no e-mail address"),
        ({"email": "a@example.org\nBcc: b@example.org"}, 422, "This is no e-mail address"),
        ({"language": "de"}, 422, "Choose one of the languages."),
        ({"email": "a@example.org", "email_was": "old@example.org"}, 409, "Somebody else has changed this owner"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_it_and_changes_nothing(desk, values, status, said):
    one, who = taken_over(desk)
    before = len(trail(one))
    refused = who.submit(PLACE, PLACE, **values)
    assert (refused.status_code, said in Page(refused.text).text) == (status, True), Page(refused.text).text
    assert len(trail(one)) == before


def test_an_owner_may_be_left_without_an_address(desk):
    _, who = taken_over(desk)
    assert who.submit(PLACE, PLACE, email="").status_code == 303
    assert "none: no mail is sent" in who.page("/owners").text


def test_an_owner_asks_for_a_summary_and_does_without_again(desk):
    one, who = taken_over(desk)
    for asked in (True, False):
        fields = dict(who.form(PLACE, PLACE).fields)
        fields.pop("digest", None)
        said = who.post(PLACE, fields | ({"digest": "yes"} if asked else {}))
        assert said.status_code == 303, said.text
        with db.reading(one.engine) as session:
            assert catalogue.owner(session, OWNER.id).digest is asked


@pytest.mark.parametrize("path", ["/owners/nobody", "/owners/%00", "/owners/" + "x" * 3000])
def test_an_owner_that_is_not_there_is_not_found(desk, path):
    assert desk[1].get(path).status_code == 404
