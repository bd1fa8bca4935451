from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect
from sqlalchemy.engine import Connection, Engine

from forked import Program
from refusing import raises
from store.examples import configure
from targetwatch.errors import SchemaError
from targetwatch.store import audit, db
from targetwatch.store.tables import METADATA

ROOT = Path(__file__).parents[2]


def described(connection: Connection) -> dict[str, object]:
    """Return everything a database says of its tables, in a comparable order."""
    inspector = inspect(connection)
    tables: dict[str, object] = {}
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        columns = [{**column, "type": str(column["type"])} for column in inspector.get_columns(table)]
        tables[table] = (
            sorted(map(str, columns)),
            inspector.get_pk_constraint(table),
            sorted(map(str, inspector.get_foreign_keys(table))),
            sorted(map(str, inspector.get_unique_constraints(table))),
            sorted(map(str, inspector.get_indexes(table))),
            sorted(map(str, inspector.get_check_constraints(table))),
        )
    return tables


def test_the_tables_and_the_migrations_agree(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_a_migrated_database_is_what_the_tables_alone_would_make(bare: Engine):
    with bare.connect() as connection, connection.begin():
        METADATA.create_all(connection)
        made = described(connection)
        METADATA.drop_all(connection)
    db.upgrade(bare)
    with bare.connect() as connection:
        assert described(connection) == made


def test_every_constraint_has_a_name_so_that_a_later_migration_can_drop_it(engine: Engine):
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
    unnamed = [
        (table.name, constraint)
        for table in found.tables.values()
        for constraint in table.constraints
        if constraint.name is None and list(getattr(constraint, "columns", ()))
    ]
    assert unnamed == []


def test_the_revisions_are_those_that_alembic_sees_in_one_line():
    script = ScriptDirectory(str(db.MIGRATIONS))
    seen = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(seen)) == db.revisions()
    assert script.get_heads() == [db.revisions()[-1]]


def test_upgrading_twice_changes_nothing(engine: Engine):
    configure(engine)
    db.upgrade(engine)
    db.check_schema(engine)
    with db.reading(engine) as session:
        assert audit.verify(session) == ()


@pytest.mark.slow
def test_two_that_upgrade_at_once_do_not_disturb_each_other(bare: Engine):
    failures: list[BaseException] = []

    def run() -> None:
        try:
            db.upgrade(bare)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    # Alembic itself keeps one migration context per process, so the second upgrader is another process.
    address = bare.url.render_as_string(hide_password=False)
    code = "import sys; from targetwatch.store import db; db.upgrade(db.create_engine(sys.argv[1]))"
    others = [Program([sys.executable, "-c", code, address]) for _ in range(2)]
    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert [other.wait(60) for other in others] == [0, 0]
    assert failures == []
    db.check_schema(bare)


def test_going_down_and_up_again_ends_where_it_started(engine: Engine):
    with engine.connect() as connection:
        before = described(connection)
    with engine.connect() as connection, connection.begin():
        command.downgrade(db._config(connection), "base")
        assert described(connection) == {}
    db.upgrade(engine)
    with engine.connect() as connection:
        assert described(connection) == before


def test_a_prepared_database_passes_the_check(engine: Engine):
    db.check_schema(engine)


def test_an_empty_database_is_told_to_be_upgraded(bare: Engine):
    with bare.connect():
        pass
    with raises(SchemaError, match="is empty, expected 'targetwatch db upgrade' to prepare it"):
        db.check_schema(bare)


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path: Path):
    engine = db.create_engine(f"sqlite:///{tmp_path / 'none.db'}")
    with raises(SchemaError, match="there is none yet, expected 'targetwatch db upgrade' to create it"):
        db.check_schema(engine)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    engine = db.create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'none.db'}")
    with raises(SchemaError, match=r"there is no folder '.*nowhere', expected one"):
        db.upgrade(engine)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path):
    (tmp_path / "notes.db").write_text("these are notes " * 100)
    engine = db.create_engine(f"sqlite:///{tmp_path / 'notes.db'}")
    with raises(SchemaError, match="file is not a database"):
        db.check_schema(engine)


def test_a_database_of_someone_else_is_recognised(bare: Engine):
    with bare.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER)")
    with raises(SchemaError, match=r"holds other tables \(recipes\), expected 'targetwatch db upgrade'"):
        db.check_schema(bare)


def test_an_older_database_is_told_to_be_backed_up_and_upgraded(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    known = db.revisions()
    monkeypatch.setattr(db, "revisions", lambda: (*known, "9999"))
    expected = f"is older than this program .revision '{known[-1]}', expected '9999'., expected 'targetwatch db backup"
    with raises(SchemaError, match=expected):
        db.check_schema(engine)


def test_a_newer_database_is_neither_used_nor_touched(engine: Engine):
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    expected = "is newer than this program .its revision '9999' is not known here., expected the newer program"
    for attempt in (db.check_schema, db.upgrade):
        with raises(SchemaError, match=expected):
            attempt(engine)


def test_a_server_that_does_not_answer_is_said_so_without_the_password():
    engine = db.create_engine("postgresql://li:secret@127.0.0.1:1/targets")
    with raises(SchemaError, match="Connection refused") as caught:
        db.check_schema(engine)
    assert "secret" not in str(caught.value)
