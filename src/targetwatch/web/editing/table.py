"""What a request about a new target has before it, and where it leads when that is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from targetwatch.store import catalogue, db
from targetwatch.web import render
from targetwatch.web.running import Service

if TYPE_CHECKING:
    from datetime import date

    from targetwatch.model import Catalogue
    from targetwatch.web.editing.edit_form import Draft
    from targetwatch.web.running import RunningService


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a request about a target has before it: everything configured, every id there has ever been."""

    request: Request
    service: RunningService
    configured: Catalogue
    taken: Mapping[str, frozenset[str]]
    language: str

    @property
    def today(self) -> date:
        """Return the day that everything shown is of."""
        return self.service.current().as_of.day

    @property
    def root(self) -> str:
        """Return what stands before every path of ours."""
        found: str = self.request.scope.get("root_path", "")
        return found


def table(request: Request, service: Service) -> Table:
    """Return what a request about a new target needs."""
    with db.reading(service.engine) as session:
        taken = catalogue.taken(session)
    configured = service.current().catalogue
    return Table(
        request=request, service=service, configured=configured, taken=taken, language=render.language_of(request)
    )


AtTable = Annotated[Table, Depends(table)]


def saved(table: Table, drafts: list[Draft]) -> Response:
    """Lead on from new targets that were saved: to the one there is to see, or to all."""
    announced = all(draft.target.versions[0].effective <= table.today for draft in drafts)
    where = f"/targets/{drafts[0].target.id}" if announced and len(drafts) == 1 else "/"
    return RedirectResponse(f"{table.root}{where}?done=target_new", status_code=303)
