"""The wall: every target by urgency in large letters, honest about age, alive without anybody touching it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from web_stage import Page, Simulated

from builders import goal, indicator, reading, target, version
from targetwatch.model import Catalogue, Performance, Text
from targetwatch.web.wall import routes, view

TOO_SMALL = """
[...document.querySelectorAll("body *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => one.getClientRects().length && parseFloat(getComputedStyle(one).fontSize) < 36)
  .map((one) => one.textContent)
"""
LETTERS = """
[...document.querySelectorAll("body *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => one.getClientRects().length).length
"""
IN_EACH_OTHERS_WAY = """
(() => {
  const box = (one) => {
    const all = document.createRange();
    all.selectNodeContents(one);
    return all.getBoundingClientRect();
  };
  const seen = (one) => one.getClientRects().length && (one.textContent.trim() || one.querySelector(".bar, .dot"));
  const found = [];
  for (const one of document.querySelectorAll(".headline > *, .sentence, .heads > *, .row p, .foot > *")) {
    const at = box(one);
    const outside = at.left < 0 || at.right > 1920 || at.top < -1 || at.bottom > 1082;
    if (seen(one) && outside) found.push(`outside: ${one.textContent}`);
  }
  for (const one of document.querySelectorAll(".name, .age span, .results, .whose")) {
    if (seen(one) && one.scrollWidth > one.clientWidth + 1) found.push(`cut: ${one.textContent}`);
  }
  for (const row of document.querySelectorAll(".row, .headline, .foot")) {
    const inside = row.className.startsWith("row") ? row.querySelectorAll(".drawn, p") : row.children;
    const parts = [...inside].filter(seen);
    parts.forEach((one, place) => parts.slice(place + 1).forEach((other) => {
      const [a, b] = [box(one), box(other)];
      const over = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const beside = a.left >= b.right - 1 || b.left >= a.right - 1;
      if (!beside && over > 6) found.push(`${one.textContent} | ${other.textContent}`);
    }));
  }
  return found;
})()
"""
SHOWN = """
[...document.querySelectorAll(".row")].filter((row) => row.getClientRects().length).map((row) => row.dataset.target)
"""
DAYS = ("2025-03-11", "2025-07-18", "2025-12-08", "2026-01-15", "2026-11-25")


@pytest.fixture
def rows(page):
    """Return the rows of the real wall as (target, text), in their order."""

    def fetch(day: str, language: str = "en"):
        return rows_of(page(f"/wall?as_of={day}&lang={language}", language))

    return fetch


def rows_of(shown: Page) -> list[tuple[str, str]]:
    names = [found["data-target"] or "" for found in shown.all("li")]
    classes = [found.get("class") or "" for found in shown.all("p")]
    marks = [name.split("chip-")[1] for name in classes if name.startswith("chip ")]
    return list(zip(names, marks, strict=True))


def many(made, count: int):
    """Put a number of targets on a wall, most of them with figures for eight months."""
    inds = [indicator(id=f"i{number}") for number in range(count)]
    tars = [
        target(id=f"t{number:02}", indicator=f"i{number}", short=Text(f"Cargo {number}", f"货运量{number}"))
        for number in range(count)
    ]
    made.configure(Catalogue(indicators=tuple(inds), targets=tuple(tars)))
    for number in range(1, count):
        figures = (("2024-01-01..2024-08-31", 170000, "2024-10-01"), ("2024", 251800, "2025-01-20"))
        figures += (("2025-01-01..2025-08-31", 110000 + 3000 * number, "2025-10-01"),)
        made.add(*[reading(span, value, day, indicator=f"i{number}") for span, value, day in figures])
    made.refresh()
    return made


@pytest.mark.parametrize(("day", "language"), [(day, ("en", "zh")[place % 2]) for place, day in enumerate(DAYS)])
def test_real_targets_stand_in_large_letters_and_clear_of_each_other(browser, real, day, language):
    browser.open(f"{real.address}/wall?as_of={day}&lang={language}")
    assert browser.eval(LETTERS) > 30
    assert browser.eval(TOO_SMALL) == []
    assert browser.eval(IN_EACH_OTHERS_WAY) == []
    assert browser.complaints == []
    assert {urlsplit(address).hostname for address in browser.asked} == {"127.0.0.1"}


@pytest.mark.parametrize("count", [1, 5, 10, 25])
def test_any_number_of_targets_fits_the_screen_in_large_letters(browser, stage, count):
    made = many(stage(date(2025, 12, 8)), count)
    for language in ("en", "zh"):
        browser.open(f"{made.address}/wall?lang={language}")
        for _page in range(browser.eval("document.querySelectorAll('.page').length")):
            assert 0 < len(browser.eval(SHOWN)) <= 10
            assert browser.eval(TOO_SMALL) == []
            assert browser.eval(IN_EACH_OTHERS_WAY) == []
            browser.press("ArrowRight")
    assert browser.complaints == []


@pytest.mark.parametrize("failed", [2])
def test_many_of_every_standing_fit_into_the_headline(browser, stage, failed):
    made = many(stage(date(2025, 12, 8)), 40)
    found = made.holder.current
    standings = [
        one for one in Performance for _ in range(1 if one in {Performance.MISSED, Performance.PENDING} else 8)
    ]
    verdicts = {
        name: replace(verdict, performance=standing, performance_since=date(2025, 12, 1))
        for (name, verdict), standing in zip(found.verdicts.items(), standings[: 40 - failed], strict=failed == 0)
    }
    others = {name: "an error" for name in found.verdicts if name not in verdicts}
    made.holder.swap(replace(found, verdicts=verdicts, failed=others))
    for language in ("en", "zh"):
        browser.open(f"{made.address}/wall?lang={language}")
        sentence = browser.eval("document.querySelector('.sentence').textContent")
        assert sum(map(int, re.findall(r"\d+", sentence))) == 80
        assert browser.eval(IN_EACH_OTHERS_WAY) == []
        assert browser.eval(TOO_SMALL) == []


def test_letters_too_small_or_in_the_way_would_be_noticed(browser, real):
    browser.open(f"{real.address}/wall?as_of=2025-12-08&lang=en")
    browser.eval("""document.querySelector(".age").style.fontSize = "35px" """)
    browser.eval("""document.querySelector(".beside").textContent = "needs much more than fits on a line ".repeat(3)""")
    assert len(browser.eval(TOO_SMALL)) > 0
    assert len(browser.eval(IN_EACH_OTHERS_WAY)) > 0


def test_pages_turn_by_themselves_until_every_target_was_shown(browser, stage):
    made = many(stage(date(2025, 12, 8)), 22)
    browser.open(f"{made.address}/wall")
    assert browser.eval("document.querySelector('.content').dataset.pageSeconds") == "15"
    browser.eval(f"""
      window.seen = [{SHOWN.strip()}];
      new MutationObserver(() => {{
        const shown = {SHOWN.strip()};
        if (JSON.stringify(shown) !== JSON.stringify(window.seen.at(-1))) window.seen.push(shown);
      }}).observe(document.getElementById("wall"), {{ subtree: true, attributeFilter: ["hidden"] }});
      document.querySelector(".content").dataset.pageSeconds = "1";
    """)
    count = browser.eval("document.querySelectorAll('.page').length")
    browser.wait_for(f"window.seen.length > {count}")
    seen = browser.eval(f"window.seen.slice(0, {count} + 1)")
    assert len({name for page in seen for name in page}) == 22
    assert max(map(len, seen)) - min(map(len, seen)) <= 1
    assert seen[-1] == seen[0]
    assert browser.eval("document.querySelectorAll('.leaf-now').length") == 1


def test_a_new_figure_appears_by_itself_and_the_page_stays_turned(browser, stage):
    made = many(stage(date(2025, 12, 8), Simulated(date(2025, 1, 1), date(2026, 1, 31))), 12)
    browser.open(f"{made.address}/wall?lang=en")
    browser.press("ArrowRight")
    before = browser.eval(SHOWN)
    browser.eval("window.stillTheSame = true")
    value = f"document.querySelector('.page:not([hidden]) [data-target={before[-1]}] .value').textContent"
    number = int(before[-1].removeprefix("t"))
    assert "160,000" not in browser.eval(value)
    made.add(reading("2025-01-01..2025-09-30", 160000, "2025-12-01", indicator=f"i{number}"))
    made.refresh()
    browser.wait_for(f"{value}.startsWith('160,000')")
    assert browser.eval("window.stillTheSame")
    assert browser.eval("[...document.querySelectorAll('.page')].findIndex((page) => !page.hidden)") == 1
    assert browser.complaints == []


def test_a_lost_connection_is_said_with_its_age_and_the_figures_stay(browser, stage):
    made = many(stage(date(2025, 12, 8), Simulated(date(2025, 1, 1), date(2026, 1, 31))), 12)
    browser.open(f"{made.address}/wall?lang=zh")
    assert browser.eval("document.getElementById('lost').hidden")
    before = browser.eval(SHOWN)
    browser.cut(off=True)
    browser.wait_for("!document.getElementById('lost').hidden")
    told = "document.getElementById('lost').textContent"
    first = int(re.search(r"连接中断：所示为(\d+)秒前", browser.eval(told)).group(1))
    browser.wait_for(f"Number({told}.match(/\\d+/)[0]) > {first}")
    assert browser.eval(SHOWN) == before
    assert browser.eval(TOO_SMALL) == []
    assert browser.eval(IN_EACH_OTHERS_WAY) == []
    browser.cut(off=False)
    browser.wait_for("document.getElementById('lost').hidden")


def test_a_service_that_has_nothing_to_show_any_more_counts_as_away(browser, stage):
    made = many(stage(date(2025, 12, 8), Simulated(date(2025, 1, 1), date(2026, 1, 31))), 3)
    browser.open(f"{made.address}/wall?lang=en")
    held = made.app.state.service.holder
    made.app.state.service.holder = type(held)()
    browser.wait_for("!document.getElementById('lost').hidden")
    assert len(browser.eval(SHOWN)) == 3
    made.app.state.service.holder = held
    browser.wait_for("document.getElementById('lost').hidden")


def test_holds_no_script_or_style_of_its_own_and_allows_only_this_service(client):
    answer = client.get("/wall?as_of=2025-12-08")
    assert "style=" not in answer.text
    assert re.findall(r"<script[^>]*>[^<]", answer.text) == []
    assert "<style" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    scripts = [found["src"] or "" for found in Page(answer.text).all("script")]
    assert [address.split("?")[0] for address in scripts] == ["/static/wall.js"]


def test_the_worst_comes_first_and_what_lags_stands_on_every_page(rows):
    lagging = [
        ("cci-financing-2025", "off_track"),
        *[(name, "at_risk") for name in ("pilots-2025", "routes-2025", "trade-platforms-2025", "zones-2025")],
    ]
    assert rows("2025-12-08") == [
        ("rail-sea-trial-2025q1", "missed"),
        *lagging,
        ("logistics-cost-2027", "at_risk"),
        ("clt-schedule-2025q1", "done_late"),
        ("ilstc-volume-2025", "on_track"),
        *lagging,
        ("ilstc-volume-2027", "on_track"),
        *[(name, "pending") for name in ("tax-burden-2025", "cost-policy-extension", "meat-certification")],
    ]


@pytest.mark.parametrize(
    ("count", "pinned", "lengths"),
    [(10, 0, [10]), (11, 0, [5, 6]), (11, 2, [6, 7]), (12, 7, [8, 9]), (31, 0, [7, 8, 8, 8])],
)
def test_pages_are_balanced_around_what_is_pinned(stage, count, pinned, lengths):
    """A page holds ten, with at most five that are pinned."""
    made = many(stage(date(2025, 12, 8)), count)
    found = made.holder.current
    calm = {name: replace(one, performance=Performance.ON_TRACK) for name, one in found.verdicts.items()}
    amiss = {name: replace(one, performance=Performance.AT_RISK) for name, one in list(calm.items())[:pinned]}
    made.holder.swap(replace(found, verdicts=calm | amiss))
    pages = made.client.get("/wall").text.split("<ol ")[1:]
    assert [page.count("<li ") for page in pages] == lengths
    always = [name for name in amiss if all(f'data-target="{name}"' in page for page in pages)]
    assert len(always) == (min(pinned, 5) if count > 10 else pinned)


def test_one_sentence_counts_every_target_once_and_the_worst_first(page):
    found = page("/wall?as_of=2026-03-10")
    assert "6 of 13 promises missed (1 done late), 1 at risk, 1 achieved, 1 on track, 4 open" in found.text
    assert "sentence sentence-long sentence-missed" in [one.get("class") for one in found.all("h1")]
    assert "Promises of 2025: New International Land-Sea Trade Corridor and 3 more" in found.text


def test_what_was_missed_lately_is_pinned_for_a_fortnight(stage):
    made = many(stage(date(2025, 12, 8)), 12)
    found = made.holder.current
    for since, pinned in ((date(2025, 11, 25), True), (date(2025, 11, 24), False)):
        verdicts = {name: replace(one, performance=Performance.ON_TRACK) for name, one in found.verdicts.items()}
        verdicts["t07"] = replace(verdicts["t07"], performance=Performance.MISSED, performance_since=since)
        made.holder.swap(replace(found, verdicts=verdicts))
        pages = made.client.get("/wall").text.split("<ol ")[1:]
        assert all('data-target="t07"' in page for page in pages) is pinned


def test_what_changed_within_a_week_is_marked_with_its_day(client):
    changed = row_of(client.get("/wall?as_of=2025-11-07&lang=en").text, "trade-platforms-2025")
    assert '<b class="news">since 1 Nov</b>' in changed
    assert "news" not in row_of(client.get("/wall?as_of=2025-11-08").text, "trade-platforms-2025")


def test_paces_are_drawn_beside_the_bar(client):
    source = client.get("/wall?as_of=2025-12-08").text
    assert '<svg class="spark"' in row_of(source, "ilstc-volume-2025")
    assert "spark" not in row_of(source, "routes-2025")


def test_a_failing_source_leaves_a_mark_on_the_present_only(stage):
    made = many(stage(), 3)
    assert "Source failing" not in made.client.get("/wall").text
    made.app.state.service.failing = lambda: ("customs", "port")
    assert "Source failing: customs, port" in Page(made.client.get("/wall").text).text
    assert "Source failing" not in made.client.get("/wall?as_of=2025-11-01").text


def test_says_whose_promises_they_are_in_the_words_of_the_setting(stage):
    made = many(stage(date(2025, 12, 8)), 3)
    assert "Promises of 2025" in Page(made.client.get("/wall").text).text
    assert "<title>Promises of 2025 · targetwatch</title>" in made.client.get("/wall").text
    made = many(stage(date(2025, 12, 8), wall_title="Harbour city | 港城"), 3)
    assert "Harbour city · 2025" in Page(made.client.get("/wall?lang=en").text).text
    assert "港城 · 2025" in Page(made.client.get("/wall?lang=zh").text).text


def test_tells_the_age_of_late_figures_and_greys_the_figure_never_the_status(client):
    row = row_of(client.get("/wall?as_of=2025-12-08&lang=en").text, "ilstc-volume-2025")
    assert "figures to 31 Aug, next was due 31 Oct, 38 days late" in row
    assert "better than 19 in 20" in row
    assert '<span class="value value-late">215,800</span><span class="goal"> / &gt; 270,000 TEU</span>' in row
    assert 'fill="url(#hatch)"' in row
    assert 'class="chip chip-on_track"' in row
    fresh = row_of(client.get("/wall?as_of=2025-07-18&lang=en").text, "ilstc-volume-2025")
    assert "value-late" not in fresh
    assert "hatch" not in fresh
    assert "figures to 30 Jun, next due 31 Oct" in fresh


def test_says_what_is_needed_on_lagging_targets_only(client):
    source = client.get("/wall?as_of=2025-12-08&lang=en").text
    assert "another 0.6 bn USD by 31 Dec" in row_of(source, "cci-financing-2025")
    assert "needs −4.1 points a year" in row_of(source, "logistics-cost-2027")
    assert source.count('class="beside needed"') == 3  # one of them is pinned, so on both pages
    assert "by 31 Dec" in row_of(source, "ilstc-volume-2025")


def test_a_target_that_must_stay_low_is_told_how_much_it_may_still_take(stage):
    made = stage(date(2025, 12, 8))
    low = target(version(goal(at_most=200000)), id="low")
    band = target(version(goal(between=(200000, 270000))), id="band")
    made.configure(Catalogue(indicators=(indicator(),), targets=(low, band)))
    made.add(
        reading("2024-01-01..2024-09-30", 170000, "2024-10-01"),
        reading("2024", 251800, "2025-01-20"),
        reading("2025-01-01..2025-09-30", 190000, "2025-10-20"),
    )
    made.refresh()
    source = made.client.get("/wall?lang=en").text
    assert "at most another 10,000 TEU by 31 Dec" in row_of(source, "low")
    assert '190,000</span><span class="goal"> / 200,000–270,000 TEU' in row_of(source, "band")


def test_shows_milestones_as_dots_with_the_next_date_and_without_odds(client):
    row = row_of(client.get("/wall?as_of=2025-12-08&lang=en").text, "routes-2025")
    assert (row.count("dot-done"), row.count("dot-open")) == (1, 3)
    assert "1 of 4 reported done" in row
    assert "last done 24 Aug, next by 31 Dec" in row
    assert " in 10" not in row
    assert " in 20" not in row


def test_speaks_chinese_throughout(client):
    source = client.get("/wall?as_of=2025-12-08&lang=zh").text
    row = row_of(source, "ilstc-volume-2025")
    for said in (
        "进展正常",
        "通道运量",
        "21.58万",
        "27万标箱",
        "95%以上可能",
        "数据截至8月31日，下期应于10月31日公布，已逾期38天",
    ):
        assert said in row
    assert re.findall(r"[A-Za-z]{2,}", Page(source).text.replace("{age}", "").replace("{count}", "")) == []


def test_what_was_decided_stays_through_its_year_and_ninety_days_at_least(stage):
    made = stage(date(2027, 3, 9))
    inds = (indicator(id="cargo"),)
    tars = (target(id="missed"), target(version(goal(above=100)), id="achieved"))
    made.configure(Catalogue(indicators=inds, targets=tars))
    made.add(reading("2025", 200000, "2026-01-20"))
    made.refresh()
    shown = Page(made.client.get("/wall").text)
    assert rows_of(shown) == [("missed", "missed"), ("achieved", "achieved")]
    assert "1 of 2 promises missed, 1 achieved" in shown.text
    days = {"announced": date(2026, 2, 7), "start": date(2026, 1, 1), "deadline": date(2026, 12, 31)}
    made.configure(Catalogue(indicators=inds, targets=(*tars, target(version(**days), id="next"))))
    made.refresh()
    after = Page(made.client.get("/wall").text)
    assert [name for name, _ in rows_of(after)] == ["next"]
    assert "Results 2025: 1 achieved, 1 missed" in after.text
    soon = Page(made.client.get("/wall?as_of=2026-04-20").text)
    assert {"missed", "next"} <= {name for name, _ in rows_of(soon)}


def test_a_target_that_cannot_be_judged_is_said_first(stage):
    made = many(stage(date(2025, 12, 8)), 3)
    found = made.holder.current
    verdicts = {name: verdict for name, verdict in found.verdicts.items() if name != "t01"}
    made.holder.swap(replace(found, verdicts=verdicts, failed={"t01": "an error"}))
    shown = Page(made.client.get("/wall").text)
    assert rows_of(shown)[0] == ("t01", "failed")
    assert "1 not judged" in shown.text


def test_says_when_the_service_has_judged_nothing_for_long(stage):
    made = many(stage(date(2025, 12, 8)), 3)
    assert "has judged nothing" not in made.client.get("/wall").text
    taken = datetime.now(UTC) - timedelta(hours=30, minutes=5)
    made.holder.swap(replace(made.holder.current, taken_at=taken))
    assert "has judged nothing for 30 hours" in made.client.get("/wall").text
    assert "has judged nothing" not in made.client.get("/wall?as_of=2025-11-01").text


@pytest.mark.parametrize(
    ("last", "said", "seconds"),
    [
        (date(2025, 12, 8), "Simulated clock, standing still on 8 Dec 2025", "15"),
        (date(2026, 1, 31), "Simulated clock: 8 Dec 2025, 2 s a day", "2"),
    ],
)
def test_says_plainly_that_the_clock_is_simulated(stage, last, said, seconds):
    first = date(2025, 12, 8) if last == date(2025, 12, 8) else date(2025, 1, 1)
    made = many(stage(date(2025, 12, 8), Simulated(first, last)), 3)
    shown = Page(made.client.get("/wall").text)
    assert said in shown.text
    assert [found["data-refresh-seconds"] for found in shown.all("div") if "data-refresh-seconds" in found] == [seconds]


def test_a_past_day_is_called_the_past_and_the_screen_stays_there(page):
    shown = page("/wall?as_of=2025-12-08&lang=zh", "en")
    assert "过去：截至2025年12月8日" in shown.text
    source = next(found["data-source"] for found in shown.all("main") if found.get("id") == "wall")
    assert source == "/wall/content?as_of=2025-12-08&lang=zh"
    assert "simulated" not in " ".join(found.get("class") or "" for found in shown.all("p"))


def test_an_empty_configuration_says_what_to_do(stage):
    made = stage()
    made.refresh()
    assert "No target is configured yet" in Page(made.client.get("/wall").text).text


def row_of(source: str, name: str) -> str:
    """Return one row as it was sent."""
    return source.split(f'data-target="{name}"')[1].split("</li>", maxsplit=1)[0]


def test_the_wall_of_the_present_is_drawn_once_for_everybody_and_anew_with_a_snapshot(stage, monkeypatch):
    made, drawn = many(stage(date(2025, 12, 8)), 3), []
    draws = view.wall
    monkeypatch.setattr(view, "wall", lambda *said, **more: drawn.append(said[0].snapshot) or draws(*said, **more))
    first = made.client.get("/wall")
    packed = made.client.get("/wall", headers={"accept-encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.text) == ("gzip", first.text)
    assert "set-cookie" not in packed.headers
    made.client.get("/wall?lang=zh")
    assert "targetwatch_lang=zh" in made.client.get("/wall?lang=zh").headers["set-cookie"]
    assert drawn == [made.holder.current] * 2
    made.holder.swap(replace(made.holder.current, verdicts={}))
    for language in ("en", "zh"):
        assert 'data-target="t01"' not in made.client.get(f"/wall?lang={language}").text
    assert len(drawn) == 4


def test_no_more_drawings_are_kept_than_fit(stage, monkeypatch):
    made = many(stage(date(2025, 12, 8)), 20)
    monkeypatch.setattr(routes, "MOST_KEPT", 2)
    for first in (0, 3, 6, 4, 999_999):  # no screen asks for the last two: they get the first page
        assert made.client.get(f"/wall/content?first={first}").status_code == 200
    kept = made.app.state.drawings
    assert [first for _, _, first in kept._asked] == [6, 0]
    assert (len(kept._drawn), len(kept._going)) == (2, 2)
