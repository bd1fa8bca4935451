"""A JSON document as readings: the rows in it, one cell a field, periods in whatever notation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from targetwatch.connectors.json_document import Number
from targetwatch.connectors.row import RowError, read_row
from targetwatch.errors import QuantityError, SourceError
from targetwatch.model import Basis, Period, Reading
from targetwatch.quantity import decimal_mark, parse_period

MOST_NAMES = 8
MOST_ZEROS = 30


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Where the readings are in the answer, and in which notation."""

    rows: str
    fields: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    scale: Decimal = Decimal(1)
    period_format: str | None = None
    since: date | None = None
    published_format: str | None = None
    yoy_as: str | None = None
    locale: str | None = None

    @cached_property
    def paths(self) -> dict[str, Any]:
        """Return the compiled expression of each field."""
        return {name: jmespath.compile(path) for name, path in self.fields.items()}


def rows_of(document: object, shape: Shape, *, source: str, now: datetime) -> Iterator[tuple[int, Reading | RowError]]:
    """Give every row by its number, from 1; one whose value is null is not published yet and left out.

    SourceError when that is so of every row: then the expression is wrong.
    """
    rows = _rows(document, shape)
    unpublished = 0
    for number, row in enumerate(rows, start=1):
        try:
            cells = _cells(row, shape)
            if "value" not in cells:
                unpublished += 1
                continue
            reading = read_row(cells, source=source, now=now, locale=shape.locale)
        except RowError as error:
            yield number, error
        else:
            yield number, _scaled(reading, shape.scale)
    if rows and unpublished == len(rows):
        raise SourceError(f"fields 'value': '{shape.fields.get('value')}' finds nothing in any of {len(rows)} rows")


def _rows(document: object, shape: Shape) -> list[Any]:
    try:
        found = jmespath.search(shape.rows, document)
    except JMESPathError as error:
        raise SourceError(f"rows '{shape.rows}': cannot be applied to the answer: {error}") from error
    if isinstance(found, dict):
        return [found]
    if isinstance(found, list):
        return found
    names = ""
    if isinstance(document, dict) and document:
        names = f"; the answer has {', '.join(sorted(document)[:MOST_NAMES])}"
    kind = "nothing" if found is None else "one value"
    raise SourceError(f"rows '{shape.rows}': finds {kind} in the answer, expected a list{names}")


def _cells(row: object, shape: Shape) -> dict[str, str]:
    """Return the text of each field that the row, or a constant, gives."""
    cells, problems = dict(shape.constants), []
    for name, path in shape.paths.items():
        try:
            text = _text(path.search(row), shape.locale)
        except (JMESPathError, QuantityError) as error:
            problems.append(f"{name}: {error}")
            continue
        if text is not None:
            cells[name] = text
    for name, convert in (("period", _period), ("published_on", _published), ("yoy", _yoy)):
        if name in shape.fields and cells.get(name):
            try:
                cells[name] = convert(cells, shape)
            except QuantityError as error:
                problems.append(f"{name}: {error}")
    if problems:
        raise RowError(problems)
    return cells


def _text(found: object, locale: str | None) -> str | None:
    match found:
        case None:
            return None
        case bool():
            return "yes" if found else "no"
        case int() | float():
            digits = Decimal(found.digits if isinstance(found, Number) else repr(found))
            if not digits.is_finite() or abs(digits.adjusted()) > MOST_ZEROS:
                raise QuantityError(f"'{digits}': is no plausible figure")
            return format(digits, "f").replace(".", decimal_mark(locale))
        case str():
            return found.strip()
        case _:
            raise QuantityError(f"finds a {'list' if isinstance(found, list) else 'group'}, expected one value")


def _period(cells: Mapping[str, str], shape: Shape) -> str:
    """Return the period in our notation; a year-to-date is known by its end, a running total by `since`."""
    period = _formatted(cells["period"], shape.period_format)
    basis = cells.get("basis")
    if basis == Basis.YEAR_TO_DATE and period.start.year == period.end.year:
        period = Period(date(period.end.year, 1, 1), period.end)
    if basis == Basis.SINCE_START and shape.since:
        period = Period(shape.since, period.end)
    return f"{period.start}..{period.end}"


def _formatted(text: str, form: str | None) -> Period:
    if form is None:
        if text.isdecimal() and len(text) in {6, 8}:
            text = "-".join(part for part in (text[:4], text[4:6], text[6:]) if part)
        return parse_period(text.partition("T")[0] if text[4:5] == "-" else text)
    day = _day(text, form)
    if any(sign in form for sign in ("%d", "%j", "%x", "%c")):
        return Period(day, day)
    if any(sign in form for sign in ("%m", "%b", "%B")):
        return Period(day.replace(day=1), (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1))
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def _published(cells: Mapping[str, str], shape: Shape) -> str:
    text = cells["published_on"]
    if shape.published_format:
        return _day(text, shape.published_format).isoformat()
    return text.partition("T")[0]


def _day(text: str, form: str) -> date:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError as error:
        raise QuantityError(f"'{text}': is not written as {form}") from error


def _yoy(cells: Mapping[str, str], shape: Shape) -> str:
    text = cells["yoy"]
    if shape.yoy_as == "percent":
        return text if text.endswith("%") else f"{text} %"
    if shape.yoy_as == "ratio":
        mark = decimal_mark(shape.locale)
        try:
            return f"{format(Decimal(text.replace(mark, '.')).scaleb(2), 'f')} %".replace(".", mark)
        except ArithmeticError as error:
            raise QuantityError(f"'{text}': is no ratio, expected one such as 0.28") from error
    return text


def _scaled(reading: Reading, scale: Decimal) -> Reading:
    if scale == 1:
        return reading
    return replace(reading, value=reading.value * scale, rounding=reading.rounding * scale)
