"""Readings are picked from tables and lines as a description says, each with its place, or refused."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import jsonschema
import pytest
from picking import codes, picked, said, tables

from targetwatch.documents.description import Pick
from targetwatch.documents.grid import Decoded
from targetwatch.model import Basis

MONTHS = """
Year | Month | Kwai ('000 TEUs) | Other ('000 TEUs) | Total ('000 TEUs) | Total (growth %)
2024 | All | 1700 | 600 | 2300 | 4
2024 | Jan | 839 | 228 | 1067 | -12.6
 | Feb | 797 | 261 | 1058 | 0.7
2025 | Jan | - | - | | -
Note: estimates in italics | | | | |
"""
PICK = """
rows: {fill_down: Year, where: {Month: {not: [All, Total]}}}
period: "{Year}-{Month}"
published: period_end + 45d
publisher: office
readings:
- {indicator: teu, value: "Total ('000 TEUs)", yoy: Total (growth %)}
- {indicator: teu, value: "Total ('000 TEUs)", rows: {where: {Month: All}}, period: "{Year}"}
"""


def test_a_table_gives_its_readings_with_growth_publication_and_place():
    found = picked(tables(MONTHS), PICK)
    assert codes(found.drift + found.problems) == []
    assert said(found) == [
        "teu 2024-01 1067 thousand TEU",
        "teu 2024-02 1058 thousand TEU",
        "teu 2024 2300 thousand TEU",
    ]
    assert found.places == ("E3", "E4", "E2")
    first = found.readings[0]
    assert (first.yoy, first.published_on, first.publisher) == (Decimal("-0.126"), date(2024, 3, 16), "office")
    assert first.rounding == Decimal("0.5")


def test_a_rule_never_dates_a_figure_in_days_to_come():
    found = picked(
        tables("Month|TEU\n2025-07|5"),
        "period: '{Month}'\npublished: period_end + 45d\nreadings: [{indicator: teu, value: TEU}]",
    )
    assert found.readings[0].published_on == date(2025, 8, 1)


HEADER = """
Table 1. Throughput | | | | |
Port | Year | Throughput | Throughput | Growth | Growth
 | | Laden | Empty | Laden | Empty
A | 2024 | 5 | 6 | 7 | 8
"""


def test_a_header_of_two_rows_is_joined_and_found_by_its_words_wherever_it_stands():
    text = """
header: {words: [Port, Year], depth: 2}
period: "{Year}"
readings:
- {indicator: a, value: Throughput / Empty, unit: TEU, yoy: Growth / Empty}
- {indicator: b, value: "Laden #2", unit: pp}
"""
    found = picked(tables(HEADER), text)
    assert (said(found), codes(found.drift)) == (["a 2024 6 TEU", "b 2024 7 pp"], [])
    unmerged = HEADER.replace("Throughput | Throughput | Growth | Growth", "Throughput | | Growth |")
    assert said(picked(tables(unmerged), text)) == said(found)
    note = "Throughput by Port and Year | | | | | |\n" + HEADER
    assert said(picked(tables(note), text)) == said(found)
    below = (
        "Title|\n | | Throughput | | Growth |\nPort | Year | Laden | Empty | Laden | Empty\nA | 2024 | 5 | 6 | 7 | 8"
    )
    assert said(picked(tables(below), text)) == said(found)


@pytest.mark.parametrize(
    ("value", "code", "names"),
    [("Seaborne", "column_gone", 6), ("'000 TEUs", "column_several", 3), ("Tot", "column_gone", 6)],
)
def test_a_name_that_heads_no_column_or_several_is_refused_with_those_there_are(value, code, names):
    found = picked(tables(MONTHS), PICK.replace('value: "Total (\'000 TEUs)"', f'value: "{value}"'))
    assert codes(found.drift) == [code, code]
    assert len(found.drift[0].values["names"]) == names
    assert found.drift[0].where == "readings[1]"


def test_one_of_several_tables_is_chosen_by_its_words_its_name_or_its_number():
    document = tables("Month|TEU\n2025-01|1", "Month|Boxes\n2025-01|2", "Month|TEU\n2025-01|3")
    text = "table: %s\nperiod: '{Month}'\nreadings: [{indicator: a, value: '*', unit: x}]"
    for table, value, chosen in (
        ("{has: Boxes}", "Boxes", ["2"]),
        ("T1", "TEU", ["1"]),
        ("{has: TEU, number: 2}", "TEU", ["3"]),
        ("{has: TEU}", "TEU", "table_several"),
        ("{has: Trains}", "TEU", "table_gone"),
        ("{has: TEU, number: 3}", "TEU", "table_gone"),
    ):
        found = picked(document, (text % table).replace("'*'", value))
        assert (
            [str(one.value) for one in found.readings] == chosen
            if isinstance(chosen, list)
            else codes(found.drift) == [chosen]
        )
    assert codes(picked(document, "period: '{Month}'\nreadings: [{indicator: a, value: TEU}]").drift) == [
        "table_several"
    ]


BLOCKS = "Month|TEU\nActual|\n2025-01|1\n2025-02|2\nCumulative|\n2025-01|1\n2025-02|3\n"


def test_a_table_starts_and_stops_at_words_which_must_be_there():
    text = "header: {names: [Month, TEU]}\nperiod: '{Month}'\nreadings: [{indicator: a, value: TEU}]\n"
    text += "table: {from: Actual, until: Cumulative}"
    assert said(picked(tables(BLOCKS), text)) == ["a 2025-01 1 TEU", "a 2025-02 2 TEU"]
    found = picked(tables(BLOCKS.replace("Cumulative", "Accumulated")), text)
    assert (codes(found.drift), found.readings) == (["word_gone"], ())


WIDE = """
Type | 2014 | share 2014 | 2015 | share 2015 | rate 2014-2015
Direct | 40 | 40 | 60 | 50 | 7
Trans | 60 | 60 | 60 | 50 | 0
Overall | 100 | 100 | 120 | 100 | 3
"""


def test_years_as_columns_become_rows_and_a_row_says_its_indicator():
    text = r"""
unpivot: '(?P<year>\d{4})'
period: "{year}"
readings:
- {indicator: {column: Type, map: {Direct: direct, Overall: all}}, unit: t}
- {indicator: share, where: {Type: Direct}, unpivot: 'share (?P<year>\d{4})', unit: "%"}
guards: {sum: {by: Type, total: Overall, of: [Direct, Trans]}}
"""
    found = picked(tables(WIDE), text)
    assert said(found) == [
        *("direct 2014 40 t", "direct 2015 60 t", "all 2014 100 t", "all 2015 120 t"),
        *("share 2014 40 %", "share 2015 50 %"),
    ]
    assert found.places == ("B2", "D2", "B4", "D4", "C2", "E2")
    assert codes(picked(tables(WIDE.replace("Direct", "Straight")), text).drift) == [
        "row_gone",
        "nothing_found",
        "row_gone",
    ]
    assert codes(picked(tables(WIDE.replace("| 60 | 50 | 0", "| 66 | 50 | 0")), text).drift) == ["sum_differs"]


def test_captures_and_parts_of_cells_are_names_as_columns_are():
    document = tables("Item|Jan\nCargo|1,234 (+5.6%)\n", lines="Issued 5 March 2025", title="港口 2025年1月")
    text = r"""
captures: [{title: '(?P<year>\d{4})年(?P<month>\d+)月'}, {line: 'Issued (?P<day>.*)'}, {file: '-(?P<no>\d+)\.'}]
anchors: {period: "{year}年{month}月", number: ""}
rows: {parts: {Jan: '(?P<amount>{number}) \((?P<growth>.*)\)'}, where: {Item: {pattern: ^Car}}}
numbers: {thousands: ","}
period: "{year}-{month}"
published: "{day}"
readings: [{indicator: cargo, value: amount, yoy: growth, unit: t, publisher: port}]
"""
    found = picked(document, text, name="x-17.html")
    assert (said(found), found.readings[0].yoy) == (["cargo 2025-01 1234 t"], Decimal("0.056"))
    assert found.readings[0].published_on == date(2025, 3, 5)
    assert codes(picked(document, text, name="x.html").drift) == ["capture_gone"]
    assert codes(picked(document, text.replace("month}月", "month}日"), name="x-17.html").drift) == ["anchor_gone"]
    twice = tables("Item|Jan\nCargo|5\n", lines="Issued 5 March 2025\nIssued 6 March 2025", title="港口 2025年1月")
    assert codes(picked(twice, text, name="x-17.html").drift) == ["capture_several"]


def test_a_basis_gives_the_span_that_a_value_covers():
    text = """
period: {of: "{Month}", since: 2015-01-01}
readings:
- {indicator: a, value: A, unit: x}
- {indicator: b, value: A, unit: x, basis: year_to_date}
- {indicator: c, value: A, unit: x, basis: since_start}
- {indicator: d, value: A, unit: x, basis: point, provisional: {Month: {pattern: P$}}}
"""
    found = picked(tables("Month|A\n2025-03|7"), text)
    spans = [(one.basis, one.period.start) for one in found.readings]
    assert spans == [
        *((Basis.PERIOD, date(2025, 3, 1)), (Basis.YEAR_TO_DATE, date(2025, 1, 1))),
        *((Basis.SINCE_START, date(2015, 1, 1)), (Basis.POINT, date(2025, 3, 1))),
    ]
    assert not any(one.provisional for one in found.readings)


def test_the_period_ends_where_the_description_or_the_document_says():
    text = r"""
captures: [{line: 'Actual to (?P<last>.*)'}]
period: {of: "{Year}", year_starts: 9, until: "{last}"}
readings: [{indicator: a, value: A, unit: x}]
"""
    document = tables("Year|A\n2003/04|7\n2004/05|8\n2005/06|9", lines="Actual to 2004–05")
    assert [one.value for one in picked(document, text).readings] == [7, 8]


@pytest.mark.parametrize(
    ("cell", "rule", "growth"),
    [
        ("7.9", "G", "0.079"),
        ("-7.9 %", "G", "-0.079"),
        ("0.079", "{column: G, ratio: true}", "0.079"),
        ("(7.9)", "{column: G, brackets: negative}", "-0.079"),
        ("(7.9)", "{column: G, brackets: growth}", "0.079"),
        ("(-7.9)", "{column: G, brackets: growth}", "-0.079"),
        ("*", "G", None),
        ("(7.9)", "G", "number_in_brackets"),
    ],
)
def test_growth_is_read_as_it_is_printed_and_brackets_as_they_are_declared(cell, rule, growth):
    found = picked(
        tables(f"Month|A|G\n2025-03|7|{cell}"),
        f"period: '{{Month}}'\nreadings: [{{indicator: a, value: A, unit: x, yoy: {rule}}}]",
    )
    if growth == "number_in_brackets":
        assert [(one.code, one.where) for one in found.problems] == [(growth, "yoy")]
    else:
        assert found.readings[0].yoy == (growth and Decimal(growth))


def test_a_figure_is_published_as_the_document_says_and_not_before_its_period_has_ended():
    text = "period: '{Month}'\npublished: document\nreadings: [{indicator: a, value: A, unit: x}]"
    document = "Month|A\n2025-03|7\n2025-04|8"
    assert codes(picked(tables(document), text).drift) == ["published_gone"]
    found = picked(tables(document, published_on=date(2025, 4, 12)), text)
    assert [one.published_on for one in found.readings] == [date(2025, 4, 12)]
    assert [(one.code, one.file) for one in found.problems] == [("ends_after_publication", "B3")]


LINES = """
Throughput, '000 TEUs
2024
一月 Jan 839 228 1 067 -20.0
二月 Feb 1 664 508 2 171 *
Notes: 17 estimates
Cumulative
一月 Jan 839 228 1 067 -20.0
"""
OF_LINES = r"""
anchors: {unit: "'000 TEUs"}
lines:
  carry: '(?P<year>\d{4})'
  pattern: '\S+ (?P<month>[A-Z]\w\w) (?P<kwai>{number}) (?P<other>{number}) (?P<total>{number}) (?P<growth>{number}|\*)'
  until: Cumulative
numbers: {decimal: ".", thousands: " "}
period: "{year}-{month}"
readings: [{indicator: teu, value: total, yoy: growth}, {indicator: kwai, value: kwai}]
guards: {sum: {total: total, of: [kwai, other]}}
"""


def test_lines_are_read_by_a_pattern_and_a_sum_tells_which_blanks_part_numbers():
    found = picked(tables(lines=LINES), OF_LINES)
    assert codes(found.drift) == []
    assert said(found) == [
        *("teu 2024-01 1067 thousand TEU", "teu 2024-02 2171 thousand TEU"),
        *("kwai 2024-01 839 thousand TEU", "kwai 2024-02 1664 thousand TEU"),
    ]
    assert found.places == ("3", "4", "3", "4")
    without = OF_LINES.partition("guards")[0]
    assert set(codes(picked(tables(lines=LINES), without).drift)) == {"line_several_ways"}
    wrong = LINES.replace("839 228 1 067", "839 238 1 067")
    assert set(codes(picked(tables(lines=wrong), OF_LINES).drift)) == {"line_several_ways"}
    assert set(codes(picked(tables(lines=LINES.replace("Cumulative", "")), OF_LINES).drift)) >= {"word_gone"}


REPEATED = """
2001 2002 2003
Mill. Part. Mill. Part. Mill. Part.
Totales
pesqueras 895 3.4% 1,718 2.8% 886 3.0%
"""


def test_figures_repeated_under_a_line_of_years_are_read_one_by_one():
    text = r"""
lines:
  pattern: 'pesqueras (?P<values>.*)'
  heads: '\d{4}( \d{4})+'
  each: '(?P<amount>{number}) (?P<share>{number})%'
numbers: {decimal: ".", thousands: ","}
period: "{head}"
readings: [{indicator: amount, value: amount, unit: million USD}, {indicator: share, value: share, unit: "%"}]
"""
    found = picked(tables(lines=REPEATED), text)
    assert codes(found.drift) == []
    assert [str(one.value) for one in found.readings] == ["895", "1718", "886", "3.4", "2.8", "3.0"]
    assert set(codes(picked(tables(lines=REPEATED.replace("2001 ", "")), text).drift)) == {"repeated_otherwise"}
    run_together = REPEATED.replace("895 3.4% 1,718", "895 3.4%1,718")
    assert set(codes(picked(tables(lines=run_together), text).drift)) == set()


def test_a_row_that_cannot_be_read_is_told_with_its_place_and_the_others_are_kept():
    found = picked(
        tables("Month|A\n2025-01|7\nTotal|7\n2025-03|x7"),
        "period: '{Month}'\nreadings: [{indicator: a, value: A, unit: x}]",
    )
    assert said(found) == ["a 2025-01 7 x"]
    assert [(one.code, one.file, one.where) for one in found.problems] == [
        ("period_without_year", "A3", "period"),
        ("number_not_so_printed", "B4", "value"),
    ]


SHEETS = ("Month|TEU\nJan|1\nFeb|2", "Month|TEU\nJan|3\nFeb|4", "Notes|\nx|y")


def test_every_sheet_of_such_a_name_is_read_and_its_name_says_the_year():
    grids = tuple(
        dataclasses.replace(one, name=name)
        for one, name in zip(tables(*SHEETS).grids, ("TEU 2023", "TEU 2024", "Notes"), strict=True)
    )
    text = "table: {each: 'TEU (?P<year>\\d{4})'}\nperiod: '{year}-{Month}'\nreadings: [{indicator: a, value: TEU}]"
    found = picked(Decoded(grids=grids), text)
    assert said(found) == ["a 2023-01 1 TEU", "a 2023-02 2 TEU", "a 2024-01 3 TEU", "a 2024-02 4 TEU"]
    assert found.places[2] == "TEU 2024!B2"
    assert codes(picked(Decoded(grids=grids), text.replace("TEU (?P", "Boxes (?P")).drift) == ["table_gone"]


SECTIONS = """
Item | Amount
Exports |
2024 |
Jan | 5
Feb | 6
Imports |
2024 |
Jan | 7
"""


def test_a_row_that_heads_those_below_it_becomes_a_column_of_theirs():
    text = r"""
rows:
  sections: {flow: {Item: [Exports, Imports]}, year: {Item: {pattern: '^\d{4}$'}}}
period: "{year}-{Item}"
readings:
- {indicator: {column: flow, map: {Exports: x, Imports: m}}, value: Amount, unit: t}
"""
    assert said(picked(tables(SECTIONS), text)) == ["x 2024-01 5 t", "x 2024-02 6 t", "m 2024-01 7 t"]


def test_the_schema_lets_a_value_stand_alone_as_the_description_does():
    schema = Pick.model_json_schema()
    for one in (
        {"period": "{Month}", "readings": [{"indicator": "a", "value": "A", "unit": "t", "yoy": "G"}]},
        {
            "period": {"of": "{Month}"},
            "readings": [{"indicator": "a", "where": {"x": 1, "y": {"not": ["z"]}}}],
            "guards": {"sum": {"total": "T", "of": ["A"]}, "title": {"off": "it names the weather"}},
        },
    ):
        assert Pick.model_validate(one)
        jsonschema.validate(one, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"period": "{Month}", "readings": [{"indicator": "a", "colour": "A"}]}, schema)


def test_a_column_without_a_heading_is_named_by_its_place():
    text = "header: [Exports]\nperiod: '{#1}-{#2}'\nreadings: [{indicator: a, value: Exports, unit: t}]"
    found = picked(tables(" | |Exports\n2025|Jan|5\n2025|Feb|6"), text)
    assert said(found) == ["a 2025-01 5 t", "a 2025-02 6 t"]
    found = picked(tables(" | |Exports\n2025|Jan|5"), text.replace("{#1}", "{Year}"))
    assert found.drift[0].values["names"] == ("#1", "#2", "Exports")


def test_columns_headed_alike_are_told_apart_by_a_number_that_is_said():
    found = picked(tables("Month|TEU|TEU\n2025-01|5|6"), "period: '{Month}'\nreadings: [{indicator: a, value: TEU}]")
    assert found.drift[0].values["names"] == ("TEU #1", "TEU #2")


def test_of_two_rows_that_may_begin_a_header_that_with_the_named_columns_does():
    text = """
header: {words: [Change], depth: 2}
period: "{Year}"
readings: [{indicator: a, value: Change / in pp, unit: pp}]
"""
    rows = "Germany|Germany|Germany\nYear|Index|Change\n|2020=100|in pp\n2024|119|2.2"
    assert said(picked(tables(rows), text.replace("{Year}", "{#1}"))) == ["a 2024 2.2 pp"]


def test_blanks_in_figures_under_heads_are_settled_by_how_many_heads_there_are():
    text = r"""
lines: {heads: '\d{4}( \d{4})+', pattern: 'Total (?P<values>.*)', each: '(?P<value>{number})'}
numbers: {decimal: ".", thousands: " "}
period: "{head}"
readings: [{indicator: a, value: value, unit: x}]
"""
    lines = "2001 2002 2003\nTotal 29 300 25 800 33 500"
    assert [one.value for one in picked(tables(lines=lines), text).readings] == [29300, 25800, 33500]
    assert codes(picked(tables(lines=lines.replace("2001 ", "")), text).drift) == ["repeated_otherwise"]


def test_a_pattern_of_parts_that_fits_no_cell_is_said_once_with_a_cell():
    text = "rows: {parts: {Date: '(?P<month>.*)-15'}}\nperiod: '{month}'\nreadings: [{indicator: a, value: A, unit: x}]"
    found = picked(tables("Date|A\n1986-01-16|5\n1986-02-16|6"), text)
    assert [(one.code, one.values["said"]) for one in found.drift] == [("parts_fit_nothing", "1986-01-16")]


def test_where_no_figure_can_be_read_the_document_is_refused_with_the_first():
    found = picked(tables("Month|A\n2025-01|x\n2025-02|y"), "period: '{Month}'\nreadings: [{indicator: a, value: A}]")
    assert [(one.code, one.values["count"], one.values["first"].file) for one in found.drift] == [
        ("nothing_readable", 2, "B2")
    ]


def test_a_document_without_tables_is_said_to_have_none():
    found = picked(tables(lines="503 Service Unavailable"), "period: '{Month}'\nreadings: [{indicator: a, value: A}]")
    assert codes(found.drift) == ["no_table"]


def test_the_name_of_a_column_may_hold_what_was_captured_of_the_title():
    text = r"""
captures: [{title: '(?P<year>\d{4})年(?P<month>\d+)月'}]
header: {words: [项目], depth: 2}
period: "{year}-{month}"
readings: [{indicator: a, where: {项目: 进出口}, value: "{month}月 / 金额", yoy: "{month}月 / 同比%", unit: 亿元}]
"""
    for month in (3, 4):
        document = tables(
            f"项目|{month}月|{month}月|1至{month}月\n项目|金额|同比%|金额\n进出口|5{month}|1.5|99",
            title=f"2025年{month}月进出口",
        )
        assert said(picked(document, text)) == [f"a 2025-0{month} 5{month} 亿元"]
