"""The database: opening it, its schema, its sessions, its backup."""

from targetwatch.store.db.backup import backup
from targetwatch.store.db.engine import create_engine, file_of, shown
from targetwatch.store.db.schema import check_schema, draft, upgrade
from targetwatch.store.db.session import NAMES_AT_ONCE, next_id, reading, slices, writing

__all__ = [
    "NAMES_AT_ONCE",
    "backup",
    "check_schema",
    "create_engine",
    "draft",
    "file_of",
    "next_id",
    "reading",
    "shown",
    "slices",
    "upgrade",
    "writing",
]
