"""What a version of a promise changed, for the table below its sentence: goal and baseline each in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.store.catalogue.promises import version_columns
from targetwatch.web.backroom.audit_fields import Change, changes

if TYPE_CHECKING:
    from targetwatch.model import TargetVersion
    from targetwatch.web.backroom.audit_fields import Shown

GOAL = frozenset({"comparator", "goal_value", "goal_upper", "goal_change"})
BASELINE = frozenset({"baseline_value", "baseline_start", "baseline_end"})
IN_SENTENCE = frozenset({"number", "effective", "reason"})
"""Columns of a version that its sentence says already."""


def differences(shown: Shown, before: TargetVersion | None, after: TargetVersion) -> tuple[Change, ...]:
    """Return what differs between two versions; everything that is not empty for the first."""
    old, new = version_columns(before) if before else {}, version_columns(after)
    names = [name for name in new if old.get(name) != new[name]]
    plain = [name for name in names if name not in GOAL | BASELINE | IN_SENTENCE]
    found = list(changes(shown, {n: _told(old.get(n)) for n in plain}, {n: _told(new[n]) for n in plain}))
    if BASELINE & set(names):
        found.insert(0, Change(shown.label("baseline"), _baseline(shown, before), _baseline(shown, after)))
    if GOAL & set(names):
        found.insert(0, Change(shown.label("goal"), _goal(shown, before), _goal(shown, after)))
    return tuple(one for one in found if one.before or one.after)


def goal_in(shown: Shown, found: tuple[Change, ...]) -> Change | None:
    """Return the line of the goal among what differs; None when the goal stays."""
    return next((one for one in found if one.label == shown.label("goal")), None)


def _goal(shown: Shown, version: TargetVersion | None) -> str:
    if version is None:
        return ""
    if shown.indicator is None:
        goal = version.goal
        return " ".join(str(part) for part in (goal.comparator, goal.value, goal.upper, goal.relative) if part)
    return shown.formats.goal_of(version, shown.indicator)


def _baseline(shown: Shown, version: TargetVersion | None) -> str:
    if version is None or version.baseline is None:
        return ""
    value = shown.value("baseline_value", str(version.baseline.value))
    return f"{value} ({shown.formats.period(version.baseline.period)})"


def _told(value: object) -> object:
    """Return a column as the trail holds it, so that versions and entries are shown alike."""
    if value is None or isinstance(value, bool | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
