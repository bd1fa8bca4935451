"""Who may ask what, and what an attacker tries: every route, every form, every place where words are shown."""

from __future__ import annotations

import logging
import re
import shutil
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import requests
import schemathesis
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.responses import RedirectResponse
from visitor import Forms, Visitor
from web_stage import PASSWORD, TOKEN, Stage

from builders import OWNER, indicator, reading, target, version
from commands import command
from in_process import HERE, session
from targetwatch import ingest
from targetwatch.model import Announcement, Catalogue, Role, Scope, Source, Text
from targetwatch.store import accounts, audit, db, keys
from targetwatch.store import readings as stored
from targetwatch.web import forms
from targetwatch.web.access import NEEDS
from targetwatch.web.api.entry import Guarded
from targetwatch.web.headers import BODY_BYTES, LARGEST, Guard
from targetwatch.web.targets import fields, preview
from targetwatch.wording.terms import FIELDS

pytestmark = pytest.mark.slow
WHO_MAY = """
anyone        GET   /-/healthy
anyone        GET   /-/ready
anyone        POST  /-/reload
anyone        GET   /api/docs
anyone        GET   /api/openapi.json
anyone        GET   /schema/targetwatch.json
anyone        GET   /sign-in
anyone        POST  /sign-in
anyone        POST  /sign-in/issuer
anyone        GET   /sign-in/issuer/done
anyone        POST  /sign-out
anyone        GET   /know/{token}
anyone        POST  /know/{token}
anyone        GET   /unsubscribe/{token}
anyone        POST  /unsubscribe/{token}
public_metrics GET  /metrics
public_api    GET   /api/v1/targets
public_api    GET   /api/v1/targets/{target_id}
public_api    GET   /api/v1/indicators
public_api    GET   /api/v1/indicators/{indicator_id}
public_api    GET   /api/v1/indicators/{indicator_id}/readings
public_api    GET   /api/v1/readings
public_api    GET   /api/v1/readings/{number}
viewer        GET   /api/v1/sources
viewer        GET   /api/v1/sources/{source_id}
viewer        GET   /api/v1/held
viewer        GET   /api/v1/held/{number}
viewer        GET   /api/v1/audit
viewer        GET   /api/v1/audit/{number}
record        POST  /api/v1/readings
record        POST  /api/v1/documents
public_api    GET   /export/{what}.{form}
public_pages  GET   /feeds/status.atom
public_pages  GET   /feeds/calendar.ics
feed          GET   /embed/{target_id}
public_pages  GET   /
public_pages  GET   /targets/{target_id}
public_pages  GET   /indicators/{indicator_id}
public_pages  GET   /readings/{number}
public_pages  GET   /guide
public_pages  GET   /guide/{name}
public_pages  GET   /runbooks/{name}
public_wall   GET   /wall
public_wall   GET   /wall/content
viewer        GET   /account
viewer        POST  /account/password
viewer        POST  /account/sessions/{handle}/end
viewer        POST  /account/tokens
viewer        POST  /account/tokens/{number}/revoke
viewer        GET   /held
viewer        GET   /sources
viewer        GET   /sources/{source_id}
viewer        GET   /audit
viewer        GET   /audit.csv
viewer        GET   /targets/{target_id}/yaml
editor        GET   /targets/{target_id}/edit
editor        POST  /targets/{target_id}/edit
editor        POST  /indicators/{indicator_id}/undo
editor        GET   /targets/{target_id}/hand-back
editor        POST  /targets/{target_id}/hand-back
editor        GET   /targets/{target_id}/archive
editor        POST  /targets/{target_id}/archive
editor        GET   /targets/{target_id}/undo
editor        POST  /targets/{target_id}/undo
editor        POST  /targets/{target_id}/restore
editor        GET   /targets/{target_id}/know
editor        POST  /targets/{target_id}/know
editor        GET   /new-target
editor        GET   /new-target/yaml
editor        POST  /new-target/yaml
editor        GET   /new-target/{kind}
editor        POST  /new-target/{kind}
editor        GET   /indicators/{indicator_id}/edit
editor        POST  /indicators/{indicator_id}/edit
editor        GET   /figures/drop
editor        POST  /figures/drop
admin         GET   /new-source
admin         POST  /new-source
admin         GET   /sources/{source_id}/edit
admin         POST  /sources/{source_id}/edit
admin         POST  /sources/{source_id}/undo
editor        POST  /held/{held_id}/accept
editor        POST  /held/{held_id}/reject
editor        POST  /held/{held_id}/undo
editor        GET   /figures/new
editor        POST  /figures/new
editor        GET   /figures/press
editor        POST  /figures/press
editor        GET   /figures/paste
editor        POST  /figures/paste
editor        POST  /readings/{number}/withdraw
editor        POST  /readings/{number}/restore
editor        POST  /figures/undo
editor        POST  /sources/{source_id}/run
editor        POST  /sources/{source_id}/test
editor        GET   /sources/{source_id}/outcome
editor        POST  /audit/verify
admin         GET   /users
admin         POST  /users
admin         POST  /users/four-eyes
admin         GET   /users/{name}
admin         POST  /users/{name}
admin         POST  /users/{name}/password
admin         POST  /users/{name}/disable
admin         POST  /users/{name}/enable
admin         POST  /users/{name}/sessions/end
admin         POST  /users/{name}/tokens/{number}/revoke
admin         GET   /owners
admin         GET   /owners/{owner_id}
admin         POST  /owners/{owner_id}
admin         POST  /owners/{owner_id}/take-over
admin         POST  /owners/{owner_id}/hand-back
admin         POST  /unsubscribed
"""
TABLE = {(method, path): needed for needed, method, path in (line.split() for line in WHO_MAY.split("\n") if line)}
"""Every route with what it needs. A route is added here when it is added to the service."""
PAGES = [path for (method, path), _ in TABLE.items() if method == "GET"]
POSTS = [path for (method, path), needed in TABLE.items() if method == "POST" and needed != "record"]
FORM_POSTS = [path for path in POSTS if path != "/-/reload" and "{token}" not in path]
NAMES = {
    "target_id": "cargo-2025",
    "indicator_id": "cargo",
    "number": "1",
    "held_id": "1",
    "source_id": "none",
    "handle": "0" * 16,
    "name": "viewer",
    "kind": "flow",
    "what": "readings",
    "form": "csv",
    "owner_id": OWNER.id,
    "token": "no-token-of-ours",
}
LEVELS = ["", *Role]
ISSUER = {
    "oidc_issuer": "http://127.0.0.1:9",
    "oidc_client_id": "targetwatch",
    "oidc_client_secret": "sentinel-oidc-secret",
    "external_url": "http://targets.example.org",
}
NOT_THESE = [
    positive_data_acceptance,  # a day may be well written and still lie in the future
    ignored_auth,  # it cannot take away the header given here; test_web_access asks without one
]
HELD = {
    "indicator": "cargo",
    "value": "6,400,000",
    "period": "2025-01..2025-08",
    "basis": "year_to_date",
    "published_on": "2025-09-17",
    "publisher": "statistics-office",
}
SCRIPT = "<script>alert('xss')</script>"
BREAKS_OUT = "\"'><img src=x onerror=alert(1)>"
MEGABYTE = "x" * 1024 * 1024
BEARER = {"authorization": f"Bearer {TOKEN}"}


