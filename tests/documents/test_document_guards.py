"""What keeps a changed document out, by its guard: within it, beside what it looked like, and beside what is known."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
from picking import NOW, codes, described, picked, tables

from targetwatch.documents.grid import Decoded
from targetwatch.documents.guards import Appearance, contradicts, drifted
from targetwatch.documents.pick import MOST_LABELS
from targetwatch.model import Basis, Period, Reading

HOW = """anchors: {{unit: "Unit: '000 TEU"}}
period: '{{Month}}'
readings: [{{indicator: teu, value: Total}}]
guards: {{{0}}}
"""
TWO = "period: '{Month}'\nreadings: [{indicator: a, value: A, unit: x}, {indicator: b, value: B, unit: x}]"
LINES = "Unit: '000 TEU\nShares (%)"


def months(count: int, *, first: int = 1, value=lambda month: 100 + month % 3) -> str:
    rows = [f"{2024 + (m - 1) // 12}-{(m - 1) % 12 + 1:02}|{value(m)}" for m in range(first, first + count)]
    return "\n".join(["Month|Total", *rows])


def change(before: str, now: str, guards: str = "", *, then=LINES, lines=LINES, titles=("", "")) -> list[str]:
    """Return the codes of what differs between two documents."""
    how = described(HOW.format(guards))
    old = picked(tables(before, lines=then, title=titles[0]), HOW.format(guards))
    new = picked(tables(now, lines=lines, title=titles[1]), HOW.format(guards))
    assert not old.drift
    return codes(
        (*new.drift, *drifted(new.picture, how, Appearance.model_validate_json(old.picture.model_dump_json())))
    )


OFF = "{0}: {{off: said so}}"


@pytest.mark.parametrize(
    ("guard", "code", "now"),
    [
        ("doubled", "fact_doubled", months(6) + "\n2024-06|99"),
        ("repeated", "rows_repeated", months(24) + months(10).removeprefix("Month|Total")),
        ("rows_fewer", "rows_fewer", months(5)),
        ("decimals", "decimals_changed", months(6, value=lambda m: f"10{m}.123")),
        ("cumulative", "looks_cumulative", months(6, value=lambda m: 100 * m)),
    ],
)
def test_a_guard_refuses_what_it_is_for_and_is_relaxed_by_its_name(guard, code, now):
    before = months(24 if code == "rows_repeated" else 6)
    number = "numbers: {decimal: '.'}\n"
    how = described(HOW.format("") + number)
    old = picked(tables(before, lines=LINES), HOW.format("") + number)
    new = picked(tables(now, lines=LINES), HOW.format("") + number)
    assert code in codes((*new.drift, *drifted(new.picture, how, old.picture)))
    relaxed = described(HOW.format(OFF.format(guard)) + number)
    new = picked(tables(now, lines=LINES), HOW.format(OFF.format(guard)) + number)
    assert code not in codes((*new.drift, *drifted(new.picture, relaxed, old.picture)))


def test_a_first_document_has_nothing_to_differ_from():
    assert (
        drifted(picked(tables(months(3), lines=LINES), HOW.format("")).picture, described(HOW.format("")), None) == ()
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (months(7), []),
        (months(6, first=2), []),
        (months(6, first=3), []),
        (months(5, first=2), ["rows_fewer"]),
        (months(5, first=3), ["rows_fewer"]),
        (months(7).replace("2024-03|100\n", ""), ["rows_fewer"]),
    ],
)
def test_a_window_that_moves_on_is_not_fewer_rows_but_a_hole_is(now, expected):
    assert change(months(6), now) == expected


@pytest.mark.parametrize(("repeats", "refused"), [(9, False), (10, True)])
def test_nine_figures_may_stand_twice_and_ten_are_a_page_that_came_again(repeats, refused):
    text = months(24) + months(repeats).removeprefix("Month|Total")
    assert codes(picked(tables(text, lines=LINES), HOW.format("")).drift) == ["rows_repeated"] * refused


@pytest.mark.parametrize(
    ("values", "cumulative"),
    [
        ([10, 11, 14, 20, 25, 30], True),
        ([10, 11, 14, 20, 25, 29], False),
        ([10, 11, 11, 20, 25, 30], False),
        ([10, 14, 20, 25, 30], False),
    ],
)
def test_six_months_that_only_rise_to_three_times_the_first_are_a_running_total(values, cumulative):
    text = months(len(values), value=lambda month: values[month - 1])
    assert codes(picked(tables(text, lines=LINES), HOW.format("")).drift) == ["looks_cumulative"] * cumulative


def test_a_running_total_that_falls_within_its_year_is_none():
    text = HOW.format("").replace("value: Total", "value: Total, basis: year_to_date")
    assert codes(picked(tables(months(3, value=lambda m: 9 - m), lines=LINES), text).drift) == ["looks_not_cumulative"]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Throughput, July 2025", "Throughput, August 2025"), []),
        (("2025年1-7月吞吐量", "2025年1-8月吞吐量"), []),
        (("Throughput, first quarter 2025", "Throughput, second quarter 2025"), []),
        (("Throughput, July 2025", "Passengers, July 2025"), ["title_changed"]),
    ],
)
def test_a_title_may_name_another_time_but_no_other_matter(titles, expected):
    assert change(months(3), months(3), titles=titles) == expected
    assert change(months(3), months(3), OFF.format("title"), titles=titles) == []


def test_a_unit_printed_in_the_text_that_becomes_another_is_noticed():
    other = LINES.replace("(%)", "(USD)")
    assert change(months(3), months(3), lines=other) == ["printed_unit_changed"]
    assert change(months(3), months(3), lines=LINES + "\nMore, in EUR") == []
    assert change(months(3), months(3), OFF.format("unit"), lines=other) == []


def test_a_header_that_changes_its_words_is_noticed_unless_both_are_described():
    before, now = months(3).replace("Total", "Total traffic"), months(3).replace("Total", "Total traffic of transit")
    assert change(before, now) == ["column_changed"]
    assert change(before, now, OFF.format("column")) == []
    assert change(before, before.replace("Total traffic", "TOTAL  traffic*")) == []
    how = HOW.format("").replace("value: Total", "value: [Total traffic, Total traffic of transit]")
    old, new = (picked(tables(one, lines=LINES), how) for one in (before, now))
    assert drifted(new.picture, described(how), old.picture) == ()


def test_the_unit_of_a_header_is_remembered_also_where_one_is_declared():
    how = "period: '{Month}'\nreadings: [{indicator: teu, value: Total, unit: trips}]"
    old, new = (
        picked(tables(months(3).replace("Total", head)), how) for head in ("Total (trips)", "Total (trips, thousands)")
    )
    assert codes(new.drift) == ["unit_otherwise"]
    how = "period: '{Month}'\nreadings: [{indicator: teu, value: Total}]"
    old, new = (picked(tables(months(3).replace("Total", head)), how) for head in ("Total ('000 TEU)", "Total (TEU)"))
    assert codes(drifted(new.picture, described(how), old.picture)) == ["unit_changed"]


def test_columns_in_another_order_are_doubtful_where_no_known_period_tells():
    old = picked(
        tables("Month|A|B\n2025-01|1|2"),
        TWO,
    )
    for text, expected in (
        ("Month|B|A\n2025-02|2|1", ["columns_reordered"]),
        ("Month|A|C|B\n2025-02|2|3|1", []),
        ("Month|A|B|C\n2025-02|2|3|1", []),
        ("Month|B|A\n2025-01|2|1\n2025-02|2|1", []),
    ):
        new = picked(
            tables(text),
            TWO,
        )
        assert codes(drifted(new.picture, described(TWO), old.picture)) == expected


def test_columns_that_are_not_read_belong_to_the_order_of_a_table():
    how = """
    unpivot: '(?P<m>[0-9]+)月 / 数量'
    period: '2025-{m}'
    header: {words: [品名], depth: 2}
    readings: [{indicator: teu, where: {品名: 原油}, unit: 万吨}]
    """
    march = picked(tables("品名|3月|3月\n品名|数量|金额\n原油|5141|2044"), how)
    assert len(march.readings) == 1
    april = picked(tables("品名|4月|4月\n品名|金额|数量\n原油|5141|2044"), how)
    assert codes(drifted(april.picture, described(how), march.picture)) == ["columns_reordered"]
    same = picked(tables("品名|4月|4月|4月\n品名|数量|金额|均价\n原油|5200|2100|7"), how)
    assert codes(drifted(same.picture, described(how), march.picture)) == []


def test_the_words_above_lines_that_are_read_by_place_may_not_change_places():
    how = """
    lines: {pattern: '(?P<m>[A-Z][a-z]{2}) (?P<loaded>[0-9]+) (?P<unloaded>[0-9]+)'}
    period: '2025-{m}'
    readings: [{indicator: teu, value: loaded, unit: TEU}]
    """
    pages = {
        head: picked(Decoded(lines=("Port of X", head, "Jan 7 5", "Feb 8 6", f"{head} again")), how)
        for head in ("Month Loaded Unloaded", "Month Unloaded Loaded", "Month  Loaded (1) Unloaded", "In 2025")
    }
    old, swapped, marked, other = pages.values()
    assert len(old.readings) == 2
    assert codes(drifted(swapped.picture, described(how), old.picture)) == ["columns_reordered"]
    assert not drifted(marked.picture, described(how), old.picture)
    assert not drifted(other.picture, described(how), old.picture)


def test_periods_of_another_length_are_noticed():
    quarters = "Month|Total\n2024-Q1|3\n2024-Q2|3\n2024-Q3|3\n2024-Q4|3"
    assert change(months(3), quarters) == ["span_changed"]
    assert "span_changed" not in change(months(3), quarters, OFF.format("span"))


def test_fewer_rows_than_the_document_says_it_has_are_refused():
    text = "captures: [{line: 'rows: (?P<rows>.*)'}]\n" + HOW.format("stated: '{rows}'").replace("{{", "{").replace(
        "}}", "}"
    )
    for rows, expected in (("3", []), ("4", ["rows_fewer_than_stated"]), ("many", ["rows_fewer_than_stated"])):
        assert codes(picked(tables(months(3), lines=f"{LINES}\nrows: {rows}"), text).drift) == expected


def month_of(number: int, value: str, *, yoy: str | None = None, rounding: str = "0.5") -> Reading:
    start = date(2023 + (number - 1) // 12, (number - 1) % 12 + 1, 1)
    return Reading(
        indicator="teu",
        period=Period(start, date(start.year, start.month, 28)),
        basis=Basis.PERIOD,
        value=Decimal(value),
        rounding=Decimal(rounding),
        yoy=None if yoy is None else Decimal(yoy),
        publisher="office",
        recorded_at=NOW,
    )


KNOWN = [month_of(number, "1000", yoy="0.1") for number in range(1, 13)]


@pytest.mark.parametrize(("changed", "refused"), [(1, False), (3, False), (4, True), (12, True)])
def test_three_past_periods_may_change_at_once_and_four_are_a_rewritten_history(changed, refused):
    now = [dataclasses.replace(one, value=Decimal(1010)) for one in KNOWN[:changed]] + KNOWN[changed:]
    assert codes(contradicts([(now, KNOWN)], described(HOW.format("")))) == ["past_rewritten"] * refused
    assert contradicts([(now, KNOWN)], described(HOW.format("rewritten: {most: 12}"))) == ()
    assert contradicts([(now, KNOWN)], described(HOW.format(OFF.format("rewritten")))) == ()


def test_of_a_few_known_periods_half_may_change_and_one_always_may():
    how = described(HOW.format(""))
    for known, changed, refused in ((1, 1, False), (2, 1, False), (2, 2, True), (4, 2, False), (4, 3, True)):
        now = [dataclasses.replace(one, value=Decimal(1010)) for one in KNOWN[:changed]] + KNOWN[changed:known]
        assert codes(contradicts([(now, KNOWN[:known])], how)) == ["past_rewritten"] * refused


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({9: "1090", 10: "2000"}, None),
        ({8: "1100"}, None),
        ({8: "1101"}, "old_figure_changed"),
        ({0: "1101", 11: "1000"}, "values_exchanged"),
        ({0: "1101", 11: "1002"}, "old_figure_changed"),
    ],
)
def test_an_old_figure_changes_by_a_tenth_at_most_and_no_two_change_places(changes, code):
    known = [*KNOWN[:11], dataclasses.replace(KNOWN[11], value=Decimal(1101))]
    now = [dataclasses.replace(one, value=Decimal(changes.get(place, one.value))) for place, one in enumerate(known)]
    assert codes(contradicts([(now, known)], described(HOW.format(""))))[:1] == [code] * bool(code)
    assert contradicts([(now, known)], described(HOW.format("rewritten: {most: 3}"))) == ()


def test_the_same_figure_rounder_or_finer_is_no_other_and_another_growth_is():
    how = described(HOW.format(""))
    finer = [dataclasses.replace(one, value=Decimal("1000.3"), rounding=Decimal("0.05")) for one in KNOWN]
    assert contradicts([(finer, KNOWN)], how) == ()
    grown = [dataclasses.replace(one, yoy=Decimal("0.2")) for one in KNOWN]
    assert codes(contradicts([(grown, KNOWN)], how)) == ["past_rewritten"]


@pytest.mark.parametrize(
    ("yoy", "refused"),
    [
        ("0.100", False),
        ("0.106", False),
        ("0.107", True),
        ("0.094", False),
        ("0.093", True),
        ("-0.1", True),
        ("0.1", False),
    ],
)
def test_growth_that_known_figures_contradict_by_more_than_half_a_point_is_refused(yoy, refused):
    """1,100 to within a half over 1,000 to within a half is 9.9 to 10.1 %."""
    now = [month_of(13, "1100", yoy=yoy)]
    assert codes(contradicts([(now, KNOWN)], described(HOW.format("")))) == ["growth_otherwise"] * refused
    assert contradicts([(now, KNOWN)], described(HOW.format(OFF.format("growth")))) == ()


def test_an_anchor_that_is_gone_is_relaxed_by_its_name():
    assert codes(picked(tables(months(3)), HOW.format("")).drift) == ["anchor_gone"]
    assert codes(picked(tables(months(3)), HOW.format(OFF.format("anchor"))).drift) == ["unit_not_printed"]


@pytest.mark.parametrize(
    ("row", "within", "refused"),
    [("10|5|6", "", False), ("10|5|7", "", True), ("10|5|7", ", within: 2", False), ("10|5|-", "", False)],
)
def test_a_total_may_be_off_by_what_rounding_explains(row, within, refused):
    text = "period: '{Month}'\nreadings: [{indicator: a, value: T, unit: x}]\n"
    text += f"guards: {{sum: {{total: T, of: [A, B]{within}}}}}"
    found = picked(tables(f"Month|T|A|B\n2025-01|{row}"), text)
    assert codes(found.drift) == ["sum_differs"] * refused
    assert codes(picked(tables("Month|T|A\n2025-01|1|1"), text).drift) == ["column_gone"]


MONTH_AND_YEAR = r"""
period: "{m}"
unpivot: 'month (?P<m>.*)'
readings:
- {indicator: trade, unit: 亿元, where: {Item: Total}}
- {indicator: trade, unit: 亿元, where: {Item: Total}, unpivot: 'to (?P<m>.*)', basis: year_to_date}
"""


def test_a_month_that_is_more_than_the_year_to_its_end_has_changed_places_with_it():
    right = "Item|month 2025-03|to 2025-03\nTotal|37696|103013"
    assert picked(tables(right), MONTH_AND_YEAR).drift == ()
    swapped = right.replace("37696|103013", "103013|37696")
    assert codes(picked(tables(swapped), MONTH_AND_YEAR).drift) == ["month_above_year_to_date"]
    off = MONTH_AND_YEAR + "guards: {cumulative: {off: the year is of another scope}}"
    assert picked(tables(swapped), off).drift == ()


def year_of(number: int, value: str, *, indicator: str = "teu") -> Reading:
    period = Period(date(2000 + number, 1, 1), date(2000 + number, 12, 31))
    return dataclasses.replace(month_of(1, value), indicator=indicator, period=period)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ([year_of(10, "4321")], None),
        ([year_of(10, "4321"), year_of(10, "8765", indicator="boxes")], "figure_of_period_before"),
        ([year_of(10, "4322"), year_of(10, "8765", indicator="boxes")], None),
        ([year_of(9, "1234")], "figure_of_period_before"),
        ([year_of(11, "4321"), year_of(11, "8765", indicator="boxes")], None),
        ([year_of(10, "4321"), year_of(10, "876", indicator="boxes")], None),
    ],
)
def test_figures_that_moved_on_under_new_heads_are_noticed_and_one_may_be_chance(now, code):
    known = [year_of(8, "1234"), year_of(9, "4321"), year_of(9, "8765", indicator="boxes")]
    assert codes(contradicts([(now, known)], described(HOW.format(""))))[:1] == [code] * bool(code)
    assert contradicts([(now, known)], described(HOW.format("repeated: {off: so it is}, rewritten: {most: 9}"))) == ()


def test_a_year_to_date_that_stands_still_is_last_months():
    march, april = (
        dataclasses.replace(
            month_of(1, "61314"), period=Period(date(2025, 1, 1), date(2025, month, 28)), basis=Basis.YEAR_TO_DATE
        )
        for month in (3, 4)
    )
    assert codes(contradicts([([april], [march])], described(HOW.format("")))) == ["figure_of_period_before"]


def test_the_unit_of_another_table_is_not_that_of_the_one_that_is_read():
    text = "anchors: {unit: thousands}\ntable: T1\nheader: [Month]\nperiod: '{Month}'\n"
    text += "readings: [{indicator: a, value: Total, unit: thousand t}]"
    sheet = "Freight|\n{}|\nMonth|Total\n2025-01|5"
    assert picked(tables(sheet.format("thousands"), sheet.format("thousands")), text).drift == ()
    assert picked(tables(sheet.format(""), sheet.format("thousands")), text).drift == ()
    found = picked(tables(sheet.format("millions"), sheet.format("thousands")), text)
    assert codes(found.drift) == ["anchor_of_other_unit"]


def test_what_is_printed_above_columns_that_the_description_names_is_their_head():
    text = "table: {from: Value}\nheader: {names: [Month, eur, usd]}\nperiod: '{Month}'\n"
    text += "readings: [{indicator: e, value: eur, unit: thousand EUR}, {indicator: u, value: usd, unit: thousand USD}]"
    right = " |Value|Value\n|thousand EUR|thousand USD\n2025-01|5|6"
    text = text.replace("from: Value", "from: thousand EUR")
    found = picked(tables(right), text)
    assert (found.drift, found.picture.columns["e/period"]) == ((), "Value / thousand EUR")
    swapped = right.replace("thousand EUR|thousand USD", "thousand USD|thousand EUR")
    assert codes(picked(tables(swapped), text).drift) == ["unit_otherwise", "unit_otherwise"]


def test_a_unit_that_is_no_more_there_is_said_once():
    assert codes(picked(tables(months(3)), HOW.format("")).drift) == ["anchor_gone"]
    empty = Appearance()
    full = picked(tables(months(3), lines=LINES), HOW.format("")).picture
    assert codes(drifted(empty, described(HOW.format("")), full)) == []


def test_the_order_of_columns_counts_also_where_one_of_them_is_read():
    text = "period: '{Month}'\nreadings: [{indicator: a, value: A, unit: x}]"
    old, new = (picked(tables(one), text) for one in ("Month|A|B\n2025-01|1|2", "Month|B|A\n2025-02|1|2"))
    assert codes(drifted(new.picture, described(text), old.picture)) == ["columns_reordered"]


CODED = "geo|geo label|Month|value\nA|{0}|2025-01|1\nB|{1}|2025-01|2"
OF_CODES = """period: '{{Month}}'
readings: [{{indicator: a, value: value, unit: x, where: {{geo: A}}}}]
guards: {{{0}}}
"""


@pytest.mark.parametrize(
    ("labels", "guards", "refused"),
    [
        (("Italy", "France"), "", []),
        (("italy ", "Gaul"), "", []),
        (("France", "Italy"), "", ["label_changed"]),
        (("France", "Italy"), OFF.format("column"), []),
    ],
)
def test_a_code_that_is_labelled_otherwise_is_noticed_where_its_rows_are_read(labels, guards, refused):
    how = described(OF_CODES.format(guards))
    old, new = (picked(tables(CODED.format(*some)), OF_CODES.format(guards)) for some in (("Italy", "France"), labels))
    assert old.picture.labels == {"geo A": "Italy"}
    assert codes(drifted(new.picture, how, Appearance.model_validate_json(old.picture.model_dump_json()))) == refused
    assert MOST_LABELS == 500
