"""Promises in a pasted text: marked, one card a target, the way to its form filled in, what is tracked already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from edit_stage import TEU, Desk, Form, edit_stage, promised
from web_stage import Browser, Page, Stage

from targetwatch.model import Comparator, Role

ARTICLE = (
    "Sun Xiyong, deputy director of the Chongqing Municipal Commission of Commerce, announced plans for 2026. "
    "In 2025, ILSTC cargo volume reached 290,000 TEUs. The city aims to exceed 350,000 TEUs in ILSTC cargo volume and "
    "to build 120 kilometres of bicycle lanes by June 2027."
)
CHINESE = "2026年，重庆计划经西部陆海新通道运输货物超过35万标箱，新增就业5万人左右。"
TRACKED = "The city aims to exceed 270,000 TEUs in ILSTC cargo volume in 2025."
RAISED = "The city now aims to exceed 300,000 TEUs in ILSTC cargo volume in 2025."


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file) as stage:
        yield stage


@pytest.fixture
def editor(office: Stage) -> Browser:
    return office.sign_in(Role.EDITOR)


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory, real_file: Path) -> Iterator[Browser]:
    """An editor who saves nothing."""
    with edit_stage(tmp_path_factory.mktemp("looking"), real_file) as stage:
        yield stage.sign_in(Role.EDITOR)


def pasted(editor: Browser, text: str, language: str = "en", **fields: str) -> Page:
    given = {"text": text, "published_on": "2025-07-19", **fields}
    answer = editor.post("/figures/press", given, headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def ways(page: Page) -> list[str]:
    """Return where the cards of targets lead, in order."""
    cards = [one["href"] or "" for one in page.all("a") if one.get("role") == "button"]
    return [way for way in cards if way.startswith(("/new-target/", "/targets/"))]


def opened(editor: Browser, way: str, language: str = "en") -> dict[str, str]:
    """Return what stands in the form that a card leads to."""
    answer = editor.get(way, headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return Form(answer.text, urlsplit(way).path).values


def test_a_click_opens_the_form_of_a_new_target_with_goal_window_and_announcement_filled_in(looking):
    way, _ = ways(pasted(looking, ARTICLE, evidence_url="https://example.org/plans?a=1&b=2"))
    values = opened(looking, way)
    assert {name: values[name] for name in ("indicator", "goal.comparator", "goal.value")} == {
        "indicator": "ilstc-volume",
        "goal.comparator": "above",
        "goal.value": "350000",
    }
    assert (values["start"], values["deadline"]) == ("2026-01-01", "2026-12-31")
    assert (
        values["announcement.by.en"] == "Sun Xiyong, deputy director of the Chongqing Municipal Commission of Commerce"
    )
    assert values["announcement.on"] == "2025-07-19"
    assert values["announcement.url"] == "https://example.org/plans?a=1&b=2"
    assert values["announcement.quote"] == "The city aims to exceed 350,000 TEUs in ILSTC cargo volume"


def test_a_form_so_opened_is_saved_after_choosing_who_answers_for_it(editor, office):
    way, _ = ways(pasted(editor, ARTICLE))
    values = opened(editor, way) | {"owner": "port-and-logistics-office", "id": "cargo-2026"}
    path = urlsplit(way).path
    looked = editor.post(path, values | {"do": "preview"})
    assert looked.status_code == 200, Page(looked.text).text
    saved = editor.post(path, Form(looked.text, path).values | {"do": "save"})
    assert "?done=target_new&" in saved.headers["location"]
    goal = promised(office, "cargo-2026").versions[0].goal
    assert (goal.comparator, goal.value) == (Comparator.ABOVE, 350000)


def test_a_promise_of_nothing_known_opens_the_form_with_a_new_indicator(looking):
    *_, way = ways(pasted(looking, ARTICLE))
    values = opened(looking, way)
    assert values["indicator"] == "+"
    assert values["indicators.unit"] == "kilometres"
    assert "bicycle lanes" in values["indicators.title.en"]
    assert (values["goal.value"], values["deadline"]) == ("120", "2027-06-30")


def test_in_chinese_too_and_about_so_much_is_a_range_that_is_said(looking):
    page = pasted(looking, CHINESE, "zh")
    cargo, jobs = (opened(looking, way, "zh") for way in ways(page))
    assert (cargo["indicator"], cargo["goal.value"], cargo["goal.comparator"]) == ("ilstc-volume", "350000", "above")
    assert (jobs["goal.comparator"], jobs["goal.value"], jobs["goal.upper"]) == ("between", "47500", "52500")
    assert jobs["title.zh"] == "新增就业5万人左右"
    assert "按上下各 5% 理解为区间" in page.text


def test_the_words_of_a_promise_are_marked_with_the_number_of_its_card(looking):
    page = pasted(looking, ARTICLE)
    assert {"#target-1", "#target-2"} <= set(page.links)
    assert {"target-1", "target-2"} <= {one.get("id") for one in page.all("li")}


def test_a_promised_amount_is_no_figure_to_enter_beside_it(looking):
    page = pasted(looking, ARTICLE)
    entered = [one for one in page.links if one.startswith("/figures/new?")]
    assert entered
    assert not any("350" in one for one in entered)


def test_a_promise_already_tracked_is_said_to_be_with_a_link_and_no_form(looking):
    page = pasted(looking, TRACKED)
    assert ways(page) == []
    assert f"/targets/{TEU}" in page.links


def test_a_promise_that_changes_a_tracked_goal_opens_the_next_version_filled_in(editor, office):
    (way,) = ways(pasted(editor, RAISED))
    assert urlsplit(way).path == f"/targets/{TEU}/edit"
    values = opened(editor, way)
    assert (values["goal.value"], values["deadline"]) == ("300000", "2025-12-31")
    assert values["announcement.quote"] == RAISED.removesuffix(".")
    desk = Desk(editor)
    looked = desk.send({name: text for name, text in values.items() if name != "csrf"})
    assert looked.status_code == 200, Page(looked.text).text
    desk.send(desk.read(looked), "save")
    assert [one.goal.value for one in promised(office).versions] == [270000, 300000]


def test_a_text_without_promises_shows_no_targets(looking):
    page = pasted(looking, "In 2024, ILSTC cargo volume reached 251,800 TEUs.")
    assert not any(one.startswith("#target-") for one in page.links)
    assert "Targets it announces" not in page.text


def test_fields_of_no_form_in_an_address_are_left_aside(looking):
    values = opened(looking, "/new-target/flow?goal.value=5&nothing=1&steps.0.due=x&csrf=stolen")
    assert values["goal.value"] == "5"
    assert values["csrf"] != "stolen"
    assert not {"nothing", "steps.0.due"} & set(values)
