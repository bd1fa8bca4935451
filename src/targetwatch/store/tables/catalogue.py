"""The tables of what is configured.

Nothing here is ever deleted: what is no longer configured has `archived_at`. `managed_by` says who may change a row,
the file or the web. What a row says stands in its `terms`, the JSON of the value in `model`; what is asked for by the
database stands in a column of the same name instead.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field

from targetwatch.store.tables.base import Row


class Managed(Row):
    """What the file and the web share: a slug, who manages it, since when it is archived."""

    id: str = Field(primary_key=True)
    managed_by: str
    archived_at: datetime | None = None
    terms: dict[str, Any] = Field(sa_type=JSON)


class ProgrammeRow(Managed, table=True):
    """A heading several targets stand under."""

    __tablename__ = "programme"


class PublisherRow(Managed, table=True):
    """Whose count a reading is."""

    __tablename__ = "publisher"


class OwnerRow(Managed, table=True):
    """Who answers for a target."""

    __tablename__ = "owner"


class IndicatorRow(Managed, table=True):
    """What is measured, its release calendar, and what it is derived from."""

    __tablename__ = "indicator"

    authority: str | None


class SourceRow(Managed, table=True):
    """A channel by which readings reach us. Options are kept as written, `${VAR}` unexpanded: no secret is stored."""

    __tablename__ = "source"


class TargetRow(Managed, table=True):
    """One promise; what it says is in its versions. `revision` counts saves: two people cannot overwrite each other."""

    __tablename__ = "target"

    indicator: str = Field(foreign_key="indicator.id", index=True)
    programme: str | None = Field(foreign_key="programme.id", index=True)
    owner: str = Field(foreign_key="owner.id", index=True)
    revision: int


class TargetVersionRow(Row, table=True):
    """What a target promised from `effective` on. A correction is a further row of the same number, never an update."""

    __tablename__ = "target_version"
    append_only: ClassVar[bool] = True

    target: str = Field(primary_key=True, foreign_key="target.id")
    number: int = Field(primary_key=True)
    correction: int = Field(primary_key=True)
    recorded_at: datetime
    effective: date
    terms: dict[str, Any] = Field(sa_type=JSON)
