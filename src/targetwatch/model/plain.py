"""Frozen values as plain ones for JSON: the same field names, dates in ISO, exact amounts as numbers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is whatever JSON is
    """Return `value` with dataclasses as dicts, enums as their words and whole amounts as integers.

    >>> plain(Decimal("270000.0")), plain(Decimal("0.4")), plain(date(2025, 3, 31))
    (270000, 0.4, '2025-03-31')
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(inner) for inner in value]
    return value
