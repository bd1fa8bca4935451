"""Signing in and out, one's own account, users and their roles, tokens, proxies: as people and programs meet them."""

from __future__ import annotations

import logging
import re
import shlex
import shutil
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from visitor import Forms, Visitor
from web_stage import PASSWORD, TOKEN, Page, Simulated, Stage

from builders import indicator, target
from in_process import ask, session
from targetwatch.model import Catalogue, Role, Scope
from targetwatch.model.problem import Problem
from targetwatch.store import accounts, audit, db, keys
from targetwatch.store.keys import IDLE
from targetwatch.web.access import Person
from targetwatch.web.people.sign_in import FREE, LONGEST, MOST_KEPT, Throttle, Unsent, local
from targetwatch.web.people.view import MOST_WAITING, WAITS, NewSecrets

NEW = "another good password"
ENTRY = {
    "indicator": "cargo",
    "value": "154,600",
    "period": "2025-01..2025-06",
    "basis": "year_to_date",
    "published": "2025-07-17",
}


@pytest.fixture
def service(stage):
    """A service with one target and an account of each role: their names are the roles'."""

    def make(**said):
        one = stage(**said)
        filled(one)
        return one

    return make


def filled(one):
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    now = datetime.now(UTC)
    with db.writing(one.engine, "test", now=now) as session:
        for role in Role:
            accounts.add(session, role.value, PASSWORD, role=role, title=f"The {role}", now=now)
    one.refresh()


@pytest.fixture
def signed_in(service):
    """A service, and somebody who has signed in to it as a role."""

    def make(role: Role = Role.VIEWER, **said):
        one = service(**said)
        who = Visitor(one.app)
        assert who.sign_in(role.value).status_code == 303
        return one, who

    return make


@pytest.fixture(scope="module")
def still(tmp_path_factory, empty_file):
    """A service in which people sign in and nothing else is changed."""
    one = Stage(Path(shutil.copy(empty_file, tmp_path_factory.mktemp("still") / "own.db")), date(2025, 10, 2))
    filled(one)
    before = len(trail(one))
    yield one
    assert len(trail(one)) == before
    one.close()


def token_of(one, account: str, scope: Scope = Scope.READ, **lasting: float) -> str:
    now = datetime.now(UTC)
    until = now + timedelta(**(lasting or {"days": 1}))
    with db.writing(one.engine, "test", now=now) as session:
        return keys.issue(session, account, title="import", scope=scope, expires_at=until, now=now)[1]


def bearer(token: str) -> dict[str, str]:
    return {"headers": {"authorization": f"Bearer {token}"}}


def change(one, name: str, **changes) -> None:
    now = datetime.now(UTC)
    with db.writing(one.engine, "test", now=now) as session:
        accounts.change(session, name, now=now, **changes)


def curl(app, command: str):
    """Do what `curl` does with a command as it is pasted into a shell."""
    program, *words = shlex.split(command.replace("\\\n", " "))
    (address,) = [word for word in words if word.startswith("http")]
    options = [(name, value) for name, value in pairwise(words) if name.startswith("-")]
    headers = dict(value.split(": ", 1) for name, value in options if name == "-H")
    data = [value for name, value in options if name == "-d"]
    assert program == "curl"
    sent = data[0] if data else None
    answer = session(app).request("POST" if data else "GET", address, headers=headers, data=sent)
    assert answer.ok, answer.text
    return answer.json()


def trail(one):
    with db.reading(one.engine) as session:
        return audit.entries(session)


# --- signing in ---


def test_a_page_for_people_sends_nobody_to_sign_in_and_then_back_to_where_they_were_going(service):
    one = service()
    who = Visitor(one.app)
    sent = who.get("/account?as_of=2025-10-01")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Faccount%3Fas_of%3D2025-10-01")
    shown = who.get(sent.headers["location"])
    assert "Sign in to go on" in Page(shown.text).text
    done = who.submit(shown, "/sign-in", name="viewer", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/account?as_of=2025-10-01")
    assert done.headers["cache-control"] == "no-store"
    assert "The viewer" in who.page("/account").text
    assert who.get("/sign-in?next=/wall").headers["location"] == "/wall", "who is signed in goes on"


def test_a_name_may_be_typed_in_capitals_and_with_space_around_it(still):
    assert Visitor(still.app).sign_in(" Viewer ").status_code == 303


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("viewer", "sentinel-wrong", "Name and password do not belong together."),
        ("nobody", PASSWORD, "Name and password do not belong together."),
        ("viewer", "", "Both the name and the password are needed."),
        ("", PASSWORD, "Both the name and the password are needed."),
        ("viewer", PASSWORD + " ", "Name and password do not belong together."),
        ("viewer\x00", "p\x00", "Name and password do not belong together."),
    ],
)
def test_a_failure_says_no_more_than_it_has_to_and_keeps_the_name_alone(still, name, password, said):
    still.app.state.throttle = Throttle()
    who = Visitor(still.app)
    answer = who.sign_in(name, password)
    assert answer.status_code == 422
    assert said in Page(answer.text).text
    assert not who.cookie("targetwatch_session")
    fields = dict(who.form(answer, "/sign-in").fields)
    assert fields["name"] == name.replace("\x00", "")
    assert fields["password"] == ""
    if len(password) > 3:
        assert password not in answer.text


def test_a_disabled_account_is_refused_like_a_wrong_password(service):
    one = service()
    change(one, "viewer", disabled=True)
    wrong, gone = (Visitor(one.app).sign_in("viewer", said) for said in ("wrong", PASSWORD))
    assert (wrong.status_code, gone.status_code) == (422, 422)
    assert Page(wrong.text).text == Page(gone.text).text


def test_the_form_helps_a_password_manager(still):
    inputs = {one.get("name"): one for one in Page(still.client.get("/sign-in").text).all("input")}
    assert (inputs["name"]["autocomplete"], inputs["password"]["autocomplete"]) == ("username", "current-password")
    assert inputs["password"]["type"] == "password"


