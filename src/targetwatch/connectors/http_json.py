"""Readings from a JSON answer over HTTP: JMESPath finds the rows and, in each, the fields."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

from targetwatch import __version__
from targetwatch.connectors.base import Connector, Fetched, Options, RowProblem, checked, printable
from targetwatch.connectors.http import Answer, Ask, exchange, shown
from targetwatch.connectors.http_options import HttpOptions
from targetwatch.connectors.json_document import document
from targetwatch.connectors.json_rows import Shape, rows_of
from targetwatch.connectors.peer import Peers
from targetwatch.connectors.row import RowError
from targetwatch.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from targetwatch.model import Reading, Source


class HttpJson(Connector):
    """A JSON answer, asked for conditionally when the source supports it."""

    kind: ClassVar[str] = "http_json"
    dated_when_seen: ClassVar[bool] = True
    Options: ClassVar[type[Options]] = HttpOptions

    def request(self, source: Source) -> str:
        """Return what is asked; of headers and parameters only the names, as their values may be secret."""
        options = checked(HttpOptions, source)
        query = "?" + "&".join(f"{name}=…" for name in options.params) if options.params else ""
        sent = f", sending {', '.join(options.headers)}" if options.headers else ""
        return f"{options.method} {shown(options.url)}{query}{sent}"

    def fetch(self, source: Source, state: Mapping[str, str], now: datetime) -> Fetched:
        """Return the readings in the answer; none when the source says it has not changed since the last good fetch."""
        options = checked(HttpOptions, source)
        same = sha256(f"{__version__}\n{options.model_dump_json()}".encode()).hexdigest()
        conditions = _conditions(state) if state.get("options") == same else {}
        answer = exchange(self._ask(options, conditions))
        request = self.request(source) + (f", if changed ({', '.join(conditions)})" if conditions else "")
        if answer.unchanged:
            if not conditions:
                raise SourceError(f"{shown(options.url)}: says nothing changed, but it was asked for everything")
            return Fetched(state=state, request=request, unchanged=True)
        shape = _shape(options)
        found: list[tuple[Reading, str]] = []
        problems: list[RowProblem] = []
        for number, outcome in _readings(answer, shape, source, now=now, options=options):
            place = f"row {number}"
            if isinstance(outcome, RowError):
                problems.extend(RowProblem(where=place, what=what) for what in outcome.problems)
            else:
                found.append((outcome, place))
        return Fetched(
            readings=tuple(reading for reading, _ in found),
            places=tuple(place for _, place in found),
            problems=tuple(problems),
            state={"options": same, **_validators(answer)},
            request=request,
        )

    def _ask(self, options: HttpOptions, conditions: Mapping[str, str]) -> Ask:
        ca_file = self.config_dir / options.ca_file if options.ca_file else None
        if ca_file and not ca_file.is_file():
            raise SourceError(f"ca_file '{options.ca_file}': no such file in {self.config_dir.absolute()}")
        return Ask(
            url=options.url,
            method=options.method,
            headers={"Accept": "application/json", **options.headers, **conditions},
            params=options.params,
            body=options.body,
            deadline_seconds=options.deadline_seconds,
            most_bytes=options.max_bytes,
            retries=options.retries,
            most_redirects=options.max_redirects,
            peers=Peers.of(tuple(options.allow_private)),
            ca_file=str(ca_file) if ca_file else None,
        )


def _readings(
    answer: Answer, shape: Shape, source: Source, *, now: datetime, options: HttpOptions
) -> Iterator[tuple[int, Reading | RowError]]:
    """Give every row with a value by its number, from 1."""
    where = shown(options.url)
    try:
        yield from rows_of(document(answer, tuple(options.content_types)), shape, source=source.id, now=now)
    except SourceError as error:
        raise SourceError(f"{where}: {printable(str(error))}") from error


def _shape(options: HttpOptions) -> Shape:
    return Shape(
        rows=options.rows,
        fields=options.fields,
        constants=options.constants | ({"unit": options.unit} if options.unit else {}),
        scale=options.scale,
        period_format=options.period_format,
        since=options.since,
        published_format=options.published_format,
        yoy_as=options.yoy_as,
        locale=options.locale,
    )


def _conditions(state: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that ask for an answer only if it changed."""
    asked = {"If-None-Match": state.get("etag", ""), "If-Modified-Since": state.get("last_modified", "")}
    return {name: value for name, value in asked.items() if value}


def _validators(answer: Answer) -> dict[str, str]:
    """Return what the source gave to recognise this answer by."""
    given = {"etag": answer.headers.get("ETag", ""), "last_modified": answer.headers.get("Last-Modified", "")}
    return {name: value for name, value in given.items() if value and value.isascii() and value.isprintable()}
