"""Readings judged against what is known, and then stored or held.

Judging only reads; storing only writes, and is short. What another writer did in between is seen once more by
`store.readings`, so nothing is ever stored twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from targetwatch.ingest.restate import repeats
from targetwatch.screen import History, screen_against
from targetwatch.store import readings as stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import Indicator, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One reading and what becomes of it: `new`, `revised`, `held` (then `reason` says why) or `known`.

    `place` is where it stood in its source; `id` its number once stored, or that of the held reading. `current` is what
    is in force of the same fact: it is replaced by a revision, and repeated by what is known only in other digits.
    `year_before` is the same fact of the year before.
    """

    reading: Reading
    place: str = ""
    outcome: str
    reason: str = ""
    id: int | None = None
    current: Reading | None = None
    year_before: Reading | None = None


def judge(
    session: Session,
    found: Sequence[tuple[Reading, str]],
    indicators: Mapping[str, Indicator],
    *,
    today: date,
    anew: bool = False,
    without: int | None = None,
) -> tuple[Judged, ...]:
    """Return what is to become of each reading, in the order of publication: each is screened by those before it.

    `anew` judges also what is stored or held already; `without` leaves one stored reading out of the past.
    """
    readings = [reading for reading, _ in found]
    news = {id(reading) for reading in (readings if anew else stored.unseen(session, readings))}
    names = {reading.indicator for reading, _ in found if id(reading) in news}
    loaded = stored.load(session, names) if names else {}
    if without is not None:
        loaded = {name: tuple(one for one in some if one.id != without) for name, some in loaded.items()}
    past = {name: History(readings) for name, readings in loaded.items()}
    facts = {(name, *reading.key) for name, readings in loaded.items() for reading in readings}
    said: set[tuple[object, ...]] = set()
    judged = []
    for reading, place in sorted(found, key=_publication):
        content = _content(reading)
        if id(reading) not in news or content in said:
            judged.append(Judged(reading=reading, place=place, outcome="known"))
            continue
        said.add(content)
        history, fact = past[reading.indicator], (reading.indicator, *reading.key)
        current = history.fact(reading)
        current = current if current is not None and current.step == reading.step else None
        one = Judged(
            reading=reading,
            place=place,
            outcome="revised" if fact in facts else "new",
            current=current,
            year_before=history.fact(reading, years=-1),
        )
        if current is not None and repeats(reading, current):
            judged.append(replace(one, outcome="known", id=current.id))
            continue
        reason = screen_against(reading, indicators[reading.indicator], history, today=today)
        if reason is not None:
            judged.append(replace(one, outcome="held", reason=reason))
            continue
        judged.append(one)
        facts.add(fact)
        history.add(reading)
    return tuple(judged)


def store(session: Session, judged: Sequence[Judged], *, now: datetime, anyway: bool = False) -> tuple[Judged, ...]:
    """Return what became of each reading: the accepted stored in one batch, the suspicious held one by one.

    `anyway` stores also what is withdrawn or held with the same content: a person has decided so.
    """
    accepted = [one for one in judged if one.outcome in {"new", "revised"}]
    added = iter(stored.add(session, [one.reading for one in accepted], anyway=anyway))
    kept = []
    for one in judged:
        if one.outcome in {"new", "revised"}:
            result = next(added)
            kept.append(replace(one, outcome=result.outcome, id=result.id or result.held))
        elif one.outcome == "held":
            number = stored.hold(session, one.reading, one.reason, now=now)
            kept.append(replace(one, id=number) if number else replace(one, outcome="known"))
        else:
            kept.append(one)
    return tuple(kept)


def _publication(item: tuple[Reading, str]) -> tuple[date, date, date]:
    reading, _ = item
    return (reading.published_on or reading.period.end, reading.period.end, reading.period.start)


def _content(reading: Reading) -> tuple[object, ...]:
    """Return what is said, leaving out where and in which words: a file may hold the same row twice."""
    said = (reading.value, reading.qualifier, reading.rounding, reading.yoy, reading.provisional, reading.unit)
    return (reading.indicator, *reading.key, reading.published_on, *said)
