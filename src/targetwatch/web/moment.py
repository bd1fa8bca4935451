"""Which moment a request asks about: `?as_of=YYYY-MM-DD` and `?clock=`, now when it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from targetwatch.errors import TargetwatchError
from targetwatch.model import AsOf, Clock, Snapshot
from targetwatch.web.running import Service

EARLIEST = date(1949, 10, 1)


class BadMomentError(TargetwatchError):
    """A date that is none, or one that is yet to come."""

    def __init__(self, said: str, problem: str, last: date) -> None:
        self.said, self.problem, self.last = said, problem, last
        wanted = f"expected a day up to {last}, written as 2025-03-31"
        reason = {"none": "not a day", "future": "lies in the future", "early": "lies before anything is known"}[
            problem
        ]
        super().__init__(f"as_of '{said}': {reason}, {wanted}")


@dataclass(frozen=True, slots=True)
class Moment:
    """The snapshot asked about, and what of the address has to be kept to stay there."""

    snapshot: Snapshot
    present: Snapshot
    said: str = ""
    clock_said: str = ""

    @property
    def as_of(self) -> AsOf:
        """Return the moment of knowledge."""
        return self.snapshot.as_of

    @property
    def is_past(self) -> bool:
        """Return whether another moment than the present one was asked about."""
        return self.snapshot is not self.present

    @property
    def kept(self) -> str:
        """Return the query that stays at this moment, with its question mark; empty when it is the present."""
        query = urlencode(self.parameters)
        return f"?{query}" if query else ""

    @property
    def parameters(self) -> dict[str, str]:
        """Return what of the address stays at this moment, by name; nothing when it is the present."""
        said = {"as_of": self.said, "clock": self.clock_said}
        return {name: value for name, value in said.items() if value}


def asked(
    service: Service,
    as_of: Annotated[str, Query(description="As known at the end of that day, YYYY-MM-DD; empty: now")] = "",
    clock: Annotated[
        str, Query(description="published: what was public by then; recorded: what this installation had")
    ] = "",
) -> Moment:
    """Return the moment a request asks about.

    Raises:
        BadMomentError: it names no day, or one that is yet to come.
        NotReadyError: there is no snapshot yet.
    """
    present = service.current()
    today = present.as_of.day
    said = as_of.strip()
    wanted = Clock.RECORDED if clock.strip() == Clock.RECORDED.value else Clock.PUBLISHED
    clock_said = wanted.value if wanted is Clock.RECORDED else ""
    day = _day(said, today) if said else today
    if day == today and wanted is present.as_of.clock:
        return Moment(present, present)
    moment = AsOf.end_of(day, service.settings.zone, wanted)
    return Moment(service.as_of(moment), present, day.isoformat(), clock_said)


def _day(said: str, today: date) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise BadMomentError(said[:40], "none", today) from None
    if day > today:
        raise BadMomentError(said, "future", today)
    if day < EARLIEST:
        raise BadMomentError(said, "early", today)
    return day


Asked = Annotated[Moment, Depends(asked)]
