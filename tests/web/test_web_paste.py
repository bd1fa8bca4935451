"""A pasted table or a dropped file: understood, shown row by row, entered as a whole or not at all, refused in time."""

from __future__ import annotations

import base64
import contextlib
import re
import resource
import shutil
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from test_web_figures import PAST, UNDO, Desk, undo
from web_stage import Page, Stage, locked

from builders import day
from targetwatch.documents import confined
from targetwatch.documents.grid import Grid
from targetwatch.errors import DocumentError
from targetwatch.model import Reading, Role
from targetwatch.store import audit, db
from targetwatch.web.figures import tables
from targetwatch.web.figures.tables import MOST_ROWS
from workbooks import HEAD, MEGABYTE, TAIL, book, lying, ods, shared_text, xlsx

DATA = Path(__file__).parent.parent / "data"
HEADER = "indicator\tperiod\tbasis\tvalue\tyoy\tpublished on\tlink"
OCTOBER = "cargo\t2025-01..2025-10\tyear_to_date\t272,300 TEU\t33%\t2025-12-09\thttps://example.org/dec"
SEPTEMBER = "Cargo\t1-9月 2025\tYear to date\t24.19万标箱\t\t31 Oct 2025\t"
TEN_TIMES = "cargo\t2025-01..2025-11\tyear_to_date\t2,990,000\t\t2026-01-03\t"
CHINESE = """重庆经西部陆海新通道运量（万标箱）

期间\t口径\t数值（万标箱）\t同比\t公布日期\t来源
2025年1—9月\t年初累计\t24.19\t\t2025年10月31日\t
2025年1—10月\t累计\t27.23\t33%\t2025-12-09\thttps://example.org/dec
"""


class Paster(Desk):
    """An editor with a table in hand."""

    def paste(self, text: str = "", *, language: str = "en", file: bytes | None = None, **more: str) -> Any:
        name = more.pop("name", "figures.csv")
        data = {"csrf": self.browser.token, "do": "look", "text": text, **more}
        files = {"file": (name, file)} if file is not None else {"none": ("", b"")}
        return self.browser._request(
            "POST", "/figures/paste", data=data, files=files, headers={"accept-language": language}
        )

    def page(self, *said: Any, **more: Any) -> Page:
        answer = self.paste(*said, **more)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)


@pytest.fixture
def desk(stage: Callable[..., Stage]) -> Paster:
    return Paster(stage(day("2026-01-10")))


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[Paster]:
    """An editor who looks at tables and saves none."""
    file = Path(shutil.copy(empty_file, tmp_path_factory.mktemp("looking") / "own.db"))
    desk = Paster(Stage(file, day("2026-01-10")))
    yield desk
    assert (len(desk.stored()), desk.held(None)) == (len(PAST), ())
    desk.stage.close()


def table(*lines: str) -> str:
    return "\n".join((HEADER, *lines))


def last(desk: Paster) -> str:
    return str(desk.stored()[-1].id)


def outcomes(source: str) -> list[str]:
    return re.findall(r'class="paste-row paste-(\w+)">', source)


def values(readings: tuple[Reading, ...]) -> list[int]:
    return [int(one.value) for one in readings[len(PAST) :]]


# --- understood ---


def test_a_pasted_table_is_shown_row_by_row_and_nothing_is_saved(looking: Paster) -> None:
    source = looking.paste(table(OCTOBER, SEPTEMBER, TEN_TIMES)).text
    assert outcomes(source) == ["new", "new", "held"]
    page = Page(source)
    assert "272,300 TEU" in page.text
    assert "241,900 TEU (± 50)" in page.text
    assert "2,990,000 TEU is an order of magnitude above what is known" in page.text


