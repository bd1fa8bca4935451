"""What a scraper asks for: which of the two text formats, and whether it takes gzip."""

from __future__ import annotations

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def wants_openmetrics(accept: str) -> bool:
    """Return whether OpenMetrics is named, and not liked less than plain text.

    >>> wants_openmetrics("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
    True
    >>> wants_openmetrics("text/plain;q=0.9, application/openmetrics-text;q=0.4"), wants_openmetrics("*/*")
    (False, False)
    """
    liked = _liked(accept)
    openmetrics = liked.get("application/openmetrics-text", 0.0)
    return openmetrics > 0 and openmetrics >= liked.get("text/plain", 0.0)


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether gzip may be sent.

    >>> accepts_gzip("gzip"), accepts_gzip("br, gzip;q=0.5"), accepts_gzip("*"), accepts_gzip("gzip;q=0, *")
    (True, True, True, False)
    """
    liked = _liked(accept_encoding)
    return liked.get("gzip", liked.get("*", 0.0)) > 0


def _liked(field: str) -> dict[str, float]:
    """Return the best quality each item of an Accept field is given; one that cannot be read counts as none."""
    liked: dict[str, float] = {}
    for item in field.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        said = next((text.partition("=")[2] for text in parameters if text.startswith("q=")), "1")
        if name:
            liked[name] = max(liked.get(name, 0.0), _quality(said))
    return liked


def _quality(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        return 0.0
