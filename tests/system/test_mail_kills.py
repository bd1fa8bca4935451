"""The service killed at random moments, a mail server away for days: every change is told once, under one Message-ID.

`pytest tests/system/test_mail_kills.py --thorough` kills it twenty times over the whole of 2025; in the suite
`mail/test_mail_outbox` kills what sends at every commit, in one process.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from commands import PROJECT
from mail.smtp_server import TAKEN, MailServer
from real_service import prepare
from targetwatch.mail.due import TARGET, reminders
from targetwatch.store import db, outbox, statuses
from targetwatch.store.outbox import State

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(3_600)]
LIVING = PROJECT / "tests" / "mail" / "living.py"
AWAY = timedelta(days=4)


@dataclass(frozen=True)
class Stretch:
    """What is lived, how often it is killed, and from when the mail server is away for four days."""

    first: date
    last: date
    kills: int
    away_from: date


YEAR = Stretch(date(2025, 1, 1), date(2025, 12, 31), 20, date(2025, 12, 9))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kills") / "targetwatch.db"
    prepare(file).dispose()
    return file


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def test_every_change_is_told_once_over_kills_and_an_absence_of_the_mail_server(
    database: Path, server: MailServer, tmp_path: Path
) -> None:
    undisturbed = lived(database, tmp_path / "calm.db", YEAR, server, kills=0)
    server.taken.clear()
    gone = {YEAR.away_from + timedelta(days=number) for number in range(AWAY.days)}
    server.on_recipient = lambda _to: "421 away" if today(tmp_path / "killed.db") in gone else TAKEN
    disturbed = lived(database, tmp_path / "killed.db", YEAR, server, kills=YEAR.kills)
    assert told(disturbed) == told(undisturbed) != {}
    by_id = defaultdict(set)
    for mail in server.taken:
        by_id[mail.message_id].add(mail.content)
    assert all(len(contents) == 1 for contents in by_id.values()), "other bytes under one Message-ID"
    assert {one.message_id for one in disturbed} == set(by_id), "what arrived is what is remembered as sent"


def lived(database: Path, mails: Path, stretch: Stretch, server: MailServer, *, kills: int) -> tuple[outbox.Mail, ...]:
    """Live the stretch, killing the service at random moments, and return the mails that were sent."""
    dice, days = random.Random(2025), (stretch.last - stretch.first).days
    seconds = 0.02 if kills else 0.0
    words = [str(database), str(mails), str(stretch.first), str(stretch.last), server.url, str(seconds)]
    for number in range(kills + 1):
        process = subprocess.Popen([sys.executable, str(LIVING), *words], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        wanted = stretch.first + timedelta(days=round((number + 1) * days / (kills + 1) - dice.random() * 3))
        for line in process.stdout:
            if number < kills and date.fromisoformat(line.strip()) >= wanted:
                time.sleep(dice.random() * 0.1)
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.close()
        ended = process.wait(60)
        assert ended == (-signal.SIGKILL if number < kills else 0)
    engine = db.create_engine(f"sqlite:///{mails}")
    with db.reading(engine) as session:
        assert outbox.counted(session)[State.WAITING] == 0
        sent = outbox.mails(session, states=[State.SENT], limit=1000)
    engine.dispose()
    return tuple(reversed(sent))


def told(mails: tuple[outbox.Mail, ...]) -> dict[tuple[str, str], list[str]]:
    """Return by receiver and target which statuses were told, one after another."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for mail in mails:
        assert message_from_bytes(mail.content, policy=policy.default)["Message-ID"] == mail.message_id
        for key, state in mail.says.items():
            if key.kind != TARGET:
                continue
            spoken = found[key.receiver, key.about]
            if spoken and spoken[-1]["performance"] == state["performance"]:
                assert is_worth_repeating(spoken[-1], state), (mail.subject, spoken[-1], state)
            spoken.append(state)
    return {
        key: [name for name, _ in groupby(str(one["performance"]) for one in spoken)] for key, spoken in found.items()
    }


def is_worth_repeating(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Return whether a new figure has come, or it was time for a reminder."""
    began = date.fromisoformat(now["began_on"])
    lasted = [reminders((date.fromisoformat(one["told_on"]) - began).days) for one in (before, now)]
    figures = [[one.get(name) for name in ("data_through", "actual_value", "steps_done")] for one in (before, now)]
    return lasted[0] < lasted[1] or figures[0] != figures[1]


def today(mails: Path) -> date | None:
    """Return the day that the service is living."""
    engine = db.create_engine(f"sqlite:///{mails}")
    with db.reading(engine) as session:
        found = statuses.horizon(session)
    engine.dispose()
    return None if found is None else found.through
