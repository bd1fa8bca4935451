"""The JSON API: verdicts and readings with the field names of the values, and one way to enter a reading."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import JSONResponse, Response

from targetwatch import configuration
from targetwatch.model.words import plain
from targetwatch.web import lookup, render
from targetwatch.web.access import READ, program_unless_public
from targetwatch.web.api.answers import MISSING, PROBLEM, UNKNOWN, answer, moment_of, verdict_of, version_of
from targetwatch.web.api.entry import ENTERED, Guarded, enter
from targetwatch.web.api.upload import UPLOADED, upload
from targetwatch.web.running import Asked, Service
from targetwatch.wording import published

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
    guarded.add_api_route(
        "/api/v1/documents",
        upload,
        methods=["POST"],
        tags=["readings"],
        summary="Post a document of a source",
        dependencies=[Security(TOKEN)],
        responses=UPLOADED,
        openapi_extra={"requestBody": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    router.include_router(reads)
    router.include_router(guarded)
    router.add_api_route("/api/docs", viewer, methods=READ, include_in_schema=False)
    return router


class SchemaResponse(JSONResponse):
    """A JSON Schema, as what it is."""

    media_type = "application/schema+json"


def targets(moment: Asked) -> Response:
    """Every verdict as of a moment; `failed` names targets that could not be judged."""
    snapshot = moment.snapshot
    indicators = lookup.indicators(snapshot)
    found = [
        verdict_of(snapshot, one, indicators[one.indicator])
        for one in snapshot.catalogue.targets
        if one.id in snapshot.verdicts
    ]
    return answer({**moment_of(snapshot), "targets": found, "failed": sorted(snapshot.failed)})


def target(target_id: TargetId, moment: Asked, service: Service) -> Response:
    """One verdict as of a moment, with the promise, its versions and the history of its performance."""
    snapshot = moment.snapshot
    found = lookup.target(snapshot, target_id)
    lookup.verdict(snapshot, target_id)
    indicator = lookup.indicator(snapshot, found.indicator)
    history = [published.change_as_json(one, indicator) for one in lookup.history(service, moment, found)]
    told, versions = verdict_of(snapshot, found, indicator), [version_of(version) for version in found.versions]
    return answer({**moment_of(snapshot), **told, "versions": versions, "history": history})


def readings(indicator_id: IndicatorId, moment: Asked, service: Service) -> Response:
    """Every figure of an indicator known by a moment: all publishers, all vintages, withdrawn ones included."""
    indicator = lookup.indicator(moment.snapshot, indicator_id)
    rows = lookup.known(service, moment, indicator)
    found = [plain(row.reading) | {"state": row.state, "known_on": plain(row.known_on)} for row in rows]
    return answer({**moment_of(moment.snapshot), "indicator": indicator.id, "unit": indicator.unit, "readings": found})


def schema() -> Response:
    """The JSON Schema of targets.yaml and sources.yaml, for editors."""
    return SchemaResponse(configuration.json_schema())


def viewer(request: Request) -> Response:
    """Show the API's description by Swagger UI from our own files, and let it be tried."""
    return render.bare(request, "viewer.html")
