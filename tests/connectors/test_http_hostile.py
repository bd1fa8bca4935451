from __future__ import annotations

import contextlib
import gzip
import socket
import time
import tracemalloc
import zlib
from typing import Any

import pytest
from wire import Request, Server, fetch, http_source, rows_as_json

from targetwatch.connectors.http_transport import HttpCall
from targetwatch.errors import SourceError
from targetwatch.wording.problems import in_english

pytestmark = pytest.mark.slow

SOON = {"deadline_seconds": 1.0}
"""For what would never end; all else has time enough, however busy the machine is."""
DEADLINE_SECONDS = 60.0
GRACE_SECONDS = 10.0
"""What a busy machine may take beyond the deadline; a source that hangs here hangs for longer."""
FINE = rows_as_json()


def refusal(url: str, **options: Any) -> str:
    """Return why the source could not be read, having made sure that it was told in time and without secrets."""
    options.setdefault("deadline_seconds", DEADLINE_SECONDS)
    began = time.monotonic()
    with pytest.raises(SourceError) as refused:
        fetch(http_source(url, params={"key": "s3cret"}, headers={"X-Api-Key": "s3cret"}, **options))
    took = time.monotonic() - began
    assert took < options["deadline_seconds"] + GRACE_SECONDS
    assert "s3cret" not in f"{refused.value} {in_english(refused.value)}"
    return in_english(refused.value)


def test_a_dead_port_refuses_the_connection(dead_port: int) -> None:
    assert refusal(f"http://127.0.0.1:{dead_port}/x") == (
        f"http://127.0.0.1:{dead_port}/x: refuses the connection: nothing listens at that port"
    )


def test_a_dead_port_is_tried_again_only_as_long_as_the_deadline_allows(dead_port: int) -> None:
    reason = refusal(f"http://127.0.0.1:{dead_port}/x", retries=10, **SOON)
    assert "refuses the connection: nothing listens at that port, and the next attempt would come after" in reason


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    assert refusal("http://statistics.invalid/x") == (
        "http://statistics.invalid/x: its name cannot be looked up, expected a host that exists"
    )


def test_a_host_that_lets_nobody_in_is_given_up_at_the_deadline() -> None:
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # the queue is full now, further attempts get no answer
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        assert refusal(url, **SOON) == f"{url}: no complete answer within 1 s, while trying to connect"


def _silent(request: Request) -> None:
    request.server.closing.wait(60)


def _slow_headers(request: Request) -> None:
    request.drip(b"HTTP/1.1 200 OK\r\nX-Filler: " + b"x" * 10_000)


def _slow_body(request: Request) -> None:
    request.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n")
    request.drip(b"[" * 10_000)


@pytest.mark.parametrize(
    ("route", "doing"),
    [
        (_silent, "while waiting for 127.0.0.1 to answer"),
        (_slow_headers, "while waiting for 127.0.0.1 to answer"),
        (_slow_body, "bytes so far)"),
    ],
)
def test_whatever_comes_too_slowly_is_given_up_at_the_deadline(server: Server, route: Any, doing: str) -> None:
    server.routes["/x"] = route
    reason = refusal(server.url("/x"), **SOON)
    assert f"{server.url('/x')}: no complete answer within 1 s, while " in reason
    assert doing in reason or "waiting for 127.0.0.1" in reason


def test_a_given_up_connection_is_really_closed(server: Server) -> None:
    ended = []

    def route(request: Request) -> None:
        try:
            _slow_body(request)
        finally:
            ended.append(request.server.closing.is_set())

    server.routes["/x"] = route
    refusal(server.url("/x"), **SOON)
    until = time.monotonic() + 60
    while not ended and time.monotonic() < until:
        time.sleep(0.01)
    assert ended == [False], "the drip went on until the server was closed"


def test_a_body_that_never_ends_is_cut_off(server: Server) -> None:
    def route(request: Request) -> None:
        request.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not request.server.closing.is_set():
            request.raw(b"10000\r\n" + b"[" * 0x10000 + b"\r\n")

    server.routes["/x"] = route
    assert "goes on after 100,000 bytes, expected at most that (max_bytes)" in refusal(
        server.url("/x"), max_bytes=100_000
    )


def test_a_body_announced_as_huge_is_not_even_begun(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(b"[]", Content_Length="12345678901")
    assert "announces 12,345,678,901 bytes, expected at most 10,000,000 (max_bytes)" in refusal(server.url("/x"))


def test_a_gzip_bomb_is_refused_without_unpacking_it(server: Server) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"[" * 2**20) for _ in range(128)) + packer.flush()
    server.routes["/x"] = lambda request: request.answer(bomb, Content_Encoding="gzip")
    tracemalloc.start()
    reason = refusal(server.url("/x"), max_bytes=1_000_000)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(bomb) < 200_000
    assert "goes on after 1,000,000 bytes" in reason
    assert peak_bytes < 30_000_000


