"""The way of a mail: noted when it becomes true, bound into bytes, tried until it is taken, and remembered.

Noting happens in the transaction that keeps the status changes. Binding and every attempt have transactions of their
own: whatever is cut off in between is found by the next pass. It is handed to a server
within a deadline: the only place that speaks SMTP.
"""

from __future__ import annotations

import logging
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.policy import SMTP
from email.utils import make_msgid
from threading import Timer
from typing import TYPE_CHECKING, Any

from targetwatch.errors import StoreError
from targetwatch.mail import due, weekly
from targetwatch.mail.compose import compose
from targetwatch.mail.due import Present, is_open, leaves_at
from targetwatch.mail.letter import Kind, Letter, News
from targetwatch.settings import Settings, SmtpServer, read_sender
from targetwatch.store import db, outbox, runs, statuses
from targetwatch.store import readings as stored
from targetwatch.store.outbox import Mail

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

    from targetwatch.model import Reading, Snapshot, StatusChange
    from targetwatch.store.outbox import Key
    from targetwatch.store.runs import Run

log = logging.getLogger(__name__)
ACTOR = "service"
REFUSED, BROKEN = "refused", "broken"
"""An attempt that will be repeated, a mail that could not be written; any other outcome is the state of a mail."""
STEP_SECONDS = 20
"""How long a server may take for one answer."""
DEADLINE_SECONDS = 60
"""How long it may take for everything; shorter than an attempt is claimed for."""
LONGEST_ANSWER = 300
"""So many signs of what a server answered are kept."""
READY, RECIPIENT_TAKEN = 220, (250, 251)
DONE = 250


@dataclass(frozen=True, slots=True)
class ToBind:
    """What a mail is bound on: whose it is, what waits to be told, how all stands, which mails are unsent."""

    receiver: str
    keys: set[Key]
    present: Present
    unsent: tuple[Mail, ...]


