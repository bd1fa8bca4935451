"""Adding a figure: proposed, looked at, saved, held, corrected, withdrawn; and everything that can be typed wrongly."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from web_stage import Browser, Page, Stage, locked

from builders import PUBLISHER, day, goal, indicator, reading, steps, target, version
from targetwatch.errors import StoreError
from targetwatch.model import (
    Basis,
    Catalogue,
    Measure,
    Plan,
    Programme,
    Publisher,
    Reading,
    Release,
    Role,
    Snapshot,
    Text,
)
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import just_entered

KNOWN = Catalogue(
    programmes=(Programme(id="corridor", title=Text("Corridor", "通道")),),
    publishers=(
        Publisher(id=PUBLISHER, title=Text("Statistics Office", "统计局")),
        Publisher(id="customs", title=Text("Customs", "海关")),
    ),
    indicators=(
        indicator(),
        indicator(id="index", title=Text("Price index", "价格指数"), measure=Measure.LEVEL, unit="points"),
        indicator(id="trade", title=Text("Trade", "外贸"), unit="bn CNY", release=Release()),
        indicator(id="routes", title=Text("Routes", "线路"), measure=Measure.MILESTONES, unit=""),
    ),
    targets=(
        target(version(goal(above=270000), baseline=251800), programme="corridor"),
        target(
            version(goal(), steps=steps("jakarta", "haiphong", due="2025-12-31")),
            id="routes-2025",
            indicator="routes",
            title=Text("Two routes", "两条线路"),
        ),
    ),
)
PAST = (
    reading("2024-01-01..2024-06-30", 116000, "2024-07-18"),
    reading("2024-01-01..2024-10-31", 205000, "2024-12-09"),
    reading("2024", 251800, "2025-01-20"),
    reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
    reading("2025-01-01..2025-06-30", 154600, "2025-07-17"),
)
OCTOBER = {
    "indicator": "cargo",
    "value": "272,300 TEU",
    "period": "Jan-Oct 2025",
    "basis": "year_to_date",
    "published_on": "2025-12-09",
    "yoy": "33%",
    "evidence_url": "https://example.org/dec",
}


class Desk:
    """A service with a year's figures, and an editor in front of it."""

    def __init__(self, stage: Stage, *, past: tuple[Reading, ...] = PAST) -> None:
        self.stage = stage
        stage.configure(KNOWN)
        stage.add(*past)
        stage.refresh()
        self.browser: Browser = stage.sign_in(Role.EDITOR)

    def post(self, changes: Mapping[str, str] | None = None, *, language: str = "en", **more: str) -> Any:
        data = {**OCTOBER, **(changes or {}), **more}
        return self.browser.post("/figures/new", data, headers={"accept-language": language})

    def look(self, changes: Mapping[str, str] | None = None, *, language: str = "en", **more: str) -> str:
        answer = self.post(changes, language=language, do="look", **more)
        assert answer.status_code == 200, answer.text
        Page(answer.text)
        return effect_of(answer.text)

    def saved(self, changes: Mapping[str, str] | None = None, **more: str) -> int:
        answer = self.post(changes, **more)
        assert answer.status_code == 303, answer.text
        return int(parse_qs(urlsplit(answer.headers["location"]).query)["reading"][0])

    def stored(self, name: str = "cargo") -> tuple[Reading, ...]:
        with db.reading(self.stage.engine) as session:
            return stored.load(session, [name])[name]

    def held(self, status: str | None = "waiting") -> tuple[stored.Held, ...]:
        with db.reading(self.stage.engine) as session:
            return stored.held(session, status=status)


@pytest.fixture
def desk(stage: Callable[..., Stage]) -> Desk:
    return Desk(stage(day("2025-12-10")))


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[Desk]:
    """An editor who saves nothing."""
    file = Path(shutil.copy(empty_file, tmp_path_factory.mktemp("still") / "own.db"))
    desk = Desk(Stage(file, day("2025-12-10")))
    yield desk
    assert len(desk.stored()) == len(PAST)
    assert desk.held(None) == ()
    desk.stage.close()


UNDO = "/figures/undo"


def undo(desk: Desk, page: Page) -> Any:
    """Press the button that takes back what was just entered."""
    assert [one["action"] for one in page.all("form")].count(UNDO) == 1
    return desk.browser.post(UNDO, {"entered": values_of(page)["entered"]})


def effect_of(source: str) -> str:
    """Return what the page says would happen."""
    start = source.index('id="effect"')
    return re.sub(
        r"\s+", " ", re.sub("<[^>]*>", " ", source[source.index(">", start) : source.index("</section>", start)])
    )


def values_of(page: Page) -> dict[str, str]:
    return {one["name"] or "": one.get("value") or "" for one in page.all("input") if one.get("name")}


# --- the form ---