def test_a_chinese_table_with_a_title_and_a_unit_in_its_header_is_understood(desk: Paster) -> None:
    source = desk.paste(CHINESE, language="zh", c_indicator="cargo").text
    assert outcomes(source) == ["new", "new"]
    assert 'name="c_unit" value="万标箱"' in source
    assert "27.23万标箱" in Page(source).text
    answer = desk.paste(CHINESE, c_indicator="cargo", c_unit="万标箱", do="save")
    assert answer.status_code == 303
    assert values(desk.stored()) == [241900, 272300]
    assert [one.published_on for one in desk.stored()[-2:]] == [day("2025-10-31"), day("2025-12-09")]


def test_whatever_parts_the_cells_is_found_out(desk: Paster) -> None:
    for sign in ",;|\t":
        text = "\n".join(
            sign.join(row)
            for row in (
                ("indicator", "period", "basis", "value", "note"),
                ("cargo", "2025-01..2025-09", "year_to_date", "241900", '"by phone, later ""by"" mail"'),
                ("cargo", "2025-01..2025-10", "year_to_date", "272300", ""),
            )
        )
        assert outcomes(desk.paste(text).text) == ["new", "new"], sign
    desk.paste(text, do="save")
    assert desk.stored()[-2].note == 'by phone, later "by" mail'


def test_columns_are_taken_as_chosen_and_the_choice_stays_for_columns_of_that_name(looking: Paster) -> None:
    text = "what\tspan\thow much\nCargo\t2025-01..2025-09\t241900"
    first = looking.paste(text, c_basis="year_to_date").text
    assert outcomes(first) == ["unreadable"], "a first line of words is a header"
    assert "No column is taken for the figure yet." in first
    said = {"head_0": "what", "map_0": "indicator", "head_1": "span", "map_1": "period"}
    said |= {"head_2": "how much", "map_2": "value", "c_basis": "year_to_date"}
    assert outcomes(looking.paste(text, **said).text) == ["new"]
    turned = "how much\twhat\tspan\n241900\tCargo\t2025-01..2025-09"
    assert outcomes(looking.paste(turned, **said).text) == ["new"], "chosen by name, wherever the column stands now"
    kept_out = {"head_0": "value", "map_0": "", "head_1": "note", "map_1": "value"}
    swapped = looking.paste("value\tnote\tmonth\n1\t241900\t2025-09", c_indicator="cargo", **kept_out, c_basis="period")
    assert "241,900 TEU" in Page(swapped.text).text


def test_whether_a_line_names_the_columns_can_be_said(looking: Paster) -> None:
    text = "cargo\t2025-01..2025-09\tyear_to_date\t241900"
    source = looking.paste(text).text
    assert "No line with the names of the columns was found" in source
    said = {f"head_{n}": f"#{n + 1}" for n in range(4)} | {"map_0": "indicator", "map_1": "period"}
    said |= {"map_2": "basis", "map_3": "value"}
    assert outcomes(looking.paste(text, **said).text) == ["new"]
    strange = "2024 name\tno. 2\tno. 3\tno. 4\n" + text
    assert outcomes(looking.paste(strange, **said).text) == ["unreadable", "new"]
    named = {f"head_{n}": name for n, name in enumerate(("2024 name", "no. 2", "no. 3", "no. 4"))}
    assert outcomes(looking.paste(strange, **said | named, seen_header="yes", header="yes").text) == ["new"]
    assert outcomes(looking.paste(table(OCTOBER), seen_header="yes").text) == ["unreadable", "unreadable"]


@pytest.mark.parametrize("unit", ["TEU", "标箱"])
def test_a_column_named_by_a_unit_is_the_figure_when_no_other_is(looking: Paster, unit: str) -> None:
    said = {"c_indicator": "cargo", "c_basis": "year_to_date"}
    source = looking.paste(f"period\t{unit}\n2025-01..2025-09\t241900", **said).text
    assert outcomes(source) == ["new"]
    assert f'name="c_unit" value="{unit}"' in source
    twice = looking.paste(f"period\t{unit}\tTEU 2\tbn CNY\n2025-01..2025-09\t241900\t1\t5", **said).text
    assert "No column is taken for the figure yet." in twice, "of two, nobody can say which"
    left_out = looking.paste(f"period\t{unit}\n2025-01..2025-09\t241900", head_1=unit, map_1="", **said).text
    assert "No column is taken for the figure yet." in left_out


