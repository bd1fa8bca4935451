from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.examples import reading
from targetwatch.model import Basis, Period, Qualifier, Reading
from targetwatch.store.readings.vintages import Vintage, content_of, fact_of, known

DAY = date(2025, 1, 10)


def vintages(*kept: Reading) -> list[Vintage]:
    return [
        Vintage(content_of(item), item.published_on, item.recorded_at, number) for number, item in enumerate(kept, 1)
    ]


def match(item: Reading, *kept: Reading) -> int | None:
    found = known(content_of(item), item.published_on, vintages(*kept))
    return found.id if found else None


def at(day: str, value: int = 100, **fields: object) -> Reading:
    moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=9)
    return reading(value, day, **{"recorded_at": moment, **fields})


def undated(day: str, value: int = 100) -> Reading:
    return replace(at(day, value), published_on=None)


JANUARY, FEBRUARY, MARCH = at("2025-01-10"), at("2025-02-10", 110), at("2025-03-10")


@pytest.mark.parametrize(
    ("item", "kept", "same"),
    [
        pytest.param(JANUARY, (), None, id="nothing is kept: news"),
        pytest.param(JANUARY, (JANUARY,), 1, id="the same again: known"),
        pytest.param(at("2025-01-20"), (JANUARY,), 1, id="a reprint with a later date: known"),
        pytest.param(at("2025-01-05"), (JANUARY,), None, id="the same figure was published earlier: news"),
        pytest.param(FEBRUARY, (JANUARY,), None, id="another value: a revision"),
        pytest.param(JANUARY, (JANUARY, FEBRUARY), 1, id="the first line of the file, after its revision: known"),
        pytest.param(at("2025-02-20"), (JANUARY, FEBRUARY), None, id="back to the first value: a revision"),
        pytest.param(MARCH, (JANUARY, FEBRUARY, MARCH), 3, id="back to the first value, again: known"),
        pytest.param(at("2025-02-20"), (JANUARY, FEBRUARY, MARCH), None, id="it returned earlier than we knew: news"),
        pytest.param(at("2025-01-10", 110), (JANUARY,), None, id="corrected the same day: a revision"),
        pytest.param(JANUARY, (JANUARY, at("2025-01-10", 110)), 1, id="both of a day again, the first: known"),
        pytest.param(at("2025-01-10", 110), (JANUARY, at("2025-01-10", 110)), 2, id="the second: known"),
        pytest.param(undated("2025-05-01"), (undated("2025-01-10"),), 1, id="undated, the same as the latest: known"),
        pytest.param(undated("2025-05-01", 110), (undated("2025-01-10"),), None, id="undated, another: a revision"),
        pytest.param(
            undated("2025-05-01"), (undated("2025-01-10"), undated("2025-02-10", 110)), None, id="undated, back: news"
        ),
        pytest.param(undated("2025-05-01"), (JANUARY, FEBRUARY), None, id="undated against dated: the latest counts"),
        pytest.param(undated("2025-05-01", 110), (JANUARY, FEBRUARY), 2, id="undated like the latest dated: known"),
        pytest.param(at("2025-05-01"), (undated("2025-01-10"),), 1, id="dated after one seen undated: known"),
    ],
)
def test_what_is_known_and_what_is_news(item: Reading, kept: tuple[Reading, ...], same: int | None):
    assert match(item, *kept) == same


@pytest.mark.parametrize(
    "fields",
    [
        {"qualifier": Qualifier.OVER},
        {"rounding": Decimal(50)},
        {"yoy": None},
        {"yoy": Decimal("0.29")},
        {"provisional": True},
        {"unit": "box"},
    ],
)
def test_another_content_is_another_vintage(fields: dict[str, object]):
    assert match(replace(JANUARY, **fields), JANUARY) is None


@pytest.mark.parametrize("fields", [{"evidence_url": "x"}, {"quote": "x"}, {"note": "x"}, {"source": "x"}])
def test_other_evidence_makes_no_other_vintage(fields: dict[str, object]):
    assert match(replace(JANUARY, **fields), JANUARY) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"indicator": "x"},
        {"publisher": "customs"},
        {"period": Period(DAY, DAY)},
        {"basis": Basis.PERIOD},
        {"step": "jakarta"},
    ],
)
def test_another_fact_shares_nothing(fields: dict[str, object]):
    assert fact_of(replace(JANUARY, **fields)) != fact_of(JANUARY)


def test_the_same_number_with_other_zeros_is_the_same():
    assert match(replace(JANUARY, value=Decimal("100.00")), JANUARY) == 1


def taken_in(items: list[Reading], kept: list[Reading]) -> int:
    """Keep what is news, in the order of publication as `add` does; return how many there were."""
    before = len(kept)
    for item in sorted(items, key=lambda item: item.published_on or DAY):
        if match(item, *kept) is None:
            kept.append(item)
    return len(kept) - before


printed = st.builds(at, st.dates(date(2025, 1, 1), date(2025, 1, 9)).map(date.isoformat), st.integers(1, 3))


@pytest.mark.slow
@given(st.lists(printed, max_size=12, unique_by=lambda item: item.published_on), st.randoms())
def test_taking_the_same_list_in_again_in_any_order_brings_nothing_new(items: list[Reading], random: Random):
    kept: list[Reading] = []
    taken_in(items, kept)
    random.shuffle(items)
    assert taken_in(items, kept) == 0


@given(st.lists(printed, max_size=12))
def test_even_a_list_that_contradicts_itself_within_a_day_brings_nothing_new_the_third_time(items: list[Reading]):
    kept: list[Reading] = []
    taken_in(items, kept)
    taken_in(items, kept)
    assert taken_in(items, kept) == 0


@given(st.lists(printed, min_size=1, max_size=12, unique_by=lambda item: item.published_on))
def test_what_was_published_last_is_in_force(items: list[Reading]):
    kept: list[Reading] = []
    taken_in(items, kept)
    last = max(items, key=lambda item: item.published_on or DAY)
    assert max(vintages(*kept), key=lambda vintage: vintage.order).content == content_of(last)
