"""JSON with the digits its numbers are written in."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Self

from targetwatch.errors import DocumentError, QuantityError
from targetwatch.model.problem import Problem, Value
from targetwatch.quantity import decimal_mark

MOST_ZEROS = 30


class JsonNumber(float):
    """A JSON number that remembers its digits: 28.30 is 28.30, not the nearest binary fraction."""

    digits: str

    def __new__(cls, digits: str) -> Self:
        """Return the number written as `digits`."""
        number = super().__new__(cls, digits)
        number.digits = digits
        return number


JsonNumber.__name__ = "float"  # JMESPath knows numbers by the name of their class


def parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a text in JSON holds, with exact numbers, or raise `DocumentError` saying where it is none."""
    try:
        return json.loads(text, parse_float=JsonNumber, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        place: dict[str, Value] = {"line": error.lineno, "column": error.colno}
        found = Problem("json_cut_off", place) if cut else Problem("not_json_at", {**place, "why": error.msg})
        raise DocumentError(found) from error
    except RecursionError as error:
        raise DocumentError("nested_too_deeply") from error
    except ValueError as error:
        raise DocumentError("not_json", why=str(error)) from error


def _no_number(name: str) -> object:
    raise DocumentError("not_json", why=Problem("is_no_number", {"given": name}))


def written(found: object, locale: str | None = None) -> str | None:
    """Return one value as text, a number with its digits and the decimal mark of `locale`; None for null.

    Raises:
        QuantityError: it is a list or a group, or a number of more than thirty digits before or behind its point.
    """
    match found:
        case None:
            return None
        case bool():
            return "yes" if found else "no"
        case int() | float():
            digits = Decimal(found.digits if isinstance(found, JsonNumber) else repr(found))
            if not digits.is_finite() or abs(digits.adjusted()) > MOST_ZEROS:
                raise QuantityError("implausible_figure", said=str(digits))
            return format(digits, "f").replace(".", decimal_mark(locale))
        case str():
            return found.strip()
        case _:
            raise QuantityError("finds_a_list" if isinstance(found, list) else "finds_a_group")
