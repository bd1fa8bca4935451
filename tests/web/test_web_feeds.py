"""What is subscribed to by an address alone, what other sites may show in a frame, and what is taken away whole."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from web_stage import Page, known_as_of

from builders import indicator, reading, target
from commands import command
from targetwatch.model import Catalogue, Role, Scope, StatusChange
from targetwatch.store import accounts, db, keys, statuses
from targetwatch.store import readings as stored
from targetwatch.watch import keep

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://example.org"
CLOSED = {"public_pages": False, "public_api": False}
FEEDS = ("/feeds/status.atom", "/feeds/calendar.ics", "/embed/cargo-2025")


@pytest.fixture
def cargo(stage):
    def made(**said):
        one = stage(**said)
        one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
        numbers = one.add(
            reading("2025-01-01..2025-06-30", 154600, "2025-07-17", note="=cmd", quote="运输，15.46万标箱"),
            reading("2025-01-01..2025-03-31", "-70000.50", "2025-04-17"),
        )
        now = datetime.now(UTC)
        with db.reading(one.engine) as session:
            taken = one.watch.refresh(session, known_as_of(one.today), taken_at=now)
        with db.writing(one.engine, "test", now=now) as session:
            keep(session, taken.changes)
            stored.withdraw(session, numbers[1], reason="typed wrongly", now=now)
        one.refresh()
        return one

    return made


def token(one, scope):
    now = datetime.now(UTC)
    with db.writing(one.engine, "test", now=now) as session:
        if "reader" not in {user.name for user in accounts.load(session)}:
            accounts.add(session, "reader", "correct horse battery", role=Role.VIEWER, now=now)
        until = now + timedelta(days=1)
        return keys.issue(session, "reader", title="feed", scope=scope, expires_at=until, now=now)


def kept(one):
    with db.reading(one.engine) as session:
        return statuses.load(session)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_feed_tells_each_change_of_status_the_newest_first(cargo, language):
    one = cargo(external_url="https://targets.example.org")
    answer = one.client.get(f"/feeds/status.atom?lang={language}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    changes = list(reversed(kept(one)))
    assert len(entries) == len(changes) > 1
    moments = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert [moment[:10] for moment in moments] == [str(change.on) for change in changes]  # its past, not news of today
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == len(entries)
    assert entries[0].find(f"{ATOM}link").get("href") == "https://targets.example.org/targets/cargo-2025"
    assert target().title[language] in entries[0].find(f"{ATOM}title").text


def noticed(one, at):
    with db.reading(one.engine) as session:
        taken = one.watch.refresh(session, known_as_of(one.today), taken_at=at)
    with db.writing(one.engine, "test", now=at) as session:
        keep(session, taken.changes)
    one.holder.swap(taken.snapshot)


def entries_of(one):
    feed = etree.fromstring(one.client.get("/feeds/status.atom?lang=en").content)
    told = ("id", "title", "published", "updated")
    return [tuple(entry.find(f"{ATOM}{name}").text for name in told) for entry in feed.findall(f"{ATOM}entry")]


def test_what_an_undone_figure_said_is_told_as_taken_back_under_the_id_it_had(cargo):
    one, now = cargo(), datetime.now(UTC)
    noticed(one, now)
    before = entries_of(one)
    (number,) = one.add(reading("2025-01-01..2025-08-31", 300000, "2025-07-18"))
    noticed(one, now + timedelta(hours=1))
    (name, title, published, updated), *rest = entries_of(one)
    assert rest == before
    assert title == f"{target().title.en}: Achieved"
    assert published == updated == f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    with db.writing(one.engine, "test", now=now + timedelta(hours=2)) as session:
        stored.withdraw(session, number, reason="typed wrongly", now=now + timedelta(hours=2))
    noticed(one, now + timedelta(hours=2))
    again, gone, *rest = entries_of(one)
    assert rest == before
    assert gone == (name, f"{title[:-8]}Taken back: Achieved", published, again[3])
    assert again[1] == before[0][1]
    assert again[3] == f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"
    history = etree.HTML(one.client.get("/targets/cargo-2025").text).iterfind(".//ol[@class='history']/li")
    told = ["".join(entry.itertext()) for entry in history]
    assert [("Taken back: " in said) for said in told if "Achieved" in said] == [True]
    assert any("Taken back: " not in said for said in told)


def test_the_calendar_holds_the_deadline_and_the_next_release_in_lines_that_are_short_enough(cargo):
    answer = cargo().client.get("/feeds/calendar.ics?lang=zh")
    assert answer.headers["content-type"].startswith("text/calendar")
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    whole = answer.text.replace("\r\n ", "")
    assert "UID:deadline-cargo-2025@targetwatch" in whole
    assert "DTSTART;VALUE=DATE:20251231" in whole
    assert "UID:release-cargo@targetwatch" in whole
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == 2


def test_whoever_reads_the_targets_finds_both_in_their_language_and_so_does_a_program(cargo):
    one = cargo()
    page = Page(one.client.get("/", headers={"accept-language": "zh"}).text)
    offered = {found["href"] for found in page.all("link") if found.get("rel") == "alternate"}
    assert offered == {f"{path}?lang=zh" for path in FEEDS[:2]}
    assert offered <= set(page.links)
    for path in offered:
        assert one.client.get(path).status_code == 200


@pytest.mark.parametrize("path", FEEDS)
def test_where_pages_are_not_public_only_a_token_for_feeds_opens_it_until_it_is_revoked(cargo, path):
    one = cargo(**CLOSED)
    (made, secret), (_, reads) = token(one, Scope.FEED), token(one, Scope.READ)
    assert one.client.get(path).status_code == 401
    assert one.client.get(f"{path}?token={reads}").status_code == 401
    assert one.client.get(f"{path}?token={secret}").status_code == 200
    for closed in ("/api/v1/targets", "/export/readings.csv", "/api/v1/held"):
        assert one.client.get(closed, headers={"authorization": f"Bearer {secret}"}).status_code == 401
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.revoke(session, made.id, now=datetime.now(UTC))
    assert one.client.get(f"{path}?token={secret}").status_code == 401


def test_a_card_is_framed_by_the_origins_named_and_every_other_page_by_nobody(cargo):
    one = cargo(embed_origins=f"{SITE}, http://intranet:8080")
    card = one.client.get("/embed/cargo-2025")
    assert card.status_code == 200
    assert f"frame-ancestors {SITE} http://intranet:8080" in card.headers["content-security-policy"]
    assert "x-frame-options" not in card.headers
    for path in ("/", "/targets/cargo-2025", "/wall", "/embed/nothing", "/feeds/status.atom", "/api/v1/targets"):
        answer = one.client.get(path)
        assert answer.headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


def test_without_origins_a_card_is_framed_by_nobody(cargo):
    card = cargo().client.get("/embed/cargo-2025")
    assert (card.status_code, card.headers["x-frame-options"]) == (200, "DENY")
    assert "frame-ancestors 'none'" in card.headers["content-security-policy"]


@pytest.mark.parametrize(("said", "told"), [({"embed_origins": SITE}, SITE), ({}, "TARGETWATCH_EMBED_ORIGINS")])
def test_the_page_of_a_target_says_how_another_page_shows_it(cargo, said, told):
    one = cargo(external_url="http://targets.example.org", **said)
    page = one.sign_in().get("/targets/cargo-2025").text
    assert "&lt;iframe src=&#34;" not in page  # it is to be copied as it stands
    assert '&lt;iframe src="http://targets.example.org/embed/cargo-2025?lang=en"' in page
    assert told in page
    assert ("/embed/cargo-2025" in one.client.get("/targets/cargo-2025").text) is bool(said)


def test_a_card_reads_no_cookie_and_sets_none(cargo):
    one = cargo(embed_origins=SITE)
    told = [
        one.client.get("/embed/cargo-2025", headers={"cookie": said})
        for said in ("targetwatch_lang=zh", f"targetwatch_session={one.sign_in().secret}", "x=y")
    ]
    assert len({answer.text for answer in told}) == 1
    assert all("set-cookie" not in answer.headers for answer in told)
    chinese = one.client.get("/embed/cargo-2025?lang=zh")
    assert target().title.zh in chinese.text != told[0].text
    closed = cargo(embed_origins=SITE, **CLOSED)
    assert closed.sign_in().get("/embed/cargo-2025").status_code == 401


@pytest.mark.parametrize("said", ["example.org", "https://example.org/", "https://a.org; script-src *", "https://*"])
def test_what_is_no_origin_is_refused(said):
    done = command("sqlite:////tmp/none.db", "db", "upgrade", TARGETWATCH_EMBED_ORIGINS=said)
    assert done.status != 0
    assert "is no origin" in done.err


@pytest.mark.parametrize("way", ["web", "command"])
def test_every_reading_and_status_is_taken_away_whole(cargo, way):
    one = cargo()

    def taken(what, form):
        if way == "web":
            answer = one.client.get(f"/export/{what}.{form}")
            assert answer.status_code == 200
            assert answer.content.startswith("\ufeff".encode()) is (form == "csv")  # what a spreadsheet wants
            return answer.content.decode("utf-8-sig")
        done = command(one.settings.database_url, "export", f"--{what}", "--format", form)
        assert done.status == 0, done.err
        return done.out

    rows = list(csv.DictReader(io.StringIO(taken("readings", "csv"))))
    assert [row["value"] for row in rows] == ["-70000.5", "154600"] or [row["value"] for row in rows] == [
        "154600",
        "-70000.5",
    ]
    assert {row["unit"] for row in rows} == {"TEU"}
    assert {row["note"] for row in rows} == {"'=cmd", ""}
    assert sorted(bool(row["withdrawn_at"]) for row in rows) == [False, True]
    lines = [json.loads(line) for line in taken("readings", "jsonl").splitlines()]
    assert {line["note"] for line in lines} == {"=cmd", ""}
    changes = [json.loads(line) for line in taken("statuses", "jsonl").splitlines()]
    assert [(one["target"], one["new"], one["on"]) for one in changes] == [
        (change.target, change.new.value, str(change.on)) for change in kept(one)
    ]
    assert all(change["sentence_en"] and change["sentence_zh"] for change in changes)
    assert len(taken("statuses", "csv").splitlines()) == len(changes) + 1


@pytest.mark.parametrize(
    ("language", "first", "states", "basis"),
    [
        ("en", "Standing", ["in force", "revised since", "withdrawn"], "year to date"),
        ("zh", "状态", ["有效", "已被修订", "已撤回"], "年初累计"),
    ],
)
def test_a_person_takes_away_the_figures_in_their_language_what_counts_first(cargo, language, first, states, basis):
    one = cargo()
    one.add(reading("2025-01-01..2025-06-30", 154700, "2025-08-01"))
    answer = one.client.get(f"/export/readings.csv?lang={language}")
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert next(iter(rows[0])) == first
    assert [row[first] for row in rows] == states
    assert [row[list(rows[0])[4]] for row in rows] == ["154700", "154600", "-70000.5"]
    assert {tuple(row.values())[1] for row in rows} == {indicator().title[language]}
    assert {tuple(row.values())[3] for row in rows} == {basis}
    home = Page(one.client.get("/", headers={"accept-language": language}).text)
    assert f"/export/readings.csv?lang={language}" in home.links


def test_more_statuses_than_fit_one_reading_are_all_taken(cargo):
    one = cargo()
    with db.reading(one.engine) as session:
        last = statuses.load(session)[-1]
    others = [name for name in type(last.new) if name is not last.new][:2]
    many = [replace(last, old=others[number % 2 - 1], new=others[number % 2], on=last.on) for number in range(1200)]
    assert isinstance(many[0], StatusChange)
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        statuses.append(session, many)
    assert len(one.client.get("/export/statuses.jsonl").text.splitlines()) == len(kept(one)) > 1200
