"""The history of a target: what was said of it and when, and where the promise itself was changed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from targetwatch.model import StatusChange
    from targetwatch.web.pages.versions import VersionChange


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a status (`change`), or another version of the promise (`moved`)."""

    on: date
    change: StatusChange | None = None
    moved: VersionChange | None = None


def of(changes: Sequence[StatusChange], versions: Sequence[VersionChange]) -> tuple[Entry, ...]:
    """Return the lines of a history, the latest first; on one day the promise changes before its status does."""
    lines = [(change.on, 1, number, Entry(change.on, change)) for number, change in enumerate(changes)]
    lines += [
        (moved.version.effective, 0, moved.version.number, Entry(moved.version.effective, moved=moved))
        for moved in versions
        if moved.before is not None
    ]
    lines.sort(key=lambda line: line[:3], reverse=True)
    return tuple(entry for *_, entry in lines)
