from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from refusing import say
from store.databases import execute, on_server, opened
from store.examples import NOW, configure, reading
from targetwatch.model import Basis, Period, Qualifier, Reading
from targetwatch.model.problem import Problem
from targetwatch.store import audit, catalogue, db, readings
from targetwatch.store.audit.trail import link
from targetwatch.store.readings.rows import digest_of, seal, texts_of
from targetwatch.store.tables import IndicatorRow, OwnerRow, SourceRow, TargetRow, TargetVersionRow

Tamper = Callable[..., None]


@pytest.fixture(scope="module")
def full_file(prepared_file: Path) -> Path:
    """Give a database with a catalogue, readings 1..3 in small batches and 4..53 in a large one, one of them moved."""
    file = prepared_file.with_name("full.db")
    shutil.copy(prepared_file, file)
    fill(db.create_engine(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="module")
def full_database(postgresql: str, prepared_database: str) -> str:
    """Give the name of the same on the server."""
    execute(postgresql, f"CREATE DATABASE filled TEMPLATE {prepared_database}")
    fill(db.create_engine(postgresql.replace("/postgres?", "/filled?")))
    return "filled"


def fill(engine: Engine) -> None:
    configure(engine)
    with db.writing(engine, "cli:test", now=NOW) as session:
        readings.add(session, [reading()])
        readings.add(session, [reading(1, indicator="routes"), reading(154601, "2025-07-18")])
        readings.add(session, [reading(number, publisher=f"p{number:02}") for number in range(50)])
        readings.withdraw(session, 2, reason="x", now=NOW)
        readings.hold(session, reading(9, "2025-08-01"), Problem("falls"), now=NOW)
        catalogue.take_over(session, "routes-2025")
    engine.dispose()


@pytest.fixture
def engine(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a copy of its own."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("full_file"), tmp_path / "store.db")
        yield from opened(f"sqlite:///{tmp_path / 'store.db'}")
    else:
        yield from on_server(request.getfixturevalue("postgresql"), request.getfixturevalue("full_database"))


@pytest.fixture
def full(engine: Engine) -> Engine:
    return engine


def problems(engine: Engine) -> Sequence[str]:
    with db.reading(engine) as session:
        return tuple(say(problem) for problem in audit.verify(session))


def count(engine: Engine) -> int:
    with db.reading(engine) as session:
        return audit.head(session)[0]


def test_what_nobody_touched_is_well(full: Engine):
    assert problems(full) == ()


def test_an_empty_database_is_well(sqlite: Engine):
    assert problems(sqlite) == ()


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'someone else'",
        "reason = 'another reason'",
        "object = 'x'",
        "kind = 'owner'",
        "action = 'delete'",
        "at = '2020-01-01 00:00:00.000000'",
        "\"new\" = '{}'",
        '"new" = NULL',
        '"old" = \'{"title_en": "x"}\'',
        "hash = 'x'",
    ],
)
def test_a_changed_entry_is_found(full: Engine, tamper: Tamper, change: str):
    tamper(f"UPDATE audit SET {change} WHERE id = 3")
    assert any(problem.startswith(("audit entry 3:", "audit entry 4:")) for problem in problems(full))


def test_an_entry_that_is_no_json_any_more_is_found(sqlite: Engine):
    configure(sqlite)
    with sqlite.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE audit SET \"new\" = '{' WHERE id = 3")
    assert any(problem.startswith("audit entry 3: does not match its hash") for problem in problems(sqlite))


def test_an_entry_changed_together_with_its_hash_is_found_by_the_next(full: Engine, tamper: Tamper):
    with db.reading(full) as session:
        before, entry = audit.entries(session, before_id=5, limit=2)[::-1]
    forged = {name: getattr(entry, name) for name in audit.AuditEntry.__slots__} | {"actor": "someone else"}
    tamper(f"UPDATE audit SET actor = 'someone else', hash = '{link(before.hash, forged)}' WHERE id = 4")
    assert problems(full) == ("audit entry 5: does not match its hash: it or the entry before it was changed",)


def test_a_deleted_entry_is_found(full: Engine, tamper: Tamper):
    tamper("DELETE FROM audit WHERE id = 4")
    assert problems(full)[0] == "audit entry 4: was removed"


def test_several_deleted_entries_are_found(full: Engine, tamper: Tamper):
    tamper("DELETE FROM audit WHERE id BETWEEN 4 AND 6")
    assert problems(full)[0] == "audit entry 4..6: was removed"


def test_a_trail_cut_short_is_found(full: Engine, tamper: Tamper):
    last = count(full)
    tamper(f"DELETE FROM audit WHERE id >= {last - 1}")
    assert problems(full)[0] == f"audit entry {last - 1}..{last}: was removed"


