"""A target's page: the promise, the verdict, the figures with their vintages, the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from web_stage import Page

from builders import day, goal, indicator, reading, target, version
from targetwatch.model import Announcement, Catalogue, Forecast, Publisher, Qualifier, Text
from targetwatch.store import db
from targetwatch.store import readings as stored

CUSTOMS = Publisher(id="customs", title=Text("Customs District", "海关"))
OFFICE = Publisher(id="statistics-office", title=Text("Statistics Office", "统计局"))


def catalogue(*versions, **changes):
    return Catalogue(publishers=(CUSTOMS, OFFICE), indicators=(indicator(**changes),), targets=(target(*versions),))


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


def test_a_link_to_a_source_tells_it_nothing(page):
    outward = [one for one in page("/targets/ilstc-volume-2025").all("a") if one.get("class") == "out"]
    assert outward
    assert all(one["rel"] == "noreferrer noopener" and one["href"].startswith("http") for one in outward)


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
