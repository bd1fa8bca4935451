"""An article on one page: what is ticked is saved at once, what is not ours is remembered, nothing is asked twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from edit_stage import edit_stage
from web_stage import Browser, Page, Stage

from targetwatch.model import Role
from targetwatch.store import audit, db
from targetwatch.store import readings as stored

ARTICLE = (
    "今年1—7月，重庆经西部陆海新通道三种主要运输组织方式共运输18.6万标箱、同比增长29%，货值340.5亿元、同比增长24%。\n"
    "The mayor opened the fair.\n"
    "今年1—7月，重庆外贸进出口总值4500.6亿元，同比增长11.2%。"
)
COUNT = 4
"""Volume, value, foreign trade and its growth."""
GIVEN = {"text": ARTICLE, "published_on": "2025-08-12", "evidence_url": "https://news.example.org/a"}


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file, today=date(2025, 9, 20)) as stage:
        yield stage


@pytest.fixture
def editor(office: Stage) -> Browser:
    return office.sign_in(Role.EDITOR)


def read(editor: Browser, **more: str) -> str:
    """Return the page of the article."""
    answer = editor.post("/figures/press", {**GIVEN, **more})
    assert answer.status_code == 200, Page(answer.text).text
    return answer.text


def ticks(source: str, name: str = "take") -> list[str]:
    """Return the boxes of that name there are on a page."""
    return re.findall(rf'name="{name}" value="(\d+)"', source)


def seen(source: str) -> str:
    """Return what tells the proposals of a page from others."""
    return re.findall(r'name="seen" value="(\w+)"', source)[0]


def answer(editor: Browser, source: str, do: str, **more: object):
    """Press one of the buttons below the proposals."""
    return editor.post("/figures/press", {**GIVEN, "seen": seen(source), "do": do, **more})


def count(stage: Stage) -> int:
    with db.reading(stage.engine) as session:
        return sum(map(len, stored.load(session).values()))


def test_what_is_ticked_is_saved_in_one_stroke_with_its_evidence(office, editor):
    before, source = count(office), read(editor)
    boxes = ticks(source)
    assert len(boxes) == COUNT
    done = answer(editor, source, "save", take=boxes)
    assert done.status_code == 303, Page(done.text).text
    assert count(office) == before + COUNT
    page = editor.page(done.headers["location"])
    assert "Saved. The article is done with" in page.text
    with db.reading(office.engine) as session:
        last = audit.entries(session, kind="reading", limit=1)[0]
    assert last.actor == "web:a-editor"
    assert GIVEN["evidence_url"] in str(last.new)


def test_nothing_counts_that_is_not_ticked(office, editor):
    before, source = count(office), read(editor)
    assert "checked" not in "".join(re.findall(r"<input[^>]*name=\"take\"[^>]*>", source))
    answer(editor, source, "save", take=ticks(source)[:1])
    assert count(office) == before + 1
    refused = answer(editor, read(editor, anew="yes"), "save", anew="yes")
    assert refused.status_code == 422
    assert "Tick what is to be saved" in Page(refused.text).text


def test_an_article_done_with_proposes_nothing_new_until_it_is_asked_for_again(office, editor):
    source = read(editor)
    answer(editor, source, "save", take=ticks(source)[:1])
    again = read(editor, text=ARTICLE.replace("\n", " \n\n"))
    assert ticks(again) == []
    assert "Nothing new is proposed." in Page(again).text
    assert len(ticks(read(editor, anew="yes"))) == COUNT - 1


def test_nothing_here_is_ours_is_an_answer(office, editor):
    before = count(office)
    done = answer(editor, read(editor), "none", take=["1"])
    assert done.headers["location"] == "/figures/press?done=article_settled"
    assert count(office) == before
    assert ticks(read(editor)) == []


def test_what_is_not_ours_is_not_proposed_again_of_the_same_publisher(editor):
    source = read(editor)
    first, *rest = ticks(source, "refuse")
    answer(editor, source, "save", take=rest[:1], refuse=[first])
    later = ARTICLE.replace("1—7月", "1—8月").replace("18.6", "21.1")
    assert len(ticks(read(editor, text=later, published_on="2025-09-10"))) == COUNT - 1
    assert (
        len(ticks(read(editor, text=later, published_on="2025-09-10", evidence_url="https://other.example.org/b")))
        == COUNT
    )


def test_proposals_that_are_others_by_now_are_shown_again(editor):
    source = read(editor)
    done = editor.post("/figures/press", {**GIVEN, "seen": "0" * 64, "do": "save", "take": ticks(source)})
    assert done.status_code == 409
    assert len(ticks(done.text)) == COUNT


def test_figures_of_one_indicator_stand_together(editor):
    text = ARTICLE + "今年上半年，重庆经西部陆海新通道三种主要运输组织方式共运输15.5万标箱。"
    page = read(editor, text=text)
    groups = re.findall(r'<h3 id="press-group-\d+">(.*?)</h3>', page)
    assert len(groups) == len(set(groups)) == COUNT