def test_a_trail_cut_short_together_with_its_head_is_found_by_the_rows_it_told_of(full: Engine, tamper: Tamper):
    last = count(full)
    with db.reading(full) as session:
        (entry,) = audit.entries(session, before_id=last, limit=1)
    tamper(f"DELETE FROM audit WHERE id = {last}", f"UPDATE audit_head SET entries = {last - 1}, hash = '{entry.hash}'")
    assert problems(full) == (
        'target \'routes-2025\': managed_by is "web", the audit trail says "file"',
        "target 'routes-2025': revision is 2, the audit trail says 1",
    )


def test_two_entries_in_each_others_place_are_found(full: Engine, tamper: Tamper):
    tamper(
        "UPDATE audit SET id = -1 WHERE id = 4",
        "UPDATE audit SET id = 4 WHERE id = 5",
        "UPDATE audit SET id = 5 WHERE id = -1",
    )
    found = problems(full)
    assert any(problem.startswith("audit entry 4: does not match") for problem in found)
    assert any(problem.startswith("audit entry 5: does not match") for problem in found)


def test_an_inserted_entry_is_found(full: Engine, tamper: Tamper):
    last = count(full)
    tamper(
        f"INSERT INTO audit (id, at, actor, action, kind, object, reason, hash) "
        f"VALUES ({last + 1}, '2025-01-01 00:00:00.000000', 'li', 'delete', 'publisher', 'x', '', 'x')"
    )
    assert f"audit entry {last + 1}: was added behind the program's back: {last} were written" in problems(full)


def test_a_missing_head_is_found(full: Engine, tamper: Tamper):
    last = count(full)
    tamper("DELETE FROM audit_head")
    assert problems(full) == (f"audit entry {last}: was added behind the program's back: 0 were written",)


def test_a_changed_head_is_found(full: Engine, tamper: Tamper):
    last = count(full)
    tamper("UPDATE audit_head SET hash = 'x'")
    assert problems(full) == (f"audit entry {last}: does not match the head of the trail: one of them was changed",)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_a_changed_reading_is_found_and_named(full: Engine, tamper: Tamper, number: int):
    tamper(f"UPDATE reading SET value = '999' WHERE id = {number}")
    (problem,) = problems(full)
    assert problem.startswith(f"reading {number}: was changed after it was recorded (audit entry ")


@pytest.mark.parametrize(
    "change",
    [
        "value = 'rubbish'",
        "published_on = '2020-01-01'",
        "published_on = NULL",
        "recorded_at = '2020-01-01 00:00:00.000000'",
        "publisher = 'someone'",
        "period_end = '2025-12-31'",
        "basis = 'period'",
        "qualifier = 'over'",
        "yoy = NULL",
        "unit = 'box'",
        "evidence_url = 'https://example.org/other'",
        "quote = ''",
        "note = 'x'",
        "source = 'x'",
        "vintage = 7",
        "digest = 'x'",
    ],
)
def test_a_change_of_any_column_of_a_reading_is_found(full: Engine, tamper: Tamper, change: str):
    tamper(f"UPDATE reading SET {change} WHERE id = 30")
    (problem,) = problems(full)
    assert problem.startswith("reading 30: was changed after it was recorded (audit entry ")


def test_a_flag_that_was_turned_is_found(full: Engine, tamper: Tamper):
    tamper(f"UPDATE reading SET provisional = {'1' if full.dialect.name == 'sqlite' else 'true'} WHERE id = 1")
    assert problems(full)[0].startswith("reading 1: was changed")


def test_a_removed_reading_is_found_and_named(full: Engine, tamper: Tamper):
    tamper("DELETE FROM reading WHERE id IN (1, 30)")
    assert [problem.partition(" after")[0] for problem in problems(full)] == [
        "reading 1: was removed",
        "reading 30: was removed",
    ]


def test_a_removed_last_reading_is_found_even_when_its_number_is_given_again(full: Engine, tamper: Tamper):
    tamper("DELETE FROM reading WHERE id = 53")
    with db.writing(full, "cli:test", now=NOW) as session:
        assert readings.add(session, [reading(7, publisher="again")])[0].id == 53
    assert problems(full)


def test_a_reading_that_was_slipped_in_is_found_and_named(full: Engine, tamper: Tamper):
    names = ", ".join(name for name in readings.rows.COLUMNS if name not in {"id", "vintage"})
    tamper(
        f"INSERT INTO reading (id, vintage, {names}, digest) SELECT 99, 9, {names}, digest FROM reading WHERE id = 1"
    )
    assert problems(full) == ("reading 99: is in no audit entry: it was slipped in",)


def forge(engine: Engine, number: int, tamper: Tamper) -> None:
    """Change a reading's value and its seal with it."""
    with db.reading(engine) as session:
        forged = readings.get(session, number)
    value = "999"
    texts = list(texts_of(forged, number, 1))
    texts[readings.rows.COLUMNS.index("value")] = value
    tamper(f"UPDATE reading SET value = '{value}', digest = '{digest_of(tuple(texts))}' WHERE id = {number}")


def test_a_reading_of_a_small_batch_changed_seal_and_all_is_found_and_named(full: Engine, tamper: Tamper):
    forge(full, 1, tamper)
    (problem,) = problems(full)
    assert problem.startswith("reading 1: was changed after it was recorded")


