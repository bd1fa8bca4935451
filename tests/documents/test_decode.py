"""Bytes become tables of text, exactly as they are printed, or a sentence why not."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from itertools import count

import pytest
from pydantic import ValidationError

from targetwatch.documents import confined
from targetwatch.documents import grid as grid_limits
from targetwatch.documents.decode import MOST_BYTES_HERE, Decode, decode, guessed, joined
from targetwatch.documents.grid import Decoded, Grid, grid
from targetwatch.errors import DocumentError
from targetwatch.wording.problems import in_english
from workbooks import HEAD, book, ods, xlsx


def rows(data: bytes | str, how: object, **more: str) -> list[tuple[str, ...]]:
    """Return the rows of the only table there is."""
    raw = data.encode() if isinstance(data, str) else data
    (only,) = decode(raw, Decode.model_validate(how), **more).grids
    return list(only.rows)


def refusal(data: bytes | str, how: object, **more: str) -> str:
    with pytest.raises(DocumentError) as refused:
        rows(data, how, **more)
    return in_english(refused.value)


# --- a description ---


@pytest.mark.parametrize("said", ["csv", {"csv": None}, {"csv": {}}, {"csv": {"delimiter": ","}}])
def test_a_format_is_a_word_or_a_mapping_of_its_options(said):
    assert rows("a,b\n1,2\n", said) == [("a", "b"), ("1", "2")]


@pytest.mark.parametrize(
    "said",
    [
        "docx",
        {},
        {"csv": {}, "json": {}},
        {"csv": {"separator": ";"}},
        {"csv": {"charset": "klingon"}},
        {"json": {"rows": "a b"}},
        {"pdf": {"pages": "two"}},
        7,
    ],
)
def test_what_is_no_format_or_no_option_of_it_is_refused(said):
    with pytest.raises(ValidationError):
        Decode.model_validate(said)


def test_a_format_is_written_back_as_it_was_said():
    how = Decode.model_validate({"json": {"rows": "data"}})
    assert how.model_dump(by_alias=True, exclude_unset=True) == {"json": {"rows": "data"}}
    assert (how.format, how.options.rows) == ("json", "data")


# --- CSV ---


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found_out(sign):
    text = f"month{sign}value\r\n2025-01{sign}1.5\r\n2025-02{sign}1.25\r\n"
    assert rows(text, "csv") == [("month", "value"), ("2025-01", "1.5"), ("2025-02", "1.25")]


def test_decimal_commas_do_not_part_cells_that_a_semicolon_parts():
    assert rows("a;b\n1,5;2,5\n3,5;4,5\n", "csv")[1] == ("1,5", "2,5")


def test_rows_of_differing_length_are_filled_up_and_blank_ones_kept():
    assert rows("Title\n\na,b\n1,2\n", {"csv": {"delimiter": ","}}) == [("Title", ""), ("", ""), ("a", "b"), ("1", "2")]


def test_a_last_line_that_breaks_off_is_refused():
    assert refusal("a,b,c\n1,2,3\n4,5", "csv", name="x.csv") == "x.csv: breaks off in the middle of line 3"
    assert refusal("month,b,c\n2024-01,2,3\n2024-0", "csv") == "breaks off in the middle of line 3"
    assert rows("a,b,c\n1,2,3\n4,5,6", "csv")[-1] == ("4", "5", "6")
    assert rows("a,b,c\n1,2,3\nSource: customs", "csv")[-1] == ("Source: customs", "", "")
    assert rows(",,,", "csv") == [(",,,",)]


def test_a_quotation_that_is_never_closed_is_refused():
    assert refusal('a,b\n1,"2\n3,4\n', "csv", name="x.csv").startswith("x.csv:2: opens a quotation mark that is never")
    assert "out of place" in refusal('a,b\n"1,234" x,5\n', "csv")
    assert rows('size,n\n5" pipe,7\n', "csv") == [("size", "n"), ('5" pipe', "7")]


CHINESE = "年份,吞吐量（万吨）\n2024年,1234\n"


@pytest.mark.parametrize(
    ("charset", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "gb2312"),
        ("utf-8", "gb2312"),
        ("utf-16", ""),
        ("gb18030", ""),
        ("gb18030", "gb2312"),
        ("gb18030", "GBK"),
        ("gb18030", "gb18030"),
        ("big5hkscs", "Big5"),
    ],
)
def test_chinese_is_read_in_whatever_way_it_is_written(charset, declared):
    text = CHINESE if charset != "big5hkscs" else "年份,吞吐量\n2024年,1234\n"
    data = text.encode(charset)
    assert rows(data, "csv", charset=declared) == [tuple(line.split(",")) for line in text.splitlines()]
    assert rows(data, "csv", content_type=f'text/csv; charset="{declared}"') == rows(data, "csv", charset=declared)


def test_an_option_says_how_it_is_written_where_nothing_else_does():
    assert rows("Año,España\n1,2\n".encode("cp1252"), {"csv": {"charset": "latin-1"}})[0] == ("Año", "España")


def test_what_is_not_written_as_it_says_or_not_at_all_is_refused():
    assert "is not utf-8 from byte 1 on" in refusal("Año,b\n1,2".encode("cp1252"), "csv", charset="utf-8")
    assert "'klingon', which is not known" in refusal("a,b\n1,2", "csv", charset="klingon")
    assert "not gb18030 from byte" in refusal(b"\x80\x81\xff\xff\n1", "csv")
    assert refusal(b"a,b\x00c\n1,2", "csv") == "holds something else than text"


# --- workbooks ---


def test_a_workbook_gives_a_table_for_every_visible_sheet_that_holds_something():
    data = xlsx([["Year", "TEU"], [2024, 970.0], [2025, 0.1 + 0.2]], more={"Empty": [], "More": [["x"]]})
    tables = decode(data, Decode(workbook={})).grids
    assert [one.name for one in tables] == ["Data", "More"]
    assert tables[0].rows == (("Year", "TEU"), ("2024", "970"), ("2025", "0.3"))
    assert rows(data, {"workbook": {"sheet": "More"}}) == [("x",)]


def test_a_sheet_that_is_not_there_is_named_beside_those_that_are():
    assert refusal(xlsx([["a"]]), {"workbook": {"sheet": "Table 1"}}) == (
        "sheet 'Table 1': no sheet of that name; there are: Data"
    )


def test_a_merged_cell_stands_in_all_the_places_it_covers():
    def cell(place, text):
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'

    first = f'<row r="2">{cell("B2", "Total")}</row>'
    second = f'<row r="3">{cell("A3", "Year")}{cell("B3", "TEU")}{cell("C3", "%")}</row>'
    third = f'<row r="4"><c r="A4"><v>2024</v></c>{cell("B4", "1")}{cell("C4", "2")}</row>'
    fourth = f'<row r="5">{cell("B5", "3")}{cell("C5", "4")}</row>'
    merged = '</sheetData><mergeCells><mergeCell ref="B2:C2"/><mergeCell ref="A4:A5"/></mergeCells></worksheet>'
    assert rows(book({"Data": HEAD + first + second + third + fourth + merged}), "workbook") == [
        ("", "", ""),
        ("", "Total", "Total"),
        ("Year", "TEU", "%"),
        ("2024", "1", "2"),
        ("2024", "3", "4"),
    ]


def test_an_opendocument_spreadsheet_is_read_as_well():
    assert rows(ods([["a", 1.5], ["b", 2]]), "workbook") == [("a", "1.5"), ("b", "2")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,2", "is no spreadsheet"),
        (b"PK\x03\x04 truncated", "is damaged"),
        (xlsx([["a", 1]])[:-100], "is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20, "is damaged"),
        (xlsx([["x"]]).replace(b"[Content_Types].xml", b"[Content_Tipes].xml"), "the archive has several files"),
    ],
    ids=count(),
)
def test_what_is_no_whole_workbook_is_refused(data, said):
    assert said in refusal(data, "workbook")


def test_a_page_that_a_spreadsheet_program_wrote_is_read_under_the_name_of_a_workbook():
    head = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"></head>'
    page = f"{head}<table><tr><td>年份</td><td>万吨</td></tr><tr><td>2024</td><td x:num='7.5'>7.5</td></tr></table>"
    assert rows(page.encode("gb18030"), "workbook") == [("年份", "万吨"), ("2024", "7.5")]


@pytest.mark.usefixtures("confined_as_served")
def test_a_reader_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(confined, "PATIENCE_SECONDS", 0.001)
    assert "more memory or time" in refusal(xlsx([["x"]]), "workbook")


# --- JSON ---


def test_the_only_list_of_an_answer_is_its_table_and_its_numbers_keep_their_digits():
    answer = '{"total": 2, "data": [{"m": "2025-01", "v": {"teu": 28.30}}, {"m": "2025-02", "v": null, "x": true}]}'
    assert rows(answer, "json") == [("m", "v.teu", "v", "x"), ("2025-01", "28.30", "", ""), ("2025-02", "", "", "yes")]


def test_of_several_lists_one_has_to_be_named():
    answer = '{"fields": [{"id": "m"}], "records": [{"m": "1"}]}'
    assert refusal(answer, "json") == "rows: has several lists of rows, expected one of them: fields, records"
    assert rows(answer, {"json": {"rows": "records"}}) == [("m",), ("1",)]


def test_chosen_fields_are_the_columns():
    how = {"json": {"rows": "data", "fields": {"month": "m", "TEU": "v.teu"}}}
    assert rows('{"data": [{"m": 1, "v": {"teu": 2.0}}]}', how) == [("month", "TEU"), ("1", "2.0")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('[["m","v"],["2025-01",1.50]]', [("m", "v"), ("2025-01", "1.50")]),
        ('[{"page":1},[{"m":"1","v":2}]]', [("m", "v"), ("1", "2")]),
        (
            '{"data":{"resultType":"matrix","result":[{"metric":{"port":"a"},"values":[[1735689600,"0"],[1735689660,"7"]]}]}}',
            [("port", "time", "value"), ("a", "1735689600", "0"), ("a", "1735689660", "7")],
        ),
        (
            '{"data":{"resultType":"vector","result":[{"metric":{},"value":[1,"3"]}]}}',
            [("time", "value"), ("1", "3")],
        ),
    ],
)
def test_lists_of_lists_pages_with_a_head_and_samples_are_tables(answer, expected):
    assert rows(answer, "json") == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('{"t": ["a", "b"], "v": [1, 2]}', [("t", "v"), ("a", "1"), ("b", "2")]),
        ('{"2023": {"v": 1}, "2024": {"v": 2}}', [("key", "v"), ("2023", "1"), ("2024", "2")]),
        ('{"2023": 1, "2024": [2]}', [("2023", "2024[0]"), ("1", "2")]),
        ("[1, 2]", [("@",), ("1",), ("2",)]),
        ("[]", []),
    ],
)
def test_columns_and_groups_by_key_are_tables_where_they_are_asked_for(answer, expected):
    assert rows(answer, {"json": {"rows": "@"}}) == expected


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"data": [{"v": 1}', "breaks off in the middle, at line 1, column 19"),
        ('{"data": [{"v": NaN}]}', "is not JSON: NaN is no number"),
        ('{"data": [{"v": 1,}]}', "is not JSON: "),
        ('{"data": [{"v": ' + "[" * 100_000, "is nested too deeply"),
        ('{"data": [{"v": 1e999}]}', "no plausible figure"),
        ('{"data": {"resultType": "matrix", "result": [{"values": [[1]]}]}}', "is damaged"),
        ('{"error": "no such series"}', "rows: has no list of rows, it has error"),
        ("7", "rows: has no list of rows"),
    ],
)
def test_what_is_no_answer_with_rows_is_refused(answer, said):
    assert said in refusal(answer, "json")


# --- whatever it is ---


@pytest.mark.parametrize("how", ["csv", "json", "workbook"])
def test_an_error_page_or_a_login_page_in_place_of_the_document_says_so(how):
    page = "<!DOCTYPE html><html><head><title>Service  not\navailable</title></head><body>503</body></html>"
    assert refusal(page, how) == (
        "is a web page titled 'Service not available', expected the document: its address may have moved, "
        "or answer with an error"
    )
    assert refusal("\ufeff <!-- x --><html><body>503", how).startswith("is a web page, expected the document")
    login = '<html><form><input name=u><input type="password" name=p></form></html>'
    assert refusal(login, how).startswith("is a page that asks for a password")
    assert refusal(" \n", how) == "is empty, expected a document"


def test_a_large_document_is_read_in_a_process_of_its_own_and_one_too_large_is_not_read(monkeypatch):
    line = "2025-01,Total,1234.5,,x\n"
    text = "month,what,value,note,y\n" + line * (MOST_BYTES_HERE // len(line) + 1)
    assert len(rows(text, "csv")) == text.count("\n")
    monkeypatch.setattr("targetwatch.documents.decode.MOST_BYTES", 1000)
    assert refusal(text, "csv") == "has more than 1,000 bytes, expected at most that"


def test_a_table_of_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr("targetwatch.documents.grid.MOST_CELLS", 5)
    monkeypatch.setattr("targetwatch.documents.grid.MOST_COLUMNS", 3)
    monkeypatch.setattr("targetwatch.documents.grid.MOST_CHARACTERS", 9)
    assert refusal("a,b\n1,2\n3,4\n", "csv") == "has more than 5 cells, expected at most that"
    assert refusal("a,b,c,d\n", "csv") == "has 4 columns, expected at most 3"
    assert refusal("abcde,fghij\n", "csv") == "has more than 9 characters, expected at most that"


# --- archives ---


def packed(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name, text)
    return made.getvalue()


TEXT = "month,value\n2025-01,1.5\n"


def test_the_only_file_of_an_archive_is_the_document_and_of_several_one_is_named():
    assert rows(packed(data=TEXT), "csv") == rows(gzip.compress(TEXT.encode()), "csv") == rows(TEXT, "csv")
    several = packed(**{"data/a.csv": TEXT, "readme.txt": "x"})
    assert rows(several, {"csv": {"member": "*.csv"}}) == rows(TEXT, "csv")
    assert refusal(several, "csv") == (
        "member: the archive has several files, expected the name of one of them: data/a.csv, readme.txt"
    )
    assert "'*.xml': the archive has no such file, it has data/a.csv" in refusal(several, {"csv": {"member": "*.xml"}})


def test_a_workbook_in_an_archive_is_read():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("book.xlsx", xlsx([["a", 1.0]]))
    assert rows(made.getvalue(), "workbook") == [("a", "1")]


@pytest.mark.slow
def test_archives_that_are_damaged_or_unpack_to_more_than_a_document_are_refused(monkeypatch):
    assert "breaks off" in refusal(gzip.compress(TEXT.encode())[:-9], "csv")
    assert "is damaged" in refusal(b"\x1f\x8b" + b"x" * 99, "csv")
    assert "is damaged" in refusal(packed(data=TEXT)[:-9], "csv")
    bomb = packed(data="0" * 400_000_000)
    assert len(bomb) < 1_000_000
    assert "more memory or time" in refusal(bomb, "csv")
    assert "more memory or time" in refusal(gzip.compress(b"0" * 100_000_000), "csv")
    monkeypatch.setattr(confined, "MOST_MEMBERS", 1)
    with pytest.raises(DocumentError):
        confined.members(packed(a="1", b="2"))


# --- what a document is ---


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TEXT.encode(), "csv"),
        (b"\xef\xbb\xbf<!-- x -->\n<!DOCTYPE HTML><html>", "html"),
        (b"<?xml version='1.0'?><rss/>", "xml"),
        (b'<m:Data xmlns:m="http://www.sdmx.org/x">', "xml"),
        (b'<m:Data xmlns:m="http://www.sdmx.org/resources/sdmx/schemas">', "sdmx"),
        (b'{"a": [1]}', "json"),
        (b"[[1]]", "json"),
        (b'{"dimension": {}, "value": []}', "jsonstat"),
        (b'{"header": {}, "dataSets": []}', "sdmx"),
        (b"%PDF-1.7", "pdf"),
        (xlsx([["a"]]), "workbook"),
        (gzip.compress(b'{"a": 1}'), "json"),
    ],
    ids=count(),
)
def test_a_document_is_taken_for_what_its_first_bytes_say(data, expected):
    assert guessed(data).format == expected


def test_where_its_bytes_say_nothing_the_sender_is_believed():
    assert guessed(b"7", content_type="application/json").format == "json"


def test_the_limits_of_reading_are_these():
    assert (confined.MEMORY_BYTES, confined.CPU_SECONDS, confined.PATIENCE_SECONDS) == (512 * 2**20, 30, 120)
    assert (confined.MOST_BYTES, confined.MOST_MEMBERS, MOST_BYTES_HERE) == (60_000_000, 2_000, 1_000_000)
    limits = (grid_limits.MOST_ROWS, grid_limits.MOST_COLUMNS, grid_limits.MOST_CELLS, grid_limits.MOST_CHARACTERS)
    assert limits == (1_100_000, 2_000, 2_500_000, 60_000_000)


# --- pages ---


def page(*lines: str) -> Decoded:
    return Decoded(grids=(grid("", [line.split(",") for line in lines]),), lines=("a line",))


def test_pages_of_one_answer_are_one_table_with_one_header():
    whole = joined(
        [
            page("m,v", "1,2"),
            page("m,v", "3,4"),
            page("v,m", "6,5"),
            page("m,v,note", "7,8,x"),
            Decoded(grids=(Grid("", ()),)),
        ]
    )
    assert whole.grids[0].rows == (
        ("m", "v", "note"),
        ("1", "2", ""),
        ("3", "4", ""),
        ("5", "6", ""),
        ("7", "8", "x"),
    )
    assert whole.lines == ("a line",) * 4


def test_pages_without_a_header_are_appended_whole():
    assert joined([page("m,v", "1,2"), page("3,4")]).grids[0].rows == (("m", "v"), ("1", "2"), ("3", "4"))


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([page("m,v", "1,2"), page("m,v", "1,2")], "page 2 is the same as one before it"),
        ([page("m,v", "1,2"), page("error", "no")], "page 2 has other columns than the first"),
        ([page("m,v", "1,2"), Decoded(lines=("no table",))], "page 2 has other columns than the first"),
    ],
)
def test_a_page_that_came_twice_or_is_another_table_is_refused(pages, said):
    with pytest.raises(DocumentError) as refused:
        joined(pages)
    assert in_english(refused.value) == said


def test_the_description_says_in_its_schema_that_one_word_will_do():
    schema = Decode.model_json_schema()
    assert "csv" in json.dumps(schema)
    assert {"anyOf"} <= set(schema)
