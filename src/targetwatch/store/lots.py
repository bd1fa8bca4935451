"""Lots of targets to be judged by whoever takes them, on any machine: PostgreSQL is the queue.

The leader puts them there in its term, with the horizon they are to be judged at. Whoever takes one has it for
CLAIM_SECONDS by the server's clock, then it is anybody's again; what was found is taken only from whoever took it last,
and only in that term.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from secrets import token_hex
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select, update

from targetwatch.evaluation import Resume
from targetwatch.model import AsOf, StatusChange
from targetwatch.store import db
from targetwatch.store.statuses import Horizon
from targetwatch.store.tables import METADATA
from targetwatch.store.verdicts import FoundVerdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, ScalarSelect
    from sqlalchemy.engine import Connection

CLAIM_SECONDS = 5
"""Many times what a lot takes; a worker that has died holds it for so long."""
LOT, LEADER = METADATA.tables["lot"], METADATA.tables["leader"]
OF_LAST_TERM = LOT.c.term == select(LEADER.c.term).scalar_subquery()


@dataclass(frozen=True, slots=True)
class LotQuestion:
    """Targets to be judged by what was known at a moment and a horizon, each with where its judgement stopped."""

    moment: datetime
    zone: str
    horizon: Horizon
    targets: dict[str, Resume | None]

    @property
    def as_of(self) -> AsOf:
        """Return the moment in its zone, whose day counts."""
        return AsOf.at(self.moment, ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Lot:
    """A question of one number, in the hands of whoever has taken it."""

    number: int
    claim: str
    asked: LotQuestion


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What was found of a target, and its status changes since the judgement that was resumed."""

    found: FoundVerdict
    changes: tuple[StatusChange, ...] = ()


def post(led: Connection, asked: Iterable[LotQuestion]) -> None:
    """Put lots there, numbered from 0, in place of all of this term and earlier ones. `led` is a leader's."""
    same = {"term": _term(led), "claim": ""}
    led.execute(delete(LOT).where(LOT.c.term <= same["term"]))
    rows = [
        {"id": number, **same, "program": one.horizon.program, "asked": _asked().dump_python(one, mode="json")}
        for number, one in enumerate(asked)
    ]
    led.execute(insert(LOT), rows)


def take(connection: Connection, *, program: str) -> Lot | None:
    """Take the first lot of the last term that nobody has, for a process of this program; None when there is none."""
    free = _free(OF_LAST_TERM & (LOT.c.program == program))
    taken = {"claim": f"{db.PROCESS} {token_hex(8)}", "until": func.now() + timedelta(seconds=CLAIM_SECONDS)}
    query = update(LOT).where(LOT.c.id == free).values(taken)
    row = connection.execute(query.returning(LOT.c.id, LOT.c.claim, LOT.c.asked)).one_or_none()
    return None if row is None else Lot(row.id, row.claim, _asked().validate_python(row.asked))


def finish(connection: Connection, lot: Lot, results: Collection[TargetResult]) -> bool:
    """Say what was found of the targets of a lot; False where it is somebody else's by now, or its term is over."""
    query = update(LOT).where(LOT.c.id == lot.number, LOT.c.claim == lot.claim, OF_LAST_TERM)
    said = _results().dump_json(tuple(results), exclude_defaults=True)
    return connection.execute(query.values(result=said)).rowcount == 1


def collect(led: Connection) -> dict[int, tuple[str, tuple[TargetResult, ...]]]:
    """Take out the lots that are finished: by which process, and what it found."""
    done = delete(LOT).where(LOT.c.term == _term(led), LOT.c.result.is_not(None))
    rows = led.execute(done.returning(LOT.c.id, LOT.c.claim, LOT.c.result))
    return {number: (claim.rpartition(" ")[0], _results().validate_json(said)) for number, claim, said in rows}


def take_out(led: Connection) -> int | None:
    """Take out a lot that nobody has, for the leader to judge, and return its number; None when there is none."""
    return led.scalar(delete(LOT).where(LOT.c.id == _free(LOT.c.term == _term(led))).returning(LOT.c.id))


def count(led: Connection) -> int:
    """Return how many lots there are still, whoever has them."""
    return led.scalar(select(func.count()).where(LOT.c.term == _term(led))) or 0


def other_program(connection: Connection, program: str) -> str | None:
    """Return the program that lots of the last term are for, if it is another; None when there are none of it."""
    return connection.scalar(select(LOT.c.program).where(OF_LAST_TERM, LOT.c.program != program).limit(1))


def _free(wanted: ColumnElement[bool]) -> ScalarSelect[int]:
    """Select the first of the wanted lots that nobody has."""
    nobodys = LOT.c.result.is_(None) & (LOT.c.until.is_(None) | (LOT.c.until < func.now()))
    first = select(LOT.c.id).where(wanted, nobodys).order_by(LOT.c.id).limit(1)
    return first.with_for_update(skip_locked=True).scalar_subquery()


def _term(led: Connection) -> int:
    return int(led.get_execution_options()[db.TERM])


@cache
def _asked() -> TypeAdapter[LotQuestion]:
    return TypeAdapter(LotQuestion)


@cache
def _results() -> TypeAdapter[tuple[TargetResult, ...]]:
    return TypeAdapter(tuple[TargetResult, ...])
