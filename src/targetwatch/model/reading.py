"""One published fact and when it came to be known; a document that holds such facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import get_args, get_type_hints

from targetwatch.model.words import AsOf, Basis, Clock, DataState, Period, Qualifier

LONGER = {"quote": 4000, "note": 4000, "evidence_url": 2000}
"""How many characters somebody may enter of what is longer than a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One published fact, in the indicator's unit.

    `rounding` is the half-width of the published figure (21.7 bn: 0.05), `yoy` the published growth on the same
    period a year before (0.28), `unit` what the source said it counts in (None: the indicator's unit). A point
    or an event describes `period.end`; `step` names the milestone an event reports.
    """

    indicator: str
    period: Period
    basis: Basis
    value: Decimal
    publisher: str
    published_on: date | None = None
    recorded_at: datetime
    qualifier: Qualifier = Qualifier.EXACT
    rounding: Decimal = Decimal(0)
    yoy: Decimal | None = None
    provisional: bool = False
    step: str | None = None
    unit: str | None = None
    evidence_url: str = ""
    quote: str = ""
    note: str = ""
    source: str = ""
    id: int | None = None
    withdrawn_at: datetime | None = None

    @property
    def key(self) -> tuple[str, Period, Basis, str | None]:
        """Return what a later vintage of the same fact shares (within one indicator)."""
        return (self.publisher, self.period, self.basis, self.step)

    def known_on(self, as_of: AsOf) -> date | None:
        """Return the day this reading came to be known on the clock of `as_of`; None when it never did by then.

        Published clock: its publication date; a withdrawn reading (a mistake of ours) never existed there. Recorded
        clock: the day it was stored, until it was withdrawn.
        """
        if as_of.clock is Clock.PUBLISHED:
            known = self.published_on is not None and self.published_on <= as_of.day and self.withdrawn_at is None
            return self.published_on if known else None
        if self.recorded_at > as_of.moment or (self.withdrawn_at is not None and self.withdrawn_at <= as_of.moment):
            return None
        return self.recorded_at.astimezone(as_of.moment.tzinfo).date()


KINDS = {name: next(iter(get_args(kind)), kind) for name, kind in get_type_hints(Reading).items()}
"""The type of each field, beside which it may be None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The latest figure of an indicator as of a moment: shown, never judged."""

    indicator: str
    value: Decimal
    period: Period
    basis: Basis
    qualifier: Qualifier
    yoy: Decimal | None
    publisher: str
    published_on: date | None
    evidence_url: str
    data_state: DataState
    next_release_due: date | None = None
    rounding: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedDocument:
    """`name` is that of a file or an item's title, `url` its address without secrets; what nobody said is ""."""

    data: bytes
    name: str = ""
    content_type: str = ""
    charset: str = ""
    url: str = ""
    published_on: date | None = None

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal digits."""
        return sha256(self.data).hexdigest()
