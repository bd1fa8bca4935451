"""The tables. Rows live and die inside `store`; everything above sees the frozen values of `model`."""

from targetwatch.store.tables.base import METADATA, Row
from targetwatch.store.tables.catalogue import (
    IndicatorRow,
    Managed,
    OwnerRow,
    ProgrammeRow,
    PublisherRow,
    SourceRow,
    TargetRow,
    TargetVersionRow,
)
from targetwatch.store.tables.people import SessionRow, TokenRow, UserRow
from targetwatch.store.tables.readings import FACT, HeldRow, Published, ReadingRow, WithdrawalRow
from targetwatch.store.tables.records import (
    AuditHeadRow,
    AuditRow,
    FetchStateRow,
    HorizonRow,
    IngestRunRow,
    StatusChangeRow,
)

__all__ = [
    "FACT",
    "METADATA",
    "AuditHeadRow",
    "AuditRow",
    "FetchStateRow",
    "HeldRow",
    "HorizonRow",
    "IndicatorRow",
    "IngestRunRow",
    "Managed",
    "OwnerRow",
    "ProgrammeRow",
    "Published",
    "PublisherRow",
    "ReadingRow",
    "Row",
    "SessionRow",
    "SourceRow",
    "StatusChangeRow",
    "TargetRow",
    "TargetVersionRow",
    "TokenRow",
    "UserRow",
    "WithdrawalRow",
]
