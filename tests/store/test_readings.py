from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from refusing import raises
from store.examples import NOW, VOLUME, configure, reading
from targetwatch.errors import ConflictError, NotFoundError, StoreError
from targetwatch.model import AsOf, Basis, Catalogue, Clock, Period, Qualifier, Reading
from targetwatch.model.problem import Problem
from targetwatch.store import audit, db, readings
from targetwatch.store.db import NAMES_AT_ONCE
from targetwatch.store.readings import Added
from targetwatch.store.readings.rows import BULK

FLASH = reading(249000, "2025-01-01", period=Period(date(2024, 1, 1), date(2024, 12, 31)), qualifier=Qualifier.OVER)
FINAL = replace(FLASH, value=Decimal(251800), published_on=date(2025, 1, 20), qualifier=Qualifier.EXACT)


@pytest.fixture
def ready(engine: Engine) -> Engine:
    configure(engine)
    return engine


def add(engine: Engine, items: Sequence[Reading], *, now: datetime = NOW) -> tuple[Added, ...]:
    with db.writing(engine, "ingest:test", now=now) as session:
        return readings.add(session, items)


def outcomes(engine: Engine, *items: Reading) -> list[str]:
    return [added.outcome for added in add(engine, items)]


def kept(engine: Engine, indicator: str = "ilstc-volume") -> tuple[Reading, ...]:
    with db.reading(engine) as session:
        return readings.load(session, [indicator])[indicator]


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_everything_said_of_a_reading_is_kept(ready: Engine):
    given = (
        reading("154600.50", rounding=Decimal("0.05"), qualifier=Qualifier.ABOUT, provisional=True, note="备注 \n x"),
        reading(1, None, basis=Basis.EVENT, indicator="routes", step="jakarta", yoy=None, unit="route"),
        reading("-0.1", "1999-12-31", basis=Basis.POINT, yoy=Decimal("-1.00"), quote="“quoted”, 'so'; --", source=""),
    )
    add(ready, given)
    with db.reading(ready) as session:
        found = readings.load(session)
    by_id = sorted((item for some in found.values() for item in some), key=lambda item: item.id or 0)
    assert {replace(item, id=None) for item in by_id} == set(given)
    assert [item.id for item in by_id] == [1, 2, 3]
    assert str(found["ilstc-volume"][-1].value) == "154600.50"
    assert str(found["ilstc-volume"][0].yoy) == "-1.00"


def test_a_reading_is_new_once_and_known_ever_after(ready: Engine):
    assert add(ready, [reading()]) == (Added("new", 1),)
    assert add(ready, [reading()]) == (Added("known", 1),)
    assert kept(ready) == (replace(reading(), id=1),)


def test_the_same_reading_twice_in_one_batch_is_kept_once(ready: Engine):
    assert outcomes(ready, reading(), reading(quote="the same, from another paper")) == ["new", "known"]


def test_a_revision_is_a_further_row_and_the_first_figure_stays(ready: Engine):
    assert outcomes(ready, FLASH, FINAL) == ["new", "revised"]
    assert [str(item.value) for item in kept(ready)] == ["249000", "251800"]


def test_a_file_with_both_vintages_brings_nothing_when_it_is_taken_in_again(ready: Engine):
    add(ready, [FLASH, FINAL])
    assert outcomes(ready, FINAL, FLASH) == ["known", "known"]
    assert len(kept(ready)) == 2


def test_a_batch_means_the_same_however_it_is_sorted(ready: Engine):
    assert outcomes(ready, FINAL, FLASH) == ["revised", "new"]
    assert [str(item.value) for item in kept(ready)] == ["249000", "251800"]


def test_a_source_without_dates_is_asked_every_day_and_brings_only_news(ready: Engine):
    values = [100, 100, 110, 110, 100]
    told = [
        outcomes(ready, reading(value, later(day).date().isoformat(), recorded_at=later(day)))
        for day, value in enumerate(values)
    ]
    assert told == [["new"], ["known"], ["revised"], ["known"], ["revised"]]


