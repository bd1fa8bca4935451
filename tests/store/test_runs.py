from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.engine import Engine

from refusing import raises
from store.examples import NOW
from targetwatch.errors import StoreError
from targetwatch.model.problem import Problem
from targetwatch.store import db, runs

RUN = runs.Run(
    source="customs",
    started_at=NOW,
    finished_at=NOW + timedelta(seconds=2),
    outcome="ok",
    new=3,
    known=2,
    revised=1,
    held=1,
    problems=(Problem("not_a_number", {"said": "n/a"}, file="row 7", where="value"),),
    request="GET https://example.org",
)


def at(hours: int, **fields: object) -> runs.Run:
    moment = NOW + timedelta(hours=hours)
    return replace(RUN, started_at=moment, finished_at=moment + timedelta(seconds=2), **fields)


def record(engine: Engine, *some: runs.Run) -> None:
    with db.writing(engine, "ingest:test", now=NOW) as session:
        for run in some:
            runs.record(session, run)


def test_everything_said_of_a_run_is_kept(engine: Engine):
    record(engine, RUN)
    with db.reading(engine) as session:
        assert runs.history(session) == (replace(RUN, id=1),)


def test_the_history_is_told_newest_first_by_source_and_page_by_page(engine: Engine):
    record(engine, at(0), at(1, source="ports"), at(2))
    with db.reading(engine) as session:
        assert [run.id for run in runs.history(session)] == [3, 2, 1]
        assert [run.id for run in runs.history(session, "customs")] == [3, 1]
        assert [run.id for run in runs.history(session, limit=1)] == [3]
        assert [run.id for run in runs.history(session, limit=1, before_id=3)] == [2]


def test_the_last_run_and_the_last_success_of_each_source_are_told_apart(engine: Engine):
    failed = at(2, outcome="failed", reason=Problem("answers_with", {"status": 503}))
    record(engine, at(0), at(1, outcome="unchanged"), failed, at(3, source="ports", outcome="failed"))
    with db.reading(engine) as session:
        assert runs.last(session) == {"customs": replace(failed, id=3), "ports": runs.history(session)[0]}
        assert runs.last_success(session) == {"customs": at(1).finished_at}


def test_a_run_ends_in_a_known_way(engine: Engine):
    with (
        raises(StoreError, match="run of 'customs': outcome 'great', expected one of ok, unchanged, failed"),
        db.writing(engine, "ingest:test", now=NOW) as session,
    ):
        runs.record(session, replace(RUN, outcome="great"))


def test_what_a_connector_remembers_is_replaced_as_a_whole(engine: Engine):
    with db.writing(engine, "ingest:test", now=NOW) as session:
        assert runs.fetch_state(session, "customs") == {}
        runs.save_fetch_state(session, "customs", {"etag": '"1"', "pages": [1, 2]}, now=NOW)
        runs.save_fetch_state(session, "ports", {"etag": '"x"'}, now=NOW)
    with db.writing(engine, "ingest:test", now=NOW) as session:
        runs.save_fetch_state(session, "customs", {"etag": '"2"'}, now=NOW)
    with db.reading(engine) as session:
        assert runs.fetch_state(session, "customs") == {"etag": '"2"'}
        assert runs.fetch_state(session, "ports") == {"etag": '"x"'}
