"""Readings from a JSON answer over HTTP: JMESPath finds the rows and, in each, the fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

from targetwatch import __version__
from targetwatch.connectors.base import AddressAsked, Connector, Fetched, SourceOptions, checked, fetched, shown
from targetwatch.connectors.http_options import HttpOptions
from targetwatch.connectors.json_rows import document, rows_of
from targetwatch.errors import SourceError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from targetwatch.connectors.http import HttpAnswer
    from targetwatch.connectors.row import RowError
    from targetwatch.model import Reading, Source


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

    def fetch(self, source: Source, state: Mapping[str, str], now: datetime) -> Fetched:
        """Return the readings in the answer; none when the source says it has not changed since the last good fetch."""
        options = checked(HttpOptions, source)
        same = sha256(f"{__version__}\n{options.model_dump_json()}".encode()).hexdigest()
        conditions = _conditions(state) if state.get("options") == same else {}
        answer = self._answer(options, conditions)
        request = replace(self.request(source), conditions=tuple(conditions))
        if answer.unchanged:
            if not conditions:
                raise SourceError(Problem("unchanged_unasked", file=shown(options.url)))
            return Fetched(state=state, request=request, unchanged=True)
        rows = _readings(answer, source, options=options, now=now)
        return fetched(rows, state={"options": same, **_validators(answer)}, request=request)

    def _answer(self, options: HttpOptions, conditions: Mapping[str, str]) -> HttpAnswer:
        from targetwatch.connectors.http import Ask, exchange  # noqa: PLC0415 - only a fetch pays for requests
        from targetwatch.connectors.http_transport import allowed_peers  # noqa: PLC0415 - likewise

        ca_file = self.config_dir / options.ca_file if options.ca_file else None
        if ca_file and not ca_file.is_file():
            values = {"said": options.ca_file, "folder": str(self.config_dir.absolute())}
            raise SourceError(Problem("no_such_file", values, where="ca_file"))
        ask = Ask(
            url=options.url,
            method=options.method,
            headers={"Accept": "application/json", **options.headers, **conditions},
            params=options.params,
            body=options.body,
            deadline_seconds=options.deadline_seconds,
            most_bytes=options.max_bytes,
            retries=options.retries,
            most_redirects=options.max_redirects,
            peers=allowed_peers(options.allow_private),
            ca_file=str(ca_file) if ca_file else None,
        )
        return exchange(ask)


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
