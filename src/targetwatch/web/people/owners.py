"""Where the mail of whoever answers for targets goes, and in which language: an admin says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from targetwatch.configuration.shapes import WRITTEN
from targetwatch.model import Owner
from targetwatch.model.scalars import Email
from targetwatch.store import catalogue, db, outbox
from targetwatch.store.catalogue import owner, owners
from targetwatch.web import render
from targetwatch.web.access import READ, Administering
from targetwatch.web.forms import Posted
from targetwatch.web.running import RunningService, Service
from targetwatch.wording.translation import LANGUAGES

LONGEST_EMAIL = 254
ASKED = ("email", "language", "digest")
EMAIL: TypeAdapter[str] = TypeAdapter(Email)
router = APIRouter(include_in_schema=False)


@router.api_route("/owners", methods=READ)
def every_owner(request: Request, _who: Administering, service: Service) -> Response:
    """Show every owner with the address their mail goes to."""
    with db.reading(service.engine) as session:
        found, unsubscribed = owners(session), outbox.unsubscribed(session)
    counts = Counter(target.owner.id for target in service.current().catalogue.targets)
    return render.form(request, "owners.html", owners=found, counts=counts, unsubscribed=unsubscribed)


@router.api_route("/owners/{owner_id}", methods=READ)
def one_owner(request: Request, owner_id: str, _who: Administering, service: Service) -> Response:
    """Show one owner, and the form for the address where the web manages it."""
    return _page(request, service, owner_id)


@router.post("/owners/{owner_id}")
def change(request: Request, owner_id: str, who: Administering, posted: Posted, service: Service) -> Response:
    """Change address, language and summary, unless somebody else has changed them since the page was loaded."""
    email, spoken = posted.text("email"), posted.text("language")
    _ = render.translator_for(request)
    errors: dict[str, str] = {}
    if email and not _is_address(email):
        errors["email"] = _("This is no e-mail address, expected exactly one such as name@example.org.")
    if spoken not in LANGUAGES:
        errors["language"] = _("Choose one of the languages.")
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        found = owner(session, owner_id)
        if _values(found) != {name: posted.text(f"{name}_was") for name in ASKED}:
            errors[""] = _(
                "Somebody else has changed this owner meanwhile: the address is {email} now. Look at it "
                "and save again.",
                email=found.email or "—",
            )
        if not errors:
            said = replace(found, email=email, language="zh" if spoken == "zh" else "en", digest=posted.asked("digest"))
            catalogue.save_item(session, said)
    if errors:
        return _page(request, service, owner_id, errors=errors, values=posted.values)
    return _done(request, service, owner_id, "owner_changed")


@router.post("/owners/{owner_id}/take-over")
def take_over(request: Request, owner_id: str, who: Administering, _posted: Posted, service: Service) -> Response:
    """Let the web say where the mail goes: the file is not listened to about this owner any more."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        catalogue.take_over(session, owner_id, kind="owner")
    return _done(request, service, owner_id, "owner_taken_over")


@router.post("/owners/{owner_id}/hand-back")
def hand_back(request: Request, owner_id: str, who: Administering, _posted: Posted, service: Service) -> Response:
    """Let the file say again where the mail goes, from its next `apply` on."""
    with db.writing(service.engine, who.actor, now=service.now()) as session:
        catalogue.hand_back(session, owner_id, kind="owner")
    return _done(request, service, owner_id, "owner_handed_back")


def _page(
    request: Request,
    service: RunningService,
    owner_id: str,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response:
    with db.reading(service.engine) as session:
        found, unsubscribed = owner(session, owner_id), outbox.unsubscribed(session)
    return render.form(
        request,
        "owner.html",
        status=409 if errors and "" in errors else 422 if errors else 200,
        owner=found,
        unsubscribed=unsubscribed.get(found.email.lower()),
        targets=[target for target in service.current().catalogue.targets if target.owner.id == owner_id],
        errors=errors or {},
        values=values or _values(found),
        longest=LONGEST_EMAIL,
    )


def _values(found: Owner) -> dict[str, str]:
    """Return what stands in the form of an owner."""
    return {"email": found.email, "language": found.language, "digest": "yes" if found.digest else ""}


def _is_address(said: str) -> bool:
    try:
        EMAIL.validate_python(said, context=WRITTEN)
    except ValidationError:
        return False
    return len(said) <= LONGEST_EMAIL


def _done(request: Request, service: RunningService, owner_id: str, key: str) -> Response:
    """Judge anew, so that the metrics name the address from now on, and lead back to the owner."""
    service.judge()
    return render.redirect(request, f"/owners/{owner_id}?done={key}")
