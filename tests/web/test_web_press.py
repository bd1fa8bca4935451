"""Pasting a press sentence: marks, cards, what would become of each figure, the way to the form. Nothing is saved."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from web_stage import Page

from targetwatch.connectors import FIELDS
from targetwatch.model import Role
from targetwatch.store import db
from targetwatch.store import readings as stored

SENTENCE = (
    "今年1—10月，重庆经西部陆海新通道三种主要运输组织方式共运输27.24万标箱、同比增长33%，货值489.62亿元、同比增长27%。"
)
GIVEN = {"text": SENTENCE, "published_on": "2025-12-09"}


@pytest.fixture(scope="module")
def editor(real):
    """Somebody who may edit the real figures, of which this module writes none."""
    return real.sign_in(Role.EDITOR, "press-editor")


@pytest.fixture
def answer(editor):
    def answer(language: str = "en", **fields: str) -> Page:
        given = editor.post("/figures/press", {**GIVEN, **fields}, headers={"accept-language": language})
        assert given.status_code == 200, given.text
        return Page(given.text)

    return answer


def entered(page: Page) -> list[dict[str, str]]:
    """Return the forms that the page's cards lead to, in order, each by its fields."""
    ways = [one["href"] for one in page.all("a") if one.get("role") == "button"]
    return [{name: said for name, (said,) in parse_qs(urlsplit(way).query).items()} for way in ways if way]


def stored_count(real) -> int:
    with db.reading(real.engine) as session:
        return len(stored.load(session))


def test_the_page_asks_for_a_text_a_day_a_publisher_and_a_link(editor):
    page = editor.page("/figures/press")
    assert [one["name"] for one in page.all("textarea")] == ["text"]
    assert {"published_on", "evidence_url"} <= {one.get("name") for one in page.all("input")}
    assert "publisher" in {one.get("name") for one in page.all("select")}


def test_each_figure_leads_to_its_form_with_every_field_that_was_read(answer):
    volume, value = entered(answer(publisher="port-and-logistics-office", evidence_url="https://example.org/a?b=1&c=2"))
    assert set(volume) | set(value) <= set(FIELDS)
    assert volume == {
        "indicator": "ilstc-volume",
        "period": "2025-01..2025-10",
        "basis": "year_to_date",
        "value": "27.24万标箱",
        "yoy": "33%",
        "published_on": "2025-12-09",
        "publisher": "port-and-logistics-office",
        "quote": SENTENCE,
        "evidence_url": "https://example.org/a?b=1&c=2",
    }
    assert (value["indicator"], value["value"], value["yoy"]) == ("ilstc-value", "489.62亿元", "27%")


def test_the_form_that_a_card_leads_to_is_filled_in(editor, answer):
    (way, *_) = [one["href"] for one in answer().all("a") if one.get("role") == "button"]
    form = editor.page(way)
    values = {one.get("name"): one.get("value") for one in form.all("input")}
    assert (values["value"], values["yoy"], values["published_on"]) == ("27.24万标箱", "33%", "2025-12-09")
    assert {"value": "ilstc-volume", "selected": None} in form.all("option")


def test_the_words_that_were_read_are_marked_with_the_number_of_their_figure(editor):
    source = editor.post("/figures/press", GIVEN).text
    page = Page(source)
    assert len(page.all("mark")) >= 5
    numbers = {one["href"] for one in page.all("a") if (one["href"] or "").startswith("#figure-")}
    cards = {f"#{one['id']}" for one in page.all("li") if (one.get("id") or "").startswith("figure-")}
    assert numbers == cards == {"#figure-1", "#figure-2"}
    for words in ("27.24万标箱", "货值489.62亿元"):
        assert f"<mark>{words}&#8288;<sup>" in source


def test_the_marked_text_is_the_text_that_was_pasted(editor):
    page = Page(editor.post("/figures/press", GIVEN).text)
    marked = page.text.replace("\u2060", "").replace(" 1 2", "").replace(" 1", "").replace(" 2", "").replace(" ", "")
    assert SENTENCE in marked


def test_a_figure_that_would_be_held_is_said_to_be_with_the_reason(answer):
    page = answer(text="2025年1—10月，重庆经西部陆海新通道共运输2724万标箱", published_on="2025-12-09")
    assert "Would wait to be checked by somebody" in page.text


def test_what_is_still_missing_is_named(answer):
    page = answer(text="重庆经西部陆海新通道共运输27.24万标箱")
    assert "Still needed before it can be saved" in page.text
    assert "Period it describes" in page.text


def test_a_running_total_starts_where_the_stored_ones_of_its_indicator_do(answer):
    (total, *_) = entered(answer(text="截至2025年10月底，重庆经西部陆海新通道累计运输货物100万标箱"))
    assert (total["basis"], total["period"]) == ("since_start", "2017-09..2025-10")