def test_an_unknown_indicator_is_told_the_titles_there_are(looking: Paster) -> None:
    shown = looking.page(table(OCTOBER.replace("cargo", "zzzzzz")), language="zh").text
    assert "可选：货运量、价格指数、线路、外贸" in shown


def test_all_faults_of_a_row_are_named_and_a_missing_basis_in_a_sentence(looking: Paster) -> None:
    row = "crago\tSmarch\t\tsix\t0.33\tnever\tjavascript:x"
    known = row.replace("crago", "cargo")
    shown = looking.page(table(row, known)).text
    for said in ("did you mean Cargo", "“Smarch” cannot be read", "“six” is not a number", "“never” is no day"):
        assert said in shown
    assert shown.count("is no web address") == 2
    assert "Nothing says what the figure counts, expected one of period, year to date, running total" in shown
    assert "没有写明统计方式，应为：" in looking.page(table(known), language="zh").text


def test_months_of_a_running_total_are_its_ends_and_rates_are_read_as_they_are_written(looking: Paster) -> None:
    text = "period\tbasis\tvalue\tyoy\n2025-09\t累计\t241900\t0.31\n2025-10\t累计\t272300\t0.33"
    page = Page(looking.paste(text, c_indicator="cargo").text)
    assert "Jan–Oct 2025, year to date, +33%" in page.text
    bare = looking.paste(text.replace("0.31", "31").replace("0.33", "33"), c_indicator="cargo").text
    assert "+33%" in Page(bare).text
    wrong = looking.paste(text, c_indicator="cargo", rates="percent").text
    assert "+0.3%" in Page(wrong).text


def test_days_that_stand_for_their_months_are_offered_as_months(looking: Paster) -> None:
    text = "period\tvalue\n2025-09-01\t30000\n2025-10-01\t30400"
    said = {"c_indicator": "cargo", "c_basis": "period"}
    assert "Oct 2025, in the period" in Page(looking.paste(text, **said).text).text
    assert "1 Oct 2025, in the period" in Page(looking.paste(text, **said, seen_months="yes").text).text


def test_the_whole_table_may_share_what_no_column_says(desk: Paster) -> None:
    text = "period\tvalue\n2025-01..2025-09\t241900"
    said = {
        "c_indicator": "cargo",
        "c_basis": "year_to_date",
        "c_publisher": "customs",
        "c_published_on": "2025-10-31",
        "c_evidence_url": "https://example.org/table",
    }
    assert desk.paste(text, do="save", **said).status_code == 303
    last = desk.stored()[-1]
    assert (last.publisher, last.published_on, last.evidence_url) == (
        "customs",
        day("2025-10-31"),
        "https://example.org/table",
    )


# --- entered ---


def test_a_table_is_stored_in_one_transaction_with_its_reason(desk: Paster) -> None:
    answer = desk.paste(table(OCTOBER, SEPTEMBER), do="save", why="the office's annual table")
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert {name: query[name] for name in ("done", "new", "held")} == {"done": ["pasted"], "new": ["2"], "held": ["0"]}
    assert "2 new" in desk.browser.page(answer.headers["location"]).text
    with db.reading(desk.stage.engine) as session:
        last = audit.entries(session, kind="reading")[0]
    assert (last.actor, last.reason, last.object) == ("web:a-editor", "the office's annual table", "6..7")
    assert "272,300 TEU" in desk.browser.page("/targets/cargo-2025").text


