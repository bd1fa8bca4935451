"""Between a target with its versions and their columns: nothing but translation, both ways without loss."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targetwatch.model import (
    Announcement,
    Baseline,
    Goal,
    GoalChange,
    Period,
    Plan,
    PlanShape,
    Step,
    Target,
    TargetVersion,
    Text,
    Waypoint,
)
from targetwatch.store.catalogue import mapping
from targetwatch.store.types import digits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.store.tables import OwnerRow, TargetRow, TargetVersionRow


def target_columns(value: Target) -> dict[str, Any]:
    """Return the columns of a target, its versions apart."""
    return {
        "id": value.id,
        "indicator": value.indicator,
        "programme": value.programme or None,
        "owner": value.owner.id,
        "title_en": value.title.en,
        "title_zh": value.title.zh,
        "short_en": value.short.en,
        "short_zh": value.short.zh,
        "note_en": value.note.en,
        "note_zh": value.note.zh,
    }


def target_of(row: TargetRow, owner: OwnerRow, versions: Iterable[TargetVersionRow]) -> Target:
    """Return the target of a row, with its owner and its versions in force, oldest first."""
    return Target(
        id=row.id,
        indicator=row.indicator,
        programme=row.programme or "",
        title=Text(row.title_en, row.title_zh),
        short=Text(row.short_en, row.short_zh),
        owner=mapping.owner_of(owner),
        versions=tuple(version_of(version) for version in versions),
        managed_by=row.managed_by,
        note=Text(row.note_en, row.note_zh),
    )


def version_columns(value: TargetVersion) -> dict[str, Any]:
    """Return the columns of a version."""
    baseline, announcement = value.baseline, value.announcement
    return {
        "number": value.number,
        "effective": value.effective,
        "comparator": value.goal.comparator.value,
        "goal_value": value.goal.value,
        "goal_upper": value.goal.upper,
        "goal_change": value.goal.relative,
        "start": value.start,
        "deadline": value.deadline,
        "baseline_value": baseline.value if baseline else None,
        "baseline_start": baseline.period.start if baseline else None,
        "baseline_end": baseline.period.end if baseline else None,
        "plan_shape": value.plan.shape.value,
        "plan_waypoints": [[point.on.isoformat(), digits(point.value)] for point in value.plan.waypoints],
        "steps": [_step_columns(step) for step in value.steps],
        "announced_by": announcement.by,
        "announced_on": announcement.on,
        "announced_in": announcement.source,
        "announced_url": announcement.url,
        "announced_quote": announcement.quote,
        "reason": value.reason,
    }


def version_of(row: TargetVersionRow) -> TargetVersion:
    """Return the version of a row."""
    baseline = None
    if row.baseline_value is not None and row.baseline_start is not None and row.baseline_end is not None:
        baseline = Baseline(value=row.baseline_value, period=Period(row.baseline_start, row.baseline_end))
    return TargetVersion(
        number=row.number,
        effective=row.effective,
        goal=_goal_of(row),
        start=row.start,
        deadline=row.deadline,
        baseline=baseline,
        plan=Plan(
            shape=PlanShape(row.plan_shape),
            waypoints=tuple(
                Waypoint(on=date.fromisoformat(day), value=Decimal(amount)) for day, amount in row.plan_waypoints
            ),
        ),
        steps=tuple(_step_of(step) for step in row.steps),
        announcement=Announcement(
            by=row.announced_by,
            on=row.announced_on,
            source=row.announced_in,
            url=row.announced_url,
            quote=row.announced_quote,
        ),
        reason=row.reason,
    )


def _goal_of(row: TargetVersionRow) -> Goal:
    if row.goal_change is not None:
        return Goal(change=GoalChange(by=row.goal_change))
    if row.goal_value is not None and row.goal_upper is not None:
        return Goal(between=(row.goal_value, row.goal_upper))
    said: dict[str, Any] = {row.comparator: True if row.goal_value is None else row.goal_value}
    return Goal(**said)


def _step_columns(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "title_en": step.title.en,
        "title_zh": step.title.zh,
        "due": step.due.isoformat() if step.due else None,
    }


def _step_of(columns: dict[str, Any]) -> Step:
    return Step(
        id=columns["id"],
        title=Text(columns["title_en"], columns["title_zh"]),
        due=date.fromisoformat(columns["due"]) if columns["due"] else None,
    )
