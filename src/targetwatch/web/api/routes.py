"""The JSON API: what the service knows, listed and single, with the field names of the values, and the ways in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nsmallest
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import JSONResponse, Response

from targetwatch import configuration
from targetwatch.errors import NotFoundError
from targetwatch.model import Indicator, Performance, Source, Target
from targetwatch.store import audit, db, runs
from targetwatch.store import readings as stored
from targetwatch.store.audit.subjects import safe
from targetwatch.web import lookup, render
from targetwatch.web.access import READ, Asked, known_reader, program_unless_public
from targetwatch.web.api import answers
from targetwatch.web.api.answers import (
    MISSING,
    PROBLEM,
    UNKNOWN,
    Cursor,
    Limit,
    NumberCursor,
    answer,
    moment_of,
    part,
    reading_of,
    verdict_of,
    version_of,
)
from targetwatch.web.api.entry import ENTERED, UPLOADED, Guarded, enter, upload
from targetwatch.web.render import told_to
from targetwatch.web.running import Moment, RunningService, Service
from targetwatch.wording import exported

if TYPE_CHECKING:
    from targetwatch.web.lookup import KnownReading

TOKEN = HTTPBearer(auto_error=False, description="A token of an account, or TARGETWATCH_API_TOKEN")
TargetId = Annotated[str, Path(description="The target's id")]
IndicatorId = Annotated[str, Path(description="The indicator's id")]
Identified = TypeVar("Identified", Indicator, Source, Target)
SourceId = Annotated[str, Path(description="The source's id")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="The number it has here")]


def routes(*, public: bool) -> APIRouter:
    """Return the routes; what is not `public` is read with a token, and a reading entered with one that may record."""
    router = APIRouter(responses=PROBLEM)
    asked = [Depends(program_unless_public("public_api")), *([] if public else [Security(TOKEN)])]
    reads = APIRouter(prefix="/api/v1", dependencies=asked, responses={} if public else UNKNOWN)
    _add(reads, "targets", targets, answers.Targets, "Every verdict")
    _add(reads, "targets/{target_id}", target, answers.TargetAnswer, "One verdict, with its versions and history")
    _add(reads, "indicators", indicators, answers.Indicators, "Every indicator, with its latest figure")
    _add(reads, "indicators/{indicator_id}", indicator, answers.IndicatorAlone, "One indicator")
    _add(
        reads,
        "indicators/{indicator_id}/readings",
        known_readings,
        answers.KnownReadings,
        "The figures of an indicator, with their state",
    )
    _add(reads, "readings", readings, answers.Readings, "Every reading as stored")
    _add(reads, "readings/{number}", reading, answers.Reading, "One reading as stored")
    own = APIRouter(prefix="/api/v1", dependencies=[Depends(known_reader), Security(TOKEN)], responses=UNKNOWN)
    _add(own, "sources", sources, answers.Sources, "Every source, with its last run")
    _add(own, "sources/{source_id}", source, answers.SourceAnswer, "One source")
    _add(own, "held", held, answers.HeldReadings, "Readings that wait for a person, or did")
    _add(own, "held/{number}", held_one, answers.HeldAnswer, "One held reading")
    _add(own, "audit", trail, answers.Audit, "The audit trail, newest first")
    _add(own, "audit/{number}", entry, answers.Entry, "One entry of the audit trail")
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
        summary="Enter a reading, or several: all or none",
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
    router.include_router(own)
    router.include_router(guarded)
    router.add_api_route("/api/docs", viewer, methods=READ, include_in_schema=False)
    return router


def _add(router: APIRouter, path: str, handler: Callable[..., Response], kind: type, summary: str) -> None:
    missing = MISSING if "{" in path else {}
    tag = path.partition("/")[0]
    router.add_api_route(f"/{path}", handler, response_model=kind, tags=[tag], summary=summary, responses=missing)


class SchemaResponse(JSONResponse):
    """A JSON Schema, as what it is."""

    media_type = "application/schema+json"


def targets(
    request: Request,
    moment: Asked,
    *,
    limit: Limit = answers.ROWS,
    cursor: Cursor = "",
    performance: Annotated[Performance | None, Query(description="Only those that stand so")] = None,
    indicator: Annotated[str, Query(description="Only those set on an indicator")] = "",
    programme: Annotated[str, Query(description="Only those of a programme")] = "",
) -> Response:
    """Every verdict as of a moment, by id; `failed` names targets that could not be judged."""
    snapshot = moment.snapshot
    known, verdicts = snapshot.catalogue.indicators_by_id, snapshot.verdicts
    wanted = (
        one
        for one in snapshot.catalogue.targets
        if one.id in verdicts
        and indicator in {"", one.indicator}
        and programme in {"", one.programme}
        and performance in {None, verdicts[one.id].performance}
    )
    rows, more = _by_id(wanted, cursor, limit)
    found = [verdict_of(snapshot, one, known[one.indicator]) for one in rows]
    values = {**moment_of(snapshot), "targets": found, "failed": sorted(snapshot.failed)}
    return answer(request, answers.Targets, values, after=rows[-1].id if more else None)


def target(request: Request, target_id: TargetId, moment: Asked, service: Service) -> Response:
    """One verdict as of a moment, with the promise, its versions and the history of its performance."""
    snapshot = moment.snapshot
    found = lookup.target(snapshot, target_id)
    lookup.verdict(snapshot, target_id)
    indicator = lookup.indicator(snapshot, found.indicator)
    history = [exported.change_as_json(one, indicator) for one in lookup.history(service, moment, found)]
    told, versions = verdict_of(snapshot, found, indicator), [version_of(version) for version in found.versions]
    values = {**moment_of(snapshot), **told, "versions": versions, "history": history}
    return answer(request, answers.TargetAnswer, values)


def indicators(request: Request, moment: Asked, *, limit: Limit = answers.ROWS, cursor: Cursor = "") -> Response:
    """Every indicator as of a moment, by id."""
    snapshot = moment.snapshot
    rows, more = _by_id(snapshot.catalogue.indicators, cursor, limit)
    values = {**moment_of(snapshot), "indicators": [_indicator_of(moment, one) for one in rows]}
    return answer(request, answers.Indicators, values, after=rows[-1].id if more else None)


def indicator(request: Request, indicator_id: IndicatorId, moment: Asked) -> Response:
    """One indicator as of a moment, with the targets set on it."""
    found = lookup.indicator(moment.snapshot, indicator_id)
    on = [one.id for one in moment.snapshot.catalogue.targets if one.indicator == indicator_id]
    values = {**moment_of(moment.snapshot), **_indicator_of(moment, found), "targets": on}
    return answer(request, answers.IndicatorAlone, values)


def known_readings(
    request: Request,
    indicator_id: IndicatorId,
    moment: Asked,
    service: Service,
    *,
    limit: Limit = answers.ROWS,
    cursor: Cursor = "",
) -> Response:
    """Every figure of an indicator known by a moment: all publishers, all vintages, withdrawn ones included."""
    indicator = lookup.indicator(moment.snapshot, indicator_id)
    known = sorted(((_place(row), row) for row in lookup.known(service, moment, indicator)), key=lambda one: one[0])
    rest = [one for one in reversed(known) if not cursor or one[0] < tuple(cursor.split("\t"))]
    rows, more = part(rest[: limit + 1], limit)
    names = {indicator.id: indicator}
    found = [reading_of(row.reading, names) | {"state": row.state, "known_on": row.known_on} for _place, row in rows]
    values = {**moment_of(moment.snapshot), "indicator": indicator.id, "unit": indicator.unit, "readings": found}
    return answer(request, answers.KnownReadings, values, after="\t".join(rows[-1][0]) if more else None)


def readings(
    request: Request,
    moment: Asked,
    service: Service,
    *,
    limit: Limit = answers.ROWS,
    cursor: NumberCursor = 0,
    indicator: Annotated[str, Query(description="Only those of an indicator")] = "",
) -> Response:
    """Every reading as stored that was known by a moment, those withdrawn since included, the first stored first."""
    as_of = moment.as_of if moment.is_past else None
    with db.reading(service.engine) as session:
        found = stored.after(session, cursor, limit=limit + 1, indicator=indicator, as_of=as_of)
    rows, more = part(found, limit)
    names = moment.present.catalogue.indicators_by_id
    values = {"readings": [reading_of(one, names) for one in rows]}
    return answer(request, answers.Readings, values, after=rows[-1].id if more else None)


def reading(request: Request, number: Number, service: Service) -> Response:
    """One reading as it stands now."""
    with db.reading(service.engine) as session:
        found = stored.get(session, number)
    return answer(request, answers.Reading, reading_of(found, service.current().catalogue.indicators_by_id))


def sources(request: Request, service: Service, *, limit: Limit = answers.ROWS, cursor: Cursor = "") -> Response:
    """Every source, by id."""
    rows, more = _by_id(service.current().catalogue.sources, cursor, limit)
    values = {"sources": _sources_of(service, *rows)}
    return answer(request, answers.Sources, values, after=rows[-1].id if more else None)


def source(request: Request, source_id: SourceId, service: Service) -> Response:
    """One source, with its last run."""
    (found,) = _sources_of(service, lookup.source(service.current(), source_id))
    return answer(request, answers.SourceAnswer, found)


def held(
    request: Request,
    service: Service,
    *,
    limit: Limit = answers.ROWS,
    cursor: NumberCursor = 0,
    status: Annotated[
        str, Query(pattern="^(waiting|accepted|rejected)?$", description="waiting, accepted or rejected; empty: all")
    ] = "",
) -> Response:
    """Readings that something speaks against, the first held first."""
    with db.reading(service.engine) as session:
        found = stored.held(session, status=status or None, after_id=cursor, limit=limit + 1)
    rows, more = part(found, limit)
    values = {"held": [_held_of(request, service, one) for one in rows]}
    return answer(request, answers.HeldReadings, values, after=rows[-1].id if more else None)


def held_one(request: Request, number: Number, service: Service) -> Response:
    """One reading that was held."""
    with db.reading(service.engine) as session:
        found = stored.get_held(session, number)
    return answer(request, answers.HeldAnswer, _held_of(request, service, found))


def trail(
    request: Request,
    service: Service,
    *,
    limit: Limit = answers.ROWS,
    cursor: NumberCursor = 2**63 - 1,
    kind: Annotated[str, Query(max_length=40, description="target, reading, held, source...")] = "",
    object: Annotated[str, Query(max_length=200, description="What was changed, with its parts")] = "",  # noqa: A002
    actor: Annotated[str, Query(max_length=200, description="Who changed it")] = "",
) -> Response:
    """Who changed what, when, from what to what, why: the newest first."""
    looked_for: audit.AuditQuery = {"kind": kind, "object_id": object, "actor": actor}
    with db.reading(service.engine) as session:
        found = audit.entries(session, before_id=cursor, limit=limit + 1, **looked_for)
    rows, more = part(found, limit)
    values = {"audit": [_entry_of(one) for one in rows]}
    return answer(request, answers.Audit, values, after=rows[-1].id if more else None)


def entry(request: Request, number: Number, service: Service) -> Response:
    """One entry of the audit trail."""
    with db.reading(service.engine) as session:
        found = audit.entries(session, before_id=number + 1, limit=1)
    if not found or found[0].id != number:
        raise NotFoundError("audit entry", str(number))
    return answer(request, answers.Entry, _entry_of(found[0]))


def schema() -> Response:
    """The JSON Schema of targets.yaml and sources.yaml, for editors."""
    return SchemaResponse(configuration.json_schema())


def viewer(request: Request) -> Response:
    """Show the API's description by Swagger UI from our own files, and let it be tried."""
    return render.bare(request, "viewer.html")