def test_damaged_compression_is_named(server: Server) -> None:
    packed = bytearray(gzip.compress(FINE))
    packed[20:40] = b"\x00" * 20
    server.routes["/x"] = lambda request: request.answer(bytes(packed), Content_Encoding="gzip")
    assert "sends compressed data that is damaged" in refusal(server.url("/x"))


def test_a_length_that_promises_more_is_found_out(server: Server) -> None:
    def route(request: Request) -> None:
        request.answer(FINE, Content_Length=str(len(FINE) + 1000))
        request.close_connection = True

    server.routes["/x"] = route
    assert f"breaks off after {len(FINE)} bytes, 1,000 more were announced" in refusal(server.url("/x"))


def test_a_length_that_promises_less_leaves_broken_json(server: Server) -> None:
    def route(request: Request) -> None:
        request.answer(FINE, Content_Length="50")
        request.close_connection = True

    server.routes["/x"] = route
    assert "breaks off in the middle, at line 1, column " in refusal(server.url("/x"))


def test_a_chunked_answer_that_stops_is_named(server: Server) -> None:
    start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n[1,"
    server.routes["/x"] = lambda request: request.raw(start)
    assert "breaks off" in refusal(server.url("/x"))


def test_a_connection_closed_without_an_answer_is_named(server: Server) -> None:
    server.routes["/x"] = lambda request: request.raw(b"")
    assert "breaks off the connection" in refusal(server.url("/x"))


def test_an_answer_that_is_not_http_is_named(server: Server) -> None:
    server.routes["/x"] = lambda request: request.raw(b"220 ready for mail\r\n\r\n")
    assert "does not answer in HTTP" in refusal(server.url("/x"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{'data': []}", "is not JSON: Expecting property name enclosed in double quotes, at line 1, column 2"),
        (FINE[:-5], "breaks off in the middle, at line 1, column "),
        (FINE[:30], "breaks off in the middle, at line 1, column "),
        (b"", "answers with nothing, expected JSON"),
        (b" \n", "answers with nothing, expected JSON"),
        (b'{"data": NaN}', "is not JSON: NaN is no number"),
        (b"[" * 200_000, "is nested too deeply to be read"),
        ('{"data": "\u6e1d"}'.encode("gb18030"), "is not utf-8 from byte 10 on, expected utf-8"),
        (b'{"data": 1' + b"0" * 5000 + b"}", "is not JSON: "),
        (b"[]", "rows 'data': finds nothing in the answer, expected a list"),
        (
            b'{"items": [], "page": 1}',
            "rows 'data': finds nothing in the answer, expected a list; the answer has items, page",
        ),
        (b'{"data": 5}', "rows 'data': finds one value in the answer, expected a list; the answer has data"),
    ],
)
def test_what_is_no_json_with_rows_in_it_is_said_to_be_what_it_is(server: Server, body: bytes, reason: str) -> None:
    server.routes["/x"] = lambda request: request.answer(body)
    assert f"{server.url('/x')}: {reason}" in refusal(server.url("/x"))


@pytest.mark.parametrize(
    ("kind", "said"), [("text/html; charset=utf-8", "says it is text/html"), ("", "does not say what it is")]
)
def test_another_content_type_is_refused_unless_it_is_allowed(server: Server, kind: str, said: str) -> None:
    server.routes["/x"] = lambda request: request.answer(FINE, Content_Type=kind)
    assert f"{said}, expected application/json; if it is JSON all the same, add it to content_types" in refusal(
        server.url("/x")
    )


def test_an_unknown_charset_is_named(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(FINE, Content_Type="application/json; charset=klingon")
    assert "says it is written in 'klingon', which is not known; expected utf-8" in refusal(server.url("/x"))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (204, "answers 204 No Content: expected 200 OK"),
        (401, "answers 401 Unauthorized: the credentials in headers are missing or not accepted"),
        (403, "answers 403 Forbidden: it does not let this service in"),
        (404, "answers 404 Not Found: there is nothing at this address"),
        (418, "answers 418 I'm a Teapot: expected 200 OK"),
        (500, "answers 500 Internal Server Error: it has a fault of its own"),
        (503, "answers 503 Service Unavailable: it has a fault of its own"),
        (304, "says nothing changed, but it was asked for everything"),
    ],
)
def test_every_other_status_is_told_with_what_it_means(server: Server, status: int, reason: str) -> None:
    server.routes["/x"] = lambda request: request.answer(
        b"", status=status, Content_Length="0" if status != 304 else ""
    )
    assert refusal(server.url("/x")) == f"{server.url('/x')}: {reason}"


