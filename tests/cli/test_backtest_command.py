"""`backtest` on the real targets, and on an organisation with years of months."""

from __future__ import annotations

import csv
import random

import pytest

from commands import command

TARGETS = """version: 1
publishers: [{id: office, title: {en: Office, zh: 统计局}}]
indicators:
  - id: visitors
    title: {en: Visitors, zh: 游客}
    measure: flow
    unit: persons
    authority: office
    release: {every: month, lag: 20d, grace: 10d}
"""
SOURCES = "version: 1\nsources:\n  - {id: visitors, kind: csv_file, options: {path: readings/*.csv}}\n"


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    folder = tmp_path_factory.mktemp("monthly")
    (folder / "readings").mkdir()
    (folder / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    dice = random.Random(7)
    with (folder / "readings" / "visitors.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["indicator", "period", "basis", "value", "publisher", "published_on"])
        for year in range(2015, 2025):
            for month in range(1, 13):
                value = round((1000 + 50 * (year - 2015)) * (1 + 0.3 * (month in {7, 8})) * dice.uniform(0.95, 1.05))
                published = f"{year + month // 12}-{month % 12 + 1:02}-20"
                writer.writerow(["visitors", f"{year}-{month:02}", "period", value, "office", published])
    database = folder / "t.db"
    for words in (["db", "upgrade"], ["apply"], ["ingest"]):
        done = command(database, *words, TARGETWATCH_CONFIG_DIR=str(folder))
        assert done.status == 0, done.err
    return database


def test_without_a_whole_past_year_it_says_what_it_would_need(tmp_path):
    folder = tmp_path / "config"
    (folder / "readings").mkdir(parents=True)
    (folder / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    (folder / "sources.yaml").write_text("version: 1\n", encoding="utf-8")
    database = folder / "t.db"
    for words in (["db", "upgrade"], ["apply"]):
        assert command(database, *words, TARGETWATCH_CONFIG_DIR=str(folder)).status == 0
    answer = command(database, "backtest")
    assert answer.status == 1
    assert "of none of the 1 indicators a whole past year is known, expected at least one" in answer.err


@pytest.mark.slow
def test_own_indicators_are_scored_by_kind_and_months_known_and_drawn(monthly, tmp_path):
    found = command(monthly, "backtest", "--format", "json").json
    assert [(one["kind"], one["months"]) for one in found] == [
        ("flow, month", months) for months in [None, *range(1, 12)]
    ]
    whole = found[0]
    assert (whole["verdicts"], whole["without_odds"]) == (10 * 3 * 11, 0)
    assert whole["brier"] < 0.15
    assert whole["on_track_attained"] > 0.8
    assert whole["off_track_attained"] < 0.3
    lines = command(monthly, "backtest", "--format", "csv").out.splitlines()
    assert lines[0].startswith("kind,months,verdicts,without_odds,brier")
    assert len(lines) == 1 + len(found)
    drawn = command(monthly, "backtest", "--picture", str(tmp_path / "c.svg"))
    assert drawn.status == 0, drawn.err
    assert (tmp_path / "c.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "On track came true" in drawn.out