def test_the_form_proposes_what_the_release_calendar_and_the_last_figure_say(still: Desk) -> None:
    page = still.browser.page("/figures/new?indicator=cargo")
    assert values_of(page)["period"] == "Jan–Sep 2025"
    assert '<option value="year_to_date" selected>' in still.browser.get("/figures/new?indicator=cargo").text
    words = still.browser.get("/figures/new?indicator=cargo", headers={"accept-language": "zh"}).text
    assert [said for said in ("已退出登录", "暂时无法预览") if said not in words] == [], "what a look that fails says"
    assert values_of(page)["published_on"] == "", "a guess would change days past where it is wrong"
    assert "Left empty, the figure is kept, but no verdict counts it." in page.text
    assert "Last known: 154,600 TEU, Jan–Jun 2025, published 17 Jul 2025" in page.text
    assert values_of(still.browser.page("/figures/new?indicator=cargo", "zh"))["period"] == "2025年1—9月"


def test_what_should_be_out_by_now_is_one_click_away(still: Desk) -> None:
    page = still.browser.page("/figures/new")
    assert "Cargo, Jan–Sep 2025 (due 31 Oct 2025)" in page.text
    assert "/figures/new?indicator=cargo" in page.links


def test_every_field_can_be_filled_by_the_address(still: Desk) -> None:
    query = "indicator=cargo&value=272300&period=2025-01..2025-10&yoy=33%25&note=by+phone&publisher=customs&nonsense=1"
    page = still.browser.page(f"/figures/new?{query}")
    shown = values_of(page)
    assert (shown["value"], shown["period"], shown["yoy"]) == ("272300", "2025-01..2025-10", "33%")
    assert "by phone" in page.text
    assert "272,300 TEU" in page.text, "what a prefilled figure would do is shown at once"


def test_another_indicator_brings_its_own_proposals_and_keeps_what_was_typed(still: Desk) -> None:
    first = values_of(still.browser.page("/figures/new?indicator=cargo"))
    typed = {name: text for name, text in first.items() if name.startswith("was_")} | {
        "period": first["period"],
        "indicator": "index",
        "basis": "year_to_date",
        "value": "1,121.1",
        "do": "choose",
    }
    answer = still.browser.post("/figures/new", typed)
    page = Page(answer.text)
    assert values_of(page)["value"] == "1,121.1"
    assert values_of(page)["period"] != first["period"]
    kept = still.browser.post("/figures/new", typed | {"period": "2025-06-30"})
    assert values_of(Page(kept.text))["period"] == "2025-06-30", "typed, so it is no proposal any more"


def test_a_milestone_asks_for_its_step_and_for_no_figure(desk: Desk) -> None:
    page = desk.browser.page("/figures/new?indicator=routes")
    assert "value" not in values_of(page)
    assert [one["value"] for one in page.all("option") if one.get("value") in {"jakarta", "haiphong"}] == [
        "jakarta",
        "haiphong",
    ]
    data = {"indicator": "routes", "step": "jakarta", "period": "24 Aug 2025", "published_on": "2025-08-25"}
    answer = desk.browser.post("/figures/new", data)
    assert answer.headers["location"].startswith("/targets/routes-2025?done=figure_saved")
    (done,) = desk.stored("routes")
    assert (done.step, done.value, done.basis, done.period.end) == ("jakarta", 1, Basis.EVENT, day("2025-08-24"))


# --- looked at ---


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["272,300 TEU , Jan–Oct 2025, year to date, +33% on a year before", "New:", "On track", "Achieved"]),
        ("zh", ["27.23万标箱 、2025年1—10月、年初累计、同比+33%", "新数据", "已完成", "两条线路"]),
    ],
)
def test_how_a_figure_is_read_and_what_it_changes_is_told_before_it_is_saved(
    still: Desk, language: str, said: list[str]
) -> None:
    shown = still.look(language=language)
    if language == "zh":
        said = said[:-1]
    assert [text for text in said if text not in shown] == []


def test_a_bare_million_of_money_says_in_which_currency_it_is_read(still: Desk) -> None:
    said = {"indicator": "trade", "yoy": ""}
    for value, is_said in {"5819.8亿": True, "581,980 million": True, "581.98 bn CNY": False, "581.98": False}.items():
        assert ("names no currency: read in CNY" in still.look(said, value=value)) is is_said, value
    assert "未注明币种，按指标的币种CNY读取" in still.look(said, value="5819.8亿", language="zh")
    assert "names no currency" not in still.look({"value": "27.23万"}), "what counts containers has none"


def test_a_revision_names_what_it_replaces(still: Desk) -> None:
    shown = still.look(period="2025-H1", value="155,000", published_on="2025-08-01", yoy="")
    assert "It replaces 154,600 TEU , Jan–Jun 2025, published 17 Jul 2025" in shown


