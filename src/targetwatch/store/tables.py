"""The tables. Rows live and die inside `store`; everything above sees the frozen values of `model`.

Rows are built only inside `store`, from values that were checked before (`table=True` classes do not validate). Types
are exact, constraints named.

Configured: nothing is ever deleted: what is no longer configured has `archived_at`. `managed_by` says who may change
a row, the file or the web. What a row says stands in its `terms`, the JSON of the value in `model`; what is asked for
by the database stands in a column of the same name instead.

Published: a reading row is never changed or deleted. `vintage` counts the versions of one fact: with it the fact's
identity is unique, so two processes that store the same reading at once cannot both succeed. `step` is "" where there
is none, because databases consider two nulls different.

What happened (the audit trail, ingest runs, status changes) is a record itself, so it is not audited; except for a
source's fetch state, its last documents and the horizon it only ever grows.

Mails: `outbox` holds what is to be told and not bound into a mail yet, `told` what each receiver was told last of what,
`mail` every mail that was bound, with its bytes. A receiver is a mailbox: an address in lower case.

People: a password is kept as its argon2 hash, the secret of a session or a token as its SHA-256 (it is 256 random
bits, so nothing has to slow a guess down). None of them enters the audit trail.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, MetaData, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from targetwatch.store.types import ExactDecimal

FACT = ("indicator", "publisher", "period_start", "period_end", "basis", "step")
"""What all vintages of one fact share."""
CONTENT = ("value", "qualifier", "rounding", "yoy", "provisional", "unit")
"""What a vintage says of its fact. The rest says who printed it, and in which words: evidence makes no new vintage."""
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Named constraints: a later migration can only drop what has a name."""

METADATA = MetaData(naming_convention=NAMES)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """The base of every table.

    A table is audited unless it says otherwise; `append_only` rows are never changed or deleted, and `secrets` are
    columns whose values never enter the audit trail.
    """

    audited: ClassVar[bool] = True
    append_only: ClassVar[bool] = False
    secrets: ClassVar[frozenset[str]] = frozenset()


class Record(Row):
    """A row that is itself the record of something."""

    audited: ClassVar[bool] = False


class Managed(Row):
    """What the file and the web share: a slug, who manages it, since when it is archived."""

    id: str = Field(primary_key=True)
    managed_by: str
    archived_at: datetime | None = None
    terms: dict[str, Any] = Field(sa_type=JSON)


class ProgrammeRow(Managed, table=True):
    """A heading several targets stand under."""

    __tablename__ = "programme"


class PublisherRow(Managed, table=True):
    """Whose count a reading is."""

    __tablename__ = "publisher"


class OwnerRow(Managed, table=True):
    """Who answers for a target."""

    __tablename__ = "owner"


class IndicatorRow(Managed, table=True):
    """What is measured, its release calendar, and what it is derived from."""

    __tablename__ = "indicator"

    authority: str | None


class SourceRow(Managed, table=True):
    """A channel by which readings reach us. Options are kept as written, `${VAR}` unexpanded: no secret is stored."""

    __tablename__ = "source"


class TargetRow(Managed, table=True):
    """One promise; what it says is in its versions. `revision` counts saves: two people cannot overwrite each other."""

    __tablename__ = "target"

    indicator: str = Field(foreign_key="indicator.id", index=True)
    programme: str | None = Field(foreign_key="programme.id", index=True)
    owner: str = Field(foreign_key="owner.id", index=True)
    revision: int


class TargetVersionRow(Row, table=True):
    """What a target promised from `effective` on. A correction is a further row of the same number, never an update."""

    __tablename__ = "target_version"
    append_only: ClassVar[bool] = True

    target: str = Field(primary_key=True, foreign_key="target.id")
    number: int = Field(primary_key=True)
    correction: int = Field(primary_key=True)
    recorded_at: datetime
    effective: date
    terms: dict[str, Any] = Field(sa_type=JSON)


