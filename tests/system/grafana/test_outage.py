"""Every query of the wall before an outage of the service and in its last minute an hour later: the same story."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml
from grafana.generator.files import FOLDER
from grafana.stack import shipped

if TYPE_CHECKING:
    from pathlib import Path

RANKS = {"missed": 6, "off_track": 5, "at_risk": 4, "on_track": 2, "pending": 1, "achieved": 0}
STATUSES = ("off_track", "at_risk", "missed", *["on_track"] * 5, *["pending"] * 4, "achieved")
ON_THE_PAGE = 3 + 5
"""Three that lag are pinned; the eleven others take turns by six and five."""
CHANGED_AT, AWAY_AT, ASKED_AT = 10, 130, 190
"""Minutes: two hours before it goes away a target is deleted and another gets a new owner and title."""


def panels(language: str) -> dict[str, str]:
    """Return every query of the wall by where it stands, asked of the service that is tested here."""
    board = json.loads((FOLDER / language / "wall.json").read_text(encoding="utf-8"))
    return {
        f"{panel['description']} {target['refId']} {target['legendFormat']}": target["expr"].replace("$job", "t")
        for panel in board["panels"]
        for target in panel["targets"]
    }


def series() -> list[dict[str, str]]:
    """Return what is scraped: thirteen targets, one edited and one deleted, then nothing at all."""
    found = [
        _series("targetwatch_snapshot_timestamp_seconds", "", f"0x{AWAY_AT - 1} stale"),
        _series("targetwatch_as_of_timestamp_seconds", "", f"0x{AWAY_AT - 1} stale"),
    ]
    for number, status in enumerate(STATUSES):
        found += _target(f"t{number:02}", status, number, 0, AWAY_AT)
    found += _target("deleted", "off_track", 20, 0, CHANGED_AT)
    edited = _info("edited", "ann", "Before"), _info("edited", "bob", "After")
    found += [one for one in _target("edited", "at_risk", 21, 0, AWAY_AT) if "target_info" not in one["series"]]
    found.append(_series("targetwatch_target_info", edited[0], _values(1, 0, CHANGED_AT)))
    found.append(_series("targetwatch_target_info", edited[1], _values(1, CHANGED_AT, AWAY_AT)))
    return found


def _target(name: str, status: str, number: int, begin: int, end: int) -> list[dict[str, str]]:
    own = f'target="{name}"'
    words = f'{own},status="{status}",card_en="{number} / 30",card_zh="{number} / 30",outlook_en="o",age_en="late"'
    return [
        _series("targetwatch_target_info", _info(name, "ann", name), _values(1, begin, end)),
        _series("targetwatch_target_tile_info", words, _values(1, begin, end)),
        _series("targetwatch_target_urgency", own, _values(RANKS[status] + 0.9 - number / 100, begin, end)),
        _series("targetwatch_target_progress_ratio", own, _values(number / 30, begin, end)),
        _series("targetwatch_target_performance_since_timestamp_seconds", own, _values(-9e6, begin, end)),
        _series("targetwatch_target_deadline_timestamp_seconds", own, _values(31_000_000, begin, end)),
    ]


def _info(name: str, owner: str, title: str) -> str:
    return f'target="{name}",owner="{owner}",title_en="{title}",short_en="{title}",short_zh="{title}"'


def _series(metric: str, labels: str, values: str) -> dict[str, str]:
    inside = ",".join(['job="t",instance="t:1"', *([labels] if labels else [])])
    return {"series": f"{metric}{{{inside}}}", "values": values}


def _values(value: float, begin: int, end: int) -> str:
    """Return a value that is scraped from one minute to the one before another, and then is no more."""
    return f"{f'_x{begin} ' if begin else ''}{value}x{end - begin - 1} stale"


def run(tmp_path: Path, cases: list[dict[str, object]]) -> subprocess.CompletedProcess[str]:
    test = {"interval": "1m", "input_series": series(), "promql_expr_test": cases}
    told = {"rule_files": [str(shipped.RULES / "recording.yaml")], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return subprocess.run(
        ["promtool", "test", "rules", "test.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )


def case(expr: str, at: int, **value: float) -> dict[str, object]:
    """Return that a query gives one value without labels at a minute, or nothing."""
    expected = [{"labels": "{}", "value": value["gives"]}] if value else []
    return {"expr": expr, "eval_time": f"{at}m", "exp_samples": expected}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_query_of_the_wall_says_after_an_hour_what_it_said_before(tmp_path: Path, language: str) -> None:
    cases = []
    for where, query in panels(language).items():
        if "{{minutes}}" in where or "{{missed}}" in where:
            continue
        before = f"last_over_time(({query})[30s:1m] offset 1h)"
        cases += [case(f"count({query})", minute, gives=ON_THE_PAGE) for minute in (AWAY_AT - 1, ASKED_AT - 1)]
        differing = (f"({query}) unless {before}", f"{before} unless ({query})", f"({query}) != {before}")
        cases += [case(one, ASKED_AT - 1) for one in differing]
    assert len(cases) == 4 * 5, "the wall asks for something else than its rows, the sentence and the age"
    done = run(tmp_path, cases)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_sentence_counts_the_same_and_loses_its_colour_and_the_age_is_said(tmp_path: Path) -> None:
    asked = panels("en")
    (sentence,) = [query for where, query in asked.items() if "{{missed}}" in where]
    (age,) = [query for where, query in asked.items() if "{{minutes}}" in where]
    parts = 'total="14",missed="1",off="1",risk="2",won="1",open="9"'
    cases: list[dict[str, object]] = [
        {"expr": query, "eval_time": f"{at}m", "exp_samples": [{"labels": f"{{{labels}}}", "value": value}]}
        for query, at, labels, value in (
            (sentence, AWAY_AT - 1, parts, 3),
            (sentence, ASKED_AT - 1, parts, -7),
            (age, AWAY_AT - 1, 'minutes="0",hours="2"', 0),
            (age, ASKED_AT - 1, 'minutes="60",hours="3"', 1),
        )
    ]
    done = run(tmp_path, cases)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("at", [AWAY_AT - 1, ASKED_AT - 1])
def test_the_deleted_target_is_gone_and_the_edited_one_has_its_new_owner(tmp_path: Path, at: int) -> None:
    tile = "count by (target, owner, short_en) (targetwatch:target:tile{target=~'deleted|edited'})"
    expected = [{"labels": '{target="edited",owner="bob",short_en="After"}', "value": 1}]
    done = run(tmp_path, [{"expr": tile, "eval_time": f"{at}m", "exp_samples": expected}])
    assert done.returncode == 0, done.stdout + done.stderr