def test_what_was_saved_is_listed_and_the_whole_table_is_undone_in_one_click(desk: Paster) -> None:
    place = desk.paste(table(OCTOBER, SEPTEMBER), do="save").headers["location"]
    page = desk.browser.page(place)
    assert {"/readings/6", "/readings/7"} <= set(page.links)
    assert "Cargo, Jan–Oct 2025: 272,300 TEU" in page.text
    assert "货运量，2025年1—10月：27.23万标箱" in desk.browser.page(place, "zh").text.replace("、", "，")
    assert UNDO not in desk.stage.sign_in(Role.EDITOR, "another").get(place).text
    undone = undo(desk, page)
    assert undone.headers["location"] == "/figures/paste?done=undone"
    assert [one.withdrawn_at is not None for one in desk.stored()[len(PAST) :]] == [True, True]
    with db.reading(desk.stage.engine) as session:
        moves = audit.entries(session, kind="withdrawal")
    assert len({(one.at, one.actor, one.reason) for one in moves}) == 1, "in one transaction, by one person"
    assert UNDO not in desk.browser.get(place).text


def test_an_address_that_names_no_saved_figures_lists_none(looking: Paster) -> None:
    for said in ("6..", "1..999999999999", "2..1", "x..y", "9" * 5000):
        address = f"/figures/paste?done=pasted&new=2&revised=0&known=0&held=0&saved={said}"
        answer = looking.browser.get(address)
        assert (answer.status_code, UNDO in answer.text) == (200, False), said


def test_saving_twice_adds_nothing(desk: Paster) -> None:
    desk.paste(table(OCTOBER, SEPTEMBER), do="save")
    again = desk.paste(table(OCTOBER, SEPTEMBER), do="save")
    assert parse_qs(urlsplit(again.headers["location"]).query)["known"] == ["2"]
    assert values(desk.stored()) == [241900, 272300] or values(desk.stored()) == [272300, 241900]


def test_one_row_that_cannot_be_read_keeps_the_whole_table_out(desk: Paster) -> None:
    bad = OCTOBER.replace("272,300 TEU", "six").replace("https:", "javascript:")
    answer = desk.paste(table(SEPTEMBER, bad), do="save", hold="yes")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Nothing was saved" in page.text
    assert len([one for one in page.all("td") if one.get("class") == "paste-wrong"]) == 2, "the cells are marked"
    assert "“six” is not a number" in page.text
    assert len(desk.stored()) == len(PAST)
    assert "“six”不是数字" in Page(desk.paste(table(SEPTEMBER, bad), language="zh").text).text


def test_suspicious_rows_are_held_only_when_that_is_chosen(desk: Paster) -> None:
    refused = desk.paste(table(SEPTEMBER, TEN_TIMES), do="save")
    assert (refused.status_code, len(desk.stored())) == (422, len(PAST))
    done = desk.paste(table(SEPTEMBER, TEN_TIMES), do="save", hold="yes")
    assert done.status_code == 303
    assert (values(desk.stored()), [int(one.reading.value) for one in desk.held()]) == ([241900], [2990000])
    again = desk.paste(table(SEPTEMBER, TEN_TIMES)).text
    assert "waits already, or was rejected" in again
    assert "See what is to be checked" in desk.browser.page(done.headers["location"]).text


def test_a_revision_in_a_table_names_what_it_revises(looking: Paster) -> None:
    text = table("cargo\t2025-H1\tyear_to_date\t155,000\t\t2025-08-01\t")
    assert "revises 154,600 TEU" in looking.page(text).text


@pytest.mark.parametrize("name", ["value", "本期累计", "本年累计（TEU）", "年初累计", "Cumulative"])
def test_what_figures_count_is_guessed_once_the_indicator_is_known_and_said_to_be(looking: Paster, name: str) -> None:
    text = f"period\t{name}\n2025-01..2025-09\t241900"
    page = looking.paste(text, c_indicator="cargo", c_basis="").text
    assert outcomes(page) == ["new"]
    assert '<option value="year_to_date" selected>' in page
    assert "A guess, from the name of the column" in page
    assert looking.paste(text, c_indicator="cargo", c_basis="", do="save").status_code == 422, "nobody has seen it"
    assert "A guess" not in looking.paste(text, c_indicator="cargo", c_basis="period").text


