"""Whoever answers for a change, as a reader is told: "web:sun" is Sun, "api:sun/3" what one of Sun's tokens did."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from targetwatch.model.people import PROGRAMS, Way, actor_of
from targetwatch.store import db, keys
from targetwatch.web.running import RunningService
from targetwatch.wording.translation import N_, translator

SAID = {
    "service": N_("the service itself"),
    "serve": N_("the service at its start"),
    "reload": N_("the configuration files"),
    "api": N_("the API"),
    "upgrade": N_("a new version of the program"),
}
"""What the programs are called that act by themselves."""
BY_WAY = {
    "cli": N_("{name} (command line)"),
    "ingest": N_("source {name}"),
    "api": N_("{name} (API)"),
    "mail": N_("{name} (by a mail)"),
    "oidc": N_("{name} (signing in elsewhere)"),
}


def said(actor: str, language: str, titles: Mapping[int, str] | None = None) -> str:
    """Return the name of an actor in words; one of no way we know as it stands.

    `titles` are those of tokens by their number; a token that is not among them is called by its number alone.
    """
    _ = translator(language)
    if actor in PROGRAMS:
        return _(SAID[actor])
    who = actor_of(actor)
    if who is None:
        return actor
    if who.way is Way.WEB:
        return who.name
    if who.token is None:
        return _(BY_WAY[who.way], name=who.name)
    title = (titles or {}).get(who.token, "")
    told = N_("{name}, by token {number} “{title}”") if title else N_("{name}, by token {number}")
    return _(told, name=who.name, number=who.token, title=title)


def beginning(actor: str, language: str, titles: Mapping[int, str] | None = None) -> str:
    """Return the name of an actor as a sentence begins with it; a person's stays as they write it."""
    words, who = said(actor, language, titles), actor_of(actor)
    is_name = words == actor or (who is not None and who.way is not Way.INGEST)
    return words if is_name else f"{words[:1].upper()}{words[1:]}"


def teller(service: RunningService, language: str) -> Callable[[str], str]:
    """Return what says an actor with the title of the token it came by."""

    def told(actor: str) -> str:
        who = actor_of(actor)
        if who is None or who.token is None:
            return said(actor, language)
        with db.reading(service.engine) as session:
            return said(actor, language, keys.titles(session, [who.token]))

    return told
