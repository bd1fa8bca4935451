"""The key numbers of a verdict, each with its name and what it is to be compared with; unknown ones are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.evaluation.phrases import odds
from targetwatch.model import Measure
from targetwatch.web.phrases import PHRASES

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

    def say(key: str, **values: object) -> str:
        return PHRASES[key][formats.language].format(**values)

    shown = [Number(say("goal"), formats.goal(version, goal, indicator))]

    def add(key: str, value: float | None, text: str, hint: str = "") -> None:
        if value is not None:
            shown.append(Number(say(key), text, hint))

    def amount(value: Decimal | float | None) -> str:
        return formats.amount(value, indicator)

    v, percent = verdict, formats.percent
    through = say("actual_through", day=formats.day(v.data_through))
    if v.actual_rounding:
        through = f"± {formats.width(v.actual_rounding, indicator)}{say('comma')}{through}"
    if v.provisional:
        through = f"{through}{say('comma')}{say('provisional')}"
    if v.actual_value is not None:
        shown.append(Number(say("actual"), amount(v.actual_value), through))
    add("expected", v.expected_value, amount(v.expected_value))
    add("progress", v.progress_ratio, percent(v.progress_ratio, signed=False))
    add("pace", v.pace_ratio, formats.number(v.pace_ratio), _pace_hint(formats, v))
    if v.buffer_days:
        key = "buffer" if v.buffer_days > 0 else "behind"
        add(key, v.buffer_days, say("buffer_days", days=f"{abs(v.buffer_days):.0f}"))
    if indicator.measure is Measure.FLOW:
        add("last_year", v.last_year_to_date, amount(v.last_year_to_date))
        add("required_growth", v.required_growth_ratio, percent(v.required_growth_ratio), say("required_growth_hint"))
    so_far = say("so_far_month", amount=amount(v.value_per_month)) if v.value_per_month is not None else ""
    add("required_month", v.required_value_per_month, amount(v.required_value_per_month), so_far)
    add("baseline", float(v.baseline_value) if v.baseline_value is not None else None, amount(v.baseline_value))
    if v.forecast is not None:
        between = say("forecast_range", low=amount(v.forecast.low), high=amount(v.forecast.high))
        add("forecast", v.forecast.median, amount(v.forecast.median), between)
    if v.attainment_probability is not None:
        add("odds", v.attainment_probability, odds(v.attainment_probability)[formats.language])
    return shown


def _pace_hint(formats: Formats, verdict: Verdict) -> str:
    hint = PHRASES["pace_hint"][formats.language]
    if verdict.straight_line_pace_ratio is None:
        return hint
    straight = PHRASES["straight"][formats.language].format(pace=formats.number(verdict.straight_line_pace_ratio))
    return f"{hint}{PHRASES['semicolon'][formats.language]}{straight}"
