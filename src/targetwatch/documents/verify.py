"""A document, its description and the readings expected of it: what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from targetwatch.documents.decode import Decode, decode
from targetwatch.documents.description import Pick
from targetwatch.documents.pick import pick
from targetwatch.errors import DocumentError
from targetwatch.model import Basis, Reading
from targetwatch.model.problem import Problem, Value
from targetwatch.quantity import format_period, parse_period, parse_unit

_CLOSED = ConfigDict(extra="forbid", hide_input_in_errors=True, coerce_numbers_to_str=True)
Exact = Annotated[Decimal, BeforeValidator(str)]


class ExpectedReading(BaseModel):
    """One reading that a document must give; what is left out may be anything."""

    model_config = _CLOSED
    indicator: str
    period: str = Field(description="as in a file of readings: 2025-01, 2025-Q1, 2025-01..2025-06")
    value: Exact
    unit: str = ""
    basis: Basis = Basis.PERIOD
    growth: Exact | None = Field(default=None, description="in per cent")
    published: str = ""


class Expected(BaseModel):
    """What must come of a document: these readings and no others, or nothing for one of these reasons."""

    model_config = _CLOSED
    readings: list[ExpectedReading] = []
    refused: list[str] = Field(default=[], description="codes, one of which must be among the reasons for refusing it")
    complete: Literal[True, False] = Field(default=True, description="false: there may be other readings as well")


class Described(BaseModel):
    """How a document is described: what it is, and where the readings stand in it."""

    model_config = _CLOSED
    decode: Decode = Field(description="what the document is")
    pick: Pick = Field(description="where the readings stand in it")


@dataclass(frozen=True, slots=True)
class DocumentCase:
    """A document as bytes, the name of its file, how it is described, and what is expected."""

    name: str
    data: bytes
    description: Described
    expected: Expected


def verify(case: DocumentCase, *, now: datetime) -> tuple[Problem, ...]:
    """Return what differs between what a document gives and what it should give."""
    how, kind = case.description.pick, case.description.decode
    try:
        found = pick(decode(case.data, kind, name=case.name), how, source="verify", now=now, name=case.name)
        refused, readings = (*found.drift, *found.problems), found.readings if not found.drift else ()
    except DocumentError as error:
        refused, readings = error.problems, ()
    if case.expected.refused:
        as_expected = any(one.code in case.expected.refused for one in refused)
        return () if as_expected else (Problem("not_refused", {"expected": case.expected.refused}), *refused)
    mine = {(one.indicator, one.period, one.basis): one for one in readings}
    wrong = [*refused]
    for one in case.expected.readings:
        reading = mine.pop((one.indicator, parse_period(one.period), one.basis), None)
        said = {"indicator": one.indicator, "period": one.period, "expected": f"{one.value} {one.unit}".strip()}
        if reading is None:
            wrong.append(Problem("reading_missing", said))
        elif not _agrees(one, reading):
            wrong.append(Problem("reading_differs", {**said, "found": f"{reading.value} {reading.unit}"}))
    if case.expected.complete:
        for reading in mine.values():
            period = format_period(reading.period)
            values: dict[str, Value] = {"indicator": reading.indicator, "period": period, "found": reading.value}
            wrong.append(Problem("reading_unexpected", values))
    return tuple(wrong)


def _agrees(one: ExpectedReading, reading: Reading) -> bool:
    unit = not one.unit or parse_unit(one.unit) == parse_unit(reading.unit or "")
    growth = one.growth is None or (reading.yoy is not None and reading.yoy * 100 == one.growth)
    return unit and growth and reading.value == one.value and one.published in {"", str(reading.published_on)}
