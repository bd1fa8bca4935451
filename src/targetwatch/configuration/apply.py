"""The files against the database: what would change, changing it in one transaction, and writing it back out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from targetwatch.checks.itself import doubt
from targetwatch.configuration.check import check
from targetwatch.configuration.written import written
from targetwatch.store import catalogue as kept
from targetwatch.store import readings
from targetwatch.store.catalogue import Action, Change
from targetwatch.store.db import writing
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from targetwatch.model import Catalogue

SIGNS = {Action.ADD: "+", Action.CHANGE: "~", Action.ARCHIVE: "-", Action.RESTORE: "+", Action.UNTOUCHED: "="}
WORDS = {
    Action.ADD: "",
    Action.CHANGE: "",
    Action.ARCHIVE: " (archived: out of force, its history stays)",
    Action.RESTORE: " (in force again)",
    Action.UNTOUCHED: " (managed on the web: the file is not listened to)",
}


def plan(session: Session, directory: Path | str, *, environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return what `apply` would change, line by line: + added, ~ changed, - archived, = left to the web, ! refused.

    A goal that looks like a slip stands at the end, after a question mark.

    Raises:
        ConfigError: the files are not valid.
    """
    wanted = check(directory, environment=environment)
    return (*describe(kept.plan(session, wanted)), *_doubts(session, wanted))


def apply(
    engine: Engine,
    directory: Path | str,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
    correct: bool = False,
    environment: Mapping[str, str] | None = None,
) -> tuple[Change, ...]:
    """Make what the file manages equal to the files, in one audited transaction, and return what that changed.

    `correct` (with a `reason`) lets a past promise be written over, recorded as a correction.

    Raises:
        ConfigError: the files are not valid; nothing was touched.
        ConflictError: a past promise would be written over; nothing was touched.
    """
    wanted = check(directory, environment=environment)
    with writing(engine, actor, reason=reason, now=now) as session:
        return kept.reconcile(session, wanted, now=now, correct=correct)


def export(session: Session) -> dict[str, str]:
    """Return file name -> YAML of everything in force; applying those files changes nothing."""
    return written(kept.load(session))


def describe(changes: tuple[Change, ...], *, corrected: bool = False) -> tuple[str, ...]:
    """Return changes as lines to read; a changed value shows old -> new, a past promise whether it was corrected."""
    return tuple(line for change in changes for line in _lines(change, corrected=corrected))


def _doubts(session: Session, wanted: Catalogue) -> Iterator[str]:
    versions = {target.id: target.versions for target in kept.load(session).targets}
    known = wanted.indicators_by_id
    for target in wanted.targets:
        if versions.get(target.id) != target.versions:
            published = readings.load(session, [target.indicator])[target.indicator]
            found = doubt(target, known[target.indicator], published)
            if found is not None:
                yield f"?   target {target.id}: {sentence(found, translator('en'))}: is that what was promised?"


def _lines(change: Change, *, corrected: bool) -> list[str]:
    lines = [f"{SIGNS[change.action]} {change.kind} {change.id}{_named(change)}{WORDS[change.action]}"]
    if change.action is not Action.ADD:
        lines += [f"    {field}" for field in change.fields]
    refused = "a past promise cannot be written over, add an entry under versions: (or apply as a correction)"
    said = "a past promise, written over as a correction" if corrected else refused
    return lines + [f"!   {sentence(what, translator('en'))}: {said}" for what in change.rewrites]


def _named(change: Change) -> str:
    """Return the title of something new; what it holds is in the file."""
    title = next((field.new for field in change.fields if field.name == "title.en"), None)
    return f": {title}" if change.action is Action.ADD and title else ""
