"""The list of targets: found by words, narrowed, sorted and turned page by page, all of it in the address."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from web_stage import Page, Stage

from builders import goal, indicator, reading, target, version
from targetwatch.evaluation.status import place_of
from targetwatch.model import Catalogue, Owner, Performance, Programme, Text
from targetwatch.web.targets import listing
from targetwatch.web.targets.listing import ListQuery

MANY = 120


@pytest.fixture(scope="module")
def long(tmp_path_factory, empty_file) -> Iterator[Stage]:
    """120 targets of two programmes and three owners, numbered from 0; the odd ones are of the second programme."""
    one = Stage(Path(shutil.copy(empty_file, tmp_path_factory.mktemp("long") / "own.db")), date(2025, 10, 2))
    owners = [Owner(id=f"o{n}", name=Text(f"Office {n}", f"第{n}办公室")) for n in range(3)]
    one.configure(
        Catalogue(
            programmes=(
                Programme(id="even", title=Text("Even things", "双数")),
                Programme(id="odd", title=Text("Odd things", "单数")),
            ),
            indicators=tuple(indicator(id=f"i{n}", title=Text(f"Thing {n}", f"事项{n}")) for n in range(MANY)),
            targets=tuple(
                target(
                    version(goal(above=270000), deadline=date(2025 + n % 3, 12, 31)),
                    id=f"t{n:03}",
                    indicator=f"i{n}",
                    title=Text(f"Promise {n:03}", f"承诺{n}"),
                    owner=owners[n % 3],
                    programme=("even", "odd")[n % 2],
                )
                for n in range(MANY)
            ),
        )
    )
    one.add(*(reading("2025-01-01..2025-08-31", 215800, "2025-10-01", indicator=f"i{n}") for n in range(0, MANY, 4)))
    one.refresh()
    yield one
    one.close()


@pytest.fixture
def many(long) -> Iterator[Stage]:
    """The long list; a snapshot that a test puts in force goes with it."""
    before = long.holder.current
    yield long
    if long.holder.current is not before:
        long.holder.swap(before)


def shown_by(one: Stage, query: str, language: str = "en") -> Page:
    answer = one.client.get(f"/{query}", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def ids_of(shown: Page) -> list[str]:
    return [link.split("?")[0].removeprefix("/targets/") for link in shown.links if link.startswith("/targets/t")]


def test_a_long_list_is_turned_in_pages_that_show_every_target_once(many):
    first, second, third = (shown_by(many, f"?sort=name&page={number}") for number in (1, 2, 3))
    assert ids_of(first) + ids_of(second) + ids_of(third) == [f"t{n:03}" for n in range(MANY)]
    assert "51 to 100 of 120 targets" in second.text
    assert "?sort=name&page=3#found" in " ".join(second.links)
    assert "?sort=name#found" in " ".join(second.links)
    assert "page 2 of 3" in second.text
    assert "Next" not in third.text


@pytest.mark.parametrize(
    ("said", "page"), [("4", 3), ("999999", 3), ("0", 1), ("-1", 1), ("x", 1), ("１", 1), ("9" * 400, 1), ("", 1)]
)
def test_a_page_that_is_none_is_the_nearest_that_is(many, said, page):
    assert f"page {page} of 3" in shown_by(many, f"?page={said}").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?programme=odd", {f"t{n:03}" for n in range(MANY) if n % 2}),
        ("?owner=o2", {f"t{n:03}" for n in range(MANY) if n % 3 == 2}),
        ("?data=none", {f"t{n:03}" for n in range(MANY) if n % 4}),
        ("?q=promise+07", {f"t{n:03}" for n in (7, 107, *range(70, 80))}),
        ("?q=PROMISE+Odd+07", {f"t{n:03}" for n in (7, 107, *range(71, 80, 2))}),
        ("?q=承诺7&owner=o2", {"t071", "t074", "t077"}),
        ("?q=第1办公室+事项11", {f"t{n:03}" for n in (112, 115, 118)}),
        ("?when=over", set()),
        ("?programme=odd&owner=o0&data=fresh", set()),
    ],
)
def test_filters_narrow_the_list_to_what_answers_to_all_of_them(many, query, expected):
    found = set()
    for number in range(1, 4):
        found |= set(ids_of(shown_by(many, f"{query}&page={number}")))
    assert found == expected
    assert ("No target matches." in shown_by(many, query).text) == (not expected)


def test_statuses_are_counted_over_everything_and_each_leads_to_its_own(many):
    snapshot = many.holder.current
    counted = dict.fromkeys(Performance, 0)
    for verdict in snapshot.verdicts.values():
        counted[verdict.performance] += 1
    shown = shown_by(many, "?q=promise+001&owner=o1")
    for performance, count in counted.items():
        link = f"/?status={performance.value}#found"
        assert (link in shown.links) == (count > 0)
        if count:
            alone = shown_by(many, f"?status={performance.value}")
            assert f"of {count} targets" in alone.text or f" {count} targets" in alone.text


def test_sorted_by_deadline_the_nearest_comes_first_and_by_name_in_the_readers_language(many):
    rows = listing.list_targets(many.holder.current).ordered("deadline", "en")
    deadlines = [row.verdict.deadline for row in rows]
    assert deadlines == sorted(deadlines)
    assert ids_of(shown_by(many, "?sort=name", "zh"))[:3] == ["t000", "t001", "t002"]


def test_sorted_by_odds_the_longest_come_first_and_what_has_none_last(many):
    rows = listing.list_targets(many.holder.current).ordered("odds", "en")
    known = [row.verdict.attainment_probability is not None for row in rows]
    assert known == sorted(known, reverse=True)
    odds = [row.verdict.attainment_probability for row in rows if row.verdict.attainment_probability is not None]
    assert odds == sorted(odds)


def test_a_list_made_of_the_one_before_is_the_list_made_from_nothing(many):
    before = many.holder.current
    known = listing.list_targets(before)
    for sort in listing.SORTING:
        known.ordered(sort, "en")
    missed = {"performance": Performance.MISSED, "deadline": date(2025, 3, 1), "attainment_probability": None}
    worse = {name: replace(before.verdicts[name], **missed) for name in ("t000", "t001", "t077", "t119")}
    for after in (replace(before, verdicts=before.verdicts | worse), before):
        made, fresh = listing.list_targets(after, [(before, known)]), listing.list_targets(after)
        assert {sort: made.ordered(sort, "en") for sort in listing.SORTING} == {
            sort: fresh.ordered(sort, "en") for sort in listing.SORTING
        }
        assert replace(made, _orders={}) == replace(fresh, _orders={})
        before, known = after, made
    gone = {name: one for name, one in before.verdicts.items() if name != "t077"}
    after = replace(before, verdicts=gone)
    assert replace(listing.list_targets(after, [(before, known)]), _orders={}) == listing.list_targets(after)


def test_the_worst_comes_first_in_the_list_as_in_the_counts(page, real):
    shown = page("/?as_of=2025-12-08")
    ranks = [place_of(row.verdict) for row in listing.list_targets(real.holder.current).ordered("urgency", "en")]
    assert ranks == sorted(ranks)
    counted = shown.text.split("Where things stand")[-1].split("Search")[0]
    places = [counted.index(words) for words in ("Missed", "Off track", "At risk", "On track", "Pending")]
    assert places == sorted(places)
    rows = shown.text.split("Answers for it")[-1]
    assert rows.index("CCI cross-border financing 2025") < rows.index("ILSTC cargo volume 2025")


def test_programmes_stand_together_the_largest_first(page):
    shown = page("/?sort=programme").text.split("Answers for it", 2)[-1]
    heads = ["New International Land-Sea Trade Corridor", "Foreign trade and its pilots", "Zones and districts"]
    places = [shown.rindex(text) for text in heads[1:]]
    assert shown.index(heads[0]) < places[0]


@pytest.mark.parametrize("name", ["status", "programme", "owner", "data", "when", "sort", "look"])
def test_a_filter_that_means_nothing_is_left_out_and_said_with_its_own_words(many, name):
    shown = shown_by(many, f"?{name}=<b>nonsense</b>&q=t00")
    assert "Not understood, and left out:" in shown.text
    assert "“<b>nonsense</b>”" in shown.text
    assert len(ids_of(shown)) == 10
    assert not shown.all("b")


def test_words_longer_than_anybody_types_are_cut_and_nothing_breaks(many):
    shown = shown_by(many, "?q=" + "x" * 5000)
    assert "No target matches." in shown.text
    (box,) = (one for one in shown.all("input") if one.get("name") == "q" and one.get("type") == "search")
    assert len(box["value"] or "") == listing.LONGEST_WORDS


@pytest.mark.parametrize("words", ["teu", "标箱", "exceed 270,000", "containers", "集装箱", "three modes", "累计数"])
def test_a_target_is_found_by_its_unit_by_what_it_counts_and_by_what_was_announced(page, words):
    def found(said):
        return {link.split("?")[0] for link in page(f"/?q={said}").links if link.startswith("/targets/")}

    assert "/targets/ilstc-volume-2025" in found(words)
    assert "/targets/ilstc-volume-2025" not in found(f"{words}+nothing")


def test_what_was_typed_is_shown_as_text(many):
    shown = shown_by(many, '?q="><script>alert(1)</script>')
    assert all(one.get("src") for one in shown.all("script"))
    (box,) = (one for one in shown.all("input") if one.get("type") == "search")
    assert box["value"] == '"><script>alert(1)</script>'


def test_every_link_and_form_of_the_list_keeps_the_day_and_the_clock(page):
    shown = page("/?status=missed&as_of=2026-11-24&clock=recorded&look=cards")
    for link in shown.links:
        if link.startswith(("/targets/", "/indicators/", "/?status", "/?look")) and "lang=" not in link:
            assert "as_of=2026-11-24" in link, link
            assert "clock=recorded" in link, link
    hidden = {(one["name"], one["value"]) for one in shown.all("input") if one.get("type") == "hidden"}
    assert {("as_of", "2026-11-24"), ("clock", "recorded"), ("look", "cards"), ("status", "missed")} <= hidden


def test_as_a_table_every_target_has_its_row_with_the_same_words(page):
    cards, table = page("/?as_of=2025-12-08&look=cards"), page("/?as_of=2025-12-08")
    led = [{link for link in one.links if link.startswith("/targets/")} for one in (cards, table)]
    assert led[0] == led[1]
    assert len(led[0]) == 13
    for words in ("4 in 10", "0.4 / ≥ 1 bn USD", "10 Nov 2025", "1 of 4 reported done"):
        assert (words in cards.text) == (words in table.text), words
    assert len(table.all("table")) == 2
    assert all("scope" in cell for cell in table.all("th"))


def test_what_is_needed_is_said_only_of_what_lags_and_the_odds_of_what_is_open(page):
    shown = page("/?as_of=2025-10-02&look=cards").text
    cargo = shown.split("ILSTC cargo volume 2025")[1].split("Port and Logistics Office")[0]
    assert "Odds better than 19 in 20" in cargo
    assert "Needed" not in cargo
    cost = shown.split("Corridor logistics cost down a fifth by 2027")[1].split("Port and Logistics Office")[0]
    assert "Needed to fall by" in cost
    assert (
        "Odds"
        not in page("/?look=cards").text.split("ILSTC cargo volume 2025")[1].split("Port and Logistics Office")[0]
    )


def test_a_year_decided_altogether_is_closed(stage):
    one = stage(today=date(2026, 3, 1))
    one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
    one.add(reading("2025", 327700, "2026-01-08"))
    one.refresh()
    assert "2025 is closed: 1 achieved." in shown_by(one, "").text
    assert "No target is still running." in shown_by(one, "").text


def test_a_list_is_made_once_a_snapshot_and_forgets_the_oldest(many):
    lists = listing.TargetLists()
    first = many.holder.current
    made = lists.list_of(first)
    assert lists.list_of(first) is made
    others = [replace(first) for _ in range(listing.LISTS_KEPT)]
    for other in others:
        lists.list_of(other)
    assert lists.list_of(first) is not made
    assert made.ordered("name", "en") is made.ordered("name", "en")


def test_a_new_snapshot_finds_its_list_made_before_anybody_asks(many, monkeypatch):
    many.refresh()
    asked = []
    monkeypatch.setattr(listing, "list_targets", asked.append)
    assert "120 targets" in shown_by(many, "").text
    assert asked == []


def test_a_list_that_cannot_be_made_keeps_no_snapshot_from_coming_into_force(many, caplog, monkeypatch):
    monkeypatch.setattr(listing, "list_targets", lambda snapshot: snapshot.nothing)
    later = replace(many.holder.current)
    many.holder.swap(later)
    assert many.holder.current is later
    assert "the overview of 2025-10-02 could not be prepared" in caplog.text
    assert many.client.get("/").status_code == 500
    assert many.client.get("/metrics").status_code == 200


def test_an_answer_to_a_part_of_the_page_names_the_address_without_what_goes_without_saying(many):
    answer = many.client.get("/?q=&status=&sort=urgency&owner=o1&page=", headers={"hx-request": "true"})
    assert answer.headers["hx-push-url"] == "/?owner=o1"
    assert many.client.get("/?sort=", headers={"hx-request": "true"}).headers["hx-push-url"] == "/?"
    assert "hx-push-url" not in many.client.get("/?owner=o1").headers


def test_asked_for_nothing_the_address_says_nothing():
    assert ListQuery().parameters() == {}
    assert ListQuery(q="x", page=2, sort="name").parameters() == {"q": "x", "sort": "name", "page": "2"}


def test_indicators_nobody_promised_are_found_by_words_and_not_narrowed_by_status(page):
    assert "Chongqing car exports" in page("/?q=car+exports").text
    assert "Watched beside" in page("/?q=car+exports").text
    assert "Watched beside" not in page("/?status=missed").text
