"""Whoever answers for a change, as a reader is told: "web:sun" is Sun, "api:sun/3" what one of Sun's tokens did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.store import db, people
from targetwatch.store.audit.actors import PROGRAMS, Way, parsed
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from targetwatch.web.backstage import Backstage


def said(actor: str, language: str, titles: Mapping[int, str] | None = None) -> str:
    """Return the name of an actor in words; one of no way we know as it stands.

    `titles` are those of tokens by their number; a token that is not among them is called by its number alone.
    """
    if actor in PROGRAMS:
        return PHRASES[f"actor_{actor}"][language]
    who = parsed(actor)
    if who is None:
        return actor
    if who.way is Way.WEB:
        return who.name
    if who.token is None:
        return PHRASES[f"actor_of_{who.way}"][language].format(name=who.name)
    title = (titles or {}).get(who.token, "")
    key = "actor_token_titled" if title else "actor_token"
    return PHRASES[key][language].format(name=who.name, number=who.token, title=title)


def beginning(actor: str, language: str, titles: Mapping[int, str] | None = None) -> str:
    """Return the name of an actor as a sentence begins with it; a person's stays as they write it."""
    words, who = said(actor, language, titles), parsed(actor)
    is_name = words == actor or (who is not None and who.way is not Way.INGEST)
    return words if is_name else f"{words[:1].upper()}{words[1:]}"


def teller(behind: Backstage, language: str) -> Callable[[str], str]:
    """Return what says an actor with the title of the token it came by."""

    def told(actor: str) -> str:
        who = parsed(actor)
        if who is None or who.token is None:
            return said(actor, language)
        with db.reading(behind.engine) as session:
            return said(actor, language, people.titles(session, [who.token]))

    return told
