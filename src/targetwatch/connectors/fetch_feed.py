"""A feed, or a page that lists links: every item that is new is a document."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from pydantic import Field

from targetwatch.connectors.base import AddressAsked, Gathered, RequestOptions, Surroundings, shown, web_address
from targetwatch.connectors.fetch_http import HttpFetch, document_of
from targetwatch.documents.decode import Decode, decode
from targetwatch.errors import SourceError
from targetwatch.model import FetchedDocument
from targetwatch.model.problem import Problem

MOST_SEEN = 2_000
"""How many items are remembered; a feed that lists more at once would be read again and again."""
FIELDS = {
    "title": "string(*[local-name()='title'])",
    "link": "string(*[local-name()='link'][not(@rel) or @rel='alternate'][1])",
    "href": "string(*[local-name()='link'][not(@rel) or @rel='alternate'][1]/@href)",
    "id": "string(*[local-name()='guid' or local-name()='id'])",
    "day": "string(*[local-name()='pubDate' or local-name()='published' or local-name()='date'][1])",
    "changed": "string(*[local-name()='updated'][1])",
    "text": "string(*[local-name()='encoded' or local-name()='content'][1])",
    "summary": "string(*[local-name()='description' or local-name()='summary'][1])",
}
AS_FEED = Decode.model_validate({"xml": {"rows": "//*[local-name()='item' or local-name()='entry']", "fields": FIELDS}})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    url: str
    title: str = ""
    day: date | None = None
    text: str = ""
    id: str = ""

    @property
    def key(self) -> str:
        """Return what an item is remembered by."""
        return sha256((self.id or self.url or self.title + self.text).encode()).hexdigest()[:24]


class FeedFetch(RequestOptions):
    """What is listed at an address: RSS, Atom, or a page of links."""

    query: dict[str, str] = Field(default={}, repr=False, description="what is appended to the address as a query")
    links: str | None = Field(
        default=None, description="for a page: which addresses on it are items, such as */2026*/t*.html"
    )
    text: Literal["page", "item"] = Field(
        default="page", description="an item's text: the page it links to, or what the feed itself says"
    )
    most_items: int = Field(default=20, gt=0, le=200, description="so many new items are read in one run")

    def request(self) -> AddressAsked:
        """Return what is asked."""
        return self._list().request()

    def gather(self, around: Surroundings) -> Gathered:
        """Return the items that were not seen before, those listed first first.

        An item whose page cannot be had is told and tried again the next time.

        Raises:
            SourceError: the list cannot be had, or is none.
        """
        until = time.monotonic() + self.deadline_seconds
        answer = self._list().ask(around, {"Accept": "*/*", **self.headers}, until=until)
        listed = _linked(answer.body, self) if self.links else _items(document_of(answer, self.url), self.url)
        if not listed:
            raise SourceError("nothing_listed")
        seen = list(around.state.get("seen", ()))
        new = [item for item in listed if item.key not in seen][: self.most_items]
        documents: list[FetchedDocument] = []
        problems: list[Problem] = []
        for item in new:
            try:
                documents.append(self._read(item, around, until=until))
            except SourceError as error:
                problems += error.problems
            else:
                seen.append(item.key)
        state = {"seen": seen[-MOST_SEEN:]}
        return Gathered(documents=tuple(documents), state=state, unchanged=not new, problems=tuple(problems))

    def _list(self) -> HttpFetch:
        return HttpFetch(query=self.query, **{name: getattr(self, name) for name in RequestOptions.model_fields})

    def _read(self, item: _Item, around: Surroundings, *, until: float) -> FetchedDocument:
        if self.text == "item" or not item.url:
            text = {"data": item.text.encode(), "content_type": "text/html", "charset": "utf-8"}
            return FetchedDocument(**text, name=item.title, url=item.url and shown(item.url), published_on=item.day)  # type: ignore[arg-type]
        try:
            url = web_address(item.url)
        except ValueError as error:
            raise SourceError("link_unfit", said=item.title[:100]) from error
        own = urlsplit(url).netloc == urlsplit(self.url).netloc
        asked = self._list().at(url, method="GET", body=None, query={})
        answer = asked.ask(around, {"Accept": "*/*", **(self.headers if own else {})}, until=until)
        return replace(document_of(answer, url), name=item.title, published_on=item.day)


def _items(feed: FetchedDocument, url: str) -> list[_Item]:
    """Return the items of a feed in its order.

    Raises:
        DocumentError: it is none.
    """
    decoded = decode(feed.data, AS_FEED, name=feed.url, content_type=feed.content_type, charset=feed.charset)
    header, *rows = decoded.grids[0].rows
    found = [dict(zip(header, row, strict=True)) for row in rows]
    return [
        _Item(
            url=urljoin(url, one["link"] or one["href"]) if one["link"] or one["href"] else "",
            title=" ".join(one["title"].split()),
            day=_day(one["day"] or one["changed"]),
            text=one["text"] or one["summary"],
            id=one["id"],
        )
        for one in found
    ]


def _linked(page: bytes, options: FeedFetch) -> list[_Item]:
    """Return the links of a page that are items, each address once."""
    assert options.links is not None
    links = _Links()
    links.feed(page.decode("utf-8", "replace"))
    found: dict[str, str] = {}
    for target, text in links.found:
        with suppress(ValueError):
            url = urldefrag(urljoin(options.url, target)).url
            if fnmatchcase(url, options.links):
                found.setdefault(url, " ".join(text.split()))
    return [_Item(url=url, title=title) for url, title in found.items()]


class _Links(HTMLParser):
    """Finds the links of a page with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._target: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._target, self._words = dict(attrs).get("href"), []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._target is not None:
            self.found.append((self._target, "".join(self._words)))
            self._target = None


def _day(said: str) -> date | None:
    """Return the day a feed prints, as mails or ISO 8601 do; None when it prints none that can be read."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, TypeError):
            return read(said.strip()).date()
    return None
