"""What people answered to articles: those done with, and by publisher the words that are about nothing of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from targetwatch.store.db import next_id
from targetwatch.store.tables import ArticleAnswerRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


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
