"""What docs/documents.md says of pick and guards is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from picking import NOW, codes, described
from pydantic import BaseModel

from targetwatch.documents import description
from targetwatch.documents.grid import Decoded, grid
from targetwatch.documents.guards import REPEATED, REWRITTEN
from targetwatch.documents.pick import pick
from targetwatch.quantity import format_period, parse_unit

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")
PICK = re.search(r"## Pick\n.*?## Guards\n.*?(?=\n## |\Z)", PAGE, re.DOTALL)[0]
EXAMPLES = [
    re.findall(r"```(\w+)\n(.*?)```", one, re.DOTALL)
    for one in re.findall(r"(?:```\w+\n(?:(?!```).)*```\n)+", PICK, re.DOTALL)
]
KINDS = {
    name: kind
    for name, kind in vars(description).items()
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == description.__name__
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one[0][1].splitlines()[0])
def test_every_example_gives_the_readings_beside_it(example):
    blocks: dict[str, list[str]] = {}
    for kind, text in example:
        blocks.setdefault(kind, []).append(text)
    grids = tuple(
        grid("", [[cell.strip() for cell in line.split("|")] for line in text.splitlines()])
        for text in blocks.get("table", ())
    )
    decoded = Decoded(
        grids=grids, lines=tuple("".join(blocks.get("lines", ())).splitlines()), title="".join(blocks.get("title", ()))
    )
    found = pick(decoded, described(blocks["yaml"][0]), source="office", now=NOW)
    assert codes(found.drift + found.problems) == []
    expected = [line.split(" ", 3) for line in blocks["readings"][0].splitlines()]
    assert [
        (one.indicator, format_period(one.period), str(one.value), parse_unit(one.unit)) for one in found.readings
    ] == [(name, period.strip(), value, parse_unit(unit)) for name, period, value, unit in expected]


@pytest.mark.parametrize("name", KINDS)
def test_every_key_is_told(name):
    told = set(re.findall(r"`(\w+)`|\b(\w+):", PICK))
    keys = {field.alias or key for key, field in KINDS[name].model_fields.items() if not field.exclude}
    assert keys <= {word for pair in told for word in pair}


def test_the_thresholds_told_are_those_in_force():
    assert f"`most: {REPEATED}`" in PICK
    assert f"`most: {REWRITTEN}`" in PICK


def test_every_guard_has_a_row():
    told = set(re.findall(r"^\| `(\w+)` \|", PICK.partition("## Guards")[2], re.MULTILINE))
    assert told == set(description.Guards.model_fields)


def test_what_is_taken_for_no_figure_is_told():
    row = re.search(r"^\| `none` .*$", PICK, re.MULTILINE)[0]
    assert {one.casefold() for one in description.NONE} == {one.casefold() for one in re.findall(r"`([^`]+)`", row)[1:]}
