"""What is configured: indicators, targets with their versions, owners, sources.

One class is the YAML, the program's value, the stored JSON and the names of a form's fields. Amounts are exact
`Decimal`s in the indicator's unit; ratios are 0..1 (a change of -60 % is -0.6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass as plain_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    WithJsonSchema,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema
from pydantic.types import StrictBool

from targetwatch.model.scalars import (
    Country,
    Crontab,
    Day,
    Days,
    Email,
    Note,
    Number,
    OrNothing,
    OrWord,
    Percent,
    PeriodValue,
    Prose,
    Slug,
    Title,
    Unsaid,
    WebAddress,
    Words,
    Written,
    json_value,
    plain_number,
    refuse,
    shown,
)
from targetwatch.model.words import Comparator, Derived, Measure, PlanShape, Text

CLOSED = ConfigDict(extra="forbid", hide_input_in_errors=True)
"""No key but the known ones, and no value of the user's in an error of pydantic's own."""

NO_DAYS: JsonDict = {"default": "0d"}
FLOOR = Decimal(-1)
FEWEST_MONTHS, MOST_MONTHS = 2, 60
"""What a rolling total may span: one month is the flow itself, five years are the past that a forecast knows."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Release:
    """The release calendar: how often, how long after the period's end, and how late is late.

    Irregular: no next release can be named. `calendar` is the country whose working days count (None: every
    day is one). `january_with_february`: one release for both.
    """

    every: Literal["day", "week", "month", "quarter", "half", "year", "irregular"] = Field(
        default="irregular", description="how often a figure is published; irregular: no next release can be named"
    )
    lag: Days = Field(
        default=0, description="days from the period's end to its publication, such as 31d", json_schema_extra=NO_DAYS
    )
    grace: Days = Field(
        default=0,
        description="days after that before the figure counts as late, such as 14d",
        json_schema_extra=NO_DAYS,
    )
    calendar: Country | None = Field(
        default=None, description="country whose working days count, such as CN; else every day"
    )
    january_with_february: StrictBool = Field(
        default=False, description="true where January and February are published together"
    )


@plain_dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a derived indicator comes from others; `base` and `base_on` anchor a chained index, `months` span a total."""

    kind: Derived
    of: tuple[str, ...]
    base: Decimal | None = None
    base_on: date | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class RollingTotal:
    """Which flow is summed over how many months up to each month's end."""

    indicator: Slug = Field(description="the flow that is summed")
    months: int = Field(
        description="over how many months, from 2 to 60",
        json_schema_extra={"minimum": FEWEST_MONTHS, "maximum": MOST_MONTHS},
    )

    @field_validator("months")
    @classmethod
    def _spans(cls, months: int) -> int:
        if not FEWEST_MONTHS <= months <= MOST_MONTHS:
            refuse("rolling_months", given=months, least=FEWEST_MONTHS, most=MOST_MONTHS)
        return months


