"""What happened when sources were run: every run with its end, and what a connector remembers between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from targetwatch.errors import StoreError
from targetwatch.model.problem import Problem
from targetwatch.store.db import next_id
from targetwatch.store.tables import FetchStateRow, IngestRunRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

OUTCOMES = ("ok", "unchanged", "failed", "drifted")
"""A run brought readings (known ones too), found that the source has not changed, failed for `reason`, or found a
document that no longer looks as described: `problems` say in what, and nothing of it was stored."""
TROUBLE = ("failed", "drifted")
"""After these the last good values stay in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a source. `problems` are rows that could not be read; `request` is what was asked for."""

    source: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    reason: Problem | None = None
    new: int = 0
    known: int = 0
    revised: int = 0
    held: int = 0
    problems: tuple[Problem, ...] = ()
    request: str = ""
    id: int | None = None


def record(session: Session, run: Run) -> int:
    """Keep a run and return its number."""
    if run.outcome not in OUTCOMES:
        raise StoreError("unknown_outcome", where="run of", said=run.source, outcome=run.outcome, names=OUTCOMES)
    number = next_id(session, IngestRunRow.id)
    columns = {name: getattr(run, name) for name in Run.__slots__ if name != "id"}
    columns |= {
        "id": number,
        "reason": run.reason.to_text() if run.reason else "",
        "problems": [problem.to_text() for problem in run.problems],
    }
    session.add(IngestRunRow.model_validate(columns))
    session.flush()
    return number


def history(
    session: Session, source: str | None = None, *, limit: int | None = None, before_id: int | None = None
) -> tuple[Run, ...]:
    """Return the runs of a source (None: of all), newest first; page on with `before_id`."""
    query = select(IngestRunRow).order_by(col(IngestRunRow.id).desc()).limit(limit)
    if source is not None:
        query = query.where(col(IngestRunRow.source) == source)
    if before_id is not None:
        query = query.where(col(IngestRunRow.id) < before_id)
    return tuple(_run_of(row) for row in session.scalars(query))


def newest(session: Session) -> int:
    """Return the number of the last run of all; 0 before the first."""
    return next_id(session, IngestRunRow.id) - 1


def last(session: Session, sources: Iterable[str] | None = None) -> dict[str, Run]:
    """Return the last run of every source that ever ran, or of those named."""
    newest = select(func.max(col(IngestRunRow.id)))
    return {row.source: _run_of(row) for row in _newest(session, newest, sources)}


def last_success(session: Session, sources: Iterable[str] | None = None) -> dict[str, datetime]:
    """Return when the last run of every source ended without trouble; sources that never succeeded are absent."""
    newest = select(func.max(col(IngestRunRow.id))).where(col(IngestRunRow.outcome).not_in(TROUBLE))
    return {row.source: row.finished_at for row in _newest(session, newest, sources)}


def fetch_state(session: Session, source: str) -> dict[str, Any]:
    """Return what the connector of a source remembered; empty before its first run."""
    row = session.get(FetchStateRow, source)
    return dict(row.state) if row else {}


def save_fetch_state(session: Session, source: str, state: Mapping[str, Any], *, now: datetime) -> None:
    """Remember something for the next fetch of a source, in place of what was remembered."""
    row = session.get(FetchStateRow, source)
    if row is None:
        session.add(FetchStateRow.model_validate({"source": source, "state": dict(state), "updated_at": now}))
    else:
        row.state, row.updated_at = dict(state), now
    session.flush()


def _newest(session: Session, newest: Select[Any], sources: Iterable[str] | None) -> Iterator[IngestRunRow]:
    """Give the newest row of each source: all in one pass, or looked up by name, which walks no history."""
    name = col(IngestRunRow.source)
    if sources is None:
        query = select(IngestRunRow).where(col(IngestRunRow.id).in_(newest.group_by(name))).order_by(name)
        yield from session.scalars(query)
        return
    for source in sources:
        query = select(IngestRunRow).where(col(IngestRunRow.id).in_(newest.where(name == source)))
        yield from session.scalars(query)


def _run_of(row: IngestRunRow) -> Run:
    problems = tuple(Problem.from_text(text) for text in row.problems)
    return value_from(Run, row, reason=Problem.from_text(row.reason) if row.reason else None, problems=problems)
