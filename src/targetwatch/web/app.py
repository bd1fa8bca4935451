"""The web application put together: routes, errors, headers, static files."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from targetwatch import __version__
from targetwatch.web import access, api, pages, problems, service, viewer, wall
from targetwatch.web.backstage import Backstage, Metrics, Simulation
from targetwatch.web.headers import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.engine import Engine

    from targetwatch.ingest import IngestOutcome, Recorded
    from targetwatch.model import AsOf, Snapshot
    from targetwatch.settings import Settings
    from targetwatch.snapshot import SnapshotHolder

DESCRIPTION = (
    "What announced targets promised, and how they stand, as of any moment. "
    "Every answer is drawn from the snapshot that the pages and the gauges show."
)


def create_app(
    *,
    settings: Settings,
    engine: Engine,
    holder: SnapshotHolder,
    metrics: Metrics,
    past: Callable[[AsOf], Snapshot],
    refresh: Callable[[], Snapshot],
    run: Callable[[str], IngestOutcome],
    reload: Callable[[], object] | None = None,
    record: Callable[[Mapping[str, str]], Recorded] | None = None,
    simulation: Simulation | None = None,
) -> FastAPI:
    """Return the application over a service.

    `past` takes the snapshot of another moment, `refresh` judges anew what was changed, `run` runs a source now,
    `reload` applies the configuration files, `record` enters one reading given by the names of `connectors.FIELDS` and
    judges anew. The last two exist on the web only where the settings switch them on.
    """
    reloads = settings.reload_enabled and reload is not None
    records = settings.api_token is not None and bool(settings.api_token.get_secret_value()) and record is not None
    app = FastAPI(
        title="targetwatch",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.backstage = Backstage(
        settings=settings,
        engine=engine,
        holder=holder,
        metrics=metrics,
        past=past,
        refresh=refresh,
        run=run,
        reload=reload if reloads else None,
        record=record if records else None,
        simulation=simulation,
    )
    app.include_router(service.routes(reload=reloads))
    app.include_router(api.routes(record=records))
    app.include_router(viewer.routes())
    app.include_router(pages.routes(), dependencies=[Depends(access.read)])
    app.include_router(wall.routes(), dependencies=[Depends(access.read)])
    app.mount("/static", StaticFiles(directory=_static()), name="static")
    problems.install(app)
    app.add_middleware(Guard)
    return app


def _static() -> Any:  # noqa: ANN401 - a path of the installed package
    return files("targetwatch.web").joinpath("static")
