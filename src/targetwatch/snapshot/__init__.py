"""All verdicts as of one moment: taken from the database, kept current as readings come in, held for every reader."""

from __future__ import annotations

from targetwatch.snapshot.holder import SnapshotHolder
from targetwatch.snapshot.kept import keep, news
from targetwatch.snapshot.known import readings_of
from targetwatch.snapshot.watch import Taken, Watch, take

__all__ = ["SnapshotHolder", "Taken", "Watch", "keep", "news", "readings_of", "take"]
