from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from store.examples import NOW, configure, reading
from targetwatch.model import Period
from targetwatch.model.problem import Problem
from targetwatch.store import db, readings
from targetwatch.store.readings import acts

ONE_DAY = timedelta(days=1)


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31))


@pytest.fixture
def ready(engine: Engine) -> Engine:
    configure(engine)
    return engine


def test_who_brought_a_reading_in_and_moved_it_is_told_in_order(ready: Engine) -> None:
    with db.writing(ready, "ingest:port", now=NOW) as session:
        readings.add(session, [reading(n, f"{n + 1}-01-20", period=year(n)) for n in range(2000, 2010)])
    with db.writing(ready, "web:sun", reason="from the press", now=NOW) as session:
        readings.add(session, [reading(5, "2025-01-20", period=year(2024))])
    with db.writing(ready, "web:li", now=NOW + ONE_DAY) as session:
        readings.withdraw(session, 3, reason="misread", now=NOW + ONE_DAY)
        readings.restore(session, 3, reason="right after all", now=NOW + ONE_DAY)
    with db.reading(ready) as session:
        assert [(one.action, one.actor, one.reason) for one in acts(session, 3)] == [
            ("add", "ingest:port", ""),
            ("withdraw", "web:li", "misread"),
            ("restore", "web:li", "right after all"),
        ]
        assert [(one.action, one.actor, one.reason, one.at) for one in acts(session, 11)] == [
            ("add", "web:sun", "from the press", NOW)
        ]
        assert acts(session, 99) == ()


def test_what_a_person_decides_is_stored_although_it_is_withdrawn_or_held_but_never_twice(ready: Engine) -> None:
    one = reading(249000, "2025-01-01", period=year(2024))
    two = replace(one, value=Decimal(250000))
    with db.writing(ready, "test", now=NOW) as session:
        (first,) = readings.add(session, [one])
        readings.hold(session, two, Problem("too much"), now=NOW)
        readings.withdraw(session, first.id or 0, reason="misread", now=NOW)
        assert [added.outcome for added in readings.add(session, [one, two])] == ["known", "known"]
        assert [added.outcome for added in readings.add(session, [one, two], anyway=True)] == ["revised", "revised"]
        assert [added.outcome for added in readings.add(session, [two], anyway=True)] == ["known"]
    with db.reading(ready) as session:
        assert [int(kept.value) for kept in readings.load(session)[one.indicator]] == [249000, 249000, 250000]
