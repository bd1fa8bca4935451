"""Sources checked against the connectors there are: a known kind, options that connector understands.

Options may hold secrets: their values are never quoted, and what a variable stood for is taken out of every sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from targetwatch.configfile.contents import Contents, note_duplicates
from targetwatch.configfile.problems import findings, unknown
from targetwatch.configfile.variables import filled, references

if TYPE_CHECKING:
    from targetwatch.configfile.document import KeyPath
    from targetwatch.configfile.entries import Entry
    from targetwatch.configfile.source_forms import SourceForm

PRIVATE = re.compile(r"header|token|password|passwd|secret|key|auth|cookie|credential", re.IGNORECASE)
SHORTEST_SECRET = 4
"""Characters; taking shorter ones out would tear the sentence apart and hide nothing."""


def check_sources(found: Contents, environment: Mapping[str, str] | None) -> None:
    """Note what is wrong with sources; without an `environment`, what variables stand for is not looked at."""
    note_duplicates(found.sources)
    if not found.sources:
        return
    from targetwatch.connectors import CONNECTORS  # noqa: PLC0415 - only a file with sources needs connectors

    for entry in found.sources:
        if environment is not None:
            _unset(entry, environment)
        kind = entry.form.kind
        if kind is None:
            continue
        if kind not in CONNECTORS:
            entry.add(unknown(kind, "connector", sorted(CONNECTORS)), "kind")
        elif isinstance(entry.form.options, dict):
            _check_options(entry, CONNECTORS[kind].Options, environment or {})


def _unset(entry: Entry[SourceForm], environment: Mapping[str, str]) -> None:
    for path, name in references(entry.form.options or {}):
        if name not in environment:
            entry.add(f"${{{name}}} is not set, expected it in the environment of targetwatch", "options", *path)


def _check_options(entry: Entry[SourceForm], form: type[BaseModel], environment: Mapping[str, str]) -> None:
    written = entry.form.options
    values = filled(written, environment)
    open_paths = [path for path, name in references(written) if name not in environment]
    try:
        form.model_validate(values)
    except ValidationError as error:
        for path, what in findings(form, values, error, discreet=True):
            if not any(path[: len(place)] == place or place[: len(path)] == path for place in open_paths):
                entry.add(_without_secrets(what, written, environment), "options", *path)


def _without_secrets(what: str, written: Mapping[str, object], environment: Mapping[str, str]) -> str:
    filled_in = {environment[name]: f"${{{name}}}" for _, name in references(written) if name in environment}
    hidden = dict.fromkeys(_private_texts(written, ()), "(hidden)") | filled_in
    for text in sorted(hidden, key=len, reverse=True):
        if len(text) >= SHORTEST_SECRET:
            what = what.replace(text, hidden[text])
    return " ".join(what.split())


def _private_texts(value: Any, path: KeyPath) -> list[str]:  # noqa: ANN401 - whatever stands in the file
    if isinstance(value, Mapping):
        return [text for key, inner in value.items() for text in _private_texts(inner, (*path, key))]
    if isinstance(value, list):
        return [text for inner in value for text in _private_texts(inner, path)]
    private = isinstance(value, str) and value and any(PRIVATE.search(str(part)) for part in path)
    return [value] if private else []