def test_without_any_account_the_page_says_how_the_first_one_is_made(stage, still):
    empty, said = stage(), "Nobody has an account yet"
    page = Page(empty.client.get("/sign-in").text)
    assert "目前还没有任何账户" in empty.client.get("/sign-in?lang=zh").text
    assert said in page.text
    assert "targetwatch user add li.wei --role admin" in page.text
    assert said not in Page(still.client.get("/sign-in").text).text


def test_signing_out_ends_the_session_and_takes_the_cookie(signed_in):
    _, who = signed_in()
    kept = who.cookie("targetwatch_session")
    done = who.submit("/account", "/sign-out")
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in?done=signed_out")
    assert not who.cookie("targetwatch_session")
    assert "You are signed out." in who.page(done.headers["location"]).text
    who.session.cookies.set("targetwatch_session", kept)
    assert who.get("/account").status_code == 303, "the cookie is worth nothing any more"


def test_signing_out_is_not_a_link(signed_in):
    _, who = signed_in()
    assert who.get("/sign-out").status_code == 405
    assert who.get("/account").status_code == 200


@pytest.mark.parametrize(
    "how",
    ["password", "lesser role", "disabled", "idle", "over"],
)
def test_what_ends_a_session_shows_at_the_next_request(signed_in, how):
    one, who = signed_in(Role.EDITOR, session_hours=5)
    assert who.get("/account").status_code == 200
    if how in {"idle", "over"}:
        column, ago = ("seen_at", IDLE) if how == "idle" else ("expires_at", timedelta(0))
        with one.engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE web_session SET {column} = ?", ((datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f"),)
            )
    else:
        done = {"password": {"password": NEW}, "lesser role": {"role": Role.VIEWER}, "disabled": {"disabled": True}}
        change(one, "editor", **done[how])
    assert who.get("/account").headers["location"] == "/sign-in?next=%2Faccount"


def test_a_session_lasts_as_long_as_the_setting_says(signed_in):
    one, _ = signed_in(session_hours=5)
    with db.reading(one.engine) as session:
        row = session.connection().exec_driver_sql("SELECT created_at, expires_at FROM web_session").one()
    created, expires = (datetime.fromisoformat(text) for text in row)
    assert expires - created == timedelta(hours=5)


# --- failures slow the next attempt ---


def test_after_a_few_failures_one_waits_a_little_and_is_told_how_long(service):
    one = service()
    who = Visitor(one.app)
    answers = [who.sign_in("viewer", "wrong").status_code for _ in range(FREE["name"] + 1)]
    assert answers == [422] * (FREE["name"] + 1)
    slowed = who.sign_in("viewer")
    assert slowed.status_code == 429, "even the right password waits"
    assert int(slowed.headers["retry-after"]) == 1
    assert "Please try again in 1 s." in Page(slowed.text).text
    assert Visitor(one.app).sign_in("editor").status_code == 303, "nobody else is held up"


def test_a_wait_passes_and_success_forgets(service):
    one = service()
    who = Visitor(one.app)
    throttle: Throttle = one.app.state.throttle
    for _ in range(FREE["name"] + 1):
        who.sign_in("viewer", "wrong")
    for failures in throttle._kept.values():
        failures.until -= timedelta(seconds=2)
    assert who.sign_in("viewer").status_code == 303
    assert ("name", "viewer") not in throttle._kept


def test_a_browser_that_has_signed_in_before_is_not_slowed_by_anybody_elses_guesses(signed_in):
    one, who = signed_in()
    stranger = Visitor(one.app)
    while stranger.sign_in("viewer", "wrong").status_code != 429:
        pass
    who.submit("/account", "/sign-out")
    assert who.sign_in("viewer").status_code == 303
    assert stranger.sign_in("viewer").status_code == 429


def test_guesses_at_many_names_from_one_address_are_slowed_too(service):
    who = Visitor(service().app)
    answers = [who.sign_in(f"name-{number}", "wrong").status_code for number in range(FREE["address"] + 2)]
    assert answers == [422] * (FREE["address"] + 1) + [429]


def test_a_hundred_guesses_at_once_are_not_all_tried():
    throttle, now = Throttle(), datetime.now(UTC)
    tried = [throttle.attempt([("name", "li")], now=now) == 0 for _ in range(100)]
    assert tried.count(True) == FREE["name"] + 1


def test_no_wait_is_longer_than_a_minute_nor_prolonged_by_asking():
    throttle, now, waits = Throttle(), datetime.now(UTC), []
    for _ in range(40):
        if wait := throttle.attempt([("name", "li")], now=now):
            waits.append(wait)
            assert throttle.attempt([("name", "li")], now=now) == wait
            now += timedelta(seconds=wait)
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == LONGEST.total_seconds()


def test_what_is_remembered_of_failures_is_bounded_and_forgotten():
    throttle, now = Throttle(), datetime.now(UTC)
    for number in range(MOST_KEPT + 100):
        throttle.attempt([("name", str(number))], now=now)
    assert len(throttle._kept) == MOST_KEPT
    throttle.attempt([("name", "li")], now=now + timedelta(hours=1))
    assert len(throttle._kept) == 1


def test_signing_in_with_ones_own_account_does_not_reset_the_count_of_an_address():
    throttle, now = Throttle(), datetime.now(UTC)
    place = ("address", "10.0.0.7")
    for number in range(FREE["address"] + 1):
        assert throttle.attempt([("name", f"guess-{number}"), place], now=now) == 0
        mine = [("name", "mine"), place]
        if throttle.attempt(mine, now=now) == 0:
            throttle.succeeded(mine)
    assert throttle.attempt([("name", "one more"), place], now=now) > 0


# --- nothing typed is lost ---


