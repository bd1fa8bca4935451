"""What the pages promise an admin, walked in both languages: each walk leaves the site as it found it.

Every page that is checked is measured at every size; what depends on the size is tried at each in both languages.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from builders import reading
from targetwatch.model import Role
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.store import readings as stored
from targetwatch.store.readings.held import choose_four_eyes

LOOKS = [("en", "phone"), ("zh", "wall")]
TEU = "ilstc-volume-2025"
ROWS = {"wall": 8, "desk": 8, "phone": 3}
"""So many targets are whole on the first screen, at least."""
TYPED = "Indicator\tPeriod\tValue\tBasis\tPublished\nilstc-volume\t2025年13月\tmany\tyear to date\tyesterday-ish"
WORDS = {
    "en": {
        "done late": "Done late",
        "unit": "Goal, in TEU",
        "slip": " TEU (two million seven hundred ",
        "own": "You entered it: another editor has to accept it",
    },
    "zh": {
        "done late": "逾期完成",
        "unit": "目标值（单位：标箱）",
        "slip": "万标箱（二百七十",
        "own": "须由其他编辑员或管理员采用",
    },
}
TOP = "element => element.getBoundingClientRect().top"
FROM = "2025-07-01"


@pytest.fixture(scope="module")
def site(shared_site):
    now = datetime.now(UTC)
    with db.writing(shared_site.app.engine, "test", now=now) as session:
        catalogue.take_over(session, TEU)
        choose_four_eyes(session, is_on=True, now=now)
    shared_site.app.refresh()
    return shared_site


def looks(test):
    return pytest.mark.parametrize(("language", "size"), LOOKS)(test)


def in_sight(seat, selector):
    """Return how many elements are whole on the first screen."""
    return seat.page.evaluate(
        "selector => [...document.querySelectorAll(selector)].filter((one) => {"
        " const at = one.getBoundingClientRect();"
        " return at.height && at.top >= 0 && at.bottom <= innerHeight; }).length",
        selector,
    )


def press(seat, selector):
    seat.click(seat.page.locator(f"{selector}:visible").first)


@looks
def test_a_slip_is_asked_about_in_words_and_its_undo_puts_every_day_back(sit, site, language, size):
    said, seat = WORDS[language], sit(language, size, role=Role.EDITOR)
    thousands = 2_701 + LOOKS.index((language, size))  # a goal that was said before is not asked about
    slip = f"{thousands / 10}万" if language == "zh" else f"{thousands:,},000"
    past = f"/targets/{TEU}?as_of=2025-09-01"
    seat.go(past)
    before = seat.page.inner_text(".target-head")
    seat.go(f"/targets/{TEU}/edit")
    assert said["unit"] in seat.page.inner_text(".edit-form")
    with db.reading(site.app.engine) as session:
        versions = len(catalogue.find(session, TEU).target.versions)
    seat.type(seat.page.locator("#goal\\.value"), slip)
    seat.type(seat.page.locator("#effective"), FROM)
    press(seat, ".edit-form .buttons-main button[value=preview]")
    assert said["slip"] in seat.page.inner_text(".doubt")
    seat.check()
    press(seat, "input[name=sure]")
    press(seat, "main button[value=save]")
    seat.page.wait_for_url("**?done=target_version&*")
    seat.go(past)
    assert seat.page.inner_text(".target-head") != before
    seat.go(f"/targets/{TEU}/undo")
    assert seat.page.input_value("#effective") == FROM
    seat.check()
    press(seat, "main button[value=save]")
    seat.page.wait_for_url("**?done=target_undone")
    seat.check()
    seat.go(past)
    assert seat.page.inner_text(".target-head") == before
    with db.reading(site.app.engine) as session:
        assert len(catalogue.find(session, TEU).target.versions) == versions + 2


def test_a_change_in_per_cent_says_so_at_the_field(sit):
    seat = sit(role=Role.EDITOR)
    seat.go(f"/targets/{TEU}/edit")
    seat.page.select_option("#goal\\.comparator", "change")
    seat.settle()
    seat.type(seat.page.locator("#goal\\.value"), "400000")
    label = seat.page.locator("#goal-label")
    label.filter(has_text="Goal, in % changed from before").wait_for()
    seat.page.get_by_text("400000 = ").first.wait_for()


@looks
def test_what_somebody_entered_another_accepts_with_a_note_and_takes_back(sit, site, language, size):
    number = hold(site, by="web:li")
    seat, theirs = sit(language, size, role=Role.EDITOR), sit(language, size, role=Role.EDITOR, name="li")
    form, note = f"form[action$='/held/{number}/accept']", f"#note-{number}"
    theirs.go("/held")
    assert WORDS[language]["own"] in theirs.page.inner_text(form)
    assert theirs.page.locator(f"{form} button").count() == 1
    seat.go("/held")
    seat.check()
    press(seat, f"{form} button:not(.outline)")
    seat.expected.add(422)
    seat.check()
    seat.type(seat.page.locator(note), "as they say")
    press(seat, f"{form} button:not(.outline)")
    seat.page.wait_for_url("**done=accepted**")
    seat.check()
    press(seat, f".banner form[action$='/held/{number}/undo'] button")
    seat.page.wait_for_url("**done=reopened**")
    seat.type(seat.page.locator(note), "a nought too many")
    press(seat, f"{form} button.outline")
    seat.page.wait_for_url("**done=rejected**")
    with db.reading(site.app.engine) as session:
        found = stored.get_held(session, number)
    assert (found.status, found.note, found.decided_by) == ("rejected", "a nought too many", "web:sun")


def hold(site, *, by):
    """Hold a figure that nobody else has entered; its number."""
    now = datetime.now(UTC)
    with db.reading(site.app.engine) as session:
        known = stored.load(session, ["ilstc-volume"])["ilstc-volume"][-1]
    low = reading("2025-01-01..2025-10-31", 27230, "2025-12-09")
    low = replace(low, indicator="ilstc-volume", publisher=known.publisher, recorded_at=now)
    with db.writing(site.app.engine, by, now=now) as session:
        number = stored.hold(session, replace(low, value=low.value + now.microsecond), Problem("too_small"), now=now)
    site.app.refresh()
    return number


@pytest.mark.parametrize(("language", "size"), [("en", "wall"), ("zh", "desk"), ("en", "phone"), ("zh", "phone")])
def test_the_list_comes_first_and_the_worst_in_it(sit, language, size):
    seat = sit(language, size)
    seat.go("/?as_of=2025-12-08")
    assert in_sight(seat, ".standing-row") >= ROWS[size]
    counted = seat.page.locator(".counts .count-word").all_inner_texts()
    listed = dict.fromkeys(seat.page.locator(".standing-row .status").all_inner_texts())
    listed.pop(WORDS[language]["done late"])  # counted among the missed
    assert list(listed) == counted
    fields = seat.page.locator(".find-field:visible")
    if size == "phone":
        assert fields.count() == 0
        press(seat, "label.find-open")
        fields.first.wait_for()
    else:
        assert len({round(fields.nth(place).evaluate(TOP)) for place in range(fields.count())}) == 1
    press(seat, ".look a[href*='look=cards']")
    seat.page.locator(".card").first.wait_for()
    press(seat, f".card a[href*='/targets/{TEU}']")
    assert seat.page.evaluate("document.querySelector('.target-head').offsetHeight") < 200
    assert in_sight(seat, ".target h2") >= 1
    line = "one => getComputedStyle(one).textDecorationLine"
    assert seat.page.locator(".target-status a .status > span").evaluate(line) == "underline"


def test_a_bare_amount_says_its_currency_and_a_stale_word_goes(sit):
    seat = sit(size="phone", role=Role.EDITOR)
    seat.go("/figures/new?indicator=cci-financing&period=2025-11&published_on=2025-12-10")
    effect = seat.page.locator("#effect")
    seat.type(seat.page.locator("#value"), "8亿")
    effect.locator(".figure-currency").wait_for()
    seat.type(seat.page.locator("#value"), "8亿美元")
    effect.locator(".figure-currency").wait_for(state="detached")
    seat.check()
    save = seat.page.locator(".figure-save button[value=save]")
    for one in seat.everywhere():
        save.scroll_into_view_if_needed()
        assert save.is_visible(), one


def test_of_a_pasted_row_every_fault_is_named(sit):
    seat = sit(size="phone", role=Role.EDITOR)
    seat.go("/figures/paste")
    seat.page.fill("#text", TYPED)
    press(seat, "#paste button[value=look]")
    said = seat.page.inner_text("main")
    for fault in ("2025年13月", "many", "yesterday-ish"):
        assert f"“{fault}”" in said, fault
    seat.check()


@looks
def test_a_session_shows_its_device_and_the_menu_is_one_row(sit, language, size):
    seat = sit(language, size, role=Role.ADMIN, name="wang")
    seat.go("/sign-in?next=/account")
    seat.page.context.clear_cookies()
    seat.go("/sign-in?next=/account")
    seat.page.fill("main input[name=name]", "wang")
    seat.page.fill("main input[name=password]", "correct horse battery")
    press(seat, "main button[type=submit]")
    seat.page.wait_for_url("**/account")
    assert "Chrom" in seat.page.inner_text("section[aria-labelledby=sessions]")
    for one in seat.everywhere():
        rows = seat.page.evaluate("[...document.querySelectorAll('.menu-row > li')].map((one) => one.offsetTop)")
        assert max(rows) - min(rows) < 20, one
    seat.check()