def ingredients(said: RollingTotal | tuple[str, ...] | str | None) -> tuple[str, ...]:
    """Return the ids that a rule of a derived indicator names."""
    if isinstance(said, RollingTotal):
        return (said.indicator,)
    return (said,) if isinstance(said, str) else tuple(said or ())


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Steward:
    """Who looks after figures, and is mailed when they are late, wait for a person, or stop coming in."""

    name: Prose = Field(description="the office's or person's name")
    email: Email = Field(description="where that mail goes")
    language: Literal["en", "zh"] = Field(default="en", description="the language of that mail")


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Indicator:
    """What is measured, or computed from others by one of the five rules.

    `authority` is the one publisher whose count is judged; others are shown beside it. `lowest` and `highest` bound a
    plausible single value.
    """

    id: Slug = Field(description="a stable name, used by targets, readings and metrics")
    annual_total_of: Slug | None = Field(default=None, description="the flow whose calendar-year total this is")
    rolling_total_of: RollingTotal | None = Field(
        default=None, description="the flow whose total over the last months this is, and over how many"
    )
    ratio: tuple[Slug, ...] | None = Field(default=None, description="two indicators: the first divided by the second")
    growth_of: Slug | None = Field(
        default=None, description="the indicator whose growth on the same period last year this is"
    )
    chained_from: Slug | None = Field(
        default=None, description="the yearly changes in % that this index chains from its base"
    )
    base: Number | None = Field(default=None, description="the chained index on base_on, usually 100")
    base_on: Day | None = Field(default=None, description="the day on which the chained index stands at its base")
    title: Title = Field(description="the name people read, in both languages")
    measure: Annotated[Measure, WithJsonSchema({"enum": [one.value for one in Measure]})] = Field(
        description="how readings combine: flow (adds up), level (stands at a date) or milestones (steps done)"
    )
    unit: Unsaid[Words] = Field(
        default="", description="what the values count, such as TEU; only milestones go without"
    )
    unit_label: Note = Field(default=Text(), description="the unit as people read it, where it differs from unit")
    scope: Note = Field(default=Text(), description="what is counted and what is not")
    authority: Slug = Field(default="", description="the publisher whose count is judged; others are shown beside it")
    release: Release = Field(default=Release(), description="when its figures are published")
    lowest: Number | None = Field(default=None, description="a reading below this is held for a person")
    highest: Number | None = Field(default=None, description="a reading above this is held for a person")
    steward: Steward | None = Field(default=None, description="who looks after its figures; if none, the owners")
    note: Note = Field(default=Text(), description="anything a reader should know")
    managed_by: str = Field(default="file", exclude=True)

    @property
    def derivation(self) -> Derivation | None:
        """Return by which rule it is computed from which others; None when it is measured."""
        for kind in Derived:
            if of := getattr(self, kind.value):
                parts = ingredients(of)
                months = self.rolling_total_of.months if self.rolling_total_of else None
                return Derivation(kind=kind, of=parts, base=self.base, base_on=self.base_on, months=months)
        return None


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(**CLOSED, populate_by_name=True))
class GoalChange:
    """A goal relative to the baseline: `by` is -0.6 for -60 %."""

    by: Percent = Field(
        description="the change against the baseline: -60% (at most 40 % of it is left) or +100% (at least twice it)"
    )
    from_: Literal["baseline"] = Field(
        default="baseline", alias="from", description="what it is a change of: the baseline"
    )

    @field_validator("by")
    @classmethod
    def _changes(cls, by: Decimal) -> Decimal:
        if by == 0 or by < FLOOR:
            refuse("change_none", given=plain_number(by * 100))
        return by


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Goal:
    """The promise in numbers: exactly one of these, or that every step is `complete`."""

    above: Number | None = Field(default=None, description="more than this; exactly this is not enough")
    at_least: Number | None = Field(default=None, description="this or more")
    below: Number | None = Field(default=None, description="less than this; exactly this is not enough")
    at_most: Number | None = Field(default=None, description="this or less")
    between: tuple[Number, ...] | None = Field(
        default=None, description="from the first to the second number, both included"
    )
    change: GoalChange | None = Field(default=None, description="a change relative to the baseline")
    complete: SkipJsonSchema[Literal[True] | None] = Field(default=None, description="true: all steps are done")

    @property
    def comparator(self) -> Comparator:
        """Return what counts as attained; a change is at most what it falls to, at least what it rises to."""
        if self.change is not None:
            return Comparator.AT_MOST if self.change.by < 0 else Comparator.AT_LEAST
        return next(one for one in Comparator if getattr(self, one.value) is not None)

    @property
    def value(self) -> Decimal | None:
        """Return the number promised, the lower one of a range; None for a change and for steps."""
        if self.between is not None:
            return self.between[0]
        return next((one for one in (self.above, self.at_least, self.below, self.at_most) if one is not None), None)

    @property
    def upper(self) -> Decimal | None:
        """Return the upper end of a range."""
        return None if self.between is None else self.between[1]

    @property
    def relative(self) -> Decimal | None:
        """Return the change promised (-0.6 for -60 %); None for an absolute goal."""
        return None if self.change is None else self.change.by

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        if raw == "complete":
            return {"complete": True}
        if raw is None:
            refuse("goal_empty")
        if isinstance(raw, str | int | Decimal | list):
            number = shown(raw) if isinstance(raw, int | Decimal) and not isinstance(raw, bool) else "270000"
            refuse("goal_bare", given=shown(raw), number=number)
        return raw

    @model_validator(mode="after")
    def _only_one(self) -> Goal:
        named = [name for name in GOALS if getattr(self, name) is not None]
        if not named:
            refuse("goal_none", known=GOALS[:-1])
        if len(named) > 1:
            refuse("goal_many", count=len(named), named=" and ".join(named), known=GOALS[:-1])
        return self

    @field_validator("between")
    @classmethod
    def _ordered(cls, ends: tuple[Decimal, ...] | None) -> tuple[Decimal, ...] | None:
        if ends is None:
            return None
        if len(ends) != 2:  # noqa: PLR2004 - a range has two ends
            refuse("between_two", count=len(ends))
        low, high = (plain_number(end) for end in ends)
        if ends[0] == ends[1]:
            refuse("between_nothing", low=low, high=high)
        if ends[0] > ends[1]:
            refuse("between_order", low=low, high=high)
        return ends

    @model_serializer(mode="wrap")
    def _write(self, fields: SerializerFunctionWrapHandler) -> Any:  # noqa: ANN401 - a word or a mapping
        return "complete" if self.complete else {name: said for name, said in fields(self).items() if said is not None}


