"""The files against a real database: the plan, applying it, and what an invalid file does not do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from config_examples import SOURCES, TARGETS
from sqlalchemy import text as sql

from refusing import raises
from targetwatch.configuration import apply, check, export, plan
from targetwatch.errors import ConfigError, ConflictError
from targetwatch.store import catalogue as kept
from targetwatch.store import db

REFUSED = (
    "!   version 1 goal.above: 270000 -> 260000: a past promise cannot be written over,"
    " add an entry under versions: (or apply as a correction)"
)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path):
    engine = db.create_engine(f"sqlite:///{tmp_path / 'watch.db'}")
    db.upgrade(engine)
    yield engine
    engine.dispose()


def planned(engine, folder):
    with db.reading(engine) as session:
        return plan(session, folder)


def loaded(engine):
    with db.reading(engine) as session:
        return kept.load(session)


def test_the_first_plan_adds_everything_and_writes_nothing(engine, write):
    assert planned(engine, write()) == (
        "+ programme corridor: Corridor",
        "+ publisher office: Port Office",
        "+ indicator volume: Volume",
        "+ target volume-2025: Volume 2025",
        "+ source published",
    )
    assert loaded(engine).targets == ()


def test_after_apply_the_database_holds_the_catalogue_and_the_plan_is_empty(engine, write):
    folder = write()
    changes = apply(engine, folder, actor="ops", now=NOW)
    assert [change.action.value for change in changes] == ["add"] * 5
    assert loaded(engine) == check(folder)
    assert planned(engine, folder) == ()
    assert apply(engine, folder, actor="ops", now=NOW) == ()


def test_a_plan_shows_old_and_new_of_what_changed(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    changed = TARGETS.replace("lag: 31d", "lag: 20d").replace("office@", "harbour@")
    assert planned(engine, write(changed)) == (
        "~ indicator volume",
        "    release.lag: 31d -> 20d",
        "~ target volume-2025",
        "    owner.email: office@example.org -> harbour@example.org",
    )


def test_what_the_file_lost_is_archived_and_comes_back_when_it_returns(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    without = TARGETS[: TARGETS.index("targets:")]
    assert planned(engine, write(without, None)) == (
        "- target volume-2025 (archived: out of force, its history stays)",
        "- source published (archived: out of force, its history stays)",
    )
    apply(engine, write(without, None), actor="ops", now=NOW)
    assert loaded(engine).targets == ()
    assert planned(engine, write()) == (
        "+ target volume-2025 (in force again)",
        "+ source published (in force again)",
    )


def test_a_past_promise_is_not_written_over_without_saying_so(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    folder = write(TARGETS.replace("270000", "260000"))
    assert planned(engine, folder) == (
        "~ target volume-2025",
        "    version 1 goal.above: 270000 -> 260000",
        REFUSED,
    )
    with raises(ConflictError, match="a past promise cannot be changed"):
        apply(engine, folder, actor="ops", now=NOW)
    assert loaded(engine).targets[0].versions[0].goal.value == 270000
    apply(engine, folder, actor="ops", now=NOW, reason="mistyped", correct=True)
    assert loaded(engine).targets[0].versions[0].goal.value == 260000


def test_a_new_version_is_added_and_the_old_one_stays(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    later = (
        "    versions:\n      - {effective: 2025-07-01, goal: {above: 300000}, reason: more,"
        " announcement: {by: The mayor, on: 2025-06-30}}\n"
    )
    apply(engine, write(TARGETS + later), actor="ops", now=NOW)
    assert [version.goal.value for version in loaded(engine).targets[0].versions] == [270000, 300000]


def test_an_invalid_file_leaves_the_running_set_untouched(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    before = loaded(engine)
    broken = TARGETS.replace("volume-2025", "volume-2026").replace("2025-12-31", "2025-12-32")
    with raises(ConfigError, match="'2025-12-32' is not a day of the calendar"):
        apply(engine, write(broken), actor="ops", now=NOW)
    assert loaded(engine) == before


def test_what_the_web_manages_is_left_alone_and_the_plan_says_so(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    with db.writing(engine, "anna", reason="edited here from now on", now=NOW) as session:
        kept.take_over(session, "volume-2025")
    folder = write(TARGETS.replace("en: Volume 2025", "en: Renamed"))
    assert planned(engine, folder) == (
        "= target volume-2025 (managed on the web: the file is not listened to)",
        "    title.en: Volume 2025 -> Renamed",
        "    short.en: Volume 2025 -> Renamed",
    )
    apply(engine, folder, actor="ops", now=NOW)
    (target,) = loaded(engine).targets
    assert (target.title.en, target.managed_by) == ("Volume 2025", "web")


def test_an_export_names_what_the_web_manages_and_applies_as_nothing(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    with db.writing(engine, "anna", reason="edited here from now on", now=NOW) as session:
        kept.take_over(session, "volume-2025")
    with db.reading(engine) as session:
        files = export(session)
    assert files["targets.yaml"].startswith("# Managed on the web, left alone by apply: volume-2025\nversion: 1\n")
    assert planned(engine, write(files["targets.yaml"], files["sources.yaml"])) == ()


def test_a_secret_named_by_a_variable_reaches_neither_the_database_nor_an_export(engine, write, tmp_path):
    sources = SOURCES.replace("'readings/*.csv'", "'${READINGS}/x.csv'")
    folder = write(sources=sources)
    apply(engine, folder, actor="ops", now=NOW, environment={"READINGS": "s3cret-place"})
    with db.reading(engine) as session:
        files = export(session)
        rows = session.execute(sql("SELECT terms FROM source")).all()
    assert "${READINGS}/x.csv" in files["sources.yaml"]
    assert "${READINGS}/x.csv" in str(rows)
    assert b"s3cret-place" not in (tmp_path / "watch.db").read_bytes()


def test_a_goal_that_looks_like_a_slip_is_told_after_a_question_mark(engine, write):
    apply(engine, write(), actor="ops", now=NOW)
    slip = (
        "    versions:\n      - {effective: 2025-07-01, goal: {above: 3000000}, reason: more,"
        " announcement: {by: X, on: 2025-07-01}}\n"
    )
    folder = write(TARGETS + slip)
    assert planned(engine, folder)[-1] == (
        "?   target volume-2025: the goal of 3,000,000 TEU (three million) is ten times off the one before,"
        " 270,000 TEU: is that what was promised?"
    )
    apply(engine, folder, actor="ops", now=NOW)
    assert planned(engine, folder) == ()
