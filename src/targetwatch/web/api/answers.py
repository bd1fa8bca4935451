"""What the API answers: the values of the model in the shapes of its version 1.

A shape is made of the class whose values it shows, so that a field is spelled once. What counts in an indicator's unit
is a decimal string beside that `unit`; ratios, odds and days are JSON numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema, create_model
from starlette.responses import Response

from targetwatch import model
from targetwatch.model import Clock, Indicator, Snapshot, Target, TargetVersion
from targetwatch.model.scalars import plain_number
from targetwatch.store.audit import AuditEntry
from targetwatch.web import render
from targetwatch.wording import exported, verdict
from targetwatch.wording.translation import LANGUAGES, translator

IN_UNIT = frozenset({"expected_value", "variance", "last_year_to_date", "last_year_rest", "last_year_total"}) | {
    *("required_value_per_month", "value_per_month", "median", "low", "high"),
}
"""The estimates that count in the unit of their indicator."""
DIGITS = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["154600"]}
Number = Annotated[Decimal, PlainSerializer(plain_number, return_type=str), WithJsonSchema(DIGITS)]
FROM_VALUES = ConfigDict(from_attributes=True)
ROWS, MOST_ROWS = 100, 1000
Row = TypeVar("Row")
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="So many at most; the rest follows at `next`")]
Cursor = Annotated[str, Query(max_length=1000, description="Where to go on, as the `next` of a page says")]
NumberCursor = Annotated[int, Query(ge=0, le=2**63 - 1, alias="cursor", description="Where to go on: the last number")]


@cache
def shape(kind: type) -> Any:  # noqa: ANN401 - a class made here
    """Return the model of a class's values: what is nested likewise, every field always there."""
    hints = get_type_hints(kind)
    said = {field.name: (_answered(hints[field.name], field.name), ...) for field in fields(kind)}
    return create_model(kind.__name__, __config__=FROM_VALUES, **said)  # type: ignore[call-overload]


def _answered(hint: Any, name: str) -> Any:  # noqa: ANN401 - whatever may stand in an annotation
    if name == "members":
        return tuple[tuple[str, Number, float], ...]
    if hint is Decimal or (hint is float and name in IN_UNIT):
        return Number
    if is_dataclass(hint):
        return shape(hint)  # type: ignore[arg-type]
    parts = tuple(_answered(one, name) for one in get_args(hint))
    if get_origin(hint) is tuple:
        return tuple[parts]  # type: ignore[valid-type]
    return reduce(or_, parts) if get_origin(hint) in {UnionType, Union} else hint


