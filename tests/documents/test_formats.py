"""Pages, XML, JSON-stat, SDMX, PDF and articles: what is in them, and what is refused."""

from __future__ import annotations

import json
import zlib
from datetime import date
from itertools import count

import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from test_decode import refusal, rows

from targetwatch.documents.decode import Decode, decode
from targetwatch.documents.grid import Decoded


def read(data: bytes | str, how: object) -> Decoded:
    raw = data.encode() if isinstance(data, str) else data
    return decode(raw, Decode.model_validate(how))


# --- pages ---

PAGE = """<html><head><title>Foreign
trade</title><meta name="PubDate" content="2025-07-18 10:00"><script>var x = "<table>";</script></head><body>
<h2>Exports, <b>万</b>元</h2><p>Unit: 10,000 yuan<br>Source: customs</p>
<table><tr><th rowspan="2">Month</th><th colspan="2">Total</th></tr><tr><th>Value</th><th>YoY<sup>1</sup></th></tr>
<tr><td>Jan</td><td>1&nbsp;234<sup>2)</sup></td><td>12.3</td></tr><tr><td>Feb<td>1<br>235<td>m<sup>2</sup></table>
<p>1) see notes</p></body></html>"""


def test_a_page_gives_its_tables_with_spans_filled_and_the_text_around_them_by_line():
    page = read(PAGE, "html")
    assert (page.title, page.published_on) == ("Foreign trade", date(2025, 7, 18))
    assert page.lines == ("Exports, 万元", "Unit: 10,000 yuan", "Source: customs", "1) see notes")
    (table,) = page.grids
    assert table.name == "Exports, 万元"
    assert table.rows == (
        ("Month", "Total", "Total"),
        ("Month", "Value", "YoY¹"),
        ("Jan", "1 234[2]", "12.3"),
        ("Feb", "1 235", "m²"),
    )


SENTENCE = "Chongqing's exports reached 291 billion yuan in the first three quarters, up 10.3 percent year on year. "
INNER = "<table><caption>In <i>ner</i></caption><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"


def test_a_table_that_only_lays_out_a_page_is_text_and_those_in_it_are_tables():
    laid_out = f"<table><tr><td>Home</td><td>{INNER}</td></tr><tr><td>About</td><td>Help</td></tr></table>"
    page = read(f"<body>{laid_out}</body>", "html")
    assert [one.name for one in page.grids] == ["In ner"]
    assert page.grids[0].rows == (("a", "1"), ("b", "2"))
    assert page.lines == ("Home", "About", "Help")


def test_a_table_of_figures_that_holds_another_is_a_table_as_well():
    outer = f"<table><tr><td>Month</td><td>TEU</td></tr><tr><td>1</td><td>7{INNER}</td></tr></table>"
    assert [one.rows for one in read(outer, "html").grids] == [
        (("Month", "TEU"), ("1", "7")),
        (("a", "1"), ("b", "2")),
    ]


def test_a_table_is_named_by_the_line_before_it_where_there_is_no_heading():
    page = read("<p>Table 1 (kt)</p><table><tr><td>a<td>b<tr><td>1<td>2</table>", "html")
    assert page.grids[0].name == "Table 1 (kt)"


def test_spans_that_cannot_be_are_one_and_endless_ones_are_refused():
    assert rows('<table><tr><td colspan="x">a<td rowspan=-1>b<tr><td>1<td>2</table>', "html")[0] == ("a", "b")
    wide = '<td colspan="1000">a' * 3
    assert "has 3000 columns" in refusal(f"<table><tr>{wide}<tr><td>1<td>2</table>", "html")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<form>User <input name=u><input type='PassWord' name=p></form>", "asks for a password"),
        ("<html><body><table><tr><td>1<td>2<tr><td>3<td>4", "breaks off"),
        ("<div>" * 3000 + "x", "nested too deeply"),
        ("<!-- nothing -->", "is empty"),
    ],
)
def test_a_page_without_its_tables_is_refused(page, said):
    assert said in refusal(page, "html")


ERRORS = ["503 Service Unavailable", "404 Not Found", "系统维护中", "页面不存在", "Internal Server Error"]


@pytest.mark.parametrize("title", ERRORS)
@pytest.mark.parametrize("how", ["html", "article"])
def test_an_error_page_where_a_page_is_expected_says_so(how, title):
    assert f"is an error page ('{title}')" in refusal(f"<title>{title}</title><h1>{title}</h1><p>Try later.</p>", how)
    assert read(f"<title>{title}</title>{INNER}<p>{SENTENCE * 9}</p>", how), "what holds the document is none"


