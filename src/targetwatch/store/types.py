"""How values are kept exactly, the same way on SQLite and PostgreSQL, and spelled out.

SQLite would send a Decimal through float, so exact decimals are text on both databases. The canonical text of a row
is what the audit trail hashes: it must never depend on the database, the machine or the order of a dictionary.

What a row says besides its columns is packed as JSON in `terms`, and spelled out by the paths of the model, which are
those of the YAML file: "goal.above", "release.lag", "steps[jakarta].due". Two different values never have the same
leaves, so whoever compares leaves compares values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Dialect

T = TypeVar("T")
TERMS = "terms"
"""The column that holds what a row says besides."""
DIGITS_MAX = 60
"""A figure with more digits than this on either side of the point is a mistake, not a statistic."""


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal kept as plain digits ("251800", "-0.05"), trailing zeros included."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the digits; ValueError for what is no finite number of sane size."""
        return None if value is None else digits(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's
        """Return exactly what was stored."""
        return None if value is None else Decimal(value)


def value_from(kind: type[T], row: object, **otherwise: object) -> T:
    """Return the value whose fields are columns of a row, but for those given otherwise."""
    names: Any = kind.__dict__["__dataclass_fields__"]
    return kind(**{name: getattr(row, name) for name in names if name not in otherwise}, **otherwise)


def digits(value: Decimal) -> str:
    """Return `value` in plain digits, no exponent.

    >>> digits(Decimal("1E+3")), digits(Decimal("-0.050")), digits(Decimal("-0"))
    ('1000', '-0.050', '0')
    """
    text = str(value)
    if len(text) < DIGITS_MAX and text.replace(".", "", 1).isdigit():
        return text  # nearly every figure there is, and there may be a million of them
    if not value.is_finite():
        raise ValueError(f"'{value}': not a finite number, expected digits")
    if not value:
        value = abs(value)
    if value.adjusted() > DIGITS_MAX or int(value.as_tuple().exponent) < -DIGITS_MAX:
        raise ValueError(f"'{value}': more than {DIGITS_MAX} digits on one side of the point")
    return format(value, "f")


def canonical(value: object) -> str:
    """Return the one JSON text of `value`: sorted keys, no spaces, exact decimals, moments in UTC.

    >>> canonical({"b": Decimal("1.0"), "a": date(2025, 2, 7)})
    '{"a":"2025-02-07","b":"1.0"}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return `value` as JSON can hold it; TypeError for what no column of ours contains."""
    if isinstance(value, Decimal):
        return digits(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no canonical text")


def moment_text(value: datetime) -> str:
    """Return an aware moment as SQLite stores it: UTC, microseconds, no offset."""
    if value.utcoffset() is None:
        raise ValueError(f"'{value}': a moment without an offset, expected an aware datetime")
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return sha256(canonical(value).encode()).hexdigest()


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


STEP = re.compile(r'\[(?P<place>\d+)\]|(?P<key>"(?:[^"\\]|\\.)*"|[^.\[\]"]+)')
"""One step of a path: a place in a list, or a key."""


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


def grown(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tree of which these are the `leaves`.

    >>> grown(leaves({"pick": {"readings": [{"value": "a b"}, {"value": "c"}]}, "options": {"a b": ["x"]}}))
    {'pick': {'readings': [{'value': 'a b'}, {'value': 'c'}]}, 'options': {'a b': ['x']}}
    """
    tree: dict[Any, Any] = {}
    for path, leaf in paths.items():
        inner, keys = tree, [_unkeyed(found) for found in STEP.finditer(path)]
        for key in keys[:-1]:
            inner = inner.setdefault(key, {})
        inner[keys[-1]] = leaf
    found: dict[str, Any] = _lists(tree)
    return found


def _unkeyed(found: re.Match[str]) -> str | int:
    """Return a key as it was, the place in a list as a number."""
    text = found["place"] or found["key"]
    return int(text) if found["place"] else json.loads(text) if text.startswith('"') else text


def _lists(tree: Any) -> Any:  # noqa: ANN401 - JSON is whatever JSON is
    if not isinstance(tree, dict):
        return tree
    inner = {key: _lists(value) for key, value in tree.items()}
    return [inner[key] for key in sorted(inner)] if inner and all(isinstance(key, int) for key in inner) else inner
