"""Answers to mails by their signed links, by an editor at the target's page, and who may take one back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from visitor import Visitor
from web_stage import PASSWORD, Page, Simulated

from builders import OWNER, indicator, reading, target, version
from targetwatch.mail.letter import Links
from targetwatch.model import Catalogue, Role
from targetwatch.store import accounts, audit, catalogue, db, outbox

OLD_KEY, KEY, FOREIGN_KEY = "o" * 40, "k" * 40, "f" * 40
TODAY = datetime.now(UTC).date()
YEAR = version(
    announced=TODAY - timedelta(days=200), start=TODAY - timedelta(days=190), deadline=TODAY + timedelta(days=60)
)
CARGO = target(YEAR)
WANTED = Catalogue(indicators=(indicator(),), targets=(CARGO,))
HELD = f"{TODAY - timedelta(days=190)}..{TODAY - timedelta(days=60)}"


def path_of(act, *about, keys=(OLD_KEY, KEY), day=TODAY):
    made = Links(url="https://x.example", keys=tuple(keys), day=day)
    return getattr(made, act)(*about).removeprefix("https://x.example")


KNOW = path_of("know", OWNER.email, CARGO.id)
UNSUBSCRIBE = path_of("unsubscribe", OWNER.email)


@pytest.fixture
def office(stage):
    """A service that signs with KEY, about one target that lags, and its people."""
    one = stage(TODAY, secret_key=f"{OLD_KEY}\n{KEY}", timezone="UTC")
    one.configure(WANTED)
    one.add(reading(HELD, 20_000, str(TODAY - timedelta(days=30))))
    now = datetime.now(UTC)
    with db.writing(one.engine, "test", now=now) as session:
        accounts.add(session, "editor", PASSWORD, role=Role.EDITOR, title="Li Wei", now=now)
        accounts.add(session, "admin", PASSWORD, role=Role.ADMIN, now=now)
    one.refresh()
    return one


def known(one):
    with db.reading(one.engine) as session:
        return outbox.acknowledgements(session, TODAY)


def unsubscribed(one):
    with db.reading(one.engine) as session:
        return set(outbox.unsubscribed(session))


def trail(one):
    with db.reading(one.engine) as session:
        return audit.entries(session)


def says(one, path=KNOW, **values):
    """Send the form as a mail's reader does, who has no cookie of ours."""
    return Visitor(one.app).post(path, {"until": str(TODAY + timedelta(days=20)), "note": "", **values})


def test_a_scanner_that_opens_every_link_changes_nothing(office):
    before = len(trail(office))
    for path in (KNOW, UNSUBSCRIBE):
        for method in ("GET", "HEAD"):
            assert Visitor(office.app).session.request(method, f"http://testserver{path}").status_code == 200
    assert (known(office), unsubscribed(office), len(trail(office))) == ({}, set(), before)


def test_the_page_of_a_link_says_of_which_target_and_until_when_at_most(office):
    answer = Visitor(office.app, "zh").get(KNOW)
    page = Page(answer.text)
    assert CARGO.title["zh"] in page.text
    (until,) = [field for field in page.all("input") if field.get("name") == "until"]
    assert (until["min"], until["max"]) == (str(TODAY), str(TODAY + timedelta(days=90)))
    assert answer.headers["cache-control"] == "no-store"


def test_who_knows_is_kept_audited_and_shown_with_the_day_and_the_note(office):
    day = TODAY + timedelta(days=20)
    assert says(office, note="  the quay is\nbeing repaired ").headers["location"] == f"{KNOW}?done=known"
    (given,) = known(office).values()
    assert (given.target, given.receiver, given.by) == (CARGO.id, OWNER.email, OWNER.name.en)
    assert (given.note, given.until) == ("the quay is being repaired", day)
    entry = next(one for one in trail(office) if one.kind == "acknowledgement")
    assert (entry.actor, entry.action) == (f"mail:{OWNER.email}", "add")
    visitor = Visitor(office.app)
    for path in (f"/targets/{CARGO.id}", "/", "/wall", KNOW):
        text = visitor.page(path).text
        assert OWNER.name.en in text, path
        assert f"until {day.day} {day:%b}" in text, path
    assert "the quay is being repaired" in visitor.page(f"/targets/{CARGO.id}").text


