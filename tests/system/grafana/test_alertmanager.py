"""Who is told what, how often and when: the shipped Alertmanager configuration, asked with amtool and read."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from typing import Any

import pytest
import yaml
from grafana.stack import shipped

CONFIG = shipped.ALERTMANAGER / "alertmanager.yml"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def config() -> dict[str, Any]:
    return dict(yaml.safe_load(CONFIG.read_text(encoding="utf-8")))


def duration(text: str) -> timedelta:
    return timedelta(seconds=int(text[:-1]) * UNITS[text[-1]])


def routes() -> list[dict[str, Any]]:
    return list(config()["route"]["routes"])


def test_amtool_accepts_the_configuration() -> None:
    checked = subprocess.run(["amtool", "check-config", CONFIG], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("receiver", "labels"),
    [
        (
            "owners",
            "alertname=TargetwatchTargetOffTrack kind=performance owner_email=a@example.org target=t since=2025-01-01",
        ),
        ("owners", "alertname=TargetwatchTargetAtRisk kind=performance owner_email=a@example.org target=t"),
        ("owners", "alertname=TargetwatchTargetMissed kind=performance owner_email=a@example.org target=t"),
        ("owners", "alertname=TargetwatchTargetAchieved kind=news owner_email=a@example.org target=t"),
        ("owners", "alertname=TargetwatchTargetBackOnTrack kind=news owner_email=a@example.org target=t"),
        ("owners", "alertname=TargetwatchReleaseLate kind=data owner_email=a@example.org target=t due=2025-10-31"),
        ("stewards", "alertname=TargetwatchReleaseDue kind=data owner_email=a@example.org target=t due=2025-10-31"),
        ("stewards", "alertname=TargetwatchTargetOffTrack kind=performance target=t"),
        ("stewards", "alertname=TargetwatchTargetBackOnTrack kind=news target=t"),
        ("stewards", "alertname=TargetwatchReleaseLate kind=data target=t"),
        ("stewards", "alertname=TargetwatchReadingsHeld kind=steward indicator=i"),
        ("stewards", "alertname=TargetwatchIngestFailing kind=steward source=s"),
        ("operators", "alertname=TargetwatchServiceDown kind=service severity=critical"),
        ("operators", "alertname=TargetwatchDatabaseUnreachable kind=service severity=critical"),
        ("operators", "alertname=TargetwatchSnapshotStale kind=service severity=warning"),
        ("operators", "alertname=TargetwatchReloadFailed kind=service severity=warning"),
        ("nobody", "alertname=TargetwatchQuietDay kind=quiet severity=none"),
        ("operators", "alertname=SomethingElse"),
    ],
)
def test_each_alert_reaches_those_it_concerns_and_nobody_else(receiver: str, labels: str) -> None:
    asked = ["amtool", "config", "routes", "test", f"--config.file={CONFIG}", f"--verify.receivers={receiver}"]
    run = subprocess.run([*asked, *labels.split()], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_route_for_owners_groups_by_owner_and_waits_14_days_between_reminders() -> None:
    to_owners = [route for route in routes() if route["receiver"] == "owners"]
    assert len(to_owners) == 3
    for route in to_owners:
        assert "owner_email" in route["group_by"]
        assert duration(route["repeat_interval"]) == timedelta(days=14)
        assert duration(route["group_interval"]) <= timedelta(hours=1)


def test_alertmanager_remembers_a_mail_longer_than_the_longest_cadence() -> None:
    longest = max(duration(route["repeat_interval"]) for route in routes() if "repeat_interval" in route)
    assert duration(shipped.ALERTMANAGER_FLAGS["data.retention"]) >= 3 * longest
    assert duration(shipped.ALERTMANAGER_FLAGS["data.maintenance-interval"]) <= timedelta(minutes=1)


def test_news_ends_before_it_would_be_repeated() -> None:
    days = re.findall(r"\[(\d+)d\]|< (\d+) \* 86400", (shipped.RULES / "alerts.yaml").read_text(encoding="utf-8"))
    windows = [int(first or second) for first, second in days]
    cadence = min(duration(route["repeat_interval"]).days for route in routes() if route["receiver"] == "owners")
    assert len(windows) == 3
    assert all(window < cadence for window in windows)


def test_nothing_but_what_is_critical_is_mailed_at_night() -> None:
    (quiet,) = config()["time_intervals"]
    assert quiet["time_intervals"] == [
        {"times": [{"start_time": "00:00", "end_time": "08:30"}], "location": "Asia/Shanghai"},
        {"times": [{"start_time": "17:30", "end_time": "24:00"}], "location": "Asia/Shanghai"},
    ]
    loud = [route["matchers"] for route in routes() if "mute_time_intervals" not in route]
    assert loud == [['kind="quiet"'], ['kind="service"', 'severity="critical"']]
    assert all(route.get("mute_time_intervals", ["quiet-hours"]) == ["quiet-hours"] for route in routes())


def test_a_day_that_is_no_working_day_holds_back_all_but_what_is_critical() -> None:
    held = [
        rule for rule in config()["inhibit_rules"] if rule["source_matchers"] == ['alertname="TargetwatchQuietDay"']
    ]
    assert [rule["target_matchers"] for rule in held] == [
        ['kind=~"performance|news|data|steward"'],
        ['kind="service"', 'severity="warning"'],
    ]
    assert all("equal" not in rule for rule in held)


def test_only_operators_are_told_that_something_is_over() -> None:
    resolved = {
        receiver["name"]: [mail["send_resolved"] for mail in receiver.get("email_configs", [])]
        for receiver in config()["receivers"]
    }
    assert resolved == {"nobody": [], "owners": [False], "stewards": [False], "operators": [True]}


def test_prometheus_keeps_a_five_year_plan_and_an_alert_outlives_an_hour_without_it() -> None:
    assert duration(shipped.PROMETHEUS_FLAGS["storage.tsdb.retention.time"]) > timedelta(days=5 * 366 + 366)
    # Prometheus stamps an alert to end after four times the resend delay
    assert 4 * duration(shipped.PROMETHEUS_FLAGS["rules.alert.resend-delay"]) >= timedelta(hours=1)
    assert duration(shipped.PROMETHEUS_FLAGS["rules.alert.for-outage-tolerance"]) >= timedelta(hours=48)


def test_every_word_of_the_mails_exists_in_both_languages_and_for_every_alert_about_a_target() -> None:
    words = (shipped.ALERTMANAGER / "templates" / "words.tmpl").read_text(encoding="utf-8")
    lines = [line for line in words.splitlines() if "eq $key" in line]
    for line in lines:
        zh, en = re.search(r"if \$zh \}\}(.*?)\{\{ else \}\}(.*?)\{\{ end \}\}", line).groups()  # type: ignore[union-attr]
        assert zh
        assert en
        assert not re.search(r"[一-鿿]", en)
    rules = yaml.safe_load((shipped.RULES / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    about_targets = {
        r["alert"] for g in rules for r in g["rules"] if r["labels"]["kind"] in {"performance", "news", "data"}
    }
    for name in about_targets:
        assert f'eq $key "{name}"' in words
        assert f'eq $key "do-{name}"' in words
