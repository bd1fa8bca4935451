"""The audit trail searched on both databases: every filter, from both ends, by an index where there is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from targetwatch.store import audit, db
from targetwatch.store.audit import AuditQuery, Fact

START = datetime(2025, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Six entries by three actors on three days."""
    told = (
        ("web:sun", Fact("add", "target", "cargo-2025", None, {"title_zh": "货运量", "value": "100 %"})),
        ("web:sun", Fact("add", "target_version", "cargo-2025/1/0", None, {"goal": "270000"})),
        ("ingest:port", Fact("add", "held", "1", None, {"note": "under_score"})),
        ("cli:sun", Fact("change", "target", "cargo-20250", {"a": "old"}, {"a": "new"})),
        ("cli:li", Fact("delete", "held", "1", {"quote": 'said "so"'}, None)),
        ("serve", Fact("change", "target", "cargo-2025", {"a": "C:\\path"}, {"a": "b"})),
    )
    for place, (actor, fact) in enumerate(told):
        now = START + timedelta(days=place // 2)
        with db.writing(engine, actor, reason=f"reason {place + 1}", now=now) as session:
            audit.append(session, [fact])
    return engine


def found(engine: Engine, wanted: AuditQuery, **more: int) -> list[int]:
    with db.reading(engine) as session:
        return [entry.id for entry in audit.entries(session, **{"limit": 50, **more}, **wanted)]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (AuditQuery(), [6, 5, 4, 3, 2, 1]),
        (AuditQuery(kind="target"), [6, 4, 1]),
        (AuditQuery(object_id="cargo-2025"), [6, 2, 1]),
        (AuditQuery(object_id="cargo-2025/1"), [2]),
        (AuditQuery(object_id="cargo"), []),
        (AuditQuery(object_id="%"), []),
        (AuditQuery(actor="sun"), [4, 2, 1]),
        (AuditQuery(actor="cli:sun"), [4]),
        (AuditQuery(actor="serve"), [6]),
        (AuditQuery(since=START + timedelta(days=1)), [6, 5, 4, 3]),
        (AuditQuery(until=START + timedelta(hours=23)), [2, 1]),
        (AuditQuery(since=START + timedelta(days=1), until=START + timedelta(days=1)), [4, 3]),
        (AuditQuery(words="货运量"), [1]),
        (AuditQuery(words="270000"), [2]),
        (AuditQuery(words="100 %"), [1]),
        (AuditQuery(words="%"), [1]),
        (AuditQuery(words="under_score"), [3]),
        (AuditQuery(words="REASON 3"), [3]),
        (AuditQuery(words='"so"'), [5]),
        (AuditQuery(words="C:\\path"), [6]),
        (AuditQuery(words="port"), [3]),
        (AuditQuery(words="' OR 1=1 --"), []),
        (AuditQuery(kind="held", actor="li", words="said"), [5]),
    ],
)
def test_a_search_finds_what_it_names_and_nothing_else(filled: Engine, wanted: AuditQuery, ids: list[int]) -> None:
    assert found(filled, wanted) == ids


def test_a_search_pages_from_either_end(filled: Engine) -> None:
    assert found(filled, AuditQuery(), limit=2) == [6, 5]
    assert found(filled, AuditQuery(), limit=2, before_id=5) == [4, 3]
    assert found(filled, AuditQuery(), limit=2, after_id=2) == [4, 3]
    assert found(filled, AuditQuery(kind="target"), limit=2, after_id=1) == [6, 4]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (AuditQuery(kind="target"), "ix_audit_kind"),
        (AuditQuery(object_id="cargo-2025"), "ix_audit_object"),
        (AuditQuery(actor="sun"), "ix_audit_actor"),
        (AuditQuery(since=START, until=START + timedelta(days=400)), "PRIMARY KEY"),
    ],
)
def test_a_filter_walks_an_index(filled: Engine, wanted: AuditQuery, index: str) -> None:
    """Fifty of a million entries are found in milliseconds only when the database need not read them all."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    with db.reading(filled) as session:
        connection = session.connection()
        event.listen(
            connection, "before_cursor_execute", lambda _c, _k, statement, said, *_more: asked.append((statement, said))
        )
        audit.entries(session, before_id=1000, limit=51, **wanted)
        statement, said = asked[-1]
        plan = " / ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", said))
    assert index in plan
    assert "SCAN" not in plan
