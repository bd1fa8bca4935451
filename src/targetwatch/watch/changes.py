"""The status changes kept in the database: which are news, and where a later process can go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from targetwatch import __version__
from targetwatch.evaluation import Resume
from targetwatch.model import Clock
from targetwatch.store import readings as stored
from targetwatch.store import statuses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from targetwatch.model import AsOf, Performance, StatusChange
    from targetwatch.watch.inputs import Inputs


def news(kept: Mapping[str, StatusChange], changes: Iterable[StatusChange]) -> tuple[StatusChange, ...]:
    """Return the changes that follow what is kept as each target's last one.

    What was called stays called: a reading that came to light later adds a change, it rewrites none. A history from its
    beginning (from no performance at all) replaces what was given of its target before.
    """
    by_target: dict[str, list[StatusChange]] = {}
    for change in changes:
        if change.old is None:
            by_target[change.target] = []
        by_target.setdefault(change.target, []).append(change)
    fresh: list[StatusChange] = []
    for target, judged in by_target.items():
        last = kept.get(target)
        if last is None:
            fresh += judged
        elif (last.version, last.new) != (judged[-1].version, judged[-1].new) or judged[-1].on > last.on:
            fresh += [change for change in judged if change.on > last.on] or [judged[-1]]
    return tuple(fresh)


def keep(
    session: Session, changes: Iterable[StatusChange], *, reached: statuses.Horizon | None = None
) -> tuple[StatusChange, ...]:
    """Write the status changes that are news, with how far everything is judged, and return the news."""
    changes = tuple(changes)
    last = statuses.latest(session, {change.target for change in changes})
    fresh = statuses.append(session, news(last, changes))
    if reached is not None:
        last |= {change.target: change for change in fresh}
        judged = {change.target: change for change in changes}
        before = statuses.horizon(session)
        apart = (before.apart if before else frozenset()) - judged.keys()
        apart |= {name for name, change in judged.items() if _place(change) != _place(last[name])}
        statuses.keep_horizon(session, replace(reached, apart=reached.apart | apart))
    return fresh


def _place(change: StatusChange) -> tuple[int, date, Performance]:
    return change.version, change.on, change.new


def horizon(inputs: Inputs, as_of: AsOf, apart: Iterable[str]) -> statuses.Horizon:
    """Return how far everything is judged, but for the targets and indicators `apart`."""
    return statuses.Horizon(
        through=as_of.day,
        reading=inputs.mark.reading,
        withdrawal=inputs.mark.withdrawal,
        configured=inputs.configured,
        program=__version__,
        apart=frozenset(apart),
    )


def resumes(session: Session, inputs: Inputs, as_of: AsOf) -> dict[str, Resume]:
    """Return where an earlier process stopped, for each target nothing about which has changed since."""
    reached = statuses.horizon(session)
    current = (inputs.configured, __version__)
    if reached is None or (reached.configured, reached.program) != current or as_of.day < reached.through:
        return {}
    if as_of.clock is not Clock.PUBLISHED:
        return {}
    moved = set(stored.changed_since(session, stored.Mark(reached.reading, reached.withdrawal)))
    for name in list(moved):
        moved |= inputs.derivatives(name)
    still = {target.id: target for target in inputs.catalogue.targets if target.indicator not in moved}
    for name in reached.apart:
        still.pop(name, None)
    resumed: dict[str, Resume] = {}
    for name, change in statuses.latest(session).items():
        version = still[name].version_on(reached.through) if name in still else None
        if version is not None and change.on <= reached.through:
            resumed[name] = Resume(reached.through, change.new, change.on, version.number)
    return resumed
