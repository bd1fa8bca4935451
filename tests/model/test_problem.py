"""Problems: a code and values that survive JSON, compare, and keep their place."""

import json
import pickle
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from targetwatch.model import Basis, Measure, Period, Qualifier
from targetwatch.model.problem import Amount, Name, Problem, Ratio

EVERY_KIND = Problem(
    "example",
    {
        "text": "six",
        "count": 3,
        "none": None,
        "number": Decimal("0.50"),
        "amount": Amount(Decimal(154600), "TEU"),
        "ratio": Ratio(Decimal("-0.035")),
        "day": date(2025, 3, 31),
        "period": Period(date(2025, 1, 1), date(2025, 3, 31)),
        "publisher": Name("publisher", "port-office"),
        "basis": Basis.YEAR_TO_DATE,
        "measure": Measure.FLOW,
        "qualifier": Qualifier.ABOUT,
        "several": [Name("indicator", "cargo"), "..."],
        "inner": Problem("inner", {"amount": Amount(Decimal(1), "")}),
    },
    file="targets.yaml",
    line=3,
    where="goal",
)


@pytest.mark.parametrize("problem", [EVERY_KIND, Problem("bare"), Problem("there", file="a.csv", where="value")])
def test_a_problem_is_the_same_after_json_a_pickle_and_a_copy(problem):
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem
    assert pickle.loads(pickle.dumps(problem)) == deepcopy(problem) == problem


def test_equal_problems_are_one_whatever_the_order_of_their_values():
    one, other = Problem("a", {"x": 1, "y": "2"}), Problem("a", {"y": "2", "x": 1})
    assert {one, other} == {one}
    assert one != Problem("a", {"x": 1, "y": "3"})


def test_problems_are_sorted_by_file_line_and_place():
    some = [
        Problem("z", file="b.yaml", line=1),
        Problem("b", {"of": Amount(Decimal(1), "t")}, file="a.yaml", line=10, where="goal"),
        Problem("a", file="a.yaml", line=10, where="unit"),
        Problem("c", file="a.yaml", line=2),
    ]
    assert [one.code for one in sorted(some)] == ["c", "b", "a", "z"]


def test_its_values_cannot_be_changed():
    values = {"x": 1}
    problem = Problem("a", values)
    values["x"] = 2
    assert problem.values == {"x": 1}
    with pytest.raises(TypeError):
        problem.values["x"] = 2


def test_for_a_log_it_is_place_code_and_values():
    problem = Problem("too_long", {"most": 200}, file="rows.csv", line=4, where="note")
    assert str(problem) == "rows.csv:4: note: too_long (most=200)"


def test_what_is_no_value_of_a_problem_is_refused_when_it_is_packed():
    with pytest.raises(TypeError, match="float"):
        Problem("a", {"x": 0.5}).to_json()
