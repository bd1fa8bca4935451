"""What one mail says, as values: the news it tells, to whom, as of which day. Knows no words, database or socket.

Its links are signed, and its reader answers by them without an account. A link is a right given to one mailbox: whoever
holds it may say "I know" of one target, or want fewer mails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from targetwatch.errors import TargetwatchError
from targetwatch.model import (
    Acknowledgement,
    Indicator,
    Owner,
    Performance,
    Source,
    StatusChange,
    Steward,
    Target,
    Verdict,
)
from targetwatch.store.runs import Run


class Kind(StrEnum):
    """Why something is told."""

    CHANGE = "change"
    LATE = "late"
    SOURCE = "source"
    HELD = "held"
    STILL = "still"
    DIGEST = "digest"


def mailbox(person: Owner | Steward) -> str:
    """Return the id of whoever reads the mail of an owner or steward: the address in lower case, "" without one."""
    return person.email.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A mailbox, which may be several owners' or stewards': it is told once. `id` is its address in lower case."""

    id: str
    name: str
    email: str
    language: str
    is_owner: bool = True

    @classmethod
    def at(cls, person: Owner | Steward, *, is_owner: bool = True) -> Receiver | None:
        """Return where the mail of an owner or steward goes; None without an address."""
        if not person.email:
            return None
        name, language = person.name[person.language], person.language
        return cls(id=mailbox(person), name=name, email=person.email, language=language, is_owner=is_owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a mail said of a target, and the figures it rested on: what the next one compares with.

    `began_on` is the first day of the trouble (None: none), `steps_done` counts milestones, `thread` is the Message-ID
    that the mails about this trouble answer.
    """

    performance: Performance
    since: date | None = None
    began_on: date | None = None
    told_on: date
    data_through: date | None = None
    actual_value: Decimal | None = None
    steps_done: int = 0
    attainment_probability: float | None = None
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing told in a mail. `verdict` is the one in force when the mail is bound.

    `told` is what this receiver was last told of the target (None: nothing), `then` the figures that rested on,
    `between` the steps since, newest first, without the present one; `corrected`: a corrected or withdrawn figure moved
    the status; `began_on`: first day of the trouble.
    """

    kind: Kind
    target: Target | None = None
    indicator: Indicator | None = None
    verdict: Verdict | None = None
    told: Performance | None = None
    then: Said | None = None
    between: tuple[StatusChange, ...] = ()
    corrected: bool = False
    began_on: date | None = None
    acknowledged: Acknowledgement | None = None
    late_since: date | None = None
    """The day the release was due that is late."""
    source: Source | None = None
    run: Run | None = None
    """The last run of the source."""
    mended: bool = False
    held: tuple[tuple[Indicator, int], ...] = ()
    """How many figures wait, by indicator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """One target in a digest."""

    target: Target
    indicator: Indicator
    verdict: Verdict
    change: StatusChange | None = None
    acknowledged: Acknowledgement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A week in one mail: what changed in it, what lags, which releases are due and which deadlines come."""

    since: date
    changed: tuple[TargetLine, ...] = ()
    lagging: tuple[TargetLine, ...] = ()
    releases: tuple[tuple[Indicator, date], ...] = ()
    deadlines: tuple[TargetLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail: `news` worst first, or a digest. `in_reply_to` is the Message-ID its thread began with, "" for none."""

    receiver: Receiver
    day: date
    news: tuple[News, ...] = ()
    digest: Digest | None = None
    message_id: str
    in_reply_to: str = ""
    written_at: datetime
    simulated: bool = False


VALID = timedelta(days=180)
SALT = "targetwatch mail"
KNOW, UNSUBSCRIBE = "know", "unsubscribe"


class LinkError(TargetwatchError):
    """A link that was not signed here ("link_forged") or too long ago ("link_old"), or that leads nowhere any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who may answer by a link, and of which target ("" where it is about all mails)."""

    receiver: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses of this service as a mail's reader reaches them; all are "" where no external address is set.

    `keys` sign, the newest last; the older ones are still believed.
    """

    url: str
    keys: tuple[str, ...]
    day: date

    def page(self, path: str) -> str:
        """Return the address of a page."""
        return f"{self.url}/{path}" if self.url else ""

    def know(self, receiver: str, target: str) -> str:
        """Return where a receiver says that they know of a target's trouble."""
        return self._signed(KNOW, receiver, target)

    def unsubscribe(self, receiver: str) -> str:
        """Return where a receiver asks for no digests and reminders any more."""
        return self._signed(UNSUBSCRIBE, receiver)

    def _signed(self, act: str, *about: str) -> str:
        if not self.url or not self.keys:
            return ""
        return f"{self.url}/{act}/{_serializer(self.keys, act).dumps([self.day.toordinal(), *about])!s}"


def read(token: str, act: str, *, keys: tuple[str, ...], today: date) -> Answer:
    """Return who answers by the link of an act, and of which target.

    Raises:
        LinkError: it was not signed with one of the keys for this act, or more than 180 days ago.
    """
    try:
        day, *about = _serializer(keys, act).loads(token)
    except BadData as error:
        raise LinkError("link_forged") from error
    if today - date.fromordinal(day) > VALID:
        raise LinkError("link_old", days=VALID.days)
    return Answer(*about)


def _serializer(keys: tuple[str, ...], act: str) -> URLSafeSerializer:
    return URLSafeSerializer(list(keys), salt=f"{SALT} {act}", signer_kwargs={"digest_method": sha256})