def test_what_was_typed_when_the_session_had_ended_is_carried_through_signing_in_and_sent(signed_in):
    one, who = signed_in(Role.ADMIN)
    typed = {"name": "wang", "title": 'Wang "Min" <b>&\' 王敏', "role": "editor"}
    form = who.form("/users", "/users").filled(**typed)
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "admin")
    asked = who.post("/users", form)
    assert asked.status_code == 401
    assert "What you typed is kept" in Page(asked.text).text
    wrong = who.submit(asked, "/sign-in", name="admin", password="wrong")
    assert wrong.status_code == 422, "a mistyped password does not lose it either"
    offered = who.submit(wrong, "/sign-in", name="admin", password=PASSWORD)
    assert offered.status_code == 200
    assert "Send it now" in Page(offered.text).text
    with db.reading(one.engine) as session:
        assert accounts.look_up(session, "wang") is None, "nothing is sent before somebody says so"
    assert who.submit(offered, "/users").status_code == 303
    with db.reading(one.engine) as session:
        assert accounts.look_up(session, "wang").title == typed["title"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", ("Cargo", "year to date, from 1 January")), ("zh", ("货运量", "年初累计"))]
)
def test_what_was_chosen_of_a_figure_is_named_in_what_was_typed(signed_in, language, said):
    one, who = signed_in(Role.EDITOR)
    who.session.headers["accept-language"] = language
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "editor")
    fields = [("indicator", "cargo"), ("basis", "year_to_date"), ("value", "27.23万"), ("was_basis", "period")]
    asked = who.post("/figures/new", fields)
    offered = who.submit(asked, "/sign-in", name="editor", password=PASSWORD)
    told = Page(offered.text).text
    assert {"en": "Send it now", "zh": "立即提交"}[language] in told
    assert [text for text in (*said, "27.23万") if text not in told] == []


def test_what_was_typed_comes_back_exactly_lines_and_repeated_fields_too(signed_in):
    one, who = signed_in(Role.ADMIN)
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "admin")
    text = "\n first\nsecond\t\n\n"
    asked = who.post("/users?x=1&y=%C3%A9", [("note", text), ("pick", "1"), ("pick", "2"), ("empty", "")])
    offered = who.submit(asked, "/sign-in", name="admin", password=PASSWORD)
    form = who.form(offered, "/users?x=1&y=%C3%A9")
    assert [pair for pair in form.fields if pair[0] != "csrf"] == [
        ("note", text),
        ("pick", "1"),
        ("pick", "2"),
        ("empty", ""),
    ]


def test_passwords_and_files_are_not_carried_and_a_file_is_named(signed_in):
    one, who = signed_in(Role.ADMIN)
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "admin")
    asked = who.post(
        "/users",
        {"old_password": "sentinel-old", "new_password": "sentinel-new", "note": "kept"},
        files={"table": ("figures 10月.xlsx", b"sentinel-content")},
    )
    assert asked.status_code == 401
    offered = who.submit(asked, "/sign-in", name="admin", password=PASSWORD)
    assert "Files cannot be kept and have to be chosen again: figures 10月.xlsx" in Page(offered.text).text
    for answer in (asked, offered):
        assert "kept" in answer.text
        assert "sentinel" not in answer.text


def test_what_is_too_long_to_be_carried_is_said_to_be(signed_in):
    one, who = signed_in(Role.EDITOR)
    change(one, "editor", disabled=True)
    asked = who.post("/figures/paste", {"text": "x" * 700_000})
    assert asked.status_code in {401, 404}
    if asked.status_code == 401:
        assert "too long to be carried along" in Page(asked.text).text
        assert len(asked.content) < 100_000


def test_a_form_of_a_session_that_was_replaced_is_offered_again_too(signed_in):
    _, who = signed_in(Role.ADMIN)
    form = who.form("/users", "/users").filled(name="wang", title="", role="viewer")
    who.submit("/account", "/sign-out")
    who.sign_in("admin")
    offered = who.post("/users", form)
    assert offered.status_code == 403
    assert who.submit(offered, "/users").status_code == 303


def test_another_sites_words_are_never_carried_into_a_form_of_ours(signed_in):
    one, who = signed_in(Role.ADMIN)
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "admin")
    for headers in (
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": None},
        {"origin": None, "sec-fetch-site": None},
        {"origin": None, "sec-fetch-site": "same-site"},
    ):
        asked = who.post("/users", {"name": "mallory", "role": "admin"}, headers=headers)
        assert asked.status_code == 401
        assert "mallory" not in asked.text
        assert "What you typed is kept" not in asked.text


@pytest.mark.parametrize(
    "packed",
    [
        *("", "{", "[]", '{"texts": 5}', '{"texts": [["a"]], "left": []}', '{"texts": [[1, 2]], "left": []}'),
        *('{"texts": [["a", "\\ud800"]], "left": []}', '{"texts": [["a", "b"]], "left": ["\\udfff.csv"]}', "[" * 9999),
    ],
)
def test_what_is_carried_is_read_with_care(still, packed):
    who = Visitor(still.app)
    fields = who.form("/sign-in", "/sign-in").filled(name="viewer", password=PASSWORD)
    done = who.post("/sign-in", [*fields, ("unsent", packed)])
    assert (done.status_code, done.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            "en",
            [
                ("Figure as printed", "6.4万"),
                ("Link to the source", "https://cq.gov.cn"),
                ("Goal", "300,000"),
                ("It counts", "year to date, from 1 January"),
            ],
        ),
        (
            "zh",
            [
                ("数值（按原文）", "6.4万"),
                ("来源网址", "https://cq.gov.cn"),
                ("目标值", "300,000"),
                ("统计方式", "年初累计"),
            ],
        ),
    ],
)
def test_what_was_typed_is_shown_by_the_names_its_fields_have_on_the_page(language, shown):
    marks = (("was_published_on", "2025-12-09"), ("do", "save"), ("started", "eyJ0"), ("packed", "x"))
    typed = (("value", "6.4万"), ("evidence_url", "https://cq.gov.cn"), ("goal.value", "300,000"), ("note", " "))
    assert list(Unsent((*marks, *typed, ("basis", "year_to_date"))).shown(language, {})) == shown


# --- a one-time password, and one's own ---


