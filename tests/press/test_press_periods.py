"""The time a figure describes, as Chinese and English print it, on a page of 9 December 2025."""

from __future__ import annotations

from datetime import date

import pytest
from press_quotes import missing

from targetwatch.model import Basis
from targetwatch.model.problem import Problem
from targetwatch.quantity import format_period

ZH = "{}，重庆经西部陆海新通道运输货物6.4万标箱"
EN = "{}, Chongqing moved 64,000 TEUs via the ILSTC corridor"


@pytest.mark.parametrize(
    ("sentence", "period", "basis"),
    [
        (ZH.format("1—3月"), "2025-Q1", "year_to_date"),
        (ZH.format("１－３月"), "2025-Q1", "year_to_date"),
        (ZH.format("2024年1月至9月"), "2024-01..2024-09", "year_to_date"),
        (ZH.format("一至三月"), "2025-Q1", "year_to_date"),
        (ZH.format("前三季度"), "2025-01..2025-09", "year_to_date"),
        (ZH.format("前3季度"), "2025-01..2025-09", "year_to_date"),
        (ZH.format("上半年"), "2025-H1", "year_to_date"),
        (ZH.format("去年下半年"), "2024-H2", "period"),
        (ZH.format("今年前10个月"), "2025-01..2025-10", "year_to_date"),
        (ZH.format("今年前十个月"), "2025-01..2025-10", "year_to_date"),
        (ZH.format("2024年"), "2024", "year_to_date"),
        (ZH.format("去年"), "2024", "year_to_date"),
        (ZH.format("全年"), "2024", "year_to_date"),
        (ZH.format("三季度"), "2025-Q3", "period"),
        (ZH.format("一季度"), "2025-Q1", "year_to_date"),
        (ZH.format("3月当月"), "2025-03", "period"),
        (ZH.format("11月份"), "2025-11", "period"),
        (ZH.format("12月"), "2024-12", "period"),
        (ZH.format("1月1日至11月20日"), "2025-01-01..2025-11-20", "year_to_date"),
        (ZH.format("2024年11月至2025年2月"), "2024-11..2025-02", "period"),
        (ZH.format("2021年至2024年"), "2021-01..2024-12", "year_to_date"),
        (ZH.format("今年以来，截至8月末"), "2025-01..2025-08", "year_to_date"),
        (EN.format("In the first half"), "2025-H1", "year_to_date"),
        (EN.format("In the first half of 2024"), "2024-H1", "year_to_date"),
        (EN.format("Jan-Oct"), "2025-01..2025-10", "year_to_date"),
        (EN.format("Jan. - Oct. 2024"), "2024-01..2024-10", "year_to_date"),
        (EN.format("From January to October"), "2025-01..2025-10", "year_to_date"),
        (EN.format("Between January and October"), "2025-01..2025-10", "year_to_date"),
        (EN.format("From November 2024 to March 2025"), "2024-11..2025-03", "period"),
        (EN.format("In the first three quarters"), "2025-01..2025-09", "year_to_date"),
        (EN.format("In the first ten months of this year"), "2025-01..2025-10", "year_to_date"),
        (EN.format("In the first 11 months of last year"), "2024-01..2024-11", "year_to_date"),
        (EN.format("In Q3"), "2025-Q3", "period"),
        (EN.format("Q1 2024"), "2024-Q1", "year_to_date"),
        (EN.format("In H2 2024"), "2024-H2", "period"),
        (EN.format("In the third quarter of 2025"), "2025-Q3", "period"),
        (EN.format("In November"), "2025-11", "period"),
        (EN.format("In May 2025"), "2025-05", "period"),
        (EN.format("In 2024"), "2024", "year_to_date"),
        (EN.format("Last year"), "2024", "year_to_date"),
        ("Chongqing moved 64,000 TEUs via the ILSTC in H1 2025", "2025-H1", "year_to_date"),
        ("Chongqing moved 64,000 TEUs via the ILSTC, up 3% from last year, in H1 2025", "2025-H1", "year_to_date"),
    ],
)
def test_a_time_is_read_with_its_basis(first, sentence, period, basis):
    proposal = first(sentence)
    assert (format_period(proposal.period.value), proposal.basis.value) == (period, basis)


def test_a_printed_year_is_not_inferred_and_one_taken_from_publication_is_with_its_reason(first):
    assert not first(ZH.format("2025年1—3月")).period.inferred
    guessed = first(ZH.format("1—3月")).period
    assert guessed.inferred
    assert guessed.why == (Problem("year_counted_from_publication", {"day": date(2025, 12, 9)}),)


def test_without_a_publication_date_the_year_is_counted_from_today_and_says_so(first):
    period = first(ZH.format("1—3月"), published=None).period
    assert format_period(period.value) == "2025-Q1"
    assert [one.code for one in period.why] == ["year_counted_from_today"]


def test_without_any_words_for_a_time_the_period_stays_open(first):
    proposal = first("重庆经西部陆海新通道运输货物6.4万标箱")
    assert (proposal.period, proposal.basis) == (None, None)
    assert missing(proposal) == ("period", "basis", "publisher")


def test_the_time_of_an_earlier_sentence_is_taken_over_and_marked(first, proposed):
    _, value = proposed("1—3月，重庆经西部陆海新通道运输6.4万标箱。货值115.87亿元。")
    assert format_period(value.period.value) == "2025-Q1"
    assert value.period.inferred
    assert value.period.why[0].code == "sentence_before"


def test_an_aside_on_one_month_leaves_the_time_of_the_paragraph_alone(proposed):
    *_, cars = proposed("前三季度，重庆出口4008.3亿元。9月当月，重庆出口412.4亿元。汽车出口352.8亿元。")
    assert (cars.indicator.value, format_period(cars.period.value)) == ("car-exports", "2025-01..2025-09")


