"""The signed links in a mail, by which its reader answers without an account: who they are, and about what.

A link is a right given to one mailbox: whoever holds it may say "I know" of one target, or want fewer mails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from targetwatch.errors import TargetwatchError

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
