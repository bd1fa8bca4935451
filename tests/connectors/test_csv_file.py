from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wire import NOW

from refusing import raises, say
from targetwatch.connectors import CONNECTORS, FIELDS, Fetched
from targetwatch.errors import SourceError
from targetwatch.model import Basis, Period, Qualifier, Source
from targetwatch.quantity import parse_period
from targetwatch.wording.problems import in_english

HEADER = ",".join(FIELDS) + "\n"
QUOTE = "1—3月,重庆经西部陆海新通道三种主要运输组织方式共运输6.4万标箱、同比增长28%"


def line(**cells: str) -> str:
    """Return a good row, changed as said."""
    values = {
        "indicator": "ilstc-volume",
        "period": "2025-01..2025-03",
        "basis": "year_to_date",
        "value": "6.4万标箱",
        "publisher": "port-and-logistics-office",
        "yoy": "28%",
        "published_on": "2025-04-15",
        "evidence_url": "https://difang.gmw.cn/cq/2025-04/15/content_37966566.htm",
        "quote": QUOTE,
        **cells,
    }
    return ",".join('"' + values.get(name, "").replace('"', '""') + '"' for name in FIELDS) + "\n"


def fetch(tmp_path: Path, content: str | bytes, state: dict[str, str] | None = None, **options: Any) -> Fetched:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "port.csv").write_bytes(data)
    return read(tmp_path, state, path="port.csv", **options)


def read(tmp_path: Path, state: dict[str, str] | None = None, **options: Any) -> Fetched:
    return CONNECTORS["csv_file"](tmp_path).fetch(Source(id="port", kind="csv_file", options=options), state or {}, NOW)


def problems(fetched: Fetched) -> list[str]:
    return [say(problem) for problem in fetched.problems]


def test_a_row_with_everything_in_it_becomes_a_reading_with_everything_in_it(tmp_path: Path) -> None:
    row = line(qualifier="over", rounding="500", provisional="yes", note="first flash")
    (reading,) = fetch(tmp_path, HEADER + row).readings
    assert reading.period == parse_period("2025-Q1")
    assert (reading.basis, reading.value, reading.unit) == (Basis.YEAR_TO_DATE, Decimal(64000), "TEU")
    assert (reading.qualifier, reading.rounding, reading.yoy) == (Qualifier.OVER, Decimal(500), Decimal("0.28"))
    assert (reading.provisional, reading.note, reading.quote) == (True, "first flash", QUOTE)
    assert (str(reading.published_on), reading.recorded_at, reading.source) == ("2025-04-15", NOW, "port")
    assert reading.evidence_url.startswith("https://difang.gmw.cn/")


