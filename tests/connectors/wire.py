"""A real server that misbehaves on request, and sources that point at it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from targetwatch.connectors import CONNECTORS, Fetched
from targetwatch.model import Source

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
ROWS = [
    {"month": "202501", "amount": 581.98, "growth": 12.3, "out": "2025-02-07"},
    {"month": "202502", "amount": 1090.5, "growth": -0.4, "out": "2025-03-07"},
]
OPTIONS: dict[str, Any] = {
    "rows": "data",
    "fields": {"period": "month", "value": "amount", "yoy": "growth", "published_on": "out"},
    "constants": {"indicator": "total-trade", "basis": "period", "publisher": "customs"},
    "yoy_as": "percent",
    "allow_private": ["127.0.0.1"],
    "deadline_seconds": 60,
    "retries": 0,
}


class Request(BaseHTTPRequestHandler):
    """One request to the server under test; a route may write whatever bytes it likes."""

    protocol_version = "HTTP/1.1"
    server: Server

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.server.routes[self.path.partition("?")[0]](self)

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Keep the test output clean."""

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send a whole answer; header names are written with underscores."""
        self.send_response(status)
        sent = {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}
        for name, value in sent.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def raw(self, data: bytes) -> None:
        """Send bytes as they are, and close."""
        self.wfile.write(data)
        self.wfile.flush()
        self.close_connection = True

    def drip(self, data: bytes, pause_seconds: float = 0.05) -> None:
        """Send one byte at a time until the server is closed or the other side has had enough."""
        for byte in data:
            self.raw(bytes([byte]))
            if self.server.closing.wait(pause_seconds):
                return


class Server(ThreadingHTTPServer):
    """A real server on a free port, with a function for each path."""

    daemon_threads = False
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.routes: dict[str, Callable[[Request], None]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is part of these tests."""


def http_source(url: str, **changes: Any) -> Source:
    return Source(id="customs", kind="http_json", options={**OPTIONS, "url": url, **changes})


def fetch(source: Source, state: dict[str, str] | None = None, config_dir: Any = None) -> Fetched:
    connector = CONNECTORS[source.kind]
    made = connector(config_dir) if config_dir else connector()
    return made.fetch(source, state or {}, NOW)


def rows_as_json(rows: object = None) -> bytes:
    return json.dumps({"data": ROWS if rows is None else rows}).encode()