def test_the_day_until_which_somebody_knows_is_a_metric_and_absent_before(office):
    name = "targetwatch_target_acknowledged_until_timestamp_seconds"
    assert name not in Visitor(office.app).get("/metrics").text
    says(office)
    end = datetime.combine(TODAY + timedelta(days=21), datetime.min.time(), UTC).timestamp() - 1
    assert f'{name}{{target="{CARGO.id}"}} {end:.0f}\n' in Visitor(office.app).get("/metrics").text


def test_a_link_used_twice_keeps_the_last_word_and_the_trail_both(office):
    says(office, note="first")
    says(office, note="second", until=str(TODAY + timedelta(days=5)))
    (given,) = known(office).values()
    assert (given.note, given.until) == ("second", TODAY + timedelta(days=5))
    assert [one.kind for one in trail(office)].count("acknowledgement") == 2


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        ({"until": str(TODAY - timedelta(days=1))}, "Choose a day from today on", "请选择今天起90天以内的日期"),
        ({"until": str(TODAY + timedelta(days=91))}, "at most 90 days ahead", "请选择今天起90天以内的日期"),
        ({"until": "soon"}, "Choose a day", "请选择"),
        ({"until": ""}, "Choose a day", "请选择"),
        ({"note": "x" * 501}, "At most 500 characters fit, there are 501", "最多500个字符，现有501个"),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_is_kept_or_lost(office, said, english, chinese):
    for language, words in (("en", english), ("zh", chinese)):
        answer = Visitor(office.app, language).post(KNOW, {"until": str(TODAY), "note": "kept", **said})
        assert answer.status_code == 422
        assert words in Page(answer.text).text
        assert said.get("note", "kept") in answer.text
    assert known(office) == {}


@pytest.mark.parametrize("until", [TODAY, TODAY + timedelta(days=90)])
def test_today_and_the_ninetieth_day_may_be_chosen(office, until):
    assert says(office, until=str(until)).status_code == 303
    assert known(office)[CARGO.id].until == until


BAD_LINKS = {
    "cut short": (KNOW[:-4], "not one of ours", "不是本服务发出的"),
    "forged": (path_of("know", OWNER.email, CARGO.id, keys=(FOREIGN_KEY,)), "not one of ours", "不是本服务发出的"),
    "of another act": (f"/know/{UNSUBSCRIBE.rpartition('/')[2]}", "not one of ours", "不是本服务发出的"),
    "old": (
        path_of("know", OWNER.email, CARGO.id, day=TODAY - timedelta(days=181)),
        "This link is too old",
        "该链接已过期",
    ),
    "of a target that is gone": (
        path_of("know", OWNER.email, "given-up"),
        "This target is not there any more",
        "该目标已不存在",
    ),
    "of another owner": (
        path_of("know", "somebody@example.org", CARGO.id),
        "This target is somebody else's now",
        "该目标已由他人负责",
    ),
    "to unsubscribe, forged": (f"/unsubscribe/{KNOW.rpartition('/')[2]}", "not one of ours", "不是本服务发出的"),
    "to unsubscribe, old": (
        path_of("unsubscribe", OWNER.email, day=TODAY - timedelta(days=181)),
        "This link is too old",
        "该链接已过期",
    ),
}


@pytest.mark.parametrize("name", BAD_LINKS)
def test_a_link_that_leads_nowhere_says_why_in_both_languages_and_does_nothing(office, name):
    path, english, chinese = BAD_LINKS[name]
    for language, words in (("en", english), ("zh", chinese)):
        visitor = Visitor(office.app, language)
        for answer in (visitor.get(path), visitor.post(path, {"until": str(TODAY), "note": ""})):
            assert answer.status_code == 404
            assert words in Page(answer.text).text
    assert (known(office), unsubscribed(office)) == ({}, set())


def test_a_link_of_an_older_key_and_of_the_last_valid_day_still_answers(office):
    path = path_of("know", OWNER.email, CARGO.id, keys=(OLD_KEY,), day=TODAY - timedelta(days=180))
    assert says(office, path).status_code == 303