def test_a_rounder_repetition_is_told_to_replace_nothing(still: Desk) -> None:
    shown = still.look(period="2025-H1", value="over 150,000", published_on="2025-08-01", yoy="")
    assert "replaces nothing: 154,600 TEU" in shown


def test_what_is_known_already_is_told_with_its_number(still: Desk) -> None:
    said = {"period": "2025-H1", "value": "15.46万标箱", "published_on": "2025-08-01", "yoy": "", "evidence_url": ""}
    source = still.post(said, do="look").text
    assert "on record already; saving adds nothing: 154,600 TEU , Jan–Jun 2025, published 17 Jul" in effect_of(source)
    assert f'href="/readings/{still.stored()[-1].id}"' in source
    assert "not stored" not in effect_of(source)


def test_a_link_that_would_not_be_stored_is_told_before_saving_and_may_be_given_by_a_correction(desk: Desk) -> None:
    number = desk.stored()[-1].id
    said = {"period": "2025-H1", "value": "154,600", "published_on": "2025-07-17", "yoy": ""}
    source = desk.post(said, do="look").text
    assert "The link or quote you typed is not stored with it." in effect_of(source)
    assert "您填写的网址或原文语句不会随之保存" in desk.look(said, language="zh")
    (way,) = [link for link in Page(source).links if "corrects=" in link]
    filled = values_of(desk.browser.page(way))
    assert (filled["corrects"], filled["evidence_url"], filled["value"]) == (
        str(number),
        OCTOBER["evidence_url"],
        "154,600",
    )
    right = desk.saved(said, corrects=str(number), why="the link was missing")
    assert [(one.id, one.evidence_url, one.withdrawn_at is None) for one in desk.stored()[-2:]] == [
        (number, "", False),
        (right, OCTOBER["evidence_url"], True),
    ]


def test_a_figure_on_record_is_no_success_and_keeps_what_was_typed(still: Desk) -> None:
    answer = still.post(period="2025-H1", value="154,600", published_on="2025-07-17", yoy="")
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "Nothing was saved: this figure is on record already." in page.text
    assert values_of(page)["evidence_url"] == OCTOBER["evidence_url"]


def test_one_target_that_cannot_be_judged_takes_no_page_down(desk: Desk) -> None:
    broken = target(version(start=day("0001-01-01")), id="broken", title=Text("Since ever"))
    desk.stage.configure(replace(KNOWN, targets=(*KNOWN.targets, broken)))
    desk.stage.refresh()
    assert "broken" in (desk.stage.holder.current or desk.stage.refresh()).failed
    shown = desk.look()
    assert "Since ever Now could not be judged Then could not be judged" in shown
    assert "On track" in shown
    assert "Since ever" in desk.browser.page(f"/readings/{desk.saved()}").text


def test_a_figure_that_cannot_be_judged_yet_is_saved_all_the_same_and_can_be_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy() -> Snapshot:
        raise StoreError("the database is busy")

    monkeypatch.setattr(desk.stage.app.state.service, "refresh", busy)
    saved = desk.post(do="save")
    assert saved.status_code == 303
    assert len(desk.stored()) == len(PAST) + 1
    number = parse_qs(urlsplit(saved.headers["location"]).query)["reading"][0]
    assert desk.browser.get(saved.headers["location"]).status_code == 200
    assert desk.browser.post(f"/readings/{number}/withdraw", {"why": "misprint"}).status_code == 303
    assert desk.stored()[-1].withdrawn_at is not None
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "what was written could not be judged yet"
    ] * 2
    caplog.clear()


def test_a_suspicious_figure_says_why_and_asks_for_a_reason(still: Desk) -> None:
    source = still.post(value="2,723,000", do="look").text
    shown = effect_of(source)
    assert "It would wait to be checked by somebody, because:" in shown
    assert "A growth of 33% to 2,723,000 TEU in Jan–Oct 2025 means about" in shown
    assert 'name="anyway"' in source
    assert "If it is entered anyway" in shown
    assert "意味着上年同期约" in still.look(value="2,723,000", language="zh")


def test_a_reason_names_publishers_as_people_know_them(still: Desk) -> None:
    shown = still.look(value="100,000", yoy="")
    assert "The year-to-date of Statistics Office would fall from 154,600 TEU" in shown
    assert "统计局的年初累计会从" in still.look(value="100,000", yoy="", language="zh")


def test_a_growth_rate_that_differs_from_our_own_is_mentioned_and_holds_nothing(still: Desk) -> None:
    shown = still.look(yoy="36%")
    assert "The publisher says +36%; on our figure of the year before (205,000 TEU) it would be +32.8%" in shown
    assert "New:" in shown
    assert "The publisher says" not in still.look(yoy="33%")
    assert "the growth is +32.8%" in still.look(yoy="")


