"""The article that somebody wants read: pasted, dropped, at an address, or waiting in the inbox of a watched feed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from targetwatch.documents.decode import decode
from targetwatch.documents.decode_options import Decode
from targetwatch.errors import NotFoundError
from targetwatch.model import FetchedDocument, Source
from targetwatch.store import db, documents
from targetwatch.store.documents import KeptDocument
from targetwatch.store.guards import WEB
from targetwatch.web.forms import Filled
from targetwatch.web.running import RunningService

PDF = b"%PDF"
ENDS = tuple(".!?:;。！？：；")
_WESTERN = re.compile(r"[\x21-\x7e]")


def given(service: RunningService, posted: Filled, values: dict[str, str]) -> dict[str, str]:
    """Return what was typed with the text of the article, its day and its address, where they were not typed.

    Raises:
        SourceError: it cannot be had, or is no text.
    """
    if values["text"] and not posted.files:
        return values
    if "file" in posted.files:
        found = FetchedDocument(data=posted.files["file"].content, name=posted.files["file"].name)
    elif values["document"]:
        found = waiting(service, values["document"]).document
    elif values["evidence_url"]:
        (found, *_) = service.gather(_at(values["evidence_url"]))
    else:
        return values
    said = decode(
        found.data,
        Decode.model_validate("pdf" if found.data.startswith(PDF) else "article"),
        name=found.name,
        content_type=found.content_type,
        charset=found.charset,
    )
    lines = list(_paragraphs(said.lines)) if found.data.startswith(PDF) else list(said.lines)
    text = "\n".join([said.title, *lines] if said.title and said.title not in lines[:1] else lines)
    day = said.published_on or found.published_on
    return values | {
        "text": text,
        "published_on": values["published_on"] or (day.isoformat() if day else ""),
        "evidence_url": values["evidence_url"] or found.url,
    }


def waiting(service: RunningService, number: str) -> KeptDocument:
    """Return a document of the inbox; NotFoundError where none waits under that number."""
    with db.reading(service.engine) as session:
        for one in documents.waiting(session):
            if str(one.id) == number:
                return one
    raise NotFoundError("document", number[:20])


def _at(address: str) -> Source:
    options = {"fetch": {"http": {"url": address}}, "decode": "article"}
    return Source(id="article", kind="document", options=options, managed_by=WEB)


def _paragraphs(lines: Iterable[str]) -> Iterable[str]:
    """Give the paragraphs of a text that was printed in lines: one ends where a line ends a sentence."""
    open_line = ""
    for line in lines:
        between = " " if _WESTERN.search(open_line[-1:]) and _WESTERN.match(line) else ""
        open_line = open_line.removesuffix("-") + between + line if open_line else line
        if open_line.endswith(ENDS):
            yield open_line
            open_line = ""
    if open_line:
        yield open_line
