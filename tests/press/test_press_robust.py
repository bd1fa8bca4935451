"""Any text is read: no exception, marks that lie on its words, work that grows with its length alone."""

from __future__ import annotations

import cProfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from press_quotes import indicators, missing, quotes

from targetwatch.connectors import FIELDS, RowError, read_row
from targetwatch.press import entry, read

pytestmark = pytest.mark.slow

TODAY = date(2026, 1, 31)
NOW = datetime(2026, 1, 31, tzinfo=UTC)
MARKED = ("indicator", "period", "basis", "value", "unit", "yoy", "qualifier", "rounding", "published_on", "elsewhere")
PIECES = (
    *(
        "6.4万标箱",
        "115.87亿元",
        "28%",
        "154,600 TEUs",
        "28.33 billion yuan",
        "$1.2bn",
        "1.5倍",
        "占",
        "第",
        "超",
        "近",
    ),
    *("(", ")", "，", "、", "。", ".", ",", " ", "\n", "and", "to", "from", "between", "respectively", "more than"),
    *("同比增长", "环比下降", "up", "down", "year-on-year", "since 2017", "last year", "13月32日", "Feb 30", "as of"),
    *(
        "1—3月",
        "2024年",
        "截至",
        "9月底",
        "今年以来",
        "in H1 2025",
        "重庆",
        "全国",
        "Guangxi",
        "运量",
        "货值",
        "exports",
    ),
    *("ports", "number of", "百分之", "十", "点", "0", "000", "9" * 40, "１２", "\u200b", "İ", "ß", "\ud800", "²", "①"),
    *("٣", "https://a.b/1"),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
SPACED = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)
DATES = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(text=st.text(max_size=200) | WORDS | SPACED, published=DATES, today=st.dates())
@example(text="前年Feb 30 6.4万标箱", published=date(1, 1, 1), today=date(1, 1, 1))
@example(text="as of Tuesday 6.4万标箱", published=date(1, 1, 1), today=date(1, 1, 1))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_and_every_mark_lies_on_the_words_it_quotes(text, published, today):
    for proposal in read(text, indicators(), published_on=published, today=today):
        for name in MARKED:
            field = getattr(proposal, name)
            if field is None:
                continue
            assert 0 <= field.start <= field.end <= len(text)
            assert text[field.start : field.end] == field.text
            assert 0 <= field.confidence <= 1
            assert not field.inferred or field.why, name
        assert 0 <= proposal.confidence <= 1
        assert proposal.quote in text


@given(text=WORDS | SPACED | st.sampled_from([quote.quote for quote in quotes()]), published=DATES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_entry_is_read_as_a_row_or_the_row_names_the_missing_field(text, published):
    for proposal in read(text, indicators(), published_on=published, today=TODAY, publisher="customs"):
        cells = entry(proposal)
        assert set(cells) <= set(FIELDS)
        faults: tuple[str, ...] = ()
        try:
            reading = read_row(cells, source="press", now=NOW)
        except RowError as error:
            faults = tuple(str(problem) for problem in error.problems)
        assert {fault.partition(":")[0] for fault in faults} == set(missing(proposal)), faults
        if not faults:
            assert reading.value == proposal.value.value
            assert reading.period == proposal.period.value
            assert reading.yoy == (proposal.yoy.value if proposal.yoy else None)
            assert reading.qualifier == proposal.qualifier.value


@given(text=WORDS | SPACED)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_text_is_always_read_the_same_way(text):
    first, second = (read(text, indicators(), published_on=None, today=TODAY) for _ in range(2))
    assert first == second


def calls(text: str) -> int:
    """Return how many calls of functions, Python's and C's, reading a text takes."""
    counted = cProfile.Profile()
    counted.runcall(read, text, indicators(), published_on=TODAY, today=TODAY)
    return sum(one.callcount for one in counted.getstats())


@pytest.mark.parametrize(
    "piece",
    [
        "1—3月，重庆经西部陆海新通道共运输6.4万标箱、同比增长28%，货值115.87亿元。",
        "In the first half, 154,600 TEUs were moved, up 33 percent year on year, worth 28.33 billion yuan. ",
        "6.4万标箱",
        "28%",
        "up 3% and ",
        "1,234,",
        "12 345 ",
        "from January to ",
        "since the ",
        "重庆",
        "截至",
        "百分之",
        "about ",
        "(about ",
        "9",
        "  ",
        "a",
        ".",
        "number of ports ",
    ],
)
def test_work_grows_in_proportion_to_the_length_of_the_text(piece):
    size = 600
    calls(piece)  # the first text in a process loads what all need
    base = calls("")
    short, long = (calls(piece * (length // len(piece))) - base for length in (size, 4 * size))
    assert long <= 4 * short * 1.3 + 500


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["9", " ", "1,234,", "since the "])
def test_a_text_of_a_hundred_thousand_signs_is_read_in_seconds(piece):
    text = piece * (100_000 // len(piece))
    assert len(read(text, indicators(), published_on=TODAY, today=TODAY)) <= 200