def _without(kind: type, *left_out: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the fields of a class's shape but for some, and `more`, for a model of them."""
    kept = {name: (one.annotation, one) for name, one in shape(kind).model_fields.items() if name not in left_out}
    return kept | {name: (said, ...) for name, said in more.items()}


Text: Any = shape(model.Text)
Release: Any = shape(model.Release)
Derivation: Any = shape(model.Derivation)
Figure: Any = shape(model.Figure)


class SaidProblem(BaseModel):
    """One thing wrong: a stable code with its values, where it is, and its sentence for a person."""

    code: str
    values: dict[str, Any]
    where: str = ""
    sentence: str


class ProblemAnswer(BaseModel):
    """What is answered instead (RFC 9457): the first problem's code and values, the sentence of all, and each."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What is wrong and what was expected")
    instance: str = Field(description="The path asked for")
    code: str
    values: dict[str, Any]
    problems: list[SaidProblem]


class PageAnswer(BaseModel):
    """A part of a list; `next` is the address of the part that follows, null on the last."""

    next: str | None = None


class MomentAnswer(BaseModel):
    """The moment that an answer is as of."""

    as_of: date
    clock: Clock
    taken_at: datetime
    simulated: bool


class Named(BaseModel):
    """Who answers for a target; an address is nobody's business here."""

    id: str
    name: Text


class GoalAnswer(BaseModel):
    """The promise of a version: a value (and upper end of a range), or a `change` against the baseline."""

    comparator: model.Comparator
    value: Number | None
    upper: Number | None
    change: Number | None


class PathAnswer(BaseModel):
    """The expected path of a version; of waypoints each day with its value."""

    shape: model.PlanShape
    waypoints: list[tuple[date, Number]]


Version: Any = create_model(
    "TargetVersion", __config__=FROM_VALUES, **_without(TargetVersion, goal=GoalAnswer, plan=PathAnswer)
)
Change: Any = create_model(
    "StatusChange", __config__=FROM_VALUES, **_without(model.StatusChange, "verdict", "text", sentence=Text)
)
Verdict: Any = create_model(
    "TargetVerdict",
    __config__=FROM_VALUES,
    **_without(
        *(model.Verdict, "day", "goal_change"),
        **dict.fromkeys(exported.WORDS, Text),
        as_of=date,
        unit=str,
        title=Text,
        short=Text,
        programme=str,
        owner=Named,
        notes=list[Text],
    ),
)
Reading: Any = create_model("Reading", __config__=FROM_VALUES, **_without(model.Reading, unit=str))
KnownReading: Any = create_model("KnownReading", __base__=Reading, state=(str, ...), known_on=(date | None, ...))
Targets: Any = create_model(
    "Targets", __base__=(PageAnswer, MomentAnswer), targets=(list[Verdict], ...), failed=(list[str], ...)
)
TargetAnswer: Any = create_model(
    "Target",
    __base__=Verdict,
    taken_at=(datetime, ...),
    simulated=(bool, ...),
    versions=(list[Version], ...),
    history=(list[Change], ...),
)


class IndicatorAnswer(BaseModel):
    """What is measured, with its latest figure and how many of its readings wait for a person."""

    model_config = FROM_VALUES

    id: str
    title: Text
    measure: model.Measure
    unit: str
    unit_label: Text
    scope: Text
    note: Text
    authority: str
    release: Release
    derivation: Derivation | None
    lowest: Number | None
    highest: Number | None
    figure: Figure | None
    held: int


class IndicatorAlone(MomentAnswer, IndicatorAnswer):
    """An indicator as of a moment, with the targets set on it."""

    targets: list[str]


class Indicators(PageAnswer, MomentAnswer):
    """The indicators."""

    indicators: list[IndicatorAnswer]


class KnownReadings(PageAnswer, MomentAnswer):
    """The figures of an indicator known by a moment, the latest period first."""

    indicator: str
    unit: str
    readings: list[KnownReading]


class Readings(PageAnswer):
    """Readings as stored, the first stored first."""

    readings: list[Reading]


class RunAnswer(BaseModel):
    """One run of a source, and what it brought."""

    model_config = FROM_VALUES

    id: int | None
    started_at: datetime
    finished_at: datetime
    outcome: str
    new: int
    known: int
    revised: int
    held: int


class SourceAnswer(BaseModel):
    """A channel by which readings come; its options are not told."""

    id: str
    kind: str
    schedule: str
    enabled: bool
    next_run: datetime | None
    last_success: datetime | None
    last_run: RunAnswer | None


class Sources(PageAnswer):
    """The sources."""

    sources: list[SourceAnswer]


class HeldAnswer(BaseModel):
    """A reading kept out: why, and what was decided by whom."""

    model_config = FROM_VALUES

    id: int
    reading: Reading
    reason: SaidProblem
    status: str
    decided_at: datetime | None
    decided_by: str
    note: str
    stored_as: int | None


class HeldReadings(PageAnswer):
    """Readings that were held, the first held first."""

    held: list[HeldAnswer]


Entry: Any = shape(AuditEntry)


class Audit(PageAnswer):
    """Entries of the audit trail, the newest first."""

    audit: list[Entry]


def problem_answers(**said: str) -> dict[int | str, dict[str, Any]]:
    """Return what a route may answer instead, each as problem JSON."""
    schema = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    content = {"application/problem+json": {"schema": {name: said for name, said in schema.items() if name != "$defs"}}}
    return {code.removeprefix("_"): {"description": text, "content": content} for code, text in said.items()}


PROBLEM = problem_answers(
    _400="A date that is none, or lies in the future",
    _422="A parameter that cannot be read",
    _503="The first snapshot is still being taken, or the database does not answer",
)
MISSING = problem_answers(_404="Nothing of that name, or not announced by then")
UNKNOWN = problem_answers(_401="No token, or a wrong one, where this service asks for one to read")


def verdict_of(snapshot: Snapshot, target: Target, indicator: Indicator) -> dict[str, Any]:
    """Return a verdict with what a reader needs to name it."""
    said = snapshot.verdicts[target.id]
    values = {field.name: getattr(said, field.name) for field in fields(said)} | exported.words(said, indicator)
    values["notes"] = [{name: verdict.note(one, translator(name)) for name in LANGUAGES} for one in said.notes]
    values |= {"title": target.title, "short": target.short, "programme": target.programme, "unit": indicator.unit}
    owner = {"id": target.owner.id, "name": target.owner.name}
    return values | {"owner": owner, "as_of": snapshot.as_of.day}


def version_of(version: TargetVersion) -> dict[str, Any]:
    """Return a version with its goal and plan in the shape that version 1 of the API has had from the start."""
    goal, plan = version.goal, version.plan
    said = {"comparator": goal.comparator, "value": goal.value, "upper": goal.upper, "change": goal.relative}
    path = {"shape": plan.shape, "waypoints": [(point.on, point.value) for point in plan.waypoints]}
    return {field.name: getattr(version, field.name) for field in fields(version)} | {"goal": said, "plan": path}


def reading_of(reading: model.Reading, indicators: Mapping[str, Indicator]) -> dict[str, Any]:
    """Return a reading with its unit: what its source said it counts in, or that of its indicator."""
    said = indicators.get(reading.indicator)
    unit = reading.unit or (said.unit if said is not None else "")
    return {field.name: getattr(reading, field.name) for field in fields(reading)} | {"unit": unit}


def moment_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return the moment that an answer is as of."""
    said = {"as_of": snapshot.as_of.day, "clock": snapshot.as_of.clock, "taken_at": snapshot.taken_at}
    return {**said, "simulated": snapshot.simulated}


def part(found: Iterable[Row], limit: int) -> tuple[list[Row], bool]:
    """Return as many as were asked for of one more than that, and whether there was more."""
    rows = list(found)
    return rows[:limit], len(rows) > limit


def follows(request: Request, cursor: object) -> str:
    """Return the address that asks the same of what comes after `cursor`."""
    return render.root(request) + request.url.path + f"?{request.url.include_query_params(cursor=cursor).query}"


def answer(
    request: Request, kind: type[BaseModel], values: Mapping[str, Any], *, status: int = 200, after: object = None
) -> Response:
    """Return values in their shape; `after` is where the rest follows. Whoever has the same already is told so."""
    if after is not None:
        values = {**values, "next": follows(request, after)}
    body = kind.model_validate(values).model_dump_json().encode()
    headers = {"etag": f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"', "vary": "Accept-Language"}
    if after is not None:
        headers["link"] = f'<{values["next"]}>; rel="next"'
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if request.method == "GET" and headers["etag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "application/json")
