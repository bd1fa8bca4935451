"""Past days kept: exactly as they were found, judged by one process at a time, and only so many of them."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from metrics.hand_made import FIGURE, FULL
from targetwatch.model import AsOf, Clock
from targetwatch.store import db, verdicts
from targetwatch.store.statuses import Horizon
from targetwatch.store.verdicts import FoundVerdict

DAY = date(2025, 10, 2)
SOON = 30
"""Far longer than it takes, on a machine with other work."""


def keep(engine: Engine, as_of: AsOf, *pieces: bytes, reading: int = 5) -> None:
    read = Horizon(through=as_of.day, reading=reading, withdrawal=1, configured=9, program="1")
    with db.writing(engine, "test", now=datetime.now(UTC)) as session:
        verdicts.keep_day(session, as_of, read, pieces)


def kept(engine: Engine, as_of: AsOf) -> tuple[int | None, list[bytes]]:
    """Return up to which reading a day is kept, and what."""
    with db.reading(engine) as session:
        read, pieces = verdicts.load_day(session, as_of)
        return read and read.reading, pieces


def test_what_is_packed_comes_back_exactly():
    exact = replace(FULL, actual_value=Decimal("0.10"), progress_ratio=0.1 + 0.2)
    found = (
        FoundVerdict(target="a", verdict=exact, paces=(1 / 3,)),
        FoundVerdict(target="b", failed="ValueError: “x”", turn=DAY),
        FoundVerdict(target="c"),
    )
    figures = (FIGURE,)
    pieces = [verdicts.FoundAsOf(found[:1], ()).packed(), verdicts.FoundAsOf(found[1:], figures).packed()]
    first, rest = verdicts.unpack(pieces)
    assert (*first.verdicts, *rest.verdicts) == found
    assert (first.figures, rest.figures) == ((), figures)
    assert str(first.verdicts[0].verdict.actual_value) == "0.10"


def test_a_day_is_kept_once_for_each_clock_in_place_of_what_was_kept(engine: Engine) -> None:
    published, recorded = AsOf.end_of(DAY), AsOf.end_of(DAY, clock=Clock.RECORDED)
    assert kept(engine, published) == (None, [])
    keep(engine, published, b"1", b"2")
    keep(engine, recorded, b"3")
    keep(engine, published, b"4", reading=6)
    assert kept(engine, published) == (6, [b"4"])
    assert kept(engine, recorded) == (5, [b"3"])
    elsewhere = AsOf.end_of(DAY, timezone(timedelta(hours=8)))
    assert kept(engine, elsewhere) == (None, [])


def test_the_days_kept_longest_ago_go_where_all_are_too_large(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "MOST_BYTES", 25)
    days = [AsOf.end_of(DAY + timedelta(days=number)) for number in (3, 1, 2, 0)]
    for as_of in days[:3]:
        keep(engine, as_of, b"x" * 10)
    assert [kept(engine, as_of)[1] for as_of in days[:3]] == [[], [b"x" * 10], [b"x" * 10]]
    keep(engine, days[3], b"y" * 30)
    assert [len(kept(engine, as_of)[1]) for as_of in days] == [0, 0, 0, 1]


def test_one_process_judges_a_day_while_others_judge_other_days(server: Engine) -> None:
    published, recorded = AsOf.end_of(DAY), AsOf.end_of(DAY, clock=Clock.RECORDED)
    with verdicts.judging(server, published) as still:
        still()
        with verdicts.judging(server, published) as second, verdicts.judging(server, recorded) as other:
            assert second is None
            assert other is not None
    with verdicts.judging(server, published) as again:
        assert again is not None


def test_whoever_is_not_heard_of_holds_up_nobody(server: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "IDLE_SECONDS", 0.5)
    as_of, end, found = AsOf.end_of(DAY), time.monotonic() + SOON, None
    with verdicts.judging(server, as_of) as still:
        while found is None and time.monotonic() < end:
            time.sleep(0.1)
            with verdicts.judging(server, as_of) as found:
                pass
        assert found is not None
        still()  # it goes on judging, and two do
