"""The catalogue: what is configured, who manages it, and every version a promise has had.

Two sides manage it, the configuration file (`reconcile`) and the web or a command (`save_target`, `save_item`), and
each changes only its own: the guard is in the flush. Versions are append-only. What a past version *promised* cannot be
written over, from either side, without saying that it is a correction; the replaced row stays, and so does the audit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import ConflictError, NotFoundError
from targetwatch.model import Catalogue, Indicator, Target
from targetwatch.store.catalogue.diff import Action, Change, FieldChange, diff, rewritten
from targetwatch.store.catalogue.keep import (
    ROWS,
    Kept,
    Standing,
    find,
    keep,
    keep_targets,
    load_rows,
    owners_of,
    taken,
    target_ids,
)
from targetwatch.store.catalogue.standing import bring_back
from targetwatch.store.guards import FILE, HANDOVER, WEB, managing
from targetwatch.store.tables import OwnerRow, TargetRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import Owner, TargetVersion
    from targetwatch.store.tables import Managed

__all__ = [
    "Action",
    "Change",
    "FieldChange",
    "Kept",
    "archive",
    "diff",
    "find",
    "hand_back",
    "load",
    "load_archived",
    "plan",
    "reconcile",
    "restore",
    "revision",
    "save_item",
    "save_target",
    "save_version",
    "take_over",
    "taken",
    "target_ids",
]


def load(session: Session) -> Catalogue:
    """Return everything in force, each kind in the order of its ids."""
    return load_rows(session, archived=False)


def load_archived(session: Session) -> Catalogue:
    """Return everything that was in force once and is archived."""
    return load_rows(session, archived=True)


def plan(session: Session, wanted: Catalogue) -> tuple[Change, ...]:
    """Return what `reconcile` would do, changing nothing."""
    return diff(load(session), wanted, archived=load_archived(session))


def reconcile(session: Session, wanted: Catalogue, *, now: datetime, correct: bool = False) -> tuple[Change, ...]:
    """Make what the file manages equal to `wanted`, and return what that changed.

    What the file lost is archived, what the web manages is untouched. ConflictError, with every reason, when a past
    promise would be written over; with `correct` (and a reason given to `writing`) it is recorded as a correction.
    """
    owners = owners_of(wanted)
    for target in wanted.targets:
        _check_versions(target)
    changes = plan(session, wanted)
    _refuse_rewriting(changes, correct=correct, reason=session.info.get("reason", ""))
    effective = [change for change in changes if change.action is not Action.UNTOUCHED]
    with managing(session, FILE):
        for kind in ("programme", "publisher", "indicator", "source"):
            keep(session, _named(getattr(wanted, f"{kind}s"), effective, kind), managed_by=FILE)
        targets: Sequence[Target] = _named(wanted.targets, effective, "target")
        _keep_owners(session, owners, targets)
        if targets:
            keep_targets(session, targets, managed_by=FILE, now=now)
        for change in effective:
            if change.action is Action.ARCHIVE:
                _archive(session.get_one(ROWS[change.kind], change.id), now)
    return changes


def save_item(session: Session, value: Standing) -> None:
    """Save one thing that the web manages, new or changed; ManagedElsewhereError when it is the file's.

    What an indicator stands on comes back into force with it.
    """
    if isinstance(value, Indicator):
        bring_back(session, value)
    with managing(session, WEB):
        keep(session, [value], managed_by=WEB)


def save_target(session: Session, target: Target, *, now: datetime, expected: int | None = None) -> None:
    """Save one target that the web manages: its names and owner, and the versions it has gained.

    `expected` is the `revision` the editor started from (None: a new target). ConflictError when someone saved in
    between, or when a version that was in force would be written over: a changed promise is a new version. What the
    target stands on comes back into force with it where the file lost it in the meantime.
    """
    _check_versions(target)
    kept = find(session, target.id)
    if kept is None:
        if expected is not None:
            raise NotFoundError("target", target.id, target_ids(session))
    else:
        _check_revision(kept, expected)
        rewrites = rewritten(kept.target, target)
        if rewrites:
            raise ConflictError(_refusal(target.id, rewrites, "a new version"))
    bring_back(session, target)
    with managing(session, WEB):
        keep(session, [target.owner], managed_by=WEB)
        keep_targets(session, [target], managed_by=WEB, now=now)


def save_version(session: Session, target_id: str, version: TargetVersion, *, expected: int, now: datetime) -> int:
    """Add a version to a target that the web manages, and return its number."""
    kept = find(session, target_id)
    if kept is None or kept.archived_at is not None:
        raise NotFoundError("target", target_id, [target.id for target in load(session).targets])
    target = kept.target
    number = target.versions[-1].number + 1
    grown = replace(target, versions=(*target.versions, replace(version, number=number)))
    save_target(session, grown, now=now, expected=expected)
    return number


def archive(session: Session, name: str, *, now: datetime, kind: str = "target") -> None:
    """Take something that the web manages out of force; its versions, readings and history stay."""
    with managing(session, WEB):
        _archive(_row(session, kind, name), now)


def restore(session: Session, target_id: str, *, now: datetime, expected: int) -> None:
    """Put an archived target that the web manages in force again, as it was, with what it stands on."""
    kept = find(session, target_id)
    if kept is None:
        raise NotFoundError("target", target_id, target_ids(session))
    if kept.archived_at is None:
        raise ConflictError(f"target '{target_id}': is in force already")
    save_target(session, kept.target, now=now, expected=expected)


def take_over(session: Session, name: str, *, kind: str = "target") -> None:
    """Give what the file manages to the web: the file is not listened to about it any more."""
    _hand(session, kind, name, to=WEB)


def hand_back(session: Session, name: str, *, kind: str = "target") -> None:
    """Give what the web manages back to the file, whose next `apply` decides what it says."""
    _hand(session, kind, name, to=FILE)


def revision(session: Session, target_id: str) -> int:
    """Return how often a target has been saved: what an editor starts from, and `save_target` expects."""
    row = _row(session, "target", target_id)
    assert isinstance(row, TargetRow)
    return row.revision


def _named(items: Sequence[Any], changes: Iterable[Change], kind: str) -> list[Any]:
    """Return the wanted items of `kind` that change."""
    names = {change.id for change in changes if change.kind == kind and change.action is not Action.ARCHIVE}
    return [item for item in items if item.id in names]


def _keep_owners(session: Session, owners: Iterable[Owner], targets: Iterable[Target]) -> None:
    """Write the owners of `targets`; one whom the web manages stays as the web says."""
    answering = {target.owner.id for target in targets}
    theirs = set(session.scalars(select(col(OwnerRow.id)).where(col(OwnerRow.managed_by) != FILE)))
    keep(session, [owner for owner in owners if owner.id in answering - theirs], managed_by=FILE)


def _refuse_rewriting(changes: Iterable[Change], *, correct: bool, reason: str) -> None:
    rewriting = [change for change in changes if change.rewrites]
    if any(change.lost for change in changes) or (rewriting and not correct):
        expected = "a further entry under 'versions', or a correction with its reason"
        raise ConflictError("\n".join(_refusal(change.id, change.rewrites, expected) for change in rewriting))
    if rewriting and not reason.strip():
        raise ConflictError(f"target '{rewriting[0].id}': a correction without a reason, expected one")


def _refusal(target: str, rewrites: Iterable[str], expected: str) -> str:
    return "\n".join(
        f"target '{target}': {what}: a past promise cannot be changed, expected {expected}" for what in rewrites
    )


def _check_versions(target: Target) -> None:
    numbers = [version.number for version in target.versions]
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        raise ConflictError(f"target '{target.id}': its versions are numbered {numbers}, expected 1, 2, 3...")
    for earlier, later in zip(target.versions, target.versions[1:], strict=False):
        if later.effective < earlier.effective:
            raise ConflictError(
                f"target '{target.id}': version {later.number} is effective from {later.effective}, "
                f"expected {earlier.effective} (version {earlier.number}) or later"
            )


def _check_revision(kept: Kept, expected: int | None) -> None:
    name = kept.target.id
    if expected is None:
        raise ConflictError(f"target '{name}': exists already, expected another id")
    if kept.revision != expected:
        raise ConflictError(
            f"target '{name}': someone saved revision {kept.revision} in the meantime, expected revision {expected}"
        )


def _row(session: Session, kind: str, name: str) -> Managed:
    row = session.get(ROWS[kind], name)
    if row is None or row.archived_at is not None:
        raise NotFoundError(kind, name, [item.id for item in getattr(load(session), f"{kind}s")])
    return row


def _archive(row: Managed, now: datetime) -> None:
    row.archived_at = now
    if isinstance(row, TargetRow):
        row.revision += 1


def _hand(session: Session, kind: str, name: str, *, to: str) -> None:
    row = _row(session, kind, name)
    if row.managed_by == to:
        raise ConflictError(f"{kind} '{name}': is managed by the {to} already")
    with managing(session, HANDOVER):
        row.managed_by = to
        if isinstance(row, TargetRow):
            row.revision += 1
