"""The addresses of targets and indicators: the pages that show them, and what can be done with a target.

Handing back, archiving, bringing back and undoing each have a page that says what it means before it is
done. What the page was shown of is sent along: when somebody has changed the target since, it is shown again instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from targetwatch import configuration
from targetwatch.errors import ConflictError, UsageError
from targetwatch.model import Catalogue
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.store.guards import WEB
from targetwatch.web import headers, just_entered, lookup, render
from targetwatch.web.access import READ, Asked, Editing, Person, Viewing, by_address, read
from targetwatch.web.forms import Posted
from targetwatch.web.running import Service, site_of
from targetwatch.web.targets import edit, fields, new_target, request
from targetwatch.web.targets.form import Draft
from targetwatch.web.targets.listing import LISTS, ListQuery
from targetwatch.web.targets.preview import preview_of
from targetwatch.web.targets.request import AboutTarget, TargetRequest
from targetwatch.web.targets.view import indicator_view, overview_of, target_view
from targetwatch.wording import exported
from targetwatch.wording.problems import in_field

DONE = {"hand-back": "handed_back", "restore": "restored"}
CONFLICT = 409
FOR_READERS = [Depends(read)]
router = APIRouter(include_in_schema=False)
router.include_router(edit.router)
router.include_router(new_target.router)


@router.api_route("/", methods=READ, dependencies=FOR_READERS)
def overview(asking: Request, moment: Asked, wanted: Annotated[ListQuery, Query()]) -> Response:
    """Show the targets asked for, by programme, and the indicators watched beside them."""
    view = overview_of(moment, wanted, render.translator_for(asking))
    response = render.page(asking, "overview.html", moment, view=view)
    if "hx-request" in asking.headers:
        found = view["found"]
        response.headers["hx-push-url"] = f"{render.root(asking)}/{found.address(page=found.wanted.page)}"
    return response


@router.api_route("/targets/{target_id}", methods=READ, dependencies=FOR_READERS)
def target(asking: Request, target_id: str, moment: Asked, service: Service) -> Response:
    """Show one target: the promise, the verdict, its figures, its history."""
    found = lookup.target(moment.snapshot, target_id)
    view = target_view(service, moment, found, render.translator_for(asking))
    site, origins = site_of(asking, service), service.settings.may_embed
    return render.page(asking, "target.html", moment, view=view, site=site, origins=origins)


@router.api_route("/embed/{target_id}", methods=READ, dependencies=[Depends(by_address)])
def card(asking: Request, target_id: str, service: Service) -> Response:
    """Show the card of a target in a frame of other sites' pages: it knows nobody, and nothing can be done in it."""
    snapshot = service.current()
    lookup.verdict(snapshot, lookup.target(snapshot, target_id).id)
    (row,) = (row for row in LISTS.list_of(snapshot).rows if row.target.id == target_id)
    words = exported.words(row.verdict, row.indicator)
    response = render.unknowing(asking, "embed.html", row=row, words=words, day=snapshot.as_of.day)
    if origins := service.settings.may_embed:
        response.headers["content-security-policy"] = headers.framed_by(origins)
    return response


@router.api_route("/indicators/{indicator_id}", methods=READ, dependencies=FOR_READERS)
def indicator(asking: Request, indicator_id: str, moment: Asked, service: Service) -> Response:
    """Show one indicator: what it measures, and the figures of every publisher."""
    found = lookup.indicator(moment.snapshot, indicator_id)
    view = indicator_view(service, moment, found, render.translator_for(asking))
    return render.page(asking, "indicator.html", moment, view=view)


@router.api_route("/targets/{target_id}/yaml", methods=READ)
def yaml(about: AboutTarget, _who: Viewing, download: str = "") -> Response:
    """Show the target as the configuration file would have it, or send it as a file."""
    text = configuration.written(request.alone(about.target, about.configured))[configuration.TARGETS]
    if not download:
        return render.form(about.request, "edit-yaml.html", target=about.target, text=text)
    name = f"{about.target.id}.yaml"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text, media_type="application/yaml", headers=headers)


@router.api_route("/targets/{target_id}/undo", methods=READ)
def ask_undo(_who: Editing, about: AboutTarget) -> Response:
    """Show what undoing the last version would mean."""
    if len(about.target.versions) == 1 or about.target.managed_by == "file" or about.is_archived:
        return render.redirect(about.request, about.path("edit"))
    return _undo_page(about, {"effective": about.target.versions[-1].effective.isoformat()})


