"""All verdicts as of one moment: taken from the database, kept current as readings come in, held for every reader."""

from __future__ import annotations

from targetwatch.watch.judging import keep, news, readings_of
from targetwatch.watch.snapshots import SnapshotHolder, Taken, Watch, take

__all__ = ["SnapshotHolder", "Taken", "Watch", "keep", "news", "readings_of", "take"]
