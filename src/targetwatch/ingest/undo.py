"""What a person entered in one stroke, one figure or a table, and how all of it is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.errors import ConflictError
from targetwatch.store import audit, db
from targetwatch.store import readings as stored

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

MOST = 500
"""So many readings are taken back at once; whoever enters more looks before saving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The readings stored in one stroke, `first` to `last`; those it `corrected`, and the held ones it `rejected`."""

    first: int
    last: int
    corrected: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Return how the stroke is called: "91", or "91..93"."""
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"

    @property
    def numbers(self) -> range:
        """Return the numbers of the readings stored."""
        return range(self.first, self.last + 1)


def entered(session: Session, first: int, last: int, *, actor: str, since: datetime | None = None) -> Entered | None:
    """Return what `actor` entered in one stroke; None when not they, not `since` then, or not all is in force."""
    stroke = Entered(first=first, last=last)
    if not 0 < len(stroke.numbers) <= MOST:
        return None
    found = audit.entries(session, kind="reading", object_id=stroke.name, actor=actor, since=since, limit=1)
    if not found or found[0].action != "add":
        return None
    if any(stored.get(session, number).withdrawn_at is not None for number in stroke.numbers):
        return None
    at = found[0].at
    moved = audit.entries(session, kind="withdrawal", actor=actor, since=at, until=at)
    wrong = {int(one.new["reading"]) for one in moved if one.new is not None}
    corrected = tuple(sorted(number for number in wrong if stored.get(session, number).withdrawn_at == at))
    held = audit.entries(session, kind="held", actor=actor, since=at, until=at)
    rejected = tuple(int(one.object) for one in held if (one.new or {}).get("status") == "rejected")
    return Entered(first=first, last=last, corrected=corrected, rejected=rejected)


def undo(engine: Engine, first: int, last: int, *, actor: str, reason: str, now: datetime) -> Entered:
    """Take back what `actor` entered in one stroke: it is withdrawn, what it corrected is in force or waits again.

    ConflictError when they did not enter it, or somebody has taken a part of it out of force meanwhile.
    """
    with db.writing(engine, actor, reason=reason, now=now) as session:
        done = entered(session, first, last, actor=actor)
        if done is None:
            raise ConflictError("not_entered_so", where="reading", said=str(first), who=actor)
        for number in done.numbers:
            stored.withdraw(session, number, reason=reason, now=now)
        for number in done.corrected:
            stored.restore(session, number, reason=reason, now=now)
        for number in done.rejected:
            stored.reopen(session, number, reason=reason, now=now)
    return done