def test_what_every_row_lacks_is_said_once(looking: Paster) -> None:
    source = looking.paste("indicator\tperiod\tcolour\n" + "cargo\t2025-01..2025-09\tred\n" * 3).text
    assert Page(source).text.count("No column is taken for the figure yet.") == 1
    assert "Nothing stands here" not in Page(source).text
    assert "cannot be read" not in Page(source).text
    said = Page(looking.paste("period\tvalue\n2025-01..2025-09\t1\n2025-01..2025-10\t2").text).text
    assert said.count("choose above, under") == said.count("“Indicator”") == 1


@pytest.mark.parametrize("said", ["Price indx", "价格指", "PRICE INDEX 2"])
def test_an_indicator_nearly_named_is_the_one_meant(looking: Paster, said: str) -> None:
    assert "did you mean Price index?" in looking.page(table(OCTOBER.replace("cargo", said, 1))).text


def test_a_row_beside_a_withdrawn_figure_is_new(desk: Paster) -> None:
    desk.paste(table(OCTOBER), do="save")
    undo(desk, desk.browser.page("/figures/paste?done=pasted&new=1&revised=0&known=0&held=0&saved=" + last(desk)))
    other = table(OCTOBER.replace("272,300", "271,400"))
    assert outcomes(desk.paste(other).text) == ["new"]
    assert "new=1&revised=0" in desk.paste(other, do="save").headers["location"]


def test_a_locked_database_loses_nothing_of_the_table(desk: Paster) -> None:
    with locked(desk.stage):
        answer = desk.paste(table(OCTOBER), do="save")
    assert answer.status_code == 503
    assert "The database is busy" in answer.text
    assert "272,300 TEU" in answer.text


def test_script_in_a_table_is_shown_as_the_text_it_is(looking: Paster) -> None:
    evil = "<script>alert(1)</script>"
    source = looking.paste(f"indicator\tperiod\tvalue\t{evil}\n{evil}\t{evil}\t{evil}\t{evil}").text
    assert "<script>alert" not in source
    assert "&lt;script&gt;alert(1)" in source


def test_hundreds_of_rows_are_shown_and_stored(desk: Paster) -> None:
    rows = [
        f"index\t{1980 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}\t{1000 + n % 50}\t2025-12-01"
        for n in range(500)
    ]
    text = "\n".join(("indicator\tperiod\tvalue\tpublished on", *rows))
    source = desk.paste(text).text
    assert "500 new" in source
    assert len(outcomes(source)) == 200
    assert "200 of 500 rows shown" in Page(source).text
    assert desk.paste(text, do="save").status_code == 303
    assert len(desk.stored("index")) == 500


# --- files ---