@router.api_route("/targets/{target_id}/undo", methods=["POST"])
def undo(who: Editing, posted: Posted, about: AboutTarget) -> Response:
    """Let a further version say what the one before the last said; or take back all that was last saved."""
    if posted.text("entry"):
        was = just_entered.take_back(
            about.service, "target", about.target.id, posted.text("entry"), who, about.translator
        )
        return render.redirect(about.request, f"{about.path() if was else '/'}?done=undone")
    values = fields.typed(posted.values)
    if about.is_archived:
        return render.redirect(about.request, about.path("archive"))
    if about.moved(posted) or len(about.target.versions) == 1:
        return _undo_page(about, values, status=CONFLICT)
    undone = _undone(about, values)
    if isinstance(undone, Problem) or posted.text("do") != "save":
        return _undo_page(about, values, status=422 if isinstance(undone, Problem) else 200)
    try:
        reason = Problem("undoes_version", {"number": undone.version.number - 1})
        about.save([undone.target], Catalogue(), who, reason=reason, expected=about.kept.revision)
    except ConflictError:
        return _undo_page(about.again(), values, status=CONFLICT)
    return render.redirect(about.request, f"{about.path()}?done=target_undone")


@router.api_route("/targets/{target_id}/hand-back", methods=READ)
@router.api_route("/targets/{target_id}/archive", methods=READ)
def ask(_who: Editing, about: AboutTarget) -> Response:
    """Show what an act means; what is archived is brought back there."""
    act = _named(about)
    return _ask(about, "restore" if act == "archive" and about.is_archived else act)


@router.api_route("/targets/{target_id}/hand-back", methods=["POST"])
@router.api_route("/targets/{target_id}/archive", methods=["POST"])
@router.api_route("/targets/{target_id}/restore", methods=["POST"])
def do(who: Editing, posted: Posted, about: AboutTarget) -> Response:
    """Do it, unless somebody has changed the target since the page was shown."""
    act, reason = _named(about), posted.text("reason")
    if about.moved(posted):
        return _ask(about, act, reason, status=CONFLICT)
    most = fields.longest("reason")
    if len(reason) > most:
        return _ask(about, act, reason, Problem("too_long", {"most": most, "count": len(reason)}), status=422)
    if act == "archive" and not reason:
        return _ask(about, act, reason, Problem("missing"), status=422)
    try:
        _do(about, act, who=who, reason=reason)
    except ConflictError:
        return _ask(about.again(), act, reason, status=CONFLICT)
    about.service.judge()
    if act == "archive":
        return about.saved(about.path("archive"), "target_archived")
    return render.redirect(about.request, f"{about.path()}?done=target_{DONE[act]}")


def _named(about: TargetRequest) -> str:
    """Return the act that a path ends in."""
    return about.request.url.path.rpartition("/")[2]


def _ask(
    about: TargetRequest, act: str, reason: str = "", wrong: Problem | None = None, *, status: int = 200
) -> Response:
    return render.form(
        about.request,
        "edit-act.html",
        status=status,
        target=about.target,
        act=act,
        fits=(about.target.managed_by == WEB or act == "archive") and (act == "restore") is about.is_archived,
        archived_at=about.kept.archived_at,
        returning=request.returning(about.target, about.service.current().catalogue, about.configured),
        expected=about.kept.revision,
        values={"reason": reason},
        errors={"reason": in_field(wrong, about.translator)} if wrong else {},
        changed=about.last_changed() if status == CONFLICT else "",
    )


def _do(about: TargetRequest, act: str, *, who: Person, reason: str) -> None:
    name, now, expected = about.target.id, about.service.now(), about.kept.revision
    with db.writing(about.service.engine, who.actor, reason=reason, now=now) as session:
        is_moved = request.find(session, name).revision != expected
        if is_moved or (act == "hand-back" and not catalogue.hand_back(session, name)):
            raise ConflictError("changed_meanwhile", where="target", said=name)
        match act:
            case "archive":
                catalogue.take_over(session, name)
                catalogue.archive(session, name, now=now)
            case "restore":
                catalogue.restore(session, name, now=now, expected=expected)


def _undone(about: TargetRequest, values: Mapping[str, str]) -> Draft | Problem:
    """Return the target with a further version that says what the one before the last said, or what is wrong."""
    target = about.target
    last, before = target.versions[-1], target.versions[-2]
    try:
        day = fields.day(values.get("effective", "").strip())
    except UsageError as error:
        return error.problems[0]
    if day < last.effective:
        return Problem("effective_before_last", {"day": last.effective})
    if before.deadline is not None and day > before.deadline:
        return Problem("effective_after_deadline", {"day": before.deadline})
    reason = about.translator("undoes version {number}", number=last.number)
    again = replace(before, number=last.number + 1, effective=day, reason=reason)
    return Draft(target=replace(target, versions=(*target.versions, again)), beside=Catalogue())


def _undo_page(about: TargetRequest, values: Mapping[str, str], *, status: int = 200) -> Response:
    undone = _undone(about, values) if len(about.target.versions) > 1 else None
    wrong = {"effective": in_field(undone, about.translator)} if isinstance(undone, Problem) else {}
    return render.form(
        about.request,
        "edit-undo.html",
        status=status,
        target=about.target,
        view=preview_of(about, undone) if isinstance(undone, Draft) else None,
        values=values,
        errors=wrong,
        expected=about.kept.revision,
        changed=about.last_changed() if status == CONFLICT else "",
    )
