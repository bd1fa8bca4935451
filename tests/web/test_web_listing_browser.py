"""The list of targets in a real browser: filtered, searched, kept in the address, without script, on a phone."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from chromium import Chromium

from targetwatch.store import catalogue, db

FOUND = "document.querySelector('.found-line [role=status]').textContent.trim()"
TITLES = "[...document.querySelectorAll('.standing-row th a')].map((one) => one.textContent)"


def resize(browser: Chromium, width: int, height: int) -> None:
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
    )


def nothing_wrong(browser: Chromium) -> None:
    assert browser.complaints == []
    assert {urlsplit(address).hostname for address in browser.asked if address.startswith("http")} == {"127.0.0.1"}


def test_the_title_card_of_every_target_leaves_a_phone_to_what_follows(browser, real):
    """In English, of which a title takes twice the room."""
    resize(browser, 390, 844)
    with db.reading(real.engine) as session:
        names = [target.id for target in catalogue.load(session).targets]
    heights = {}
    for name in names:
        browser.open(f"{real.address}/targets/{name}?lang=en")
        heights[name] = browser.eval("document.querySelector('.target-head').offsetHeight")
    assert {name: height for name, height in heights.items() if height >= 200} == {}
    nothing_wrong(browser)


def test_a_filter_narrows_the_list_in_place_and_is_kept_in_the_address(browser, real):
    browser.open(f"{real.address}/?as_of=2025-12-08&lang=en")
    browser.wait_for("typeof window.htmx === 'object'")
    browser.eval("window.stillTheSame = true")
    before = browser.eval(FOUND)
    choose(browser, "find-status", "missed")
    browser.wait_for(f"{FOUND} !== {before!r}")
    assert browser.eval(FOUND).startswith("2 targets")
    assert browser.eval("location.search") == "?status=missed&as_of=2025-12-08"
    assert browser.eval("window.stillTheSame")
    browser.eval("history.back()")
    browser.wait_for(f"{FOUND} === {before!r}")
    nothing_wrong(browser)


def choose(browser: Chromium, field: str, value: str) -> None:
    browser.eval(
        f"(() => {{ const field = document.getElementById('{field}'); field.value = '{value}';"
        "field.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def test_after_a_filter_in_place_the_day_and_the_language_still_keep_it(browser, real):
    browser.open(f"{real.address}/?lang=en")
    browser.wait_for("typeof window.htmx === 'object'")
    choose(browser, "find-status", "pending")
    browser.wait_for("document.querySelector('#when-kept input[name=status]') !== null")
    assert browser.eval("document.querySelector('#other-language').getAttribute('href')") in {
        "/?sort=urgency&status=pending&lang=zh",
        "/?status=pending&sort=urgency&lang=zh",
    }
    assert browser.eval("document.querySelector('.counts [aria-current]').getAttribute('href')") == (
        "/?status=pending#found"
    )
    browser.eval("document.getElementById('as_of').value = '2025-10-02'")
    browser.eval("document.querySelector('.when button').click()")
    browser.wait_for("location.search === '?as_of=2025-10-02&status=pending'")
    nothing_wrong(browser)


def test_typing_searches_as_it_goes_and_keeps_the_cursor(browser, real):
    browser.open(f"{real.address}/?lang=en")
    browser.wait_for("typeof window.htmx === 'object'")
    browser.eval("document.getElementById('q').focus()")
    browser.call("Input.insertText", text="logistics cost")
    browser.wait_for(f"{FOUND}.startsWith('1 target')")
    assert browser.eval(TITLES) == ["Corridor logistics cost down a fifth by 2027"]
    assert browser.eval("document.activeElement.id") == "q"
    assert browser.eval("location.search") == "?q=logistics+cost"
    nothing_wrong(browser)


def test_without_script_the_same_filter_is_a_page_of_its_own(browser, real):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(f"{real.address}/?status=missed&sort=name&as_of=2025-12-08&lang=en")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.eval(FOUND).startswith("2 targets")
    assert browser.eval("document.getElementById('find-status').value") == "missed"
    assert browser.eval("document.getElementById('find-sort').value") == "name"
    assert browser.eval("document.querySelector('.when input[name=status]').value") == "missed"
    nothing_wrong(browser)


def test_a_day_chosen_in_the_time_control_keeps_what_was_filtered(browser, real):
    browser.open(f"{real.address}/?status=pending&lang=en")
    browser.eval("document.getElementById('as_of').value = '2025-10-02'")
    before = browser.loads
    browser.eval("document.querySelector('.when button').click()")
    browser.loaded(before)
    assert browser.eval("location.search") == "?as_of=2025-10-02&status=pending"
    browser.wait_for(f"{FOUND}.startsWith('5 targets')")
    assert date(2025, 10, 2).isoformat() in browser.eval("document.querySelector('.standing-row th a').href")
