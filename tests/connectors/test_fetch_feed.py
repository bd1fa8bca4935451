"""Feeds and pages of links: each new item once, its link under the rules of addresses, and never without end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from wire import NOW, Request, Server

from refusing import raises, say
from targetwatch.connectors.base import Gathered, Surroundings
from targetwatch.connectors.fetch_feed import FeedFetch
from targetwatch.errors import SourceError

RSS = """<?xml version='1.0' encoding='utf-8'?>
<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Wire</title>{items}</channel></rss>"""
ATOM = """<feed xmlns='http://www.w3.org/2005/Atom'><title>Wire</title>
<entry><title>三月</title><id>urn:1</id><link rel='self' href='/self'/><link rel='alternate' href='/a'/>
<published>2026-04-02T08:00:00+08:00</published><updated>2026-05-01T00:00:00Z</updated><summary>short</summary></entry></feed>"""


def item(path: str, *, day: str = "Thu, 02 Apr 2026 08:00:00 +0800", more: str = "") -> str:
    return f"<item><title>Item {path}</title><link>{path}</link><pubDate>{day}</pubDate>{more}</item>"


def give(server: Server, feed: str, *paths: str) -> None:
    server.routes["/feed"] = lambda request: request.answer(feed.encode(), Content_Type="application/rss+xml")
    for path in paths:
        server.routes[path] = lambda request: request.answer(
            b"<p>text of " + request.path.encode(), Content_Type="text/html"
        )


def gather(server: Server, state: Any = None, **options: Any) -> Gathered:
    said = {"url": server.url("/feed"), "allow_private": ["127.0.0.1"], "deadline_seconds": 5, "retries": 0, **options}
    around = Surroundings(config_dir=Path(), state=state or {}, now=NOW)
    return FeedFetch.model_validate(said).gather(around)


def texts(gathered: Gathered) -> list[str]:
    return [one.data.decode() for one in gathered.documents]


def test_each_item_is_a_document_with_its_title_and_day_and_comes_once(server: Server) -> None:
    give(server, RSS.format(items=item("/2") + item("/1")), "/1", "/2", "/3")
    first = gather(server)
    assert texts(first) == ["<p>text of /2", "<p>text of /1"]
    document = first.documents[0]
    assert (document.name, document.published_on, document.url) == ("Item /2", date(2026, 4, 2), server.url("/2"))
    again = gather(server, dict(first.state))
    assert (again.unchanged, again.documents, dict(again.state)) == (True, (), dict(first.state))
    give(server, RSS.format(items=item("/3") + item("/2") + item("/1")))
    assert texts(gather(server, dict(first.state))) == ["<p>text of /3"]


def test_atom_is_read_by_its_alternate_link(server: Server) -> None:
    give(server, ATOM, "/a")
    (document,) = gather(server).documents
    assert (document.name, document.published_on, document.data) == ("三月", date(2026, 4, 2), b"<p>text of /a")


def test_the_text_may_be_what_the_feed_itself_says(server: Server) -> None:
    more = "<description>short</description><content:encoded>&lt;p&gt;whole 一&lt;/p&gt;</content:encoded>"
    give(
        server,
        RSS.format(
            items=item("https://elsewhere.invalid/1", more=more) + "<item><description>bare</description></item>"
        ),
    )
    gathered = gather(server, text="item")
    assert texts(gathered) == ["<p>whole 一</p>", "bare"]
    assert len(server.seen) == 1


def test_a_page_of_links_lists_the_addresses_that_fit_each_once(server: Server) -> None:
    page = """<a href="/about">About</a> <p><a href='2026/t1.html'><b>January</b>
    figures</a><a href="2026/t1.html#top">again</a><a href="/2026/t2.html">February</a><a href="http://[">odd</a>"""
    give(server, page, "/2026/t1.html", "/2026/t2.html")
    gathered = gather(server, links="*/2026/t*.html")
    assert [one.name for one in gathered.documents] == ["January figures", "February"]


def test_new_items_beyond_the_limit_wait_for_the_next_run(server: Server) -> None:
    paths = [f"/{number}" for number in range(5)]
    give(server, RSS.format(items="".join(map(item, paths))), *paths)
    first = gather(server, most_items=3)
    assert len(first.documents) == 3
    assert texts(gather(server, dict(first.state), most_items=3)) == ["<p>text of /3", "<p>text of /4"]


def test_an_item_that_cannot_be_had_is_told_and_tried_again_and_the_others_are_read(server: Server) -> None:
    give(server, RSS.format(items=item("/gone") + item("/1")), "/1")
    server.routes["/gone"] = lambda request: request.answer(b"", status=404)
    first = gather(server)
    assert texts(first) == ["<p>text of /1"]
    assert "/gone: answers 404 Not Found" in say(first.problems[0])
    give(server, RSS.format(items=item("/gone") + item("/1")), "/gone")
    assert texts(gather(server, dict(first.state))) == ["<p>text of /gone"]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://127.0.0.1:1/secret", "an address inside the network"),
        ("http://169.254.169.254/latest/meta-data", "an address inside the network"),
        ("http://[::1]/", "an address inside the network"),
        ("file:///etc/passwd", "leads to no address that may be asked"),
        ("https://li:s3cret@example.org/", "leads to no address that may be asked"),
    ],
)
def test_links_obey_the_rules_of_addresses(server: Server, link: str, reason: str) -> None:
    give(server, RSS.format(items=f"<item><title>A link</title><link>{link}</link></item>"))
    options = {"allow_private": ["localhost"], "url": server.url("/feed", "localhost")}
    gathered = gather(server, **options)
    assert gathered.documents == ()
    assert reason in say(gathered.problems[0])
    assert "s3cret" not in say(gathered.problems[0])


def test_another_host_is_sent_no_headers(server: Server) -> None:
    give(server, RSS.format(items=item(server.url("/1", "localhost")) + item("/2")), "/1", "/2")
    gather(server, headers={"X-Key": "s3cret"}, allow_private=["127.0.0.1", "localhost"])
    assert [(path, "X-Key" in headers) for path, headers in server.seen] == [
        ("/feed", True),
        ("/1", False),
        ("/2", True),
    ]


def _endless(request: Request) -> None:
    request.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss><channel>")
    while not request.server.closing.is_set():
        request.raw(item("/1").encode() * 1000)


def test_a_feed_that_never_ends_is_cut_off(server: Server) -> None:
    server.routes["/feed"] = _endless
    with raises(SourceError, match="goes on after 100,000 bytes"):
        gather(server, max_bytes=100_000)


BOMB = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><rss><item>&b;</item></rss>"


@pytest.mark.parametrize(
    "feed", ["", "<rss><channel/></rss>", "nothing", "<!doctype html><title>Not found</title>", BOMB]
)
def test_what_is_no_feed_is_refused_and_nothing_is_forgotten(server: Server, feed: str) -> None:
    give(server, feed)
    with raises(SourceError):
        gather(server, {"seen": ["x"]})
    with raises(SourceError, match=r"lists no item|is empty"):
        gather(server, links="*/none*")
