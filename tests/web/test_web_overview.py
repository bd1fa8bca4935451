"""The overview: honest about today, every target by programme, data kept apart from performance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree
from web_stage import Page, Simulated

from builders import day, event, goal, indicator, period, reading, steps, target, version
from targetwatch.model import Catalogue, Measure, Programme, Release, Role, Text


def test_says_how_the_closed_year_ended_and_names_what_still_runs(page):
    shown = page("/")
    ended = "2025 is over: 1 achieved, 6 missed; the last figure is still awaited for 2 of its 9 targets."
    assert ended in shown.text
    assert "The last figure that counts for a target was published on 8 Jan 2026." in shown.text
    running = shown.text.split("Still running")[1].split("Look at 2025")[0]
    assert "ILSTC cargo volume doubled by 2027" in running
    assert "Corridor logistics cost down a fifth by 2027" in running
    assert "Regular services to four ports 2025" not in running
    assert "/targets/ilstc-volume-2027" in shown.links


def test_offers_the_replay_in_one_line_today_and_not_while_looking_at_the_past(page):
    command = "targetwatch serve --replay 2025-01-01..2026-01-31 --day 2s"
    assert command in page("/").text
    assert command not in page("/?as_of=2025-10-02").text
    told = page("/")
    assert [one.get("class") for one in told.all("details")][:1] == ["replay"], "the command is unfolded by one click"


def test_shows_every_announced_target_once_under_its_programme(page, real):
    shown = page("/?sort=programme")
    for one in real.holder.current.catalogue.targets:
        assert f"/targets/{one.id}" in shown.links
        assert one.title.en in shown.text
    for programme in real.holder.current.catalogue.programmes:
        assert programme.title.en in shown.text


def test_tells_late_data_apart_from_performance(page):
    shown = page("/?as_of=2025-12-08&look=cards").text
    card = shown.split("ILSTC cargo volume 2025")[1].split("Port and Logistics Office")[0]
    assert "215,800 / > 270,000 TEU" in card
    assert "figures to 31 Aug 2025; the next was due 31 Oct 2025, 38 days late" in card
    before = shown.split("ILSTC cargo volume 2025")[0]
    assert before.rstrip().endswith("On track by 31 Dec 2025")


def test_a_target_waiting_for_its_first_figure_says_when_that_was_due(page):
    card = (
        page("/?look=cards")
        .text.split("Tax burden of corridor businesses 2025")[1]
        .split("Chongqing Customs District")[0]
    )
    assert "no figure yet; the first was due 2 Mar 2026" in card


def test_shows_watched_indicators_with_their_latest_figure_and_no_verdict(page):
    watched = page("/").text.split("Watched beside the targets")[-1]
    assert "Chongqing foreign trade 800.68 bn yuan +12% 2025 year to date" in watched
    assert "132.65 bn yuan" in watched
    for word in ("On track", "Missed", "Achieved"):
        assert word not in watched


def test_reads_chinese_in_chinese(page):
    shown = page("/", language="zh-CN")
    assert shown.all("html")[0]["lang"] == "zh-Hans"
    assert "2025年已结束：已完成1项、未完成6项；9项目标中仍有2项等待最后数据。" in shown.text
    assert "32.77万 / > 27万标箱" in shown.text
    assert "Where things stand" not in shown.text


def test_a_past_day_is_said_in_a_banner_and_kept_through_the_links(page):
    shown = page("/?as_of=2025-10-02")
    assert (
        "You are looking at the past, as published by 2 Oct 2025: the figures published and the promises announced by"
        in shown.text
    )
    inner = [link for link in shown.links if link.startswith(("/targets/", "/indicators/"))]
    assert len(inner) > 20
    assert all(link.endswith("?as_of=2025-10-02") for link in inner)
    assert {"name": "as_of", "value": "2025-10-02", "max": "2026-11-25"}.items() <= next(
        one for one in shown.all("input") if one["name"] == "as_of"
    ).items()


def test_before_anything_was_announced_it_says_so(page):
    assert "No target had been announced by then." in page("/?as_of=2020-01-01").text


def test_an_empty_installation_is_told_what_to_do(stage):
    empty = stage()
    empty.refresh()
    assert "No target is configured yet. Write config/targets.yaml" in empty.client.get("/").text


def test_a_target_that_could_not_be_judged_is_named_and_takes_nobody_else_down(stage):
    one = stage()
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(), target(id="other"))))
    one.add(reading("2025-01-01..2025-08-31", 215800, "2025-10-01"))
    taken = one.refresh()
    verdicts = {"other": taken.verdicts["other"]}
    one.holder.swap(replace(taken, verdicts=verdicts, failed={"cargo-2025": "ZeroDivisionError: division by zero"}))
    shown = Page(one.client.get("/").text)
    failed = shown.text.split("Could not be judged")[1]
    assert failed.lstrip().startswith("Cargo in 2025")
    assert "/targets/other" in shown.links
    alone = one.client.get("/targets/cargo-2025")
    assert alone.status_code == 200
    assert "Could not be judged" in Page(alone.text).text
    assert "ZeroDivisionError" not in alone.text


def test_milestones_are_dots_filled_where_done(stage):
    one = stage()
    routes = indicator(id="routes", measure=Measure.MILESTONES, unit="", release=Release())
    wanted = version(goal(), steps=steps("jakarta", "haiphong", "bangkok"))
    one.configure(Catalogue(indicators=(routes,), targets=(target(wanted, indicator="routes"),)))
    one.add(replace(event("jakarta", "2025-08-24", "2025-08-24"), indicator="routes"))
    one.refresh()
    shown = Page(one.client.get("/").text)
    assert "1 of 3 steps reported done" in [box.get("aria-label") for box in shown.all("div")]
    dots = [dot["class"] for dot in shown.all("svg") if (dot.get("class") or "").startswith("dot ")]
    assert dots == ["dot dot-done", "dot dot-open", "dot dot-open"]


def test_a_simulated_clock_is_said_on_every_page(stage):
    replayed = stage(today=day("2025-03-11"), simulation=Simulated(day("2025-01-01"), day("2026-01-31")))
    replayed.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    replayed.refresh()
    for path in ("/", "/targets/cargo-2025", "/indicators/cargo", "/nothing", "/?as_of=2025-02-10"):
        text = Page(replayed.client.get(path).text).text
        assert "1 Jan 2025 to 31 Jan 2026 is being lived again, one day every 2 seconds. It is now 11 Mar 2025." in text
    frozen = stage(today=day("2025-03-11"), simulation=Simulated(day("2025-03-11"), day("2025-03-11")))
    frozen.refresh()
    assert "stands still at the end of 11 Mar 2025" in frozen.client.get("/").text
    assert "停留在2025年3月11日" in frozen.client.get("/?lang=zh").text


def test_a_replay_renews_the_overview_by_itself_until_its_last_day(stage):
    clock = Simulated(day("2025-01-01"), day("2025-03-11"))
    replayed = stage(today=day("2025-03-10"), simulation=clock)
    replayed.refresh()
    refreshing = {"http-equiv": "refresh", "content": "5"}
    assert refreshing in Page(replayed.client.get("/").text).all("meta")
    replayed.today = date(2025, 3, 11)
    replayed.refresh()
    ended = Page(replayed.client.get("/").text)
    assert refreshing not in ended.all("meta")
    assert "has come to its last day" in ended.text


def test_what_people_typed_is_shown_as_text_and_never_as_markup(stage):
    one = stage()
    evil = "<script>alert(1)</script>"
    programme = Programme(id="p", title=Text(evil, evil))
    named = target(title=Text(evil, evil), programme="p")
    one.configure(Catalogue(programmes=(programme,), indicators=(indicator(),), targets=(named,)))
    one.add(
        reading(
            "2025-01-01..2025-03-31", 64000, "2025-04-15", quote=evil, note=evil, evidence_url="https://example.org/"
        )
    )
    one.refresh()
    for path in ("/", "/targets/cargo-2025", "/indicators/cargo"):
        text = one.client.get(path).text
        assert "<script>" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text or path == "/indicators/none"


def test_held_figures_are_mentioned(stage):
    one = stage()
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.refresh()
    kept = one.holder.current
    one.holder.swap(replace(kept, held={"cargo": 2}))
    public = Page(one.client.get("/").text)
    assert "2 figures are to be checked and do not count yet." in public.text
    assert "targetwatch held" not in public.text
    assert "/held" not in public.links
    assert '<p class="held"><a href="/held">2 figures are to be checked' in one.sign_in(Role.VIEWER).get("/").text
    one.holder.swap(replace(kept, held={"cargo": 1}))
    assert "1 figure is to be checked" in one.client.get("/").text


@pytest.mark.parametrize(("language", "said"), [("en", "Missed (1 done late)"), ("zh", "未完成 （逾期完成1项）")])
def test_the_count_of_the_missed_says_how_many_the_list_calls_done_late(client, language, said):
    shown = etree.HTML(client.get(f"/?lang={language}").text)
    counted = ["".join(one.itertext()) for one in shown.iterfind(".//a[@class='count status-missed']")]
    assert [" ".join(one.split()[1:]) for one in counted] == [said]
    assert sum("status-done_late" in str(one.get("class")) for one in shown.iter()) == 1


def test_a_figure_the_period_of_which_is_a_year_is_written_as_the_year(page):
    assert period("2025").start == date(2025, 1, 1)
    assert "800.68 bn yuan +12% 2025 year to date" in page("/").text
