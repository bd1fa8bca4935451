"""The JSON Schema that editors use."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from targetwatch.configuration import json_schema
from targetwatch.configuration.yaml import read_document

ROOT = Path(__file__).parents[2]


def as_json(value):
    """Return the file's values as an editor's JSON has them."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def data(path):
    return as_json(read_document(path).data)


def validator(name):
    schema = json_schema()
    return jsonschema.Draft202012Validator({**schema, "anyOf": [{"$ref": f"#/$defs/{name}"}]})


@pytest.mark.parametrize(("file", "name"), [("targets.yaml", "TargetsFile"), ("sources.yaml", "SourcesFile")])
def test_the_real_configuration_matches_the_schema(file, name):
    assert list(validator(name).iter_errors(data(ROOT / "config" / file))) == []


@pytest.mark.parametrize(
    "name", ["target-unknown-key", "target-title-as-text", "release-every", "goal-without-comparator", "release-lag"]
)
def test_the_schema_refuses_a_wrong_shape(name):
    path = ROOT / "tests" / "data" / "invalid" / f"{name}.yaml"
    assert list(validator("TargetsFile").iter_errors(data(path)))


def test_the_schema_is_valid_and_every_key_is_described():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for one in filter(None, schema["$defs"].values()):
        definition = one.get("anyOf", [one])[-1]
        assert definition["description"]
        for key, value in definition.get("properties", {}).items():
            assert value.get("description"), (definition["title"], key)


def test_the_published_schema_is_the_current_one():
    published = (ROOT / "docs" / "targetwatch.schema.json").read_text()
    assert json.loads(published) == json_schema(), "write json_schema() to docs/targetwatch.schema.json"
