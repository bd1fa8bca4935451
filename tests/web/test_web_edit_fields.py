"""Single values of a form as they are typed, and what stands in the form of a promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from builders import goal, version
from targetwatch.errors import UsageError
from targetwatch.model import AsOf
from targetwatch.web.audit import sentences as audited
from targetwatch.web.render import Formats
from targetwatch.web.targets import fields
from targetwatch.web.targets.form import proposed_id, unique_id


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("300,000", "TEU", "300000"),
        ("30万", "TEU", "300000"),
        ("30万标箱", "TEU", "300000"),
        ("10亿美元", "bn USD", "1"),
        ("$1 billion", "bn USD", "1"),
        ("1.1", "bn USD", "1.1"),
        ("64.7 %", "%", "64.7"),
        ("64.7", "%", "64.7"),
        ("-3", "days", "-3"),
    ],
)
def test_a_number_is_read_as_it_is_printed(text, unit, value):
    assert fields.number(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("many", "TEU", "number"),
        ("1.2.3", "TEU", "number"),
        ("3,00", "TEU", "number"),
        ("1e9", "TEU", "number"),
        ("nan", "TEU", "number"),
        ("9" * 40, "TEU", "number"),
        ("over 270,000", "TEU", "number_qualified"),
        ("约27万", "TEU", "number_qualified"),
        ("10亿元", "bn USD", "number_unit"),
        ("5 %", "TEU", "number_unit"),
    ],
)
def test_what_is_no_number_of_the_unit_is_refused(text, unit, code):
    with pytest.raises(UsageError) as refused:
        fields.number(text, unit)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(("text", "ratio"), [("-60%", "-0.6"), ("-60", "-0.6"), ("+100 %", "1"), ("−20％", "-0.2")])
def test_a_change_is_read_with_or_without_its_sign(text, ratio):
    assert fields.percent(text) == Decimal(ratio)


@pytest.mark.parametrize("text", ["2025-07-01", "2025/7/1", "2025.7.1", "2025年7月1日"])
def test_a_day_is_read_as_people_write_it(text):
    assert fields.day(text) == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-02-30", "day"),
        ("2025-07", "day"),
        ("2025", "day"),
        ("soon", "day"),
        ("9999-01-01", "day_far"),
        ("1948-12-31", "day_far"),
    ],
)
def test_what_is_no_day_is_refused(text, code):
    with pytest.raises(UsageError) as refused:
        fields.day(text)
    assert refused.value.problems[0].code == code


def test_words_lose_what_cannot_be_seen_and_space_that_says_nothing():
    assert fields.line("  a\u200b \u3000 b\n") == "a b"
    assert fields.lines("a  b \n\n c\u00a0d ") == "a b\n\nc d"
    with pytest.raises(UsageError):
        fields.line("a\u202eb")
    with pytest.raises(UsageError):
        fields.line("a\x07b")


def test_a_promise_filled_into_the_form_is_typed_as_people_type_it():
    values = fields.of_version(version(goal(change="-0.6"), baseline="250.50"))
    assert (values["goal.comparator"], values["goal.value"], values["baseline.value"]) == ("change", "-60%", "250.5")
    band = fields.of_version(version(goal(between=(1, 20000))))
    assert (band["goal.value"], band["goal.upper"]) == ("1", "20,000")
    open_end = fields.of_version(replace(version(), deadline=None))
    assert "deadline" not in open_end


def test_a_name_that_is_taken_gets_a_number():
    assert unique_id("cargo", []) == "cargo"
    assert unique_id("cargo", ["cargo", "cargo-2"]) == "cargo-3"
    assert len(unique_id("x" * 64, ["x" * 64])) <= 64
    assert proposed_id({"en": "Cargo & More 2026"}, "target-2026", []) == "cargo-more-2026"
    assert proposed_id({"en": "2026年运量"}, "target-2026", ["target-2026-1"]) == "target-2026-2"
    assert proposed_id({"en": "", "zh": "TEU 运量"}, "target-2026", ["teu"]) == "teu-2"


def test_an_announcer_kept_in_english_alone_before_is_no_change():
    shown = audited.Shown(Formats("en"), AsOf.end_of(date(2025, 7, 1)))
    was, now = {"announcement.by": "The mayor"}, {"announcement.by.en": "The mayor", "announcement.by.zh": "市长"}
    (changed,) = audited.changes(shown, was, now)
    assert (changed.label, changed.before, changed.after) == ("Announced by, in Chinese", "", "市长")
