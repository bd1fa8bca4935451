"""The JSON Schema of both files, so that an editor helps while they are written."""

from __future__ import annotations

from typing import Any

from targetwatch.configfile.contents import TargetsFile
from targetwatch.configfile.source_forms import SourcesFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return one schema that either file must match: the shape only, references between entries are `check`'s."""
    targets = _schema_of(TargetsFile)
    sources = _schema_of(SourcesFile)
    definitions = targets.pop("$defs", {}) | sources.pop("$defs", {})
    return {
        "$schema": DIALECT,
        "$id": "targetwatch.schema.json",
        "title": "targetwatch configuration",
        "description": "targets.yaml (what was promised) and sources.yaml (where the readings come from)",
        "anyOf": [{"$ref": "#/$defs/TargetsFile"}, {"$ref": "#/$defs/SourcesFile"}],
        "$defs": {**definitions, "TargetsFile": targets, "SourcesFile": sources},
    }


def _schema_of(form: type[TargetsFile | SourcesFile]) -> dict[str, Any]:
    return form.model_json_schema(by_alias=True, mode="validation")
