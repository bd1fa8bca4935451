"""Documents over HTTP: what is asked, in how many pages, and what is refused."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError
from wire import NOW, Request, Server

from refusing import raises, say
from targetwatch.connectors.base import Gathered, Surroundings
from targetwatch.connectors.fetch_http import HttpFetch, PrometheusFetch
from targetwatch.errors import SourceError
from targetwatch.model.problem import refused

COMMON: dict[str, Any] = {"allow_private": ["127.0.0.1"], "deadline_seconds": 5, "retries": 0}
PAGED = {"rows": "records", "total": "total"}
ROWS = [{"month": f"2025-{month:02}", "value": str(month)} for month in range(1, 8)]


def gather(options: dict[str, Any], state: dict[str, Any] | None = None) -> Gathered:
    around = Surroundings(config_dir=Path(), state=state or {}, now=NOW)
    return HttpFetch.model_validate({**COMMON, **options}).gather(around)


def refusal(**options: Any) -> str:
    with pytest.raises(ValidationError) as error:
        HttpFetch.model_validate({**COMMON, "url": "https://example.org/x", **options})
    return say(refused(error.value.errors()[0]))


def pages(size: int = 3, **changes: Any) -> Callable[[Request], None]:
    """Answer with pages of ROWS by offset, each with the address of the next, past the end as well."""

    def answer(request: Request) -> None:
        start = int(parse_qs(urlsplit(request.path).query).get("offset", ["0"])[0])
        following = f"/rows?offset={start + size}"
        said = {"records": ROWS[start : start + size], "total": len(ROWS), "next": following, **changes}
        request.answer(json.dumps(said).encode())

    return answer


def rows(gathered: Gathered) -> list[str]:
    return [row["value"] for one in gathered.documents for row in json.loads(one.data)["records"]]


# --- one answer ---


def test_a_document_comes_with_what_its_head_says_of_it(server: Server) -> None:
    server.routes["/tables/throughput.csv"] = lambda request: request.answer(
        "时期;值\n".encode("gb18030"), Content_Type='Text/CSV; charset="GB18030"'
    )
    (found,) = gather({"url": server.url("/tables/throughput.csv?key=s3cret")}).documents
    assert (found.data.decode("gb18030"), found.name) == ("时期;值\n", "throughput.csv")
    assert (found.content_type, found.charset) == ("text/csv", "gb18030")
    assert found.url == server.url("/tables/throughput.csv")


def test_headers_query_and_body_are_sent_as_described(server: Server) -> None:
    def route(request: Request) -> None:
        request.answer(json.dumps([request.path, request.headers["X-Key"], request.body.decode()]).encode())

    server.routes["/x"] = route
    options = {"url": server.url("/x"), "method": "POST", "headers": {"X-Key": "k"}, "query": {"a": "1 2"}}
    (found,) = gather({**options, "body": {"from": 2025}}).documents
    assert json.loads(found.data) == ["/x?a=1+2", "k", '{"from": 2025}']
    (found,) = gather({**options, "body": "a=一"}).documents
    assert json.loads(found.data)[2] == "a=一"


def test_an_answer_that_has_not_changed_is_not_sent_again(server: Server) -> None:
    def route(request: Request) -> None:
        if request.headers.get("If-None-Match") == '"1"':
            request.answer(b"", status=304, Content_Type="", Content_Length="")
        else:
            request.answer(b"x", ETag='"1"')

    server.routes["/x"] = route
    first = gather({"url": server.url("/x")})
    again = gather({"url": server.url("/x")}, dict(first.state))
    assert (again.unchanged, again.documents, dict(again.state)) == (True, (), dict(first.state))
    other = gather({"url": server.url("/x"), "query": {"year": "2026"}}, dict(first.state))
    assert not other.unchanged, "what is asked is another thing, so nothing is known of it"


def test_an_unchanged_that_was_not_asked_for_is_refused(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(b"", status=304, Content_Type="", Content_Length="")
    with raises(SourceError, match="says nothing changed, but it was asked for everything"):
        gather({"url": server.url("/x")})


def test_an_address_inside_the_network_is_refused_whatever_names_it(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(b"x")
    for host in ("127.0.0.1", "localhost"):
        with raises(SourceError, match="an address inside the network"):
            gather({"url": server.url("/x", host), "allow_private": []})
    assert server.seen == []


# --- a token first ---


def _with_token(server: Server, *, by_header: bool) -> dict[str, Any]:
    basic = base64.b64encode(b"me:s%3Acret").decode()

    def token(request: Request) -> None:
        form = parse_qs(request.body.decode())
        fits = (
            request.headers.get("Authorization") == f"Basic {basic}"
            if by_header
            else (form.get("client_id"), form.get("client_secret")) == (["me"], ["s:cret"])
        )
        good = fits and form["grant_type"] == ["client_credentials"] and form["scope"] == ["read"]
        request.answer(b'{"access_token": "t0ken"}' if good else b"{}", status=200 if good else 401)

    server.routes["/token"] = token
    server.routes["/x"] = lambda request: request.answer(request.headers.get("Authorization", "").encode())
    oauth2 = {"token_url": server.url("/token"), "client_id": "me", "client_secret": "s:cret", "scope": "read"}
    return {"url": server.url("/x"), "oauth2": oauth2}


@pytest.mark.parametrize("by_header", [True, False])
def test_a_token_is_asked_for_wherever_the_server_looks_for_credentials(server: Server, *, by_header: bool) -> None:
    gathered = gather(_with_token(server, by_header=by_header))
    assert gathered.documents[0].data == b"Bearer t0ken"
    assert "t0ken" not in repr(gathered.state)


def test_credentials_that_are_refused_end_the_run_without_being_told(server: Server) -> None:
    options = _with_token(server, by_header=True)
    server.routes["/token"] = lambda request: request.answer(b"{}", status=401)
    with raises(SourceError, match="answers 401") as error:
        gather(options)
    assert "s:cret" not in f"{error.value} {HttpFetch.model_validate(options)!r}"
    assert [path for path, _ in server.seen] == ["/token", "/token"]


def test_an_answer_without_a_token_is_said(server: Server) -> None:
    options = _with_token(server, by_header=True)
    for body in (b"{}", b"<html>", b"[]"):
        server.routes["/token"] = lambda request, body=body: request.answer(body)  # type: ignore[misc]
        with raises(SourceError, match="/token: gave no token"):
            gather(options)


# --- pages ---


def test_pages_follow_their_next_link_until_they_hold_what_there_is(server: Server) -> None:
    server.routes["/rows"] = pages()
    gathered = gather({"url": server.url("/rows"), "paging": {**PAGED, "next": "next"}})
    assert rows(gathered) == list("1234567")
    assert len(server.seen) == 3, "the link past the end was not followed"


def test_pages_by_offset_pass_over_the_rows_that_came(server: Server) -> None:
    server.routes["/rows"] = pages(total="7")
    gathered = gather({"url": server.url("/rows"), "query": {"limit": "3"}, "paging": {**PAGED, "offset": "offset"}})
    assert rows(gathered) == list("1234567")
    assert [path for path, _ in server.seen] == ["/rows?limit=3", "/rows?limit=3&offset=3", "/rows?limit=3&offset=6"]


def test_pages_by_number_count_from_the_first(server: Server) -> None:
    def answer(request: Request) -> None:
        number = int(parse_qs(urlsplit(request.path).query).get("page", ["1"])[0])
        request.answer(json.dumps([{"total": 7}, ROWS[(number - 1) * 4 : number * 4]]).encode())

    server.routes["/rows"] = answer
    paging = {"page": "page", "rows": "[1]", "total": "[0].total"}
    gathered = gather({"url": server.url("/rows"), "paging": paging})
    assert [len(json.loads(one.data)[1]) for one in gathered.documents] == [4, 3]
    with raises(SourceError, match="ends with 3 of 7 rows"):
        gather({"url": server.url("/rows"), "query": {"page": "2"}, "paging": paging})


FAULTY: dict[str, tuple[Callable[[Request], None], str]] = {
    "withheld": (pages(total=9), "page 4: ends with 7 of 9 rows"),
    "without a next": (pages(next=None), "page 1: ends with 3 of 7 rows"),
    "too many": (pages(total=5), "page 2: makes it 6 rows, more than the 5"),
    "no total": (pages(total=None), "page 1: has no list of rows, or no whole number as the total"),
    "yes for a total": (pages(total=True), "page 1: has no list of rows, or no whole number as the total"),
    "no rows": (pages(records="none"), "page 1: has no list of rows"),
    "always the same": (pages(records=ROWS[:3]), "page 2: holds the same rows as a page before"),
    "not JSON": (lambda request: request.answer(b"<html>"), "page 1: is not JSON|rows: is not JSON"),
    "another total": (
        lambda request: pages(total=8 if "offset" in request.path else 7)(request),
        "page 2: says there are 8 rows in all, the page before said 7",
    ),
    "away": (pages(next="http://10.0.0.1/rows"), "redirects to another host|leads to another host"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_pages_that_are_not_what_there_is_fail_the_run(server: Server, fault: str) -> None:
    route, reason = FAULTY[fault]
    server.routes["/rows"] = route
    with raises(SourceError, match=reason):
        gather({"url": server.url("/rows"), "paging": {**PAGED, "next": "next"}})


def test_pages_without_end_are_limited(server: Server) -> None:
    def answer(request: Request) -> None:
        start = parse_qs(urlsplit(request.path).query).get("offset", ["0"])[0]
        request.answer(json.dumps({"records": [{"value": start}], "total": 1_000}).encode())

    server.routes["/rows"] = answer
    with raises(SourceError, match="has more than 20 pages"):
        gather({"url": server.url("/rows"), "paging": {**PAGED, "offset": "offset", "most_pages": 20}})
    with raises(SourceError, match=r"no complete answer within|did not come before the deadline"):
        gather({"url": server.url("/rows"), "deadline_seconds": 0.05, "paging": {**PAGED, "offset": "offset"}})


# --- one at a time ---


def test_a_host_is_asked_for_one_document_at_a_time(server: Server) -> None:
    at_once, most = [], []

    def answer(request: Request) -> None:
        at_once.append(1)
        most.append(len(at_once))
        request.server.closing.wait(0.05)
        at_once.pop()
        request.answer(b"x")

    server.routes["/x"] = answer
    threads = [threading.Thread(target=gather, args=({"url": server.url("/x")},)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_who_waits_for_a_host_longer_than_the_deadline_is_told(server: Server) -> None:
    free, asked = threading.Event(), threading.Event()

    def answer(request: Request) -> None:
        asked.set()
        free.wait(10)
        request.answer(b"x")

    server.routes["/x"] = answer
    first = threading.Thread(target=gather, args=({"url": server.url("/x")},))
    first.start()
    asked.wait(10)
    with raises(SourceError, match=r"another source is asking 127\.0\.0\.1:\d+, one at a time"):
        gather({"url": server.url("/x"), "deadline_seconds": 0.05})
    free.set()
    first.join()


# --- what is described wrongly ---


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"url": "ftp://example.org"}, "is no web address"),
        ({"url": "https://li:s3cret@example.org"}, "holds a user name or password"),
        ({"paging": PAGED}, "expected exactly one of next, offset, page"),
        ({"paging": {**PAGED, "next": "a", "page": "p"}}, "expected exactly one of next, offset, page"),
        ({"paging": {**PAGED, "rows": "a b", "page": "p"}}, "is no JMESPath expression"),
        ({"paging": {**PAGED, "page": "p"}, "query": {"p": "first"}}, "query 'p' is no whole number"),
    ],
)
def test_what_cannot_be_asked_is_refused(options: dict[str, Any], reason: str) -> None:
    said = refusal(**options)
    assert reason in said
    assert "s3cret" not in said


# --- Prometheus ---


def prometheus(**options: Any) -> PrometheusFetch:
    return PrometheusFetch.model_validate({**COMMON, "url": "http://127.0.0.1/", "query": "sum(teu)", **options})


def test_a_range_query_asks_for_whole_steps_so_that_a_day_is_the_same_in_every_run(server: Server) -> None:
    server.routes["/api/v1/query_range"] = lambda request: request.answer(b"{}")
    around = Surroundings(config_dir=Path(), state={}, now=NOW)
    prometheus(url=server.url("/"), start="-2d").gather(around)
    prometheus(url=server.url(""), start="2026-11-01", end="2026-11-02T00:00:00+08:00", step="6h").gather(around)
    asked = [{name: said[0] for name, said in parse_qs(urlsplit(path).query).items()} for path, _ in server.seen]
    midnight = NOW.replace(hour=0, minute=0)
    assert asked[0] == {
        "query": "sum(teu)",
        "step": "1d",
        "start": str(int((midnight - timedelta(2)).timestamp())),
        "end": str(int(NOW.timestamp())),
    }
    assert (asked[1]["start"], asked[1]["end"], asked[1]["step"]) == ("1793491200", "1793548800", "6h")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"start": "yesterday"}, "'yesterday' is no moment, expected now, -90d, 2025-01-01"),
        ({"step": "1 month"}, "should match pattern"),
        ({"query": ""}, "at least 1 character"),
    ],
)
def test_a_range_that_is_none_is_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as error:
        prometheus(**options)
    assert reason in say(refused(error.value.errors()[0]))
