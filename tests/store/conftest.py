"""A prepared database on each of the two kinds: an SQLite file, and a private PostgreSQL cluster of this session."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from store.cluster import Cluster
from store.databases import execute, on_server, opened
from targetwatch.store import db


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start a cluster of our own on a socket of our own; the address of its maintenance database."""
    with Cluster.begun() as cluster:
        yield cluster.address


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Upgrade one SQLite file, for every test to start from a copy."""
    file = tmp_path_factory.mktemp("prepared") / "prepared.db"
    engine = db.create_engine(f"sqlite:///{file}")
    db.upgrade(engine)
    engine.dispose()  # the last connection folds the write-ahead log into the file
    return file


@pytest.fixture(scope="session")
def prepared_database(postgresql: str) -> str:
    """Upgrade one PostgreSQL database, for every test to start from a copy; its name."""
    execute(postgresql, "CREATE DATABASE prepared")
    engine = db.create_engine(postgresql.replace("/postgres?", "/prepared?"))
    db.upgrade(engine)
    engine.dispose()
    return "prepared"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Run the test once on each kind of database."""
    return str(request.param)


@pytest.fixture
def bare(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on an empty database."""
    if kind == "sqlite":
        yield from opened(f"sqlite:///{tmp_path / 'store.db'}")
    else:
        yield from on_server(request.getfixturevalue("postgresql"), "template0")


@pytest.fixture
def engine(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a database with this program's schema."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("prepared_file"), tmp_path / "store.db")
        yield from opened(f"sqlite:///{tmp_path / 'store.db'}")
    else:
        template = request.getfixturevalue("prepared_database")
        yield from on_server(request.getfixturevalue("postgresql"), template)


@pytest.fixture
def sqlite(prepared_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a prepared SQLite file, for what only concerns that."""
    shutil.copy(prepared_file, tmp_path / "store.db")
    yield from opened(f"sqlite:///{tmp_path / 'store.db'}")


@pytest.fixture
def server(postgresql: str, prepared_database: str) -> Iterator[Engine]:
    """Give an engine on a prepared PostgreSQL database, for what only concerns that."""
    yield from on_server(postgresql, prepared_database)


@pytest.fixture
def tamper(engine: Engine) -> Callable[..., None]:
    """Give a way to write to the database behind the program's back."""

    def run(*statements: str) -> None:
        with engine.connect() as connection, connection.begin():
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run
