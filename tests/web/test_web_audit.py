"""The page of the audit trail: entries in words, filters, pages, export, the chain verified."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from web_stage import Browser, Simulated, Stage

from builders import PUBLISHER, goal, indicator, reading, target, version
from targetwatch.model import Catalogue, Publisher, Role, Scope, Source, Text
from targetwatch.model.people import PROGRAMS, Way
from targetwatch.model.problem import Problem
from targetwatch.store import accounts, audit, catalogue, db, keys
from targetwatch.store import readings as stored
from targetwatch.store.audit.subjects import subjects_of
from targetwatch.web import access
from targetwatch.web.audit import routes
from targetwatch.web.audit.routes import cell

JULY = datetime(2025, 7, 1, 4, tzinfo=UTC)
SECRET = "hunter2-very-secret"
WANTED = Catalogue(
    publishers=(Publisher(id=PUBLISHER, title=Text("Statistics Office", "统计局")),),
    indicators=(indicator(),),
    targets=(target(version(goal(above=270000), baseline=251800)),),
)


@pytest.fixture
def desk(stage: Callable[..., Stage]) -> Stage:
    """A target of more than 270,000 TEU, configured by the file."""
    made = stage(date(2025, 11, 3))
    reconcile(made, WANTED, actor="serve")
    made.refresh()
    return made


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[Stage]:
    """A trail of several people and programs, for whoever adds nothing to it."""
    one = Stage(Path(shutil.copy(empty_file, tmp_path_factory.mktemp("lived") / "own.db")), date(2025, 11, 3))
    reconcile(one, WANTED, actor="serve")
    one.refresh()
    raise_goal(one)
    record(one, "ingest:port", reading("2025-01-01..2025-06-30", 5, "2025-07-20"), now=JULY + timedelta(days=2))
    with db.writing(one.engine, "oidc:li", now=JULY - timedelta(days=40)) as session:
        accounts.add(session, "li", SECRET, role=Role.EDITOR, now=JULY)
    with db.writing(one.engine, "api:li/3", now=JULY - timedelta(days=40)) as session:
        stored.hold(session, reading("2024", 9, "2026-01-20"), Problem("It is odd."), now=JULY)
    yield one
    one.close()


def reconcile(desk: Stage, wanted: Catalogue, *, actor: str, reason: str = "", now: datetime = JULY) -> None:
    with db.writing(desk.engine, actor, reason=reason, now=now) as session:
        catalogue.reconcile(session, wanted, now=now, correct=bool(reason))


def raise_goal(desk: Stage) -> None:
    (old,) = WANTED.targets
    second = replace(
        old.versions[0], number=2, effective=date(2025, 7, 1), goal=goal(above=300000), reason="the city announced more"
    )
    raised = replace(WANTED, targets=(replace(old, versions=(*old.versions, second)),))
    reconcile(desk, raised, actor="web:sun", reason="the city announced more")


def record(desk: Stage, actor: str, *readings: object, now: datetime = JULY) -> None:
    with db.writing(desk.engine, actor, now=now) as session:
        stored.add(session, readings)  # type: ignore[arg-type]


def viewer(desk: Stage) -> Browser:
    return desk.sign_in(Role.VIEWER, "wei")


def test_a_changed_goal_is_told_with_both_goals_the_day_and_the_reason(lived: Stage) -> None:
    page = viewer(lived).page("/audit?kind=target_version")
    assert (
        "sun changed the goal of Cargo in 2025: more than 270,000 TEU → more than 300,000 TEU, from 1 Jul 2025"
        in page.text
    )
    assert "Reason: the city announced more" in page.text
    assert "Goal more than 270,000 TEU more than 300,000 TEU" in page.text
    assert "serve" not in page.text.split("Entries")[1]
    assert "entered the promise of Cargo in 2025: more than 270,000 TEU" in page.text
    assert "Baseline 251,800 TEU (2024)" in page.text
    chinese = viewer(lived).page("/audit?kind=target_version", "zh").text
    assert "将2025年货运量的目标值由超过27万标箱改为超过30万标箱，自2025年7月1日起" in chinese


def test_a_correction_of_a_version_is_told_as_one(desk: Stage) -> None:
    (old,) = WANTED.targets
    fixed = replace(old.versions[0], deadline=date(2026, 1, 31))
    corrected = replace(WANTED, targets=(replace(old, versions=(fixed,)),))
    reconcile(desk, corrected, actor="reload", reason="the deadline was misread")
    page = viewer(desk).page("/audit?kind=target_version")
    assert "The configuration files corrected deadline of Cargo in 2025 (version 1)" in page.text
    assert "Deadline 31 Dec 2025 31 Jan 2026" in page.text


def test_one_changed_field_is_told_in_the_sentence(desk: Stage) -> None:
    reconcile(desk, replace(WANTED, indicators=(indicator(highest=Decimal(500000)),)), actor="cli:li")
    page = viewer(desk).page("/audit?kind=indicator")
    assert "li (command line) changed highest plausible value of the indicator Cargo: empty → 500,000 TEU" in page.text


def test_what_is_taken_out_of_the_file_is_told_as_archived_and_put_back_as_brought_back(desk: Stage) -> None:
    reconcile(desk, replace(WANTED, targets=()), actor="reload")
    reconcile(desk, WANTED, actor="reload")
    text = viewer(desk).page("/audit?kind=target").text
    assert "The configuration files archived the target Cargo in 2025" in text
    assert "The configuration files brought the target Cargo in 2025 back" in text


def test_a_reading_is_told_with_its_figure_and_leads_to_its_page(desk: Stage) -> None:
    record(desk, "ingest:port", reading("2025-01-01..2025-06-30", 154600, "2025-07-20"))
    page = viewer(desk).page("/audit?kind=reading")
    assert "Source port recorded Cargo, 154,600 TEU, Jan–Jun 2025 (year to date), published 20 Jul 2025" in page.text
    assert "/readings/1" in page.links


def test_a_batch_of_readings_unfolds_and_a_large_one_shows_the_first(desk: Stage) -> None:
    many = [reading(f"2020-01-01..2020-01-{day:02}", day, "2020-02-20") for day in range(1, 32)]
    more = [reading(f"2020-01-01..2020-03-{day:02}", 100 + day, "2020-04-20") for day in range(1, 32)]
    record(desk, "ingest:port", *many, *more)
    record(desk, "ingest:port", *(reading(f"2021-01-01..2021-01-{day:02}", day, "2021-02-20") for day in (1, 2)))
    page = viewer(desk).page("/audit?kind=reading")
    assert "Source port recorded 62 readings, numbers 1 to 62" in page.text
    assert "The first 50 of 62" in page.text
    assert "Source port recorded 2 readings, numbers 63 to 64" in page.text
    assert {f"/readings/{number}" for number in (1, 50, 63, 64)} <= set(page.links)
    assert "/readings/51" not in page.links


def test_a_withdrawal_names_the_reading_and_says_withdrawn_or_restored(desk: Stage) -> None:
    record(desk, "ingest:port", reading("2025-01-01..2025-06-30", 1546000, "2025-07-20"))
    with db.writing(desk.engine, "web:sun", reason="ten times too large", now=JULY) as session:
        stored.withdraw(session, 1, reason="ten times too large", now=JULY)
    with db.writing(desk.engine, "cli:li", reason="right after all", now=JULY) as session:
        stored.restore(session, 1, reason="right after all", now=JULY)
    page = viewer(desk).page("/audit?kind=withdrawal")
    assert "sun withdrew figure no. 1: Cargo, 1,546,000 TEU, Jan–Jun 2025" in page.text
    assert "li (command line) put figure no. 1 back in force: Cargo, 1,546,000 TEU" in page.text
    assert "ten times too large" in page.text
    chinese = viewer(desk).page("/audit?kind=withdrawal", "zh").text
    assert "撤回第1号数据：货运量，154.6万标箱" in chinese
    assert "恢复第1号数据" in chinese


@pytest.mark.parametrize(("how", "said"), [(stored.accept, "accepted"), (stored.reject, "rejected")])
def test_a_decision_on_a_held_reading_names_it(desk: Stage, how: Callable[..., object], said: str) -> None:
    with db.writing(desk.engine, "ingest:port", now=JULY) as session:
        number = stored.hold(session, reading("2025", 9, "2026-01-20"), Problem("It would revise it."), now=JULY)
    with db.writing(desk.engine, "web:sun", reason="looked up", now=JULY) as session:
        how(session, number, note="looked up", now=JULY)
    text = viewer(desk).page("/audit?kind=held").text
    assert "Source port brought a figure that is to be checked: Cargo, 9 TEU, 2025" in text
    assert f"sun {said} a figure that was to be checked: Cargo, 9 TEU, 2025" in text
    assert f"Standing waiting {said}" in text
    brought = text.count("brought a figure")
    with db.writing(desk.engine, "web:sun", reason="no", now=JULY) as session:
        stored.await_again(session, number)
    taken_back = {"accepted": ("the acceptance", "采用"), "rejected": ("the rejection", "驳回")}[said]
    text = viewer(desk).page("/audit?kind=held").text
    assert f"sun took back {taken_back[0]} of a figure, which is to be checked again: Cargo, 9 TEU, 2025" in text
    assert text.count("brought a figure") == brought
    chinese = viewer(desk).page("/audit?kind=held", "zh").text
    assert f"sun 撤回对待核实数据的{taken_back[1]}，数据重新待核实：" in chinese
    assert "北京时间" in chinese
    assert "CST" not in chinese


def test_no_password_token_or_secret_option_is_shown_or_exported(desk: Stage) -> None:
    options = {
        "url": f"https://example.org/a?key={SECRET}",
        "headers": {"X-Key": SECRET, "X-Name": "${NAME}"},
        "params": {"key": SECRET},
        "body": {"deep": [SECRET]},
        "fields": {"value": "v"},
    }
    source = Source(id="api", kind="http_json", schedule="0 9 * * *", options=options)
    reconcile(desk, replace(WANTED, sources=(source,)), actor="reload")
    with db.writing(desk.engine, "cli:li", now=JULY) as session:
        accounts.add(session, "wei2", SECRET, role=Role.VIEWER, now=JULY)
    browser = viewer(desk)
    page, exported = browser.get("/audit").text, browser.get("/audit.csv").text
    assert SECRET not in page + exported
    assert "argon2" not in page + exported
    assert "${NAME}" in page
    assert "(hidden)" in page
    assert "opened an account for wei2 (Viewer)" in page


def test_a_changed_schedule_is_told_in_words(desk: Stage) -> None:
    source = Source(id="port", kind="csv_file", schedule="10 8 * * *", options={"path": "a.csv"})
    reconcile(desk, replace(WANTED, sources=(source,)), actor="reload")
    reconcile(desk, replace(WANTED, sources=(replace(source, schedule="0 9 * * 1"),)), actor="reload")
    text = viewer(desk).page("/audit?kind=source").text
    assert "changed schedule of the source port: every day at 08:10 → every Monday at 09:00" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=reading", {"port"}),
        ("person=port", {"port"}),
        ("person=ingest:port", {"port"}),
        ("person=sun", {"sun"}),
        ("person=web:sun", {"sun"}),
        ("person=li", {"token", "issuer"}),
        ("person=api:li", {"token"}),
        ("person=api:li/3", {"token"}),
        ("person=l", set()),
        ("person=nobody", set()),
        ("object=cargo-2025", {"file", "sun"}),
        ("object=cargo-2025/2/0", {"sun"}),
        ("object=cargo-202", set()),
        ("object=%25", set()),
        ("q=city", {"sun"}),
        ("q=CITY+announced", {"sun"}),
        ("q=300000", {"sun"}),
        ("q=货运量", {"file"}),
        ("q=100%25", set()),
        ("q=%27%3B+DROP+TABLE+audit", set()),
        ("since=2025-07-02", {"port"}),
        ("until=2025-07-01", {"file", "sun", "token", "issuer"}),
        ("since=2025-07-01&until=2025-07-01", {"file", "sun"}),
        ("since=2025-07-03&until=2025-07-03", {"port"}),
        ("since=2030-01-01", set()),
        ("kind=reading&person=sun", set()),
    ],
)
def test_a_filter_finds_what_it_names(lived: Stage, query: str, found: set[str]) -> None:
    text = viewer(lived).page(f"/audit?{query}").text.split("Entries")[1]
    signs = {
        "file": "The service at its start",
        "sun": "sun changed the goal",
        "port": "Source port recorded",
        "token": "li, by token 3 brought a figure that is to be checked",
        "issuer": "li (signing in elsewhere) opened an account for li",
    }
    assert {name for name, sign in signs.items() if sign in text} == found
    assert ("Nothing was found." in text) == (not found)


def test_every_actor_that_the_program_writes_is_said_in_words() -> None:
    for language in ("en", "zh"):
        for actor in [way.by("li") for way in Way if way is not Way.WEB] + sorted(PROGRAMS):
            said = access.actor_said(actor, language)
            assert said not in {actor, "li"}, actor
            assert bool(re.search("[\u4e00-\u9fff]", said)) is (language == "zh"), said
    assert access.actor_said("web:li", "en") == "li"
    assert access.actor_said("test", "en") == "test"
    assert access.actor_said("api:li/3", "zh") == "li（令牌3）"


def test_what_a_token_did_is_told_with_whose_it_is_and_what_it_is_for(desk: Stage) -> None:
    with db.writing(desk.engine, "cli:root", now=JULY) as session:
        accounts.add(session, "li.wei", SECRET, role=Role.EDITOR, now=JULY)
        until = JULY + timedelta(days=90)
        keys.issue(session, "li.wei", title="monthly import", scope=Scope.RECORD, expires_at=until, now=JULY)
    record(desk, "api:li.wei/1", reading("2025-01-01..2025-06-30", 154600, "2025-07-20"))
    browser = viewer(desk)
    said = "li.wei, by token 1 “monthly import”"
    assert f"{said} recorded Cargo, 154,600 TEU" in browser.page("/audit?kind=reading").text
    assert "li.wei（令牌1“monthly import”） 录入数据" in browser.page("/audit?kind=reading", "zh").text
    assert said in browser.page("/readings/1").text
    (row,) = rows_of(browser.get("/audit.csv?kind=reading").content.decode())
    assert (row["who"], row["actor"]) == (said, "api:li.wei/1")


REASONS = [
    (Problem("pasted_table", {"count": 3}), "pasted table of 3 rows", "粘贴的表格，共3行"),
    (Problem("password_reset"), "password reset", "重置密码"),
    (Problem("undone_at_once"), "undone right after it was entered", "录入后立即撤销"),
    (Problem("undoes_version", {"number": 2}), "undoes version 2", "撤销第2版"),
    ('{"code":', '{"code":', '{"code":'),
    ("password reset", "password reset", "password reset"),
    ("the office's annual table", "the office's annual table", "the office's annual table"),
]


def test_a_reason_nobody_wrote_is_told_in_the_readers_language(desk: Stage) -> None:
    for place, (reason, _, _) in enumerate(REASONS):
        with db.writing(desk.engine, "web:sun", reason=reason, now=JULY) as session:
            stored.add(session, [reading("2025-01-01..2025-06-30", 154600 + place, "2025-07-20")])
    browser = viewer(desk)
    english, chinese = (browser.page("/audit?kind=reading", language).text for language in ("en", "zh"))
    assert [said for _, said, _ in REASONS if f"Reason: {said}" not in english] == []
    assert [said for _, _, said in REASONS if f"理由： {said}" not in chinese] == []
    assert REASONS[0][2] in browser.page("/readings/1", "zh").text
    rows = rows_of(browser.get("/audit.csv?kind=reading&lang=zh").content.decode())
    assert {row["理由"] for row in rows} == {said for _, _, said in REASONS}


def test_the_day_of_a_filter_is_the_day_here(desk: Stage) -> None:
    """Half past six in the evening of 30 June in Greenwich is half past two in the morning of 1 July in Chongqing."""
    late = datetime(2025, 6, 30, 18, 30, tzinfo=UTC)
    record(desk, "ingest:port", reading("2025-01-01..2025-06-30", 5, "2025-07-20"), now=late)
    assert "Source port recorded" in viewer(desk).page("/audit?since=2025-07-01&kind=reading").text
    assert "Nothing was found." in viewer(desk).page("/audit?until=2025-06-30&kind=reading").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=yesterday", "“yesterday” is no day, expected one such as 2025-07-01."),
        ("until=2025-02-30", "“2025-02-30” is no day"),
        ("since=2025-07-02&until=2025-07-01", "The first day comes after the last one."),
        ("kind=pigeon", "“pigeon” is no kind of object, so all are shown."),
    ],
)
def test_a_filter_that_means_nothing_is_said_beside_its_field_and_kept(lived: Stage, query: str, said: str) -> None:
    page = viewer(lived).page(f"/audit?{query}")
    assert page.text.count(said) == 2
    typed = [one.get("value") for one in page.all("input")]
    assert query.partition("=")[2].partition("&")[0] in typed or "pigeon" in query


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "after=-1",
        "before=99999999999999999999",
        "q=%00",
        "object=%00",
        "person=%F0%9F%92%A9",
        "q=" + "x" * 5000,
        "since=9999-12-31",
        "until=9999-12-31",
        "since=0001-01-01",
        "until=0001-01-01",
        "q=%ff%fe",
        "kind=reading&kind=target",
        "q=\\u4e2d",
        "q=%22%5C",
    ],
)
def test_no_query_breaks_the_page_or_the_export(lived: Stage, query: str) -> None:
    browser = viewer(lived)
    assert browser.get(f"/audit?{query}").status_code == 200
    assert browser.get(f"/audit.csv?{query}").status_code == 200


def test_pages_lead_through_all_entries_and_back(desk: Stage) -> None:
    with db.writing(desk.engine, "web:sun", now=JULY) as session:
        for place in range(60):
            stored.hold(session, reading("2025", 1000 + place, "2026-01-20"), Problem("It is odd."), now=JULY)
    browser = viewer(desk)
    first = browser.page("/audit?kind=held")
    assert len([one for one in first.all("li") if one.get("class") == "entry"]) == 50
    (older,) = [link for link in first.links if "before=" in link and "lang=" not in link]
    second = browser.page(older)
    assert len([one for one in second.all("li") if one.get("class") == "entry"]) == 10
    assert not [link for link in second.links if "before=" in link and "lang=" not in link]
    (newer,) = [link for link in second.links if "after=" in link and "lang=" not in link]
    back = browser.page(newer)
    assert [one.get("id") for one in back.all("li")] == [one.get("id") for one in first.all("li")]
    assert not [link for link in back.links if "after=" in link and "lang=" not in link]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_export_holds_every_entry_that_the_filters_find_in_words(
    desk: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "EXPORTED_AT_ONCE", 10)
    raise_goal(desk)
    with db.writing(desk.engine, "web:sun", now=JULY) as session:
        for place in range(25):
            stored.hold(session, reading("2025", 1000 + place, "2026-01-20"), Problem("It is odd."), now=JULY)
    browser = viewer(desk)
    answer = browser.get("/audit.csv?kind=held")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert answer.content.startswith("\ufeff".encode())
    rows = rows_of(answer.content.decode())
    assert len(rows) == 25
    assert len({row["number"] for row in rows}) == 25
    (changed,) = list(rows_of(browser.get("/audit.csv?kind=target_version&person=sun").content.decode()))
    assert changed["what"].startswith("sun changed the goal of Cargo in 2025: more than 270,000 TEU")
    assert changed["reason"] == "the city announced more"
    assert (changed["time (Asia/Shanghai)"], changed["time (UTC)"]) == (
        "2025-07-01 12:00:00",
        "2025-07-01T04:00:00+00:00",
    )
    assert (changed["action"], changed["kind"]) == ("added", "version of a target")
    assert changed["before"].splitlines()[0] == "Goal: more than 270,000 TEU"
    assert changed["after"].splitlines()[0] == "Goal: more than 300,000 TEU"
    assert json.loads(changed["columns after (JSON)"])["goal.above"] == "300000"
    with db.reading(desk.engine) as session:
        (entry,) = audit.entries(session, kind="target_version", actor="web:sun")
    assert (changed["hash"], changed["number"]) == (entry.hash, str(entry.id))


def test_no_cell_of_the_export_is_a_formula(desk: Stage) -> None:
    for sign in ("=", "+", "-", "@", "\t", "\r"):
        evil = f'{sign}HYPERLINK("https://evil.example","x")'
        assert cell(evil) == f"'{evil}"
        with db.writing(desk.engine, "web:sun", reason=f"x{evil}", now=JULY) as session:
            session.info["reason"] = evil
            stored.hold(session, reading("2025", 9, "2026-01-20", quote=evil), Problem("It is odd."), now=JULY)
    for row in rows_of(viewer(desk).get("/audit.csv").content.decode()):
        assert not [value for value in row.values() if value.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_chain_is_verified_and_the_page_says_when_and_what(desk: Stage) -> None:
    editor = desk.sign_in(Role.EDITOR, "sun")
    assert "Not checked since this service started." in editor.page("/audit").text
    answer = editor.post("/audit/verify")
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit#chain")
    with db.reading(desk.engine) as session:
        count, head = audit.head(session)
    text = viewer(desk).page("/audit").text
    assert "by sun:" in text
    assert "nothing altered" in text
    assert f"{count} entries, nothing altered" in text
    assert head in text


def test_a_chain_that_was_tampered_with_is_said_with_what_was(desk: Stage) -> None:
    editor = desk.sign_in(Role.EDITOR, "sun")
    with closing(sqlite3.connect(desk.file)) as connection:
        connection.execute("UPDATE audit SET actor = 'web:nobody' WHERE id = 2")
        connection.commit()
    editor.post("/audit/verify")
    text = editor.page("/audit").text
    assert "entries, one problem." in text
    assert "audit entry 2: does not match its hash" in text


def test_a_viewer_looks_and_does_not_verify(desk: Stage) -> None:
    browser = viewer(desk)
    assert not [form for form in browser.page("/audit").all("form") if form.get("action") == "/audit/verify"]
    assert browser.post("/audit/verify").status_code == 403


def test_nobody_who_is_not_signed_in_sees_the_trail(desk: Stage) -> None:
    for path in ("/audit", "/audit.csv"):
        answer = desk.client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    assert desk.client.post("/audit/verify").status_code in {401, 403}


def test_a_verification_asked_for_by_another_site_is_refused(desk: Stage) -> None:
    assert desk.sign_in().post("/audit/verify", headers={"origin": "https://evil.example"}).status_code == 403


def test_the_trail_can_be_read_while_the_clock_is_simulated(stage: Callable[..., Stage]) -> None:
    desk = stage(date(2025, 10, 2), Simulated(date(2025, 10, 2), date(2025, 10, 2)))
    desk.refresh()
    editor = desk.sign_in()
    assert "opened an account" in editor.page("/audit").text
    assert editor.post("/audit/verify").status_code == 409


def test_script_in_a_reason_or_a_value_is_shown_and_never_run(desk: Stage) -> None:
    script = "<script>alert(1)</script>"
    with db.writing(desk.engine, f"web:{script}", reason=script, now=JULY) as session:
        stored.hold(session, reading("2025", 9, "2026-01-20", quote=script), Problem(script), now=JULY)
    said = viewer(desk).get(f"/audit?q={script}").text
    assert "<script>alert" not in said
    assert "&lt;script&gt;alert(1)" in said


def test_entries_of_things_that_are_gone_are_still_told(desk: Stage) -> None:
    """Neither the reading nor the catalogue entry has to be there any more."""
    entry = audit.AuditEntry(
        id=1,
        at=JULY,
        actor="web:sun",
        action="add",
        kind="withdrawal",
        object="7",
        old=None,
        new={"reading": 7, "action": "withdraw"},
        reason="gone",
        hash="",
    )
    with db.reading(desk.engine) as session:
        found = subjects_of(session, [entry, replace(entry, kind="target_version", object="no/such/1/0", new={})])
    assert (dict(found.readings), dict(found.versions)) == ({}, {})
