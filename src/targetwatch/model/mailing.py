"""By which server mails leave, in which hours, from whom: how the settings write it, and what is wrong with that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import parse_qsl, unquote, urlsplit

from targetwatch.model.problem import Problem

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPAN = re.compile(r"([A-Za-z,-]+) +(\d{1,2}):(\d\d) *- *(\d{1,2}):(\d\d)")
PORT, PORT_OF_USERS, PORT_TLS = 25, 587, 465
STARTTLS = ("required", "offered", "off")


@dataclass(frozen=True, slots=True)
class MailHours:
    """On which weekdays (0: Monday) mails leave, from when until when; `always` knows no holidays either."""

    days: frozenset[int] = frozenset(range(7))
    opens: time = time.min
    closes: time = time.max
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server: TLS from the start (`tls`), or STARTTLS required, used when it is offered, or off."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: str = "offered"


def read_hours(said: str) -> MailHours:
    """Return the hours of "Mon-Fri 8:30-17:30" or "always"; ValueError for anything else.

    >>> read_hours("Mon-Wed,Sat 8:00-12:30").days == frozenset({0, 1, 2, 5})
    True
    """
    if said.strip().lower() == "always":
        return MailHours(always=True)
    found = SPAN.fullmatch(said.strip())
    days = found and _days(found[1])
    if not found or not days:
        raise ValueError(Problem("setting_no_hours", {"given": said}))
    try:
        opens, closes = time(int(found[2]), int(found[3])), time(int(found[4]), int(found[5]))
    except ValueError:
        raise ValueError(Problem("setting_no_hours", {"given": said})) from None
    if closes <= opens:
        raise ValueError(Problem("setting_no_hours", {"given": said}))
    return MailHours(days, opens, closes)


def read_server(said: str) -> SmtpServer:
    """Return the server of smtp://user:password@host:port or smtps://...; ValueError, which never shows the password.

    With a user STARTTLS is required, unless ?starttls= says otherwise.
    """
    parts = urlsplit(said)
    try:
        port = parts.port
    except ValueError:
        port = -1
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls = options.pop("starttls", "required" if parts.username else "offered")
    tls = parts.scheme == "smtps"
    wrong = (
        parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or port == -1
        or bool(parts.username) == (parts.password is None)
    )
    if wrong or parts.path.strip("/") or options or starttls not in STARTTLS or (tls and "starttls" in parts.query):
        raise ValueError(Problem("setting_no_server", {"options": STARTTLS}))
    return SmtpServer(
        host=str(parts.hostname),
        port=port or (PORT_TLS if tls else PORT_OF_USERS if parts.username else PORT),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=starttls,
    )


def read_sender(said: str) -> Address:
    """Return the sender of "targets@example.org" or "Targets <targets@example.org>"; ValueError for anything else."""
    name, address = parseaddr(said)
    try:
        sender = Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError):
        raise ValueError(Problem("setting_no_sender", {"given": said})) from None
    if not (sender.username and sender.domain and address.isascii() and said.isprintable()):
        raise ValueError(Problem("setting_no_sender", {"given": said}))
    return sender


def _days(said: str) -> frozenset[int]:
    found: set[int] = set()
    for part in said.split(","):
        first, dash, last = (name.strip().capitalize() for name in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            return frozenset()
        start, end = DAYS.index(first), DAYS.index(last or first)
        found |= set(range(start, end + 1)) if start <= end else {*range(start, 7), *range(end + 1)}
    return frozenset(found)
