"""A document posted by a program: an equal way in beside what is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import HTTPException, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from targetwatch.errors import BusyError
from targetwatch.model import FetchedDocument
from targetwatch.web import lookup
from targetwatch.web.access import SimulatedError
from targetwatch.web.api.answers import answer, problem_answers
from targetwatch.web.running import Service
from targetwatch.wording.problems import placed
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from targetwatch.ingest import IngestOutcome

COUNTS = ("new", "known", "revised", "held")
UPLOADED = {
    "200": {"description": "Read; `unchanged` where it is the last good one again"},
    "422": {"description": "`failed` or `drifted`: nothing was stored, and why"},
    **problem_answers(
        _401="No token, or a wrong one",
        _403="A token that may only read",
        _404="No source of that name",
        _409="A run of the source is under way, or the clock is simulated",
        _413="Larger than any document",
    ),
}


async def upload(
    request: Request,
    service: Service,
    source: Annotated[str, Query(description="The id of a source of kind document")],
    name: Annotated[str, Query(max_length=200, description="What the file is called")] = "",
) -> Response:
    """Read a document in place of a fetch: the body itself, or the file of a form."""
    if service.simulation is not None:
        raise SimulatedError("clock_simulated")
    if lookup.source(service.current(), source).kind != "document":
        raise HTTPException(422, f"source '{source}' reads no documents, expected one of kind document")
    given = await _document(request, name)
    try:
        done = await run_in_threadpool(service.run, source, given=(given,))
    except BusyError as error:
        raise HTTPException(409, f"a run of source '{source}' is under way, expected to try again") from error
    return answer(_said(done), 422 if done.failed else 200)


async def _document(request: Request, name: str) -> FetchedDocument:
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    if kind.strip().casefold() != "multipart/form-data":
        charset = rest.casefold().partition("charset=")[2].partition(";")[0].strip(" \"'")
        return FetchedDocument(data=await request.body(), name=name, content_type=kind.strip(), charset=charset)
    async with request.form(max_files=1, max_fields=0) as form:
        (file,) = form.values() or ("",)
        if not isinstance(file, UploadFile):
            raise HTTPException(422, "the form has no file, expected one")
        said = name or file.filename or ""
        return FetchedDocument(data=await file.read(), name=said, content_type=file.content_type or "")


def _said(done: IngestOutcome) -> dict[str, object]:
    _ = translator("en")
    counts = {name: getattr(done, name) for name in COUNTS}
    some = done.problems or ((done.reason,) if done.reason else ())
    return {"source": done.source, "outcome": done.outcome, **counts, "problems": [placed(one, _) for one in some]}
