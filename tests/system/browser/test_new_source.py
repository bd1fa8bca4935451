"""Sources, workbooks and articles, done in a real browser by somebody who knows no YAML."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from fpdf import FPDF

from targetwatch.model import FetchedDocument, Role
from targetwatch.store import catalogue, db
from targetwatch.store import readings as stored
from workbooks import xlsx

MOST_CLICKS = 12
MOST_CLICKS_ARTICLE = 3
ADDRESS = "https://port.example.org/figures"
MONTHS = [f"2024-{month:02}" for month in range(1, 13)]
FIGURES = [21_100 + 713 * month for month in range(12)]
HEADS = ["Month", "Throughput (TEU)"]
ROWS = [[month, figure] for month, figure in zip(MONTHS, FIGURES, strict=True)]
MOST_SECONDS_ARTICLE = 60
NEWS = "https://news.example.org/a"
AMOUNTS = {
    7: ("186000", "34.05"),
    8: ("215000", "38.75"),
    9: ("244000", "43.45"),
    10: ("273000", "48.15"),
    11: ("302000", "52.85"),
}
FIGURES_OF_ARTICLE = 10
SENTENCES = [
    f"In the first {word} months of 2025, Chongqing moved {int(volume):,} TEUs of cargo worth {value} billion yuan "
    "via the New International Land-Sea Trade Corridor (ILSTC), up 28% and 22% year-on-year."
    for word, (volume, value) in zip(("seven", "eight", "nine", "ten", "eleven"), AMOUNTS.values(), strict=True)
]
ARTICLE_PAGE = (
    "<!doctype html><html><head><title>Corridor carries more</title></head><body><nav>Home</nav><article>"
    f"<h1>Corridor carries more</h1>{''.join(f'<p>{one}</p>' for one in SENTENCES)}</article></body></html>"
).encode()


def pdf(lines: list[str]) -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=10)
    for line in lines:
        made.multi_cell(0, text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


DOCUMENTS = {
    "workbook": xlsx([["Container throughput of the port"], [], HEADS, *ROWS]),
    "pdf": pdf(["Container throughput", "Month Throughput (TEU)", *(f"{month} {figure:,}" for month, figure in ROWS)]),
}


@pytest.mark.parametrize(("kind", "language"), [("workbook", "zh"), ("pdf", "en")])
def test_a_scheduled_source_is_made_of_a_document_without_yaml(sit, site, kind, language):
    found = FetchedDocument(data=DOCUMENTS[kind], name=f"figures.{kind}", url=ADDRESS)
    site.app.web.state.service.gather = lambda _source: (found,)
    seat = sit(language, role=Role.ADMIN)
    seat.go("/sources")
    seat.click(seat.page.locator("a[href$='/new-source']"))
    seat.check()
    seat.type(seat.page.locator("#address"), ADDRESS)
    seat.click(seat.page.locator("button[value='open']"))
    seat.clicks += 1
    seat.page.select_option("[id='pick.readings.1.indicator']", "ilstc-volume")
    seat.settle()
    if kind == "pdf":
        seat.click(seat.page.locator("#cell-0-2-0"))
        seat.settle()
    seat.clicks += 1
    seat.page.select_option("#schedule", "0 9 * * 1")
    seat.check()
    assert "12" in seat.page.inner_text(".source-brought .paste-counts")
    seat.click(seat.page.locator("button[value='save']:visible").last)
    seat.page.wait_for_url("**/sources/*done=saved&*")
    with db.reading(site.app.engine) as session:
        (made,) = [one for one in catalogue.load(session).sources if one.managed_by == "web"]
    assert (made.kind, made.schedule, made.enabled) == ("document", "0 9 * * 1", True)
    outcome = site.app.runner.test(made, given=[found])
    read = {one.reading.period.start.isoformat()[:7]: int(one.reading.value) for one in outcome.judged}
    assert read == dict(ROWS)
    assert seat.clicks <= MOST_CLICKS


def test_a_cell_is_marked_by_a_click_and_by_keys(sit, site):
    found = FetchedDocument(data=DOCUMENTS["workbook"], name="figures.xlsx", url=ADDRESS)
    site.app.web.state.service.gather = lambda _source: (found,)
    seat = sit(size="phone", role=Role.ADMIN)
    seat.go("/new-source")
    seat.type(seat.page.locator("#address"), ADDRESS)
    seat.click(seat.page.locator("button[value='open']"))
    seat.page.locator("input[name='as'][value='title']").check()
    seat.click(seat.page.locator("#cell-0-0-0"))
    seat.settle()
    assert "Container throughput of the port" in seat.page.input_value("#text")
    seat.page.locator("input[name='as'][value='unit']").check()
    seat.page.locator("#cell-0-2-0").focus()
    seat.page.keyboard.press("ArrowRight")
    seat.page.keyboard.press("Enter")
    seat.settle()
    assert seat.page.input_value("[id='pick.anchors.unit']") == "Throughput (TEU)"
    seat.check()


def test_a_dropped_workbook_is_saved_without_leaving_the_page(sit, tmp_path):
    file = tmp_path / "throughput.xlsx"
    file.write_bytes(DOCUMENTS["workbook"])
    seat = sit(role=Role.EDITOR)
    seat.go("/figures/drop")
    seat.check()
    seat.page.set_input_files("#file", file)
    seat.click(seat.page.locator("button[value='open']"))
    seat.page.select_option("[id='pick.readings.1.indicator']", "corridor-rail-volume")
    seat.settle()
    seat.check()
    hold = seat.page.locator("#hold")
    if hold.count():
        hold.check()
    seat.click(seat.page.locator("button[value='save']:visible").last)
    seat.page.wait_for_url("**/figures/drop?done=pasted*")
    seat.check()


@pytest.mark.parametrize(("kind", "language"), [("html", "en"), ("pdf", "zh")])
def test_ten_figures_of_an_article_are_saved_in_three_clicks_and_read_again_it_proposes_nothing(
    sit, site, tmp_path, kind, language
):
    seat = sit(language, role=Role.EDITOR)
    seat.go("/figures/press")
    began = time.monotonic()
    _hand_in(seat, site, tmp_path, kind)
    ticks = seat.page.locator("input[name='take']")
    assert ticks.count() == FIGURES_OF_ARTICLE
    for place in range(FIGURES_OF_ARTICLE):
        ticks.nth(place).check()
    seat.click(seat.page.locator("button[value='save']"))
    seat.page.wait_for_url("**/figures/press?done=article_saved*")
    assert time.monotonic() - began < MOST_SECONDS_ARTICLE
    assert seat.clicks <= MOST_CLICKS_ARTICLE
    seat.check()
    with db.reading(site.app.engine) as session:
        read = [one for some in stored.load(session).values() for one in some if one.evidence_url == NEWS]
    assert {(one.indicator, one.period.end.month): one.value for one in read} == {
        (indicator, month): Decimal(value)
        for month, amounts in AMOUNTS.items()
        for indicator, value in zip(("ilstc-volume", "ilstc-value"), amounts, strict=True)
    }
    _hand_in(seat, site, tmp_path, kind)
    seat.page.wait_for_selector(".press-said")
    assert ticks.count() == 0
    seat.check()


def _hand_in(seat, site, tmp_path, kind: str) -> None:
    """Have an article read that is at an address, or a file."""
    found = FetchedDocument(data=ARTICLE_PAGE, name="article.html", url=NEWS, content_type="text/html")
    site.app.web.state.service.gather = lambda _source: (found,)
    seat.page.locator("#evidence_url").fill(NEWS)
    seat.page.locator("#published_on").fill("2025-12-10")
    if kind == "pdf":
        file = tmp_path / "article.pdf"
        file.write_bytes(pdf(SENTENCES))
        seat.clicks += 1
        seat.page.set_input_files("#file", file)
    seat.click(seat.page.locator(".press-form button[type='submit']"))
