"""The tables of what happened: the audit trail, ingest runs, status changes.

They are records themselves, so they are not audited; except for a source's fetch state and the horizon they only ever
grow.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from targetwatch.store.tables.base import Row


class Record(Row):
    """A row that is itself the record of something."""

    audited: ClassVar[bool] = False


class AuditRow(Record, table=True):
    """One change: who, when, what, from which values to which, why; `hash` covers it and the hash before it."""

    __tablename__ = "audit"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(index=True)
    actor: str = Field(index=True)
    action: str
    kind: str = Field(index=True)
    object: str = Field(index=True)
    old: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))
    new: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))
    reason: str
    hash: str


class AuditHeadRow(Record, table=True):
    """The last link of the audit chain, so that a trail cut short is noticed. There is one row, id 1."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entries: int
    hash: str


class IngestRunRow(Record, table=True):
    """One run of a source: when, how it ended, what it brought."""

    __tablename__ = "ingest_run"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str = Field(index=True)
    started_at: datetime
    finished_at: datetime
    outcome: str
    reason: str
    new: int
    known: int
    revised: int
    held: int
    problems: list[str] = Field(sa_type=JSON)
    request: str


class FetchStateRow(Record, table=True):
    """What a connector remembers between two fetches of a source (an ETag, say)."""

    __tablename__ = "fetch_state"

    source: str = Field(primary_key=True)
    state: dict[str, Any] = Field(sa_type=JSON)
    updated_at: datetime


class StatusChangeRow(Record, table=True):
    """A target's performance became `new` on `on`; `number` counts a target's changes, so none is doubled.

    `verdict` holds the figures then; the sentences are those of rows kept before it was.
    """

    __tablename__ = "status_change"
    __table_args__ = (UniqueConstraint("target", "number"),)
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    target: str = Field(foreign_key="target.id")
    number: int
    version: int
    on: date
    old: str | None
    new: str
    rule: str
    sentence_en: str
    sentence_zh: str
    verdict: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    recorded_at: datetime


class HorizonRow(Record, table=True):
    """How far everything was judged when the status changes were last kept. There is one row, id 1."""

    __tablename__ = "horizon"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    through: date
    reading: int
    withdrawal: int
    configured: int
    program: str
    apart: list[str] = Field(sa_type=JSON)
