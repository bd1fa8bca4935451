"""The drawing on a target's page: its words in both languages, and read in a browser by pointer and keys."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest

from builders import indicator, reading, target
from targetwatch.chart.svg import SIZES, Frame
from targetwatch.model import Catalogue
from targetwatch.wording import formats
from targetwatch.wording.translation import translator

CARGO = "/targets/ilstc-volume-2025?as_of=2025-10-02"
WORDS = "document.querySelector('.chart-words').hidden ? '' : document.querySelector('.chart-words').innerText"
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize(
    ("language", "highest", "words"),
    [
        ("en", 300_000, ["0", "100,000", "200,000", "300,000", "400,000"]),
        ("en", 1_900_000, ["0", "500K", "1M", "1.5M", "2M"]),
        ("en", 9_000_000, ["0", "2.5M", "5M", "7.5M", "10M"]),
        ("en", 700_000_000, ["0", "200M", "400M", "600M", "800M"]),
        ("zh", 8_000, ["0", "2000", "4000", "6000", "8000", "1万"]),
        ("zh", 1_900_000, ["0", "50万", "100万", "150万", "200万"]),
        ("zh", 700_000_000, ["0", "2亿", "4亿", "6亿", "8亿"]),
    ],
)
def test_the_values_beside_the_grid_are_short_enough_for_their_place(language, highest, words):
    def tick(value, most):
        return formats.tick(value, indicator(), translator(language), most=most)

    year = {"origin": date(2024, 12, 31), "end": date(2025, 12, 31)}
    frame = Frame.around(SIZES[-1], [highest], **year, from_zero=True, tick=tick)
    assert [tick(row, frame.high) for row in frame.rows] == words


def test_the_chart_is_drawn_for_every_width_and_says_in_words_what_it_shows(page):
    shown = page(CARGO)
    drawings = [one for one in shown.all("svg") if (one.get("class") or "").startswith("chart ")]
    assert [one["class"] for one in drawings] == ["chart chart-wide", "chart chart-middle", "chart chart-narrow"]
    assert all("Goal: more than 270,000 TEU" in (one["aria-label"] or "") for one in drawings)
    said = ["31 Aug 2025: 215,800 TEU", "published 1 Oct 2025", "as printed: 215,800 TEU (± 50), Jan–Aug 2025"]
    assert " ".join(said) in shown.text
    assert "goal: more than 270,000 TEU" in shown.text


def test_the_chart_speaks_chinese_and_tells_money_by_the_hundred_million(page):
    shown = page("/targets/cci-financing-2025?as_of=2025-12-08", language="zh").text
    for said in ("单位：亿美元", "目标：不低于10亿美元", "4亿美元（±1亿美元）", "12月"):
        assert said in shown


@pytest.mark.parametrize("name", ["routes-2025", "tax-burden-2025"])
def test_what_has_nothing_to_draw_has_no_chart(page, name):
    shown = page(f"/targets/{name}")
    assert "Plan and actual" not in shown.text
    assert not [one for one in shown.all("script") if "course" in (one.get("src") or "")]


def test_a_revised_value_says_what_it_was_before(stage):
    one = stage()
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.add(
        reading("2025-01-01..2025-03-31", 60000, "2025-04-15"),
        reading("2025-01-01..2025-03-31", 64500, "2025-05-15"),
    )
    one.refresh()
    assert "revised; before: 60,000 TEU" in one.client.get("/targets/cargo-2025").text


def test_a_chart_is_read_with_the_pointer_and_the_keys_and_leads_to_its_sources(browser, real):
    browser.open(f"{real.address}{CARGO}&lang=en")
    browser.wait_for("document.querySelector('.chart-words') !== null")
    assert browser.eval(WORDS) == ""
    browser.eval("document.querySelector('svg.chart-wide').scrollIntoView({block: 'center'})")
    place = browser.eval(
        "(() => { const box = document.querySelectorAll('svg.chart-wide .spot')[2].getBoundingClientRect();"
        "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    browser.page.mouse.move(*place)
    said = " ".join(browser.eval(WORDS).split())
    assert said.startswith("30 Jun 2025: 154,600 TEU published 17 Jul 2025 as printed: 154,600 TEU (± 50)")
    assert said.endswith("source: ichongqing.info · click or Enter opens it")
    browser.page.mouse.move(2, 2)
    assert browser.eval(WORDS) == ""
    browser.eval("document.querySelector('svg.chart-wide .stop[tabindex=\"0\"]').focus()")
    told = []
    for key in ("End", "ArrowLeft", "ArrowLeft", "Home", "ArrowLeft"):
        browser.press(key)
        told.append(browser.eval(WORDS).split("\n")[0])
    assert told == [
        "31 Dec 2025: Forecast at the deadline",
        "31 Aug 2025: 215,800 TEU",
        "30 Jun 2025: 154,600 TEU",
        "7 Feb 2025: Pending",
        "7 Feb 2025: Pending",
    ]
    browser.eval(
        "window.followed = [];"
        "document.addEventListener('click', (event) => { event.preventDefault();"
        "window.followed.push(event.target.closest('a').getAttribute('href')); })"
    )
    for key in ("End", "Enter", "ArrowLeft", "Enter"):
        browser.press(key)
    assert browser.eval("window.followed.length === 1 && window.followed[0].startsWith('http')")
    browser.press("Escape")
    assert browser.eval(WORDS) == ""
    assert browser.complaints == []
    assert {urlsplit(address).hostname for address in browser.asked if address.startswith("http")} == {"127.0.0.1"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_on_a_phone_the_words_over_a_chart_stay_inside(browser, real, language):
    browser.page.set_viewport_size({"width": 390, "height": 844})
    browser.open(f"{real.address}{CARGO}&lang={language}")
    browser.wait_for("document.querySelector('.chart-words') !== null")
    browser.eval("document.querySelector('svg.chart-narrow .stop[tabindex=\"0\"]').focus()")
    for key in ("Home", "End", "ArrowLeft"):
        browser.press(key)
        box = browser.eval(
            "(() => { const box = document.querySelector('.chart-words').getBoundingClientRect();"
            "return [box.left, box.right]; })()"
        )
        assert 0 <= box[0] < box[1] <= 390
    assert not browser.eval(OVERFLOWS)


def test_without_script_the_browser_shows_what_is_said_and_follows_the_links(browser, real):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(real.address + CARGO)
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.eval("document.querySelectorAll('svg.chart-wide .stop > title').length") == 4 + 1 + 2
    assert browser.eval("document.querySelectorAll('svg.chart-wide a.stop[href]').length") == 4
    assert browser.eval("getComputedStyle(document.querySelector('svg.chart-wide')).display") == "block"