def test_a_reading_of_a_large_batch_changed_seal_and_all_is_found_in_its_batch(full: Engine, tamper: Tamper):
    forge(full, 30, tamper)
    (problem,) = problems(full)
    assert problem.startswith("readings 4..53: one was changed, seal and all (audit entry ")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE withdrawal SET reading = 3",
            "withdrawal '1': reading is 3, the audit trail says 2",
        ),
        ("DELETE FROM withdrawal", "withdrawal '1': was removed behind the audit trail's back"),
        ("UPDATE held SET status = 'rejected'", 'held \'1\': status is "rejected", the audit trail says "waiting"'),
        (
            "INSERT INTO publisher (id, managed_by, terms) VALUES ('x', 'web', '{}')",
            "publisher 'x': is in no audit entry: it was slipped in",
        ),
    ],
)
def test_a_row_changed_behind_the_trail_is_found_and_named(full: Engine, tamper: Tamper, statement: str, said: str):
    tamper(statement)
    assert problems(full) == (said,)


@pytest.mark.parametrize(
    ("table", "forged", "said"),
    [
        (
            TargetVersionRow,
            {"goal": {"above": "1"}},
            "target_version 'routes-2025/1/0': goal.above is \"1\", the audit trail says null",
        ),
        (
            TargetVersionRow,
            {"deadline": "2030-01-01"},
            'target_version \'routes-2025/1/0\': deadline is "2030-01-01", the audit trail says "2025-12-31"',
        ),
        (
            TargetVersionRow,
            {"plan": {"waypoints": [{"on": "2025-06-30", "value": "1"}]}},
            "target_version 'routes-2025/1/0': plan.waypoints[1].on is \"2025-06-30\", the audit trail says null",
        ),
        (TargetVersionRow, {"steps": []}, "target_version 'routes-2025/1/0': steps is [], the audit trail says null"),
        (
            TargetVersionRow,
            {"deadline": None},
            "target_version 'routes-2025/1/0': deadline is null, the audit trail says \"2025-12-31\"",
        ),
        (
            TargetVersionRow,
            {"number": 2},
            "target_version 'routes-2025/1/0': terms.number is 2, the audit trail says null",
        ),
        (
            OwnerRow,
            {"email": "me@example.org"},
            'owner \'port-office\': email is "me@example.org", the audit trail says "port@example.org"',
        ),
        (
            IndicatorRow,
            {"release": {"january_with_february": True}},
            "indicator 'routes': release.january_with_february is true, the audit trail says null",
        ),
        (SourceRow, {"enabled": False}, "source 'customs': enabled is false, the audit trail says null"),
        (SourceRow, {"": 1}, "source 'customs': \"\" is 1, the audit trail says null"),
    ],
)
def test_terms_changed_behind_the_trail_are_found_and_named(full: Engine, table: type, forged: dict, said: str):
    its = (
        table.target == "routes-2025"
        if table is TargetVersionRow
        else table.id.in_(["routes", "customs", "port-office"])
    )
    with full.connect() as connection, connection.begin():
        terms = connection.scalar(select(table.terms).where(its))
        changed = {name: value for name, value in {**terms, **forged}.items() if value is not None}
        connection.execute(update(table.__table__).where(its).values(terms=changed))
    assert said in problems(full)


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "null", "{}"])
def test_terms_that_are_none_any_more_are_found(sqlite: Engine, text: str):
    configure(sqlite)
    with sqlite.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE owner SET terms = ?", (text,))
    assert problems(sqlite)


def test_a_value_changed_behind_the_trail_is_found_though_it_was_changed_again_since(full: Engine):
    with full.connect() as connection, connection.begin():
        connection.execute(update(TargetRow.__table__).where(TargetRow.id == "routes-2025").values(revision=7))
    with db.writing(full, "web:sun", now=NOW) as session:
        catalogue.archive(session, "routes-2025", now=NOW)
    (problem,) = problems(full)
    assert problem.startswith("target 'routes-2025': revision was 7 before audit entry ")
    assert problem.endswith(", the audit trail says 2")


def test_the_seal_of_a_batch_depends_on_every_row_and_their_order():
    assert len({seal(["a", "b"]), seal(["b", "a"]), seal(["a"]), seal([])}) == 4


def test_the_seal_of_a_reading_is_what_it_always_was():
    said = Reading(
        indicator="i",
        publisher="p",
        period=Period(date(2025, 1, 1), date(2025, 1, 31)),
        basis=Basis.PERIOD,
        value=Decimal("1E+3"),
        published_on=date(2025, 2, 7),
        recorded_at=datetime(2025, 2, 7, 1, 2, 3, tzinfo=UTC),
        qualifier=Qualifier.ABOUT,
        rounding=Decimal("0.50"),
        yoy=Decimal("0.05"),
        provisional=True,
        unit="",
        evidence_url="u",
        quote="q",
        note="n",
        source="s",
    )
    assert digest_of(texts_of(said, 7, 2)) == "7847ea6ac6754cb5229412c7fb2620cc"