@dataclass(slots=True, kw_only=True)
class Outbox:
    """The mails of a service: where they are kept, who takes them, what is counted of them.

    `current` returns the snapshot in force, `readings` those of an indicator, `deliver` hands a mail to a server.
    """

    engine: Engine
    settings: Settings
    current: Callable[[], Snapshot | None]
    readings: Callable[[str], Sequence[Reading]]
    deliver: Callable[[Mail, Settings], None]
    count: Callable[[str], None] = field(default=lambda _outcome: None)
    keys: tuple[str, ...] = ()

    def note(self, session: Session, snapshot: Snapshot, names: Collection[str] | None) -> None:
        """Write what has to be told of some targets (None: of all), in the transaction that keeps their changes."""
        present = present_of(session, snapshot)
        about = None if names is None else {*names, *_indicators(present, names), *present.runs, ""}
        told = outbox.told(session, about)
        old = due.gone(present, told)
        seen = due.first_seen(present, told, names)
        outbox.forget(session, old)
        outbox.take_as_told(session, seen)
        told = {key: one for key, one in told.items() if key not in old}
        told |= {key: outbox.Told(said, said) for key, said in seen.items()}
        outbox.note(session, due.due(present, told, names))
        self._note_digests(session, present, told)

    def _note_digests(self, session: Session, present: Present, told: Mapping[Key, outbox.Told]) -> None:
        """Let the digests of a week that has begun be told; whoever is to get one for the first time waits a week."""
        for key in weekly.readers(present):
            bound = told[key].bound if key in told else None
            if bound is None:
                empty = weekly.digest_of(key.receiver, present, {})
                outbox.take_as_told(session, {key: weekly.state_of_digest(empty, key.receiver, present)})
            elif weekly.is_due(bound, present.day):
                outbox.note(session, [key])

    def run(self, now: datetime) -> None:
        """Bind what has waited long enough, then try what is due: one pass."""
        self.bind(now)
        self.send(now)

    def bind(self, now: datetime) -> None:
        """Bind into one mail for each receiver what came within the time that mails wait, in the hours of mails."""
        snapshot = self.current()
        if snapshot is None or not is_open(now, self.settings):
            return
        with db.reading(self.engine) as session:
            waiting = outbox.waiting(session)
            if not waiting:
                return
            present, unsent = present_of(session, snapshot), outbox.unsent(session)
        keys_of: dict[str, set[Key]] = {}
        for key in waiting:
            keys_of.setdefault(key.receiver, set()).add(key)
        for receiver, keys in sorted(keys_of.items()):
            noted_at = min(waiting[key] for key in keys)
            if noted_at <= now < leaves_at(noted_at, self.settings):  # noted in the future, the clock was wrong
                continue
            try:
                for is_digest, bind in ((False, self._bind), (True, self._bind_digest)):
                    if some := {key for key in keys if (key.kind == Kind.DIGEST.value) is is_digest}:
                        bind(ToBind(receiver, some, present, _of_kind(unsent, receiver, is_digest=is_digest)), now)
            except StoreError:
                raise
            except Exception:
                log.exception("a mail could not be written")  # the others are; it is tried again in the next pass
                self.count(BROKEN)

    def send(self, now: datetime) -> None:
        """Try every mail that is due; one that is not true any more is not sent, what is left of it told anew."""
        if not is_open(now, self.settings):
            return
        snapshot = self.current()
        if snapshot is None:
            return
        with db.reading(self.engine) as session:
            unsent, present = outbox.unsent(session), present_of(session, snapshot)
        for mail in unsent:
            if not all(due.is_true(key, state, present) for key, state in mail.says.items()):
                self._replace(mail, present, now)
            elif outbox.is_due(mail.next_attempt_at, now) and not self._try(mail, now):
                break  # no other would get through either

    def _bind(self, basis: ToBind, now: datetime) -> None:
        """Bind one receiver's news, worst first, in place of a mail that nobody can have got yet."""
        replaced = [mail for mail in basis.unsent if not mail.in_doubt]
        everything = sorted({*basis.keys, *(key for mail in replaced for key in mail.says)})
        with db.reading(self.engine) as session:
            said = _said(outbox.told(session, {key.about for key in everything}), basis.unsent)
            found = {key: due.news(key, said.get(key), basis.present, _changes(session, key)) for key in everything}
        news = sorted(
            ((key, one) for key, one in found.items() if one is not None), key=lambda one: due.severity(one[1])
        )
        mail = self._mail(basis.receiver, news, said, basis.present, now) if news else None
        self._keep(basis, mail, replaced, now)

    def _bind_digest(self, basis: ToBind, now: datetime) -> None:
        """Bind the digest of a receiver in place of last week's; when nothing in it is new there is none this week."""
        (key,), present = basis.keys, basis.present
        names = {target.id for target in weekly.targets_of(key.receiver, present)}
        with db.reading(self.engine) as session:
            told = outbox.told(session, [key.about])[key].said or {}
            changes = statuses.latest(session, names)
        one = weekly.digest_of(key.receiver, present, changes, told)
        state = weekly.state_of_digest(one, key.receiver, present)
        mail = None
        if weekly.is_new(one, state, told) and key in set(weekly.readers(present)):
            mail = self._bound(self._letter(key.receiver, present, now, digest=one), Kind.DIGEST, {key: state})
        self._keep(basis, mail, basis.unsent, now, told={} if mail else {key: {**told, "week": state["week"]}})

    def _keep(
        self,
        basis: ToBind,
        mail: Mail | None,
        replaced: Sequence[Mail],
        now: datetime,
        *,
        told: Mapping[Key, Mapping[str, Any]] | None = None,
    ) -> None:
        """Keep a mail in place of others, unless what its news were compared with is not so any more."""
        with db.writing(self.engine, ACTOR, now=now) as session:
            is_digest = any(key.kind == Kind.DIGEST.value for key in basis.keys)
            unsent = _of_kind(outbox.unsent(session, basis.receiver), basis.receiver, is_digest=is_digest)
            is_waiting = basis.keys <= outbox.waiting(session, basis.receiver).keys()
            if unsent != basis.unsent or not is_waiting or self.current() is not basis.present.snapshot:
                return
            for one in replaced:
                outbox.replace_mail(session, one, now)
            outbox.take_as_told(session, told or {})
            if mail is not None:
                outbox.bind(session, mail)
            outbox.settle(session, basis.keys)
        for _ in replaced:
            self.count(outbox.State.REPLACED.value)

    def _mail(
        self,
        receiver: str,
        news: Sequence[tuple[Key, News]],
        said: Mapping[Key, Mapping[str, Any]],
        present: Present,
        now: datetime,
    ) -> Mail:
        threads = [str(said.get(key, {}).get("thread", "")) if due.goes_on(one) else "" for key, one in news]
        letter = self._letter(
            receiver, present, now, news=tuple(one for _, one in news), in_reply_to=next(filter(None, threads), "")
        )
        says = {
            key: due.says(one, present.day, thread=thread or letter.message_id)
            for (key, one), thread in zip(news, threads, strict=True)
        }
        return self._bound(letter, news[0][1].kind, says)

    def _letter(self, receiver: str, present: Present, now: datetime, **content: Any) -> Letter:  # noqa: ANN401 - its fields
        return Letter(
            receiver=present.receivers[receiver],
            day=present.day,
            message_id=make_msgid("targetwatch", domain=read_sender(self.settings.mail_from).domain),
            written_at=now,
            simulated=present.snapshot.simulated,
            **content,
        )

    def _bound(self, letter: Letter, kind: Kind, says: Mapping[Key, Mapping[str, Any]]) -> Mail:
        message = compose(letter, settings=self.settings, keys=self.keys, readings=self.readings)
        return outbox.Mail(
            message_id=letter.message_id,
            receiver=letter.receiver.id,
            address=letter.receiver.email,
            kind=kind.value,
            subject=str(message["Subject"]),
            content=message.as_bytes(policy=SMTP),
            says=says,
            bound_at=letter.written_at,
            next_attempt_at=letter.written_at,
        )

    def _replace(self, mail: Mail, present: Present, now: datetime) -> None:
        """Let a mail not be sent that is not true any more; what of it still is waits to be told."""
        with db.writing(self.engine, ACTOR, now=now) as session:
            outbox.replace_mail(session, mail, now)
            bound = {key: one.bound for key, one in outbox.told(session, {key.about for key in mail.says}).items()}
            outbox.note(session, {key for key in mail.says if due.news(key, bound.get(key), present) is not None})
        self.count(outbox.State.REPLACED.value)

    def _try(self, mail: Mail, now: datetime) -> bool:
        """Make one attempt, and return whether another mail can be tried now."""
        with db.writing(self.engine, ACTOR, now=now) as session:
            claimed = outbox.claim(session, mail.id, now)
        if claimed is None:
            return True
        try:
            self.deliver(claimed, self.settings)
        except Refused as error:
            with db.writing(self.engine, ACTOR, now=now) as session:
                state = outbox.mark_refused(session, claimed, problem=error.answer, now=now, in_doubt=error.in_doubt)
            self.count(REFUSED if state is outbox.State.WAITING else state.value)
            log.warning("mail %s: refused (%s), %s", claimed.message_id, error.answer, state.value)
            return not error.of_server
        with db.writing(self.engine, ACTOR, now=now) as session:
            outbox.mark_sent(session, claimed.id, now)
        self.count(outbox.State.SENT.value)
        log.info("mail %s: sent, %s", claimed.message_id, claimed.kind)
        return True