def at(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: NAMES[found.group(1)], path)


def filled(one) -> None:
    """Give a service one target with a figure, and an account of each role that is named like the role."""
    if not one.holder.current:
        one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
        one.add(reading("2025-01-01..2025-06-30", 154600, "2025-07-17"))
    now = datetime.now(UTC)
    with db.writing(one.engine, "test", now=now) as session:
        for role in Role:
            accounts.add(session, role.value, PASSWORD, role=role, title=f"The {role}", now=now)
    one.refresh()


@pytest.fixture
def service(stage):
    def make(**said):
        one = stage(**said)
        filled(one)
        return one

    return make


CLOSED = dict.fromkeys(("public_pages", "public_wall", "public_api", "public_metrics"), False) | ISSUER


@pytest.fixture
def closed(service, tmp_path):
    """A service that shows nobody anything, with every way in; a reload finds no files and changes nothing."""
    return service(config_dir=tmp_path / "no-config", **CLOSED)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory, empty_file):
    """Make services that the tests of this module share, because none of them changes anything."""
    with ExitStack() as made:

        def make(**said):
            file = Path(shutil.copy(empty_file, tmp_path_factory.mktemp("lasting") / "own.db"))
            one = Stage(file, date(2025, 10, 2), said={"config_dir": file.parent / "no-config"} | said)
            made.callback(one.close)
            filled(one)
            return one

        yield make


