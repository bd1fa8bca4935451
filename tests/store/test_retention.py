"""What is let go of after a time, and what never is: on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.engine import Engine

from store.examples import VOLUME, WANTED, configure
from targetwatch.model import FetchedDocument, Performance, StatusChange
from targetwatch.store import audit, db, documents, maintenance, outbox, runs, statuses
from targetwatch.store import readings as stored
from targetwatch.store.outbox import Key, Mail, State

NOW = datetime(2026, 11, 27, 1, tzinfo=UTC)
DAY = timedelta(days=1)
TARGET = "ilstc-volume-2025"


def let_go(engine: Engine, kind: str, days: int = 400) -> int:
    with db.writing(engine, "service", now=NOW) as session:
        return maintenance.let_go(session, kind, NOW - days * DAY)


def ran(engine: Engine, days_ago: int, outcome: str = "ok", source: str = "customs") -> None:
    at = NOW - days_ago * DAY
    with db.writing(engine, "ingest:customs", now=at) as session:
        runs.record(session, runs.Run(source=source, started_at=at, finished_at=at, outcome=outcome))


def test_old_runs_go_but_the_last_of_each_source_and_its_last_good_one(engine: Engine):
    for days_ago, outcome in ((900, "ok"), (800, "ok"), (700, "failed"), (600, "failed")):
        ran(engine, days_ago, outcome)
    ran(engine, 900, source="bureau")
    ran(engine, 399, source="port")
    ran(engine, 401, source="port")
    assert let_go(engine, "runs") == 2
    with db.reading(engine) as session:
        left = sorted((run.source, (NOW - run.finished_at).days) for run in runs.history(session))
    assert left == [("bureau", 900), ("customs", 600), ("customs", 800), ("port", 399), ("port", 401)]
    assert let_go(engine, "runs") == 0


def test_they_go_in_small_lots_the_oldest_first(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    assert maintenance.AT_ONCE == 500
    monkeypatch.setattr(maintenance, "AT_ONCE", 3)
    for days_ago in range(1008, 1000, -1):
        ran(engine, days_ago)
    ran(engine, 1)
    assert [let_go(engine, "runs") for _ in range(4)] == [3, 3, 2, 0]


def mail(number: int, state: State, days_ago: int) -> Mail:
    at = NOW - days_ago * DAY
    return Mail(
        message_id=f"<{number}@x>",
        receiver="li@example.org",
        address="li@example.org",
        kind="status",
        subject="Off track",
        content=b"x",
        says={Key("li@example.org", "target", f"t{number}"): {}},
        bound_at=at,
        next_attempt_at=at,
        state=state,
        ended_at=None if state is State.WAITING else at,
    )


def test_mails_that_are_done_with_go_and_what_they_told_is_remembered(engine: Engine):
    with db.writing(engine, "service", now=NOW) as session:
        for number, one in enumerate([State.SENT, State.FAILED, State.REPLACED, State.WAITING]):
            outbox.bind(session, mail(number, one, days_ago=500))
        outbox.bind(session, mail(9, State.SENT, days_ago=300))
        told = outbox.told(session)
    assert let_go(engine, "mails") == 3
    with db.reading(engine) as session:
        assert {one.message_id for one in outbox.mails(session)} == {"<3@x>", "<9@x>"}
        assert outbox.told(session) == told


def test_old_status_changes_go_but_the_last_of_each_target_and_their_count_never_falls(engine: Engine):
    configure(engine, WANTED)
    calls = [None, Performance.ON_TRACK, Performance.AT_RISK, Performance.ON_TRACK]
    with db.writing(engine, "service", now=NOW - 500 * DAY) as session:
        for day, (old, new) in enumerate(pairwise(calls), start=1):
            assert new is not None
            change = StatusChange(target=TARGET, version=1, on=date(2025, 3, day), old=old, new=new, rule="-")
            statuses.append(session, [change])
        before = statuses.latest(session), statuses.counts(session)
    assert let_go(engine, "statuses") == 2
    with db.reading(engine) as session:
        assert (statuses.latest(session), statuses.counts(session)) == before
        assert before[1] == {TARGET: 3}


def test_old_documents_go_but_what_waits_and_what_each_source_gave_last(engine: Engine):
    for days_ago, source, waits in (
        (900, "a", True),
        (800, "a", False),
        (700, "a", False),
        (900, "b", False),
        (1, "c", False),
    ):
        at = NOW - days_ago * DAY
        with db.writing(engine, "ingest:a", now=at) as session:
            documents.keep(session, source, [FetchedDocument(data=b"%d" % days_ago)], now=at, wait=waits)
    assert let_go(engine, "documents") == 1
    with db.reading(engine) as session:
        left = {one.document.data for name in "abc" for one in documents.last(session, name, fetches=9)}
    assert left == {b"900", b"700", b"1"}


def test_readings_and_the_audit_trail_are_no_kind_that_goes(engine: Engine):
    assert set(maintenance.KINDS) == {"runs", "mails", "statuses", "documents"}
    configure(engine, WANTED)
    with db.reading(engine) as session:
        before = audit.head(session), stored.load(session, [VOLUME.id])
    for kind in maintenance.KINDS:
        let_go(engine, kind, days=0)
    with db.reading(engine) as session:
        assert (audit.head(session), stored.load(session, [VOLUME.id])) == before
        assert audit.verify(session) == ()
