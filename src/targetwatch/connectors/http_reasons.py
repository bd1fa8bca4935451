"""Why an exchange failed, without anything secret.

The libraries' own texts are not used: they repeat the whole address, key and all.
"""

from __future__ import annotations

import ssl
from decimal import Decimal
from http import HTTPStatus
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Any

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HeaderParsingError,
    InvalidHeader,
    NameResolutionError,
    ReadTimeoutError,
)

from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _broken_off(cause: IncompleteRead) -> Problem:
    read = Decimal(cause.partial if isinstance(cause.partial, int) else len(cause.partial))
    if cause.expected:
        return Problem("broken_off_before_the_end", {"count": read, "more": Decimal(cause.expected)})
    return Problem("broken_off_after", {"count": read})


_REASONS: tuple[tuple[tuple[type[BaseException], ...], str | Callable[[Any], Problem]], ...] = (
    ((NameResolutionError,), "name_not_found"),
    ((ssl.SSLCertVerificationError,), lambda cause: Problem("certificate_refused", {"why": cause.verify_message})),
    ((ssl.SSLError,), lambda cause: Problem("no_secure_connection", {"why": cause.reason or "TLS failed"})),
    ((IncompleteRead,), _broken_off),
    ((requests.exceptions.ChunkedEncodingError,), "broken_off_within"),
    ((DecodeError,), "compressed_data_damaged"),
    ((ConnectionRefusedError,), "connection_refused"),
    ((ConnectionResetError, BrokenPipeError), "connection_broken"),
    ((ConnectTimeoutError, ReadTimeoutError, TimeoutError), "answers_too_late"),
    ((HTTPException, HeaderParsingError, InvalidHeader), "answers_not_in_http"),
    ((requests.exceptions.InvalidHeader,), "header_impossible"),
)
"""The first that matches anywhere in the chain of causes decides."""

_MEANT = frozenset({401, 403, 404, 410, 429})
"""Statuses that have a sentence of their own."""
SERVER_ERROR = 500


def status_reason(status: int, phrase: str | None) -> Problem:
    """Return what a status other than 200 means."""
    known = HTTPStatus(status).phrase if status in set(HTTPStatus) else (phrase or "")
    code = f"answers_{status}" if status in _MEANT else "answers_other"
    return Problem("answers_server_error" if status >= SERVER_ERROR else code, {"status": f"{status} {known}"})


def reason_of(error: BaseException, doing: Problem) -> Problem:
    """Return why the exchange broke while it was `doing` something, from whatever lies at the bottom of `error`."""
    causes = list(_causes(error))
    for kinds, reason in _REASONS:
        for cause in causes:
            if isinstance(cause, kinds):
                return Problem(reason) if isinstance(reason, str) else reason(cause)
    return Problem("failed_while", {"doing": doing, "kind": type(causes[-1]).__name__})


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give `error` and what caused it, outermost last, however the libraries have wrapped it."""
    chain: list[BaseException] = []
    pending: list[BaseException] = [error]
    while pending:
        one = pending.pop()
        if one in chain:
            continue
        chain.append(one)
        nested = [one.__cause__, one.__context__, getattr(one, "reason", None), *getattr(one, "args", ())]
        pending.extend(inner for inner in nested if isinstance(inner, BaseException))
    yield from reversed(chain)
