"""What every table shares: exact types, named constraints, and how it is watched.

Rows are built only inside `store`, from values that were checked before (`table=True` classes do not validate).
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Named constraints: a later migration can only drop what has a name."""

METADATA = MetaData(naming_convention=NAMES)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """The base of every table.

    A table is audited unless it says otherwise; `append_only` rows are never changed or deleted, and `secrets` are
    columns whose values never enter the audit trail.
    """

    audited: ClassVar[bool] = True
    append_only: ClassVar[bool] = False
    secrets: ClassVar[frozenset[str]] = frozenset()
