"""What a request about a target has before it: everything configured, the target as it is kept; and how it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from targetwatch.errors import NotFoundError
from targetwatch.model import Catalogue, Indicator, Programme, Publisher, Reading, Target
from targetwatch.store import audit, catalogue, db
from targetwatch.store.catalogue.diff import needed
from targetwatch.web import access, just_entered, render
from targetwatch.web.running import RunningService, Service
from targetwatch.wording.translation import Translator, translator

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session
    from starlette.responses import Response

    from targetwatch.model.problem import Problem
    from targetwatch.store.audit import AuditEntry
    from targetwatch.store.catalogue import Kept
    from targetwatch.web.access import Person
    from targetwatch.web.forms import Filled


STANDING = ("programme", "publisher", "indicator")
"""What a target stands on, by kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRequest:
    """What a request about a target has before it: everything configured, every id there has ever been."""

    request: Request
    service: RunningService
    configured: Catalogue
    taken: Mapping[str, frozenset[str]]
    language: str
    _readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict)

    @property
    def target(self) -> Target | None:
        """Return the target it is about; None for a new one."""
        return None

    @property
    def today(self) -> date:
        """Return the day that everything shown is of."""
        return self.service.current().as_of.day

    @property
    def translator(self) -> Translator:
        """Return what says messages in the reader's language."""
        return translator(self.language)

    def indicator(self, name: str) -> Indicator | None:
        """Return an indicator there is."""
        return self.configured.indicators_by_id.get(name)

    def readings(self, indicator: Indicator) -> tuple[Reading, ...]:
        """Return every vintage of an indicator's readings, none of one that is not there yet; read once."""
        known = self.configured.indicators_by_id
        if indicator.id in known and indicator.id not in self._readings:
            self._readings[indicator.id] = self.service.readings_of(indicator, known)
        return self._readings.get(indicator.id, ())

    def save(
        self,
        targets: Iterable[Target],
        beside: Catalogue,
        who: Person,
        *,
        reason: str | Problem = "",
        expected: int | None = None,
    ) -> None:
        """Write targets with what is new with them in one transaction, and judge anew; the file's are taken over.

        Raises:
            StoreError: nothing was written.
        """
        now = self.service.now()
        with db.writing(self.service.engine, who.actor, reason=reason, now=now) as session:
            new: list[Programme | Publisher | Indicator] = [*beside.programmes, *beside.publishers, *beside.indicators]
            for item in new:
                catalogue.save_item(session, item)
            for target in targets:
                if expected is not None and catalogue.take_over(session, target.id):
                    expected += 1
                catalogue.save_target(session, target, now=now, expected=expected)
        self.service.judge()

    def saved(self, path: str, done: str, *, name: str = "", kind: str = "target") -> Response:
        """Lead on from what was saved, of this target or of something of another name, with the way to take it back."""
        with db.reading(self.service.engine) as session:
            said = just_entered.done(session, kind, name or (self.target.id if self.target else ""), done)
        return render.redirect(self.request, f"{path}?{said}")


def catalogue_request(request: Request, service: Service) -> CatalogueRequest:
    """Return what a request about a new target needs."""
    with db.reading(service.engine) as session:
        taken = catalogue.taken(session)
    configured, language = service.current().catalogue, render.language_of(request)
    return CatalogueRequest(request=request, service=service, configured=configured, taken=taken, language=language)


