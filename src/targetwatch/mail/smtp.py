"""One mail handed to a server, within a deadline. The only place that speaks SMTP."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from threading import Timer

from targetwatch.model.mailing import SmtpServer, read_sender
from targetwatch.settings import Settings
from targetwatch.store.outbox import Mail

STEP_SECONDS = 20
"""How long a server may take for one answer."""
DEADLINE_SECONDS = 60
"""How long it may take for everything; shorter than an attempt is claimed for."""
LONGEST_ANSWER = 300
"""So many signs of what a server answered are kept."""
READY, RECIPIENT_TAKEN = 220, (250, 251)
DONE = 250


class Refused(Exception):  # noqa: N818 - what the server did, and no error of ours
    """A mail did not get through: `answer` says why.

    `in_doubt`: all was sent and no answer came, so it may have arrived. `of_server`: no other would get through now.
    """

    def __init__(self, answer: str, *, in_doubt: bool = False, of_server: bool = False) -> None:
        super().__init__(answer)
        self.answer, self.in_doubt, self.of_server = answer[:LONGEST_ANSWER], in_doubt, of_server


def deliver(mail: Mail, settings: Settings) -> None:
    """Hand a mail to the server of the settings; Refused when it does not take it."""
    server = settings.smtp_server
    assert server is not None
    sender = read_sender(settings.mail_from)
    connection = smtplib.SMTP(local_hostname=sender.domain, timeout=STEP_SECONDS)  # else it asks the DNS who it is
    deadline = Timer(DEADLINE_SECONDS, _cut, [connection])
    deadline.daemon = True
    deadline.start()
    is_ready = is_sent = False
    try:
        _open(connection, server)
        is_ready = True
        _expect(connection.mail(sender.addr_spec), DONE)
        _expect(connection.rcpt(mail.address), *RECIPIENT_TAKEN)
        is_sent = True
        _expect(connection.data(mail.content), DONE)
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        raise Refused(f"{error.smtp_code} {said}", of_server=not is_ready) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        answer = str(error) or type(error).__name__
        raise Refused(answer, in_doubt=is_sent, of_server=not (is_ready and isinstance(error, ValueError))) from error
    finally:
        deadline.cancel()
        connection.close()


def _open(connection: smtplib.SMTP, server: SmtpServer) -> None:
    """Connect, as securely as the settings ask for, and sign in."""
    connection.sock = socket.create_connection((server.host, server.port), STEP_SECONDS)
    if server.tls:
        _secure(connection, server)
    _expect(connection.getreply(), READY)
    connection.ehlo_or_helo_if_needed()
    if not server.tls and server.starttls != "off":
        if connection.has_extn("starttls"):
            _expect(connection.docmd("STARTTLS"), READY)
            _secure(connection, server)
            connection.ehlo()
        elif server.starttls == "required":
            raise smtplib.SMTPNotSupportedError("no STARTTLS is offered")
    if server.user:
        connection.login(server.user, server.password)


def _secure(connection: smtplib.SMTP, server: SmtpServer) -> None:
    """Go on in TLS; an error when the certificate is not that of the server."""
    assert connection.sock is not None
    context = ssl.create_default_context()
    # the handshake comes second: what takes too long can only be cut when it is held
    secured = context.wrap_socket(connection.sock, server_hostname=server.host, do_handshake_on_connect=False)
    connection.sock, connection.file = secured, None
    secured.do_handshake()


def _expect(reply: tuple[int, bytes], *expected: int) -> None:
    code, said = reply
    if code not in expected:
        raise smtplib.SMTPResponseException(code, said)


def _cut(connection: smtplib.SMTP) -> None:
    """End what takes too long, whatever it waits for."""
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
