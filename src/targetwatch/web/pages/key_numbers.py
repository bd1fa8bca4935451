"""The key numbers of a verdict, each with its name and what it is to be compared with; unknown ones are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.model import Measure
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from decimal import Decimal

    from targetwatch.evaluation.goal import Resolved
    from targetwatch.model import Indicator, TargetVersion, Verdict
    from targetwatch.web.formats import Formats


@dataclass(frozen=True, slots=True)
class Number:
    """One number as it is shown."""

    label: str
    value: str
    hint: str = ""


def of(
    formats: Formats, verdict: Verdict, indicator: Indicator, *, version: TargetVersion, goal: Resolved
) -> list[Number]:
    """Return the numbers worth a box, in the order a reader asks for them."""
    _ = translator(formats.language)
    shown = [Number(_("Goal"), formats.goal(version, goal, indicator))]

    def add(label: str, value: float | None, text: str, hint: str = "") -> None:
        if value is not None:
            shown.append(Number(label, text, hint))

    def amount(value: Decimal | float | None) -> str:
        return formats.amount(value, indicator)

    v, percent = verdict, formats.percent
    through = _("through {day}", day=formats.day(v.data_through))
    if v.actual_rounding:
        through = f"± {formats.width(v.actual_rounding, indicator)}{_(', ')}{through}"
    if v.provisional:
        through = f"{through}{_(', ')}{_('provisional')}"
    if v.actual_value is not None:
        shown.append(Number(_("Actual"), amount(v.actual_value), through))
    add(_("Plan by then"), v.expected_value, amount(v.expected_value))
    add(_("Share of the goal"), v.progress_ratio, percent(v.progress_ratio, signed=False))
    add(_("Pace"), v.pace_ratio, formats.number(v.pace_ratio), _pace_hint(formats, v))
    if v.buffer_days:
        standing = _("Ahead of plan") if v.buffer_days > 0 else _("Behind plan")
        add(standing, v.buffer_days, _("{days} days", days=f"{abs(v.buffer_days):.0f}"))
    if indicator.measure is Measure.FLOW:
        add(_("Same period a year before"), v.last_year_to_date, amount(v.last_year_to_date))
        add(
            _("Growth still needed"),
            v.required_growth_ratio,
            percent(v.required_growth_ratio),
            _("of the rest, on a year before"),
        )
    so_far = _("so far {amount}", amount=amount(v.value_per_month)) if v.value_per_month is not None else ""
    add(_("Needed a month"), v.required_value_per_month, amount(v.required_value_per_month), so_far)
    add(_("Baseline"), float(v.baseline_value) if v.baseline_value is not None else None, amount(v.baseline_value))
    if v.forecast is not None:
        between = _("4 in 5 between {low} and {high}", low=amount(v.forecast.low), high=amount(v.forecast.high))
        add(_("Forecast at the deadline"), v.forecast.median, amount(v.forecast.median), between)
    if v.attainment_probability is not None:
        add(_("Odds of making it"), v.attainment_probability, formats.chances(verdict, indicator))
    return shown


def _pace_hint(formats: Formats, verdict: Verdict) -> str:
    _ = translator(formats.language)
    hint = _("1.00 is on plan")
    if verdict.straight_line_pace_ratio is None:
        return hint
    straight = _("straight line: {pace}", pace=formats.number(verdict.straight_line_pace_ratio))
    return f"{hint}{_('; ')}{straight}"
