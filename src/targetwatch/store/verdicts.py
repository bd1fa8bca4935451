"""What was found of each target: when it was judged last, and on past days; loaded instead of judging again.

Rows are of one horizon (`statuses.Horizon`): everything was judged as far as it says, and kept in its transaction. A
past day has some targets in a row, for every process and after a restart. It is never out of date as a whole: with it
stands how far everything was read, so whoever loads it judges anew only what became known for that day since, or is
configured otherwise.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from targetwatch.errors import StoreError
from targetwatch.model import Figure, Verdict
from targetwatch.store.db import DATABASE, WAYS, next_id, own_session, shown, slices
from targetwatch.store.statuses import Horizon, verdict_json
from targetwatch.store.tables import PastVerdictsRow, VerdictRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Engine
    from sqlalchemy.orm import Session

    from targetwatch.model import AsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVerdict:
    """What was found of a target: its verdict with its last paces, or why it `failed`.

    Without either it is not announced yet. `turn` is the day on which the verdict can change with nothing new.
    """

    target: str
    verdict: Verdict | None = None
    paces: tuple[float, ...] = ()
    turn: date | None = None
    failed: str = ""


def keep(session: Session, found: Iterable[FoundVerdict], *, number: int) -> None:
    """Keep what was found, in place of what was before, as of horizon `number`."""
    rows = [
        {
            "target": one.target,
            "number": number,
            "verdict": verdict_json().dump_python(one.verdict, mode="json", exclude_defaults=True),
            "paces": list(one.paces),
            "turn": one.turn,
            "failed": one.failed,
        }
        for one in found
    ]
    for names in slices(str(row["target"]) for row in rows):
        session.connection().execute(delete(VerdictRow).where(col(VerdictRow.target).in_(names)))
    if rows:
        session.connection().execute(insert(VerdictRow), rows)


def load(session: Session, *, after: int = 0) -> tuple[FoundVerdict, ...]:
    """Return what was kept after horizon `after`."""
    query = select(VerdictRow).where(col(VerdictRow.number) > after)
    return tuple(
        value_from(FoundVerdict, row, verdict=verdict_json().validate_python(row.verdict), paces=tuple(row.paces))
        for row in session.scalars(query)
    )


MOST_BYTES = 256 * 2**20
"""Of all days kept together; the one kept last is kept anyway."""
IDLE_SECONDS = 30
"""After so long without a word from whoever judges a day, the server lets another judge it."""
JUDGING_LOCK = int.from_bytes(b"past")
LEVEL = 1
"""Of packing: higher ones take far longer to save a few per cent."""


class FoundAsOf(NamedTuple):
    """What was found of some targets and some indicators as of a moment."""

    verdicts: tuple[FoundVerdict, ...]
    figures: tuple[Figure, ...]

    def packed(self) -> bytes:
        """Return it as it is kept, every amount exactly."""
        return zlib.compress(_json().dump_json(self, exclude_defaults=True), LEVEL)


@cache
def _json() -> TypeAdapter[FoundAsOf]:
    return TypeAdapter(FoundAsOf)


def unpack(pieces: Iterable[bytes]) -> Iterator[FoundAsOf]:
    """Give what was packed."""
    return (_json().validate_json(zlib.decompress(piece)) for piece in pieces)


def load_day(session: Session, as_of: AsOf) -> tuple[Horizon | None, list[bytes]]:
    """Return how far everything was read when a moment was judged, and the pieces; None when it is not kept."""
    query = select(PastVerdictsRow).where(*_of(as_of), col(PastVerdictsRow.moment) == as_of.moment)
    rows = list(session.scalars(query.order_by(col(PastVerdictsRow.place))))
    return value_from(Horizon, rows[0]) if rows else None, [row.packed for row in rows]


def keep_day(session: Session, as_of: AsOf, read: Horizon, pieces: Sequence[bytes]) -> None:
    """Keep a moment in place of what was kept of it, and let go of the oldest where all together are too large."""
    number, kept = col(PastVerdictsRow.number), session.connection()
    kept.execute(delete(PastVerdictsRow).where(*_of(as_of)))
    this = {**asdict(read), "number": next_id(session, number), "clock": as_of.clock.value, "moment": as_of.moment}
    kept.execute(insert(PastVerdictsRow), [{**this, "place": at, "packed": one} for at, one in enumerate(pieces)])
    size, sizes = 0, select(number, func.sum(func.length(col(PastVerdictsRow.packed)))).group_by(number)
    for one, more in kept.execute(sizes.order_by(number.desc())).all():
        size += more
        if size > MOST_BYTES and one != this["number"]:
            kept.execute(delete(PastVerdictsRow).where(number == one))


@contextmanager
def judging(engine: Engine, as_of: AsOf) -> Iterator[Callable[[], object] | None]:
    """Give what to call now and then while a moment is judged; None when another process is judging it.

    On PostgreSQL a session holds a lock, and the server ends one that nothing is heard from: whoever is killed, frozen
    or cut off holds up nobody. SQLite has one process that keeps anything.
    """
    if engine.dialect.name == "sqlite":
        yield lambda: None
        return
    import psycopg  # noqa: PLC0415 - only where there is a server

    try:
        connection = own_session(engine, autocommit=True, **WAYS)
    except psycopg.Error as error:
        raise StoreError("says", where=DATABASE, said=shown(engine.url), why=" ".join(str(error).split())) from error

    def still() -> None:
        with suppress(psycopg.Error):  # then another may judge the day too, which does no harm
            connection.execute("SELECT 1")

    with connection:
        connection.execute(f"SET idle_session_timeout = '{IDLE_SECONDS}s'")
        place = f"{JUDGING_LOCK}, {2 * as_of.day.toordinal() + (as_of.recorded_by is not None)}"
        row = connection.execute(f"SELECT pg_try_advisory_lock({place})").fetchone()
        yield still if row and row[0] else None


def _of(as_of: AsOf) -> tuple[ColumnElement[bool], ...]:
    return col(PastVerdictsRow.through) == as_of.day, col(PastVerdictsRow.clock) == as_of.clock.value
