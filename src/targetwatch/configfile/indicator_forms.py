"""Indicators as they stand in the file: what is measured, or how it is computed from others."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.config import JsonDict

from targetwatch.configfile.scalars import Country, Day, Days, Number, Slug
from targetwatch.configfile.text_forms import Form, Prose, Title, Words

NO_DAYS: JsonDict = {"default": "0d"}


class ReleaseForm(Form):
    """The release calendar: how often figures come, how long after the period, how late is late."""

    every: Literal["month", "quarter", "half", "year", "irregular"] = Field(
        "irregular", description="how often a figure is published; irregular: no next release can be named"
    )
    lag: Days = Field(
        0, description="days from the period's end to its publication, such as 31d", json_schema_extra=NO_DAYS
    )
    grace: Days = Field(
        0, description="days after that before the figure counts as late, such as 14d", json_schema_extra=NO_DAYS
    )
    calendar: Country | None = Field(None, description="country whose working days count, such as CN; else every day")
    january_with_february: bool = Field(
        default=False, description="true where January and February are published together"
    )


class _AnyIndicatorForm(Form):
    """What measured and derived indicators share."""

    id: Slug = Field(description="a stable name, used by targets, readings and metrics")
    unit_label: Prose | None = Field(None, description="the unit as people read it, where it differs from unit")
    scope: Prose | None = Field(None, description="what is counted and what is not")
    lowest: Number | None = Field(None, description="a reading below this is held for a person")
    highest: Number | None = Field(None, description="a reading above this is held for a person")
    note: Prose | None = Field(None, description="anything a reader should know")


class IndicatorForm(_AnyIndicatorForm):
    """What is measured: measure, unit, scope, whose count, and when it is published."""

    title: Title = Field(description="the name people read, in both languages")
    measure: Literal["flow", "level", "milestones"] = Field(
        description="how readings combine: flow (adds up), level (stands at a date) or milestones (steps done)"
    )
    unit: Words | None = Field(None, description="what the values count, such as TEU; only milestones go without")
    authority: Slug = Field(description="the publisher whose count is judged; others are shown beside it")
    release: ReleaseForm = Field(ReleaseForm(), description="when its figures are published")


class DerivedForm(_AnyIndicatorForm):
    """An indicator computed from others and judged like any other; exactly one rule says how."""

    annual_total_of: Slug | None = Field(None, description="the flow whose calendar-year total this is")
    ratio: list[Slug] | None = Field(None, description="two indicators: the first divided by the second")
    growth_of: Slug | None = Field(None, description="the indicator whose growth on the same period last year this is")
    chained_from: Slug | None = Field(None, description="the yearly changes in % that this index chains from its base")
    base: Number | None = Field(None, description="the chained index on base_on, usually 100")
    base_on: Day | None = Field(None, description="the day on which the chained index stands at its base")
    title: Title | None = Field(None, description="the name people read; made from the others' titles if left out")
    unit: Words | None = Field(None, description="what the values count; taken from the rule if left out")
    authority: Slug | None = Field(None, description="the publisher judged; that of the first indicator if left out")
    release: ReleaseForm | None = Field(None, description="when its figures appear; as the first one's if left out")
