"""Invented passages in the style of the agencies are read whole; the floors lie just below what is reached."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.press.scoring import halves, load, score, total

PASSAGES = Path(__file__).parent / "data" / "invented-passages.json"
FLOORS = {"whole": (0.90, 0.52), "F1": (0.90, 0.73), "called likely": (0.90, 0.66)}
MOST_UNWANTED = (0.05, 0.12)


@pytest.mark.parametrize("half", [0, 1], ids=["development", "kept back"])
def test_the_figures_of_invented_passages_are_read_as_often_as_promised(half):
    reached = total(map(score, halves(load(PASSAGES))[half])).shares()
    assert not {name: reached[name] for name, floors in FLOORS.items() if reached[name] < floors[half]}
    assert reached["unwanted of likely"] <= MOST_UNWANTED[half]


def test_a_figure_of_another_place_is_never_more_than_doubtful_in_the_passages_in_view():
    assert total(map(score, halves(load(PASSAGES))[0])).foreign == 0


def test_each_passage_is_in_one_half_and_the_halves_are_alike():
    passages = load(PASSAGES)
    first, second = halves(passages)
    assert sorted(one.id for one in (*first, *second)) == sorted(one.id for one in passages)
    assert abs(len(first) - len(second)) <= 6
