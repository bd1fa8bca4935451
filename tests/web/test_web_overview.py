"""The overview: honest about today, every target by programme, data kept apart from performance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from web_stage import Page, Simulated

from builders import day, event, goal, indicator, reading, steps, target, version
from targetwatch.model import Catalogue, Measure, Programme, Release, Role, Text


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
