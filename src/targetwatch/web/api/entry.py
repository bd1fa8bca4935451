"""Readings entered by a program, one, several or a file of them: what they say, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Body, Query, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from targetwatch import ingest
from targetwatch.connectors import RowError
from targetwatch.errors import HeldError, NotFoundError
from targetwatch.model import FetchedDocument
from targetwatch.model.reading import LONGER
from targetwatch.web import lookup
from targetwatch.web.access import RefusedError, SimulatedError, recorder
from targetwatch.web.api import answers
from targetwatch.web.api.answers import answer, problem_answers, reading_of
from targetwatch.web.render import told_to
from targetwatch.web.running import RunningService, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from targetwatch.ingest import IngestOutcome, Line, Recorded
    from targetwatch.model import Indicator


class Entry(BaseModel):
    """A reading in the words a person would type; numbers as printed, in English or Chinese (28.33 bn, 12.3%)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    indicator: str = Field(min_length=1, max_length=200, description="The indicator's id")
    value: str = Field(min_length=1, max_length=200, description="The value as printed", examples=["154,600 TEU"])
    period: str = Field(max_length=100, description="What it describes", examples=["2025-01..2025-06"])
    basis: str = Field("", max_length=40, description="period, year_to_date, since_start, point or event")
    unit: str = Field("", max_length=40, description="The unit, where the value does not name it")
    published_on: str = Field(
        "",
        max_length=40,
        description="When it was published, YYYY-MM-DD; empty: not known, and it counts on the recorded clock only, "
        "in no verdict of the published one",
    )
    published: str = Field("", max_length=40, deprecated=True, description="What published_on was called before")
    publisher: str = Field("", max_length=200, description="Whose count it is; empty: the indicator's authority")
    yoy: str = Field("", max_length=40, description="Published change on a year before", examples=["36%"])
    rounding: str = Field("", max_length=40, description="Half-width of the published figure")
    qualifier: str = Field("", max_length=40, description="exact, about or over")
    provisional: str = Field("", max_length=10, description="yes or no")
    step: str = Field("", max_length=200, description="The milestone an event reports")
    evidence: str = Field("", max_length=LONGER["evidence_url"], description="Address of the page it was printed on")
    quote: str = Field("", max_length=LONGER["quote"], description="The sentence it was printed in")
    note: str = Field("", max_length=LONGER["note"], description="Anything a later reader should know")

    def cells(self) -> dict[str, str]:
        """Return the entry by the names of a row's fields."""
        said = self.model_dump(exclude={"published", "evidence"})
        said["published_on"] = self.published_on or self.__dict__["published"]
        return said | {"evidence_url": self.evidence}


class EnteredReading(BaseModel):
    """What became of one reading: `id` is its number, or the one it is held under."""

    outcome: Literal["new", "revised", "known", "held", "rejected"]
    id: int | None
    reading: answers.Reading
    reason: str = Field(description="What speaks against it, empty where nothing does")
    problem: answers.SaidProblem | None = Field(description="The same by its code and values")


class EnteredOne(EnteredReading):
    """What became of a reading entered alone, with what was in force of the same fact, and that a year before."""

    forced: bool
    quote_agrees: bool | None
    current: answers.Reading | None
    year_before: answers.Reading | None


class EnteredAll(BaseModel):
    """What became of several readings, in the order given."""

    readings: list[EnteredReading]


MODEL = {"model": EnteredOne | EnteredAll}
ENTERED: dict[int | str, dict[str, Any]] = {
    "200": {"description": "Known already, or `rejected` by a person before: nothing was added", **MODEL},
    "201": {"description": "Stored: `new`, or `revised` where it is a later vintage of a known fact", **MODEL},
    "202": {"description": "Held: something speaks against it (`reason`), a person decides", **MODEL},
    **problem_answers(
        _401="No token, or a wrong one",
        _403="A token that may only read",
        _409="The clock is simulated, nothing may be written",
        _413="Larger than any reading",
        _422="It cannot be read as a reading; every reason at once",
    ),
}
ENTERED_STATUS = {"known": 200, "rejected": 200, "held": 202}
STATUS_OF_ALL = (("held", 202), ("new", 201), ("revised", 201))
BESIDE = ("current", "year_before")
MOST_AT_ONCE = 1000


class Guarded(APIRoute):
    """A route whose token is checked before anything of the request is read."""

    needs = "record"

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler behind the check."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            request.state.program = await run_in_threadpool(recorder, request)
            return await handler(request)

        return checked


def enter(
    request: Request,
    entry: Annotated[
        Annotated[Entry, Tag("reading")]
        | Annotated[list[Entry], Field(min_length=1, max_length=MOST_AT_ONCE), Tag("readings")],
        Body(discriminator=Discriminator(lambda said: "readings" if isinstance(said, list) else "reading")),
    ],
    service: Service,
) -> Response:
    """Enter one reading, or a list of them, all or none. What contradicts the past is held for a person to decide.

    The same call may be sent again: what is known already is not stored a second time.
    """
    if service.simulation is not None:
        raise SimulatedError("clock_simulated")
    try:
        return _enter_all(request, entry, service) if isinstance(entry, list) else _enter_one(request, entry, service)
    except (RowError, HeldError, NotFoundError) as error:
        raise RefusedError(*error.problems) from error


def _enter_one(request: Request, entry: Entry, service: RunningService) -> Response:
    actor, now, names = request.state.program.actor, service.now(), service.current().catalogue.indicators_by_id
    done = ingest.record(service.engine, entry.cells(), actor=actor, now=now, today=service.today())
    service.judge()
    told = {**_entered(request, done, names), "forced": done.forced, "quote_agrees": done.quote_agrees}
    told |= {name: said and reading_of(said, names) for name in BESIDE for said in (getattr(done, name),)}
    return answer(request, EnteredOne, told, status=ENTERED_STATUS.get(done.outcome, 201))


def _enter_all(request: Request, entries: list[Entry], service: RunningService) -> Response:
    actor, now, names = request.state.program.actor, service.now(), service.current().catalogue.indicators_by_id
    rows = [(number, entry.cells()) for number, entry in enumerate(entries)]
    table = ingest.enter_table(service.engine, rows, actor=actor, now=now, today=service.today(), hold=True)
    if not table.stored:
        raise RefusedError(
            *(one.at(f"readings.{line.number}.{one.where}") for line in table.lines for one in line.problems)
        )
    service.judge()
    status = next((code for said, code in STATUS_OF_ALL if table.counts[said]), 200)
    return answer(
        request, EnteredAll, {"readings": [_entered(request, line, names) for line in table.lines]}, status=status
    )


def _entered(request: Request, done: Recorded | Line, names: Mapping[str, Indicator]) -> dict[str, Any]:
    assert done.reading is not None
    problem = told_to(request, done.reason) if done.reason else None
    return {
        "outcome": "held" if done.outcome == "known" and getattr(done, "waits", False) else done.outcome,
        "id": done.id,
        "reading": reading_of(done.reading, names),
        "reason": problem["sentence"] if problem else "",
        "problem": problem,
    }


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
    return answer(request, Uploaded, _said(request, done), status=422 if done.failed else 200)


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


def _said(request: Request, done: IngestOutcome) -> dict[str, object]:
    counts = {name: getattr(done, name) for name in COUNTS}
    some = done.problems or ((done.reason,) if done.reason else ())
    told = [told_to(request, one) for one in some]
    return {"source": done.source, "outcome": done.outcome, **counts, "problems": told}
