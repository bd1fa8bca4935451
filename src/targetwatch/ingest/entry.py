"""What people and programs enter: one reading typed or posted, or a table pasted; read, checked, stored or held."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from targetwatch.checks import growth_differs, own_growth, quote_agrees
from targetwatch.connectors import FIELDS, LONGEST, RowError, read_row
from targetwatch.errors import ConflictError, UsageError
from targetwatch.evaluation.judge import MEASURES
from targetwatch.ingest.intake import Judged, KnownNames, judge, problems, settled, store
from targetwatch.model import Basis, Catalogue, Indicator, Period, Reading
from targetwatch.model.problem import Name, Problem, Value
from targetwatch.quantity import CURRENCIES, own_spellings, parse_unit
from targetwatch.store import catalogue as stored_catalogue
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.readings.held import accept_by_person
from targetwatch.store.readings.vintages import Past
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from targetwatch.documents.pick import Picked

SOURCE = "manual"
STAND_INS = {"indicator": "-", "period": "2025", "basis": "point", "publisher": "-"}
"""What is read in the place of what cannot be, so that the rest of a row is looked at all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a typed reading: `new`, `revised`, `known`, `held`, or `rejected` when a person refused it before.

    `reason` says what speaks against it. `id` is its number (held or rejected: the one it has there), None when a dry
    run wrote nothing. `forced` says that it counts although `reason` speaks against it; `quote_agrees` is None when the
    quote names no comparable figure. `current` is what was in force of the same fact, `year_before` of that a year ago.
    `withdrawn` is the wrong reading that a correction takes, or would take, out of force. `currency` is the one that
    was read where a bare million names none: the indicator's.
    """

    outcome: str
    reading: Reading
    reason: Problem | None = None
    id: int | None = None
    forced: bool = False
    quote_agrees: bool | None = None
    current: Reading | None = None
    year_before: Reading | None = None
    withdrawn: int | None = None
    currency: str = ""

    @property
    def replaces(self) -> Reading | None:
        """Return the reading that this one takes the place of."""
        counts = self.outcome == "revised" or (self.outcome == "new" and self.forced)
        return self.current if counts else None

    @property
    def own_growth(self) -> Decimal | None:
        """Return the growth on our own figure of the year before; None without one."""
        return None if self.year_before is None else own_growth(self.reading, self.year_before)

    @property
    def growth_differs(self) -> bool:
        """Return whether the published growth is another than our own figures give, as exactly as they are known."""
        return self.year_before is not None and growth_differs(self.reading, self.year_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row and what becomes of it: `new`, `revised`, `known`, `held` (`reason` says why), or `unreadable`.

    `problems` are those of an unreadable row, each `where` its field. `id` is the number it is stored, held or
    known under; `waits` says that it is known because it was held before; `place` is where it was found, `currency` as
    of what is recorded.
    """

    number: int
    outcome: str
    reading: Reading | None = None
    current: Reading | None = None
    reason: Problem | None = None
    problems: tuple[Problem, ...] = ()
    id: int | None = None
    waits: bool = False
    place: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table with what becomes, or became, of each; `stored` says that it is done."""

    lines: tuple[Line, ...]
    stored: bool = False

    @property
    def counts(self) -> Counter[str]:
        """Return how many rows have which outcome."""
        return Counter(line.outcome for line in self.lines)

    def may_be_stored(self, *, hold: bool) -> bool:
        """Return whether it can be stored as a whole; with `hold`, the suspicious rows being held."""
        counts = self.counts
        return bool(self.lines) and not counts["unreadable"] and (hold or not counts["held"])


def record(
    engine: Engine,
    entry: Mapping[str, str],
    *,
    actor: str,
    now: datetime,
    today: date,
    catalogue: Catalogue | None = None,
    force_note: str = "",
    locale: str | None = None,
    dry_run: bool = False,
    corrects: int | None = None,
    rejects: int | None = None,
    reason: str = "",
    alone: bool = True,
) -> Recorded:
    """Enter one reading in the words a person typed, by the names of `connectors.FIELDS`, and return what became of it.

    With `force_note` a suspicious reading counts all the same, and the note is kept. With `corrects`, a reading typed
    wrongly is withdrawn for `reason` in the same stroke, and this one judged as if that had never been; where it is
    then known, what was in force before the wrong one is so again, and nothing else is stored. With `rejects`, one that
    was typed wrongly and is held is rejected in the same stroke, unless this one says the same. Who may not decide
    `alone` has what is suspicious held, with the note. A dry run only says what would become of it. RowError with every
    fault of the words, HeldError where another person has to accept what waits.
    """
    with db.reading(engine) as session:
        known = KnownNames.from_catalogue(catalogue or stored_catalogue.load(session))
        reading, indicator, currency = read_typed(entry, known, now=now, today=today, locale=locale)
        reading = _from_its_start(reading, entry["period"], partial(_start_of, session))
        wrong = stored.get(session, corrects) if corrects is not None else None
        told = replace(_foreseen(session, reading, indicator, today=today, without=wrong), currency=currency)
    if wrong is not None and wrong.withdrawn_at is not None:
        raise ConflictError("correction_of_withdrawn", where="reading", said=str(corrects))
    force_note = force_note.strip()
    if told.outcome in {"held", "rejected"} and force_note:
        if told.id is not None and not dry_run:
            return _accepted(engine, told, actor=actor, now=now, note=force_note, alone=alone)
        if told.id is None and alone:
            told = replace(told, outcome="new", reading=_overruled(told, force_note), forced=True)
        elif told.id is None:
            told = replace(told, reading=replace(told.reading, note=_joined(told.reading.note, force_note)))
    if wrong is not None and told.outcome != "held":
        told = replace(told, withdrawn=wrong.id)
    stays = told.id is not None and told.withdrawn is None
    if dry_run or (stays and (rejects is None or told.outcome != "known")):
        return told
    with db.writing(engine, actor, reason=force_note or reason, now=now) as session:
        if told.withdrawn is not None:
            stored.withdraw(session, told.withdrawn, reason=reason or Problem("corrected").to_text(), now=now)
        if rejects is not None:
            stored.reject(session, rejects, note=reason or Problem("corrected").to_text(), now=now)
        return told if told.outcome == "known" else _kept(session, told, now=now)


def enter_table(
    engine: Engine,
    rows: Sequence[tuple[int, Mapping[str, str]]],
    *,
    actor: str,
    now: datetime,
    today: date,
    reason: str = "",
    hold: bool = False,
    dry_run: bool = False,
    catalogue: Catalogue | None = None,
) -> Table:
    """Return what becomes of each row (its number, its cells by the names of `connectors.FIELDS`).

    Everything is stored in one transaction; nothing is, when a row cannot be read, or one is suspicious and they are
    not to be held, or in a dry run: then the table says what would become of it.
    """
    with db.reading(engine) as session:
        known = KnownNames.from_catalogue(catalogue or stored_catalogue.load(session))
        start_of = cache(partial(_start_of, session))
        read = [_line(number, cells, known, start_of, now=now, today=today) for number, cells in rows]
    return _entered(engine, read, known, actor=actor, now=now, today=today, reason=reason, hold=hold, dry_run=dry_run)


def enter_picked(
    engine: Engine,
    picked: Picked,
    *,
    actor: str,
    now: datetime,
    today: date,
    reason: str = "",
    hold: bool = False,
    dry_run: bool = False,
) -> Table:
    """Return what becomes of the readings picked from a document, as `enter_table` does of rows."""
    with db.reading(engine) as session:
        known = KnownNames.from_catalogue(stored_catalogue.load(session))
    lines = [_picked_line(number, *one, known) for number, one in enumerate(_places(picked), 1)]
    for number, problem in enumerate(picked.problems, len(lines) + 1):
        lines.append(Line(number=number, outcome="unreadable", problems=(problem,), place=problem.file))
    return _entered(engine, lines, known, actor=actor, now=now, today=today, reason=reason, hold=hold, dry_run=dry_run)


def _places(picked: Picked) -> Iterator[tuple[Reading, str]]:
    return zip(picked.readings, picked.places, strict=True)


def _picked_line(number: int, reading: Reading, place: str, known: KnownNames) -> Line:
    if not reading.publisher and (indicator := known.indicators.get(reading.indicator)):
        reading = replace(reading, publisher=indicator.authority)
    if wrong := problems(reading.indicator, reading.publisher, reading.step, known):
        return Line(number=number, outcome="unreadable", problems=wrong, place=place)
    reading = settled(reading, known.indicators[reading.indicator])
    return Line(number=number, outcome="new", reading=reading, place=place)


def _entered(
    engine: Engine,
    read: Sequence[Line],
    known: KnownNames,
    *,
    actor: str,
    now: datetime,
    today: date,
    reason: str,
    hold: bool,
    dry_run: bool,
) -> Table:
    """Judge lines, and store them all in one transaction or none."""
    with db.reading(engine) as session:
        found = [(line.reading, str(line.number)) for line in read if line.reading is not None]
        judged = judge(session, found, known.indicators, today=today)
        past = Past(session, [reading for reading, _ in found]) if found else None
    by_number = {int(one.place): one for one in judged}
    table = Table(tuple(_judged(line, by_number.get(line.number), past) for line in read))
    if dry_run or not table.may_be_stored(hold=hold):
        return table
    with db.writing(engine, actor, reason=reason, now=now) as session:
        kept = {int(one.place): one for one in store(session, judged, now=now)}
    lines = [_kept_line(line, kept[line.number]) for line in table.lines]
    return Table(tuple(lines), stored=True)


def read_typed(
    entry: Mapping[str, str], known: KnownNames, *, now: datetime, today: date, locale: str | None = None
) -> tuple[Reading, Indicator, str]:
    """Return the reading that `entry` states, by the names of `connectors.FIELDS`, its indicator, and its `currency`.

    Left empty, the publisher is the indicator's authority, and the basis of a level is point, of a milestone event.

    Raises:
        RowError: every fault of the words.
        UsageError: a field that no reading has.
    """
    if unknown := sorted(set(entry) - set(FIELDS)):
        raise UsageError("unknown_field", where="field", said=unknown[0], names=FIELDS)
    name, wrong = entry.get("indicator", "").strip(), _too_long(entry)
    indicator = known.indicators.get(name)
    long = {problem.where for problem in wrong}
    cells = {field: text for field, text in entry.items() if text.strip() and field not in long}
    if indicator is not None:
        usual = MEASURES[indicator.measure].usual_basis
        cells = {"publisher": indicator.authority} | ({"basis": usual} if usual else {}) | cells
        cells = ({"value": "1"} if usual is Basis.EVENT else {}) | cells
    named = problems(name, cells.get("publisher", ""), cells.get("step"), known) if name else ()
    own = own_spellings(indicator.unit, indicator.unit_label.en, indicator.unit_label.zh) if indicator else ()
    read = partial(read_row, source=SOURCE, now=now, today=today, locale=locale, own_units=own)
    reading = None
    try:
        reading = read(cells)
    except RowError as error:
        said = long if indicator else long | {field for field in ("publisher", "basis") if field not in cells}
        wrong += [_fitting(problem, indicator) for problem in error.problems if problem.where not in said]
    wrong += named
    faulty = {problem.where for problem in wrong}
    if indicator is not None and "value" not in faulty:
        kept = {field: text for field, text in cells.items() if field not in faulty}
        entered = settled(reading or read(STAND_INS | kept), indicator)
        if entered.unit is not None:  # no note can make dollars out of yuan
            values: dict[str, Value] = {
                "unit": entered.unit or Problem("no_unit"),
                "counted": Name("unit", indicator.unit),
            }
            wrong.append(Problem("other_unit", values, where="value"))
    if wrong or indicator is None or reading is None:
        raise RowError(wrong)
    base = parse_unit(indicator.unit).base
    return entered, indicator, base if reading.unit == "" and base in CURRENCIES else ""


def _from_its_start(reading: Reading, period: str, start_of: Callable[[str], date | None]) -> Reading:
    """Return a running total said by its end alone ("2025") as from the day that the last one known counts from."""
    if reading.basis is not Basis.SINCE_START or ".." in period:
        return reading
    start = start_of(reading.indicator) or reading.period.start
    return replace(reading, period=Period(min(start, reading.period.start), reading.period.end))


def _start_of(session: Session, indicator: str) -> date | None:
    """Return the day that an indicator's last running total counts from; None where none is known."""
    known = stored.load(session, [indicator])[indicator]
    totals = [one.period for one in known if one.basis is Basis.SINCE_START and one.withdrawn_at is None]
    return max(totals, key=lambda one: one.end).start if totals else None


