"""Readings: append-only, every vintage kept, never one twice.

A revision is a new row of the same fact, a mistake is withdrawn by a row that says why, and a suspicious reading is
held until a person decides. `rows` says when a reading is known already.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy import and_, func, select
from sqlmodel import col

from targetwatch.errors import ConflictError, NotFoundError
from targetwatch.model import Clock
from targetwatch.model.problem import Problem
from targetwatch.store.db import NAMES_AT_ONCE, ROWS_AT_ONCE, next_id, slices
from targetwatch.store.readings.held import (
    Held,
    accept,
    await_again,
    count_held,
    decided,
    get_held,
    held,
    hold,
    reject,
)
from targetwatch.store.readings.rows import BULK, READING_COLUMNS, in_bulk, published_of, reading_of, texts_of, write
from targetwatch.store.readings.vintages import Past
from targetwatch.store.tables import AuditRow, IndicatorRow, ReadingRow, WithdrawalRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from targetwatch.model import AsOf, Reading
    from targetwatch.store.readings.rows import Texts

__all__ = [
    "Act",
    "Added",
    "Held",
    "Mark",
    "accept",
    "acts",
    "add",
    "after",
    "brought",
    "changed_since",
    "count_held",
    "decided",
    "every",
    "get",
    "get_held",
    "held",
    "hold",
    "in_bulk",
    "last_known",
    "load",
    "mark",
    "reject",
    "reopen",
    "restore",
    "undone",
    "unseen",
    "withdraw",
    "withdrawn_of",
]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one reading: `new` (first of its fact), `revised` (a further vintage), or `known` already.

    `id` is that of the stored reading; None when it is known because it is held (`held` is its number there).
    """

    outcome: Literal["new", "known", "revised"]
    id: int | None
    held: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the readings were known: the last reading and the last withdrawal."""

    reading: int = 0
    withdrawal: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a reading: `add`, `withdraw` or `restore`."""

    action: str
    at: datetime
    actor: str
    reason: str


def add(session: Session, readings: Sequence[Reading], *, anyway: bool = False) -> tuple[Added, ...]:
    """Store what is not known yet, in one batch, and return what became of each reading in the order given.

    They are taken in the order of their publication, so that a batch means the same however it is sorted. `anyway`
    takes as known only what is in force: a person puts right what was withdrawn, or held, with the same content.
    NotFoundError when an indicator is not in the catalogue: nothing is stored then.
    """
    _check_indicators(session, readings)
    with in_bulk(large=len(readings) >= BULK):
        return _add(session, readings, set(_withdrawn(session)) if anyway else None)


