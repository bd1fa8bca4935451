"""What the pages of a target and of an indicator show.

Of a target: the promise, the verdict, the course, the figures, the history. Of an indicator: what it measures, when it
is published, the figures of every publisher.

What was said of a target is never rewritten. Where the promise was changed for days gone by, what had been said of
those days under the version before no longer agrees with the page: it is told apart, and what was said again unchanged
is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from targetwatch.chart import Move, Picture, bar_of, course_of
from targetwatch.errors import NotFoundError
from targetwatch.evaluation import versions
from targetwatch.evaluation.versions import different, resolve
from targetwatch.model import Measure
from targetwatch.web import lookup
from targetwatch.wording.translation import LANGUAGES, translator
from targetwatch.wording.verdict import of_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from targetwatch.chart import Bar
    from targetwatch.evaluation.versions import VersionChange
    from targetwatch.model import Figure, Indicator, StatusChange, Target, TargetVersion, Text, Verdict
    from targetwatch.web.lookup import KnownReading, NamedFigure
    from targetwatch.web.running import Moment, RunningService


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """Everything on the page; without a verdict (`failed` says why) only what was promised.

    `announced_of` is the earlier version whose announcement is all there is of the one in force.
    """

    target: Target
    indicator: Indicator
    version: TargetVersion
    programme: Text | None
    verdict: Verdict | None
    failed: str
    bar: Bar | None
    picture: Picture | None
    rows: tuple[NamedFigure, ...]
    earlier: tuple[NamedFigure, ...]
    later: tuple[NamedFigure, ...]
    history: TargetHistory
    changes: tuple[VersionChange, ...]
    announced_of: TargetVersion | None
    counts_amounts: bool

    @property
    def figures(self) -> tuple[NamedFigure, ...]:
        """Return every figure, those from outside the window last."""
        return (*self.rows, *self.later, *self.earlier)


@dataclass(frozen=True, slots=True)
class PublisherFigures:
    """The figures of one publisher; `title` None when the catalogue has no name for it."""

    publisher: str
    title: Text | None
    is_authority: bool
    rows: tuple[NamedFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    """Everything on the page."""

    indicator: Indicator
    authority: Text | None
    figure: Figure | None
    counts: tuple[PublisherFigures, ...]
    targets: tuple[tuple[Target, Verdict | None], ...]
    parts: tuple[Indicator, ...]
    used_by: tuple[Indicator, ...]
    held: int
    counts_amounts: bool


def target_view(service: RunningService, moment: Moment, target: Target) -> TargetView:
    """Return the view of one target as of a moment.

    Raises:
        NotAnnouncedError: it did not exist yet.
    """
    snapshot = moment.snapshot
    failed = snapshot.failed.get(target.id, "")
    verdict = None if failed else lookup.verdict(snapshot, target.id)
    version = target.version_on(snapshot.as_of.day)
    if version is None:
        raise NotFoundError("target", target.id)
    indicator = lookup.indicator(snapshot, target.indicator)
    known = lookup.known(service, moment, indicator)
    rows = lookup.named(moment, known)
    earlier = tuple(row for row in rows if row.known.reading.period.end < version.start)
    later = tuple(row for row in rows if _is_later(row, version, indicator))
    changes = () if failed else lookup.history(service, moment, target)
    shown = versions.until(target, snapshot.as_of.day)
    moved = versions.changes(shown)
    told = history_of(changes, moved, indicator)
    return TargetView(
        target=target,
        indicator=indicator,
        version=version,
        programme=next((one.title for one in snapshot.catalogue.programmes if one.id == target.programme), None),
        verdict=verdict,
        failed=failed,
        bar=bar_of(verdict, indicator) if verdict else None,
        picture=_picture(moment, indicator, version, verdict=verdict, known=known, changes=told.changes, shown=shown),
        rows=tuple(row for row in rows if row not in earlier and row not in later),
        earlier=earlier,
        later=later,
        history=told,
        changes=moved,
        announced_of=versions.announced_with(shown),
        counts_amounts=indicator.measure is not Measure.MILESTONES,
    )


def indicator_view(service: RunningService, moment: Moment, indicator: Indicator) -> IndicatorView:
    """Return the view of one indicator as of a moment."""
    snapshot = moment.snapshot
    rows = lookup.named(moment, lookup.known(service, moment, indicator))
    titles = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    indicators = lookup.indicators(snapshot)
    names = sorted({row.known.reading.publisher for row in rows}, key=lambda name: (name != indicator.authority, name))
    announced = [
        target
        for target in snapshot.catalogue.targets
        if target.indicator == indicator.id and target.versions[0].effective <= snapshot.as_of.day
    ]
    return IndicatorView(
        indicator=indicator,
        authority=titles.get(indicator.authority),
        figure=snapshot.figures.get(indicator.id),
        counts=tuple(
            PublisherFigures(
                name,
                titles.get(name),
                name == indicator.authority,
                tuple(row for row in rows if row.known.reading.publisher == name),
            )
            for name in names
        ),
        targets=tuple((target, snapshot.verdicts.get(target.id)) for target in announced),
        parts=tuple(indicators[name] for name in (indicator.derivation.of if indicator.derivation else ())),
        used_by=tuple(one for one in indicators.values() if one.derivation and indicator.id in one.derivation.of),
        held=snapshot.held.get(indicator.id, 0),
        counts_amounts=indicator.measure is not Measure.MILESTONES,
    )


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


def _is_later(row: NamedFigure, version: TargetVersion, indicator: Indicator) -> bool:
    """Return whether a figure is about days after the deadline; a step done too late still belongs to the promise."""
    if version.deadline is None or indicator.measure is Measure.MILESTONES:
        return False
    return row.known.reading.period.end > version.deadline


def _picture(
    moment: Moment,
    indicator: Indicator,
    version: TargetVersion,
    *,
    verdict: Verdict | None,
    known: Sequence[KnownReading],
    changes: tuple[StatusChange, ...],
    shown: Sequence[TargetVersion],
) -> Picture | None:
    if verdict is None or indicator.measure is Measure.MILESTONES:
        return None
    readings = [one.reading for one in known]
    found = course_of(indicator, version, readings, moment.as_of)
    if not found.spots and found.goal.value is None:
        return None
    moves = []
    for before, after in pairwise(shown):
        value = resolve(before).value
        moves.append(Move(after.effective, after.number, float(value) if value is not None else None))
    return Picture(found, moment.as_of.day, verdict.forecast, changes, tuple(moves))


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