@pytest.fixture(scope="module")
def closed_still(lasting):
    return lasting(**CLOSED)


@pytest.fixture(scope="module")
def closed_admin(closed_still):
    """An administrator's browser, where nothing is shown to anybody else."""
    return browser(closed_still, "admin")


@pytest.fixture(scope="module")
def other(closed_still):
    """The token of somebody else's forms."""
    return dict(browser(closed_still, "editor").form("/account", "/sign-out").fields)["csrf"]


@pytest.fixture(scope="module")
def admin_still(lasting):
    """An administrator's browser."""
    return browser(lasting(**ISSUER), "admin")


def browser(one, name: str) -> Visitor:
    """Return somebody who is signed in, or nobody."""
    who = Visitor(one.app)
    if name:
        assert who.sign_in(name).status_code == 303
    return who


def csrf(who: Visitor) -> str:
    return next(
        dict(form.fields)["csrf"]
        for form in Forms(who.get("/sign-in?next=/guide").text).found
        if "csrf" in dict(form.fields)
    )


# --- every route and its role ---


def flat(dependant):
    yield dependant
    for inner in dependant.dependencies:
        yield from flat(inner)


def really(app) -> dict[tuple[str, str], str]:
    """Return every route of an application with what its own dependencies ask for."""
    found = {}
    for route in iter_route_contexts(app.routes):
        if route.path == "/static":
            continue
        calls = [one.call for one in flat(route.dependant)] if hasattr(route, "dependant") else []
        needs = {NEEDS[call] for call in calls if call in NEEDS}
        if isinstance(getattr(route, "original_route", None), Guarded):
            needs.add(Guarded.needs)
        strictest = [one for one in ("record", *reversed(Role)) if one in needs] or sorted(needs) or ["anyone"]
        for method in route.methods - {"HEAD"}:
            found[method, route.path] = str(strictest[0])
    return found


def test_the_table_above_names_every_route_with_the_role_that_it_really_asks_for(stage):
    assert really(stage(**ISSUER).app) == TABLE


def test_every_form_is_checked_to_be_ours(stage):
    for route in iter_route_contexts(stage(**ISSUER).app.routes):
        if "POST" in (route.methods or ()) and route.path in FORM_POSTS:
            assert forms.filled in [one.call for one in flat(route.dependant)], route.path


@pytest.mark.parametrize("name", LEVELS)
def test_whoever_may_less_is_refused_everywhere_and_whoever_may_is_not(closed, name):
    who, level = browser(closed, name), LEVELS.index(name)
    token = csrf(who) if not name else dict(who.form("/account", "/sign-out").fields)["csrf"]
    last = ("/sign-out", "/account/password", "/users/{name}/disable", "/account/sessions/{handle}/end")
    for (method, path), needed in sorted(TABLE.items(), key=lambda item: item[0][1] in last):
        if needed in {"record", "feed"}:
            continue
        least = LEVELS.index(needed) if needed in LEVELS else 0 if needed == "anyone" else 1
        if level not in {least - 1, least} and path != "/sign-out":
            continue  # whoever may even less, or more, asks for others of these
        answer = who.post(at(path), {"csrf": token}) if method == "POST" else who.get(at(path))
        refused = answer.status_code in {401, 403} or answer.headers.get("location", "").startswith("/sign-in?next=")
        shown = f"{name or 'nobody'}: {method} {path}: {answer.status_code}"
        if least > level:
            is_page = method == "GET" and not path.startswith(("/api/", "/metrics", "/export/", "/feeds/", "/embed/"))
            wanted = 403 if name else 303 if is_page else 401
            assert (answer.status_code, refused) == (wanted, True), shown
        elif not path.startswith("/sign-in/issuer"):
            assert not refused, shown
        assert answer.status_code < 500, shown
        if path == "/sign-out":
            return


def test_no_role_of_the_web_enters_readings_by_the_api(closed_admin):
    assert closed_admin.post("/api/v1/readings", json={}).status_code == 401


# --- forms of other sites ---

FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://127.0.0.1.evil.example"},
    {"origin": "http://["},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": None, "sec-fetch-site": "cross-site"},
]


