"""A mail leaves five minutes after something is noted, in the hours of mails, on no holiday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from targetwatch.mail.due import WAIT, is_open, leaves_at
from targetwatch.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_what_comes_within_five_minutes_is_one_mail() -> None:
    assert timedelta(minutes=5) == WAIT


@pytest.mark.parametrize(
    ("noted_at", "leaves"),
    [
        ("2025-12-09 10:00", "2025-12-09 10:05"),
        ("2025-12-09 17:24", "2025-12-09 17:29"),
        ("2025-12-09 17:25", "2025-12-10 08:30"),
        ("2025-12-09 03:00", "2025-12-09 08:30"),
        ("2025-12-12 22:00", "2025-12-15 08:30"),
        ("2025-09-30 20:00", "2025-10-09 08:30"),
        ("2025-10-10 20:00", "2025-10-11 08:30"),
    ],
    ids=[
        "at work",
        "just before closing",
        "at closing",
        "before work",
        "a weekend",
        "a holiday",
        "a moved working day",
    ],
)
def test_a_mail_leaves_in_the_hours_of_the_zone_and_its_calendar(noted_at: str, leaves: str) -> None:
    assert leaves_at(local(noted_at).astimezone(UTC), Settings()) == local(leaves)


@pytest.mark.parametrize(
    ("hours", "noted_at", "leaves"),
    [
        ("always", "2025-10-01 03:00", "2025-10-01 03:05"),
        ("Sat-Sun 10:00-12:00", "2025-12-09 10:00", "2025-12-13 10:00"),
        ("Mon,Wed 10:00-12:00", "2025-12-09 10:00", "2025-12-10 10:00"),
        ("Mon-Thu 8:00-9:00", "2025-10-10 20:00", "2025-10-13 08:00"),
    ],
)
def test_other_hours_can_be_set(hours: str, noted_at: str, leaves: str) -> None:
    assert leaves_at(local(noted_at), Settings(mail_hours=hours)) == local(leaves)


def test_it_is_open_from_the_first_second_and_closed_at_the_last() -> None:
    assert is_open(local("2025-12-09 08:30:00"), Settings())
    assert is_open(local("2025-12-09 17:29:59"), Settings())
    assert not is_open(local("2025-12-09 08:29:59"), Settings())
    assert not is_open(local("2025-12-09 17:30:00"), Settings())