def test_the_last_day_of_a_running_total_goes_on_after_a_semicolon(proposed):
    _, financing = proposed("截至2025年6月底，中新互联互通项目累计签约338个项目；累计跨境融资215亿美元。")
    assert financing.period.value.end == date(2025, 6, 30)
    assert financing.period.inferred


def test_the_year_before_that_growth_is_counted_from_is_no_period(first):
    proposal = first("2025年上半年重庆经西部陆海新通道运输6.4万标箱，比2024年增长28%")
    assert format_period(proposal.period.value) == "2025-H1"


@pytest.mark.parametrize(
    ("sentence", "start", "end"),
    [
        ("自2017年9月1日以来，截至2025年8月末，重庆经西部陆海新通道累计运输100万标箱", (2017, 9, 1), (2025, 8, 31)),
        ("Since 1 September 2017 Chongqing moved 1 million TEUs, as of the end of August", (2017, 9, 1), (2025, 8, 31)),
        ("截至2024年底，中新互联互通项目累计跨境融资213亿美元", (2015, 11, 7), (2024, 12, 31)),
        ("CCI cross-border financing stood at $21.7 billion as of Tuesday", (2015, 11, 7), (2025, 12, 9)),
    ],
)  # fmt: skip
def test_a_running_total_runs_from_the_start_that_the_text_or_the_indicator_says(first, sentence, start, end):
    proposal = first(sentence)
    assert proposal.basis.value is Basis.SINCE_START
    assert (proposal.period.value.start, proposal.period.value.end) == (date(*start), date(*end))


def test_a_running_total_without_a_known_start_has_no_period_and_says_why(first):
    proposal = first("截至8月末，重庆经西部陆海新通道累计运输100万标箱")
    assert proposal.basis.value is Basis.SINCE_START
    assert proposal.period is None
    assert Problem("start_unsaid") in proposal.doubts


def test_earlier_readings_tell_the_start_of_a_running_total(first):
    text = "截至8月末，重庆经西部陆海新通道累计运输100万标箱"
    proposal = first(text, since={"ilstc-volume": date(2017, 9, 1)})
    assert proposal.period.value.start == date(2017, 9, 1)
    assert proposal.period.inferred


def test_a_level_is_a_point_on_the_last_day_of_its_month(proposed):
    january, june = proposed(
        "The Chongqing Corridor Price Index started at 1212.7 points in January and closed at 1121.1 points in June"
    )
    assert [one.basis.value for one in (january, june)] == [Basis.POINT, Basis.POINT]
    assert [one.period.value.end for one in (january, june)] == [date(2025, 1, 31), date(2025, 6, 30)]


@pytest.mark.parametrize(
    ("text", "day", "inferred"),
    [
        ("Jan-Oct 272,300 TEU, up 33 %, published 9 December", date(2025, 12, 9), True),
        ("Jan-Oct 272,300 TEU, published on December 9, 2025", date(2025, 12, 9), False),
        ("新华社重庆2025年12月9日电 1—10月重庆经西部陆海新通道运输27.23万标箱", date(2025, 12, 9), False),
        ("12月9日，记者获悉，1—10月重庆经西部陆海新通道运输27.23万标箱", date(2025, 12, 9), True),
        ("The ILSTC carried 272,300 TEU in Jan-Oct, the office said on 9 December", date(2025, 12, 9), True),
        ("Jan-Oct ILSTC cargo was 272,300 TEU, Sun said on Tuesday, December 9, 2025", date(2025, 12, 9), False),
        (
            "On 9 December, the Port and Logistics Office said ILSTC moved 272,300 TEU in Jan-Oct",
            date(2025, 12, 9),
            True,
        ),
        ("At a press conference on December 9 he put ILSTC cargo at 272,300 TEU in Jan-Oct", date(2025, 12, 9), True),
        ("12月9日，市口岸物流办通报，1—10月重庆经西部陆海新通道运输27.23万标箱", date(2025, 12, 9), True),
        ("市口岸物流办负责人2025年12月9日表示，1—10月西部陆海新通道运输27.23万标箱", date(2025, 12, 9), False),
        ("12月9日上午举行的新闻发布会上，1—10月西部陆海新通道运输27.23万标箱", date(2025, 12, 9), True),
    ],
)
def test_a_dateline_tells_the_day_of_publication(first, text, day, inferred):
    published = first(text, published=None).published_on
    assert (published.value, published.inferred) == (day, inferred)
    assert text[published.start : published.end] == published.text != ""


@pytest.mark.parametrize(
    "text",
    [
        "截至12月9日，市口岸物流办通报的西部陆海新通道运量27.23万标箱",
        "1月1日至12月9日，据通报西部陆海新通道运输27.23万标箱",
        "截至2025年12月9日公开通报，西部陆海新通道运输27.23万标箱",
        "The ILSTC carried 272,300 TEU by 9 December 2025",
        "The trial started on 9 December and carried 272,300 TEU via the ILSTC",
    ],
)
def test_a_day_on_which_nothing_is_said_to_be_published_is_none_of_publication(first, text):
    assert first(text, published=None).published_on is None


def test_the_day_given_beside_the_text_goes_before_a_dateline(first):
    assert first("Jan-Oct 272,300 TEU, published 1 December").published_on.value == date(2025, 12, 9)


@pytest.mark.parametrize("text", ["2月30日重庆经西部陆海新通道运输6.4万标箱", "Feb 30: 64,000 TEU via the ILSTC"])
def test_a_day_that_does_not_exist_is_no_time(first, text):
    assert first(text).period is None