def test_a_fault_of_the_server_is_asked_again_and_then_read(server: Server) -> None:
    answers = [(b"", 500), (b"", 502), (FINE, 200)]
    server.routes["/x"] = lambda request: request.answer(*answers[len(server.seen) - 1])
    assert len(fetch(http_source(server.url("/x"), retries=2)).readings) == 2
    assert len(server.seen) == 3


def test_too_many_requests_waits_as_long_as_it_is_asked_to(server: Server) -> None:
    def route(request: Request) -> None:
        first = len(server.seen) == 1
        request.answer(b"" if first else FINE, status=429 if first else 200, Retry_After="1")

    server.routes["/x"] = route
    began = time.monotonic()
    assert len(fetch(http_source(server.url("/x"), retries=1)).readings) == 2
    assert time.monotonic() - began >= 1


def test_too_many_requests_with_a_wait_beyond_the_deadline_is_given_up_at_once(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(b"", status=429, Retry_After="3600")
    began = time.monotonic()
    reason = refusal(server.url("/x"), retries=3, deadline_seconds=30)
    assert "answers 429 Too Many Requests and asks to wait 3,600 s, and the next attempt would come after" in reason
    assert time.monotonic() - began < 30, "it did not wait for its deadline"


def test_a_wait_that_cannot_be_read_is_not_waited_for(server: Server) -> None:
    answers = [(b"", 503), (FINE, 200)]
    server.routes["/x"] = lambda request: request.answer(*answers[len(server.seen) - 1], Retry_After="tomorrow")
    assert len(fetch(http_source(server.url("/x"), retries=1)).readings) == 2


def test_a_redirect_loop_ends(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(b"", status=302, Location="/x")
    assert refusal(server.url("/x")) == f"{server.url('/x')}: redirects more than 3 times"
    assert len(server.seen) == 4


def test_a_redirect_within_the_host_is_followed_with_its_headers(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(b"", status=301, Location="/y?page=1")
    server.routes["/y"] = lambda request: request.answer(FINE)
    fetched = fetch(http_source(server.url("/x"), headers={"X-Api-Key": "k"}, params={"from": "2025"}))
    assert len(fetched.readings) == 2
    assert [path for path, _ in server.seen] == ["/x?from=2025", "/y?page=1"]
    assert server.seen[1][1]["X-Api-Key"] == "k"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://localhost:1/x", "redirects to another host, localhost; if that is meant, put its address into url"),
        ("http://169.254.169.254/latest/meta-data", "redirects to another host, 169.254.169.254"),
        ("http://127.0.0.1:22/", "redirects to another port, http://127.0.0.1:22/; if that is meant, put it into url"),
        ("file:///etc/passwd", "redirects to no web address"),
        ("gopher://127.0.0.1/", "redirects to no web address"),
        ("http://127.0.0.1:http/", "redirects to no web address"),
        ("http://[", "redirects to no web address"),
        ("", "redirects to no web address"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(server: Server, location: str, reason: str) -> None:
    server.routes["/x"] = lambda request: request.answer(b"", status=302, Location=location)
    assert f"{server.url('/x')}: {reason}" in refusal(server.url("/x"))
    assert len(server.seen) == 1


def test_a_post_is_not_turned_into_something_else_by_a_redirect(server: Server) -> None:
    server.routes["/x"] = lambda request: request.answer(b"", status=302, Location="/y")
    assert f"answers POST with a redirect to {server.url('/y')}, expected that address in url" in refusal(
        server.url("/x"), method="POST", body={"year": 2025}
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_an_address_inside_the_network_is_refused_before_anything_is_sent(server: Server, host: str) -> None:
    server.routes["/x"] = lambda request: request.answer(FINE)
    reason = refusal(server.url("/x", host), allow_private=["10.0.0.0/8", "statistics.internal"])
    assert "is at 127.0.0.1, an address inside the network, expected a public one; " in reason
    assert "if it is meant, add '127.0.0.1' to allow_private" in reason
    assert server.seen == []


def test_a_name_that_leads_inside_the_network_is_refused_before_it_is_connected_to(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = []
    monkeypatch.setattr(HttpCall, "connected", lambda _call, _sock, host: connected.append(host))
    assert "an address inside the network" in refusal(server.url("/x", "localhost"), allow_private=["10.0.0.0/8"])
    assert connected == []


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "LocalHost"])
def test_an_address_inside_the_network_may_be_allowed_by_address_network_or_name(server: Server, allowed: str) -> None:
    server.routes["/x"] = lambda request: request.answer(FINE)
    assert fetch(http_source(server.url("/x", "localhost"), allow_private=[allowed])).readings


def test_the_environments_proxy_is_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.routes["/x"] = lambda request: request.answer(FINE)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    assert fetch(http_source(server.url("/x"))).readings