def test_a_page_with_its_tables_may_have_a_form_for_a_password():
    assert len(rows(f"<form><input type=password></form>{INNER}", "html")) == 2


TABLE = "<table><tr><th>年份</th><th>吞吐量（万吨）</th></tr><tr><td>2024年</td><td>1,234</td></tr></table>"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("head", ["", '<meta charset="{}">', '<meta http-equiv=x content="text/html; charset={}">'])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gb18030"])
def test_a_chinese_page_is_read_whatever_it_calls_itself(charset, head, declared):
    data = f"<html><head>{head.format(declared)}</head>{TABLE}</html>".encode(charset)
    if (charset, declared) == ("gb18030", "utf-8") and head:
        assert "is not utf-8 from byte" in refusal(data, "html")
    else:
        assert rows(data, "html") == [("年份", "吞吐量（万吨）"), ("2024年", "1,234")]


def test_what_a_browser_does_not_show_is_no_part_of_a_figure():
    cell = '1,234<span style="display: none">99</span><sup hidden>1</sup>'
    unseen = '<tr style="DISPLAY:NONE"><td>x</td><td>7</td></tr>'
    page = f"<table><tr><td>a</td><td>{cell}</td></tr>{unseen}<tr><td>b</td><td>2</td><td hidden>3</td></tr></table>"
    assert rows(page, "html") == [("a", "1,234"), ("b", "2")]


def test_a_sender_who_declares_single_bytes_is_believed_less_than_the_page():
    data = f'<html><head><meta charset="gb2312"></head>{TABLE}</html>'.encode("gb18030")
    assert rows(data, "html", charset="ISO-8859-1")[0] == ("年份", "吞吐量（万吨）")


# --- XML ---

XML = """<?xml version="1.0" encoding="utf-8"?>
<a:report xmlns:a="urn:a" xmlns="urn:b" made="2025-07-01"><unit>TEU</unit>
<month a:id="1"><name>Jan</name><teu>28.30</teu></month>
<month a:id="2"><name>Feb</name><teu/><note>P <b>x</b></note></month></a:report>"""


def test_repeated_elements_are_rows_and_the_rest_is_lines():
    document = read(XML, "xml")
    assert document.lines == ("@made: 2025-07-01", "unit: TEU")
    assert document.grids[0].rows == (
        ("@id", "name", "teu", "note", "note/b"),
        ("1", "Jan", "28.30", "", ""),
        ("2", "Feb", "", "P", "x"),
    )


def test_chosen_rows_and_fields_are_xpaths_without_namespaces():
    how = {"xml": {"rows": "//month[teu/text()]", "fields": {"month": "name", "value": "teu", "no": "count(*)"}}}
    assert rows(XML, how) == [("month", "value", "no"), ("Jan", "28.30", "2")]


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_chinese_xml_that_calls_itself_gb2312_is_read(charset):
    text = '<?xml version="1.0" encoding="gb2312"?><r><m v="1">一月</m><m v="2">二月</m></r>'
    assert rows(text.encode(charset), "xml") == [("@v", "m"), ("1", "一月"), ("2", "二月")]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
QUADRATIC = f'<!DOCTYPE r [<!ENTITY a "{"x" * 50_000}">]><r>{"&a;" * 50_000}</r>'


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><r><m a="1"/><m a="2"/>&l9;</r>', "entities"),
        (QUADRATIC, "entities"),
        ('<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><r>&f;</r>', "entities"),
        ("<r>\n<m>1</m>\n<m>2</r>", "is no well-formed XML in line 3"),
        ("This XML file has no style.\n<r/>", "is no well-formed XML in line 1"),
        ("<a>" * 100_000, "is no well-formed XML"),
        ("<r><m>1</m></r>", "rows: has no elements that come again and again"),
        (
            "<r><m><v/></m><m><v/></m><n a='1'/><n a='2'/></r>",
            "several lists of rows, expected one of them: /r/m, /r/n",
        ),
    ],
)
def test_xml_that_is_dangerous_or_broken_or_has_no_rows_is_refused(document, said):
    assert said in refusal(document, "xml")


@pytest.mark.parametrize(
    ("path", "said"), [("//x", "finds no elements"), ("//[", "cannot be applied"), ("1+1", "no el")]
)
def test_an_xpath_that_finds_no_rows_is_refused(path, said):
    assert said in refusal(XML, {"xml": {"rows": path}})


# --- JSON-stat ---

