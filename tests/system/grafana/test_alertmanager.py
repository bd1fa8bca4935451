"""Who is told what and when: the shipped Alertmanager configuration, asked with amtool and read."""

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
ALERTS = {
    rule["alert"]: (rule["labels"]["severity"], group["name"])
    for group in yaml.safe_load((shipped.RULES / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}


def config() -> dict[str, Any]:
    return dict(yaml.safe_load(CONFIG.read_text(encoding="utf-8")))


def duration(text: str) -> timedelta:
    return timedelta(seconds=int(text[:-1]) * UNITS[text[-1]])


def test_amtool_accepts_the_configuration() -> None:
    checked = subprocess.run(["amtool", "check-config", CONFIG], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_alerts_of_targets_reach_nobody_the_watchdog_its_switch_and_all_others_the_operators(name: str) -> None:
    severity, group = ALERTS[name]
    of_target = group == "targetwatch.targets"
    receiver = "nobody" if of_target else "watchdog" if severity == "none" else "operators"
    labels = [f"alertname={name}", f"severity={severity}", "job=targetwatch", *(["target=t"] if of_target else [])]
    asked = ["amtool", "config", "routes", "test", f"--config.file={CONFIG}", f"--verify.receivers={receiver}"]
    run = subprocess.run([*asked, *labels], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_nobody_is_mailed_but_the_operators_who_are_told_too_when_it_is_over() -> None:
    mailed = {one["name"]: one.get("email_configs", []) for one in config()["receivers"]}
    assert {name: [mail["send_resolved"] for mail in mails] for name, mails in mailed.items()} == {
        "nobody": [],
        "watchdog": [],
        "operators": [True],
    }
    assert "{{" not in mailed["operators"][0]["to"]


def test_the_switch_hears_the_watchdog_often_and_the_operators_a_lasting_problem_daily() -> None:
    route = config()["route"]
    (watchdog,) = [one for one in route["routes"] if one["receiver"] == "watchdog"]
    assert duration(watchdog["repeat_interval"]) <= timedelta(minutes=5)
    assert duration(route["repeat_interval"]) == timedelta(days=1)
    assert duration(shipped.ALERTMANAGER_FLAGS["data.maintenance-interval"]) <= timedelta(minutes=1)


def test_the_example_of_a_switch_is_one_that_alertmanager_takes(tmp_path: Any) -> None:
    text = CONFIG.read_text(encoding="utf-8")
    used = re.sub(r"^(\s+)# (webhook_configs:|  - url:|    send_resolved:)", r"\1\2", text, flags=re.MULTILINE)
    assert used.count("webhook_configs:") == 1
    (tmp_path / "alertmanager.yml").write_text(
        used.replace("templates/*.tmpl", f"{shipped.ALERTMANAGER}/templates/*.tmpl"), encoding="utf-8"
    )
    checked = subprocess.run(
        ["amtool", "check-config", tmp_path / "alertmanager.yml"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_prometheus_keeps_a_five_year_plan_and_an_alert_outlives_an_hour_without_it() -> None:
    assert duration(shipped.PROMETHEUS_FLAGS["storage.tsdb.retention.time"]) > timedelta(days=5 * 366 + 366)
    # Prometheus stamps an alert to end after four times the resend delay
    assert 4 * duration(shipped.PROMETHEUS_FLAGS["rules.alert.resend-delay"]) >= timedelta(hours=1)
    assert duration(shipped.PROMETHEUS_FLAGS["rules.alert.for-outage-tolerance"]) >= timedelta(hours=48)
