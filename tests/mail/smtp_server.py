"""A real mail server on this machine that has bad days when it is told to."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 OK"


@dataclass(frozen=True)
class Taken:
    """A mail the server took, or a first time of one."""

    to: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class MailServer:
    """Takes mails; `on_recipient` and `on_data` return what it answers instead ("450 later"), "" hangs up."""

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, user: str = ""
    ) -> None:
        self.taken: list[Taken] = []
        self.on_recipient: Callable[[str], str] = lambda _to: TAKEN
        self.on_data: Callable[[Taken], str] = lambda _mail: TAKEN
        self.keeps_before_hanging_up = True
        more: dict[str, Any] = {"tls_context": starttls} if starttls else {}
        if user:
            more |= {"authenticator": _knows(user), "auth_require_tls": bool(starttls), "auth_required": True}
        self._controller = Controller(self, hostname="localhost", port=0, ssl_context=tls, **more)

    def __enter__(self) -> Self:
        knock = self._controller._trigger_server

        def knock_where_it_listens() -> None:
            self._controller.port = self.port
            knock()

        self._controller._trigger_server = knock_where_it_listens
        self._controller.start()
        return self

    def __exit__(self, *_gone: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.server.sockets[0].getsockname()[1])  # type: ignore[union-attr]

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.on_recipient(address)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        mail = Taken(envelope.rcpt_tos[0], bytes(envelope.content or b""))
        answer = self.on_data(mail)
        if answer == TAKEN or (not answer and self.keeps_before_hanging_up):
            self.taken.append(mail)
        if not answer:
            assert server.transport is not None
            server.transport.close()
        return answer or "250 never heard"


def _knows(user: str) -> Callable[..., AuthResult]:
    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        login, password = given.login.decode(), given.password.decode()
        return AuthResult(success=f"{login}:{password}" == user)

    return check


@contextlib.contextmanager
def talking(say: Callable[[socket.socket], None]) -> Iterator[int]:
    """Give the port of a server that says to whoever connects what `say` does, and nothing else."""
    listener = socket.create_server(("localhost", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                found, _ = listener.accept()
                held.append(found)
                say(found)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    for one in (listener, *held):
        one.close()


def certified(file: Path, name: str = "localhost") -> Path:
    """Write a certificate for a host and its key, and return the file."""
    key = file.with_suffix(".key")
    words = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name}"
    more = f"-addext subjectAltName=DNS:{name} -keyout {key} -out {file}"
    subprocess.run([*words.split(), *more.split()], check=True, capture_output=True)
    return file


def context_of(certificate: Path) -> ssl.SSLContext:
    """Return what a server shows a certificate by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


@dataclass
class Once:
    """Answers otherwise the first time it sees something: greylisting."""

    answer: str
    seen: set[str] = field(default_factory=set)

    def __call__(self, what: str) -> str:
        known = what in self.seen
        self.seen.add(what)
        return TAKEN if known else self.answer
