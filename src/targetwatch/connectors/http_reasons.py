"""Why an exchange failed, in words a person understands and without anything secret.

The libraries' own texts are not used: they repeat the whole address, key and all.
"""

from __future__ import annotations

import ssl
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _broken_off(cause: IncompleteRead) -> str:
    read = cause.partial if isinstance(cause.partial, int) else len(cause.partial)
    more = f", {cause.expected:,} more were announced" if cause.expected else ""
    return f"breaks off after {read:,} bytes{more}"


_WORDS: tuple[tuple[tuple[type[BaseException], ...], Callable[[Any], str]], ...] = (
    ((NameResolutionError,), lambda _: "its name cannot be looked up, expected a host that exists"),
    ((ssl.SSLCertVerificationError,), lambda cause: f"its certificate is not accepted: {cause.verify_message}"),
    ((ssl.SSLError,), lambda cause: f"no secure connection can be made ({cause.reason or 'TLS failed'})"),
    ((IncompleteRead,), _broken_off),
    ((requests.exceptions.ChunkedEncodingError,), lambda _: "breaks off in the middle of its answer"),
    ((DecodeError,), lambda _: "sends compressed data that is damaged"),
    ((ConnectionRefusedError,), lambda _: "refuses the connection: nothing listens at that port"),
    ((ConnectionResetError, BrokenPipeError), lambda _: "breaks off the connection"),
    ((ConnectTimeoutError, ReadTimeoutError, TimeoutError), lambda _: "does not answer in time"),
    ((HTTPException, HeaderParsingError, InvalidHeader), lambda _: "does not answer in HTTP"),
    ((requests.exceptions.InvalidHeader,), lambda _: "cannot be asked: a header has a line break or is no text"),
)
"""The first that matches anywhere in the chain of causes decides."""

_STATUS = {
    401: "the credentials in headers are missing or not accepted",
    403: "it does not let this service in",
    404: "there is nothing at this address",
    410: "what was at this address has been taken away",
    429: "it is asked too often",
}
SERVER_ERROR = 500


def status_reason(status: int, phrase: str | None) -> str:
    """Return what a status other than 200 means."""
    known = HTTPStatus(status).phrase if status in set(HTTPStatus) else (phrase or "")
    meaning = _STATUS.get(status) or ("it has a fault of its own" if status >= SERVER_ERROR else "expected 200 OK")
    return f"answers {status} {known}: {meaning}"


def reason_of(error: BaseException, doing: str) -> str:
    """Return why the exchange broke while it was `doing` something, from whatever lies at the bottom of `error`."""
    causes = list(_causes(error))
    for kinds, words in _WORDS:
        for cause in causes:
            if isinstance(cause, kinds):
                return words(cause)
    return f"failed while {doing} ({type(causes[-1]).__name__})"


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
