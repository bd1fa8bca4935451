"""Numbers, periods and units as offices print them are read exactly or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from picking import codes, described, picked, said, tables
from pydantic import ValidationError

from targetwatch.documents.description import Numbers, PeriodRule
from targetwatch.documents.printed import read_number, read_period
from targetwatch.errors import QuantityError
from targetwatch.quantity import Unit, format_period, printed_units

POINT = Numbers(decimal=".", thousands=[",", " "])
COMMA = Numbers(decimal=",", thousands=".", brackets="negative")


@pytest.mark.parametrize(
    ("text", "how", "value"),
    [
        ("1538", Numbers(), "1538"),
        ("1,538,200", Numbers(), "1538200"),
        ("1.538,2", Numbers(), "1538.2"),
        ("946.36", Numbers(), "946.36"),
        ("3,1", Numbers(), "3.1"),
        ("0.728", Numbers(), "0.728"),
        ("-12.7", Numbers(), "-12.7"),
        ("\u221212.7", Numbers(), "-12.7"),
        ("12*", Numbers(), "12"),
        ("1,234¹", POINT, "1234"),
        ("1 067", POINT, "1067"),
        ("1,538.25", POINT, "1538.25"),
        ("1.538", POINT, "1.538"),
        ("1.538", COMMA, "1538"),
        ("(3,1)", COMMA, "-3.1"),
        ("1,234[2]", POINT, "1234"),
        ("1,35,362", Numbers(), "135362"),
        ("1'234'567.5", Numbers(), "1234567.5"),
        ("1’234", COMMA, "1234"),
        ("-", Numbers(zero="-", none="."), "0"),
        ("12,34,567.5", POINT, "1234567.5"),
        ("△1,760,900", Numbers(), "-1760900"),
        ("△ 0.2", POINT, "-0.2"),
        ("▲3.2", Numbers(negative=["▲", "△"]), "-3.2"),
        ("1,234.5-", Numbers(negative="-"), "-1234.5"),
        ("7 -", Numbers(negative="-"), "-7"),
        ("1234 r", Numbers(marks=["r", "p"]), "1234"),
    ],
)
def test_a_number_is_read_as_its_marks_are_declared_or_can_only_be_meant(text, how, value):
    assert read_number(text, how).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "how", "code"),
    [
        ("1,538", Numbers(), "number_ambiguous"),
        ("1.538", Numbers(), "number_ambiguous"),
        ("946,36", POINT, "number_not_so_printed"),
        ("1.538,2", POINT, "number_not_so_printed"),
        ("(3.1)", Numbers(), "number_in_brackets"),
        ("1 067", Numbers(), "number_not_so_printed"),
        ("627,4691,248,804", POINT, "number_not_so_printed"),
        ("1.35 - 1.42", Numbers(), "number_not_so_printed"),
        ("unq", Numbers(), "number_not_so_printed"),
        ("12 apples", Numbers(), "number_not_so_printed"),
        ("1,35,36", Numbers(), "number_not_so_printed"),
        ("12.5-", Numbers(), "number_not_so_printed"),
        ("1'23", Numbers(), "number_not_so_printed"),
        ("1,35,362", COMMA, "number_not_so_printed"),
        ("▲3.2", Numbers(), "number_with_triangle"),
        ("123-", Numbers(), "number_not_so_printed"),
        ("△3.2", Numbers(negative="▲"), "number_with_triangle"),
    ],
)
def test_a_number_that_may_be_two_or_is_printed_otherwise_is_refused(text, how, code):
    with pytest.raises(QuantityError) as refused:
        read_number(text, how)
    assert codes(refused.value.problems) == [code]


@pytest.mark.parametrize("text", ["", " ", "-", "..", "n/a", "*"])
def test_where_no_figure_stands_none_is_read(text):
    assert read_number(text, Numbers()) is None


@pytest.mark.parametrize(
    ("text", "how", "period"),
    [
        ("2021-Jan", {}, "2021-01"),
        ("2021-1", {}, "2021-01"),
        ("202111", {}, "2021-11"),
        ("March 2025", {}, "2025-03"),
        ("2025年1-3月", {}, "2025-Q1"),
        ("2025年上半年", {}, "2025-H1"),
        ("2025年", {}, "2025"),
        ("2023 十一月 Nov", {}, "2023-11"),
        ("Q1 2025", {}, "2025-Q1"),
        ("2025M01", {}, "2025-01"),
        ("2025-S2", {}, "2025-H2"),
        ("2025-W07", {}, "2025-02-10..2025-02-16"),
        ("2025-01-03", {"span": "week", "week_ends": "friday"}, "2024-12-28..2025-01-03"),
        ("2025年度", {"year_starts": 4}, "2025-04..2026-03"),
        ("FY25", {"year_starts": 4}, "2024-04..2025-03"),
        ("Q1 FY2025", {"year_starts": 4}, "2024-Q2"),
        ("Q4 2024-25", {"year_starts": 4}, "2025-Q1"),
        ("2024/25 Q2", {"year_starts": 7}, "2024-Q4"),
        ("listopad 2025", {"language": "pl"}, "2025-11"),
        ("15.01.2025", {}, "2025-01-15"),
        ("20250115", {}, "2025-01-15"),
        ("July 2025 (p)", {}, "2025-07"),
        ("01.2025*", {}, "2025-01"),
        ("2003-04", {}, "2003-04"),
        ("2003/04", {"span": "month"}, "2003-04"),
        ("2003–04", {"year_starts": 9}, "2003-09..2004-08"),
        ("FY2024", {"year_starts": 4}, "2023-04..2024-03"),
        ("FY2024", {"year_starts": 4, "year_named": "start"}, "2024-04..2025-03"),
        ("2024年度", {"year_starts": 4, "year_named": "start"}, "2024-04..2025-03"),
        ("2024-01-01", {"span": "month"}, "2024-01"),
        ("2024-03-31", {"span": "quarter"}, "2024-Q1"),
        ("2025-01-01T00:00:00Z", {"span": "month"}, "2025-01"),
        ("45658", {"form": "serial", "span": "month"}, "2025-01"),
        ("1738281600", {"form": "epoch"}, "2025-01-31"),
        ("1738252800", {"form": "epoch", "zone": "Asia/Shanghai", "span": "day"}, "2025-01-31"),
        ("1735660800000", {"form": "epoch_ms", "zone": "Asia/Shanghai", "span": "month"}, "2025-01"),
        ("2024-12-31T16:00:00Z", {"zone": "Asia/Shanghai", "span": "month"}, "2025-01"),
        ("2025-01-01T00:00:00+08:00", {"span": "month"}, "2025-01"),
        ("2025-01-01 00:00", {"span": "month"}, "2025-01"),
        ("2025-07-01 15:30", {}, "2025-07-01"),
        ("1738281600000", {"form": "epoch_ms"}, "2025-01-31"),
        ("02/24/17", {"format": "%m/%d/%y"}, "2017-02-24"),
        ("ene-25", {"format": "%b-%y", "language": "es"}, "2025-01"),
        ("enero 2025", {"language": "es"}, "2025-01"),
        ("1.er trimestre 2025", {"language": "es"}, "2025-Q1"),
        ("stycznia 2025", {"language": "pl"}, "2025-01"),
        ("styczeń 2025", {"language": ["es", "pl"]}, "2025-01"),
        ("令和6年", {}, "2024"),
        ("令和元年5月", {}, "2019-05"),
        ("平成30年度", {"year_starts": 4}, "2018-04..2019-03"),
        ("昭和60年1-3月", {}, "1985-Q1"),
        ("民國113年", {}, "2024"),
        ("中華民國 113 年 5 月", {}, "2024-05"),
        ("KW 5/2025", {}, "2025-01-27..2025-02-02"),
        ("5. KW 2025", {"language": "de"}, "2025-01-27..2025-02-02"),
        ("kw 05-2025", {"span": "week"}, "2025-01-27..2025-02-02"),
    ],
)
def test_a_period_is_read_in_the_form_that_is_declared(text, how, period):
    assert format_period(read_period(text, PeriodRule(of="{a}", **how))) == period


@pytest.mark.parametrize(
    ("text", "how", "code"),
    [
        ("2003/04", {}, "period_of_two_years"),
        ("listopad 2025", {"language": ["pl", "hr"]}, "not_a_period"),
        ("2025-01-02", {"span": "week", "week_ends": "friday"}, "period_not_span"),
        ("2025 (e)", {}, "not_a_period"),
        ("2025-W60", {}, "not_a_period"),
        ("Q1 2025", {"year_starts": 4}, "quarter_of_which_year"),
        ("2025-13-01 00:00", {}, "not_a_period"),
        ("2003–04", {}, "period_of_two_years"),
        ("Jan", {}, "period_without_year"),
        ("2011-All", {}, "not_a_period"),
        ("2024-01-15", {"span": "month"}, "period_not_span"),
        ("2024", {"span": "month"}, "period_not_span"),
        ("2024-01", {"format": "%d/%m/%Y"}, "other_day_format"),
        ("soon", {"form": "serial"}, "not_counted_time"),
        ("1735660800000", {"form": "epoch_ms", "span": "month"}, "time_within_day"),
        ("2024-12-31T16:00:00Z", {"span": "month"}, "time_within_day"),
    ],
)
def test_a_period_that_may_be_two_or_is_of_another_span_is_refused(text, how, code):
    with pytest.raises(QuantityError) as refused:
        read_period(text, PeriodRule(of="{a}", **how))
    assert codes(refused.value.problems) == [code]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Total ( '000 TEUs)", [("TEU", 3)]),
        ("TEU (thousands)", [("TEU", 0), ("", 3)]),
        ("[In thousands]", [("", 3)]),
        ("货物吞吐量（万吨）", [("t", 4)]),
        ("单位：亿元", [("CNY", 8)]),
        ("10,000 yuan", [("CNY", 4)]),
        ("Amount (RMB 100 million)", [("CNY", 8)]),
        ("Exports, USD million", [("USD", 6)]),
        ("Cargo, kt", [("t", 3)]),
        ("Mt", [("t", 6)]),
        ("Seaborne (Year-on-year change %)", [("%", 0)]),
        ("Container Throughput of Hong Kong Port", []),
        ("Cargo in lakh tonnes", [("t", 5)]),
        ("货物吞吐量万吨", [("t", 4)]),
        ("人民币亿元", [("CNY", 8)]),
        ("Tsd. t", [("t", 3)]),
        ("千公噸", [("t", 3)]),
        *(
            (text, [])
            for text in ("Md€", "Tsz. EUR", "Tsz. t", "millones de euros", "mil. EUR", "新臺幣千元", "Total TEU")
        ),
        *(
            (text, [])
            for text in ("hundred thousand tonnes", "£ million", "Mio. PLN", "亿韩元", "Mill. EUR", "thous. t")
        ),
        ("国家", []),
        ("% sobre capacidad", [("%", 0)]),
        ("100% owned", []),
        ("Quantity (lakh tonnes)", [("t", 5)]),
    ],
)
def test_the_units_that_a_heading_prints_are_known(text, units):
    assert list(printed_units(text)) == [Unit(*one) for one in units]


MONTHS = "period: '{Month}'\nreadings: [{indicator: teu, value: %s}]"


@pytest.mark.parametrize(
    ("head", "anchor", "extra", "unit"),
    [
        ("Total ('000 TEUs)", "", "", "thousand TEU"),
        ("Total", "Unit: '000 TEUs", "", "thousand TEU"),
        ("TEU", "In thousands", "", "thousand TEU"),
        ("Total", "Unit: '000 TEUs", "unit: thousand TEU", "thousand TEU"),
        ("Total", "Beds in use", "unit: {printed: Beds in use, means: beds}", "beds"),
        ("Total", "", "unit: boxes", "boxes"),
        ("Total (Md€)", "", "unit: bn EUR", "bn EUR"),
        ("Total (Tsd. EUR)", "", "", "thousand EUR"),
        ("Total (tys. EUR)", "", "", "thousand EUR"),
        ("Total (Tsz. EUR)", "", "unit: {printed: Tsz. EUR, means: thousand EUR}", "thousand EUR"),
        ("Total (current EUR)", "", "unit: EUR", "EUR"),
        ("Total EUR", "", "unit: EUR", "EUR"),
        ("Total", "In '000 tonnes; value in Rs. crore", "unit: thousand tonnes", "thousand tonnes"),
        ("teu", "", "unit: thousand TEU", "thousand TEU"),
    ],
)
def test_the_unit_is_the_documents_own_or_the_declared_one_where_it_prints_none(head, anchor, extra, unit):
    text = f"readings: [{{indicator: teu, value: '{head.split()[0]}', {extra}}}]\nperiod: '{{Month}}'\n"
    anchors = f'anchors: {{unit: "{anchor}"}}\n' if anchor else ""
    found = picked(tables(f"Month|{head}\n2025-01|12", lines=anchor), anchors + text)
    assert (codes(found.drift), said(found)) == ([], [f"teu 2025-01 12 {unit}"])


@pytest.mark.parametrize(
    ("head", "lines", "extra", "code"),
    [
        ("Total", "", "", "unit_not_printed"),
        ("Total ('000 TEUs)", "", "unit: TEU", "unit_otherwise"),
        ("Total (万美元)", "", "unit: 万元", "unit_otherwise"),
        ("Total (%)", "", "unit: thousand TEU", "unit_otherwise"),
        ("Total", "Unit: 10,000 yuan", "unit: 亿元", "unit_otherwise"),
        ("Total, TEU, %", "", "", "unit_several"),
        ("Total", "", "unit: {printed: Mill. u$s, means: million USD}", "unit_gone"),
        ("Total (km2)", "", "unit: {printed: m2, means: million t}", "unit_gone"),
        ("Total (Md€)", "", "", "unit_not_printed"),
        ("Total (Tsz. EUR)", "", "", "unit_not_printed"),
        ("Total (Tsd. EUR)", "", "unit: EUR", "unit_otherwise"),
        ("Total (Tsz. EUR)", "", "unit: EUR", "unit_half_known"),
        ("Total (EUR Tsz)", "", "unit: EUR", "unit_half_known"),
        ("Total Tsz. Euro", "", "unit: EUR", "unit_half_known"),
        ("Total", "Einheit: Tsz. EUR", "unit: EUR", "unit_half_known"),
        ("Total (milliers d'euros)", "", "unit: EUR", "unit_half_known"),
        ("Total (Md€)", "", "unit: EUR", "unit_half_known"),
        ("Total (箱 TEU)", "", "unit: TEU", "unit_half_known"),
        ("Total (millones de euros)", "", "", "unit_not_printed"),
        ("Total (新臺幣千元)", "", "", "unit_not_printed"),
        ("Total (£ million)", "", "unit: million EUR", "unit_otherwise"),
        ("Total (Mio. PLN)", "", "unit: million EUR", "unit_otherwise"),
        ("Total (kg)", "", "unit: t", "unit_otherwise"),
    ],
)
def test_a_unit_that_is_not_said_or_said_otherwise_is_refused(head, lines, extra, code):
    text = f"readings: [{{indicator: teu, value: 'Total', {extra}}}]\nperiod: '{{Month}}'\n"
    anchors = f'anchors: {{unit: "{lines}"}}\n' if lines else ""
    found = picked(tables(f"Month|{head}\n2025-01|12", lines=lines), anchors + text)
    assert (codes(found.drift), said(found)) == ([code], [])


def test_an_anchor_that_stands_only_within_another_unit_is_no_anchor():
    text = "anchors: {unit: 万元}\nperiod: '{Month}'\nreadings: [{indicator: a, value: Total, unit: 万元}]"
    found = picked(tables("Month|Total\n2025-01|12", lines="单位：百万元"), text)
    assert codes(found.drift) == ["anchor_of_other_unit"]


def test_a_cell_may_print_its_own_unit_which_is_counted_in_that_of_the_column():
    text = "period: '{Month}'\nreadings: [{indicator: teu, value: Total, unit: thousand TEU}]"
    found = picked(tables("Month|Total\n2025-01|27.5万标箱\n2025-02|31万\n2025-03|5%"), text)
    assert said(found) == ["teu 2025-01 275 thousand TEU", "teu 2025-02 310 thousand TEU"]
    assert [(one.code, one.file, one.where) for one in found.problems] == [("other_unit_than_field", "B4", "unit")]


def test_a_decimal_comma_among_decimal_points_is_refused_where_neither_is_declared():
    text = "period: '{Month}'\nreadings: [{indicator: a, value: A, unit: x}]"
    found = picked(tables("Month|A\n2025-01|1090.5\n2025-02|5,8\n2025-03|12\n2025-04|5.25"), text)
    assert said(found) == ["a 2025-01 1090.5 x", "a 2025-03 12 x", "a 2025-04 5.25 x"]
    assert [(one.code, one.file) for one in found.problems] == [("number_ambiguous", "B3")]


def test_a_row_may_print_its_unit_in_a_column():
    text = "period: '{Month}'\nreadings: [{indicator: teu, value: Total, unit: {column: Unit}}]"
    found = picked(tables("Month|Total|Unit\n2025-01|12|万标箱\n2025-02|130000|TEU"), text)
    assert said(found) == ["teu 2025-01 12 万标箱", "teu 2025-02 130000 TEU"]


def test_a_description_is_refused_with_the_place_of_each_fault():
    with pytest.raises(ValidationError) as refused:
        described(
            "period: 2025-01\nreadings: [{indicator: a, value: b, where: {c: {pattern: '('}}}]\nguards: {title: {}}"
        )
    assert {(error["loc"][0], error["type"]) for error in refused.value.errors()} == {
        ("period", "period_not_in_document"),
        ("readings", "pattern_invalid"),
        ("guards", "guard_without_reason"),
    }