def test_a_new_user_chooses_a_password_before_anything_else(signed_in):
    one, admin = signed_in(Role.ADMIN)
    added = admin.follow(admin.submit("/users", "/users", name="wang", title="Wang Min", role="editor"))
    (given,) = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){4}", Page(added.text).text)
    assert given not in admin.get("/users/wang").text, "it is shown once"
    assert "has a one-time password" in admin.page("/users").text
    wang = Visitor(one.app)
    asked = wang.sign_in("wang", given, following="/held")
    assert asked.status_code == 200
    assert "Choose your password" in Page(asked.text).text
    assert not wang.cookie("targetwatch_session")
    assert given not in asked.text
    for new, again, said in (
        ("short", "short", "Is too short"),
        (NEW, "else", "The two are not the same."),
        (given, given, "Choose another than the one-time password."),
        ("wang and more of it", "wang and more of it", "Is too easy to guess"),
    ):
        asked = wang.submit(asked, "/sign-in", password=given, new_password=new, new_password_again=again)
        assert (asked.status_code, said in Page(asked.text).text) == (422, True)
        assert not wang.cookie("targetwatch_session")
    done = wang.submit(asked, "/sign-in", password=given, new_password=NEW, new_password_again=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/held")
    assert wang.get("/account").status_code == 200
    assert Visitor(one.app).sign_in("wang", given).status_code == 422
    assert Visitor(one.app).sign_in("wang", NEW).status_code == 303


@pytest.mark.parametrize(
    ("path", "action", "values", "gone"),
    [
        ("/users", "/users", {"name": "wang", "title": "", "role": "viewer"}, "The one-time password was shown once."),
        ("/users/viewer", "/users/viewer/password", {}, "The one-time password was shown once."),
        ("/account", "/account/tokens", {"title": "monthly import"}, "The token was shown once."),
    ],
)
def test_a_secret_just_made_is_shown_once_to_whoever_made_it_and_loading_again_says_how_to_make_another(
    signed_in, path, action, values, gone
):
    one, who = signed_in(Role.ADMIN)
    elsewhere = Visitor(one.app)
    elsewhere.sign_in("admin")
    done = who.submit(path, action, **values)
    there = done.headers["location"]
    secret = 'id="secret"'
    assert secret not in elsewhere.get(there).text, "another browser, of the same person even, is shown nothing"
    shown = who.follow(done).text
    assert (secret in shown, gone in shown) == (True, False)
    again = who.get(there)
    assert (again.status_code, secret in again.text, gone in again.text) == (200, False, True)


def test_a_secret_nobody_came_for_is_forgotten():
    once, now, who = NewSecrets(), datetime(2025, 7, 1, tzinfo=UTC), Person("admin", session="a")
    once.keep(who, "wang", "first", now=now)
    once.keep(who, "wang", "second", now=now)
    assert once.take(who, "wang", now=now) == "second"
    assert once.take(who, "wang", now=now) == ""
    once.keep(who, "wang", "third", now=now)
    assert once.take(who, "wang", now=now + WAITS) == ""
    for number in range(MOST_WAITING + 10):
        once.keep(who, f"u{number}", "x", now=now)
    assert once.take(who, "u0", now=now) == ""
    assert once.take(who, f"u{MOST_WAITING + 9}", now=now) == "x"


def test_the_page_of_a_new_token_has_commands_that_work_as_they_stand(signed_in):
    _, who = signed_in(Role.EDITOR, public_api=False)
    before = who.page("/account")
    assert '-H "Authorization: Bearer $TOKEN"' in before.text
    made = who.follow(who.submit("/account", "/account/tokens", title="import", scope="record"))
    commands = [unescape(said) for said in re.findall(r'<code id="token_use_\w+">(.*?)</code>', made.text, re.DOTALL)]
    assert len(commands) == 2
    with pytest.raises(AssertionError, match="'VALUE': is not a number"):
        curl(who.app, commands[1])
    told = [curl(who.app, said.replace("VALUE", "154,600")) for said in commands]
    assert [one_target["target"] for one_target in told[0]["targets"]] == ["cargo-2025"], told
    assert told[1]["outcome"] == "new", told
    buttons = [button for button in Page(made.text).all("button") if button.get("data-copies")]
    assert {button["data-copies"] for button in buttons} == {"secret", "token_use_read", "token_use_record"}
    assert all("hidden" in button for button in buttons), "without script there is nothing to press"


def test_a_viewers_token_is_shown_no_command_that_it_may_not(signed_in):
    _, who = signed_in(Role.VIEWER)
    assert "api/v1/readings" not in who.get("/account").text


def test_each_session_is_told_by_its_browser_and_system(signed_in):
    one, who = signed_in()
    phone = Visitor(one.app)
    phone.session.headers["user-agent"] = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
        "Mobile/15E148 Safari/604.1"
    )
    phone.sign_in("viewer")
    other = Visitor(one.app)
    other.session.headers["user-agent"] = "nothing a person knows"
    other.sign_in("viewer")
    shown = who.page("/account").text
    assert "Safari · iPhone" in shown
    assert "not known" in shown
    assert "nothing a person knows" not in shown


def test_ones_own_password_is_changed_with_the_old_one_and_ends_every_other_session(signed_in):
    one, who = signed_in()
    elsewhere = Visitor(one.app)
    elsewhere.sign_in("viewer")
    before = who.cookie("targetwatch_session")
    for old, new, again, said in (
        ("wrong", NEW, NEW, "That is not your password."),
        (PASSWORD, "short", "short", "Is too short"),
        (PASSWORD, NEW, "else", "The two are not the same."),
        (PASSWORD, "viewer and more", "viewer and more", "Is too easy to guess"),
    ):
        refused = who.submit("/account", "/account/password", old_password=old, password=new, password_again=again)
        assert (refused.status_code, said in Page(refused.text).text) == (422, True)
        assert NEW not in refused.text
    assert elsewhere.get("/account").status_code == 200
    done = who.submit("/account", "/account/password", old_password=PASSWORD, password=NEW, password_again=NEW)
    assert done.headers["location"] == "/account?done=password_changed"
    assert who.cookie("targetwatch_session") not in {"", before}
    assert "Your password is changed." in who.page("/account?done=password_changed").text
    assert elsewhere.get("/account").status_code == 303
    assert Visitor(one.app).sign_in("viewer").status_code == 422
    assert trail(one)[0].actor == "web:viewer"


