"""What a row says besides its columns: packed as JSON in `terms`, and spelled out by the paths of the model.

A path is that of the YAML file: "goal.above", "release.lag", "steps[jakarta].due". Two different values never have the
same leaves, so whoever compares leaves compares values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TERMS = "terms"
"""The column that holds them."""


def spelled(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's columns with its terms, if it has any, by path in their place.

    >>> spelled({"id": "x", "terms": {"goal": {"above": "5"}}})
    {'id': 'x', 'goal.above': '5'}
    """
    terms = columns.get(TERMS)
    if not isinstance(terms, Mapping):
        return dict(columns)
    beside = {name: value for name, value in columns.items() if name != TERMS}
    return beside | {f"{TERMS}.{path}" if path in beside else path: leaf for path, leaf in leaves(terms).items()}


def leaves(value: object) -> dict[str, Any]:
    """Return the values within a tree of mappings and lists by path; a list of plain values is one leaf.

    >>> leaves({"plan": {"waypoints": [{"on": 1}]}, "steps": [{"id": "a", "due": 2}], "options": {"a b": {}}})
    {'plan.waypoints[1].on': 1, 'steps[a]': 1, 'steps[a].due': 2, 'options."a b"': {}}
    """
    return dict(_leaves(value, "")) if value else {}


def _leaves(value: object, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{_key(key)}" if path else _key(key))
    elif isinstance(value, list | tuple) and value and all(isinstance(part, Mapping) for part in value):
        for place, part in enumerate(value, 1):
            inner = dict(part)
            name = f"{path}[{_key(inner.pop('id', place))}]"
            if "id" in part:
                yield name, place
            if inner or "id" not in part:
                yield from _leaves(inner, name)
    else:
        yield path, value


def _key(key: object) -> str:
    text = str(key)
    return text if re.fullmatch(r"[\w-]+", text) else json.dumps(text, ensure_ascii=False)
