"""A hostile source becomes a recorded run with a reason, in time, and in nobody's way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from wire import NOW, Request, Server, http_source, rows_as_json

from builders import indicator
from refusing import say
from targetwatch.ingest import IngestOutcome, run
from targetwatch.model import Catalogue, Publisher, Source, Text
from targetwatch.store import catalogue, db, readings, runs

KNOWN = Catalogue(
    publishers=(Publisher(id="customs", title=Text("Customs")),),
    indicators=(indicator(id="total-trade", unit="bn CNY"),),
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = db.create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    db.upgrade(engine)
    with db.writing(engine, "test", now=NOW) as session:
        catalogue.reconcile(session, KNOWN, now=NOW)
    yield engine
    engine.dispose()


def ingest(engine: Engine, source: Source) -> IngestOutcome:
    return run(engine, source, now=NOW, today=NOW.date())


def _drip(request: Request) -> None:
    request.drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b" " * 10_000)


HOSTILE: dict[str, tuple[Callable[[Request], None], str]] = {
    "slow": (_drip, "no complete answer within 0.7 s"),
    "silent": (lambda request: request.server.closing.wait(60) and None, "no complete answer within 0.7 s"),
    "huge": (lambda request: request.answer(b"[" * 2_000_000), "announces 2,000,000 bytes"),
    "malformed": (lambda request: request.answer(b"<html>"), "is not JSON"),
    "wrong kind": (lambda request: request.answer(b"x", Content_Type="text/html"), "says it is text/html"),
    "redirecting": (lambda request: request.answer(b"", status=302, Location="/x"), "redirects more than 3 times"),
    "moved": (lambda request: request.answer(b"", status=302, Location="http://10.0.0.1/"), "to another host"),
    "faulty": (lambda request: request.answer(b"", status=500), "answers 500 Internal Server Error"),
    "lying": (lambda request: request.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[]"), "breaks off after 2 b"),
    "useless": (lambda request: request.answer(rows_as_json([{"amount": "?"}])), "no row can be used, 2 problems"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_every_hostile_answer_is_a_failed_run_with_its_reason_within_its_deadline(
    engine: Engine, server: Server, name: str
) -> None:
    route, reason = HOSTILE[name]
    server.routes["/x"] = route
    seconds = 0.7 if "0.7 s" in reason else 60
    outcome = ingest(engine, http_source(server.url("/x"), deadline_seconds=seconds, max_bytes=1_000_000))
    assert outcome.failed
    assert reason in say(outcome.reason)
    assert outcome.duration_seconds < 30, "no source here ends by itself sooner"
    with db.reading(engine) as session:
        (recorded,) = runs.history(session)
        assert (recorded.outcome, recorded.reason) == ("failed", outcome.reason)
        assert recorded.request == f"GET {server.url('/x')}"
        assert readings.load(session) == {}


@pytest.mark.slow
def test_a_slow_source_delays_neither_another_source_nor_a_person(engine: Engine, server: Server) -> None:
    goes_on = threading.Event()
    server.routes["/slow"] = lambda request: goes_on.wait(60) and request.answer(b"", status=500)
    rows = [{"month": "202501", "amount": 581.98}, {"month": "202502", "amount": 512.5}]
    server.routes["/fine"] = lambda request: request.answer(rows_as_json(rows))
    slow: list[IngestOutcome] = []
    source = http_source(server.url("/slow"), deadline_seconds=60)
    thread = threading.Thread(target=lambda: slow.append(ingest(engine, source)))
    thread.start()
    while not server.seen:
        time.sleep(0.01)
    fine = ingest(engine, http_source(server.url("/fine")))
    with db.writing(engine, "cli:li", now=NOW) as session:
        readings.withdraw(session, 1, reason="misprint", now=NOW)
    assert (fine.outcome, fine.new, slow) == ("ok", 2, [])
    goes_on.set()
    thread.join()
    assert slow[0].failed


def test_an_unchanged_answer_is_not_read_again_and_a_faulty_row_is(engine: Engine, server: Server) -> None:
    rows: list[dict[str, Any]] = [{"month": "202501", "amount": 581.98}, {"month": "202502", "amount": 612.5}]

    def route(request: Request) -> None:
        body = rows_as_json(rows)
        known = request.headers.get("If-None-Match") == f'"{hash(body)}"'
        request.answer(b"" if known else body, status=304 if known else 200, ETag=f'"{hash(body)}"')

    server.routes["/x"] = route
    source = http_source(server.url("/x"))
    assert [ingest(engine, source).outcome for _ in range(2)] == ["ok", "unchanged"]
    rows.append({"month": "202503", "amount": "6,1"})
    assert [len(ingest(engine, source).problems) for _ in range(2)] == [1, 1]
    rows[-1]["amount"] = 600.1
    assert [(one.outcome, one.new) for one in (ingest(engine, source), ingest(engine, source))] == [
        ("ok", 1),
        ("unchanged", 0),
    ]
