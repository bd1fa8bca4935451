"""What a request about one target has before it: the target as it is kept, and what is around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from targetwatch.errors import NotFoundError
from targetwatch.store import catalogue, db
from targetwatch.web import actors, render
from targetwatch.web.editing import edit_clash, standing
from targetwatch.web.editing.edit_reading import Around
from targetwatch.web.editing.table import Table
from targetwatch.web.running import Service
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from targetwatch.model import Indicator
    from targetwatch.store.catalogue import Kept
    from targetwatch.web.access import Person
    from targetwatch.web.forms import Filled

READ = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Table):
    """What a request about one target's form has before it: the target as it is kept, too."""

    kept: Kept

    @property
    def indicator(self) -> Indicator:
        """Return what the target is about."""
        return next(one for one in self.configured.indicators if one.id == self.kept.target.indicator)

    @property
    def around(self) -> Around:
        """Return what the form is read beside."""
        return Around(
            catalogue=self.configured,
            target=self.kept.target,
            measure=self.indicator.measure,
            today=self.today,
            taken=self.taken,
            language=self.language,
        )

    @property
    def actor(self) -> str:
        """Return the name under which whoever asks stands in the audit trail."""
        person: Person = self.request.state.person
        return person.actor

    def last_changed(self) -> str:
        """Return who changed the target last, and when, as a page says it that was shown before."""
        _ = translator(self.language)
        with db.reading(self.service.engine) as session:
            last = edit_clash.last_change(session, self.kept.target.id)
        if last is None:
            return _("It was changed in the meantime. Please look again before you go on.")
        said = {"at": f"{last.at.astimezone(self.service.settings.zone):%H:%M}"}
        if last.actor == self.actor:
            return _("It was changed in the meantime, by you at {at}. Please look again before you go on.", **said)
        return _(
            "It was changed in the meantime, by {who} at {at}. Please look again before you go on.",
            who=actors.said(last.actor, self.language),
            **said,
        )

    def path(self, page: str = "") -> str:
        """Return the address of the target, or of one of its pages."""
        return f"{self.root}/targets/{self.kept.target.id}" + (f"/{page}" if page else "")

    def moved(self, posted: Filled) -> bool:
        """Return whether the target is not as the page that was sent knew it."""
        return posted.text("expected") != str(self.kept.revision)


def desk(request: Request, target_id: str, service: Service) -> Desk:
    """Return what a request about one target's form needs.

    Raises:
        NotFoundError: there has never been a target of that name.
    """
    with db.reading(service.engine) as session:
        kept = find(session, target_id)
        known = catalogue.load(session), catalogue.load_archived(session)
        taken = catalogue.taken(session)
    configured = standing.around(kept.target, service.current().catalogue, *known)
    return Desk(
        request=request,
        service=service,
        kept=kept,
        configured=configured,
        taken=taken,
        language=render.language_of(request),
    )


AtDesk = Annotated[Desk, Depends(desk)]


def find(session: Session, target_id: str) -> Kept:
    """Return a target as it is kept; NotFoundError where there has never been one of that name."""
    kept = catalogue.find(session, target_id)
    if kept is None:
        raise NotFoundError("target", target_id, catalogue.target_ids(session))
    return kept
