"""Writing a catalogue out and reading it back."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from catalogue_strategies import catalogues
from config_examples import TARGETS
from hypothesis import HealthCheck, given, settings

from targetwatch.configuration import apply, check, export, plan, written
from targetwatch.store import db

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def put(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(catalogues())
def test_whatever_is_written_out_is_read_back_as_the_same_catalogue(catalogue):
    with tempfile.TemporaryDirectory() as place:
        assert check(put(Path(place), written(catalogue))) == catalogue


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(catalogues())
def test_applying_an_export_changes_nothing(catalogue):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        engine = db.create_engine(f"sqlite:///{folder / 'watch.db'}")
        try:
            db.upgrade(engine)
            put(folder, written(catalogue))
            apply(engine, folder, actor="test", now=NOW)
            with db.reading(engine) as session:
                put(folder, export(session))
                assert plan(session, folder) == ()
            assert apply(engine, folder, actor="test", now=NOW) == ()
        finally:
            engine.dispose()


def test_the_real_configuration_is_read_back_as_the_same_catalogue(tmp_path):
    catalogue = check(ROOT / "config")
    assert check(put(tmp_path, written(catalogue))) == catalogue


def test_short_values_stand_on_one_line_and_defaults_are_left_out(write):
    text = written(check(write()))["targets.yaml"]
    assert text.startswith("version: 1\nprogrammes:\n  - id: corridor\n    title: {en: Corridor, zh: 通道}\n")
    assert "    release: {every: quarter, lag: 31d, grace: 14d, calendar: CN}\n" in text
    assert "    baseline: {value: 251800, period: 2024}\n" in text
    assert "short:" not in text
    assert "versions:" not in text


def test_a_version_is_written_with_what_it_changed_only(write):
    later = (
        "    versions:\n      - {effective: 2025-07-01, goal: {above: 300000}, reason: more,"
        " announcement: {by: The mayor, on: 2025-06-30}}\n"
    )
    text = written(check(write(TARGETS + later)))["targets.yaml"]
    assert text.endswith(
        "    versions:\n"
        "      - effective: 2025-07-01\n"
        "        goal: {above: 300000}\n"
        "        reason: more\n"
        "        announcement: {by: The mayor, on: 2025-06-30}\n"
    )
