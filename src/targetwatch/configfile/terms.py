"""A target's terms version by version: what the file says, with what each version left unsaid filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from targetwatch.configfile.target_forms import (
        AnnouncementForm,
        BaselineForm,
        GoalForm,
        StepForm,
        TargetForm,
        VersionForm,
        WaypointsForm,
    )

NAMES = ("goal", "baseline", "start", "deadline", "plan", "steps")


@dataclass(frozen=True, slots=True)
class Terms:
    """One version in full. `own` names what this version itself says; `index` is its place under versions."""

    goal: GoalForm | str | None
    baseline: BaselineForm | None
    start: date | None
    deadline: date | None
    plan: WaypointsForm | str | None
    steps: tuple[StepForm, ...]
    effective: date | None
    announcement: AnnouncementForm | None
    reason: str
    own: frozenset[str]
    index: int | None = None


def terms_of(form: TargetForm) -> Iterator[Terms]:
    """Yield the terms of the announcement and then of each later version.

    A version that writes a key with nothing behind it (deadline:) takes that term away.
    """
    announced = form.announcement.on if form.announcement else None
    said: dict[str, Any] = {name: getattr(form, name) for name in NAMES}
    said["start"] = form.start or announced
    yield _terms(said, announced, form.announcement, reason="", own=frozenset(NAMES), index=None)
    for index, version in enumerate(form.versions or ()):
        own = own_terms(version)
        said = said | {name: getattr(version, name) for name in own}
        yield _terms(said, version.effective, version.announcement, reason=version.reason, own=own, index=index)


def own_terms(version: VersionForm) -> frozenset[str]:
    """Return the names of the terms that a version says anew."""
    return frozenset(version.model_fields_set) & frozenset(NAMES)


def _terms(
    said: dict[str, Any],
    effective: date | None,
    announcement: AnnouncementForm | None,
    *,
    reason: str,
    own: frozenset[str],
    index: int | None,
) -> Terms:
    return Terms(
        goal=said["goal"],
        baseline=said["baseline"],
        start=said["start"],
        deadline=said["deadline"],
        plan=said["plan"],
        steps=tuple(said["steps"] or ()),
        effective=effective,
        announcement=announcement,
        reason=reason,
        own=own,
        index=index,
    )
