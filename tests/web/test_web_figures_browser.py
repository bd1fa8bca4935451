"""The task as a person does it: 'enter Jan-Oct 272,300 TEU, up 33 %, published 9 December' with its link, in Chromium.

Every click and every key pressed is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chromium import Chromium
from test_web_figures import Desk
from web_stage import Stage

from builders import day
from real_service import REPLACED
from targetwatch.store import db, keys

LINK = "https://example.org/news/2025-12-09"
SIZES = {"desk": (1920, 1080, False), "telephone": (390, 844, True)}
KEYS = {"Tab": 9, "Enter": 13}


@dataclass
class Hand:
    """What a person does with a page, counted."""

    browser: Chromium
    clicks: int = 0
    keys: int = 0

    def click(self, what: str) -> None:
        """Click an element, scrolled to where it can be seen."""
        place = self.browser.eval(
            f"(() => {{ const e = document.querySelector({what!r}); e.scrollIntoView({{block: 'center'}}); "
            "const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._call("dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
        self.clicks += 1

    def follow(self, what: str) -> None:
        """Click something that leads to another page, and wait for that."""
        before = self.browser.loads
        self.click(what)
        self.browser.loaded(before)

    def press(self, name: str) -> None:
        """Press a key that has a name."""
        more = {"text": "\r"} if name == "Enter" else {}
        code = KEYS[name]
        self._call("dispatchKeyEvent", type="keyDown", key=name, code=name, windowsVirtualKeyCode=code, **more)
        self._call("dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)
        self.keys += 1

    def type(self, text: str) -> None:
        """Type a text, key by key."""
        for sign in text:
            code = {"windowsVirtualKeyCode": ord(sign.upper())} if sign.isalnum() else {}
            self._call("dispatchKeyEvent", type="keyDown", text=sign, key=sign, **code)
            self._call("dispatchKeyEvent", type="keyUp", key=sign, **code)
            self.keys += 1

    def paste(self, text: str) -> None:
        """Paste what was copied elsewhere: one stroke of two keys."""
        self._call("insertText", text=text)
        self.keys += 2

    def _call(self, method: str, **values: Any) -> None:
        self.browser.call(f"Input.{method}", **values)


def seat(browser: Chromium, desk: Desk, size: str, language: str) -> Hand:
    """Put an editor who is signed in before the first page."""
    width, height, mobile = SIZES[size]
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
    browser.call("Network.setCookie", name="targetwatch_session", value=desk.browser.secret, url=desk.stage.address)
    browser.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
    browser.open(desk.stage.address + "/")
    return Hand(browser)


def assert_clean(browser: Chromium, desk: Desk) -> None:
    assert [one for one in browser.complaints if not any(name in one for name in REPLACED)] == []
    assert {address for address in browser.asked if not address.startswith(("data:", desk.stage.address))} == set()


@pytest.mark.parametrize(("size", "language"), [("telephone", "zh")])
def test_a_figure_is_entered_in_two_clicks_and_forty_keys(
    stage: Callable[..., Stage], browser: Chromium, size: str, language: str
) -> None:
    desk = Desk(stage(day("2025-12-10")))
    hand = seat(browser, desk, size, language)
    hand.follow('a[href="/figures/new"]')
    hand.follow('a[href^="/figures/new?indicator=cargo"]')
    browser.wait_for("document.activeElement.id === 'value'")  # typing can begin at once
    hand.type("272,300")
    hand.press("Tab")
    hand.type("Jan-Oct 2025")
    hand.press("Tab")
    hand.press("Tab")
    hand.type("12092025")
    while browser.eval("document.activeElement.id") != "yoy":
        hand.press("Tab")
    hand.type("33%")
    hand.press("Tab")
    hand.paste(LINK)
    goal = "已完成" if language == "zh" else "Achieved"
    browser.wait_for(f"document.querySelector('#effect').innerText.includes({goal!r})")
    browser.wait_for("document.querySelector('#effect').innerText.includes('33%')")
    assert browser.eval("document.activeElement.id") == "evidence_url", "what is shown beside takes no focus away"
    assert browser.eval("document.querySelector('#evidence_url').value") == LINK
    before = browser.loads
    hand.press("Enter")
    browser.loaded(before)
    assert browser.eval("location.pathname") == "/targets/cargo-2025"
    last = desk.stored()[-1]
    assert (last.value, last.yoy and float(last.yoy), last.published_on) == (272300, 0.33, day("2025-12-09"))
    assert (last.period.start, last.period.end, last.evidence_url) == (day("2025-01-01"), day("2025-10-31"), LINK)
    assert (hand.clicks, hand.keys <= 40) == (2, True), (hand.clicks, hand.keys)
    assert browser.eval("document.documentElement.scrollWidth") <= SIZES[size][0], "nothing hangs over the edge"
    assert_clean(browser, desk)
    hand.follow('.banner-done form[action$="/figures/undo"] button')
    assert desk.stored()[-1].withdrawn_at is not None, "and one click undoes it"


def test_another_indicator_is_chosen_without_losing_what_was_typed(
    stage: Callable[..., Stage], browser: Chromium
) -> None:
    desk = Desk(stage(day("2025-12-10")))
    hand = seat(browser, desk, "desk", "en")
    browser.open(desk.stage.address + "/figures/new")
    hand.click("#value")
    hand.type("1,121.1")
    browser.eval(
        "(() => { const e = document.querySelector('#indicator'); e.value = 'index'; "
        "e.dispatchEvent(new Event('change', {bubbles: true})) })()"
    )
    browser.wait_for(
        "document.querySelector('#period').value !== '' || document.querySelector('#basis').value === 'point'"
    )
    assert browser.eval("document.querySelector('#value').value") == "1,121.1"
    assert browser.eval("document.querySelector('#indicator').value") == "index"
    assert browser.eval("document.querySelector('#basis').value") == "point"
    assert_clean(browser, desk)


def test_an_indicator_is_chosen_by_keys_and_nothing_typed_meanwhile_is_lost(
    stage: Callable[..., Stage], browser: Chromium
) -> None:
    desk = Desk(stage(day("2025-12-10")))
    hand = seat(browser, desk, "desk", "en")
    browser.open(desk.stage.address + "/figures/new")
    hand.click("#value")
    browser.eval("document.querySelector('#indicator').focus()")
    seen = []
    for _ in range(2):
        browser.press("ArrowDown")
        browser.wait_for("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
        seen.append(browser.eval("document.querySelector('#indicator').value"))
        assert browser.eval("document.activeElement.id") == "indicator", "the next arrow goes on"
    assert len(set(seen)) == 2
    browser.eval("document.querySelector('#indicator').value = ''")
    browser.call(
        "Network.emulateNetworkConditions", offline=False, latency=700, downloadThroughput=-1, uploadThroughput=-1
    )
    browser.eval(
        "(() => { const e = document.querySelector('#indicator'); e.value = 'cargo'; "
        "e.dispatchEvent(new Event('change', {bubbles: true})) })()"
    )
    hand.click("#value")
    for sign in "272,300":
        hand.type(sign)
        browser.page.wait_for_timeout(150)
    browser.wait_for("document.querySelector('#basis').value === 'year_to_date'")
    assert browser.eval("document.querySelector('#value').value") == "272,300"
    assert browser.eval("document.activeElement.id") == "value"
    browser.wait_for("document.querySelector('#effect').innerText.includes('272,300')")
    assert_clean(browser, desk)


def test_why_a_figure_would_be_held_is_shown_and_its_reason_can_be_typed_undisturbed(
    stage: Callable[..., Stage], browser: Chromium
) -> None:
    desk = Desk(stage(day("2025-12-10")))
    hand = seat(browser, desk, "desk", "en")
    query = "indicator=cargo&period=2025-01..2025-10&basis=year_to_date&published_on=2025-12-09"
    browser.open(f"{desk.stage.address}/figures/new?{query}")
    browser.wait_for("document.activeElement.id === 'value'")
    hand.type("2,723,000")
    browser.wait_for("!!document.querySelector('#anyway')")
    hand.click("#anyway")
    for part in ("confirmed by letter", " and seal"):
        with browser.page.expect_response(lambda answer: answer.request.method == "POST"):
            hand.type(part)
    browser.wait_for("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    assert browser.eval("document.querySelector('#anyway').value") == "confirmed by letter and seal"
    assert browser.eval("document.activeElement.id") == "anyway"
    hand.follow('.buttons button[value="save"]')
    assert desk.stored()[-1].note.endswith("Because: confirmed by letter and seal")
    assert_clean(browser, desk)


def test_a_dropped_file_is_shown_at_once_and_saved(
    stage: Callable[..., Stage], browser: Chromium, tmp_path: Path
) -> None:
    desk, size = Desk(stage(day("2026-01-10"))), "telephone"
    hand = seat(browser, desk, size, "zh")
    file = tmp_path / "运量.csv"
    file.write_text("期间,口径,数值（万标箱）,公布日期\n2025年1—10月,累计,27.23,2025-12-09\n", encoding="gb18030")
    browser.open(f"{desk.stage.address}/figures/paste")
    browser.page.locator("#file").set_input_files(file)
    browser.wait_for("!!document.querySelector('.paste-row')")
    browser.eval("document.querySelector('#c_indicator').value = 'cargo'")
    hand.follow('#columns ~ .buttons button[value="look"]')
    browser.wait_for("!!document.querySelector('.paste-row.paste-new')")
    hand.follow('button[value="save"]')
    assert "已保存" in browser.eval("document.body.innerText")
    assert int(desk.stored()[-1].value) == 272300
    assert browser.eval("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert_clean(browser, desk)


def test_what_is_not_looked_at_any_more_is_said_and_what_was_typed_stays(
    stage: Callable[..., Stage], browser: Chromium
) -> None:
    looked, over, cut = "272,300", "no longer signed in", "could not be looked at"
    desk = Desk(stage(day("2025-12-10")))
    hand = seat(browser, desk, "desk", "en")
    browser.open(f"{desk.stage.address}/figures/new?indicator=cargo&period=2025-01..2025-10&basis=year_to_date")
    browser.wait_for("document.activeElement.id === 'value'")
    hand.type("272,300")
    browser.wait_for(f"document.querySelector('#effect').innerText.includes({looked!r})")
    browser.cut(off=True)
    hand.type("1")
    browser.wait_for(f"document.querySelector('#effect').innerText.includes({cut!r})")
    assert not browser.eval(f"document.querySelector('#effect').innerText.includes({looked!r})"), "that is of before"
    browser.eval("document.querySelector('#effect-said .look-bad').remove()")
    browser.eval(
        "(() => { const e = document.querySelector('#indicator'); e.value = 'index'; "
        "e.dispatchEvent(new Event('change', {bubbles: true})) })()"
    )
    browser.wait_for(f"document.querySelector('#effect').innerText.includes({cut!r})")
    browser.cut(off=False)
    with db.writing(desk.stage.engine, "test", now=datetime.now(UTC)) as session:
        keys.end_all(session, "a-editor")
    hand.type("2")
    browser.wait_for(f"document.querySelector('#effect').innerText.includes({over!r})")
    assert browser.eval("document.querySelector('#value').value") == "272,30012"
    hand.follow('.buttons button[value="save"]')
    assert browser.eval("document.querySelectorAll('#name, #password').length") == 2, "and signing in is next"


def test_a_file_that_cannot_be_sent_is_not_waited_for_in_silence(
    stage: Callable[..., Stage], browser: Chromium, tmp_path: Path
) -> None:
    desk = Desk(stage(day("2025-12-10")))
    seat(browser, desk, "desk", "en")
    file = tmp_path / "figures.csv"
    file.write_text("period,value\n2025-10,27.23\n", encoding="utf-8")
    browser.open(f"{desk.stage.address}/figures/paste")
    browser.cut(off=True)
    browser.page.locator("#file").set_input_files(file)
    browser.wait_for("document.querySelector('#paste-told').innerText.includes('could not be looked at')")


def test_what_is_shown_is_of_the_last_key_however_slow_the_line(stage: Callable[..., Stage], browser: Chromium) -> None:
    desk = Desk(stage(day("2025-12-10")))
    hand = seat(browser, desk, "desk", "en")
    query = "indicator=cargo&period=2025-01..2025-10&basis=year_to_date&published_on=2025-12-09"
    browser.open(f"{desk.stage.address}/figures/new?{query}")
    browser.call(
        "Network.emulateNetworkConditions", offline=False, latency=500, downloadThroughput=-1, uploadThroughput=-1
    )
    browser.wait_for("document.activeElement.id === 'value'")
    with browser.page.expect_request(lambda asked: asked.method == "POST"):
        hand.type("272,300")
    hand.press("Tab")
    hand.press("Tab")
    while browser.eval("document.activeElement.id") != "yoy":
        hand.press("Tab")
    hand.type("33%")
    browser.wait_for("document.querySelector('#effect').innerText.includes('33%')")
    assert_clean(browser, desk)
