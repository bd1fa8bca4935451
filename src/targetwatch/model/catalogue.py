"""What is configured: indicators, targets with their versions, owners, sources.

Amounts are exact `Decimal`s in the indicator's unit; ratios are 0..1 (a change of -60 % is -0.6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.model.words import Comparator, Derived, Measure, Period, PlanShape, Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The release calendar: how often, how long after the period's end, and how late is late.

    `every` is "month", "quarter", "half", "year" or "irregular" (no next release can be named). `calendar` is the
    country whose working days count (None: every day is one). `january_with_february`: one release for both.
    """

    every: str = "irregular"
    lag_days: int = 0
    grace_days: int = 0
    calendar: str | None = None
    january_with_february: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a derived indicator comes from others; `base` and `base_on` anchor a chained index."""

    kind: Derived
    of: tuple[str, ...]
    base: Decimal | None = None
    base_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What is measured. `authority` is the one publisher whose count is judged; others are shown beside it.

    `lowest` and `highest` bound a plausible single value; `steps` name a milestone indicator's steps in order.
    """

    id: str
    title: Text
    measure: Measure
    unit: str = ""
    unit_label: Text = field(default_factory=Text)
    scope: Text = field(default_factory=Text)
    authority: str = ""
    release: Release = field(default_factory=Release)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    derivation: Derivation | None = None
    note: Text = field(default_factory=Text)
    managed_by: str = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The promise in numbers. `change` (-0.6 for -60 %) is relative to the baseline; `upper` closes a band."""

    comparator: Comparator
    value: Decimal | None = None
    upper: Decimal | None = None
    change: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Where the indicator stood before: the value, and the period it describes."""

    value: Decimal
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The expected path; `waypoints` are (day, value) in the unit, between start and deadline."""

    shape: PlanShape = PlanShape.LINEAR
    waypoints: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One milestone of a target. `due` None: the target's deadline."""

    id: str
    title: Text
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Who promised it, when, where, in which words."""

    by: str
    on: date
    source: str = ""
    url: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who answers for a target; `language` is that of the mail ("en" or "zh")."""

    id: str
    name: Text
    email: str = ""
    language: str = "en"
    managed_by: str = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetVersion:
    """What the promise said from `effective` on. `start` None: the day it became effective."""

    number: int
    effective: date
    goal: Goal
    start: date
    deadline: date | None = None
    baseline: Baseline | None = None
    plan: Plan = field(default_factory=Plan)
    steps: tuple[Step, ...] = ()
    announcement: Announcement
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One announced promise about an indicator, with every version it has had (oldest first, never empty)."""

    id: str
    indicator: str
    programme: str = ""
    title: Text
    short: Text
    owner: Owner
    versions: tuple[TargetVersion, ...]
    managed_by: str = "file"
    note: Text = field(default_factory=Text)

    def version_on(self, day: date) -> TargetVersion | None:
        """Return the version in force on `day`; None before the target was announced."""
        in_force = [version for version in self.versions if version.effective <= day]
        return in_force[-1] if in_force else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A heading several targets stand under."""

    id: str
    title: Text
    managed_by: str = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Whose count a reading is."""

    id: str
    title: Text
    managed_by: str = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A channel by which readings reach us: a connector kind, its options, a crontab schedule."""

    id: str
    kind: str
    schedule: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    enabled: bool = True
    managed_by: str = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything configured, valid as a whole: what `configfile` loads and `store.catalogue` keeps."""

    programmes: tuple[Programme, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    targets: tuple[Target, ...] = ()
    sources: tuple[Source, ...] = ()