def test_a_stolen_browser_does_not_get_to_guess_the_password(signed_in):
    _, who = signed_in()
    said = {"old_password": "wrong", "password": NEW, "password_again": NEW}
    for _ in range(FREE["name"] + 1):
        who.submit("/account", "/account/password", **said)
    slowed = who.submit("/account", "/account/password", **said | {"old_password": PASSWORD})
    assert "Too many attempts have failed." in Page(slowed.text).text


def test_one_sees_where_one_is_signed_in_and_ends_it_there(signed_in):
    one, who = signed_in()
    elsewhere, other = Visitor(one.app), Visitor(one.app)
    elsewhere.sign_in("viewer")
    other.sign_in("editor")
    actions = [form.action for form in Forms(who.get("/account").text).found if "/sessions/" in form.action]
    assert len(actions) == 1, "one's own browser is not offered to be ended"
    stolen = other.post(actions[0], {"csrf": other.form("/account", "/sign-out").fields[0][1]})
    assert stolen.status_code == 303
    assert elsewhere.get("/account").status_code == 200, "nobody ends somebody else's"
    assert who.submit("/account", actions[0]).headers["location"] == "/account?done=session_ended"
    assert elsewhere.get("/account").status_code == 303
    assert who.get("/account").status_code == 200


# --- tokens ---


def test_a_token_is_shown_once_reads_and_is_revoked_by_its_owner_alone(signed_in):
    one, who = signed_in(public_api=False)
    made = who.follow(who.submit("/account", "/account/tokens", title="Grafana", days="30"))
    (token,) = set(re.findall(r"twt_[\w-]{43}", made.text))
    assert made.headers["cache-control"] == "no-store"
    assert token not in who.get("/account").text
    assert one.client.get("/api/v1/targets", **bearer(token)).status_code == 200
    editor = Visitor(one.app)
    editor.sign_in("editor")
    csrf = dict(editor.form("/account", "/sign-out").fields)["csrf"]
    assert editor.post("/account/tokens/1/revoke", {"csrf": csrf}).status_code == 404
    assert who.submit("/account", "/account/tokens/1/revoke").status_code == 303
    assert one.client.get("/api/v1/targets", **bearer(token)).status_code == 401
    assert "revoked" in who.page("/account").text


def test_a_token_usually_lasts_90_days(signed_in):
    one, who = signed_in()
    who.submit("/account", "/account/tokens", title="import")
    with db.reading(one.engine) as session:
        (token,) = keys.tokens(session)
    assert (token.expires_at - token.created_at, token.scope) == (timedelta(days=90), Scope.READ)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "Say what it is for"),
        ({"title": "x" * 81}, "Say what it is for"),
        ({"days": "0"}, "Expected a number of days from 1 to 366."),
        ({"days": "367"}, "Expected a number of days from 1 to 366."),
        ({"days": "-1"}, "Expected a number of days from 1 to 366."),
        ({"days": "1e2"}, "Expected a number of days from 1 to 366."),
        ({"days": "９"}, "Expected a number of days from 1 to 366."),
        ({"days": "9" * 400}, "Expected a number of days from 1 to 366."),
        ({"days": ""}, "Expected a number of days from 1 to 366."),
        ({"scope": "everything"}, "Choose what it may do."),
        ({"scope": "record"}, "Your account may not record figures"),
    ],
)
def test_a_token_that_cannot_be_is_refused_with_what_was_typed_kept(still, changes, said):
    one, who = still, Visitor(still.app)
    who.sign_in("viewer")
    typed = {"title": "monthly import", "days": "30", "scope": "read"} | changes
    refused = who.submit("/account", "/account/tokens", **typed)
    assert (refused.status_code, said in Page(refused.text).text) == (422, True)
    kept = dict(who.form(refused, "/account/tokens").fields)
    assert (kept["title"], kept["days"]) == (typed["title"], typed["days"])
    with db.reading(one.engine) as session:
        assert keys.tokens(session) == ()


def test_figures_recorded_with_a_token_stand_under_it_in_the_trail(service):
    one = service()
    token = token_of(one, "editor", Scope.RECORD)
    assert one.client.post("/api/v1/readings", json=ENTRY, **bearer(token)).status_code == 201
    assert (trail(one)[0].actor, trail(one)[0].kind) == ("api:editor/1", "reading")
    again = ENTRY | {"value": "180,000", "period": "2025-01..2025-07", "published": "2025-08-17"}
    assert one.client.post("/api/v1/readings", json=again, **bearer(TOKEN)).status_code == 201
    assert trail(one)[0].actor == "api"


def test_a_stolen_token_that_only_reads_enters_nothing_and_sees_no_account(service):
    one = service(public_pages=False, public_api=False, public_metrics=False)
    stolen = bearer(token_of(one, "admin", Scope.READ))
    refused = one.client.post("/api/v1/readings", json=ENTRY, **stolen)
    assert (refused.status_code, refused.json()["detail"]) == (403, "token: may read, expected record")
    assert [entry.kind for entry in trail(one) if entry.kind == "reading"] == []
    for path in ("/account", "/users", "/users/admin", "/held", "/"):
        assert one.client.get(path, **stolen).status_code == 303, path
    for path in ("/account/tokens", "/users", "/users/viewer/password", "/account/password"):
        assert one.client.post(path, data={}, **stolen).status_code == 401, path
    for path in ("/api/v1/targets", "/api/v1/targets/cargo-2025", "/api/v1/indicators/cargo/readings", "/metrics"):
        told = one.client.get(path, **stolen)
        assert told.status_code == 200
        for secret in ("argon2", "viewer", "editor", "twt_", stolen["headers"]["authorization"]):
            assert secret not in told.text


