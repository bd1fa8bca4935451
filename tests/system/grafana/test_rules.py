"""The rules: read by promtool, tested by promtool, explained to people, and made of metrics that exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from targetwatch.metrics import CATALOGUE

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "grafana" / "rules"
RUNBOOKS = ROOT / "docs" / "runbooks"
FILES = sorted(RULES.glob("*.yaml"))
UNIT_TESTS = sorted((RULES / "tests").glob("*.yaml"))
NEEDED = {"summary", "summary_zh", "description", "description_zh", "dashboard_url", "runbook_url", "language"}


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for path in FILES
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]


ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}


def test_promtool_reads_every_rule() -> None:
    checked = subprocess.run(["promtool", "check", "rules", *FILES], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.stem)
def test_every_alert_fires_ends_and_keeps_silent_as_promtool_is_told(path: Path) -> None:
    run = subprocess.run(
        ["promtool", "test", "rules", path.name], cwd=path.parent, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_alert_is_in_a_promtool_test_that_shows_its_words() -> None:
    told = yaml.safe_load((RULES / "tests" / "texts.yaml").read_text(encoding="utf-8"))
    shown = {
        case["alertname"]
        for test in told["tests"]
        for case in test["alert_rule_test"]
        for alert in case["exp_alerts"]
        if not any("error" in text.lower() for text in alert["exp_annotations"].values())
    }
    assert shown == set(ALERTS)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_every_alert_says_what_where_and_what_to_do(name: str) -> None:
    said = ALERTS[name]["annotations"]
    assert set(said) >= NEEDED
    page = re.search(r"/([a-z-]+)$", said["runbook_url"])
    assert page, said["runbook_url"]
    runbook = (RUNBOOKS / f"{page[1]}.md").read_text(encoding="utf-8")
    assert name in runbook
    for heading in ("## What it means", "## What to do", "## Whom to ask", "## 中文"):
        assert heading in runbook, f"{page[1]}.md lacks {heading}"


def test_no_runbook_explains_an_alert_that_does_not_exist() -> None:
    told = {
        name for page in RUNBOOKS.glob("*.md") for name in re.findall(r"Targetwatch[A-Z]\w+", page.read_text("utf-8"))
    }
    assert told == set(ALERTS)


def test_no_text_is_part_of_an_alerts_identity() -> None:
    telling = re.compile(r"_(en|zh)\b|\bevidence\b|\bowner_language\b")
    for name, rule in ALERTS.items():
        carried = {
            label.strip()
            for labels in re.findall(r"group_left \(([^)]*)\)", rule["expr"])
            for label in labels.split(",")
        }
        kept = {label for label in carried if rule["labels"].get(label) != ""}
        assert not {label for label in kept if telling.search(label)}, name
        assert kept <= {"owner_email", "since", "due"}, name


def test_every_metric_in_a_rule_is_in_the_catalogue() -> None:
    known = {metric.name: metric for metric in CATALOGUE}
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        text = " ".join([rule["expr"], *rule.get("annotations", {}).values()])
        text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', re.sub(r"`[^`]*`", "", text)) if "record" in rule else rule["expr"]
        for name in re.findall(r"(?<![$.\w])targetwatch[_:][a-z_:]+", text):
            assert name in known or name in recorded, f"{rule.get('alert', rule.get('record'))}: {name}"
        for name in re.findall(r"targetwatch_[a-z_]+", " ".join(rule.get("annotations", {}).values())):
            assert name in known or name in {"targetwatch_url", "targetwatch_runbooks", "targetwatch_language"}, name


def test_the_words_a_rule_carries_are_words_the_service_gives() -> None:
    labels = {metric.name: set(metric.labels) for metric in CATALOGUE}
    given = labels["targetwatch_target_info"] | labels["targetwatch_target_verdict_info"]
    (card,) = [rule for rule in rules() if rule.get("record") == "targetwatch:target:card"]
    asked = {name.strip() for found in re.findall(r"max by \(([^)]*)\)", card["expr"]) for name in found.split(",")}
    assert asked <= given, f"not exposed: {sorted(asked - given)}"