def present_of(session: Session, snapshot: Snapshot) -> Present:
    """Return all that a mail can tell now; on a simulated clock nothing of sources, whose runs are today's."""
    sources = [] if snapshot.simulated else [one.id for one in snapshot.catalogue.sources if one.enabled]
    last = {name: runs.history(session, name, limit=due.FAILED_RUNS) for name in sources}
    return Present(
        snapshot=snapshot,
        runs=last,
        brought={name: stored.brought(session, name) for name, some in last.items() if _has_failed(some)},
        acknowledged=outbox.acknowledgements(session, snapshot.as_of.day),
        unsubscribed=outbox.unsubscribed(session).keys(),
    )


def _of_kind(unsent: Iterable[Mail], receiver: str, *, is_digest: bool) -> tuple[Mail, ...]:
    """Return a receiver's digests, or all else, among mails."""
    mine = (mail for mail in unsent if mail.receiver == receiver)
    return tuple(mail for mail in mine if (mail.kind == Kind.DIGEST.value) is is_digest)


def _has_failed(some: Iterable[Run]) -> bool:
    return any(run.outcome in runs.TROUBLE for run in some)


def _said(told: Mapping[Key, outbox.Told], unsent: Iterable[Mail]) -> dict[Key, Mapping[str, Any]]:
    """Return what receivers were told, a mail counted that may have arrived."""
    said = {key: one.said for key, one in told.items() if one.said is not None}
    for mail in unsent:
        said |= mail.says if mail.in_doubt else {}
    return said


def _changes(session: Session, key: Key) -> tuple[StatusChange, ...]:
    return statuses.load(session, key.about) if key.kind == due.TARGET else ()


def _indicators(present: Present, names: Collection[str]) -> set[str]:
    return {present.targets[name].indicator for name in names if name in present.targets}


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
