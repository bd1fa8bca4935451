"""Many readings typed or pasted at once: row by row what becomes of each, then stored all together or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from targetwatch.connectors import RowError
from targetwatch.errors import NotFoundError
from targetwatch.ingest.intake import Judged, judge, store
from targetwatch.ingest.settle import Known
from targetwatch.ingest.typed import read_typed
from targetwatch.store import catalogue as stored_catalogue
from targetwatch.store import db
from targetwatch.store.readings.past import Past
from targetwatch.wording.problems import in_english

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Engine

    from targetwatch.model import Catalogue, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row and what becomes of it: `new`, `revised`, `known`, `held` (`reason` says why), or `unreadable`.

    `problems` are the sentences of an unreadable row, "field: what is wrong". `id` is the number it is stored, held or
    known under; `waits` says that it is known because it was held before.
    """

    number: int
    outcome: str
    reading: Reading | None = None
    current: Reading | None = None
    reason: str = ""
    problems: tuple[str, ...] = ()
    id: int | None = None
    waits: bool = False


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
        known = Known.of(catalogue or stored_catalogue.load(session))
        read = [_read(number, cells, known, now=now, today=today) for number, cells in rows]
        found = [(line.reading, str(line.number)) for line in read if line.reading is not None]
        judged = judge(session, found, known.indicators, today=today)
        past = Past(session, [reading for reading, _ in found]) if found else None
    by_number = {int(one.place): one for one in judged}
    table = Table(tuple(_told(line, by_number.get(line.number), past) for line in read))
    if dry_run or not table.may_be_stored(hold=hold):
        return table
    with db.writing(engine, actor, reason=reason, now=now) as session:
        kept = {int(one.place): one for one in store(session, judged, now=now)}
    lines = [
        replace(line, outcome=kept[line.number].outcome, id=line.id or kept[line.number].id) for line in table.lines
    ]
    return Table(tuple(lines), stored=True)


def _read(number: int, cells: Mapping[str, str], known: Known, *, now: datetime, today: date) -> Line:
    try:
        reading, _ = read_typed(cells, known, now=now, today=today)
    except RowError as error:
        return Line(number=number, outcome="unreadable", problems=tuple(str(problem) for problem in error.problems))
    except NotFoundError as error:
        return Line(number=number, outcome="unreadable", problems=(in_english(error),))
    return Line(number=number, outcome="new", reading=reading)


def _told(line: Line, judged: Judged | None, past: Past | None) -> Line:
    if judged is None or line.reading is None or past is None:
        return line
    reading = line.reading
    line = replace(line, outcome=judged.outcome, reason=judged.reason, id=judged.id, current=judged.current)
    same = past.known(reading) if judged.outcome == "known" and judged.id is None else None
    if same is None:
        return line
    return replace(line, id=same.held or same.id, waits=same.held is not None)