class Published(Row):
    """One published fact, as stored or as held."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    indicator: str = Field(foreign_key="indicator.id")
    publisher: str
    period_start: date
    period_end: date
    basis: str
    step: str
    vintage: int
    value: Decimal = Field(sa_type=ExactDecimal)
    published_on: date | None
    recorded_at: datetime
    qualifier: str
    rounding: Decimal = Field(sa_type=ExactDecimal)
    yoy: Decimal | None = Field(sa_type=ExactDecimal)
    provisional: bool
    unit: str | None
    evidence_url: str
    quote: str
    note: str
    source: str


class ReadingRow(Published, table=True):
    """A reading that counts. Not audited row by row: `digest` and one audit entry per batch seal it."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint(*FACT, "vintage", name="uq_reading_vintage"),)
    audited: ClassVar[bool] = False
    append_only: ClassVar[bool] = True

    digest: str


class HeldRow(Published, table=True):
    """A reading kept out until a person decides: waiting, accepted (then `reading` is its id) or rejected."""

    __tablename__ = "held"
    __table_args__ = (UniqueConstraint(*FACT, "vintage", name="uq_held_vintage"),)

    reason: str
    status: str = Field(index=True)
    decided_at: datetime | None = None
    decided_by: str = ""
    decision_note: str = ""
    reading: int | None = Field(default=None, foreign_key="reading.id")


class WithdrawalRow(Row, table=True):
    """A reading was taken out of force ("withdraw") or put back ("restore"); the last one counts."""

    __tablename__ = "withdrawal"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reading: int = Field(foreign_key="reading.id", index=True)
    action: str
    at: datetime
    actor: str
    reason: str


class AuditRow(Record, table=True):
    """One change: who, when, what, from which values to which, why; `hash` covers it and the hash before it."""

    __tablename__ = "audit"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(index=True)
    actor: str = Field(index=True)
    action: str
    kind: str = Field(index=True)
    object: str = Field(index=True)
    old: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))
    new: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))
    reason: str
    hash: str


class AuditHeadRow(Record, table=True):
    """The last link of the audit chain, so that a trail cut short is noticed. There is one row, id 1."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entries: int
    hash: str


class IngestRunRow(Record, table=True):
    """One run of a source: when, how it ended, what it brought."""

    __tablename__ = "ingest_run"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str = Field(index=True)
    started_at: datetime
    finished_at: datetime
    outcome: str
    reason: str
    new: int
    known: int
    revised: int
    held: int
    problems: list[str] = Field(sa_type=JSON)
    request: str


class ArticleAnswerRow(Record, table=True):
    """What a person answered to an article: that it is done with, or (with an `indicator`) what in it is not ours."""

    __tablename__ = "article_answer"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    digest: str = Field(index=True)
    publisher: str = Field(index=True)
    indicator: str
    words: str
    actor: str
    at: datetime


class FetchStateRow(Record, table=True):
    """What a connector remembers between two fetches of a source (an ETag, say)."""

    __tablename__ = "fetch_state"

    source: str = Field(primary_key=True)
    state: dict[str, Any] = Field(sa_type=JSON)
    updated_at: datetime


class DocumentRow(Record, table=True):
    """The bytes of a document that a source gave, packed, in the `place` it had in its fetch.

    The last few fetches of a source are kept, so that a mended description reads them again. One that `waits` is in
    the inbox, for a person to read.
    """

    __tablename__ = "document"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str = Field(index=True)
    fetched_at: datetime
    place: int
    name: str
    content_type: str
    charset: str
    url: str
    published_on: date | None
    digest: str
    packed: bytes
    waits: bool


class StatusChangeRow(Record, table=True):
    """A target's performance became `new` on `on`; `number` counts a target's changes, so none is doubled.

    `verdict` holds the figures then; the sentences are those of rows kept before it was.
    """

    __tablename__ = "status_change"
    __table_args__ = (UniqueConstraint("target", "number"),)
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    target: str = Field(foreign_key="target.id")
    number: int
    version: int
    on: date
    old: str | None
    new: str
    rule: str
    sentence_en: str
    sentence_zh: str
    verdict: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    recorded_at: datetime


class HorizonRow(Record, table=True):
    """How far everything was judged when that was last kept, and how often it was kept. There is one row, id 1."""

    __tablename__ = "horizon"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    through: date
    reading: int
    withdrawal: int
    configured: int
    program: str
    number: int


class VerdictRow(Record, table=True):
    """What was found of a target when it was judged last, with the number of the horizon it was kept with."""

    __tablename__ = "verdict"

    target: str = Field(primary_key=True, foreign_key="target.id")
    number: int = Field(index=True)
    verdict: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    paces: list[float] = Field(sa_type=JSON)
    turn: date | None = None
    failed: str = ""


class PastVerdictsRow(Record, table=True):
    """What was found of some of the targets as of a past moment, packed, and how far everything was read for it.

    `number` counts the days kept: the lowest was kept longest ago.
    """

    __tablename__ = "past_verdicts"

    through: date = Field(primary_key=True)
    clock: str = Field(primary_key=True)
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    moment: datetime
    reading: int
    withdrawal: int
    configured: int
    program: str
    number: int
    packed: bytes


class LeaderRow(Record, table=True):
    """Who leads, or led last, of the processes on PostgreSQL, and how many have before. There is one row, id 1."""

    __tablename__ = "leader"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    term: int
    holder: str
    since: datetime | None = None


class LotRow(Record, table=True):
    """Targets to be judged at a horizon in a leader's term: who has them until when, and what was found."""

    __tablename__ = "lot"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    term: int
    program: str
    asked: dict[str, Any] = Field(sa_type=JSON)
    claim: str = ""
    until: datetime | None = None
    result: bytes | None = None


