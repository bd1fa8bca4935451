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
OF_A_TARGET = {"summary", "summary_zh", "runbook_url"}
NEEDED = {*OF_A_TARGET, "description", "description_zh", "dashboard_url", "language"}
NAMES = re.compile(r'alertname="(\w+)"')


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for path in FILES
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]


ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}


TARGET_ALERTS = {
    "TargetwatchTargetOffTrack",
    "TargetwatchTargetAtRisk",
    "TargetwatchTargetMissed",
    "TargetwatchReleaseLate",
}


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


def test_every_alert_fires_in_a_promtool_test() -> None:
    """By its name in what is expected: of the samples ALERTS has, or of the alert itself."""
    told = [yaml.safe_load(path.read_text(encoding="utf-8"))["tests"] for path in UNIT_TESTS]
    cases = [case for tests in told for test in tests for case in test.get("promql_expr_test", ())]
    fired = {name for case in cases for one in case["exp_samples"] for name in NAMES.findall(str(one.get("labels")))}
    asked = [case for tests in told for test in tests for case in test.get("alert_rule_test", ())]
    assert fired | {case["alertname"] for case in asked if case["exp_alerts"]} == set(ALERTS)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_every_alert_says_what_where_and_what_to_do(name: str) -> None:
    said = ALERTS[name]["annotations"]
    assert set(said) == (OF_A_TARGET if name in TARGET_ALERTS else NEEDED)
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


@pytest.mark.parametrize("name", sorted(TARGET_ALERTS))
def test_no_text_is_part_of_the_identity_of_a_targets_alert(name: str) -> None:
    rule = ALERTS[name]
    carried = {
        label.strip() for labels in re.findall(r"max by \(([^)]*)\)", rule["expr"]) for label in labels.split(",")
    }
    kept = {label for label in carried if rule["labels"].get(label) != ""} | {"severity"}
    assert kept == {"job", "target", "owner", "programme", "severity"}


def test_every_metric_in_a_rule_is_in_the_catalogue() -> None:
    known = {metric.name for metric in CATALOGUE}
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
    given = labels["targetwatch_target_info"] | labels["targetwatch_target_tile_info"] | {"job"}
    for rule in rules():
        asked = {
            one.strip() for found in re.findall(r"group_left \(([^)]*)\)", rule["expr"]) for one in found.split(",")
        }
        assert asked - {""} <= given, f"not exposed: {sorted(asked - given)}"
