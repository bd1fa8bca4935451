"""Signing in with OpenID Connect, against an issuer that is really there, honest or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from issuing import CLIENT, SECRET, issuing
from visitor import Visitor
from web_stage import PASSWORD, Page

from refusing import raises
from targetwatch.errors import UsageError
from targetwatch.model import Role
from targetwatch.store import accounts, audit, db, keys
from targetwatch.web.people import issuer
from targetwatch.web.people.issuer import LASTS, MOST_UNSENT, Waitings
from targetwatch.web.people.sign_in import NOTHING, Unsent

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HERE = "http://targets.example.org"


@pytest.fixture
def there():
    with issuing() as made:
        yield made


@pytest.fixture
def service(stage, there):
    """A service that people may sign in to by the issuer, and one local admin."""

    def make(**said):
        usual = {
            "oidc_issuer": there.address,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_title": "City ID",
            "oidc_default_role": "viewer",
            "external_url": HERE,
        }
        one = stage(**usual | said)
        with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
            accounts.add(session, "boss", PASSWORD, role=Role.ADMIN, now=datetime.now(UTC))
        one.refresh()
        return one

    return make


def sent(who: Visitor, following: str = "/account") -> str:
    """Press the button, and return where the page sends the browser."""
    shown = who.submit(f"/sign-in?next={following}", "/sign-in/issuer")
    assert shown.status_code == 200, shown.text
    (refresh,) = [one["content"] for one in Page(shown.text).all("meta") if one.get("http-equiv") == "refresh"]
    return refresh.removeprefix("0;url=")


def at_the_issuer(address: str) -> str:
    """Sign in there, and return the path that the browser is sent back to."""
    back = requests.get(address, timeout=20, allow_redirects=False).headers["location"]
    assert back.startswith(HERE)
    return back.removeprefix(HERE)


def signed_in(one, following: str = "/account"):
    who = Visitor(one.app)
    return who, who.get(at_the_issuer(sent(who, following)))


def users(one):
    with db.reading(one.engine) as session:
        return {user.name: user for user in accounts.load(session)}


def test_whoever_comes_first_gets_an_account_and_a_session_and_goes_where_they_were_going(service, there):
    there.person |= {"name": "王　敏, statistics"}
    one = service()
    who, back = signed_in(one, "/held")
    assert (back.status_code, back.headers["location"]) == (303, "/held")
    assert who.get("/account").status_code == 200
    made = users(one)["wang"]
    assert (made.role, made.title, made.subject) == (Role.VIEWER, "王　敏, statistics", f"{there.address} 42")
    with db.reading(one.engine) as session:
        assert audit.entries(session)[0].actor == "oidc:wang"
    assert "/users" not in who.page("/account").links


def test_the_issuer_is_asked_with_state_nonce_and_proof_key(service, there):
    one = service()
    address = sent(Visitor(one.app))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{there.address}/authorize?")
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
    assert asked["redirect_uri"] == f"{HERE}/sign-in/issuer/done"
    assert asked["scope"] == "openid profile"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    other = parse_qs(urlsplit(sent(Visitor(one.app))).query)
    assert all(other[name][0] != asked[name] for name in ("state", "nonce", "code_challenge"))


def test_coming_again_is_the_same_account_whatever_its_name_there_is_now(service, there):
    one = service()
    signed_in(one)
    there.person = {"sub": "42", "preferred_username": "renamed"}
    signed_in(one)
    assert set(users(one)) == {"boss", "wang"}


def test_nobody_becomes_somebody_else_by_taking_their_name_there(service, there):
    one = service()
    signed_in(one)
    there.person = {"sub": "43", "preferred_username": "wang"}
    who, back = signed_in(one)
    assert (back.status_code, "Somebody else has an account of your name" in Page(back.text).text) == (403, True)
    there.person = {"sub": "44", "preferred_username": "boss"}
    who, back = signed_in(one)
    assert back.status_code == 403
    assert who.get("/account").status_code == 303
    assert users(one)["boss"].subject is None


def test_local_accounts_go_on_working(service):
    one = service()
    assert Visitor(one.app).sign_in("boss").status_code == 303


def test_the_role_comes_from_a_claim_and_follows_it(service, there):
    said = {"oidc_role_claim": "groups", "oidc_roles": "city-it=admin, statistics=editor", "oidc_default_role": None}
    one = service(**said)
    there.person |= {"groups": ["everybody", "statistics", "city-it"]}
    signed_in(one)
    assert users(one)["wang"].role is Role.ADMIN, "the highest counts"
    there.person |= {"groups": ["statistics"]}
    who, _ = signed_in(one)
    assert users(one)["wang"].role is Role.EDITOR
    assert who.get("/account").status_code == 200
    there.person |= {"groups": ["everybody"]}
    _, back = signed_in(one)
    assert (back.status_code, "nothing there gives you a role" in Page(back.text).text) == (403, True)
    there.person |= {"groups": "statistics everybody"}
    assert signed_in(one)[1].status_code == 303, "some issuers write a list as text"


def test_the_last_admin_stays_one_whatever_the_issuer_says(service, there):
    one = service(oidc_role_claim="groups", oidc_roles="it=admin")
    there.person |= {"groups": ["it"]}
    signed_in(one)
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        accounts.change(session, "boss", now=datetime.now(UTC), disabled=True)
    there.person |= {"groups": []}
    assert signed_in(one)[1].status_code == 303
    assert users(one)["wang"].role is Role.ADMIN


def test_a_disabled_account_stays_out(service):
    one = service()
    signed_in(one)
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        accounts.change(session, "wang", now=datetime.now(UTC), disabled=True)
    _, back = signed_in(one)
    assert (back.status_code, "is disabled" in Page(back.text).text) == (403, True)


def test_a_name_that_cannot_be_an_account_is_refused(service, there):
    one = service()
    for name in ("Wang Min", "王敏", "", None, "x" * 50, "../admin", ["boss"]):
        there.person["preferred_username"] = name
        _, back = signed_in(one)
        assert (back.status_code, "cannot be an account here" in Page(back.text).text) == (403, True), name
    assert set(users(one)) == {"boss"}


def test_an_address_is_an_account_by_what_stands_before_the_at(service, there):
    there.person |= {"mail": "Wang.Min@city.example", "name": "a\x00b"}
    one = service(oidc_name_claim="mail")
    signed_in(one)
    assert users(one)["wang.min"].title == ""


UNPROVEN = [
    {"foreign_key": True},
    {"signs_with": "none"},
    {"signs_with": "HS256"},
    {"change": {"nonce": "another"}},
    {"without": ("nonce",)},
    {"change": {"aud": "another-client"}},
    {"change": {"aud": [CLIENT, "another"], "azp": "another"}},
    {"change": {"iss": "https://another.example"}},
    {"change": {"exp": 1}},
    {"without": ("exp",)},
    {"without": ("sub",)},
    {"change": {"sub": ""}},
    {"change": {"sub": 42}},
    {"change": {"iat": 9_999_999_999}},
    {"token_status": 500},
    {"token_status": 400},
]


def test_what_is_not_proven_signs_nobody_in_and_tells_no_secret(service, there, caplog):
    one = service()
    for wrong in UNPROVEN:
        caplog.clear()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in wrong.items():
                patch.setattr(there, name, value)
            who, back = signed_in(one)
        assert back.status_code == 403, wrong
        assert "could not be proven" in Page(back.text).text
        assert not who.cookie("targetwatch_session")
        assert f"issuer '{there.address}'" in caplog.text
        assert SECRET not in caplog.text + back.text
    assert set(users(one)) == {"boss"}


def test_other_signatures_of_a_key_of_its_own_are_good(service, there):
    there.signs_with = "ES256"
    assert signed_in(service())[1].status_code == 303


def test_an_issuer_that_calls_itself_something_else_is_not_gone_to(service, there, caplog):
    there.calls_itself = "https://another.example"
    who = Visitor(service().app)
    shown = who.submit("/sign-in", "/sign-in/issuer")
    assert (shown.status_code, "does not answer" in Page(shown.text).text) == (403, True)
    assert "calls itself 'https://another.example'" in caplog.text


def test_an_issuer_that_is_away_is_said_to_be(stage, caplog):
    said = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    one = stage(**said, external_url=HERE)
    who = Visitor(one.app)
    shown = who.submit("/sign-in", "/sign-in/issuer")
    assert (shown.status_code, "does not answer" in Page(shown.text).text) == (403, True)
    assert SECRET not in caplog.text


def test_coming_back_counts_once_and_only_in_the_browser_that_went(service):
    one = service()
    who, stranger = Visitor(one.app), Visitor(one.app)
    back = at_the_issuer(sent(who))
    stolen = stranger.get(back)
    assert (stolen.status_code, "did not begin in this browser" in Page(stolen.text).text) == (403, True)
    assert who.get(back).status_code == 403, "it was used up"
    again = at_the_issuer(sent(who))
    assert who.get(again).status_code == 303
    assert Visitor(one.app).get(again).status_code == 403


def test_coming_back_from_nowhere_signs_nobody_in(service):
    one, way = service(), "/sign-in/issuer/done"
    for query in ("", "code=x", "code=x&state=guessed", "error=access_denied", "state=%00&code=%00", "code=x&code=y"):
        assert Visitor(one.app).get(f"{way}?{query}").status_code == 403, query


def test_nobody_is_pushed_out_by_somebody_who_begins_over_and_over():
    waitings, typed = Waitings(), Unsent((("note", "a long note"),))
    early = waitings.begin("early", "/held", typed, now=NOW)
    mine = waitings.begin("mine", "/held", typed, now=NOW)
    for _ in range(MOST_UNSENT):
        waitings.begin("nothing typed", "/", NOTHING, now=NOW)
    for number in range(MOST_UNSENT - 2):
        waitings.begin(f"other {number}", "/", typed, now=NOW)
    assert waitings.end(mine.state, "mine", now=NOW) == mine
    for _ in range(5_000):
        waitings.begin("pushy", "/", typed, now=NOW)
    back = waitings.end(early.state, "early", now=NOW)
    assert (back, early.unsent) == (replace(early, unsent=NOTHING), typed), "only what was typed is gone"
    late = waitings.begin("late", "/", NOTHING, now=NOW)
    waitings.begin("next", "/", NOTHING, now=NOW + 2 * LASTS)
    assert waitings.end(late.state, "late", now=NOW) is None, "who is over is forgotten"


def test_somebody_who_says_no_there_is_told_so(service):
    one = service()
    who = Visitor(one.app)
    state = parse_qs(urlsplit(sent(who)).query)["state"][0]
    answer = who.get(f"/sign-in/issuer/done?error=access_denied&state={state}")
    assert "The other site did not sign you in." in Page(answer.text).text


def test_an_answer_of_another_issuer_is_not_taken_for_this_ones(service):
    one = service()
    who = Visitor(one.app)
    back = at_the_issuer(sent(who))
    mixed = back.partition("&iss=")[0] + "&iss=https%3A%2F%2Fevil.example"
    assert who.get(mixed).status_code == 403


def test_what_was_typed_is_carried_through_the_issuer_too(service, there):
    one = service(oidc_default_role="admin")
    who, _ = signed_in(one)
    form = who.form("/users", "/users").filled(name="li.wei", title="Li", role="viewer")
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "wang")
    asked = who.post("/users", form)
    went = who.submit(asked, "/sign-in/issuer")
    (refresh,) = [one["content"] for one in Page(went.text).all("meta") if one.get("http-equiv") == "refresh"]
    offered = who.get(at_the_issuer(refresh.removeprefix("0;url=")))
    assert "Send it now" in Page(offered.text).text
    assert who.submit(offered, "/users").status_code == 303
    assert "li.wei" in users(one)


def test_going_there_needs_a_form_of_ours(service):
    who = Visitor(service().app)
    who.get("/sign-in")
    assert who.post("/sign-in/issuer", {"next": "/"}).status_code == 403


def test_an_issuer_without_what_it_needs_installed_is_refused_at_the_start(stage, monkeypatch):
    monkeypatch.setattr(issuer, "find_spec", lambda _name: None)
    said = {"oidc_issuer": "https://issuer.example", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    with raises(UsageError, match=r"TARGETWATCH_OIDC_ISSUER: .* expected targetwatch\[oidc\]"):
        stage(**said, external_url=HERE)


def test_there_is_no_such_way_where_no_issuer_is_set_up(stage):
    one = stage()
    assert one.client.get("/sign-in/issuer/done?code=x&state=y").status_code == 404
    assert "issuer" not in one.client.get("/sign-in").text
