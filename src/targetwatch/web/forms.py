"""What was typed into a form, and that it was typed on one of our own pages.

A form is believed when the browser says the page is of this origin *and* it brings the token that only a page of ours
could have held: an HMAC of the browser's own cookie. Nothing is stored for it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from targetwatch.errors import TargetwatchError
from targetwatch.web import running
from targetwatch.web.headers import LARGEST
from targetwatch.web.running import running_service

if TYPE_CHECKING:
    from starlette.responses import Response

LONGEST_NOTE = 2000
"""How many characters a reason or a note may have."""
TOKEN = "csrf"  # noqa: S105 - the name of the field
MOST_FIELDS = 500
MOST_FILES = 4
MOST_FIELD_BYTES = max(LARGEST.values())
"""A pasted table is one field; how large a request may be at all, `headers` says."""
MOST = {"max_fields": MOST_FIELDS, "max_files": MOST_FILES, "max_part_size": MOST_FIELD_BYTES}


class ForgedError(TargetwatchError):
    """A form that did not come from a page of ours, or from one that has grown too old."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed: texts as they are, without the token; `errors` by field are added by whoever reads them."""

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Return what was typed into a field, without the space around it."""
        return self.values.get(name, default).strip()

    def asked(self, name: str) -> bool:
        """Return whether a box was ticked or a button of that name pressed."""
        return name in self.values


async def filled(request: Request) -> Filled:
    """Return what was typed.

    Raises:
        ForgedError: the form is not one of ours.
    """
    values: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
    async with request.form(**MOST) as form:
        _check(request, str(form.get(TOKEN, "")))
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    files[name] = Upload(value.filename, await value.read())
            elif name != TOKEN:
                text = value.replace("\r\n", "\n").replace("\x00", "")
                values[name] = text
                lists[name] = (*lists.get(name, ()), text)
    return Filled(values, lists, files)


Posted = Annotated[Filled, Depends(filled)]


def csrf(request: Request) -> str:
    """Return the token for a form of this browser's; `remember` gives the browser the cookie it is made from."""
    began: str | None = getattr(request.state, "began", None)
    secret = began or running.read_cookie(request, running.SESSION) or visitor(request)
    return hmac.new(secret.encode(), b"targetwatch form", hashlib.sha256).hexdigest()


def began(request: Request, secret: str) -> None:
    """Make the forms of this answer for the session that has just begun: the request still brought the old cookie."""
    request.state.began = secret


def remember(request: Request, response: Response) -> None:
    """Give a browser that is not signed in the cookie its forms are believed by, when a form was drawn for it."""
    made: str | None = getattr(request.state, "visitor", None)
    if made is not None and made != running.read_cookie(request, running.VISITOR):
        running.give_cookie(request, response, running.VISITOR, made)


def of_this_site(request: Request) -> bool:
    """Return whether the browser does not say that a page of another site made the request."""
    if request.headers.get("sec-fetch-site") not in {None, "same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or of_this_host(request, origin)


def of_this_host(request: Request, address: str) -> bool:
    """Return whether an address, as a browser says it, is one of this service's."""
    try:
        host = urlsplit(address).netloc
    except ValueError:
        return False
    return bool(host) and host in {
        request.headers.get("host"),
        urlsplit(running_service(request).settings.external_url).netloc,
    }


def surely_of_this_site(request: Request) -> bool:
    """Return whether the browser says that a page of ours made the request: what no other page can make it say."""
    said = request.headers.get("origin") is not None or request.headers.get("sec-fetch-site") == "same-origin"
    return said and of_this_site(request)


def visitor(request: Request) -> str:
    """Return the secret by which a browser is known before anybody is signed in; `remember` gives it to a new one."""
    known: str | None = getattr(request.state, "visitor", None)
    if known is None:
        known = request.state.visitor = running.read_cookie(request, running.VISITOR) or secrets.token_urlsafe(24)
    return known


def _check(request: Request, said: str) -> None:
    if not of_this_site(request):
        raise ForgedError("form_of_another_site")
    if not running.read_cookie(request, running.SESSION) and not running.read_cookie(request, running.VISITOR):
        raise ForgedError("form_without_cookie")
    if not hmac.compare_digest(said.encode(), csrf(request).encode()):
        raise ForgedError("form_of_earlier_session")
