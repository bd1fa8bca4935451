"""A database of the version before, with everything in it, brought to this program's schema."""

from __future__ import annotations

import json
import lzma
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import JSON, Boolean, Date, DateTime, MetaData, Table, insert, select, update
from sqlalchemy.engine import Engine

from refusing import raises, say
from targetwatch import configuration
from targetwatch.errors import SchemaError
from targetwatch.model import AsOf, Catalogue
from targetwatch.store import audit, catalogue, db
from targetwatch.store.audit.subjects import subjects_of
from targetwatch.store.audit.trail import PACK
from targetwatch.store.catalogue.rows import ROWS, columns_of
from targetwatch.store.db import revisions
from targetwatch.store.tables import TargetVersionRow
from targetwatch.store.types import canonical
from targetwatch.web.audit.sentences import Teller

BEFORE = Path(__file__).parents[1] / "data" / "database-0002"
WRITTEN = 257
"""How many audit entries it holds."""
SAME = ("reading", "withdrawal", "account", "token", "ingest_run")
"""The tables that no migration since has touched."""


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the old database once."""
    file = tmp_path_factory.mktemp("before") / "before.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(lzma.decompress((BEFORE / "database.sql.xz").read_bytes()).decode())
    return file


@pytest.fixture
def old(bare: Engine, before: Path) -> Engine:
    """Give the old database, on each kind: the rows that the version before wrote, in its tables."""
    file = db.file_of(bare)
    if file is not None:
        shutil.copy(before, file)
        return bare
    db.upgrade(bare, "0002")
    for table, rows in raw(before, bare).items():
        if rows and table.name != "alembic_version":
            with bare.connect() as connection, connection.begin():
                connection.execute(insert(table), rows)
    return bare


def raw(before: Path, engine: Engine, *only: str) -> dict[Table, list[dict[str, Any]]]:
    """Return the rows of the old file by the tables of a database, dependencies first: the columns that both have."""
    tables = MetaData()
    tables.reflect(engine)
    found = {}
    with closing(sqlite3.connect(before)) as source:
        source.row_factory = sqlite3.Row
        for table in tables.sorted_tables:
            if not only or table.name in only:
                rows = source.execute(f"SELECT * FROM {table.name}").fetchall()
                columns = [column for column in table.columns if rows and column.name in rows[0].keys()]  # noqa: SIM118
                found[table] = [{one.name: typed(one.type, row[one.name]) for one in columns} for row in rows]
    return found


def typed(kind: object, value: Any) -> Any:
    """Return a value that SQLite holds as one of its column's type."""
    if value is None:
        return None
    match kind:
        case JSON():
            return json.loads(value)
        case Boolean():
            return bool(value)
        case DateTime():
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        case Date():
            return date.fromisoformat(value)
    return value


def told(row: dict[str, Any]) -> str:
    """Return a row as the audit trail would tell it, the same from both databases."""
    naive = {name: value for name, value in row.items() if isinstance(value, datetime) and value.tzinfo is None}
    return canonical({**row, **{name: value.replace(tzinfo=UTC) for name, value in naive.items()}})


def everything(engine: Engine) -> Catalogue:
    """Return what is in force and what is archived together, as the configuration beside the old database has it."""
    with db.reading(engine) as session:
        one, two = catalogue.load(session), catalogue.load_archived(session)
    parts = ("programmes", "publishers", "indicators", "targets", "sources")
    return Catalogue(**{part: getattr(one, part) + getattr(two, part) for part in parts})


def problems(engine: Engine) -> tuple[str, ...]:
    with db.reading(engine) as session:
        return tuple(say(problem) for problem in audit.verify(session))


def test_every_row_reading_and_entry_is_still_there(old: Engine, before: Path):
    db.upgrade(old)
    db.check_schema(old)
    with old.connect() as connection:
        for table, rows in raw(before, old, *SAME).items():
            found = [dict(row) for row in connection.execute(select(table)).mappings()]
            assert {told(row) for row in found} == {told(row) for row in rows}, table.name
    with db.reading(old) as session:
        entries = audit.entries(session, before_id=WRITTEN + 1)
    ((_, rows),) = raw(before, old, "audit").items()
    assert [{name: getattr(entry, name) for name in rows[0]} for entry in reversed(entries)] == rows
    assert problems(old) == ()