GOALS = ("above", "at_least", "below", "at_most", "between", "change", "complete")


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Baseline:
    """Where the indicator stood before."""

    value: Number = Field(description="the value, in the indicator's unit")
    period: PeriodValue = Field(description="what it describes: 2024, 2024-12, 2024-01..2024-06 or 2024-12-31")


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Waypoint:
    """One point of the expected path."""

    on: Day = Field(description="the day")
    value: Number = Field(description="the value expected then; of a flow, since the start")


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Plan:
    """The expected path: a word for its shape, or its points."""

    shape: SkipJsonSchema[PlanShape] = PlanShape.LINEAR
    waypoints: tuple[Waypoint, ...] = Field(
        default=(), description="the points, in order of their days", json_schema_extra={"minItems": 1}
    )

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        if isinstance(raw, Mapping):
            if "shape" in raw:
                refuse("unknown_key", at=("shape",), name="shape", known=["waypoints"])
            if raw.get("waypoints") == []:
                refuse("empty_list", at=("waypoints",))
            return {"shape": PlanShape.WAYPOINTS, **raw}
        if isinstance(raw, str | int | Decimal | list):
            shapes = (PlanShape.LINEAR.value, PlanShape.SEASONAL.value)
            if raw not in shapes:
                refuse("unknown_word", given=shown(raw), word=str(raw), known=shapes)
            return {"shape": PlanShape(str(raw))}
        return raw

    @model_serializer(mode="wrap")
    def _write(self, fields: SerializerFunctionWrapHandler) -> Any:  # noqa: ANN401 - a word or a mapping
        return {"waypoints": fields(self)["waypoints"]} if self.waypoints else self.shape.value


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Step:
    """One milestone of a target."""

    id: Slug = Field(description="a stable name, used by the reading that reports it done")
    title: Title = Field(description="what is to be done, in both languages")
    due: Day | None = Field(default=None, description="its own due date; the target's deadline if left out")


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Announcement:
    """Who promised it, when, where, in which words."""

    by: Prose = Field(description="who announced it")
    on: Day = Field(description="the day it was announced; the target does not exist before")
    source: Note = Field(default=Text(), description="where it was printed")
    url: Unsaid[WebAddress] = Field(default="", description="the address of that")
    quote: Unsaid[Words] = Field(default="", description="the words themselves")


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Owner:
    """Who answers for a target, and where their mail goes."""

    id: Slug = Field(description="short name in metrics and routes; made from the English name if left out")
    name: Prose = Field(description="the office's or person's name")
    email: Unsaid[Email] = Field(default="", description="where mail about the target goes; without one, none is sent")
    language: Literal["en", "zh"] = Field(default="en", description="the language of that mail")
    digest: StrictBool = Field(default=False, description="true: a summary on Monday mornings too")
    managed_by: str = Field(default="file", exclude=True)


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class TargetVersion:
    """What the promise said from `effective` on."""

    number: int
    effective: Day = Field(description="the day from which it counts; the past keeps the version before")
    goal: Annotated[Goal, OrWord("complete")] = Field(
        description="the promise: one comparator with its number, or complete"
    )
    baseline: Baseline | None = Field(default=None, description="where the indicator stood before")
    start: Day = Field(description="first day of the window; the announcement's day if left out")
    deadline: Day | None = Field(default=None, description="last day of the window; only milestones may go without")
    plan: Annotated[Plan, OrWord("linear", "seasonal"), OrNothing(Plan())] = Field(
        default=Plan(), description="the expected path: linear, seasonal or waypoints"
    )
    steps: Annotated[tuple[Step, ...], OrNothing(())] = Field(
        default=(), description="the milestones, in order; only for milestone indicators"
    )
    reason: Unsaid[Words] = Field(default="", description="why it was changed")
    announcement: Announcement = Field(description="who promised it, when, where, in which words")

    @property
    def begins_on(self) -> date:
        """Return the first day on which it was promised and its window was open."""
        return max(self.start, self.effective)

    def repeated_by(self, other: TargetVersion) -> bool:
        """Return whether another version says the same, announced by the same."""
        return all(getattr(self, name) == getattr(other, name) for name in PROMISED)


