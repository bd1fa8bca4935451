"""The catalogue: what is configured, who manages it, and every version a promise has had.

Two sides manage it, the configuration file (`reconcile`) and the web or a command (`save_target`, `save_item`), and
each changes only its own: the guard is in the flush. Versions are append-only. What a past version *promised* cannot be
written over, from either side, without saying that it is a correction; the replaced row stays, and so does the audit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, func, select
from sqlmodel import col

from targetwatch.errors import ConflictError, NotFoundError
from targetwatch.model import Catalogue, Indicator, Owner, Target
from targetwatch.model.catalogue import as_json
from targetwatch.model.problem import Problem
from targetwatch.store.catalogue.diff import KINDS, Action, Change, FieldChange, diff, rewritten, stands_on
from targetwatch.store.catalogue.rows import (
    ROWS,
    keep,
    keep_targets,
    load_indicators,
    load_owners,
    load_rows,
    load_targets,
    value_of,
)
from targetwatch.store.db import READS_ONLY
from targetwatch.store.guards import FILE, HANDOVER, WEB, managing
from targetwatch.store.tables import AuditRow, IndicatorRow, OwnerRow, TargetRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import TargetVersion
    from targetwatch.store.catalogue.diff import Item
    from targetwatch.store.tables import Managed

__all__ = [
    "Action",
    "Change",
    "FieldChange",
    "Kept",
    "archive",
    "changed_since",
    "diff",
    "find",
    "hand_back",
    "load",
    "load_archived",
    "load_every",
    "load_some",
    "owner",
    "owners",
    "plan",
    "reconcile",
    "restore",
    "revision",
    "save_item",
    "save_target",
    "save_version",
    "stamp",
    "take_over",
    "taken",
    "target_ids",
]


@dataclass(frozen=True, slots=True)
class Kept:
    """One target as it is kept: how often it was saved, and since when it is archived, if it is."""

    target: Target
    revision: int
    archived_at: datetime | None


_LAST: WeakKeyDictionary[Pool, tuple[str, Catalogue]] = WeakKeyDictionary()
"""What was last read from each database, by the hash of the last entry about anything configured."""


def load(session: Session, *, by: datetime | None = None) -> Catalogue:
    """Return everything in force, each kind in the order of its ids; read anew only where something changed.

    A session that writes reads for itself: what it sees may never be committed. `by`: versions as recorded by then.
    """
    if by is not None:
        return load_rows(session, archived=False, by=by)
    connection = session.connection()
    number = stamp(session) if connection.get_execution_options().get(READS_ONLY) else 0
    mark = session.scalar(select(col(AuditRow.hash)).where(col(AuditRow.id) == number)) if number else None
    if mark is None:
        return load_rows(session, archived=False)
    pool = connection.engine.pool
    kept = _LAST.get(pool)
    if kept is None or kept[0] != mark:
        kept = _LAST[pool] = mark, load_rows(session, archived=False)
    return kept[1]


def load_some(session: Session, targets: Collection[str]) -> Catalogue:
    """Return some targets (at most as many as fit one query) with the indicators they are judged by, nothing else."""
    found = tuple(load_targets(session, only=targets))
    return Catalogue(targets=found, indicators=tuple(load_indicators(session, {one.indicator for one in found})))


def load_archived(session: Session) -> Catalogue:
    """Return everything that was in force once and is archived."""
    return load_rows(session, archived=True)


def load_every(session: Session) -> Catalogue:
    """Return what is in force, with the indicators and targets that were once."""
    now, gone = load(session), load_archived(session)
    return replace(now, indicators=(*now.indicators, *gone.indicators), targets=(*now.targets, *gone.targets))


def find(session: Session, target_id: str) -> Kept | None:
    """Return one target, in force or archived; None when there has never been one of that name."""
    row = session.get(TargetRow, target_id)
    if row is None:
        return None
    (target,) = load_targets(session, only=[target_id])
    return Kept(target, row.revision, row.archived_at)


def target_ids(session: Session) -> set[str]:
    """Return the id of every target there has ever been."""
    return set(session.scalars(select(col(TargetRow.id))))


def taken(session: Session) -> Mapping[str, frozenset[str]]:
    """Return the ids there have ever been, by kind ("programme", "publisher", "owner", "indicator", "target"...)."""
    return {kind: frozenset(session.scalars(select(col(table.id)))) for kind, table in ROWS.items()}


def owners(session: Session) -> tuple[Owner, ...]:
    """Return whoever answers for targets, in force, by id: who they are and where their mail goes."""
    return load_owners(session)


def owner(session: Session, name: str) -> Owner:
    """Return one owner; NotFoundError when there is none of that id."""
    found = {one.id: one for one in owners(session)}
    if name not in found:
        raise NotFoundError("owner", name, found)
    return found[name]


def stamp(session: Session) -> int:
    """Return the number of the last audit entry about anything configured, 0 before the first.

    Nothing that is configured can change past the trail: an equal stamp is an equal catalogue.
    """
    kinds = (*ROWS, "target_version")
    return int(session.scalar(select(func.max(col(AuditRow.id))).where(col(AuditRow.kind).in_(kinds))) or 0)


def changed_since(session: Session, since: int) -> frozenset[str]:
    """Return the ids of the indicators and targets that are defined otherwise since a `stamp`."""
    kinds = ("indicator", "target", "target_version")
    query = select(col(AuditRow.object)).where(col(AuditRow.id) > since, col(AuditRow.kind).in_(kinds)).distinct()
    return frozenset(name.partition("/")[0] for name in session.scalars(query))


def plan(session: Session, wanted: Catalogue) -> tuple[Change, ...]:
    """Return what `reconcile` would do, changing nothing."""
    return diff(load(session), wanted, archived=load_archived(session))


def reconcile(session: Session, wanted: Catalogue, *, now: datetime, correct: bool = False) -> tuple[Change, ...]:
    """Make what the file manages equal to `wanted`, and return what that changed.

    What the file lost is archived, what the web manages is untouched. ConflictError, with every reason, when a past
    promise would be written over; with `correct` (and a reason given to `writing`) it is recorded as a correction.
    """
    answering = _owners_of(wanted)
    for target in wanted.targets:
        _check_versions(target)
    changes = plan(session, wanted)
    _refuse_rewriting(changes, correct=correct, reason=session.info.get("reason", ""))
    effective = [change for change in changes if change.action is not Action.UNTOUCHED]
    with managing(session, FILE):
        for kind in KINDS:
            if kind != "target":
                keep(session, _named(getattr(wanted, f"{kind}s"), effective, kind), managed_by=FILE)
        targets: Sequence[Target] = _named(wanted.targets, effective, "target")
        _keep_owners(session, answering, targets)
        if targets:
            keep_targets(session, targets, managed_by=FILE, now=now)
        for change in effective:
            if change.action is Action.ARCHIVE:
                _archive(session.get_one(ROWS[change.kind], change.id), now)
    return changes


def save_item(session: Session, value: Item) -> None:
    """Save one thing that the web manages, new or changed; ManagedElsewhereError when it is the file's.

    What an indicator stands on comes back into force with it.
    """
    if isinstance(value, Indicator):
        _bring_back(session, value)
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
            raise ConflictError(*_refused("past_promise_kept", target.id, rewrites))
    _bring_back(session, target)
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
        raise ConflictError("in_force_already", where="target", said=target_id)
    save_target(session, kept.target, now=now, expected=expected)


def take_over(session: Session, name: str, *, kind: str = "target") -> bool:
    """Let the web manage something, the file being listened to no more; return whether it did not before."""
    return _hand(session, kind, name, to=WEB)


def hand_back(session: Session, name: str, *, kind: str = "target") -> bool:
    """Let the file manage something, whose next `apply` decides what it says; return whether it did not before."""
    return _hand(session, kind, name, to=FILE)


def revision(session: Session, target_id: str) -> int:
    """Return how often a target has been saved: what an editor starts from, and `save_target` expects."""
    row = _row(session, "target", target_id)
    assert isinstance(row, TargetRow)
    return row.revision


def _named(items: Sequence[Any], changes: Iterable[Change], kind: str) -> list[Any]:
    """Return the wanted items of `kind` that change."""
    names = {change.id for change in changes if change.kind == kind and change.action is not Action.ARCHIVE}
    return [item for item in items if item.id in names]


def _bring_back(session: Session, value: Target | Indicator) -> None:
    """Put in force again whatever `value` stands on and was archived since, each as managed as it was."""
    waiting, seen = stands_on(value), set[tuple[str, str]]()
    while waiting:
        named = waiting.pop()
        row = None if named in seen else session.get(ROWS[named[0]], named[1])
        seen.add(named)
        if row is None:
            continue
        if isinstance(row, IndicatorRow):
            waiting += stands_on(value_of(row, Indicator))
        if row.archived_at is not None:
            with managing(session, row.managed_by):
                row.archived_at = None


def _owners_of(catalogue: Catalogue) -> tuple[Owner, ...]:
    """Return everyone who answers for a target; ConflictError when two targets describe one owner differently."""
    found: dict[str, Owner] = {}
    for target in catalogue.targets:
        first = found.setdefault(target.owner.id, target.owner)
        if first is not target.owner and as_json(first) != as_json(target.owner):
            raise ConflictError("owner_differs", where="target", said=target.id, owner=first.id)
    return tuple(found[name] for name in sorted(found))


def _keep_owners(session: Session, owners: Iterable[Owner], targets: Iterable[Target]) -> None:
    """Write the owners of `targets`; one whom the web manages stays as the web says."""
    answering = {target.owner.id for target in targets}
    theirs = set(session.scalars(select(col(OwnerRow.id)).where(col(OwnerRow.managed_by) != FILE)))
    keep(session, [owner for owner in owners if owner.id in answering - theirs], managed_by=FILE)


def _refuse_rewriting(changes: Iterable[Change], *, correct: bool, reason: str) -> None:
    rewriting = [change for change in changes if change.rewrites]
    if any(change.lost for change in changes) or (rewriting and not correct):
        raise ConflictError(
            *(one for change in rewriting for one in _refused("past_promise", change.id, change.rewrites))
        )
    if rewriting and not reason.strip():
        raise ConflictError("correction_without_reason", where="target", said=rewriting[0].id)


def _refused(code: str, target: str, rewrites: Iterable[Problem]) -> Iterator[Problem]:
    """Give why each of what would be written over may not be."""
    return (Problem(code, {"said": target, "what": what}, where="target") for what in rewrites)


def _check_versions(target: Target) -> None:
    numbers = [version.number for version in target.versions]
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        raise ConflictError("versions_misnumbered", where="target", said=target.id, numbers=str(numbers))
    for earlier, later in zip(target.versions, target.versions[1:], strict=False):
        if later.effective < earlier.effective:
            raise ConflictError(
                "version_too_early",
                where="target",
                said=target.id,
                number=later.number,
                day=later.effective,
                before=earlier.effective,
                earlier=earlier.number,
            )


def _check_revision(kept: Kept, expected: int | None) -> None:
    name = kept.target.id
    if expected is None:
        raise ConflictError("id_exists", where="target", said=name)
    if kept.revision != expected:
        raise ConflictError("saved_meanwhile", where="target", said=name, revision=kept.revision, expected=expected)


def _row(session: Session, kind: str, name: str) -> Managed:
    row = session.get(ROWS[kind], name)
    if row is None or row.archived_at is not None:
        known = owners(session) if kind == "owner" else getattr(load(session), f"{kind}s")
        raise NotFoundError(kind, name, [item.id for item in known])
    return row


def _archive(row: Managed, now: datetime) -> None:
    row.archived_at = now
    if isinstance(row, TargetRow):
        row.revision += 1


def _hand(session: Session, kind: str, name: str, *, to: str) -> bool:
    row = session.get(ROWS[kind], name)
    if row is not None and row.managed_by == to:
        return False
    row = _row(session, kind, name)
    with managing(session, HANDOVER):
        row.managed_by = to
        if isinstance(row, TargetRow):
            row.revision += 1
    return True
