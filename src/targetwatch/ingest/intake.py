"""A reading as it came: put into the words and the unit of the catalogue, judged against what is known, stored or held.

Judging only reads; storing only writes, and is short. What another writer did in between is seen once more by
`store.readings`, so nothing is ever stored twice. What a person entered in one stroke is taken back in one, too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from sys import intern
from typing import TYPE_CHECKING

from targetwatch.checks import History, check_against
from targetwatch.errors import ConflictError, not_found
from targetwatch.model import Catalogue, Indicator, Measure, Qualifier, Reading
from targetwatch.model.problem import Name, Problem
from targetwatch.quantity import convert, is_count, parse_unit
from targetwatch.store import audit, db
from targetwatch.store import readings as stored
from targetwatch.store.readings.vintages import content_of, fact_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

NOTHING = Decimal(0)
MOST = 500
"""So many readings are taken back at once; whoever enters more looks before saving."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the catalogue knows, by name: indicators, publishers, and the steps of each milestone indicator."""

    indicators: Mapping[str, Indicator]
    publishers: frozenset[str]
    steps: dict[str, frozenset[str]] = field(default_factory=dict)
    _unknown: dict[str, Problem] = field(default_factory=dict)

    @classmethod
    def from_catalogue(cls, catalogue: Catalogue) -> KnownNames:
        """Return what `catalogue` knows."""
        steps: dict[str, set[str]] = {}
        for target in catalogue.targets:
            for version in target.versions:
                steps.setdefault(target.indicator, set()).update(step.id for step in version.steps)
        return cls(
            catalogue.indicators_by_id,
            frozenset(publisher.id for publisher in catalogue.publishers),
            {indicator: frozenset(names) for indicator, names in steps.items()},
        )

    def unknown(self, name: str) -> Problem:
        """Return that there is no indicator of that name: of ten thousand the nearest take a while, so once each."""
        if name not in self._unknown:
            known = self.indicators
            titles = {said: one.id for one in known.values() for said in (one.title.zh, one.title.en) if said}
            self._unknown[name] = not_found("indicator", name, known, titles=titles)
        return self._unknown[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One reading and what becomes of it: `new`, `revised`, `held` (then `reason` says why) or `known`.

    `place` is where it was found; `id` its number once stored, or that of the held reading. `current` is what
    is in force of the same fact: it is replaced by a revision, and repeated by what is known only in other digits.
    `year_before` is the same fact of the year before.
    """

    reading: Reading
    place: str = ""
    outcome: str
    reason: Problem | None = None
    id: int | None = None
    current: Reading | None = None
    year_before: Reading | None = None


def problems(name: str, publisher: str, step: str | None, known: KnownNames) -> tuple[Problem, ...]:
    """Return what keeps a reading of the indicator `name` from being entered: unknown names, a step that is missing."""
    indicator, found = known.indicators.get(name), list[Problem]()
    if known.publishers and publisher not in known.publishers and (publisher or indicator is not None):
        found.append(not_found("publisher", publisher, known.publishers))
    if indicator is None:
        return (known.unknown(name), *found)
    if indicator.derivation is not None:
        inputs = tuple(Name("indicator", one) for one in indicator.derivation.of)
        found.append(Problem("is_computed", {"said": indicator.id, "inputs": inputs}, where="indicator"))
    steps = known.steps.get(indicator.id, frozenset())
    if indicator.measure is Measure.MILESTONES and steps:
        if step is None:
            found.append(Problem("step_is_empty", {"names": sorted(steps)}, where="step"))
        elif step not in steps:
            found.append(not_found("step", step, steps))
    if indicator.measure is not Measure.MILESTONES and step is not None:
        values = {"said": step, "indicator": indicator.id}
        found.append(Problem("has_no_steps", values, where="step"))
    return tuple(found)


def settled(reading: Reading, indicator: Indicator, *, seen_on: date | None = None) -> Reading:
    """Return the reading in the indicator's unit, dated `seen_on` when it says no publication date.

    With None such a reading stays undated: it exists on the recorded clock only.

    A unit that does not convert stays on the reading, for the checks to name.
    """
    published_on = reading.published_on or seen_on
    said = {"indicator": indicator.id, "publisher": intern(reading.publisher), "published_on": published_on}
    if indicator.measure is Measure.MILESTONES:
        return replace(reading, **said, unit=None, rounding=NOTHING)  # type: ignore[arg-type]
    own = (indicator.unit, indicator.unit_label.en, indicator.unit_label.zh)
    unit = indicator.unit if reading.unit is None or reading.unit in own else reading.unit
    wanted = next((one for one in own if one and convert(reading.value, unit, one) is not None), indicator.unit)
    value, rounding = (convert(amount, unit, wanted) for amount in (reading.value, reading.rounding))
    if value is None or rounding is None:
        return replace(reading, **said)  # type: ignore[arg-type]
    if is_count(rounding, parse_unit(indicator.unit)):
        rounding = NOTHING
    return replace(reading, **said, value=value, rounding=rounding, unit=None)  # type: ignore[arg-type]


def doubled(found: Sequence[tuple[Reading, str]]) -> dict[str, Problem]:
    """Return, by place, the readings of which there is another of the same fact and day with another value."""
    hashes = [hash((*fact_of(reading), reading.published_on)) for reading, _ in found]
    often = {one for one, count in Counter(hashes).items() if count > 1}
    by_fact: dict[tuple[object, ...], list[tuple[Reading, str]]] = {}
    for (reading, place), one in zip(found, hashes, strict=True):
        if one in often:
            by_fact.setdefault((*fact_of(reading), reading.published_on), []).append((reading, place))
    twice = {}
    for same in by_fact.values():
        exact = [reading for reading, _ in same if reading.qualifier is Qualifier.EXACT]
        if len(exact) > 1 and any(
            abs(one.value - exact[0].value) > max(one.rounding, exact[0].rounding) for one in exact
        ):
            values = sorted({reading.value for reading in exact})
            places = [place for _, place in same]
            for place in places:
                others = tuple(one for one in places if one != place)
                twice[place] = Problem("said_twice", {"values": tuple(values), "others": others}, where="value")
    return twice


def judge(
    session: Session,
    found: Sequence[tuple[Reading, str]],
    indicators: Mapping[str, Indicator],
    *,
    today: date,
    anew: bool = False,
    without: int | None = None,
) -> tuple[Judged, ...]:
    """Return what is to become of each reading, in the order of publication: each is checked against those before it.

    `anew` judges also what is stored or held already; `without` leaves one stored reading out of the past.
    """
    readings = [reading for reading, _ in found]
    news = {id(reading) for reading in (readings if anew else stored.unseen(session, readings))}
    names = {reading.indicator for reading, _ in found if id(reading) in news}
    loaded = stored.load(session, names) if names else {}
    if without is not None:
        loaded = {name: tuple(one for one in some if one.id != without) for name, some in loaded.items()}
    past = {name: History(readings) for name, readings in loaded.items()}
    facts = {
        hash((name, *reading.key)) for name, some in loaded.items() for reading in some if not reading.withdrawn_at
    }
    said = set[int]()  # hashes, as a run may bring some hundred thousand readings
    judged = []
    for reading, place in sorted(found, key=_publication):
        content = hash((fact_of(reading), reading.published_on, content_of(reading)))  # one row may stand there twice
        if id(reading) not in news or content in said:
            judged.append(Judged(reading=reading, place=place, outcome="known"))
            continue
        said.add(content)
        history, fact = past[reading.indicator], hash((reading.indicator, *reading.key))
        current = history.fact(reading)
        current = current if current is not None and current.step == reading.step else None
        one = Judged(
            reading=reading,
            place=place,
            outcome="revised" if fact in facts else "new",
            current=current,
            year_before=history.fact(reading, years=-1),
        )
        if current is not None and _repeats(reading, current):
            judged.append(replace(one, outcome="known", id=current.id))
            continue
        reason = check_against(reading, indicators[reading.indicator], history, today=today)
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
            assert one.reason is not None
            number = stored.hold(session, one.reading, one.reason, now=now)
            kept.append(replace(one, id=number) if number else replace(one, outcome="known"))
        else:
            kept.append(one)
    return tuple(kept)


def _repeats(reading: Reading, current: Reading) -> bool:
    """Return whether `reading` says of the same fact only what `current`, which is in force, says as well.

    251.8 thousand and 251,800 are one figure, whichever came first; 251,830 after 251.8 thousand is news, the reverse
    is not. A growth rate that was not known, an end of being preliminary, or an earlier day of publication is news.
    """
    yoy = current.yoy if reading.yoy is None else reading.yoy
    same = content_of(replace(reading, value=current.value, rounding=current.rounding, yoy=yoy)) == content_of(current)
    days = [(one.published_on or date.max) for one in (reading, current)]
    if not same or current.qualifier is not Qualifier.EXACT or days[0] < days[1]:
        return False
    return abs(reading.value - current.value) <= max(Decimal(0), reading.rounding - current.rounding)


def _publication(item: tuple[Reading, str]) -> tuple[date, date, date]:
    reading, _ = item
    return (reading.published_on or reading.period.end, reading.period.end, reading.period.start)


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
