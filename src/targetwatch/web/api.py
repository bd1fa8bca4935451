"""The JSON API: verdicts and readings with the field names of the values, and one way to enter a reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from targetwatch import configuration, ingest
from targetwatch.connectors import RowError
from targetwatch.errors import HeldError, NotFoundError
from targetwatch.model.plain import plain
from targetwatch.web import questions
from targetwatch.web.access import Program, SimulatedError, program_unless_public, recorder
from targetwatch.web.backstage import Behind
from targetwatch.web.moment import Asked
from targetwatch.wording import published
from targetwatch.wording.problems import in_english, sentence
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from targetwatch.model import Indicator, Snapshot, Target, TargetVersion

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what was expected"},
        "instance": {"type": "string", "description": "The path asked for"},
    },
}


def _problems(**said: str) -> dict[int | str, dict[str, Any]]:
    """Return what a route may answer instead, each as problem JSON."""
    content = {"application/problem+json": {"schema": PROBLEM_SCHEMA}}
    return {code.removeprefix("_"): {"description": text, "content": content} for code, text in said.items()}


PROBLEM = _problems(
    _400="A date that is none, or lies in the future",
    _422="A parameter that cannot be read",
    _503="The first snapshot is still being taken",
)
MISSING = _problems(_404="Nothing of that name, or not announced by then")
UNKNOWN = _problems(_401="No token, or a wrong one, where this service asks for one to read")
TOKEN = HTTPBearer(auto_error=False, description="A token of an account, or TARGETWATCH_API_TOKEN")
TargetId = Annotated[str, Path(description="The target's id")]
IndicatorId = Annotated[str, Path(description="The indicator's id")]


def routes(*, public: bool) -> APIRouter:
    """Return the routes; what is not `public` is read with a token, and a reading entered with one that may record."""
    router = APIRouter(responses=PROBLEM)
    asked = [Depends(program_unless_public("public_api")), *([] if public else [Security(TOKEN)])]
    reads = APIRouter(dependencies=asked, responses={} if public else UNKNOWN)
    add = reads.add_api_route
    add("/api/v1/targets", targets, tags=["verdicts"], summary="Every verdict")
    add("/api/v1/targets/{target_id}", target, tags=["verdicts"], summary="One verdict", responses=MISSING)
    add(
        "/api/v1/indicators/{indicator_id}/readings",
        readings,
        tags=["readings"],
        summary="The figures of an indicator",
        responses=MISSING,
    )
    router.add_api_route(
        "/schema/targetwatch.json",
        schema,
        tags=["configuration"],
        summary="The schema of the configuration",
        response_class=SchemaResponse,
    )
    guarded = APIRouter(route_class=Guarded)
    guarded.add_api_route(
        "/api/v1/readings",
        enter,
        methods=["POST"],
        tags=["readings"],
        summary="Enter a reading",
        status_code=201,
        dependencies=[Security(TOKEN)],
        responses=ENTERED,
    )
    router.include_router(reads)
    router.include_router(guarded)
    return router


class SchemaResponse(JSONResponse):
    """A JSON Schema, as what it is."""

    media_type = "application/schema+json"


class Entry(BaseModel):
    """A reading in the words a person would type; numbers may be written as printed (6.4万, 28.33 bn, 12.3%)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    indicator: str = Field(min_length=1, max_length=200, description="The indicator's id")
    value: str = Field(min_length=1, max_length=200, description="The value as printed", examples=["15.46万标箱"])
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
    **_problems(
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


def targets(moment: Asked) -> Response:
    """Every verdict as of a moment; `failed` names targets that could not be judged."""
    snapshot = moment.snapshot
    indicators = questions.indicators(snapshot)
    found = [
        _told(snapshot, one, indicators[one.indicator])
        for one in snapshot.catalogue.targets
        if one.id in snapshot.verdicts
    ]
    return _json({**_moment(moment), "targets": found, "failed": sorted(snapshot.failed)})


def target(target_id: TargetId, moment: Asked, behind: Behind) -> Response:
    """One verdict as of a moment, with the promise, its versions and the history of its performance."""
    snapshot = moment.snapshot
    found = questions.target(snapshot, target_id)
    questions.verdict(snapshot, target_id)
    indicator = questions.indicator(snapshot, found.indicator)
    history = [published.change_as_json(one, indicator) for one in questions.history(behind, moment, found)]
    told, versions = _told(snapshot, found, indicator), [_version(version) for version in found.versions]
    return _json({**_moment(moment), **told, "versions": versions, "history": history})


def readings(indicator_id: IndicatorId, moment: Asked, behind: Behind) -> Response:
    """Every figure of an indicator known by a moment: all publishers, all vintages, withdrawn ones included."""
    indicator = questions.indicator(moment.snapshot, indicator_id)
    rows = questions.known(behind, moment, indicator)
    found = [plain(row.reading) | {"state": row.state, "known_on": plain(row.known_on)} for row in rows]
    return _json({**_moment(moment), "indicator": indicator.id, "unit": indicator.unit, "readings": found})


def schema() -> Response:
    """The JSON Schema of targets.yaml and sources.yaml, for editors."""
    return SchemaResponse(configuration.json_schema())


def enter(request: Request, entry: Entry, behind: Behind) -> Response:
    """Enter one reading. It is checked like any other: what contradicts the past is held for a person to decide."""
    if behind.simulation is not None:
        raise SimulatedError("the clock is simulated, nothing may be written")
    program: Program = request.state.program
    try:
        done = ingest.record(behind.engine, entry.cells(), actor=program.actor, now=behind.now(), today=behind.today())
    except (RowError, HeldError, NotFoundError) as error:
        raise HTTPException(422, in_english(error)) from error
    behind.judge()
    reason = sentence(done.reason, translator("en")) if done.reason else ""
    return _json({**plain(replace(done, reason=None)), "reason": reason}, ENTERED_STATUS.get(done.outcome, 201))


def _told(snapshot: Snapshot, target: Target, indicator: Indicator) -> dict[str, Any]:
    """Return a verdict with what a reader needs to name it; an owner's address is nobody's business here."""
    owner = {"id": target.owner.id, "name": plain(target.owner.name)}
    more = {"title": plain(target.title), "short": plain(target.short), "programme": target.programme, "owner": owner}
    return published.as_json(snapshot.verdicts[target.id], indicator, snapshot.as_of.day) | more


def _version(version: TargetVersion) -> dict[str, Any]:
    """Return a version with its goal and plan in the shape that version 1 of the API has had from the start."""
    goal, plan = version.goal, version.plan
    said = {"comparator": goal.comparator, "value": goal.value, "upper": goal.upper, "change": goal.relative}
    points = [(point.on, point.value) for point in plan.waypoints]
    return {**plain(version), "goal": plain(said), "plan": plain({"shape": plan.shape, "waypoints": points})}


def _moment(moment: Asked) -> dict[str, Any]:
    snapshot = moment.snapshot
    said = {"as_of": snapshot.as_of.day, "clock": snapshot.as_of.clock, "taken_at": snapshot.taken_at}
    return {**said, "simulated": snapshot.simulated}


def _json(value: Mapping[str, object], status: int = 200) -> Response:
    return JSONResponse(plain(dict(value)), status)
