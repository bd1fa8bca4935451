from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from targetwatch.store import types
from targetwatch.store.types import canonical, digits, moment_text


def test_the_examples_in_the_docstrings_are_true():
    tried = doctest.testmod(types)
    assert tried.attempted >= 2
    assert tried.failed == 0


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_the_digits_of_a_number_are_the_number_and_never_an_exponent(value: Decimal):
    assume(int(value.as_tuple().exponent) >= -60)  # longer ones are refused, as told below
    text = digits(value)
    assert Decimal(text) == value
    assert set(text) <= set("-.0123456789")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_has_no_digits(value: str):
    with pytest.raises(ValueError, match="not a finite number, expected digits"):
        digits(Decimal(value))


@pytest.mark.parametrize("value", ["1E+61", "-1E+61", "1E-61", "1" * 62, "0." + "1" * 61])
def test_a_number_of_absurd_length_is_refused(value: str):
    with pytest.raises(ValueError, match="more than 60 digits on one side of the point"):
        digits(Decimal(value))


@pytest.mark.parametrize("value", ["1E+60", "1E-60", "9" * 61, "-0.00", "0", "-12.50"])
def test_a_number_at_the_edge_is_kept(value: str):
    assert Decimal(digits(Decimal(value))) == Decimal(value)


def test_a_moment_is_the_same_text_in_whatever_zone_it_was_said():
    moment = datetime(2025, 1, 1, 0, 0, 0, 5, tzinfo=UTC)
    assert (
        moment_text(moment)
        == moment_text(moment.astimezone(timezone(timedelta(hours=8))))
        == ("2025-01-01 00:00:00.000005")
    )


def test_a_moment_without_an_offset_has_no_text():
    with pytest.raises(ValueError, match="a moment without an offset"):
        moment_text(datetime(2025, 1, 1))  # noqa: DTZ001 - that is the point


def test_the_canonical_text_does_not_depend_on_the_order_of_names():
    assert (
        canonical({"b": [1, "万"], "a": b"\x01"})
        == canonical({"a": b"\x01", "b": [1, "万"]})
        == ('{"a":"01","b":[1,"万"]}')
    )


def test_what_no_column_holds_has_no_canonical_text():
    with pytest.raises(TypeError, match="object has no canonical text"):
        canonical(object())
