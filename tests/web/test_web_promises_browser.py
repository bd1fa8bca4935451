"""The task as a person does it: paste an announcement, click, and find the form of a new target filled in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chromium import Chromium
from test_web_figures import Desk
from test_web_figures_browser import SIZES, assert_clean, seat
from web_stage import Stage

from builders import day

ARTICLES = {
    "en": "The port aims to exceed 350,000 TEUs in cargo volume in 2026, and will open a new dock by June 2026.",
    "zh": "2026年，全市力争货运量超过35万标箱，新增就业5万人左右，6月底前建成新码头。",
}


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("telephone", "zh")])
def test_an_announcement_is_a_form_filled_in_after_two_clicks(
    stage: Callable[..., Stage], browser: Chromium, size: str, language: str
) -> None:
    desk = Desk(stage(day("2025-12-10")))
    hand = seat(browser, desk, size, language)
    browser.open(desk.stage.address + "/figures/press")
    browser.eval("document.querySelector('#text').focus()")
    hand.paste(ARTICLES[language])
    browser.eval("document.querySelector('#published_on').value = '2025-12-09'")
    hand.follow(".press-form button[type=submit]")
    assert browser.eval("document.querySelectorAll('.press-text mark').length") > 0
    assert browser.eval("document.documentElement.scrollWidth") <= SIZES[size][0], "nothing hangs over the edge"
    hand.follow("#target-1 .press-enter a")
    assert browser.eval("document.querySelector('[name=\"goal.value\"]').value") == "350000"
    assert browser.eval("document.querySelector('[name=\"goal.comparator\"]').value") == "above"
    assert browser.eval("document.querySelector('[name=\"deadline\"]').value") == "2026-12-31"
    assert browser.eval("document.querySelector('[name=\"announcement.on\"]').value") == "2025-12-09"
    assert hand.clicks == 2
    assert browser.eval("document.documentElement.scrollWidth") <= SIZES[size][0], "nothing hangs over the edge"
    assert_clean(browser, desk)
