"""Readings from a JSON answer over HTTP: JMESPath finds the rows and, in each, the fields; numbers stay exact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

import jmespath
from jmespath.exceptions import JMESPathError

from targetwatch import __version__
from targetwatch.connectors.base import (
    AddressAsked,
    Connector,
    Fetched,
    HttpOptions,
    SourceOptions,
    checked,
    fetched,
    shown,
)
from targetwatch.connectors.row import RowError, read_row
from targetwatch.documents.formats.json import parsed, rows_at, written
from targetwatch.errors import QuantityError, SourceError
from targetwatch.model import Basis, Period, Reading, Source
from targetwatch.model.problem import Problem, Value
from targetwatch.quantity import decimal_mark, parse_period

if TYPE_CHECKING:
    from targetwatch.connectors.http import HttpAnswer


class HttpJson(Connector):
    """A JSON answer, asked for conditionally when the source supports it."""

    kind: ClassVar[str] = "http_json"
    dated_when_seen: ClassVar[bool] = True
    Options: ClassVar[type[SourceOptions]] = HttpOptions

    def request(self, source: Source) -> AddressAsked:
        """Return what is asked; of parameters only the names, as their values may be secret."""
        options = checked(HttpOptions, source)
        query = "?" + "&".join(f"{name}=…" for name in options.params) if options.params else ""
        return AddressAsked(method=options.method, address=shown(options.url) + query, sent=tuple(options.headers))

    def fetch(self, source: Source, state: Mapping[str, Any], now: datetime) -> Fetched:
        """Return the readings in the answer; none when the source says it has not changed since the last good fetch."""
        options = checked(HttpOptions, source)
        same = sha256(f"{__version__}\n{options.model_dump_json()}".encode()).hexdigest()
        conditions = _conditions(state) if state.get("options") == same else {}
        from targetwatch.connectors.http import asked  # noqa: PLC0415 - only a fetch pays for requests

        headers = {"Accept": "application/json", **options.headers, **conditions}
        answer = asked(options, self.config_dir, params=options.params, headers=headers, body=options.body)
        request = replace(self.request(source), conditions=tuple(conditions))
        if answer.unchanged:
            if not conditions:
                raise SourceError(Problem("unchanged_unasked", file=shown(options.url)))
            return Fetched(state=state, request=request, unchanged=True)
        rows = _readings(answer, source, options=options, now=now)
        return fetched(rows, state={"options": same, **_validators(answer)}, request=request)


def _readings(
    answer: HttpAnswer, source: Source, *, options: HttpOptions, now: datetime
) -> Iterator[tuple[str, Reading | RowError]]:
    """Give every row with a value by its place in the answer."""
    try:
        for number, outcome in rows_of(document(answer, options.content_types), options, source=source.id, now=now):
            yield f"row {number}", outcome
    except SourceError as error:
        raise SourceError(*(problem.at(file=shown(options.url)) for problem in error.problems)) from error


def _conditions(state: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that ask for an answer only if it changed."""
    asked = {"If-None-Match": state.get("etag", ""), "If-Modified-Since": state.get("last_modified", "")}
    return {name: value for name, value in asked.items() if value}


def _validators(answer: HttpAnswer) -> dict[str, str]:
    """Return what the source gave to recognise this answer by."""
    given = {"etag": answer.headers.get("ETag", ""), "last_modified": answer.headers.get("Last-Modified", "")}
    return {name: value for name, value in given.items() if value and value.isascii() and value.isprintable()}