class UserRow(Row, table=True):
    """A person who may sign in. Nobody is deleted: the audit trail names them."""

    __tablename__ = "account"
    secrets: ClassVar[frozenset[str]] = frozenset({"password_hash"})

    name: str = Field(primary_key=True)
    title: str
    role: str
    password_hash: str
    one_time: bool = False
    subject: str | None = Field(default=None, unique=True)
    created_at: datetime
    disabled_at: datetime | None = None


class TokenRow(Row, table=True):
    """A program's key to the API."""

    __tablename__ = "token"
    secrets: ClassVar[frozenset[str]] = frozenset({"secret_hash"})

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    account: str = Field(foreign_key="account.name", index=True)
    title: str
    scope: str
    secret_hash: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class SessionRow(Record, table=True):
    """A browser that is signed in; the row goes when it signs out or is not heard of any more."""

    __tablename__ = "web_session"

    secret_hash: str = Field(primary_key=True)
    account: str = Field(foreign_key="account.name", index=True)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str | None = None


class OutboxRow(Record, table=True):
    """Something that may have to be told, until it is bound into a mail or found to be over."""

    __tablename__ = "outbox"

    receiver: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    noted_at: datetime


class ToldRow(Record, table=True):
    """What a receiver was told last about something, `said`, and what the newest mail for it says, `bound`."""

    __tablename__ = "told"

    receiver: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    said: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))
    bound: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))


class MailRow(Record, table=True):
    """One mail, bound before it was first tried: its bytes and Message-ID never change.

    `in_doubt`: an attempt began whose end is not known, so it may have arrived.
    """

    __tablename__ = "mail"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    message_id: str = Field(unique=True)
    receiver: str = Field(index=True)
    address: str
    kind: str
    subject: str
    content: bytes
    says: list[dict[str, Any]] = Field(sa_type=JSON)
    bound_at: datetime
    state: str = Field(index=True)
    in_doubt: bool
    attempts: int
    next_attempt_at: datetime
    ended_at: datetime | None = None
    problem: str = ""


class AcknowledgementRow(Row, table=True):
    """Somebody said "I know" of a target: no reminder until the day has passed. The last one of a target counts."""

    __tablename__ = "acknowledgement"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    target: str = Field(foreign_key="target.id", index=True)
    receiver: str
    by: str
    note: str
    until: date
    at: datetime


class UnsubscriptionRow(Row, table=True):
    """A receiver who wants neither digests nor reminders; deleted when that is taken back."""

    __tablename__ = "unsubscription"

    receiver: str = Field(primary_key=True)
    at: datetime


class FourEyesRow(Record, table=True):
    """Whether an admin chose that held figures need a second person; no row: it goes by the accounts."""

    __tablename__ = "four_eyes"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    is_on: bool
    chosen_at: datetime


class SecretKeyRow(Record, table=True):
    """What the links in mails are signed with where no setting names a key; the newest signs, all verify."""

    __tablename__ = "secret_key"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    secret: str
    made_at: datetime