def test_readings_that_never_get_a_date_are_compared_with_the_latest(ready: Engine):
    told = [outcomes(ready, reading(value, None, recorded_at=later(day))) for day, value in enumerate([1, 1, 2, 1, 1])]
    assert told == [["new"], ["known"], ["revised"], ["revised"], ["known"]]


def test_two_publishers_of_one_figure_are_two_facts(ready: Engine):
    assert outcomes(ready, reading(154600), reading(132000, publisher="customs")) == ["new", "new"]


def test_a_year_to_date_and_a_period_of_the_same_days_are_two_facts(ready: Engine):
    assert outcomes(ready, reading(), reading(basis=Basis.PERIOD)) == ["new", "new"]


def test_two_steps_of_a_milestone_are_two_facts(ready: Engine):
    steps = [reading(1, indicator="routes", basis=Basis.EVENT, step=step) for step in ("jakarta", "haiphong", None)]
    assert outcomes(ready, *steps) == ["new", "new", "new"]


def test_a_reading_of_an_unknown_indicator_stores_nothing_of_the_batch(ready: Engine):
    with raises(NotFoundError, match="indicator 'ilstc-volum': not found; did you mean ilstc-volume"):
        add(ready, [reading(), reading(indicator="ilstc-volum")])
    assert kept(ready) == ()


def test_an_empty_batch_leaves_no_trace(ready: Engine):
    with db.reading(ready) as session:
        before = audit.head(session)
    assert add(ready, []) == ()
    with db.reading(ready) as session:
        assert audit.head(session) == before


def test_loading_gives_the_indicators_asked_for_and_no_others(ready: Engine):
    add(ready, [reading(), reading(1, indicator="routes")])
    with db.reading(ready) as session:
        assert readings.load(session, ["routes", "none"]).keys() == {"routes", "none"}
        assert readings.load(session, ["none"]) == {"none": ()}
        assert readings.load(session, []) == {}
        assert readings.load(session).keys() == {"ilstc-volume", "routes"}


def test_loading_after_a_number_gives_what_came_later(ready: Engine):
    add(ready, [FLASH, FINAL])
    with db.reading(ready) as session:
        assert [item.id for item in readings.load(session, after_id=1)["ilstc-volume"]] == [2]
        assert readings.load(session, after_id=2) == {}


def test_a_withdrawn_reading_stays_in_the_records_and_says_since_when(ready: Engine):
    add(ready, [reading()])
    with db.writing(ready, "cli:li", reason="a typing error", now=later(1)) as session:
        readings.withdraw(session, 1, reason="a typing error", now=later(1))
    assert kept(ready) == (replace(reading(), id=1, withdrawn_at=later(1)),)


def test_a_withdrawn_reading_that_comes_again_stays_out(ready: Engine):
    add(ready, [reading()])
    with db.writing(ready, "cli:li", now=later(1)) as session:
        readings.withdraw(session, 1, reason="a typing error", now=later(1))
    assert add(ready, [reading(), reading(published="2025-08-01", recorded_at=later(15))]) == (
        Added("known", 1),
        Added("known", 1),
    )
    assert add(ready, [reading(154601, "2025-08-02", recorded_at=later(16))]) == (Added("revised", 2),)


def test_a_restored_reading_is_in_force_again_and_the_time_between_is_remembered(ready: Engine):
    add(ready, [reading()])
    for day, change in ((1, readings.withdraw), (2, readings.restore), (3, readings.withdraw), (4, readings.restore)):
        with db.writing(ready, "cli:li", now=later(day)) as session:
            change(session, 1, reason="who knows", now=later(day))
    recorded = [
        sum(
            item.known_on(AsOf.at(later(day) + timedelta(hours=1), UTC, Clock.RECORDED)) is not None
            for item in kept(ready)
        )
        for day in range(-1, 6)
    ]
    assert recorded == [0, 1, 0, 1, 0, 1, 1]
    published = [item.known_on(AsOf.end_of(date(2025, 8, 1))) for item in kept(ready)]
    assert published == [None, None, date(2025, 7, 17)]
    with db.reading(ready) as session:
        assert readings.get(session, 1).withdrawn_at is None


