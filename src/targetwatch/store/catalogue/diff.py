"""What differs between what is kept and what is wanted: pure, for `plan` to show and `reconcile` to carry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

from targetwatch.model import Catalogue, Indicator, Programme, Publisher, Source, Step, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targetwatch.model import TargetVersion

Item: TypeAlias = Programme | Publisher | Indicator | Target | Source

KINDS = ("programme", "publisher", "indicator", "target", "source")
PROMISE = ("effective", "start", "deadline", "goal.", "baseline.", "plan.", "steps[", "announcement.on")
"""Where a version says what was promised; the rest of it (who said it, where, the quote) only describes."""


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
    rewrites: tuple[str, ...] = ()
    lost: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.id}"


def diff(current: Catalogue, wanted: Catalogue, *, archived: Catalogue | None = None) -> tuple[Change, ...]:
    """Return what applying `wanted` would do to `current`, dependencies first, by kind and id.

    Only what the file manages is changed or archived. What the web manages is left alone: `untouched` says that the
    file has something else for it. What a web-managed target still needs is kept though the file lost it.
    """
    changes: list[Change] = []
    for kind in KINDS:
        have, want, gone = (_by_id(part, kind) for part in (current, wanted, archived or Catalogue()))
        for name in sorted(want):
            change = _change(kind, want[name], have.get(name), was=gone.get(name))
            if change is not None:
                changes.append(change)
        kept = _needed(current, wanted, kind)
        changes.extend(
            Change(kind=kind, id=name, action=Action.ARCHIVE)
            for name in sorted(have.keys() - want.keys() - kept)
            if have[name].managed_by == "file"
        )
    return tuple(changes)


def flat(value: object, prefix: str = "") -> dict[str, object]:
    """Return the leaves of a configured value by dotted path, empty ones left out ("goal.value": 270000)."""
    return {path: leaf for path, leaf in _leaves(value, prefix) if leaf not in (None, "", (), {})}


def rewritten(old: Target, new: Target) -> tuple[str, ...]:
    """Return what `new` writes over in the promises `old` already made: empty when it only adds versions."""
    later = {version.number: version for version in new.versions}
    found = []
    for version in old.versions:
        if version.number not in later:
            found.append(f"version {version.number} (effective {version.effective}) is missing")
            continue
        changed = _field_changes(_version_leaves(version), _version_leaves(later[version.number]))
        found.extend(f"version {version.number} {change}" for change in changed if _promises(change.name))
    return tuple(found)


def _promises(path: str) -> bool:
    return path.startswith(PROMISE) and ".title." not in path


def lost(old: Target, new: Target) -> tuple[int, ...]:
    """Return the numbers of the versions that `old` has and `new` has not."""
    numbers = {version.number for version in new.versions}
    return tuple(version.number for version in old.versions if version.number not in numbers)


def _change(kind: str, want: Item, have: Item | None, *, was: Item | None) -> Change | None:
    if have == want:
        return None
    old = have or was
    if old is None:
        return Change(kind=kind, id=want.id, action=Action.ADD, fields=_field_changes({}, _item_leaves(want)))
    if isinstance(old, Target) and isinstance(want, Target):
        want = _with_owner_of(old, want)
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


def _field_changes(old: dict[str, object], new: dict[str, object]) -> tuple[FieldChange, ...]:
    names = [*old, *(name for name in new if name not in old)]
    return tuple(FieldChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def _item_leaves(item: Item) -> dict[str, object]:
    leaves = {path: leaf for path, leaf in flat(item).items() if not path.endswith("managed_by")}
    if isinstance(item, Target):
        for version in item.versions:
            leaves |= {f"version {version.number} {path}": leaf for path, leaf in _version_leaves(version).items()}
    return leaves


def _version_leaves(version: TargetVersion) -> dict[str, object]:
    leaves = flat(version)
    del leaves["number"]
    return leaves


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            if part.name != "versions":
                yield from _leaves(getattr(value, part.name), f"{path}.{part.name}" if path else part.name)
    elif isinstance(value, Mapping):
        for key in value:
            yield from _leaves(value[key], f"{path}.{key}")
    elif isinstance(value, tuple) and value and isinstance(value[0], Step):
        for place, step in enumerate(value, 1):
            yield f"{path}[{step.id}]", place
            yield from _leaves(step.title, f"{path}[{step.id}].title")
            yield f"{path}[{step.id}].due", step.due
    elif isinstance(value, tuple) and value:
        for place, part in enumerate(value, 1):
            yield from _leaves(part, f"{path}[{place}]")
    else:
        yield path, value


def _needed(current: Catalogue, wanted: Catalogue, kind: str) -> set[str]:
    """Return the ids of `kind` that targets managed on the web, and so kept, stand on."""
    stay = [target for target in current.targets if target.managed_by != "file"]
    indicators = {item.id: item for item in (*current.indicators, *wanted.indicators)}
    needed = {target.indicator for target in stay}
    needed |= {item.id for item in current.indicators if item.managed_by != "file"}
    waiting = list(needed)
    while waiting:
        item = indicators.get(waiting.pop())
        further = set(item.derivation.of if item and item.derivation else ()) - needed
        needed |= further
        waiting.extend(further)
    if kind == "programme":
        return {target.programme for target in stay}
    if kind == "publisher":
        return {indicators[name].authority for name in needed if name in indicators}
    return needed if kind == "indicator" else set()


def _by_id(catalogue: Catalogue, kind: str) -> dict[str, Item]:
    items: tuple[Item, ...] = getattr(catalogue, f"{kind}s")
    return {item.id: item for item in items}


def _shown(value: object) -> str:
    if value is None:
        return "(none)"
    return str(value.value if isinstance(value, Enum) else value)
