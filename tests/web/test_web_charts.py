"""The chart and the list of targets in a real browser: with a pointer, with keys, without script, on every width."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest
from chromium import Chromium
from web_stage import Stage

from builders import day, goal, indicator, reading, target, version
from targetwatch.model import Announcement, Catalogue

CARGO = "/targets/ilstc-volume-2025?as_of=2025-10-02"
SIZES = ((1920, 1080), (768, 1024), (390, 844))
READY = "document.querySelector('[data-chart]').dataset.ready === 'yes'"
POINTS = "document.querySelectorAll('.chart-drawn .mark-symbol path').length"
WORDS = "document.querySelector('.chart-words').hidden ? '' : document.querySelector('.chart-words').innerText"
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FOUND = "document.querySelector('.found-line [role=status]').textContent.trim()"
TITLES = "[...document.querySelectorAll('.card h3')].map((one) => one.textContent)"


def resize(browser: Chromium, width: int, height: int) -> None:
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
    )


def drawn(browser: Chromium, one: Stage, path: str) -> None:
    browser.open(one.client.address + path)
    browser.wait_for(READY)


def point_at(browser: Chromium, x: float, y: float) -> None:
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)


def place_of(browser: Chromium, number: int) -> tuple[float, float]:
    """Where on the screen the point of a figure lies, by what the browser drew."""
    browser.eval("document.querySelector('.chart-live').scrollIntoView({block: 'center'})")
    found = browser.eval(
        "(() => { const points = [...document.querySelectorAll('.chart-drawn .mark-symbol path')];"
        f"const box = points[{number}].getBoundingClientRect();"
        "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    return found[0], found[1]


def nothing_wrong(browser: Chromium) -> None:
    assert browser.complaints == []
    assert {urlsplit(address).hostname for address in browser.asked if address.startswith("http")} == {"127.0.0.1"}


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_chart_is_drawn_in_each_language_at_each_width_and_complains_of_nothing(browser, real, language, size):
    resize(browser, *size)
    drawn(browser, real, f"{CARGO}&lang={language}")
    assert browser.eval(POINTS) == 4 + 1 + 2
    texts = browser.eval("[...document.querySelectorAll('.chart-drawn text')].map((one) => one.textContent)")
    assert ("目标：超过27万标箱" if language == "zh" else "goal: more than 270,000 TEU") in texts
    assert ("40万" if language == "zh" else "400,000") in texts
    assert ("12月" if language == "zh" else "Dec") in texts
    assert not browser.eval(OVERFLOWS)
    assert browser.eval("getComputedStyle(document.querySelector('svg.chart-wide')).display") == "none"
    nothing_wrong(browser)


@pytest.mark.parametrize("path", ["/", "/?as_of=2025-10-02", "/?look=table", CARGO, "/targets/routes-2025"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_has_to_be_moved_sideways_on_a_phone(browser, real, path, language):
    resize(browser, 390, 844)
    browser.open(f"{real.client.address}{path}{'&' if '?' in path else '?'}lang={language}")
    assert not browser.eval(OVERFLOWS)
    nothing_wrong(browser)


def test_a_pointer_over_a_value_shows_when_it_was_published_and_where(browser, real):
    drawn(browser, real, CARGO)
    assert browser.eval(WORDS) == ""
    point_at(browser, *place_of(browser, 2))
    browser.wait_for(f"({WORDS}) !== ''")
    said = browser.eval(WORDS).split("\n")
    said = [line for line in said if line]
    assert said[0] == "30 Jun 2025: 154,600 TEU"
    assert said[1] == "published 17 Jul 2025"
    assert said[2] == "as printed: 154,600 TEU (± 50), Jan–Jun 2025"
    assert said[-1].startswith("source: ichongqing.info")
    point_at(browser, 2, 2)
    browser.wait_for(f"({WORDS}) === ''")
    nothing_wrong(browser)


def test_the_words_over_a_chart_stay_inside_a_phone(browser, real):
    resize(browser, 390, 844)
    drawn(browser, real, CARGO)
    for number in range(4):
        point_at(browser, *place_of(browser, number))
        browser.wait_for(f"({WORDS}) !== ''")
        box = browser.eval(
            "(() => { const box = document.querySelector('.chart-words').getBoundingClientRect();"
            "return [box.left, box.right]; })()"
        )
        assert 0 <= box[0] < box[1] <= 390


def test_the_arrow_keys_go_from_value_to_value_and_say_each(browser, real):
    drawn(browser, real, CARGO)
    browser.eval("document.querySelector('.chart-live').focus()")
    said = []
    for key in ("End", "ArrowLeft", "ArrowLeft", "Home", "ArrowLeft"):
        browser.press(key)
        said.append(browser.eval(WORDS).split("\n")[0])
    assert said[0] == "31 Dec 2025: Forecast at the deadline"
    assert said[1] == "31 Aug 2025: 215,800 TEU"
    assert said[2] == "30 Jun 2025: 154,600 TEU"
    assert said[3] == said[4] == "7 Feb 2025: Pending"
    assert browser.eval("document.querySelector('.chart-words').getAttribute('role')") == "status"
    browser.press("Escape")
    assert browser.eval(WORDS) == ""
    nothing_wrong(browser)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_value_chosen_is_ringed_where_it_was_drawn(browser, real, size):
    resize(browser, *size)
    drawn(browser, real, CARGO)
    for number in range(4):
        x, y = place_of(browser, number)
        point_at(browser, x, y)
        browser.wait_for(f"({WORDS}) !== ''")
        ring = browser.eval(
            "(() => { const box = document.querySelector('.chart-ring').getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        assert ring == pytest.approx([x, y], abs=1.5)
        point_at(browser, 1, 1)
        browser.wait_for(f"({WORDS}) === ''")


def test_enter_opens_the_source_of_the_value_chosen_and_nothing_that_is_no_address(browser, real):
    drawn(browser, real, CARGO)
    browser.eval("window.opened = []; window.open = (...said) => { window.opened.push(said); }")
    browser.eval("document.querySelector('.chart-live').focus()")
    for key in ("Home", "Enter", "End", "ArrowLeft", "Enter"):
        browser.press(key)
    opened = browser.eval("window.opened")
    assert len(opened) == 1
    assert opened[0][0].startswith("http")
    assert opened[0][1:] == ["_blank", "noopener,noreferrer"]


def test_without_script_the_picture_made_by_the_service_is_there_with_the_same_values(browser, real):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(real.client.address + CARGO)
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.eval("document.querySelectorAll('.chart-live').length") == 0
    assert browser.eval("getComputedStyle(document.querySelector('svg.chart-wide')).display") == "block"
    titles = browser.eval("[...document.querySelectorAll('svg.chart-wide .spot title')].map((one) => one.textContent)")
    told = real.client.get(CARGO.replace("?", "/chart.json?")).json()
    assert titles == [one["lines"][0] for one in told["actual"]]
    nothing_wrong(browser)


def test_the_chart_takes_the_colours_of_the_scheme_and_changes_with_it(browser, real):
    stroke = "getComputedStyle(document.querySelector('.chart-drawn .mark-line path')).stroke"
    drawn(browser, real, CARGO)
    light = browser.eval(stroke)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    browser.wait_for(f"{stroke} !== '{light}'")
    nothing_wrong(browser)


def test_the_chart_is_drawn_anew_when_there_is_less_room(browser, real):
    drawn(browser, real, CARGO)
    assert browser.eval("document.querySelector('.chart-drawn svg').getBoundingClientRect().width") > 800
    resize(browser, 390, 844)
    browser.wait_for("document.querySelector('.chart-drawn svg').getBoundingClientRect().width < 390")
    assert not browser.eval(OVERFLOWS)


def test_where_the_promise_moved_the_chart_marks_the_day_and_keeps_the_goal_of_before(browser, stage):
    one = stage()
    later = version(
        goal(above=300000),
        number=2,
        effective=day("2025-07-01"),
        reason="raised at mid-year",
        announcement=Announcement(by="Somebody", on=day("2025-07-01")),
    )
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(version(), later),)))
    one.add(reading("2025-01-01..2025-06-30", 154600, "2025-07-17"))
    one.refresh()
    drawn(browser, one, "/targets/cargo-2025?lang=en")
    texts = browser.eval("[...document.querySelectorAll('.chart-drawn text')].map((one) => one.textContent)")
    assert "version 2" in texts
    assert "goal: more than 300,000 TEU" in texts
    told = one.client.get("/targets/cargo-2025/chart.json").json()
    assert [(move["before"], move["text"]["wide"]) for move in told["moves"]] == [(270000.0, "version 2")]
    browser.eval("document.querySelector('.chart-live').focus()")
    seen = set()
    browser.press("Home")
    for _ in range(8):
        seen.add(browser.eval(WORDS))
        browser.press("ArrowRight")
    assert any("1 Jul 2025: the promise changed; the goal is now more than 300,000 TEU" in said for said in seen)
    assert any("raised at mid-year" in said for said in seen)
    nothing_wrong(browser)


def test_words_typed_into_a_note_or_a_quote_are_never_markup_in_the_chart(browser, stage):
    one = stage()
    evil = "<img src=x onerror=alert(1)>"
    later = version(goal(above=300000), number=2, effective=day("2025-07-01"), reason=evil)
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(version(), later),)))
    one.add(reading("2025-01-01..2025-06-30", 154600, "2025-07-17", evidence_url="javascript:alert(1)", note=evil))
    one.refresh()
    drawn(browser, one, "/targets/cargo-2025?lang=en")
    browser.eval("window.opened = 0; window.open = () => { window.opened += 1; }")
    browser.eval("document.querySelector('.chart-live').focus()")
    browser.press("Home")
    seen = ""
    for _ in range(8):
        seen += browser.eval(WORDS)
        browser.press("Enter")
        browser.press("ArrowRight")
    assert evil in seen
    assert browser.eval("document.querySelectorAll('main img').length") == 0
    assert browser.eval("window.opened") == 0
    nothing_wrong(browser)


def test_a_filter_narrows_the_list_in_place_and_is_kept_in_the_address(browser, real):
    browser.open(f"{real.client.address}/?as_of=2025-12-08&lang=en")
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
    browser.open(f"{real.client.address}/?lang=en")
    browser.wait_for("typeof window.htmx === 'object'")
    choose(browser, "find-status", "pending")
    browser.wait_for("document.querySelector('#when-kept input[name=status]') !== null")
    assert browser.eval("document.querySelector('#other-language').getAttribute('href')") in {
        "/?sort=programme&status=pending&lang=zh",
        "/?status=pending&sort=programme&lang=zh",
    }
    assert browser.eval("document.querySelector('.counts [aria-current]').getAttribute('href')") == (
        "/?status=pending#found"
    )
    browser.eval("document.getElementById('as_of').value = '2025-10-02'")
    browser.eval("document.querySelector('.when button').click()")
    browser.wait_for("location.search === '?as_of=2025-10-02&status=pending'")
    nothing_wrong(browser)


def test_typing_searches_as_it_goes_and_keeps_the_cursor(browser, real):
    browser.open(f"{real.client.address}/?lang=en")
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
    browser.open(f"{real.client.address}/?status=missed&sort=name&as_of=2025-12-08&lang=en")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.eval(FOUND).startswith("2 targets")
    assert browser.eval("document.getElementById('find-status').value") == "missed"
    assert browser.eval("document.getElementById('find-sort').value") == "name"
    assert browser.eval("document.querySelector('.when input[name=status]').value") == "missed"
    nothing_wrong(browser)


def test_a_day_chosen_in_the_time_control_keeps_what_was_filtered(browser, real):
    browser.open(f"{real.client.address}/?status=pending&lang=en")
    browser.eval("document.getElementById('as_of').value = '2025-10-02'")
    before = browser.loads
    browser.eval("document.querySelector('.when button').click()")
    browser.loaded(before)
    assert browser.eval("location.search") == "?as_of=2025-10-02&status=pending"
    browser.wait_for(f"{FOUND}.startsWith('7 targets')")
    assert date(2025, 10, 2).isoformat() in browser.eval("document.querySelector('.card h3 a').href")
