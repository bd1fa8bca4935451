"""An entry of the audit trail as it may leave the program: what an option of a source may hide is masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from targetwatch.store.audit.trail import HIDDEN
from targetwatch.store.types import leaves

PRIVATE = re.compile(r"options\.(fetch\.)?(\w+\.)?(headers|params|body|query|oauth2)\b")
"""Options of a source that may hold a secret; what is left to the environment is shown as it is written."""
ADDRESS = re.compile(r"\w+://[^?]*\?")
"""An address with a query, in which a key may stand."""


def safe(columns: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the columns of an entry as they may leave the program: what an option of a source may hide is masked."""
    return None if columns is None else {path: masked(path, value) for path, value in by_path(columns).items()}


def by_path(columns: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return columns with the options of a source by path, as they have been told since rows are packed."""
    told = dict(columns or {})
    options = told.pop("options", None)
    return told | (leaves({"options": options}) if options is not None else {})


def masked(path: str, value: object) -> object:
    """Return the value at a path of a row as it may be shown."""
    if PRIVATE.match(path):
        return _hidden(value)
    if path.startswith("options.") and isinstance(value, str) and ADDRESS.match(value):
        return f"{value.partition('?')[0]}?{HIDDEN}"
    return value


def _hidden(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _hidden(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner) for inner in value]
    is_left_out = isinstance(value, str) and value.startswith("${") and value.endswith("}")
    return value if is_left_out or value in (None, "") else HIDDEN