ROWS = (
    ("Cargo", "", "", "", ""),
    ("Period", "Basis", "Figure (TEU)", "Growth", "Published on"),
    ("2025-01..2025-09", "year to date", 241900, "", "2025-10-31"),
    ("2025-01..2025-10", "year to date", ("SUM(C1:C3)", 272300), 0.33, "2025-12-09"),
)
FILES = {
    "xlsx": xlsx(ROWS),
    "ods": ods((*ROWS[:3], ("2025-01..2025-10", "year to date", 272300, 0.33, "2025-12-09"))),
    "xls": (DATA / "figures.xls").read_bytes(),
    "utf-8": CHINESE.encode(),
    "utf-8 with a mark": CHINESE.encode("utf-8-sig"),
    "gb18030": CHINESE.encode("gb18030"),
    "utf-16": CHINESE.encode("utf-16"),
    "windows lines": CHINESE.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_read_by_what_is_in_it_and_kept_for_the_saving(desk: Paster, kind: str) -> None:
    answer = desk.paste(file=FILES[kind], c_indicator="cargo")
    assert outcomes(answer.text) == ["new", "new"], answer.text
    assert "272,300 TEU" in Page(answer.text).text
    assert "+33%" in Page(answer.text).text
    page = Page(answer.text)
    back = {one["name"] or "": one.get("value") or "" for one in page.all("input") if one.get("name")}
    kept = {name: text for name, text in back.items() if name.startswith(("packed", "c_"))}
    saved = desk.paste(**kept, c_indicator="cargo", rates="ratio", do="save")
    assert saved.status_code == 303, Page(saved.text).text
    assert sorted(values(desk.stored())) == [241900, 272300]


def test_a_workbook_of_several_sheets_lets_one_be_chosen(looking: Paster) -> None:
    data = xlsx([["nothing here"]], more={"Figures": ROWS, "Empty": []})
    first = Page(looking.paste(file=data, c_indicator="cargo").text)
    packed = next(one["value"] for one in first.all("input") if one.get("name") == "packed")
    assert "Figures" in first.text
    assert "Empty" not in first.text
    assert outcomes(looking.paste(packed=packed or "", sheet="1", c_indicator="cargo").text) == ["new", "new"]


def test_a_row_keeps_the_number_it_has_in_its_file(looking: Paster) -> None:
    rows = [[], [], *ROWS[1:3], [], ROWS[3]]
    for data in (xlsx(rows), b"\n\nperiod,value\n2025-09,1\n\n2025-10,x"):
        source = looking.paste(file=data, c_indicator="cargo", c_basis="period").text
        assert re.findall(r"</span>(\d+)</th>", source) == ["4", "6"]


def test_the_name_of_a_file_is_never_a_path(looking: Paster, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for name in ("../../../etc/passwd", "/etc/passwd", "..\\..\\x.xlsx", "a\x00b.csv", "con", "x" * 255):
        answer = looking.paste(file=FILES["utf-8"], name=name, c_indicator="cargo")
        assert outcomes(answer.text) == ["new", "new"], (name[:20], answer.status_code, Page(answer.text).text)
        assert "root:" not in answer.text
    inside = book({"Data": HEAD + TAIL})
    evil = lying(inside, size=10, name="nothing")
    assert looking.paste(file=evil).status_code == 422
    assert sorted(tmp_path.rglob("*")) == before


REFUSED = [
    (b"", "there is nothing in it"),
    (b"   \n \t", "there is nothing in it"),
    (b"%PDF-1.7 ...", "is PDF, expected CSV"),
    (b"\x89PNG\r\n\x1a\n", "is PNG, expected csv"),
    (b"\xff\xd8\xff\xe0", "is JPEG, expected csv"),
    (b"\x1f\x8b\x08", "breaks off"),
    (b"<!DOCTYPE html><table></table>", "is HTML, expected CSV"),
    (b"\xff\xff\xff\xff\x00\x80", "is not gb18030 from byte 0 on"),
    (b"a,b\x00c\n1,2", "holds something else than text"),
    (b"PK\x03\x04 truncated", "is damaged, or not what it seems"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20, "is damaged, or not what it seems"),
    (FILES["xlsx"][:900], "is damaged, or not what it seems"),
    (xlsx([["x"] * 26]).replace(b"[Content_Types].xml", b"[Content_Tipes].xml"), "the archive has several files"),
    (book({"Data": HEAD + TAIL}), "there is nothing in it"),
    (book({"Data": f'{HEAD}<row r="1048570"><c r="A1048570"><v>1</v></c></row>{TAIL}'}), "has more than 20,000 rows"),
    (("a,b\n" * (MOST_ROWS + 1)).encode(), "has more than 20,000 rows, expected at most that"),
    ((",".join("abcdefgh" * 10) + "\n").encode(), "columns, expected at most 60"),
    (b'a,b\n"' + b"x" * 200_000 + b'",1', "has a cell larger than any figure"),
]


@pytest.mark.parametrize(("data", "said"), REFUSED)
def test_what_is_no_table_is_refused_with_a_sentence(looking: Paster, data: bytes, said: str) -> None:
    answer = looking.paste(file=data)
    assert answer.status_code == 422
    assert said in Page(answer.text).text


def test_more_than_a_request_may_hold_is_refused_before_it_is_read(looking: Paster) -> None:
    assert looking.paste(file=b"x" * (8 * MEGABYTE)).status_code == 413


def put_away(said: bytes) -> str:
    return base64.b85encode(zlib.compress(said)).decode()


def wide() -> bytes:
    row = '<table:table-row table:number-rows-repeated="1048576">'
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    return ods([["x"]], tail=f"{row}{cell}</table:table-row>")


def shared() -> bytes:
    rows = [f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001)]
    return book({"Data": [HEAD, *rows, TAIL]}, shared=shared_text(50))


CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BLANK = (HEAD, *[" " * MEGABYTE] * 600, TAIL)
BOMBS: dict[str, Callable[[], bytes]] = {
    "six hundred megabytes": lambda: book({"Data": BLANK}),
    "six hundred megabytes that say they are a kilobyte": lambda: lying(book({"Data": BLANK}), size=1000),
    "cells at opposite corners": lambda: book({"Data": HEAD + CORNERS + TAIL}),
    "one text of fifty megabytes in twenty thousand cells": shared,
    "a million rows": lambda: book(
        {"Data": [HEAD, *(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001)), TAIL]}
    ),
    "two million elements deep": lambda: book(
        {"Data": [HEAD, *["<a>" * 100_000] * 20, *["</a>" * 100_000] * 20, TAIL]}
    ),
    "seventeen billion cells repeated": wide,
}
"""Workbooks of a few megabytes at most that unpack to gigabytes, each in another way."""
SOON_MADE = [name for name in BOMBS if "six hundred" not in name and name != "a million rows"]
"""Those that take no seconds to pack; the others are for the thorough."""


