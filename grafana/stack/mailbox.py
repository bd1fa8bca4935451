"""A mail catcher: takes every mail and delivers none, so that one can see what would be sent."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from aiosmtpd.controller import Controller

from targetwatch.mail.compose import page

if TYPE_CHECKING:
    from datetime import date

    from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"
REFUSED = "451 try again later"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived; `html` has its pictures inside."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: dict[str, str]

    @property
    def day(self) -> date | None:
        """Return the day in its head: on a simulated clock the day that is lived again."""
        said = self.headers.get("date")
        return parsedate_to_datetime(said).date() if said else None


@dataclass
class Mailbox:
    """Every mail since the start, oldest first; while `refusing` it answers as an overloaded server does."""

    mails: list[Mail] = field(default_factory=list)
    refusing: bool = False
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def to(self, address: str) -> list[Mail]:
        """Return the mails to `address`, oldest first."""
        with self._lock:
            return [mail for mail in self.mails if address in mail.to]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM: accept, or refuse for now."""
        del server, session
        if self.refusing:
            self.refused += 1
            return REFUSED
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        """Keep the mail."""
        del server, session
        mail = _read(tuple(envelope.rcpt_tos), cast("bytes", envelope.content))
        with self._lock:
            self.mails.append(mail)
        return ACCEPTED


def serve(mailbox: Mailbox, *, host: str = "127.0.0.1", port: int = 0) -> Controller:
    """Start taking mail in a thread, at a free port where none is named; `stop()` the controller in the end.

    AUTH LOGIN is left out: aiosmtpd's does not get on with Alertmanager's.
    """
    port = port or free_port(host)  # aiosmtpd knocks at its own door by the number it was given
    controller = Controller(mailbox, hostname=host, port=port, auth_exclude_mechanism=["LOGIN"])
    controller.start()
    return controller


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens at now."""
    with socket.create_server((host, 0)) as free:
        return int(free.getsockname()[1])


def _read(to: tuple[str, ...], content: bytes) -> Mail:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)

    def part(kind: str) -> str:
        body = message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""

    subject = str(make_header(decode_header(str(message["Subject"]))))
    headers = {name.lower(): str(value) for name, value in message.items()}
    return Mail(to, subject, part("plain"), page(message), headers)
