"""Signing in, one's account and the users as a person meets them in a real browser, which says its origin itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from targetwatch.model import Role
from targetwatch.store import accounts, db, keys

PASSWORD = "correct horse battery"
LOOKS = [("en", "phone"), ("zh", "wall")]
WORDS = {
    "en": {"sign_in": "Sign in", "name": "Name", "password": "Password", "sign_out": "Sign out"},
    "zh": {"sign_in": "登录", "name": "用户名", "password": "密码", "sign_out": "退出"},
}


def account(site, name: str, role: Role) -> None:
    now = datetime.now(UTC)
    with db.writing(site.app.engine, "test", now=now) as session:
        accounts.add(session, name, PASSWORD, role=role, title=name.title(), now=now)


def sign_in(seat, name: str, password: str = PASSWORD) -> None:
    said, main = WORDS[seat.language], seat.page.locator("main")
    seat.type(main.get_by_label(said["name"], exact=True), name)
    seat.type(main.get_by_label(said["password"], exact=True), password)
    seat.click(main.get_by_role("button", name=said["sign_in"], exact=True))


@pytest.mark.parametrize(("language", "size"), LOOKS)
def test_somebody_signs_in_on_the_way_to_a_page_and_out_again(site, sit, language, size):
    account(site, "sun", Role.EDITOR)
    seat = sit(language, size)
    seat.go("/account")
    assert seat.page.url == f"{site.address}/sign-in?next=%2Faccount"
    seat.check()
    sign_in(seat, "sun", "not the password")
    seat.expected.add(422)
    assert seat.page.locator("#problems").is_visible()
    seat.check()
    sign_in(seat, "sun")
    assert seat.page.url == f"{site.address}/account"
    seat.check()
    seat.click(seat.page.get_by_role("button", name=WORDS[language]["sign_out"], exact=True).first)
    assert seat.page.url == f"{site.address}/sign-in?done=signed_out"
    seat.go("/account")
    assert "/sign-in" in seat.page.url


def test_what_was_typed_when_the_session_had_ended_is_sent_after_signing_in(site, sit):
    account(site, "boss", Role.ADMIN)
    seat = sit(size="phone")
    seat.go("/sign-in?next=/users")
    sign_in(seat, "boss")
    seat.check()
    seat.type(seat.page.locator("#name"), "wang.min")
    seat.type(seat.page.locator("#title"), "Wang “Min” <统计局>")
    with db.writing(site.app.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "boss")
    seat.click(seat.page.locator("form[action='/users'] button"))
    seat.expected.add(401)
    seat.check()
    sign_in(seat, "boss")
    seat.check()
    seat.click(seat.page.get_by_role("button", name="Send it now"))
    assert seat.page.get_by_role("heading", level=1).inner_text() == "Wang “Min” <统计局>"
    assert len(seat.page.locator("#secret").inner_text()) == 24, "a one-time password of five groups of four"
    seat.check()
    with db.reading(site.app.engine) as session:
        assert accounts.get(session, "wang.min").one_time


def test_a_token_is_made_shown_and_copied_with_one_click(sit):
    seat = sit(size="phone", role=Role.EDITOR)
    seat.go("/account")
    seat.click(seat.page.locator("details summary").first)
    seat.type(seat.page.locator("#title"), "monthly import")
    seat.click(seat.page.locator("form[action='/account/tokens'] button"))
    secret = seat.page.locator("#secret")
    assert secret.inner_text().startswith("twt_")
    seat.check()
    seat.click(secret)
    assert seat.page.evaluate("getSelection().toString()").strip() == secret.inner_text()
    seat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for what in ("secret", "token_use_read"):
        seat.click(seat.page.locator(f"button[data-copies='{what}']"))
        seat.page.wait_for_function(
            "what => navigator.clipboard.readText().then(text => text === document.getElementById(what).textContent)",
            arg=what,
        )
