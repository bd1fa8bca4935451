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
from targetwatch.web import access

if TYPE_CHECKING:
    from starlette.responses import Response

VISITOR = "targetwatch_visitor"
TOKEN = "csrf"  # noqa: S105 - the name of the field
MOST_FIELDS = 500


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
    form = await request.form(max_fields=MOST_FIELDS, max_files=4)
    _check(request, str(form.get(TOKEN, "")))
    values: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
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
    secret = request.cookies.get(access.COOKIE) or _visitor(request)
    return hmac.new(secret.encode(), b"targetwatch form", hashlib.sha256).hexdigest()


def remember(request: Request, response: Response) -> None:
    """Give a browser that is not signed in the cookie its forms are believed by, when a form was drawn for it."""
    made: str | None = getattr(request.state, "visitor", None)
    if made is not None and made != request.cookies.get(VISITOR):
        response.set_cookie(VISITOR, made, httponly=True, samesite="lax", secure=request.url.scheme == "https")


def _visitor(request: Request) -> str:
    known: str | None = getattr(request.state, "visitor", None)
    if known is None:
        known = request.state.visitor = request.cookies.get(VISITOR) or secrets.token_urlsafe(24)
    return known


def _check(request: Request, said: str) -> None:
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in {None, "same-origin", "none"}:
        raise ForgedError("a page of another site may not send this form")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForgedError("a page of another site may not send this form")
    if not request.cookies.get(access.COOKIE) and not request.cookies.get(VISITOR):
        raise ForgedError("the form came without this site's cookie, expected a browser that keeps cookies")
    if not hmac.compare_digest(said.encode(), csrf(request).encode()):
        raise ForgedError("the form is of an earlier session, expected the page to be loaded again")