def _fitting(problem: Problem, indicator: Indicator | None) -> Problem:
    """Return a problem; where no basis is said, with those that the indicator can have."""
    if problem.code != "basis_is_empty" or indicator is None:
        return problem
    bases = MEASURES[indicator.measure].bases
    return replace(problem, values={"choices": tuple(one for one in Basis if one in bases)})


def _foreseen(
    session: Session, reading: Reading, indicator: Indicator, *, today: date, without: Reading | None
) -> Recorded:
    """Return what is to become of a reading; `id` is set when it is kept already, stored or held or rejected."""
    told = Recorded(outcome="known", reading=reading, quote_agrees=quote_agrees(reading, indicator))
    number = None if without is None else without.id
    (one,) = judge(session, [(reading, "")], {indicator.id: indicator}, today=today, anew=True, without=number)
    told = replace(told, current=one.current, year_before=one.year_before)
    same = None if without is not None else Past(session, [reading]).known(reading)
    if same is not None and same.held is None:
        return _stored_before(session, told, same.id)
    if (
        same is not None
        and same.held is not None
        and (same.published_on == reading.published_on or one.outcome == "held")
    ):
        return _held_before(session, told, same.held)
    return replace(told, outcome=one.outcome, reason=one.reason, id=one.id)


def _stored_before(session: Session, told: Recorded, reading_id: int) -> Recorded:
    """Return what is stored already; a withdrawn one stays out until it is restored."""
    withdrawn = stored.get(session, reading_id).withdrawn_at
    reason = Problem("was_withdrawn", {"number": reading_id}) if withdrawn else None
    return replace(told, id=reading_id, reason=reason)


