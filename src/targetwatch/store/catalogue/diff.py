"""What differs between what is kept and what is wanted: pure, for `plan` to show and `reconcile` to carry out.

Values are compared by the paths of the file ("goal.above"), whatever their fields are. What another thing in force
stands on must be in force itself, so it is known here what stands on what.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from targetwatch.model import Catalogue, Indicator, Owner, Programme, Publisher, Source, Target
from targetwatch.model.catalogue import as_yaml
from targetwatch.model.problem import Problem
from targetwatch.store.types import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from targetwatch.model import TargetVersion

Named: TypeAlias = tuple[str, str]
"""A kind and an id."""
Item: TypeAlias = Programme | Publisher | Owner | Indicator | Target | Source

KINDS = ("programme", "publisher", "indicator", "target", "source")
ANNOUNCED = "announcement.on"
DESCRIBING = ("announcement.", "reason")
"""Where a version only describes (who said it, where, the quote); the rest is what was promised, and when."""


class Action(StrEnum):
    """What becomes of a configured thing."""

    ADD = "add"
    CHANGE = "change"
    ARCHIVE = "archive"
    RESTORE = "restore"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that differs; None where there is none."""

    name: str
    old: object
    new: object

    def __str__(self) -> str:
        return f"{self.name}: {_shown(self.old)} -> {_shown(self.new)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One configured thing that differs.

    `rewrites` says which past promises would be written over, if any; `lost` are the numbers of versions that would
    disappear, which not even a correction may do.
    """

    kind: str
    id: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    rewrites: tuple[Problem, ...] = ()
    lost: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.id}"


def diff(current: Catalogue, wanted: Catalogue, *, archived: Catalogue | None = None) -> tuple[Change, ...]:
    """Return what applying `wanted` would do to `current`, dependencies first, by kind and id.

    Only what the file manages is changed or archived. What the web manages is left alone: `untouched` says that the
    file has something else for it. What a web-managed target still needs is kept though the file lost it.
    """
    have, want, gone = (_by_name(part) for part in (current, wanted, archived or Catalogue()))
    stay = needed((item for item in have.values() if item.managed_by != "file"), {**want, **have})
    changes: list[Change] = []
    for kind in KINDS:
        for name in sorted(name for name in want if name[0] == kind):
            change = _change(kind, want[name], have.get(name), was=gone.get(name))
            if change is not None:
                changes.append(change)
        lost_names = (name for name in have.keys() - want.keys() - stay if name[0] == kind)
        changes.extend(
            Change(kind=kind, id=name[1], action=Action.ARCHIVE)
            for name in sorted(lost_names)
            if have[name].managed_by == "file"
        )
    return tuple(changes)


def rewritten(old: Target, new: Target) -> tuple[Problem, ...]:
    """Return what `new` writes over in the promises `old` already made: empty when it only adds versions."""
    later = {version.number: version for version in new.versions}
    found = []
    for version in old.versions:
        if version.number not in later:
            found.append(Problem("version_lost", {"number": version.number, "day": version.effective}))
            continue
        changed = changed_fields(version, later[version.number])
        found.extend(
            Problem("version_rewritten", {"number": version.number, "change": str(change)})
            for change in changed
            if _promises(change.name)
        )
    return tuple(found)


def changed_fields(old: TargetVersion | None, new: TargetVersion) -> tuple[FieldChange, ...]:
    """Return what differs between two versions but their numbers, by path; everything that is said for the first."""
    return _field_changes(_version_leaves(old) if old is not None else {}, _version_leaves(new))


def _promises(path: str) -> bool:
    return path == ANNOUNCED or not (path.startswith(DESCRIBING) or ".title." in path)


def lost(old: Target, new: Target) -> tuple[int, ...]:
    """Return the numbers of the versions that `old` has and `new` has not."""
    numbers = {version.number for version in new.versions}
    return tuple(version.number for version in old.versions if version.number not in numbers)


def stands_on(value: Item | None) -> list[Named]:
    """Return what a value names: a target its indicator and programme, an indicator its publisher and its parts."""
    match value:
        case Target():
            named = [("indicator", value.indicator), ("programme", value.programme)]
        case Indicator():
            parts = value.derivation.of if value.derivation else ()
            named = [("publisher", value.authority), *(("indicator", part) for part in parts)]
        case _:
            named = []
    return [(kind, name) for kind, name in named if name]


def needed(values: Iterable[Item], known: Mapping[Named, Item]) -> set[Named]:
    """Return all that `values` stand on, directly or by what they stand on."""
    waiting = [named for value in values for named in stands_on(value)]
    found: set[Named] = set()
    while waiting:
        named = waiting.pop()
        if named not in found:
            found.add(named)
            waiting += stands_on(known.get(named))
    return found


def _change(kind: str, want: Item, have: Item | None, *, was: Item | None) -> Change | None:
    if have == want:
        return None
    old = have or was
    if old is None:
        return Change(kind=kind, id=want.id, action=Action.ADD, fields=_field_changes({}, _item_leaves(want)))
    if isinstance(old, Target) and isinstance(want, Target):
        want = _with_what_was_taken_back(old, _with_owner_of(old, want))
    changed = _field_changes(_item_leaves(old), _item_leaves(want))
    if have is not None and not changed:
        return None
    if old.managed_by != "file":
        return Change(kind=kind, id=want.id, action=Action.UNTOUCHED, fields=changed)
    action = Action.CHANGE if have is not None else Action.RESTORE
    change = Change(kind=kind, id=want.id, action=action, fields=changed)
    if isinstance(old, Target) and isinstance(want, Target):
        return replace(change, rewrites=rewritten(old, want), lost=lost(old, want))
    return change


def _with_owner_of(old: Target, want: Target) -> Target:
    """Return `want`, its owner described as the web describes it where the web manages that owner."""
    same = old.owner.id == want.owner.id and old.owner.managed_by != "file"
    return replace(want, owner=old.owner) if same else want


def _with_what_was_taken_back(old: Target, want: Target) -> Target:
    """Return `want` with the versions that were said on the web and taken back, where it knows none of them."""
    known, further = old.versions[: len(want.versions)], old.versions[len(want.versions) :]
    is_undone = len(further) > 1 and known == want.versions and further[-1].repeated_by(known[-1])
    return replace(want, versions=old.versions) if is_undone else want


def _field_changes(old: dict[str, object], new: dict[str, object]) -> tuple[FieldChange, ...]:
    names = [*old, *(name for name in new if name not in old)]
    return tuple(FieldChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def _item_leaves(item: Item) -> dict[str, object]:
    if not isinstance(item, Target):
        return _said(item)
    found = _said(item, versions=None, owner=as_yaml(item.owner, whole=True))
    for version in item.versions:
        found |= {f"version {version.number} {path}": leaf for path, leaf in _version_leaves(version).items()}
    return found


def _version_leaves(version: TargetVersion) -> dict[str, object]:
    return _said(version, number=None)


def _said(value: Item | TargetVersion, **otherwise: object) -> dict[str, object]:
    """Return what a value says by path, what it left out as that is understood, and nothing that is empty."""
    said = leaves({**as_yaml(value, whole=True), **otherwise})
    return {path: leaf for path, leaf in said.items() if leaf not in (None, "", [], (), {})}


def _by_name(catalogue: Catalogue) -> dict[Named, Item]:
    return {(kind, item.id): item for kind in KINDS for item in getattr(catalogue, f"{kind}s")}


def _shown(value: object) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_shown(part) for part in value)}]"
    return str(value)
