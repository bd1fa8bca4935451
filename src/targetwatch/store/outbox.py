"""What waits to be told, what was told last, and every mail with its fate; who said "I know", who wants fewer mails.

A mail's bytes and Message-ID are committed before its first attempt. An attempt is claimed, made and marked in
transactions of their own: a mail whose end is not known is tried again with the same bytes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from targetwatch.model import Acknowledgement
from targetwatch.store.db import next_id, slices
from targetwatch.store.tables import (
    AcknowledgementRow,
    MailRow,
    OutboxRow,
    SecretKeyRow,
    ToldRow,
    UnsubscriptionRow,
)
from targetwatch.store.types import value_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

CLAIMED_FOR = timedelta(minutes=3)
"""An attempt that has not ended after so long never will: its process is gone. Longer than SMTP is waited for."""
GIVEN_UP_AFTER = timedelta(days=7)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
"""A mail that was refused is tried again after a minute, then after twice as long each time, up to four hours."""
KEY_BYTES = 32


class State(StrEnum):
    """What became of a mail: it waits for an attempt, is sent, was given up, or a newer one tells it instead."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What may be told to whom: `about` is the id of a target, an indicator or a source."""

    receiver: str
    kind: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one thing; `bound` is what the newest mail for it says, sent or not. None: nothing yet."""

    said: Mapping[str, Any] | None
    bound: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail; `says` holds what it tells, by key, and `id` is its number once it is kept."""

    id: int = 0
    message_id: str
    receiver: str
    address: str
    kind: str
    subject: str
    content: bytes
    says: Mapping[Key, Mapping[str, Any]]
    bound_at: datetime
    state: State = State.WAITING
    in_doubt: bool = False
    attempts: int = 0
    next_attempt_at: datetime
    ended_at: datetime | None = None
    problem: str = ""


def note(session: Session, keys: Iterable[Key]) -> None:
    """Let it be told in the next mail, unless it waits for that already."""
    for key in sorted(set(keys) - waiting(session).keys()):
        session.add(OutboxRow.model_validate({**_columns(key), "noted_at": session.info["now"]}))
    session.flush()


def waiting(session: Session, receiver: str | None = None) -> dict[Key, datetime]:
    """Return what waits to be bound into a mail to a receiver (None: to any), with when it was noted."""
    query = select(OutboxRow)
    if receiver is not None:
        query = query.where(col(OutboxRow.receiver) == receiver)
    return {_key(row): row.noted_at for row in session.scalars(query)}


def settle(session: Session, keys: Iterable[Key]) -> None:
    """Let nothing of this wait any more: it is bound, or over."""
    for key in keys:
        row = session.get(OutboxRow, _identity(key))
        if row is not None:
            session.delete(row)
    session.flush()


def told(session: Session, about: Iterable[str] | None = None) -> dict[Key, Told]:
    """Return what was told `about` some things (None: about everything), "" about what has no name."""
    query = select(ToldRow)
    lots = [query] if about is None else [query.where(col(ToldRow.about).in_(some)) for some in slices(about)]
    return {_key(row): Told(row.said, row.bound) for lot in lots for row in session.scalars(lot)}


def take_as_told(session: Session, said: Mapping[Key, Mapping[str, Any] | None]) -> None:
    """Remember as told what nobody is going to be mailed; None: seen, and nothing told of it yet."""
    _remember(session, said, "said", "bound")


def forget(session: Session, keys: Iterable[Key]) -> None:
    """Forget what was told: it is nobody's business any more, or somebody else's."""
    for key in keys:
        row = session.get(ToldRow, _identity(key))
        if row is not None:
            session.delete(row)
    session.flush()


def bind(session: Session, mail: Mail) -> None:
    """Keep a mail that is to be sent, with what it says."""
    columns = {name: getattr(mail, name) for name in Mail.__dataclass_fields__}
    columns["says"] = [{**_columns(key), "says": dict(state)} for key, state in mail.says.items()]
    number = next_id(session, MailRow.id)
    session.add(MailRow.model_validate({**columns, "id": number, "state": mail.state.value}))
    _remember(session, mail.says, "bound")


def unsent(session: Session, receiver: str | None = None) -> tuple[Mail, ...]:
    """Return the mails that wait for an attempt, oldest first."""
    query = select(MailRow).where(col(MailRow.state) == State.WAITING.value).order_by(col(MailRow.id))
    if receiver is not None:
        query = query.where(col(MailRow.receiver) == receiver)
    return tuple(_mail(row) for row in session.scalars(query))


def mails(session: Session, *, states: Iterable[State] = tuple(State), limit: int = 100) -> tuple[Mail, ...]:
    """Return mails in some states, newest first."""
    wanted = [state.value for state in states]
    query = select(MailRow).where(col(MailRow.state).in_(wanted)).order_by(col(MailRow.id).desc()).limit(limit)
    return tuple(_mail(row) for row in session.scalars(query))


def counted(session: Session) -> dict[State, int]:
    """Return how many mails there are in each state."""
    query = select(col(MailRow.state), func.count()).group_by(col(MailRow.state))
    found = {state: count for state, count in session.connection().execute(query)}  # noqa: C416 - rows, no pairs
    return {state: found.get(state.value, 0) for state in State}


def is_due(next_attempt_at: datetime, now: datetime) -> bool:
    """Return whether an attempt is due; one further ahead than any is put was put there by a clock that was wrong."""
    return not now < next_attempt_at <= now + LONGEST_WAIT


