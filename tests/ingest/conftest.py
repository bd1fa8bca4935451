from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ground import KNOWN, NOW, Ground
from sqlalchemy import Engine

from targetwatch.store import catalogue, db


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one database with the catalogue in it, for every test to start from a copy."""
    file = tmp_path_factory.mktemp("prepared") / "prepared.db"
    engine = db.create_engine(f"sqlite:///{file}")
    db.upgrade(engine)
    with db.writing(engine, "test", now=NOW) as session:
        catalogue.reconcile(session, KNOWN, now=NOW)
    engine.dispose()
    return file


@pytest.fixture
def engine(prepared: Path, tmp_path: Path) -> Any:
    (tmp_path / "copy.db").write_bytes(prepared.read_bytes())
    engine = db.create_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def ground(engine: Engine, tmp_path: Path) -> Ground:
    return Ground(engine, tmp_path)
