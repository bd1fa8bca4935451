"""A source's description as the fields of a form, both ways: a field is one value of the YAML, named by its path.

What no field says stays as it is written. Of what was typed the text counts, and on top of it whichever field is not as
it was when the page was shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from targetwatch.configuration.yaml import KeyPath
from targetwatch.wording.terms import SOURCE_FIELDS

READINGS = "pick.readings"
"""The one list whose rows have fields: "pick.readings.2.value"."""
ALONE = {"fetch.http": "url", "pick.period": "of", "pick.published": "of", "pick.table": "name", "pick.header": "words"}
"""The key that a value standing alone stands for."""
SECRET = re.compile(r"^headers$|secret|passw|token$|api.?key|authorization", re.IGNORECASE)
"""Keys of a description whose values may be secrets."""
PASSWORD = re.compile(r"://[^/@\s]+:[^/@\s]+@")
VARIABLE = re.compile(r"\$\{\w+\}")
HIDDEN = "•••"
SEVERAL = " | "
"""Between several texts of one field."""


def plain(name: str) -> str:
    """Return a field's name without the number of its row: "pick.readings.2.value" is "pick.readings.value"."""
    return ".".join(part for part in name.split(".") if not part.isdecimal())


def is_field(name: str) -> bool:
    """Return whether a name is one of the form's; of a reading with the number of its row."""
    return plain(name) in SOURCE_FIELDS and (plain(name) != name) is name.startswith(f"{READINGS}.")


def readings_of(tree: Mapping[str, Any]) -> int:
    """Return how many series a description reads."""
    pick = tree.get("pick")
    found = pick.get("readings") if isinstance(pick, Mapping) else None
    return len(found) if isinstance(found, list) else 0


def fields_of(tree: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in the fields of a description; a value that is more than a text has no field."""
    names = [name for name in SOURCE_FIELDS if name != "text" and not name.startswith(READINGS)]
    parts = [name.removeprefix(f"{READINGS}.") for name in SOURCE_FIELDS if name.startswith(READINGS)]
    names += (f"{READINGS}.{number}.{part}" for number in range(1, readings_of(tree) + 1) for part in parts)
    found = {name: _text(value) for name in names if (value := _value(tree, name.split("."))) is not None}
    return {name: text for name, text in found.items() if text is not None} | {
        "enabled": "yes" if tree.get("enabled", True) else ""
    }


def with_fields(tree: Mapping[str, Any], changed: Mapping[str, str]) -> dict[str, Any]:
    """Return a description with some fields as they were typed; an empty one says nothing any more.

    >>> with_fields({"pick": {"period": "{Year}"}}, {"pick.period.span": "year", "pick.readings.1.value": "Total | T"})
    {'pick': {'period': {'of': '{Year}', 'span': 'year'}, 'readings': [{'value': ['Total', 'T']}]}}
    """
    made = deepcopy(dict(tree))
    for name, text in changed.items():
        _put(made, name.split("."), _said(name, " ".join(text.split())))
    return made


def field_at(path: KeyPath) -> str:
    """Return the field at which what is wrong at a path of the description is said; "text" where it has none."""
    names = [str(part + 1) if isinstance(part, int) else part for part in path if part != "options"]
    while names:
        name = ".".join(names)
        if is_field(name):
            return name
        if is_field(f"{name}.{ALONE.get(name, '')}"):
            return f"{name}.{ALONE[name]}"
        names.pop()
    return "text"


def veiled(tree: Any) -> Any:  # noqa: ANN401 - YAML's plain values
    """Return a description in which whatever may be a secret, and is no ${VARIABLE}, is hidden."""
    return _over_secrets(tree, lambda text: text if VARIABLE.search(text) else HIDDEN)


def secrets_in(tree: Any) -> list[str]:  # noqa: ANN401 - YAML's plain values
    """Return whatever may be a secret and is written out.

    >>> secrets_in({"fetch": {"http": {"url": "https://a.org", "headers": {"X-Key": "abc", "Y": "${KEY}"}}}})
    ['abc']
    """
    found: list[str] = []
    _over_secrets(tree, lambda text: text if VARIABLE.search(text) else found.append(text))
    return found


def _over_secrets(tree: Any, seen: Callable[[str], Any], *, is_secret: bool = False) -> Any:  # noqa: ANN401
    if isinstance(tree, Mapping):
        return {
            key: _over_secrets(value, seen, is_secret=is_secret or bool(SECRET.search(key)))
            for key, value in tree.items()
        }
    if isinstance(tree, list | tuple):
        return [_over_secrets(one, seen, is_secret=is_secret) for one in tree]
    return seen(tree) if isinstance(tree, str) and (is_secret or PASSWORD.search(tree)) else tree


def _value(tree: Any, keys: list[str]) -> Any:  # noqa: ANN401 - YAML's plain values
    for place, key in enumerate(keys):
        if isinstance(tree, list):
            tree = tree[int(key) - 1] if key.isdecimal() and int(key) <= len(tree) else None
        elif isinstance(tree, Mapping):
            tree = tree.get(key)
        elif place != len(keys) - 1 or ALONE.get(".".join(keys[:place])) != key:
            return None
    return tree


def _text(value: object) -> str | None:
    if isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(one, Mapping) for one in value)):
        return None
    return SEVERAL.join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _said(name: str, text: str) -> Any:  # noqa: ANN401 - YAML's plain values
    if name == "enabled":
        return None if text else False
    if not text:
        return None
    if name == "pick.header.depth" and text.isdecimal():
        return int(text)
    return text.split(SEVERAL) if SEVERAL in text else text


def _put(tree: dict[str, Any], keys: list[str], value: object) -> None:
    """Put a value where it belongs, or take it away (None) with whatever is empty then."""
    key, *rest = keys
    if not rest:
        tree.pop(key, None)
        if value is not None:
            tree[key] = value
        return
    inner = tree.get(key)
    if isinstance(inner, list) and rest[0].isdecimal() and all(isinstance(one, Mapping) for one in inner):
        inner = {str(place): one for place, one in enumerate(inner, 1)}
    if inner is not None and not isinstance(inner, Mapping):
        alone = next((alone for name, alone in ALONE.items() if name.endswith(f".{key}")), "of")
        inner = {alone: inner}
    made = dict(inner or {})
    _put(made, rest, value)
    if rest[0].isdecimal():
        tree[key] = list(made.values())
    elif made:
        tree[key] = made
    else:
        tree.pop(key, None)
