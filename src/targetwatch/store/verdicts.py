"""What was found of each target when it was judged last: what other processes and a restart load instead of judging.

Rows are of one horizon (`statuses.Horizon`): everything was judged as far as it says, and kept in its transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlmodel import col

from targetwatch.model import Verdict
from targetwatch.store.db import slices
from targetwatch.store.statuses import verdict_json
from targetwatch.store.tables import VerdictRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


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
