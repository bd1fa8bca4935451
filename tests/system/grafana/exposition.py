"""A service that says what a test wants: the metrics of the contract over real HTTP, for targets made up here."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

URGENCY = {"missed": 6.5, "off_track": 5.5, "at_risk": 4.5, "on_track": 2.5}


@dataclass
class Target:
    """One target as the service would expose it."""

    id: str
    status: str = "on_track"
    late_seconds: float | None = None

    def lines(self, now: float) -> list[str]:
        """Return this target's samples."""
        own = f'target="{self.id}"'
        about = f'{own},owner="o",programme="p",title_en="Title of {self.id}",title_zh="{self.id}的标题"'
        late = [] if self.late_seconds is None else [f"targetwatch_target_late_seconds{{{own}}} {self.late_seconds}"]
        return [
            f"targetwatch_target_info{{{about}}} 1",
            f'targetwatch_target_tile_info{{{own},status="{self.status}",card_en="5 / 10",card_zh="5 / 10"}} 1',
            f"targetwatch_target_urgency{{{own}}} {URGENCY[self.status]}",
            f"targetwatch_target_performance_since_timestamp_seconds{{{own}}} {now - 86400}",
            *late,
        ]


@dataclass
class Service:
    """The targets, and whether anyone is at home."""

    targets: list[Target] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _port: int = 0

    def exposition(self) -> str:
        now = time.time()
        lines = [
            f"targetwatch_snapshot_timestamp_seconds {now}",
            f"targetwatch_as_of_timestamp_seconds {now}",
            "targetwatch_database_up 1",
        ]
        lines += [line for target in self.targets for line in target.lines(now)]
        return "\n".join(lines) + "\n"

    def start(self) -> str:
        """Answer on the same port as before; return `host:port`."""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = service.exposition().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"127.0.0.1:{self._port}"

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
