"""What was said stays said: a promise changed in July leaves June as it was, in the database and in the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from edit_stage import ROUTES, TEU, Desk, Form, edit_stage, keep_history, promised
from sqlalchemy import text
from web_stage import Stage

from commands import in_one_file
from targetwatch.model import Role
from targetwatch.service import backfill
from targetwatch.store import db

APRIL, JUNE, JULY = date(2025, 4, 30), date(2025, 6, 30), date(2025, 7, 20)
TAKEN_AT = datetime(2025, 7, 20, 9, 0, tzinfo=UTC)
CHANGES = {
    "a goal lowered": {"goal.value": "200,000", "effective": "2025-07-01", "reason": "the port was closed"},
    "a deadline put off": {"deadline": "2026-03-31", "effective": "2025-07-01", "reason": "the port was closed"},
    "another first day": {"start": "2025-03-01", "effective": "2025-07-01", "reason": "counted anew"},
    "another plan": {"plan": "linear", "effective": "2025-07-01"},
    "a change to come": {"goal.value": "300,000", "effective": "2025-10-01"},
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, real_file: Path) -> Iterator[Stage]:
    """The office before anything is changed, for what it says then."""
    with edit_stage(tmp_path_factory.mktemp("kept"), real_file, today=JULY) as stage:
        for target in (TEU, ROUTES):
            keep_history(stage, target)
        yield stage


@pytest.fixture(scope="module")
def told(kept: Stage) -> Callable[[date], bytes]:
    """Give the history before anything is changed of the month that ends on a day."""
    return cache(lambda last: history(kept, last))


@pytest.fixture
def office(tmp_path: Path, kept: Stage) -> Iterator[Stage]:
    with edit_stage(tmp_path, in_one_file(kept.file), today=JULY, taken=()) as stage:
        yield stage


def statuses(stage: Stage) -> list[tuple[object, ...]]:
    """Return every stored status change, whole, as the database holds it."""
    with db.reading(stage.engine) as session:
        return [tuple(row) for row in session.execute(text("SELECT * FROM status_change ORDER BY id"))]


def history(stage: Stage, last: date) -> bytes:
    """Return the exported history of the month that ends on a day."""
    zone = stage.settings.zone
    stretch = backfill.Stretch.between(last.replace(day=1), last, step_seconds=86400, zone=zone, now=TAKEN_AT)
    with db.reading(stage.engine) as session:
        found = backfill.learn(session, stretch, taken_at=TAKEN_AT)
    return "".join(found.text()).encode()


@pytest.mark.parametrize("name", CHANGES)
def test_a_promise_changed_in_july_leaves_june_byte_for_byte(office, told, name):
    said = statuses(office)
    assert len(said) > 1
    assert b'target="ilstc-volume-2025"' in told(JUNE)
    desk = Desk(office.sign_in(Role.EDITOR))
    assert desk.save(**CHANGES[name]).status_code == 303
    assert len(promised(office).versions) == 2
    keep_history(office)
    assert statuses(office)[: len(said)] == said
    assert history(office, JUNE) == told(JUNE)


def test_steps_changed_in_july_leave_june_byte_for_byte(office, told):
    said = statuses(office)
    desk = Desk(office.sign_in(Role.EDITOR), ROUTES)
    changed = {"steps.1.due": "2025-05-31", "steps.2.id": "da-nang", "effective": "2025-07-01", "reason": "renamed"}
    assert desk.save(**changed).status_code == 303
    keep_history(office, ROUTES)
    assert statuses(office)[: len(said)] == said
    assert history(office, JUNE) == told(JUNE)


def test_undoing_and_archiving_leave_june_byte_for_byte(office, told):
    said = statuses(office)
    browser = office.sign_in(Role.EDITOR)
    Desk(browser).save(goal__value="300,000", effective="2025-07-01")
    path = f"/targets/{TEU}/undo"
    assert browser.post(path, {**Form(browser.get(path).text, path).values, "do": "save"}).status_code == 303
    keep_history(office)
    assert statuses(office)[: len(said)] == said
    assert history(office, JUNE) == told(JUNE)
    path = f"/targets/{TEU}/archive"
    browser.post(path, {**Form(browser.get(path).text, path).values, "reason": "no longer promised"})
    assert statuses(office)[: len(said)] == said


def test_a_promise_that_counts_from_may_changes_the_history_from_may_on_and_no_status_said(office, told):
    said = statuses(office)
    desk = Desk(office.sign_in(Role.EDITOR))
    desk.save(goal__value="500,000", effective="2025-05-01")
    keep_history(office)
    assert statuses(office)[: len(said)] == said
    assert statuses(office)[len(said) :]
    assert history(office, APRIL) == told(APRIL)
    assert history(office, JUNE) != told(JUNE)
