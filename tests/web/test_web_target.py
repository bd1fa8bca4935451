"""A target's page: the promise, the verdict, the figures with their vintages, the history."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from web_stage import Page

from builders import day, goal, indicator, reading, target, version
from targetwatch.model import Announcement, AsOf, Catalogue, Forecast, Publisher, Qualifier, Text
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.wording import verdict as words
from targetwatch.wording.needed import needed
from targetwatch.wording.translation import translator

EN = translator("en")
CUSTOMS = Publisher(id="customs", title=Text("Customs District", "海关"))
OFFICE = Publisher(id="statistics-office", title=Text("Statistics Office", "统计局"))


def cargo(real, as_of):
    """Return the verdict on the real cargo target as of a day, and its indicator."""
    seen = real.take(AsOf.end_of(day(as_of), real.settings.zone))
    verdict = seen.verdicts["ilstc-volume-2025"]
    return verdict, next(one for one in seen.catalogue.indicators if one.id == verdict.indicator)


def catalogue(*versions, **changes):
    return Catalogue(publishers=(CUSTOMS, OFFICE), indicators=(indicator(**changes),), targets=(target(*versions),))


@pytest.mark.parametrize(
    ("as_of", "figure", "growth"),
    [
        ("2025-03-11", "37,600", "+4.4%"),
        ("2025-04-16", "64,000", "+2.1%"),
        ("2025-07-18", "154,600", "-11.9%"),
        ("2025-10-02", "215,800", "-36.8%"),
        ("2026-01-09", "327,700", None),
    ],
)
def test_the_real_cargo_target_reads_as_it_was_known_then(page, real, as_of, figure, growth):
    shown = page(f"/targets/ilstc-volume-2025?as_of={as_of}").text
    verdict, one = cargo(real, as_of)
    since = "since" if growth else "known since"
    assert f"ILSTC cargo volume 2025 {words.PERFORMANCES[verdict.performance]} {since}" in shown
    assert " ".join(filter(None, words.reason_in_two(verdict, one, EN))) in shown
    assert f"{figure} / > 270,000 TEU" in shown
    if growth:
        assert f"Growth still needed {growth}" in shown


def test_says_what_is_needed_and_by_how_much_it_is_ahead(page, real):
    shown = page("/targets/ilstc-volume-2025?as_of=2025-10-02").text
    said = needed(*cargo(real, "2025-10-02"), EN)
    assert said.startswith("needs ")
    assert f"N{said[1:]}." in shown
    assert "Ahead of plan 50 days" in shown
    assert "Actual 215,800 TEU through 31 Aug 2025" in shown


def test_shows_the_announcement_with_quote_and_address(page):
    shown = page("/targets/ilstc-volume-2025")
    assert "exceed 270,000 TEUs in cargo volume" in shown.text
    assert "https://app.ichongqing.info/mixmedia/a/202502/09/WS67a8c798e4b0f27cb3591a88.html" in shown.links


def test_says_who_announced_it_and_where_it_was_printed_in_the_readers_language(page):
    shown = page("/targets/ilstc-volume-2025?lang=zh").text
    assert "重庆市商务委员会副主任孙熙勇，2025年2月7日" in shown
    assert "iChongqing，2025年2月9日" in shown
    assert "Sun Xiyong" not in shown


def test_tells_vintages_apart_and_keeps_other_publishers_beside(page):
    shown = page("/indicators/ilstc-volume").text
    office, customs = shown.split("Chongqing Customs District another count, shown beside")
    assert "over 249,000 TEU (± 500) +39% 1 Jan 2025 revised since · provisional" in office
    assert "over 150,000 TEU (± 5,000) 24 Aug 2025 rounder restatement, not used" in office
    assert "154,600 TEU (± 50) +28% 17 Jul 2025 in force" in office
    assert "132,000 TEU (± 500) +23% 12 Aug 2025 shown beside, not counted" in customs


def test_a_revision_yet_to_come_is_not_known_in_the_past(page):
    shown = page("/indicators/ilstc-volume?as_of=2025-01-10").text
    assert "over 249,000 TEU (± 500) +39% 1 Jan 2025 in force · provisional" in shown
    assert "251,800" not in shown


def test_a_withdrawn_reading_stays_visible_as_what_it_is(stage):
    one = stage()
    one.configure(catalogue())
    (wrong,) = one.add(reading("2025-01-01..2025-03-31", 640000, "2025-04-15"))
    with db.writing(one.engine, "test", now=datetime.now(UTC)) as session:
        stored.withdraw(session, wrong, reason="a digit too many", now=datetime.now(UTC))
    one.refresh()
    shown = Page(one.client.get("/targets/cargo-2025").text)
    assert "640,000 TEU" in shown.text
    assert "withdrawn" in shown.text
    assert "No figure that counts has been published yet" in shown.text


def test_a_figure_dated_on_the_day_it_was_recorded_is_said_to_be_out_by_then(stage):
    one = stage()
    one.configure(catalogue())
    seen = datetime(2025, 4, 15, 9, tzinfo=UTC)
    one.add(
        replace(reading("2025-01-01..2025-03-31", 64000, "2025-04-15"), recorded_at=seen),
        replace(reading("2025-01-01..2025-06-30", 154600, "2025-07-17"), recorded_at=seen),
    )
    one.refresh()
    shown = Page(one.client.get("/targets/cargo-2025").text).text
    assert "by 15 Apr 2025" in shown
    assert "by 17 Jul 2025" not in shown


def test_versions_of_the_promise_are_listed_with_their_reasons_once_in_force(stage):
    later = version(
        goal(above=250000),
        number=2,
        announced=day("2025-09-01"),
        effective=day("2025-09-01"),
        reason="lowered after the flood",
        announcement=Announcement(by="Somebody Else", on=day("2025-09-01")),
    )
    one = stage()
    one.configure(catalogue(version(), later))
    one.refresh()
    shown = Page(one.client.get("/targets/cargo-2025").text).text
    assert "Versions of the promise" in shown
    assert "more than 250,000 TEU" in shown
    assert "lowered after the flood Somebody Else, 1 Sep 2025" in shown
    assert "more than 270,000 TEU 31 Dec 2025 as first announced" in shown
    before = Page(one.client.get("/targets/cargo-2025?as_of=2025-08-01").text).text
    assert "lowered" not in before
    assert "Versions of the promise" not in before


def test_the_history_gives_each_status_with_its_reason_latest_first(page):
    history = page("/targets/routes-2025").text.split("History of the status")[1]
    days = [history.index(text) for text in ("15 Feb 2026", "1 Jan 2026", "11 Dec 2025", "31 May 2025", "7 Feb 2025")]
    assert days == sorted(days)
    assert "15 Feb 2026 Missed 1 of 4 reported done; no report of completion found for Jakarta" in history


def test_a_late_step_is_named_with_its_delay_and_evidence(page):
    shown = page("/targets/clt-schedule-2025q1")
    assert "done 13 Nov 2025, 227 days late; known since 15 Nov 2025" in shown.text
    assert any("ichongqing.info/2025/11/15" in link for link in shown.links)


def test_a_target_not_announced_yet_is_said_not_to_have_existed(client):
    answer = client.get("/targets/ilstc-volume-2025?as_of=2025-02-01")
    assert answer.status_code == 404
    assert "It had not been announced yet" in Page(answer.text).text
    answer = client.get("/api/v1/targets/ilstc-volume-2025?as_of=2025-02-01")
    assert answer.status_code == 404
    assert "not announced before 2025-02-07" in answer.json()["detail"]


def test_a_forecast_is_drawn_and_its_odds_are_said_once_a_verdict_has_one(stage):
    one = stage()
    one.configure(catalogue())
    one.add(reading("2025-01-01..2025-08-31", 215800, "2025-10-01"))
    taken = one.refresh()
    found = Forecast(median=300000.0, low=280000.0, high=330000.0, attain_probability=0.93)
    verdict = replace(taken.verdicts["cargo-2025"], forecast=found, attainment_probability=0.93)
    one.holder.swap(replace(taken, verdicts={"cargo-2025": verdict}))
    shown = Page(one.client.get("/targets/cargo-2025").text)
    assert "Odds of making it about 19 in 20" in shown.text
    assert "Forecast at the deadline 300,000 TEU 4 in 5 between 280,000 and 330,000 TEU" in shown.text
    spots = [one for one in shown.all("circle") if one.get("class") == "spot-forecast"]
    fans = [one for one in shown.all("polygon") if one.get("class") == "fan-forecast" and len(one["points"] or "") > 20]
    assert len(spots) == len(fans) == 3
    for spot, fan in zip(spots, fans, strict=True):
        low, high = (float(place.split(",")[1]) for place in (fan["points"] or "").split()[1:])
        assert high < float(spot["cy"] or 0) < low


def test_a_qualified_figure_is_said_with_its_qualifier_in_both_languages(stage):
    one = stage()
    one.configure(catalogue())
    one.add(reading("2025-01-01..2025-06-30", 154600, "2025-07-17", qualifier=Qualifier.ABOUT))
    one.refresh()
    assert "about 154,600 TEU" in one.client.get("/targets/cargo-2025").text
    assert "约15.46万标箱" in one.client.get("/targets/cargo-2025?lang=zh").text


def test_a_live_page_shows_the_history_as_it_was_said(stage):
    one = stage()
    one.configure(catalogue())
    one.add(reading("2025-01-01..2025-08-31", 215800, "2025-10-01"))
    one.refresh()
    from targetwatch.evaluation import timeline  # noqa: PLC0415 - only this test says something else than judged
    from targetwatch.store import statuses  # noqa: PLC0415

    judged = timeline(target(), indicator(), [reading("2025-01-01..2025-08-31", 215800, "2025-10-01")], one.today)
    said = replace(judged[0], verdict=None, text=Text("Pending: as it was said then.", "暂无评估：当时所说。"))
    with db.writing(one.engine, "service", now=datetime.now(UTC)) as session:
        statuses.append(session, [said])
    assert "Pending: as it was said then." in one.client.get("/targets/cargo-2025").text
    assert "Pending: as it was said then." not in one.client.get("/targets/cargo-2025?as_of=2025-10-01").text


def test_a_link_to_a_source_says_in_the_readers_language_whose_page_it_is(page):
    shown = page("/targets/ilstc-volume-2025")
    assert "source: en.people.cn" in shown.text
    assert "来源：en.people.cn" in page("/targets/ilstc-volume-2025", language="zh").text
    outward = [one for one in shown.all("a") if one.get("class") == "out"]
    assert outward
    assert all(one["rel"] == "noreferrer noopener" and one["href"].startswith("http") for one in outward)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_number_that_a_figure_was_filed_under_is_shown_to_its_reader(page, language):
    for path in ("/targets/ilstc-volume-2025", "/indicators/ilstc-volume", "/targets/cci-financing-2025"):
        assert not re.search(r"\b[A-Z]\d{2}: ", page(path, language=language).text)


def test_an_address_that_is_none_is_shown_and_no_link(stage):
    one = stage()
    one.configure(catalogue())
    one.add(reading("2025-01-01..2025-03-31", 64000, "2025-04-15", evidence_url="javascript:alert(1)"))
    one.refresh()
    shown = Page(one.client.get("/targets/cargo-2025").text)
    assert "javascript:alert(1)" in shown.text
    assert not [link for link in shown.links if link.startswith("javascript")]


@pytest.mark.parametrize(
    "address", ["http://[half", "https://", "https://example.org:port/x", "//example.org", "x" * 900]
)
def test_an_address_that_cannot_be_read_spoils_no_page(stage, address):
    one = stage()
    one.configure(catalogue())
    one.add(reading("2025-01-01..2025-03-31", 64000, "2025-04-15", evidence_url=address))
    one.refresh()
    for path in ("/targets/cargo-2025", "/indicators/cargo", "/"):
        assert one.client.get(path).status_code == 200


def test_figures_from_after_the_deadline_stand_apart_from_those_of_the_window(stage):
    one = stage()
    one.configure(catalogue())
    one.add(
        reading("2025-01-01..2025-12-31", 272300, "2026-01-09"),
        reading("2026-01-01..2026-03-31", 70000, "2026-04-15"),
    )
    one.today = day("2026-05-01")
    one.refresh()
    told = Page(one.client.get("/targets/cargo-2025").text).text.split("Published figures")[-1]
    inside, *_, apart = told.split("Figures from after the deadline, which do not count here (1)")
    assert "272,300" in inside
    assert "70,000" not in inside
    assert "70,000" in apart
    chinese = Page(one.client.get("/targets/cargo-2025?lang=zh").text).text
    assert "截止日之后的数据，不计入本目标（1条）" in chinese


def test_a_value_that_took_the_place_of_another_is_marked_as_a_revision_beside_it(stage):
    one = stage()
    one.configure(catalogue())
    one.add(
        reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
        reading("2025-01-01..2025-03-31", 64500, "2025-05-15"),
        reading("2025-01-01..2025-06-30", 154600, "2025-07-17"),
    )
    one.refresh()
    shown = Page(one.client.get("/targets/cargo-2025").text).text
    assert "64,500 TEU 15 May 2025 Statistics Office in force, revised" in shown
    assert "64,000 TEU 15 Apr 2025 Statistics Office revised since" in shown
    assert "154,600 TEU 17 Jul 2025 Statistics Office in force none" in shown
    then = Page(one.client.get("/targets/cargo-2025?as_of=2025-05-01").text).text
    assert "64,000 TEU 15 Apr 2025 Statistics Office in force none" in then


def test_the_verdict_is_said_before_anything_else_and_what_is_needed_next(page):
    shown = page("/targets/cci-financing-2025?as_of=2025-12-08").text
    places = [
        shown.index(text)
        for text in ("Off track since", "0.4 bn USD ± 0.1 through", "What would have to be true", "Plan and actual")
    ]
    assert places == sorted(places)
