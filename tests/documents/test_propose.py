"""A description is proposed from a document's own words, and reads it where nothing is left to choose."""

from __future__ import annotations

import pytest
from picking import codes, tables
from test_cases import NAMES, NOW, read

from targetwatch.documents.description import Pick
from targetwatch.documents.pick import pick
from targetwatch.documents.propose import propose
from targetwatch.model import Indicator, Measure, Release, Text


def indicator(name: str, en: str, zh: str, unit: str, **more) -> Indicator:
    return Indicator(id=name, title=Text(en, zh), measure=Measure.FLOW, unit=unit, authority="office", **more)


OURS = (
    indicator("teu", "Container throughput, total", "集装箱吞吐量", "TEU", release=Release(every="month", lag=20)),
    indicator("trade", "Foreign trade of the city", "全市外贸进出口", "bn CNY"),
    indicator("rail", "Goods carried by rail", "铁路货运", "million tonne-km"),
)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_proposed_of_any_document_is_a_description(name):
    document = read(name)
    for indicators in (OURS, ()):
        proposed = propose(document.decoded, indicators, name=name)
        assert Pick.model_validate(proposed).readings


def test_months_with_a_total_among_them_are_proposed_with_header_period_unit_growth_and_sum():
    document = read("months-and-years-in-one-table")
    proposed = propose(document.decoded, OURS)
    assert proposed["anchors"]["title"] == "Container throughput of the port"
    assert proposed["header"] == {"words": ["Year", "Month"]}
    assert proposed["rows"] == {"fill_down": ["Year"], "where": {"Month": {"not": ["All"]}}}
    assert proposed["period"] == {"of": "{Year}-{Month}"}
    assert proposed["published"] == "period_end + 20d"
    assert proposed["readings"] == [
        {"indicator": "teu", "value": "Total ('000 TEUs)", "yoy": "Total (year-on-year %)"},
    ]
    assert proposed["guards"]["sum"] == [
        {"total": "Total ('000 TEUs)", "of": ["Inner ('000 TEUs)", "Outer ('000 TEUs)"]}
    ]
    found = pick(document.decoded, Pick.model_validate(proposed), source="s", now=NOW)
    expected = [one.value for one in document.picked.readings if one.indicator == "teu"]
    assert ([one.value for one in found.readings], codes(found.drift)) == (expected, [])


def test_a_header_of_two_rows_and_a_running_total_in_chinese_are_proposed():
    document = read("cumulative-with-a-two-row-header-in-gb18030")
    proposed = propose(document.decoded, OURS)
    assert proposed["header"]["depth"] == 2
    assert proposed["anchors"]["unit"] == "单位：亿元"
    assert {**proposed["readings"][0], "yoy": ""} == {
        "indicator": "trade",
        "value": "进出口 / 累计",
        "yoy": "",
        "basis": "year_to_date",
    }
    found = pick(document.decoded, Pick.model_validate(proposed), source="s", now=NOW)
    assert [one.value for one in found.readings] == [
        one.value for one in document.picked.readings if one.indicator == "trade"
    ]


def test_years_as_columns_are_proposed_as_such_and_shares_apart():
    proposed = propose(read("years-as-columns-with-shares").decoded, OURS)
    first, second = proposed["readings"]
    assert first["indicator"] == {"column": "Mode", "map": {"Rail": "rail"}}
    assert first["unpivot"] == "(?P<year>[0-9]{4})"
    assert second["unpivot"] == r"(?P<year>[0-9]{4})\ share\ \(%\)"


def test_series_that_stand_one_below_the_other_are_told_apart_by_a_column():
    rows = [f"{place}|2025-0{month}|{month}" for place in ("Alpha", "Beta") for month in (1, 2, 3)]
    proposed = propose(tables("\n".join(["place|month|value", *rows])), ())
    assert [one["where"] for one in proposed["readings"]] == [{"place": "Alpha"}, {"place": "Beta"}]


def test_a_decimal_comma_and_first_days_of_months_are_seen():
    proposed = propose(tables("Datum|Wert\n2025-01-01|1.234,5\n2025-02-01|987,5\n2025-03-01|1.002,0"), ())
    assert proposed["numbers"] == {"decimal": ",", "thousands": ["."]}
    assert proposed["period"] == {"of": "{Datum}", "span": "month"}


def test_lines_of_figures_are_proposed_with_a_pattern_and_the_year_carried():
    text = "Throughput\n2025\nJan 12 13\nFeb 14 15\nMar 16 17"
    proposed = propose(tables(lines=text), ())
    assert proposed["lines"]["pattern"] == r"(?P<label>\D+?) (?P<n1>{number}) (?P<n2>{number})"
    proposed["readings"][0]["unit"] = "ships"
    found = pick(tables(lines=text), Pick.model_validate(proposed), source="s", now=NOW)
    assert [str(one.period.start) for one in found.readings] == ["2025-01-01", "2025-02-01", "2025-03-01"]


def test_of_a_document_with_nothing_in_it_a_description_is_proposed_all_the_same():
    assert Pick.model_validate(propose(tables(lines=""), ())).readings


def test_blanks_between_thousands_and_growths_at_the_end_of_lines_are_seen():
    text = "Throughput, '000 TEUs\n2025\nJan 889 280 1 169 -8.9 -3.8\n"
    text += "Feb 1 664 508 2 171 -2.3 8.8\nMar 725 245 970 -14.0 1.0"
    proposed = propose(tables(lines=text), ())
    assert proposed["numbers"] == {"decimal": ".", "thousands": [" "]}
    assert (proposed["readings"][0]["value"], proposed["lines"]["pattern"].count("{number}")) == ("n3", 5)
    found = pick(
        tables(lines=text), Pick.model_validate(proposed | {"anchors": {"unit": "'000 TEUs"}}), source="s", now=NOW
    )
    assert [one.value for one in found.readings] == [1169, 2171, 970]


def test_no_indicator_is_proposed_whose_words_are_not_there_and_no_unit_that_is_not_printed():
    proposed = propose(tables("month|height of snow\n2025-01|5\n2025-02|6"), OURS)
    assert proposed["readings"] == [{"indicator": "indicator", "value": "height of snow"}]
    assert "anchors" not in propose(tables("month|x\n2025-01|5\n2025-02|6", title="HKP_KTCT-stat"), OURS)


def test_a_column_of_decimals_is_no_period():
    proposed = propose(tables("figure|when\n1676.93|2025-01\n1989.12|2025-02"), ())
    assert proposed["period"] == {"of": "{when}"}
