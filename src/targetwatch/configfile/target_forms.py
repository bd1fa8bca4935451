"""Targets as they stand in the file: the promise, its window and plan, who made it, and what changed later."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from targetwatch.configfile.scalars import Day, Number, Percent, PeriodValue, Slug, WebAddress, shown
from targetwatch.configfile.text_forms import Form, OwnerForm, Prose, Title, Words


class ChangeForm(Form):
    """A goal relative to the baseline."""

    by: Percent = Field(
        description="the change against the baseline: -60% (at most 40 % of it is left) or +100% (at least twice it)"
    )
    from_: Literal["baseline"] = Field("baseline", alias="from", description="what it is a change of: the baseline")


class GoalForm(Form):
    """The promise in numbers: exactly one of these keys."""

    above: Number | None = Field(None, description="more than this; exactly this is not enough")
    at_least: Number | None = Field(None, description="this or more")
    below: Number | None = Field(None, description="less than this; exactly this is not enough")
    at_most: Number | None = Field(None, description="this or less")
    between: list[Number] | None = Field(None, description="from the first to the second number, both included")
    change: ChangeForm | None = Field(None, description="a change relative to the baseline")


def _mapping_or(word: str) -> Discriminator:
    def tag(raw: Any) -> str:  # noqa: ANN401 - pydantic gives whatever stands in the file
        return "mapping" if isinstance(raw, dict | Form) else word

    return Discriminator(tag)


def _complete(raw: object) -> str:
    if raw == "complete":
        return "complete"
    if raw is None:
        raise ValueError("nothing stands here, expected the promise such as {above: 270000}, or complete")
    number = shown(raw) if isinstance(raw, int | Decimal) and not isinstance(raw, bool) else "270000"
    raise ValueError(f"{shown(raw)} does not say what counts as attained, write {{above: {number}}} or the like")


AnyGoal = Annotated[
    Annotated[str, BeforeValidator(_complete), WithJsonSchema({"const": "complete"}), Tag("complete")]
    | Annotated[GoalForm, Tag("mapping")],
    _mapping_or("complete"),
]


class BaselineForm(Form):
    """Where the indicator stood before."""

    value: Number = Field(description="the value, in the indicator's unit")
    period: PeriodValue = Field(description="what it describes: 2024, 2024-12, 2024-01..2024-06 or 2024-12-31")


class WaypointForm(Form):
    """One point of the expected path."""

    on: Day = Field(description="the day")
    value: Number = Field(description="the value expected then; of a flow, since the start")


class WaypointsForm(Form):
    """An expected path by points; straight between them, from the start and to the goal."""

    waypoints: list[WaypointForm] = Field(description="the points, in order of their days", min_length=1)


AnyPlan = Annotated[
    Annotated[Literal["linear", "seasonal"], Tag("shape")] | Annotated[WaypointsForm, Tag("mapping")],
    _mapping_or("shape"),
]


class StepForm(Form):
    """One milestone."""

    id: Slug = Field(description="a stable name, used by the reading that reports it done")
    title: Title = Field(description="what is to be done, in both languages")
    due: Day | None = Field(None, description="its own due date; the target's deadline if left out")


class AnnouncementForm(Form):
    """Who promised it, when, where, in which words."""

    by: Words = Field(description="who announced it")
    on: Day = Field(description="the day it was announced; the target does not exist before")
    source: Words | None = Field(None, description="where it was printed")
    url: WebAddress | None = Field(None, description="the address of that")
    quote: Words | None = Field(None, description="the words themselves")


class _Terms(Form):
    """What a version may say anew."""

    goal: AnyGoal | None = Field(None, description="the promise: one comparator with its number, or complete")
    baseline: BaselineForm | None = Field(None, description="where the indicator stood before")
    start: Day | None = Field(None, description="first day of the window; the announcement's day if left out")
    deadline: Day | None = Field(None, description="last day of the window; only milestones may go without")
    plan: AnyPlan | None = Field(None, description="the expected path: linear, seasonal or waypoints")
    steps: list[StepForm] | None = Field(None, description="the milestones, in order; only for milestone indicators")


class VersionForm(_Terms):
    """A later change of the promise; what it does not name stays as it was."""

    effective: Day = Field(description="the day from which it counts; the past keeps the version before")
    reason: Words = Field(description="why it was changed")
    announcement: AnnouncementForm = Field(description="who announced the change, when and where")


class TargetForm(_Terms):
    """One announced promise about an indicator."""

    id: Slug = Field(description="a stable name, used in metrics and addresses")
    indicator: Slug = Field(description="the indicator it is about")
    programme: Slug | None = Field(None, description="the heading it stands under")
    title: Title = Field(description="the name people read, in both languages")
    short: Title | None = Field(None, description="a shorter name for the wall; the title if left out")
    owner: Annotated[Annotated[Slug, Tag("id")] | Annotated[OwnerForm, Tag("mapping")], _mapping_or("id")] = Field(
        description="who answers for it: the id of one of the owners, or one written out here"
    )
    goal: AnyGoal = Field(description="the promise: one comparator with its number, or complete")
    announcement: AnnouncementForm = Field(description="who promised it, when, where, in which words")
    versions: list[VersionForm] = Field([], description="later changes, oldest first; nothing is written over")
    note: Prose | None = Field(None, description="anything a reader should know")