DIMENSIONS = {
    "geo": {"category": {"index": ["IT", "FR"], "label": {"IT": "Italy", "FR": "France"}}},
    "time": {"category": {"index": {"2024": 1, "2023": 0}}},
    "unit": {"category": {"label": {"EUR": "Euro"}}},
}
EXPECTED = [
    ("geo", "geo label", "time", "time label", "unit", "unit label", "value", "status"),
    ("IT", "Italy", "2023", "2023", "EUR", "Euro", "1.50", ""),
    ("IT", "Italy", "2024", "2024", "EUR", "Euro", "", ":"),
    ("FR", "France", "2023", "2023", "EUR", "Euro", "3", ""),
    ("FR", "France", "2024", "2024", "EUR", "Euro", "4", ""),
]
SHAPE = {"id": list(DIMENSIONS), "size": [2, 2, 1]}
SECOND = {"version": "2.0", "class": "dataset", "label": "GDP", **SHAPE, "dimension": DIMENSIONS}


@pytest.mark.parametrize(
    "answer",
    [
        {"gdp": {"dimension": {**SHAPE, **DIMENSIONS}, "value": [1.5, None, 3, 4], "status": {"1": ":"}}},
        {**SECOND, "value": {"0": 1.5, "2": 3, "3": 4}, "status": [None, ":", None, None]},
        {"class": "collection", "link": {"item": [{**SECOND, "value": [1.5, None, 3, 4], "status": {"1": ":"}}]}},
    ],
)
def test_values_by_position_are_rows_with_codes_and_labels(answer):
    text = json.dumps(answer).replace("1.5", "1.50")
    assert rows(text, "jsonstat") == EXPECTED


def test_of_several_data_sets_one_is_named():
    one = {"dimension": {**SHAPE, **DIMENSIONS}, "value": [1.5, None, 3, 4]}
    answer = json.dumps({"a": one, "b": {**one, "label": "B"}})
    assert "several data sets, expected one of them: a, b" in refusal(answer, "jsonstat")
    assert read(answer, {"jsonstat": {"dataset": "b"}}).title == "B"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({**SECOND, "value": [1, 2]}, "has 2 values, expected 4 by its dimensions"),
        ({**SECOND, "value": [1, 2, 3, 4], "dimension": {}}, "is no JSON-stat"),
        ({"error": [{"status": 404}]}, "is no JSON-stat: error"),
        ([1], "is no JSON-stat"),
    ],
)
def test_what_is_no_whole_data_set_is_refused(answer, said):
    assert said in refusal(json.dumps(answer), "jsonstat")


# --- SDMX ---


def message(inside: str, kind: str = "StructureSpecificData") -> str:
    return f'<m:{kind} xmlns:m="urn:m" xmlns:g="urn:g"><m:Header/>{inside}</m:{kind}>'


OBSERVED = '<Obs TIME_PERIOD="2023" OBS_VALUE="94669000000"/><Obs TIME_PERIOD="2024" OBS_VALUE="1.50" OBS_STATUS="E"/>'
SPECIFIC = (
    f'<m:DataSet EDITION="7"><Group GEO="SK" UNIT="EUR"/><Series GEO="SK" SCALE="9">{OBSERVED}</Series></m:DataSet>'
)
GENERIC = """<m:DataSet><g:Series><g:SeriesKey><g:Value id="GEO" value="SK"/></g:SeriesKey>
<g:Attributes><g:Value id="SCALE" value="9"/></g:Attributes><g:Obs><g:ObsDimension value="2023"/>
<g:ObsValue value="94669000000"/></g:Obs></g:Series></m:DataSet>"""
OLD = """<m:DataSet><g:Series><g:SeriesKey><g:Value concept="GEO" value="SK"/></g:SeriesKey>
<g:Obs><g:Time>2023</g:Time><g:ObsValue value="7"/></g:Obs></g:Series></m:DataSet>"""
FLAT = '<m:DataSet><Obs GEO="SK" TIME_PERIOD="2023" OBS_VALUE="7"/></m:DataSet>'


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            SPECIFIC,
            [
                ("EDITION", "GEO", "SCALE", "UNIT", "OBS_STATUS", "TIME_PERIOD", "OBS_VALUE"),
                ("7", "SK", "9", "EUR", "", "2023", "94669000000"),
                ("7", "SK", "9", "EUR", "E", "2024", "1.50"),
            ],
        ),
        (GENERIC, [("GEO", "SCALE", "TIME_PERIOD", "OBS_VALUE"), ("SK", "9", "2023", "94669000000")]),
        (OLD, [("GEO", "TIME_PERIOD", "OBS_VALUE"), ("SK", "2023", "7")]),
        (FLAT, [("GEO", "TIME_PERIOD", "OBS_VALUE"), ("SK", "2023", "7")]),
    ],
)
def test_sdmx_ml_gives_a_row_an_observation_and_multiplies_by_no_scale(inside, expected):
    assert rows(message(inside), "sdmx") == expected


