"""One reading entered by a program: what it says, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from targetwatch import ingest
from targetwatch.connectors import RowError
from targetwatch.errors import HeldError, NotFoundError
from targetwatch.model.words import plain
from targetwatch.web.access import Program, SimulatedError, recorder
from targetwatch.web.api.answers import answer, problem_answers
from targetwatch.web.running import Service
from targetwatch.wording.problems import in_english, sentence
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class Entry(BaseModel):
    """A reading in the words a person would type; numbers as printed, in English or Chinese (28.33 bn, 12.3%)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    indicator: str = Field(min_length=1, max_length=200, description="The indicator's id")
    value: str = Field(min_length=1, max_length=200, description="The value as printed", examples=["154,600 TEU"])
    period: str = Field(max_length=100, description="What it describes", examples=["2025-01..2025-06"])
    basis: str = Field("", max_length=40, description="period, year_to_date, since_start, point or event")
    unit: str = Field("", max_length=40, description="The unit, where the value does not name it")
    published: str = Field(
        "",
        max_length=40,
        description="When it was published, YYYY-MM-DD; empty: not known, and it counts on the recorded clock only, "
        "in no verdict of the published one",
    )
    publisher: str = Field("", max_length=200, description="Whose count it is; empty: the indicator's authority")
    yoy: str = Field("", max_length=40, description="Published change on a year before", examples=["36%"])
    rounding: str = Field("", max_length=40, description="Half-width of the published figure")
    qualifier: str = Field("", max_length=40, description="exact, about or over")
    provisional: str = Field("", max_length=10, description="yes or no")
    step: str = Field("", max_length=200, description="The milestone an event reports")
    evidence: str = Field("", max_length=2000, description="Address of the page it was printed on")
    quote: str = Field("", max_length=4000, description="The sentence it was printed in")
    note: str = Field("", max_length=4000, description="Anything a later reader should know")

    def cells(self) -> dict[str, str]:
        """Return the entry by the names of a row's fields."""
        said = self.model_dump()
        said["published_on"], said["evidence_url"] = said.pop("published"), said.pop("evidence")
        return said


ENTERED: dict[int | str, dict[str, Any]] = {
    "200": {"description": "Known already, or `rejected` by a person before: nothing was added"},
    "201": {"description": "Stored: `new`, or `revised` where it is a later vintage of a known fact"},
    "202": {"description": "Held: something speaks against it (`reason`), a person decides"},
    **problem_answers(
        _401="No token, or a wrong one",
        _403="A token that may only read",
        _409="The clock is simulated, nothing may be written",
        _413="Larger than any reading",
        _422="It cannot be read as a reading; every reason at once",
    ),
}
ENTERED_STATUS = {"known": 200, "rejected": 200, "held": 202}


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


def enter(request: Request, entry: Entry, service: Service) -> Response:
    """Enter one reading. It is checked like any other: what contradicts the past is held for a person to decide."""
    if service.simulation is not None:
        raise SimulatedError("clock_simulated")
    program: Program = request.state.program
    try:
        done = ingest.record(
            service.engine, entry.cells(), actor=program.actor, now=service.now(), today=service.today()
        )
    except (RowError, HeldError, NotFoundError) as error:
        raise HTTPException(422, in_english(error)) from error
    service.judge()
    reason = sentence(done.reason, translator("en")) if done.reason else ""
    return answer({**plain(replace(done, reason=None)), "reason": reason}, ENTERED_STATUS.get(done.outcome, 201))