def test_everything_configured_says_what_it_said(old: Engine, before: Path):
    db.upgrade(old)
    found, said = everything(old), configuration.check(BEFORE)
    assert catalogue.diff(found, said) == catalogue.diff(said, found) == ()
    managed = {
        (table.name, row["id"]): (row["managed_by"], row["archived_at"])
        for table, rows in raw(before, old, *ROWS).items()
        for row in rows
    }
    with old.connect() as connection:
        for kind, row in ROWS.items():
            for name, who, gone in connection.execute(select(row.id, row.managed_by, row.archived_at)):
                assert managed.pop((kind, name)) == (who, gone)
    assert managed == {}


def test_saving_again_what_was_packed_changes_nothing(old: Engine):
    db.upgrade(old)
    with db.reading(old) as session:
        head = audit.head(session)
        items = [
            item
            for part in ("programmes", "publishers", "indicators", "targets", "sources")
            for item in getattr(catalogue.load(session), part)
        ]
        for item in items:
            row = session.get_one(ROWS[type(item).__name__.lower()], item.id)
            assert {name: getattr(row, name) for name in columns_of(item)} == columns_of(item)
        assert audit.head(session) == head


def test_every_packed_row_is_told_by_field_before_and_after(old: Engine, before: Path):
    db.upgrade(old)
    kinds = (*ROWS, "target_version")
    with db.reading(old) as session:
        packed = [entry for entry in audit.entries(session) if entry.action == PACK]
    assert len(packed) == sum(map(len, raw(before, old, *kinds).values()))
    entry = next(entry for entry in packed if entry.object == "air-between/1/1")
    assert (entry.actor, entry.kind) == ("upgrade", "target_version")
    assert entry.old is not None
    assert entry.new is not None
    assert (entry.old["goal_value"], entry.old["goal_upper"], entry.new["goal.between"]) == ("60", "75", ["60", "75"])
    assert (entry.old["announced_by"], entry.new["announcement.by"]) == ("the deputy director",) * 2


def test_a_goal_changed_behind_the_programs_back_after_the_upgrade_is_found(old: Engine):
    db.upgrade(old)
    forge(old, "air-at-least", {"goal": {"at_least": "1"}})
    assert problems(old) == ('target_version \'air-at-least/1/0\': goal.at_least is "1", the audit trail says "1000"',)


def test_a_goal_that_the_trail_never_named_is_found(old: Engine):
    db.upgrade(old)
    forge(old, "air-at-least", {"goal": {"at_least": "1000", "above": "1"}, "revision": 7})
    assert problems(old) == (
        "target_version 'air-at-least/1/0': goal.above is \"1\", the audit trail says null",
        "target_version 'air-at-least/1/0': revision is 7, the audit trail says null",
    )


def test_a_goal_changed_behind_the_programs_back_before_the_upgrade_is_found_after_it(old: Engine):
    with old.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE target_version SET goal_value = '1' WHERE target = 'air-at-least'")
    db.upgrade(old)
    (problem,) = problems(old)
    assert problem.startswith("target_version 'air-at-least/1/0': goal_value was \"1\" before audit entry ")
    assert problem.endswith(', the audit trail says "1000"')


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_entry_of_the_old_database_is_still_told_in_words(before: Path, tmp_path: Path, language: str):
    shutil.copy(before, tmp_path / "old.db")
    engine = db.create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    db.upgrade(engine)
    as_of = AsOf.end_of(date(2026, 3, 1), ZoneInfo("Asia/Shanghai"))
    with db.reading(engine) as session:
        entries = audit.entries(session)
        teller = Teller(language, as_of, catalogue.load(session), subjects_of(session, entries))
    lines = [teller.line(entry) for entry in entries]
    assert all(line.sentence for line in lines)
    changes = [change for line in lines for change in line.changes]
    assert [change.label for change in changes if "_" in change.label.partition(":")[0]] == []
    assert {change.after for change in changes if change.label.endswith("headers.X-Key")} == {"${PORT_KEY}"}
    assert not any("application/json" in change.after for change in changes)
    engine.dispose()


def test_an_older_database_is_not_taken_for_this_programs(old: Engine):
    with raises(SchemaError, match="is older than this program"):
        db.check_schema(old)
    assert revisions()[-1] != "0002"


def forge(engine: Engine, target: str, terms: dict[str, Any]) -> None:
    """Change the terms of a target's first version past the program."""
    table = TargetVersionRow.__table__  # type: ignore[attr-defined]
    its = (table.c.target == target, table.c.number == 1)
    with engine.connect() as connection, connection.begin():
        now = connection.scalar(select(table.c.terms).where(*its))
        connection.execute(update(table).where(*its).values(terms={**now, **terms}))
