"""Documents asked for over HTTP: one answer, or the pages of one, which have to come to what the source says it has."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import jmespath
from pydantic import Field, field_validator, model_validator

from targetwatch.connectors.base import (
    AddressAsked,
    Gathered,
    RequestOptions,
    SourceOptions,
    Surroundings,
    WebAddress,
    shown,
)
from targetwatch.documents.decode_options import JmesPath
from targetwatch.errors import SourceError
from targetwatch.model import FetchedDocument
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from targetwatch.connectors.http import HttpAnswer


FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
VALIDATORS = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
STEP = re.compile(r"(?P<count>[1-9][0-9]*)(?P<unit>[smhdw])")
AGO = re.compile(r"-([1-9][0-9]*)d")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Oauth2(SourceOptions):
    """Client credentials: a token is asked for before each run, and never kept."""

    token_url: WebAddress = Field(description="the address that gives the token")
    client_id: str = Field(repr=False, description="who asks")
    client_secret: str = Field(repr=False, description="its secret, from ${VAR}")
    scope: str = Field(default="", description="what is asked for, if the server wants to know")


class Paging(SourceOptions):
    """How an answer in pages goes on; its pages are read until they hold as many rows as the first one says."""

    next: JmesPath | None = Field(default=None, description="JMESPath of the next page's address")
    offset: str | None = Field(default=None, description="the parameter that says how many rows to pass over")
    page: str | None = Field(default=None, description="the parameter that says the number of the page")
    rows: JmesPath = Field(description="JMESPath of a page's rows")
    total: JmesPath = Field(description="JMESPath of how many rows there are in all")
    most_pages: int = Field(default=500, gt=0, le=10_000, description="more pages than this fail the run")

    @model_validator(mode="after")
    def _one_way(self) -> Paging:
        if sum(way is not None for way in (self.next, self.offset, self.page)) != 1:
            raise ValueError(Problem("paging_one_way"))
        return self


class HttpFetch(RequestOptions):
    """One address, asked as it stands here."""

    query: dict[str, str] = Field(default={}, repr=False, description="what is appended to the address as a query")
    oauth2: Oauth2 | None = Field(default=None, description="client credentials to ask for a token first")
    paging: Paging | None = Field(default=None, description="how the answer goes on, where it comes in pages")

    @model_validator(mode="after")
    def _counts(self) -> HttpFetch:
        for name in (self.paging.offset, self.paging.page) if self.paging else ():
            if name in self.query and not self.query[name].isdecimal():
                raise ValueError(Problem("paging_start", {"name": name}))
        return self

    def request(self) -> AddressAsked:
        """Return what is asked; of parameters only the names, as their values may be secret."""
        query = "?" + "&".join(f"{name}=…" for name in self.query) if self.query else ""
        return AddressAsked(method=self.method, address=shown(self.url) + query, sent=tuple(self.headers))

    def gather(self, around: Surroundings) -> Gathered:
        """Return the answer, or its pages; unchanged when the source says so of what the last good fetch had.

        Raises:
            SourceError: it cannot be had, or its pages are not what the first one says there is.
        """
        until = time.monotonic() + self.deadline_seconds
        same = sha256(repr(self.model_dump(mode="json")).encode()).hexdigest()
        conditions = {}
        if self.paging is None and around.state.get("request") == same:
            conditions = {name: around.state[given] for name, given in VALIDATORS.items() if given in around.state}
        headers = {"Accept": "*/*", **self.headers, **conditions, **self._token(around, until)}
        if self.paging is not None:
            pages = tuple(self._pages(around, headers, self.paging, until=until))
            return Gathered(documents=pages, state={"request": same})
        answer = self.ask(around, headers, until=until)
        if answer.unchanged and not conditions:
            raise SourceError(Problem("unchanged_unasked", file=shown(self.url)))
        if answer.unchanged:
            return Gathered(state=around.state, unchanged=True)
        given = {name: answer.headers.get(name, "") for name in VALIDATORS.values()}
        kept = {name: text for name, text in given.items() if text and text.isascii() and text.isprintable()}
        return Gathered(documents=(document_of(answer, self.url),), state={"request": same, **kept})

    def ask(
        self,
        around: Surroundings,
        headers: Mapping[str, str],
        *,
        until: float,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> HttpAnswer:
        """Return the answer to one request, asked when the host is free.

        Raises:
            SourceError: there is none by `until`, with the reason.
        """
        from targetwatch.connectors.http import asked, turn_at  # noqa: PLC0415 - only a fetch pays for requests

        said = body or (self.body.encode() if isinstance(self.body, str) else self.body)
        params = self.query if query is None else query
        with turn_at(self.url, until):
            return asked(self, around.config_dir, headers=headers, params=params, body=said, until=until)

    def at(self, url: str, **changes: Any) -> HttpFetch:  # noqa: ANN401 - its fields
        """Return the same request of another address."""
        return self.model_copy(update={"url": url, **changes})

    def _token(self, around: Surroundings, until: float) -> dict[str, str]:
        """Return the header with the token; servers differ in where they look for the credentials."""
        if self.oauth2 is None:
            return {}
        who = {"client_id": self.oauth2.client_id, "client_secret": self.oauth2.client_secret}
        said = {"grant_type": "client_credentials", **({"scope": self.oauth2.scope} if self.oauth2.scope else {})}
        basic = base64.b64encode(":".join(quote(one, safe="") for one in who.values()).encode()).decode()
        giver = self.at(self.oauth2.token_url, method="POST")
        ways = (({**FORM, "Authorization": f"Basic {basic}"}, said), (FORM, said | who))
        for last, (headers, form) in enumerate(ways):
            try:
                answer = giver.ask(around, headers, until=until, query={}, body=urlencode(form).encode())
                return {"Authorization": f"Bearer {json.loads(answer.body)['access_token']}"}
            except SourceError as error:
                if last or error.problems[0].code not in {"answers_401", "answers_other"}:
                    raise
            except (ValueError, KeyError, TypeError) as error:
                raise SourceError(Problem("no_token", file=shown(giver.url))) from error
        raise AssertionError

    def _pages(
        self, around: Surroundings, headers: Mapping[str, str], paging: Paging, *, until: float
    ) -> Iterator[FetchedDocument]:
        """Give the pages until they hold what there is, or refuse them: one missing, one twice, one too many."""
        url, query, count, total = self.url, dict(self.query), 0, None
        seen: list[object] = []
        for number in range(1, paging.most_pages + 1):
            answer = self.at(url).ask(around, headers, until=until, query=query)
            where, content = f"{shown(url)}, page {number}", _json(answer, shown(url))
            rows, stated = (jmespath.search(path, content) for path in (paging.rows, paging.total))
            stated = int(stated) if isinstance(stated, str) and stated.isdecimal() else stated
            if not isinstance(rows, list) or isinstance(stated, bool) or not isinstance(stated, int):
                raise SourceError(Problem("page_without_total", file=where))
            if total not in {None, stated}:
                raise SourceError(Problem("total_changed", {"before": total, "now": stated}, file=where))
            count, total = count + len(rows), stated
            if rows and rows in seen:
                raise SourceError(Problem("page_again", file=where))
            seen.append(rows)
            yield document_of(answer, url)
            if count > total:
                raise SourceError(Problem("more_than_total", {"count": count, "total": total}, file=where))
            if count == total:
                return
            following = jmespath.search(paging.next, content) if paging.next else ""
            if not rows or following is None:
                raise SourceError(Problem("page_withheld", {"count": count, "total": total}, file=where))
            url, query = self._following(paging, url, query, following=following, count=count)
        raise SourceError(Problem("pages_without_end", {"most": paging.most_pages}, file=shown(self.url)))

    def _following(
        self, paging: Paging, url: str, query: dict[str, str], *, following: object, count: int
    ) -> tuple[str, dict[str, str]]:
        """Return the address and the query of the next page."""
        if paging.next:
            from targetwatch.connectors.http import led_to  # noqa: PLC0415 - only a fetch pays for requests

            led = led_to(str(following), url)
            named = parse_qs(urlsplit(led).query)
            return led, {name: said for name, said in self.query.items() if name not in named}
        if paging.offset:
            return url, {**query, paging.offset: str(int(self.query.get(paging.offset, 0)) + count)}
        assert paging.page is not None
        return url, {**query, paging.page: str(int(query.get(paging.page, 1)) + 1)}


class PrometheusFetch(RequestOptions):
    """A range query: a preset of `http`."""

    query: str = Field(min_length=1, description="the PromQL expression")
    start: str = Field(default="-90d", description="the first moment: so many days ago, or a day or moment")
    end: str = Field(default="now", description="the last moment: now, so many days ago, or a day or moment")
    step: str = Field(default="1d", pattern=STEP.pattern, description="how far apart: 15m, 1h, 1d, 1w")

    @field_validator("start", "end")
    @classmethod
    def _moment(cls, said: str) -> str:
        _moment(said, datetime.now(UTC))
        return said

    def request(self) -> AddressAsked:
        """Return what is asked."""
        return self._http(datetime.now(UTC)).request()

    def gather(self, around: Surroundings) -> Gathered:
        """Return the answer; the moments are whole steps, so that a day is the same one in every run.

        Raises:
            SourceError: it cannot be had.
        """
        return self._http(around.now).gather(around)

    def _http(self, now: datetime) -> HttpFetch:
        found = STEP.fullmatch(self.step)
        assert found is not None
        step = int(found["count"]) * SECONDS[found["unit"]]
        start, end = _moment(self.start, now), _moment(self.end, now)
        if self.start.startswith("-"):
            start -= start % step
        query = {"query": self.query, "start": str(start), "end": str(end), "step": self.step}
        rest = {name: getattr(self, name) for name in RequestOptions.model_fields}
        return HttpFetch(**{**rest, "url": f"{self.url.rstrip('/')}/api/v1/query_range", "query": query})


def document_of(answer: HttpAnswer, url: str) -> FetchedDocument:
    """Return what was answered at an address, with what its head says of it."""
    kind, _, rest = answer.headers.get("Content-Type", "").partition(";")
    charset = rest.casefold().partition("charset=")[2].partition(";")[0].strip(" \"'")
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return FetchedDocument(
        data=answer.body, name=name, content_type=kind.strip().casefold(), charset=charset, url=shown(url)
    )


def _json(answer: HttpAnswer, where: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise SourceError(Problem("page_not_json", file=where)) from error


def _moment(said: str, now: datetime) -> int:
    """Return the epoch second of a day, a moment, "now", or "-90d"."""
    if said == "now":
        return int(now.timestamp())
    if ago := AGO.fullmatch(said):
        return int((now - timedelta(int(ago[1]))).timestamp())
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise ValueError(Problem("not_a_moment", {"given": said})) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
