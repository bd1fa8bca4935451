from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.engine import Engine

from refusing import raises
from store.examples import NOW
from targetwatch.errors import NotFoundError
from targetwatch.model import FetchedDocument
from targetwatch.store import db, documents

PAGE = FetchedDocument(
    data=b"<html>" + bytes(range(256)),
    name="Throughput, 一月",
    content_type="text/html",
    charset="gb18030",
    url="https://example.org/page",
    published_on=date(2026, 2, 3),
)


def keep(engine: Engine, *some: FetchedDocument, hours: int = 0, source: str = "customs", wait: bool = False) -> None:
    moment = NOW + timedelta(hours=hours)
    with db.writing(engine, "ingest:test", now=moment) as session:
        documents.keep(session, source, some, now=moment, wait=wait)


def last(engine: Engine, *, fetches: int = 1, source: str = "customs") -> list[bytes]:
    with db.reading(engine) as session:
        return [one.document.data for one in documents.last(session, source, fetches=fetches)]


def test_a_document_is_kept_whole_with_all_that_was_said_of_it(engine: Engine):
    keep(engine, PAGE)
    with db.reading(engine) as session:
        (found,) = documents.last(session, "customs")
    assert (found.document, found.fetched_at, found.source) == (PAGE, NOW, "customs")


def test_the_pages_of_one_fetch_stay_together_and_in_order(engine: Engine):
    keep(engine, FetchedDocument(data=b"old"))
    keep(engine, *(FetchedDocument(data=page) for page in (b"two", b"one", b"three")), hours=1)
    assert last(engine) == [b"two", b"one", b"three"]
    assert last(engine, fetches=2) == [b"old", b"two", b"one", b"three"]


def test_what_is_the_same_as_the_last_time_is_kept_once(engine: Engine):
    keep(engine, PAGE)
    keep(engine, PAGE, hours=1)
    keep(engine, hours=2)
    with db.reading(engine) as session:
        assert [one.fetched_at for one in documents.last(session, "customs", fetches=9)] == [NOW]


def test_the_last_ten_fetches_of_each_source_are_kept(engine: Engine):
    assert documents.FETCHES_KEPT == 10
    keep(engine, PAGE, source="other")
    for hour in range(12):
        keep(engine, FetchedDocument(data=b"%d" % hour), hours=hour)
    assert last(engine, fetches=99) == [b"%d" % hour for hour in range(2, 12)]
    assert last(engine, source="other") == [PAGE.data]


def test_what_was_fetched_last_is_the_last_though_a_clock_was_ahead_before(engine: Engine):
    keep(engine, FetchedDocument(data=b"ahead"), hours=9000)
    for hour in range(11):
        keep(engine, FetchedDocument(data=b"%d" % hour), hours=hour)
    assert last(engine) == [b"10"]
    keep(engine, FetchedDocument(data=b"10"), hours=11)
    assert last(engine, fetches=99) == [b"%d" % hour for hour in range(1, 11)], "what is known is not kept again"


def test_what_waits_for_a_person_stays_until_it_is_settled(engine: Engine):
    keep(engine, PAGE, wait=True)
    for hour in range(1, 12):
        keep(engine, FetchedDocument(data=b"%d" % hour), hours=hour)
    with db.reading(engine) as session:
        (found,) = documents.waiting(session)
        assert documents.waiting(session, "other") == ()
    assert found.document == PAGE
    with db.writing(engine, "web:li", now=NOW) as session:
        documents.settle(session, found.id)
    keep(engine, FetchedDocument(data=b"12"), hours=12)
    with db.reading(engine) as session:
        assert documents.waiting(session) == ()
    assert PAGE.data not in last(engine, fetches=99)


def test_an_inbox_that_nobody_reads_does_not_grow_for_ever(engine: Engine):
    assert documents.MOST_WAITING == 200
    for hour in range(documents.MOST_WAITING // 20 + 1):
        keep(engine, *(FetchedDocument(data=b"%d" % (hour * 20 + one)) for one in range(20)), hours=hour, wait=True)
    with db.reading(engine) as session:
        found = documents.waiting(session)
    assert len(found) == 200
    assert (found[0].document.data, found[-1].document.data) == (b"219", b"20")


def test_a_document_that_is_not_there_cannot_be_settled(engine: Engine):
    with raises(NotFoundError, match="document '7': not found"), db.writing(engine, "web:li", now=NOW) as session:
        documents.settle(session, 7)