@pytest.mark.system
@pytest.mark.usefixtures("confined_as_served")
def test_bombs_are_refused_before_memory_goes(
    desk: Paster, some: Callable[..., list[str]], request: pytest.FixtureRequest
) -> None:
    desk.paste(file=FILES["xlsx"])
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for name in list(BOMBS) if request.config.getoption("--thorough") else some(SOON_MADE, 2):
        data = BOMBS[name]()
        assert len(data) < 8 * MEGABYTE, name
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer = desk.paste(file=data)
        grown_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert answer.status_code == 422, name
        assert grown_kilobytes < 100 * 1024, (name, grown_kilobytes)
    child_kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # a child is born with it
    assert child_kilobytes <= max(confined.MEMORY_BYTES // 1024 + 1024, largest_child, own_kilobytes)
    assert outcomes(desk.paste(file=FILES["xlsx"], c_indicator="cargo").text) == ["new", "new"], "it lives"


CHANGED = ("nonsense", "é", put_away(b"[" * 100_000), put_away(b"\xff\xfe"), put_away(b""))


def test_what_a_form_brings_back_changed_is_refused(looking: Paster) -> None:
    for packed in CHANGED:
        assert looking.paste(packed=packed).status_code in {200, 422}


@pytest.mark.parametrize(
    "packed",
    [
        *CHANGED,
        put_away(b" " * (tables.MOST_PACKED_BYTES + 1)),
        *(put_away(sign * 2_000_000) for sign in (b"\x1d", b"\x1e")),
        put_away(b"x\x1e" + b"\x1f" * 1_400_000),
        put_away((b"\x1dx" + b"\x1e" * 19_000) * 70),
        tables.packed([Grid("x", (("a",),) * (MOST_ROWS + 1))]),
        tables.packed([Grid("x", (("a",) * 61,))]),
    ],
    ids=range(12),
)
def test_what_a_form_brings_back_is_counted_before_it_is_unpacked(packed: str) -> None:
    tracemalloc.start()
    with contextlib.suppress(DocumentError):
        tables.unpacked(packed)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 250 * MEGABYTE


def test_a_table_comes_back_as_it_was_put_away() -> None:
    sheets = (Grid("一", (("a", "", "b\nc"), ())), Grid("", (("x\x1fy",),)))
    back = tables.unpacked(tables.packed(sheets))
    assert back == (Grid("一", (("a", "", "b\nc"), ("",))), Grid("", (("x y",),)))


def test_a_sheet_that_is_not_there_is_the_first(looking: Paster) -> None:
    for sheet in ("9" * 5000, "1", "-1", "٣", "x"):
        assert outcomes(looking.paste(table(OCTOBER), sheet=sheet).text) == ["new"], sheet


def test_a_new_file_comes_before_the_text_and_the_text_before_the_last_file(looking: Paster) -> None:
    packed = tables.packed(tables.of_text(table(OCTOBER)))
    assert "241,900" in Page(looking.paste(table(SEPTEMBER), packed=packed).text).text
    both = looking.paste(table(SEPTEMBER), file=table(OCTOBER).encode())
    assert "272,300" in Page(both.text).text


# --- columns and rates ---


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *[
            (name, "value")
            for name in ("Value", "数值", "数值（万标箱）", "Figure as printed", "累计值", "AMOUNT (TEU)")
        ],
        *[(name, "period") for name in ("period", "期间", "统计期", "Month", "reporting-period", "年份")],
        *[(name, "yoy") for name in ("YoY", "y/y", "同比增长（%）", "同比", "growth rate")],
        *[(name, "published_on") for name in ("published_on", "Published on", "公布日期", "发布时间")],
        *[(name, "evidence_url") for name in ("Link", "来源", "source URL", "evidence_url")],
        *[(name, "") for name in ("", "colour", "货值占比", "12")],
    ],
)
def test_columns_are_known_by_their_names_in_both_languages(header: str, field: str) -> None:
    assert tables.field_of(header) == field