def _held_before(session: Session, told: Recorded, held_id: int) -> Recorded:
    """Return what waits, or was rejected, already."""
    held = stored.get_held(session, held_id)
    if held.status != "rejected":
        return replace(told, outcome="held", reason=held.reason, id=held_id)
    note = held.note or Problem("no_reason_given")
    reason = Problem("rejected_before", {"why": held.reason, "who": held.decided_by, "note": note})
    return replace(told, outcome="rejected", reason=reason, id=held_id)


def _accepted(engine: Engine, told: Recorded, *, actor: str, now: datetime, note: str, alone: bool) -> Recorded:
    """Let a reading that waits, or was rejected, count."""
    with db.writing(engine, actor, reason=note, now=now) as session:
        number = accept_by_person(session, told.id or 0, note=note, now=now, alone=alone)
    return replace(told, outcome="new", id=number, forced=True)


def _kept(session: Session, told: Recorded, *, now: datetime) -> Recorded:
    """Store or hold the reading; one that waits with another publication date is settled by it."""
    waiting = _waiting_like(session, told.reading) if told.outcome != "held" else ()
    wanted = Judged(reading=told.reading, outcome=told.outcome, reason=told.reason)
    (kept,) = store(session, [wanted], now=now, anyway=True)
    if kept.id is None:  # somebody else has held the same at this moment
        same = Past(session, [told.reading]).known(told.reading)
        return replace(told, id=None if same is None else same.held)
    for held in waiting:
        note = f"entered again as reading {kept.id}, published {told.reading.published_on or 'on a day not said'}"
        stored.reject(session, held.id, note=note, now=now)
    return replace(told, outcome=kept.outcome, id=kept.id)


