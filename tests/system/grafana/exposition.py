"""A service that says what a test wants: the metrics of the contract over real HTTP, for targets made up here."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATUSES = ("pending", "on_track", "at_risk", "off_track", "achieved", "missed", "awaiting_data")
STATES = ("fresh", "due", "late", "none", "closed")


@dataclass
class Target:
    """One target as the service would expose it."""

    id: str
    email: str
    status: str = "on_track"
    title: str = ""
    language: str = "en"
    since: str = "2025-01-01"
    since_days_ago: float = 300
    data_state: str = "fresh"
    due_in_days: float = 30
    due: str = "2025-12-31"

    def become(self, status: str, since: str) -> None:
        """Change the status, beginning now (on the day called `since`)."""
        self.status, self.since, self.since_days_ago = status, since, 0

    def lines(self, now: float, day_seconds: float) -> list[str]:
        """Return this target's samples."""
        title = self.title or f"Title of {self.id}"
        own = f'target="{self.id}"'
        verdict = (
            f'sentence_en="{self.status}: 5 of 10 boxes through 31 Aug.",sentence_zh="状态：截至8月31日为5箱。",'
            'needed_en="needs 2 boxes a month",needed_zh="每月需2箱",card_en="5 / 10 boxes",card_zh="5 / 10箱",'
            'plan_en="7 boxes",plan_zh="7箱",odds_en="about 2 in 10",odds_zh="约两成把握",'
            'age_en="figures to 31 Aug",age_zh="数据截至8月31日",evidence="https://example.org/evidence",'
            f'since="{self.since}",due="{self.due}"'
        )
        about = f'{own},indicator="boxes",owner="o",owner_email="{self.email}",owner_language="{self.language}"'
        named = f'title_en="{title}",title_zh="{self.id}的标题"'
        since, due = now - self.since_days_ago * day_seconds, now + self.due_in_days * day_seconds
        return [
            f"targetwatch_target_info{{{about},{named}}} 1",
            f"targetwatch_target_verdict_info{{{own},{verdict}}} 1",
            f"targetwatch_target_performance_since_timestamp_seconds{{{own}}} {since}",
            f"targetwatch_target_next_release_due_timestamp_seconds{{{own}}} {due}",
            *(
                f'targetwatch_target_performance{{{own},status="{status}"}} {int(status == self.status)}'
                for status in STATUSES
            ),
            *(
                f'targetwatch_target_data_state{{{own},state="{state}"}} {int(state == self.data_state)}'
                for state in STATES
            ),
        ]


@dataclass
class Service:
    """The targets, and whether anyone is at home. `day_seconds` is how long a day of the shortened rules lasts."""

    day_seconds: float
    targets: dict[str, Target] = field(default_factory=dict)
    working_day: int = 1
    _server: ThreadingHTTPServer | None = None
    _port: int = 0

    def add(self, *targets: Target) -> None:
        self.targets |= {target.id: target for target in targets}

    def exposition(self) -> str:
        now = time.time()
        lines = [
            f"targetwatch_snapshot_timestamp_seconds {now}",
            f"targetwatch_working_day {self.working_day}",
            "targetwatch_database_up 1",
        ]
        lines += [line for target in list(self.targets.values()) for line in target.lines(now, self.day_seconds)]
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