def _by_id(found: Iterable[Identified], cursor: str, limit: int) -> tuple[list[Identified], bool]:
    """Return as many as are asked for of those after the id `cursor`, and whether there are more."""
    rest = (one for one in found if one.id > cursor)
    return part(nsmallest(limit + 1, rest, key=lambda one: one.id), limit)


def _indicator_of(moment: Moment, one: Indicator) -> dict[str, Any]:
    names = answers.IndicatorAnswer.model_fields.keys() - {"figure", "held"}
    figure, waiting = moment.snapshot.figures.get(one.id), moment.snapshot.held.get(one.id, 0)
    return {name: getattr(one, name) for name in names} | {"figure": figure, "held": waiting}


def _place(row: KnownReading) -> tuple[str, ...]:
    """Return what the figures of an indicator are ordered by, the last first: no two have the same."""
    said = row.reading
    ends = (said.period.end.isoformat(), str(int(row.is_authority)), row.known_on.isoformat() if row.known_on else "")
    more = (said.basis.value, said.period.start.isoformat(), said.publisher, said.step or "")
    return (*ends, *more, said.recorded_at.isoformat(), f"{said.id or 0:020}", str(said.value))


def _sources_of(service: RunningService, *found: Source) -> list[dict[str, Any]]:
    names = [one.id for one in found]
    with db.reading(service.engine) as session:
        last, succeeded = runs.last(session, names), runs.last_success(session, names)
    following = service.next_runs()
    return [
        {
            **{name: getattr(one, name) for name in ("id", "kind", "schedule", "enabled")},
            "next_run": following.get(one.id),
            "last_success": succeeded.get(one.id),
            "last_run": last.get(one.id),
        }
        for one in found
    ]


def _held_of(request: Request, service: RunningService, one: stored.Held) -> dict[str, Any]:
    names = answers.HeldAnswer.model_fields.keys() - {"reading", "reason"}
    said = reading_of(one.reading, service.current().catalogue.indicators_by_id)
    told: dict[str, Any] = {"reading": said, "reason": told_to(request, one.reason)}
    return {name: getattr(one, name) for name in names} | told


def _entry_of(one: audit.AuditEntry) -> dict[str, Any]:
    names = answers.Entry.model_fields
    return {name: getattr(one, name) for name in names} | {"old": safe(one.old), "new": safe(one.new)}