def test_a_form_of_another_site_or_without_a_good_token_is_refused(closed_still, closed_admin, other):
    """Every address refuses both; one of them refuses whatever is tried."""
    closed, who = closed_still, closed_admin
    good = dict(who.form("/account", "/sign-out").fields)["csrf"]
    bad = [{}, {"csrf": ""}, {"csrf": good[:-1]}, {"csrf": other}, {"csrf": "é"}, {"csrf": "\x00"}]
    before = len(trail(closed))
    for path in FORM_POSTS:
        tries = slice(None) if path == FORM_POSTS[-1] else slice(1)
        for headers in FOREIGN[tries]:
            assert who.post(at(path), {"csrf": good}, headers=headers).status_code == 403, (path, headers)
        for said in bad[tries]:
            assert who.post(at(path), said).status_code == 403, (path, said)
        naked = closed.client.post(at(path), data={"csrf": good})
        assert naked.status_code in {401, 403}, f"{path}: without the cookie"
    assert len(trail(closed)) == before


def test_a_token_of_before_signing_in_is_worth_nothing_after(service):
    one = service()
    who = Visitor(one.app)
    before = csrf(who)
    who.sign_in("admin")
    assert who.post("/users", {"csrf": before, "name": "wang", "role": "viewer"}).status_code == 403


def test_a_browser_that_says_nothing_of_the_origin_needs_the_token_all_the_same(service):
    who = browser(service(), "admin")
    quiet = {"origin": None, "sec-fetch-site": None}
    good = dict(who.form("/account", "/sign-out").fields)["csrf"]
    values = {"name": "wang", "title": "", "role": "viewer"}
    assert who.post("/users", values, headers=quiet).status_code == 403
    assert who.post("/users", values | {"csrf": good}, headers=quiet).status_code == 303


def test_nobody_is_signed_in_by_another_sites_form(service):
    who = Visitor(service().app)
    token = csrf(who)
    said = {"csrf": token, "name": "viewer", "password": PASSWORD}
    for headers in FOREIGN:
        assert who.post("/sign-in", said, headers=headers).status_code == 403
    assert not who.cookie("targetwatch_session")


# --- session fixation ---


def test_a_session_cookie_somebody_else_chose_is_never_the_one_after_signing_in(service):
    one = service()
    attacker = browser(one, "editor")
    planted = attacker.cookie("targetwatch_session")
    victim = Visitor(one.app)
    for said in (planted, "chosen-by-an-attacker"):
        victim.session.cookies.clear()
        victim.session.cookies.set("targetwatch_session", said)
        token = dict(victim.form("/sign-in", "/sign-in").fields) if said != planted else None
        if token is None:
            # planted and alive: signed in as the attacker, whose session ends when the victim signs in
            fields = {"csrf": dict(victim.form("/account", "/sign-out").fields)["csrf"]}
            done = victim.post("/sign-in", fields | {"name": "admin", "password": PASSWORD})
        else:
            done = victim.submit("/sign-in", "/sign-in", name="admin", password=PASSWORD)
        assert done.status_code == 303
        fresh = done.cookies["targetwatch_session"]
        assert fresh not in {planted, said}
    assert attacker.get("/account").status_code == 303
    attacker.session.cookies.set("targetwatch_session", "chosen-by-an-attacker")
    assert attacker.get("/account").status_code == 303


def test_each_sign_in_begins_another_session(service):
    one = service()
    who = browser(one, "viewer")
    first = who.cookie("targetwatch_session")
    who.submit("/account", "/sign-out")
    who.sign_in("viewer")
    assert who.cookie("targetwatch_session") != first


# --- script, reflected and stored ---