@pytest.mark.parametrize(
    ("value", "unit", "expected", "said", "rounding"),
    [
        ("3.76万", "", "37600", "", "50"),
        ("3.76万", "TEU", "37600", "TEU", "50"),
        ("154600", "", "154600", None, "0.5"),
        ("154600", "TEU", "154600", "TEU", "0"),
        ("28.33", "bn CNY", "28.33", "bn CNY", "0.005"),
        ("28.33 billion yuan", "bn CNY", "28.33", "bn CNY", "0.005"),
        ("283.3亿元", "bn CNY", "28.33", "bn CNY", "0.005"),
        ("64.7%", "", "64.7", "%", "0.05"),
        ("120", "hospital beds", "120", "hospital beds", "0"),
        ("120 hospital beds", "hospital beds", "120", "hospital beds", "0"),
    ],
)
def test_the_value_counts_in_the_unit_of_its_field_or_in_the_printed_one(
    tmp_path: Path, value: str, unit: str, expected: str, said: str | None, rounding: str
) -> None:
    (reading,) = fetch(tmp_path, HEADER + line(value=value, unit=unit)).readings
    assert (reading.value, reading.unit, reading.rounding) == (Decimal(expected), said, Decimal(rounding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_end_is_read(tmp_path: Path, encoding: str, newline: str) -> None:
    content = (HEADER + line() + line(period="2025-H1", value="15.46万标箱")).replace("\n", newline)
    option = {"encoding": "gb18030"} if encoding == "gb18030" else {}
    fetched = fetch(tmp_path, content.encode(encoding), **option)
    assert [str(reading.value) for reading in fetched.readings] == ["64000", "154600"]
    assert [reading.quote for reading in fetched.readings] == [QUOTE, QUOTE]
    assert problems(fetched) == []


def test_a_file_in_another_encoding_keeps_the_rows_that_do_not_depend_on_it(tmp_path: Path) -> None:
    plain = line(value="64000", quote="in plain letters")
    fetched = fetch(tmp_path, (HEADER + line() + plain).encode("gb18030"))
    assert [reading.quote for reading in fetched.readings] == ["in plain letters"]
    assert problems(fetched) == [
        "port.csv:2: holds bytes that are not utf-8, expected the file saved so, or its encoding named"
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"value": "1,23"}, "value '1,23': has a mark that may part thousands or decimals"),
        ({"value": ""}, "value: is empty, expected a value"),
        ({"value": "5 USD", "unit": "bn CNY"}, "value '5 USD': says USD, the unit field counts bn CNY"),
        ({"indicator": " "}, "indicator: is empty, expected a value"),
        ({"publisher": ""}, "publisher: is empty, expected a value"),
        ({"period": "2025-13"}, "period '2025-13': there is no month 13"),
        ({"period": "2025-03"}, "period: a year-to-date starts on 1 January, not on 2025-03-01, expected 2025-Q1"),
        ({"basis": "ytd"}, "basis 'ytd': expected one of period, year_to_date, since_start, point, event"),
        ({"basis": "Year to date"}, "basis 'Year to date': expected one of period, year_to_date"),
        ({"qualifier": "exat"}, "qualifier 'exat': expected one of exact, about, over; did you mean exact?"),
        ({"value": "超6.4万", "qualifier": "exact"}, "qualifier: says exact, but the value '超6.4万' says over"),
        ({"rounding": "5"}, "rounding '5': '6.4万标箱' is printed to within 500, expected no less"),
        ({"rounding": "-500"}, "rounding '-500': '6.4万标箱' is printed to within 500, expected no less"),
        ({"rounding": "500 USD"}, "rounding '500 USD': is not written as the value '6.4万标箱' is"),
        ({"value": "64", "rounding": "0.1万"}, "rounding '0.1万': is not written as the value '64' is"),
        ({"yoy": "0.28"}, "yoy '0.28': is a rate without a percent sign, expected one such as 28%"),
        ({"provisional": "perhaps"}, "provisional 'perhaps': expected yes or no"),
        ({"published_on": "15/04/2025"}, "published_on '15/04/2025': is no day, expected one such as 2025-07-17"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url 'javascript:alert(1)': is no web address"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_reported_with_its_line_and_the_rest_is_read(
    tmp_path: Path, cells: dict[str, str], reason: str
) -> None:
    fetched = fetch(tmp_path, HEADER + line() + line(**cells) + line(period="2025-H1"))
    assert len(fetched.readings) == 2
    (problem,) = problems(fetched)
    assert problem.startswith(f"port.csv:3: {reason}")


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [("64000", "100", "100"), ("64000", "0", "0"), ("6.4万", "1000", "1000"), ("6.4万标箱", "0.1万标箱", "1000")],
)
def test_a_rounding_that_is_given_wins_over_the_printed_one(
    tmp_path: Path, value: str, rounding: str, expected: str
) -> None:
    (reading,) = fetch(tmp_path, HEADER + line(value=value, rounding=rounding)).readings
    assert reading.rounding == Decimal(expected)


def test_an_event_names_its_step_and_a_qualifier_may_repeat_the_printed_one(tmp_path: Path) -> None:
    cells = {"basis": "event", "period": "2025-03-31", "value": "1", "step": "jakarta"}
    fetched = fetch(tmp_path, HEADER + line(**cells) + line(value="约6.4万", qualifier="about"))
    assert [reading.step for reading in fetched.readings] == ["jakarta", None]
    assert fetched.readings[1].qualifier is Qualifier.ABOUT


def test_every_fault_of_a_row_is_reported_at_once(tmp_path: Path) -> None:
    fetched = fetch(tmp_path, HEADER + line(value="x", yoy="y", published_on="z"))
    assert [problem.where for problem in fetched.problems] == ["value", "published_on", "yoy"]


