"""One SELECT against a database that belongs to somebody else: read-only, within a time and a number of rows."""

from __future__ import annotations

import csv
import re
import sqlite3
import time
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, field_validator

from targetwatch.connectors.base import Gathered, SourceOptions, Surroundings
from targetwatch.errors import SourceError
from targetwatch.model import FetchedDocument
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import URL

FILE_FUNCTIONS = (
    r"pg_(read|ls|stat|write|file|logdir|logical|advisory|terminate|cancel|reload|rotate|sleep|switch|create|drop|"
    r"promote|export|import|current_logfile)\w*|lo_\w+|loread|lowrite|dblink\w*|\w+_to_xml\w*|set_config|setval|"
    r"nextval|load_extension|readfile|writefile|edit|fts3_tokenizer|xp_\w+|sys_exec|sys_eval|load_file"
)
FORBIDDEN = re.compile(rf"\b({FILE_FUNCTIONS})\"?\s*\(|\bu&[\"']", re.IGNORECASE)
"""What reads files, reaches other servers, or changes something although it stands in a SELECT."""
_COMMENTS = re.compile(r"\A(\s|--[^\n]*\n|/\*.*?\*/)*", re.DOTALL)
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33}
"""33 is SQLITE_RECURSIVE, which the module does not name before Python 3.13."""
_OPCODES = 10_000


class SqlFetch(SourceOptions):
    """A query whose answer is read like a CSV file."""

    url: str = Field(repr=False, description="the database's address for SQLAlchemy, from ${VAR}: it holds a password")
    query: str = Field(description="one SELECT")
    deadline_seconds: float = Field(default=30, gt=0, le=600, description="how long the query may take")
    max_rows: int = Field(default=100_000, gt=0, le=1_000_000, description="more rows than this fail the run")

    @field_validator("query")
    @classmethod
    def _one_select(cls, query: str) -> str:
        text = query.strip().removesuffix(";").rstrip()
        first = _COMMENTS.sub("", text)[:6].casefold()
        if not first.startswith(("select", "with", "values")) or ";" in text:
            raise ValueError(Problem("not_one_select"))
        if found := FORBIDDEN.search(text):
            raise ValueError(Problem("query_forbidden", {"name": found[1] or found[0]}))
        return text

    def request(self) -> str:
        """Return what is asked."""
        return self.query

    def gather(self, around: Surroundings) -> Gathered:
        """Return the rows as the bytes of a CSV file.

        Raises:
            SourceError: the database cannot be reached, refuses, takes too long or has too many rows.
        """
        from sqlalchemy import make_url  # noqa: PLC0415 - only a query pays for it
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 - likewise

        try:
            url = make_url(self.url)
        except ArgumentError as error:
            raise SourceError(Problem("database_address", where="url")) from error
        ways = {"sqlite": self._sqlite, "postgresql": self._postgresql}
        if (way := ways.get(url.get_backend_name())) is None:
            raise SourceError(Problem("database_kind", {"said": url.get_backend_name()}, where="url"))
        text = StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        for row in way(url, around.config_dir):
            writer.writerow([_cell(cell) for cell in row])
        data = text.getvalue().encode()
        return Gathered(documents=(FetchedDocument(data=data, name="query", content_type="text/csv", charset="utf-8"),))

    def _sqlite(self, url: URL, config_dir: Path) -> Iterator[Sequence[Any]]:
        until = time.monotonic() + self.deadline_seconds
        path = config_dir / (url.database or "")
        if not path.is_file():
            raise SourceError(Problem("no_such_database"))
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=self.deadline_seconds)
        try:
            connection.execute("PRAGMA query_only = 1")
            connection.set_authorizer(_authorize)
            connection.set_progress_handler(lambda: time.monotonic() > until, _OPCODES)
            cursor = connection.execute(self.query)
            yield from self._limited([one[0] for one in cursor.description], cursor, until)
        except sqlite3.Error as error:
            if "interrupted" in str(error):
                raise SourceError("query_too_slow", seconds=f"{self.deadline_seconds:g}") from error
            raise SourceError("database_says", why=str(error)) from error
        finally:
            connection.close()

    def _postgresql(self, url: URL, _config_dir: Path) -> Iterator[Sequence[Any]]:
        try:
            import psycopg  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise SourceError("driver_missing") from error
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        until = time.monotonic() + self.deadline_seconds
        milliseconds = max(int(self.deadline_seconds * 1000), 1)
        try:
            with psycopg.connect(address, connect_timeout=max(int(self.deadline_seconds), 2)) as connection:
                connection.read_only = True
                connection.execute(f"SET statement_timeout = {milliseconds}")
                with connection.cursor(name="targetwatch") as cursor:
                    cursor.itersize = 1000
                    cursor.execute(self.query)
                    yield from self._limited([one.name for one in cursor.description or ()], cursor, until)
        except psycopg.errors.QueryCanceled as error:
            raise SourceError("query_too_slow", seconds=f"{self.deadline_seconds:g}") from error
        except psycopg.Error as error:
            why = error.diag.message_primary or str(error).strip().partition("\n")[0].rpartition("failed: ")[2]
            raise SourceError("database_says", why=why) from error

    def _limited(self, header: Sequence[str], rows: Iterable[Sequence[Any]], until: float) -> Iterator[Sequence[Any]]:
        yield header
        for number, row in enumerate(rows, 1):
            if number > self.max_rows:
                raise SourceError("query_gives_more_rows", most=self.max_rows)
            if time.monotonic() > until:
                raise SourceError("query_too_slow", seconds=f"{self.deadline_seconds:g}")
            yield row


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None) -> int:
    """Allow SQLite to read tables and to compute, and nothing else."""
    forbidden = action == sqlite3.SQLITE_FUNCTION and re.fullmatch(FILE_FUNCTIONS, second or first or "", re.IGNORECASE)
    return sqlite3.SQLITE_DENY if action not in _ALLOWED or forbidden else sqlite3.SQLITE_OK


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(format(value, ".15g")), "f")  # the digits that a float keeps
    if isinstance(value, bytes):
        raise SourceError("cell_of_bytes")
    return str(value)