def claim(session: Session, number: int, now: datetime) -> Mail | None:
    """Begin an attempt, and return the mail; None when another process has, or it does not wait any more.

    Until the attempt's end is marked the mail is in doubt, and tried again when CLAIMED_FOR has passed.
    """
    row = session.get(MailRow, number)
    if row is None or row.state != State.WAITING.value or not is_due(row.next_attempt_at, now):
        return None
    before = _mail(row)
    row.attempts, row.in_doubt, row.next_attempt_at = row.attempts + 1, True, now + CLAIMED_FOR
    session.flush()
    return before


def mark_sent(session: Session, number: int, now: datetime) -> None:
    """Remember that the server took a mail: what it says is told."""
    _end(session, number, State.SENT, now)


def mark_refused(session: Session, mail: Mail, *, problem: str, now: datetime, in_doubt: bool = False) -> State:
    """Remember why an attempt failed, and return what becomes of the mail: it waits longer, or is given up.

    `mail` is as before the attempt; `in_doubt`: the connection broke after all was sent, it may have arrived.
    """
    row = _row(session, mail.id)
    row.problem, row.in_doubt = problem, mail.in_doubt or in_doubt
    row.next_attempt_at = now + min(FIRST_WAIT * 2 ** min(mail.attempts, 20), LONGEST_WAIT)
    if now - mail.bound_at >= GIVEN_UP_AFTER:
        _end(session, mail.id, State.FAILED, now)
    session.flush()
    return State(row.state)


def replace_mail(session: Session, mail: Mail, now: datetime) -> None:
    """Let a mail not be sent (again): what it says is not true any more, or a newer one says it.

    One that may have arrived counts as told.
    """
    _end(session, mail.id, State.REPLACED, now)
    if not mail.in_doubt:
        for key in mail.says:
            row = session.get(ToldRow, _identity(key))
            if row is not None:
                row.bound = row.said
    session.flush()


def acknowledge(session: Session, given: Acknowledgement) -> None:
    """Keep that somebody knows; the last word about a target counts, one `until` a day that is over takes it back."""
    number = next_id(session, AcknowledgementRow.id)
    columns = {name: getattr(given, name) for name in Acknowledgement.__dataclass_fields__}
    session.add(AcknowledgementRow.model_validate({"id": number, **columns}))
    session.flush()


def acknowledgements(session: Session, day: date, *, by: datetime | None = None) -> dict[str, Acknowledgement]:
    """Return the acknowledgements that hold on `day`, by target; with `by` as they were given by that moment."""
    newest = select(func.max(col(AcknowledgementRow.id))).group_by(col(AcknowledgementRow.target))
    if by is not None:
        newest = newest.where(col(AcknowledgementRow.at) <= by)
    query = select(AcknowledgementRow).where(col(AcknowledgementRow.id).in_(newest))
    found = (value_from(Acknowledgement, row) for row in session.scalars(query))
    return {one.target: one for one in found if one.until >= day}


def unsubscribe(session: Session, receiver: str) -> None:
    """Send a receiver no digests and reminders any more."""
    if session.get(UnsubscriptionRow, receiver) is None:
        session.add(UnsubscriptionRow.model_validate({"receiver": receiver, "at": session.info["now"]}))
        session.flush()


def resubscribe(session: Session, receiver: str) -> None:
    """Send a receiver digests and reminders again."""
    row = session.get(UnsubscriptionRow, receiver)
    if row is not None:
        session.delete(row)
        session.flush()


def unsubscribed(session: Session) -> dict[str, datetime]:
    """Return the receivers who want neither digests nor reminders, with since when."""
    return {row.receiver: row.at for row in session.scalars(select(UnsubscriptionRow))}


def secret_keys(session: Session) -> tuple[str, ...]:
    """Return the keys that links were signed with, the newest, which signs, last; none before the first was made."""
    return tuple(session.scalars(select(col(SecretKeyRow.secret)).order_by(col(SecretKeyRow.id))))


def make_secret_key(session: Session) -> str:
    """Make a key that signs from now on."""
    secret = secrets.token_urlsafe(KEY_BYTES)
    row = {"id": next_id(session, SecretKeyRow.id), "secret": secret, "made_at": session.info["now"]}
    session.add(SecretKeyRow.model_validate(row))
    session.flush()
    return secret


def _end(session: Session, number: int, state: State, now: datetime) -> None:
    row = _row(session, number)
    if state is State.SENT or row.in_doubt:  # what may have arrived counts as told
        _remember(session, _mail(row).says, "said")
    row.state, row.ended_at = state.value, now
    if state is State.SENT:
        row.in_doubt, row.problem = False, ""
    session.flush()


def _remember(session: Session, states: Mapping[Key, Mapping[str, Any] | None], *columns: str) -> None:
    """Put a state into some columns of each key's row; there may be one for every target."""
    rows: dict[Key, ToldRow] = {}
    for some in slices(key.about for key in states):
        found = session.scalars(select(ToldRow).where(col(ToldRow.about).in_(some)))
        rows |= {_key(row): row for row in found}
    for key, state in states.items():
        row = rows.get(key)
        if row is None:
            row = ToldRow.model_validate({**_columns(key), "said": None, "bound": None})
            session.add(row)
        for column in columns:
            setattr(row, column, None if state is None else dict(state))
    session.flush()


def _row(session: Session, number: int) -> MailRow:
    return session.get_one(MailRow, number)


def _mail(row: MailRow) -> Mail:
    says = {Key(one["receiver"], one["kind"], one["about"]): one["says"] for one in row.says}
    return value_from(Mail, row, state=State(row.state), says=says)


def _key(row: OutboxRow | ToldRow) -> Key:
    return Key(row.receiver, row.kind, row.about)


def _columns(key: Key) -> dict[str, str]:
    return {"receiver": key.receiver, "kind": key.kind, "about": key.about}


def _identity(key: Key) -> tuple[str, str, str]:
    return key.receiver, key.kind, key.about
