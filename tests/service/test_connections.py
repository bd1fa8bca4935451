"""Connections: who keeps silent makes room, who takes too long is closed, and the log says it in few lines."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests
import uvicorn

from targetwatch.service import server
from targetwatch.service.server import ACCEPTED_AT_ONCE, LimitedConnection, LimitedServer, most_connections

HALF = b"GET / HTTP/1.1\r\nHost: here\r\n"
HALF_A_BODY = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhal"
LONG = 8_000_000
MOST = 20


async def app(scope, receive, send):
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % LONG)]}
    await send({**start, "headers": []} if scope["path"] == "/" else start)
    await send({"type": "http.response.body", "body": b"yes" if scope["path"] == "/" else bytes(LONG)})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(LimitedConnection, "most", MOST)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=LimitedConnection, backlog=ACCEPTED_AT_ONCE, log_config=None, lifespan="off")
    server = LimitedServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    until(lambda: server.started)
    yield listener.getsockname()[1]
    server.should_exit = server.force_exit = True
    thread.join()


def until(answer: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not answer():
        assert time.monotonic() < end
        time.sleep(0.01)


def begun(port: int, said: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=60)
    made.sendall(said)
    return made


def taken(connection: socket.socket) -> int:
    """Read until the other side closes, gracefully or not; how many bytes came."""
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while found := connection.recv(1_000_000):
            count += len(found)
    return count


def test_connections_that_keep_silent_make_room_for_others(port, caplog):
    with caplog.at_level(logging.INFO):
        silent = [begun(port, HALF) for _ in range(5 * MOST)]
        for _ in range(3):
            assert requests.get(f"http://127.0.0.1:{port}/", timeout=60).text == "yes"
        assert taken(silent[0]) == 0  # the first ones are closed
        until(lambda: "to make room for others" in caplog.text)
        assert len(caplog.records) < 10
        silent[-1].sendall(b"\r\n")
        assert silent[-1].recv(12) == b"HTTP/1.1 200"  # the last ones may go on
    for one in silent:
        one.close()


def test_a_request_that_takes_too_long_is_closed(port, monkeypatch):
    late = [begun(port, said) for said in (b"", HALF, HALF + b"\r\n" + HALF, HALF_A_BODY)]
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(server, "BODY_SECONDS", 0.1)
    assert [taken(one) > 0 for one in late] == [False, False, True, False]
    for one in late:
        one.close()


def test_an_answer_nobody_takes_is_given_up(port, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(server, "STUCK_SECONDS", 0.1)
    one = begun(port, b"GET /long HTTP/1.1\r\nHost: here\r\n\r\n")
    until(lambda: "the client took too long" in caplog.text)
    assert taken(one) < LONG
    one.close()


def test_a_body_that_comes_fast_enough_is_waited_for(port, monkeypatch):
    monkeypatch.setattr(server, "BODY_SECONDS", 0)
    monkeypatch.setattr(server, "BODY_BYTES_A_SECOND", 10)
    one = begun(port, b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 60\r\n\r\n" + b"x" * 50)
    looks, look_after = [], server.look_after

    def looked(all_of_them):
        look_after(all_of_them)
        looks.extend(kept._received for kept in all_of_them)

    monkeypatch.setattr(server, "look_after", looked)
    until(lambda: len(looks) > 1 and looks[-1] > 50)
    one.sendall(b"x" * 10)
    assert one.recv(12) == b"HTTP/1.1 200"
    one.close()


def test_no_more_connections_than_the_files_of_the_process_allow():
    assert most_connections(10) == 16
    assert most_connections(30) == 30
    assert 16 <= most_connections(10**9) < 10**9
