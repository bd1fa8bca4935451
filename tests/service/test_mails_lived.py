"""2025 lived again by the service itself, its mails in a drawer: few, true, each change once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from commands import PROJECT
from real_service import prepare
from targetwatch.evaluation.days import is_holiday
from targetwatch.mail.due import LATE, TARGET, TELLING
from targetwatch.model import AsOf, Performance
from targetwatch.service.backfill import Lived, live
from targetwatch.settings import Settings
from targetwatch.store import db
from targetwatch.watch import take

BESIDES_DIGESTS = 15
ANNOUNCED = date(2025, 2, 7)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    file = tmp_path_factory.mktemp("lived") / "targetwatch.db"
    prepare(file).dispose()
    return Settings(database_url=f"sqlite:///{file}", config_dir=PROJECT / "config")


@pytest.fixture(scope="module")
def lived(settings: Settings) -> Lived:
    return live(settings, date(2025, 1, 1), date(2025, 12, 31))


def test_the_port_office_gets_no_more_than_fifteen_mails_besides_digests(lived: Lived) -> None:
    counts = Counter(mail.address for _, mail in lived.mails if mail.kind != "digest")
    assert 0 < counts["ilstc@example.org"] <= BESIDES_DIGESTS
    assert set(counts) == {"ilstc@example.org", "commerce@example.org", "government@example.org"}


def test_one_mailbox_gets_one_mail_a_day_in_the_hours_of_work(lived: Lived) -> None:
    assert max(Counter((day, mail.receiver) for day, mail in lived.mails).values()) == 1
    for day, mail in lived.mails:
        assert not is_holiday(day, "CN"), mail.subject
        local = mail.bound_at.astimezone(Settings().zone)
        assert (local.date(), local.hour, local.minute) == (day, 8, 30)


def test_no_mail_is_false_on_its_day(lived: Lived, settings: Settings) -> None:
    engine = db.create_engine(settings.database_url)
    for day, mail in lived.mails:
        moment = AsOf.end_of(day, settings.zone)
        with db.reading(engine) as session:
            snapshot = take(session, moment, taken_at=moment.moment)
        for key, state in mail.says.items():
            if key.kind == TARGET:
                assert snapshot.verdicts[key.about].performance == state["performance"], (day, mail.subject)
            if key.kind == LATE:
                due = {one.next_release_due for one in snapshot.verdicts.values() if one.indicator == key.about}
                assert date.fromisoformat(state["due"]) in due, (day, mail.subject)
    engine.dispose()


def test_nothing_late_is_told_on_the_day_of_the_announcement_or_soon_after(lived: Lived) -> None:
    late = [day for day, mail in lived.mails if any(key.kind == LATE for key in mail.says)]
    assert late
    assert min(late) > ANNOUNCED + timedelta(days=30)


def test_every_change_worth_a_mail_is_told_exactly_once(lived: Lived) -> None:
    first = {key.about for _, mail in lived.mails for key in mail.says if key.kind == TARGET}
    changes = [
        one for one in lived.changes if one.new in TELLING or (one.new is Performance.ON_TRACK and one.old in TELLING)
    ]
    tellings = [
        (key.about, str(state["performance"]), state["since"], mail.kind)
        for _, mail in lived.mails
        for key, state in mail.says.items()
        if key.kind == TARGET
    ]
    told = Counter((about, performance, since) for about, performance, since, kind in tellings if kind != "still")
    wanted = {(one.target, one.new.value, one.on.isoformat()) for one in changes}
    assert {key for key in told if key in wanted} == wanted
    assert all(told[key] == 1 for key in wanted)
    assert first >= {one.target for one in changes}


def test_the_mails_of_one_trouble_are_a_thread(lived: Lived) -> None:
    routes = [
        message_from_bytes(mail.content, policy=policy.default)
        for _, mail in lived.mails
        if any(key.about == "routes-2025" for key in mail.says) and len(mail.says) == 1
    ]
    assert len(routes) > 2
    assert {one["In-Reply-To"] for one in routes[1:]} == {routes[0]["Message-ID"]}


def test_nothing_of_it_is_kept(lived: Lived, settings: Settings, tmp_path: Path) -> None:
    del lived, tmp_path
    engine = db.create_engine(settings.database_url)
    with engine.connect() as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("mail", "told", "outbox", "status_change", "horizon")
        ]
    engine.dispose()
    assert counts == [0] * 5