@pytest.mark.parametrize("how", ["expired", "revoked", "disabled", "wrong", "basic", "none"])
def test_a_token_that_is_not_good_reads_nothing_where_one_is_asked_for(service, how):
    one = service(public_api=False, public_metrics=False)
    token = token_of(one, "viewer", seconds=0.001) if how == "expired" else token_of(one, "viewer")
    headers = {"authorization": f"Bearer {token}"}
    if how == "revoked":
        with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
            keys.revoke(session, 1, now=datetime.now(UTC))
    elif how == "disabled":
        change(one, "viewer", disabled=True)
    elif how in {"wrong", "basic", "none"}:
        said = {"wrong": f"Bearer {token}x", "basic": f"Basic {token}", "none": ""}
        headers["authorization"] = said[how]
    for path in ("/api/v1/targets", "/metrics"):
        answer = one.client.get(path, headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        assert token not in answer.text


def test_the_setting_says_what_is_public_and_health_always_is(service):
    closed = service(public_pages=False, public_wall=False, public_api=False, public_metrics=False)
    for path in ("/", "/targets/cargo-2025", "/indicators/cargo", "/wall"):
        assert closed.client.get(path).status_code == 303, path
        assert closed.client.head(path).status_code == 401, path
    for path in ("/api/v1/targets", "/metrics"):
        assert closed.client.get(path).status_code == 401, path
    for path in ("/-/healthy", "/-/ready", "/api/openapi.json", "/api/docs", "/schema/targetwatch.json", "/sign-in"):
        assert closed.client.get(path).status_code == 200, path
    who = Visitor(closed.app)
    who.sign_in("viewer")
    for path in ("/", "/targets/cargo-2025", "/indicators/cargo", "/wall", "/api/v1/targets", "/metrics"):
        assert who.get(path).status_code == 200, path


def test_the_wall_is_public_by_its_own_setting(service):
    one = service(public_pages=False)
    assert one.client.get("/wall").status_code == 200
    assert one.client.get("/").status_code == 303


def test_metrics_are_told_to_a_known_token_while_the_database_is_away(service):
    one = service(public_metrics=False)
    token = token_of(one, "viewer")
    assert one.client.get("/metrics", **bearer(token)).status_code == 200
    one.engine.dispose()  # which folds the write-ahead log into the file
    one.file.write_bytes(b"this is no database any more, and not for a moment longer")
    assert one.client.get("/metrics", **bearer(token)).status_code == 200
    assert one.client.get("/metrics", **bearer(token + "x")).status_code == 503


def test_whoever_is_signed_in_reads_what_is_public_while_the_database_is_away(service):
    one = service()
    who = Visitor(one.app)
    who.sign_in("editor")
    assert "editor" in who.get("/").text
    one.engine.dispose()
    one.file.write_bytes(b"this is no database any more, and not for a moment longer")
    assert "Sign in" in who.get("/").text
    assert who.get("/api/v1/targets").status_code == 200
    away = who.get("/users")
    assert (away.status_code, away.headers["retry-after"]) == (503, "2")


def test_while_the_clock_is_simulated_people_sign_in_and_nothing_is_changed(service):
    day = date(2025, 10, 2)
    one = service(simulation=Simulated(day, day))
    who = Visitor(one.app)
    assert who.sign_in("admin").status_code == 303
    csrf = dict(who.form("/account", "/sign-out").fields)["csrf"]
    for path in ("/users", "/users/viewer/disable", "/account/password", "/account/tokens"):
        assert who.post(path, {"csrf": csrf, "name": "wang", "role": "viewer"}).status_code == 409, path
    assert one.client.post("/api/v1/readings", json=ENTRY, **bearer(TOKEN)).status_code == 409
    assert [form.action for form in Forms(who.get("/users").text).found if form.method == "post"] == ["/sign-out"]


# --- users ---


def test_an_admin_changes_titles_and_roles_and_all_is_audited(signed_in):
    one, who = signed_in(Role.ADMIN)
    done = who.submit("/users/viewer", "/users/viewer", title="Li Wei", role="editor")
    assert done.headers["location"] == "/users/viewer?done=saved"
    page = who.page("/users/viewer?done=saved")
    assert "Saved." in page.text
    assert "Li Wei" in page.text
    entry = trail(one)[0]
    assert (entry.actor, entry.object, entry.new) == ("web:admin", "viewer", {"title": "Li Wei", "role": "editor"})


def test_saving_over_somebody_elses_change_is_refused_with_what_it_is_now(signed_in):
    one, who = signed_in(Role.ADMIN)
    form = who.form("/users/viewer", "/users/viewer").filled(title="Mine", role="editor")
    change(one, "viewer", title="Theirs")
    refused = who.post("/users/viewer", form)
    assert refused.status_code == 409
    assert "it is Theirs, Viewer, now" in Page(refused.text).text
    assert dict(who.form(refused, "/users/viewer").fields)["title"] == "Mine", "what was typed is kept"
    assert who.submit(refused, "/users/viewer").status_code == 303, "and is saved when it is meant all the same"
    with db.reading(one.engine) as session:
        assert accounts.get(session, "viewer").title == "Mine"


def test_disabling_signs_out_and_enabling_lets_in_again(signed_in):
    one, who = signed_in(Role.ADMIN)
    viewer = Visitor(one.app)
    viewer.sign_in("viewer")
    assert (
        who.submit("/users/viewer", "/users/viewer/disable").headers["location"] == "/users/viewer?done=user_disabled"
    )
    assert viewer.get("/account").status_code == 303
    assert viewer.sign_in("viewer").status_code == 422
    assert who.submit("/users/viewer", "/users/viewer/enable").status_code == 303
    assert viewer.sign_in("viewer").status_code == 303


def test_a_reset_password_is_a_one_time_one_and_ends_the_old(signed_in):
    one, who = signed_in(Role.ADMIN)
    shown = who.follow(who.submit("/users/viewer", "/users/viewer/password"))
    (given,) = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){4}", Page(shown.text).text)
    assert Visitor(one.app).sign_in("viewer").status_code == 422
    assert "Choose your password" in Page(Visitor(one.app).sign_in("viewer", given).text).text
    assert given not in str(trail(one))
    assert Problem.from_text(trail(one)[0].reason).code == "password_reset"


