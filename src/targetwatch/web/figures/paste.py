"""A table of figures pasted or dropped: looked at first, then entered all together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from targetwatch.errors import NotFoundError, StoreError
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import just_entered, lookup, render
from targetwatch.web.access import Editing
from targetwatch.web.figures import figure_form, paste_table, paste_view, reasons
from targetwatch.web.figures.paste_sheet import MOST_ROWS, TableRefusedError
from targetwatch.web.forms import Filled, Posted
from targetwatch.web.running import Service
from targetwatch.wording import figure_fields
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Reading
    from targetwatch.web.access import Person
    from targetwatch.web.figures.paste_sheet import Sheet
    from targetwatch.web.figures.paste_view import PasteView
    from targetwatch.web.running import RunningService

MOST_LISTED = 50
OUTCOMES = ("new", "revised", "known", "held")


def routes() -> APIRouter:
    """Return the routes of pasted tables."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/figures/paste", empty, methods=["GET", "HEAD"])
    router.add_api_route("/figures/paste", pasted, methods=["POST"])
    return router


def empty(request: Request, _: Editing, service: Service) -> Response:
    """Show where to paste, and what became of the table just entered."""
    said = {name: request.query_params.get(name, "") for name in OUTCOMES}
    result = {name: int(text) for name, text in said.items() if text.isdecimal() and len(text) < 9}  # noqa: PLR2004
    saved = _saved(service, request.query_params.get("saved", ""))
    return _page(request, service, {}, result=result if len(result) == len(OUTCOMES) else {}, saved=saved)


def pasted(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Show how a table would be read, row by row; or, as `do` says, enter it."""
    chosen = render.language_of(request)
    _ = translator(chosen)
    save = posted.text("do") == "save"
    try:
        sheets, is_file = _sheets(posted)
        view = paste_view.paste_page(service, sheets, posted, actor=who.actor, language=chosen, save=save)
    except TableRefusedError as error:
        values = {name: f"{value:,}" if isinstance(value, int) else value for name, value in error.values.items()}
        errors = {"": _(error.message, **values)}
        return _page(request, service, posted.values, errors=errors, status=422)
    except StoreError:
        return _busy(request, service, posted, who=who)
    if view.table.stored:
        service.judge()
        counts = view.table.counts
        root = request.scope.get("root_path", "")
        said = {"done": "pasted", **{name: counts[name] for name in OUTCOMES}}
        numbers = [line.id for line in view.table.lines if line.outcome in {"new", "revised"} and line.id]
        query = urlencode(said | ({"saved": f"{min(numbers)}..{max(numbers)}"} if numbers else {}))
        return RedirectResponse(f"{root}/figures/paste?{query}", 303)
    packed = paste_table.packed(sheets) if is_file else ""
    errors = (
        {"": _("Nothing was saved: a row cannot be read, or a suspicious one needs your choice below.")} if save else {}
    )
    return _page(request, service, posted.values, view=view, packed=packed, errors=errors, status=422 if save else 200)


def _saved(service: RunningService, said: str) -> tuple[Reading, ...]:
    """Return the figures just saved, as the address names them: the first of them when there are many."""
    try:
        first, last = just_entered.numbers(said) if said else (1, 0)
        with db.reading(service.engine) as session:
            return tuple(stored.get(session, number) for number in range(first, min(last, first + MOST_LISTED - 1) + 1))
    except NotFoundError:
        return ()


def _sheets(posted: Filled) -> tuple[tuple[Sheet, ...], bool]:
    """Return the tables that came, and whether they came as a file: a new one first, then a text, then the last."""
    if "file" in posted.files:
        return paste_table.of_file(posted.files["file"]), True
    if posted.text("text"):
        return paste_table.of_text(posted.values["text"]), False
    if posted.text("packed"):
        return paste_table.unpacked(posted.text("packed")), True
    raise TableRefusedError(N_("There is nothing to read: paste a table, or choose a file."))


def _busy(request: Request, service: RunningService, posted: Filled, *, who: Person) -> Response:
    """Return the page as it was, with the table still in it, when the database could not be written."""
    chosen = render.language_of(request)
    _ = translator(chosen)
    sheets, is_file = _sheets(posted)
    view = paste_view.paste_page(service, sheets, posted, actor=who.actor, language=chosen, save=False)
    packed = paste_table.packed(sheets) if is_file else ""
    errors = {"": _("The database is busy; nothing was saved. What you typed is still here: try again in a moment.")}
    return _page(request, service, posted.values, view=view, packed=packed, errors=errors, status=503)


def _page(
    request: Request,
    service: RunningService,
    values: Mapping[str, str],
    *,
    view: PasteView | None = None,
    packed: str = "",
    errors: Mapping[str, str] | None = None,
    result: Mapping[str, int] | None = None,
    saved: tuple[Reading, ...] = (),
    status: int = 200,
) -> Response:
    chosen = render.language_of(request)
    choices = figure_form.entry_form(service.current(), {}, language=chosen, today=service.today())
    shown = dict(values) | ({f"c_{name}": text for name, text in view.constants.items()} if view else {})
    shown |= {"rates": view.rates, "sheet": str(view.chosen)} if view else {}
    return render.form(
        request,
        "paste.html",
        status=status,
        view=view,
        choices=choices,
        labels=figure_fields.labels(translator(chosen), figure_fields.HEADINGS),
        values=shown,
        packed=packed or values.get("packed", ""),
        errors=errors or {},
        result=result or {},
        saved=saved,
        reasons=reasons,
        indicators=lookup.indicators(service.current()),
        most_rows=MOST_ROWS,
    )
