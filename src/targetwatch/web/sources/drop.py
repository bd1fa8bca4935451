"""A workbook that somebody drops: shown as it is, its figures entered all together; its description serves the next.

What keeps a row from being read is put right beside it, or the row is left out. The description is remembered as a
source of dropped documents, which fetches nothing; so an editor may make it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from targetwatch import ingest
from targetwatch.configuration.yaml import yaml_text
from targetwatch.documents.decode import decode, guessed
from targetwatch.documents.grid import Decoded
from targetwatch.errors import SourceError, StoreError
from targetwatch.ingest import Table
from targetwatch.model import FetchedDocument, Source
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.store.guards import WEB
from targetwatch.web import just_entered, render
from targetwatch.web.access import READ, Editing, Person
from targetwatch.web.forms import Filled, Posted
from targetwatch.web.running import number_of
from targetwatch.web.sources import trial
from targetwatch.web.sources.edit import (
    About,
    AboutSource,
    SourceDraft,
    described,
    draft_of,
    edited,
    id_for,
    kept,
    proposed,
    typed,
)
from targetwatch.web.sources.trial import PLACE, column_of, tables_of
from targetwatch.wording.problems import on_page

MOST_MENDED = 200
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Mended:
    """What was put right by hand in a document: cells by their places, and rows left out ("0:12")."""

    cells: Mapping[str, str]
    left: frozenset[str]

    def applied(self, decoded: Decoded) -> Decoded:
        """Return the document with that; a row left out stays as an empty one, so that places stay as they are."""
        grids = []
        for table, grid in enumerate(decoded.grids):
            rows = [list(row) for row in grid.rows]
            for place, text in self.cells.items():
                where, row, column = (int(one) for one in place.split(":"))
                if where == table and row < len(rows) and column < len(rows[row]):
                    rows[row][column] = text
            for number, cells in enumerate(rows):
                if f"{table}:{number}" in self.left:
                    rows[number] = [""] * len(cells)
            grids.append(replace(grid, rows=tuple(map(tuple, rows))))
        return replace(decoded, grids=tuple(grids))


@router.api_route("/figures/drop", methods=READ)
def ask(_who: Editing, about: About) -> Response:
    """Ask for the document, and show what became of the one before."""
    saved = just_entered.saved(about.service, about.request.query_params.get("saved", ""))
    return _asked(about, saved=saved)


@router.post("/figures/drop")
def act(who: Editing, posted: Posted, about: About) -> Response:
    """Open a document, look at what a changed description gives of it, or enter its figures."""
    if "file" in posted.files:
        return _opened(about, posted, who)
    doing, _colon, more = posted.text("do").partition(":")
    draft = _typed(about, posted)
    mended = _mended(posted)
    try:
        draft = edited(about, draft, posted, doing, more)
        decoded = draft.decoded()
    except SourceError as error:
        return _asked(about, error.problems[0])
    if decoded is None:
        return _asked(about, Problem("document_gone"))
    if doing == "save" and draft.source is not None and not draft.wrong:
        done = _entered(about, draft.source, mended.applied(decoded), draft, who=who, hold=posted.asked("hold"))
        if isinstance(done, Response):
            return done
        return _page(about, draft, decoded, mended, wrong=done)
    return _page(about, draft, decoded, mended)


def _opened(about: AboutSource, posted: Filled, who: Person) -> Response:
    """Show a document that was just dropped, by the description that fits it, or one proposed."""
    file = posted.files["file"]
    document = FetchedDocument(data=file.content, name=file.name)
    try:
        how = guessed(document.data)
        decoded = decode(document.data, how, name=document.name)
    except SourceError as error:
        return _asked(about, error.problems[0])
    format_said = how.model_dump(mode="json", by_alias=True, exclude_unset=True)
    known = _remembered(about, how.format, decoded, document)
    fresh = {"decode": format_said, "pick": proposed(about, decoded, document.name)}
    options = dict(known.options) if known else fresh
    name = known.id if known else id_for(about, document.name)
    draft = draft_of(yaml_text({"id": name, "kind": "document", **options, "fetch": "upload"}), frozenset())
    draft.given = kept(about, (document,), who)
    return _page(about, draft, decoded, Mended({}, frozenset()), known=known)


def _remembered(about: AboutSource, kind: str, decoded: Decoded, document: FetchedDocument) -> Source | None:
    """Return the source of dropped documents whose description reads this one without any doubt."""
    for source in about.service.current().catalogue.sources:
        options: Mapping[str, Any] = source.options
        if "upload" in str(options.get("fetch")) and kind in str(options.get("decode")) and options.get("pick"):
            found = trial.picked_of(source, decoded, document, about.service)
            if found.readings and not found.drift:
                return source
    return None


def _typed(about: AboutSource, posted: Filled) -> SourceDraft:
    """Return what the form says; whatever is typed, such a document is dropped and never fetched."""
    draft = typed(about, posted)
    tree = {name: said for name, said in draft.tree.items() if name not in {"schedule", "steward", "enabled"}}
    made = draft_of(yaml_text({**tree, "fetch": "upload"}), frozenset()) if draft.tree else draft
    made.given, made.clicks = draft.given, draft.clicks
    return made


def _mended(posted: Filled) -> Mended:
    said = {name.removeprefix("cell."): text for name, text in posted.values.items() if name.startswith("cell.")}
    cells = {place: text for place, text in list(said.items())[:MOST_MENDED] if _is_place(place, 3)}
    left = [place for place in posted.lists.get("leave", ())[:MOST_MENDED] if _is_place(place, 2)]
    return Mended(cells, frozenset(left))


def _is_place(said: str, parts: int) -> bool:
    numbers = said.split(":")
    return len(numbers) == parts and all(number_of(one) is not None for one in numbers)


def _table(about: AboutSource, source: Source, decoded: Decoded, draft: SourceDraft, **how: Any) -> tuple[Any, Table]:  # noqa: ANN401
    """Return what is picked, and what becomes of it."""
    service = about.service
    picked = trial.picked_of(source, decoded, draft.given[-1].document, service)
    found = replace(picked, readings=tuple(replace(one, source="manual") for one in picked.readings))
    table = ingest.enter_picked(service.engine, found, now=service.now(), today=service.today(), **how)
    return picked, table


def _entered(
    about: AboutSource, source: Source, decoded: Decoded, draft: SourceDraft, *, who: Person, hold: bool
) -> Response | str:
    """Enter every figure of a document and remember how it was read; or return why nothing was."""
    _, service = render.translator_for(about.request), about.service
    picked, _looked = _table(about, source, decoded, draft, actor=who.actor, dry_run=True)
    if picked.drift:
        return _("Nothing was saved: something in the document speaks against it.")
    reason = Problem("pasted_table", {"count": len(picked.readings)}).to_text()
    try:
        _picked, table = _table(about, source, decoded, draft, actor=who.actor, reason=reason, hold=hold)
        if not table.stored:
            return _("Nothing was saved: a row cannot be read, or a suspicious one needs your choice below.")
        before = next((one for one in service.current().catalogue.sources if one.id == source.id), None)
        remembered = replace(source, managed_by=WEB)
        if before is None or (before.managed_by == WEB and before != remembered):
            with db.writing(service.engine, who.actor, now=service.now()) as session:
                catalogue.save_item(session, remembered)
    except StoreError:
        return _("The database is busy; nothing was saved. What you typed is still here: try again in a moment.")
    service.judge()
    numbers = [one.id for one in table.lines if one.outcome in {"new", "revised"} and one.id]
    saved = f"&saved={min(numbers)}..{max(numbers)}" if numbers else ""
    return render.redirect(about.request, f"/figures/drop?done=pasted{saved}")


def _asked(about: AboutSource, wrong: Problem | None = None, *, saved: Sequence[Any] = ()) -> Response:
    _ = render.translator_for(about.request)
    return render.form(
        about.request,
        "drop.html",
        status=422 if wrong else 200,
        values={},
        errors={"file": on_page(wrong, _)} if wrong else {},
        saved=saved,
        known=about.service.current().catalogue.indicators_by_id,
        preview=None,
    )


def _page(
    about: AboutSource,
    draft: SourceDraft,
    decoded: Decoded,
    mended: Mended,
    *,
    wrong: str = "",
    known: Source | None = None,
) -> Response:
    _ = render.translator_for(about.request)
    shown, table = trial.Preview(title=decoded.title, tables=tables_of(decoded, ())), None
    whole = mended.applied(decoded)
    if draft.source is not None and not draft.wrong:
        picked, table = _table(about, draft.source, whole, draft, actor="", dry_run=True)
        shown = trial.of_lines(about.service, whole, picked, table.lines, _)
    page = described(about, draft, _)
    page["errors"] |= {"": wrong} if wrong else {}
    return render.form(
        about.request,
        "drop.html",
        status=422 if wrong else 200,
        source=None,
        path="/figures/drop",
        **page,
        preview=shown,
        mends=_mends(shown.problems, whole),
        mended=mended,
        may_be_saved=bool(table and not shown.trouble and not table.counts["unreadable"] and table.lines),
        held=table.counts["held"] if table else 0,
        remembered=known,
        saved=(),
    )


def _mends(problems: Sequence[Problem], decoded: Decoded) -> list[tuple[Problem, str, str]]:
    """Return what is wrong with the place of the cell and what stands in it, where it can be put right."""
    names = [one.name for one in decoded.grids]
    found = []
    for one in problems[:MOST_MENDED]:
        place, text, said = "", "", PLACE.fullmatch(one.file)
        if said and said["column"] and (said["table"] or "") in names:
            table, row, column = names.index(said["table"] or ""), int(said["row"]) - 1, column_of(said["column"])
            place, text = f"{table}:{row}:{column}", decoded.grids[table].rows[row][column]
        found.append((one, place, text))
    return found
