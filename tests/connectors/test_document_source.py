"""Documents over HTTP as recorded runs: pages as one table, kept bytes read again, secrets told to nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine
from wire import NOW, Request, Server

from builders import indicator
from refusing import say
from targetwatch.ingest import IngestOutcome, run
from targetwatch.model import Catalogue, Publisher, Source, Text
from targetwatch.store import catalogue, db, documents, readings, runs

ROWS = [{"month": f"2025-{month:02}", "teu": 100 + month % 3, "boxes": 60} for month in range(1, 12)]
KNOWN = Catalogue(
    publishers=(Publisher(id="office", title=Text("Office")),),
    indicators=(indicator(id="teu", authority="office"), indicator(id="boxes", unit="boxes", authority="office")),
)
TEU = {"indicator": "teu", "value": "teu", "unit": "TEU"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = db.create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    db.upgrade(engine)
    with db.writing(engine, "test", now=NOW) as session:
        catalogue.reconcile(session, KNOWN, now=NOW)
    yield engine
    engine.dispose()


def source(server: Server, *picked: dict[str, Any], **http: Any) -> Source:
    said = {"url": server.url("/rows"), "allow_private": ["127.0.0.1"], "retries": 0, "deadline_seconds": 5, **http}
    pick = {"period": "{month}", "published": "period_end + 5d", "readings": list(picked or (TEU,))}
    options = {"fetch": {"http": said}, "decode": {"json": {"rows": "rows"}}, "pick": pick}
    return Source(id="office", kind="document", options=options)


def ingest(engine: Engine, of: Source, *, days: int = 0, **how: Any) -> IngestOutcome:
    now = NOW + timedelta(days=days)
    return run(engine, of, now=now, today=now.date(), **how)


def values(engine: Engine, name: str) -> int:
    with db.reading(engine) as session:
        return len(readings.load(session, [name])[name])


def paged(request: Request, rows: list[dict[str, Any]], *, total: int = len(ROWS)) -> None:
    start = int(parse_qs(urlsplit(request.path).query).get("offset", ["0"])[0])
    request.answer(json.dumps({"rows": rows[start : start + 4], "total": total}).encode())


def test_the_pages_of_an_answer_are_read_as_one_table(engine: Engine, server: Server) -> None:
    server.routes["/rows"] = lambda request: paged(request, ROWS)
    of = source(server, paging={"offset": "offset", "rows": "rows", "total": "total"})
    assert ingest(engine, of).new == len(ROWS)
    with db.reading(engine) as session:
        assert {one.evidence_url for one in readings.load(session, ["teu"])["teu"]} == {server.url("/rows")}
    assert ingest(engine, of, days=1).outcome == "unchanged"
    with db.reading(engine) as session:
        assert len(documents.last(session, "office", fetches=9)) == 3


def test_a_page_that_is_withheld_fails_the_run_and_stores_nothing(engine: Engine, server: Server) -> None:
    server.routes["/rows"] = lambda request: paged(request, ROWS[:8])
    outcome = ingest(engine, source(server, paging={"offset": "offset", "rows": "rows", "total": "total"}))
    assert (outcome.outcome, values(engine, "teu")) == ("failed", 0)
    assert "ends with 8 of 11 rows" in say(outcome.reason)


def test_a_mended_description_reads_what_was_kept_where_the_source_says_that_nothing_changed(
    engine: Engine, server: Server
) -> None:
    answered = []

    def route(request: Request) -> None:
        unchanged = request.headers.get("If-None-Match") == '"1"'
        answered.append(304 if unchanged else 200)
        if unchanged:
            request.answer(b"", status=304, Content_Type="", Content_Length="")
        else:
            request.answer(json.dumps({"rows": ROWS}).encode(), ETag='"1"')

    server.routes["/rows"] = route
    assert ingest(engine, source(server)).new == len(ROWS)
    assert ingest(engine, source(server), days=1).outcome == "unchanged"
    boxes = {"indicator": "boxes", "value": "boxes", "unit": "boxes"}
    outcome = ingest(engine, source(server, TEU, boxes), days=2)
    assert (outcome.outcome, outcome.new, outcome.known) == ("ok", len(ROWS), len(ROWS))
    assert ingest(engine, source(server, TEU, boxes), days=3).outcome == "unchanged"
    assert answered == [200, 304, 304, 304]


def test_a_dry_run_asks_for_everything_and_says_what_would_come(engine: Engine, server: Server) -> None:
    server.routes["/rows"] = lambda request: request.answer(json.dumps({"rows": ROWS}).encode(), ETag='"1"')
    ingest(engine, source(server))
    outcome = ingest(engine, source(server), days=1, dry_run=True)
    assert {one.outcome for one in outcome.judged} == {"known"}
    assert "If-None-Match" not in server.seen[-1][1]


def test_no_secret_is_kept_recorded_or_told(engine: Engine, server: Server) -> None:
    secret = "s3cret-value"
    server.routes["/rows"] = lambda request: request.answer(json.dumps({"rows": ROWS}).encode())
    of = source(server, headers={"X-Key": secret}, query={"token": secret})
    bare = server.url(f"/rows?key={secret}")
    outcomes = [ingest(engine, of), ingest(engine, source(server, url=bare), days=1)]
    server.routes["/rows"] = lambda request: request.answer(b"", status=403)
    outcomes.append(ingest(engine, of, days=2))
    assert [one.outcome for one in outcomes] == ["ok", "unchanged", "failed"]
    with db.reading(engine) as session:
        kept = [replace(one.document, data=b"") for one in documents.last(session, "office", fetches=9)]
        told = repr((outcomes, kept, runs.history(session), runs.fetch_state(session, "office")))
    assert secret not in told


def test_the_items_of_a_feed_are_read_each_for_itself_by_one_description(engine: Engine, server: Server) -> None:
    months = [f"2025-{month:02}" for month in (1, 2)]
    items = "".join(f"<item><title>{one}</title><link>/{one}</link></item>" for one in months)
    server.routes["/rows"] = lambda request: request.answer(f"<rss>{items}</rss>".encode(), Content_Type="text/xml")
    for one in months:
        server.routes[f"/{one}"] = lambda request, one=one: request.answer(  # type: ignore[misc]
            f"<title>Figures of {one}</title><table><tr><th>month<th>TEU<tr><td>{one}<td>100</table>".encode(),
            Content_Type="text/html",
        )
    pick = {"period": "{month}", "published": "period_end + 5d", "readings": [{"indicator": "teu", "value": "TEU"}]}
    http = {"url": server.url("/rows"), "allow_private": ["127.0.0.1"], "retries": 0}
    options = {"fetch": {"feed": {**http, "most_items": 1}}, "decode": "html", "pick": pick}
    of = Source(id="office", kind="document", options=options)
    outcomes = [ingest(engine, of, days=day) for day in range(3)]
    assert [(one.outcome, one.new) for one in outcomes] == [("ok", 1), ("ok", 1), ("unchanged", 0)]
    reread = ingest(engine, of, days=3, reread=True)
    assert (reread.outcome, reread.known) == ("ok", 2), "a feed's items are all read again"
    assert ingest(engine, of, days=4).outcome == "unchanged", "and are remembered all the same"