TIME = {"id": "TIME_PERIOD", "values": [{"id": "2023", "name": "2023"}, {"id": "2024"}]}
STRUCTURE = {
    "name": "Rates",
    "dimensions": {
        "dataSet": [{"id": "FREQ", "values": [{"id": "D", "name": "Daily"}]}],
        "series": [{"id": "CUR", "values": [{"id": "NZD", "name": "Dollar"}, {"id": "RUB", "name": "Rouble"}]}],
        "observation": [TIME],
    },
    "attributes": {"series": [], "observation": [{"id": "S", "values": [{"id": "A"}]}, {"id": "T", "values": []}]},
}
SETS = [{"series": {"1": {"observations": {"0": [40.3, 0, 0], "1": [None, None]}}}}]


@pytest.mark.parametrize(
    "answer",
    [
        {"structure": STRUCTURE, "dataSets": SETS},
        {"data": {"structure": STRUCTURE, "dataSets": SETS}},
        {"data": {"structures": [STRUCTURE], "dataSets": [{**SETS[0], "structure": 0}]}},
    ],
)
def test_sdmx_json_finds_codes_by_position_and_keeps_digits(answer):
    text = json.dumps(answer).replace("40.3", "40.3000")
    assert read(text, "sdmx").title == "Rates"
    assert rows(text, "sdmx") == [
        ("FREQ", "FREQ label", "CUR", "CUR label", "S", "TIME_PERIOD", "OBS_VALUE"),
        ("D", "Daily", "RUB", "Rouble", "A", "2023", "40.3000"),
        ("D", "Daily", "RUB", "Rouble", "", "2024", ""),
    ]


FLAT_JSON = {"structure": {"dimensions": {"observation": [{"id": "GEO", "values": [{"id": "SK"}]}]}}}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (message("<m:Structures/>", "Structure"), "structure only: there is no data"),
        (message("<m:DataSet/>"), "no observation: there is no data"),
        (message('<m:DataSet><Obs GEO="SK" OBS_VALUE="7"/></m:DataSet>'), "there is no dated figure"),
        (json.dumps({**FLAT_JSON, "dataSets": [{"observations": {"0": [7]}}]}), "there is no dated figure"),
        (json.dumps({**FLAT_JSON, "dataSets": []}), "structure only: there is no data"),
        (json.dumps({**FLAT_JSON, "dataSets": [{"observations": {"5": [7]}}]}), "is no SDMX"),
        (json.dumps({"message": "no results"}), "is no SDMX"),
        ("<m:DataSet", "is no well-formed XML in line 1"),
    ],
)
def test_sdmx_without_dated_figures_says_what_it_is(document, said):
    assert said in refusal(document, "sdmx")


# --- PDF ---


def pdf(*pages: list[str], **more: str) -> bytes:
    made = FPDF()
    made.set_title("Port statistics")
    for lines in pages:
        made.add_page()
        made.set_font("Helvetica", size=10)
        for line in lines:
            made.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    if more:
        made.set_encryption(owner_password="o", user_password="u", encryption_method=EncryptionMethod.AES_128)
    return bytes(made.output())


TWO_PAGES = pdf(["Container throughput", "Jan  839 228 1 067  -12.6"], ["Notes"])


def test_a_pdf_gives_its_text_by_line_and_page():
    document = read(TWO_PAGES, "pdf")
    assert document.title == "Port statistics"
    assert document.lines == ("Container throughput", "Jan 839 228 1 067 -12.6", "Notes")
    assert [(one.name, len(one.rows)) for one in document.grids] == [("page 1", 2), ("page 2", 1)]
    assert read(TWO_PAGES, {"pdf": {"pages": "2"}}).lines == ("Notes",)
    assert read(TWO_PAGES, {"pdf": {"pages": "1-2, 2"}}).lines == document.lines


