"""What docs/documents.md shows is what happens."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
import yaml

from targetwatch.configuration import check, json_schema
from targetwatch.configuration.check import read_as
from targetwatch.configuration.written import written
from targetwatch.connectors.document import Fetch
from targetwatch.documents.decode import Decode, decode
from targetwatch.documents.verify import Expected

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")
DECODE = PAGE.partition("## Decode\n")[2].partition("\n## Pick")[0]
FETCH = PAGE.partition("## Fetch\n")[2].partition("\n## Decode")[0]
WAYS = dict(re.findall(r"\n### (\w+)\n(.*?)(?=\n### |\Z)", FETCH, re.DOTALL))
TARGETS = """\
version: 1
publishers: [{id: office, title: {en: Office, zh: 口岸办}}]
indicators: [{id: cargo-volume, title: {en: Cargo, zh: 运量}, measure: flow, unit: TEU, authority: office}]
"""
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


@pytest.mark.slow
@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", FETCH, re.DOTALL))
def test_every_example_of_a_way_to_fetch_is_a_valid_source(example, tmp_path):
    (tmp_path / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(f"version: 1\nsources:\n{example}", encoding="utf-8")
    environment = {"PORT_DATABASE": "postgresql://li@host/port", "DATA_SECRET": "s"}
    catalogue = check(tmp_path, environment=environment)
    (source,) = catalogue.sources
    assert source.kind == "document"
    jsonschema.validate({"version": 1, "sources": yaml.safe_load(example)}, json_schema())
    for name, text in written(catalogue).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(tmp_path).sources == (source,), "what is exported is what was read"


def test_every_way_to_fetch_has_its_section_and_every_key_its_line_with_its_default():
    assert set(WAYS) == set(Fetch.model_fields)
    shared = set(re.findall(r"^\| `(\w+)`", WAYS["http"], re.MULTILINE))
    for name, way in Fetch.model_fields.items():
        (options,) = (kind for kind in way.annotation.__args__ if kind is not type(None))
        fields = getattr(options, "__origin__", options).model_fields
        printed = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", WAYS[name], re.MULTILINE))
        assert set(fields) - set(printed) <= (shared if "all of `http`" in WAYS[name] else set()), name
        for key, default in printed.items():
            one = fields[key]
            known = "required" if one.is_required() else "none" if one.default in (None, {}, []) else f"`{one.default}`"
            assert default == known, (name, key)


def test_what_is_expected_of_a_document_is_written_as_shown(tmp_path):
    (shown,) = re.findall(r"```yaml\n# expected.yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "expected.yaml").write_text(shown, encoding="utf-8")
    (reading,) = read_as(tmp_path / "expected.yaml", Expected).readings
    assert (reading.value, reading.published) == (Decimal("1267.5"), "2025-03-17")
