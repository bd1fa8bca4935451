"""Scalars and the YAML reader, each by its table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from targetwatch.configuration.shapes import WRITTEN, findings
from targetwatch.configuration.yaml import read_document
from targetwatch.model import scalars
from targetwatch.wording.problems import placed, sentence
from targetwatch.wording.translation import translator


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (scalars.Day, "2024-02-29", date(2024, 2, 29)),
        (scalars.Number, 270000, Decimal(270000)),
        (scalars.Number, Decimal("-0.50"), Decimal("-0.5")),
        (scalars.Percent, "-60%", Decimal("-0.6")),
        (scalars.Percent, "+7.25%", Decimal("0.0725")),
        (scalars.Days, "0d", 0),
        (scalars.Country, "CN", "CN"),
        (scalars.Email, "a.b+c@example.org", "a.b+c@example.org"),
    ],
)
def test_a_scalar_is_read_as_its_value(kind, raw, value):
    assert TypeAdapter(kind).validate_python(raw, context=WRITTEN) == value


@pytest.mark.parametrize(
    ("kind", "raw", "said"),
    [
        (scalars.Number, True, "true is not a number"),
        (scalars.Number, "12 345.5", "has thousands separators, write 12345.5"),
        (scalars.Number, "６.４万", "write 64000"),
        (scalars.Number, "1.425 million", "write 1425000"),
        (scalars.Number, "lots", "'lots' is not a number, expected one such as 270000 or 21.3"),
        (scalars.Number, Decimal("1e999"), "has too many digits"),
        (scalars.Number, [1], "a list is not a number"),
        (scalars.Percent, "−60％", "is not written as a percentage, write -60%"),
        (scalars.Percent, -60, "-60 does not say of what, write -60%"),
        (scalars.Percent, "half", "is not a percentage, expected one such as -60%"),
        (scalars.Day, "2025-1-5", "write 2025-01-05"),
        (scalars.Day, "2025-12-31T00:00:00", "has a time of day, write 2025-12-31"),
        (scalars.Day, "2025-13-01", "is not a day of the calendar, expected year-month-day"),
        (scalars.Day, "0000-01-01", "is not a day of the calendar"),
        (scalars.Days, "31", "is not a number of days"),
        (scalars.Days, "4000d", "is not a number of days up to 3660"),
        (scalars.Slug, 2025, "write '2025' in quotes"),
        (scalars.Slug, "运量", "expected something like cargo-volume-2025"),
        (scalars.Slug, "a" * 65, "at most 64 characters"),
        (scalars.Email, "a@example.org, b@example.org", "expected exactly one"),
        (scalars.WebAddress, "https://exa mple.org", "is not a web address"),
        (scalars.PeriodValue, "2025-06..2025-01", "before it starts"),
        (scalars.PeriodValue, 2.5, "2.5 is not a period"),
    ],
)
def test_a_wrong_scalar_is_told_what_to_write(kind, raw, said):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(raw, context=WRITTEN)
    ((_, problem),) = findings({}, raw, caught.value)
    assert said in sentence(problem, translator("en"))


@pytest.fixture
def read(tmp_path):
    def document(text):
        path = tmp_path / "file.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found = read_document(path)
        told = [placed(problem, translator("en")).replace(f"{tmp_path}/", "") for problem in found.problems]
        return found.data, told

    return document


def test_yaml_is_read_as_its_core(read):
    data, problems = read("on: yes\nn: 012\ni: -7\nf: 21.30\ne: 1e3\nt: true\nz: ~\nd: 2025-01-01\nq: '5'\nlag: 31d\n")
    assert problems == []
    assert data == {
        "on": "yes",
        "n": "012",
        "i": -7,
        "f": Decimal("21.30"),
        "e": Decimal(1000),
        "t": True,
        "z": None,
        "d": "2025-01-01",
        "q": "5",
        "lag": "31d",
    }


def test_every_value_knows_its_line(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_text("a:\n  - b: 1\n    c: [x,\n      y]\n")
    document = read_document(path)
    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "c", 1)) == 4
    assert document.line(("a", 0, "nothing", "here")) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "file.yaml:1: not valid YAML: nested deeper than 40 levels, expected at most 8"),
        ("a: &a [*a]", "file.yaml:1: a[1]: an alias stands inside its own anchor, expected the value written out"),
        ("a: \x01", "file.yaml:1: character U+0001 may not stand in YAML, remove it"),
        ("a: {b: 1,425,000, c: 2}", "file.yaml:1: a.b: 1,425,000 has thousands separators, write 1425000"),
        ("? [a]\n: 1", "file.yaml:1: the key a list or mapping is not text, expected a key in quotes or another one"),
        ("﻿".encode("utf-16"), "file.yaml:1: byte 0xff is not UTF-8, expected the file saved as UTF-8"),
    ],
)
def test_yaml_that_a_configuration_must_not_have_is_refused(text, said, read):
    assert read(text)[1] == [said]


@pytest.mark.slow
def test_aliases_cannot_fill_the_memory(read):
    layers = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9))
    _, (said,) = read(f"a: &a [x,x,x,x,x,x,x,x,x,x]\n{layers}")
    assert "more than 1000000 values once its aliases are filled in" in said


def test_an_alias_may_repeat_a_value(read):
    assert read("a: &x {on: 2025-01-01}\nb: *x\n") == ({"a": {"on": "2025-01-01"}, "b": {"on": "2025-01-01"}}, [])


def test_a_tab_inside_a_block_of_text_is_text(read):
    assert read("quote: |\n  one\n  \ttwo\n") == ({"quote": "one\n\ttwo\n"}, [])