PROMISED = ("goal", "baseline", "start", "deadline", "plan", "steps", "announcement")
"""What a version says, beside from when and why."""


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Target:
    """One announced promise about an indicator, with every version it has had (oldest first, never empty)."""

    id: Slug = Field(description="a stable name, used in metrics and addresses")
    indicator: Slug = Field(description="the indicator it is about")
    programme: Unsaid[Slug] = Field(default="", description="the heading it stands under")
    title: Title = Field(description="the name people read, in both languages")
    short: Title = Field(description="a shorter name for the wall; the title if left out")
    owner: Annotated[Owner, PlainSerializer(lambda owner: owner.id)] = Field(
        description="who answers for it: the id of one of the owners, or one written out here"
    )
    versions: tuple[TargetVersion, ...] = Field(description="later changes, oldest first; nothing is written over")
    note: Note = Field(default=Text(), description="anything a reader should know")
    managed_by: str = Field(default="file", exclude=True)

    @property
    def announced_on(self) -> date:
        """Return the day from which its first version counts: nothing is said of it before."""
        return self.versions[0].effective

    def version_on(self, day: date) -> TargetVersion | None:
        """Return the version in force on `day`; None before the target was announced."""
        return next((version for version in reversed(self.in_force()) if version.effective <= day), None)

    def in_force(self) -> tuple[TargetVersion, ...]:
        """Return the versions that count, each until the next: one undone from the day it began never did.

        What says again what is in force changes nothing, so that the past judged after an undoing is as it was.
        """
        found: list[TargetVersion] = []
        for last in {version.effective: version for version in self.versions}.values():
            if not found or not found[-1].repeated_by(last):
                same = (one for one in self.versions if one.effective == last.effective and one.repeated_by(last))
                found.append(next(same))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Programme:
    """A heading several targets stand under."""

    id: Slug = Field(description="a stable name, used by targets")
    title: Title = Field(description="the heading, in both languages")
    managed_by: str = Field(default="file", exclude=True)


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Publisher:
    """Whose count a reading is, whoever printed it."""

    id: Slug = Field(description="a stable name, used by indicators and readings")
    title: Title = Field(description="the office's name, in both languages")
    managed_by: str = Field(default="file", exclude=True)


@dataclass(frozen=True, slots=True, kw_only=True, config=CLOSED)
class Source:
    """A channel by which readings reach us: a connector kind, its options, a crontab schedule."""

    id: Slug = Field(description="a stable name, used by readings, runs and metrics")
    title: Note = Field(default=Text(), description="the name people read; the id if left out")
    kind: Words = Field(description="the connector that reads it")
    schedule: Unsaid[Crontab] = Field(
        default="", description="when it is read: minute hour day month weekday; only by hand if left out"
    )
    enabled: StrictBool = Field(default=True, description="false keeps it in the file without reading it")
    options: Annotated[Mapping[str, object], BeforeValidator(json_value)] = Field(
        default_factory=dict, description="the connector's own options; values may hold ${VARIABLE}"
    )
    steward: Steward | None = Field(default=None, description="who is mailed when it fails or changes its shape")
    managed_by: str = Field(default="file", exclude=True)


@plain_dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything configured, valid as a whole: what `configuration` loads and `store.catalogue` keeps."""

    programmes: tuple[Programme, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    targets: tuple[Target, ...] = ()
    sources: tuple[Source, ...] = ()

    @cached_property
    def indicators_by_id(self) -> Mapping[str, Indicator]:
        """Return the indicators by their ids, in the order configured."""
        return {one.id: one for one in self.indicators}

    @cached_property
    def targets_by_id(self) -> Mapping[str, Target]:
        """Return the targets by their ids, in the order configured."""
        return {one.id: one for one in self.targets}


adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""What validates and writes values of a class."""


def read(kind: type[T], raw: object, written: Written | None = None) -> T:
    """Return the value that `raw` (YAML's plain values, or stored JSON) says.

    With `written` the spelling of every value is judged as a person's.

    Raises:
        ValidationError: with a code for everything that is wrong.
    """
    value: T = adapter(kind).validate_python(raw, context=written)
    return value


def as_json(value: object) -> Any:  # noqa: ANN401 - JSON is whatever JSON is
    """Return a value as stored: JSON with exact digits in text, from which `read` makes an equal value."""
    return adapter(type(value)).dump_python(value, mode="json", by_alias=True, exclude_defaults=True)


def as_yaml(value: object, *, whole: bool = False) -> Any:  # noqa: ANN401 - YAML's plain values
    """Return a value as a file has it: as JSON, but with numbers as exact `Decimal`s; `whole` with what is left out."""
    return adapter(type(value)).dump_python(value, by_alias=True, exclude_defaults=not whole)
