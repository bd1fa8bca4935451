"""What is wrong with a figure is found by every way in, with its code and its sentence in both languages."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from test_web_figures import KNOWN, effect_of
from web_stage import Browser, Stage

from builders import PUBLISHER, day, indicator, reading
from commands import command
from targetwatch.ingest import run
from targetwatch.model import Basis, Reading, Release, Role, Source, Text
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import translator

TODAY = day("2025-12-10")
TRADE = indicator(
    id="exports",
    title=Text("Exports", "出口额"),
    unit="bn CNY",
    unit_label=Text("bn yuan", "十亿元"),
    release=Release(),
)
CATALOGUE = replace(KNOWN, indicators=(*KNOWN.indicators, TRADE), targets=())


class Wrong(NamedTuple):
    """A figure that is to be held, what was known before, the words of a release, and what is said of it."""

    past: tuple[Reading, ...]
    cells: dict[str, str]
    press: str
    said: dict[str, str]


def known(span: str, value: object, published: str, basis: Basis = Basis.YEAR_TO_DATE, **more: object) -> Reading:
    return reading(span, value, published, indicator="exports", basis=basis, **more)


def cells(value: str, period: str, basis: str = "year_to_date", **more: str) -> dict[str, str]:
    return {"indicator": "exports", "value": value, "period": period, "basis": basis, **more}


WRONG = {
    "total_as_month": Wrong(
        (
            known("2025-01-01..2025-01-31", 100, "2025-02-20", Basis.PERIOD),
            known("2025-02-01..2025-02-28", 100, "2025-03-20", Basis.PERIOD),
        ),
        cells("300 bn CNY", "2025-03", "period"),
        "2025年3月，出口额3000亿元。",
        {"en": "is about the sum of the year so far", "zh": "约等于本年此前合计"},
    ),
    "increment_out_of_proportion": Wrong(
        (known("2015-01-01..2024-12-31", 100, "2025-01-20", Basis.SINCE_START),),
        cells("300 bn CNY", "2015-01..2025-10", "since_start"),
        "截至2025年10月底，累计出口额3000亿元。",
        {"en": "The running total would grow by", "zh": "累计总数将由"},
    ),
    "currencies_disagree": Wrong(
        (),
        cells("40.22 bn CNY", "2025-01..2025-10", quote="出口额402.2亿元（5.7亿美元）"),
        "2025年1—10月，出口额402.2亿元（5.7亿美元）。",
        {"en": "which since 2000 has been between", "zh": "2000年以来汇率介于"},
    ),
    "growth_differs": Wrong(
        (known("2024-01-01..2024-10-31", 100, "2024-11-20"),),
        cells("1100 bn CNY", "2025-01..2025-10", yoy="10%"),
        "2025年1—10月，出口额11000亿元，同比增长10%。",
        {"en": "a year before, but known is", "zh": "但已知的是"},
    ),
    "growth_of_next_year_differs": Wrong(
        (known("2025-01-01..2025-10-31", 110, "2025-11-20", yoy="0.1"),),
        cells("1000 bn CNY", "2024-01..2024-10"),
        "2024年1—10月，出口额10000亿元。",
        {"en": "a year before, but this reading says", "zh": "但这条数据为"},
    ),
    "far_above": Wrong(
        (known("2024", 100, "2025-01-20"), known("2023", 100, "2024-01-20")),
        cells("1000 bn CNY", "2022"),
        "2022年，出口额10000亿元。",
        {"en": "is an order of magnitude above what is known", "zh": "与已知数据相差一个数量级（偏高）"},
    ),
}


@pytest.fixture(params=sorted(WRONG))
def case(request: pytest.FixtureRequest, stage: Callable[..., Stage]) -> tuple[str, Wrong, Stage]:
    wrong, service = WRONG[request.param], stage(TODAY)
    service.configure(CATALOGUE)
    service.add(*wrong.past)
    service.refresh()
    return request.param, wrong, service


def from_a_source(service: Stage, wrong: Wrong, folder: Path) -> stored.Held:
    """Let a source bring the figure, and return it as it is held."""
    out = io.StringIO()
    said = {**wrong.cells, "publisher": PUBLISHER, "published_on": "2025-12-09"}
    writer = csv.DictWriter(out, fieldnames=list(said))
    writer.writeheader()
    writer.writerow(said)
    (folder / "figures.csv").write_text(out.getvalue(), encoding="utf-8")
    source = Source(id="figures", kind="csv_file", options={"path": "figures.csv"})
    run(service.engine, source, now=datetime(2025, 12, 10, 9, tzinfo=UTC), today=TODAY, config_dir=folder)
    with db.reading(service.engine) as session:
        (held,) = stored.held(session)
    return held


def text_of(source: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]*>", "", source)))


def test_every_way_in_finds_it_and_says_so_in_both_languages(case: tuple[str, Wrong, Stage], tmp_path: Path) -> None:
    code, wrong, service = case
    file, editor = service.file, service.sign_in(Role.EDITOR)
    options = {"period": "--period", "basis": "--basis", "yoy": "--yoy", "quote": "--quote"}
    words = [word for name, option in options.items() if name in wrong.cells for word in (option, wrong.cells[name])]
    typed = command(file, "record", "exports", wrong.cells["value"], *words, "--published", "2025-12-09", "--dry-run")
    looks = {language: looked_at(editor, wrong, language) for language in ("en", "zh")}
    held = from_a_source(service, wrong, tmp_path)
    assert held.reason.code == code
    assert all(words in sentence(held.reason, translator(language)) for language, words in wrong.said.items())
    assert wrong.said["en"] in typed.out
    assert {
        (way, language): wrong.said[language] in shown
        for language, ways in looks.items()
        for way, shown in ways.items()
    } == {(way, language): True for language in ("en", "zh") for way in ("form", "table", "press")}


def looked_at(editor: Browser, wrong: Wrong, language: str) -> dict[str, str]:
    """Return what the form, a pasted table and a press sentence say of it before it is saved."""
    asked = {"accept-language": language}
    said = {**wrong.cells, "published_on": "2025-12-09", "do": "look"}
    form = editor.post("/figures/new", said, headers=asked)
    names = [*wrong.cells, "published_on"]
    lines = "\n".join("\t".join(row) for row in (names, [said[name] for name in names]))
    table = editor.post("/figures/paste", {"do": "look", "text": lines}, headers=asked)
    press = editor.post("/figures/press", {"text": wrong.press, "published_on": "2025-12-09"}, headers=asked)
    assert [answer.status_code for answer in (form, table, press)] == [200, 200, 200]
    return {"form": effect_of(form.text), "table": text_of(table.text), "press": text_of(press.text)}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_a_figure_ten_times_the_last_is_warned_of_and_saved_with_a_reason_never_refused(
    role: Role, stage: Callable[..., Stage]
) -> None:
    service = stage(TODAY)
    service.configure(CATALOGUE)
    service.add(*WRONG["far_above"].past)
    service.refresh()
    typed = {**cells("1000 bn CNY", "2025-01..2025-12"), "period": "2022", "published_on": "2025-12-09"}
    person = service.sign_in(role)
    looked = effect_of(person.post("/figures/new", {**typed, "do": "look"}).text)
    assert "1,000 bn yuan is an order of magnitude above what is known" in looked
    assert "If it is entered anyway" in looked
    saved = person.post("/figures/new", {**typed, "anyway": "yes", "why": "they say so"})
    assert saved.status_code == 303
    with db.reading(service.engine) as session:
        assert [int(one.value) for one in stored.load(session, ["exports"])["exports"]] == [100, 100, 1000]


def test_recorded_it_waits_for_a_person_or_counts_with_a_note(stage: Callable[..., Stage]) -> None:
    service = stage(TODAY)
    service.configure(CATALOGUE)
    service.add(*WRONG["far_above"].past)
    figure = ("record", "exports", "1000 bn CNY", "--period", "2022", "--basis", "year_to_date")
    waiting = command(service.file, *figure, "--published", "2025-12-09")
    assert (waiting.status, waiting.out.startswith("held as 1: ")) == (0, True)
    forced = command(service.file, *figure, "--published", "2025-12-09", "--force", "they say so")
    assert forced.status == 0, forced.err
    with db.reading(service.engine) as session:
        assert [int(one.value) for one in stored.load(session, ["exports"])["exports"]] == [100, 100, 1000]
