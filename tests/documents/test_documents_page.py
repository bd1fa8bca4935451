"""What docs/documents.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from targetwatch.documents.decode import Decode, decode

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")
DECODE = PAGE.partition("## Decode\n")[2].partition("\n## Pick")[0]
SECTIONS = dict(re.findall(r"\n### (\w+)\n(.*?)(?=\n### |\Z)", DECODE, re.DOTALL))
FORMATS = sorted(field.alias or name for name, field in Decode.model_fields.items())


def blocks(section: str) -> dict[str, str]:
    return dict(re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL))


@pytest.mark.parametrize("name", SECTIONS)
def test_every_example_can_be_loaded_and_gives_the_table_beside_it(name):
    shown = blocks(SECTIONS[name])
    how = Decode.model_validate(yaml.safe_load(shown.pop("yaml"))["decode"])
    assert how.format == name
    if shown:
        table = [[cell.strip() for cell in line.split("|")] for line in shown.pop("text").splitlines()]
        (document,) = shown.values()
        assert [list(row) for row in decode(document.encode(), how).grids[0].rows] == table


@pytest.mark.parametrize("name", SECTIONS)
def test_every_option_of_a_format_is_in_the_table_of_formats(name):
    field = Decode.model_fields["json_" if name == "json" else name]
    (options,) = (kind for kind in field.annotation.__args__ if kind is not type(None))
    row = re.search(rf"^\| \[{name}\].*$", DECODE, re.MULTILINE)[0]
    assert set(options.model_fields) - {"member"} == set(re.findall(r"`(\w+)`", row.rsplit("|", 2)[1]))
