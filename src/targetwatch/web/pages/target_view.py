"""What a target's page shows: the promise, the verdict, the course against the plan, the figures, the history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from targetwatch.chart import Move, Picture, bar_of, course_of
from targetwatch.errors import NotFoundError
from targetwatch.evaluation import versions
from targetwatch.evaluation.goal import resolve
from targetwatch.model import Measure
from targetwatch.web import questions
from targetwatch.web.pages import history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.chart import Bar
    from targetwatch.evaluation.versions import VersionChange
    from targetwatch.model import Indicator, StatusChange, Target, TargetVersion, Text, Verdict
    from targetwatch.web.backstage import Backstage
    from targetwatch.web.moment import Moment
    from targetwatch.web.pages.history import History
    from targetwatch.web.questions import Known


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with the names of its publisher and of the milestone it reports."""

    known: Known
    publisher: Text | None
    step: Text | None = None


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
    rows: tuple[Row, ...]
    earlier: tuple[Row, ...]
    later: tuple[Row, ...]
    history: History
    changes: tuple[VersionChange, ...]
    announced_of: TargetVersion | None
    counts_amounts: bool

    @property
    def figures(self) -> tuple[Row, ...]:
        """Return every figure, those from outside the window last."""
        return (*self.rows, *self.later, *self.earlier)


def of(behind: Backstage, moment: Moment, target: Target) -> TargetView:
    """Return the view of one target as of a moment.

    Raises:
        NotAnnouncedError: it did not exist yet.
    """
    snapshot = moment.snapshot
    failed = snapshot.failed.get(target.id, "")
    verdict = None if failed else questions.verdict(snapshot, target.id)
    version = target.version_on(snapshot.as_of.day)
    if version is None:
        raise NotFoundError("target", target.id)
    indicator = questions.indicator(snapshot, target.indicator)
    known = questions.known(behind, moment, indicator)
    rows = rows_of(moment, known)
    earlier = tuple(row for row in rows if row.known.reading.period.end < version.start)
    later = tuple(row for row in rows if _is_later(row, version, indicator))
    changes = () if failed else questions.history(behind, moment, target)
    shown = versions.until(target, snapshot.as_of.day)
    moved = versions.changes(shown)
    told = history.of(changes, moved, indicator)
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


def rows_of(moment: Moment, known: Sequence[Known]) -> list[Row]:
    """Return figures with the names of their publishers."""
    publishers = {publisher.id: publisher.title for publisher in moment.snapshot.catalogue.publishers}
    steps = {
        (target.indicator, step.id): step.title
        for target in moment.snapshot.catalogue.targets
        for version in target.versions
        for step in version.steps
    }
    return [
        Row(
            one,
            publishers.get(one.reading.publisher),
            steps.get((one.reading.indicator, one.reading.step)) if one.reading.step else None,
        )
        for one in known
    ]


def _is_later(row: Row, version: TargetVersion, indicator: Indicator) -> bool:
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
    known: Sequence[Known],
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
