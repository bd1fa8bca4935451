"""The real service: a replay mails the one server named on its command line and nobody else."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from grafana.stack.mailbox import free_port

from commands import PROJECT, environment
from forked import Program
from mail.smtp_server import MailServer
from real_service import prepare

pytestmark = pytest.mark.system
PATIENCE_SECONDS = 90
FIRST_MAILS = 2


@pytest.mark.parametrize("is_named", [True, False])
def test_a_simulated_clock_mails_nobody_but_the_server_named(tmp_path: Path, is_named: bool) -> None:  # noqa: FBT001
    prepare(tmp_path / "targetwatch.db").dispose()
    words = ["serve", "--port", str(free_port()), "--replay", "2025-03-10..2025-03-30", "--day", "0.05s"]
    with MailServer() as real, MailServer() as sink, (tmp_path / "log").open("w", encoding="utf-8") as log:
        words += ["--mail-sink", sink.url] if is_named else []
        mailing = {"TARGETWATCH_SMTP_URL": real.url, "TARGETWATCH_MAIL_FROM": "targets@example.org"}
        running = Program(
            [sys.executable, "-m", "targetwatch", *words],
            env=environment(tmp_path / "targetwatch.db", **mailing),
            cwd=PROJECT,
            stdout=log,
            stderr=log,
        )
        try:
            end = time.monotonic() + PATIENCE_SECONDS
            while not is_over(sink, tmp_path / "log", is_named=is_named) and time.monotonic() < end:
                assert running.poll() is None, (tmp_path / "log").read_text(encoding="utf-8")
                time.sleep(0.2)
        finally:
            running.terminate()
            running.wait(30)
        assert real.taken == []
        assert len(sink.taken) == (FIRST_MAILS if is_named else 0)
        assert all("[Simulated]" in str(mail.message["Subject"]) for mail in sink.taken)


def is_over(sink: MailServer, log: Path, *, is_named: bool) -> bool:
    """Return whether the mails have come, or were told not to."""
    said = log.read_text(encoding="utf-8")
    return len(sink.taken) >= FIRST_MAILS if is_named else "no mail is sent: the clock is simulated" in said
