"""Whoever answers for a change, as a reader is told: "web:sun" is Sun's account, "ingest:customs" a source."""

from __future__ import annotations

from targetwatch.web.phrases import PHRASES

KINDS = frozenset({"cli", "ingest", "token"})
PROGRAM = frozenset({"service", "serve", "reload", "api"})


def said(actor: str, language: str) -> str:
    """Return the name of an actor in words; one of no kind we know as it stands."""
    kind, colon, name = actor.partition(":")
    if colon and kind == "web" and name:
        return name
    if colon and kind in KINDS and name:
        return PHRASES[f"actor_{kind}"][language].format(name=name)
    if actor in PROGRAM:
        return PHRASES[f"actor_{actor}"][language]
    return actor


def beginning(actor: str, language: str) -> str:
    """Return the name of an actor as a sentence begins with it; a person's stays as they write it."""
    words = said(actor, language)
    is_name = actor.startswith(("web:", "cli:", "token:")) or words == actor
    return words if is_name else f"{words[:1].upper()}{words[1:]}"
