"""The figures a verdict rests on, gathered before anything is said about them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from targetwatch.model import Forecast, StepState, Text


@dataclass(slots=True, kw_only=True)
class Numbers:
    """Fields of the same names in `Verdict`.

    `final` says that the figure deciding the deadline is known, `start_value` where a level started.
    """

    final: bool = False
    start_value: Decimal | None = None
    provisional: bool = False
    data_through: date | None = None
    published_on: date | None = None
    baseline_value: Decimal | None = None
    actual_value: Decimal | None = None
    actual_rounding: Decimal = Decimal(0)
    expected_value: float | None = None
    variance: float | None = None
    progress_ratio: float | None = None
    expected_progress_ratio: float | None = None
    pace_ratio: float | None = None
    straight_line_pace_ratio: float | None = None
    last_year_to_date: float | None = None
    last_year_rest: float | None = None
    last_year_total: float | None = None
    required_growth_ratio: float | None = None
    required_value_per_month: float | None = None
    value_per_month: float | None = None
    remaining_months: float | None = None
    buffer_days: float | None = None
    attainment_probability: float | None = None
    forecast: Forecast | None = None
    steps: tuple[StepState, ...] = ()
    notes: list[Text] = field(default_factory=list)
    evidence: str = ""


SHARED = tuple(f.name for f in fields(Numbers) if f.name not in {"final", "start_value", "notes"})