def test_withdrawing_twice_or_restoring_what_is_in_force_is_a_conflict(ready: Engine):
    add(ready, [reading()])
    with raises(ConflictError, match="is not withdrawn"), db.writing(ready, "cli:li", now=NOW) as session:
        readings.restore(session, 1, reason="x", now=NOW)
    with db.writing(ready, "cli:li", now=NOW) as session:
        readings.withdraw(session, 1, reason="x", now=NOW)
    with raises(ConflictError, match="is withdrawn already"), db.writing(ready, "cli:li", now=NOW) as session:
        readings.withdraw(session, 1, reason="x", now=NOW)


def test_nothing_is_withdrawn_without_a_reason(ready: Engine):
    add(ready, [reading()])
    with raises(ConflictError, match="without a reason"), db.writing(ready, "cli:li", now=NOW) as session:
        readings.withdraw(session, 1, reason=" ", now=NOW)


def test_a_reading_that_is_not_there_is_said_not_to_be(ready: Engine):
    with raises(NotFoundError, match="reading '7': not found"), db.reading(ready) as session:
        readings.get(session, 7)


def test_what_changed_since_a_mark_is_told_by_indicator(ready: Engine):
    add(ready, [FLASH])
    with db.reading(ready) as session:
        first = readings.mark(session)
        assert readings.changed_since(session, readings.Mark()) == {"ilstc-volume"}
        assert readings.changed_since(session, first) == frozenset()
    add(ready, [reading(1, indicator="routes")])
    with db.reading(ready) as session:
        assert readings.changed_since(session, first) == {"routes"}
        second = readings.mark(session)
    with db.writing(ready, "cli:li", now=NOW) as session:
        readings.withdraw(session, 1, reason="x", now=NOW)
        assert readings.changed_since(session, second) == {"ilstc-volume"}


def test_unseen_readings_are_those_neither_stored_nor_held(ready: Engine):
    add(ready, [FLASH])
    with db.writing(ready, "ingest:test", now=NOW) as session:
        readings.hold(session, reading(9), Problem("falls"), now=NOW)
    with db.reading(ready) as session:
        assert readings.unseen(session, [FLASH, FINAL, reading(9), reading(8)]) == (FINAL, reading(8))


def test_more_indicators_than_fit_one_query_are_taken_in_and_known_again(engine: Engine):
    names = [f"i{number:04}" for number in range(2 * NAMES_AT_ONCE + 1)]
    configure(engine, Catalogue(indicators=tuple(replace(VOLUME, id=name) for name in names)))
    batch = [reading(number, indicator=name) for number, name in enumerate(names)]
    assert {added.outcome for added in add(engine, batch)} == {"new"}
    assert {added.outcome for added in add(engine, batch)} == {"known"}
    with db.reading(engine) as session:
        found = readings.load(session, names)
        assert audit.verify(session) == ()
    assert [int(found[name][0].value) for name in names] == list(range(len(names)))


@pytest.mark.parametrize("field", ["quote", "note", "evidence_url", "source", "publisher"])
def test_a_text_that_one_of_the_databases_could_not_keep_is_refused_by_both(ready: Engine, field: str):
    with raises(StoreError, match="reading of 'ilstc-volume': a text contains a NUL character, expected none"):
        add(ready, [reading(**{field: "a\0b"})])
    assert kept(ready) == ()


def test_an_empty_unit_is_no_unit(ready: Engine):
    assert outcomes(ready, reading(unit="")) == ["new"]
    assert outcomes(ready, reading(unit=""), reading()) == ["known", "known"]


@pytest.mark.slow
def test_a_large_batch_leaves_the_search_for_cycles_as_it_found_it(ready: Engine):
    batch = [reading(number, publisher=f"p{number}") for number in range(BULK)]
    assert gc.isenabled()
    assert len(add(ready, batch)) == BULK
    with raises(StoreError, match="NUL"):
        add(ready, [replace(item, publisher=f"{item.publisher}\0") for item in batch])
    assert gc.isenabled()
    with db.reading(ready) as session:
        assert audit.verify(session) == ()