def test_without_a_key_in_the_settings_the_one_in_the_database_signs(stage):
    one = stage(TODAY, timezone="UTC")
    one.configure(WANTED)
    one.refresh()
    assert Visitor(one.app).get(KNOW).status_code == 404
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        made = outbox.make_secret_key(session)
    assert Visitor(one.app).get(path_of("know", OWNER.email, CARGO.id, keys=(made,))).status_code == 200


def test_one_click_of_a_mail_client_is_enough_to_unsubscribe(office):
    answer = Visitor(office.app).session.post(
        f"http://testserver{UNSUBSCRIBE}", data={"List-Unsubscribe": "One-Click"}, allow_redirects=False
    )
    assert answer.status_code == 200
    assert unsubscribed(office) == {OWNER.email}
    (entry,) = [one for one in trail(office) if one.kind == "unsubscription"]
    assert (entry.actor, entry.action) == (f"mail:{OWNER.email}", "add")


def test_a_person_unsubscribes_by_a_button_and_once_more_changes_nothing(office):
    visitor = Visitor(office.app)
    shown = visitor.get(UNSUBSCRIBE)
    assert "would get no reminders" in Page(shown.text).text
    for _ in range(2):
        assert "gets no reminders and summaries any more" in Page(visitor.submit(shown, UNSUBSCRIBE).text).text
    assert "gets no reminders" in visitor.page(UNSUBSCRIBE).text
    assert [one.kind for one in trail(office)].count("unsubscription") == 1


def test_an_admin_sees_who_unsubscribed_and_lets_mails_go_there_again(office):
    Visitor(office.app).post(UNSUBSCRIBE)
    admin = Visitor(office.app)
    admin.sign_in("admin")
    for path in ("/owners", f"/owners/{OWNER.id}"):
        assert "reminders and summaries" in admin.page(path).text
    assert OWNER.email in admin.page("/owners").text
    answer = admin.submit(f"/owners/{OWNER.id}", "/unsubscribed")
    assert answer.headers["location"] == "/owners?done=resubscribed"
    assert unsubscribed(office) == set()
    assert "Send them again" not in admin.page(f"/owners/{OWNER.id}").text
    assert "reminders and summaries go to port@example.org again" in admin.page("/audit").text


def test_an_editor_says_it_at_the_targets_page_under_their_own_name(office):
    editor = Visitor(office.app)
    editor.sign_in("editor")
    place = f"/targets/{CARGO.id}/know"
    assert place in editor.page(f"/targets/{CARGO.id}").links
    answer = editor.submit(place, place, until=str(TODAY + timedelta(days=9)), note="asked the port")
    assert answer.headers["location"] == f"{place}?done=known"
    assert known(office)[CARGO.id].by == "Li Wei"
    assert next(one for one in trail(office) if one.kind == "acknowledgement").actor == "web:editor"
    assert "asked the port" in editor.page("/audit").text


def test_nothing_is_kept_on_a_simulated_clock(stage):
    one = stage(simulation=Simulated(date(2025, 7, 1), date(2025, 7, 1)), secret_key=KEY, timezone="UTC")
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.refresh()
    path = path_of("know", OWNER.email, "cargo-2025", keys=(KEY,))
    assert Visitor(one.app).post(path, {"until": str(TODAY)}).status_code == 409
    assert Visitor(one.app).post(path_of("unsubscribe", OWNER.email, keys=(KEY,))).status_code == 409
    assert (known(one), unsubscribed(one)) == ({}, set())


def test_an_owner_who_moved_to_another_address_answers_by_newer_links_only(office):
    with db.writing(office.engine, "test", now=datetime.now(UTC)) as session:
        catalogue.take_over(session, OWNER.id, kind="owner")
    with db.writing(office.engine, "test", now=datetime.now(UTC)) as session:
        catalogue.save_item(session, replace(OWNER, email="new@example.org"))
    office.refresh()
    assert Visitor(office.app).get(KNOW).status_code == 404
    assert Visitor(office.app).get(path_of("know", "new@example.org", CARGO.id)).status_code == 200
