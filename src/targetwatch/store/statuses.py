"""Status changes: the history of every target's performance, with what was found then. It only grows.

Those kept before verdicts were hold the sentences that were said instead, which stay as they are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from targetwatch.errors import StoreError
from targetwatch.evaluation.status import taken_back
from targetwatch.model import Performance, StatusChange, Text, Verdict
from targetwatch.store.db import NAMES_AT_ONCE, next_id, slices
from targetwatch.store.tables import HorizonRow, StatusChangeRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

ONLY = 1
"""The number of the one row that remembers the horizon."""


def append(
    session: Session, changes: Iterable[StatusChange], *, now: datetime | None = None
) -> tuple[StatusChange, ...]:
    """Keep the changes that follow what is kept already, in the order given, and return those that were news.

    One that repeats what its target's last change says (same version, same performance) is no change: another process
    has noticed it first. `now` is when it was noticed (None: the moment of the session).
    """
    changes = tuple(changes)
    noticed = now or session.info.get("now")
    if noticed is None:
        raise StoreError("moment_missing", where="status changes")
    last = _last(session, {change.target for change in changes})
    number = next_id(session, StatusChangeRow.id)
    kept: list[StatusChange] = []
    for change in changes:
        count, version, performance = last.get(change.target, (0, 0, ""))
        if (version, performance) == (change.version, change.new.value):
            continue
        last[change.target] = (count + 1, change.version, change.new.value)
        session.add(_row_of(change, number=count + 1, row_id=number + len(kept), noticed=noticed))
        kept.append(change)
    session.flush()
    return tuple(kept)


def load(session: Session, target: str | None = None) -> tuple[StatusChange, ...]:
    """Return the changes of a target (None: of all), in the order they were noticed."""
    query = select(StatusChangeRow).order_by(col(StatusChangeRow.id))
    if target is not None:
        query = query.where(col(StatusChangeRow.target) == target)
    return tuple(_change_of(row) for row in session.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusNews:
    """A change of status, its target's `number`-th, when it was `noticed`, and since when it no longer counts, if so.

    What was noticed with a target's first judgement is its past, and news of noon of its day, or earlier then;
    any other is news `at` the moment it was noticed, for what a withdrawn figure changes may be so since long ago.
    """

    change: StatusChange
    number: int
    noticed: datetime
    at: datetime
    taken_back: datetime | None


def newest(session: Session, limit: int) -> tuple[StatusNews, ...]:
    """Return the news of statuses, the last first; what was taken back is so again by what took it back."""
    row, first = StatusChangeRow, aliased(StatusChangeRow)
    is_past = col(row.recorded_at) == col(first.recorded_at)
    query = select(col(row.target)).join(first, (col(first.target) == col(row.target)) & (col(first.number) == 1))
    query = query.order_by(case((is_past, col(row.on)), else_=col(row.recorded_at)).desc(), col(row.id).desc())
    found = list[StatusNews]()
    names = set(session.scalars(query.limit(limit)))
    of_them = select(row).where(col(row.target).in_(names)).order_by(col(row.target), col(row.id))
    for _target, some in groupby(session.scalars(of_them), key=attrgetter("target")):
        rows = list(some)
        changes = [_change_of(one) for one in rows]
        back = taken_back(changes)
        for place, (one, change) in enumerate(zip(rows, changes, strict=True)):
            noticed, noon = one.recorded_at, datetime.combine(one.on, time(12), UTC)
            at = min(noon, noticed) if noticed == rows[0].recorded_at else noticed
            gone = rows[back[place]].recorded_at if place in back else None
            found.append(StatusNews(change=change, number=one.number, noticed=noticed, at=at, taken_back=gone))
    return tuple(sorted(found, key=lambda one: (one.taken_back or one.at, one.number), reverse=True)[:limit])


def every(session: Session) -> Iterator[StatusChange]:
    """Give every change in the order they were noticed, some at a time."""
    last = 0
    while rows := list(
        session.scalars(
            select(StatusChangeRow)
            .where(col(StatusChangeRow.id) > last)
            .order_by(col(StatusChangeRow.id))
            .limit(NAMES_AT_ONCE)
        )
    ):
        yield from map(_change_of, rows)
        last = rows[-1].id
        session.expunge_all()


def latest(session: Session, targets: Collection[str] | None = None) -> dict[str, StatusChange]:
    """Return the last change of each of `targets` (None: of all) that has one."""
    lots = [None] if targets is None else slices(targets)
    return {row.target: _change_of(row) for some in lots for row in session.scalars(_last_rows(some))}


def counts(session: Session, targets: Collection[str] | None = None) -> dict[str, int]:
    """Return how many changes of each of `targets` (None: of all) were kept so far, where any was."""
    query = select(col(StatusChangeRow.target), func.max(col(StatusChangeRow.number))).group_by(
        col(StatusChangeRow.target)
    )
    lots = (
        [query] if targets is None else [query.where(col(StatusChangeRow.target).in_(some)) for some in slices(targets)]
    )
    return {target: count for one in lots for target, count in session.execute(one)}


def _last_rows(targets: Collection[str] | None) -> Select[StatusChangeRow]:
    """Select the last row of each target; filtered inside, so that few targets cost little among many."""
    newest = select(func.max(col(StatusChangeRow.id))).group_by(col(StatusChangeRow.target))
    if targets is not None:
        newest = newest.where(col(StatusChangeRow.target).in_(targets))
    return select(StatusChangeRow).where(col(StatusChangeRow.id).in_(newest)).order_by(col(StatusChangeRow.target))


def _last(session: Session, targets: set[str]) -> dict[str, tuple[int, int, str]]:
    """Return the number, version and performance of the last change of each of `targets`."""
    rows = (row for some in slices(targets) for row in session.scalars(_last_rows(some)))
    return {row.target: (row.number, row.version, row.new) for row in rows}


def _row_of(change: StatusChange, *, number: int, row_id: int, noticed: datetime) -> StatusChangeRow:
    return StatusChangeRow.model_validate(
        {
            "id": row_id,
            "target": change.target,
            "number": number,
            "version": change.version,
            "on": change.on,
            "old": change.old.value if change.old else None,
            "new": change.new.value,
            "rule": change.rule,
            "sentence_en": change.text.en,
            "sentence_zh": change.text.zh,
            "verdict": verdict_json().dump_python(change.verdict, mode="json", exclude_defaults=True),
            "recorded_at": noticed,
        }
    )


def _change_of(row: StatusChangeRow) -> StatusChange:
    return value_from(
        StatusChange,
        row,
        old=Performance(row.old) if row.old else None,
        new=Performance(row.new),
        verdict=verdict_json().validate_python(row.verdict),
        text=Text(row.sentence_en, row.sentence_zh),
    )


@cache
def verdict_json() -> TypeAdapter[Verdict | None]:
    """Return what turns a verdict, or none, into JSON and back, every amount exactly; made when first needed."""
    return TypeAdapter(Verdict | None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How far everything was judged when that was last kept: by day, by reading, by definition.

    `number` counts how often it was kept.
    """

    through: date
    reading: int
    withdrawal: int
    configured: int
    program: str
    number: int = field(default=0, compare=False)

    def covers(self, other: Horizon) -> bool:
        """Return whether everything was judged at least as far as to `other`, by the same definitions and program."""
        same = (self.configured, self.program) == (other.configured, other.program)
        is_later = self.through >= other.through
        return same and is_later and self.reading >= other.reading and self.withdrawal >= other.withdrawal


def horizon(session: Session) -> Horizon | None:
    """Return how far everything that is kept was judged; None before the first judgement."""
    row = session.get(HorizonRow, ONLY)
    return None if row is None else value_from(Horizon, row)


def keep_horizon(session: Session, reached: Horizon) -> int:
    """Remember how far everything was judged, in place of what was remembered, and return its number."""
    before = session.get(HorizonRow, ONLY)
    number = before.number + 1 if before else 1
    session.merge(HorizonRow.model_validate({"id": ONLY, **asdict(reached), "number": number}))
    session.flush()
    return number
