"""Figures, rates, exactness, indicators and regions, one kind of sentence at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from press_quotes import missing

from refusing import say
from targetwatch.model import Indicator, Measure, Qualifier, Text
from targetwatch.model.problem import Problem
from targetwatch.press import entry, read

pytestmark = pytest.mark.slow

TODAY = date(2026, 1, 31)
CORRIDOR = "2025年上半年，重庆经西部陆海新通道运输{}"


def test_one_chinese_sentence_gives_both_of_its_readings(proposed):
    volume, value = proposed("1—3月，重庆经西部陆海新通道共运输6.4万标箱、同比增长28%，货值115.87亿元")
    assert (volume.indicator.value, volume.value.value, volume.unit.value) == ("ilstc-volume", 64000, "TEU")
    assert (value.indicator.value, value.value.value, value.unit.value) == ("ilstc-value", 11587000000, "CNY")
    assert (volume.yoy.value, value.yoy) == (Decimal("0.28"), None)
    assert volume.period.value == value.period.value


def test_one_english_sentence_gives_both_of_its_readings(proposed):
    volume, value = proposed("In the first half, 154,600 TEUs ... up 33 percent year on year, worth 28.33 billion yuan")
    assert (volume.value.value, value.value.value) == (154600, 28330000000)
    assert (volume.yoy.value, value.yoy) == (Decimal("0.33"), None)
    assert value.indicator.value == "ilstc-value"


@pytest.mark.parametrize(
    ("words", "value", "qualifier"),
    [
        ("6.4万标箱", "64000", "exact"),
        ("６．４万标箱", "64000", "exact"),
        ("6.4萬標箱", "64000", "exact"),
        ("15万余标箱", "150000", "over"),
        ("15万多标箱", "150000", "over"),
        ("近15万标箱", "150000", "about"),
        ("超15万标箱", "150000", "over"),
        ("超过了15万标箱", "150000", "over"),
        ("逾15万标箱", "150000", "over"),
        ("突破15万标箱", "150000", "over"),
        ("约15万标箱", "150000", "about"),
        ("15万标箱左右", "150000", "about"),
        ("15万标箱以上", "150000", "over"),
        ("6400标箱", "6400", "exact"),
        ("154,600个标准箱", "154600", "exact"),
        ("27万2300TEU", "272300", "exact"),
        ("1.2千标箱", "1200", "exact"),
    ],
)
def test_chinese_amounts_are_read_with_their_exactness(first, words, value, qualifier):
    proposal = first(CORRIDOR.format(words))
    assert (proposal.value.value, proposal.qualifier.value) == (Decimal(value), Qualifier(qualifier))
    assert proposal.unit.value == "TEU"


@pytest.mark.parametrize(
    ("words", "value", "qualifier"),
    [
        ("more than 154,600 TEUs", "154600", "over"),
        ("over 154,600 twenty-foot equivalent units (TEUs)", "154600", "over"),
        ("nearly 154,600 TEUs", "154600", "about"),
        ("some 154,600 TEUs", "154600", "about"),
        ("at least 154,600 standard containers", "154600", "over"),
        ("as many as 1.1 million TEUs", "1100000", "over"),
        ("45k TEU", "45000", "exact"),
    ],
)
def test_english_amounts_are_read_with_their_exactness(first, words, value, qualifier):
    proposal = first(f"In the first half of 2025, Chongqing moved {words} via the ILSTC")
    assert (proposal.value.value, proposal.qualifier.value) == (Decimal(value), Qualifier(qualifier))


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("worth 28.33 billion yuan", "28330000000", "CNY"),
        ("worth RMB 28.33 billion", "28330000000", "CNY"),
        ("worth US$3.95 billion", "3950000000", "USD"),
        ("worth $3.95bn", "3950000000", "USD"),
    ],
)
def test_money_is_read_before_and_after_the_number(first, words, value, unit):
    proposal = first(f"In H1 2025, Chongqing's goods via the ILSTC and cross-border financing were {words}")
    assert (proposal.value.value, proposal.unit.value) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("words", "rate"),
    [
        ("6.4万标箱，同比增长28%", "0.28"),
        ("6.4万标箱，同比下降3.5%", "-0.035"),
        ("6.4万标箱、增长28%", "0.28"),
        ("6.4万标箱，比上年同期增长28％", "0.28"),
        ("6.4万标箱，同比增长百分之二十八", "0.28"),
        ("6.4万标箱，同比增长1.5倍", "1.5"),
        ("6.4万标箱，是去年同期的2.5倍", "1.5"),
        ("6.4万标箱，同比翻了一番", "1"),
        ("6.4万标箱，同比增长28%，环比下降3%", "0.28"),
        ("6.4万标箱，环比下降3%，同比增长28%", "0.28"),
        ("6.4万标箱，环比增长3%", None),
        ("6.4万标箱，较上月增长3%", None),
        ("6.4万标箱，年均增长3%", None),
        ("6.4万标箱，同比增长超10%", None),
        ("6.4万标箱，占全市的40%", None),
        ("6.4万标箱，增速提高2.3个百分点", None),
        ("6.4万标箱，其中铁海联运增长30%", None),
    ],
)
def test_the_growth_beside_a_chinese_amount_is_its_rate_only_when_on_the_year_before(first, words, rate):
    proposal = first(CORRIDOR.format(words))
    assert proposal.value.value == 64000
    assert (proposal.yoy.value if proposal.yoy else None) == (Decimal(rate) if rate else None)


@pytest.mark.parametrize(
    ("sentence", "rate"),
    [
        ("Exports reached 5 billion yuan in September 2025, up 28% year on year", "0.28"),
        ("Exports reached 5 billion yuan in September 2025, down 3.5 percent from a year earlier", "-0.035"),
        ("Exports reached 5 billion yuan in September 2025, a year-on-year increase of 28 percent", "0.28"),
        ("Exports reached 5 billion yuan in September 2025, a 28% decrease", "-0.28"),
        ("Exports rose 28% to 5 billion yuan in September 2025", "0.28"),
        ("Exports fell by 3.5% year on year to about 5 billion yuan in September 2025", "-0.035"),
        ("Exports doubled to 5 billion yuan in September 2025", "1"),
        ("Exports reached 5 billion yuan in September 2025, up 2.1% month on month", None),
        ("Exports reached 5 billion yuan in September 2025, up 2.1% from the previous month", None),
        ("Exports reached 5 billion yuan in September 2025, up 2.1 percentage points", None),
        ("Exports reached 5 billion yuan in September 2025, while industrial output grew 8%", None),
        ("Exports reached 5 billion yuan in September 2025, accounting for 60% of the total", None),
        ("Exports reached 5 billion yuan in September 2025, nearly 33 percent more than a year earlier", None),
    ],
)
def test_the_growth_beside_an_english_amount_is_its_rate_only_when_on_the_year_before(first, sentence, rate):
    proposal = first(sentence)
    assert (proposal.indicator.value, proposal.value.value) == ("exports", 5000000000)
    assert (proposal.yoy.value if proposal.yoy else None) == (Decimal(rate) if rate else None)


def test_rates_told_respectively_go_to_the_figures_in_order(proposed):
    moved = "In H1 2025 Chongqing moved 154,600 TEUs worth 28.33 billion yuan (3.95 billion USD) via the ILSTC"
    text = f"{moved}, up 28% and 22%"
    volume, value, *rest = proposed(text)
    assert (volume.yoy.value, value.yoy.value) == (Decimal("0.28"), Decimal("0.22"))
    assert not rest  # the dollars in brackets repeat the yuan


def test_growth_whose_base_is_not_said_is_marked_as_taken_for_the_year_before(first):
    assert not first(CORRIDOR.format("6.4万标箱，同比增长28%")).yoy.inferred
    unsaid = first(CORRIDOR.format("6.4万标箱，增长28%")).yoy
    assert unsaid.inferred
    assert [one.code for one in unsaid.why] == ["growth_unsaid"]


def test_an_inexact_rate_is_left_out_and_said_to_be(first):
    proposal = first(CORRIDOR.format("6.4万标箱，同比增长超10%"))
    assert Problem("rate_inexact") in proposal.doubts


@pytest.mark.parametrize(
    ("sentence", "indicator"),
    [
        ("前三季度，重庆外贸进出口总值5819.8亿元", "total-trade"),
        ("前三季度，重庆出口4008.3亿元", "exports"),
        ("前三季度，重庆进口1811.5亿元", "imports"),
        ("前三季度，重庆对东盟进出口997.6亿元", "asean-trade"),
        ("前三季度，重庆汽车出口402.2亿元", "car-exports"),
        ("截至9月底，中新互联互通项目累计跨境融资217亿美元", "cci-financing"),
        ("截至9月底，中新互联互通项目累计签约347个项目", "cci-projects"),
        ("2025年1-9月，江津区西部陆海新通道班列运输货物6.1万标箱", "jiangjin-volume"),
        ("2024年，综合保税区占全市外贸比重64.7%", "bonded-share"),
        ("2024年，重庆实际利用外资同比增长5.3%", "fdi"),
        ("截至8月底，通道已通达127个国家和地区的577个港口", "corridor-ports"),
        ("Chongqing's trade with ASEAN reached 99.76 billion yuan in the first three quarters", "asean-trade"),
        ("Car exports totalled 40.22 billion yuan in the first ten months", "car-exports"),
        ("Some 12,000 vehicles departed Chongqing by cross-border road last year", "road-vehicles-departing"),
        ("The average total transit time to Singapore was cut from 20 days to 10 days", "singapore-transit-time"),
        ("The corridor's logistics cost decreased 3.5 percent in 2024", "corridor-logistics-cost-change"),
    ],
)  # fmt: skip
def test_the_indicator_is_told_by_its_own_words(first, sentence, indicator):
    proposal = first(sentence)
    assert proposal.indicator.value == indicator
    assert proposal.candidates[0].indicator == indicator
    assert proposal.indicator.text in sentence


def test_the_candidates_are_ranked_and_share_the_confidence(first):
    candidates = first("重庆经西部陆海新通道运输6.4万标箱").candidates
    assert len({one.indicator for one in candidates}) == len(candidates) > 1
    sure = [one.confidence for one in candidates]
    assert sure == sorted(sure, reverse=True)
    assert sum(sure) <= 1.01


def test_a_total_and_the_parts_after_it_keep_their_own_rates(proposed):
    found = proposed(
        "前三季度，重庆外贸进出口总值5819.8亿元，同比增长12.3%，其中出口4008.3亿元，增长10.6%，进口1811.5亿元，增长16.2%。"
    )
    amounts = {one.indicator.value: one.yoy.value for one in found if one.unit.value == "CNY"}
    assert amounts == {"total-trade": Decimal("0.123"), "exports": Decimal("0.106"), "imports": Decimal("0.162")}
    rates = {one.indicator.value: one.value.value for one in found if one.unit.value == "%"}
    assert rates == {"total-trade-growth": Decimal("12.3")}


def test_rates_of_a_list_keep_their_own_signs(proposed):
    europe, america, *_ = proposed("前三季度，重庆对欧盟、美国分别进出口812.3亿元、702.1亿元，分别增长5.6%、下降8.9%")
    assert (europe.yoy.value, america.yoy.value) == (Decimal("0.056"), Decimal("-0.089"))


def test_words_in_brackets_do_not_part_an_amount_from_its_rate(first):
    proposal = first(
        "2025年前三季度，重庆外贸进出口总值5819.8亿元，比去年同期（下同）增长12.3%，高于全国增速8.3个百分点"
    )
    assert proposal.yoy.value == Decimal("0.123")


def test_a_share_of_something_no_indicator_is_the_share_of_is_doubtful(proposed):
    *_, share = proposed("前三季度，重庆对东盟进出口997.6亿元，占同期重庆外贸总值的17.1%")
    assert share.value.value == Decimal("17.1")
    assert share.confidence < 0.3


def test_a_fall_of_an_indicator_that_is_a_rate_is_negative(first):
    proposal = first(
        "The comprehensive logistics cost of corridor transportation decreased 3.5 percent year-on-year in 2023"
    )
    assert (proposal.value.value, proposal.value.typed) == (Decimal("-3.5"), "-3.5%")


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("前三季度，全国进出口总值33.61万亿元", "全国"),
        ("广西经西部陆海新通道运输货物50万标箱", "广西"),
        ("Sichuan's foreign trade reached 1.05 trillion yuan in 2024", "Sichuan"),
        ("China's foreign trade reached 43.85 trillion yuan in 2024", "China"),
    ],
)
def test_a_figure_of_another_region_is_marked_with_the_words_that_say_so(first, sentence, words):
    proposal = first(sentence)
    assert proposal.elsewhere.text == words
    assert proposal.confidence < 0.3
    assert any(words in say(doubt) for doubt in proposal.doubts)


@pytest.mark.parametrize(
    "sentence",
    [
        "重庆经广西钦州港运输6.4万标箱",
        "Southwest China's Chongqing moved 64,000 TEUs through Guangxi",
        "重庆进出口5819.8亿元，高于全国增速",
    ],
)
def test_a_region_on_the_way_is_no_other_scope(first, sentence):
    assert first(sentence).elsewhere is None


def test_a_text_that_does_not_name_the_usual_region_may_be_of_a_wider_scope_and_says_so(first, proposed):
    corridor = first(
        "The New International Land-Sea Trade Corridor handled 1.09 million TEUs in the first three quarters"
    )
    assert Problem("region_unsaid", {"region": Text("Chongqing", "重庆")}) in corridor.doubts
    for proposal in proposed("1—3月，重庆经西部陆海新通道运输6.4万标箱，货值115.87亿元。"):
        assert not proposal.doubts


def test_a_name_written_out_is_known_by_its_acronym(first):
    subject = first(
        "Chongqing moved 64,000 TEUs via the New International Land-Sea Trade Corridor in H1 2025"
    ).indicator
    assert (subject.value, subject.text) == ("ilstc-volume", "International Land-Sea Trade Corridor")
    assert not subject.inferred


@pytest.mark.parametrize(
    "sentence",
    [
        "到今年底，重庆经西部陆海新通道运量有望超过27万标箱",
        "2027年重庆经西部陆海新通道运量力争达到50万标箱",
        "今年上半年，重庆经西部陆海新通道运输15.46万标箱，全年不低于40万标箱",
        "重庆经西部陆海新通道全年运输量将突破30万标箱",
        "2025年重庆经西部陆海新通道运输量确保不少于27万标箱",
        "全年重庆经西部陆海新通道运输量要达到30万标箱",
        "重庆经西部陆海新通道运输量全年预测值为31万标箱",
        "Chongqing expects to move 270,000 TEUs via the ILSTC in 2025",
    ],
)
def test_a_plan_is_not_taken_for_a_figure_reached(proposed, sentence):
    proposal = proposed(sentence)[-1]
    assert proposal.planned
    assert proposal.confidence < 0.25


@pytest.mark.parametrize(
    "sentence",
    [
        "At 3 pm on 15 July 2025, Mayor Li (aged 56) said Highway G65 will open.",
        "2025年7月15日，第6个综保区在重庆举行第2次会议，新增航线3条。",
        "The 2nd China-ASEAN fair drew 3,400 firms from 60 countries.",
        "COVID-19 and the Boeing 737 at Terminal 3, see https://example.org/2025/154600.html",
        "Chongqing ranks 8th nationwide and the 20-foot box is the standard.",
        "通道已覆盖127个国家和地区、1300多种货物",
        "",
        "   \n\n ，。、",
    ],
)
def test_what_is_no_figure_of_an_indicator_is_left_out(proposed, sentence):
    assert proposed(sentence) == ()


def test_a_range_has_no_value_and_says_that_a_person_must_decide(first):
    proposal = first("2025年上半年，重庆经西部陆海新通道运输10万—12万标箱")
    assert proposal.value is None
    assert "value" in missing(proposal)
    assert Problem("range_given") in proposal.doubts


def test_a_change_from_one_level_to_another_proposes_where_it_came_to(proposed):
    (proposal,) = proposed("铁海联运至新加坡全程时间从20天缩短至10天")
    assert (proposal.value.value, proposal.unit.value) == (10, "days")


def test_a_number_printed_in_full_with_zeros_is_taken_as_rounded_and_says_so(first):
    rounding = first("In H1 2025 Chongqing moved 154,600 TEUs via the ILSTC").rounding
    assert (rounding.value, rounding.typed, rounding.inferred) == (50, "50", True)
    printed = first(CORRIDOR.format("15.46万标箱")).rounding
    assert (printed.value, printed.typed, printed.inferred) == (50, "", False)


def test_the_marks_lie_in_the_text_as_it_was_pasted(first):
    text = "　１—３月，重慶經西部陸海新通道運輸６．４萬標箱，同比增長２８％　"
    proposal = first(text)
    assert [text[one.start : one.end] for one in (proposal.period, proposal.value, proposal.yoy)] == [
        "１—３月",
        "６．４萬標箱",
        "２８％",
    ]
    assert proposal.quote == text.strip("　")


def test_a_zero_width_sign_inside_a_number_does_not_hide_it(first):
    assert first("2025年重庆经西部陆海新通道运输6\u200b.4万标箱").value.value == 64000


def test_the_entry_says_every_field_by_the_name_it_is_entered_by(first):
    text = "1—3月，重庆经西部陆海新通道共运输超6.4万标箱、同比增长28%"
    cells = entry(first(text, publisher="port-and-logistics-office"))
    assert cells == {
        "indicator": "ilstc-volume",
        "period": "2025-Q1",
        "basis": "year_to_date",
        "value": "6.4万标箱",
        "qualifier": "over",
        "yoy": "28%",
        "published_on": "2025-12-09",
        "publisher": "port-and-logistics-office",
        "quote": text,
    }


def test_a_unit_apart_from_its_number_is_entered_in_its_own_field(first):
    proposal = first("The number of truck trips on the corridor exceeded 11,000 in 2024")
    assert (entry(proposal)["value"], entry(proposal)["unit"]) == ("11,000", "trips")
    assert proposal.unit.text == "trips"


@pytest.mark.parametrize(("title", "sure"), [("Chongqing's trade up", True), ("Sichuan's trade up", False)])
def test_the_title_of_an_article_says_of_which_place_its_figures_are(first, title, sure):
    proposal = first("Exports reached 240 billion yuan in the first half of 2025", title=title)
    assert proposal.indicator.value == "exports"
    assert (proposal.confidence >= 0.6, proposal.elsewhere is None) == (sure, sure)


@pytest.mark.parametrize(
    "sentence",
    [
        "前三季度，重庆民营企业进出口2714.5亿元",
        "前三季度，重庆对欧盟进出口801.9亿元",
        "前三季度，重庆外贸顺差2197亿元",
        "In the first half of 2025, Chongqing's imports of integrated circuits reached 60 billion yuan",
        "In the first half of 2025, Chongqing's processing trade reached 160 billion yuan",
        "In the first half of 2025, Chongqing's trade surplus reached 120 billion yuan",
    ],
)
def test_words_that_narrow_an_indicator_make_its_figure_doubtful_and_are_named(first, sentence):
    proposal = first(sentence)
    assert proposal.confidence < 0.3
    assert any(doubt.code == "words_narrow" for doubt in proposal.doubts)


def test_of_two_values_for_one_thing_the_surer_stands_and_a_repeat_is_left_out(proposed):
    said = "前三季度，重庆进出口总值5819.8亿元。前三季度，重庆进出口总值5819.8亿元。前三季度，重庆进出口总值5600亿元。"
    exact, other = proposed(said)
    assert exact.confidence >= 0.6
    assert other.confidence < 0.3
    assert any(doubt.code == "other_value_said" for doubt in other.doubts)


@pytest.mark.parametrize(
    ("sentence", "asean"),
    [
        ("前三季度，重庆对东盟、欧盟、美国分别进出口846.3亿元、801.9亿元和724.4亿元", "84630000000"),
        (
            "In H1 2025 Chongqing's trade with the EU and ASEAN was 57 billion and 63 billion yuan, respectively",
            "63000000000",
        ),
    ],
)
def test_each_figure_of_a_list_is_of_its_own_item(proposed, sentence, asean):
    sure = [one for one in proposed(sentence) if one.confidence >= 0.6]
    assert [(one.indicator.value, one.value.value) for one in sure] == [("asean-trade", Decimal(asean))]


@pytest.mark.parametrize("words", ["同比增加6.2万标箱", "比上年同期多6.2万标箱"])
def test_an_increment_is_no_figure(proposed, words):
    (proposal,) = proposed(CORRIDOR.format(f"15.46万标箱，{words}，增幅66.9%"))
    assert (proposal.value.value, proposal.yoy.value) == (154600, Decimal("0.669"))


def test_what_a_figure_is_compared_with_is_of_the_year_before(proposed):
    now, then = proposed(
        "Chongqing's exports reached 240 billion yuan in H1 2025, compared with 230 billion yuan a year earlier"
    )
    assert [one.period.value.end.year for one in (now, then)] == [2025, 2024]


def test_indicators_of_any_subject_are_told_by_their_titles():
    beds = Indicator(
        id="beds",
        title=Text(en="Hospital beds in use", zh="医院在用床位"),
        measure=Measure.LEVEL,
        unit="hospital beds",
        unit_label=Text(en="beds", zh="张"),
    )
    power = Indicator(
        id="power",
        title=Text(en="Electricity consumption", zh="全社会用电量"),
        measure=Measure.FLOW,
        unit="GWh",
        unit_label=Text(en="GWh", zh="吉瓦时"),
    )
    options = {"published_on": None, "today": TODAY}
    (in_use,) = read("At the end of June 2025, 4,210 hospital beds were in use", [power, beds], **options)
    (used,) = read("2025年上半年，全社会用电量1234吉瓦时，同比增长5%", [power, beds], **options)
    assert (in_use.indicator.value, in_use.value.value) == ("beds", 4210)
    assert (used.indicator.value, used.value.value, used.yoy.value) == ("power", 1234, Decimal("0.05"))


def test_without_indicators_nothing_is_proposed():
    assert read("1—3月运输6.4万标箱", [], published_on=None, today=TODAY) == ()