class Danger(HTMLParser):
    """What of a page could run: scripts with content or from elsewhere, handlers, addresses that are code."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = False
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self._in_script = tag == "script"
        for name, value in attrs:
            said = (value or "").strip().lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append(f"<{tag} {name}>")
            if name in {"href", "src", "action", "formaction"} and re.match(r"(javascript|data|vbscript):", said):
                self.found.append(f"<{tag} {name}={said[:40]}>")
            if tag == "script" and name == "src" and not said.startswith("/static/"):
                self.found.append(f"<script src={said[:40]}>")
            if tag in {"iframe", "object", "embed", "base"}:
                self.found.append(f"<{tag}>")
        if tag == "img" and dict(attrs).get("src") == "x":
            self.found.append("<img src=x>")

    def handle_data(self, data):
        if self._in_script and data.strip():
            self.found.append(f"script: {data[:60]}")

    def handle_endtag(self, tag):
        self._in_script = False


def harmless(answer: requests.Response, where: str) -> None:
    kind = answer.headers.get("content-type", "")
    assert answer.status_code < 500, f"{where}: {answer.status_code}"
    assert answer.headers["x-content-type-options"] == "nosniff", where
    assert "script-src 'self'" in answer.headers["content-security-policy"], where
    assert "unsafe" not in answer.headers["content-security-policy"], where
    if kind.startswith("text/html"):
        assert Danger(answer.text).found == [], where
    else:
        kinds = r"(application/([a-z.+-]*json|jsonl|yaml|x-yaml|atom[+]xml)|text/(plain|csv|yaml|calendar))"
        assert re.match(kinds, kind) or not answer.content, where


@pytest.mark.parametrize(
    "dangerous",
    [
        SCRIPT,
        BREAKS_OUT,
        "<p onclick=x>",
        "<a href=' javascript:x'>",
        "<script src=//evil.example/x.js></script>",
        "<p style=x>",
    ],
)
def test_the_look_for_danger_finds_it(dangerous):
    assert Danger(dangerous).found


def test_what_stands_in_an_address_is_never_script(admin_still):
    who, payload = admin_still, BREAKS_OUT + SCRIPT + "{{7*7}}${7*7}"
    names = "q status programme owner data when sort look page tab lang next done kind object person"
    names = f"{names} actor since until id indicator period value text step from to".split()
    for path in PAGES:
        if path in {"/sign-in/issuer/done", "/-/healthy", "/-/ready"}:
            continue
        for asked in (
            dict.fromkeys(names, payload),
            dict.fromkeys(names, "javascript:alert(1)"),
            {"as_of": payload},
            {"clock": payload, "done": payload},
        ):
            answer = who.get(at(path), params=asked)
            harmless(answer, f"{path} {asked}")
            assert "49$49" not in answer.text
        if "{" in path:
            harmless(who.get(re.sub(r"\{\w+\}", payload.replace("/", "%2F"), path)), path)
    for said in (payload, "javascript:alert(1)"):
        harmless(who.get("/" + said), "a path that is not there")
        harmless(Visitor(who.app).get("/sign-in", params={"next": said}), "sign-in")


def hostile(words: str) -> tuple[Catalogue, list]:
    both = Text(words, words)
    said = Announcement(by=words, on=datetime(2025, 2, 7, tzinfo=UTC).date(), source=words, quote=words, url="")
    one = indicator(title=both, unit_label=both)
    promise = target(replace(version(), announcement=said, reason=words), title=both, short=both, note=both)
    readings = [
        reading(
            "2025-01-01..2025-06-30", 154600, "2025-07-17", quote=words, note=words, evidence_url="javascript:alert(1)"
        ),
        reading("2025-01-01..2025-03-31", 64000, "2025-04-17", quote=words, publisher=words),
    ]
    return Catalogue(indicators=(one,), targets=(promise,)), readings


def test_what_somebody_wrote_is_never_script_on_any_page(stage):
    words = "\"'></title></textarea><img src=x onerror=a()><script>a</script>{{7*7}}${7*7}"
    one = stage(**ISSUER)
    catalogue, readings = hostile(words)
    one.configure(catalogue)
    one.add(*readings)
    one.refresh()
    filled(one)
    who = browser(one, "admin")
    who.submit("/users/viewer", "/users/viewer", title=words, role="viewer")
    who.submit("/account", "/account/tokens", title=words)
    for language in ("en", "zh"):
        for path in PAGES:
            answer = who.get(at(path), params={"lang": language})
            harmless(answer, f"{path} {language}")
            assert "49$49" not in answer.text
    for path in ("/targets/cargo-2025", "/indicators/cargo", "/users", "/users/viewer", "/account"):
        assert escape(words) in who.get(path).text, f"{path} shows the words, as words"
    harmless(who.submit("/users", "/users", name=words[:80], title=words, role="viewer"), "typed into a form")
    harmless(who.post("/sign-in", {"name": words}), "typed into the form to sign in")
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "admin")
    carried = who.post("/users", {"name": words, words: words})
    harmless(carried, "carried through signing in")
    harmless(who.submit(carried, "/sign-in", name="admin", password=PASSWORD), "offered to be sent again")


# --- more than anybody means ---


def test_a_megabyte_in_any_field_is_refused(admin_still):
    who = admin_still
    token = dict(who.form("/account", "/sign-out").fields)["csrf"]
    for path in FORM_POSTS:
        if path not in LARGEST and path != "/sources/{source_id}/edit":
            answer = who.post(at(path), {"csrf": token, "note": MEGABYTE})
            assert answer.status_code == 413, path
            continue
        shown = [form for form in Forms(who.get(at(path)).text).found if form.action.split("?")[0] == at(path)]
        for name in {name for form in shown for name, _ in form.fields} | {"name", "text"} - {"csrf"}:
            answer = who.post(at(path), {"csrf": token, name: MEGABYTE})
            assert answer.status_code in {200, 303, 413, 422, 403, 404, 429}, f"{path} {name}: {answer.status_code}"
        streamed = who.post(at(path), iter([b"csrf=", token.encode(), b"&name=", b"x" * 9_000_000]))
        assert streamed.status_code in {400, 403, 411, 413}, streamed.status_code


def test_a_name_or_password_of_a_megabyte_signs_nobody_in(closed_still):
    who = Visitor(closed_still.app)
    for name in ("name", "password"):
        answer = who.submit("/sign-in", "/sign-in", **{"name": "viewer", "password": PASSWORD} | {name: MEGABYTE})
        assert answer.status_code == 422
        assert len(answer.content) < 50_000, "it is not echoed"


def test_a_long_address_is_answered(admin_still):
    queries = ["", f"as_of={'9' * 20_000}", f"q={'%F0%9F%92%A9' * 2_000}", f"page={'9' * 5_000}", "page=%00"]
    for place, path in enumerate(PAGES):
        if "{" in path or path in {"/", "/sign-in", "/held", "/audit"}:
            for query in queries if path in {"/", "/audit"} else (queries[place % len(queries)],):
                asked = f"{re.sub(r'{[^}]*}', 'x' * 20_000, path)}?{query}"
                assert admin_still.get(asked).status_code < 500, asked[:80]


@pytest.mark.parametrize(("language", "said"), [("en", "That could not be read"), ("zh", "无法读取提交的内容")])
def test_a_form_that_cannot_be_taken_apart_is_not_called_an_error_of_the_program(admin_still, language, said):
    """Too many fields, too many files, or no form at all."""
    who = admin_still
    token, told = dict(who.form("/account", "/sign-out").fields)["csrf"], {"accept-language": language}
    broken = {"content-type": "multipart/form-data; boundary=x"}
    for answer in (
        who.post("/users", [("csrf", token), *((f"f{number}", "x") for number in range(600))], headers=told),
        who.post("/users", b"--x\r\nnot a form", headers=told | broken),
        who.post("/users", {"csrf": token}, files=[("file", (f"{n}.csv", b"x")) for n in range(9)], headers=told),
    ):
        assert (answer.status_code, said in answer.text) == (400, True), answer.text


def test_a_form_with_every_field_full_of_chinese_is_taken(admin_still):
    """A browser writes a Chinese sign as nine bytes."""
    figure = {"value": 200, "period": 200, "yoy": 200, "evidence_url": 2000, "quote": 4000, "note": 4000, "why": 2000}
    rows = tuple(f"{row}." for row in fields.ROWS)
    full = sum(fields.longest(name) * (fields.MOST_ROWS if name.startswith(rows) else 1) for name in FIELDS)
    assert 9 * full + preview.MOST_STARTED < BODY_BYTES
    who = admin_still
    typed = {name: "标" * most for name, most in figure.items()}
    answer = who.submit(
        "/figures/new?indicator=cargo", "/figures/new", **{k: v for k, v in typed.items() if k != "why"}
    )
    assert answer.status_code == 422
    assert dict(who.form(answer, "/figures/new").fields)["quote"] == typed["quote"], "and what was typed is there"


def test_what_is_too_large_is_told_its_limit_and_the_way_back(admin_still):
    who, back = admin_still, "Back to the form"
    form, file = "A form may hold at most 680 KB", "A file may have at most 8 MB"
    token = dict(who.form("/account", "/sign-out").fields)["csrf"]
    came = {"referer": f"{HERE}/figures/new?indicator=cargo"}
    sent = who.post("/figures/new", {"csrf": token, "quote": MEGABYTE}, headers=came)
    assert (sent.status_code, form in sent.text, back in sent.text) == (413, True, True), sent.text
    assert 'href="/figures/new?indicator=cargo"' in sent.text
    came = {"referer": f"{HERE}/figures/paste"}
    big = {"file": ("a.csv", b"x" * 9_000_000)}
    sent = who.post("/figures/paste", {"csrf": token}, files=big, headers=came)
    assert (sent.status_code, file in sent.text, 'href="/figures/paste"' in sent.text) == (413, True, True), sent.text
    zh = {"accept-language": "zh", **came}
    for said, path, more in (
        ("一份表单最多680 KB", "/figures/new", {"data": {"csrf": token, "quote": MEGABYTE}}),
        ("文件最大8 MB", "/figures/paste", {"data": {"csrf": token}, "files": big}),
    ):
        told = who.post(path, headers=zh, **more).text
        assert (said in told, "返回表单" in told) == (True, True), told
    for elsewhere in ("https://evil.example/figures/paste", "http://[", ""):
        assert back not in who.post("/figures/paste", {}, files=big, headers={"referer": elsewhere}).text


def test_what_is_too_large_for_whoever_was_signed_out_leads_to_signing_in(closed_still):
    who = Visitor(closed_still.app)
    answer = who.post("/figures/new", {"quote": MEGABYTE})
    assert (answer.status_code, "too long to be carried along" in answer.text) == (401, True), answer.text


def test_a_program_is_told_in_json_that_its_request_is_too_large(closed_still):
    answer = closed_still.client.post("/api/v1/readings", json={"quote": MEGABYTE}, headers=BEARER)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert answer.json()["detail"] == "the request is too large, expected at most 696,320 bytes"


def test_an_address_of_two_slashes_leads_nowhere_else_in_the_other_language(closed_still):
    answer = closed_still.client.get("//evil.example/x")
    assert (answer.status_code, 'href="/evil.example/x?lang=zh"' in answer.text) == (404, True)
    assert 'href="//' not in answer.text


def test_a_field_of_the_api_that_is_too_long_is_named_and_a_megabyte_is_refused(closed_still):
    for field in ("indicator", "value", "period", "evidence", "quote", "note"):
        for length, status in ((10_000, 422), (1024 * 1024, 413)):
            said = {"indicator": "cargo", field: "x" * length}
            answer = closed_still.client.post("/api/v1/readings", json=said, headers=BEARER)
            assert answer.status_code == status
            assert status == 413 or field in answer.json()["detail"]


# --- secrets ---


def trail(one):
    with db.reading(one.engine) as session:
        return audit.entries(session)


def test_no_secret_appears_in_any_page_log_audit_row_or_error(service, caplog):
    caplog.set_level(logging.DEBUG)
    one = service(api_token="sentinel-api-token", public_api=False, public_metrics=False, **ISSUER)
    new = "sentinel new password"
    who = browser(one, "admin")
    seen: list[requests.Response] = []
    made = who.follow(who.submit("/account", "/account/tokens", title="import", scope="record"))
    (token,) = set(re.findall(r"twt_[\w-]{43}", made.text))
    seen.append(who.submit("/account", "/account/password", old_password=PASSWORD, password=new, password_again="else"))
    done = who.submit("/account", "/account/password", old_password=PASSWORD, password=new, password_again=new)
    assert done.status_code == 303
    session = who.cookie("targetwatch_session")
    for path in PAGES:
        seen += [who.get(at(path)), who.get(at(path), headers={"accept": "application/json"})]
    for scheme in ("Bearer ", "bearer ", "Basic ", ""):
        for secret in (token, "sentinel-api-token"):
            authorization = {"authorization": scheme + secret}
            seen += [who.get(path, headers=authorization) for path in ("/api/v1/targets", "/metrics", "/users", "/no")]
            seen.append(who.post("/api/v1/readings", json={"indicator": secret * 30}, headers=authorization))
    seen.append(Visitor(one.app).sign_in("admin", new + "x"))
    seen.append(Visitor(one.app).sign_in("nobody", new))
    kept = str(trail(one))
    one.file.write_bytes(b"this is no database any more, and not for a moment longer")
    one.engine.dispose()
    seen += [who.get(path) for path in ("/account", "/users", "/held", "/targets/cargo-2025")]
    told = "\n".join([caplog.text, kept, *(shown(answer) for answer in seen)])
    for name, secret in {
        "password": PASSWORD,
        "new password": new,
        "session": session,
        "token": token,
        "api token": "sentinel-api-token",
        "issuer's secret": "sentinel-oidc-secret",
        "hash": "argon2id",
    }.items():
        assert secret not in told, name


def shown(answer: requests.Response) -> str:
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
    return f"{headers}\n{answer.text}"


def test_the_databases_password_is_in_no_error():
    url = "postgresql://targetwatch:sentinel-db-password@127.0.0.1:9/none"
    for words in (["user", "list"], ["--verbose", "user", "list"], ["db", "upgrade"], ["serve", "--port", "9878"]):
        done = command(url, *words)
        assert done.status == 1, done
        assert "127.0.0.1:9" in done.err
        assert "sentinel" not in done.err + done.out


# --- whatever the description allows ---


def test_nothing_that_the_description_allows_or_forbids_breaks_the_api(service, request):
    one, examples = service(public_api=False), 20 if request.config.getoption("--thorough") else 3
    token = one_token(one)
    described = schemathesis.openapi.from_asgi("/api/openapi.json", one.app)
    tried = 0
    ids = {name: st.sampled_from(some) for name, some in real_ids(one).items()}
    found = [found.ok() for found in described.get_all_operations()]
    strategies = [operation.as_strategy() for operation in found] + [
        st.builds(with_ids, operation.as_strategy(), st.fixed_dictionaries(ids))
        for operation in found
        if "{" in operation.path or operation.method == "post"
    ]
    for strategy in strategies:

        @given(case=strategy)
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def holds(case):
            nonlocal tried
            tried += 1
            case.call_and_validate(headers={"authorization": f"Bearer {token}"}, excluded_checks=NOT_THESE)

        holds()
    assert tried >= 10 * examples


def real_ids(one) -> dict[str, list[object]]:
    """Return what there is, by the name of the parameter that asks for it."""
    one.configure(replace(one.holder.current.catalogue, sources=(Source(id="port", kind="document"),)))
    one.add(reading("2025-01-01..2025-03-31", 70_000, "2025-04-20"))
    held = ingest.record(one.engine, HELD, actor="test", now=datetime.now(UTC), today=one.today)
    assert held.outcome == "held"
    one.refresh()
    with db.reading(one.engine) as session:
        (number,) = (held.id for held in stored.held(session))
        readings, entries = stored.after(session, 0, limit=9), audit.entries(session, limit=9)
    return {
        "target_id": ["cargo-2025"],
        "indicator_id": ["cargo"],
        "source_id": ["port"],
        "number": [number, *(reading.id for reading in readings), *(entry.id for entry in entries)],
    }


def with_ids(case, ids):
    """Return a case that asks for what there is; a figure is entered of what is measured."""
    case.path_parameters = {name: ids[name] for name in case.path_parameters or {}}
    if case.method == "POST" and "source" in (case.query or {}):
        case.query["source"] = ids["source_id"]
    if isinstance(case.body, dict) and "indicator" in case.body:
        case.body["indicator"] = ids["indicator_id"]
    return case


def one_token(one) -> str:
    now = datetime.now(UTC)
    with db.writing(one.engine, "test", now=now) as session:
        until = now + timedelta(days=1)
        return keys.issue(session, "editor", title="x", scope=Scope.RECORD, expires_at=until, now=now)[1]


def test_no_redirect_names_the_host_that_was_asked_for():
    leading_on = session(Guard(RedirectResponse("http://evil.example/held")))
    elsewhere = session(Guard(RedirectResponse("https://issuer.example/sign-in")))
    assert leading_on.get("http://evil.example/held/", allow_redirects=False).headers["location"] == "/held"
    assert (
        elsewhere.get("http://evil.example/", allow_redirects=False).headers["location"]
        == "https://issuer.example/sign-in"
    )


def test_a_host_that_is_not_named_is_refused(stage):
    named = session(stage(trusted_hosts="targets.example.org").app)
    assert named.get("http://evil.example/").status_code == 400
    assert named.get("http://targets.example.org/").status_code != 400
    assert named.get("http://10.0.0.7/-/healthy").status_code == 200