def unseen(session: Session, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the readings that are neither stored nor held: what there is to screen."""
    with in_bulk(large=len(readings) >= BULK):
        past = Past(session, readings)
        return tuple(reading for reading in readings if past.known(reading) is None)


def load(
    session: Session, indicators: Iterable[str] | None = None, after_id: int = 0
) -> dict[str, tuple[Reading, ...]]:
    """Return the readings by indicator, every vintage, in the order of their ids; withdrawn ones say since when.

    A reading that was withdrawn and restored appears once for each time it was in force. `indicators` None: all that
    have readings; otherwise each of those asked for, with an empty tuple where there are none.
    """
    gone = _withdrawals(session)
    found: dict[str, list[Reading]] = {name: [] for name in indicators or ()}
    with in_bulk(large=indicators is None or len(found) > NAMES_AT_ONCE):
        for reading in _stored(session, None if indicators is None else found, after_id):
            known = found.get(reading.indicator)
            if known is None:
                known = found[reading.indicator] = []
            known.extend(_in_force(reading, gone[reading.id]) if reading.id in gone else (reading,))
    return {name: tuple(some) for name, some in found.items()}


def last_known(session: Session, as_of: AsOf) -> dict[str, tuple[Reading, ...]]:
    """Return by indicator what was known by a moment of the last period of each publisher, withdrawn or not."""
    place, known = (col(ReadingRow.indicator), col(ReadingRow.publisher)), _known_by(as_of)
    last = select(*place, func.max(col(ReadingRow.period_end)).label("end")).where(known).group_by(*place).subquery()
    same = (place[0] == last.c.indicator, place[1] == last.c.publisher, col(ReadingRow.period_end) == last.c.end)
    query = select(*READING_COLUMNS).where(known).join(last, and_(*same)).order_by(col(ReadingRow.id))
    found: dict[str, list[Reading]] = defaultdict(list)
    with in_bulk(large=True):
        for row in session.connection().execute(query):
            reading = reading_of(row)
            found[reading.indicator].append(reading)
    return {name: tuple(some) for name, some in found.items()}


def withdrawn_of(session: Session) -> frozenset[str]:
    """Return the indicators of which a reading was ever withdrawn."""
    moved = select(col(ReadingRow.indicator)).join(WithdrawalRow, col(WithdrawalRow.reading) == col(ReadingRow.id))
    return frozenset(session.scalars(moved.distinct()))


def brought(session: Session, source: str) -> frozenset[str]:
    """Return the indicators that a source has brought readings of."""
    query = select(col(ReadingRow.indicator)).where(col(ReadingRow.source) == source).distinct()
    return frozenset(session.scalars(query))


def get(session: Session, reading_id: int) -> Reading:
    """Return one reading as it stands now; NotFoundError when there is none of that number."""
    row = session.get(ReadingRow, reading_id)
    if row is None:
        raise NotFoundError("reading", str(reading_id))
    reading = published_of(row)
    return _in_force(reading, _withdrawals(session, [reading_id]).get(reading_id, []))[-1]


def after(
    session: Session, number: int, *, limit: int, indicator: str = "", as_of: AsOf | None = None
) -> tuple[Reading, ...]:
    """Return the readings that follow a number as they stand now, of one indicator or of all, known by a moment."""
    query = select(*READING_COLUMNS).where(col(ReadingRow.id) > number).order_by(col(ReadingRow.id)).limit(limit)
    if indicator:
        query = query.where(col(ReadingRow.indicator) == indicator)
    if as_of is not None:
        query = query.where(_known_by(as_of))
    found = [reading_of(row) for row in session.connection().execute(query)]
    gone = _withdrawals(session, [reading.id for reading in found])
    return tuple(_in_force(reading, gone.get(reading.id or 0, ()))[-1] for reading in found)


def every(session: Session) -> Iterator[Reading]:
    """Give every reading as it stands now, in the order they were stored, some at a time."""
    last = 0
    while found := after(session, last, limit=NAMES_AT_ONCE):
        yield from found
        last = found[-1].id or 0


def withdraw(session: Session, reading_id: int, *, reason: str, now: datetime) -> None:
    """Take a wrong reading out of force without erasing it. The same reading coming again stays out."""
    if get(session, reading_id).withdrawn_at is not None:
        raise ConflictError("withdrawn_already", where="reading", said=str(reading_id))
    _move(session, reading_id, "withdraw", reason=reason, now=now)


def restore(session: Session, reading_id: int, *, reason: str, now: datetime) -> None:
    """Put a withdrawn reading back in force from `now` on."""
    if get(session, reading_id).withdrawn_at is None:
        raise ConflictError("not_withdrawn", where="reading", said=str(reading_id))
    _move(session, reading_id, "restore", reason=reason, now=now)


def reopen(session: Session, held_id: int, *, reason: str, now: datetime) -> None:
    """Take back what was decided on a held reading: it waits again, and what accepting it stored is withdrawn.

    Raises:
        ConflictError: what was stored has been withdrawn since.
    """
    before = await_again(session, held_id)
    if before.stored_as is not None and get(session, before.stored_as).recorded_at == before.decided_at:
        withdraw(session, before.stored_as, reason=reason, now=now)


def undone(session: Session, readings: Collection[int]) -> frozenset[int]:
    """Return which of some readings went with the decision that let them in, or right after they were entered."""
    reasons = [Problem(code).to_text() for code in ("decision_undone", "undone_at_once")]
    query, wanted = select(col(WithdrawalRow.reading)).where(col(WithdrawalRow.reason).in_(reasons)), sorted(readings)
    lots = (wanted[start : start + NAMES_AT_ONCE] for start in range(0, len(wanted), NAMES_AT_ONCE))
    return frozenset(one for some in lots for one in session.scalars(query.where(col(WithdrawalRow.reading).in_(some))))


def acts(session: Session, reading_id: int) -> tuple[Act, ...]:
    """Return everything done to a reading, the first first."""
    moves = select(WithdrawalRow).where(col(WithdrawalRow.reading) == reading_id).order_by(col(WithdrawalRow.id))
    done = [Act(row.action, row.at, row.actor, row.reason) for row in session.scalars(moves)]
    return (*_added(session, reading_id), *done)


def mark(session: Session) -> Mark:
    """Return how far the readings go now."""
    return Mark(next_id(session, ReadingRow.id) - 1, next_id(session, WithdrawalRow.id) - 1)


def changed_since(session: Session, since: Mark, as_of: AsOf | None = None) -> frozenset[str]:
    """Return the indicators that gained or lost a reading since a mark; with `as_of`, one known by that moment."""
    newer = select(col(ReadingRow.indicator)).where(col(ReadingRow.id) > since.reading)
    moved = (
        select(col(ReadingRow.indicator))
        .join(WithdrawalRow, col(WithdrawalRow.reading) == col(ReadingRow.id))
        .where(col(WithdrawalRow.id) > since.withdrawal)
    )
    if as_of is not None:
        newer, moved = newer.where(_known_by(as_of)), moved.where(_known_by(as_of))
    return frozenset(session.scalars(newer.union(moved)))


def _known_by(as_of: AsOf) -> ColumnElement[bool]:
    """Select the readings known by a moment, those withdrawn among them."""
    if as_of.clock is Clock.PUBLISHED:
        return col(ReadingRow.published_on) <= as_of.day
    return col(ReadingRow.recorded_at) <= as_of.moment


def _add(session: Session, readings: Sequence[Reading], withdrawn: set[int] | None) -> tuple[Added, ...]:
    """Store what is news; with `withdrawn` (those that are) neither they nor held ones count as known."""
    past = Past(session, readings, held=withdrawn is None)
    number = next_id(session, ReadingRow.id)
    rows: list[Texts] = []
    outcomes: dict[int, Added] = {}
    for place in sorted(range(len(readings)), key=lambda place: _published(readings[place])):
        reading = readings[place]
        kept = past.of(reading)
        same = kept.same(reading)
        if same is not None and not (withdrawn and same.id in withdrawn):
            outcomes[place] = Added("known", None if same.held else same.id, same.held)
            continue
        outcomes[place] = Added("revised" if kept.stored else "new", number)
        rows.append(texts_of(reading, number, kept.stored + 1))
        kept.add(reading, number)
        number += 1
    if rows:
        write(session, rows)
    return tuple(outcomes[place] for place in range(len(readings)))


def _published(reading: Reading) -> date:
    return reading.published_on or reading.recorded_at.date()


def _check_indicators(session: Session, readings: Iterable[Reading]) -> None:
    wanted = {reading.indicator for reading in readings}
    known: set[str] = set()
    for some in slices(wanted):
        known.update(session.scalars(select(col(IndicatorRow.id)).where(col(IndicatorRow.id).in_(some))))
    if wanted - known:
        every = session.scalars(select(col(IndicatorRow.id)))
        raise NotFoundError("indicator", min(wanted - known), every)


def _stored(session: Session, indicators: Iterable[str] | None, after_id: int) -> Iterator[Reading]:
    every = select(*READING_COLUMNS).where(col(ReadingRow.id) > after_id).order_by(col(ReadingRow.id))
    lots = (
        [every]
        if indicators is None
        else [every.where(col(ReadingRow.indicator).in_(some)) for some in slices(indicators)]
    )
    for query in lots:
        for rows in session.connection().execute(query).partitions(ROWS_AT_ONCE):
            yield from map(reading_of, rows)


def _withdrawn(session: Session) -> Iterator[int]:
    """Give the numbers of the readings that are withdrawn now."""
    for number, moves in _withdrawals(session).items():
        if moves[-1][0] == "withdraw":
            yield number


def _withdrawals(
    session: Session, readings: Collection[int | None] | None = None
) -> dict[int, list[tuple[str, datetime]]]:
    """Return what was done to each reading withdrawn since, of some (at most a page of them) or of all."""
    query = select(WithdrawalRow).order_by(col(WithdrawalRow.id))
    if readings is not None:
        query = query.where(col(WithdrawalRow.reading).in_(readings))
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.reading].append((row.action, row.at))
    return dict(found)


def _in_force(reading: Reading, moves: Sequence[tuple[str, datetime]]) -> tuple[Reading, ...]:
    """Return the reading once for each time it was in force, in order."""
    times = [reading]
    for action, at in moves:
        times.append(replace(reading, recorded_at=at)) if action == "restore" else times.append(
            replace(times.pop(), withdrawn_at=at)
        )
    return tuple(times)


def _move(session: Session, reading_id: int, action: str, *, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise ConflictError(f"{action}_without_reason", where="reading", said=str(reading_id))
    session.add(
        WithdrawalRow.model_validate(
            {
                "id": next_id(session, WithdrawalRow.id),
                "reading": reading_id,
                "action": action,
                "at": now,
                "actor": str(session.info.get("actor", "")),
                "reason": reason,
            }
        )
    )
    session.flush()


def _added(session: Session, reading_id: int) -> tuple[Act, ...]:
    """Return who brought the reading in: alone, or in a batch whose audit entry names its first and last number."""
    columns = [getattr(AuditRow, name) for name in ("object", "at", "actor", "reason")]
    query = select(*columns).where(col(AuditRow.kind) == "reading", col(AuditRow.action) == "add")
    alone = session.execute(query.where(col(AuditRow.object) == str(reading_id))).first()
    batches = () if alone else session.execute(query.where(col(AuditRow.object).contains("..")))
    for name, at, actor, reason in (alone,) if alone else batches:
        first, _, last = name.partition("..")
        if int(first) <= reading_id <= int(last or first):
            return (Act("add", at, actor, reason),)
    return ()
