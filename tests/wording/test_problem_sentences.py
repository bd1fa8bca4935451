"""Every problem as a sentence: values by their kind, what somebody said in front, the place before all of it."""

from datetime import date
from decimal import Decimal
from string import Formatter

import pytest

from targetwatch.errors import ConfigError, HeldError, NotFoundError, UsageError
from targetwatch.model import Basis, Period
from targetwatch.model.problem import Amount, Name, Problem, Ratio
from targetwatch.wording import problems
from targetwatch.wording.problems import in_english, placed, sentence
from targetwatch.wording.translation import translator

ENGLISH = translator("en")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("six", "six"),
        (1234, "1234"),
        (Decimal("1234.50"), "1,234.5"),
        (Amount(Decimal("154600.0"), "TEU"), "154,600 TEU"),
        (Amount(Decimal("0.5"), ""), "0.5"),
        (Ratio(Decimal("0.28")), "28%"),
        (date(2025, 3, 31), "2025-03-31"),
        (Period(date(2025, 1, 1), date(2025, 3, 31)), "2025-Q1"),
        (Name("publisher", "port-office"), "port-office"),
        (Basis.YEAR_TO_DATE, "year_to_date"),
        (("a", "b"), "a, b"),
        (Problem("inner words"), "inner words"),
    ],
)
def test_a_value_is_written_by_its_kind(monkeypatch, value, written):
    monkeypatch.setattr(problems, "SENTENCES", {"example": "of {value}."})
    assert sentence(Problem("example", {"value": value}), ENGLISH) == f"of {written}."


def test_what_somebody_said_stands_before_what_is_wrong_with_it(monkeypatch):
    monkeypatch.setattr(problems, "SENTENCES", {"example": "is no number"})
    problem = Problem("example", {"said": "six"}, where="value", file="a.csv", line=3)
    assert placed(problem, ENGLISH) == "a.csv:3: value 'six': is no number"


@pytest.mark.parametrize("said", [{}, {"said": "2025年13月"}])
def test_no_sentence_begins_with_the_colon_it_may_follow_a_place_with(said):
    problem = Problem("no_such_month", {"month": 13, **said})
    told = sentence(problem, translator("zh"))
    assert told == ("'2025年13月': 没有13月。" if said else "没有13月。")


def test_a_code_that_is_not_ours_is_a_text_shown_as_it_is():
    assert sentence(Problem("Kept {as} it was."), ENGLISH) == "Kept {as} it was."


@pytest.mark.parametrize(
    ("known", "end"),
    [
        ((), ""),
        (("carg", "kargo", "x"), "; did you mean carg or kargo?"),
        (("a", "b"), "; there are: a, b"),
        ("abcdefghi", "; there are: a, b, c, d, e, f, g, h, ..."),
        ("abcdefgh", "; there are: a, b, c, d, e, f, g, h"),
    ],
)
def test_what_is_not_found_comes_with_the_nearest_names(known, end):
    assert in_english(NotFoundError("indicator", "cargo", known)) == f"indicator 'cargo': not found{end}"


def test_an_error_says_all_its_problems_a_line_each_where_somebody_gave_them_at_once():
    assert in_english(HeldError(Problem("one"), Problem("two"))) == "one; two"
    assert in_english(UsageError(Problem("one"), Problem("two"))) == "one\ntwo"
    assert (
        in_english(ConfigError([Problem("b", file="f", line=2), Problem("a", file="f", line=10)])) == "f:2: b\nf:10: a"
    )


def test_every_sentence_is_well_formed():
    for code, words in problems.SENTENCES.items():
        assert code.isidentifier()
        assert all(name is None or name.isidentifier() for _, name, *_ in Formatter().parse(words)), code