def test_what_drives_a_terminal_is_not_repeated(tmp_path: Path) -> None:
    (problem,) = problems(fetch(tmp_path, HEADER + line(value="\x1b[2J5")))
    assert "\x1b" not in problem


def test_the_line_is_that_on_which_the_row_starts(tmp_path: Path) -> None:
    fetched = fetch(tmp_path, HEADER + line(quote="two\nlines") + "\n" + line(value="x") + line())
    assert fetched.places == ("port.csv:2", "port.csv:6")
    assert problems(fetched)[0].startswith("port.csv:5: value")


def test_a_row_of_another_length_is_reported(tmp_path: Path) -> None:
    fetched = fetch(tmp_path, HEADER + "a,b\n" + line() + line().replace("\n", ",\n"))
    assert len(fetched.readings) == 1
    wanted = (
        "cells where the header has 15, expected one for each column (a cell with ',' in it stands in quotation marks)"
    )
    assert problems(fetched) == [f"port.csv:2: has 2 {wanted}", f"port.csv:4: has 16 {wanted}"]


@pytest.mark.parametrize("cut", range(1, len(line().encode()) - 5, 7))
def test_a_file_cut_off_anywhere_in_its_last_row_gives_only_the_whole_rows(tmp_path: Path, cut: int) -> None:
    whole = (HEADER + line()).encode()
    half = line(period="2025-H1", value="15.46万标箱").encode()[:cut]
    fetched = fetch(tmp_path, whole + half)
    assert [str(reading.value) for reading in fetched.readings] == ["64000"]
    assert problems(fetched) == [
        "port.csv:3: has no line break at its end and may be half-written, expected one to follow"
    ]


@pytest.mark.parametrize("cut", range(0, len(HEADER), 5))
def test_a_file_cut_off_in_its_header_gives_no_reading_and_says_why(tmp_path: Path, cut: int) -> None:
    fetched = fetch(tmp_path, HEADER[:cut])
    assert fetched.readings == ()
    assert problems(fetched) == ["port.csv:1: is empty, expected a header line"]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file_silently(tmp_path: Path) -> None:
    opened = line().replace('28%"', "28%")
    fetched = fetch(tmp_path, HEADER + line() + line(note="x") + opened.replace('""\n', "\n"))
    assert len(fetched.readings) == 2
    (problem,) = problems(fetched)
    wanted = 'expected quotes inside a cell doubled ("")'
    assert problem.startswith(f"port.csv:4: has a quotation mark out of place; {wanted}")
    fetched = fetch(tmp_path, HEADER + line() + '"open\n' + line().replace('"', ""))
    assert problems(fetched)[0].startswith(
        "port.csv:3: opens a quotation mark that is never closed, lines 3 to 4 were not read"
    )


MISSING = "is missing, expected it in the header"


@pytest.mark.parametrize(
    ("header", "reasons"),
    [
        (
            "indicator,period,basis,valeu,publisher",
            ["column 'valeu': is not known; did you mean value?", f"column 'value': {MISSING}"],
        ),
        ("indicator,period,basis,value,value,publisher", ["column 'value': stands twice in the header"]),
        ("indicator,period,basis,value", [f"column 'publisher': {MISSING}"]),
        (
            "x,indicator,period,basis",
            [
                f"column 'publisher': {MISSING}",
                f"column 'value': {MISSING}",
                f"column 'x': is not known; expected {', '.join(FIELDS)}",
            ],
        ),
    ],
)
def test_a_header_that_does_not_fit_is_reported_and_nothing_is_read(
    tmp_path: Path, header: str, reasons: list[str]
) -> None:
    fetched = fetch(tmp_path, f"{header}\n" + "1,2,3,4,5,6\n")
    assert fetched.readings == ()
    assert sorted(problems(fetched)) == sorted(f"port.csv:1: {reason}" for reason in reasons)