@pytest.mark.parametrize(
    ("data", "how", "said"),
    [
        (b"a,b\n", "pdf", "is no PDF"),
        (TWO_PAGES[:-400], "pdf", "breaks off"),
        (b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF", "pdf", "is damaged"),
        (pdf(["x"], locked="yes"), "pdf", "is locked with a password"),
        (pdf([], []), "pdf", "holds no text: its pages are pictures"),
        (TWO_PAGES, {"pdf": {"pages": "2-3"}}, "'2-3': it has 2 pages"),
        (pdf(*[["x"]] * 501), "pdf", "has 501 pages, expected at most 500; name those to read"),
    ],
    ids=count(),
)
def test_a_pdf_that_cannot_be_read_says_why(data, how, said):
    assert said in refusal(data, how)


TEXT = b"BT /F1 12 Tf 50 700 Td (Hello 123) Tj ET "


def crafted(stream: bytes, pages: int = 1) -> bytes:
    """Return a PDF of one page, shown again and again, whose text is packed."""
    packed = zlib.compress(stream, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join([b"3 0 R"] * pages)),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + end


@pytest.mark.slow
@pytest.mark.usefixtures("confined_as_served")
def test_a_pdf_of_ten_thousand_pages_or_of_a_gigabyte_is_stopped():
    assert read(crafted(TEXT), "pdf").lines == ("Hello 123",)
    assert "has 10000 pages, expected at most 500" in refusal(crafted(TEXT, 10_000), "pdf")
    assert read(crafted(TEXT, 10_000), {"pdf": {"pages": "9999"}}).lines == ("Hello 123",)
    assert "more memory or time" in refusal(crafted(b" " * 1_000_000_000 + TEXT), "pdf")


@pytest.mark.slow
@pytest.mark.usefixtures("confined_as_served")
@pytest.mark.parametrize(
    ("how", "start", "repeated", "times"),
    [
        ("html", b"<table><tr>", b"<td>1", 9_000_000),
        ("xml", b"<r>", b'<m a="1"/>', 5_500_000),
        ("json", b'{"d": [{"a": 1}', b',{"a":1}', 6_000_000),
        ("csv", b"a,b\n", b"1,2\n", 13_000_000),
    ],
)
def test_a_document_larger_than_its_reader_may_grow_is_stopped(how, start, repeated, times):
    assert "more memory or time" in refusal(start + repeated * times, how)


# --- articles ---

TEASERS = "".join(f"<li><a href='/{n}'>Teaser {n}: exports up {n} %</a></li>" for n in range(9))
ARTICLE = f"""<html><head><title>Trade up - Trade wire</title>
<meta property="article:published_time" content="2020-10-14T08:00:00Z"><meta property="og:title" content="Trade up">
</head><body><nav><ul>{TEASERS}</ul></nav><article><h1>Trade up</h1><p>{SENTENCE * 2}</p><p>In September alone it was
46.1 billion yuan. {SENTENCE}</p></article><aside><ul>{TEASERS}</ul></aside></body></html>"""


def test_an_article_gives_its_paragraphs_its_title_and_its_day():
    article = read(ARTICLE, "article")
    assert (article.title, article.published_on) == ("Trade up", date(2020, 10, 14))
    assert "Teaser" not in " ".join(article.lines)
    assert any(line.startswith("In September alone it was 46.1 billion yuan.") for line in article.lines)
    assert article.grids == ()


FOOTER = "<div>Copyright 2005-2023, registered 2019-01-02</div>"


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        ('<meta name="PubDate" content="2024-10-18 16:30">', "", date(2024, 10, 18)),
        ('<META content="2024-10-18" name="publishdate"/>', "2024-11-30", date(2024, 10, 18)),
        ("", "发布日期：<span>2024年10月18日</span>", date(2024, 10, 18)),
        ("", "发布时间: 2024-10-18 16:30", date(2024, 10, 18)),
        ('<meta name="PubDate" content="2024-13-18">', "", None),
        ("", "", None),
    ],
)
def test_the_day_of_an_article_is_what_its_page_says_of_it_and_never_that_of_a_footer(head, above, expected):
    page = (
        f"<html><head>{head}</head><body><h1>Trade up</h1><div>{above}</div><p>{SENTENCE * 4}</p>{FOOTER}</body></html>"
    )
    assert read(page, "article").published_on == expected
    assert read(page, "html").published_on == expected


def test_a_text_is_an_article_of_all_its_lines():
    assert read("First  line\n\n second line\n", "article").lines == ("First line", "second line")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<html><body><form>Sign in<input type=password></form></body></html>", "asks for a password"),
        ("<html><body><nav></nav></body></html>", "holds no article"),
    ],
)
def test_a_page_without_an_article_is_refused(page, said):
    assert said in refusal(page, "article")


# --- one that is another ---


@pytest.mark.parametrize("how", ["xml", "jsonstat", "sdmx", "pdf"])
def test_an_error_page_in_place_of_the_document_says_so(how):
    assert "is a web page titled '404'" in refusal("<!doctype html><title>404</title>", how)
