"""Which mail a change of figures or of a target would lead to, and when it would leave: told beside what is typed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from targetwatch.mail import due
from targetwatch.mail.due import leaves_at
from targetwatch.mail.letter import Kind
from targetwatch.model import Performance, Target, Verdict
from targetwatch.settings import Settings


@dataclass(frozen=True, slots=True)
class MailToCome:
    """One mail to a target's owner: what it would say (`again`: still), when about."""

    target: Target
    performance: Performance
    at: datetime
    again: bool = False


def mail(
    target: Target,
    now: Verdict | None,
    then: Verdict | None,
    *,
    known_at: datetime,
    settings: Settings,
    acknowledged: Collection[str] = (),
    new_owner: bool = False,
) -> MailToCome | None:
    """Return the mail that a verdict turning from `now` to `then` at `known_at` leads to; None when there is none.

    Nothing leaves without a mail server, to an owner without an address, or again about a target that is acknowledged.
    """
    if then is None or settings.smtp_url is None or not target.owner.email:
        return None
    kind = due.turn(now, then, known_at.astimezone(settings.zone).date(), new_owner=new_owner)
    if kind is None or (kind is Kind.STILL and target.id in acknowledged):
        return None
    at = leaves_at(known_at, settings).replace(second=0, microsecond=0)
    return MailToCome(target, then.performance, at, again=kind is Kind.STILL)