def test_columns_of_another_name_are_read_where_the_mapping_says(tmp_path: Path) -> None:
    fetched = fetch(
        tmp_path,
        "指标;时期;数值;备用\nilstc-volume;2025年1-3月;6,4万;x\n".encode("gb18030"),
        encoding="gb18030",
        delimiter=";",
        locale="de",
        columns={"indicator": "指标", "period": "时期", "value": "数值"},
        constants={"basis": "year_to_date", "publisher": "port-and-logistics-office"},
    )
    (reading,) = fetched.readings
    assert (reading.value, reading.publisher) == (Decimal(64000), "port-and-logistics-office")
    assert problems(fetched) == []


def test_a_column_of_our_name_is_not_read_when_the_field_is_mapped_to_another(tmp_path: Path) -> None:
    header, row = HEADER.rstrip("\n") + ",figure\n", line(value="1").rstrip("\n") + ",6.4万\n"
    (reading,) = fetch(tmp_path, header + row, columns={"value": "figure"}).readings
    assert reading.value == 64000


def test_a_mapped_column_that_is_missing_is_named(tmp_path: Path) -> None:
    fetched = fetch(tmp_path, HEADER + line(), columns={"value": "数值"})
    assert "port.csv:1: column '数值': is not in the header, expected it for value" in problems(fetched)


def test_a_constant_fills_only_what_a_row_leaves_empty(tmp_path: Path) -> None:
    fetched = fetch(tmp_path, HEADER + line(publisher="") + line(), constants={"publisher": "customs"})
    assert [reading.publisher for reading in fetched.readings] == ["customs", "port-and-logistics-office"]


def test_a_pattern_reads_every_file_in_order_and_each_says_its_name(tmp_path: Path) -> None:
    (tmp_path / "readings").mkdir()
    for name in ("b", "a"):
        (tmp_path / "readings" / f"{name}.csv").write_text(HEADER + line(note=name), encoding="utf-8")
    (tmp_path / "readings" / "c.txt").write_text("not this one", encoding="utf-8")
    for pattern in ("readings/*.csv", f"{tmp_path}/readings/*.csv"):
        fetched = read(tmp_path, path=pattern)
        assert [reading.note for reading in fetched.readings] == ["a", "b"]
        assert str(fetched.request).endswith("as utf-8: 2 files")
    assert read(tmp_path, path="readings/*.csv").places == ("readings/a.csv:2", "readings/b.csv:2")


def test_a_bad_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nothing of the kind\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEADER + line(), encoding="utf-8")
    fetched = read(tmp_path, path="*.csv")
    assert len(fetched.readings) == 1
    assert {problem.file for problem in fetched.problems} == {"a.csv:1"}


def test_no_matching_file_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    with raises(SourceError, match=f"path 'x/\\*.csv': no file matches in {tmp_path}"):
        read(tmp_path, path="x/*.csv")


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with raises(SourceError, match=r"pipe.csv: is no regular file, expected CSV files only"):
        read(tmp_path, path="*.csv")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "option 'path': Field required"),
        ({"path": "x", "encoding": "utf-16"}, "option 'encoding': is no encoding that can be read here"),
        ({"path": "x", "encoding": "klingon"}, "option 'encoding': is no encoding that can be read here"),
        ({"path": "x", "delimiter": ";;"}, "option 'delimiter': String should have at most 1 character"),
        ({"path": "x", "columns": {"valeu": "v"}}, "field 'valeu': is not known; did you mean value?"),
    ],
)
def test_options_that_cannot_be_are_refused(tmp_path: Path, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(SourceError) as refused:
        read(tmp_path, **options)
    assert in_english(refused.value).startswith("source 'port': ")
    assert reason in in_english(refused.value)


def test_a_touched_file_with_the_same_content_is_unchanged_and_another_content_is_not(tmp_path: Path) -> None:
    first = fetch(tmp_path, HEADER + line())
    assert fetch(tmp_path, HEADER + line(), dict(first.state)).unchanged
    assert not fetch(tmp_path, HEADER + line(note="x"), dict(first.state)).unchanged


def test_a_point_may_be_named_by_its_day_or_its_month(tmp_path: Path) -> None:
    days = [line(period=text, basis="point", value="1121.1 points") for text in ("2025-06-30", "2025-06")]
    one, other = fetch(tmp_path, HEADER + "".join(days)).readings
    assert isinstance(one.period, Period)
    assert one.period.end == other.period.end
