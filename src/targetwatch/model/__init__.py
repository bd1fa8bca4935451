"""The frozen values everything speaks in: what is announced, published and judged.

Knows no clock, database or file. Dates are calendar days; moments are aware datetimes. The catalogue, and the
verdicts that hold it, are loaded when first asked for: that takes as long as all the rest of `targetwatch --help`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from targetwatch.model.people import Role, Scope, Token, User
from targetwatch.model.reading import FetchedDocument, Figure, Reading
from targetwatch.model.words import (
    AsOf,
    Basis,
    Clock,
    Comparator,
    DataState,
    Derived,
    Measure,
    Performance,
    Period,
    PlanShape,
    Qualifier,
    Text,
)

if TYPE_CHECKING:
    from targetwatch.model.catalogue import (
        Announcement,
        Baseline,
        Catalogue,
        Derivation,
        Goal,
        GoalChange,
        Indicator,
        Owner,
        Plan,
        Programme,
        Publisher,
        Release,
        RollingTotal,
        Source,
        Step,
        Steward,
        Target,
        TargetVersion,
        Waypoint,
        as_json,
        as_yaml,
        ingredients,
        read,
    )
    from targetwatch.model.verdict import (
        Acknowledgement,
        Caveat,
        EarlierGoal,
        Forecast,
        Snapshot,
        StatusChange,
        StepState,
        Verdict,
    )

__all__ = [
    "Acknowledgement",
    "Announcement",
    "AsOf",
    "Baseline",
    "Basis",
    "Catalogue",
    "Caveat",
    "Clock",
    "Comparator",
    "DataState",
    "Derivation",
    "Derived",
    "EarlierGoal",
    "FetchedDocument",
    "Figure",
    "Forecast",
    "Goal",
    "GoalChange",
    "Indicator",
    "Measure",
    "Owner",
    "Performance",
    "Period",
    "Plan",
    "PlanShape",
    "Programme",
    "Publisher",
    "Qualifier",
    "Reading",
    "Release",
    "Role",
    "RollingTotal",
    "Scope",
    "Snapshot",
    "Source",
    "StatusChange",
    "Step",
    "StepState",
    "Steward",
    "Target",
    "TargetVersion",
    "Text",
    "Token",
    "User",
    "Verdict",
    "Waypoint",
    "as_json",
    "as_yaml",
    "ingredients",
    "read",
]


def __getattr__(name: str) -> object:
    """Return a name of the catalogue or of verdicts, loading both on first use; from then on it is here."""
    homes = [import_module(f"{__name__}.{home}") for home in ("catalogue", "verdict")] if name in __all__ else []
    home = next((one for one in homes if hasattr(one, name)), None)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    found = globals()[name] = getattr(home, name)
    return found
