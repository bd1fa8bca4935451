"""The documents that sources gave last, as bytes, the inbox, and the articles that are done with."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from targetwatch.errors import NotFoundError
from targetwatch.model import FetchedDocument
from targetwatch.store.db import next_id
from targetwatch.store.tables import ArticleAnswerRow, DocumentRow
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

FETCHES_KEPT = 10
"""A source that publishes by the month keeps most of a year."""
MOST_WAITING = 200
"""How many documents of one source wait in the inbox; the oldest gives way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """A document of a source, with its number and when it was fetched."""

    id: int
    source: str
    fetched_at: datetime
    document: FetchedDocument


def keep(
    session: Session, source: str, documents: Sequence[FetchedDocument], *, now: datetime, wait: bool = False
) -> None:
    """Keep what one fetch gave, and let go of what is older than the last few; nothing new, nothing is kept.

    Documents that are to `wait` for a person stay until they are settled.
    """
    known = select(col(DocumentRow.digest)).where(
        col(DocumentRow.source) == source, col(DocumentRow.fetched_at).in_(_moments(source, 1))
    )
    digests = [one.digest for one in documents]
    if not documents or digests == list(session.scalars(known.order_by(col(DocumentRow.place)))):
        return
    number = next_id(session, DocumentRow.id)
    for place, (one, digest) in enumerate(zip(documents, digests, strict=True)):
        columns = {name: getattr(one, name) for name in FetchedDocument.__slots__ if name != "data"}
        columns |= {"id": number + place, "source": source, "fetched_at": now, "place": place, "digest": digest}
        session.add(DocumentRow.model_validate({**columns, "packed": zlib.compress(one.data), "waits": wait}))
    session.flush()
    _let_go(session, source)


def last(session: Session, source: str, *, fetches: int = 1) -> tuple[KeptDocument, ...]:
    """Return what the last few fetches of a source gave, oldest first."""
    query = (
        select(DocumentRow)
        .where(col(DocumentRow.source) == source, col(DocumentRow.fetched_at).in_(_moments(source, fetches)))
        .order_by(col(DocumentRow.id))
    )
    return tuple(_kept(row) for row in session.scalars(query))


def of_numbers(session: Session, numbers: Sequence[int]) -> tuple[KeptDocument, ...]:
    """Return documents by their numbers, in this order; those that were let go are left out."""
    rows = (session.get(DocumentRow, number) for number in numbers)
    return tuple(_kept(row) for row in rows if row is not None)


def waiting(session: Session, source: str | None = None) -> tuple[KeptDocument, ...]:
    """Return what waits in the inbox, of one source or of all, newest first."""
    query = select(DocumentRow).where(col(DocumentRow.waits)).order_by(col(DocumentRow.id).desc())
    if source is not None:
        query = query.where(col(DocumentRow.source) == source)
    return tuple(_kept(row) for row in session.scalars(query))


def settle(session: Session, number: int) -> None:
    """Take a document out of the inbox.

    Raises:
        NotFoundError: there is none of that number.
    """
    row = session.get(DocumentRow, number)
    if row is None:
        raise NotFoundError("document", str(number))
    row.waits = False
    session.flush()


def _moments(source: str, fetches: int) -> Select[datetime]:
    """Select when the last few fetches of a source were made: the last stored, whatever the clock said then."""
    moment = col(DocumentRow.fetched_at)
    query = select(moment).where(col(DocumentRow.source) == source).group_by(moment)
    return query.order_by(func.max(col(DocumentRow.id)).desc()).limit(fetches)


def _let_go(session: Session, source: str) -> None:
    columns = (
        col(DocumentRow.id),
        col(DocumentRow.fetched_at),
        col(DocumentRow.waits),
    )
    rows = session.execute(select(*columns).where(col(DocumentRow.source) == source)).all()
    moments = set(session.scalars(_moments(source, FETCHES_KEPT)))
    waits = sorted((number for number, _, waits in rows if waits), reverse=True)[:MOST_WAITING]
    for number, moment, _ in rows:
        if moment not in moments and number not in waits:
            session.delete(session.get_one(DocumentRow, number))
    session.flush()


def _kept(row: DocumentRow) -> KeptDocument:
    document = value_from(FetchedDocument, row, data=zlib.decompress(row.packed))
    return value_from(KeptDocument, row, document=document)


def answer(
    session: Session, digest: str, publisher: str, *, dismissed: Iterable[tuple[str, str]], actor: str, now: datetime
) -> None:
    """Keep that an article is done with, and which words of it are not about the indicator they were taken for."""
    number = next_id(session, ArticleAnswerRow.id)
    for place, (indicator, words) in enumerate([("", ""), *dismissed]):
        columns = {"id": number + place, "digest": digest, "publisher": publisher, "indicator": indicator}
        session.add(ArticleAnswerRow.model_validate(columns | {"words": words, "actor": actor, "at": now}))
    session.flush()


def answered(session: Session, digest: str) -> tuple[str, datetime] | None:
    """Return who was done with an article last, and when; None when nobody was."""
    query = select(col(ArticleAnswerRow.actor), col(ArticleAnswerRow.at)).where(
        col(ArticleAnswerRow.digest) == digest, col(ArticleAnswerRow.indicator) == ""
    )
    found = session.execute(query.order_by(col(ArticleAnswerRow.id).desc()).limit(1)).one_or_none()
    return None if found is None else (found[0], found[1])


def dismissed(session: Session, publisher: str) -> frozenset[tuple[str, str]]:
    """Return the indicators and words that are not ours when this publisher says them."""
    query = select(col(ArticleAnswerRow.indicator), col(ArticleAnswerRow.words)).where(
        col(ArticleAnswerRow.publisher) == publisher, col(ArticleAnswerRow.indicator) != ""
    )
    return frozenset((indicator, words) for indicator, words in session.execute(query))
