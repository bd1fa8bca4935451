"""Databases of one test: opened, and closed or dropped after it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cache

import sqlalchemy
from sqlalchemy.engine import Engine

from targetwatch.store import db


def opened(address: str) -> Iterator[Engine]:
    engine = db.create_engine(address)
    yield engine
    engine.dispose()


def on_server(maintenance: str, template: str) -> Iterator[Engine]:
    name = f"t{uuid.uuid4().hex[:12]}"
    execute(maintenance, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = FILE_COPY")  # half of what WAL takes
    yield from opened(maintenance.replace("/postgres?", f"/{name}?"))
    execute(maintenance, f"DROP DATABASE {name} WITH (FORCE)")


def execute(maintenance: str, statement: str) -> None:
    with _server(maintenance).connect() as connection:
        connection.exec_driver_sql(statement)


@cache
def _server(maintenance: str) -> Engine:
    address = maintenance.replace("postgresql://", "postgresql+psycopg://")
    return sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
