"""What a version of a promise changed, for the table below its sentence: goal, baseline, plan each in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.model.catalogue import as_json
from targetwatch.store.terms import leaves
from targetwatch.web.backroom.audit_fields import ShownChange, changes

if TYPE_CHECKING:
    from targetwatch.model import TargetVersion
    from targetwatch.web.backroom.audit_fields import Shown

IN_SENTENCE = ("number", "effective", "reason")
"""What the sentence of a version says already."""


def differences(shown: Shown, before: TargetVersion | None, after: TargetVersion) -> tuple[ShownChange, ...]:
    """Return what differs between two versions; everything that is not empty for the first."""
    old, new = as_json(before) if before else {}, as_json(after)
    found: list[ShownChange] = []
    for name in after.__dataclass_fields__:
        if name in IN_SENTENCE or (before is not None and getattr(before, name) == getattr(after, name)):
            continue
        if say := WHOLE.get(name):
            found.append(ShownChange(shown.label(name), say(shown, before), say(shown, after)))
        else:
            found += changes(shown, leaves({name: old.get(name)}), leaves({name: new.get(name)}))
    return tuple(one for one in found if one.before or one.after)


def goal_in(shown: Shown, found: tuple[ShownChange, ...]) -> ShownChange | None:
    """Return the line of the goal among what differs; None when the goal stays."""
    return next((one for one in found if one.label == shown.label("goal")), None)


def _goal(shown: Shown, version: TargetVersion | None) -> str:
    if version is None:
        return ""
    if shown.indicator is None:
        goal = version.goal
        return " ".join(str(part) for part in (goal.comparator, goal.value, goal.upper, goal.relative) if part)
    return shown.formats.goal(version, shown.indicator)


def _baseline(shown: Shown, version: TargetVersion | None) -> str:
    if version is None or version.baseline is None:
        return ""
    value = shown.value("baseline_value", str(version.baseline.value))
    return f"{value} ({shown.formats.period(version.baseline.period)})"


def _plan(shown: Shown, version: TargetVersion | None) -> str:
    if version is None:
        return ""
    points = [
        f"{shown.value('on', point.on.isoformat())}: {shown.value('value', str(point.value))}"
        for point in version.plan.waypoints
    ]
    return "\n".join(points) or shown.value("plan", version.plan.shape.value)


def _steps(shown: Shown, version: TargetVersion | None) -> str:
    said = []
    for step in version.steps if version else ():
        due = f" ({shown.value('due', step.due.isoformat())})" if step.due else ""
        said.append(f"{step.title[shown.formats.language]}{due}")
    return "\n".join(said)


WHOLE = {"goal": _goal, "baseline": _baseline, "plan": _plan, "steps": _steps}
"""What is said in one line, not by its parts."""
