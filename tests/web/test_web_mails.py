from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from builders import day, indicator, target
from targetwatch.evaluation import evaluate
from targetwatch.model import Performance
from targetwatch.settings import Settings
from targetwatch.web import mails

PROJECT = Path(__file__).parent.parent.parent
SETTINGS = Settings()
BASE = evaluate(target(), indicator(), [], date(2025, 12, 9))


def alertmanager() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "grafana/alertmanager/alertmanager.yml").read_text())
    return found


def seconds(text: str) -> timedelta:
    units = {"m": 60, "h": 3600, "d": 86400}
    return timedelta(seconds=int(text[:-1]) * units[text[-1]])


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=mails.QUIET_ZONE)


def test_the_waiting_times_are_those_of_the_rules_as_shipped() -> None:
    rules = yaml.safe_load((PROJECT / "grafana/rules/alerts.yaml").read_text())
    (targets,) = [group for group in rules["groups"] if group["name"] == "targetwatch.targets"]
    assert {seconds(rule["for"]) for rule in targets["rules"]} == {mails.PATIENCE}
    told = {rule["alert"].removeprefix("TargetwatchTarget"): rule["expr"] for rule in targets["rules"]}
    assert set(told) == {"OffTrack", "AtRisk", "Missed", "Achieved", "BackOnTrack"}
    for name in ("Missed", "Achieved"):
        assert f"status_age_seconds < {mails.NEWS_DAYS.days} * 86400" in told[name]
    recording = yaml.safe_load((PROJECT / "grafana/rules/recording.yaml").read_text())["groups"][0]
    scrape = yaml.safe_load((PROJECT / "grafana/prometheus/prometheus.yml").read_text())["global"]["scrape_interval"]
    assert seconds(scrape) + seconds(targets["interval"]) == mails.TAKES
    assert seconds(recording["interval"]) <= seconds(targets["interval"])


def test_the_waiting_times_are_those_of_alertmanager_as_shipped() -> None:
    routes = [route for route in alertmanager()["route"]["routes"] if route["receiver"] in {"owners", "stewards"}]
    told = [
        route for route in routes if any("performance" in matcher or "news" in matcher for matcher in route["matchers"])
    ]
    assert len(told) == 3
    for route in told:
        assert (seconds(route["group_wait"]), seconds(route["group_interval"])) == (
            mails.GROUP_WAIT,
            mails.GROUP_INTERVAL,
        )
        assert route["mute_time_intervals"] == ["quiet-hours"]


def test_the_quiet_hours_are_those_of_alertmanager_as_shipped() -> None:
    (quiet,) = [one for one in alertmanager()["time_intervals"] if one["name"] == "quiet-hours"]
    morning, evening = quiet["time_intervals"]
    assert {one["location"] for one in (morning, evening)} == {str(mails.QUIET_ZONE)}
    assert [time.fromisoformat(one["times"][0]["end_time"]) for one in (morning,)] == [mails.QUIET_UNTIL]
    assert [time.fromisoformat(one["times"][0]["start_time"]) for one in (evening,)] == [mails.QUIET_FROM]


@pytest.mark.parametrize(
    ("known_at", "leaves_at"),
    [
        ("2025-12-09 10:00", "2025-12-09 10:37"),
        ("2025-12-09 16:52", "2025-12-09 17:29"),
        ("2025-12-09 16:55", "2025-12-10 08:32"),
        ("2025-12-12 22:00", "2025-12-15 08:37"),
        ("2025-09-30 20:00", "2025-10-09 08:37"),
        ("2025-10-10 20:00", "2025-10-11 08:37"),
    ],
    ids=[
        "at work",
        "just before quiet",
        "in the evening",
        "over a weekend",
        "over a holiday",
        "on a moved working day",
    ],
)
def test_a_mail_leaves_after_the_patience_in_working_hours(known_at: str, leaves_at: str) -> None:
    assert mails.leaves_at(local(known_at).astimezone(UTC), "CN") == local(leaves_at)


def verdict(performance: Performance, since: str = "2025-12-09") -> Any:
    return replace(BASE, performance=performance, performance_since=day(since))


NOON = datetime(2025, 12, 9, 4, 0, tzinfo=UTC)
ON, RISK, OFF = Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK
DONE, MISSED, WAITING = Performance.ACHIEVED, Performance.MISSED, Performance.AWAITING_DATA


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
        (None, verdict(OFF), True),
        (verdict(OFF, "2025-10-02"), verdict(OFF, "2025-07-18"), True),
        (verdict(OFF), verdict(OFF), False),
        (verdict(ON, "2025-10-02"), verdict(ON, "2025-07-18"), False),
        (None, verdict(ON), False),
        (verdict(ON), verdict(WAITING), False),
        (verdict(WAITING), verdict(ON), False),
        (verdict(ON), verdict(DONE, "2025-11-01"), False),
        (verdict(ON), verdict(MISSED, "2025-11-26"), False),
        (verdict(ON), verdict(MISSED, "2025-11-27"), True),
    ],
)
def test_a_mail_is_told_of_where_an_alert_begins_an_episode(now: Any, then: Any, told: bool) -> None:  # noqa: FBT001
    found = mails.mail(target(), now, then, known_at=NOON, settings=SETTINGS)
    assert (found is not None) is told
    if found is not None:
        assert (found.performance, found.to_owner, found.at) == (then.performance, True, local("2025-12-09 12:37"))


def test_without_an_address_the_mail_goes_to_the_steward() -> None:
    nobody = replace(target().owner, email="")
    found = mails.mail(target(owner=nobody), verdict(ON), verdict(OFF), known_at=NOON, settings=SETTINGS)
    assert found is not None
    assert not found.to_owner


def test_a_day_counts_in_the_zone_of_the_service() -> None:
    assert date(2025, 12, 9) == NOON.astimezone(SETTINGS.zone).date()
