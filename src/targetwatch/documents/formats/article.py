"""The text of an article by paragraph, without what surrounds it, with its title and its day."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import trafilatura

from targetwatch.documents.decode import PASSWORD
from targetwatch.documents.formats.html import day_of, refuse_error_page
from targetwatch.documents.grid import Decoded, text_of
from targetwatch.errors import DocumentError

if TYPE_CHECKING:
    from targetwatch.documents.decode_options import TextOptions

SHORTEST = 200
"""A page that asks for a password and says less than this is not an article with a form beside it."""
LOOKED_FOR = 20
_TAG = re.compile(r"<(!doctype|html|head|body|div|p|br|article|span|h1)\b", re.IGNORECASE)


def read(data: bytes, options: TextOptions, charset: str) -> Decoded:
    """Return the paragraphs as lines; of a text that is no page every line.

    Raises:
        DocumentError: `login_page`, or `no_article` when nothing is left beside navigation.
    """
    text = text_of(data, options.charset, charset)
    if not _TAG.search(text):
        return Decoded(lines=tuple(line for line in (" ".join(line.split()) for line in text.splitlines()) if line))
    found: Any = trafilatura.bare_extraction(text, include_comments=False, with_metadata=True, favor_precision=True)
    paragraphs = found.text.splitlines() if found and found.text else []
    lines = [line for line in (" ".join(line.split()).removeprefix("- ") for line in paragraphs) if line]
    if PASSWORD.search(text.encode()) and sum(map(len, lines)) < SHORTEST:
        raise DocumentError("login_page")
    if sum(map(len, lines)) < SHORTEST:
        refuse_error_page((found.title if found else "") or "", lines)
    if not lines:
        raise DocumentError("no_article")
    return Decoded(
        lines=tuple(lines), title=found.title or "", published_on=day_of(text) or _above(text, lines, found.date)
    )


def _above(text: str, lines: list[str], said: str | None) -> date | None:
    """Return the day that was found, unless the page writes it only below the article, as of something else."""
    if not said:
        return None
    day = date.fromisoformat(said)
    end = text.rfind(lines[-1][-LOOKED_FOR:])
    written = [
        found.start() for found in re.finditer(rf"{day:%Y}\D{{1,2}}0?{day.month}\D{{1,2}}0?{day.day}(?!\d)", text)
    ]
    return None if written and 0 < end < min(written) else day
