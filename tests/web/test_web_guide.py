"""Runbooks and the guide as pages: rendered safely, found by name only (`make test` asks the built wheel for them)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from web_stage import PROJECT, Client, Page, Stage

from in_process import HERE, ask
from targetwatch.errors import NotFoundError
from targetwatch.evaluation import status
from targetwatch.web.guide import routes as documents
from targetwatch.wording import verdict
from targetwatch.wording.translation import translator

RUNBOOKS = sorted(path.stem for path in (PROJECT / "docs" / "runbooks").glob("*.md"))


@pytest.mark.parametrize("name", RUNBOOKS)
def test_every_runbook_is_a_page_in_both_languages(client: Client, name: str) -> None:
    english = client.get(f"/runbooks/{name}")
    chinese = client.get(f"/runbooks/{name}", headers={"accept-language": "zh"})
    assert (english.status_code, chinese.status_code) == (200, 200)
    (title,) = re.findall(r"<h1>(.+?)</h1>", english.text)
    assert title in (PROJECT / "docs" / "runbooks" / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]
    assert "中文" not in Page(english.text).text.replace("中文 Targets", "")
    assert re.search(r"<h1>[^<]*[\u4e00-\u9fff]", chinese.text)
    assert "What it means" not in chinese.text


def test_a_mail_leads_to_a_runbook_without_signing_in(client: Client) -> None:
    page = Page(client.get("/runbooks/ingest-failing").text)
    assert "A source fails" in page.text
    assert "targetwatch ingest SOURCE --dry-run" in page.text


def test_documents_are_for_whoever_may_read_the_pages(stage: Callable[..., Stage]) -> None:
    closed = stage(date(2025, 10, 2), public_pages=False)
    for path in ("/guide", "/runbooks/target-missed", "/guide/overview.png"):
        assert closed.client.get(path).status_code in {303, 401}, path


NO_DOCUMENTS = [
    "nothing",
    "../operations",
    "..%2foperations",
    "%2e%2e%2foperations",
    "%2e%2e/operations",
    "....//operations",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "target-missed%00",
    "target-missed.md",
    "target-missed/",
    "QUIET-DAY",
    "\\..\\operations",
    "x" * 5000,
]


@pytest.mark.parametrize("folder", ["/runbooks/", "/guide/"])
def test_a_name_that_is_no_document_is_not_found(client: Client, folder: str) -> None:
    for name in NO_DOCUMENTS:
        answer = client.get(folder + name)
        assert answer.status_code in {404, 307}, name[:20]
        if answer.status_code == 307:  # a slash too many
            assert client.get(answer.headers["location"].replace(HERE, "")).status_code in {200, 404}
        assert "root:" not in answer.text
        assert "database backup" not in answer.text


@pytest.mark.parametrize("path", ["/runbooks/../operations", "/runbooks/..", "/guide/../../etc/passwd", "//etc/passwd"])
def test_a_path_sent_with_its_dots_leads_nowhere(client: Client, path: str) -> None:
    answer = ask(client.app, "GET", path)  # sent as it stands: other clients take the dots out themselves
    assert answer.status == 404
    assert b"root:" not in answer.body


@pytest.mark.parametrize("name", ["../operations", "/etc/passwd", "target-missed\0", "", ".", "..", "~"])
def test_a_name_is_only_looked_up_among_the_names_there_are(name: str) -> None:
    with pytest.raises(NotFoundError):
        documents.runbook(name, "en", root="")
    with pytest.raises(NotFoundError):
        documents.picture(name)


def test_the_guide_page_lists_every_runbook_with_its_title(client: Client) -> None:
    english, chinese = client.get("/guide"), client.get("/guide", headers={"accept-language": "zh"})
    for name in RUNBOOKS:
        assert f'href="/runbooks/{name}"' in english.text
    assert "A source fails" in english.text
    assert "数据源采集失败" in chinese.text


def test_the_guide_is_shown_in_the_reader_s_language_with_every_picture_it_names(client: Client) -> None:
    for language, name in (("en", "admin-guide.en.md"), ("zh", "admin-guide.zh.md")):
        answer = client.get("/guide", headers={"accept-language": language})
        title = (PROJECT / "docs" / name).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        assert f"<h1>{title}</h1>" in answer.text
        pictures = re.findall(r'src="(/guide/[^"]+)"', answer.text)
        assert len(pictures) >= 5, language
        for picture in pictures:
            drawn = client.get(picture)
            assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/png")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_status_leads_to_what_the_guide_says_of_each(client: Client, language: str) -> None:
    asked = {"accept-language": language}
    target = re.findall(r'href="(/targets/[\w-]+)"', client.get("/", headers=asked).text)[0]
    (anchor,) = re.findall(r'<p class="target-status"><a href="/guide#([^"]+)"', client.get(target, headers=asked).text)
    section = client.get("/guide", headers=asked).text.partition(f'id="{anchor}"')[2].partition("<h2")[0]
    told = {translator(language)(one) for one in (*verdict.PERFORMANCES.values(), "Done late")}
    assert set(re.findall(r"<tr>\s*<td>(.+?)</td>", section)) == told
    limits = (status.ON_TRACK_FROM, status.ON_TRACK_KEPT_DOWN_TO, status.OFF_TRACK_BELOW, status.OFF_TRACK_UP_TO)
    assert [float(one) / 100 for one in re.findall(r"(\d+) ?%", section)] == list(limits)


def test_html_in_a_document_is_shown_and_never_used() -> None:
    html = documents.rendered("<script>alert(1)</script>\n\n<img src=x onerror=alert(2)> text", "en", root="").html
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/x.png", "data:image/png;base64,AAAA", "//evil.example/x.png", "../secret.png", "/etc/x.png"],
)
def test_a_picture_from_elsewhere_is_left_out_with_its_words_kept(address: str) -> None:
    html = documents.rendered(f"![a picture]({address})", "en", root="").html
    assert "<img" not in html
    assert "a picture" in html


def test_a_picture_of_the_guide_leads_to_this_service() -> None:
    text = "![held](admin-guide/held.en.png) ![gone](admin-guide/gone.en.png)"
    html = documents.rendered(text, "en", root="/watch", pictures=["held.en.png"]).html
    assert re.findall(r'src="([^"]+)"', html) == ["/watch/guide/held.en.png"]
    assert "gone" in html
    assert 'alt="held"' in html


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "data:text/html,x"])
def test_a_link_that_would_run_something_is_no_link(address: str) -> None:
    assert "<a " not in documents.rendered(f"[x]({address})", "en", root="").html


def test_links_between_documents_lead_to_their_pages() -> None:
    html = documents.rendered(
        "[a](runbooks/target-missed.md) [b](#part) [c](https://example.org/) [d](method.md#law) [e](admin-guide.zh.md)",
        "en",
        root="/w",
    ).html
    assert re.findall(r'href="([^"]+)"', html) == [
        "/w/runbooks/target-missed",
        "#part",
        "https://example.org/",
        "/w/guide/method#law",
        "/w/guide",
    ]


def test_a_link_to_what_is_not_served_leaves_its_words() -> None:
    html = documents.rendered(
        "[a](../README.md) [b](targetwatch.schema.json) [c *d*](x.md) [e](#f)", "en", root=""
    ).html
    assert str(html).strip() == '<p>a b c <em>d</em> <a href="#f">e</a></p>'


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_link_of_the_guide_leads_to_another_text(client: Client, language: str) -> None:
    pages = ["/guide", *(f"/guide/{path.stem}" for path in (PROJECT / "docs").glob("*.md") if "guide" not in path.name)]
    texts = {path: client.get(path, headers={"accept-language": language}).text for path in pages}
    links = {
        (path, found)
        for path, text in texts.items()
        for found in re.findall(r'<a href="([^"]+)"', text.partition("<article")[2].partition("</article>")[0])
        if found.startswith(("/", "#"))
    }
    assert {(path, found) for path, found in links if path == "/guide"} >= {
        ("/guide", f"/guide/{name}") for name in ("method", "press", "operations", "documents")
    }
    for path, found in sorted(links):
        address, _, anchor = found.partition("#")
        assert address != path, (path, found)
        if address and address not in texts:
            answer = client.get(address, headers={"accept-language": language})
            assert answer.status_code == 200, (path, found)
            texts[address] = answer.text
        assert not anchor or f'id="{anchor}"' in texts[address or path], (path, found)


def test_tables_code_and_headings_are_rendered_without_a_style_inside() -> None:
    text = "# Title\n\n## Part\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```\nmake run\n```\n\n## Part\n"
    document = documents.rendered(text, "en", root="")
    assert document.title == "Title"
    assert [heading.anchor for heading in document.headings] == ["part", "part-2"]
    assert 'class="align-right"' in document.html
    assert "style=" not in document.html
    assert "<pre><code>make run" in document.html
