from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from refusing import raises
from store.examples import NOW, configure, reading
from targetwatch.errors import StoreError
from targetwatch.store import audit, catalogue, db, readings
from targetwatch.store.maintenance import backup


@pytest.fixture
def full(sqlite: Engine) -> Engine:
    """Give a database of some megabytes, so that a copy takes several steps."""
    configure(sqlite)
    with db.writing(sqlite, "ingest:test", now=NOW) as session:
        readings.add(session, [reading(n, publisher=f"p{n}", quote="x" * 4000) for n in range(6000)])
    return sqlite


@pytest.fixture
def opened() -> Iterator[list[Engine]]:
    """Give a list of engines that are closed at the end."""
    engines: list[Engine] = []
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.mark.slow
def test_a_copy_is_a_whole_database_in_one_file(full: Engine, tmp_path: Path, opened: list[Engine]):
    copy = backup(full, tmp_path / "copies.db")
    assert sorted(path.name for path in tmp_path.glob("copies*")) == ["copies.db"]
    opened.append(db.create_engine(f"sqlite:///{copy}"))
    db.check_schema(opened[0])
    with db.reading(opened[0]) as kept, db.reading(full) as original:
        assert audit.verify(kept) == ()
        assert catalogue.load(kept) == catalogue.load(original)
        assert readings.load(kept) == readings.load(original)
        assert audit.head(kept) == audit.head(original)


@pytest.mark.slow
def test_a_copy_is_of_one_moment_while_another_process_goes_on_writing(
    full: Engine, tmp_path: Path, opened: list[Engine]
):
    steps: list[tuple[int, int]] = []

    def write_meanwhile(done: int, total: int) -> None:
        steps.append((done, total))
        writer = threading.Thread(target=_write, args=(full, len(steps)))
        writer.start()
        writer.join()

    copy = backup(full, tmp_path / "copy.db", progress=write_meanwhile)
    assert len(steps) > 1
    assert steps[-1][0] == steps[-1][1]
    opened.append(db.create_engine(f"sqlite:///{copy}"))
    with db.reading(opened[0]) as kept, db.reading(full) as original:
        assert audit.verify(kept) == ()
        assert len(readings.load(kept)["ilstc-volume"]) == 6000
        assert len(readings.load(original)["ilstc-volume"]) == 6000 + len(steps)


def _write(engine: Engine, number: int) -> None:
    with db.writing(engine, "ingest:test", now=NOW) as session:
        readings.add(session, [reading(1, publisher=f"meanwhile{number}")])


def test_a_file_that_exists_is_never_overwritten(sqlite: Engine, tmp_path: Path):
    (tmp_path / "precious").write_text("mine")
    with raises(StoreError, match="precious': exists already, expected a new file"):
        backup(sqlite, tmp_path / "precious")
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(sqlite: Engine, tmp_path: Path):
    with raises(StoreError, match=r"there is no folder '.*nowhere', expected one"):
        backup(sqlite, tmp_path / "nowhere" / "copy.db")


def test_a_database_that_is_not_there_is_not_backed_up(tmp_path: Path):
    engine = db.create_engine(f"sqlite:///{tmp_path / 'none.db'}")
    with raises(StoreError, match="there is none yet, nothing to back up"):
        backup(engine, tmp_path / "copy.db")


def test_a_damaged_database_leaves_no_copy_that_looks_whole(full: Engine, tmp_path: Path):
    full.dispose()
    file = tmp_path / "store.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'reading'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("rb+") as damaged:
        damaged.seek((page - 1) * size)
        damaged.write(os.urandom(size))
    with raises(StoreError, match=r"the copy is damaged|malformed"):
        backup(full, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy*")) == []


def test_postgresql_is_sent_to_its_own_program():
    engine = db.create_engine("postgresql://li:secret@server/targets")
    with raises(StoreError, match=r"expected 'pg_dump --format=custom --file=x.dump targets'") as caught:
        backup(engine, "x.dump")
    assert "secret" not in str(caught.value)
