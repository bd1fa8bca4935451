"""What admins come for, done in a real browser by whoever has read nothing, in both languages and at both sizes."""

from __future__ import annotations

from datetime import date

import pytest

from targetwatch.model import Role
from targetwatch.store import audit, catalogue, db
from targetwatch.store import readings as stored

LOOKS = [("en", "wall"), ("zh", "phone")]
LINK = "https://jp.news.cn/20251209/96f1e860c61d48668c712cd84ccea3f2/c.html"


def looks(test):
    return pytest.mark.parametrize(("language", "size"), LOOKS)(test)


def card(seat, target):
    return seat.page.locator(f"main a[href*='/targets/{target}']").first


@looks
def test_the_goal_of_a_year_is_raised_from_july(sit, site, language, size):
    seat = sit(language, size, role=Role.EDITOR)
    seat.go("/")
    seat.click(card(seat, "ilstc-volume-2025"))
    seat.click(seat.page.locator("a[href$='/targets/ilstc-volume-2025/edit']").first)
    seat.check()
    seat.type(seat.page.locator("#goal\\.value"), "30万" if language == "zh" else "300,000")
    seat.type(seat.page.locator("#effective"), "2025-07-01")
    seat.click(seat.page.locator("button[value='preview']:visible").last)
    assert "300,000" in seat.page.inner_text("main") or "30万" in seat.page.inner_text("main")
    seat.check()
    seat.picture("preview")
    seat.click(seat.page.locator("button[value='save']:visible").first)
    seat.page.wait_for_url("**/targets/ilstc-volume-2025?*")
    seat.check()
    with db.reading(site.app.engine) as session:
        (target,) = [one for one in catalogue.load(session).targets if one.id == "ilstc-volume-2025"]
        said = audit.entries(session, actor="web:sun")
    assert [(version.effective, int(version.goal.value or 0)) for version in target.versions] == [
        (date(2025, 2, 7), 270_000),
        (date(2025, 7, 1), 300_000),
    ]
    assert said
    assert seat.clicks == 6


class TestAFigure:
    @pytest.fixture
    def until(self) -> date:
        return date(2025, 12, 8)

    @looks
    def test_of_a_press_conference_is_entered_with_its_link(self, sit, site, language, size):
        seat = sit(language, size, role=Role.EDITOR)
        seat.go("/")
        seat.click(seat.page.locator("nav a[href$='/figures/new']"))
        seat.check()
        seat.click(seat.page.locator("#indicator"))
        seat.page.select_option("#indicator", "ilstc-volume")
        seat.settle()
        seat.type(seat.page.locator("#value"), "27.23万标箱" if language == "zh" else "272,300 TEU")
        seat.type(seat.page.locator("#period"), "2025年1—10月" if language == "zh" else "Jan-Oct 2025")
        seat.type(seat.page.locator("#yoy"), "33%")
        seat.type(seat.page.locator("#published_on"), "2025-12-09")
        seat.type(seat.page.locator("#evidence_url"), LINK)
        seat.page.wait_for_function(
            "() => /On track|Achieved|进展正常|已完成/.test(document.querySelector('#effect').innerText)"
        )
        seat.check()
        seat.picture("add-figure")
        seat.click(seat.page.locator("button[value='save']:visible").last)
        seat.page.wait_for_url("**done=figure_saved**")
        seat.check()
        with db.reading(site.app.engine) as session:
            (entered,) = [
                one for one in stored.load(session, ["ilstc-volume"])["ilstc-volume"] if one.source == "manual"
            ]
        assert (int(entered.value), entered.yoy and float(entered.yoy)) == (272_300, 0.33)
        assert (entered.period.start, entered.period.end) == (date(2025, 1, 1), date(2025, 10, 31))
        assert (entered.published_on, entered.evidence_url) == (date(2025, 12, 9), LINK)
        assert seat.clicks <= 8

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [
            ("zh", "1—10月，重庆经西部陆海新通道共运输27.23万标箱、同比增长33%。"),
            (
                "en",
                "From January to October, 272,300 TEUs moved via the ILSTC from Chongqing, up 33 percent year on year.",
            ),
        ],
    )
    def test_is_read_from_a_press_sentence_and_entered_after_a_look(self, sit, site, language, sentence):
        seat = sit(language, role=Role.EDITOR)
        seat.go("/figures/press")
        seat.type(seat.page.locator("#text"), sentence)
        seat.type(seat.page.locator("#published_on"), "2025-12-09")
        seat.click(seat.page.locator("main form button[type='submit']").last)
        seat.page.wait_for_selector("mark")
        seat.check()
        seat.picture("press")
        seat.click(seat.page.locator("main a[role='button'][href*='/figures/new?']").first)
        seat.page.wait_for_load_state()
        seat.click(seat.page.locator("button[value='save']:visible").last)
        seat.page.wait_for_url("**done=figure_saved**")
        with db.reading(site.app.engine) as session:
            (entered,) = [
                one for one in stored.load(session, ["ilstc-volume"])["ilstc-volume"] if one.source == "manual"
            ]
        assert (int(entered.value), entered.period.end, str(entered.yoy)) == (272_300, date(2025, 10, 31), "0.33")

    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_that_contradicts_the_past_is_held_and_rejected_with_a_reason(self, sit, site, language):
        seat = sit(language, role=Role.EDITOR)
        seat.go(
            "/figures/new?indicator=ilstc-volume&period=2025-01..2025-10&basis=year_to_date&published_on=2025-12-09"
        )
        seat.type(seat.page.locator("#value"), "27,230")
        seat.click(seat.page.locator("button[value='save']:visible").last)
        seat.page.wait_for_url("**/held**")
        seat.check()
        seat.picture("held")
        seat.type(seat.page.locator("form.decide textarea").first, "a nought was lost")
        seat.click(
            seat.page.locator("button[formaction$='/reject']:visible, form[action$='/reject'] button:visible").first
        )
        seat.page.wait_for_load_state()
        with db.reading(site.app.engine) as session:
            (decided,) = stored.held(session, status=None)
        assert (decided.decided_by, decided.note) == ("web:sun", "a nought was lost")


def test_why_the_financing_is_off_track_is_found(sit):
    seat = sit(size="phone")
    seat.go("/?as_of=2025-11-11")
    seat.click(card(seat, "cci-financing-2025"))
    said = seat.page.inner_text("main")
    assert "Off track" in said
    assert "0.4" in said
    assert "2025-11-11" in seat.page.url
    seat.check()
    assert seat.clicks == 1


@looks
def test_what_was_known_on_a_day_is_shown_and_kept_from_page_to_page(sit, language, size):
    seat = sit(language, size)
    seat.go("/")
    seat.type(seat.page.locator("#as_of"), "2025-07-01")
    seat.click(seat.page.locator("form.when button"))
    seat.page.wait_for_url("**as_of=2025-07-01**")
    seat.check()
    seat.picture("overview")
    seat.click(card(seat, "ilstc-volume-2025"))
    said = seat.page.inner_text("main")
    assert ("64,000" in said) if language == "en" else ("6.4万" in said)
    assert "154,600" not in said
    assert "15.46万" not in said
    seat.picture("past")
    assert seat.clicks == 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_changed_what_is_shown_with_what_was_before(sit, language):
    seat = sit(language, role=Role.VIEWER)
    seat.go("/audit")
    seat.check()
    seat.picture("audit")
    assert seat.page.locator("main li, main tbody tr").count() > 10
