"""One mail, one server, and each way in which it does not go through."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from mail.smtp_server import MailServer, Taken, certified, context_of, talking
from targetwatch.mail import outbox
from targetwatch.mail.outbox import Refused, deliver
from targetwatch.settings import Settings
from targetwatch.store.outbox import CLAIMED_FOR, Mail

AT = datetime(2025, 6, 10, 2, tzinfo=UTC)
TEXT = "一行中文\n.a line that begins with a point\n..\nthe end\n"


def mail(address: str = "port@example.org") -> Mail:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "targets@example.org", address, "Off track"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(TEXT)
    content = message.as_bytes(policy=SMTP)
    return Mail(
        message_id="<1@example.org>",
        receiver=address,
        address=address,
        kind="change",
        subject="Off track",
        content=content,
        says={},
        bound_at=AT,
        next_attempt_at=AT,
    )


def settings(url: str) -> Settings:
    return Settings(smtp_url=url, mail_from="Targets <targets@example.org>")


def refused(url: str, address: str = "port@example.org") -> Refused:
    with pytest.raises(Refused) as caught:
        deliver(mail(address), settings(url))
    return caught.value


def test_what_arrives_is_what_was_bound_byte_for_byte(server: MailServer) -> None:
    deliver(mail(), settings(server.url))
    (one,) = server.taken
    assert (one.to, one.content.rstrip()) == ("port@example.org", mail().content.rstrip())
    assert one.message.get_content().replace("\r\n", "\n").strip() == TEXT.strip()


@pytest.mark.parametrize("answer", ["550 no such mailbox", "450 greylisted, come back later", "452 mailbox is full"])
def test_a_refused_receiver_concerns_no_other_mail(server: MailServer, answer: str) -> None:
    server.on_recipient = lambda _to: answer
    error = refused(server.url)
    assert (error.answer, error.in_doubt, error.of_server) == (answer, False, False)


def test_a_refused_content_is_no_doubt(server: MailServer) -> None:
    server.on_data = lambda _mail: "554 smells of spam"
    error = refused(server.url)
    assert (error.answer, error.in_doubt) == ("554 smells of spam", False)


def test_a_server_that_hangs_up_after_it_has_all_leaves_a_doubt(server: MailServer) -> None:
    server.on_data = lambda _mail: ""
    error = refused(server.url)
    assert (error.in_doubt, error.of_server) == (True, True)


def test_a_server_that_is_not_there_says_so_for_all_mails() -> None:
    with socket.create_server(("localhost", 0)) as gone:
        port = gone.getsockname()[1]
    error = refused(f"smtp://localhost:{port}")
    assert (error.in_doubt, error.of_server) == (False, True)
    assert "refused" in error.answer.lower()


def test_a_server_that_closes_its_door_says_so_for_all_mails() -> None:
    with talking(lambda one: one.sendall(b"421 too busy\r\n")) as port:
        error = refused(f"smtp://localhost:{port}")
    assert (error.answer, error.of_server) == ("421 too busy", True)


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "STEP_SECONDS", 0.2)
    with talking(lambda _one: None) as port:
        error = refused(f"smtp://localhost:{port}")
    assert (error.in_doubt, error.of_server) == (False, True)


def test_a_server_that_drips_is_cut_off_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "DEADLINE_SECONDS", 0.3)

    def drip(one: socket.socket) -> None:
        for _ in range(200):
            one.sendall(b"2")
            time.sleep(0.05)

    with talking(drip) as port:
        error = refused(f"smtp://localhost:{port}")
    assert error.of_server


def test_a_handshake_that_never_ends_is_cut_off_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "DEADLINE_SECONDS", 0.3)
    with talking(lambda _one: None) as port:
        error = refused(f"smtps://localhost:{port}")
    assert error.of_server


def test_the_deadline_is_shorter_than_an_attempt_is_claimed_for() -> None:
    assert outbox.STEP_SECONDS < outbox.DEADLINE_SECONDS
    assert CLAIMED_FOR.total_seconds() >= 2 * outbox.DEADLINE_SECONDS


def test_a_user_is_not_named_to_a_server_without_tls(server: MailServer) -> None:
    error = refused(server.url.replace("smtp://", "smtp://li:s3cret@"))
    assert (error.answer, error.of_server) == ("no STARTTLS is offered", True)


@pytest.mark.parametrize("way", ["starttls", "tls"])
@pytest.mark.parametrize("password", ["right", "wrong"])
def test_a_server_with_a_known_certificate_is_spoken_to_in_tls(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, way: str, password: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    more: dict[str, Any] = {way: context_of(certificate), "user": "li:right" if way == "starttls" else ""}
    with MailServer(**more) as server:
        scheme = "smtp" if way == "starttls" else "smtps"
        who = f"li:{password}@" if way == "starttls" else ""
        url = f"{scheme}://{who}localhost:{server.port}"
        if password == "wrong" and who:
            assert refused(url).of_server
            return
        deliver(mail(), settings(url))
        assert len(server.taken) == 1


@pytest.mark.parametrize("way", ["starttls", "tls"])
@pytest.mark.parametrize("name", ["localhost", "elsewhere.example.org"])
def test_a_certificate_nobody_vouches_for_or_of_another_host_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, name: str
) -> None:
    certificate = certified(tmp_path / "other.pem", name)
    if name != "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    more: dict[str, Any] = {way: context_of(certificate)}
    with MailServer(**more) as server:
        error = refused(f"{'smtp' if way == 'starttls' else 'smtps'}://localhost:{server.port}")
        assert server.taken == []
    assert error.of_server
    assert "certificate" in error.answer.lower()


def test_an_address_that_no_server_understands_stops_no_other_mail(server: MailServer) -> None:
    error = refused(server.url, "口岸@example.org")
    assert (error.in_doubt, error.of_server) == (False, False)


def test_what_a_server_says_is_kept_short(server: MailServer) -> None:
    server.on_recipient = lambda _to: "550 " + "no " * 140
    assert len(refused(server.url).answer) == outbox.LONGEST_ANSWER


def test_what_was_taken_says_who_it_was_for() -> None:
    assert Taken("a@example.org", mail().content).message_id == "<1@example.org>"
