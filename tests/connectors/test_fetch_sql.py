"""One SELECT: what it gives, and every way in which it may do no more than that."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from pydantic import ValidationError
from wire import NOW

from refusing import raises, say
from store.conftest import postgresql  # noqa: F401 - a fixture
from targetwatch.connectors.base import Surroundings
from targetwatch.connectors.fetch_sql import SqlFetch
from targetwatch.errors import SourceError
from targetwatch.model.problem import refused

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "port.sqlite") as connection:
        connection.execute("CREATE TABLE throughput (port TEXT, month TEXT, teu REAL, published TEXT)")
        rows = [("重庆", "2025-01", 21500, "2025-02-20"), ("重庆", "2025-02", 1234567.25, None)]
        connection.executemany("INSERT INTO throughput VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return tmp_path


def gather(folder: Path, query: str, url: str = "sqlite:///port.sqlite", **options: Any) -> bytes:
    around = Surroundings(config_dir=folder, state={}, now=NOW)
    made = SqlFetch.model_validate({"url": url, "query": query, "deadline_seconds": 5, **options})
    (document,) = made.gather(around).documents
    return document.data


def refusal(query: str) -> str:
    with pytest.raises(ValidationError) as error:
        SqlFetch.model_validate({"url": "sqlite:///port.sqlite", "query": query})
    return say(refused(error.value.errors()[0]))


def test_the_rows_of_a_query_are_the_rows_of_a_csv_file(folder: Path) -> None:
    data = gather(folder, "-- by month\nSELECT port, month, teu, published FROM throughput ORDER BY month;")
    assert data.decode() == "port,month,teu,published\n重庆,2025-01,21500,2025-02-20\n重庆,2025-02,1234567.25,\n"


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM throughput",
        "COPY throughput TO '/tmp/x'",
        "ATTACH 'other.db' AS other",
        "PRAGMA query_only = 0",
        "SELECT 1; DROP TABLE throughput",
        "",
    ],
)
def test_what_is_not_one_select_is_refused(query: str) -> None:
    assert "is not one SELECT" in refusal(query)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("SELECT pg_read_file('/etc/passwd')", "pg_read_file"),
        ("SELECT \"pg_read_binary_file\" ('/etc/passwd')", "pg_read_binary_file"),
        ("SELECT PG_LS_DIR('/')", "PG_LS_DIR"),
        ("SELECT lo_import('/etc/passwd')", "lo_import"),
        ("SELECT * FROM dblink('host=10.0.0.1', 'SELECT 1') AS t(a int)", "dblink"),
        ("SELECT query_to_xml('SELECT 1', true, true, '')", "query_to_xml"),
        ("SELECT readfile('/etc/passwd')", "readfile"),
        ("SELECT writefile('/tmp/x', 'x')", "writefile"),
        ("SELECT load_extension('evil')", "load_extension"),
        ("SELECT set_config('statement_timeout', '0', false)", "set_config"),
        ("SELECT U&\"pg\\005fread_file\"('/etc/passwd')", 'U&"'),
    ],
)
def test_functions_that_reach_files_or_other_servers_are_refused_by_name(query: str, name: str) -> None:
    assert f"calls {name}, which reads files" in refusal(query)


def test_a_column_that_is_only_called_like_one_is_read(folder: Path) -> None:
    assert gather(folder, "SELECT month AS edit, 'ATTACH' AS copy FROM throughput LIMIT 1") == (
        b"edit,copy\n2025-01,ATTACH\n"
    )


def test_sqlite_is_opened_for_reading_and_lets_nothing_else_happen(folder: Path) -> None:
    before = (folder / "port.sqlite").read_bytes()
    for query in (
        "WITH a AS (SELECT 1) DELETE FROM throughput",
        "WITH a AS (SELECT 1) INSERT INTO throughput SELECT 'x', 'x', 1, 'x'",
        "SELECT * FROM pragma_database_list",
    ):
        with raises(SourceError, match="the database says: "):
            gather(folder, query)
    assert (folder / "port.sqlite").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["port.sqlite"]


def test_a_query_without_end_is_stopped_at_its_deadline(folder: Path) -> None:
    with raises(SourceError, match=r"the query takes more than 0\.2 s"):
        gather(folder, ENDLESS, deadline_seconds=0.2)


def test_more_rows_than_are_allowed_fail_the_run(folder: Path) -> None:
    with raises(SourceError, match="the query gives more than 1 rows"):
        gather(folder, "SELECT * FROM throughput", max_rows=1)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:///missing.sqlite", "there is no such database file"),
        ("mysql://li:s3cret@example.org/x", "is not supported, expected sqlite or postgresql"),
        ("s3cret", "is no address of a database"),
    ],
)
def test_a_database_that_cannot_be_asked_is_said_without_its_address(folder: Path, url: str, reason: str) -> None:
    with raises(SourceError, match=reason) as error:
        gather(folder, "SELECT 1", url)
    assert "s3cret" not in f"{error.value}"
    assert list(folder.iterdir()) == [folder / "port.sqlite"], "nothing was made"


def test_bytes_are_no_figures(folder: Path) -> None:
    with raises(SourceError, match="gives bytes in a column"):
        gather(folder, "SELECT x'00ff' AS a")


def test_postgresql_is_asked_in_a_transaction_that_only_reads(postgresql: str, folder: Path) -> None:  # noqa: F811
    engine = sqlalchemy.create_engine(postgresql.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE throughput (month date, teu numeric(12, 2))"))
        connection.execute(sqlalchemy.text("INSERT INTO throughput VALUES ('2025-01-01', 21500.50), (NULL, 2)"))
        connection.execute(
            sqlalchemy.text("CREATE FUNCTION spoil() RETURNS int LANGUAGE sql AS 'DELETE FROM throughput; SELECT 1'")
        )
    engine.dispose()
    asked = "SELECT month, teu FROM throughput ORDER BY teu DESC"
    assert gather(folder, asked, postgresql) == b"month,teu\n2025-01-01,21500.50\n,2.00\n"
    for query, why in (
        ("WITH a AS (DELETE FROM throughput RETURNING *) SELECT * FROM a", "must not contain data-modifying"),
        ("SELECT spoil()", "in a read-only transaction"),
        ("SELECT * INTO other FROM throughput", "INTO"),
        ("SELECT * FROM nothing_here", "does not exist"),
    ):
        with raises(SourceError, match=why):
            gather(folder, query, postgresql)
    with raises(SourceError, match=r"the query takes more than 0\.5 s"):
        gather(folder, ENDLESS, postgresql, deadline_seconds=0.5)
    with raises(SourceError, match="more than 1 rows"):
        gather(folder, asked, postgresql, max_rows=1)


def test_a_postgresql_server_that_is_away_is_said_without_the_password(folder: Path, dead_port: int) -> None:
    with raises(SourceError, match="the database says: .*refused") as error:
        gather(folder, "SELECT 1", f"postgresql://li:s3cret@127.0.0.1:{dead_port}/x")
    assert "s3cret" not in str(error.value)
