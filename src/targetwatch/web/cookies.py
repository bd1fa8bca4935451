"""The cookies that prove something: what they are called, and that no script and no other site gets at them.

Where the pages are reached by https a cookie has the `__Host-` prefix: a browser then takes it from this very host
only, over https only, so that no neighbouring host can plant one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.web.running import running_service

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

SESSION = "targetwatch_session"
"""Who is signed in."""
VISITOR = "targetwatch_visitor"
"""Whose forms are believed before anybody is signed in."""
BROWSER = "targetwatch_browser"
"""A browser that somebody has signed in with before (see `store.accounts.familiar`)."""


def secure(request: Request) -> bool:
    """Return whether this browser reaches us by https."""
    return request.url.scheme == "https" or running_service(request).settings.secure


def read(request: Request, cookie: str) -> str:
    """Return what a cookie holds; "" when there is none."""
    return request.cookies.get(_name(request, cookie), "")


def give(request: Request, response: Response, cookie: str, value: str, *, seconds: int | None = None) -> None:
    """Give the browser a cookie, until it is closed or for so many seconds."""
    response.set_cookie(
        _name(request, cookie), value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure(request)
    )


def take(request: Request, response: Response, cookie: str) -> None:
    """Take a cookie from the browser."""
    response.delete_cookie(_name(request, cookie), path="/", httponly=True, samesite="lax", secure=secure(request))


def _name(request: Request, cookie: str) -> str:
    return f"__Host-{cookie}" if secure(request) else cookie
