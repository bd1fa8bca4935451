"""The mail that a page foretells is the one the outbox would bind: the same comparison, the same hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builders import day, indicator, target
from targetwatch.evaluation import evaluate
from targetwatch.model import Performance
from targetwatch.settings import Settings
from targetwatch.web import lookup

SETTINGS = Settings(smtp_url="smtp://mail.example.org", mail_from="targets@example.org")
BASE = evaluate(target(), indicator(), [], date(2025, 12, 9))
NOON = datetime(2025, 12, 9, 4, 0, tzinfo=UTC)
ON, RISK, OFF = Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK
DONE, MISSED, WAITING = Performance.ACHIEVED, Performance.MISSED, Performance.AWAITING_DATA


def verdict(performance: Performance, since: str = "2025-12-09", through: str = "2025-10-31") -> Any:
    return replace(BASE, performance=performance, performance_since=day(since), data_through=day(through))


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        (verdict(ON), verdict(OFF), True),
        (verdict(ON), verdict(RISK), True),
        (verdict(RISK), verdict(OFF), True),
        (verdict(OFF), verdict(ON), True),
        (verdict(RISK), verdict(ON), True),
        (verdict(ON), verdict(DONE), True),
        (verdict(OFF), verdict(MISSED), True),
        (verdict(ON), verdict(DONE, "2025-11-01"), True),
        (verdict(OFF), verdict(OFF), False),
        (verdict(OFF, "2025-10-02"), verdict(OFF, "2025-07-18"), False),
        (verdict(ON), verdict(WAITING), False),
        (verdict(WAITING), verdict(ON), False),
        (None, verdict(OFF), True),
        (None, verdict(ON), False),
        (None, verdict(MISSED, "2025-11-25"), False),
        (None, verdict(MISSED, "2025-11-26"), True),
    ],
)
def test_a_mail_is_foretold_where_a_status_turns(now: Any, then: Any, told: bool) -> None:  # noqa: FBT001
    found = lookup.mail_to_come(target(), now, then, known_at=NOON, settings=SETTINGS)
    assert (found is not None) is told
    if found is not None:
        at = datetime(2025, 12, 9, 12, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert (found.performance, found.at, found.again) == (then.performance, at, False)


def test_a_new_figure_of_a_target_that_still_lags_is_told_again_unless_somebody_knows() -> None:
    turn = (target(), verdict(OFF), verdict(OFF, through="2025-11-30"))
    found = lookup.mail_to_come(*turn, known_at=NOON, settings=SETTINGS)
    assert found is not None
    assert found.again
    assert lookup.mail_to_come(*turn, known_at=NOON, settings=SETTINGS, acknowledged={target().id}) is None


def test_nothing_is_foretold_to_an_owner_without_an_address_or_without_a_mail_server() -> None:
    nobody = target(owner=replace(target().owner, email=""))
    assert lookup.mail_to_come(nobody, verdict(ON), verdict(OFF), known_at=NOON, settings=SETTINGS) is None
    assert lookup.mail_to_come(target(), verdict(ON), verdict(OFF), known_at=NOON, settings=Settings()) is None
