"""Which language a reader gets: what they chose, else what their browser prefers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.wording.translation import LANGUAGES, translator

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from targetwatch.wording.translation import Translator

COOKIE = "targetwatch_lang"
A_YEAR_SECONDS = 365 * 24 * 3600


def choose(request: Request) -> str:
    """Return one of LANGUAGES: the address's `lang`, the cookie's, the browser's first known one, English."""
    for said in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if said in LANGUAGES:
            return said
    return preferred(request.headers.get("accept-language", ""))


def translator_for(request: Request) -> Translator:
    """Return what says messages in the reader's language."""
    return translator(choose(request))


def preferred(header: str) -> str:
    """Return the first language known of an Accept-Language header, by its weights.

    >>> preferred("de, zh-CN;q=0.8, en;q=0.7"), preferred("fr;q=bad"), preferred("en;q=0.2, zh;q=0.9")
    ('zh', 'en', 'zh')
    """
    found: list[tuple[float, int, str]] = []
    for place, item in enumerate(header.split(",")):
        name, _, weight = item.strip().partition(";")
        language = name.strip().lower().split("-")[0]
        if language in LANGUAGES:
            found.append((-_weight(weight), place, language))
    found.sort()
    return found[0][2] if found and found[0][0] < 0 else LANGUAGES[0]


def remember(request: Request, response: Response) -> None:
    """Keep a choice made in the address for the next pages."""
    said = request.query_params.get("lang")
    if said in LANGUAGES:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, said, max_age=A_YEAR_SECONDS, samesite="lax", httponly=True, secure=secure)


def _weight(said: str) -> float:
    name, _, value = said.strip().partition("=")
    if not said.strip():
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