def _waiting_like(session: Session, reading: Reading) -> tuple[stored.Held, ...]:
    """Return what waits and says the same of the same fact, whatever its publication date."""
    return tuple(
        held
        for held in stored.held(session)
        if held.reading.indicator == reading.indicator
        and held.reading.key == reading.key
        and (held.reading.value, held.reading.yoy) == (reading.value, reading.yoy)
    )


def _overruled(told: Recorded, note: str) -> Reading:
    """Return the reading with the note that says why it counts in spite of what speaks against it."""
    why = sentence(told.reason, translator("en")) if told.reason else ""
    said = f"Entered although: {why} Because: {note}"
    return replace(told.reading, note=_joined(told.reading.note, said))


def _joined(*notes: str) -> str:
    return " ".join(note for note in notes if note)


def _line(
    number: int,
    cells: Mapping[str, str],
    known: KnownNames,
    start_of: Callable[[str], date | None],
    *,
    now: datetime,
    today: date,
) -> Line:
    try:
        reading, _, currency = read_typed(cells, known, now=now, today=today)
        reading = _from_its_start(reading, cells["period"], start_of)
    except RowError as error:
        return Line(number=number, outcome="unreadable", problems=error.problems)
    return Line(number=number, outcome="new", reading=reading, currency=currency)


def _judged(line: Line, judged: Judged | None, past: Past | None) -> Line:
    if judged is None or line.reading is None or past is None:
        return line
    reading = line.reading
    line = replace(line, outcome=judged.outcome, reason=judged.reason, id=judged.id, current=judged.current)
    same = past.known(reading) if judged.outcome == "known" and judged.id is None else None
    if same is None:
        return line
    return replace(line, id=same.held or same.id, waits=same.held is not None)


def _kept_line(line: Line, kept: Judged) -> Line:
    """Return a row as it was kept: one beside which only withdrawn figures stand is new, not a revision."""
    outcome = line.outcome if kept.outcome == "revised" else kept.outcome
    return replace(line, outcome=outcome, id=line.id or kept.id)


def _too_long(entry: Mapping[str, str]) -> list[Problem]:
    return [
        Problem("too_long", {"count": Decimal(len(text)), "most": Decimal(most)}, where=name)
        for name, text in entry.items()
        if len(text) > (most := LONGEST[name])
    ]