def test_an_admin_signs_others_out_and_revokes_their_tokens(signed_in):
    one, who = signed_in(Role.ADMIN, public_api=False)
    token = token_of(one, "viewer")
    viewer = Visitor(one.app)
    viewer.sign_in("viewer")
    assert who.submit("/users/viewer", "/users/viewer/sessions/end").status_code == 303
    assert viewer.get("/account").status_code == 303
    assert who.submit("/users/viewer", "/users/viewer/tokens/1/revoke").status_code == 303
    assert one.client.get("/api/v1/targets", **bearer(token)).status_code == 401


@pytest.mark.parametrize(
    ("path", "values", "status", "said"),
    [
        ("/users", {"name": "Wang Min", "title": "", "role": "viewer"}, 422, "cannot be a name"),
        ("/users", {"name": "", "title": "", "role": "viewer"}, 422, "cannot be a name"),
        ("/users", {"name": "viewer", "title": "", "role": "viewer"}, 422, "Somebody has this name already."),
        ("/users", {"name": "wang", "title": "x" * 81, "role": "viewer"}, 422, "one line of at most 80"),
        ("/users", {"name": "wang", "title": "", "role": "boss"}, 422, "Choose one of the roles."),
        ("/users/admin", {"title": "The admin", "role": "editor"}, 422, "This is the last admin."),
        ("/users/viewer", {"title": "x" * 81, "role": "viewer"}, 422, "one line of at most 80"),
        ("/users/viewer", {"title": "x", "role": ""}, 422, "Choose one of the roles."),
    ],
)
def test_what_an_admin_types_wrong_is_said_beside_it_and_changes_nothing(still, path, values, status, said):
    who = Visitor(still.app)
    who.sign_in("admin")
    refused = who.submit(path, path, **values)
    assert (refused.status_code, said in Page(refused.text).text) == (status, True), Page(refused.text).text
    kept = dict(who.form(refused, path).fields)
    assert kept["title"] == values["title"]


def test_the_last_admin_cannot_be_disabled(still):
    who = Visitor(still.app)
    who.sign_in("admin")
    refused = who.submit("/users/admin", "/users/admin/disable")
    assert (refused.status_code, "This is the last admin." in Page(refused.text).text) == (422, True)


def test_a_user_that_is_not_there_is_not_found(still):
    who = Visitor(still.app)
    who.sign_in("admin")
    for path in ("/users/nobody", "/users/%00", "/users/%F0%9F%92%A9", "/users/" + "x" * 3000):
        assert who.get(path).status_code == 404, path[:20]


def test_no_two_elements_of_the_pages_of_people_have_one_name(signed_in):
    one, who = signed_in(Role.ADMIN)
    token_of(one, "admin", Scope.RECORD)
    change(one, "viewer", disabled=True)
    for path in ("/account", "/users", "/users/admin", "/users/viewer"):
        ids = [said["id"] for _, said in who.page(path).elements if said.get("id")]
        assert len(ids) == len(set(ids)), path


# --- where one may go afterwards ---


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%2fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/%09/evil.example",
    "/x\r\nset-cookie: a=b",
    "/x%0d%0aset-cookie:%20a=b",
    "/\x00/evil.example",
    "evil.example",
    "@evil.example",
    "",
    "/sign-in",
    "/sign-in?next=/sign-in",
    "/sign-out",
    "/" + "x" * 3000,
]


def test_signing_in_leads_nowhere_but_to_a_page_of_this_site(still):
    assert [said for said in ELSEWHERE if local(said) != "/"] == []
    for said in ("//evil.example", "/\\evil.example", "/\t/evil.example", "/sign-in"):
        who, forced = Visitor(still.app), Visitor(still.app)
        done = who.submit(who.get("/sign-in", params={"next": said}), "/sign-in", name="viewer", password=PASSWORD)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        fields = forced.form("/sign-in", "/sign-in").filled(name="viewer", password=PASSWORD, next=said)
        assert forced.post("/sign-in", fields).headers["location"] == "/"
        assert who.get("/sign-in", params={"next": said}).headers["location"] == "/"


@pytest.mark.parametrize(
    "said", ["/", "/held", "/targets/x?as_of=2025-07-01&lang=zh", "/?q=%E9%87%8D%E5%BA%86", "/a%20b"]
)
def test_a_page_of_this_site_is_gone_on_to(said):
    assert local(said) == said


# --- behind a proxy ---


def test_a_trusted_proxy_says_who_is_signed_in_and_nobody_else_does(service):
    said = {"proxy_user_header": "X-Remote-User", "trusted_proxies": "127.0.0.1"}
    one, far = service(**said), service(**said | {"trusted_proxies": "10.9.8.0/24"})
    for name, status in (("viewer", 200), ("VIEWER ", 200), ("nobody", 303), ("", 303), ("x" * 101, 303)):
        answer = one.client.get("/account", headers={"x-remote-user": name})
        assert answer.status_code == status, name
    assert far.client.get("/account", headers={"x-remote-user": "admin"}).status_code == 303
    for forged in ("10.9.8.7", "127.0.0.1, 10.9.8.7"):
        answer = far.client.get("/account", headers={"x-remote-user": "admin", "x-forwarded-for": forged})
        assert answer.status_code == 303, "an address in a header is not the peer's"
    change(one, "viewer", disabled=True)
    assert one.client.get("/account", headers={"x-remote-user": "viewer"}).status_code == 303


