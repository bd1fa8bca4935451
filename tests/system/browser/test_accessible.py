"""Every page, in both languages and at every size: usable by everybody, complaining of nothing, asking nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from targetwatch.model import Role
from targetwatch.store import catalogue, db

LOOKS = [("en", "wall"), ("zh", "phone")]
TEU = "ilstc-volume-2025"
PUBLIC = [
    "/",
    "/?as_of=2025-10-02",
    "/?look=cards",
    "/wall",
    f"/embed/{TEU}",
    f"/targets/{TEU}?as_of=2025-10-02",
    "/targets/routes-2025",
    "/targets/cci-financing-2025?as_of=2025-11-11",
    "/indicators/ilstc-volume",
    "/sign-in?next=/account",
    "/targets/nothing-of-that-name",
]
SIGNED_IN = [
    "/held",
    "/sources",
    "/sources/ilstc-chongqing",
    "/audit?object=customs-district",
    "/figures/new?indicator=ilstc-volume&value=64013&period=2026-01..2026-06&basis=year_to_date",
    "/figures/paste",
    "/figures/press",
    "/figures/drop",
    "/new-source",
    "/sources/ilstc-chongqing/edit",
    "/indicators/ilstc-volume/edit",
    "/readings/1",
    "/new-target",
    "/new-target/flow",
    "/new-target/milestones",
    "/new-target/relative",
    "/new-target/yaml",
    f"/targets/{TEU}/edit",
    f"/targets/{TEU}/archive",
    f"/targets/{TEU}/hand-back",
    f"/targets/{TEU}/yaml",
    "/targets/routes-2025/edit",
    "/account",
    "/users",
    "/users/sun",
    "/owners",
    "/guide",
    "/runbooks/target-off-track",
]
FRAMES = ["/", "/wall", f"/embed/{TEU}", f"/targets/{TEU}?as_of=2025-10-02", "/targets/nothing-of-that-name"]
"""One page of each layout: the list's, the wall's, a card's, a page's, an error's."""


@pytest.fixture(scope="module")
def site(shared_site):
    with db.writing(shared_site.app.engine, "test", now=datetime.now(UTC)) as session:
        catalogue.take_over(session, TEU)
    shared_site.app.refresh()
    return shared_site


@pytest.mark.parametrize(("language", "size"), LOOKS)
def test_a_public_page_keeps_nobody_out(sit, language, size):
    seat = sit(language, size)
    seat.expected.add(404)
    for path in PUBLIC:
        seat.go(path)
        seat.check()
        if size == "wall":
            seat.check_dark()
        elif path in FRAMES:
            seat.check_rules()


@pytest.mark.parametrize(("language", "size"), LOOKS)
def test_a_page_for_those_who_sign_in_keeps_nobody_out(sit, language, size):
    seat = sit(language, size, role=Role.ADMIN)
    for path in SIGNED_IN:
        seat.go(path)
        assert seat.page.locator("h1").count() == 1, path
        seat.check()
        if size == "wall":
            seat.check_dark()


def test_what_is_said_until_the_first_verdicts_are_there_keeps_nobody_out(sit, site):
    seat, shown = sit(), site.app.holder.current
    site.app.holder._current = None
    seat.go("/")
    site.app.holder._current = shown
    seat.expected.add(503)
    seat.check()


def test_the_check_finds_what_keeps_somebody_out(sit):
    seat = sit()
    seat.go("/")
    seat.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    with pytest.raises(AssertionError, match="button-name"):
        seat.check()
    seat.go("/")
    seat.page.evaluate("document.querySelector('h1').style.color = '#555'")
    seat.check()
    with pytest.raises(AssertionError, match="color-contrast"):
        seat.check_dark()


@pytest.mark.parametrize(("width", "size"), [(900, "phone"), (1400, "desk")])
def test_the_check_finds_a_page_wider_than_a_screen(sit, width, size):
    seat = sit()
    seat.go("/")
    seat.page.evaluate("width => document.querySelector('main').style.minWidth = width", f"{width}px")
    with pytest.raises(AssertionError, match=f"wider than the {size}"):
        seat.check()


def test_the_pages_of_the_interface_are_drawn_from_what_the_service_brings(sit):
    seat = sit()
    seat.go("/api/docs")
    seat.page.get_by_text("The figures of an indicator").first.wait_for()


def test_a_page_that_asks_somebody_else_or_fails_is_noticed(sit):
    seat = sit()
    seat.go("/")
    with seat.page.expect_event("pageerror"):
        seat.page.evaluate("void setTimeout(() => undefined.nothing)")
    with seat.page.expect_console_message():
        seat.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://example.org/picture.png'}))")
    assert seat.abroad == ["https://example.org/picture.png"]
    failed, refused = seat.complaints
    assert "undefined" in failed
    assert "Content Security Policy" in refused
    seat.abroad.clear()
    seat.complaints.clear()
