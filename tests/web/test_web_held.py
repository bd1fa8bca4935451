"""The page of held readings: what it shows, who may decide, what two deciding at once are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy
from edit_stage import Form
from web_stage import Browser, Simulated, Stage

from builders import PUBLISHER, event, goal, indicator, reading, steps, target, version
from targetwatch.checks import check
from targetwatch.errors import HeldError
from targetwatch.model import (
    Basis,
    Catalogue,
    Goal,
    Indicator,
    Measure,
    Period,
    Publisher,
    Reading,
    Role,
    Text,
    Verdict,
)
from targetwatch.model.problem import Amount, Name, Problem
from targetwatch.store import audit, db
from targetwatch.store import readings as stored
from targetwatch.store.readings.held import accept_by_person, own_held
from targetwatch.wording.problems import is_ours, on_page
from targetwatch.wording.translation import translator

HELD_AT = datetime(2025, 9, 1, 8, tzinfo=UTC)
YEAR = "2025-01-01..2025-12-31"


def figure(value: int, period: Period) -> Problem:
    return Problem("figure", {"value": Amount(Decimal(value), "TEU"), "period": period})


FALLS = Problem(
    "year_to_date_falls",
    {
        "publisher": Name("publisher", PUBLISHER),
        "earlier": figure(150, Period(date(2025, 1, 1), date(2025, 9, 30))),
        "later": figure(15, Period(date(2025, 1, 1), date(2025, 12, 31))),
    },
)


@pytest.fixture
def desk(stage: Callable[..., Stage]) -> Stage:
    """A target of more than 200 TEU in 2025, 250 of them known for the year."""
    made = stage(date(2026, 2, 3))
    wanted = target(version(goal(above=200), baseline=100))
    made.configure(
        Catalogue(
            publishers=(Publisher(id=PUBLISHER, title=Text("Statistics Office", "统计局")),),
            indicators=(indicator(),),
            targets=(wanted,),
        )
    )
    made.add(reading("2024", 100, "2025-01-20"), reading("2025-01-01..2025-09-30", 150, "2025-10-20"))
    made.add(reading(YEAR, 250, "2026-01-20"))
    made.refresh()
    return made


def hold(desk: Stage, held: Reading, reason: Problem = FALLS, by: str = "ingest:port") -> int:
    with db.writing(desk.engine, by, now=HELD_AT) as session:
        number = stored.hold(session, held, reason, now=HELD_AT)
    desk.refresh()
    assert number is not None
    return number


def low(value: object = 15, **more: object) -> Reading:
    return reading(YEAR, value, "2026-02-01", **more)


def verdict_of(desk: Stage) -> Verdict:
    assert desk.holder.current is not None
    return desk.holder.current.verdicts["cargo-2025"]


def stored_held(desk: Stage) -> tuple[stored.Held, ...]:
    with db.reading(desk.engine) as session:
        return stored.held(session)


def held_of(desk: Stage, number: int) -> stored.Held:
    with db.reading(desk.engine) as session:
        return stored.get_held(session, number)


def test_a_held_reading_says_what_would_become_of_its_target(desk: Stage) -> None:
    hold(desk, low())
    page = desk.sign_in(Role.VIEWER).page("/held")
    assert "Achieved 250 / > 200 TEU Missed 15 / > 200 TEU" in page.text


def test_what_a_held_reading_changes_through_a_derived_indicator_is_shown(stage: Callable[..., Stage]) -> None:
    desk = stage(date(2026, 2, 3))
    share = Indicator(
        id="share",
        title=Text("Share", "占比"),
        measure=Measure.LEVEL,
        unit="%",
        authority=PUBLISHER,
        ratio=("cargo", "all-cargo"),
    )
    wanted = target(
        version(goal(above=50)), id="share-2025", indicator="share", title=Text("Share of cargo", "货运占比")
    )
    desk.configure(Catalogue(indicators=(indicator(), indicator(id="all-cargo"), share), targets=(wanted,)))
    desk.add(reading(YEAR, 60, "2026-01-20"), reading(YEAR, 100, "2026-01-20", indicator="all-cargo"))
    desk.refresh()
    hold(desk, low(6))
    page = desk.sign_in(Role.VIEWER).page("/held")
    assert "Share of cargo" in page.text
    assert "Achieved 60% / > 50% Missed 6% / > 50%" in page.text


def test_a_reading_of_another_publisher_is_said_to_change_no_target(desk: Stage) -> None:
    hold(desk, low(publisher="somebody-else"))
    page = desk.sign_in(Role.VIEWER).page("/held")
    assert "Targets are judged by another publisher's count" in page.text
    assert "Nothing of this publisher is in force" in page.text


def test_a_reading_published_in_the_future_is_said_to_count_only_from_then(desk: Stage) -> None:
    hold(desk, replace(low(), published_on=date(2026, 3, 1)))
    assert "It counts from its day of publication on" in desk.sign_in(Role.VIEWER).page("/held").text


def test_a_held_event_names_its_step(stage: Callable[..., Stage]) -> None:
    desk = stage(date(2025, 11, 3))
    measured = indicator(measure=Measure.MILESTONES, unit="")
    desk.configure(
        Catalogue(
            indicators=(measured,),
            targets=(target(version(Goal(complete=True), steps=steps("bridge", "tunnel"))),),
        )
    )
    desk.refresh()
    hold(
        desk,
        event("bridge", "2025-10-01", "2025-09-15"),
        Problem("ends_after_publication", {"end": date(2025, 10, 1), "published": date(2025, 9, 15)}),
    )
    page = desk.sign_in(Role.VIEWER).page("/held")
    assert "Bridge" in page.text
    assert "Cargo in 2025" in page.text


def test_accepting_puts_the_reading_in_force_and_says_so(desk: Stage) -> None:
    number = hold(desk, low())
    editor = desk.sign_in(Role.EDITOR, "sun")
    answer = editor.post(f"/held/{number}/accept", {f"note-{number}": "confirmed", "seen": "waiting"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/held?done=accepted&held={number}")
    found = held_of(desk, number)
    assert (found.status, found.decided_by, found.note, found.stored_as) == ("accepted", "web:sun", "confirmed", 4)
    assert desk.holder.current is not None
    assert desk.holder.current.verdicts["cargo-2025"].actual_value == Decimal(15)
    assert "The figure is accepted" in editor.page("/held?done=accepted").text


def test_accepting_needs_a_note(desk: Stage) -> None:
    number = hold(desk, low())
    answer = desk.sign_in().post(f"/held/{number}/accept", {"seen": "waiting"})
    assert answer.status_code == 422
    assert "To accept it, say why the figure is right." in answer.text
    assert held_of(desk, number).status == "waiting"


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_what_was_decided_can_be_taken_back_and_decided_again(desk: Stage, act: str) -> None:
    number, before = hold(desk, low()), verdict_of(desk)
    editor = desk.sign_in()
    decided = editor.post(f"/held/{number}/{act}", {f"note-{number}": "so it is", "seen": "waiting"})
    page = editor.page(decided.headers["location"])
    assert f"/held/{number}/undo" in [one.get("action") for one in page.all("form")]
    seen = {"accept": "accepted", "reject": "rejected"}[act]
    undone = editor.post(f"/held/{number}/undo", {"seen": seen})
    assert undone.headers["location"] == f"/held?done=reopened#held-{number}"
    found = held_of(desk, number)
    assert (found.status, found.note, found.stored_as) == ("waiting", "", None)
    assert verdict_of(desk) == before
    assert "figure-withdrawn" not in desk.client.get("/targets/cargo-2025").text
    assert editor.post(f"/held/{number}/undo", {"seen": seen}).status_code == 409
    assert editor.post(f"/held/{number}/accept", {f"note-{number}": "yes", "seen": "waiting"}).status_code == 303
    assert verdict_of(desk) != before


def correct(editor: Browser, number: int, **typed: str) -> str:
    """Open the form of a held figure that is to be corrected, save it and return where that leads."""
    path, action = f"/figures/new?held={number}", "/figures/new"
    assert path in editor.page("/held").links
    shown = Form(editor.get(path).text, action).values
    assert (shown["value"], shown["basis"], shown["published_on"]) == ("15", "year_to_date", "2026-02-01")
    answer = editor.post(action, shown | typed | {"do": "save"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_held_slip_is_corrected_in_one_stroke_and_taken_back_in_one(desk: Stage) -> None:
    number, before = hold(desk, low()), verdict_of(desk)
    editor = desk.sign_in()
    assert "Correct a figure" in editor.page(f"/figures/new?held={number}").text
    page = editor.page(correct(editor, number, value="251"))
    found = held_of(desk, number)
    assert (found.status, found.decided_by) == ("rejected", "web:a-editor")
    assert verdict_of(desk).actual_value == Decimal(251)
    assert "corrected" in editor.page("/held?tab=decided").text
    assert "已更正" in editor.page("/held?tab=decided", "zh").text
    assert "/figures/undo" in [one["action"] for one in page.all("form")]
    assert editor.post("/figures/undo", {"entered": "4"}).status_code == 303
    assert (held_of(desk, number).status, verdict_of(desk)) == ("waiting", before)


def test_a_held_slip_of_what_is_known_is_rejected_and_nothing_is_added(desk: Stage) -> None:
    number = hold(desk, low())
    where = correct(desk.sign_in(), number, value="250", published_on="2026-01-20")
    assert where == f"/held?done=rejected&held={number}"
    with db.reading(desk.engine) as session:
        assert len(stored.load(session, ["cargo"])["cargo"]) == 3


def test_what_still_looks_wrong_waits_in_the_place_of_the_slip(desk: Stage) -> None:
    number = hold(desk, low())
    where = correct(desk.sign_in(), number, value="16")
    assert where.startswith("/held?done=figure_held")
    assert [int(one.reading.value) for one in stored_held(desk)] == [16]
    assert held_of(desk, number).status == "rejected"


def test_saved_as_it_was_it_waits_on_and_decided_meanwhile_nothing_is_saved(desk: Stage) -> None:
    number, editor = hold(desk, low()), desk.sign_in()
    correct(editor, number)
    assert held_of(desk, number).status == "waiting"
    shown = Form(editor.get(f"/figures/new?held={number}").text, "/figures/new").values
    editor.post(f"/held/{number}/reject", {f"note-{number}": "a slip", "seen": "waiting"})
    assert editor.post("/figures/new", shown | {"value": "251", "do": "save"}).status_code == 409
    assert verdict_of(desk).actual_value == Decimal(250)


LOW = {
    "indicator": "cargo",
    "value": "15 TEU",
    "period": "2025",
    "basis": "year_to_date",
    "published": "2026-02-01",
}


@pytest.mark.parametrize(
    ("entered", "asks", "role", "setting", "is_accepted"),
    [
        ("web:sun", "sun", Role.EDITOR, "on", False),
        ("api:sun/3", "sun", Role.EDITOR, "on", False),
        ("cli:sun", "sun", Role.EDITOR, "on", False),
        ("web:sun", "li", Role.EDITOR, "on", True),
        ("web:sun", "sun", Role.ADMIN, "on", True),
        ("web:sun", "sun", Role.EDITOR, "off", True),
        ("ingest:sun", "sun", Role.EDITOR, "on", True),
        ("web:sun", "sun", Role.EDITOR, "", False),
    ],
)
def test_another_person_accepts_what_somebody_entered(
    stage: Callable[..., Stage], entered: str, asks: str, role: Role, setting: str, *, is_accepted: bool
) -> None:
    made = stage(date(2026, 2, 3), four_eyes=setting)
    made.configure(Catalogue(indicators=(indicator(),)))
    for name in ("sun", "li"):
        made.sign_in(Role.EDITOR, name) if name != asks else made.sign_in(role, name)
    number = hold(made, low(), by=entered)
    answer = made.sign_in(role, asks).post(f"/held/{number}/accept", {f"note-{number}": "yes", "seen": "waiting"})
    assert answer.status_code == (303 if is_accepted else 422)
    assert held_of(made, number).status == ("accepted" if is_accepted else "waiting")


def test_one_person_alone_decides_until_there_is_a_second_who_may_edit(desk: Stage) -> None:
    sun = desk.sign_in(Role.EDITOR, "sun")
    number = hold(desk, low(), by="web:sun")
    desk.sign_in(Role.VIEWER, "viewer")
    assert "another editor has to accept it" not in sun.page("/held").text
    desk.sign_in(Role.EDITOR, "li")
    assert "another editor has to accept it" in sun.page("/held").text
    admin = desk.sign_in(Role.ADMIN, "chief")
    assert "Another editor than the one who entered it" in admin.page("/users").text
    admin.post("/users/four-eyes", {"four_eyes": "off"})
    assert sun.post("/users/four-eyes", {"four_eyes": "on"}).status_code == 403
    assert sun.post(f"/held/{number}/accept", {f"note-{number}": "yes", "seen": "waiting"}).status_code == 303


def test_who_entered_what_is_asked_once_for_all_that_is_held(desk: Stage) -> None:
    desk.sign_in(Role.EDITOR, "li")
    sun, asked = desk.sign_in(Role.EDITOR, "sun"), list[str]()
    numbers = [hold(desk, low(value), by=by) for value, by in ((15, "web:sun"), (16, "web:li"), (17, "web:sun"))]
    sqlalchemy.event.listen(desk.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    page = sun.page("/held")
    assert page.text.count("another editor has to accept it") == 2
    assert sum("FROM audit" in one for one in asked) == 1
    with db.reading(desk.engine) as session:
        assert own_held(session, numbers, "web:sun") == {numbers[0], numbers[2]}


def test_nobody_enters_anyway_what_another_has_to_accept(desk: Stage) -> None:
    desk.sign_in(Role.EDITOR, "li")
    sun = desk.sign_in(Role.EDITOR, "sun")
    answer = sun.post("/figures/new", {**LOW, "anyway": "telephoned", "do": "save"})
    (held,) = stored_held(desk)
    assert answer.headers["location"] == f"/held?done=figure_held#held-{held.id}"
    assert held.reading.note == "telephoned"
    again = sun.post("/figures/new", {**LOW, "anyway": "telephoned", "do": "save"})
    assert again.status_code == 422
    assert "another editor has to accept it" in again.text


def test_a_token_of_nobody_does_not_accept(desk: Stage) -> None:
    number = hold(desk, low())
    with (
        pytest.raises(HeldError, match="accept_by_nobody"),
        db.writing(desk.engine, "api", now=HELD_AT) as session,
    ):
        accept_by_person(session, number, note="yes", now=HELD_AT, alone=True)


def test_rejecting_without_a_reason_is_refused_beside_the_note(desk: Stage) -> None:
    number = hold(desk, low())
    answer = desk.sign_in().post(f"/held/{number}/reject", {f"note-{number}": "  ", "seen": "waiting"})
    assert answer.status_code == 422
    assert answer.text.count("A rejection needs a reason") == 2
    assert f'href="#note-{number}"' in answer.text
    assert held_of(desk, number).status == "waiting"


def test_a_rejected_reading_stays_out_and_its_reason_is_audited(desk: Stage) -> None:
    number = hold(desk, low())
    editor = desk.sign_in(Role.EDITOR, "sun")
    assert (
        editor.post(f"/held/{number}/reject", {f"note-{number}": "the whole corridor", "seen": "waiting"}).status_code
        == 303
    )
    assert held_of(desk, number).status == "rejected"
    with db.reading(desk.engine) as session:
        (entry,) = audit.entries(session, kind="held", actor="web:sun")
    assert entry.reason == "the whole corridor"
    decided = editor.page("/held?tab=decided")
    assert "Rejected by sun" in decided.text
    assert "the whole corridor" in decided.text
    assert "Accept after all" in decided.text


def test_a_rejected_reading_may_be_accepted_from_the_decided_ones(desk: Stage) -> None:
    number = hold(desk, low())
    editor = desk.sign_in()
    editor.post(f"/held/{number}/reject", {f"note-{number}": "wrong", "seen": "waiting"})
    answer = editor.post(
        f"/held/{number}/accept", {f"note-{number}": "right after all", "seen": "rejected", "tab": "decided"}
    )
    assert answer.status_code == 303
    assert held_of(desk, number).status == "accepted"


@pytest.mark.parametrize("second", ["accept", "reject"])
def test_the_second_of_two_people_is_told_who_decided_what(desk: Stage, second: str) -> None:
    number = hold(desk, low())
    sun, li = desk.sign_in(Role.EDITOR, "sun"), desk.sign_in(Role.EDITOR, "li")
    sun.post(f"/held/{number}/reject", {f"note-{number}": "not Chongqing's", "seen": "waiting"})
    answer = li.post(f"/held/{number}/{second}", {f"note-{number}": "mine", "seen": "waiting"})
    assert answer.status_code == 409
    assert f"Figure {number} to check was rejected by sun" in answer.text
    assert "not Chongqing&#39;s" in answer.text
    assert "Your note, which was not saved: <q>mine</q>" in answer.text
    found = held_of(desk, number)
    assert (found.status, found.decided_by, found.note) == ("rejected", "web:sun", "not Chongqing's")


def test_of_many_deciding_at_the_same_time_exactly_one_decides(desk: Stage) -> None:
    number = hold(desk, low())
    people = [desk.sign_in(Role.EDITOR, f"e-{place}") for place in range(6)]
    codes: list[int] = []

    def decide(browser: Browser, how: str) -> None:
        codes.append(browser.post(f"/held/{number}/{how}", {f"note-{number}": how, "seen": "waiting"}).status_code)

    threads = [
        threading.Thread(target=decide, args=(browser, ("accept", "reject")[place % 2]))
        for place, browser in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409, 409, 409, 409, 409]
    with db.reading(desk.engine) as session:
        assert len(audit.entries(session, kind="held")) == 2


def test_a_note_too_long_is_refused_and_kept_in_its_field(desk: Stage) -> None:
    number = hold(desk, low())
    answer = desk.sign_in().post(f"/held/{number}/accept", {f"note-{number}": "x" * 2001, "seen": "waiting"})
    assert answer.status_code == 422
    assert "The note has 2001 characters, expected at most 2000." in answer.text
    assert "x" * 2001 in answer.text


def test_a_reading_in_another_unit_cannot_be_accepted_and_the_page_says_why(desk: Stage) -> None:
    number = hold(desk, low(unit="tonnes"), Problem("unit_differs", {"unit": "tonnes", "counted": Name("unit", "TEU")}))
    editor = desk.sign_in()
    page = editor.page("/held")
    assert "It counts another unit than its indicator" in page.text
    assert f"/held/{number}/accept" not in [one.get("formaction") for one in page.all("button")]
    answer = editor.post(f"/held/{number}/accept", {"seen": "waiting"})
    assert answer.status_code == 422
    assert held_of(desk, number).status == "waiting"


def test_a_number_that_is_no_held_reading_is_not_found(desk: Stage) -> None:
    editor = desk.sign_in()
    for number in ("99", "0", "-1", "abc", "1e3", "９", "9" * 23, "%00", "1%20"):
        assert editor.post(f"/held/{number}/accept", {"seen": "waiting"}).status_code == 404, number


def test_an_address_that_means_nothing_shows_what_waits(desk: Stage) -> None:
    number, viewer = hold(desk, low()), desk.sign_in(Role.VIEWER)
    for query in ("tab=nothing", "page=0", "page=-3", "page=99999999999", "page=x", "tab=&page="):
        assert f"held-{number}" in viewer.get(f"/held?{query}").text, query


def test_many_held_readings_are_shown_a_page_at_a_time(desk: Stage) -> None:
    with db.writing(desk.engine, "ingest:port", now=HELD_AT) as session:
        for place in range(23):
            stored.hold(session, low(1000 + place), FALLS, now=HELD_AT)
    page = desk.sign_in(Role.VIEWER).page("/held?page=2")
    assert len(page.all("article")) == 3
    assert "21 to 23 of 23" in page.text
    assert "/held?page=1" in page.links


def test_a_viewer_sees_and_may_not_decide(desk: Stage) -> None:
    number = hold(desk, low())
    viewer = desk.sign_in(Role.VIEWER)
    page = viewer.page("/held")
    assert not [form for form in page.all("form") if "/held/" in (form.get("action") or "")]
    assert viewer.post(f"/held/{number}/accept", {"seen": "waiting"}).status_code == 403
    assert held_of(desk, number).status == "waiting"


def test_nobody_who_is_not_signed_in_sees_or_decides(desk: Stage) -> None:
    number = hold(desk, low())
    seen, decided = desk.client.get("/held"), desk.client.post(f"/held/{number}/accept", data={"seen": "waiting"})
    assert seen.headers["location"].startswith("/sign-in")
    assert "15 TEU" not in seen.text
    assert decided.status_code in {401, 403}
    assert held_of(desk, number).status == "waiting"


def test_a_decision_from_another_site_or_without_the_token_is_refused(desk: Stage) -> None:
    number = hold(desk, low())
    editor = desk.sign_in()
    elsewhere = editor.post(f"/held/{number}/accept", {"seen": "waiting"}, headers={"origin": "https://evil.example"})
    forged = editor.post(f"/held/{number}/accept", {"seen": "waiting", "csrf": "0" * 64})
    assert (elsewhere.status_code, forged.status_code) == (403, 403)
    assert held_of(desk, number).status == "waiting"


def test_nothing_is_decided_while_the_clock_is_simulated(stage: Callable[..., Stage]) -> None:
    desk = stage(date(2025, 10, 2), Simulated(date(2025, 10, 2), date(2025, 10, 2)))
    desk.configure(Catalogue(indicators=(indicator(),)))
    number = hold(desk, low())
    editor = desk.sign_in()
    assert not [form for form in editor.page("/held").all("form") if "/held/" in (form.get("action") or "")]
    assert editor.post(f"/held/{number}/accept", {"seen": "waiting"}).status_code == 409
    assert held_of(desk, number).status == "waiting"


def test_script_in_a_quote_and_in_a_note_is_shown_and_never_run(desk: Stage) -> None:
    number = hold(desk, low(quote="<script>alert(1)</script>", note="<img src=x onerror=alert(2)>"))
    editor = desk.sign_in()
    editor.post(f"/held/{number}/reject", {f"note-{number}": "<script>alert(3)</script>", "seen": "waiting"})
    for path in ("/held", "/held?tab=decided"):
        said = editor.get(path).text
        assert "<script>alert" not in said
        assert "<img src=x" not in said
    assert "&lt;script&gt;alert(3)" in editor.get("/held?tab=decided").text


def test_a_held_reading_of_an_indicator_no_longer_configured_can_still_be_looked_at(desk: Stage) -> None:
    hold(desk, low())
    publishers = (Publisher(id=PUBLISHER, title=Text("Statistics Office", "统计局")),)
    desk.configure(Catalogue(publishers=publishers, indicators=(indicator(id="other"),)))
    desk.refresh()
    assert "No target depends on it." in desk.sign_in(Role.VIEWER).page("/held").text


SUSPICIOUS = (
    low(basis=Basis.EVENT),
    low(unit="tonnes"),
    low(unit=""),
    replace(low(), published_on=date(2027, 1, 1)),
    replace(low(), published_on=date(2025, 10, 1)),
    low(-5),
    low(9_000_000),
    low(250, yoy=-2),
    low(2500, quote="250 TEU"),
    low(25, quote="250 TEU"),
    low(15),
    low(260, yoy="0.1"),
    reading("2023", 1, "2024-01-20", yoy="0.1"),
    reading("2023", 1_000_000, "2024-01-20"),
    reading("2023", 1, "2024-01-20"),
    reading(YEAR, 250_000, "2026-01-25"),
)


@pytest.mark.parametrize("suspicious", SUSPICIOUS, ids=lambda one: f"{one.value} {one.basis}")
def test_every_reason_that_the_checks_give_is_said_in_chinese(suspicious: Reading) -> None:
    watched = indicator(lowest=Decimal(0), highest=Decimal(8_000_000))
    past = [
        reading("2024", 100_000, "2025-01-20", yoy="0.05"),
        reading("2025-01-01..2025-09-30", 150, "2025-10-20"),
        reading(YEAR, 250, "2026-01-20"),
    ]
    reason = check(suspicious, watched, past, today=date(2026, 2, 3))
    assert reason is not None
    assert is_ours(reason)
    assert on_page(reason, translator("zh")).endswith("。")
    assert on_page(reason, translator("en")).endswith(".")