def test_two_names_are_nobody(service):
    one = service(proxy_user_header="X-Remote-User", trusted_proxies="127.0.0.1")
    assert ask(one.app, "GET", "/account", [("X-Remote-User", name) for name in ("viewer", "admin")]).status == 303


def test_a_name_without_an_account_gets_the_role_of_the_setting(service):
    one = service(
        proxy_user_header="X-Remote-User", trusted_proxies="127.0.0.1", proxy_default_role="viewer", public_pages=False
    )
    headers = {"x-remote-user": "Wang.Min@city.example"}
    assert one.client.get("/", headers=headers).status_code == 200
    page = Page(one.client.get("/account", headers=headers).text)
    assert "wang.min@city.example" in page.text
    assert "has no account of yours to change" in page.text
    assert one.client.get("/users", headers=headers).status_code == 403


def test_a_proxys_people_change_things_under_their_name_and_only_from_our_pages(service):
    one = service(proxy_user_header="X-Remote-User", trusted_proxies="127.0.0.1")
    who = Visitor(one.app)
    who.session.headers["x-remote-user"] = "admin"
    assert who.submit("/users", "/users", name="wang", title="", role="viewer").status_code == 303
    assert trail(one)[0].actor == "web:admin"
    other = Visitor(one.app)
    other.session.headers["x-remote-user"] = "admin"
    forged = other.post("/users", {"name": "mallory", "role": "admin"}, headers={"origin": "https://evil.example"})
    assert forged.status_code == 403


def test_the_header_means_nothing_where_it_is_not_set_up(still):
    for header in ("x-remote-user", "x-forwarded-user", "remote-user"):
        assert still.client.get("/account", headers={header: "admin"}).status_code == 303


def test_a_trusted_proxy_says_it_was_https_and_whose_address_it_was(service):
    one, far = service(), service(trusted_proxies="10.9.8.0/24")
    https = {"headers": {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9, 127.0.0.1"}}
    (cookie,) = [one for one in one.client.get("/sign-in", **https).cookies if "visitor" in one.name]
    assert (cookie.name, cookie.secure) == ("__Host-targetwatch_visitor", True)
    assert far.client.get("/sign-in", **https).cookies.get("targetwatch_visitor")


def test_guesses_are_counted_for_the_address_behind_the_proxy(service, caplog):
    one = service()
    who = Visitor(one.app)
    who.session.headers["x-forwarded-for"] = "198.51.100.1, 203.0.113.9"
    with caplog.at_level(logging.WARNING):
        who.sign_in("viewer", "wrong")
        who.session.headers["x-forwarded-for"] = "2001:db8:1:2:3::4"
        who.sign_in("viewer", "wrong")
    kept = one.app.state.throttle._kept
    assert ("address", "203.0.113.9") in kept
    assert ("address", "2001:db8:1:2::/64") in kept
    assert "203.0.113.9" in caplog.text
    assert "wrong" not in caplog.text


# --- what the cookies are ---


def test_cookies_are_for_this_site_alone_and_no_script(signed_in):
    _, who = signed_in()
    for cookie in who.session.cookies:
        if cookie.name != "targetwatch_lang":
            assert cookie.has_nonstandard_attr("HttpOnly"), cookie.name
            assert cookie._rest["SameSite"].lower() == "lax"
            assert (cookie.path, cookie.domain_specified, cookie.secure) == ("/", False, False)
    session = next(one for one in who.session.cookies if one.name == "targetwatch_session")
    assert session.expires is None, "it goes with the browser"


def test_over_https_cookies_have_the_host_prefix_and_browsers_are_told_to_stay(service):
    one = service(external_url="https://targets.example.org")
    shown = one.client.get("/sign-in")
    (cookie,) = shown.cookies
    assert (cookie.name, cookie.secure, cookie.path) == ("__Host-targetwatch_visitor", True, "/")
    assert shown.headers["strict-transport-security"] == "max-age=31536000"
    token = dict(Forms(shown.text).found[-1].fields)["csrf"]
    done = one.client.post(
        "/sign-in",
        data={"csrf": token, "name": "viewer", "password": PASSWORD, "next": "/account"},
        headers={"cookie": f"__Host-targetwatch_visitor={cookie.value}", "origin": "https://targets.example.org"},
    )
    assert done.status_code == 303, "the origin is the address people use, whatever the proxy made of it"
    for kept in ("__Host-targetwatch_session", "__Host-targetwatch_browser"):
        assert re.search(
            rf"{kept}=[^;]+; HttpOnly; (Max-Age=\d+; )?Path=/; SameSite=lax; Secure", done.headers["set-cookie"]
        )
    secret = done.cookies["__Host-targetwatch_session"]
    plain = {"cookie": f"targetwatch_session={secret}"}
    assert one.client.get("/account", headers=plain).status_code == 303, "a cookie another host could have set"
    assert one.client.get("/account", headers={"cookie": f"__Host-{plain['cookie']}"}).status_code == 200


def test_over_http_nothing_is_said_of_https(still):
    assert "strict-transport-security" not in still.client.get("/").headers


# --- what nobody and the wrong role are told ---


def test_who_may_not_is_told_kindly_and_a_program_in_json(signed_in):
    one, who = signed_in(Role.VIEWER)
    refused = who.get("/users")
    assert refused.status_code == 403
    assert "Your account may not do this." in Page(refused.text).text
    assert "Sign out" in Page(refused.text).text, "the menu still knows who they are"
    told = who.get("/users", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["detail"]) == (403, "user 'viewer': may viewer, expected admin or more")
    nobody = one.client.get("/users", headers={"accept": "application/json"})
    assert (nobody.status_code, nobody.headers["content-type"]) == (401, "application/problem+json")
    head = one.client.head("/users")
    assert (head.status_code, head.headers["www-authenticate"]) == (401, "Bearer")


def test_a_page_that_is_not_there_still_knows_who_asks(signed_in):
    _, who = signed_in()
    missing = who.get("/nothing")
    assert missing.status_code == 404
    assert "The viewer" in Page(missing.text).text
