from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from builders import day, event, goal, indicator, steps, target, version
from builders import reading as figure
from refusing import raises
from store.examples import NOW, configure
from targetwatch.errors import ConflictError, StoreError
from targetwatch.evaluation import timeline
from targetwatch.model import Measure, Performance, StatusChange, Text
from targetwatch.store import db, statuses

PENDING = StatusChange(
    target="ilstc-volume-2025",
    version=1,
    on=date(2025, 2, 7),
    old=None,
    new=Performance.PENDING,
    rule="nothing known",
    text=Text("Nothing is known yet.", "尚无数据。"),
)
ON_TRACK = replace(PENDING, on=date(2025, 3, 11), old=Performance.PENDING, new=Performance.ON_TRACK, rule="growth")
AT_RISK = replace(PENDING, on=date(2025, 4, 16), old=Performance.ON_TRACK, new=Performance.AT_RISK, rule="growth")
ROUTES = replace(PENDING, target="routes-2025")


@pytest.fixture
def ready(engine: Engine) -> Engine:
    configure(engine)
    return engine


def append(engine: Engine, *changes: StatusChange) -> tuple[StatusChange, ...]:
    with db.writing(engine, "scheduler", now=NOW) as session:
        return statuses.append(session, changes)


def test_changes_are_kept_in_the_order_they_were_noticed(ready: Engine):
    assert append(ready, PENDING, ROUTES, ON_TRACK) == (PENDING, ROUTES, ON_TRACK)
    append(ready, AT_RISK)
    with db.reading(ready) as session:
        assert statuses.load(session) == (PENDING, ROUTES, ON_TRACK, AT_RISK)
        assert statuses.load(session, "ilstc-volume-2025") == (PENDING, ON_TRACK, AT_RISK)
        assert statuses.latest(session) == {"ilstc-volume-2025": AT_RISK, "routes-2025": ROUTES}


def test_what_another_process_noticed_first_is_not_kept_again(ready: Engine):
    append(ready, PENDING, ON_TRACK)
    assert append(ready, ON_TRACK) == ()
    assert append(ready, replace(ON_TRACK, on=date(2025, 3, 12))) == ()
    with db.reading(ready) as session:
        assert statuses.load(session) == (PENDING, ON_TRACK)


def test_there_and_back_on_one_day_is_two_changes(ready: Engine):
    there = replace(AT_RISK, on=date(2025, 3, 11))
    back = replace(ON_TRACK, old=Performance.AT_RISK)
    append(ready, PENDING, ON_TRACK)
    assert append(ready, there) == (there,)
    assert append(ready, back) == (back,)
    assert append(ready, there) == (there,)


def test_the_same_performance_under_another_version_is_a_change(ready: Engine):
    append(ready, PENDING, ON_TRACK)
    anew = replace(ON_TRACK, version=2, old=Performance.ON_TRACK)
    assert append(ready, anew) == (anew,)


def test_when_it_was_noticed_is_kept_beside_when_it_was(ready: Engine):
    later = NOW + timedelta(days=1)
    with db.writing(ready, "scheduler", now=NOW) as session:
        statuses.append(session, [PENDING])
        statuses.append(session, [ON_TRACK], now=later)
    with db.reading(ready) as session:
        noticed = session.execute(text("SELECT recorded_at FROM status_change ORDER BY id")).scalars().all()
    assert [str(moment)[:10] for moment in noticed] == ["2025-07-17", "2025-07-18"]


def test_a_change_of_an_unknown_target_is_refused(ready: Engine):
    with pytest.raises(ConflictError):
        append(ready, replace(PENDING, target="nothing"))


def test_nothing_is_noticed_outside_a_writing_session(ready: Engine):
    with Session(ready) as session, raises(StoreError, match="no moment given"):
        statuses.append(session, [PENDING])


def test_a_change_comes_back_with_every_figure_of_its_verdict(ready: Engine):
    four = version(goal(), steps=steps("jakarta", "haiphong", due="2025-06-30"))
    found = [event("haiphong", "2025-03-05", "2025-03-09")]
    cargo = [figure("2025-01-01..2025-03-31", "64000.10", "2025-04-15", rounding=Decimal("0.05"))]
    routes = indicator(id="routes", measure=Measure.MILESTONES, unit="")
    changes = (
        *timeline(target(four, id="routes-2025"), routes, found, day("2025-04-01")),
        *timeline(target(id="ilstc-volume-2025"), indicator(), cargo, day("2025-05-01")),
    )
    append(ready, *changes)
    with db.reading(ready) as session:
        kept = statuses.load(session)
    assert kept == changes
    assert [change.verdict.day for change in kept] == [change.on for change in changes]
