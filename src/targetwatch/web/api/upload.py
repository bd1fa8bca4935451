"""A document posted by a program: an equal way in beside what is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from targetwatch.model import FetchedDocument
from targetwatch.web import lookup
from targetwatch.web.access import RefusedError, SimulatedError
from targetwatch.web.api import answers
from targetwatch.web.api.answers import answer, problem_answers
from targetwatch.web.running import Service
from targetwatch.wording import published

if TYPE_CHECKING:
    from targetwatch.ingest import IngestOutcome

COUNTS = ("new", "known", "revised", "held")


class Uploaded(BaseModel):
    """What became of a document, and how many of its readings."""

    source: str
    outcome: str
    new: int
    known: int
    revised: int
    held: int
    problems: list[answers.SaidProblem]


UPLOADED: dict[int | str, dict[str, Any]] = {
    "200": {"description": "Read; `unchanged` where it is the last good one again", "model": Uploaded},
    **problem_answers(
        _401="No token, or a wrong one",
        _403="A token that may only read",
        _404="No source of that name",
        _409="A run of the source is under way, or the clock is simulated",
        _413="Larger than any document",
        _422="`failed` or `drifted`: nothing was stored, and why; or no document came",
    ),
}
UPLOADED["422"]["model"] = Uploaded


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
        raise RefusedError("reads_no_documents", where="source", said=source)
    given = await _document(request, name)
    done = await run_in_threadpool(service.run, source, given=(given,))
    return answer(request, Uploaded, _said(done), status=422 if done.failed else 200)


async def _document(request: Request, name: str) -> FetchedDocument:
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    if kind.strip().casefold() != "multipart/form-data":
        charset = rest.casefold().partition("charset=")[2].partition(";")[0].strip(" \"'")
        return FetchedDocument(data=await request.body(), name=name, content_type=kind.strip(), charset=charset)
    async with request.form(max_files=1, max_fields=0) as form:
        (file,) = form.values() or ("",)
        if not isinstance(file, UploadFile):
            raise RefusedError("form_without_file")
        said = name or file.filename or ""
        return FetchedDocument(data=await file.read(), name=said, content_type=file.content_type or "")


def _said(done: IngestOutcome) -> dict[str, object]:
    counts = {name: getattr(done, name) for name in COUNTS}
    some = done.problems or ((done.reason,) if done.reason else ())
    told = [published.problem_as_json(one) for one in some]
    return {"source": done.source, "outcome": done.outcome, **counts, "problems": told}
