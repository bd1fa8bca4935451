"""The history of a target: what was said of it and when, and where the promise itself was changed on the way.

What was kept is never rewritten. Where a promise was changed for days gone by, what had been said of those days under
the version before no longer agrees with the page: it is told apart, and what was said again unchanged is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.evaluation.versions import different
from targetwatch.wording.translation import LANGUAGES, translator
from targetwatch.wording.verdict import of_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from targetwatch.evaluation.versions import VersionChange
    from targetwatch.model import Indicator, StatusChange, TargetVersion


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line: a status (`change`), or another version of the promise (`moved`).

    `again` are the later versions under which the same was said of the same day.
    """

    on: date
    change: StatusChange | None = None
    moved: VersionChange | None = None
    again: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetHistory:
    """The lines of a history, and by version what was said under one that no longer counts for that day."""

    entries: tuple[HistoryEntry, ...]
    replaced: Mapping[int, tuple[HistoryEntry, ...]]

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        """Return the statuses that stand, the earliest first."""
        return tuple(entry.change for entry in reversed(self.entries) if entry.change is not None)


def history_of(
    changes: Sequence[StatusChange], versions: Sequence[VersionChange], indicator: Indicator
) -> TargetHistory:
    """Return a history, the latest first; on one day the promise changes before its status does."""
    promises = {one.version.number: one.version for one in versions}
    standing: list[StatusChange] = []
    replaced: dict[int, list[StatusChange]] = {}
    for change in changes:
        if _is_replaced(change, promises):
            replaced.setdefault(change.version, []).append(change)
        else:
            standing.append(change)
    lines = [(entry.on, 1, number, entry) for number, entry in enumerate(_told_once(standing, indicator))]
    lines += [
        (moved.version.effective, 0, moved.version.number, HistoryEntry(moved.version.effective, moved=moved))
        for moved in versions
        if moved.before is not None
    ]
    lines.sort(key=lambda line: line[:3], reverse=True)
    folded = {
        number: tuple(sorted(_told_once(some, indicator), key=lambda entry: entry.on, reverse=True))
        for number, some in sorted(replaced.items(), reverse=True)
    }
    return TargetHistory(tuple(entry for *_, entry in lines), folded)


def _is_replaced(change: StatusChange, promises: Mapping[int, TargetVersion]) -> bool:
    """Return whether a later version that says something else counts for the day a status was said of."""
    said = promises.get(change.version)
    now = max(
        (one for one in promises.values() if one.effective <= change.on), key=lambda one: one.number, default=None
    )
    return said is not None and now is not None and now.number > said.number and bool(different(said, now))


def _told_once(changes: Iterable[StatusChange], indicator: Indicator) -> list[HistoryEntry]:
    """Return statuses as lines in the order told; one that repeats an earlier one only adds its version."""
    told: dict[tuple[object, ...], list[StatusChange]] = {}
    for change in changes:
        sentence = of_change(change, indicator, translator(LANGUAGES[0]))
        told.setdefault((change.on, change.new, sentence), []).append(change)
    return [
        HistoryEntry(first.on, first, again=tuple(sorted({one.version for one in more} - {first.version})))
        for first, *more in told.values()
    ]
