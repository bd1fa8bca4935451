"""The tables of what is configured.

Nothing here is ever deleted: what is no longer configured has `archived_at`. `managed_by` says who may change a row,
the file or the web. Bilingual text is two columns, an optional part of a value is columns that are all null.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field

from targetwatch.store.tables.base import Row
from targetwatch.store.types import ExactDecimal


class Managed(Row):
    """What the file and the web share: a slug, who manages it, since when it is archived."""

    id: str = Field(primary_key=True)
    managed_by: str
    archived_at: datetime | None = None


class ProgrammeRow(Managed, table=True):
    """A heading several targets stand under."""

    __tablename__ = "programme"

    title_en: str
    title_zh: str


class PublisherRow(Managed, table=True):
    """Whose count a reading is."""

    __tablename__ = "publisher"

    title_en: str
    title_zh: str


class OwnerRow(Managed, table=True):
    """Who answers for a target."""

    __tablename__ = "owner"

    name_en: str
    name_zh: str
    email: str
    language: str


class IndicatorRow(Managed, table=True):
    """What is measured, its release calendar, and what it is derived from."""

    __tablename__ = "indicator"

    title_en: str
    title_zh: str
    measure: str
    unit: str
    unit_label_en: str
    unit_label_zh: str
    scope_en: str
    scope_zh: str
    authority: str
    release_every: str
    release_lag_days: int
    release_grace_days: int
    release_calendar: str | None
    release_january_with_february: bool
    lowest: Decimal | None = Field(sa_type=ExactDecimal)
    highest: Decimal | None = Field(sa_type=ExactDecimal)
    derivation_kind: str | None
    derivation_of: list[str] = Field(sa_type=JSON)
    derivation_base: Decimal | None = Field(sa_type=ExactDecimal)
    derivation_base_on: date | None
    note_en: str
    note_zh: str


class SourceRow(Managed, table=True):
    """A channel by which readings reach us. Options are kept as written, `${VAR}` unexpanded: no secret is stored."""

    __tablename__ = "source"

    kind: str
    schedule: str
    options: dict[str, Any] = Field(sa_type=JSON)
    enabled: bool


class TargetRow(Managed, table=True):
    """One promise; what it says is in its versions. `revision` counts saves: two people cannot overwrite each other."""

    __tablename__ = "target"

    indicator: str = Field(foreign_key="indicator.id", index=True)
    programme: str | None = Field(foreign_key="programme.id", index=True)
    owner: str = Field(foreign_key="owner.id", index=True)
    title_en: str
    title_zh: str
    short_en: str
    short_zh: str
    note_en: str
    note_zh: str
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
    comparator: str
    goal_value: Decimal | None = Field(sa_type=ExactDecimal)
    goal_upper: Decimal | None = Field(sa_type=ExactDecimal)
    goal_change: Decimal | None = Field(sa_type=ExactDecimal)
    start: date
    deadline: date | None
    baseline_value: Decimal | None = Field(sa_type=ExactDecimal)
    baseline_start: date | None
    baseline_end: date | None
    plan_shape: str
    plan_waypoints: list[list[str]] = Field(sa_type=JSON)
    steps: list[dict[str, Any]] = Field(sa_type=JSON)
    announced_by: str
    announced_on: date
    announced_in: str
    announced_url: str
    announced_quote: str
    reason: str