def test_whether_the_quote_names_the_figure_is_told(still: Desk) -> None:
    assert "The quote names this figure." in still.look(quote="carried 272,300 TEUs from January")
    assert "The quote names another figure" in still.look(quote="carried 272,900 TEUs from January")


def test_a_mail_that_would_leave_is_announced_with_its_hour(stage: Callable[..., Stage]) -> None:
    today = datetime.now(UTC).date()
    desk = Desk(stage(today), past=())
    began, yesterday = (today - timedelta(days=60)).isoformat(), (today - timedelta(days=1)).isoformat()
    this = version(
        goal(above=270000), start=day(began), deadline=today + timedelta(days=300), announced=day(began), plan=Plan()
    )
    desk.stage.configure(replace(KNOWN, targets=(*KNOWN.targets, target(this, id="cargo-now", title=Text("Now")))))
    desk.stage.refresh()
    figure = {
        "period": f"{began}..{yesterday}",
        "value": "1,000",
        "published_on": yesterday,
        "yoy": "",
        "basis": "period",
    }
    shown = desk.look(figure)
    assert re.search(
        r"A mail saying “Off track” leaves to Port Office on \d+ \w+ \d{4} at about \d\d:\d\d, if this", shown
    )
    number = desk.saved(figure)
    assert "A mail saying “Off track” leaves to Port Office" in desk.browser.page(f"/readings/{number}").text
    desk.browser.post(f"/readings/{number}/withdraw", {"why": "a slip"})
    assert "A mail saying" not in desk.browser.page(f"/readings/{number}").text


# --- saved ---


def test_a_saved_figure_leads_to_its_target_and_can_be_undone_at_once(desk: Desk) -> None:
    answer = desk.post()
    assert re.fullmatch(r"/targets/cargo-2025\?done=figure_saved&reading=\d+", answer.headers["location"])
    page = desk.browser.page(answer.headers["location"])
    assert "The figure is saved" in page.text
    assert "272,300 TEU" in page.text
    undone = undo(desk, page)
    assert undone.headers["location"] == f"/readings/{desk.stored()[-1].id}?done=undone"
    assert "Taken back" in desk.browser.page(undone.headers["location"]).text
    assert desk.stored()[-1].withdrawn_at is not None
    shown = desk.browser.page("/targets/cargo-2025").text
    assert "154,600 TEU" in shown
    assert "272,300" not in shown, "what was undone stands on its own page"
    assert "272,300" not in desk.browser.page("/indicators/cargo").text


def test_a_figure_of_days_outside_a_targets_time_is_said_to_stand_elsewhere_and_does(desk: Desk) -> None:
    last_year = {"period": "2024-01..2024-08", "value": "160,000", "published_on": "2024-09-20", "yoy": ""}
    said = desk.look(last_year)
    assert "Not between the start and the deadline of Cargo in 2025: it will stand with all figures of Cargo" in said
    assert "不在“" in desk.look(last_year, language="zh")
    place = desk.post(last_year).headers["location"]
    assert place.startswith("/indicators/cargo?done=figure_saved&reading=")
    assert "160,000 TEU" in desk.browser.page(place).text
    assert "Not between" not in desk.look()


def test_the_undo_is_offered_to_nobody_who_may_not_use_it(desk: Desk) -> None:
    place = desk.post().headers["location"]
    others = (desk.stage.client, desk.stage.sign_in(Role.VIEWER), desk.stage.sign_in(Role.EDITOR, "another"))
    assert [UNDO in one.get(place).text for one in (desk.browser, *others)] == [True, False, False, False]
    number = place.rpartition("=")[2]
    refused = others[2].post(UNDO, {"entered": number})
    assert (refused.status_code, desk.stored()[-1].withdrawn_at) == (409, None)
    desk.browser.post(f"/readings/{number}/withdraw", {"why": "wrong"})
    assert UNDO not in desk.browser.get(place).text


def test_an_address_alone_offers_no_undo(still: Desk) -> None:
    for said in ("5", "../users", "0", "9" * 15, "9" * 5000, "x"):
        answer = still.browser.get(f"/targets/cargo-2025?done=figure_saved&reading={said}")
        assert (answer.status_code, UNDO in answer.text) == (200, False), said[:9]
        assert still.browser.post(UNDO, {"entered": said}).status_code in {404, 409}
    assert all(one.withdrawn_at is None for one in still.stored())


def test_an_undo_is_offered_for_some_minutes_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = desk.post().headers["location"]
    monkeypatch.setattr(just_entered, "WITHIN", timedelta(0))
    assert UNDO not in desk.browser.get(place).text


def test_a_figure_without_a_target_leads_to_its_indicator(desk: Desk) -> None:
    answer = desk.post(indicator="trade", value="581.98", yoy="")
    assert answer.headers["location"].startswith("/indicators/trade?done=figure_saved&reading=")