AboutCatalogue = Annotated[CatalogueRequest, Depends(catalogue_request)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRequest(CatalogueRequest):
    """What a request about one target's form has before it: the target as it is kept, too."""

    kept: Kept

    @property
    def target(self) -> Target:
        """Return the target as it is kept."""
        return self.kept.target

    @property
    def is_archived(self) -> bool:
        """Return whether the target is out of force."""
        return self.kept.archived_at is not None

    @property
    def actor(self) -> str:
        """Return the name under which whoever asks stands in the audit trail."""
        person: Person = self.request.state.person
        return person.actor

    def again(self) -> TargetRequest:
        """Return the request with the target as it is kept by now."""
        with db.reading(self.service.engine) as session:
            return replace(self, kept=find(session, self.target.id))

    def last_change(self) -> AuditEntry | None:
        """Return what was last done with the target, and by whom."""
        with db.reading(self.service.engine) as session:
            return next(iter(audit.entries(session, object_id=self.target.id, limit=1)), None)

    def last_changed(self) -> str:
        """Return who changed the target last, and when, as a page says it that was shown before."""
        _, last = self.translator, self.last_change()
        if last is None:
            return _("It was changed in the meantime. Please look again before you go on.")
        at = f"{last.at.astimezone(self.service.settings.zone):%H:%M}"
        if last.actor == self.actor:
            return _("It was changed in the meantime, by you at {at}. Please look again before you go on.", at=at)
        return _(
            "It was changed in the meantime, by {who} at {at}. Please look again before you go on.",
            who=access.actor_said(last.actor, self.language),
            at=at,
        )

    def path(self, page: str = "") -> str:
        """Return the path of the target, or of one of its pages."""
        return f"/targets/{self.target.id}" + (f"/{page}" if page else "")

    def moved(self, posted: Filled) -> bool:
        """Return whether the target is not as the page that was sent knew it."""
        return posted.text("expected") != str(self.kept.revision)


def target_request(request: Request, target_id: str, service: Service) -> TargetRequest:
    """Return what a request about one target's form needs.

    Raises:
        NotFoundError: there has never been a target of that name.
    """
    with db.reading(service.engine) as session:
        kept = find(session, target_id)
        known = catalogue.load(session), catalogue.load_archived(session)
        taken = catalogue.taken(session)
    configured = with_target(kept.target, service.current().catalogue, *known)
    language = render.language_of(request)
    return TargetRequest(
        request=request, service=service, configured=configured, taken=taken, language=language, kept=kept
    )


AboutTarget = Annotated[TargetRequest, Depends(target_request)]


def find(session: Session, target_id: str) -> Kept:
    """Return a target as it is kept; NotFoundError where there has never been one of that name."""
    kept = catalogue.find(session, target_id)
    if kept is None:
        raise NotFoundError("target", target_id, catalogue.target_ids(session))
    return kept


def alone(target: Target, *catalogues: Catalogue) -> Catalogue:
    """Return what a file needs to hold one target: itself and what it stands on, as the first catalogue to have it."""
    known: dict[tuple[str, str], Any] = {
        (kind, one.id): one for some in reversed(catalogues) for kind in STANDING for one in getattr(some, f"{kind}s")
    }
    names = sorted(name for name in needed([target], known) if name in known)
    found = {f"{kind}s": tuple(known[name] for name in names if name[0] == kind) for kind in STANDING}
    return Catalogue(**found, targets=(target,))


def with_target(target: Target, configured: Catalogue, *others: Catalogue) -> Catalogue:
    """Return what is configured, with the target as it is kept and with what it stands on, wherever that is found."""
    own, whole = alone(target, configured, *others), dict[str, Any]()
    for name in (f"{kind}s" for kind in STANDING):
        whole[name] = tuple({one.id: one for one in (*getattr(own, name), *getattr(configured, name))}.values())
    without = (one for one in configured.targets if one.id != target.id)
    return replace(configured, **whole, targets=(*without, target))


def returning(target: Target, configured: Catalogue, *others: Catalogue) -> Catalogue:
    """Return what a target stands on that is not in force: what comes back with it."""
    own, missing = alone(target, configured, *others), dict[str, Any]()
    for name in (f"{kind}s" for kind in STANDING):
        there = {one.id for one in getattr(configured, name)}
        missing[name] = tuple(one for one in getattr(own, name) if one.id not in there)
    return Catalogue(**missing)
