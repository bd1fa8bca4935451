"""Targets read out of announcements: what is promised, by when, on which words; and what is no promise."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from targetwatch.model import Measure
from targetwatch.press import Promise, read_promises

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.announcements.scoring import Score, matching, overlaps, right, score, unit_of

LABELLED = json.loads(Path(__file__).with_name("announcements.json").read_text(encoding="utf-8"))
DAY = date(2025, 1, 20)
PIECES = (
    *(
        "will",
        "aims to",
        "5%",
        "by 2030",
        ",",
        "and",
        ".",
        "to",
        "12,000 homes",
        "Bob Lee said",
        "launch",
        "open",
        "(",
        ")",
    ),
    *(
        "with regular service to",
        "2024-25",
        "between",
        "$1 billion",
        "half a million",
        "by a third",
        "double",
        "net zero",
    ),
    *(
        "目标",
        "今后五年",
        "增长",
        "5%左右",
        "，",
        "。",
        "、",
        "均",
        "分别",
        "建成",
        "和",
        "\n",
        "■",
        "1.",
        "如果",
        "预计",
        "十四五",
    ),
    *(
        "明年第一季",
        "\u00a0",
        "🙂",
        "1e9",
        "0.0.0",
        "9" * 29 + " yuan",
        "Feb 30",
        "13月",
        "2月30日",
        "-",
        "from 2026",
        "up to",
    ),
)


def read(text: str, *, title: str = "", published: date | None = DAY, agency: str = "") -> list[Promise]:
    return list(read_promises(text, (), title=title, published_on=published, agency=agency))


def only(text: str, **given) -> Promise:
    found = read(text, **given)
    assert len(found) == 1, [one.text for one in found]
    return found[0]


def said(promise: Promise) -> tuple[str, str, Decimal | None, str, str | None]:
    day = promise.deadline.isoformat() if promise.deadline else None
    return promise.kind.value, promise.comparator, promise.value, promise.unit, day


def test_of_the_labelled_promises_nine_in_ten_are_right_and_one_proposal_in_ten_is_unwanted_at_most():
    counted = Score()
    for passage in LABELLED:
        score(passage, counted)
    assert counted.right >= 0.9 * counted.wanted, counted.mistakes
    assert counted.unwanted <= 0.1 * counted.proposed, counted.mistakes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The port aims to exceed 270,000 TEUs in 2025.", ("flow", "above", 270000, "TEU", "2025-12-31")),
        ("It will cut waiting times to 28 days by 2026.", ("level", "at_most", 28, "days", "2026-12-31")),
        (
            "The trust plans to hire at least 240 nurses by March 2025.",
            ("flow", "at_least", 240, "nurses", "2025-03-31"),
        ),
        ("We will reduce emissions by 55% by 2030, from 1990 levels.", ("level", "change", -55, "%", "2030-12-31")),
        ("The mayor wants to keep deaths below 400 this year.", ("flow", "below", 400, "deaths", "2025-12-31")),
        ("The city has pledged half a million new trees by 2030.", ("flow", "at_least", 500000, "trees", "2030-12-31")),
        ("The network is to double by the end of 2031.", ("level", "change", 100, "%", "2031-12-31")),
        (
            "It intends to hire 1,200 nurses over the next three years.",
            ("flow", "at_least", 1200, "nurses", "2027-12-31"),
        ),
        ("Sales should reach $2 billion in 2026-27.", ("flow", "at_least", 2 * 10**9, "USD", "2027-03-31")),
        ("今年计划新增就业100万人。", ("flow", "at_least", 1000000, "人", "2025-12-31")),
        ("2025年，力争失业率控制在5.5%以内。", ("level", "at_most", Decimal("5.5"), "%", "2025-12-31")),
        ("到2027年，力争粮食产量达到500亿斤以上。", ("flow", "at_least", 50 * 10**9, "斤", "2027-12-31")),
        ("计划“十五五”末森林覆盖率达到25%。", ("level", "at_least", 25, "%", "2030-12-31")),
        ("将在三季度内能耗下降2%。", ("level", "change", -2, "%", "2025-09-30")),
        ("The city wants to cut its emissions in half by 2030.", ("level", "change", -50, "%", "2030-12-31")),
        ("It will add 20 MW of solar capacity by 2026.", ("level", "at_least", 20, "mw", "2026-12-31")),
        ("Clubs will be opened in 750 schools from April 2025.", ("flow", "at_least", 750, "schools", "2025-04-30")),
        ("It will build 1.5 million homes over five years.", ("flow", "at_least", 1500000, "homes", "2029-12-31")),
        ("Trade is to grow by 5% to 750 billion yuan in 2026.", ("flow", "at_least", 750 * 10**9, "CNY", "2026-12-31")),
        ("今年计划投资350亿元，同比增长6%。", ("flow", "at_least", 35 * 10**9, "CNY", "2025-12-31")),
        ("2025年目标是净利润同比增长30%以上。", ("level", "at_least", 30, "%", "2025-12-31")),
        ("目標在2024至25年度增加230張病床。", ("flow", "at_least", 230, "张", "2025-03-31")),
    ],
)
def test_a_promised_amount_is_read_with_kind_comparator_goal_unit_and_deadline(text, expected):
    assert said(only(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In 2024 exports reached 715 billion yuan and grew by 5.3%.",
        "Analysts expect revenue of 4.0 billion euros in 2026.",
        "The expansion is expected to bring 1,800 jobs.",
        "If the region pays, another 60 beds could be added by 2026.",
        "The neighbouring port wants to reach 5 million TEU by 2030.",
        "The plan will boost imports and enhance competitiveness.",
        "It missed its target of 33,000 homes.",
        "We need 34 billion dollars a month to achieve this target.",
        "2024年，全市生产总值增长5%，新增就业10万人。",
        "专家预测，全国考研人数明年将超过500万人。",
        "摩根士丹利预计，中央将把今年增长目标定在5%左右。",
        "1—3月，重庆经三种主要运输组织方式共运输6.4万标箱、同比增长28%。",
        "前8个月运输货物5万标箱。",
        "今年多数省份的目标高于6%。",
        "公司预计今夏最大负荷将达9200万千瓦。",
        "如果油价走高，公司将把机队压缩到120架。",
        "全力冲目标，确保重点指标完成全年目标任务。",
        "将不断提升群众获得感。",
        "到2027年，力争建成现代化强市。",
        "By 2027 it plans to build a confident society and create conditions for growth.",
        "",
        "12345 67% $ 。。。 - - ;;",
    ],
)
def test_results_forecasts_conditions_other_peoples_goals_and_wishes_are_no_promise(text):
    assert read(text) == []


def test_about_so_much_is_a_range_and_says_so():
    promise = only("今年预期目标是生产总值增长5%左右。")
    assert (promise.comparator, promise.value, promise.about) == ("between", 5, True)
    assert promise.ends == (Decimal("4.75"), Decimal("5.25"))


def test_a_range_has_both_its_ends():
    promise = only("The company expects revenue of between 4.1 billion and 4.3 billion euros this year.")
    assert promise.ends == (Decimal("4.1E9"), Decimal("4.3E9"))
    assert not promise.about


def test_where_it_stood_before_is_no_goal_but_kept():
    promise = only("The share of electric buses is to rise from 12% to at least 50% by 2026.")
    assert (promise.value, promise.former) == (50, 12)


def test_a_list_stands_under_the_year_and_the_meaning_of_its_heading():
    text = "■ 2024年成绩单\n●生产总值增长6%\n■ 2025年主要预期目标\n●经济增长6%左右\n●新增就业70万人以上"
    assert [one.value for one in read(text)] == [6, 700000]
    assert {one.deadline for one in read(text)} == {date(2025, 12, 31)}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("今年目标是城镇居民收入和农民收入均增长10%左右。", [10, 10]),
        ("今年目标是城镇和农村居民收入分别增长6.5%和7.5%左右。", [Decimal("6.5"), Decimal("7.5")]),
        ("These targets for 2025: exports of $1 billion and imports of $2 billion.", [10**9, 2 * 10**9]),
    ],
)
def test_one_clause_about_two_things_is_two_promises(text, values):
    assert [one.value for one in read(text)] == values


def test_a_sentence_that_points_back_goes_on_with_the_promise_before():
    found = read("The ministry aims at $2 trillion of exports by 2030. These comprise $1 trillion of goods.")
    assert [(one.value, one.deadline) for one in found] == [
        (2 * 10**12, date(2030, 12, 31)),
        (10**12, date(2030, 12, 31)),
    ]


def test_the_same_goal_said_again_is_one_promise():
    text = "今年预期目标是生产总值增长9.5%左右。今年经济增长目标确定为9.5%左右，主要考虑是留有余地。"
    assert only(text).text == "生产总值增长9.5%左右"


@pytest.mark.parametrize(
    ("text", "steps", "deadline"),
    [
        ("The city aims to launch a trade platform by June 2025.", ("a trade platform",), date(2025, 6, 30)),
        (
            "It plans to test new routes and new schedules in the first quarter.",
            ("new routes", "new schedules"),
            date(2025, 3, 31),
        ),
        (
            "The customs also announced plans to extend the scheme to road and rail.",
            ("the scheme to road", "rail"),
            None,
        ),
        ("6月底前将开通至迪拜和利雅得的航线。", ("至迪拜", "利雅得的航线"), date(2025, 6, 30)),
    ],
)
def test_a_thing_to_be_done_is_steps_with_no_deadline_where_none_is_said(text, steps, deadline):
    promise = only(text)
    assert (promise.kind, promise.comparator, promise.deadline) == (Measure.MILESTONES, "complete", deadline)
    assert promise.steps == steps


def test_without_a_day_of_publication_words_such_as_this_year_are_no_deadline():
    assert only("今年计划新增就业100万人。", published=None).deadline is None


def test_the_words_are_those_of_the_text_where_they_stand():
    text = "Prices fell. The port aims to exceed 270,000 TEUs in 2025."
    promise = only(text)
    assert text[promise.start : promise.end] == promise.text
    assert "exceed 270,000 TEUs" in promise.text


def test_who_announced_it_is_who_spoke_last_and_else_the_agency():
    text = "Ann Lee, head of the port office, said the port will hire 50 pilots in 2025."
    assert only("The port will hire 50 pilots in 2025.", agency="Port office").announcer == "Port office"
    assert (
        only("Costs fell. " + text.replace("said", "said it was so. Now")).announcer
        == "Ann Lee, head of the port office"
    )


def test_a_name_said_again_is_the_person_who_was_introduced():
    text = (
        "Ann Lee, head of the port office, announced plans. Bob Ray, a pilot, said it was time. "
        "Lee also said the port will hire 50 pilots in 2025."
    )
    assert only(text).announcer == "Ann Lee, head of the port office"


def test_a_number_that_only_says_of_how_many_is_no_goal():
    promise = only("By 2026 it intends to reduce deaths to 70 per 100,000 births from 120.")
    assert (promise.value, promise.deadline) == (70, date(2026, 12, 31))


def test_how_long_somebody_waits_is_no_goal_of_a_promise_about_them():
    found = read("95% of patients will be seen by 2026, and waits of over 18 months will be eliminated by April 2027.")
    assert [one.value for one in found] == [95]


def test_what_is_set_off_by_semicolons_goes_on_with_the_promise_and_its_window():
    found = read("2025年，医院将把住院日控制在6天以内；引进人才20名，完成新院区封顶。")
    assert [one.value for one in found] == [6, 20, None]
    assert {one.deadline for one in found} == {date(2025, 12, 31)}


def test_a_page_full_of_promises_is_read_to_a_limit():
    assert len(read("\n".join(f"It will build {1000 + number} homes in 2025." for number in range(150)))) == 100


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([None, date(2024, 2, 29), date(2025, 12, 31)]))
def test_any_text_is_read_and_each_promise_stands_on_its_own_words(pieces, published):
    text = " ".join(pieces)
    for promise in read(text, published=published, agency="重庆"):
        assert promise.text
        assert text[promise.start : promise.end] == promise.text
        assert bool(promise.steps) is (promise.value is None)


def test_units_of_one_base_are_compared_by_value():
    assert unit_of("km") == ("metre", 1000)
    assert unit_of("trains/day")[0] == unit_of("列/天")[0]


def test_a_label_is_matched_once_and_by_the_reading_that_fits_best():
    passage = next(one for one in LABELLED if one["id"] == "hospital-2024")
    target = passage["targets"][0]
    found = read_promises(passage["text"], (), published_on=date(2024, 4, 10))
    assert all(right(found[0], target)[name] for name in ("kind", "comparator", "goal", "deadline", "words"))
    assert not overlaps(found[-1], target["spans"])
    assert matching([[True, True], [True, False]]) == {0: 1, 1: 0}


def test_no_published_result_behind_the_configured_readings_is_taken_for_a_promise():
    quotes = [
        (row["quote"], date.fromisoformat(row["published_on"]))
        for file in sorted((Path(__file__).parents[2] / "config" / "readings").glob("*.csv"))
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        if row.get("quote") and row.get("published_on")
    ]
    assert len(quotes) > 50
    assert [said for said, day in quotes if read(said, published=day)] == []