def test_what_was_entered_stands_under_the_name_of_who_entered_it(desk: Desk) -> None:
    number = desk.saved(quote="共运输27.23万标箱", note="by phone")
    page = desk.browser.page(f"/readings/{number}")
    assert "a-editor : entered" in re.sub(r"\s*:\s*", " : ", page.text)
    assert "共运输27.23万标箱" in page.text
    assert "https://example.org/dec" in page.links
    assert "a-editor" not in Page(desk.stage.client.get(f"/readings/{number}").text).text


def test_a_held_figure_leads_to_where_it_waits(desk: Desk) -> None:
    answer = desk.post(value="2,723,000")
    (held,) = desk.held()
    assert answer.headers["location"] == f"/held?done=figure_held#held-{held.id}"
    assert len(desk.stored()) == len(PAST)
    again = desk.post(value="2,723,000")
    assert again.headers["location"] == answer.headers["location"], "pressed twice, it waits once"
    assert len(desk.held()) == 1


def test_a_suspicious_figure_counts_with_a_reason_that_is_kept(desk: Desk) -> None:
    number = desk.saved(value="2,723,000", anyway="the office confirmed it by letter")
    assert desk.stored()[-1].id == number
    assert desk.stored()[-1].note.endswith("Because: the office confirmed it by letter")
    assert desk.held() == ()


def test_pressing_twice_stores_once_even_at_the_same_moment(desk: Desk) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(desk.post())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len(desk.stored()) == len(PAST) + 1
    kinds = sorted(parse_qs(urlsplit(answer.headers["location"]).query)["done"][0] for answer in answers)
    assert kinds == ["figure_saved"] * 4, "whichever answer the browser shows, the figure is saved"