def document(answer: HttpAnswer, content_types: Iterable[str]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the answer as JSON with exact numbers, or raise `SourceError` saying what it is instead."""
    stated = answer.headers.get("Content-Type", "")
    kind = stated.partition(";")[0].strip().casefold()
    json_kinds = {"application/json", "text/json", *(name.casefold() for name in content_types)}
    if kind not in json_kinds and not kind.endswith("+json"):
        raise SourceError("other_content_type", kind=kind) if kind else SourceError("no_content_type")
    if not answer.body.strip():
        raise SourceError("empty_answer")
    charset = stated.casefold().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        return parsed(answer.body.decode(charset or json.detect_encoding(answer.body)).removeprefix("\ufeff"))
    except LookupError as error:
        raise SourceError("unknown_charset", charset=charset) from error
    except UnicodeDecodeError as error:
        raise SourceError("undecodable", encoding=error.encoding, byte=error.start) from error


def rows_of(
    document: object, options: HttpOptions, *, source: str, now: datetime
) -> Iterator[tuple[int, Reading | RowError]]:
    """Give every row by its number, from 1; one whose value is null is not published yet and left out.

    SourceError when that is so of every row: then the expression is wrong.
    """
    found = rows_at(options.rows, document)
    rows = found if isinstance(found, list) else [found]
    unpublished = 0
    for number, row in enumerate(rows, start=1):
        try:
            cells = _cells(row, options)
            if "value" not in cells:
                unpublished += 1
                continue
            reading = read_row(cells, source=source, now=now, locale=options.locale)
        except RowError as error:
            yield number, error
        else:
            yield number, _scaled(reading, options.scale)
    if rows and unpublished == len(rows):
        values: dict[str, Value] = {"path": options.fields.get("value"), "count": len(rows)}
        raise SourceError(Problem("values_find_nothing", values, where="fields 'value'"))


def _cells(row: object, options: HttpOptions) -> dict[str, str]:
    """Return the text of each field that the row, or a constant, gives."""
    cells: dict[str, str] = options.constants | ({"unit": options.unit} if options.unit else {})
    problems: list[Problem] = []
    for name, path in options.fields.items():
        try:
            text = written(jmespath.search(path, row), options.locale)
        except JMESPathError as error:
            problems.append(Problem("says", {"why": str(error)}, where=name))
            continue
        except QuantityError as error:
            problems += [problem.at(name) for problem in error.problems]
            continue
        if text is not None:
            cells[name] = text
    for name, convert in (("period", _period), ("published_on", _published), ("yoy", _yoy)):
        if name in options.fields and cells.get(name):
            try:
                cells[name] = convert(cells, options)
            except QuantityError as error:
                problems += [problem.at(name) for problem in error.problems]
    if problems:
        raise RowError(problems)
    return cells


def _period(cells: Mapping[str, str], options: HttpOptions) -> str:
    """Return the period in our notation; a year-to-date is known by its end, a running total by `since`."""
    period = _formatted(cells["period"], options.period_format)
    basis = cells.get("basis")
    if basis == Basis.YEAR_TO_DATE and period.start.year == period.end.year:
        period = Period(date(period.end.year, 1, 1), period.end)
    if basis == Basis.SINCE_START and options.since:
        period = Period(options.since, period.end)
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


def _published(cells: Mapping[str, str], options: HttpOptions) -> str:
    text = cells["published_on"]
    if options.published_format:
        return _day(text, options.published_format).isoformat()
    return text.partition("T")[0]


def _day(text: str, form: str) -> date:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError as error:
        raise QuantityError("other_day_format", said=text, form=form) from error


def _yoy(cells: Mapping[str, str], options: HttpOptions) -> str:
    text = cells["yoy"]
    if options.yoy_as == "percent":
        return text if text.endswith("%") else f"{text} %"
    if options.yoy_as == "ratio":
        mark = decimal_mark(options.locale)
        try:
            return f"{format(Decimal(text.replace(mark, '.')).scaleb(2), 'f')} %".replace(".", mark)
        except ArithmeticError as error:
            raise QuantityError("not_a_ratio", said=text) from error
    return text


def _scaled(reading: Reading, scale: Decimal) -> Reading:
    if scale == 1:
        return reading
    return replace(reading, value=reading.value * scale, rounding=reading.rounding * scale)