@pytest.mark.parametrize(
    ("cells", "rates"),
    [
        (["28 %", "33%"], "printed"),
        (["28", "33"], "percent"),
        (["0.28", "0.33", ""], "ratio"),
        (["-0.5", "1.2"], "ratio"),
        (["28", "n/a"], "printed"),
        ([], "printed"),
    ],
)
def test_how_rates_are_written_is_found_out(cells: list[str], rates: str) -> None:
    assert tables.rates_of(cells) == rates


def test_the_good_rows_are_entered_and_the_others_stay_to_be_put_right(desk: Paster) -> None:
    bad = "cargo\tsome day\tyear_to_date\tmany\t\t2025-12-09\t"
    text = table(OCTOBER, bad, SEPTEMBER, TEN_TIMES)
    looked = desk.paste(text)
    assert "Enter the 2 good rows" in looked.text
    assert "录入2行无误的数据" in desk.paste(text, language="zh").text
    answer = desk.paste(text, do="good")
    assert answer.status_code == 200
    assert sorted(values(desk.stored())) == [241900, 272300]
    assert outcomes(answer.text) == ["unreadable", "held"]
    wrong = re.findall(r'<span class="wrong">([^<]+)', answer.text)
    assert len(wrong) == 2, "the period and the figure of one row, both at once"
    kept = values_kept(answer.text)
    mended = kept.replace("some day", "2025-01..2025-08").replace("many", "215,000").replace("2,990,000", "299,100")
    assert undo(desk, Page(answer.text)).status_code == 303
    assert values(desk.stored())[-2:] == [241900, 272300]
    assert outcomes(desk.paste(mended).text) == ["new", "new"]


def values_kept(source: str) -> str:
    """Return what stands in the field of the table."""
    return unescape(re.findall(r'<textarea id="text"[^>]*>\n?([^<]*)', source)[0])


def test_what_no_column_says_is_asked_for_all_at_once(looking: Paster) -> None:
    source = looking.paste("period\tvalue\n2025-01..2025-09\t241900").text
    for name in ("c_indicator", "c_basis"):
        assert re.search(rf'<select id="{name}" name="{name}" required', source), name
    level = looking.paste("period\tvalue\n2025-06-30\t1,121.1", c_indicator="index").text
    assert not re.search(r'<select id="c_basis" name="c_basis" required', level), "which has a basis of its own"