def test_a_suspicious_figure_sent_at_the_same_moment_waits_once(desk: Desk) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(desk.post(value="2,723,000"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (held,) = desk.held()
    assert {answer.headers["location"] for answer in answers} == {f"/held?done=figure_held#held-{held.id}"}


def test_a_figure_accepted_by_two_people_at_the_same_moment_is_stored_once(desk: Desk) -> None:
    desk.post(value="2,723,000")
    answers: list[Any] = []
    enter = [
        threading.Thread(target=lambda: answers.append(desk.post(value="2,723,000", anyway="confirmed")))
        for _ in range(4)
    ]
    for thread in enter:
        thread.start()
    for thread in enter:
        thread.join()
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert len(desk.stored()) == len(PAST) + 1


def test_a_rejected_figure_is_not_entered_again_without_a_reason(desk: Desk) -> None:
    desk.post(value="2,723,000")
    with db.writing(desk.stage.engine, "web:sun", now=datetime.now(UTC)) as session:
        stored.reject(session, desk.held()[0].id, note="misread", now=datetime.now(UTC))
    answer = desk.post(value="2,723,000")
    assert answer.status_code == 409
    assert "It was rejected by web:sun: misread" in Page(answer.text).text
    assert "此前已由 web:sun 驳回：misread" in desk.look(value="2,723,000", language="zh")
    assert desk.saved(value="2,723,000", anyway="it was right") == desk.stored()[-1].id


def test_a_withdrawn_figure_typed_again_says_so(desk: Desk) -> None:
    number = desk.saved()
    desk.browser.post(f"/readings/{number}/withdraw", {"why": "wrong"})
    answer = desk.post()
    assert answer.status_code == 409
    assert f"The same reading, number {number}, was withdrawn" in Page(answer.text).text


# --- put right ---


def test_a_correction_replaces_the_wrong_figure_and_keeps_it_on_record(desk: Desk) -> None:
    wrong = desk.saved(value="273,200 TEU")
    form = desk.browser.page(f"/figures/new?corrects={wrong}")
    shown = values_of(form)
    assert (shown["value"], shown["period"], shown["yoy"], shown["corrects"]) == (
        "273,200",
        "Jan–Oct 2025",
        "33 %",
        str(wrong),
    )
    assert "Correct a figure" in form.text
    refused = desk.post(corrects=str(wrong))
    assert (refused.status_code, "A reason is needed" in refused.text) == (422, True)
    right = desk.saved(corrects=str(wrong), why="digits swapped")
    before, after = desk.stored()[-2:]
    assert (before.id, before.withdrawn_at is not None, after.id, after.value) == (wrong, True, right, 272300)
    page = desk.browser.page(f"/readings/{right}")
    assert f"/readings/{wrong}" in page.links
    assert "digits swapped" in desk.browser.page(f"/readings/{wrong}").text
    late = desk.post(corrects=str(wrong), why="again", value="272,301")
    assert (late.status_code, "This figure was changed in the meantime" in late.text) == (409, True)


def test_a_correction_sent_twice_is_one_and_the_second_is_not_called_wrong(desk: Desk) -> None:
    said = {"corrects": str(desk.saved(value="273,200 TEU")), "why": "digits swapped"}
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(desk.post(said))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.append(desk.post(said))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(desk.stored()) == len(PAST) + 2
    other = desk.stage.sign_in(Role.EDITOR, "another").post("/figures/new", {**OCTOBER, **said})
    assert other.status_code == 409, "somebody else is told"


def test_a_correction_says_what_it_replaces_and_its_undo_puts_that_back(desk: Desk) -> None:
    wrong = desk.saved(value="273,200 TEU")
    said = {"corrects": str(wrong), "why": "digits swapped"}
    shown = desk.look(said)
    assert "It is corrected: 273,200 TEU → 272,300 TEU" in shown
    assert "New:" not in shown
    assert "更正： 27.32万标箱 → 27.23万标箱" in desk.look(said, language="zh")
    place = desk.post(said).headers["location"]
    undone = undo(desk, desk.browser.page(place))
    assert undone.headers["location"] == f"/readings/{wrong}?done=undone"
    assert [(int(one.value), one.withdrawn_at is None) for one in desk.stored()[len(PAST) :]] == [
        (273200, False),
        (273200, True),
        (272300, False),
    ]
    assert "273,200 TEU" in desk.browser.page("/targets/cargo-2025").text


def test_a_correction_back_to_the_figure_known_before_withdraws_the_wrong_one_and_says_so(desk: Desk) -> None:
    first = desk.saved()
    wrong = desk.saved(value="273,200", published_on="2025-12-10")
    said = {"corrects": str(wrong), "why": "typed wrongly", "published_on": "2025-12-10"}
    shown = desk.look(said)
    assert "It is corrected: 273,200 TEU → 272,300 TEU" in shown
    assert "the figure known before is in force again: 272,300 TEU , Jan–Oct 2025, published 9 Dec 2025" in shown
    answer = desk.post(said)
    assert answer.headers["location"] == f"/targets/cargo-2025?done=figure_put_back&reading={first}"
    assert "The wrong figure is withdrawn" in desk.browser.page(answer.headers["location"]).text
    assert [one.withdrawn_at is None for one in desk.stored()[-2:]] == [True, False]
    assert "typed wrongly" in desk.browser.page(f"/readings/{wrong}").text
    assert desk.post(said).headers["location"] == answer.headers["location"], "pressed twice, it is the same"
    assert desk.stage.sign_in(Role.EDITOR, "another").post("/figures/new", {**OCTOBER, **said}).status_code == 409


def test_a_reading_is_withdrawn_with_a_reason_and_put_back(desk: Desk) -> None:
    number = desk.saved()
    assert desk.browser.post(f"/readings/{number}/withdraw", {"why": " "}).status_code == 422
    assert desk.browser.post(f"/readings/{number}/withdraw", {"why": "x" * 2001}).status_code == 422
    assert desk.browser.post(f"/readings/{number}/withdraw", {"why": "not ours"}).status_code == 303
    page = desk.browser.page(f"/readings/{number}")
    assert "This figure is withdrawn" in page.text
    assert "not ours" in page.text
    twice = desk.browser.post(f"/readings/{number}/withdraw", {"why": "again"})
    assert (twice.status_code, "Somebody else has done this already" in twice.text) == (409, True)
    assert desk.browser.post(f"/readings/{number}/restore", {"why": "it was ours"}).status_code == 303
    assert desk.stored()[-1].withdrawn_at is None


def test_a_reading_tells_what_rests_on_it_and_its_vintages(desk: Desk) -> None:
    first = desk.saved()
    second = desk.saved(value="272,900", published_on="2025-12-10")
    page = desk.browser.page(f"/readings/{second}")
    assert "Cargo in 2025" in page.text
    assert f"/readings/{first}" in page.links
    assert "revised since" in page.text
    assert "With it" in page.text
    assert "Without it" in page.text


def test_a_reading_is_shown_as_it_was_known_on_another_day(desk: Desk) -> None:
    first = desk.saved(published_on="2025-12-04")
    desk.post(value="27.4万", published_on="2025-12-08", yoy="", do="save")
    now = desk.browser.page(f"/readings/{first}").text
    assert "revised since" in now
    assert "274,000 TEU" in now
    then = desk.browser.page(f"/readings/{first}?as_of=2025-12-07")
    assert "as published by 7 Dec 2025" in then.text
    assert "274,000" not in then.text
    assert "in force" in then.text
    assert not [one for one in then.all("button") if "withdraw" in str(one)], "the past is not changed"
    assert {"/indicators/cargo?as_of=2025-12-07", "/targets/cargo-2025?as_of=2025-12-07", "/?as_of=2025-12-07"} <= set(
        then.links
    ), "the day is kept wherever a link leads"
    desk.post(value="2,723,000", yoy="")
    assert "to be checked" in desk.browser.page("/indicators/cargo").text
    assert "to be checked" not in desk.browser.page("/indicators/cargo?as_of=2025-12-07").text, "that is of today"
    before = desk.browser.page(f"/readings/{first}?as_of=2025-12-03")
    assert "This figure was not known yet on 3 Dec 2025." in before.text
    assert "not known then" in before.text
    assert "Nothing rested on it yet." in before.text
    assert "当时未知" in desk.browser.page(f"/readings/{first}?as_of=2025-12-03", "zh").text
    assert f"/readings/{first}?as_of=2025-12-07" in desk.browser.page("/indicators/cargo?as_of=2025-12-07").links
    assert desk.browser.get(f"/readings/{first}?as_of=tomorrow").status_code == 400


def test_a_reading_withdrawn_and_put_back_is_shown_as_it_stood_on_our_own_clock(desk: Desk) -> None:
    early, out, back = (datetime(2025, month, 1, 4, tzinfo=UTC) for month in (7, 8, 9))
    with db.writing(desk.stage.engine, "web:li", now=early) as session:
        (added,) = stored.add(
            session, [replace(reading("2025-01-01..2025-05-31", 120000, "2025-06-18"), recorded_at=early)]
        )
    number = added.id or 0
    with db.writing(desk.stage.engine, "web:li", now=out) as session:
        stored.withdraw(session, number, reason="a misprint", now=out)
    with db.writing(desk.stage.engine, "web:li", now=back) as session:
        stored.restore(session, number, reason="it was none", now=back)
    desk.stage.refresh()

    def shown(day: str) -> str:
        return desk.browser.page(f"/readings/{number}?as_of={day}&clock=recorded").text

    assert "not known yet" in shown("2025-06-30")
    assert "Standing in force" in shown("2025-07-15")
    assert "is withdrawn" not in shown("2025-07-15")
    assert "This figure is withdrawn" in shown("2025-08-15")
    assert "Standing in force" in shown("2025-09-15")
    assert "Standing in force" in desk.browser.page(f"/readings/{number}?as_of=2025-08-15").text, (
        "by publication it always was"
    )


def test_an_undated_reading_has_its_page_too(desk: Desk) -> None:
    number = desk.saved(published_on=" ", yoy="")
    assert "without a publication date" in desk.browser.page(f"/readings/{number}").text
    assert desk.stored()[-1].published_on is None
    then = desk.browser.page(f"/readings/{number}?as_of=2025-12-08").text
    assert "has no publication date, so no day of the past counts it" in then


def test_a_reading_that_is_not_there_is_not_found(still: Desk) -> None:
    for number in ("999", "x", "-1", "9999999999999999999999"):
        assert still.browser.get(f"/readings/{number}").status_code == 404
        assert still.browser.post(f"/readings/{number}/withdraw", {"why": "x"}).status_code == 404
        assert still.browser.get(f"/figures/new?corrects={number}").status_code == 404


# --- typed wrongly ---

WRONG = [
    ("indicator", "", "Indicator", "此项必填"),
    ("indicator", "crago", "did you mean cargo", "是否指 cargo"),
    ("value", "", "Is empty", "此项必填"),
    ("value", "six", "is not a number", "不是数字"),
    ("value", "272,300 and 154,600", "goes on with", "请只写一个数值"),
    ("value", "272,300 TEU, up 33 %", "a rise in words", "请只写增速"),
    ("value", "5 bn USD", "counts TEU", "按TEU计"),
    ("value", "1" * 201, "at most 200", "最多200个"),
    ("value", "1,5", "thousands or decimals", "千位也可能是小数点"),
    ("period", "", "Is empty", "此项必填"),
    ("period", "Smarch", "cannot be read", "不是可识别的期间"),
    ("period", "2025-13", "no month 13", "没有13月"),
    ("period", "2025-10", "starts on 1 January", "应从1月1日起"),
    ("basis", "yearly", "expected one of", "无法识别"),
    ("published_on", "31 Feb", "is no day", "不是日期"),
    ("yoy", "0.33", "without a percent sign", "没有百分号"),
    ("rounding", "1", "within", "印刷精度"),
    ("publisher", "costums", "did you mean customs", "是否指 customs"),
    ("evidence_url", "javascript:alert(1)", "no web address", "不是网址"),
    ("evidence_url", "data:text/html,x", "no web address", "不是网址"),
    ("evidence_url", " file:///etc/passwd", "no web address", "不是网址"),
    ("evidence_url", "https://" + "a" * 2000, "at most 2,000", "最多2,000个"),
    ("quote", "x" * 4001, "at most 4,000", "最多4,000个"),
    ("note", "x" * 4001, "at most 4,000", "最多4,000个"),
    ("step", "jakarta", "has no steps", "没有事项"),
]


@pytest.mark.parametrize(("field", "text", "said", "chinese"), WRONG)
def test_what_is_typed_wrongly_is_said_beside_its_field_and_kept(
    still: Desk, field: str, text: str, said: str, chinese: str
) -> None:
    typed = {field: text} | ({"value": "27.23万"} if field == "rounding" else {})
    answer = still.post(typed)
    assert answer.status_code == 422, answer.headers
    page = Page(answer.text)
    assert said in page.text, page.text
    assert f"#{field}" in page.links, "the summary leads to the field"
    if field not in {"indicator", "basis", "publisher", "step", "quote", "note"}:
        assert values_of(page)[field] == text
    assert "https://example.org/dec" in answer.text or field == "evidence_url"
    assert chinese in still.look(typed, language="zh")


def test_everything_wrong_is_said_at_once(still: Desk) -> None:
    answer = still.post(value="six", period="Smarch", yoy="0.33", evidence_url="ftp://x")
    assert "4 things need to be put right" in answer.text


@pytest.mark.parametrize(
    ("changes", "english", "chinese"),
    [
        ({"period": "2101", "yoy": ""}, "after today", "晚于今天"),
        (
            {"published_on": "2101-12-09"},
            "It is said to be published on 9 Dec 2101, after today",
            "公布日期2101年12月9日晚于今天",
        ),
        ({"published_on": "2025-10-09"}, "after the day of publication", "晚于公布日期"),
        ({"quote": "27,230 TEUs were carried"}, "10 times larger", "相差10倍"),
    ],
)
def test_what_cannot_be_true_is_held_with_the_reason_in_both_languages(
    desk: Desk, changes: dict[str, str], english: str, chinese: str
) -> None:
    assert english in desk.look(changes)
    assert chinese in desk.look(changes, language="zh")
    assert desk.post(changes).headers["location"].startswith("/held?done=figure_held")


def test_script_in_what_is_typed_is_shown_as_the_text_it_is(desk: Desk) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    for place in ({"quote": evil}, {"note": evil}, {"value": evil}, {"indicator": evil}, {"publisher": evil}):
        source = desk.post({**place, "do": "look"}).text
        assert "<script>alert" not in source
        assert "<img src=x" not in source
    number = desk.saved(quote=evil, note=evil, evidence_url='https://example.org/"><script>alert(1)</script>')
    source = desk.browser.get(f"/readings/{number}").text
    assert "&lt;script&gt;alert(1)" in source
    assert "<script>alert" not in source
    source = desk.browser.get(f"/figures/new?indicator=cargo&value={evil}&quote={evil}").text
    assert "<script>alert" not in source
    assert "<script>alert" not in desk.browser.get("/targets/cargo-2025").text


def test_an_indicator_that_is_gone_meanwhile_is_said_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.stage.configure(replace(KNOWN, indicators=KNOWN.indicators[1:], targets=KNOWN.targets[1:]))
    answer = desk.post(quote="the whole sentence")
    assert answer.status_code == 422
    assert "the whole sentence" in answer.text
    assert desk.post().status_code == 422


def test_a_locked_database_loses_nothing_that_was_typed(desk: Desk) -> None:
    with locked(desk.stage):
        answer = desk.post(quote="the whole sentence")
    assert answer.status_code == 503
    assert "The database is busy; nothing was saved" in answer.text
    assert "the whole sentence" in answer.text
    assert desk.saved(quote="the whole sentence")


def test_only_editors_get_there(desk: Desk) -> None:
    client, viewer = desk.stage.client, desk.stage.sign_in(Role.VIEWER)
    number = desk.stored()[0].id
    for path in ("/figures/new", "/figures/paste"):
        assert client.get(path).headers["location"].startswith("/sign-in")
        assert viewer.get(path).status_code == 403
        assert viewer.post(path, OCTOBER).status_code == 403
    for path in (f"/readings/{number}/withdraw", f"/readings/{number}/restore"):
        assert viewer.post(path, {"why": "x"}).status_code == 403
    assert client.get(f"/readings/{number}").status_code == 200
    assert desk.browser.post("/figures/new", {**OCTOBER, "csrf": "forged"}).status_code == 403
    assert len(desk.stored()) == len(PAST)


def test_more_indicators_than_a_list_can_hold_are_typed_and_completed(
    still: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("targetwatch.web.figures.view.MOST_CHOICES", 2)
    page = still.browser.page("/figures/new?indicator=cargo")
    assert [one["id"] for one in page.all("datalist")] == ["indicators"]
    assert values_of(page)["indicator"] == "cargo"