def test_a_figure_of_another_region_and_a_plan_are_doubtful(answer):
    page = answer(text="前三季度，全国外贸进出口总值33.61万亿元。到今年底，重庆经西部陆海新通道运量有望超过27万标箱。")
    assert page.text.count("doubtful") == 2
    assert "region no indicator is about" in page.text
    assert "a plan or a forecast" in page.text


def test_many_figures_are_shown_up_to_a_number_and_the_rest_counted(answer):
    page = answer(text="".join(f"{1950 + n}年重庆经西部陆海新通道运输6.{n}万标箱。" for n in range(70)))
    assert len(entered(page)) == 60
    assert "10 more figures are not shown" in page.text


def test_nothing_is_saved_by_reading(real, editor):
    before = stored_count(real)
    assert editor.post("/figures/press", GIVEN).status_code == 200
    assert stored_count(real) == before


@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({"text": ""}, "Paste a sentence first.", "text"),
        ({"text": " \n "}, "Paste a sentence first.", "text"),
        ({"text": "6.4万标箱" * 10_001}, "60006 characters are too many, expected at most 60000", "text"),
        ({"published_on": "2025-02-30"}, "“2025-02-30” is no day", "published_on"),
        ({"published_on": "yesterday"}, "“yesterday” is no day", "published_on"),
        ({"publisher": "nobody"}, "“nobody” is no publisher known here", "publisher"),
        ({"evidence_url": "ftp://example.org"}, "“ftp://example.org” is no link", "evidence_url"),
        ({"evidence_url": "javascript:alert(1)"}, "is no link", "evidence_url"),
        ({"evidence_url": "https://e.org/" + "a" * 2000}, "is no link", "evidence_url"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_typed_is_lost(editor, fields, said, field):
    given = {**GIVEN, "publisher": "customs", **fields}
    answer = editor.post("/figures/press", given)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert said in page.text
    assert f"#{field}" in page.links
    kept = {one.get("name"): one.get("value") for one in page.all("input")}
    assert kept["published_on"] == given["published_on"]
    assert given["text"].strip()[:40] in page.text


def test_several_faults_are_told_at_once(editor):
    answer = editor.post("/figures/press", {"text": "", "published_on": "x", "publisher": "y", "evidence_url": "z"})
    page = Page(answer.text)
    assert {"#text", "#published_on", "#publisher", "#evidence_url"} <= set(page.links)


def test_what_was_pasted_is_shown_as_text_and_never_as_markup(editor):
    nasty = "<script>alert(1)</script> 2025年上半年重庆经西部陆海新通道运输6.4万标箱 <img src=x onerror=alert(2)>"
    source = editor.post("/figures/press", {**GIVEN, "text": nasty}).text
    assert "<script>alert" not in source
    assert "<img" not in source
    assert "&lt;script&gt;" in source


def test_a_sign_no_text_has_is_read_all_the_same(editor):
    answer = editor.post("/figures/press", {**GIVEN, "text": "\x00\x07\u202e6.4万标箱 \U0001f600"})
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_may_not_edit_is_refused(real, method):
    viewer = real.sign_in(Role.VIEWER, "press-viewer")
    assert getattr(viewer, method)("/figures/press").status_code == 403


def test_a_form_of_another_site_is_refused(editor):
    answer = editor.post("/figures/press", GIVEN, headers={"origin": "https://evil.example"})
    assert answer.status_code in {400, 403}
    assert editor.post("/figures/press", {**GIVEN, "csrf": "forged"}).status_code in {400, 403}


@pytest.mark.parametrize(("language", "width", "height"), [("en", 1920, 1080), ("zh", 390, 844)])
def test_a_person_pastes_reads_and_comes_to_the_filled_form_in_a_browser(
    real, editor, browser, language, width, height
):
    host = urlsplit(real.address)
    browser.call("Network.setCookie", name="targetwatch_session", value=editor.secret, url=real.address)
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
    browser.open(f"{real.address}/figures/press?lang={language}")
    browser.eval(f"document.getElementById('text').value = {json.dumps(SENTENCE)}")
    browser.eval("document.getElementById('published_on').value = '2025-12-09'")
    browser.eval("document.querySelector('.press-form').requestSubmit(); true")
    browser.wait_for("document.querySelectorAll('.press-card').length === 2 && document.readyState === 'complete'")
    assert browser.eval("document.documentElement.scrollWidth <= window.innerWidth")
    assert browser.eval("[...document.querySelectorAll('mark')].some(one => one.textContent.includes('27.24万标箱'))")
    browser.eval("document.querySelector('.press-card a[role=button]').click(); true")
    browser.wait_for("location.pathname === '/figures/new' && document.readyState === 'complete'")
    assert browser.eval("document.getElementById('value').value") == "27.24万标箱"
    assert browser.eval("document.getElementById('indicator').value") == "ilstc-volume"
    assert browser.complaints == []
    assert {urlsplit(asked).netloc for asked in browser.asked if not asked.startswith("data:")} == {host.netloc}
