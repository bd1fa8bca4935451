"""Lots of targets to be judged by whoever takes them, on any machine: PostgreSQL is the queue.

The leader puts them there, in its term, with the horizon they are to be judged at. Whoever takes one has it for
CLAIM_SECONDS by the server's clock, then it is anybody's again; what was found is taken only from whoever took it last,
and only in that term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import cache
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, or_, select, update

from targetwatch.errors import StoreError
from targetwatch.evaluation import Resume
from targetwatch.model import AsOf, StatusChange
from targetwatch.store import db
from targetwatch.store.outage import own_session
from targetwatch.store.statuses import Horizon
from targetwatch.store.tables import METADATA
from targetwatch.store.types import value_from
from targetwatch.store.verdicts import FoundVerdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from psycopg import Connection as OwnSession
    from sqlalchemy.engine import Connection, Engine

CLAIM_SECONDS = 20
"""Many times what a lot takes on a busy machine; a worker that has died holds it for so long."""
CONNECT_SECONDS = 3
CHANNEL = f"{db.CHANNEL}_lots"
"""The PostgreSQL channel on which new lots are announced."""
LOT, LEADER = METADATA.tables["lot"], METADATA.tables["leader"]
LAST_TERM = select(LEADER.c.term).scalar_subquery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Targets to be judged as of a moment by what was known at a horizon, each with where its judgement stopped."""

    number: int
    claim: str
    as_of: AsOf
    horizon: Horizon
    targets: Mapping[str, Resume | None]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What was found of a target, and its status changes since the judgement that was resumed."""

    found: FoundVerdict
    changes: tuple[StatusChange, ...] = ()


def post(
    connection: Connection, lots: Iterable[Mapping[str, Resume | None]], *, term: int, as_of: AsOf, horizon: Horizon
) -> None:
    """Put lots there, numbered from 0, in place of all of this term and earlier ones, and announce them."""
    same = {
        "term": term,
        "moment": as_of.moment.astimezone(UTC),
        "zone": str(as_of.moment.tzinfo),
        **{name: getattr(horizon, name) for name in ("reading", "withdrawal", "configured", "program")},
        "claim": "",
    }
    drop(connection, term=term)
    rows = [
        {"id": number, **same, "targets": _resumes().dump_python(dict(lot), mode="json")}
        for number, lot in enumerate(lots)
    ]
    connection.execute(insert(LOT), rows)
    connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


def take(connection: Connection, *, program: str) -> Lot | None:
    """Take the first lot of the last term that nobody has, for a process of this program; None when there is none."""
    free = (
        select(LOT.c.id)
        .where(LOT.c.term == LAST_TERM, LOT.c.program == program, LOT.c.result.is_(None))
        .where(or_(LOT.c.until.is_(None), LOT.c.until < func.now()))
        .order_by(LOT.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = {"claim": f"{db.PROCESS} {token_hex(8)}", "until": func.now() + timedelta(seconds=CLAIM_SECONDS)}
    query = update(LOT).where(LOT.c.id == free.scalar_subquery()).values(taken).returning(*LOT.c)
    row = connection.execute(query).one_or_none()
    return None if row is None else _lot_of(row)


def finish(connection: Connection, lot: Lot, judged: Collection[TargetResult]) -> bool:
    """Say what was found of the targets of a lot; False where it is somebody else's by now, or its term is over."""
    mine = (LOT.c.id == lot.number, LOT.c.claim == lot.claim, LOT.c.term == LAST_TERM)
    result = _results().dump_json(tuple(judged), exclude_defaults=True)
    return connection.execute(update(LOT).where(*mine).values(result=result)).rowcount == 1


def collect(connection: Connection, *, term: int) -> dict[int, tuple[str, tuple[TargetResult, ...]]]:
    """Take out the lots of a term that are finished: by which process, and what it found."""
    done = delete(LOT).where(LOT.c.term == term, LOT.c.result.is_not(None))
    rows = connection.execute(done.returning(LOT.c.id, LOT.c.claim, LOT.c.result))
    return {number: (claim.rpartition(" ")[0], _results().validate_json(said)) for number, claim, said in rows}


def drop(connection: Connection, *, term: int, number: int | None = None) -> None:
    """Take out one lot of a term, or all of it and of earlier ones."""
    wanted = [LOT.c.term <= term] if number is None else [LOT.c.term == term, LOT.c.id == number]
    connection.execute(delete(LOT).where(*wanted))


def other_program(connection: Connection, program: str) -> str | None:
    """Return the program that lots of the last term are for, if it is another; None when there are none of it."""
    query = select(LOT.c.program).where(LOT.c.term == LAST_TERM, LOT.c.program != program).limit(1)
    found = connection.scalar(query)
    return None if found is None else str(found)


class Announcements:
    """What is heard of new lots, in a session of its own; begun when it is first waited for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: OwnSession[Any] | None = None

    def wait(self, seconds: float) -> bool:
        """Wait until lots are announced, at most so long; return whether some were, or may have been before.

        Raises:
            StoreError: the database cannot be reached, or has ended the session.
        """
        import psycopg  # noqa: PLC0415 - only where there is a server

        try:
            if self._session is None:
                self._session = own_session(
                    self._engine, connect_timeout=CONNECT_SECONDS, application_name=db.PROCESS, autocommit=True
                )
                self._session.execute(f"LISTEN {CHANNEL}")
                return True
            heard = [*self._session.notifies(timeout=seconds, stop_after=1), *self._session.notifies(timeout=0)]
        except psycopg.Error as error:
            self.close()
            why = " ".join(str(error).split())
            raise StoreError("says", where=db.DATABASE, said=db.shown(self._engine.url), why=why) from error
        return bool(heard)

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _lot_of(row: Any) -> Lot:  # noqa: ANN401 - a row of columns
    as_of = AsOf.at(row.moment, ZoneInfo(row.zone))
    return Lot(
        number=row.id,
        claim=row.claim,
        as_of=as_of,
        horizon=value_from(Horizon, row, through=as_of.day, number=0),
        targets=_resumes().validate_python(row.targets),
    )


@cache
def _resumes() -> TypeAdapter[dict[str, Resume | None]]:
    return TypeAdapter(dict[str, Resume | None])


@cache
def _results() -> TypeAdapter[tuple[TargetResult, ...]]:
    return TypeAdapter(tuple[TargetResult, ...])
