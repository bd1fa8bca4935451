"""What is let go of after a time: runs, mails that are done with, status changes, documents.

Readings and the audit trail are kept for ever, and of everything else what the next run, mail or judgement builds on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, inspect, select
from sqlmodel import col

from targetwatch.store.outbox import State
from targetwatch.store.runs import TROUBLE
from targetwatch.store.tables import DocumentRow, IngestRunRow, MailRow, StatusChangeRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

AT_ONCE = 500
"""So many rows go in one transaction: nobody who writes waits for long."""


def let_go(session: Session, kind: str, before: datetime) -> int:
    """Delete a few of the oldest rows of a kind that ended before a moment, and return how many."""
    table, is_old = KINDS[kind]
    # As tables, past the guard of what is append-only: the only place that deletes a record.
    rows, number = inspect(table).local_table, col(table.id)
    oldest = select(number).where(is_old(before)).order_by(number).limit(AT_ONCE)
    return session.connection().execute(delete(rows).where(rows.c.id.in_(oldest))).rowcount


def _runs(before: datetime) -> ColumnElement[bool]:
    """All but the last run of each source, and its last without trouble."""
    number, source = col(IngestRunRow.id), col(IngestRunRow.source)
    last = select(func.max(number)).group_by(source)
    good = last.where(col(IngestRunRow.outcome).not_in(TROUBLE))
    return and_(col(IngestRunRow.finished_at) < before, number.not_in(last), number.not_in(good))


def _mails(before: datetime) -> ColumnElement[bool]:
    """Those that do not wait any more; what they told stands apart from them."""
    return and_(col(MailRow.state) != State.WAITING.value, col(MailRow.ended_at) < before)


def _statuses(before: datetime) -> ColumnElement[bool]:
    """All but the last change of each target."""
    last = select(func.max(col(StatusChangeRow.id))).group_by(col(StatusChangeRow.target))
    return and_(col(StatusChangeRow.recorded_at) < before, col(StatusChangeRow.id).not_in(last))


def _documents(before: datetime) -> ColumnElement[bool]:
    """All but those in the inbox, and those that the last fetch of each source gave."""
    moment, number = col(DocumentRow.fetched_at), col(DocumentRow.id)
    last = select(moment).where(number.in_(select(func.max(number)).group_by(col(DocumentRow.source))))
    return and_(moment < before, moment.not_in(last), col(DocumentRow.waits).is_(False))


KINDS: Mapping[str, tuple[Any, Any]] = {
    "runs": (IngestRunRow, _runs),
    "mails": (MailRow, _mails),
    "statuses": (StatusChangeRow, _statuses),
    "documents": (DocumentRow, _documents),
}
"""What the settings `keep_..._days` speak of."""
