"""Every sentence that says why a figure cannot be read, or is held, has its Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from test_web_figures import KNOWN

from builders import indicator, reading
from targetwatch.checks import check
from targetwatch.connectors import RowError
from targetwatch.ingest.entry import read_typed
from targetwatch.ingest.intake import KnownNames
from targetwatch.model import Basis, Measure
from targetwatch.model.problem import Problem
from targetwatch.web.figures.view import by_field
from targetwatch.wording.problems import on_page, placed, sentence
from targetwatch.wording.translation import translator

EN, ZH = translator("en"), translator("zh")
NOW = datetime(2026, 1, 10, tzinfo=UTC)
GOOD = {"indicator": "cargo", "value": "272300", "period": "2025-01..2025-10", "basis": "year_to_date"}
TYPED = [
    {"indicator": ""},
    {"indicator": "crago"},
    {"indicator": "completely-else"},
    {"indicator": "total"},
    {"publisher": "costums"},
    {"publisher": "zzz"},
    {"basis": ""},
    {"basis": "year-to-date"},
    {"basis": "weekly"},
    {"qualifier": "roughly"},
    {"qualifier": "about", "value": "over 272,300"},
    {"provisional": "maybe"},
    {"published_on": "31 Feb"},
    {"evidence_url": "javascript:alert(1)"},
    {"rounding": "1 kg"},
    {"rounding": "1 TEU"},
    {"rounding": "1", "value": "27.23万"},
    {"rounding": "0.5万"},
    {"yoy": "0.33"},
    {"yoy": "about 33%"},
    {"yoy": "up 33%"},
    {"yoy": "百分之三十三"},
    {"step": "jakarta"},
    {"unit": "bn CNY", "value": "5 TEU"},
    {"note": "x" * 4001},
    *[
        {"value": text}
        for text in ("six", "", "1,5", "1-2", "5k", "¥5", "1e5", "007", "二十七万", "down 5", "up 5", "272,300,")
    ],
    *[
        {"value": text}
        for text in ("5 TEU yuan", "5 lightyears", "5 bn USD", "1 and 2", "1" * 30, "27万30万", "5.5.", "$5 yuan")
    ],
    *[
        {"period": text}
        for text in ("Smarch", "2025-13", "2025-02-30", "2025-10..2025-01", "2025-H3", "1500", "5月-3月")
    ],
    {"period": "2025-10"},
    {"period": "2025年10-3月"},
    {"indicator": "routes", "basis": "", "value": "", "period": "2025-08-24", "step": ""},
    {"indicator": "routes", "basis": "", "value": "", "period": "2025-08-24", "step": "jakrata"},
]
HALF = reading("2025-01-01..2025-06-30", 154600, "2025-07-17")
YEAR = reading("2025", 327700, "2026-01-08")
LAST = reading("2024-01-01..2024-06-30", 116000, "2024-07-18")
HELD = [
    (reading("2025-01-01..2025-08-31", 21580, "2025-10-01"), [HALF]),
    (reading("2025-01-01..2025-10-31", 400000, "2025-12-09"), [YEAR]),
    (reading("2025-01-01..2025-06-30", 154600, "2025-07-17", yoy="0.9"), [LAST]),
    (LAST, [reading("2025-01-01..2025-06-30", 154600, "2025-07-17", yoy="0.9")]),
    (reading("2025-01-01..2025-06-30", 1546000, "2025-08-17"), [HALF]),
    (
        reading("2025", 3277000, "2026-01-08"),
        [reading("2024", 251800, "2025-01-20"), reading("2023", 178000, "2024-03-08")],
    ),
    (
        reading("2025-01-01..2025-06-30", 9154600, "2025-07-17"),
        [reading("2025-01-01..2025-03-31", 64000, "2025-04-15")],
    ),
    (reading("2026-01-01..2026-06-30", 5), []),
    (reading("2025", 5, "2027-01-01"), []),
    (reading("2025", 5, "2025-06-01"), []),
    (reading("2025", 5, "2026-01-08", basis=Basis.POINT), []),
    (reading("2025", 5, "2026-01-08", unit="USD"), []),
    (reading("2025", 5, "2026-01-08", yoy="-1"), []),
    (reading("2025", 15, "2026-01-08", quote="some 150 TEU"), []),
]


def problems_typed() -> Iterator[Problem]:
    computed = indicator(id="total", annual_total_of="cargo")
    known = KnownNames.from_catalogue(replace(KNOWN, indicators=(*KNOWN.indicators, computed)))
    for changes in TYPED:
        with pytest.raises(RowError) as refused:
            read_typed(GOOD | changes, known, now=NOW, today=NOW.date())
        yield from refused.value.problems


def problems_held() -> Iterator[Problem]:
    bounded = indicator(lowest=Decimal(10), highest=Decimal(10**8))
    level = indicator(measure=Measure.LEVEL)
    cases = [
        *((one, indicator(), past) for one, past in HELD),
        *((reading("2025", value, "2026-01-08"), bounded, []) for value in (1, 10**9)),
        (reading("2025", 1, "2026-01-08", basis=Basis.SINCE_START), level, []),
    ]
    for one, of, past in cases:
        problem = check(one, of, past, today=date(2026, 1, 10))
        assert problem is not None, one
        yield problem


def test_whatever_is_typed_wrongly_is_said_in_chinese_beside_its_field() -> None:
    for problem in problems_typed():
        for name, said in by_field([problem], ZH).items():
            assert name in {*GOOD, "publisher", "qualifier", "provisional", "published_on", "evidence_url", "rounding",
                            "yoy", "step", "unit", "note"}, problem  # fmt: skip
            assert re.search("[\u4e00-\u9fff]", said), problem
            assert not re.search("expected|cannot|which is|did you", said), (problem, said)


def test_whatever_is_held_is_explained_in_chinese() -> None:
    for problem in problems_held():
        said = on_page(problem, ZH)
        assert re.search("[\u4e00-\u9fff]", said), problem
        assert not re.search(r"\b(?:the|of|would|known|published|which|but)\b", said), (problem, said)


def test_a_sentence_is_put_as_its_reader_needs_it() -> None:
    problem = Problem("not_a_day", {"said": "six"}, where="published_on")
    assert placed(problem, EN) == "published_on 'six': is no day, expected one such as 2025-07-17"
    assert on_page(problem, EN) == "“six” is no day, expected one such as 2025-07-17."
    assert on_page(problem, ZH) == "“six”不是日期，应形如 2025-07-17。"
    assert on_page(Problem("something nobody foresaw"), EN) == "Something nobody foresaw."


def test_a_publisher_is_named_by_its_title() -> None:
    problem = check(reading("2025-01-01..2025-08-31", 21580, "2025-10-01"), indicator(), [HALF], today=NOW.date())
    assert problem is not None
    assert on_page(problem, EN, catalogue=KNOWN).startswith("The year-to-date of Statistics Office would fall")
    assert on_page(problem, ZH, catalogue=KNOWN).startswith(
        "统计局的年初累计会从154,600 TEU（2025年1—6月，2025年7月17日公布）降到"
    )


def test_why_a_figure_is_held_names_periods_days_and_amounts_as_its_reader_does() -> None:
    for problem in problems_held():
        for language in ("en", "zh"):
            shown = on_page(problem, translator(language), catalogue=KNOWN, indicator=indicator())
            assert not re.search(r"\d{4}-\d\d|\d{4}-[HQ]|\.\.", shown), shown
        assert not re.search(r"TEU| \(", re.sub("“[^”]*”", "", shown)), shown
    told = next(one for one in problems_held() if one.code == "large_revision")
    assert sentence(told, EN) == "It would revise 154,600 TEU (2025-H1, published 2025-07-17) to 1,546,000 TEU."
    assert "154,600 TEU (Jan–Jun 2025, published 17 Jul 2025)" in on_page(
        told, EN, catalogue=KNOWN, indicator=indicator()
    )
    assert on_page(told, ZH, catalogue=KNOWN, indicator=indicator()).startswith(
        "会把15.46万标箱（2025年1—6月，2025年7月17日公布）修订为154.6万标箱"
    )
